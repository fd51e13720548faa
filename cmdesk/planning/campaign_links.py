"""Links that tell where a visit came from (UTM parameters), built and taken off."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote_plus, urlsplit, urlunsplit

from cmdesk.errors import Invalid

FIELDS = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")


@dataclass(frozen=True, slots=True)
class Utm:
    """What a link says of itself; empty fields are left out. `source` may hold {network}."""

    source: str = "{network}"
    medium: str = "social"
    campaign: str = ""
    content: str = ""
    term: str = ""

    def values(self, network: str) -> tuple[str, ...]:
        """Return the values in the order of FIELDS, written as campaigns are: lower case, blanks as hyphens."""
        given = (self.source.replace("{network}", network), self.medium, self.campaign, self.content, self.term)
        return tuple("-".join(each.casefold().split()) for each in given)


def tagged(url: str, utm: Utm, *, network: str) -> str:
    """Return a link with these parameters in place of those it had; the rest of it stays as it is.

    Raises Invalid (`link_form`) for what is no web address.
    """
    parts = _parts(url)
    kept = [pair for pair in parts.query.split("&") if pair and pair.partition("=")[0].lower() not in FIELDS]
    added = [f"{name}={quote_plus(value)}" for name, value in zip(FIELDS, utm.values(network), strict=True) if value]
    return urlunsplit(parts._replace(query="&".join((*kept, *added))))


def plain(url: str) -> str:
    """Return a link without UTM parameters."""
    parts = _parts(url)
    kept = [pair for pair in parts.query.split("&") if pair and pair.partition("=")[0].lower() not in FIELDS]
    return urlunsplit(parts._replace(query="&".join(kept)))


def utm_of(url: str) -> Utm | None:
    """Return what a link says of itself, None when it says nothing."""
    found = {name.lower(): value for name, value in parse_qsl(_parts(url).query)}
    if not any(name in found for name in FIELDS):
        return None
    return Utm(*(found.get(name, "") for name in FIELDS))


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Invalid("this is not a web address", code="link_form", detail=url[:200])
    return parts

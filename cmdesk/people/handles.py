"""Handles, e-mail addresses, telephone numbers and web pages as people write them, and as they are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from cmdesk.errors import Invalid
from cmdesk.safe_text import clean_line

EMAIL, PHONE, WEB = "email", "phone", "web"
NETWORKS = (
    "mastodon", "bluesky", "instagram", "facebook", "x", "tiktok", "youtube", "linkedin", "threads", "telegram",
    "whatsapp", "pinterest", WEB, EMAIL, PHONE,
)  # fmt: skip
"""Where a person can have a profile that is written down by hand."""

BY_HAND = "handle:"
"""Before the handle: the remote id of a profile nobody has heard from yet; the first who writes under it takes it."""

MAX_HANDLE = 300
_EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,250}[A-Za-z0-9])?\.[A-Za-z]{2,24}"
)
_PHONE = re.compile(r"(?<![\w+])(?:\+|00)?\d[\d ().\-]{6,18}\d(?!\w)")
_URL = re.compile(r"https?://[^\s<>\"'()\[\]]{4,400}", re.IGNORECASE)
_DIGITS = (8, 15)  # of a telephone number


def clean_handle(network: str, text: str) -> str:
    """Return a handle as it is kept: no @ in front, e-mail in small letters, telephone as + and digits.

    Raises Invalid (`handle_invalid`, detail: what was written) for what cannot be one.
    """
    plain = clean_line(text, limit=MAX_HANDLE + 1).strip()
    if network == EMAIL:
        found = plain.removeprefix("mailto:").casefold()
        good = bool(_EMAIL.fullmatch(found))
    elif network == PHONE:
        found = phone(plain)
        good = bool(found)
    else:
        found = _from_address(network, plain)
        good = bool(found) and len(found) <= MAX_HANDLE and not any(each.isspace() for each in found)
    if not good or not network.isascii() or not network.islower():
        raise Invalid(f"{plain[:60]!r} is no profile on {network}", code="handle_invalid", detail=plain[:60])
    return found


def phone(text: str) -> str:
    """Return a telephone number as digits, with + where the country is told; '' for what is none."""
    bare = re.sub(r"[\s().\-/]", "", text.removeprefix("tel:"))
    bare = f"+{bare[2:]}" if bare.startswith("00") else bare
    digits = bare.removeprefix("+")
    if not digits.isascii() or not digits.isdigit() or not _DIGITS[0] <= len(digits) <= _DIGITS[1]:
        return ""
    return bare


def same_phone(number: str) -> str:
    """Return the part of a number that is compared: its last nine digits, whatever the country is written like."""
    return number.removeprefix("+")[-9:]


def emails_in(text: str) -> Iterator[str]:
    """Yield the e-mail addresses in a text, in small letters."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            # user@server is a Mastodon handle where a sign stands before it
            if match.start() == 0 or text[match.start() - 1] != "@":
                yield match[0].casefold()


def phones_in(text: str) -> Iterator[str]:
    """Yield the telephone numbers in a text, as `same_phone` compares them."""
    for match in _PHONE.finditer(text):
        found = phone(match[0])
        if len(found.removeprefix("+")) >= 9:
            yield same_phone(found)


def pages_in(text: str) -> Iterator[str]:
    """Yield the web addresses in a text as `same_page` compares them."""
    if "://" in text:
        for match in _URL.finditer(text):
            found = same_page(match[0])
            if found:
                yield found


def same_page(url: str) -> str:
    """Return a web address as it is compared: no scheme, no www, no query, no slash at the end; '' for none."""
    try:
        parts = urlsplit(url.strip().rstrip(".,;:!?"))
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return f"{host}{parts.path.rstrip('/')}".casefold() if "." in host else ""


def own_name(network: str, handle: str) -> str:
    """Return the part of a handle that people choose, in small letters: ana of ana@plaza.example, ana.bsky.social."""
    plain = handle.lstrip("@").casefold()
    if network in (EMAIL, PHONE):
        return ""
    if network == "bluesky":
        return plain.removesuffix(".bsky.social")
    return plain.partition("@")[0]


def _from_address(network: str, plain: str) -> str:
    """Return the handle in a profile's address, or what was written without its @."""
    if "://" not in plain or network == WEB:
        return plain.lstrip("@") if network != WEB else plain
    try:
        parts = urlsplit(plain)
    except ValueError:
        return ""
    steps = [each for each in parts.path.split("/") if each]
    host = (parts.hostname or "").removeprefix("www.")
    if network == "mastodon" and steps:
        name = steps[-1] if steps[0] == "users" else steps[0]
        return f"{name.lstrip('@')}@{host}"
    return steps[-1].lstrip("@") if steps else ""

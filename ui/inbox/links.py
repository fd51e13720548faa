"""Links in plain text: found, shown with their real host, opened through one door (RELIABILITY 21)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from cmdesk.i18n import _
from ui import notices
from ui.widgets.links import open_web

_MAIL = re.compile(r"mailto:[^\s<>\"]{3,200}", re.IGNORECASE)
_ALLOWED = ("http", "https", "mailto")
_BLANKS = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def find(text: str) -> list[tuple[int, int, str]]:
    """Links of a text as (start, end, address)."""
    if ":" not in text:
        return []
    from cmdesk.text import links

    found = links(text)
    found += [(match.start(), match.end(), match[0]) for match in _MAIL.finditer(text)]
    return sorted(found)


def real_host(address: str) -> str:
    """The host an address leads to, as it really is (punycode when it is not plain ASCII); '' when not usable."""
    if not is_safe(address):
        return ""
    parts = urlsplit(address)
    if parts.scheme.lower() == "mailto":
        return parts.path.rpartition("@")[2].partition("?")[0].lower()
    try:
        host = parts.hostname or ""
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except (UnicodeError, ValueError):
        return ""


def is_safe(address: str) -> bool:
    """Whether an address may be opened at all: http, https or mailto, without blanks and controls, with a host."""
    if not address or len(address) > 2000 or _BLANKS.search(address):
        return False
    try:
        parts = urlsplit(address)
        scheme = parts.scheme.lower()
        if scheme not in _ALLOWED:
            return False
        return bool(parts.path) if scheme == "mailto" else bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def doubtful(address: str, label: str = "") -> bool:
    """Whether the person should see the real host before going there: look-alike scripts, userinfo, another label."""
    if not is_safe(address):
        return True
    parts = urlsplit(address)
    if parts.scheme.lower() == "mailto":
        return False
    host = parts.hostname or ""
    if "@" in parts.netloc or "xn--" in host or not host.isascii() or _mixed(host):
        return True
    claimed = _host_in(label)
    return bool(claimed) and claimed != host and not host.endswith(f".{claimed}")


async def open_link(address: str, *, label: str = "") -> bool:
    """Open an address in the browser; asks first when it is doubtful. Says so when it may not be opened."""
    if not is_safe(address):
        notices.tell(_("This address is not opened: only web and mail addresses are."), tone="warning")
        return False
    if doubtful(address, label):
        host = real_host(address) or address
        sure = await notices.confirm(
            _("Open {host}?").format(host=host),
            _("The address looks like another one than it is. It really leads to {host}.").format(host=host),
            yes=_("Open {host}").format(host=host),
            icon="shield-alert",
        )
        if not sure:
            return False
    return open_web(address)


def _host_in(label: str) -> str:
    """The host that a label claims to be, '' when it claims none."""
    word = label.strip().split(" ")[0].lower() if label.strip() else ""
    if "://" in word:
        word = word.partition("://")[2]
    word = word.partition("/")[0].removeprefix("www.")
    return word if re.fullmatch(r"[\w-]+(\.[\w-]+)+", word) else ""


def _mixed(host: str) -> bool:
    scripts = {unicodedata.name(char, "").partition(" ")[0] for char in host if char.isalpha()}
    return len(scripts) > 1

"""Which addresses the desk may talk to: public https servers, and this machine itself when a person says so."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from cmdesk.errors import Invalid, Offline

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NOT_PUBLIC = (
    ipaddress.ip_network("64:ff9b:1::/48"),  # local NAT64
    ipaddress.ip_network("2002::/16"),  # 6to4 can carry any IPv4 address
    ipaddress.ip_network("2001::/32"),  # so can Teredo
    ipaddress.ip_network("fec0::/10"),
)
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def is_public(address: Address) -> bool:
    """Say whether `address` is one of the open internet, also when wrapped in an IPv6 form."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if int(address) >> 32 == 0 or any(address in network for network in _NOT_PUBLIC):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def allowed_peer(peer: str, *, loopback: bool) -> bool:
    """Say whether a connection may go to the numeric address `peer`; `loopback` when the server is this machine."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback if loopback else is_public(address)


def is_loopback_origin(origin: str) -> bool:
    """Say whether a server address names this machine literally."""
    host = (urlsplit(origin).hostname or "").lower()
    if host in _LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback and ":" not in host
    except ValueError:
        return False


def origin_of(url: str) -> str:
    """Return scheme://host[:port] of `url` in one spelling, default ports dropped; '' when it has none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    shown = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{shown}" + (f":{port}" if port and port != default else "")


def parse_server_url(text: str) -> str:
    """Return the origin of a server address a person typed; `Invalid` says what is wrong with it.

    A bare name means https. Plain http is for loopback addresses only. User names, odd
    spellings of numeric addresses and private addresses are refused (RELIABILITY 12).
    """
    typed = text.strip()
    if not typed or len(typed) > 2000:
        raise Invalid("no server address", code="server_empty", detail="server")
    if any(c.isspace() or ord(c) < 33 or c in "\\\u3000\u200b" for c in typed):
        raise Invalid("blanks or backslashes in the server address", code="server_form", detail="server")
    if "://" not in typed:
        bare = typed.rpartition("@")[2] if typed.startswith("@") else typed  # @ana@plaza.example names its server
        typed = f"https://{bare}"
    try:
        parts = urlsplit(typed)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Invalid("not a server address", code="server_form", detail="server") from error
    if parts.scheme not in ("https", "http"):
        raise Invalid("a server address begins with https://", code="server_scheme", detail=parts.scheme[:20])
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise Invalid("a server address holds no user name", code="server_userinfo", detail="server")
    if port == 0:
        raise Invalid("not a port", code="server_form", detail="server")
    host = _plain_host(host)
    shown = f"[{host}]" if ":" in host else host
    origin = origin_of(f"{parts.scheme}://{shown}" + (f":{port}" if port else ""))
    if is_loopback_origin(origin):
        return origin
    if parts.scheme != "https":
        raise Invalid("only https, except on this machine", code="server_scheme", detail=host)
    return origin


def _plain_host(host: str) -> str:
    host = host.rstrip(".").lower()
    if not host:
        raise Invalid("no server name", code="server_empty", detail="server")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        if not (is_public(address) or is_loopback_origin(f"http://{f'[{host}]' if ':' in host else host}")):
            raise Invalid("a private address", code="private_address", detail=host)
        return str(address)
    last = host.rpartition(".")[2]
    if last.isdigit() or last.startswith("0x") or (host.startswith("0x") and "." not in host):
        # 2130706433, 0x7f.1, 127.1, 0177.0.0.1: systems read these as addresses, people do not.
        raise Invalid("not a plain address", code="server_form", detail=host)
    if not host.isascii():
        import idna

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise Invalid("not a server name", code="server_form", detail=host[:100]) from error
        if "." not in host or host.rpartition(".")[2].isdigit():
            raise Invalid("not a server name", code="server_form", detail=host[:100])
    labels = host.split(".")
    well_formed = all(
        0 < len(part) <= 63 and part[0] != "-" and part[-1] != "-" and all(c.isalnum() or c in "-_" for c in part)
        for part in labels
    )
    if not well_formed or len(host) > 253 or (len(labels) < 2 and host != "localhost"):
        raise Invalid("not a server name", code="server_form", detail=host[:100])
    if host != "localhost" and labels[-1] in ("localhost", "local", "internal", "localdomain", "onion"):
        raise Invalid("a name of a private network", code="private_address", detail=host)
    return host


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the numeric addresses of `host`; `Offline` when the name cannot be found."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Offline("the name cannot be found", code="dns", detail=host) from error
    return [str(entry[4][0]) for entry in found]


def check_server_url(text: str, *, resolver: Resolver = resolve) -> str:
    """Return the origin of a typed server address after looking its name up.

    Raises `Invalid` (code says why: server_form, server_scheme, server_userinfo,
    private_address...) or `Offline`. The peer is checked again at every connection,
    so a name that changes its address afterwards gains nothing.
    """
    origin = parse_server_url(text)
    if is_loopback_origin(origin):
        return origin
    parts = urlsplit(origin)
    host = parts.hostname or ""
    addresses = resolver(host, parts.port or 443)
    if not addresses or not all(allowed_peer(address, loopback=False) for address in addresses):
        raise Invalid("the name leads into a private network", code="private_address", detail=host)
    return origin

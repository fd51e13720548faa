"""Server addresses that people type, and those that others would like us to open (RELIABILITY 12)."""

from __future__ import annotations

import ipaddress

import pytest

from cmdesk.errors import Invalid, Offline
from cmdesk.networks import addresses

TAKEN = {
    "plaza.example": "https://plaza.example",
    "  Plaza.Example  ": "https://plaza.example",
    "https://plaza.example": "https://plaza.example",
    "HTTPS://PLAZA.EXAMPLE/": "https://plaza.example",
    "https://plaza.example:443/about?x=1#y": "https://plaza.example",
    "https://plaza.example:8443": "https://plaza.example:8443",
    "https://plaza.example.": "https://plaza.example",
    "@ana@plaza.example": "https://plaza.example",
    "https://plaza.example/@ana": "https://plaza.example",
    "münchen.example": "https://xn--mnchen-3ya.example",
    "https://93.184.216.34": "https://93.184.216.34",
    "http://localhost:3000": "http://localhost:3000",
    "http://127.0.0.1": "http://127.0.0.1",
    "http://127.0.0.1:8081/": "http://127.0.0.1:8081",
    "http://127.4.5.6:81": "http://127.4.5.6:81",
    "http://[::1]:3000": "http://[::1]:3000",
    "localhost": "https://localhost",
}
REFUSED = {
    "": "server_empty",
    "   ": "server_empty",
    "https://": "server_empty",
    "http://plaza.example": "server_scheme",
    "ftp://plaza.example": "server_scheme",
    "file:///etc/passwd": "server_scheme",
    "javascript://plaza.example": "server_scheme",
    "gopher://127.0.0.1": "server_scheme",
    "https://ana@plaza.example": "server_userinfo",
    "https://ana:secret@plaza.example": "server_userinfo",
    "https://@plaza.example": "server_userinfo",
    "https://plaza.example@127.0.0.1": "server_userinfo",
    "https://10.0.0.1": "private_address",
    "https://10.255.255.255": "private_address",
    "https://172.16.0.1": "private_address",
    "https://192.168.1.1": "private_address",
    "http://192.168.1.1": "private_address",
    "https://169.254.169.254": "private_address",
    "https://169.254.169.254/latest/meta-data": "private_address",
    "https://100.64.0.1": "private_address",
    "https://0.0.0.0": "private_address",
    "https://255.255.255.255": "private_address",
    "https://224.0.0.1": "private_address",
    "https://198.18.0.1": "private_address",
    "https://[::]": "private_address",
    "https://[fe80::1]": "private_address",
    "https://[fc00::1]": "private_address",
    "https://[fd12:3456::1]": "private_address",
    "https://[::ffff:127.0.0.1]": "private_address",
    "https://[::ffff:10.0.0.1]": "private_address",
    "https://[::ffff:a9fe:a9fe]": "private_address",
    "https://[64:ff9b::10.0.0.1]": "private_address",
    "https://[2002:0a00:0001::]": "private_address",
    "https://[2001:0:1::1]": "private_address",
    "https://[ff02::1]": "private_address",
    "https://2130706433": "server_form",
    "http://2130706433": "server_form",
    "https://0x7f000001": "server_form",
    "https://0x7f.0.0.1": "server_form",
    "https://0177.0.0.1": "server_form",
    "https://127.1": "server_form",
    "https://127.0.1": "server_form",
    "https://1.2.3.4.5": "server_form",
    "https://１２７.0.0.1": "server_form",
    "https://127。0。0。1": "server_form",
    "https://ⓛocalhost": "server_form",
    "https://plaza": "server_form",
    "https://-plaza.example": "server_form",
    "https://plaza..example": "server_form",
    "https://pla za.example": "server_form",
    "https://plaza.example\\@evil.example": "server_form",
    "https://plaza\n.example": "server_form",
    "https://plaza.example:99999": "server_form",
    "https://plaza.example:0": "server_form",
    "https://plaza.example:x": "server_form",
    "https://[::1": "server_form",
    "https://" + "a" * 64 + ".example": "server_form",
    "https://" + "a." * 130 + "example": "server_form",
    "https://intranet.local": "private_address",
    "https://router.internal": "private_address",
    "https://www.localhost": "private_address",
    "x" * 3000: "server_empty",
}


@pytest.mark.parametrize(("typed", "origin"), TAKEN.items())
def test_addresses_that_are_taken(typed: str, origin: str) -> None:
    assert addresses.parse_server_url(typed) == origin


@pytest.mark.parametrize(("typed", "code"), REFUSED.items(), ids=[repr(t)[:40] for t in REFUSED])
def test_addresses_that_are_refused(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        addresses.check_server_url(typed, resolver=lambda *_: ["93.184.216.34"])
    assert refused.value.code == code


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::1"], ["fe80::1%eth0"], [], ["junk"]]
)
def test_a_name_that_leads_inside_is_refused(found: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        addresses.check_server_url("https://plaza.example", resolver=lambda *_: found)
    assert refused.value.code == "private_address"


def test_a_public_name_is_taken_and_an_unknown_one_means_offline() -> None:
    public = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"]
    assert addresses.check_server_url("plaza.example", resolver=lambda *_: public) == "https://plaza.example"
    with pytest.raises(Offline) as unknown:
        addresses.check_server_url("plaza.example")  # no name service in tests
    assert unknown.value.code == "dns"


def test_the_peer_is_judged_by_what_the_server_is() -> None:
    assert addresses.allowed_peer("127.0.0.1", loopback=True)
    assert not addresses.allowed_peer("127.0.0.1", loopback=False)
    assert not addresses.allowed_peer("93.184.216.34", loopback=True)  # localhost that is somebody else
    assert addresses.allowed_peer("93.184.216.34", loopback=False)
    assert not addresses.allowed_peer("junk", loopback=False)


def test_public_is_public() -> None:
    assert addresses.is_public(ipaddress.ip_address("8.8.8.8"))
    assert addresses.is_public(ipaddress.ip_address("64:ff9b::8.8.8.8"))
    assert not addresses.is_public(ipaddress.ip_address("::7f00:1"))


@pytest.mark.parametrize("url", ["", "plaza.example", "file:///x", "https://", "https://[::1", "https://a:x"])
def test_no_origin(url: str) -> None:
    assert addresses.origin_of(url) == ""

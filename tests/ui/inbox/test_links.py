"""Addresses in strangers' texts: which are opened, which are asked about, which never (RELIABILITY 21)."""

from __future__ import annotations

import pytest

from ui.inbox import links

NEVER = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "javascript://a.example/%0aalert(1)",
    "vbscript:x",
    "data:text/html,<script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "file:///etc/passwd",
    "file://host/share",
    "FILE:///C:/Windows/win.ini",
    "\\\\host\\share",
    "//host/share",
    "/etc/passwd",
    "C:\\Windows\\win.ini",
    "ms-msdt:/id PCWDiagnostic",
    "ms-officecmd:{}",
    "search-ms:query=x",
    "smb://host/share",
    "ssh://host",
    "tel:+34900",
    "sms:+34900",
    "intent://x#Intent;end",
    "chrome://settings",
    "about:blank",
    "view-source:https://a.example",
    "blob:https://a.example/1",
    "ftp://a.example",
    "gopher://a",
    "ldap://a",
    "jar:https://a.example!/x",
    "qrc:/x",
    "app://x",
    "steam://run/1",
    "cmdesk://publish?now=1",
    "x:y",
    ":",
    "",
    " ",
    "https://",
    "https:///a",
    "http:///x",
    "https:a.example",
    "https://a b.example",
    "https://a.example/\u202egnp.exe",
    "https://a.example/\u200b",
    "https://\u2066a.example",
    "https://a.example\n.evil.example",
    "https://a.example\r\nHost: x",
    "https://a.example\x00.evil",
    "https://a.example\t",
    "\u00a0https://a.example",
    "\ufeffhttps://a.example",
    "https://a.example:0/",
    "https://a.example:99999/",
    "https://a.example:x/",
    "https://[::1",
    "https://" + "a" * 2100,
    "mailto:",
]

ASKED = [
    ("https://bank.example@evil.example/", "", "evil.example"),
    ("https://bank.example:443@evil.example/", "", "evil.example"),
    ("https://bank.example%2f@evil.example/", "", "evil.example"),
    ("https://user:secret@a.example/", "", "a.example"),
    ("https://evil.example/", "bank.example", "evil.example"),
    ("https://evil.example/", "https://bank.example/login", "evil.example"),
    ("https://evil.example/", "www.bank.example", "evil.example"),
    ("https://evil.example/", "HTTPS://BANK.EXAMPLE/", "evil.example"),
    ("https://bank.example.evil.example/", "bank.example", "bank.example.evil.example"),
    ("https://notbank.example/", "bank.example", "notbank.example"),
    ("https://аpple.example/", "", "xn--pple-43d.example"),
    ("https://xn--pple-43d.example/", "", "xn--pple-43d.example"),
    ("https://раураl.example/", "", "xn--l-7sba6dbr.example"),
    ("https://münchen.example/", "", "xn--mnchen-3ya.example"),
    ("https://ＢＡＮＫ.example/", "", "bank.example"),
]

PLAIN = [
    ("https://panaderia.example/x", "", "panaderia.example"),
    ("http://panaderia.example:8080/x?y=1#z", "", "panaderia.example"),
    ("HTTPS://Panaderia.Example/x", "panaderia.example", "panaderia.example"),
    ("https://www.panaderia.example/x", "panaderia.example", "www.panaderia.example"),
    ("https://panaderia.example/bank.example", "panaderia.example/bank.example", "panaderia.example"),
    ("https://panaderia.example/", "nuestra web", "panaderia.example"),
    ("https://192.0.2.7/", "", "192.0.2.7"),
    ("mailto:ana@x.example", "", "x.example"),
]


@pytest.mark.parametrize("address", NEVER)
def test_never_opened(address: str) -> None:
    assert not links.is_safe(address)
    assert links.real_host(address) == ""
    assert links.doubtful(address)


@pytest.mark.parametrize(("address", "label", "host"), ASKED)
def test_asked_about_with_the_real_host(address: str, label: str, host: str) -> None:
    assert links.doubtful(address, label)
    assert links.real_host(address) == host


@pytest.mark.parametrize(("address", "label", "host"), PLAIN)
def test_opened_without_a_question(address: str, label: str, host: str) -> None:
    assert links.is_safe(address) and not links.doubtful(address, label)
    assert links.real_host(address) == host


def test_there_are_eighty_cases() -> None:
    assert len(NEVER) + len(ASKED) + len(PLAIN) >= 80

"""What a link leads to: titles and pictures of pages, and which answers make a link a broken one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from cmdesk.errors import Offline
from cmdesk.networks.web_page import WebPage, _read, look
from tests.networks.wire_server import answer, raw_server

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>Panes &amp; bollos</title>
<meta property="og:title" content="La Panadería del Carmen"><meta name="description" content="Pan  de
 verdad"><meta property="og:image" content="/fotos/hogaza.jpg"></head><body><title>other</title></body></html>"""


def seen(plan: bytes) -> WebPage:
    with raw_server(plan) as server:
        return look(f"{server.url}/carta?a=1", account_server=server.url)


def test_a_page_tells_its_title_description_and_picture() -> None:
    with raw_server(answer(PAGE.encode(), kind="text/html; charset=utf-8")) as server:
        page = look(f"{server.url}/carta?a=1#abajo", account_server=server.url)
    assert (page.status, page.code, page.title) == (200, "", "La Panadería del Carmen")
    assert page.description == "Pan de verdad"
    assert page.image_url == f"{server.url}/fotos/hogaza.jpg"
    assert server.requests[0].startswith(b"GET /carta?a=1 HTTP/1.1\r\n")
    assert b"cookie" not in server.requests[0].lower()
    assert b"referer" not in server.requests[0].lower()
    assert b"authorization" not in server.requests[0].lower()


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("404 Not Found", "gone"),
        ("410 Gone", "gone"),
        ("403 Forbidden", "unknown"),
        ("429 Too Many Requests", "unknown"),
        ("999 No", "unknown"),
        ("400 Bad Request", "gone"),
        ("500 Oops", "server"),
        ("503 Later", "server"),
    ],
)
@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_only_an_answer_that_disappoints_people_makes_a_link_broken(status: str, code: str, kind: str) -> None:
    body = b"<html><body>no</body></html>" if kind == "text/html" else b"{}"
    assert seen(answer(body, status=status, kind=kind)).code == code


def test_redirects_are_followed_to_the_end_and_no_further_than_five() -> None:
    with raw_server(answer(PAGE.encode(), kind="text/html")) as last:
        moved = answer(b"", status="301 Moved", more=f"Location: {last.url}/nueva\r\n")
        with raw_server(moved) as first:
            page = look(f"{first.url}/vieja", account_server=first.url)
        assert (page.final_url, page.title) == (f"{last.url}/nueva", "La Panadería del Carmen")
    assert seen(answer(b"", status="302 Found", more="Location: /carta\r\n")).code == "redirect"


def test_a_closed_door_is_told_and_private_addresses_are_never_asked() -> None:
    with raw_server(answer(b"x")) as server:
        url = server.url
    assert look(f"{url}/x", account_server=url).code == "server"
    with raw_server(answer(PAGE.encode(), kind="text/html")) as server:
        assert look(f"{server.url}/x").code == "unknown"
        assert server.requests == []
    for other in (
        "http://panaderia.example/",
        "ftp://panaderia.example/x",
        "https://127.0.0.1/",
        "javascript:alert(1)",
    ):
        assert look(other).code == "unknown"


def test_a_name_nobody_knows_is_told_as_such() -> None:
    assert look("https://no-such-host.invalid/x").code == "no_host"


def test_other_files_and_old_encodings_are_good_links() -> None:
    assert seen(answer(b"%PDF-1.7", kind="application/pdf")).code == ""
    latin = "<title>Panadería «Ñandú»</title>".encode("cp1252")
    assert seen(answer(latin, kind="text/html; charset=iso-8859-1")).title == "Panadería «Ñandú»"
    assert seen(answer(latin, kind="text/html")).title == "Panadería «Ñandú»"


@settings(max_examples=150, deadline=None)
@given(raw=st.binary(max_size=400), charset=st.sampled_from(["", "utf-8", "no-such", "utf-16", "idna"]))
def test_no_page_stops_it(raw: bytes, charset: str) -> None:
    page = _read("https://a.example/", "https://a.example/", 200, b"<title>" + raw, f"text/html; charset={charset}")
    assert len(page.title) <= 200
    assert "\n" not in page.title


def test_nothing_is_said_of_links_while_there_is_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    from cmdesk.networks import web_page

    def offline(*_args: object, **_more: object) -> None:
        raise Offline("no connection", code="offline")

    monkeypatch.setattr(web_page.Client, "call", offline)
    with pytest.raises(Offline):
        look("https://panaderia.example/")

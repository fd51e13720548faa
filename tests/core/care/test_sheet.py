"""The case sheet: complete, safe to open and to send, in the client's language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from cmdesk.care.protocol import INFO
from cmdesk.care.sheet import LONGEST_MAIL, Quote, Sheet, SheetFacts, make_sheet
from cmdesk.care.values import Case, CaseFile, CaseState, Compensation, Promise, Referral
from cmdesk.i18n import using

NOW = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
EVIL = "<script>alert(1)</script> & \"quotes\" 'x'\n\u202erelloc"


def facts(**changes: object) -> SheetFacts:
    case = Case(
        1, 1, 12, CaseState.CLIENT, NOW - timedelta(days=1), title="Cafetera rota", cause="Producto dañado",
        valid=True, info={"order": "A-17", "photo": ""}, solution="", private_at=NOW,
    )  # fmt: skip
    file = CaseFile(
        case, "Café Alba", "María", "maria@plaza.example", "mastodon",
        promises=(Promise(1, 1, "Te llamo hoy", NOW + timedelta(hours=2), NOW, case_id=1),),
        compensations=(Compensation(1, 1, 1, "voucher", "10 %", 1250, "EUR", NOW),),
        referrals=(Referral(1, 1, 1, "Marta", "¿Se cayó?\n¿Cuándo?", NOW, due_at=NOW + timedelta(days=1)),),
        earlier=(replace(case, id=2, number=3),),
    )  # fmt: skip
    quotes = (
        Quote("María", NOW - timedelta(days=1), "Llegó rota", "https://plaza.example/1",
              pictures=(("la caja abierta", "https://plaza.example/1.png"),)),
        Quote("María", NOW, "Mi teléfono es…", private=True),
    )  # fmt: skip
    given = {"file": file, "zone": "Europe/Madrid", "made_at": NOW, "quotes": quotes, "information": INFO}
    return SheetFacts(**(given | changes))  # type: ignore[arg-type]


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def seen(sheet: Sheet) -> _Seen:
    parser = _Seen()
    parser.feed(sheet.html)
    return parser


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_says_everything_the_client_needs(language: str) -> None:
    with using(language):
        sheet = make_sheet(facts())
    for page in (sheet.text, seen(sheet).text):
        for words in (
            "Café Alba", "12", "Cafetera rota", "María", "maria@plaza.example", "Llegó rota", "https://plaza.example/1",
            "Marta", "¿Cuándo?", "Producto dañado", "A-17", "Te llamo hoy", "10 %", "la caja abierta", "Europe/Madrid",
        ):  # fmt: skip
            assert words in page, words
        # Five past ten in Madrid: the zone of the brand, not of the machine.
        assert re.search(r"\b10:05\b", page)
    assert sheet.subject.startswith("Café Alba · ")
    assert sheet.sections[0].question


def test_what_a_network_said_is_plain_text() -> None:
    with using("en"):
        file = facts().file
        evil = replace(
            file, person=EVIL, handle=EVIL, brand=EVIL, case=replace(file.case, title=EVIL, cause=EVIL, solution=EVIL)
        )
        quotes = (Quote(EVIL, NOW, EVIL, "javascript:alert(1)"), Quote("x", NOW, "y", 'https://x/"onload="z'))
        sheet = make_sheet(facts(file=evil, quotes=quotes, links=("data:text/html,x",)))
    found = seen(sheet)
    assert "script" not in found.tags
    assert not {"img", "iframe", "object", "form"} & found.tags
    assert found.addresses == ['https://x/"onload="z']
    assert "\u202e" not in sheet.html + sheet.text
    assert "<script>alert(1)" in found.text
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'' in sheet.html


def test_a_question_being_written_is_on_it() -> None:
    with using("es"):
        draft = Referral(0, 1, 1, "Luis", "¿Queda stock?", NOW)
        words = make_sheet(facts(asked=draft)).text
        assert words.index("¿Queda stock?") < words.index("¿Se cayó?")
        changed = make_sheet(facts(asked=replace(draft, id=1))).text
        assert "¿Se cayó?" not in changed


def test_long_and_empty_cases_have_a_sheet() -> None:
    with using("en"):
        quotes = (Quote("A" * 5000, NOW, "x" * 100_000), Quote("🫠", NOW, ""), Quote("", NOW, "\n\n"))
        sheet = make_sheet(facts(quotes=quotes))
        assert len(sheet.text) < 6000
        assert "xxx…" in sheet.text
        empty = CaseFile(Case(1, 1, 1, CaseState.OPEN, NOW), "B", "", "", "")
        bare = make_sheet(SheetFacts(empty, "UTC", NOW))
        assert "Unknown" in bare.text
        assert bare.subject == "B · Case no. 1"


def test_the_mail_link_holds_the_text_and_is_never_too_long() -> None:
    with using("es"):
        sheet = make_sheet(facts())
        parts = urlsplit(sheet.mailto)
        assert parts.scheme == "mailto"
        asked = parse_qs(parts.query, keep_blank_values=True)
        assert asked["subject"] == [sheet.subject]
        long = make_sheet(facts(quotes=(Quote("María", NOW, "ñandú 🫠 " * 400),)))
        assert len(long.mailto) <= LONGEST_MAIL
        body = unquote(long.mailto.partition("&body=")[2], errors="strict")
        assert body.endswith("…")
        assert body.splitlines()[0] == "Café Alba"

"""The approval sheet as page, text and mail (rank 25): complete, safe, and what it shows is what was asked."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from PIL import Image

from cmdesk.clock import FixedClock
from cmdesk.commands import approval, planning
from cmdesk.model import Card, Part, Poll
from cmdesk.planning.approval_answer import read_answer
from cmdesk.planning.approving import State
from cmdesk.reports.approval_facts import Asking, draft_paper, sheet_paper
from cmdesk.reports.approval_html import page
from cmdesk.reports.approval_mail import draft_mail
from cmdesk.reports.approval_phrases import _TEXTS, LANGUAGES
from cmdesk.reports.approval_sheet import Paper
from cmdesk.store import media as media_store
from tests.helpers.desks import TestDesk, add_account, open_desk

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"' javascript:alert(3) &lt;b&gt; \u202eevil"


@pytest.fixture
def shop(profile: Path, clock: FixedClock) -> Iterator[TestDesk]:
    """A desk with one brand and one account."""
    made = open_desk(profile, clock)
    yield made
    made.desk.close_now()


def picture(shop: TestDesk, size: tuple[int, int] = (1600, 1000), color: str = "#aa5500") -> int:
    """A picture in the media folder."""
    from cmdesk.media import import_media

    file = shop.desk.media_folder.parent / f"{color[1:]}.png"
    Image.new("RGB", size, color).save(file)
    info = import_media(file, shop.desk.media_folder)
    return shop.desk.run_now(media_store.add_media, shop.brand_id, info).id


def write(shop: TestDesk, text: str = "Bread", **more: Any) -> int:
    """A post at Tuesday 10:00 in Madrid."""
    accounts, timed = more.pop("account_ids", [shop.account_id]), more.pop("timed", True)
    post_id = shop.desk.run_now(planning.save_post, brand_id=shop.brand_id, text=text, account_ids=accounts, **more)
    if timed:
        shop.desk.run_now(planning.schedule, post_id=post_id, wall="2026-03-03T10:00", zone="Europe/Madrid")
    return post_id


def paper_of(shop: TestDesk, sheet_id: int, **more: Any) -> Paper:
    """The sheet as it is made now."""
    return shop.desk.page(sheet_paper, sheet_id, folder=shop.desk.media_folder, now=shop.desk.clock.now(), **more)


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def links(self) -> list[str]:
        return [str(attrs["href"]) for tag, attrs in self.tags if tag == "a"]


def test_a_block_shows_everything_of_a_post(shop: TestDesk) -> None:
    other = add_account(shop.desk, shop.brand_id, "oven")
    media_id = picture(shop)
    post_id = write(
        shop, "Fresh bread", account_ids=[shop.account_id, other], variants={f"#{other}": "Fresh bread for you"},
        media=[(media_id, "A loaf on a table")], parts=[Part("Second thought")], comment=Part("More: example.org"),
        card=Card("https://example.org/bread", "Bread", "All about it"), spoiler="Food",
    )  # fmt: skip
    polled = write(shop, "Which?", timed=False, poll=Poll(("Rye", "Wheat"), 3 * 86_400, multiple=True))
    sheet_id = shop.desk.run_now(
        approval.ask, post_ids=[post_id, polled], title="Week 10", message="Please look\nat these",
        expires_at=shop.desk.clock.now().replace(hour=18), language="en",
    )  # fmt: skip
    paper = paper_of(shop, sheet_id)
    found = Page(page(paper))
    for words in (
        "Bakery", "Planned posts, sheet no. 1", "Week 10", "Please look at these", "Tuesday, 3 March 2026, 10:00",
        "Scripted @bakery", "Scripted @oven", "Fresh bread", "Fresh bread for you", "1 of 2", "Second thought",
        "First comment", "More: example.org", "Picture: A loaf on a table", "Content warning: Food",
        "https://example.org/bread", "Rye", "Wheat", "Open for 3 days, several answers possible", "☐ I approve",
        "☐ Change:", "No hour yet", "Please answer by Monday, 2 March 2026, 19:00.",
        "Times are those of Europe/Madrid.",
    ):  # fmt: skip
        assert words in found.text, words
        if words not in ("☐ I approve", "☐ Change:", "Please look at these"):
            assert words in " ".join(paper.text.split()), words
    shown = [attrs for tag, attrs in found.tags if tag == "img"]
    assert shown and all(str(each["src"]).startswith("data:image/jpeg;base64,") for each in shown)
    assert all(int(str(each["width"])) <= 640 and each["alt"] == "A loaf on a table" for each in shown)


def test_hostile_words_stay_words(shop: TestDesk) -> None:
    post_id = write(
        shop, HOSTILE, parts=[Part(HOSTILE)], comment=Part(HOSTILE), spoiler=HOSTILE,
        card=Card('https://example.org/"onmouseover="x', HOSTILE, HOSTILE), media=[(picture(shop), HOSTILE)],
    )  # fmt: skip
    polled = write(shop, HOSTILE, timed=False, poll=Poll((HOSTILE, "b")))
    sheet_id = shop.desk.run_now(approval.ask, post_ids=[post_id, polled], title=HOSTILE, message=HOSTILE)
    shop.desk.run_now(
        approval.record, sheet_id=sheet_id,
        answers=[approval.Said(1, State.CHANGE, HOSTILE), approval.Said(2, State.CHANGE, HOSTILE)],
    )  # fmt: skip
    again = shop.desk.run_now(approval.ask, post_ids=[post_id, polled], title=HOSTILE, message=HOSTILE)
    paper = replace(paper_of(shop, again), brand=HOSTILE, color="red;}</style><script>", answer_to='a@b.c"><script>')
    text = page(paper)
    found = Page(text)
    allowed = {
        "html", "head", "meta", "title", "style", "body", "div", "p", "span", "h1", "h2", "pre", "a", "img", "figure",
        "figcaption", "ul", "li", "strong", "del", "ins",
    }  # fmt: skip
    assert {tag for tag, _attrs in found.tags} <= allowed
    names = {name for _tag, attrs in found.tags for name in attrs}
    assert names <= {
        "lang", "charset", "name", "content", "http-equiv", "class", "id", "src", "alt", "width", "height", "href",
    }  # fmt: skip
    assert all(link.startswith("mailto:") for link in found.links())
    assert "alert(1)" in found.text
    assert "\u202e" not in text and "\u202e" not in paper.text
    assert not re.search(r"(?:src|href)=\"(?!data:image/jpeg;|mailto:)", text)
    style = next(index for index, (tag, _attrs) in enumerate(found.tags) if tag == "style")
    assert found.tags[style + 1][0] == "body"


def test_the_links_carry_answers_that_are_understood(shop: TestDesk) -> None:
    ids = [write(shop, text) for text in ("One", "Two", "Three")]
    sheet_id = shop.desk.run_now(approval.ask, post_ids=ids)
    for language in LANGUAGES:
        paper = paper_of(shop, sheet_id, language=language, answer_to="ana@example.org")
        for link in Page(page(paper)).links():
            assert urlsplit(link).path == "ana@example.org"
            assert "1" in parse_qs(urlsplit(link).query)["subject"][0]

        def said(link: str) -> dict[int, str]:
            body = parse_qs(urlsplit(link).query, keep_blank_values=True)["body"][0]
            return {each.number: each.state.value for each in read_answer(body, 3).decisions}

        assert said(paper.approve_link(2)) == {2: "approved"}, language
        assert said(paper.change_link(2)) == {2: "change"}, language
        assert said(paper.approve_all_link) == {1: "approved", 2: "approved", 3: "approved"}, language
        assert said(paper.list_link) == {}, language
        assert not read_answer(paper.text, 3).decisions, language


def test_the_sheet_shows_what_was_asked_and_what_changed_since(shop: TestDesk) -> None:
    post_id = write(shop, "Fresh bread every day", language="en")
    first = shop.desk.run_now(approval.ask, post_ids=[post_id], language="en")
    shop.desk.run_now(approval.record, sheet_id=first, answers=[approval.Said(1, State.CHANGE, "Say which bread")])
    shop.desk.run_now(
        planning.save_post, post_id=post_id, brand_id=shop.brand_id, text="Fresh rye bread every day",
        account_ids=[shop.account_id], media=[(picture(shop), "Rye")],
    )  # fmt: skip
    assert "Fresh bread every day" in paper_of(shop, first).text
    assert "rye" not in paper_of(shop, first).text
    again = shop.desk.run_now(approval.ask_again, sheet_id=first)
    paper = paper_of(shop, again)
    assert re.search("<ins>\\s*rye\\s*</ins>", page(paper))
    assert "You asked: Say which bread" in Page(page(paper)).text
    assert "other pictures" in Page(page(paper)).text
    assert re.search(r"\{\+\s*rye\s*\+\}", paper.text)


def test_a_sheet_that_is_not_asked_yet_is_shown_the_same(shop: TestDesk) -> None:
    ids = [write(shop, "One"), write(shop, "Two")]
    asking = Asking(tuple(ids), title="Week 10", message="Hi", language="es")
    draft = shop.desk.page(draft_paper, asking, folder=shop.desk.media_folder, now=shop.desk.clock.now())
    sheet_id = shop.desk.run_now(approval.ask, post_ids=ids, title="Week 10", message="Hi", language="es")
    assert page(draft) == page(paper_of(shop, sheet_id))


def test_the_mail_is_a_draft_with_text_page_pictures_and_pdf(shop: TestDesk) -> None:
    post_id = write(shop, "Pan recién hecho 🥖", media=[(picture(shop), "Un pan")])
    paper = paper_of(shop, shop.desk.run_now(approval.ask, post_ids=[post_id], message="Hola Marta"))
    raw = draft_mail(paper, pdf=b"%PDF-1.7 x", to="marta@example.org", sender="ana@example.org", file_name="hoja")
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert (mail["X-Unsent"], mail["To"], mail["Reply-To"]) == ("1", "marta@example.org", "ana@example.org")
    assert mail["Subject"] == "Bakery: publicaciones para aprobar (hoja n.º 1)"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and html is not None
    assert text.get_content().replace("\r\n", "\n") == paper.text
    assert "Pan recién hecho 🥖" in html.get_content()
    named = re.findall(r'src="cid:([^"]+)"', html.get_content())
    inside = {str(each["Content-ID"]).strip("<>"): each for each in mail.walk() if each["Content-ID"]}
    assert named and set(named) == set(inside)
    assert all(each.get_content_type() == "image/jpeg" for each in inside.values())
    assert "data:" not in html.get_content().partition("<body>")[2]
    attached = list(mail.iter_attachments())
    assert [(each.get_filename(), each.get_content()) for each in attached] == [("hoja.pdf", b"%PDF-1.7 x")]


def test_nothing_slips_into_the_heads_of_a_mail(shop: TestDesk) -> None:
    paper = replace(paper_of(shop, shop.desk.run_now(approval.ask, post_ids=[write(shop)])), brand="A\r\nBcc: x@y.z")
    raw = draft_mail(paper, to="m@e.org\r\nBcc: x@y.z", sender="Ana")
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert mail["Bcc"] is None and mail["To"] is None and mail["Reply-To"] is None


def test_a_vanished_picture_is_named(shop: TestDesk) -> None:
    post_id = write(shop, "Bread", media=[(picture(shop), "A loaf")])
    for file in shop.desk.media_folder.iterdir():
        if file.is_file():
            file.unlink()
    paper = paper_of(shop, shop.desk.run_now(approval.ask, post_ids=[post_id], language="en"))
    assert "Picture (the file is missing): A loaf" in Page(page(paper)).text


def test_a_long_sheet_is_cut_where_mail_programs_would(shop: TestDesk) -> None:
    ids = [write(shop, f"Post {place} " + "bread " * 60) for place in range(12)]
    paper = paper_of(shop, shop.desk.run_now(approval.ask, post_ids=ids))
    assert len(paper.mailto) <= 1800 and unquote(paper.mailto).endswith("…")


def test_every_text_has_six_languages() -> None:
    for key, texts in _TEXTS.items():
        assert len(texts) == len(LANGUAGES) and all(texts), key
        fields = [set(re.findall(r"\{(\w+)\}", text)) for text in texts]
        assert all(each == fields[0] for each in fields), key

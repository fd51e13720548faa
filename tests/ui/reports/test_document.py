"""The pages: what they say in both languages, that hostile texts stay in their boxes, and the empty brand's dignity."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from cmdesk.i18n import using
from cmdesk.reports.figures import Report
from tests.core.reports.made import Made
from tests.ui.reports.conftest import Full
from tests.ui.reports.full import said
from ui import theme
from ui.paper import charts
from ui.paper.style import COLUMN, Style, ink_of
from ui.reports import words
from ui.reports.document import Document
from ui.reports.pictures import Pictures

HOSTILE = (
    "<img src=http://127.0.0.1/x.png><script>alert(1)</script>",
    "W" * 10_000,
    "palabra " * 1_250,
    "\u202eevil\u2066 שלום עולם مرحبا بالعالم",
    "👨\u200d👩\u200d👧\u200d👦" * 300,
    "Z" + "\u0301" * 200,
    "line\n" * 500,
    "\x00\x07\ufffe",
    "",
)


def test_every_section_is_there_in_order(full: Full, monkeypatch: pytest.MonkeyPatch) -> None:
    text = said(full.report(), "en", full.pictures, monkeypatch)
    titles = (
        "MONTHLY SOCIAL MEDIA REPORT", "Summary", "Audience", "Reach and engagement", "Customer care",
        "Complaints and voices", "Best posts",
        "Posts published", "Plan for April 2026", "Notes",
    )  # fmt: skip
    assert re.search(".*".join(rf"^{title}$" for title in titles), text, re.MULTILINE | re.DOTALL)
    assert "March 2026" in text and "Publicación número 29 🥖" in text and "Torrijas de abril" in text
    assert "1,293" in text and "+93 (+8%)" in text


def test_the_report_speaks_spanish_while_the_window_speaks_english(full: Full) -> None:
    from cmdesk.i18n import language

    with using("es"):
        assert words.month_title(full.report().month) == "Marzo de 2026"
        assert words.number(12345.0) == "12.345" and words.signed(-12) == f"{words.MINUS}12"
    document = Document(full.report(), language="es", pictures=full.pictures)
    assert "marzo de 2026" in document.title and language() == "en"


def test_a_long_list_takes_as_many_pages_as_it_needs(full: Full) -> None:
    report = full.report()
    few = Document(report, language="en", pictures=full.pictures).page_count
    many = dataclasses.replace(report, published=report.published * 6)
    assert few == 12
    assert Document(many, language="en", pictures=full.pictures).page_count > few + 5


def test_an_empty_brand_gets_a_short_and_dignified_report(full: Full, monkeypatch: pytest.MonkeyPatch) -> None:
    brand_id = Made(None, store=full.desk.store).brand("Librería Luz")
    report = full.report(brand_id=brand_id)
    text = said(report, "en", full.pictures, monkeypatch)
    assert "There is no data of Librería Luz for March 2026 yet." in text and "Compared with" not in text
    assert "Nothing is planned for Librería Luz in this month yet." in text
    assert Document(report, language="en", pictures=full.pictures).page_count == 4


def test_a_section_without_data_says_so(full: Full, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Made(None, store=full.desk.store)
    brand_id = made.brand("Librería Luz")
    made.liked(made.account(brand_id, "luz"), "2026-03-05 10:00")
    text = said(full.report(brand_id=brand_id), "en", full.pictures, monkeypatch)
    assert "There are no follower figures of Librería Luz yet." in text
    assert "There are no messages to Librería Luz in this month." in text
    assert "There are no reactions to posts of Librería Luz yet." in text
    assert "Librería Luz published nothing in this month." in text


def test_unknown_views_are_said_and_not_shown_as_nought(full: Full, monkeypatch: pytest.MonkeyPatch) -> None:
    text = said(full.report(), "en", full.pictures, monkeypatch)
    assert "Bluesky, Mastodon: these networks do not tell how many people saw a post" in text
    assert "No follower figures this month: @sky" in text
    assert "Views" not in text


def test_a_running_month_says_so(full: Full, monkeypatch: pytest.MonkeyPatch) -> None:
    text = said(full.report("2026-04"), "en", full.pictures, monkeypatch)
    assert "The month is still running: these are the figures of its first 10 days." in text
    assert "Compared with 1–10 March" in text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_change_no_page(full: Full, text: str) -> None:
    report = full.report()
    posts = tuple(
        dataclasses.replace(
            one,
            published=dataclasses.replace(
                one.published, publication=dataclasses.replace(one.published.publication, text=text)
            ),
        )
        for one in report.published
    )
    name = dataclasses.replace(report.brand, name=text[:5000] or "x")
    told = dataclasses.replace(
        report.complaints,
        causes=tuple(dataclasses.replace(each, name=text) for each in report.complaints.causes),
        wishes=tuple(dataclasses.replace(each, text=text) for each in report.complaints.wishes),
    )
    changed = dataclasses.replace(report, published=posts, best=posts[:5], brand=name, complaints=told)
    document = Document(changed, language="en", pictures=full.pictures)
    assert document.page_count in (12, 13)  # text-only best posts of four lines may need one page more
    for number in range(document.page_count):
        assert not document.image(number, 240).isNull()


def test_every_colour_of_a_brand_can_be_read() -> None:
    for color in (*theme.BRAND_SWATCHES, "#ffffff", "#000000", "#ffff00", "#777777", "no colour"):
        ink = ink_of(color)
        assert theme.contrast(ink.accent, ink.paper) >= 3.0
        for text in (ink.accent_text, ink.muted, ink.text, ink.good, ink.bad):
            assert theme.contrast(text, ink.wash) >= 4.5, color
        assert theme.contrast(ink.on_brand, ink.brand) >= 4.0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(alphabet=st.characters(codec="utf-8"), max_size=300),
    width=st.floats(60, COLUMN),
    lines=st.integers(0, 4),
)
@example(text="W" * 300, width=300.0, lines=0)
@example(text="W" * 300, width=300.0, lines=2)
def test_no_line_leaves_its_column(qapp: QApplication, text: str, width: float, lines: int) -> None:
    theme.load_fonts()
    prose = Style("#336699").prose(text, "body", width, lines=lines)
    assert not lines or prose.count <= lines
    for number in range(prose._layout.lineCount()):
        line = prose._layout.lineAt(number)
        # one letter wider than the column cannot be broken
        assert line.naturalTextWidth() <= max(width + 1, 80) or line.textLength() <= 12


def test_a_cut_text_ends_with_an_ellipsis(qapp: QApplication) -> None:
    theme.load_fonts()
    prose = Style("#336699").prose("pan recién hecho 🥖 " * 60, "body", 700, lines=2)
    assert prose.count == 2 and prose._layout.text().rstrip().endswith("…")
    whole = Style("#336699").prose("pan", "body", 700, lines=2)
    assert (whole.count, whole._layout.text()) == (1, "pan")


@given(st.floats(0.1, 5_000_000))
def test_axis_reaches_over_its_values_in_whole_steps(top: float) -> None:
    values = charts.ticks(top)
    assert values[0] == 0 and values[-1] >= top and 2 <= len(values) <= 7
    assert all(value == int(value) for value in values)


@given(st.floats(0, 100_000), st.floats(0, 5_000))
def test_a_lines_axis_holds_its_values(low: float, reach: float) -> None:
    values = charts.span_ticks(low, low + reach)
    assert values[0] <= low + 1 and values[-1] >= low + reach and values[0] >= 0 and len(values) <= 8


def test_pictures_are_only_read_from_the_two_folders(full: Full, tmp_path: Path) -> None:
    outside = tmp_path / "outside.png"
    from PIL import Image

    Image.new("RGB", (10, 10), "red").save(outside)
    pictures = full.pictures
    assert pictures.own("../../outside.png", 50).isNull() and pictures.own(str(outside), 50).isNull()
    (full.desk.media_folder / "drawing.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    )
    (full.desk.media_folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n123")
    assert pictures.own("drawing.svg", 50).isNull() and pictures.own("broken.png", 50).isNull()
    assert pictures.remote("https://example.org/a.png", 50).isNull()
    logo = pictures.own(full.report().logo_file, 64)
    assert (logo.width(), logo.height()) == (64, 64)


def test_a_picture_that_is_gone_leaves_the_page_whole(full: Full, tmp_path: Path) -> None:
    nowhere = Pictures(tmp_path / "nothing")
    with_pictures = Document(full.report(), language="en", pictures=full.pictures).page_count
    assert Document(full.report(), language="en", pictures=nowhere).page_count == with_pictures


def test_the_summary_says_what_the_figures_say(full: Full) -> None:
    report: Report = full.report()
    first, second, third = words.summary(report)
    assert "published 30 posts that received" in first
    assert second == "The community grew by 93 followers and ends the month at 1,293."
    assert third.startswith("20 messages came in; 65% were answered, half of them within ")
    assert QColor(report.brand.color).isValid()

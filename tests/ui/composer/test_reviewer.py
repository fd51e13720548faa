"""The reviewer beside the text: groups, keys, what each line asks for, and the facts behind it (N11, N12)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmdesk.care.values import ServiceLevel
from cmdesk.clock import FixedClock
from cmdesk.commands import hours, reviewing as commands
from cmdesk.model import Part
from cmdesk.planning.review import Finding, Level, Place
from cmdesk.planning.reviewing import SAFE
from cmdesk.store.changes import Changes, Topic
from tests.ui.planned import Planned, done
from ui.composer.reviewer import Reviewer
from ui.models.directory import Directory
from ui.models.drafting import Draft
from ui.models.reviewing import Reviewing, safe
from ui.widgets import PlainLabel

FINDINGS = [
    Finding(Level.ERROR, "no_accounts"),
    Finding(Level.ASK, "names_other_brand", detail="northtrail", place=Place(0, "", 4, 9), said=("Northtrail", "@nt")),
    Finding(Level.WARNING, "same_text", post_id=7, said=("Hola",), place=Place()),
    Finding(Level.HINT, "double_spaces", place=Place(0, "", 2, 4), fix="spaces"),
    Finding(Level.HINT, "link_http", detail="http://x", place=Place(), fix="https", said=("http://x",)),
]


@pytest.fixture
def shown(qapp: QApplication, planned: Planned, qtbot: QtBot) -> Iterator[Reviewer]:
    """A reviewer with one finding of each level, on the screen."""
    made = Reviewer(now=planned.desk.clock.now)
    qtbot.addWidget(made)
    made.resize(420, 600)
    made.show_findings(FINDINGS, [])
    made.show()
    QApplication.processEvents()
    yield made


def texts(reviewer: Reviewer) -> list[str]:
    return [each.full_text() for each in reviewer.findChildren(PlainLabel) if not each.isHidden()]


def press(key: Qt.Key) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key)


def test_findings_stand_under_the_name_of_their_level(shown: Reviewer) -> None:
    words = texts(shown)
    assert [each for each in words if each in ("Must be mended", "Are you sure?", "Worth a look", "Hints")] == [
        "Must be mended", "Are you sure?", "Worth a look", "Hints",
    ]  # fmt: skip
    assert "Names Northtrail (@nt): is it really for this brand?" in words
    assert [row.finding for row in shown.rows] == FINDINGS


def test_keys_walk_go_mend_and_silence(shown: Reviewer, qtbot: QtBot) -> None:
    heard: list[tuple[str, Any]] = []
    shown.place_wanted.connect(lambda each: heard.append(("place", each.code)))
    shown.fix_wanted.connect(lambda each: heard.append(("fix", [one.code for one in each])))
    shown.ignore_wanted.connect(lambda each: heard.append(("ignore", each.code)))
    shown.post_wanted.connect(lambda each: heard.append(("post", each)))
    shown.activateWindow()
    shown.rows[0].setFocus()
    press(Qt.Key.Key_Up)
    assert shown.rows[0].hasFocus()
    press(Qt.Key.Key_I)  # an error is not silenced
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_I)
    press(Qt.Key.Key_F)  # nothing to mend here
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_F)
    assert heard == [("place", "names_other_brand"), ("ignore", "names_other_brand"), ("fix", ["double_spaces"])]


def test_a_click_goes_to_the_place_and_a_button_does_what_it_says(shown: Reviewer) -> None:
    heard: list[Any] = []
    shown.place_wanted.connect(lambda each: heard.append(each.code))
    shown.fix_wanted.connect(lambda each: heard.append(len(each)))
    shown.post_wanted.connect(heard.append)
    QTest.mouseClick(shown.rows[1], Qt.MouseButton.LeftButton)
    from ui.widgets import Button

    buttons = {each.text(): each for each in shown.findChildren(Button)}
    for text in ("Open", "Take one out", "Mend 2 things"):
        buttons[text].click()
    assert heard == ["names_other_brand", 7, 1, 2]


def test_what_stays_the_same_is_not_built_again_and_the_focus_stays(shown: Reviewer) -> None:
    before = shown.rows[3]
    before.setFocus()
    shown.show_findings(list(FINDINGS), [])
    assert shown.rows[3] is before
    shown.show_findings(FINDINGS[:-1], [])
    assert shown.rows[3].hasFocus()
    shown.show_findings([], [])
    assert shown.rows == [] and "Ready: nothing stands in its way." in texts(shown)


def test_hostile_words_are_shown_as_plain_text(shown: Reviewer) -> None:
    evil = Finding(Level.WARNING, "forbidden_word", detail="x", said=("<b>\u202egnp</b>\n{detail}{when}",))
    shown.show_findings([evil], [])
    (row,) = shown.rows
    assert "{detail}{when}" in row.text, "what a post says is never read as one of our places"
    assert "<b>" in row.text and "\u202e" not in row.text and "\n" not in row.text


# The facts behind it


def reviewing(planned: Planned) -> tuple[Reviewing, Directory]:
    return Reviewing(planned.desk), Directory(planned.desk)


def codes(planned: Planned, made: Reviewing, directory: Directory, draft: Draft, **more: Any) -> set[str]:
    places = [each for each in directory.accounts(planned.bakery) if each.id in draft.account_ids]
    walls = more.get("hours", {})
    return {each.code for each in made.findings(more.get("post_id"), draft, places, walls)}


async def test_a_draft_is_judged_with_what_the_store_knows(planned: Planned) -> None:
    made, directory = reviewing(planned)
    first, _second = planned.accounts(planned.bakery)
    draft = Draft(planned.bakery, "Todo barato con Northtrail", account_ids=(first,), language="es")
    found = codes(planned, made, directory, draft)
    assert "names_other_brand" in found and "forbidden_word" not in found
    planned.desk.run_now(commands.set_words, brand_id=planned.bakery, kind="forbidden", words=["barato"])
    assert "forbidden_word" not in codes(planned, made, directory, draft), "kept until something changed"
    changes = Changes()
    changes.touch(Topic.SETTING, planned.bakery)
    made.forget(changes)
    assert "forbidden_word" in codes(planned, made, directory, draft)


async def test_hours_and_neighbours_follow_the_draft(planned: Planned, clock: FixedClock) -> None:
    made, directory = reviewing(planned)
    first, _second = planned.accounts(planned.bakery)
    other = planned.post("Hoy estrenamos la hogaza de espelta con pasas", wall="2026-03-05T10:00", only=1)
    draft = Draft(planned.bakery, "Hoy estrenamos la hogaza de espelta con pasas", account_ids=(first,), language="es")
    near = {first: ("2026-03-05T10:30", "Europe/Madrid", 0)}
    far = {first: ("2026-05-05T10:30", "Europe/Madrid", 0)}
    assert {"same_text", "same_hour"} <= codes(planned, made, directory, draft, hours=near)
    assert not {"same_text", "same_hour"} & codes(planned, made, directory, draft, hours=far)
    assert not {"same_text", "same_hour"} & codes(planned, made, directory, draft, hours=near, post_id=other)


async def test_holidays_come_a_moment_later(planned: Planned) -> None:
    planned.desk.run_now(hours.save_level, level=ServiceLevel(planned.bakery, "Europe/Madrid", country="ES"))
    made, directory = reviewing(planned)
    first, _second = planned.accounts(planned.bakery)
    draft = Draft(planned.bakery, "Hola", account_ids=(first,), language="es")
    at = {first: ("2026-12-25T11:00", "Europe/Madrid", 0)}
    told: list[bool] = []
    made.changed.connect(lambda: told.append(True))
    assert "holiday" not in codes(planned, made, directory, draft, hours=at)
    await done()
    assert told and "holiday" in codes(planned, made, directory, draft, hours=at)


async def test_fixes_change_the_draft_and_ignoring_can_be_undone(planned: Planned) -> None:
    made, directory = reviewing(planned)
    first, _second = planned.accounts(planned.bakery)
    draft = Draft(
        planned.bakery, "Dos  veces", account_ids=(first,), language="es", parts=(Part("Ven a http://x.example"),),
        note="nota", labels=(3,), aim="value", variants={"mastodon": "Ven  ya"},
    )  # fmt: skip
    places = [each for each in directory.accounts(planned.bakery) if each.id == first]
    found = made.findings(None, draft, places, {})
    mended = made.fixed_all(draft, safe(found))
    assert (mended.variants["mastodon"], mended.parts[0].text) == ("Ven ya", "Ven a https://x.example")
    assert mended.with_part(0, variants=draft.variants).with_part(1, text=draft.parts[0].text) == draft
    assert {each.fix for each in safe(found)} == {"spaces", "https"} <= SAFE
    hint = next(each for each in found if each.code == "link_http")
    undone = await made.ignore(planned.bakery, hint)
    made.forget()
    assert "link_http" not in codes(planned, made, directory, draft)
    assert undone.undo is not None
    planned.desk.run_now(undone.undo.command, **undone.undo.args)
    made.forget()
    assert "link_http" in codes(planned, made, directory, draft)

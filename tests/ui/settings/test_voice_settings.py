"""What the reviewer watches, as a person sets it: shown is what is stored, and one step takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cmdesk.commands import reviewing as commands
from cmdesk.store import reviewing
from cmdesk.store.brands import brand
from tests.ui.planned import Planned, done
from ui.models import reviewing as model, voice as voices
from ui.models.directory import Directory
from ui.settings.voice import VoiceSection, voice_line
from ui.settings.voice_dialog import VoiceDialog
from ui.settings.voice_lists import IgnoredList, ListEditor
from ui.widgets import Button


@pytest.fixture
def home(qtbot: QtBot) -> Iterator[QWidget]:
    """The window a dialog belongs to."""
    made = QWidget()
    made.resize(1024, 640)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def dialog_of(planned: Planned, home: QWidget) -> VoiceDialog:
    return VoiceDialog(planned.desk, home, planned.desk.page(brand, planned.bakery))


async def test_everything_is_saved_as_one_step(planned: Planned, home: QWidget) -> None:
    planned.desk.run_now(commands.ignore, brand_id=planned.bakery, code="holiday", about="Navidad")
    dialog = dialog_of(planned, home)
    dialog.words.forbidden.edit.setPlainText("barato\n\n  low cost \nBARATO")
    dialog.words.competitors.edit.setPlainText("https://rival.example/x\n@rival")
    dialog.subjects.topics._boxes["alcohol"].setChecked(False)
    dialog.subjects.topics.own.edit.setPlainText("fútbol")
    dialog.words.domains.edit.setPlainText("tienda.example")
    dialog.words.handles.edit.setPlainText("tienda")
    dialog.tongues.address.set_current("usted")
    dialog.subjects.hashtags.setValue(4)
    dialog.subjects.streak.setValue(0)
    (again,) = dialog.ignored.findChildren(Button)
    again.click()
    await dialog._save()
    assert dialog.saved is not None
    now = planned.desk.page(reviewing.facts, planned.bakery, now=planned.desk.clock.now())
    assert now.words == {
        "forbidden": ("barato", "low cost"), "competitor": ("@rival", "rival.example"), "topic": ("fútbol",),
        "domain": ("tienda.example",), "handle": ("@tienda",),
    }  # fmt: skip
    assert (now.brand.formal, now.max_hashtags, now.product_streak) == (True, 4, 0)
    assert now.ignored == {("sensitive_topic", "alcohol")}
    shown = dialog_of(planned, home)
    assert (
        shown.words.forbidden.value() == ["barato", "low cost"]
        and not shown.subjects.topics._boxes["alcohol"].isChecked()
    )
    assert shown.ignored.value() == set(), "a topic that is off is no ignored finding"
    undo = dialog.saved.undo
    assert undo is not None
    planned.desk.run_now(undo.command, **undo.args)
    back = planned.desk.page(reviewing.facts, planned.bakery, now=planned.desk.clock.now())
    assert back.words == {} and back.ignored == {("holiday", "Navidad")} and not back.brand.formal


async def test_a_word_that_cannot_be_looked_for_is_named_and_nothing_is_saved(planned: Planned, home: QWidget) -> None:
    dialog = dialog_of(planned, home)
    dialog.words.forbidden.edit.setPlainText("barato")
    dialog.words.domains.edit.setPlainText("esto no es un dominio")
    await dialog._save()
    assert dialog.saved is None and not dialog.notice.isHidden()
    assert planned.desk.page(reviewing.words, planned.bakery) == {}


def test_lists_are_pasted_and_read_from_files(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    editor = ListEditor("Words", ["uno"], hint="", example="")
    qtbot.addWidget(editor)
    file = tmp_path / "lista.csv"
    file.write_bytes("dos;nota\r\nUNO;x\r\n«tres»;\r\n".encode("cp1252"))
    editor.add(model.list_of(file))
    assert editor.value() == ["uno", "dos", "«tres»"]


async def test_a_card_says_what_is_watched(planned: Planned, qtbot: QtBot) -> None:
    planned.desk.run_now(commands.set_words, brand_id=planned.bakery, kind="forbidden", words=["a1", "b2"])
    planned.desk.run_now(commands.ignore, brand_id=planned.bakery, code="no_picture")
    line = voice_line(voices.opened(planned.desk, planned.bakery))
    assert line == "Says tú · 2 forbidden words · 4 topics to avoid · 1 finding ignored"
    section = VoiceSection(planned.context, Directory(planned.desk))
    qtbot.addWidget(section)
    section.refresh()
    section.refresh()
    assert [each.text() for each in section.findChildren(Button) if not each.isHidden()].count("How it speaks…") >= 2
    await done()


def test_nothing_ignored_is_said(qtbot: QtBot) -> None:
    shown = IgnoredList(())
    qtbot.addWidget(shown)
    assert not shown._empty.isHidden()

"""What the reviewer watches, as a person sets it: shown is what is stored, and one step takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cmdesk.commands import reviewing as commands
from cmdesk.planning.voice import Tongue, Voice, parse, plain
from cmdesk.store import reviewing
from cmdesk.store.brands import brand
from tests.ui.planned import Planned, Told, done
from ui import notices
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


# Persona, words, subjects, languages, networks


def say_everything(dialog: VoiceDialog) -> None:
    """Fill every field."""
    persona, words, subjects, tongues = dialog.persona, dialog.words, dialog.subjects, dialog.tongues
    persona.persona.setPlainText("Alba, que hornea\ncon su padre")
    persona.age.setText("35")
    persona.traits.setText("cercana, , paciente ")
    persona.tone["warm"].slider.setValue(2)
    persona.tone["playful"].slider.setValue(-1)
    persona.person.set_current("we")
    persona.emoji.set_current("few")
    persona.greets.setChecked(True)
    persona.never.edit.setPlainText("Ironía\n")
    persona.notes.setPlainText("Desde 1987")
    word, said = words.instead.rows()[0]
    assert isinstance(word, QLineEdit) and isinstance(said, QLineEdit)
    word.setText("barato")
    said.setText("asequible")
    name, some, share = subjects.subjects._typed(subjects.subjects.rows()[0])
    name.setText("Pan")
    some.setText("masa madre, hogaza*")
    share.setValue(60)
    card = tongues.cards[0]
    assert card.tag == "es"
    card.persona.setText("Alba")
    card.greeting.setText("¡Hola, {nombre}!")
    card.farewell.setText("Un abrazo, {firma}")
    card.signature.setText("{quien escribe}, {marca}")
    tongues.add_tongue("de").formality.set_current("formal")
    tongues.spelt.edit.setPlainText("fartons llanda")
    first = next(iter(dialog.networks.cards.values()))
    first.goal.setText("Vender el pan del día")
    first.material.setCurrentIndex(first.material.findData("pictures"))
    first.community.setChecked(True)
    first.rules.setPlainText("Sin promociones")
    first.rules_url.setText("https://foro.example/normas")


async def test_every_field_is_kept_and_shown_again(planned: Planned, home: QWidget) -> None:
    dialog = dialog_of(planned, home)
    say_everything(dialog)
    assert dialog.persona.tone_line.text() == "Rather serious, very warm"
    assert dialog.tongues.cards[0].preview.text() == "¡Hola, Ana! … Un abrazo, Alba, Panadería"
    assert dialog.subjects.subjects.total.text() == "60 % in all, 40 % for anything else"
    wanted = dialog.book()
    await dialog._save()
    assert dialog.saved is not None
    kept = voices.opened(planned.desk, planned.bakery).book
    assert kept.voice == parse(plain(wanted.voice))
    assert kept.voice.persona == "Alba, que hornea con su padre" and kept.voice.traits == ("cercana", "paciente")
    assert kept.voice.tone == {"warm": 2, "playful": -1} and kept.voice.subjects[0].words == ("masa madre", "hogaza*")
    assert kept.voice.tongues["de"] == Tongue("formal") and kept.instead == {"barato": "asequible"}
    assert kept.words["spelling"] == ("fartons", "llanda")
    first = next(iter(kept.aims.values()))
    assert (first.goal, first.material, first.community, first.rules) == (
        "Vender el pan del día", "pictures", True, "Sin promociones",
    )  # fmt: skip
    again = dialog_of(planned, home)
    assert (again.book().instead, again.book().aims, again.book().silent) == (kept.instead, kept.aims, kept.silent)
    assert parse(plain(again.book().voice)) == kept.voice
    await again._save()
    assert again.saved is not None and again.saved.undo is None, "nothing was changed: nothing to take back"
    undo = dialog.saved.undo
    assert undo is not None
    planned.desk.run_now(undo.command, **undo.args)
    empty = voices.opened(planned.desk, planned.bakery).book
    assert not empty.voice and not empty.instead and not any(empty.aims.values())


async def test_what_is_wrong_is_named_and_nothing_is_kept(planned: Planned, home: QWidget) -> None:
    dialog = dialog_of(planned, home)
    say_everything(dialog)
    next(iter(dialog.networks.cards.values())).rules_url.setText("foro")
    await dialog._save()
    assert dialog.saved is None and "foro" in dialog.notice.label.text()
    assert not voices.opened(planned.desk, planned.bakery).book.voice
    next(iter(dialog.networks.cards.values())).rules_url.setText("")
    name, _words, share = dialog.subjects.subjects._typed(dialog.subjects.subjects.add_row())
    name.setText("Dulce")
    share.setValue(70)
    await dialog._save()
    assert dialog.saved is None
    assert "hundred percent" in dialog.notice.label.text()
    assert dialog.subjects.subjects.total.text() == "130 % in all"


async def test_a_voice_is_carried_to_another_brand(planned: Planned, home: QWidget, tmp_path: Path) -> None:
    dialog = dialog_of(planned, home)
    say_everything(dialog)
    dialog.words.domains.edit.setPlainText("panaderia.example")
    file = tmp_path / "panaderia.voz.toml"
    await dialog.export(file)
    other = VoiceDialog(planned.desk, home, planned.desk.page(brand, planned.trail))
    await other.take(file)
    assert "Panadería" in other.notice.label.text() and "No account here" in other.notice.label.text()
    assert voices.opened(planned.desk, planned.trail).book.voice == Voice(), "nothing is kept before it is saved"
    await other._save()
    there = voices.opened(planned.desk, planned.trail).book
    assert there.voice == parse(plain(dialog.book().voice)) and there.instead == {"barato": "asequible"}
    assert there.words.get("domain", ()) == (), "another brand's pages are not its own"
    mine = dialog_of(planned, home)
    await mine.take(file)
    assert parse(plain(mine.book().voice)) == there.voice
    assert mine.words.domains.value() == ["panaderia.example"]
    assert next(iter(mine.networks.cards.values())).goal.text() == "Vender el pan del día"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("esto no es nada", "no file of a voice"),
        ("", "format"),
        ('format = "cmdesk-voice"\nversion = 9\n', "newer version"),
        ('format = "cmdesk-voice"\nversion = 1\n[voice]\npersonna = "x"\n', "personna"),
        ('format = "cmdesk-voice"\nversion = 1\n[voice.tone]\nwarm = 7\n', "tone.warm"),
        ('format = "cmdesk-voice"\nversion = 1\n[[account]]\nmaterial = "smoke"\n', "smoke"),
    ],
)
async def test_a_bad_file_is_named_and_changes_nothing(
    planned: Planned, home: QWidget, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "mala.toml"
    file.write_text(text, "utf-8")
    dialog = dialog_of(planned, home)
    before = dialog.book()
    await dialog.take(file)
    assert "mala.toml" in dialog.notice.label.text() and said in dialog.notice.label.text()
    assert dialog.book() == before


def test_each_language_says_whether_it_is_checked(planned: Planned, home: QWidget) -> None:
    from ui.settings.voice_dictionaries import how

    dialog = dialog_of(planned, home)
    marks = dialog.tongues.dictionaries.marks  # type: ignore[attr-defined]
    assert {"es", "en", "fr", "it", "pt", "de", "ca"} <= set(marks)
    assert marks["ca"].text() == "Catalan: built in"
    assert "hunspell-it" in how(["it"], "linux") and ".oxt" in how(["it"], "linux")
    assert "hunspell" not in how(["it", "de"], "win32") and ".oxt" in how(["it", "de"], "win32")
    assert "Library/Spelling" in how(["de"], "darwin")


@pytest.mark.parametrize("part", ["persona", "forbidden", "own", "topics", "limits", "spelling", "networks", "ignored"])
def test_every_part_can_be_opened_by_name(planned: Planned, home: QWidget, part: str) -> None:
    dialog = dialog_of(planned, home)
    dialog.show_part(part)
    where = {"forbidden": "words", "own": "words", "topics": "subjects", "limits": "subjects", "spelling": "tongues"}
    assert dialog.tabs.current() == where.get(part, part)


@pytest.mark.parametrize("leave", [False, True])
async def test_leaving_asks_where_something_was_written(
    planned: Planned, home: QWidget, told: Told, monkeypatch: pytest.MonkeyPatch, leave: bool
) -> None:
    asked: list[notices.Question] = []

    def answer(question: notices.Question, reply: object, /) -> None:
        asked.append(question)
        reply.set_result(notices.Answer("leave" if leave else "stay"))  # type: ignore[attr-defined]

    monkeypatch.setattr(told, "show_question", answer)
    dialog = dialog_of(planned, home)
    dialog.open()
    dialog.reject()
    assert not asked and dialog.isHidden(), "nothing was written: nothing is asked"
    dialog.open()
    dialog.persona.persona.setPlainText("Alba")
    dialog.reject()
    await done()
    assert len(asked) == 1 and dialog.isHidden() is leave
    dialog.hide()


async def test_parts_that_were_not_opened_keep_what_they_say(planned: Planned, home: QWidget) -> None:
    filled = dialog_of(planned, home)
    say_everything(filled)
    await filled._save()
    before = voices.opened(planned.desk, planned.bakery).book
    dialog = dialog_of(planned, home)
    dialog.persona.age.setText("40")
    await dialog._save()
    after = voices.opened(planned.desk, planned.bakery).book
    assert after == replace(before, voice=replace(before.voice, age="40"))
    for part in ("words", "subjects", "tongues", "networks", "ignored"):
        dialog = dialog_of(planned, home)
        dialog.show_part(part)
        assert voices.said(dialog.book()) == voices.said(after), f"looking at {part} changes nothing"

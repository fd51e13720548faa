"""Templates in the composer: found while writing, in the language of the post, and a blank that is left is said."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cmdesk.commands import library
from cmdesk.commands.markets import save_market
from cmdesk.markets import Guide
from tests.ui.planned import Planned, done
from ui.composer.page import ComposerPage
from ui.widgets.page import Target


async def test_a_template_becomes_the_text_of_a_post(planned: Planned, qtbot: QtBot) -> None:
    for name, kind in (("Cerramos", "post"), ("Disculpa", "apology")):
        planned.desk.run_now(
            library.save_template, brand_id=planned.bakery, name=name, kind=kind,
            texts={"es": "{marca} cierra el {día}.", "en": "{brand} is closed on {day}."},
        )  # fmt: skip
    page = ComposerPage(planned.context)
    qtbot.addWidget(page)
    page.resize(1300, 900)
    page.open(Target("composer", "new", brand_id=planned.bakery))
    page.show()
    await done()
    edit = page.parts.editor().edit
    QTest.keyClicks(edit, "::")
    picker = page.templating.picker
    assert picker is not None
    assert [picker.list.item(row).text() for row in range(picker.list.count())] == ["Cerramos"]
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.toPlainText() == "Panadería cierra el {día}."
    assert edit.textCursor().selectedText() == "{día}"
    assert "blank_left" in [each.code for each in page.model.findings()]
    QTest.keyClicks(edit, "lunes")
    assert page.model.draft.text == "Panadería cierra el lunes."
    assert "blank_left" not in [each.code for each in page.model.findings()]
    page._option("language", "en")
    page.do_templates()
    assert page.templating.picker is not None
    assert page.templating.picker.preview.full_text() == "Panadería is closed on {day}."
    page.templating.close()
    await done()


async def test_a_template_speaks_as_one_writes_for_the_market(planned: Planned, qtbot: QtBot) -> None:
    planned.desk.run_now(
        library.save_template, brand_id=planned.bakery, name="Cerramos", kind="post",
        texts={
            "es": "Os esperamos.", "es@usted": "Les esperamos.", "fr": "Je t'attends.",
            "fr@vous": "On vous attend.",
        },
    )  # fmt: skip

    def market(name: str, language: str, country: str, *, formal: bool) -> int:
        return planned.desk.run_now(
            save_market, brand_id=planned.bakery, name=name, language=language, country=country, zone="Europe/Madrid",
            guide=Guide(formal=formal),
        )  # fmt: skip

    polite, france = market("Colombia", "es", "CO", formal=True), market("Francia", "fr", "FR", formal=True)
    page = ComposerPage(planned.context)
    qtbot.addWidget(page)
    page.open(Target("composer", "new", brand_id=planned.bakery))
    page.show()
    await done()

    def offered() -> str:
        page.do_templates()
        assert page.templating.picker is not None
        found = page.templating.picker.preview.full_text()
        page.templating.close()
        return found

    assert offered() == "Os esperamos."
    page.model.change(market_id=polite)
    assert offered() == "Les esperamos."
    page.model.change(market_id=france, language="fr")
    assert offered() == "On vous attend."
    page.model.flush()
    await done()

"""What is kept about a market is shown where one writes for it; its checklist holds for the words it was ticked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cmdesk.commands import markets as commands
from cmdesk.markets import Guide
from cmdesk.model import Part, Poll
from cmdesk.planning.reviewing import review_post
from cmdesk.planning.reviewing.market import CHECKLIST
from cmdesk.store import planning, reviewing
from cmdesk.store.db import Reader
from tests.ui.composer.shop import Shop
from tests.ui.planned import Planned, Told, done
from ui import notices
from ui.composer.market_notes import NotesDialog
from ui.composer.page import ComposerPage

FRANCE = Guide(
    formal=True, topics=("football",), notes="Pas d'humour noir.", legal="Mentions obligatoires.",
    checklist=("Toubon?", "Prix TTC?"),
)  # fmt: skip


def market(shop: Shop, name: str = "France", guide: Guide = FRANCE) -> int:
    return shop.desk.run_now(
        commands.save_market, brand_id=shop.brand, name=name, language="fr", country="FR", zone="Europe/Paris",
        guide=guide,
    )  # fmt: skip


def asks(page: ComposerPage) -> bool:
    page.review_now()
    return any(row.finding.code == CHECKLIST for row in page.reviewer.rows)


async def test_the_link_names_the_markets_that_have_something_to_read(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    france = market(shop)
    bare = market(shop, "Belgique", Guide())
    page = shop.compose(qtbot)
    page.review_now()
    link = page.writing.market_notes
    assert link.isHidden()
    page.model.change(market_id=bare)
    page.review_now()
    assert link.isHidden()
    page.model.change(market_id=france)
    page.review_now()
    assert not link.isHidden() and "France" in link.text()
    page.model.flush()
    await done()


async def test_ticked_questions_hold_for_these_words_only(
    planned: Planned, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(planned)
    france = market(shop)
    page = shop.compose(qtbot)
    page.editor.insert("Soldes chez nous")
    page.model.change(market_id=france)
    assert asks(page)
    seen = []

    async def tick(dialog: NotesDialog) -> bool:
        (card,) = dialog.cards
        seen.extend(box.box.accessibleName() for box in card.boxes)
        for box in card.boxes:
            assert not dialog.done_button.isEnabled()
            box.box.click()
        return dialog.done_button.isEnabled()

    monkeypatch.setattr(NotesDialog, "ask", tick)
    row = next(row for row in page.reviewer.rows if row.finding.code == CHECKLIST)
    QTest.keyClick(row, Qt.Key.Key_Return)
    await done()
    assert seen == list(FRANCE.checklist)
    assert not asks(page)
    page.editor.insert(" aussi")
    assert asks(page), "other words are to be checked again"
    shop.planned.undo_last()
    assert page.model.post_id is not None
    assert shop.desk.page(reviewing.checked_for, page.model.post_id) == {}
    page.model.flush()
    await done()


async def test_closing_the_notes_decides_nothing(
    planned: Planned, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(planned)
    france = market(shop)
    page = shop.compose(qtbot)
    page.editor.insert("Soldes")
    page.model.change(market_id=france)
    page.review_now()

    async def close(dialog: NotesDialog) -> bool:
        for each in dialog.cards[0].boxes:
            each.box.click()
        return False

    monkeypatch.setattr(NotesDialog, "ask", close)
    page.writing.market_notes.click()
    await done()
    assert asks(page) and shop.planned.undone == []
    page.model.flush()
    await done()


async def test_what_was_checked_shows_its_ticks_and_asks_nothing(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    france = market(shop)
    page = shop.compose(qtbot)
    page.editor.insert("Soldes")
    page.model.change(market_id=france)
    (noted,) = page.model.noted(page.hours())
    assert noted.at is not None and not noted.checked
    home = QWidget()
    qtbot.addWidget(home)
    home.resize(1024, 640)
    dialog = NotesDialog(home, [replace(noted, checked=True)], shop.desk.clock.now())
    (card,) = dialog.cards
    assert all(each.box.isChecked() and not each.box.isEnabled() for each in card.boxes)
    assert dialog.done_button.isHidden() and dialog.ticked() == []
    fresh = NotesDialog(home, [noted], shop.desk.clock.now())
    fresh.show()
    for each in fresh.cards[0].boxes:
        QTest.mouseClick(each, Qt.MouseButton.LeftButton, pos=each.rect().center())
    assert fresh.ticked() == [noted] and fresh.done_button.isEnabled()
    fresh.close()
    wanted: list[str] = []
    fresh.edit_wanted.connect(lambda market: wanted.append(market.name))
    fresh.cards[0].edit.click()
    assert wanted == ["France"]
    page.model.flush()
    await done()


async def test_nothing_kept_is_said_rather_than_shown_empty(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot)
    told = Told()
    notices.set_presenter(told)
    try:
        page.do_market_notes()
        await done()
    finally:
        notices.set_presenter(None)
    assert told.toasts == ["Nothing is kept about the markets of this post."]


async def test_what_was_checked_stays_checked_when_the_post_is_opened_again(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    france = market(shop)
    page = shop.compose(qtbot)
    page.editor.insert("Soldes\n\nfin de série ")
    page.do_add_part()
    page.editor.insert("La suite")
    page.shaping.give_own("bluesky")
    page.editor.insert(" ici")
    page.model.change(market_id=france, comment=Part("Premier"), spoiler="promo", poll=Poll(("Oui", "Non")))
    assert asks(page)
    done_ = await page.model.check_off(page.model.noted(page.hours()))
    assert done_ is not None
    await done()
    page.model.reviewing.forget()
    assert not asks(page)
    post_id = page.model.post_id
    assert post_id is not None
    again = shop.compose(qtbot, post_id)
    await done()
    assert again.model.post_id == post_id and not asks(again)

    def kept(reader: Reader) -> list[str]:
        post = planning.post(reader, post_id)
        known = reviewing.facts(reader, post.brand_id, now=shop.desk.clock.now(), post_id=post_id)
        return [each.code for each in review_post(post, shop.accounts, known)]

    assert CHECKLIST not in shop.desk.page(kept), "nor does the command line ask"

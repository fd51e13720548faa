"""Polls: where a network has them, within its limits, and honest about where it has none."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cmdesk.model import Poll
from cmdesk.store import planning as store
from tests.ui.composer.shop import Shop
from tests.ui.planned import Planned, Told, done
from ui.composer.page import ComposerPage


def with_poll(shop: Shop, qtbot: QtBot) -> ComposerPage:
    page = shop.compose(qtbot)
    page.editor.insert("¿Cuál?")
    page.do_poll()
    return page


async def test_a_poll_is_written_by_keys_alone(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    page = with_poll(shop, qtbot)
    box = page.writing.poll
    QTest.keyClicks(box._rows[0].edit, "Redondas")
    QTest.keyClick(box._rows[0].edit, Qt.Key.Key_Return)
    QTest.keyClicks(box._rows[1].edit, "Aviador")
    QTest.keyClick(box._rows[1].edit, Qt.Key.Key_Return)  # a third one, because the last was confirmed
    QTest.keyClicks(box._rows[2].edit, "Pasta")
    box._multiple.click()
    page.model.flush()
    await done()
    assert page.model.post_id is not None
    assert shop.desk.page(store.post, page.model.post_id).poll == Poll(
        ("Redondas", "Aviador", "Pasta"), 86_400, multiple=True
    )


async def test_it_says_who_goes_without_and_offers_both_ways(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    bluesky = shop.accounts[2]
    page = with_poll(shop, qtbot)
    box = page.writing.poll
    assert "On Bluesky it goes out without the poll." in box._without_it.label.full_text()
    box._own.click()
    assert page.parts.key == "bluesky" and "bluesky" in page.model.draft.variants
    box._leave.click()
    assert bluesky.id not in page.model.draft.account_ids and not box._ask.isVisible()
    assert all(each.poll is not None for each in page.model.seen())


async def test_the_networks_limits_bound_it(planned: Planned, qtbot: QtBot) -> None:
    page = with_poll(Shop(planned), qtbot)
    box = page.writing.poll
    for _more in range(6):
        box._add_option()
    assert len(page.model.draft.poll.options) == 4 and not box._add.isVisible()  # type: ignore[union-attr]
    QTest.keyClicks(box._rows[0].edit, "x" * 55)
    assert box._rows[0]._left.full_text() == "5 too many"
    for _less in range(6):
        box._remove_option(0)
    assert len(page.model.draft.poll.options) == 2  # type: ignore[union-attr]


async def test_without_a_network_that_has_polls_there_is_none(planned: Planned, qtbot: QtBot, told: Told) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot)
    page._set(account_ids=(shop.accounts[2].id,))
    page.do_poll()
    assert page.model.draft.poll is None and told.toasts


async def test_removing_it_can_be_taken_back(planned: Planned, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui import notices

    undo: list[object] = []
    monkeypatch.setattr(notices, "toast", lambda text, **more: undo.append(more["undo"]))
    page = with_poll(Shop(planned), qtbot)
    QTest.keyClicks(page.writing.poll._rows[0].edit, "Si")
    page.writing.poll.removed.emit()
    assert page.model.draft.poll is None and not page.writing.poll.isVisible()
    undo[0]()  # type: ignore[operator]
    await done()
    assert page.model.draft.poll == Poll(("Si", ""))

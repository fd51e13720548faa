"""What is hard on a composer: pasted controls, very long texts, polls without words, lost accounts."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from pytestqt.qtbot import QtBot

from cmdesk.model import DeliveryState, Poll
from cmdesk.planning.splitting import longest
from cmdesk.store import planning as store
from tests.ui.composer.shop import Shop
from tests.ui.planned import Planned, Told, done
from ui.composer.page import LONG
from ui.widgets.page import Target


async def test_controls_that_no_network_takes_are_not_pasted(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    pasted = QMimeData()
    pasted.setText("uno\x00\x07 dos\r\n👨‍👩‍👧 مرحبا")
    page.editor.edit.insertFromMimeData(pasted)
    assert page.model.draft.text == "uno dos\n👨‍👩‍👧 مرحبا"


async def test_a_poll_needs_words_before_anybody_presses_a_button(planned: Planned, qtbot: QtBot, told: Told) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot)
    page._set(account_ids=(shop.accounts[0].id,), poll=Poll(("Sí", "No")))
    assert [each.code for each in page.review_now() if each.level == "error"] == ["empty_text"]
    assert not page.bar._now.isEnabled()
    page.do_publish_now()
    await done()
    assert told.errors == []


async def test_empty_choices_are_not_called_equal(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.insert("Votad")
    page.do_poll()
    codes = {each.code for each in page.review_now()}
    assert "poll_option_empty" in codes and "poll_option_twice" not in codes


async def test_the_preview_of_a_very_long_text_waits_for_a_pause(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.edit.setPlainText("palabra " * (LONG // 4))
    page.looking.previews.show_seen(page.model.seen())
    before = page.looking.previews.cards[0].paints
    page.editor.insert("más")
    assert page.looking.previews.cards[0].paints == before
    assert page._looks_timer.isActive()
    page._looks_timer.timeout.emit()
    assert page.looking.previews.cards[0].paints > before and not page._looks_timer.isActive()
    assert page.model.too_long() and not page.bar._now.isEnabled()


def test_what_fits_is_found_without_counting_all_that_is_behind() -> None:
    asked: list[int] = []

    def fits(text: str) -> bool:
        asked.append(len(text))
        return len(text) <= 300

    assert longest("x" * 60_000, fits) == 300
    assert max(asked) <= 1024
    assert longest("x" * 3_000, lambda text: len(text) <= 2_500) == 2_500
    assert longest("x" * 40, lambda _text: True) == 40 and longest("", lambda _text: True) == 0


async def test_an_account_that_is_disconnected_meanwhile_is_named(planned: Planned, qtbot: QtBot, told: Told) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot)
    page.editor.insert("hola")
    lost = shop.accounts[1]
    planned.desk.run_now(_disconnect, account_id=lost.id)
    page._directory.reload()
    page.show_all()
    assert page.writing.accounts._gone.isVisible() and lost.handle in page.writing.accounts._gone.full_text()
    assert "2" in page.bar._schedule.text()
    page.do_publish_now()
    await done()
    assert told.errors == [] and page.model.post_id is not None
    there = planned.desk.page(store.post, page.model.post_id).deliveries
    assert {each.account_id for each in there if each.state is DeliveryState.QUEUED} == {
        each.id for each in page.model.chosen
    }
    assert lost.id not in {each.account_id for each in there}


async def test_undo_never_brings_words_of_another_post(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot)
    page.editor.insert("secreto de otro cliente")
    page.editor.edit.selectAll()
    page.editor.insert("")
    page.open(Target("composer", "new", None, shop.brand))
    page.editor.edit.undo()
    assert page.editor.text() == "" and page.model.draft.text == ""


async def test_undo_in_words_of_ones_own_does_not_undo_the_common_ones(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.insert("hola")
    page.shaping.give_own("bluesky")
    page.editor.insert(" azul")
    page.editor.edit.undo()
    page.editor.edit.undo()
    assert page.model.draft.variants == {"bluesky": "hola"}
    page.model._save_soon()
    await done()
    page.editor.edit.redo()  # saving behind the typing keeps what can be redone
    assert page.model.draft.variants == {"bluesky": "hola azul"}


async def test_what_the_reviewer_mends_is_one_step_of_ctrl_z(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.insert("Hola  a todos, os esperamos")
    page.do_fix_all()
    assert page.model.draft.text == "Hola a todos, os esperamos"
    page.editor.edit.undo()
    assert page.model.draft.text == "Hola  a todos, os esperamos"
    page.editor.edit.redo()
    assert page.model.draft.text == "Hola a todos, os esperamos"


async def test_mending_the_common_words_gives_nobody_words_of_its_own(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.insert("Hola  a todos")
    page.do_add_part()
    page.editor.insert("y  más")
    page.shaping.give_own("bluesky")
    page.shaping.share("bluesky", 1)
    page.writing.tabs.choose("bluesky")
    page.do_fix_all()
    assert page.model.draft.parts[0].text == "y más" and page.model.draft.parts[0].variants == {}


async def test_an_hour_that_has_passed_is_said_before_the_button_is_pressed(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot, wall="2026-03-01T10:00")
    page.editor.insert("hola")
    assert "has passed" in page.bar._clocks.full_text() and not page.bar._schedule.isEnabled()
    assert page.bar._now.isEnabled()
    page.bar.set_wall("2026-03-10T10:00")
    assert page.bar._schedule.isEnabled()


def _disconnect(tx: object, *, account_id: int) -> None:
    tx.conn.execute("UPDATE account SET state = 'disconnected' WHERE id = ?", (account_id,))  # type: ignore[attr-defined]

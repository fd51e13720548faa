"""Publishing by hand at the screen (N26): add the place, be told, copy, say that it is out, another hour, give up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from cmdesk.clock import FixedClock
from cmdesk.commands import accounts as account_commands, by_hand as commands, circles, planning as deciding
from cmdesk.media import import_media
from cmdesk.model import AccountState, CalendarItem, Crop, DeliveryState, Part, PostStatus
from cmdesk.store import accounts, calendar, media, outbox_read, planning
from cmdesk.store.outbox_send import advance
from tests.ui.planned import Planned, Told, done
from ui import by_hand, waking
from ui.accounts.connect import ConnectDialog
from ui.accounts.page import AccountsPage
from ui.accounts.row import AbilityMark
from ui.by_hand import ByHandDialog
from ui.calendar.chip import look_of
from ui.composer.hours import At, Hours, sender_words
from ui.models.by_hand import ByHand
from ui.models.directory import Directory
from ui.models.shell import ShellModel
from ui.problems.page import ProblemsPage
from ui.tray import Tray
from ui.widgets import Banner

State = DeliveryState
Opener = Callable[[int], ByHandDialog]


@pytest.fixture
def place(planned: Planned) -> int:
    return planned.desk.run_now(
        commands.add_place, brand_id=planned.bakery, name="Estado de WhatsApp", page_url="web.whatsapp.com"
    )


@pytest.fixture
def opened(planned: Planned) -> Iterator[Opener]:
    window = QWidget()
    window.resize(1360, 860)
    dialogs: list[ByHandDialog] = []

    def opener(delivery_id: int) -> ByHandDialog:
        model = ByHand(planned.desk)
        task = model.task(delivery_id)
        assert task is not None
        dialogs.append(ByHandDialog(model, task, window, desk=planned.desk))
        dialogs[-1].open()
        return dialogs[-1]

    yield opener
    for dialog in dialogs:
        dialog.reject()
    window.deleteLater()


def plan(planned: Planned, place: int, text: str = "Hoy, roscón", **more: Any) -> int:
    post_id = planned.desk.run_now(deciding.save_post, brand_id=planned.bakery, text=text, account_ids=[place], **more)
    planned.desk.run_now(deciding.schedule, post_id=post_id, wall="2026-03-02T10:30", zone="Europe/Madrid")
    return post_id


def first(planned: Planned, post_id: int) -> int:
    return planned.desk.page(planning.post, post_id).deliveries[0].id


def due(planned: Planned, clock: FixedClock, minutes: int = 31) -> None:
    clock.advance(minutes * 60)
    planned.desk.run_now(advance)


def item(planned: Planned, clock: FixedClock) -> CalendarItem:
    from datetime import timedelta

    now = clock.now()
    found = planned.desk.page(
        calendar.calendar_items, brand_id=None, start=now - timedelta(days=1), end=now + timedelta(days=1)
    )
    return found[0]


async def test_a_place_is_added_without_credentials(planned: Planned, told: Told) -> None:
    brand = Directory(planned.desk).brand(planned.bakery)
    assert brand is not None
    window = QWidget()
    dialog = ConnectDialog(planned.desk, brand, window, network="manual")
    assert dialog._connect.text() == "Add the place"
    dialog.start()
    assert dialog._place._name.has_error()
    dialog._place.name.setText("Foro del barrio")
    dialog._place.page.setText("ftp://foro")
    dialog.start()
    assert dialog._place._page.has_error()
    dialog._place.page.setText("foro.example/nuevo")
    dialog._place.characters.setValue(2000)
    dialog.start()
    await done()
    assert dialog.account is not None and dialog.account.server == "https://foro.example/nuevo"
    assert dialog.account.capabilities["limits"]["characters"] == 2000  # type: ignore[index]
    window.deleteLater()


async def test_its_card_asks_no_network(planned: Planned, place: int, told: Told) -> None:
    page = AccountsPage(planned.context)
    page.resize(1200, 800)
    page.show()
    card = page._cards[place]
    assert not card.findChildren(AbilityMark)
    assert not [each for each in card.findChildren(QPushButton) if each.isVisibleTo(card) and each.text() == "Try now"]
    page._probe_all()
    account = await account_commands.probe(planned.desk, account_id=place)
    assert account.state is AccountState.OK
    assert await account_commands.disconnect(planned.desk, account_id=place)
    assert planned.desk.page(accounts.account, place).state is AccountState.DISCONNECTED
    planned.desk.run_now(account_commands.resume, account_id=place)
    assert planned.desk.page(accounts.account, place).state is AccountState.OK
    await done()
    page.hide()
    page.deleteLater()


async def test_text_is_copied_and_it_is_out_with_its_address(
    planned: Planned, place: int, clock: FixedClock, opened: Opener
) -> None:
    post_id = plan(planned, place, parts=(Part("y por la tarde, torrijas"),))
    due(planned, clock)
    dialog = opened(first(planned, post_id))
    assert "It is time" in dialog.lead.text() or "late" in dialog.lead.text()
    assert len(dialog.copies) == 2
    dialog.copies[1].click()
    assert QGuiApplication.clipboard().text() == "y por la tarde, torrijas" and dialog.copies[1].copied
    assert not dialog.copies[0].copied
    dialog.url.setText("no es una dirección")
    QTest.keyClick(dialog.url, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await done()
    assert dialog._url.has_error() and dialog.done_with is None
    dialog.url.setText("chat.example/estado/1")
    QTest.keyClick(dialog.url, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await done()
    post = planned.desk.page(planning.post, post_id)
    assert post.status is PostStatus.PUBLISHED
    assert post.deliveries[0].remote_url == "https://chat.example/estado/1"


async def test_for_whom_it_is_stands_above_it(planned: Planned, clock: FixedClock, place: int, opened: Opener) -> None:
    circle = planned.desk.run_now(circles.save_circle, brand_id=planned.bakery, name="Clientes")
    post = plan(planned, place, circles=(circle,))
    due(planned, clock)
    dialog = opened(first(planned, post))
    assert any("It is only for Clientes" in each.label.text() for each in dialog.findChildren(Banner))
    other = opened(first(planned, plan(planned, place, "Para todo el mundo")))
    assert not any("only for" in each.label.text() for each in other.findChildren(Banner))


async def test_pictures_are_copied_and_saved_as_they_were_cropped(
    planned: Planned, place: int, clock: FixedClock, opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "roscon.png"
    picture = QImage(400, 200, QImage.Format.Format_RGB32)
    picture.fill(QColor("#c2703d"))
    assert picture.save(str(file))
    info = import_media(file, planned.desk.media_folder)
    media_id = planned.desk.run_now(media.add_media, planned.bakery, info).id
    crops = {(media_id, ""): Crop(0.25, 0.0, 0.5, 1.0)}
    post_id = plan(planned, place, media=[(media_id, "Un roscón con nata")], crops=crops)
    due(planned, clock)
    dialog = opened(first(planned, post_id))
    (cell,) = dialog.cells
    cell.copy.click()
    shown = QGuiApplication.clipboard().image()
    assert (shown.width(), shown.height()) == (200, 200)
    dialog.copies[1].click()
    assert QGuiApplication.clipboard().text() == "Un roscón con nata"
    folder = tmp_path / "out"
    folder.mkdir()

    async def chosen(*_args: object) -> Path:
        return folder

    monkeypatch.setattr("ui.by_hand.dialog.choose_folder", chosen)
    dialog.save.click()
    await done()
    assert [QImage(str(each)).size().toTuple() for each in folder.iterdir()] == [(200, 200)]
    assert dialog.save.text() == "1 picture is saved"


async def test_before_its_hour_it_can_be_published_too(planned: Planned, place: int, opened: Opener) -> None:
    post_id = plan(planned, place)
    dialog = opened(first(planned, post_id))
    assert "you may publish it before" in dialog.lead.text()
    dialog.finish()
    await done()
    assert planned.desk.page(planning.post, post_id).status is PostStatus.PUBLISHED


async def test_it_can_wait_or_be_given_up_and_taken_back(
    planned: Planned, place: int, clock: FixedClock, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_id = plan(planned, place)
    due(planned, clock)
    window = QWidget()

    async def give_up(dialog: ByHandDialog) -> bool:
        await dialog._give_up()
        dialog.deleteLater()
        return True

    monkeypatch.setattr(ByHandDialog, "ask", give_up)
    assert await by_hand.open_task(planned.desk, window, planned.context.undo, first(planned, post_id))
    assert planned.desk.page(planning.post, post_id).status is PostStatus.CANCELLED
    planned.undo_last()
    assert planned.desk.page(planning.post, post_id).deliveries[0].state is State.MANUAL

    async def another(dialog: ByHandDialog) -> bool:
        dialog._another_hour()
        dialog.deleteLater()
        return True

    async def tomorrow(dialog: waking.WakingDialog) -> bool:
        assert dialog.rows[0].when.isVisibleTo(dialog)
        await dialog._decide()
        dialog.deleteLater()
        return True

    monkeypatch.setattr(ByHandDialog, "ask", another)
    monkeypatch.setattr(waking.WakingDialog, "ask", tomorrow)
    assert await by_hand.open_task(planned.desk, window, planned.context.undo, first(planned, post_id))
    after = planned.desk.page(planning.post, post_id)
    assert after.status is PostStatus.SCHEDULED and after.targets[0].wall == "2026-03-02T12:00"
    window.deleteLater()


async def test_it_is_told_once_and_stands_among_the_problems(
    planned: Planned, place: int, clock: FixedClock, told: Told
) -> None:
    post_id = plan(planned, place, parts=(Part("y por la tarde, torrijas"),))
    home = QWidget()
    model = ShellModel(planned.desk, Directory(planned.desk, home), home)
    tray = Tray(planned.desk, model, home)
    due(planned, clock)
    model.reload()
    assert tray.messages() == [("Time to publish on Estado de WhatsApp: Hoy, roscón", "problems")]
    tray._look()
    assert tray.messages() == []
    assert model.problems(None) == 1  # one task, however many parts
    page = ProblemsPage(planned.context)
    page.resize(1000, 700)
    page.show()
    assert len(page._cards) == 1
    texts = [each.text() for each in page._cards[0].findChildren(QPushButton)]
    assert texts == ["Publish by hand…", "Another hour…", "Back to drafts", "Do not publish"]
    page._pressed(page._cards[0].problem, "draft")
    await done()
    assert planned.desk.page(planning.post, post_id).status is PostStatus.DRAFT
    assert planned.desk.page(outbox_read.problem_count) == 0
    tray.close()
    page.hide()
    page.deleteLater()
    home.deleteLater()


def test_calendar_and_composer_say_by_hand(planned: Planned, place: int, clock: FixedClock) -> None:
    plan(planned, place)
    account = planned.desk.page(accounts.account, place)
    hours = Hours(At("2026-03-02T10:30", "Europe/Madrid"))
    assert sender_words(account, hours) == "Estado de WhatsApp: by hand, you will be reminded"
    due(planned, clock)
    assert look_of(item(planned, clock)).icon == "hand"

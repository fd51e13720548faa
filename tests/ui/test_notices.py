"""Telling and asking: nothing said before a window exists is lost, no error of a coroutine is lost."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication

from cmdesk.errors import Offline
from tests.ui.planned import Planned, Told
from ui import notices
from ui.bridge import Changes, Topic, pending, settle, spawn
from ui.notices import Choice, Question


@pytest.fixture(autouse=True)
def _no_presenter() -> None:
    notices.set_presenter(None)
    notices._waiting.clear()


def test_what_is_said_early_is_shown_later_in_order() -> None:
    notices.tell("one")
    notices.error(Offline(detail="plaza.example"))
    notices.toast("two", undo=lambda: None)
    assert notices.waiting() == 3
    told = Told()
    notices.set_presenter(told)
    assert told.toasts == ["one", "two"]
    assert len(told.errors) == 1 and "plaza.example" in told.errors[0]
    assert notices.waiting() == 0


def test_too_many_early_notices_drop_the_oldest() -> None:
    for number in range(60):
        notices.tell(str(number))
    told = Told()
    notices.set_presenter(told)
    assert told.toasts[0] == "10" and len(told.toasts) == 50


async def test_a_question_asked_early_is_answered_when_somebody_can() -> None:
    asking = asyncio.ensure_future(notices.ask(Question("Sure?", choices=(Choice("yes", "Yes"), Choice("no", "No")))))
    await asyncio.sleep(0)
    notices.set_presenter(Told())
    answer = await asking
    assert answer is not None and answer.key == "yes"


def test_our_own_faults_are_logged_with_their_traceback(caplog: pytest.LogCaptureFixture) -> None:
    told = Told()
    notices.set_presenter(told)
    with caplog.at_level(logging.ERROR):
        notices.error(ZeroDivisionError("x"), doing="count")
    assert "count failed" in caplog.text and "ZeroDivisionError" in caplog.text
    assert told.errors == ["Something went wrong inside the program"]


async def test_an_error_in_a_spawned_coroutine_reaches_the_person(qapp: QApplication) -> None:
    told = Told()
    notices.set_presenter(told)

    async def broken() -> None:
        raise Offline(detail="plaza.example")

    task = spawn(broken(), name="read")
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert len(told.errors) == 1
    assert pending() == 0


async def test_an_error_that_its_caller_handles_is_not_told(qapp: QApplication) -> None:
    told = Told()
    notices.set_presenter(told)
    seen: list[Exception] = []

    async def broken() -> None:
        raise Offline()

    task = spawn(broken(), on_error=lambda error: not seen.append(error))
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert len(seen) == 1 and told.errors == []


async def test_a_coroutine_ends_with_its_owner(qapp: QApplication) -> None:
    owner = QObject()
    started = asyncio.Event()

    async def forever() -> None:
        started.set()
        await asyncio.Event().wait()

    task = spawn(forever(), owner)
    await started.wait()
    owner.deleteLater()
    await asyncio.wait([task], timeout=2)
    assert task.cancelled()


async def test_settle_ends_what_is_left(qapp: QApplication) -> None:
    task = spawn(asyncio.sleep(60))
    await asyncio.sleep(0)
    await settle()
    assert task.cancelled() and pending() == 0


async def test_changes_arrive_on_the_thread_of_the_window(planned: Planned) -> None:
    heard: list[tuple[bool, Changes]] = []
    home = QThread.currentThread()
    planned.bridge.changed.connect(lambda changes: heard.append((QThread.currentThread() is home, changes)))
    changes = Changes({(Topic.CONVERSATION, planned.bakery): [7]})
    thread = threading.Thread(target=planned.desk.changes.announce, args=(changes,))
    thread.start()
    thread.join()
    assert heard == []  # queued, not called on the foreign thread
    for _turn in range(100):
        await asyncio.sleep(0.01)
        if heard:
            break
    assert heard[0][0]
    assert heard[0][1].ids(Topic.CONVERSATION) == {7}

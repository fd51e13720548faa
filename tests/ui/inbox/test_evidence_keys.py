"""Hiding and deleting from the inbox: with a reason, frozen first, and the public note why."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QApplication

from cmdesk.store import evidence
from tests.ui.inbox.helpers import Talk, shown
from tests.ui.planned import Planned, done
from ui.inbox.evidence_deeds import EvidenceDialog
from ui.inbox.page import InboxPage


async def _dialog() -> EvidenceDialog:
    for _turn in range(200):
        found = [each for each in QApplication.topLevelWidgets() if isinstance(each, EvidenceDialog)]
        if any(each.isVisible() for each in found):
            return next(each for each in found if each.isVisible())
        await asyncio.sleep(0.01)
    raise AssertionError("nothing was asked")


async def test_hiding_asks_freezes_and_prepares_the_note(talk: Talk, page: InboxPage, planned: Planned) -> None:
    one = talk.hear("Sois basura", name="Tro")
    await shown(page)
    page.go_to(one)
    await done()
    page.do_hide()
    dialog = await _dialog()
    dialog.try_accept()
    assert dialog.isVisible(), "nothing without a reason"
    dialog.reason.setCurrentIndex(1)
    dialog.public.setChecked(True)
    dialog.try_accept()
    for _turn in range(20):
        await done()
    assert len(planned.desk.page(evidence.vault, planned.bakery)) == 1
    assert page._shown == one and page.talk.reply.text(), "the public note is prepared, not sent"
    assert talk.conversation(one).outgoing == ""

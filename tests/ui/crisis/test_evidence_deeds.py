"""Hiding asks for a reason, freezes with a picture of what was shown, and only then puts the conversation away."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cmdesk.care.evidence import Why
from cmdesk.i18n import language
from cmdesk.model import ConversationState
from cmdesk.networks.base import Author, Incoming, Kind, Page
from cmdesk.store import conversations, evidence, inbox
from cmdesk.sync.ingest import ingest_page
from tests.ui.planned import Planned, Told, done
from ui.inbox import evidence_deeds
from ui.inbox.evidence_deeds import EvidenceDeeds, EvidenceDialog, public_note


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def hear(planned: Planned, *, own: bool = False, text: str = "sois unos <b>ladrones</b>") -> int:
    account_id = planned.accounts(planned.bakery)[0]
    me = Author(f"mastodon-{planned.bakery}", "panadería@mastodon.example", "Panadería")
    items = [Incoming("m1", Kind.MENTION, Author("p1", "maria@plaza.example", "María"), planned.desk.clock.now(), text,
                      url="https://plaza.example/1", language="es")]  # fmt: skip
    if own:
        items.append(Incoming("o1", Kind.OWN, me, planned.desk.clock.now(), "perdón", parent_id="m1"))
    planned.desk.run_now(ingest_page, account_id, "notifications", Page(tuple(items), None, False))
    found = planned.desk.page(inbox.message_by_remote_id, account_id, "o1" if own else "m1")
    assert found is not None
    return found.id


async def test_hiding_freezes_first_with_a_picture(
    planned: Planned, owner: QWidget, monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    number = hear(planned)
    opened: list[str] = []
    monkeypatch.setattr(evidence_deeds, "open_web", lambda url: opened.append(url) or True)

    async def ask(dialog: EvidenceDialog) -> bool:
        dialog.try_accept()
        assert dialog._field.has_error(), "nothing without a reason"
        dialog.reason.setCurrentIndex(dialog.reason.findData(Why.INSULT.value))
        dialog.note.setPlainText("third time")
        dialog.report.setChecked(True)
        dialog.public.setChecked(True)
        return True

    monkeypatch.setattr(EvidenceDialog, "ask", ask)
    deeds = EvidenceDeeds(planned.context, owner)
    wanted: list[tuple[int, str]] = []
    deeds.text_wanted.connect(lambda conversation, text: wanted.append((conversation, text)))
    deeds.hide(number)
    await done()
    (record,) = planned.desk.page(evidence.vault, planned.bakery)
    assert (record.reason, record.note, record.content["deed"]) == ("insult", "third time", "reported")
    (file, _sha) = record.files[0]
    picture = QImage(str(planned.desk.media_folder / file))
    assert picture.width() == 1200 and picture.height() > 200
    assert record.conversation_id is not None
    talk = planned.desk.page(conversations.conversation, record.conversation_id)
    assert talk.state is ConversationState.IGNORED
    assert opened == ["https://plaza.example/1"]
    assert wanted == [(talk.id, public_note("es"))]
    assert list((planned.desk.profile / "tmp").iterdir()) == []
    planned.undo_last()
    assert planned.desk.page(conversations.conversation, talk.id).state is ConversationState.OPEN
    assert len(told.toasts) == 1 and not told.errors


async def test_an_own_answer_is_frozen_and_deleted(
    planned: Planned, owner: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = hear(planned, own=True)

    async def ask(dialog: EvidenceDialog) -> bool:
        assert not dialog.report.isVisibleTo(dialog)
        dialog.reason.setCurrentIndex(dialog.reason.findData(Why.MISTAKE.value))
        return True

    monkeypatch.setattr(EvidenceDialog, "ask", ask)
    EvidenceDeeds(planned.context, owner).delete(number)
    await done()
    (record,) = planned.desk.page(evidence.vault, planned.bakery)
    assert record.content["deed"] == "deleted"


async def test_dismissed_nothing_happens(planned: Planned, owner: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    number = hear(planned)

    async def ask(dialog: EvidenceDialog) -> bool:
        return False

    monkeypatch.setattr(EvidenceDialog, "ask", ask)
    EvidenceDeeds(planned.context, owner).hide(number)
    await done()
    assert planned.desk.page(evidence.vault, planned.bakery) == []


def test_the_public_note_speaks_the_persons_language(planned: Planned) -> None:
    assert language() == "en"
    assert public_note("es") != public_note("en")
    assert public_note("fr") == public_note("en")


@pytest.mark.parametrize("text", ["", "x" * 100_000, "😀" * 500, "שלום \u202e עולם", "a\n" * 300])
def test_any_message_is_drawn(planned: Planned, text: str) -> None:
    message = planned.desk.page(inbox.message, hear(planned, text=text))
    assert message is not None
    data = evidence_deeds.picture_of(message, network="Mastodon", server="https://plaza.example", shown_at="today")
    assert data.startswith(b"\x89PNG")

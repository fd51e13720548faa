"""W2, W3, N22: nothing is hidden or deleted before it was frozen, with a reason; the vault can be checked."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from cmdesk.care.evidence import Why
from cmdesk.commands import evidence as deciding, inbox as answering
from cmdesk.desk import DATABASE
from cmdesk.errors import Conflict, Invalid
from cmdesk.i18n import using
from cmdesk.model import ConversationState
from cmdesk.networks.base import Attachment, Author, Incoming, Kind, Page
from cmdesk.planning.settling import Outcome
from cmdesk.reports.evidence import export
from cmdesk.store import conversations, evidence, inbox, outbox_actions
from cmdesk.store.db import Transaction
from cmdesk.store.outbox_state import Found, publish, row_of
from cmdesk.sync import keeping
from cmdesk.sync.ingest import ingest_page
from tests.core.commands.conftest import World

INSULT = "sois unos <b>ladrones</b> & \u202emás"


def message_of(world: World, remote_id: str = "m1") -> int:
    found = world.desk.page(inbox.message_by_remote_id, world.account, remote_id)
    assert found is not None
    return found.id


def out(tx: Transaction, delivery_id: int, remote_id: str) -> None:
    """Let a delivery be at the network, as its answer said."""
    publish(tx, row_of(tx.conn, delivery_id), Found(remote_id, "id-alba", "https://plaza.example/@alba/1"))


def heard(world: World, text: str = INSULT, **more: object) -> int:
    world.hear(text, remote_id="m1", url="https://plaza.example/@maria/1", **more)
    return message_of(world)


def test_everything_known_of_a_message_is_frozen(world: World) -> None:
    pictures = (Attachment("image", "https://plaza.example/i.png", alt="una factura"),)
    number = heard(world, attachments=pictures)
    world.clock.advance(60)
    edited = world.clock.now()
    world.hear("sois unos ladrones, y punto", remote_id="m1", edited_at=edited, minutes=1, attachments=pictures)
    record = world.desk.run_now(deciding.freeze, message_id=number, reason="insult", note="  third time ")
    found = world.desk.page(evidence.evidence, record)
    assert (found.brand_id, found.message_id, found.reason, found.note) == (world.brand, number, "insult", "third time")
    told = found.content
    assert told["text"] == "sois unos ladrones, y punto"
    assert [each["text"] for each in told["edits"]] == [INSULT]  # type: ignore[attr-defined,index]
    assert told["author"] == {
        "name": "María", "handle": "maria@plaza.example", "remote_id": "p1", "profile_url": "", "followers": None,
    }  # fmt: skip
    assert told["attachments"] == [
        {"kind": "image", "url": "https://plaza.example/i.png", "alt": "una factura", "file": "", "at_hand": False}
    ]
    assert told["network"] == "mastodon" and told["server"] == "https://plaza.example"
    assert world.desk.page(evidence.check_chain, world.brand) == []
    assert world.desk.page(evidence.of_message, number) == [record]


def test_hiding_needs_a_reason_and_freezes_first(world: World) -> None:
    number = heard(world)
    with pytest.raises(Invalid):
        world.desk.run_now(deciding.hide, message_id=number, reason="")
    assert world.desk.page(evidence.vault, world.brand) == []
    done = world.desk.store.write(deciding.hide, message_id=number, reason="insult").result()
    (record,) = world.desk.page(evidence.vault, world.brand)
    assert record.id == done.value and record.content["deed"] == "hidden"
    assert record.conversation_id is not None
    talk = world.desk.page(conversations.conversation, record.conversation_id)
    assert (talk.state, talk.ignore_reason) == (ConversationState.IGNORED, "troll")
    assert done.undo is not None
    world.desk.run_now(done.undo.command, **done.undo.args)
    assert world.desk.page(conversations.conversation, talk.id).state is ConversationState.OPEN
    assert len(world.desk.page(evidence.vault, world.brand)) == 1, "what was frozen stays"


def test_an_own_answer_is_frozen_before_it_is_deleted(world: World) -> None:
    heard(world)
    with pytest.raises(Invalid):
        world.desk.run_now(deciding.delete_answer, message_id=message_of(world), reason="mistake")
    assert world.desk.page(evidence.vault, world.brand) == [], "both or neither"
    world.hear("perdón", remote_id="own", kind=Kind.OWN, author=Author("id-alba", "alba"), parent_id="m1")
    own = message_of(world, "own")
    record = world.desk.run_now(deciding.delete_answer, message_id=own, reason="mistake")
    assert world.desk.page(evidence.evidence, record).content["deed"] == "deleted"
    with pytest.raises(Invalid):
        world.desk.run_now(deciding.hide, message_id=own, reason="mistake")


def test_an_answer_is_deleted_before_any_stream_has_shown_it(world: World) -> None:
    talk = world.hear("¿abrís hoy?", remote_id="m1")
    sent = world.desk.run_now(answering.reply, conversation_id=talk, text="qué pesado", now=True)
    with pytest.raises(Conflict):
        world.desk.run_now(deciding.delete_answer, message_id=-sent, reason="mistake")  # it has not left
    world.desk.run_now(out, sent, "own")
    (own,) = [each for each in world.desk.page(inbox.thread, talk) if each.id < 0]
    record = world.desk.page(
        evidence.evidence, world.desk.run_now(deciding.delete_answer, message_id=own.id, reason="mistake")
    )
    assert (record.message_id, record.conversation_id) == (None, talk)
    assert record.content["remote_id"] == "own" and "qué pesado" in str(record.content["text"])
    (action,) = world.desk.page(outbox_actions.due_actions, account_id=world.account, now=world.clock.now())
    assert (action.act, action.target["remote_id"], action.delivery_id) == ("delete", "own", sent)
    world.desk.run_now(outbox_actions.record_action, action.id, Outcome.YES)
    assert [each.direction for each in world.desk.page(inbox.thread, talk)] == ["in"]
    # A stream that shows it late does not bring it back.
    late = Incoming(
        "own", Kind.OWN, Author("id-alba", "alba"), world.clock.now(), text="qué pesado", parent_id="m1"
    )  # fmt: skip
    world.desk.run_now(ingest_page, world.account, "own", Page((late,), None, False))
    assert [each.direction for each in world.desk.page(inbox.thread, talk)] == ["in"]


def test_what_was_deleted_is_gone_here_at_once_unless_the_network_refuses(world: World) -> None:
    heard(world)
    world.hear("perdón", remote_id="own", kind=Kind.OWN, author=Author("id-alba", "alba"), parent_id="m1")
    own = message_of(world, "own")
    for outcome in (Outcome.NO, Outcome.YES):
        world.desk.run_now(deciding.delete_answer, message_id=own, reason="mistake")
        action = world.desk.page(outbox_actions.due_actions, account_id=world.account, now=world.clock.now())[-1]
        world.desk.run_now(outbox_actions.record_action, action.id, outcome)
        known = world.desk.page(inbox.message, own)
        assert known is not None
        assert (known.text, known.deleted_at is None) == (("perdón", True) if outcome is Outcome.NO else ("", False))


def test_a_message_that_is_not_there_and_a_note_without_end(world: World) -> None:
    with pytest.raises(Conflict):
        world.desk.run_now(deciding.freeze, message_id=1, reason="insult")
    number = heard(world, text="x" * 100_000)
    with pytest.raises(Invalid):
        world.desk.run_now(deciding.freeze, message_id=number, reason="insult", note="n" * 10_001)
    world.desk.run_now(deciding.freeze, message_id=number, reason="other")
    assert world.desk.page(evidence.check_chain, world.brand) == []


def test_pictures_at_hand_are_kept_by_their_hash(world: World, tmp_path: Path) -> None:
    url = "https://plaza.example/i.png"
    number = heard(world, attachments=(Attachment("image", url), Attachment("image", "https://plaza.example/gone.png")))
    cache = world.desk.profile / "cache" / "pictures"
    cache.mkdir(parents=True)
    Image.new("RGB", (40, 30), "red").save(cache / f"{hashlib.sha256(url.encode()).hexdigest()[:40]}-320.png")
    shown = tmp_path / "shown.png"
    Image.new("RGB", (60, 50), "white").save(shown)
    kept = keeping.gather(world.desk, number, rendered=shown)
    assert [(each.role, each.width) for each in kept] == [("attached", 40), ("rendered", 60)]
    record = world.desk.page(
        evidence.evidence, world.desk.run_now(deciding.freeze, message_id=number, reason="insult", files=kept)
    )
    assert [each["at_hand"] for each in record.content["attachments"]] == [True, False]  # type: ignore[attr-defined]
    for name, sha256 in record.files:
        data = (world.desk.media_folder / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == sha256
    assert record.content["rendered"] == kept[1].name


def test_tampering_with_the_file_is_seen(world: World) -> None:
    number = heard(world)
    for _ in range(4):
        world.desk.run_now(deciding.freeze, message_id=number, reason="insult")
    ids = sorted(each.id for each in world.desk.page(evidence.vault, world.brand))
    database = world.desk.profile / DATABASE
    with sqlite3.connect(database) as conn:
        with pytest.raises(sqlite3.DatabaseError):
            conn.execute("UPDATE evidence SET note = 'x'")
        conn.execute("DROP TRIGGER evidence_stays")
        conn.execute("UPDATE evidence SET reason = 'spam' WHERE id = ?", (ids[1],))
    conn.close()
    assert world.desk.page(evidence.check_chain, world.brand) == [ids[1]]
    with sqlite3.connect(database) as conn:
        conn.execute("DELETE FROM evidence WHERE id = ?", (ids[3],))
    conn.close()
    assert world.desk.page(evidence.check_chain, world.brand) == [ids[1], ids[3]]
    assert world.desk.page(evidence.check_chain, world.other) == []
    later = world.desk.run_now(deciding.freeze, message_id=number, reason="insult")
    assert world.desk.page(evidence.check_chain, world.brand) == [ids[1], later], "built on the one that is missing"


@pytest.mark.parametrize("name", ["case.zip", "case"])
def test_the_export_can_be_read_and_checked_without_the_program(world: World, tmp_path: Path, name: str) -> None:
    number = heard(world, attachments=(Attachment("image", "https://plaza.example/<x>.png"),))
    shown = tmp_path / "shown.png"
    Image.new("RGB", (60, 50), "white").save(shown)
    kept = keeping.gather(world.desk, number, rendered=shown)
    world.desk.run_now(deciding.freeze, message_id=number, reason="threat", note="<script>", files=kept)
    target = tmp_path / name
    records = list(reversed(world.desk.page(evidence.vault, world.brand)))
    with using("es"):
        files = export(
            records, brand="Café <Alba>", media_folder=world.desk.media_folder, target=target,
            made_at=world.clock.now() + timedelta(hours=1),
        )  # fmt: skip
    folder = tmp_path / "unpacked" if name.endswith(".zip") else target
    if name.endswith(".zip"):
        with zipfile.ZipFile(target) as packed:
            packed.extractall(folder)
    assert (
        sorted(files)
        == sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        == ["SHA256SUMS", "evidence.json", "index.html", f"pictures/{kept[0].name}"]
    )
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        sha256, _, file = line.partition("  ")
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == sha256
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "<script>" not in page and "<b>ladrones" not in page and "\u202e" not in page.replace(INSULT, "")
    whole = json.loads((folder / "evidence.json").read_text(encoding="utf-8"))
    (told,) = whole["records"]
    parts = {key: told[key] for key in ("at", "brand", "content", "conversation", "files", "message", "note", "reason")}
    plain = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(plain.encode()).hexdigest() == told["sha256"]
    if not name.endswith(".zip"):
        with pytest.raises(Invalid):
            export(records, brand="x", media_folder=world.desk.media_folder, target=target, made_at=world.clock.now())
    with pytest.raises(Invalid):
        export(
            records,
            brand="x",
            media_folder=world.desk.media_folder,
            target=tmp_path / "shown.png" / name,
            made_at=world.clock.now(),
        )


def test_every_reason_can_be_given(world: World) -> None:
    number = heard(world)
    for each in Why:
        world.desk.run_now(deciding.freeze, message_id=number, reason=each.value)
    assert world.desk.page(evidence.check_chain, world.brand) == []

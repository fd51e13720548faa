"""Real servers: a complaint from its arrival to its end, evidence of what was really written, a crisis that holds."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cmdesk.care.evidence import Deed, Why
from cmdesk.care.values import CaseState, Outcome, PublicClose
from cmdesk.commands import brands, cases, crisis as emergency, evidence
from cmdesk.desk import Desk
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import ActionState, ConversationState, DeliveryState, Direction, Message
from cmdesk.planning.zones import to_wall
from cmdesk.reports import evidence as for_a_lawyer
from cmdesk.store import (
    cases as kept_cases,
    crisis as crises,
    evidence as vault,
    inbox,
    outbox,
    outbox_actions,
    triage,
)
from cmdesk.store.db import Reader
from cmdesk.sync.keeping import gather
from tests.servers.days import OUT, add, confirmed, conversation, copies
from tests.servers.people import BRAND, Person, photo, until
from tests.servers.sides import Side, There

pytestmark = [pytest.mark.servers, pytest.mark.timeout(900)]

COMPLAINT = "Pedí una tarta para mi hija y llegó rota. Muy mal servicio, es la segunda vez 😡"


def test_a_complaint_is_carried_to_its_end(person: Person, side: Side, figures: dict[str, str]) -> None:
    # A public complaint is judged as it comes in.
    complaint = side.mention(f"{side.called} {COMPLAINT}")
    talk = conversation(person, "tarta")["id"]
    due = datetime.now(UTC) + timedelta(hours=4)
    with person.desk() as desk:
        (said,) = desk.page(inbox.thread, talk)
        verdict = desk.page(triage.verdicts, [said.id])[said.id]
        assert (verdict.language, verdict.sentiment, verdict.kind) == ("es", "negative", "complaint")
        assert verdict.urgency >= 1 and verdict.reasons
        row = desk.page(inbox.conversation, talk)
        assert (row.sentiment, row.intent, row.language) == ("negative", "complaint", "es")
        assert row.urgency == verdict.urgency

        # "We are on it": the answer and its promise, or neither.
        with pytest.raises(Invalid):
            desk.run_now(cases.interim, conversation_id=talk, text="Tarde", due_at=due - timedelta(days=2), now=True)
        done = desk.store.write(cases.interim, conversation_id=talk, text="Esto no sale", due_at=due).result()
        assert done.undo is not None and len(desk.page(kept_cases.open_promises, talk)) == 1
        desk.run_now(done.undo.command, **done.undo.args)
        assert desk.page(kept_cases.open_promises, talk) == []
        words = "Ya lo estamos mirando: hoy mismo te decimos qué ha pasado."
        interim = desk.run_now(cases.interim, conversation_id=talk, text=words, due_at=due)
        (promised,) = desk.page(kept_cases.open_promises, talk)
        assert abs(promised.due_at - due) < timedelta(milliseconds=1) and promised.text == words
    assert nothing_of(side, "Ya lo estamos mirando")  # it can be taken back for some seconds
    person.run("publish")
    (there,) = copies(side, "Ya lo estamos mirando")
    assert there.parent_id == complaint and words in side.seen(there.remote_id).text
    assert nothing_of(side, "Tarde", "Esto no sale")
    read_back(person, interim)
    assert person.json("publish") == [] and len(copies(side, "Ya lo estamos mirando")) == 1

    # It becomes a case that cannot be closed while the promise is open.
    with person.desk() as desk:
        case = desk.run_now(cases.open_case, conversation_id=talk, cause="Pedido dañado")
        assert [each.id for each in desk.page(kept_cases.case_file, case).open_promises] == [promised.id]
        with pytest.raises(Conflict, match="closed yet") as refused:
            desk.run_now(cases.close_case, case_id=case, outcome=Outcome.WON_BACK)
        assert refused.value.code == "promise_open"
    (listed,) = person.json("case", "list")
    assert listed["brand"] == BRAND and listed["state"] == CaseState.OPEN

    if side.private:
        in_private(person, side, talk, case)
    else:
        refused_at_once(person, side, talk, case)

    # Solved; what went private is closed in public, where it began.
    with person.desk() as desk:
        desk.run_now(cases.keep_promise, promise_id=promised.id)
        desk.run_now(cases.solve_case, case_id=case, solution="Otra tarta y una de regalo.")
        solved = desk.page(kept_cases.case, case)
        wanted = PublicClose.WANTED if side.private else PublicClose.NONE
        assert (solved.state, solved.public_close) == (CaseState.SOLVED, wanted)
        assert solved.follow_up_at is not None and solved.follow_up_at > datetime.now(UTC) + timedelta(days=2)
        assert desk.page(inbox.conversation, talk).state is ConversationState.SOLVED
        closing = desk.run_now(cases.close_in_public, case_id=case, text="Solucionado, gracias por avisarnos", now=True)
        assert desk.page(kept_cases.case, case).public_close is PublicClose.DONE
    person.run("publish")
    (there,) = copies(side, "Solucionado, gracias")
    assert there.parent_id == complaint and side.seen(there.remote_id).text == there.text
    read_back(person, closing)
    with person.desk() as desk:
        assert desk.page(inbox.conversation, talk).state is ConversationState.SOLVED
        desk.run_now(cases.follow_up, case_id=case, satisfaction=5, note="«Riquísima»")
        desk.run_now(cases.close_case, case_id=case, outcome=Outcome.WON_BACK)
    (shown,) = person.json("case", "show", str(listed["number"]))
    assert (shown["state"], shown["outcome"], shown["satisfaction"]) == (CaseState.CLOSED, Outcome.WON_BACK, 5)
    for text in ("Ya lo estamos mirando", "Solucionado, gracias"):
        assert len(copies(side, text)) == 1
    how = "in private and back" if side.private else "private refused at once (no chat here)"
    figures[f"{side.name}: a complaint"] = f"judged, interim answer once, case, {how}, closed in public, followed up"


def in_private(person: Person, side: Side, talk: int, case: int) -> None:
    """Move the case to a private conversation, hear the person there, and answer once more."""
    with person.desk() as desk:
        first = desk.run_now(
            cases.go_private, conversation_id=talk, text="Dinos tu número de pedido y te llamamos", now=True
        )
        private = desk.page(kept_cases.case, case).private_conversation_id
        assert private is not None and private != talk
    person.run("publish")
    with person.desk() as desk:
        sent = desk.page(outbox.delivery, first)
        assert sent.state in (DeliveryState.PUBLISHED, DeliveryState.CONFIRMED) and sent.visibility == "direct"
    (whisper,) = until(lambda: whispers(side, "número de pedido"), "the private answer at the person's")
    assert whisper.remote_id == sent.remote_id
    assert copies(side, "número de pedido") == []  # nobody else is shown it

    side.whisper(whisper.remote_id, "Es el pedido 4711, en la calle Cirilo")
    assert conversation(person, "Cirilo")["id"] == private
    with person.desk() as desk:
        heard = desk.page(inbox.thread, private)
        assert [each.direction for each in heard] == [Direction.OUT, Direction.IN]
        assert {each.visibility for each in heard} == {"direct"} and "4711" in heard[-1].text
        assert desk.page(inbox.conversation, private).state is ConversationState.OPEN
        assert desk.page(kept_cases.case, case).private_conversation_id == private
        assert "4711" not in "".join(each.text for each in desk.page(inbox.thread, talk))

        # Going on in private is the same conversation, and nothing else.
        with pytest.raises(Invalid) as already:
            desk.run_now(cases.go_private, conversation_id=private, text="Otra vez", now=True)
        assert already.value.code == "already_private"
        desk.run_now(cases.go_private, conversation_id=talk, text="Mañana a las diez la tienes", now=True)
        assert desk.page(kept_cases.case, case).private_conversation_id == private
    person.run("publish")
    until(lambda: whispers(side, "Mañana a las diez"), "the second private answer")
    person.run("sync")
    with person.desk() as desk:
        assert len(desk.page(inbox.thread, private)) == 3
        assert desk.page(outbox.delivery, first).verified == "ok"
    assert copies(side, "Mañana a las diez") == []


def refused_at_once(person: Person, side: Side, talk: int, case: int) -> None:
    """Where the network has no private messages the decision is refused, in its transaction."""
    with person.desk() as desk:
        before = len(desk.page(outbox.deliveries))
        with pytest.raises(Invalid) as refused:
            desk.run_now(cases.go_private, conversation_id=talk, text="Dinos tu número de pedido", now=True)
        assert (refused.value.code, refused.value.detail) == ("no_private", side.name)
        assert len(desk.page(outbox.deliveries)) == before
        found = desk.page(kept_cases.case, case)
        assert (found.private_at, found.private_conversation_id) == (None, None)


def test_what_was_really_written_is_kept(person: Person, side: Side, tmp_path: Path, figures: dict[str, str]) -> None:
    # Somebody else's message with its picture, as it is now.
    picture = photo(tmp_path / "insulto.jpg")
    mention = side.mention(f"{side.called} sois unos ladrones, marmolillos", picture=picture)
    talk = conversation(person, "marmolillos")["id"]
    with person.desk() as desk:
        (said,) = desk.page(inbox.thread, talk)
        (attached,) = said.attachments
        files = gather(desk, said.id)
        record = desk.run_now(
            evidence.hide, message_id=said.id, reason=Why.INSULT, note="Segundo aviso", files=files, report=True
        )
        assert desk.page(inbox.conversation, talk).state is ConversationState.IGNORED
        kept = desk.page(vault.evidence, record)
        content: Any = kept.content
        assert (content["remote_id"], content["url"], content["deed"]) == (mention, said.url, Deed.REPORTED)
        assert content["text"] == said.text and "ladrones, marmolillos" in content["text"]
        assert side.other in content["author"]["handle"] and content["author"]["remote_id"]
        assert content["attachments"] == [
            {"kind": "image", "url": attached.url, "alt": "insulto", "file": files[0].name, "at_hand": True}
        ]
        assert kept.files == ((files[0].name, files[0].sha256),)
        stored = (desk.media_folder / files[0].name).read_bytes()
        assert hashlib.sha256(stored).hexdigest() == files[0].sha256 and b"made at home" not in stored
        assert files[0].width * 480 == files[0].height * 640 and files[0].width >= 640  # as everybody is shown it

    # The person deletes it: it is gone from the inbox, not from the vault.
    side.remove(mention)

    def gone() -> bool:
        person.run("sync")
        with person.desk() as desk:
            message = desk.page(inbox.message, said.id)
            return message is not None and message.deleted_at is not None

    until(gone, "the deletion")
    with person.desk() as desk:
        assert desk.page(inbox.thread, talk)[0].text == ""
        assert desk.page(vault.evidence, record) == kept
        assert desk.page(vault.check_chain, kept.brand_id) == []

    # Own answers: frozen, then deleted where they stand. One was read back, one no stream has shown yet.
    side.mention(f"{side.called} ¿a qué hora abrís, almendra?")
    asked = conversation(person, "almendra")["id"]
    answers: list[str] = []
    for text in ("Lo pone en la web", "A las ocho, qué pesado"):
        (reply,) = person.json("reply", str(asked), "--text", text, "--now")
        assert reply["state"] in OUT and len(copies(side, text)) == 1
        if not answers:
            read_back(person, reply["id"])
        with person.desk() as desk:
            (own,) = [each for each in desk.page(inbox.thread, asked) if each.delivery_id == reply["id"]]
            assert (own.id < 0) is bool(answers)
            with pytest.raises(Invalid):
                desk.run_now(evidence.delete_answer, message_id=own.id, reason="")
            froze = desk.run_now(evidence.delete_answer, message_id=own.id, reason=Why.MISTAKE, note="Fuera de tono")
            frozen: Any = desk.page(vault.evidence, froze).content
            assert (frozen["deed"], frozen["remote_id"]) == (Deed.DELETED, reply["remote_id"])
            assert text in frozen["text"] and frozen["author"]["remote_id"] and frozen["url"] == own.url
        answers.append(text)
        assert len(copies(side, text)) == 1
        person.run("publish", status=None)
        for _ in range(2):
            with person.desk() as desk:
                deed = desk.page(last_deletion)
                shown = [each.text for each in desk.page(inbox.thread, asked) if text in each.text]
            if side.deletes:
                assert deed.state is ActionState.DONE and copies(side, text) == [] and shown == []
            else:
                # This server deletes on its own page only: the desk says so, and does not hide what is still there.
                assert (deed.state, deed.code) == (ActionState.REJECTED, "unsupported")
                assert len(copies(side, text)) == 1 and len(shown) == 1
            person.run("sync")
    with person.desk() as desk:
        assert desk.page(vault.check_chain, kept.brand_id) == []

        # For a lawyer: everything in one file that can be checked without this program.
        records = desk.page(vault.vault, kept.brand_id)
        target = tmp_path / "evidence.zip"
        for_a_lawyer.export(
            records, brand=BRAND, media_folder=desk.media_folder, target=target, made_at=datetime.now(UTC)
        )
    with zipfile.ZipFile(target) as packed:
        assert packed.read(f"pictures/{files[0].name}") == stored
        assert "ladrones, marmolillos" in packed.read("index.html").decode()
    told = "deleted there" if side.deletes else "deletion refused by the server and said so"
    figures[f"{side.name}: evidence"] = f"message and picture kept past its deletion, own answer frozen, {told}"


def test_nothing_leaves_in_a_crisis(person: Person, side: Side, figures: dict[str, str]) -> None:
    side.mention(f"{side.called} ¿es verdad lo de la factura, bogavante?")
    asked = conversation(person, "bogavante")["id"]
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=15)
    texts = ("Sorteo de verano", "Concierto en la terraza", "Menú del domingo")
    released, moved, dropped = (add(person, side, text, "--at", due.isoformat()) for text in texts)
    with person.desk() as desk:  # without the minute that is left between released ones
        brand = desk.page(inbox.conversation, asked).brand_id
        desk.run_now(brands.edit_brand, brand_id=brand, edit=brands.BrandEdit(spacing_s=0))
    (started,) = person.json("crisis", "start", "--brand", BRAND, "--reason", "la factura")
    assert (started["state"], started["held"]) == ("active", 3)
    # Made and due in the middle of it, too.
    late = add(person, side, "Oferta del martes", "--now")
    assert late["deliveries"][0]["state"] == "queued"
    until(lambda: datetime.now(UTC) > due, "the hour of the posts")
    for _ in range(2):
        assert person.json("publish") == []
        person.run("sync")
    # Answers to people are written by somebody who is there: they go out.
    (reply,) = person.json("reply", str(asked), "--text", "Lo estamos comprobando", "--now")
    assert reply["state"] in OUT and len(copies(side, "Lo estamos comprobando")) == 1
    assert nothing_of(side, *texts, "Oferta del martes")
    for post in (released, moved, dropped, late):
        delivery = person.delivery(post)
        assert (delivery["state"], delivery["reason"], delivery["remote_id"]) == ("queued", "crisis_hold", None)

    # The crisis is over: still nothing leaves by itself.
    (stopped,) = person.json("crisis", "stop")
    assert (stopped["state"], stopped["held"]) == ("over", 4)
    assert person.json("publish") == [] and nothing_of(side, *texts, "Oferta del martes")
    with person.desk() as desk:
        held = {each.text: each.delivery_id for each in desk.page(crises.held, started["id"])}
        assert set(held) == {*texts, "Oferta del martes"}
        decide(desk, started["id"], held["Sorteo de verano"], "released")
        decide(desk, started["id"], held["Menú del domingo"], "dropped")
        decide(desk, started["id"], held["Oferta del martes"], "dropped")
        with pytest.raises(Conflict) as undecided:
            desk.run_now(emergency.close, crisis_id=started["id"])
        assert undecided.value.code == "held_undecided"
        again = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=8)
        wall, fold = to_wall(again, "Europe/Madrid")
        new = decide(desk, started["id"], held["Concierto en la terraza"], "moved", wall=wall, fold=fold)
        desk.run_now(emergency.close, crisis_id=started["id"])
    assert person.publishes(released)["state"] in OUT
    (there,) = copies(side, "Sorteo de verano")
    assert there.created_at >= due

    def out() -> bool:
        person.run("publish", status=None)
        with person.desk() as desk:
            return desk.page(outbox.delivery, new).state in (DeliveryState.PUBLISHED, DeliveryState.CONFIRMED)

    until(out, "the moved post")
    (there,) = copies(side, "Concierto en la terraza")
    assert there.created_at >= again
    assert confirmed(person, released)["verified"] == "ok"
    assert person.json("publish") == []
    assert [len(copies(side, each)) for each in (*texts, "Oferta del martes")] == [1, 1, 0, 0]
    told = "4 held past their hour, the answer went out; released 1 once, moved 1 once, dropped 2"
    figures[f"{side.name}: a crisis"] = told


def decide(desk: Desk, crisis_id: int, delivery_id: int, decision: str, **more: Any) -> int:
    return desk.run_now(emergency.decide, crisis_id=crisis_id, delivery_id=delivery_id, decision=decision, **more)


def nothing_of(side: Side, *texts: str) -> bool:
    side.settle()
    return not any(copies(side, each) for each in texts)


def whispers(side: Side, text: str) -> list[There]:
    return [each for each in side.whispers() if text in each.text]


def read_back(person: Person, delivery_id: int) -> Message:
    """Read until an answer stands in its thread as its network shows it, once."""

    def seen() -> Message | None:
        person.run("sync")
        with person.desk() as desk:
            delivery = desk.page(outbox.delivery, delivery_id)
            assert delivery.conversation_id is not None
            thread = desk.page(inbox.thread, delivery.conversation_id)
            (found,) = [each for each in thread if each.delivery_id == delivery_id]
            assert found.direction is Direction.OUT and found.remote_id == delivery.remote_id
            return found if delivery.state is DeliveryState.CONFIRMED else None

    found: Message = until(seen, "the answer read back")
    return found


def last_deletion(reader: Reader) -> outbox_actions.Action:
    """The last deletion that was asked for."""
    (row,) = reader.execute("SELECT max(id) FROM action WHERE act = 'delete'").fetchall()
    return outbox_actions.action(reader, row[0])

"""N21: one person is taken out of everything; the whole profile is searched for what named them, byte by byte."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cmdesk.care.protocol import Authority
from cmdesk.commands import (
    care_plans,
    cases,
    circles,
    compensations,
    contacts as deciding,
    evidence as freezing,
    forgetting,
    inbox as answering,
    people_merge,
    promises,
    wishes,
)
from cmdesk.errors import Conflict, Invalid
from cmdesk.i18n import using
from cmdesk.networks.base import Attachment, Author, Incoming, Kind, Page
from cmdesk.people.certificate import as_html, as_text
from cmdesk.people.fields import FieldKind
from cmdesk.reports.person import export_person
from cmdesk.store import (
    cases as known_cases,
    contacts,
    evidence,
    forgotten,
    inbox,
    listening_hits,
    people_all,
    people_table,
)
from cmdesk.store.db import Transaction
from cmdesk.store.outbox_state import Found, publish, row_of
from cmdesk.sync.ingest import ingest_page
from cmdesk.wording_people import certificate
from tests.core.commands.conftest import World
from tests.core.commands.test_cases import everything
from tests.core.commands.test_listening import found, hear, hits, search

NAME, HANDLE, WORDS = "Zacarías Quintanilla", "zquintanilla@plaza.example", "chirimoya"
ZACARIAS = Author(
    remote_id="zq-7781-remote", handle=HANDLE, name=NAME, avatar_url="https://plaza.example/zq.png",
    profile_url="https://plaza.example/@zquintanilla",
)  # fmt: skip
REF = {"acct": HANDLE, "uri": "https://plaza.example/@zquintanilla/1"}
# All in the writings in which they stand in the database and its files.
SIGNS = (
    "Zacar", "zacar", "Quintanilla", "quintanilla", "zq-7781", "chirimoya", "Chirimoya", "zq.png", "600123987",
    "calle del olmo",
)  # fmt: skip


def said(world: World, text: str, remote_id: str, **more: Any) -> int:
    return world.hear(text, remote_id=remote_id, author=ZACARIAS, **{"ref": REF, **more})


def person(world: World, name: str = NAME) -> int:
    (found,) = world.desk.page(people_table.named, world.brand, name)
    return found


def out(tx: Transaction, delivery_id: int, remote_id: str) -> None:
    publish(tx, row_of(tx.conn, delivery_id), Found(remote_id, "id-alba", "https://plaza.example/@alba/1"))


def message(world: World, remote_id: str) -> Any:
    return world.desk.page(inbox.message_by_remote_id, world.account, remote_id)


def remains(folder: Path) -> dict[str, list[str]]:
    """Return which signs are left in which files of a profile, in UTF-8 and as JSON escapes them."""
    left: dict[str, list[str]] = {}
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        data = path.read_bytes()
        for sign in SIGNS:
            if sign.encode() in data or sign.encode("utf-16-le") in data:
                left.setdefault(path.name, []).append(sign)
    return left


@pytest.fixture
def known(world: World) -> dict[str, int]:
    """Return a world that knows somebody in every way there is: what they wrote alone and with others, and about."""
    run = world.desk.run_now
    private: dict[str, Any] = {"visibility": "direct", "kind": Kind.DIRECT}
    alone = said(world, f"¿Queda helado de {WORDS}? Soy {NAME}", "z1", minutes=90, **private)
    said(
        world, f"Otra vez por la {WORDS}", "z2", minutes=80, **private,
        attachments=(Attachment("image", "https://plaza.example/zq.png", alt=f"La {WORDS} de {NAME}"),),
    )  # fmt: skip
    shared = world.hear("Me encantó el pan", remote_id="m1", minutes=70)
    said(world, f"A mí más la {WORDS}", "z3", minutes=60, parent_id="m1", kind=Kind.REPLY)
    world.hear(
        f"@zquintanilla tienes razón, {NAME}", remote_id="m2", minutes=50, parent_id="z3", kind=Kind.REPLY,
        mentions=(HANDLE,),
    )  # fmt: skip
    contact_id = person(world)
    maria = world.desk.page(inbox.conversation, shared).contact_id
    answer = run(answering.reply, conversation_id=alone, text=f"Hola Zacarías, mañana hay {WORDS}", now=True)
    run(out, answer, "out-1")
    public = run(
        answering.reply, conversation_id=shared, message_id=message(world, "z3").id, text="¡Gracias!", now=True
    )
    run(out, public, "out-2")
    run(answering.save_draft, conversation_id=shared, text=f"Para {NAME}")
    run(answering.save_draft, conversation_id=alone, text=f"Querido Zacarías: la {WORDS}…")
    run(answering.add_note, conversation_id=alone, text=f"{NAME} llamó, calle del olmo 3")
    run(answering.add_note, conversation_id=shared, text=f"Ojo con {NAME}")
    run(
        deciding.edit_contact, contact_id=contact_id, notes=f"Vive en la calle del olmo; {WORDS}", likes=WORDS,
        bought=f"2 kg de {WORDS}", expects=WORDS, opt_out_note=f"{NAME} lo pidió por carta", opt_out=True,
    )  # fmt: skip
    run(deciding.add_identity, contact_id=contact_id, network="phone", handle="+34 600 123 987")
    field = run(deciding.save_field, brand_id=world.brand, name="Sabor", kind=FieldKind.TEXT)
    run(deciding.set_values, brand_id=world.brand, contact_ids=[contact_id], field_id=field, value=WORDS)
    circle = run(circles.save_circle, brand_id=world.brand, name="Golosos")
    run(circles.put_in, circle_id=circle, contact_ids=[contact_id, maria or 0])
    case_id = run(cases.open_case, conversation_id=alone, cause="quality", title=f"La {WORDS} de {NAME}")
    run(promises.promise, case_id=case_id, text=f"Llamar a {NAME}", due_at=world.clock.now() + timedelta(days=1))
    run(care_plans.save_authority, brand_id=world.brand, authority=Authority(("gift",), 2000, "EUR"))
    run(compensations.compensate, case_id=case_id, kind="gift", detail=f"Helado para {NAME}", cost_cents=450)
    run(cases.solve_case, case_id=case_id, solution=f"{NAME} tiene su {WORDS}")
    run(
        wishes.add_wish, brand_id=world.brand, kind="wish", text=f"{NAME} quiere horchata", contact_id=contact_id,
        conversation_id=alone,
    )  # fmt: skip
    run(freezing.freeze, message_id=message(world, "z1").id, reason="insult", note=f"de {NAME}")
    saved = search(world, "pan")
    hear(
        world, saved,
        found(world, 1, f"pan con {WORDS}", author_id=HANDLE, author_handle=HANDLE, author_name=NAME),
        found(world, 2, "pan solo"),
    )  # fmt: skip
    pictures = world.desk.profile / forgetting.PICTURES
    pictures.mkdir(parents=True)
    stem = hashlib.sha256(ZACARIAS.avatar_url.encode()).hexdigest()[:40]
    (pictures / f"{stem}-96").write_bytes(b"chirimoya")
    (pictures / "other-96").write_bytes(b"somebody else")
    return {
        "contact": contact_id,
        "alone": alone,
        "shared": shared,
        "case": case_id,
        "maria": maria or 0,
        "search": saved,
    }


def forget(world: World, contact_id: int, **more: Any) -> forgetting.Certificate:
    return forgetting.forget(
        world.desk.store, world.desk.profile, contact_id=contact_id, confirm=f" {NAME.lower()} ", **more
    )


def test_nothing_in_the_profile_names_them_any_more(world: World, known: dict[str, int]) -> None:
    assert remains(world.desk.profile)
    done = forget(world, known["contact"], keep_evidence=False)
    assert remains(world.desk.profile) == {}
    assert (world.desk.profile / forgetting.PICTURES / "other-96").is_file()
    assert done.removed["cards"] == 1
    assert (done.removed["messages"], done.removed["cases"], done.removed["wishes"]) == (3, 1, 1)
    assert (done.removed["evidence"], done.removed["hits"], done.removed["profiles"]) == (1, 1, 2)
    assert done.networks == ("mastodon", "phone")
    with using("es"):
        paper = certificate(
            brand=done.brand, number=done.number, at=done.at, removed=done.removed, networks=done.networks,
            backups=done.backups,
        )  # fmt: skip
        for text in (as_text(paper), as_html(paper)):
            assert not any(sign in text for sign in SIGNS)
            assert "Café Alba" in text and "Mastodon" in text and "Phone" not in text
    world.desk.close_now()  # what is only in memory until the end is written now
    assert remains(world.desk.profile) == {}


def test_others_words_stay_readable(world: World, known: dict[str, int]) -> None:
    forget(world, known["contact"])
    words = {each.remote_id: each for each in world.desk.page(inbox.thread, known["shared"])}
    texts = [each.text for each in words.values() if each.text]
    assert texts[0] == "Me encantó el pan"
    assert "tienes razón" in words["m2"].text and "Deleted person" in words["m2"].text
    gone = next(each for each in words.values() if each.author == "Deleted person")
    assert gone.text == "" and gone.deleted_at is not None and gone.remote_id.startswith(forgotten.PLACEHOLDER)
    assert words["m2"].parent_id == gone.remote_id  # the thread hangs together
    talk = world.desk.page(inbox.conversation, known["shared"])
    assert talk.contact_id == known["maria"]
    # Found by what others said, not by what was said of them.
    assert world.desk.page(people_table.named, world.brand, "María") == [known["maria"]]
    assert not world.desk.page(people_table.named, world.brand, NAME)
    lone = world.desk.page(inbox.conversation, known["alone"])
    assert lone.contact_id is None and lone.preview == "" and lone.state == "solved"


def test_figures_stay_right(world: World, known: dict[str, int]) -> None:
    reader = world.desk.store.reader()
    asked = (
        "SELECT count(*), sum(state = 'solved'), min(opened_at), max(cause) FROM care_case",
        "SELECT count(*), sum(cost_cents), min(at) FROM compensation",
        "SELECT direction, count(*), min(created_at), max(created_at) FROM message GROUP BY 1 ORDER BY 1",
        "SELECT count(*) FROM delivery",
        "SELECT kind, count(*) FROM activity GROUP BY 1 ORDER BY 1",
        "SELECT count(*), max(kind) FROM wish",
    )
    before = [reader.execute(sql).fetchall() for sql in asked]
    forget(world, known["contact"])
    assert [world.desk.store.reader().execute(sql).fetchall() for sql in asked] == before
    case = world.desk.page(known_cases.case, known["case"])
    assert (case.contact_id, case.title, case.solution) == (None, "", "")
    (wish,) = world.desk.store.reader().execute("SELECT text, contact_id FROM wish").fetchall()
    assert "horchata" in wish[0] and wish[1] is None


def test_old_words_do_not_come_back_and_new_ones_are_somebody_new(world: World, known: dict[str, int]) -> None:
    asked = known["search"]
    forget(world, known["contact"])
    again = world.clock.now()
    for number, remote_id in enumerate(("z1", "z2", "z3", "z0")):
        with pytest.raises(AssertionError):  # nothing is there to be found by it
            said(world, f"{NAME} y la {WORDS}", remote_id, minutes=90 - number)
    more = world.desk.page(
        listening_hits.wanted, world.brand,
        [found(world, 9, f"pan con {WORDS}", author_id="other-form", author_handle=f"@{HANDLE.upper()}")], now=again,
    )  # fmt: skip
    assert more == []
    assert [each.author_handle for each in hits(world)] == ["eva@plaza.example"]
    world.desk.store.rewrite().result()
    assert {**remains(world.desk.profile)}.keys() <= {"desk.db"}  # only the frozen record, which was kept
    world.clock.advance(60)
    talk = said(world, "Vuelvo a escribir", "z9")
    fresh = world.desk.page(inbox.conversation, talk)
    assert fresh.contact_id is not None
    assert world.desk.page(contacts.contact, fresh.contact_id).notes == ""
    assert not world.desk.page(contacts.contact, fresh.contact_id).opt_out
    assert hear(world, asked, found(world, 10, "pan", at=world.clock.now(), author_id=HANDLE, author_handle=HANDLE))


def test_evidence_is_kept_unless_told_otherwise_and_said(world: World, known: dict[str, int]) -> None:
    shown = world.desk.page(forgetting.preview_forget, known["contact"], world.desk.profile)
    assert (shown.name, shown.evidence, shown.in_flight) == (NAME, 1, 0)
    done = forget(world, known["contact"])
    assert done.removed["evidence_kept"] == 1 and "evidence" not in done.removed
    assert len(world.desk.page(evidence.vault, world.brand)) == 1
    paper = certificate(brand="B", number=1, at=done.at, removed=done.removed, networks=done.networks, backups=2)
    text = as_text(paper)
    assert "1 record of evidence is kept" in text and "2 earlier copies" in text
    (note,) = world.desk.page(forgotten.forgotten, world.brand)
    assert (note.number, note.removed) == (1, done.removed)
    for key, value in shown.goes.items():
        if key not in ("shared", "conversations"):
            assert done.removed[key] == value, key


def test_it_is_asked_twice_and_waits_for_what_is_going_out(world: World, known: dict[str, int]) -> None:
    before = everything(world)
    with pytest.raises(Invalid, match="name") as wrong:
        forgetting.forget(world.desk.store, world.desk.profile, contact_id=known["contact"], confirm="Zacarías")
    assert wrong.value.code == "forget_confirm"
    assert everything(world) == before
    answer = world.desk.run_now(answering.reply, conversation_id=known["alone"], text="otra", now=True, anyway=True)
    world.desk.run_now(_going_out, answer)
    with pytest.raises(Conflict) as busy:
        forget(world, known["contact"])
    assert busy.value.code == "forget_in_flight"
    assert person(world) == known["contact"]


def _going_out(tx: Transaction, delivery_id: int) -> None:
    tx.conn.execute("UPDATE delivery SET state = 'sending' WHERE id = ?", (delivery_id,))


def test_who_was_merged_into_them_goes_with_them_and_others_of_the_name_stay(
    world: World, known: dict[str, int]
) -> None:
    run = world.desk.run_now
    second = run(
        deciding.add_person, brand_id=world.brand, name="Zaca Q", identities=[("email", "zaca.quintanilla@x.example")]
    )
    run(people_merge.merge_people, contact_id=second, into=known["contact"])
    other = run(deciding.add_person, brand_id=world.other, name=NAME)
    done = forget(world, known["contact"], keep_evidence=False)
    assert done.removed["profiles"] == 3
    assert world.desk.page(contacts.contact, other).name == NAME  # another brand's: another wall
    with pytest.raises(Invalid):
        world.desk.page(contacts.contact, second)
    world.desk.run_now(deciding.remove_people, brand_id=world.other, contact_ids=[other])
    world.desk.store.rewrite().result()
    assert remains(world.desk.profile) == {}


def test_there_is_no_way_back(world: World, known: dict[str, int]) -> None:
    done = world.desk.store.write(forgetting.forget_person, contact_id=known["contact"], confirm=NAME).result()
    assert done.undo is None
    assert not world.desk.store.reader().execute(
        "SELECT 1 FROM contact_fts WHERE contact_fts MATCH 'zacarias OR quintanilla'"
    ).fetchall()  # fmt: skip


# Everything about one person, as files that open without this program

ZONE = ZoneInfo("Europe/Madrid")


def written(world: World, contact_id: int, target: Path) -> list[str]:
    found = world.desk.store.snapshot(people_all.everything, contact_id)
    return export_person(found, brand="Café Alba", target=target, made_at=world.clock.now(), zone=ZONE)


def test_a_folder_holds_what_they_wrote_and_what_is_known(
    world: World,
    known: dict[str, int],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "zacarias"
    files = written(world, known["contact"], folder)
    assert files == [
        "SHA256SUMS", "cases.csv", "certificate.html", "certificate.txt", "compensations.csv", "evidence.csv",
        "index.html", "messages.csv", "person.json", "wishes.csv",
    ]  # fmt: skip
    told = json.loads((folder / "person.json").read_text(encoding="utf-8"))
    assert (told["name"], told["likes"], told["own_fields"], told["circles"]) == (
        NAME, WORDS, {"Sabor": WORDS}, ["Golosos"],
    )  # fmt: skip
    assert [each["from"] for each in told["messages"]].count("person") == 3
    assert told["opt_out"]["asked"] and told["cases"][0]["title"].endswith(NAME)
    # What others said is not theirs to be handed over.
    whole = "".join((folder / each).read_text(encoding="utf-8-sig") for each in files)
    assert "Me encantó el pan" not in whole and "tienes razón" not in whole
    rows = list(csv.DictReader(io.StringIO((folder / "messages.csv").read_text(encoding="utf-8-sig"))))
    assert len(rows) == len(told["messages"]) and any(WORDS in row["text"] for row in rows)
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, _blank, name = line.partition("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    with pytest.raises(Invalid) as there:
        written(world, known["contact"], folder)
    assert there.value.code == "export_place"


def test_a_zip_in_spanish_reads_without_the_program(world: World, known: dict[str, int], tmp_path: Path) -> None:
    with using("es"):
        written(world, known["contact"], tmp_path / "z.zip")
    with zipfile.ZipFile(tmp_path / "z.zip") as archive:
        page = archive.read("index.html").decode()
        paper = archive.read("certificate.txt").decode()
    assert "lang='es'" in page and NAME in page and "<script" not in page
    assert NAME in paper and "Café Alba" in paper


def test_what_was_said_to_them_is_read_later_without_them(world: World, known: dict[str, int]) -> None:
    forget(world, known["contact"], keep_evidence=False)
    before = world.clock.now() - timedelta(minutes=5)
    ours, other = Author("id-alba", "alba"), Author("p1", "maria@plaza.example", "María")
    items = (
        Incoming("out-1", Kind.OWN, ours, before, f"Hola Zacarías, hay {WORDS}", parent_id="z1",
                 parent_author_id=ZACARIAS.remote_id),
        Incoming("out-2", Kind.OWN, ours, before, f"@{HANDLE} ¡Gracias!", parent_id="z3", mentions=(HANDLE,)),
        Incoming("m7", Kind.MENTION, other, before, f"@zquintanilla y @{HANDLE.upper()}: ¡qué rico!",
                 mentions=(HANDLE,)),
    )  # fmt: skip
    world.desk.run_now(ingest_page, world.account, "home", Page(items, None, False))
    world.desk.store.rewrite().result()
    assert remains(world.desk.profile) == {}
    assert message(world, "m7").text == "@… y @…: ¡qué rico!"
    world.clock.advance(600)
    world.hear(f"@{HANDLE} ha vuelto", remote_id="m8", author=other, mentions=(HANDLE,))
    assert HANDLE in message(world, "m8").text  # what is said from now on is said

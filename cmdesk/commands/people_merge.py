"""Decisions about who is one person: merging two, splitting a profile off again, saying that two are two (R12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cmdesk.clock import to_ms
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Contact
from cmdesk.people.doubles import Suggestion, suggest
from cmdesk.people.joining import FieldChoice, Keep, choices
from cmdesk.store import contacts, people, people_fields, people_merge
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.people_merge import Before, Owned


@dataclass(frozen=True, slots=True)
class Preview:
    """What merging would do: who stays, every field, and how much moves."""

    kept: Contact
    gone: Contact
    fields: tuple[FieldChoice, ...]
    moves: Mapping[str, int]  # identity, conversation, care_case, wish, post: how many come over


def suggestions(reader: Reader, brand_id: int, *, most: int = 500) -> list[Suggestion]:
    """Return probable doubles of a brand, ranked, without the refused; for 100,000 people about a second."""
    return suggest(people_merge.known(reader, brand_id), people_merge.refused(reader, brand_id), most=most)


def who_stays(reader: Reader, one: int, other: int) -> tuple[int, int]:
    """Return the two, first the one that is proposed to stay: whom more is known of, else the older."""
    first, second = sorted((one, other))
    weights = {each: people_merge.weight(reader, each) for each in (first, second)}
    return (second, first) if weights[second] > weights[first] else (first, second)


def preview(reader: Reader, contact_id: int, into: int, keep: Mapping[str, Keep] | None = None) -> Preview:
    """Return what merging `contact_id` into `into` would make of every field; raises Invalid as `merge_people`."""
    kept, gone = _two(reader, contact_id, into)
    values = people_fields.values(reader, kept.id), people_fields.values(reader, gone.id)
    owned = people_merge.owned(reader, gone.id)
    moves = {table: len(owned[table]) for table in ("identity", "conversation", "care_case", "wish", "post")}
    return Preview(kept, gone, tuple(choices(kept, gone, values, keep or {})), moves)


def merge_people(tx: Transaction, /, *, contact_id: int, into: int, keep: Mapping[str, Keep] | None = None) -> int:
    """Make a person part of another of the same brand, with everything that is theirs; returns who stays.

    `keep` says by field whose value stays (own fields as `own:<id>`); what it does not name goes as `preview` shows.
    Raises Invalid (`wrong_brand`, `person_same`, `contact_unknown`), Conflict (`person_merged`).
    """
    shown = preview(tx.conn, contact_id, into, keep)
    kept, gone = shown.kept, shown.gone
    columns: dict[str, Any] = {}
    values: dict[int, str] = {}
    for each in shown.fields:
        if each.field.startswith("own:"):
            values[int(each.field.removeprefix("own:"))] = str(each.result or "")
        else:
            columns[each.field] = int(each.result) if isinstance(each.result, bool) else each.result
    columns |= _opted_out(kept, gone, out=bool(columns["opt_out"]))
    for name, pick in (("first_seen_at", min), ("last_seen_at", max)):
        times = [to_ms(at) for at in (getattr(kept, name), getattr(gone, name)) if at is not None]
        columns[name] = pick(times) if times else None
    before = people_merge.join(tx, kept.brand_id, kept.id, gone.id, columns, values)
    people.touch(tx, kept.brand_id, [kept.id, gone.id])
    tx.undoable("merge_people", unmerge_people, before=before, keep=dict(keep or {}), detail=gone.name)
    return kept.id


def unmerge_people(tx: Transaction, /, *, before: Before, keep: Mapping[str, Keep]) -> None:
    """Take a merge back exactly; raises Conflict (`person_not_merged`) when the two are no longer merged that way."""
    gone = _row(tx.conn, before.gone)
    if gone != before.kept:
        raise Conflict("they are not merged any more", code="person_not_merged", detail=str(before.gone))
    brand_id = contacts.contact(tx.conn, before.kept).brand_id
    people_merge.part(tx, brand_id, before)
    tx.undoable("merge_people", merge_people, contact_id=before.gone, into=before.kept, keep=keep)


def split_identity(tx: Transaction, /, *, identity_id: int) -> int:
    """Make a profile a person of its own again, with its conversations, cases and wishes; returns the new person.

    What was written down about the person stays with the first. Raises Invalid (`identity_unknown`), Conflict
    (`last_identity`) for the only profile there is.
    """
    found = people.identity(tx.conn, identity_id)
    if len(contacts.identities(tx.conn, found.contact_id)) < 2:
        raise Conflict("this is the only profile of the person", code="last_identity", detail=found.handle)
    things = people_merge.of_identity(tx.conn, identity_id)
    made = people.add(
        tx, found.brand_id,
        [{"name": found.name or found.handle, "known_as": ""}],
    )[0]  # fmt: skip
    people_merge.give(tx, found.brand_id, things, made)
    _seen(tx, made)
    people_merge.refuse(tx, found.contact_id, made)  # who parts them does not want them proposed again
    tx.undoable(
        "split_identity", unsplit_identity, contact_id=made, into=found.contact_id, things=things, detail=found.handle
    )
    return made


def unsplit_identity(tx: Transaction, /, *, contact_id: int, into: int, things: Owned) -> None:
    """Take a split back; raises Conflict (`in_use`) when something new hangs on the split person."""
    found = contacts.contact(tx.conn, contact_id)
    people_merge.give(tx, found.brand_id, things, into)
    used = people.in_use(tx.conn, [contact_id])
    if used or contacts.identities(tx.conn, contact_id):
        raise Conflict("something was added since", code="in_use", detail=found.name)
    people.remove(tx, found.brand_id, [contact_id])
    tx.undoable("split_identity", split_identity, identity_id=things["identity"][0])


def refuse_merge(tx: Transaction, /, *, contact_id: int, other_id: int) -> None:
    """Remember that two people are two; they are not proposed again. Raises Invalid as `merge_people`."""
    one, other = _two(tx.conn, contact_id, other_id)
    if people_merge.refuse(tx, one.id, other.id):
        tx.touch(Topic.CONTACT, one.brand_id, one.id, other.id)
        tx.undoable("refuse_merge", allow_merge, contact_id=contact_id, other_id=other_id, detail=one.name)


def allow_merge(tx: Transaction, /, *, contact_id: int, other_id: int) -> None:
    """Let two people be proposed as one again."""
    one, other = _two(tx.conn, contact_id, other_id)
    people_merge.unrefuse(tx, one.id, other.id)
    tx.touch(Topic.CONTACT, one.brand_id, one.id, other.id)
    tx.undoable("refuse_merge", refuse_merge, contact_id=contact_id, other_id=other_id, detail=one.name)


def _two(reader: Reader, contact_id: int, into: int) -> tuple[Contact, Contact]:
    """Return (who stays, who goes), both standing by themselves and of one brand."""
    gone, kept = contacts.contact(reader, contact_id), contacts.contact(reader, into)
    if kept.id == gone.id:
        raise Invalid("a person is no part of themselves", code="person_same", detail=str(into))
    if kept.brand_id != gone.brand_id:
        raise Invalid("this belongs to another brand", code="wrong_brand", detail=str(contact_id))
    for each in (kept, gone):
        if _row(reader, each.id) is not None:
            raise Conflict("this person is part of another", code="person_merged", detail=each.name)
    return kept, gone


def _row(reader: Reader, contact_id: int) -> int | None:
    found = people.stands_for(reader, contact_id)
    return None if found == contact_id else found


def _opted_out(kept: Contact, gone: Contact, *, out: bool) -> dict[str, Any]:
    """Return since when and how the person asked for quiet: the earlier of the two, with its note."""
    asked = [each for each in (kept, gone) if each.opt_out]
    if not out or not asked:
        return {"opt_out_at": None, "opt_out_note": ""}
    first = min(
        asked, key=lambda each: (each.opt_out_at is None, to_ms(each.opt_out_at) if each.opt_out_at else 0, each.id)
    )
    return {
        "opt_out_at": None if first.opt_out_at is None else to_ms(first.opt_out_at),
        "opt_out_note": "\n".join(dict.fromkeys(each.opt_out_note for each in asked if each.opt_out_note)),
    }


def _seen(tx: Transaction, contact_id: int) -> None:
    people_merge.set_columns(tx, contact_id, people_merge.seen(tx.conn, contact_id))

"""Everything stored of one person, as plain values that can be handed over (N21)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cmdesk.clock import from_ms
from cmdesk.model import Contact, Identity
from cmdesk.people.fields import OwnField
from cmdesk.store import contacts, people_fields, people_reach
from cmdesk.store.db import Reader
from cmdesk.store.people_reach import Reach, Subject
from cmdesk.store.rows import fetch, ids_json, load, moment


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the person, or an answer to them."""

    at: datetime
    conversation_id: int
    network: str
    direction: str  # in: the person, out: the brand
    kind: str
    text: str
    url: str
    pictures: tuple[str, ...] = ()
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Care:
    """A case of the person, or a record of evidence: a title, a date and facts."""

    number: int
    at: datetime
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Everything:
    """All of one person."""

    contact: Contact
    identities: tuple[Identity, ...]
    market: str
    fields: tuple[tuple[OwnField, str], ...]
    circles: tuple[str, ...]
    said: tuple[Said, ...]
    cases: tuple[Care, ...]
    compensations: tuple[Care, ...]
    evidence: tuple[Care, ...]
    wishes: tuple[tuple[datetime, str, str], ...]  # when, kind, text
    notes: tuple[tuple[datetime, str, str], ...]  # when, kind, text


def everything(reader: Reader, contact_id: int) -> Everything:
    """Return all that is stored of a person; raises Invalid (`contact_unknown`).

    It reads all messages of the brand once: not on a thread that paints.
    """
    person = contacts.contact(reader, contact_id)
    who = people_reach.subject(reader, contact_id)
    assert who is not None  # `contact` has raised for nobody
    what = people_reach.reach(reader, who)
    values = people_fields.values(reader, contact_id)
    own = people_fields.fields(reader, person.brand_id)
    market = reader.execute("SELECT name FROM market WHERE id = ?", (person.market_id,)).fetchone()
    return Everything(
        contact=person,
        identities=tuple(contacts.identities(reader, contact_id)),
        market="" if market is None else market[0],
        fields=tuple((each, values[each.id]) for each in own if each.id in values),
        circles=tuple(row[0] for row in reader.execute(_CIRCLES, (contact_id,))),
        said=_said(reader, who, what),
        cases=_cases(reader, what),
        compensations=_compensations(reader, what),
        evidence=_evidence(reader, what),
        wishes=tuple((from_ms(row[0]), row[1], row[2]) for row in reader.execute(_WISHES, (ids_json(what.wishes),))),
        notes=tuple((from_ms(row[0]), row[1], row[2]) for row in reader.execute(_NOTES, (ids_json(who.contacts),))),
    )


_CIRCLES = (
    "SELECT DISTINCT k.name FROM circle k LEFT JOIN circle_contact x ON x.circle_id = k.id AND x.contact_id = ?1"
    " LEFT JOIN circle_member m ON m.circle_id = k.id AND m.contact_id = ?1"
    " WHERE x.kind = 'in' OR (m.contact_id IS NOT NULL AND x.kind IS NOT 'out') ORDER BY 1"
)
_WISHES = "SELECT at, kind, text FROM wish WHERE id IN (SELECT value FROM json_each(?)) ORDER BY at, id"
_NOTES = (
    "SELECT at, kind, text FROM activity WHERE contact_id IN (SELECT value FROM json_each(?)) AND text <> ''"
    " AND kind <> 'state' ORDER BY at, id"
)
_SAID = (
    "SELECT m.created_at, m.conversation_id, v.network, m.direction, m.kind, m.text, m.url, m.attachments, m.deleted_at"
    " FROM json_each(?) j CROSS JOIN message m ON m.id = j.value JOIN conversation v ON v.id = m.conversation_id"
    " ORDER BY m.id"
)


def _said(reader: Reader, who: Subject, what: Reach) -> tuple[Said, ...]:
    """Their own messages everywhere, and our answers where nobody else spoke: others' words are not theirs."""
    return tuple(
        Said(
            from_ms(row["created_at"]), row["conversation_id"], row["network"],
            "out" if row["direction"] == "out" else "in", row["kind"], row["text"], row["url"],
            tuple(str(each.get("url") or "") for each in load(row["attachments"]) if each.get("url")),
            moment(row["deleted_at"]),
        )
        for row in fetch(reader, _SAID, (ids_json(sorted({*what.messages, *what.own})),))
    )  # fmt: skip


def _cases(reader: Reader, what: Reach) -> tuple[Care, ...]:
    rows = fetch(
        reader, "SELECT * FROM care_case WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (ids_json(what.cases),),
    )  # fmt: skip
    return tuple(
        Care(
            row["number"],
            from_ms(row["opened_at"]),
            {name: str(row[name]) for name in ("title", "state", "cause", "outcome", "solution") if row[name]},
        )
        for row in rows
    )


def _compensations(reader: Reader, what: Reach) -> tuple[Care, ...]:
    rows = fetch(
        reader,
        "SELECT k.number, x.at, x.kind, x.detail, x.cost_cents, x.currency FROM compensation x"
        " JOIN care_case k ON k.id = x.case_id WHERE k.id IN (SELECT value FROM json_each(?)) ORDER BY x.at",
        (ids_json(what.cases),),
    )
    return tuple(
        Care(
            row["number"], from_ms(row["at"]),
            {"kind": row["kind"], "detail": row["detail"], "cost": f"{row['cost_cents'] / 100:.2f} {row['currency']}"},
        )
        for row in rows
    )  # fmt: skip


def _evidence(reader: Reader, what: Reach) -> tuple[Care, ...]:
    rows = fetch(
        reader, "SELECT id, at, reason, sha256 FROM evidence WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (ids_json(what.evidence),),
    )  # fmt: skip
    return tuple(
        Care(row["id"], from_ms(row["at"]), {"reason": row["reason"], "sha256": row["sha256"]}) for row in rows
    )

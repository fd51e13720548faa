"""What belongs to one person, wherever it stands: counted before anything of it is deleted or handed over (N21)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cmdesk.people.redacting import Names, names_of
from cmdesk.states import IN_FLIGHT
from cmdesk.store.db import Reader
from cmdesk.store.rows import dump, fetch, ids_json, load


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom it is about: the contact with those merged into it, their profiles, and what names them."""

    id: int
    brand_id: int
    name: str
    contacts: tuple[int, ...]
    profiles: tuple[Mapping[str, Any], ...]
    names: Names

    @property
    def identities(self) -> tuple[int, ...]:
        """The ids of the profiles."""
        return tuple(each["id"] for each in self.profiles)


@dataclass(frozen=True, slots=True)
class Reach:
    """What belongs to a person: rows by id, counted before anything is decided."""

    messages: tuple[int, ...]
    own: tuple[int, ...]  # our answers in conversations with nobody else
    alone: tuple[int, ...]  # conversations with nobody else
    shared: tuple[int, ...]  # those in which others speak, too
    cases: tuple[int, ...]
    wishes: tuple[int, ...]
    evidence: tuple[int, ...]
    hits: tuple[int, ...]
    in_flight: tuple[int, ...]  # answers of which nobody knows yet whether they are out
    pictures: tuple[str, ...]  # addresses


def subject(reader: Reader, contact_id: int) -> Subject | None:
    """Return whom a contact is about, None when there is nobody of that id."""
    rows = fetch(reader, "SELECT id, brand_id, name FROM contact WHERE id = ?1 OR merged_into = ?1", (contact_id,))
    mine = next((row for row in rows if row["id"] == contact_id), None)
    if mine is None:
        return None
    ids = tuple(row["id"] for row in rows)
    profiles = tuple(
        map(
            dict,
            fetch(
                reader,
                "SELECT id, network, remote_id, handle, name, avatar_url, profile_url FROM identity"
                " WHERE contact_id IN (SELECT value FROM json_each(?))",
                (ids_json(ids),),
            ),
        )
    )
    names = names_of(mine["name"], profiles, [row["name"] for row in rows])
    return Subject(contact_id, mine["brand_id"], mine["name"], ids, profiles, names)


def reach(reader: Reader, who: Subject) -> Reach:
    """Return what belongs to a person; reads every message of the brand once, so not on a thread that paints."""
    profiles, people = ids_json(who.identities), ids_json(who.contacts)
    messages = reader.execute(
        "SELECT id, conversation_id FROM message WHERE brand_id = ?1 AND identity_id IN (SELECT value FROM"
        " json_each(?2))",
        (who.brand_id, profiles),
    ).fetchall()
    talks = {row[1] for row in messages}
    talks |= _ids(reader, "SELECT id FROM conversation WHERE contact_id IN (SELECT value FROM json_each(?))", people)
    shared = _ids(
        reader,
        "SELECT DISTINCT m.conversation_id FROM json_each(?1) j CROSS JOIN message m ON m.conversation_id = j.value"
        " WHERE m.direction <> 'out' AND (m.identity_id IS NULL OR m.identity_id NOT IN (SELECT value FROM"
        " json_each(?2)))",
        ids_json(talks),
        profiles,
    )
    alone = sorted(talks - shared)
    own = _ids(
        reader,
        "SELECT m.id FROM json_each(?) j CROSS JOIN message m ON m.conversation_id = j.value WHERE m.direction = 'out'",
        ids_json(alone),
    )
    return Reach(
        messages=tuple(row[0] for row in messages),
        own=tuple(sorted(own)),
        alone=tuple(alone),
        shared=tuple(sorted(shared)),
        cases=tuple(sorted(_ids(reader, _CASES, people, ids_json(alone)))),
        wishes=tuple(sorted(_ids(reader, _WISHES, people, ids_json(alone)))),
        evidence=tuple(_evidence(reader, who, [row[0] for row in messages], alone)),
        hits=tuple(_hits(reader, who)),
        in_flight=tuple(sorted(_ids(reader, _IN_FLIGHT, ids_json(alone), dump([each.value for each in IN_FLIGHT])))),
        pictures=tuple(_pictures(reader, who, [row[0] for row in messages])),
    )


_CASES = (
    "SELECT id FROM care_case WHERE contact_id IN (SELECT value FROM json_each(?1))"
    " OR conversation_id IN (SELECT value FROM json_each(?2))"
)
_WISHES = (
    "SELECT id FROM wish WHERE contact_id IN (SELECT value FROM json_each(?1))"
    " OR conversation_id IN (SELECT value FROM json_each(?2))"
)
_IN_FLIGHT = (
    "SELECT d.id FROM json_each(?1) j CROSS JOIN delivery d ON d.conversation_id = j.value"
    " WHERE d.state IN (SELECT value FROM json_each(?2))"
)


def _ids(reader: Reader, sql: str, *params: str) -> set[int]:
    return {row[0] for row in reader.execute(sql, params)}


def _evidence(reader: Reader, who: Subject, messages: Sequence[int], talks: Sequence[int]) -> list[int]:
    found = set(messages)
    return [
        row[0]
        for row in reader.execute(
            "SELECT id, message_id, conversation_id, content, note FROM evidence WHERE brand_id = ? ORDER BY id",
            (who.brand_id,),
        )
        if row[1] in found or row[2] in talks or who.names.there(row[3]) or who.names.there(row[4])
    ]


def _hits(reader: Reader, who: Subject) -> list[int]:
    remote = {(each["network"], each["remote_id"]) for each in who.profiles}
    handles = {(each["network"], each["handle"].casefold()) for each in who.profiles if each["handle"]}
    return [
        row[0]
        for row in reader.execute(
            "SELECT id, source, author_id, author_handle, text, title, url FROM listen_hit WHERE brand_id = ?",
            (who.brand_id,),
        )
        if (row[1], row[2]) in remote
        or (row[1], row[3].lstrip("@").casefold()) in handles
        or any(who.names.there(text) for text in row[4:])
    ]


def _pictures(reader: Reader, who: Subject, messages: Sequence[int]) -> list[str]:
    found = [each["avatar_url"] for each in who.profiles]
    for (attachments,) in reader.execute(
        "SELECT m.attachments FROM json_each(?) j CROSS JOIN message m ON m.id = j.value WHERE m.attachments <> '[]'",
        (ids_json(messages),),
    ):
        for each in load(attachments):
            found += [str(each.get("url") or ""), str(each.get("preview_url") or "")]
    return [each for each in dict.fromkeys(found) if each]


def stems(urls: Iterable[str]) -> list[str]:
    """Return the beginnings of the file names under which pictures of these addresses are kept."""
    return [hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:40] for url in urls]

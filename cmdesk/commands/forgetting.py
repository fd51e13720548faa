"""Forgetting one person because they asked (N21): shown before, asked twice, without a way back, with a certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cmdesk.errors import Conflict, Invalid
from cmdesk.store import backup, brands, forgetting, people_reach
from cmdesk.store.db import Reader, Store, Transaction
from cmdesk.store.forgotten import Forgotten
from cmdesk.wording_people import deleted_person

PICTURES = Path("cache", "pictures")


@dataclass(frozen=True, slots=True)
class ForgetPreview:
    """What forgetting would do to whom: figures of what goes and of what stays."""

    contact_id: int
    brand_id: int
    name: str
    handles: tuple[str, ...]  # "network: handle"
    goes: Mapping[str, int]
    evidence: int  # frozen records, kept unless told otherwise
    in_flight: int  # answers that may be going out right now: wait until they are settled
    backups: tuple[datetime, ...] = ()  # copies of the profile that still have the person


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was done, for the person and for the file of the brand; it names nobody."""

    brand: str
    number: int
    at: datetime
    removed: Mapping[str, int] = field(default_factory=dict)
    networks: tuple[str, ...] = ()
    backups: int = 0


def preview_forget(reader: Reader, contact_id: int, profile: Path | None = None) -> ForgetPreview:
    """Say what forgetting would do; reads all messages of the brand once. Raises Invalid (`contact_unknown`)."""
    who = _who(reader, contact_id)
    what = people_reach.reach(reader, who)
    goes = {
        "cards": len(who.contacts),
        "messages": len(what.messages), "answers": len(what.own), "conversations": len(what.alone),
        "shared": len(what.shared), "cases": len(what.cases), "wishes": len(what.wishes), "hits": len(what.hits),
        "profiles": len(who.profiles), "pictures": len(what.pictures),
    }  # fmt: skip
    handles = tuple(f"{each['network']}: {each['handle']}" for each in who.profiles)
    copies = () if profile is None else tuple(each.at for each in backup.copies(profile))
    return ForgetPreview(who.id, who.brand_id, who.name, handles, goes, len(what.evidence), len(what.in_flight), copies)


def forget_person(
    tx: Transaction, /, *, contact_id: int, confirm: str, keep_evidence: bool = True
) -> tuple[Forgotten, tuple[str, ...], tuple[str, ...]]:
    """Take a person out of everything; returns the note of it, the pictures' file stems and the networks.

    `confirm` is the person's name as it stands, typed once more. There is no undo. Run `forget` instead, which also
    clears the disk. Raises Invalid (`contact_unknown`, `forget_confirm`), Conflict (`forget_in_flight`).
    """
    who = _who(tx.conn, contact_id)
    if " ".join(confirm.split()).casefold() != " ".join(who.name.split()).casefold():
        raise Invalid("the name is not the person's", code="forget_confirm", detail=who.name)
    what = people_reach.reach(tx.conn, who)
    if what.in_flight:
        raise Conflict("an answer is going out", code="forget_in_flight", detail=str(len(what.in_flight)))
    networks = tuple(sorted({each["network"] for each in who.profiles}))
    stems = tuple(people_reach.stems(what.pictures))
    done = forgetting.forget(tx, who, what, label=deleted_person(), keep_evidence=keep_evidence)
    return done, stems, networks


def forget(store: Store, profile: Path, *, contact_id: int, confirm: str, keep_evidence: bool = True) -> Certificate:
    """Forget a person, in the database, on its pages that are free, in its journal and among the pictures; blocks.

    Raises as `forget_person`; DiskFull when the file cannot be written anew (the person is forgotten all the same,
    `store.rewrite` clears the rest when there is space again).
    """
    done, stems, networks = store.write(
        forget_person, contact_id=contact_id, confirm=confirm, keep_evidence=keep_evidence
    ).result().value  # fmt: skip
    folder = profile / PICTURES
    if folder.is_dir():
        wanted = set(stems)
        for path in folder.iterdir():
            if path.name.partition("-")[0] in wanted:
                path.unlink(missing_ok=True)
    store.rewrite().result()
    brand = store.read(brands.brand, done.brand_id)
    return Certificate(brand.name, done.number, done.at, done.removed, networks, len(backup.copies(profile)))


def _who(reader: Reader, contact_id: int) -> people_reach.Subject:
    found = people_reach.subject(reader, contact_id)
    if found is None:
        raise Invalid(f"there is no contact {contact_id}", code="contact_unknown", detail=str(contact_id))
    return found

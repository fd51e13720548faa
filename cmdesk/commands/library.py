"""Decisions about templates; each can be taken back with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from cmdesk.model import Template
from cmdesk.store import library
from cmdesk.store.db import Transaction

if TYPE_CHECKING:
    from cmdesk.store.library_import import Plan
    from cmdesk.templates.files import Parsed


def save_template(
    tx: Transaction,
    *,
    brand_id: int | None,
    name: str,
    texts: Mapping[str, str],
    template_id: int | None = None,
    kind: str = "reply",
    category: str = "",
    prompts: Mapping[str, str] | None = None,
    markets: Mapping[int, Mapping[str, str]] | None = None,
) -> int:
    """Keep a template (None as brand: for every brand) and return its id; raises Invalid without name or text.

    `texts` by language tag; `markets` the texts that differ in a market; None for `prompts` or `markets` keeps them.
    """
    before = None if template_id is None else library.template(tx.conn, template_id)
    saved = library.save_template(
        tx, template_id=template_id, brand_id=brand_id, name=name, texts=texts, kind=kind, category=category,
        prompts=prompts, markets=markets,
    )  # fmt: skip
    _undoable(tx, "save_template", before=() if before is None else (before,), added=() if before else (saved,))
    return saved


def delete_templates(tx: Transaction, *, template_ids: Iterable[int]) -> None:
    """Delete templates; undo brings them back with their uses and numbers."""
    found = library.templates_by_id(tx.conn, template_ids)
    for template_id in found:
        library.delete_template(tx, template_id)
    _undoable(tx, "delete_template", before=tuple(found.values()))


def delete_template(tx: Transaction, *, template_id: int) -> None:
    """Delete a template; undo makes it again. Raises Invalid for one that is not there."""
    library.template(tx.conn, template_id)
    delete_templates(tx, template_ids=(template_id,))


def duplicate_template(
    tx: Transaction, *, template_id: int, name: str, brand_id: int | None, category: str | None = None
) -> int:
    """Copy a template under another name or for another brand and return the copy's id.

    Texts for a market go along only within the same brand: markets belong to one.
    """
    found = library.template(tx.conn, template_id)
    made = library.save_template(
        tx,
        brand_id=brand_id,
        name=_free_name(tx, brand_id, found.category if category is None else category, name),
        texts=found.texts,
        kind=found.kind,
        category=found.category if category is None else category,
        prompts=found.prompts,
        markets=found.markets if found.brand_id == brand_id else {},
    )
    _undoable(tx, "duplicate_template", added=(made,))
    return made


def move_templates(tx: Transaction, *, folders: Mapping[int, str]) -> None:
    """Put templates into folders (by template; '' is none)."""
    before = library.templates_by_id(tx.conn, folders)
    for template_id in before:
        library.set_folder(tx, template_id, folders[template_id])
    tx.undoable(
        "move_templates", move_templates, folders={each.id: each.category for each in before.values()}
    )  # fmt: skip


def rename_folder(tx: Transaction, *, folder: str, to: str, brand_id: int | None = None) -> None:
    """Give a folder, with those inside it, another path; what a brand sees of it, or all with None.

    Renaming to a folder that is there puts both together; undo takes them apart again.
    """
    wanted = library.clean_folder(to)
    inside = library.in_folder(tx.conn, folder, brand_id)
    move_templates(
        tx, folders={each: f"{wanted}{category[len(folder) :]}" for each, category in inside.items()}
    )  # fmt: skip


def set_brand(tx: Transaction, *, template_ids: Iterable[int], brand_id: int | None) -> None:
    """Make templates a brand's own, or everybody's with None; texts for another brand's markets stay behind."""
    before = library.templates_by_id(tx.conn, template_ids)
    for each in before.values():
        library.save_template(
            tx, template_id=each.id, brand_id=brand_id, name=each.name, texts=each.texts, kind=each.kind,
            category=each.category, markets=each.markets if each.brand_id == brand_id else {},
        )  # fmt: skip
    _undoable(tx, "save_template", before=tuple(before.values()))


def import_templates(tx: Transaction, *, parsed: Parsed, brand_id: int | None = None) -> Plan:
    """Take in what a file holds and return what was done with each of its templates (`library_import.plan`).

    Lines with a fault are left out, the rest is taken; the same file again changes nothing.
    """
    from cmdesk.store import library_import  # with the formats of files, not needed before somebody has one

    wanted = library_import.plan(tx.conn, parsed, brand_id=brand_id)
    added, before = library_import.carry_out(tx, wanted)
    if added or before:
        _undoable(tx, "import_templates", before=tuple(before), added=tuple(added))
    return wanted


def add_start_templates(tx: Transaction, *, language: str) -> int:
    """Add those of the starting set that are missing, named in that language, and return how many there were."""
    from cmdesk.store import library_start

    added = library_start.add_missing(tx, language=language)
    if added:
        _undoable(tx, "add_start_templates", added=tuple(added))
    return len(added)


def decline_start_templates(tx: Transaction) -> None:
    """Do not offer the starting set by itself any more; it can still be added."""
    from cmdesk.store import library_start

    library_start.decline(tx)


def put_back(tx: Transaction, *, before: Iterable[Template], added: Iterable[int] = ()) -> None:
    """Make templates what they were and take away what was added: the undo of the decisions here."""
    kept = tuple(before)
    gone = library.templates_by_id(tx.conn, added)
    current = library.templates_by_id(tx.conn, [each.id for each in kept])
    for template_id in gone:
        library.delete_template(tx, template_id)
    for each in kept:
        library.put_back(tx, each)
    _undoable(
        tx,
        "save_template",
        before=(*gone.values(), *current.values()),
        added=tuple(each.id for each in kept if each.id not in current),
    )


def note_used(tx: Transaction, *, template_id: int) -> None:
    """Count a use of a template."""
    library.note_used(tx, template_id)


def _undoable(tx: Transaction, name: str, *, before: tuple[Template, ...] = (), added: tuple[int, ...] = ()) -> None:
    named = before[0].name if before else ""
    tx.undoable(name, put_back, detail=named, before=before, added=added)


def _free_name(tx: Transaction, brand_id: int | None, category: str, name: str) -> str:
    """Return `name`, with a number when that folder has it already."""
    wanted = " ".join(name.split())[: library.MAX_NAME - 6]
    number, free = 1, wanted
    while library.called(tx.conn, brand_id, library.clean_folder(category), free) is not None:
        number += 1
        free = f"{wanted} {number}"
    return free

"""The starting set of templates: loaded once into a new profile, offered to others, never over a person's own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from cmdesk.resources import resource
from cmdesk.store import library, settings
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import scalar

META: Final = "start_templates"
_FIELDS = frozenset({"kind", "folder", "name", "ask"})


@dataclass(frozen=True, slots=True)
class Starter:
    """One template of the set; names and folders in Spanish and English."""

    kind: str
    folders: tuple[str, str]
    names: tuple[str, str]
    texts: Mapping[str, str]
    prompts: Mapping[str, str]


@lru_cache(maxsize=1)
def start_set() -> tuple[Starter, ...]:
    """Return the set as it is shipped (resources/templates/start.toml)."""
    with resource("templates", "start.toml").open("rb") as file:
        rows: list[dict[str, Any]] = tomllib.load(file)["template"]
    return tuple(
        Starter(
            row["kind"],
            (row["folder"][0], row["folder"][1]),
            (row["name"][0], row["name"][1]),
            {key: text for key, text in row.items() if key not in _FIELDS},
            row.get("ask", {}),
        )
        for row in rows
    )


def missing(reader: Reader) -> list[Starter]:
    """Return those of the set that are not there, under their Spanish or their English name."""
    return [
        each
        for each in start_set()
        if all(
            library.called(reader, None, folder, name) is None
            for folder, name in zip(each.folders, each.names, strict=True)
        )
    ]


def add_missing(tx: Transaction, *, language: str) -> list[int]:
    """Add what is not there, for every brand, named in Spanish or (any other language) English; returns the ids."""
    place = 0 if language.startswith("es") else 1
    settings.put_meta(tx, META, "1")
    return [
        library.save_template(
            tx,
            brand_id=None,
            name=each.names[place],
            texts=each.texts,
            kind=each.kind,
            category=each.folders[place],
            prompts=each.prompts,
        )
        for each in missing(tx.conn)
    ]


def offered(reader: Reader) -> bool:
    """Whether a profile has had the set, or somebody said that it is not wanted."""
    return bool(settings.meta(reader, META))


def decline(tx: Transaction) -> None:
    """Do not offer the set by itself any more."""
    settings.put_meta(tx, META, "0")
    tx.touch(Topic.TEMPLATE, 0)


def add_once(tx: Transaction, *, language: str) -> None:
    """Add the set to a profile that never had it and has no templates of its own."""
    if not settings.meta(tx.conn, META) and not scalar(tx.conn, "SELECT EXISTS (SELECT 1 FROM template)"):
        add_missing(tx, language=language)

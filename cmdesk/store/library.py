"""Templates: texts to answer and publish with, by language and market, in folders.

`kind` says what a template is for and is one of KINDS, so that a screen can ask for "the interim answers" by
`by_category`; `category` is the folder a person sorts it into, a path like "Complaints/Apologies".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from cmdesk.errors import Invalid
from cmdesk.model import Template
from cmdesk.store import fts
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import dump, fetch, ids_json, load, moment, scalar, stamp
from cmdesk.store.words import words_of
from cmdesk.templates import KINDS as KINDS, MAX_FOLDER, MAX_NAME as MAX_NAME, MAX_TEXT, clean_tag, fit

_LAST = 1 << 62


def templates(reader: Reader, brand_id: int | None = None, *, kind: str | None = None) -> list[Template]:
    """Return a brand's templates and those for every brand, by name; None for `brand_id` returns all there are."""
    ids = [
        row[0]
        for row in reader.execute(
            "SELECT id FROM template WHERE (?1 IS NULL OR brand_id IS NULL OR brand_id = ?1)"
            " AND (?2 IS NULL OR kind = ?2) ORDER BY name COLLATE NOCASE, id",
            (brand_id, kind),
        )
    ]
    found = templates_by_id(reader, ids)
    return [found[each] for each in ids]


def template(reader: Reader, template_id: int) -> Template:
    """Return one template; raises Invalid when there is none of that id."""
    found = templates_by_id(reader, (template_id,))
    if template_id not in found:
        raise Invalid(f"there is no template {template_id}", code="template_unknown", detail=str(template_id))
    return found[template_id]


def templates_by_id(reader: Reader, ids: Iterable[int]) -> dict[int, Template]:
    """Return these templates; those that are gone are missing."""
    wanted = ids_json(ids)
    texts: dict[int, dict[int, dict[str, str]]] = {}
    for template_id, market_id, language, text in reader.execute(
        "SELECT template_id, market_id, language, text FROM template_text"
        " WHERE template_id IN (SELECT value FROM json_each(?)) ORDER BY template_id, market_id, language",
        (wanted,),
    ):
        texts.setdefault(template_id, {}).setdefault(market_id, {})[language] = text
    found = {}
    for row in fetch(reader, "SELECT * FROM template WHERE id IN (SELECT value FROM json_each(?))", (wanted,)):
        mine = texts.get(row["id"], {})
        found[row["id"]] = Template(
            id=row["id"],
            brand_id=row["brand_id"],
            name=row["name"],
            kind=row["kind"],
            texts=mine.get(0, {}),
            category=row["category"],
            used=row["used"],
            used_at=moment(row["used_at"]),
            prompts=load(row["prompts"]) or {},
            markets={market: each for market, each in mine.items() if market},
        )
    return found


def by_category(reader: Reader, brand_id: int, kind: str, *, languages: Sequence[str] = ()) -> list[Template]:
    """Return the templates that are for one thing ("interim", "thanks", "out_of_hours", "private", "public_close",
    "troll_note", "follow_up", "crisis", any of KINDS), the first of them being the one to offer.

    Those in the first of `languages` come first, then a brand's own, then the most used. Expand one with
    `cmdesk.templates.expand`.
    """
    return find(reader, brand_id, "", kinds=(kind,), languages=languages)


def find(
    reader: Reader,
    brand_id: int | None,
    text: str,
    *,
    language: str = "",
    languages: Sequence[str] = (),
    market_id: int = 0,
    kinds: Collection[str] = (),
    limit: int = 200,
) -> list[Template]:
    """Return a brand's templates and the shared ones that match what is typed, the likeliest first.

    Each word is a beginning of a word of the name, the folder or a text, accents aside. In the language of the person
    (`language`, or the first of `languages`) before the next ones before the rest, then those with a variant for the
    market, those whose name matches, the brand's own, the most used, the last used.
    """
    typed = words_of(text)
    if text.strip() and not typed:
        return _named(reader, brand_id, text, kinds=kinds, limit=limit)
    expression = " ".join(f'"{word}"*' for word in typed)
    rows = reader.execute(
        "SELECT t.id, t.brand_id, t.name, t.used, coalesce(t.used_at, 0), t.category,"
        " (SELECT group_concat(x.language) FROM template_text x WHERE x.template_id = t.id),"
        " EXISTS (SELECT 1 FROM template_text x WHERE x.template_id = t.id AND x.market_id = ?4 AND ?4 <> 0)"
        " FROM template t WHERE (?1 IS NULL OR t.brand_id IS NULL OR t.brand_id = ?1)"
        " AND (?2 = '' OR t.id IN (SELECT rowid FROM template_fts WHERE template_fts MATCH ?2))"
        " AND (?3 = '[]' OR t.kind IN (SELECT value FROM json_each(?3)))",
        (brand_id, expression, dump(sorted(kinds)), market_id),
    ).fetchall()
    spoken = tuple(dict.fromkeys(each for each in (language, *languages) if each))
    folded = [fold(word) for word in typed]

    def rank(row: tuple[Any, ...]) -> tuple[Any, ...]:
        template_id, owner, name, used, used_at, category, tags, here = row
        inside = fold(name)
        named = all(word in inside for word in folded)
        tongue = fit((tags or "").split(","), spoken) if spoken else 0
        return (
            tongue, not here, not named, owner is None, -used, _LAST - used_at, fold(category), inside, template_id
        )  # fmt: skip

    ids = [row[0] for row in sorted(rows, key=rank)[:limit]]
    found = templates_by_id(reader, ids)
    return [found[each] for each in ids]


def _named(reader: Reader, brand_id: int | None, text: str, *, kinds: Collection[str], limit: int) -> list[Template]:
    """Return templates by signs that are no words, like an emoji of their name."""
    wanted = text.strip()
    every = [each for each in templates(reader, brand_id) if not kinds or each.kind in kinds]
    return [each for each in every if wanted in each.name or wanted in each.category][:limit]


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return text as it is compared: without accents and case."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def folders(reader: Reader, brand_id: int | None = None) -> list[tuple[str, int]]:
    """Return the folders a brand sees and how many templates stand in each by itself; '' is no folder."""
    rows = reader.execute(
        "SELECT category, count(*) FROM template WHERE ?1 IS NULL OR brand_id IS NULL OR brand_id = ?1"
        " GROUP BY category",
        (brand_id,),
    ).fetchall()
    return sorted(((category, count) for category, count in rows), key=lambda row: fold(row[0]))


def in_folder(reader: Reader, folder: str, brand_id: int | None = None) -> dict[int, str]:
    """Return the templates of a folder and of those inside it that a brand sees: id and its own folder."""
    return dict(
        reader.execute(
            "SELECT id, category FROM template WHERE (?1 IS NULL OR brand_id IS NULL OR brand_id = ?1)"
            " AND (category = ?2 OR substr(category, 1, length(?2) + 1) = ?2 || '/')",
            (brand_id, folder),
        ).fetchall()
    )


def called(reader: Reader, brand_id: int | None, category: str, name: str) -> int | None:
    """Return the template of that owner (None: for every brand), folder and name; None when there is none."""
    found = scalar(
        reader,
        "SELECT id FROM template WHERE brand_id IS ?1 AND category = ?2 AND name = ?3 ORDER BY id LIMIT 1",
        (brand_id, category, name),
    )
    return None if found is None else int(found)


def save_template(
    tx: Transaction,
    *,
    template_id: int | None = None,
    brand_id: int | None,
    name: str,
    texts: Mapping[str, str],
    kind: str = "reply",
    category: str = "",
    prompts: Mapping[str, str] | None = None,
    markets: Mapping[int, Mapping[str, str]] | None = None,
) -> int:
    """Save a template (`texts` by language tag, '' for any) and return its id; raises Invalid.

    `prompts` and `markets` None keep what a known template has.
    """
    clean = " ".join(name.split())
    kept = {0: _checked(texts)}
    for market_id, each in (markets or {}).items():
        kept[market_id] = _checked(each)
    if not clean or not any(kept.values()):
        raise Invalid("a template needs a name and a text", code="template_empty", detail="text" if clean else "name")
    if len(clean) > MAX_NAME:
        raise Invalid("the name is too long", code="template_name_long", detail=str(MAX_NAME))
    if kind not in KINDS:
        raise Invalid(f"{kind!r} is no kind of template", code="template_kind", detail=kind)
    folder = clean_folder(category)
    asked = (
        None if prompts is None else dump({word: question for word, question in prompts.items() if question.strip()})
    )
    if template_id is None:
        template_id = tx.conn.execute(
            "INSERT INTO template (brand_id, name, kind, category, prompts, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (brand_id, clean, kind, folder, asked or "{}", tx.now_ms, tx.now_ms),
        ).lastrowid
        assert template_id is not None
    else:
        template(tx.conn, template_id)
        fts.take_out(tx, "template", [template_id])
        tx.conn.execute(
            "UPDATE template SET brand_id = ?, name = ?, kind = ?, category = ?, prompts = coalesce(?, prompts),"
            " updated_at = ? WHERE id = ?",
            (brand_id, clean, kind, folder, asked, tx.now_ms, template_id),
        )
        tx.conn.execute(
            "DELETE FROM template_text WHERE template_id = ?1 AND (market_id = 0 OR ?2)",
            (template_id, markets is not None),
        )
    _put_texts(tx, template_id, kept)
    fts.put_in(tx, "template", [template_id])
    tx.touch(Topic.TEMPLATE, brand_id or 0, template_id)
    return template_id


def put_back(tx: Transaction, before: Template) -> None:
    """Make a template what it was, with its id, uses and all; it may have been deleted or changed meanwhile."""
    fts.take_out(tx, "template", [before.id])
    tx.conn.execute(
        "INSERT INTO template (id, brand_id, name, kind, category, used, used_at, prompts, created_at, updated_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9) ON CONFLICT (id) DO UPDATE SET brand_id = ?2, name = ?3,"
        " kind = ?4, category = ?5, prompts = ?8, updated_at = ?9",
        (
            before.id, before.brand_id, before.name, before.kind, before.category, before.used, stamp(before.used_at),
            dump(dict(before.prompts)), tx.now_ms,
        ),
    )  # fmt: skip
    tx.conn.execute("DELETE FROM template_text WHERE template_id = ?", (before.id,))
    _put_texts(tx, before.id, {0: before.texts, **before.markets})
    fts.put_in(tx, "template", [before.id])
    tx.touch(Topic.TEMPLATE, before.brand_id or 0, before.id)


def set_folder(tx: Transaction, template_id: int, category: str) -> None:
    """Put a template into a folder; one that is gone is no error."""
    fts.take_out(tx, "template", [template_id])
    row = tx.conn.execute(
        "UPDATE template SET category = ?, updated_at = ? WHERE id = ? RETURNING brand_id",
        (clean_folder(category), tx.now_ms, template_id),
    ).fetchone()
    if row is not None:
        fts.put_in(tx, "template", [template_id])
        tx.touch(Topic.TEMPLATE, row[0] or 0, template_id)


def note_used(tx: Transaction, template_id: int) -> None:
    """Count a use, so that lists can show the useful ones first."""
    tx.conn.execute("UPDATE template SET used = used + 1, used_at = ? WHERE id = ?", (tx.now_ms, template_id))


def delete_template(tx: Transaction, template_id: int) -> None:
    """Delete a template; one that is gone already is no error."""
    brand_id = scalar(tx.conn, "SELECT brand_id FROM template WHERE id = ?", (template_id,))
    fts.take_out(tx, "template", [template_id])
    tx.conn.execute("DELETE FROM template WHERE id = ?", (template_id,))
    tx.touch(Topic.TEMPLATE, brand_id or 0, template_id)


def clean_folder(path: str) -> str:
    """Return a folder's path as it is kept; raises Invalid when it is too long."""
    kept = "/".join(part for part in (" ".join(each.split()) for each in path.split("/")) if part)
    if len(kept) > MAX_FOLDER:
        raise Invalid("the folder's name is too long", code="template_folder_long", detail=str(MAX_FOLDER))
    return kept


def _checked(texts: Mapping[str, str]) -> dict[str, str]:
    kept = {}
    for language, text in texts.items():
        if not text.strip():
            continue
        tag = clean_tag(language)
        if tag is None:
            raise Invalid(f"{language!r} is not a language", code="language_unknown", detail=language)
        if len(text) > MAX_TEXT:
            raise Invalid("the text is too long", code="template_long", detail=str(MAX_TEXT))
        kept[tag] = text
    return kept


def _put_texts(tx: Transaction, template_id: int, texts: Mapping[int, Mapping[str, str]]) -> None:
    tx.conn.executemany(
        "INSERT INTO template_text (template_id, language, market_id, text) VALUES (?, ?, ?, ?)",
        [
            (template_id, language, market_id, text)
            for market_id, mine in texts.items()
            for language, text in mine.items()
        ],
    )

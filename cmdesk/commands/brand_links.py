"""Decisions about a brand's product links and hashtag sets (U13, U14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import regex

from cmdesk.errors import Invalid
from cmdesk.planning.campaign_links import plain
from cmdesk.planning.link_files import LinkEntry
from cmdesk.store import brand_links as store
from cmdesk.store.db import Reader, Transaction

_LONGEST = 200
_TAG = regex.compile(r"[\p{L}\p{N}\p{M}_]{1,100}")


def save_product(
    tx: Transaction,
    *,
    brand_id: int,
    name: str,
    url: str,
    product_id: int | None = None,
    also: str = "",
    category: str = "",
    note: str = "",
    instead_id: int | None = None,
) -> int:
    """Keep a product or landing page, its link without UTM parameters; returns its id.

    Raises Invalid: `product_name`, `product_exists`, `link_form`, and `product_instead` for one that replaces itself.
    """
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST:
        raise Invalid("a product needs a name", code="product_name", detail="name")
    if instead_id is not None and (instead_id == product_id or store.product(tx.conn, instead_id).brand_id != brand_id):
        raise Invalid("another product of the same brand is needed", code="product_instead", detail=str(instead_id))
    before = None if product_id is None else store.product(tx.conn, product_id)
    if before is not None and before.brand_id != brand_id:
        raise Invalid("a product stays with its brand", code="wrong_brand", detail=str(product_id))
    saved = store.save_product(
        tx,
        brand_id=brand_id,
        product_id=product_id,
        name=name,
        url=plain(url),
        also="\n".join(dict.fromkeys(" ".join(line.split()) for line in also.splitlines() if line.strip())),
        category=" ".join(category.split()),
        note=note.strip(),
        instead_id=instead_id,
    )
    if before is None:
        tx.undoable("add_product", put_product_away, product_id=saved)
    else:
        tx.undoable("change_product", save_product, **_fields(before))
    return saved


def replace_product(tx: Transaction, *, product_id: int, instead_id: int | None) -> None:
    """Say what fits better than a link now (U14); None: it is up to date. Raises as `save_product`."""
    save_product(tx, **{**_fields(store.product(tx.conn, product_id)), "instead_id": instead_id})


def put_product_away(tx: Transaction, *, product_id: int, away: bool = True) -> None:
    """Put a link away: it is not offered any more, what used it stays."""
    store.put_away(tx, product_id, away=away)
    tx.undoable("put_product_away", put_product_away, product_id=product_id, away=not away)


def put_products_away(tx: Transaction, *, product_ids: Sequence[int], away: bool = True) -> None:
    """Put links away, or take them back out, all with one undo."""
    for product_id in product_ids:
        store.put_away(tx, product_id, away=away)
    tx.undoable("put_products_away", put_products_away, product_ids=list(product_ids), away=not away)


@dataclass(frozen=True, slots=True)
class Imported:
    """What taking a file in did, or would do."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()


def plan_products(reader: Reader, brand_id: int, entries: Sequence[LinkEntry]) -> Imported:
    """Return what taking these rows in would do; a row with a name that is kept changes that link."""
    known = {each.name.casefold(): each for each in store.products(reader, brand_id, archived=True)}
    names = {each.id: each.name for each in known.values()}
    added: list[str] = []
    changed: list[str] = []
    same: list[str] = []
    for each in entries:
        old = known.get(each.name.casefold())
        if old is None:
            added.append(each.name)
            continue
        instead = names.get(old.instead_id, "") if old.instead_id is not None else ""
        kept = (old.name, old.url, old.category, old.also, old.note, instead.casefold())
        new = (each.name, each.url, each.category, each.also, each.note, each.instead.casefold())
        (same if kept == new and old.archived_at is None else changed).append(each.name)
    return Imported(tuple(added), tuple(changed), tuple(same))


def import_products(tx: Transaction, *, brand_id: int, entries: Sequence[LinkEntry]) -> Imported:
    """Take rows of a file in; one undo takes all of it back."""
    plan = plan_products(tx.conn, brand_id, entries)
    known = {each.name.casefold(): each for each in store.products(tx.conn, brand_id, archived=True)}
    wanted = {each.casefold() for each in (*plan.added, *plan.changed)}
    taken = [each for each in entries if each.name.casefold() in wanted]
    ids = {name: each.id for name, each in known.items()}
    new: list[int] = []
    for each in taken:
        old = known.get(each.name.casefold())
        saved = store.save_product(
            tx, brand_id=brand_id, product_id=old.id if old else None, name=each.name, url=each.url,
            also=each.also, category=each.category, note=each.note, instead_id=old.instead_id if old else None,
        )  # fmt: skip
        ids[each.name.casefold()] = saved
        if old is None:
            new.append(saved)
        elif old.archived_at is not None:
            store.put_away(tx, saved, away=False)
    for each in taken:
        own, instead = ids[each.name.casefold()], ids.get(each.instead.casefold()) if each.instead else None
        now = store.product(tx.conn, own)
        if instead != own and now.instead_id != instead:
            store.save_product(tx, **{**_fields(now), "instead_id": instead})
    if taken:
        before = [known[each.name.casefold()] for each in taken if each.name.casefold() in known]
        tx.undoable("import_products", take_import_back, new=new, before=before)
    return plan


def take_import_back(tx: Transaction, *, new: Sequence[int], before: Sequence[store.ProductLink]) -> None:
    """Undo an import: what came is gone, what changed is as it was."""
    for each in before:
        store.save_product(tx, **_fields(each))
        if each.archived_at is not None:
            store.put_away(tx, each.id, away=True)
    for product_id in new:
        store.remove_product(tx, product_id)


def use_product(tx: Transaction, *, product_id: int) -> None:
    """Count a use."""
    store.note_product_used(tx, product_id)


def save_hashtags(tx: Transaction, *, brand_id: int, name: str, tags: str, set_id: int | None = None) -> int:
    """Keep a set of hashtags, written with or without #, apart by blanks or commas; returns its id.

    Raises Invalid: `hashtags_name`, `hashtags_exist`, `hashtags_empty`, `hashtag_form` (naming the first that is none).
    """
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST:
        raise Invalid("a set needs a name", code="hashtags_name", detail="name")
    words = list(dict.fromkeys(word.lstrip("#＃") for word in regex.split(r"[\s,;]+", tags) if word.strip("#＃")))
    if not words:
        raise Invalid("there is no hashtag in it", code="hashtags_empty", detail="tags")
    for word in words:
        if not _TAG.fullmatch(word) or word.isdigit():
            raise Invalid(f"{word!r} is no hashtag", code="hashtag_form", detail=word[:60])
    before = None if set_id is None else store.hashtag_set(tx.conn, set_id)
    saved = store.save_hashtags(
        tx, brand_id=brand_id, name=name, tags=" ".join(f"#{word}" for word in words), set_id=set_id
    )
    if before is None:
        tx.undoable("add_hashtags", remove_hashtags, set_id=saved)
    else:
        tx.undoable(
            "change_hashtags",
            save_hashtags,
            brand_id=brand_id,
            name=before.name,
            tags=" ".join(before.tags),
            set_id=set_id,
        )
    return saved


def remove_hashtags(tx: Transaction, *, set_id: int) -> None:
    """Remove a set."""
    before = store.hashtag_set(tx.conn, set_id)
    store.remove_hashtags(tx, set_id)
    tx.undoable(
        "remove_hashtags",
        save_hashtags,
        brand_id=before.brand_id,
        name=before.name,
        tags=" ".join(before.tags),
    )


def remove_hashtag_sets(tx: Transaction, *, set_ids: Sequence[int]) -> None:
    """Remove sets, all with one undo."""
    before = [store.hashtag_set(tx.conn, each) for each in set_ids]
    for each in set_ids:
        store.remove_hashtags(tx, each)
    tx.undoable("remove_hashtags", put_hashtags_back, sets=before)


def put_hashtags_back(tx: Transaction, *, sets: Sequence[store.HashtagSet]) -> None:
    """Keep removed sets again."""
    ids = [store.save_hashtags(tx, brand_id=each.brand_id, name=each.name, tags=" ".join(each.tags)) for each in sets]
    tx.undoable("add_hashtags", remove_hashtag_sets, set_ids=ids)


def use_hashtags(tx: Transaction, *, set_id: int) -> None:
    """Remember a use."""
    store.note_hashtags_used(tx, set_id)


def _fields(before: store.ProductLink) -> dict[str, Any]:
    return {
        "brand_id": before.brand_id,
        "product_id": before.id,
        "name": before.name,
        "url": before.url,
        "also": before.also,
        "category": before.category,
        "note": before.note,
        "instead_id": before.instead_id,
    }

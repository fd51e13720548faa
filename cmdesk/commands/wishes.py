"""Decisions about what customers say they like and want, for the client (D16), and about places to watch (D5)."""

from __future__ import annotations

from collections.abc import Iterable

from cmdesk.commands.case_deed import LONGEST, Deed, same_brand, words
from cmdesk.errors import Invalid
from cmdesk.safe_text import clean_line
from cmdesk.store import cases, inbox, wishes
from cmdesk.store.db import Transaction
from cmdesk.store.intake_items import clean


def add_wish(
    tx: Transaction,
    *,
    brand_id: int,
    kind: str,
    text: str,
    conversation_id: int | None = None,
    contact_id: int | None = None,
) -> int:
    """Keep a taste, an idea, a wish or a praise for the client and return its id.

    Raises Invalid (`wish_kind`, `wish_empty`, `wrong_brand`).
    """
    deed = Deed(tx)
    if kind not in wishes.KINDS:
        raise Invalid(f"there is no kind of wish {kind!r}", code="wish_kind", detail=kind)
    said = words(text, "wish_empty")
    contact_id = _checked(tx, brand_id, conversation_id, contact_id)
    wish_id = deed.add(
        "wish", brand_id=brand_id, conversation_id=conversation_id, contact_id=contact_id, kind=kind, text=said,
        at=tx.now_ms,
    )  # fmt: skip
    if conversation_id is not None:
        deed.note("wish", brand_id=brand_id, conversation_id=conversation_id, contact_id=contact_id, text=said,
                  detail={"kind": kind})  # fmt: skip
    deed.finish("add_wish")
    return wish_id


def change_wish(tx: Transaction, *, wish_id: int, kind: str, text: str) -> None:
    """Change a wish's kind and words; raises Invalid (`wish_kind`, `wish_empty`, `wish_unknown`)."""
    deed = Deed(tx)
    wishes.wish(tx.conn, wish_id)
    if kind not in wishes.KINDS:
        raise Invalid(f"there is no kind of wish {kind!r}", code="wish_kind", detail=kind)
    deed.put("wish", wish_id, kind=kind, text=words(text, "wish_empty"))
    deed.finish("change_wish")


def remove_wish(tx: Transaction, *, wish_id: int) -> None:
    """Delete a wish; one that is gone is no error."""
    deed = Deed(tx)
    deed.remove("wish", wish_id)
    deed.finish("remove_wish")


def hand_wishes(tx: Transaction, *, wish_ids: Iterable[int], handed: bool = True) -> int:
    """Note that the client was given these, or was not after all; returns how many changed."""
    deed = Deed(tx)
    changed = 0
    for wish_id in wish_ids:
        found = wishes.wish(tx.conn, wish_id)
        if handed is (found.handed_at is None):
            changed += deed.put("wish", wish_id, handed_at=tx.now_ms if handed else None)
    deed.finish("hand_wishes", detail=str(changed))
    return changed


def add_place(
    tx: Transaction,
    *,
    brand_id: int,
    name: str,
    url: str = "",
    note: str = "",
    conversation_id: int | None = None,
) -> int:
    """Remember a place where the brand was named and return its id; one of that name gets what is new.

    Raises Invalid (`watch_name`, `place_url`, `wrong_brand`).
    """
    deed = Deed(tx)
    called = clean_line(clean(name), limit=200)
    if not called:
        raise Invalid("a place needs a name", code="watch_name", detail="name")
    address = url.strip()
    if address and not address.lower().startswith(("https://", "http://")):
        raise Invalid("this is no address of a page", code="place_url", detail=address[:200])
    contact_id = _checked(tx, brand_id, conversation_id, None)
    columns: dict[str, object] = {"url": clean(address)[:2000], "note": clean(note).strip()[:LONGEST]}
    if conversation_id is not None:
        columns["conversation_id"] = conversation_id
    place_id = wishes.place_named(tx.conn, brand_id, called)
    if place_id is None:
        place_id = deed.add("watch_place", brand_id=brand_id, name=called, added_at=tx.now_ms, **columns)
    else:
        deed.put("watch_place", place_id, **{key: value for key, value in columns.items() if value})
    if conversation_id is not None:
        deed.note("place", brand_id=brand_id, conversation_id=conversation_id, contact_id=contact_id, text=called,
                  detail={"name": called})  # fmt: skip
    deed.finish("add_place", detail=called)
    return place_id


def look_at_place(tx: Transaction, *, place_id: int) -> None:
    """Note that a place was looked at now; it goes to the end of the list."""
    deed = Deed(tx)
    found = wishes.place(tx.conn, place_id)
    deed.put("watch_place", place_id, looked_at=tx.now_ms)
    deed.finish("look_at_place", detail=found.name)


def remove_place(tx: Transaction, *, place_id: int) -> None:
    """Watch a place no longer; one that is gone is no error."""
    deed = Deed(tx)
    deed.remove("watch_place", place_id)
    deed.finish("remove_place")


def _checked(tx: Transaction, brand_id: int, conversation_id: int | None, contact_id: int | None) -> int | None:
    """Return the contact, from the conversation where none is named; raises Invalid (`wrong_brand`)."""
    if conversation_id is not None:
        talk = inbox.conversation(tx.conn, conversation_id)
        same_brand(talk.brand_id, brand_id, conversation_id)
        contact_id = contact_id or talk.contact_id
    if contact_id is not None:
        same_brand(cases.brand_of(tx.conn, "contact", contact_id), brand_id, contact_id)
    return contact_id

"""A hit becomes a conversation with one key, offline too: its words are here, its thread is read afterwards (D1)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from cmdesk.care.verdict import Verdict
from cmdesk.commands import by_hand
from cmdesk.commands.case_deed import Deed
from cmdesk.errors import Conflict
from cmdesk.i18n import _
from cmdesk.listening.values import WEB, Hit, HitState
from cmdesk.model import Account
from cmdesk.networks.base import Author, Incoming, Kind
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.store import accounts, intake, journal, listening, listening_hits, listening_inbox
from cmdesk.store.db import Transaction
from cmdesk.store.journal import Was
from cmdesk.store.listening_inbox import Place

# What of a hit's `ref` is for finding it, not for answering it.
_OURS = frozenset({"id", "author", "parent", "parent_author", "followers"})


@dataclass(frozen=True, slots=True)
class Brought:
    """What promoting put into the inbox, so that exactly this can be taken back."""

    place: Place
    known: bool  # it was in the inbox already
    started: bool  # the conversation began with it
    new_contact: bool  # somebody became a contact by it


def promote_hit(tx: Transaction, *, hit_id: int) -> int:
    """Bring a hit to the inbox as a mention that can be answered there, and return its conversation's id.

    What the web said is answered on its own page: the answer is prepared here and published by hand (N26). One that
    is there already is only found. Raises Invalid (`hit_unknown`), Conflict (`hit_no_account`, `hit_gone`).
    """
    hit = listening.hit(tx.conn, hit_id)
    if hit.conversation_id is not None and listening_inbox.is_there(tx.conn, hit.conversation_id):
        return hit.conversation_id
    account = _web_place(tx, hit.brand_id) if hit.source == WEB else listening_hits.account_of(tx, hit)
    brought = _bring(tx, account, hit)
    talk = brought.place.conversation_id
    deed = Deed(tx)
    deed.put("listen_hit", hit_id, state=HitState.PROMOTED.value, conversation_id=talk, decided_at=tx.now_ms)
    if not brought.known:
        deed.note("promoted", brand_id=hit.brand_id, conversation_id=talk, text=_searches(tx, hit))
    tx.undoable("promote_hit", unpromote_hit, hit_id=hit_id, brought=brought, was=deed.was, detail=hit.author_name)
    return talk


def unpromote_hit(tx: Transaction, *, hit_id: int, brought: Brought, was: tuple[Was, ...]) -> None:
    """Take a hit out of the inbox again (undo); raises Conflict (`in_use`) once somebody worked on it there."""
    hit = listening.hit(tx.conn, hit_id)
    place = brought.place
    if brought.started and not brought.known and listening_inbox.worked_on(tx.conn, place.part_id):
        raise Conflict("something was done with it since", code="in_use", detail=str(place.conversation_id))
    journal.restore(tx, was)
    if not brought.known:
        listening_inbox.take_out(tx, hit.brand_id, place, whole=brought.started, new_contact=brought.new_contact)
    tx.undoable("promote_hit", promote_hit, hit_id=hit_id, detail=hit.author_name)


def _bring(tx: Transaction, account: Account, hit: Hit) -> Brought:
    item = _item(hit, account)
    known = listening_inbox.place_of(tx.conn, account.id, item.remote_id)
    newest = listening_inbox.newest_contact(tx.conn)
    taken = intake.upsert_items(tx, account, "listen", [item], _verdicts(hit, item))
    place = listening_inbox.place_of(tx.conn, account.id, item.remote_id)
    if place is None:
        raise Conflict("its author deleted it", code="hit_gone", detail=str(hit.id))
    return Brought(
        place,
        known=known is not None,
        started=place.part_id in taken.started,
        new_contact=place.contact_id is not None and place.contact_id > newest,
    )


def _item(hit: Hit, account: Account) -> Incoming:
    """Return a hit as its network would have told of it had it named us."""
    ref = {name: value for name, value in hit.ref.items() if name not in _OURS}
    author = Author(
        remote_id=hit.ref.get("author") or hit.author_id or hit.author_handle or urlsplit(hit.url).netloc or hit.source,
        handle=hit.author_handle or hit.author_name or urlsplit(hit.url).netloc,
        name=hit.author_name,
        avatar_url=hit.avatar_url,
        followers=int(hit.ref["followers"]) if hit.ref.get("followers", "").isdecimal() else None,
    )
    on_web = account.network == BY_HAND
    return Incoming(
        remote_id=hit.ref.get("id") or hit.remote_id,
        kind=Kind.MENTION,
        author=author,
        created_at=hit.at,
        text=hit.words,
        language=hit.language,
        parent_id=hit.ref.get("parent", ""),
        parent_author_id=hit.ref.get("parent_author", ""),
        url=hit.url,
        ref={"page": hit.url} if on_web else ref,
        mentions=() if on_web else (hit.author_handle,),
    )


def _verdicts(hit: Hit, item: Incoming) -> dict[str, Verdict]:
    """What listening judged stands until the desk judges anew, with the words that decided."""
    if not hit.sentiment:
        return {}
    sure = 0.5 if hit.unsure else 0.75
    return {
        item.remote_id: Verdict(
            language=hit.language,
            language_confidence=0.85 if hit.language else 0.0,
            sentiment=hit.sentiment,
            kind=hit.intent or "opinion",
            urgency=hit.urgency,
            confidence=sure,
            kind_confidence=sure,
        )
    }


def _web_place(tx: Transaction, brand_id: int) -> Account:
    """Return the place where what the web says is answered by hand, made when it is first needed."""
    there = [each for each in accounts.list_accounts(tx.conn, brand_id=brand_id) if each.network == BY_HAND]
    for each in there:
        if each.capabilities.get("web"):
            return each
    name = _("Web pages")
    taken = {each.handle.casefold() for each in there}
    account_id = by_hand.add_place(
        tx, brand_id=brand_id, name=name if name.casefold() not in taken else f"{name} ({len(taken) + 1})"
    )
    listening_inbox.mark_web_place(tx, accounts.account(tx.conn, account_id))
    return accounts.account(tx.conn, account_id)


def _searches(tx: Transaction, hit: Hit) -> str:
    return ", ".join(listening.search(tx.conn, each).name for each in hit.search_ids[:3])

"""A page of a stream into the store: rows, quarantine, gap, cursor and confirmations in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cmdesk.care.verdict import Verdict
from cmdesk.networks.base import Incoming, Kind, Page
from cmdesk.planning.settling import TIMING, Timing
from cmdesk.store import accounts, intake, outbox_seen, private, syncing
from cmdesk.store.db import Transaction
from cmdesk.store.outbox_state import MEDIA_KINDS


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What a page brought."""

    new: int = 0
    updated: int = 0
    quarantined: int = 0
    confirmed: tuple[int, ...] = ()  # deliveries
    incoming: tuple[int, ...] = ()  # conversations with new words for us
    oldest: datetime | None = None


def ingest_page(
    tx: Transaction,
    account_id: int,
    stream: str,
    page: Page,
    *,
    back: bool = False,
    back_done: bool = False,
    timing: Timing = TIMING,
    verdicts: Mapping[str, Verdict] | None = None,
) -> IngestResult:
    """Apply a page whole: replaying it any number of times changes nothing (RELIABILITY 3.1, 3.2).

    `back` says that it came from the walk into the past, `back_done` that the walk ends with it. `verdicts` are on
    what speaks to us, by remote id; what lacks one is judged later.
    """
    result = _ingest(tx, account_id, stream, page.items, timing=timing, verdicts=verdicts)
    quarantined = 0
    if page.quarantined:
        quarantined = accounts.quarantine(
            tx, account_id, stream, ((each.remote_id, each.raw, each.reason) for each in page.quarantined)
        )
    if back:
        accounts.save_cursor(tx, account_id, stream, back=page.cursor, back_done=back_done or not page.more)
        if back_done or not page.more:
            _close_gaps(tx, account_id, stream)
    else:
        accounts.save_cursor(tx, account_id, stream, head=page.cursor)
        if page.gap is not None:
            older, reason = page.gap
            accounts.note_gap(tx, account_id, stream, older=older, reason=reason)
            # The walk into the past starts again at the newest item and fills the hole.
            accounts.restart_backfill(tx, account_id, stream)
    return IngestResult(
        new=result.new,
        updated=result.updated,
        quarantined=quarantined,
        confirmed=result.confirmed,
        incoming=result.incoming,
        oldest=result.oldest,
    )


def ingest_context(
    tx: Transaction, account_id: int, conversation_id: int, items: tuple[Incoming, ...], *, timing: Timing = TIMING
) -> IngestResult:
    """Store the thread around an item and note that its conversation was looked at."""
    result = _ingest(tx, account_id, "context", items, timing=timing)
    syncing.note_context(tx, [conversation_id])
    return result


def _ingest(
    tx: Transaction,
    account_id: int,
    stream: str,
    items: Iterable[Incoming],
    *,
    timing: Timing,
    verdicts: Mapping[str, Verdict] | None = None,
) -> IngestResult:
    every = tuple(items)
    account = accounts.account(tx.conn, account_id)
    taken = intake.upsert_items(tx, account, stream, every, verdicts)
    own = [seen(item) for item in every if item.kind is Kind.OWN and item.author.remote_id == account.remote_id]
    confirmed = outbox_seen.confirm_seen(tx, account_id, own, timing=timing)
    private.settle_private(tx, confirmed)
    if taken.incoming:
        syncing.forget_context(tx, list(taken.incoming))
    return IngestResult(
        new=taken.new,
        updated=taken.updated,
        confirmed=tuple(confirmed),
        incoming=taken.incoming,
        oldest=min((item.created_at for item in every), default=None),
    )


def seen(item: Incoming) -> outbox_seen.Seen:
    """Return an own item as the outbox compares it with what was sealed."""
    media = [each for each in item.attachments if each.kind in MEDIA_KINDS]
    cards = [each for each in item.attachments if each.kind == "link"]
    return outbox_seen.Seen(
        remote_id=item.remote_id,
        author_id=item.author.remote_id,
        text=item.text,
        created_at=item.created_at,
        url=item.url,
        ref=dict(item.ref),
        visibility=item.visibility,
        spoiler=item.spoiler,
        parent_id=item.parent_id,
        alts=tuple(each.alt for each in media),
        kinds=tuple(each.kind for each in media) if all(each.kind != "other" for each in media) else None,
        language=item.language,
        card_url=cards[0].url if cards else "",
        card_title=cards[0].alt if cards else "",
        card_file=cards[0].name if cards else "",
        files=tuple(each.name for each in media),
        replies=item.replies,
        quotes=item.quotes,
    )


def _close_gaps(tx: Transaction, account_id: int, stream: str) -> None:
    for gap in accounts.gaps(tx.conn):
        if (gap.account_id, gap.stream) == (account_id, stream):
            accounts.close_gap(tx, gap.id)

"""The verbs of every day: reading, answering, publishing."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

from cmdesk.cli.output import Row, complain_usage, cut, iso, local, one_line, say, show
from cmdesk.cli.setup import brand_of
from cmdesk.commands import accounts as connecting, inbox as deciding
from cmdesk.desk import Desk
from cmdesk.i18n import _, ngettext
from cmdesk.model import Conversation, ConversationState, Delivery, DeliveryState, Direction
from cmdesk.store import accounts, brands, inbox, outbox, search
from cmdesk.sync.reading import SyncResult
from cmdesk.wording import conversation_word, delivery_word, explain_code

# Whoever sends one thing "now" does not wait for minutes; `publish` does.
SOON_S = 25.0


def sync_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Read everything new once and print what each account brought; status 1 when an account failed."""
    brand_id = brand_of(desk, options.brand)
    prepare(desk)
    results = asyncio.run(_sync(desk, brand_id))
    desk.back_up_if_due()
    rows: list[Row] = []
    for each in results:
        account = desk.page(accounts.account, each.account_id)
        rows.append(
            {
                "account": account.handle,
                "brand": desk.page(brands.brand, account.brand_id).name,
                "network": account.network,
                "new": each.new,
                "updated": each.updated,
                "error": each.error or None,
                "why": explain_code(each.error, account.error_detail or account.state_detail) if each.error else "",
            }
        )
    show(
        rows,
        as_json=options.json,
        columns=(
            ("brand", _("Brand")),
            ("account", _("Account")),
            ("new", _("New")),
            ("updated", _("Updated")),
            ("why", _("Error")),
        ),
        empty=_("No account to read. Connect one with: cmdesk account add --help"),
    )
    failed = [row for row in rows if row["error"]]
    if failed:
        text = ngettext("{count} account could not be read", "{count} accounts could not be read", len(failed))
        why = "; ".join(f"@{row['account']}: {row['why']}" for row in failed)
        complain_usage(f"{text.format(count=len(failed))}: {why}")
    return 1 if failed else 0


async def _sync(desk: Desk, brand_id: int | None) -> list[SyncResult]:
    results = await desk.engine.sync_once(brand_id)
    await connecting.finish_disconnects(desk)
    return results


def inbox_verb(desk: Desk, options: argparse.Namespace) -> int:
    """List conversations, newest first."""
    brand_id = brand_of(desk, options.brand)
    state = ConversationState(options.state) if options.state else None
    if options.search:
        found = desk.page(
            search.search_conversations, options.search, brand_id=brand_id, state=state, limit=options.limit
        )
    else:
        found = desk.page(inbox.conversation_page, brand_id=brand_id, state=state, limit=options.limit)
    rows = [_conversation_row(desk, each) for each in found]
    for row in rows if not options.json else ():
        row.update(
            text=one_line(str(row["text"]), 400),
            author=cut(str(row["author"]), 24),
            received_at=local(next(each.last_in_at for each in found if each.id == row["id"])),
            state=conversation_word(ConversationState(str(row["state"]))),
        )
    show(
        rows,
        as_json=options.json,
        columns=(
            ("id", _("No.")),
            ("brand", _("Brand")),
            ("author", _("From")),
            ("received_at", _("Received")),
            ("state", _("State")),
            ("text", _("Text")),
        ),
        empty=_("Nothing here."),
    )
    return 0


def _conversation_row(desk: Desk, conversation: Conversation) -> dict[str, object]:
    said = [each for each in desk.page(inbox.thread, conversation.id) if each.direction is Direction.IN]
    account = desk.page(accounts.account, conversation.account_id)
    return {
        "id": conversation.id,
        "brand": desk.page(brands.brand, conversation.brand_id).name,
        "account": account.handle,
        "network": conversation.network,
        "author": conversation.author or conversation.handle,
        "handle": conversation.handle,
        "text": said[-1].text if said else conversation.preview,
        "state": conversation.state.value,
        "received_at": iso(conversation.last_in_at or conversation.last_at),
        "kind": conversation.kind,
        "unread": conversation.unread,
        "messages": conversation.messages,
        "answered": conversation.last_out_at is not None,
        "outgoing": conversation.outgoing or None,
    }


def reply_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Queue an answer; with --now it is sent at once where the network can be reached."""
    delivery_id = desk.run_now(
        deciding.reply,
        conversation_id=options.conversation,
        text=options.text,
        name_everyone=True,
        now=options.now,
        sure=options.sure,
    )
    if options.now:
        send(desk)
    delivery = desk.page(outbox.delivery, delivery_id)
    report(desk, [delivery], as_json=options.json)
    if not options.now and not options.json:
        say(_("It can be taken back until {time}.").format(time=local(delivery.due_at)))
    return 1 if failed(delivery) else 0


def publish_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Send what is due, settle what is uncertain; status 1 when something needs a person."""
    prepare(desk)
    if options.take_over:
        desk.take_over()
    touched = send(desk, settle_s=options.wait, wait_for_replies=True)
    deliveries = [desk.page(outbox.delivery, each) for each in touched]
    if deliveries or options.json:
        report(desk, deliveries, as_json=options.json)
    else:
        say(_("Nothing is due."))
    return 1 if any(failed(each) for each in deliveries) else 0


def prepare(desk: Desk) -> None:
    """Start what the accounts need: the sample network of a demo profile."""
    if desk.setting("demo"):
        desk.start_sandbox()


def send(desk: Desk, *, settle_s: float = SOON_S, wait_for_replies: bool = False) -> list[int]:
    """Publish what is due and return the deliveries that were touched; raises Conflict in a copied profile.

    What is uncertain is looked for during at most `settle_s` seconds, then left for the next time.
    Answers held for the seconds in which they can be taken back are waited for with `wait_for_replies`.
    """
    prepare(desk)
    desk.check_publisher()
    outcomes = asyncio.run(_rounds(desk, settle_s=settle_s, wait_for_replies=wait_for_replies))
    return list(dict.fromkeys(outcomes))


async def _rounds(desk: Desk, *, settle_s: float, wait_for_replies: bool) -> list[int]:
    engine = desk.engine
    touched = [each.id for each in await engine.publish_once(settle_s=settle_s)]
    if wait_for_replies:
        hold = float(desk.setting("undo_seconds"))
        now = desk.clock.now()
        held = [
            each
            for each in desk.page(outbox.deliveries, states=(DeliveryState.QUEUED,))
            if each.kind != "post" and 0 < (each.due_at - now).total_seconds() <= hold
        ]
        if held:
            await asyncio.sleep(max((each.due_at - now).total_seconds() for each in held) + 0.05)
            touched += [each.id for each in await engine.publish_once(settle_s=settle_s)]
    return touched


def failed(delivery: Delivery) -> bool:
    """Say whether a delivery cannot go on without a person; what a person publishes anyway is no failure (N26)."""
    return delivery.state.needs_person and delivery.state is not DeliveryState.MANUAL


def report(desk: Desk, deliveries: Sequence[Delivery], *, as_json: bool) -> None:
    """Print what became of deliveries."""
    if not deliveries and not as_json:
        return
    rows = [delivery_row(desk, each) for each in deliveries]
    if not as_json:
        rows = [
            {
                **row,
                "due_at": local(each.due_at),
                "url": each.remote_url or explain_code(each.reason_code, each.reason_detail),
            }
            for row, each in zip(rows, deliveries, strict=True)
        ]
    show(
        rows,
        as_json=as_json,
        columns=(
            ("id", _("No.")),
            ("account", _("Account")),
            ("outcome", _("State")),
            ("due_at", _("Due")),
            ("url", _("Address")),
        ),
        empty="",
    )
    for each in deliveries:
        if failed(each):
            why = explain_code(each.reason_code, each.reason_detail)
            complain_usage(
                _("{what} for @{account}: {why}").format(
                    what=delivery_word(each.state),
                    account=desk.page(accounts.account, each.account_id).handle,
                    why=why,
                )
            )


def delivery_row(desk: Desk, delivery: Delivery) -> dict[str, object]:
    """Return a delivery as the command line shows it."""
    account = desk.page(accounts.account, delivery.account_id)
    return {
        "id": delivery.id,
        "post": delivery.post_id,
        "conversation": delivery.conversation_id,
        "kind": delivery.kind,
        "account": account.handle,
        "network": account.network,
        "state": delivery.state.value,
        "outcome": delivery_word(delivery.state),
        "due_at": iso(delivery.due_at),
        "remote_id": delivery.remote_id or None,
        "url": delivery.remote_url or None,
        "published_at": iso(delivery.published_at),
        "reason": delivery.reason_code or None,
        "verified": delivery.verified or None,
        "text": delivery.text,
    }

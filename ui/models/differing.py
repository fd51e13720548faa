"""Whether what waits to be sent says something else than what is written now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cmdesk.errors import Invalid
from cmdesk.model import Account, Crop, Delivery, Post
from cmdesk.planning.status import current
from cmdesk.planning.targeting import asking, audience_of
from cmdesk.store.outbox_seal import pieces_of
from ui.models.previews import able


def differs(scheduled: Post, written: Post, accounts: Sequence[Account]) -> bool:
    """Say whether scheduling `written` would send something else, or to others, than what of `scheduled` waits."""
    sealed: dict[int, list[Delivery]] = {}
    for delivery in sorted(current(scheduled.deliveries), key=lambda each: each.part):
        sealed.setdefault(delivery.account_id, []).append(delivery)
    if set(sealed) != {target.account_id for target in written.targets}:
        return True
    known = {account.id: account for account in accounts}
    if _for_others(scheduled, written, [known[each] for each in sealed if each in known]):
        return True
    return any(
        _written(written, known[account_id]) != _sealed(deliveries)
        for account_id, deliveries in sealed.items()
        if account_id in known
    )


def _for_others(scheduled: Post, written: Post, accounts: Sequence[Account]) -> bool:
    """Say whether it waits for other people than it is for now, more than those: it will ask before it leaves."""
    now = audience_of(written).key()
    if all(each.audience in ("", now) for each in current(scheduled.deliveries)):
        return False
    return bool(asking(replace(written, wider_sure=scheduled.wider_sure), accounts))


def _written(post: Post, account: Account) -> list[object]:
    try:
        pieces = pieces_of(post, network=account.network, account_id=account.id, able=able(account))
    except Invalid:
        return []  # it cannot be sealed: whatever waits is something else
    return [post.visibility, post.spoiler] + [
        (
            each.text, each.language, [tuple(use) for use in each.media], dict(each.options), each.answers,
            {int(key): Crop(*sides) for key, sides in each.crops.items()},
        )
        for each in pieces
    ]  # fmt: skip


def _sealed(deliveries: Sequence[Delivery]) -> list[object]:
    first = deliveries[0]
    return [first.visibility, first.spoiler] + [
        (
            each.text,
            each.language,
            [tuple(use) for use in each.media],
            dict(each.options),
            each.answers,
            dict(each.crops),
        )
        for each in deliveries
    ]  # fmt: skip

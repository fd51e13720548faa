"""Whether what waits to be sent says something else than what is written now."""

from __future__ import annotations

from collections.abc import Sequence

from cmdesk.model import Account, Delivery, Post
from cmdesk.planning.content import parts_for, poll_json
from cmdesk.planning.status import current
from ui.models.previews import able


def differs(scheduled: Post, written: Post, accounts: Sequence[Account]) -> bool:
    """Say whether scheduling `written` would send something else, or to others, than what of `scheduled` waits."""
    sealed: dict[int, list[Delivery]] = {}
    for delivery in sorted(current(scheduled.deliveries), key=lambda each: each.part):
        sealed.setdefault(delivery.account_id, []).append(delivery)
    if set(sealed) != {target.account_id for target in written.targets}:
        return True
    known = {account.id: account for account in accounts}
    return any(
        _written(written, known[account_id]) != _sealed(deliveries)
        for account_id, deliveries in sealed.items()
        if account_id in known
    )


def _written(post: Post, account: Account) -> list[object]:
    sent = parts_for(post, network=account.network, account_id=account.id)
    poll = poll_json(post.poll) if able(account).polls else None
    return [poll, post.visibility, post.spoiler] + [
        (text, tuple((each.media.id, each.alt) for each in media)) for _number, text, media in sent
    ]


def _sealed(deliveries: Sequence[Delivery]) -> list[object]:
    first = deliveries[0]
    return [first.options.get("poll") or None, first.visibility, first.spoiler] + [
        (each.text, tuple(each.media)) for each in deliveries
    ]

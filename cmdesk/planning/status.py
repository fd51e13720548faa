"""A post's status, computed from its deliveries and never stored (RELIABILITY part 2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cmdesk.model import NEEDS_PERSON, SENT, Delivery, DeliveryState, Post, PostStatus
from cmdesk.planning.content import parts_for

DISCARDED = "discarded"  # reason of a delivery that a person gave up for good
_UNDER_WAY = frozenset(
    {
        DeliveryState.PREPARING,
        DeliveryState.READY,
        DeliveryState.SENDING,
        DeliveryState.UNCERTAIN,
        DeliveryState.BACKOFF,
    }
)


def current(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Return the deliveries that count: per account and part the newest revision's, without cancelled ones."""
    newest: dict[tuple[int, int], Delivery] = {}
    for each in deliveries:
        if each.state is DeliveryState.CANCELLED:
            continue
        place = (each.account_id, each.part)
        known = newest.get(place)
        if known is None or (known.revision, known.id) < (each.revision, each.id):
            newest[place] = each
    return sorted(newest.values(), key=lambda each: (each.due_at, each.id))


def status_of(deliveries: Iterable[Delivery]) -> PostStatus:
    """Return what a post is, judged by its deliveries (all revisions; none means a draft).

    What needs a person comes first, then what is under way, then what is still to come:
    PARTIAL is "some went out, some need you".
    """
    everything = list(deliveries)
    states = {each.state for each in current(everything)}
    if not states:
        discarded = any(each.reason_code == DISCARDED for each in everything)
        return PostStatus.CANCELLED if discarded else PostStatus.DRAFT
    if states & NEEDS_PERSON:
        return PostStatus.PARTIAL if states & SENT else PostStatus.PROBLEM
    if states & _UNDER_WAY:
        return PostStatus.SENDING
    return PostStatus.PUBLISHED if states <= SENT else PostStatus.SCHEDULED


def missing_parts(post: Post, networks: Mapping[int, str]) -> dict[int, tuple[int, ...]]:
    """Return which parts of a thread are not out where it has begun, by account; `networks` by account.

    The first comment is the part behind the last one. Once it is out a thread is over.
    """
    found: dict[int, tuple[int, ...]] = {}
    for account_id, network in networks.items():
        out = [each for each in post.deliveries if each.account_id == account_id and each.state in SENT]
        if not out or any(each.answers is not None for each in out):
            continue
        there = {each.part for each in out}
        wanted = range(len(parts_for(post, network=network, account_id=account_id)))
        absent = tuple(part for part in wanted if part not in there)
        if absent:
            found[account_id] = absent
    return found


def finished_on(post: Post, networks: Mapping[int, str]) -> frozenset[int]:
    """Return the accounts on which all of a post is out: no hour is to be chosen for them any more."""
    out = {each.account_id for each in post.deliveries if each.state in SENT}
    return frozenset(out - missing_parts(post, {each: networks.get(each, "") for each in out}).keys())

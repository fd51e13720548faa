"""Threads of the sandbox: what stands around a status, and an account's private conversations."""

from __future__ import annotations

from collections import defaultdict

from cmdesk.networks.sandbox.records import Person, Status
from cmdesk.networks.sandbox.world import World


def around(world: World, status: Status) -> tuple[list[Status], list[Status]]:
    """What comes before and after `status`, each in reading order."""
    before: list[Status] = []
    at = status
    while at.reply_to and (parent := world.book.statuses.get(at.reply_to)) is not None and parent not in before:
        if parent.deleted_at is None:
            before.append(parent)
        at = parent
    after: list[Status] = []
    stack = [iter(world.replies(status))]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            continue
        after.append(child)
        stack.append(iter(world.replies(child)))
    return before[::-1], after


def private(world: World, owner: Person) -> list[tuple[str, list[Status]]]:
    """The owner's direct conversations as (root id, statuses oldest first), latest conversation first."""
    threads: dict[str, list[Status]] = defaultdict(list)
    for status in world.book.statuses.values():
        if status.visibility == "direct" and world.visible(status, owner):
            threads[world.root(status)].append(status)
    rows = []
    for root, statuses in threads.items():
        statuses.sort(key=lambda s: int(s.id))
        if owner.conversations_gone.get(root) != statuses[-1].id:
            rows.append((root, statuses))
    return sorted(rows, key=lambda row: int(row[1][-1].id), reverse=True)

"""Which posts a person wants to see on the calendar; the same choice for every view, export and figure (rank 11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from cmdesk.model import CalendarItem, PostStatus


class Shown(StrEnum):
    """The states a person tells apart on the calendar."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PUBLISHED = "published"
    PROBLEM = "problem"
    WAITING = "waiting"  # for the client's answer
    CHANGE = "change"  # the client wants it otherwise
    ELSEWHERE = "elsewhere"  # made on the network itself


_OF_STATUS = {
    PostStatus.DRAFT: Shown.DRAFT,
    PostStatus.SCHEDULED: Shown.SCHEDULED,
    PostStatus.SENDING: Shown.SENDING,
    PostStatus.PUBLISHED: Shown.PUBLISHED,
    PostStatus.PARTIAL: Shown.PROBLEM,
    PostStatus.PROBLEM: Shown.PROBLEM,
}
#: A chip's approval where the brand wants the client's yes for everything and nobody asked for it.
UNASKED = "needed"
_OF_APPROVAL = {
    "asked": Shown.WAITING,
    "outdated": Shown.WAITING,
    "expired": Shown.WAITING,
    UNASKED: Shown.WAITING,
    "change": Shown.CHANGE,
}


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What is wanted, all of it at once; an empty tuple or text asks nothing."""

    brands: tuple[int, ...] = ()
    accounts: tuple[int, ...] = ()
    states: tuple[str, ...] = ()
    markets: tuple[int, ...] = ()
    circles: tuple[int, ...] = ()
    campaigns: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()
    text: str = ""

    def __bool__(self) -> bool:
        """Say whether it leaves anything out."""
        return any(getattr(self, each.name) for each in fields(self))

    @property
    def count(self) -> int:
        """How many wishes it has."""
        found = [getattr(self, each.name) for each in fields(self)]
        return sum(len(each) if isinstance(each, tuple) else bool(each) for each in found)

    @property
    def of_ours(self) -> bool:
        """Say whether it asks for what only posts of this desk have."""
        return bool(self.markets or self.circles or self.campaigns or self.labels)

    def without(self, name: str, value: object) -> PlanFilter:
        """Return it without one of its wishes."""
        old = getattr(self, name)
        left: Any = "" if name == "text" else tuple(each for each in old if each != value)
        return replace(self, **{name: left})

    def with_value(self, name: str, value: object) -> PlanFilter:
        """Return it with one wish more; a text replaces the one before."""
        old = getattr(self, name)
        wanted: Any = value if name == "text" else tuple(dict.fromkeys((*old, value)))
        return replace(self, **{name: wanted})

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON can keep it."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items() if value
        }


def filter_of(kept: object) -> PlanFilter:
    """Return what `to_json` gave; anything else in it is passed over."""
    if not isinstance(kept, Mapping):
        return PlanFilter()
    words = {each.value for each in Shown}
    found: dict[str, Any] = {}
    for each in fields(PlanFilter):
        value = kept.get(each.name)
        if each.name == "text":
            found["text"] = value if isinstance(value, str) else ""
        elif isinstance(value, list):
            kind = str if each.name == "states" else int
            found[each.name] = tuple(one for one in value if type(one) is kind and (kind is int or one in words))
    return PlanFilter(**found)


def shown_as(item: CalendarItem) -> frozenset[Shown]:
    """Return the states a chip counts as; one that waits for the client is also scheduled or a draft."""
    if item.post_id < 0:
        return frozenset({Shown.ELSEWHERE, Shown.PUBLISHED})
    found = {_OF_STATUS.get(item.status), _OF_APPROVAL.get(item.approval)} - {None}
    return frozenset(each for each in found if each is not None)


def in_states(items: Iterable[CalendarItem], states: tuple[str, ...]) -> list[CalendarItem]:
    """Return those in one of these states; none asked for is all. A status is computed, so this is not SQL's."""
    wanted = {Shown(each) for each in states}
    return [each for each in items if not wanted or wanted & shown_as(each)]

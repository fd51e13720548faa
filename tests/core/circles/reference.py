"""Who is in a circle, said one person at a time over plain facts: what the SQL of the store is measured against."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cmdesk.circles import Condition, Group, How

Known = str | int | float | bool | date | None


@dataclass
class Talk:
    """One conversation: `shown` False where it is shown as part of another."""

    sentiment: str = ""
    kind: str = ""
    messages: int = 0
    last_in_at: int | None = None
    shown: bool = True


@dataclass
class Trouble:
    """One case."""

    cause: str = ""
    closed: bool = False
    compensated: bool = False


@dataclass
class Facts:
    """All that is known of a person."""

    id: int
    name: str = "?"
    language: str = ""
    country: str = ""
    market: int | None = None
    notes: str = ""
    came_from: str = ""
    expects: str = ""
    likes: str = ""
    bought: str = ""
    advocate: bool = False
    opt_out: bool = False
    merged: bool = False
    first_seen: int | None = None
    last_seen: int | None = None
    networks: list[tuple[str, int | None]] = field(default_factory=list)  # name, followers
    talks: list[Talk] = field(default_factory=list)
    cases: list[Trouble] = field(default_factory=list)
    wishes: int = 0
    own: dict[int, str] = field(default_factory=dict)


@dataclass
class Round:
    """A circle: its rule, and who is in or out by hand."""

    rule: Group | None
    inside: set[int] = field(default_factory=set)
    outside: set[int] = field(default_factory=set)


@dataclass
class World:
    """What a rule is asked of."""

    now: datetime
    zone: ZoneInfo
    people: list[Facts]
    circles: dict[int, Round]
    kinds: Mapping[int, str]  # of the brand's own fields

    def rule(self, rule: Group) -> set[int]:
        return {each.id for each in self.people if not each.merged and self.holds(rule, each)}

    def members(self, circle_id: int) -> set[int]:
        return {each.id for each in self.people if not each.merged and self.inside(circle_id, each)}

    def inside(self, circle_id: int, person: Facts) -> bool:
        circle = self.circles[circle_id]
        if circle.rule is None:
            return person.id in circle.inside
        if person.id in circle.outside:
            return False
        return person.id in circle.inside or self.holds(circle.rule, person)

    def holds(self, part: Condition | Group, person: Facts) -> bool:
        if isinstance(part, Condition):
            return self.fulfils(part, person)
        each = [self.holds(one, person) for one in part.parts]
        if part.how is How.ALL:
            return all(each)
        return any(each) if part.how is How.ANY else not any(each)

    def fulfils(self, asked: Condition, person: Facts) -> bool:
        name, op, value = asked.field, asked.op, asked.value
        match op:
            case "yes":
                return self.known(name, person) is True
            case "no":
                return self.known(name, person) is not True
            case "empty":
                return plain(self.written(name, person)) == ""
            case "filled":
                return plain(self.written(name, person)) != ""
            case "is":
                return plain(self.written(name, person)) == plain(str(value))
            case "is_not":
                return plain(self.written(name, person)) != plain(str(value))
            case "contains":
                return plain(str(value)) in plain(self.written(name, person))
            case "not_contains":
                return plain(str(value)) not in plain(self.written(name, person))
            case "in":
                return self.among(name, value, person)
            case "not_in":
                return not self.among(name, value, person)
            case "before" | "after":
                day = self.day(name, person)
                if day is None:
                    return False
                asked_for = date.fromisoformat(str(value))
                return day < asked_for if op == "before" else day > asked_for
            case "within" | "not_within":
                return self.lately(name, int(str(value)), person) is (op == "within")
        number = self.number(name, person)
        assert isinstance(value, int | float)
        if number is None:
            return False
        return number >= value if op == "at_least" else number <= value if op == "at_most" else number == value

    def written(self, name: str, person: Facts) -> str:
        return person.own.get(_own(name), "") if name.startswith("own:") else getattr(person, name)

    def known(self, name: str, person: Facts) -> bool:
        if name == "case_open":
            return any(not each.closed for each in person.cases)
        if name == "compensated":
            return any(each.compensated for each in person.cases)
        return person.own.get(_own(name)) == "1" if name.startswith("own:") else getattr(person, name)

    def among(self, name: str, value: object, person: Facts) -> bool:
        assert isinstance(value, tuple)
        shown = [each for each in person.talks if each.shown]
        match name:
            case "language":
                return person.language in value or person.language.partition("-")[0] in value
            case "country":
                return person.country in value
            case "market":
                return (person.market or 0) in value
            case "network":
                return any(network in value for network, _followers in person.networks)
            case "kinds":
                return any(each.kind in value for each in shown)
            case "last_sentiment":
                felt = [each for each in shown if each.sentiment]
                felt.sort(key=lambda each: -1 if each.last_in_at is None else each.last_in_at)
                return (felt[-1].sentiment if felt else "") in value
            case "case_cause":
                return any(plain(each.cause) in {plain(one) for one in value} for each in person.cases)
            case "circle":
                return any(self.inside(each, person) for each in value)
        return person.own.get(_own(name)) in value

    def number(self, name: str, person: Facts) -> float | None:
        shown = [each for each in person.talks if each.shown]
        match name:
            case "followers":
                return max((each for _name, each in person.networks if each is not None), default=None)
            case "conversations":
                return len(shown)
            case "messages":
                return sum(each.messages for each in shown)
            case "negative" | "positive":
                return sum(each.sentiment == name for each in shown)
            case "case_count":
                return len(person.cases)
            case "wishes":
                return person.wishes
        said = person.own.get(_own(name))
        return None if said is None else float(said)

    def day(self, name: str, person: Facts) -> date | None:
        if name.startswith("own:"):
            said = person.own.get(_own(name))
            return None if said is None else date.fromisoformat(said)
        at: int | None = getattr(person, name)
        if at is None:
            return None
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)).astimezone(self.zone).date()

    def lately(self, name: str, days: int, person: Facts) -> bool:
        if name.startswith("own:"):
            day = self.day(name, person)
            today = self.now.astimezone(self.zone).date()
            return day is not None and day <= today and (today - day).days <= days
        at: int | None = getattr(person, name)
        if at is None:
            return False
        return self.now - (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)) <= timedelta(days=days)


def plain(text: str) -> str:
    """Return text without case, accents and forms of the same letter."""
    letters = [each for each in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(each)]
    return " ".join("".join(letters).split())


def _own(name: str) -> int:
    return int(name.removeprefix("own:"))

"""Circles and their rules in words: fields, questions, a whole rule as one sentence, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from cmdesk.circles import Condition, Fault, Group, How, Names, Rule, own_field
from cmdesk.i18n import N_, _, language, ngettext, pgettext
from cmdesk.safe_text import clean_line

BY_CODE: dict[str, tuple[str, str, str]] = {
    "circle_unknown": (N_("That circle is not there any more"), "", ""),
    "circle_by_hand": (N_("“{detail}” has no rule"), N_("Its people are put in by hand."), ""),
    "rule_two_ways": (
        N_("A rule and none at once"),
        "",
        N_("Give either a rule, or --none or --alone."),
    ),
    "rule_nothing": (N_("The rule has no condition"), "", N_("Add one, or put people in by hand.")),
    "rule_shape": (
        N_("This is no rule of a circle"),
        N_("It is written in another form than rules are."),
        N_("Write it like: language is fr and last_seen within 90."),
    ),
    "rule_text": (
        N_("The rule cannot be read from “{detail}” on"),
        "",
        N_("Write it like: language is fr and last_seen within 90."),
    ),
    "rule_name": (
        N_("Nothing here is called “{detail}”"),
        "",
        N_("Look at `cmdesk market list` and `cmdesk circle list`; a name with blanks stands in quotes."),
    ),
    "rule_field": (N_("Nothing is known of people under “{detail}”"), "", N_("Choose another field.")),
    "rule_op": (N_("This cannot be asked of the field: {detail}"), "", N_("Choose another question.")),
    "rule_value": (N_("A value is missing, or does not fit: {detail}"), "", N_("Fill it in.")),
    "rule_deep": (
        N_("The rule is too large"),
        N_("It has more than 100 conditions, or groups stand too deep in each other."),
        N_("Make a circle of a part of it, and name that circle in the rule."),
    ),
    "rule_field_gone": (
        N_("A field that the rule asks about was deleted"),
        "",
        N_("Choose another field, or take the condition out."),
    ),
    "rule_market_gone": (
        N_("A market that the rule names was deleted"),
        "",
        N_("Choose another market, or take the condition out."),
    ),
    "rule_circle_gone": (
        N_("A circle that the rule names was deleted"),
        "",
        N_("Choose another circle, or take the condition out."),
    ),
    "rule_cycle": (
        N_("The rule asks for its own circle"),
        N_("A circle in it leads back to it."),
        N_("Name another circle."),
    ),
    "rule_unread": (N_("The rule cannot be read any more"), "", N_("Write it anew.")),
}

_FIELDS: Mapping[str, str] = {
    "name": N_("Name"),
    "language": N_("Language"),
    "country": N_("Country"),
    "market": N_("Market"),
    "circle": N_("Circle"),
    "network": N_("Network"),
    "followers": N_("Followers"),
    "advocate": N_("Advocate"),
    "opt_out": N_("Asked not to be contacted"),
    "came_from": N_("Came from"),
    "expects": N_("Expects"),
    "likes": N_("Likes"),
    "bought": N_("Bought or asked for"),
    "notes": N_("Notes"),
    "first_seen": N_("First seen"),
    "last_seen": N_("Last seen"),
    "conversations": N_("Conversations"),
    "messages": N_("Messages"),
    "kinds": N_("Reason for writing"),
    "last_sentiment": N_("Latest mood"),
    "negative": N_("Bad conversations"),
    "positive": N_("Good conversations"),
    "case_open": N_("Has an open case"),
    "case_count": N_("Cases"),
    "case_cause": N_("Cause of a case"),
    "compensated": N_("Was compensated"),
    "wishes": N_("Wishes"),
}
#: How fields stand together where one is chosen.
FIELD_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Who they are"), ("name", "language", "country", "market", "circle", "network", "followers")),
    (N_("What you note"), ("advocate", "opt_out", "came_from", "expects", "likes", "bought", "notes")),
    (
        N_("What they do"),
        ("first_seen", "last_seen", "conversations", "messages", "kinds", "last_sentiment", "negative", "positive"),
    ),
    (N_("Cases and wishes"), ("case_open", "case_count", "case_cause", "compensated", "wishes")),
)
_OPS: Mapping[str, str] = {
    "contains": N_("contains"),
    "not_contains": N_("does not contain"),
    "is": N_("is exactly"),
    "is_not": N_("is not"),
    "empty": N_("is empty"),
    "filled": N_("is filled in"),
    "in": N_("is one of"),
    "not_in": N_("is none of"),
    "at_least": N_("at least"),
    "at_most": N_("at most"),
    "equals": N_("exactly"),
    "within": N_("in the last"),
    "not_within": N_("not in the last"),
    "before": N_("before"),
    "after": N_("after"),
}
_SAID: Mapping[str, str] = {
    "contains": N_("{field} contains “{value}”"),
    "not_contains": N_("{field} does not contain “{value}”"),
    "is": N_("{field} is “{value}”"),
    "is_not": N_("{field} is not “{value}”"),
    "empty": N_("{field} is empty"),
    "filled": N_("{field} is filled in"),
    "in": N_("{field} is {value}"),
    "not_in": N_("{field} is not {value}"),
    "at_least": N_("{field}: at least {value}"),
    "at_most": N_("{field}: at most {value}"),
    "equals": N_("{field}: exactly {value}"),
    "before": N_("{field} before {value}"),
    "after": N_("{field} after {value}"),
}
_YES: Mapping[str, tuple[str, str]] = {
    "advocate": (N_("is an advocate"), N_("is no advocate")),
    "opt_out": (N_("asked not to be contacted"), N_("did not ask to be left alone")),
    "case_open": (N_("has an open case"), N_("has no open case")),
    "compensated": (N_("was compensated"), N_("was never compensated")),
}
_HOW: Mapping[How, str] = {
    How.ALL: N_("All of this is true"),
    How.ANY: N_("Some of this is true"),
    How.NONE: N_("None of this is true"),
}
_WHY: Mapping[str, tuple[str, str]] = {
    "hand": (N_("put in by hand"), N_("taken out by hand")),
    "rule": (N_("came in by the rule"), N_("left by the rule")),
    "import": (N_("came in with a file"), N_("left with a file")),
    "merge": (N_("came in with another circle"), N_("left with another circle")),
}


def field_word(name: str, names: Names) -> str:
    """Return what a field is called."""
    mine = own_field(name)
    if mine is None:
        return _(_FIELDS[name]) if name in _FIELDS else name
    return clean_line(names.own[mine][0], limit=60) if mine in names.own else _("a deleted field")


def op_word(op: str, name: str) -> str:
    """Return what is asked of a field; yes and no in the words of the field."""
    if op in ("yes", "no"):
        return _(_YES[name][op == "no"]) if name in _YES else (_("yes") if op == "yes" else _("no"))
    return _(_OPS[op])


def how_word(how: How) -> str:
    """Return how the parts of a group count together."""
    return _(_HOW[how])


def value_word(name: str, value: str | int, names: Names) -> str:
    """Return one value of a choice in words."""
    from cmdesk.wording_by_hand import network_name
    from cmdesk.wording_triage import kind_word, sentiment_word

    match name:
        case "market" | "circle":
            known = names.markets if name == "market" else names.circles
            gone = _("a deleted market") if name == "market" else _("a deleted circle")
            return _("none yet") if value == 0 else clean_line(known.get(int(value), gone), limit=60)
        case "language":
            return language_name(str(value)) or _("unknown")
        case "country":
            return country_name(str(value)) or _("unknown")
        case "network":
            return network_name(str(value))
        case "kinds":
            return kind_word(str(value)) or str(value)
        case "last_sentiment":
            return sentiment_word(str(value)) or _("none to be seen")
    return clean_line(str(value), limit=80)


def condition_words(asked: Condition, names: Names) -> str:
    """Return a condition as a part of a sentence: "language is French"."""
    if asked.op in ("yes", "no"):
        if asked.field in _YES:
            return op_word(asked.op, asked.field)
        return _("{field}: {value}").format(field=field_word(asked.field, names), value=op_word(asked.op, asked.field))
    called = field_word(asked.field, names)
    if own_field(asked.field) is None:
        called = f"{called[:1].lower()}{called[1:]}"
    if asked.op in ("within", "not_within"):
        days = int(str(asked.value))
        text = (
            ngettext("{field} in the last day", "{field} in the last {n} days", days)
            if asked.op == "within"
            else ngettext("{field} not in the last day", "{field} not in the last {n} days", days)
        )
        return text.format(field=called, n=days)
    return _(_SAID[asked.op]).format(field=called, value=_value(asked, names))


def sentence(rule: Rule, names: Names) -> str:
    """Return a whole rule as one sentence, begun with a capital and closed."""
    text = _group(rule, names)
    return f"{text[:1].upper()}{text[1:]}."


def fault_words(fault: Fault, asked: Condition | None, names: Names) -> str:
    """Return what is wrong with a stored rule, with the condition it is about."""
    what, _why, todo = BY_CODE[fault.code]
    said = _(what).format(detail=clean_line(fault.detail, limit=60))
    if asked is not None:
        words = condition_words(asked, names)
        said = _("{what}: {condition}").format(what=said, condition=f"{words[:1].upper()}{words[1:]}")
    return f"{said}. {_(todo)}" if todo else f"{said}."


def event_words(joined: bool, why: str) -> str:
    """Return how somebody came into a circle or left it."""
    return _(_WHY.get(why, _WHY["rule"])[0 if joined else 1])


def by_words(by: str) -> str:
    """Return why somebody is in a circle ("hand", "rule", "noted")."""
    words = {"hand": _("by hand"), "rule": _("by its rule"), "noted": _("as last noted: its rule is broken")}
    return words.get(by, by)


def people_words(count: int) -> str:
    """Return a number of people."""
    return ngettext("{n} person", "{n} people", count).format(n=f"{count:,}".replace(",", "\u202f"))


@lru_cache(maxsize=256)
def _named(kind: str, code: str, tongue: str) -> str:
    from babel import Locale

    locale = Locale.parse(tongue)
    known = locale.languages if kind == "language" else locale.territories
    return str(known.get(code.replace("-", "_"), known.get(code, "")))


def language_name(code: str) -> str:
    """Return a language in the language in force, its code where it has no name; '' for none."""
    base, _dash, region = code.partition("-")
    found = _named("language", code, language()) if code else ""
    if not found and base:
        found = _named("language", base, language()) or base
        found = f"{found} ({country_name(region)})" if region else found
    return found


def country_name(code: str) -> str:
    """Return a country in the language in force, its code where it has no name; '' for none."""
    return (_named("country", code, language()) or code) if code else ""


@lru_cache(maxsize=1)
def countries() -> tuple[str, ...]:
    """Return the codes of all countries."""
    from babel import Locale

    return tuple(sorted(str(code) for code in Locale.parse("en").territories if len(str(code)) == 2))


def either(words: list[str]) -> str:
    """Put words together of which one is enough: a, b or c."""
    if len(words) < 2:
        return "".join(words)
    return pgettext("list", "{most} or {last}").format(most=", ".join(words[:-1]), last=words[-1])


def _value(asked: Condition, names: Names) -> str:
    if isinstance(asked.value, tuple):
        return either([value_word(asked.field, each, names) for each in asked.value])
    if asked.op in ("before", "after"):
        from cmdesk.wording_scheduling import day_words

        return day_words(date.fromisoformat(str(asked.value)))
    return clean_line(str(asked.value), limit=80)


def _group(group: Group, names: Names) -> str:
    from cmdesk.wording_scheduling import joined

    parts = [
        condition_words(each, names)
        if isinstance(each, Condition)
        else (_group(each, names) if len(group.parts) == 1 or _of_one(each) else f"({_group(each, names)})")
        for each in group.parts
    ]
    if group.how is How.ALL:
        return joined(parts)
    if group.how is How.ANY:
        return either(parts)
    return _("not: {list}").format(list=either(parts))


def _of_one(group: Group) -> bool:
    return len(group.parts) == 1 and group.how is not How.NONE

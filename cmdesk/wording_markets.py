"""Finished sentences about markets: what is wrong with one, what its fields are called, the hour it is there."""

from __future__ import annotations

from datetime import date, datetime

from cmdesk.i18n import N_, _, ngettext
from cmdesk.markets.guide import Guide
from cmdesk.markets.law import AS_OF, Topic, questions
from cmdesk.planning.customs import There
from cmdesk.planning.reviewing.address import NAMES

BY_CODE: dict[str, tuple[str, str, str]] = {
    "guide_field": (N_("A market has nothing called “{detail}”"), "", ""),
    "guide_value": (N_("“{detail}” of the market cannot be read"), "", N_("Look at how it is written.")),
    "guide_hour": (N_("“{detail}” is no hour of a day"), "", N_("Write it like 08:30; a meal takes some time.")),
    "guide_pair": (N_("Hours need both their ends"), N_("One is missing: {detail}."), N_("Fill in both, or none.")),
    "guide_day": (
        N_("“{detail}” does not begin with a day"),
        "",
        N_("Write month and day, like 09-11, then its name."),
    ),
    "guide_long": (N_("This is too long: {detail}"), "", N_("Say it in fewer words.")),
    "guide_many": (N_("These are more than {detail} lines"), "", N_("Keep the ones that matter.")),
    "zone_missing": (
        N_("{detail} has several time zones"),
        "",
        N_("Say which with --zone, like America/Chicago."),
    ),
}

# Questions to check, never advice: what the law of a country asks about. The source follows in its own language.
_QUESTIONS: dict[Topic, str] = {
    Topic.PRICE: N_("Is the price the whole price, and a reduction measured as the law says?"),
    Topic.PRICE_NET: N_("Is it clear which taxes and fees come on top of the price?"),
    Topic.DRAW: N_("Do a draw or a contest have published rules, dates, and whatever permission or notice they need?"),
    Topic.MARK: N_("Is advertising recognisable as such, also when somebody was paid or given something?"),
    Topic.IMAGE: N_("Has everybody who can be recognised in the picture agreed, and for minors their parents?"),
    Topic.DATA: N_("Is there a lawful reason for every personal datum that is asked for or shown?"),
    Topic.ALCOHOL: N_("If it shows alcohol: does it address adults only and carry the words the law asks for?"),
    Topic.FOOD: N_("Do health and nutrition claims, and advertising to children, keep to the rules?"),
    Topic.LANGUAGE: N_("Is it in the language the law asks for, and what is foreign translated?"),
    Topic.IMPRINT: N_("Can who is behind the account (imprint) be found from the profile in two clicks?"),
    Topic.RIGHTS: N_("Are music, pictures and texts of others licensed for this country?"),
}


def starter(country: str) -> tuple[str, ...]:
    """Return the questions a checklist of a country may begin with, in the window's language, each with its source."""
    return tuple(
        _("{question} ({source})").format(question=_(_QUESTIONS[each.topic]), source=each.source)
        if each.source
        else _(_QUESTIONS[each.topic])
        for each in questions(country)
    )


def law_note() -> str:
    """Return what a starter checklist is, and of when."""
    from babel.dates import format_skeleton

    from cmdesk.i18n import language

    when = format_skeleton("yMMMM", AS_OF, locale=language())
    return _(
        "Questions to check with somebody who knows the law there, not legal advice. Sources as of {when}."
    ).format(when=when)


def day_line(line: str, shown: str) -> str:
    """Return a quiet day as it is read: "11 September · Name"; what cannot be read stays as it is."""
    from babel.dates import format_skeleton

    when, _blank, name = line.partition(" ")
    try:
        day = date.fromisoformat(when if len(when) == 10 else f"2024-{when}")
    except ValueError:
        return line
    text = format_skeleton("yMMMd" if len(when) == 10 else "MMMMd", day, locale=shown)
    return f"{text} · {name}" if name else text


def there_words(there: There, *, here: datetime | None = None) -> str:
    """Return the hour it is in a market, and that its people sleep or eat; '' where they do not and it is so `here`."""
    clock = f"{there.at:%H:%M}"
    if there.asleep and there.until is not None:
        return _("{time} there: asleep until {until}").format(time=clock, until=f"{there.until:%H:%M}")
    if there.eating and there.until is not None:
        return _("{time} there: at table until {until}").format(time=clock, until=f"{there.until:%H:%M}")
    if here is not None and there.at.utcoffset() == here.utcoffset():
        return ""
    return _("{time} there").format(time=clock)


def guide_parts(guide: Guide, *, names: tuple[str, str]) -> list[str]:
    """Return what a guide holds in a few words each; `names` are the familiar and the formal address there."""
    found = []
    if guide.formal is not None:
        found.append(_("says {word}").format(word=names[1] if guide.formal else names[0]))
    if n := len(guide.topics):
        found.append(ngettext("{n} topic to avoid", "{n} topics to avoid", n).format(n=n))
    if n := len(guide.quiet):
        found.append(ngettext("{n} day without promotions", "{n} days without promotions", n).format(n=n))
    if n := len(guide.checklist):
        found.append(ngettext("{n} question to check", "{n} questions to check", n).format(n=n))
    if guide.wakes is not None or guide.eats is not None:
        found.append(_("hours of its own"))
    return found


def address_names(tongue: str) -> tuple[str, str]:
    """Return the familiar and the formal address of a language, in words of the window where it has no such pair."""
    pair = NAMES.get(tongue.partition("-")[0].lower())
    return pair if pair is not None else (_("informal"), _("formal"))

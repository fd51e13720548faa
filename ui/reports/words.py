"""Numbers, dates and sentences of a report in the language in force (`cmdesk.i18n.using`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from cmdesk.i18n import N_, _, language, ngettext
from cmdesk.model import Account
from cmdesk.reports.figures import Change, PostFigures, Report
from cmdesk.safe_text import clean_line

MINUS: Final = "\u2212"
_LOCALES: Final = {"es": "es", "en": "en_GB"}
_KINDS: Final = {
    "mention": N_("Mentions"),
    "reply": N_("Replies to posts"),
    "direct": N_("Direct messages"),
    "quote": N_("Quotes"),
}
_SIGNS: Final = {
    "favourite": N_("Favourites"),
    "boost": N_("Boosts"),
    "follow": N_("New followers"),
    "message": N_("Messages"),
}
_OTHERS: Final = N_("Others")
_NETWORKS: Final = {"mastodon": "Mastodon", "bluesky": "Bluesky", "sandbox": "Sandbox"}


def locale() -> Locale:
    """Babel's locale of the language in force."""
    return _locale(_LOCALES.get(language(), "en_GB"))


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(name)


def number(value: float | None) -> str:
    """A count; a dash for what is not known."""
    return "–" if value is None else format_decimal(round(value), locale=locale())


def short_number(value: float) -> str:
    """A count for an axis or a card: 12 k."""
    return number(value) if abs(value) < 100_000 else format_compact_decimal(value, locale=locale(), fraction_digits=1)


def decimal(value: float) -> str:
    """A figure with one digit behind the point."""
    return format_decimal(value, format="#,##0.0", locale=locale())


def signed(value: float) -> str:
    """A difference with its sign, the true minus included."""
    text = number(abs(value))
    return text if not round(value) else f"+{text}" if value > 0 else f"{MINUS}{text}"


def percent(share: float | None) -> str:
    """A share of 0 to 1; a dash for what is not known."""
    return "–" if share is None else format_percent(share, locale=locale())


def duration(seconds: float | None) -> str:
    """A length of time in its two largest units: 2 d 4 h, 3 h 20 min, 45 min."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return _("under 1 min")
    minutes = round(seconds / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    return (f"{hours} h {minutes} min" if minutes else f"{hours} h") if hours else f"{minutes} min"


def month_title(month: date) -> str:
    """A month with its year, as a title: Marzo de 2026, March 2026."""
    return capital(month_text(month))


def month_text(month: date) -> str:
    """A month with its year inside a sentence."""
    return format_skeleton("yMMMM", month, locale=locale())


def month_name(month: date) -> str:
    """A month's name inside a sentence."""
    return format_date(month, "LLLL", locale=locale())


def month_short(month: date) -> str:
    """A month's short name."""
    return format_date(month, "LLL", locale=locale()).rstrip(".")


def day_name(day: date) -> str:
    """A day inside a sentence: 12 de marzo, 12 March."""
    return format_skeleton("MMMMd", day, locale=locale())


def short_day(day: date) -> str:
    """A day in a table: jue, 12 mar."""
    return format_skeleton("MMMEd", day, locale=locale())


def weekday(day: date) -> str:
    """A weekday's short name."""
    return format_date(day, "ccc", locale=locale())


def clock(at: datetime, zone: str) -> str:
    """An hour in a zone."""
    return format_datetime(at, "HH:mm", tzinfo=ZoneInfo(zone), locale=locale())


def day_in(at: datetime, zone: str) -> date:
    """The day of an instant in a zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def city(zone: str) -> str:
    """A zone as people say it: Madrid time is "Madrid"."""
    return zone.rpartition("/")[2].replace("_", " ")


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def kind(name: str) -> str:
    """What a kind of message is called; kinds of later versions are "Others"."""
    return _(_KINDS.get(name, _OTHERS))


def sign(name: str) -> str:
    """What a series of the engagement chart is called."""
    return _(_SIGNS[name])


def network(name: str) -> str:
    """A network's own name."""
    return _NETWORKS.get(name, capital(clean_line(name, limit=40)))


def handle(account: Account | None, *, short: bool = True) -> str:
    """An account's handle; short without the server's name."""
    if account is None:
        return ""
    text = clean_line(account.handle, limit=80).lstrip("@")
    return f"@{text.partition('@')[0] if short else text}"


def quoted(text: str, limit: int = 70) -> str:
    """The beginning of a post on one line, in quotation marks."""
    return _("“{text}”").format(text=clean_line(text, limit=limit))


def before_name(report: Report) -> str:
    """What the changes compare with: "February", or "1–12 February" while the month is still running."""
    before = date(report.month.year - (report.month.month == 1), (report.month.month - 2) % 12 + 1, 1)
    if report.complete:
        return month_name(before)
    return _("1–{day} {month}").format(day=report.before_days, month=month_name(before))


def change_text(change: Change) -> str:
    """How a figure changed, with its share where that says something: "+57 (+2 %)"."""
    if change.delta is None:
        return _("nothing to compare with yet")
    if not round(change.delta):
        return _("no change")
    text = signed(change.delta)
    if change.before and change.before >= 10:
        share = change.delta / change.before
        text += f" ({'+' if share > 0 else MINUS}{percent(abs(share))})"
    return text


def points_text(change: Change) -> str:
    """How a share changed, in percentage points."""
    if change.delta is None:
        return _("nothing to compare with yet")
    if not round(change.delta * 100):
        return _("no change")
    return _("{points} points").format(points=signed(change.delta * 100))


def time_change_text(change: Change) -> str:
    """How a length of time changed."""
    if change.delta is None:
        return _("nothing to compare with yet")
    if abs(change.delta) < 60:
        return _("no change")
    return (_("{time} slower") if change.delta > 0 else _("{time} faster")).format(time=duration(abs(change.delta)))


# Sentences


def summary(report: Report) -> list[str]:
    """The month in three plain sentences, computed from the figures."""
    if report.empty:
        name = clean_line(report.brand.name, limit=80)
        return [_("There is no data of {brand} for {month} yet.").format(brand=name, month=_month(report))]
    return [_said(report), _grown(report), _cared(report)]


def _month(report: Report) -> str:
    return month_text(report.month)


def _said(report: Report) -> str:
    posts, got = int(report.posts.now or 0), report.interactions
    name = clean_line(report.brand.name, limit=80)
    if not posts:
        return _("{brand} published nothing in {month}.").format(brand=name, month=_month(report))
    text = ngettext(
        "In {month}, {brand} published {count} post", "In {month}, {brand} published {count} posts", posts
    ).format(brand=name, month=_month(report), count=number(posts))
    text += " " + ngettext(
        "that received {count} interaction", "that received {count} interactions", int(got.now or 0)
    ).format(count=number(got.now))
    if got.before and got.before >= 10 and got.delta is not None:
        share = got.delta / got.before
        compared = (
            _("as many as in {before}")
            if abs(share) < 0.005
            else _("{share} more than in {before}")
            if share > 0
            else _("{share} fewer than in {before}")
        )
        text += ", " + compared.format(share=percent(abs(share)), before=before_name(report))
    return f"{text}."


def _grown(report: Report) -> str:
    change = report.followers
    if change.now is None:
        return _("The networks have not told any follower figures yet.")
    if change.delta is None:
        return _("The community counts {total} followers; how it changed is not known yet.").format(
            total=number(change.now)
        )
    ends = _("ends the month") if report.complete else _("stands now")
    count = abs(round(change.delta))
    if not count:
        text = _("The community did not change and {ends} at {total} followers.")
    elif change.delta > 0:
        text = ngettext(
            "The community grew by {count} follower and {ends} at {total}.",
            "The community grew by {count} followers and {ends} at {total}.",
            count,
        )
    else:
        text = ngettext(
            "The community lost {count} follower and {ends} at {total}.",
            "The community lost {count} followers and {ends} at {total}.",
            count,
        )
    return text.format(count=number(count), ends=ends, total=number(change.now))


def _cared(report: Report) -> str:
    care = report.care
    if not care.received:
        return _("Nobody wrote to the brand.")
    text = ngettext("{count} message came in", "{count} messages came in", care.received).format(
        count=number(care.received)
    )
    if not care.answered:
        return _("{came}, none was answered yet.").format(came=text)
    return _("{came}; {share} were answered, half of them within {time}.").format(
        came=text, share=percent(care.answered_share), time=duration(care.median_s)
    )


def highlights(report: Report) -> list[tuple[str, str, str]]:
    """What stands out: (icon, title, text), at most four."""
    found: list[tuple[str, str, str]] = []
    if report.best:
        one = report.best[0]
        text = ngettext("{count} interaction", "{count} interactions", one.interactions).format(
            count=number(one.interactions)
        )
        found.append(("star", _("The post that worked best"), f"{quoted(_text(one))} · {text}"))
    totals = [sum(day) for day in zip(*report.engagement_by_day.values(), strict=True)]
    if totals and max(totals):
        best = report.days[totals.index(max(totals))]
        text = ngettext("{count} reaction or message", "{count} reactions and messages", max(totals))
        found.append(
            ("calendar-days", _("The liveliest day"), f"{capital(_spelled(best))}: {text.format(count=max(totals))}")
        )
    if report.care.within_hours is not None:
        found.append(
            (
                "clock",
                _("Speed of answers"),
                _("{share} of the answers went out within 12 hours.").format(share=percent(report.care.within_hours)),
            )
        )
    if report.late:
        text = ngettext(
            "{count} post went out later than planned.", "{count} posts went out later than planned.", report.late
        )
        found.append(("clock-alert", _("Punctuality"), text.format(count=report.late)))
    elif any(one.published.due_at for one in report.published):
        found.append(("check-check", _("Punctuality"), _("Every planned post went out on time.")))
    return found[:4]


def _spelled(day: date) -> str:
    return format_date(day, "EEEE, d 'de' MMMM" if language() == "es" else "EEEE d MMMM", locale=locale())


def _text(one: PostFigures) -> str:
    return one.published.publication.text or _("(no text)")


def notes(report: Report) -> list[tuple[str, str]]:
    """How the figures are made and what is missing in them: (title, text)."""
    found: list[tuple[str, str]] = []
    if not report.complete:
        found.append(
            (
                _("The month is still running"),
                _(
                    "The figures reach up to day {day} of {days}."
                    " Changes compare with the same days of the month before."
                ).format(day=report.known_days, days=len(report.days)),
            )
        )
    if report.known_since is not None and report.known_since > report.month:
        found.append(
            (
                _("The data begins within the month"),
                _("The first thing stored of this brand is from {day}; what was before is not counted.").format(
                    day=day_name(report.known_since)
                ),
            )
        )
    if report.gaps:
        found.append((_("Gaps"), _gap_text(report.gaps)))
    silent = [each.account.handle for each in report.accounts if not each.followers]
    if silent:
        found.append(
            (
                _("Unknown figures"),
                _("There are no follower figures of {accounts} for this month.").format(accounts=_handles(silent)),
            )
        )
    found += [
        (
            _("Followers"),
            _(
                "One figure a day, as the network tells it. The change is that between the last figure before the month"
                " (or the first in it) and the last of the month."
            ),
        ),
        (
            _("Interactions"),
            _(
                "Favourites, boosts, replies and quotes that the month's posts have received so far, counted by the"
                " networks. The daily chart shows when people reacted, also to older posts."
            ),
        ),
        (
            _("Answers"),
            _(
                "Several messages in a row count as one wait, from the first of them. An answer up to a week after the"
                " month still counts. Conversations closed by a decision (spam, nothing to add) count as closed without"
                " an answer."
            ),
        ),
        (
            _("Times"),
            _("All days and hours are those of {city} ({zone}).").format(
                city=city(report.brand.zone), zone=report.brand.zone
            ),
        ),
    ]
    return found


def _gap_text(gaps: Sequence[tuple[str, date]]) -> str:
    parts = [
        _("@{handle} ({day})").format(handle=clean_line(name, limit=60), day=day_name(day)) for name, day in gaps[:6]
    ]
    if len(gaps) > 6:
        parts.append(_("{count} more").format(count=len(gaps) - 6))
    return _(
        "The network no longer gave everything that had happened: {accounts}. Some messages may be missing."
    ).format(accounts=format_list(parts, locale=locale()))


def _handles(handles: Sequence[str]) -> str:
    shown = [f"@{clean_line(each, limit=60)}" for each in handles[:6]]
    if len(handles) > 6:
        shown.append(_("{count} more").format(count=len(handles) - 6))
    return format_list(shown, locale=locale())

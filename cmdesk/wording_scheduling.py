"""Finished sentences about hours: rules of recurring posts, faults of a plan's rows, the queue."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from cmdesk.i18n import N_, _, language, ngettext, pgettext
from cmdesk.planning.recurrence import Every, Rule
from cmdesk.safe_text import clean_line

if TYPE_CHECKING:
    from cmdesk.planning.importing.rows import Fault

Words = tuple[str, str, str]

BY_CODE: dict[str, Words] = {
    "date_unreadable": (N_("“{detail}” is not a date"), "", N_("Write 2026-03-31 or 31/03/2026.")),
    "hour_unreadable": (N_("“{detail}” is not an hour"), "", N_("Write 18:30.")),
    "slot_time": (N_("“{detail}” is not an hour of the day"), "", N_("Write it as 09:30.")),
    "slot_weekday": (N_("There is no weekday {detail}"), "", N_("Use mon, tue, wed, thu, fri, sat or sun.")),
    "slot_unknown": (N_("There is no hour {detail} in the queue"), "", N_("List them with `cmdesk slot list`.")),
    "series_unknown": (N_("There is no recurring post {detail}"), "", N_("List them with `cmdesk series list`.")),
    "series_state": (N_("The recurring post does not stand like that"), N_("It is: {detail}."), ""),
    "series_day_made": (N_("The post of that day was made already"), "{detail}", ""),
    "in_series": (N_("The post already repeats"), "", N_("Change how it repeats instead.")),
    "rule_empty": (N_("With this rule nothing is published"), N_("It has no date ahead."), N_("Choose a later end.")),
    "rule_apart": (N_("“Every {detail}” is no rule"), "", N_("Choose 1 to 99.")),
    "rule_count": (N_("That is too many times"), "", N_("Choose at most {detail}, or no end.")),
    "rule_days": (N_("The days of the rule do not fit"), "{detail}", N_("Choose them again.")),
    "rule_unreadable": (N_("The rule cannot be read"), "{detail}", ""),
    "plan_rows": (
        N_("The plan is too large"), N_("More than {detail} rows, or 200 columns."), N_("Split it and try again."),
    ),
    "plan_old_excel": (
        N_("This workbook cannot be read"),
        N_("It is of before 2007, or has a password."),
        N_("Save it as XLSX or CSV."),
    ),
    "plan_large": (N_("The file is larger than 20 MB"), N_("A plan is much smaller."), N_("Choose another file.")),
    "plan_empty": (N_("The file is empty"), "", N_("Nothing was changed.")),
    "plan_damaged": (N_("This workbook is damaged"), "", N_("Open it in the spreadsheet and save it again.")),
    "plan_column_twice": (
        N_("Two columns are the same thing: {detail}"), "", N_("Rename one, or say what it is in the preview."),
    ),
    "plan_columns": (
        N_("The file has no column with the text"),
        N_("The first row must have the titles of the columns: brand, accounts, date, time, text…"),
        N_("Add it and try again."),
    ),
}  # fmt: skip
"""What codes of this area mean, for `cmdesk.wording_codes`."""

COLUMNS = {
    "": "", "post": N_("Post"), "brand": N_("Brand"), "accounts": N_("Accounts"), "date": N_("Date"),
    "time": N_("Time"), "zone": N_("Zone"), "text": N_("Text"), "media": N_("Pictures"), "alt": N_("Description"),
    "link": N_("Link"), "campaign": N_("Campaign"), "labels": N_("Labels"), "first_comment": N_("First comment"),
    "parts": N_("Parts"), "aim": N_("Aim"), "language": N_("Language"), "visibility": N_("Who sees it"),
    "spoiler": N_("Content warning"), "note": N_("Note"), "market": N_("Market"),
}  # fmt: skip

_FAULTS: dict[str, tuple[str, str]] = {
    "quote_open": (N_("A quotation mark is never closed; everything after it was read as one text"), N_("Close it.")),
    "quote_inside": (N_("A quotation mark stands inside the text"), N_('Write it twice: "".')),
    "too_long_cell": (N_("A cell is too large"), N_("Shorten it.")),
    "nul": (N_("The row has characters that are no text"), N_("Type it again.")),
    "too_many_columns": (
        N_("The row has more cells than there are titles"), N_("Put texts with commas between quotation marks."),
    ),
    "brand": (N_("There is no brand “{detail}”"), N_("Write it as it is called here.")),
    "no_brand": (N_("The row names no brand"), N_("Add a brand column, or choose one above.")),
    "account": (N_("The brand has no account “{detail}”"), N_("Write its handle, or mastodon or bluesky.")),
    "account_twice": (N_("“{detail}” may be more than one account"), N_("Write network:@handle.")),
    "no_account": (N_("The row does not say on which account"), N_("{detail} has several: name one or more.")),
    "brand_without_accounts": (N_("{detail} has no account yet"), N_("Connect one first.")),
    "date_unreadable": (N_("“{detail}” is not a date"), N_("Write 2026-03-31 or 31/03/2026.")),
    "hour_unreadable": (N_("“{detail}” is not an hour"), N_("Write 18:30.")),
    "time_unreadable": (N_("“{detail}” is not a date and an hour"), N_("Write 2026-03-31 and 18:30.")),
    "no_time": (N_("There is a date, but no hour"), N_("Add one; without both it becomes a draft.")),
    "no_date": (N_("There is an hour, but no date"), N_("Add one; without both it becomes a draft.")),
    "time_past": (N_("{detail} has passed"), N_("Choose a later hour.")),
    "time_gap": (
        N_("{detail} does not exist: the clocks go forward over it"), N_("Choose an hour before or after."),
    ),
    "zone_unknown": (N_("There is no time zone “{detail}”"), N_("Write one like Europe/Madrid.")),
    "hour_twice": (N_("{detail} comes twice that night; the first is taken"), ""),
    "date_ambiguous": (N_("Read as day, month, year: {detail}"), N_("Choose above if it is month, day, year.")),
    "choice": (N_("“{detail}” is none of the choices"), N_("Leave it empty, or use one of the list.")),
    "language": (N_("“{detail}” is not a language tag"), N_("Write es, en, fr…")),
    "market": (N_("The brand has no market “{detail}”"), N_("Write it as it is called here.")),
    "media_missing": (N_("The picture is not there: {detail}"), N_("Put it beside the file, or write the whole path.")),
    "media_unreadable": (N_("The picture cannot be read: {detail}"), N_("Save it again as PNG or JPEG.")),
    "media_too_large": (N_("The picture is too large: {detail}"), N_("At most 25 MB.")),
    "media_too_many_pixels": (N_("The picture has too many pixels: {detail}"), N_("At most 40 million.")),
    "media_refused_type": (N_("Not a picture that networks take: {detail}"), N_("Use PNG, JPEG, WebP or GIF.")),
    "media_frames": (N_("The animation is too long: {detail}"), N_("Shorten it.")),
    "alt_without_picture": (N_("There are more descriptions than pictures"), ""),
    "planned_already": (N_("The same post is on the calendar at that hour"), N_("Take it out, or change its hour.")),
    "duplicate": (N_("The same as row {detail}"), N_("Take one of them out.")),
    "group_broken": (N_("Another row of post {detail} is wrong, so all of it waits"), ""),
    "group_twice": (N_("Post {detail} names this account twice"), N_("An account has one hour.")),
    "group_text": (N_("Rows of post {detail} have different texts; the first is taken"), ""),
    "empty_text": (N_("There is nothing to publish: no text and no picture"), ""),
    "too_long": (N_("{detail} characters too many for {account}"), N_("Shorten it, or write a text for it alone.")),
    "too_many_bytes": (N_("{detail} bytes too many for {account}"), N_("Shorten it.")),
    "too_many_pictures": (N_("{account} takes at most {detail} pictures"), ""),
    "alt_too_long": (N_("{account} takes descriptions of at most {detail} characters"), ""),
    "names_other_brand": (
        N_("It names another of your brands: {detail}"), N_("It stays a draft until you schedule it."),
    ),
    "wider_than_chosen": (
        N_("More people than it is for would see it on {detail}"), N_("It stays a draft until you say yes to that."),
    ),
    "note_in_text": (N_("The note for yourself stands in the text"), N_("Take it out of the text.")),
    "cannot_publish": (N_("{account} may not publish"), N_("Reconnect it with that permission.")),
}  # fmt: skip


def fault_words(fault: Fault) -> tuple[str, str]:
    """What is wrong with a row, and what to do ('' for nothing)."""
    code = "too_long_cell" if fault.code == "too_long" and not fault.column else fault.code
    what, todo = _FAULTS.get(code, (N_("Refused: {detail}"), ""))
    account, bar, detail = fault.detail.partition("|")
    if not bar:
        account, detail = "", fault.detail
    values = {"detail": clean_line(detail, limit=160), "account": clean_line(account, limit=80)}
    return _(what).format(**values), _(todo).format(**values) if todo else ""


def fault_line(fault: Fault) -> str:
    """A fault in one line for the command line and for the file of broken rows."""
    what, todo = fault_words(fault)
    column = column_word(fault.column)
    place = f"{column}: " if column else ""
    return f"{place}{what}. {todo}".strip() if todo else f"{place}{what}."


def column_word(name: str) -> str:
    """A column's name for people; what we do not name stays as it is."""
    if name.startswith("text_"):
        return _("Text for {network}").format(network=name.removeprefix("text_").removeprefix("@").title())
    if name.startswith("part_"):
        return _("Part {number}").format(number=name.removeprefix("part_"))
    word = COLUMNS.get(name, name)
    return _(word) if word else ""


# Rules


def rule_words(rule: Rule, start: datetime) -> str:
    """Say when something comes: "Every 2 weeks on Monday and Friday, until 31 March 2027"."""
    text = _every(rule, start)
    if rule.until is not None:
        return _("{rule}, until {day}").format(rule=text, day=day_words(rule.until))
    if rule.count:
        times = ngettext("{rule}, {count} time", "{rule}, {count} times", rule.count)
        return times.format(rule=text, count=rule.count)
    return text


def _every(rule: Rule, start: datetime) -> str:
    apart = rule.apart
    if rule.every is Every.DAY:
        return ngettext("Every day", "Every {count} days", apart).format(count=apart)
    if rule.every is Every.WEEK:
        days = rule.weekdays or (start.weekday(),)
        if apart == 1 and days == (0, 1, 2, 3, 4):
            return _("Every weekday, Monday to Friday")
        if apart == 1 and len(days) == 7:
            return _("Every day")
        text = ngettext("Every week on {days}", "Every {count} weeks on {days}", apart)
        return text.format(count=apart, days=joined([weekday_word(day) for day in days]))
    if rule.every is Every.MONTH:
        text = ngettext("Every month on {day}", "Every {count} months on {day}", apart)
        return text.format(count=apart, day=_of_month(rule, start))
    text = ngettext("Every year on {day}", "Every {count} years on {day}", apart)
    if rule.nth:
        of = _("{day} of {month}").format(day=_of_month(rule, start), month=_month_word(start))
        return text.format(count=apart, day=of)
    return text.format(count=apart, day=_("{number} {month}").format(number=start.day, month=_month_word(start)))


def _of_month(rule: Rule, start: datetime) -> str:
    if rule.nth:
        day = joined([weekday_word(each) for each in rule.weekdays])
        if rule.nth == -1:
            return _("the last {day}").format(day=day)
        places = {
            1: _("the first {day}"), 2: _("the second {day}"), 3: _("the third {day}"), 4: _("the fourth {day}"),
        }  # fmt: skip
        return places[rule.nth].format(day=day)
    if start.day > 28:
        return _("day {number}, or the last of a shorter month").format(number=start.day)
    return _("day {number}").format(number=start.day)


def weekday_word(weekday: int) -> str:
    """A day of the week within a sentence."""
    return _format(date(2024, 1, 1 + weekday), "EEEE")


def day_words(day: date) -> str:
    """A date within a sentence."""
    return _format(day, "d MMMM y") if language() != "es" else _format(day, "d 'de' MMMM 'de' y")


def joined(words: list[str]) -> str:
    """Put words together as a list of one's language: a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return pgettext("list", "{most} and {last}").format(most=", ".join(words[:-1]), last=words[-1])


def _month_word(start: datetime) -> str:
    return _format(start.date(), "MMMM")


def _format(day: date, pattern: str) -> str:
    from babel.dates import format_date

    return format_date(day, pattern, locale=language())


# The queue


_WHY = {
    "no_accounts": N_("no account is chosen"),
    "no_queue": N_("none of its accounts has a queue"),
    "no_slot": N_("no slot is left for it"),
}


def why_words(code: str) -> str:
    """Why a draft stays where it is."""
    from cmdesk.wording_codes import BY_CODE as CODES

    if code in _WHY:
        return _(_WHY[code])
    words = CODES.get(code) or BY_CODE.get(code)
    return _(words[0]).format(detail="") if words else code

"""Times as the screens say them: short ones for narrow columns, days and hours, lengths, and sentences."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime

from cmdesk.i18n import _, language, ngettext


def relative(at: datetime, now: datetime) -> str:
    """A short time for a narrow column: "now", "12 min", "3 h", "Yesterday", "Tue", "12 Mar", "12 Mar 2024"."""
    seconds = (now - at).total_seconds()
    if seconds < 60:
        return _("now")
    if seconds < 3600:
        return _("{count} min").format(count=int(seconds // 60))
    here, today = at.astimezone(), now.astimezone()
    days = (today.date() - here.date()).days
    if days == 0:
        return _("{count} h").format(count=int(seconds // 3600))
    if days == 1:
        return _("Yesterday")
    locale = QLocale(language())
    date = QDate(here.year, here.month, here.day)
    if days < 7:
        return locale.dayName(date.dayOfWeek(), QLocale.FormatType.ShortFormat).rstrip(".")
    return locale.toString(date, "d MMM" if here.year == today.year else "d MMM yyyy").replace(".", "")


def clock_time(at: datetime) -> str:
    """The local hour, 24 h."""
    here = at.astimezone()
    return QTime(here.hour, here.minute).toString("H:mm")


def day_name(at: datetime, now: datetime) -> str:
    """A day as a separator: "Today", "Yesterday", "Tuesday, 3 March", with the year when it is another one."""
    here, today = at.astimezone(), now.astimezone()
    days = (today.date() - here.date()).days
    if days == 0:
        return _("Today")
    if days == 1:
        return _("Yesterday")
    if days == -1:
        return _("Tomorrow")
    date = QDate(here.year, here.month, here.day)
    pattern = _("dddd, d MMMM") if here.year == today.year else _("dddd, d MMMM yyyy")
    text = QLocale(language()).toString(date, pattern)
    return text[:1].upper() + text[1:]


def moment(at: datetime, now: datetime) -> str:
    """Day and hour: "today 14:05", "tomorrow 9:00", "Tue 3 Mar, 9:00"."""
    here, today = at.astimezone(), now.astimezone()
    days = (here.date() - today.date()).days
    hour = clock_time(at)
    if days == 0:
        return _("today {time}").format(time=hour)
    if days == 1:
        return _("tomorrow {time}").format(time=hour)
    if days == -1:
        return _("yesterday {time}").format(time=hour)
    date = QDate(here.year, here.month, here.day)
    pattern = "ddd d MMM" if here.year == today.year else "ddd d MMM yyyy"
    day = QLocale(language()).toString(date, pattern).replace(".", "")
    return _("{day}, {time}").format(day=day, time=hour)


def exact(at: datetime) -> str:
    """The whole local date and time, for tooltips."""
    here = at.astimezone()
    day = QLocale(language()).toString(QDate(here.year, here.month, here.day), QLocale.FormatType.LongFormat)
    return _("{day}, {time}").format(day=day, time=clock_time(at))


def span(length: timedelta) -> str:
    """A length of time in two units at most: "35 min", "2 h 10", "3 d"."""
    minutes = int(abs(length.total_seconds()) // 60)
    if minutes < 60:
        return _("{count} min").format(count=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes:02d}" if minutes else _("{count} h").format(count=hours)
    return _("{count} d").format(count=hours // 24)


def spoken(at: datetime, now: datetime) -> str:
    """A time as a sentence says it: "12 minutes ago", else day and hour."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("{count} minute ago", "{count} minutes ago", minutes).format(count=minutes)
    if minutes < 24 * 60:
        hours = minutes // 60
        return ngettext("{count} hour ago", "{count} hours ago", hours).format(count=hours)
    return moment(at, now)


def day_and_hour(at: datetime) -> str:
    """A day of the week, its date and the hour as a zone's clock shows them: "Tue 3 Mar, 09:30"."""
    shown = QDateTime.fromString(at.strftime("%Y-%m-%dT%H:%M"), "yyyy-MM-dd'T'HH:mm")
    return QLocale(language()).toString(shown, "ddd d MMM, HH:mm")

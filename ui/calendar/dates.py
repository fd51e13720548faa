"""Days, hours and zones in the words of the interface's locale."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QDate, QLocale

_OF = (QLocale.Language.Spanish, QLocale.Language.Portuguese)  # "29 de noviembre"


def spell(day: date, pattern: str) -> str:
    """A day by one of Qt's patterns ("dddd d MMMM") in the interface's locale, with the words it puts between."""
    if QLocale().language() in _OF:
        pattern = pattern.replace("d MMMM", "d 'de' MMMM").replace("MMMM yyyy", "MMMM 'de' yyyy")
    return QLocale().toString(QDate(day.year, day.month, day.day), pattern)


def long_date(day: date) -> str:
    """A day in full."""
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat)


def clock(minute: int) -> str:
    """A minute of the day as people read it."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def moment(at: datetime) -> str:
    """A short day and hour: "Thu 14 · 09:00"."""
    return f"{spell(at.date(), 'ddd d MMM')} · {at:%H:%M}"


def city(zone: str) -> str:
    """A zone as people name it: 'Europe/Madrid' is Madrid."""
    return zone.rpartition("/")[2].replace("_", " ")

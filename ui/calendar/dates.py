"""Days and months in the words of the interface's locale."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QLocale


def spell(day: date, pattern: str) -> str:
    """A day by one of Qt's patterns ("dddd d MMMM") in the interface's locale."""
    return QLocale().toString(QDate(day.year, day.month, day.day), pattern)


def long_date(day: date) -> str:
    """A day in full."""
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat)

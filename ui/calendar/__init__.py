"""The calendar: month and week grids, the tray of what has no date, and the panel of one post."""

from __future__ import annotations

from ui.calendar.page import make

__all__ = ["make"]

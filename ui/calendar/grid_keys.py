"""The keys that the calendar's views answer by themselves, for the overlay of `?`."""

from __future__ import annotations

from cmdesk.i18n import N_, _

_KEYS = (
    (N_("Next or previous post"), ("J", "K")),
    (N_("Choose the post, or let go of it"), ("Space",)),
    (N_("Choose one more post"), ("Shift+J", "Shift+K")),
    (N_("Move by a day"), ("Alt+Left", "Alt+Right")),
    (N_("Move by a week, in the hours by 15 minutes"), ("Alt+Up", "Alt+Down")),
    (N_("Move by 5 minutes"), ("Shift+Alt+Up", "Shift+Alt+Down")),
    (N_("Copy instead of moving"), ("Ctrl+Alt+Left", "Ctrl+Alt+Down")),
    (N_("First or last day of the week"), ("Home", "End")),
    (N_("The time before or after"), ("PgUp", "PgDown")),
    (N_("Taller or less tall hours"), ("+", "-")),
)


def grid_keys() -> list[tuple[str, tuple[str, ...]]]:
    """What each key does, in the words of the interface."""
    return [(_(text), keys) for text, keys in _KEYS]

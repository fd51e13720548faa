"""The small menus of the inbox: until when, why not, for whom, which label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCalendarWidget, QDateTimeEdit, QMenu, QWidget

from cmdesk.i18n import _, language
from cmdesk.model import IgnoreReason, Label, Waiting
from cmdesk.safe_text import clean_line
from ui import icons
from ui.inbox import words
from ui.widgets import Field
from ui.widgets.dialogs import Dialog

EVENING, MORNING = 19, 9


def snooze_times(now: datetime) -> list[tuple[str, datetime]]:
    """What one usually means, in the person's zone: (text, time), only times to come."""
    here = now.astimezone()
    today = here.replace(minute=0, second=0, microsecond=0)
    evening = today.replace(hour=EVENING)
    tomorrow = today.replace(hour=MORNING) + timedelta(days=1)
    monday = today.replace(hour=MORNING) + timedelta(days=(7 - here.weekday()) or 7)
    times = [(_("In an hour"), here.replace(second=0, microsecond=0) + timedelta(hours=1))]
    if here < evening - timedelta(hours=1):
        times.append((_("This evening"), evening))
    times.append((_("Tomorrow"), tomorrow))
    if monday.date() != tomorrow.date():
        times.append((_("Next week"), monday))
    return times


def snooze_menu(parent: QWidget, now: datetime, *, done: Callable[[datetime], None], ask: Callable[[], None]) -> QMenu:
    """Snooze: an hour, this evening, tomorrow, next week, or a date (`ask`)."""
    menu = _menu(parent, _("Snooze until…"))
    for text, at in snooze_times(now):
        label = (
            f"{text}\t{words.moment(at, now)}"
            if at.date() != now.astimezone().date()
            else f"{text}\t{words.clock_time(at)}"
        )
        _entry(menu, label, "alarm-clock", partial(done, at))
    menu.addSeparator()
    _entry(menu, _("Choose a date…"), "calendar", ask)
    return menu


def ignore_menu(
    parent: QWidget, *, done: Callable[[IgnoreReason], None], calm: Callable[[], object] | None = None
) -> QMenu:
    """Ignore: always with a reason (D7); `calm` offers to say first that it is not so this time (Q5)."""
    menu = _menu(parent, _("Why is there no answer?"))
    for reason, (word, note) in words.REASONS.items():
        _entry(menu, f"{_(word)}\t{_(note)}", "ban", partial(done, reason))
    if calm is not None:
        menu.addSeparator()
        _entry(menu, _("Unfounded, but say so calmly first…"), "message-circle", calm)
    return menu


def wait_menu(parent: QWidget, *, done: Callable[[Waiting], None]) -> QMenu:
    """Waiting: for the person or the client (D6)."""
    menu = _menu(parent, _("Who must act first?"))
    _entry(menu, _("The person who wrote"), "user", lambda: done(Waiting.PERSON))
    _entry(menu, _("The client"), "briefcase", lambda: done(Waiting.CLIENT))
    return menu


def label_menu(
    parent: QWidget,
    labels: Sequence[Label],
    on: set[int],
    *,
    done: Callable[[int, bool], None],
    new: Callable[[], None],
) -> QMenu:
    """Labels of the brand, those that are on ticked, and a new one."""
    menu = _menu(parent, _("Labels"))
    for label in labels:
        made = QAction(_plain(clean_line(label.name, limit=60)), menu)
        made.setCheckable(True)
        made.setChecked(label.id in on)
        made.triggered.connect(lambda checked, each=label.id: done(each, checked))
        menu.addAction(made)
    if labels:
        menu.addSeparator()
    _entry(menu, _("New label…"), "plus", new)
    return menu


async def ask_time(parent: QWidget, now: datetime) -> datetime | None:
    """A date and an hour in the person's zone; None when they changed their mind."""
    dialog = Dialog(_("Snooze until"), parent, icon="alarm-clock", width=340)
    start = (now.astimezone() + timedelta(days=1)).replace(hour=MORNING, minute=0)
    field = QDateTimeEdit(QDateTime(start.year, start.month, start.day, start.hour, start.minute, 0))
    field.setLocale(QLocale(language()))
    field.setCalendarPopup(True)
    field.setDisplayFormat("ddd d MMM yyyy  H:mm")
    field.setMinimumDateTime(QDateTime.currentDateTime())
    calendar = field.calendarWidget()
    if isinstance(calendar, QCalendarWidget):
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    dialog.body.addWidget(Field(_("Day and hour"), field, hint=_("A new message brings it back earlier.")))
    dialog.add_button(_("Cancel"), reject=True)
    dialog.add_button(_("Snooze"), variant="primary", accept=True)
    if not await dialog.ask():
        return None
    chosen = field.dateTime()
    date, time = chosen.date(), chosen.time()
    return datetime(date.year(), date.month(), date.day(), time.hour(), time.minute()).astimezone()


def _menu(parent: QWidget, title: str) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setAccessibleName(title)
    head = QAction(title, menu)
    head.setEnabled(False)
    menu.addAction(head)
    return menu


def _entry(menu: QMenu, text: str, icon: str, do: Callable[[], object]) -> QAction:
    made = QAction(text, menu)
    icons.set_icon(made, icon, "text_muted")
    made.triggered.connect(lambda _checked=False: do())
    menu.addAction(made)
    return made


def _plain(text: str) -> str:
    """Text of a menu row without mnemonics."""
    return text.replace("&", "&&")

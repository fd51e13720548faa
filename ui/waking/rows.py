"""One missed post or answer, and the head of its brand, in the dialog of waking up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _, language, ngettext
from cmdesk.model import Brand
from cmdesk.planning.waking import PAUSED_MEANWHILE, How
from cmdesk.planning.zones import zone_named
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording_waking import how_words, late_words
from ui import theme
from ui.models.waking import Missed, Outlook
from ui.theme.tokens import Radius, Space
from ui.widgets import Avatar, PlainLabel, paint
from ui.widgets.fields import calm, padded
from ui.widgets.times import day_and_hour

_CHOICE = 176
_LOGO = 28
FORMAT = "yyyy-MM-dd'T'HH:mm"
_KEYS = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5, Qt.Key.Key_6)


class HowBox(QComboBox):
    """The decisions that are possible."""

    def __init__(self, choices: Sequence[How], *, answer: bool, name: str, lead: str = "") -> None:
        super().__init__()
        if lead:
            self.addItem(lead, "")
        for each in choices:
            self.addItem(how_words(each, answer=answer), each.value)
        self.setAccessibleName(name)
        self.setFixedWidth(theme.scaled(_CHOICE))
        calm(self)

    def how(self) -> How | None:
        """What is chosen; None for the lead."""
        found = str(self.currentData() or "")
        return How(found) if found else None

    def set_how(self, how: How) -> bool:
        """Choose; False where it is not offered."""
        place = self.findData(how.value)
        if place >= 0:
            self.setCurrentIndex(place)
        return place >= 0


class MissedRow(QWidget):
    """`changed` when something else is chosen; with the focus on the row 1 to 6 choose and the arrows walk."""

    changed = Signal()
    step = Signal(int)

    def __init__(self, missed: Missed, *, soon: str, first: How | None = None) -> None:
        super().__init__()
        self.missed = missed
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        delivery = missed.delivery
        grid = QGridLayout(self)
        grid.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        name = missed.account.display_name or missed.account.handle
        avatar = Avatar(name, size=28, network=missed.account.network, surface="surface_raised")
        grid.addWidget(avatar, 0, 0, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        words = clean_line(delivery.text, limit=160) or _("(no text)")
        text = PlainLabel(words, role="body_medium", elide=True)
        text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        grid.addWidget(text, 0, 1)
        facts = QHBoxLayout()
        facts.setSpacing(Space.S)
        late = late_words(missed.late)
        facts.addWidget(PlainLabel(late, role="small_strong", color="warning"))
        where = f"@{clean_line(missed.account.handle.lstrip('@'), limit=60)}"
        due = _("was due {when}").format(when=_wall(delivery.wall, delivery.zone, missed))
        told = [part for part in (due, _reason(missed), where) if part]
        line = " · ".join(told)
        rest = PlainLabel(line, role="small", color="text_muted", elide=True)
        rest.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        facts.addWidget(rest, 1)
        grid.addLayout(facts, 1, 1)
        choices = [*missed.choices, How.LATER]
        self.box = HowBox(choices, answer=missed.answer, name=_("What to do with it"))
        self.box.set_how(first if first in choices and first is not None else missed.usual)
        grid.addWidget(self.box, 0, 2)
        self.outlook = PlainLabel("", role="small", color="text_muted", elide=True)
        self.outlook.setFixedWidth(theme.scaled(_CHOICE))
        grid.addWidget(self.outlook, 1, 2)
        self.when = padded(QDateTimeEdit(QDateTime.fromString(soon[:16], FORMAT)))
        self.when.setLocale(QLocale(language()))
        self.when.setDisplayFormat("ddd d MMM, HH:mm")
        self.when.setCalendarPopup(True)
        self.when.setAccessibleName(_("Another hour"))
        self.when.setFixedWidth(theme.scaled(_CHOICE))
        calm(self.when)
        grid.addWidget(self.when, 2, 2)
        self.setAccessibleName(", ".join((words, late, *told)))
        self.box.currentIndexChanged.connect(self._chosen)
        self.when.dateTimeChanged.connect(lambda _at: self.changed.emit())
        self.when.setVisible(self.how is How.HOUR)

    @property
    def how(self) -> How:
        """The decision."""
        return self.box.how() or How.LATER

    @property
    def wall(self) -> str:
        """The person's own hour in the post's zone, "" unless that was chosen."""
        return self.when.dateTime().toString(FORMAT) if self.how is How.HOUR else ""

    def show_outlook(self, outlook: Outlook | None, now: datetime) -> None:
        """Say when it will go out."""
        words = {How.DRAFT: _("waits for a new hour"), How.LATER: _("stays in Problems")}.get(self.how, "")
        if self.missed.answer and self.how is How.DRAFT:
            words = _("back to the answer's draft")
        if outlook is not None and outlook.account_waits:
            words = _("as soon as the account works")
        elif outlook is not None and outlook.at is not None and self.how is How.NOW:
            soon = (outlook.at - now).total_seconds() < 30
            words = _("goes out at once") if soon else _("goes out at {time}").format(time=self._time(outlook.at, now))
        elif outlook is not None and outlook.at is not None and self.how is How.SLOT:
            words = self._time(outlook.at, now)
        self.outlook.setText(words)

    def _time(self, at: datetime, now: datetime) -> str:
        zone = zone_named(self.missed.delivery.zone or self.missed.brand.zone)
        local, today = at.astimezone(zone), now.astimezone(zone).date()
        if local.date() == today:
            return f"{local:%H:%M}"
        return day_and_hour(local)

    def _chosen(self) -> None:
        self.when.setVisible(self.how is How.HOUR)
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """1 to 6 choose, the arrows walk."""
        if event.key() in _KEYS and not event.modifiers():
            place = _KEYS.index(Qt.Key(event.key()))
            if place < self.box.count():
                self.box.setCurrentIndex(place)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_J):
            self.step.emit(1)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_K):
            self.step.emit(-1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Take it away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The ring of the focus."""
        if self.hasFocus():
            painter = QPainter(self)
            paint.draw_focus(painter, self.rect(), radius=Radius.CONTROL)
            painter.end()


class BrandHead(QWidget):
    """Logo, name, how many; one decision for all of the brand's."""

    chosen = Signal(object)  # How

    def __init__(self, brand: Brand, logo: QPixmap | None, *, posts: int, answers: int, choices: Sequence[How]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.S, 0, Space.S, 0)
        row.setSpacing(Space.M)
        row.addWidget(_Mark(brand, logo))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(PlainLabel(safe_name(brand.name), role="body_strong", elide=True))
        counts = []
        if posts:
            counts.append(ngettext("{n} post", "{n} posts", posts).format(n=posts))
        if answers:
            counts.append(ngettext("{n} answer", "{n} answers", answers).format(n=answers))
        words.addWidget(PlainLabel(" · ".join(counts), role="small", color="text_muted"))
        row.addLayout(words, 1)
        name = _("All of {brand}").format(brand=clean_line(brand.name))
        self.box = HowBox(choices, answer=False, name=name, lead=_("All of them: …"))
        self.box.activated.connect(self._all)
        self.box.setVisible(posts + answers > 1)
        row.addWidget(self.box)

    def _all(self) -> None:
        how = self.box.how()
        self.box.setCurrentIndex(0)
        if how is not None:
            self.chosen.emit(how)


class _Mark(QWidget):
    """A brand's logo, or its first letter on its colour."""

    def __init__(self, brand: Brand, logo: QPixmap | None) -> None:
        super().__init__()
        self._brand, self._logo = brand, logo
        self.setFixedSize(_LOGO, _LOGO)
        theme.changed().connect(self.update)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._logo is not None:
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(0, 0, paint.rounded(self._logo, _LOGO, radius=7, ratio=ratio))
        else:
            fill = theme.brand_color(self._brand.color)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(QRectF(self.rect()), 7, 7)
            paint.draw_text(
                painter, QRectF(self.rect()), paint.initials(self._brand.name)[:1], role="body_strong",
                color=theme.text_on(fill), align=Qt.AlignmentFlag.AlignHCenter,
            )  # fmt: skip
        painter.end()


def _wall(wall: str, zone: str, missed: Missed) -> str:
    at = datetime.fromisoformat(wall)
    today = (missed.delivery.due_at + missed.late).astimezone(zone_named(zone or missed.brand.zone)).date()
    if at.date() == today:
        return f"{at:%H:%M}"
    return day_and_hour(at)


def _reason(missed: Missed) -> str:
    if missed.waits_for_yes:
        return _("the client has not said yes")
    if missed.for_more:
        return _("more people would see it than you chose")
    if missed.delivery.reason_code == PAUSED_MEANWHILE:
        return _("publishing was paused")
    return ""

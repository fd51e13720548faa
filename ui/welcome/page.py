"""The welcome page: one choice of two, then one short form."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from cmdesk.commands import brands as brand_commands
from cmdesk.i18n import _
from ui import icons, theme
from ui.bridge import spawn
from ui.theme.tokens import Radius, Space
from ui.widgets import Button, PlainLabel, paint
from ui.widgets.brand_form import BrandForm
from ui.widgets.page import Page, PageContext, Target


class ChoiceCard(QAbstractButton):
    """A large card that is one button: icon, title, two lines."""

    def __init__(self, icon: str, title: str, text: str, *, accent: bool) -> None:
        super().__init__()
        self._icon, self._title, self._text, self._accent = icon, title, text, accent
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        theme.changed().connect(self.update)

    def sizeHint(self) -> QSize:
        """Wide enough for two lines of text."""
        return QSize(theme.scaled(300), theme.scaled(196))

    def enterEvent(self, event: QEnterEvent, /) -> None:
        """Hover."""
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        lit = self.underMouse() or self.isDown()
        painter.setPen(QPen(theme.color("accent" if lit else "line_strong"), 1.5 if lit else 1))
        painter.setBrush(theme.color("surface_raised"))
        painter.drawRoundedRect(box, Radius.PANEL, Radius.PANEL)
        disc = QRectF(Space.XL, Space.XL, 44, 44)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent" if self._accent else "accent_soft"))
        painter.drawRoundedRect(disc, 12, 12)
        ink = theme.color("on_accent" if self._accent else "accent_text")
        painter.drawPixmap(QPointF(disc.x() + 11, disc.y() + 11), icons.pixmap(self._icon, ink, 22))
        width = self.width() - 2 * Space.XL
        paint.draw_text(painter, QRectF(Space.XL, disc.bottom() + Space.L, width, 24), self._title, role="title")
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text_muted"))
        below = QRectF(Space.XL, disc.bottom() + Space.L + 28, width, self.height() - disc.bottom() - Space.XXXL)
        painter.drawText(below, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, self._text)
        if self.hasFocus():
            paint.draw_focus(painter, box, radius=Radius.PANEL)
        painter.end()


class _Mark(QWidget):
    """The program's mark on a soft glow."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(88, 88)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(8, 8, icons.app_icon().pixmap(QSize(72, 72), self.devicePixelRatioF()))
        painter.end()


class _Choose(QWidget):
    """Which of the two."""

    samples = Signal()
    own = Signal()

    def __init__(self) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        center = Qt.AlignmentFlag.AlignHCenter
        outer.addWidget(_Mark(), 0, center)
        outer.addSpacing(Space.M)
        outer.addWidget(PlainLabel(_("Welcome to CM Desk"), role="display", align=Qt.AlignmentFlag.AlignCenter))
        outer.addWidget(
            PlainLabel(
                _("One inbox, one calendar and one monthly report for all your brands, on your own computer."),
                role="reading", color="text_muted", align=Qt.AlignmentFlag.AlignCenter,
            )
        )  # fmt: skip
        outer.addSpacing(Space.XXL)
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        row.addStretch(1)
        own = ChoiceCard(
            "store", _("Start with my first brand"),
            _("Give it a name and a colour, then connect its first account. Two minutes."), accent=True,
        )  # fmt: skip
        samples = ChoiceCard(
            "sparkles", _("Try the sample brands"),
            _("Invented brands with messages and posts, all on this computer. Removed with one click."), accent=False,
        )  # fmt: skip
        own.clicked.connect(self.own)
        samples.clicked.connect(self.samples)
        self.first = own
        row.addWidget(own)
        row.addWidget(samples)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addSpacing(Space.XL)
        outer.addWidget(
            PlainLabel(
                _("Nothing leaves this computer until you connect an account."),
                role="small", color="text_muted", align=Qt.AlignmentFlag.AlignCenter,
            )
        )  # fmt: skip
        outer.addStretch(3)


class _First(QWidget):
    """The form of the first brand."""

    back = Signal()
    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        inner = QWidget()
        inner.setMaximumWidth(theme.scaled(520))
        inner.setMinimumWidth(theme.scaled(480))
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.L)
        column.addWidget(PlainLabel(_("Your first brand"), role="heading"))
        column.addWidget(PlainLabel(_("You can change all of this later."), color="text_muted"))
        self.form = BrandForm()
        self.form.submitted.connect(self.done)
        column.addWidget(self.form)
        buttons = QHBoxLayout()
        back = Button(_("Back"), variant="ghost", icon="arrow-left")
        back.clicked.connect(self.back)
        self.next = Button(_("Continue"), variant="primary")
        self.next.clicked.connect(self.done)
        buttons.addWidget(back)
        buttons.addStretch(1)
        buttons.addWidget(self.next)
        column.addSpacing(Space.S)
        column.addLayout(buttons)
        outer.addWidget(inner, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)


class WelcomePage(Page):
    """First start: nobody is asked for anything that can wait."""

    scope = "welcome"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._stack = QStackedLayout(self)
        self._choose, self._first = _Choose(), _First()
        self._stack.addWidget(self._choose)
        self._stack.addWidget(self._first)
        self._choose.own.connect(self.show_form)
        self._choose.samples.connect(lambda: spawn(self._fill_samples(), self, name=_("Make the sample brands")))
        self._first.back.connect(lambda: self._stack.setCurrentWidget(self._choose))
        self._first.done.connect(lambda: spawn(self._add_brand(), self, name=_("Add a brand…")))

    def show_form(self) -> None:
        """Ask for the first brand."""
        self._stack.setCurrentWidget(self._first)
        self._first.form.name.setFocus()

    def focus_main(self) -> None:
        """The first card."""
        self._choose.first.setFocus()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A barely visible glow behind the mark."""
        super().paintEvent(event)
        painter = QPainter(self)
        glow = QLinearGradient(0, 0, 0, self.height() * 0.6)
        glow.setColorAt(0, theme.with_alpha(theme.color("accent"), 0.10 if theme.is_dark() else 0.06))
        glow.setColorAt(1, theme.with_alpha(theme.color("accent"), 0.0))
        painter.fillRect(self.rect(), glow)
        painter.end()

    async def _add_brand(self) -> None:
        form = self._first.form
        if not form.check():
            return
        self._first.next.setEnabled(False)
        try:
            done = await self.context.desk.run(brand_commands.add_brand, **form.fields())
        finally:
            self._first.next.setEnabled(True)
        self.context.navigate(Target("accounts", "connect", brand_id=done.value))

    async def _fill_samples(self) -> None:
        from cmdesk import sample

        self._choose.setEnabled(False)
        work = self.context.progress(_("Making the sample brands…"))
        try:
            await sample.fill_beside(self.context.desk, progress=lambda _name, done, total: work.step(done, total))
        finally:
            work.finish()
            self._choose.setEnabled(True)
        if self.isVisible():  # else the person is somewhere else already
            self.context.navigate(Target("inbox"))

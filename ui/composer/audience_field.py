"""The field *For*: those a post is for as tokens, put in by typing and taken out by a key (K2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _
from ui import icons, theme
from ui.models.audience_for import PUBLIC, Key, Offer, Token
from ui.theme.tokens import Radius, Space
from ui.widgets import FlowLayout, PlainLabel, paint, set_tip
from ui.widgets.panels import draw_raised
from ui.widgets.pick_list import Choice, PickRows

_HEIGHT = 26
_WIDTH = 340  # px of the list


class TokenChip(QWidget):
    """One token; Delete, Backspace or its cross take it out."""

    removed = Signal(object)  # key
    stepped = Signal(int)

    def __init__(self, token: Token, parent: QWidget, *, removable: bool) -> None:
        super().__init__(parent)
        self.token, self.removable = token, removable
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if removable else Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(token.text)
        if removable:
            self.setAccessibleDescription(_("Delete takes it out"))
        set_tip(self, token.tip)
        theme.changed().connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Icon, words, cross."""
        width = min(paint.text_width(self.token.text, "small_strong"), theme.scaled(220))
        return QSize(width + theme.scaled(50 if self.removable else 34), theme.scaled(_HEIGHT))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the pill."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, ink = paint.chip_colours("warning" if self.token.alert else "accent")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), Radius.CONTROL, Radius.CONTROL)
        side, middle = theme.scaled(14), self.height() / 2
        painter.drawPixmap(QPoint(theme.scaled(6), int(middle - side / 2)), icons.pixmap(self.token.icon, ink, side))
        left = theme.scaled(24)
        room = self.width() - left - theme.scaled(20 if self.removable else 6)
        paint.draw_text(painter, QRectF(left, 0, room, self.height()), self.token.text, role="small_strong", color=ink)
        if self.removable:
            small = theme.scaled(12)
            at = QPoint(self.width() - small - theme.scaled(6), int(middle - small / 2))
            painter.drawPixmap(at, icons.pixmap("x", ink, small))
        if self.hasFocus():
            paint.draw_focus(painter, self.rect(), radius=Radius.CONTROL)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Choose it; its cross takes it out."""
        if self.removable and event.position().x() >= self.width() - theme.scaled(22):
            self.removed.emit(self.token.key)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Delete takes it out, the arrows walk."""
        if self.removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self.token.key)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Left else 1)
        else:
            super().keyPressEvent(event)


class _Offers(QWidget):
    """The list under the field; the field keeps the keys."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.rows = PickRows(_("Whom it may be for"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XS, Space.XS, Space.XS, Space.XS)
        layout.addWidget(self.rows)
        self.setFixedWidth(theme.scaled(_WIDTH))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A raised surface."""
        painter = QPainter(self)
        draw_raised(painter, QRectF(self.rect()))
        painter.end()


class AudienceField(QWidget):
    """Emits the keys that are put in and taken out; whoever owns it decides what that means."""

    put = Signal(object)
    taken = Signal(object)

    def __init__(self, find: Callable[[str], Sequence[Offer]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find = find
        self._shown: tuple[list[Token], bool] = ([], True)
        self._chips: list[TokenChip] = []
        self._offers: _Offers | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._host = QWidget(self)
        self._flow = FlowLayout(self._host, gap=Space.XS)
        self.edit = QLineEdit(self._host)
        self.edit.setFrame(False)
        self.edit.setFixedHeight(theme.scaled(_HEIGHT))
        self.edit.setAccessibleName(_("For whom"))
        self.edit.setStyleSheet("QLineEdit { background: transparent; border: 0; padding: 0 2px; min-height: 0; }")
        self._invite(alone=True)
        self._flow.addWidget(self.edit)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.S, Space.XS, Space.S, Space.XS)
        row.setSpacing(Space.S)
        label = PlainLabel(_("For"), self, role="small_strong", color="text_muted")
        label.setFixedHeight(theme.scaled(_HEIGHT))
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._host, 1)
        self.edit.textEdited.connect(self._follow)
        self.edit.textChanged.connect(lambda _text: self._fit())
        self.edit.installEventFilter(self)
        self.setFocusProxy(self.edit)

    def show_tokens(self, found: Sequence[Token], *, editable: bool, removable: bool = True) -> None:
        """Show these; what is typed stays."""
        wanted = (list(found), editable and removable)
        self.edit.setVisible(editable)
        if wanted == self._shown and self._chips:
            return
        focused = next((place for place, chip in enumerate(self._chips) if chip.hasFocus()), None)
        self._shown = wanted
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._flow.removeWidget(self.edit)
        self._chips = [TokenChip(token, self._host, removable=wanted[1]) for token in found]
        for place, chip in enumerate(self._chips):
            chip.removed.connect(self._remove)
            chip.stepped.connect(lambda by, place=place: self._step(place + by))
            self._flow.addWidget(chip)
            chip.show()
        self._flow.addWidget(self.edit)
        self._invite(alone=all(token.key[0] == PUBLIC for token in found))
        if focused is not None:
            self.edit.setFocus()
        self._flow.invalidate()
        self._host.updateGeometry()

    def _invite(self, *, alone: bool) -> None:
        """Say what can be written; in few words behind those who are chosen already."""
        self.edit.setPlaceholderText(_("Market, circle or person…") if alone else _("Add…"))
        self._fit()

    def _fit(self) -> None:
        said = max((self.edit.placeholderText(), self.edit.text()), key=self.edit.fontMetrics().horizontalAdvance)
        width = min(self.edit.fontMetrics().horizontalAdvance(said), theme.scaled(_WIDTH)) + 2 * Space.L
        if width != self.edit.minimumWidth():
            self.edit.setFixedWidth(width)

    def chips(self) -> list[str]:
        """What the tokens say, in their order."""
        return [chip.token.text for chip in self._chips]

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The box of a text field around the tokens."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent" if self.edit.hasFocus() else "line_strong"), 1))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), Radius.CONTROL, Radius.CONTROL)
        painter.end()

    # The list

    @property
    def offering(self) -> bool:
        """Say whether the list is open."""
        return self._offers is not None

    def _follow(self, _text: str = "") -> None:
        found = self._find(self.edit.text().strip())
        if not found:
            self.close_offers()
            return
        if self._offers is None:
            self._offers = _Offers(self.window())
            self._offers.rows.picked.connect(self._take)
        offers = self._offers
        offers.rows.show_choices([Choice(each.key, each.title, each.detail, each.icon, each.alert) for each in found])
        offers.adjustSize()
        window = self.window()
        below = self.edit.mapTo(window, QPoint(0, self.edit.height() + 4))
        if below.y() + offers.height() > window.height():
            below.setY(max(0, below.y() - offers.height() - self.edit.height() - 8))
        offers.move(max(Space.S, min(below.x(), window.width() - offers.width() - Space.S)), below.y())
        offers.show()
        offers.raise_()

    def _take(self, key: Key) -> None:
        self.edit.clear()
        self.close_offers()
        self.put.emit(key)

    def close_offers(self) -> None:
        """Close the list."""
        if self._offers is not None:
            offers, self._offers = self._offers, None
            offers.hide()
            offers.deleteLater()

    def _remove(self, key: Key) -> None:
        self.taken.emit(key)
        self.edit.setFocus()

    def _step(self, place: int) -> None:
        chips = [chip for chip in self._chips if chip.removable]
        if place >= len(chips):
            self.edit.setFocus()
        elif chips and place >= 0:
            chips[place].setFocus()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """The keys of the field: arrows, Enter, Tab and Esc are the list's while it is open."""
        kind = event.type()
        if kind in (QEvent.Type.FocusIn, QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.update()
            if kind is not QEvent.Type.FocusIn:
                self.close_offers()
        elif kind is QEvent.Type.MouseButtonPress and not self.offering:
            self._follow()
        elif kind is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self.offering:
                event.accept()  # not the page's: only the list closes
                return True
        elif kind is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        offers = self._offers
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if offers is None:
                self._follow()
            else:
                offers.rows.step(1 if key == Qt.Key.Key_Down else -1)
            return True
        if offers is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            offers.rows.choose()
            return True
        if offers is not None and key == Qt.Key.Key_Escape:
            self.close_offers()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._follow()
            return True
        if key == Qt.Key.Key_Backspace and not self.edit.text() and self._chips and self._chips[-1].removable:
            self.taken.emit(self._chips[-1].token.key)
            return True
        if key == Qt.Key.Key_Left and not self.edit.cursorPosition() and self._chips:
            self._step(len(self._chips) - 1)
            return True
        return False

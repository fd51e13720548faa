"""The scrolling thread: blocks with known heights, widgets only for those on screen, so that length costs nothing."""

from __future__ import annotations

from bisect import bisect_right

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from ui import theme
from ui.inbox.blocks import Block, Hit
from ui.inbox.prose import Prose
from ui.widgets import paint

_BESIDE = 300
"""Pixels above and below the visible part that keep their widgets."""


class BlockWidget(QWidget):
    """One block on screen: paints it, knows the pointer, tells a screen reader its sentence."""

    pressed = Signal(object, object)  # block, hit
    touched = Signal(object)  # the widget in which the pointer was pressed

    def __init__(self, block: Block, parent: QWidget) -> None:
        super().__init__(parent)
        self.block = block
        self._hover: Hit | None = None
        self._anchor: tuple[Prose, int, QPointF] | None = None
        self.selection: tuple[int, int] | None = None
        self.selected: Prose | None = None
        self.current = False
        self.setMouseTracking(True)
        self.setAccessibleName(block.said)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Paint the block."""
        painter = QPainter(self)
        self.block.paint(painter, self.width(), hover=self._hover, selection=self.selection)
        if self.current:
            paint.draw_focus(painter, self.rect().adjusted(6, 1, -6, -1), radius=8)
        painter.end()

    def selected_text(self) -> str:
        """What the person selected here."""
        return self.selected.part(self.selection) if self.selected and self.selection else ""

    def unselect(self) -> None:
        """Forget the selection."""
        self._anchor = self.selection = self.selected = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Start a selection, unless a button lies there."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self.touched.emit(self)
        point = event.position()
        self.unselect()
        found = self.block.prose_at(point)
        if found is not None and self.block.hit(point) is None:
            prose, at = found
            place = prose.position(point - at)
            self._anchor = (prose, place, at)

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        """Select a word."""
        found = self.block.prose_at(event.position())
        if found is not None:
            prose, at = found
            self.selected, self.selection = prose, prose.word_at(prose.position(event.position() - at))
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """Selection, or the pointer's shape and what it would do."""
        point = event.position()
        if self._anchor is not None and event.buttons() & Qt.MouseButton.LeftButton:
            prose, start, at = self._anchor
            self.selected, self.selection = prose, (start, prose.position(point - at))
            self.update()
            return
        hit = self.block.hit(point)
        if hit is not self._hover:
            self._hover = hit
            self.update()
        link = self._link(point)
        text = self.block.prose_at(point) is not None
        shape = Qt.CursorShape.PointingHandCursor if hit or link else Qt.CursorShape.IBeamCursor if text else None
        if shape is None:
            self.unsetCursor()
        else:
            self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Click: a button or a link."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        anchor, self._anchor = self._anchor, None
        if self.selection is not None and self.selection[0] != self.selection[1]:
            return
        hit = self.block.hit(event.position())
        link = self._link(event.position()) if anchor is not None else ""
        if hit is not None:
            self.pressed.emit(self.block, hit)
        elif link:
            self.pressed.emit(self.block, Hit(self.rect().toRectF(), "link", link))

    def leaveEvent(self, event: QEvent, /) -> None:
        """The pointer left."""
        if self._hover is not None:
            self._hover = None
            self.update()

    def event(self, event: QEvent, /) -> bool:
        """Tooltips as plain text: what a button does, where a link really leads, the alt text of a picture."""
        if event.type() is QEvent.Type.ToolTip:
            point = event.pos()  # type: ignore[attr-defined]
            hit = self.block.hit(QPointF(point))
            text = hit.tip if hit else ""
            link = self._link(QPointF(point))
            if link:
                from ui.inbox.links import real_host

                text = f"{real_host(link)}\n{link}"
            if text:
                QToolTip.showText(event.globalPos(), as_plain(text[:600]), self)  # type: ignore[attr-defined]
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _link(self, point: QPointF) -> str:
        found = self.block.prose_at(point)
        return found[0].link_at(point - found[1]) if found else ""


class ThreadView(QAbstractScrollArea):
    """Blocks one under the other; the keyboard moves between messages, Ctrl+C copies."""

    pressed = Signal(object, object)  # block, hit
    menu_wanted = Signal(object, object)  # block, global point
    current_changed = Signal(object)  # block

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blocks: list[Block] = []
        self._tops: list[float] = [0.0]
        self._width = -1
        self._widgets: dict[int, BlockWidget] = {}
        self._current = -1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.verticalScrollBar().setSingleStep(24)
        theme.changed().connect(self._restyle)

    # Content

    def set_blocks(self, blocks: list[Block], *, keep: bool = False) -> None:
        """Show blocks; at their end, or with `keep` where one was reading."""
        bar = self.verticalScrollBar()
        from_end = bar.maximum() - bar.value()
        stay = keep and from_end > 40
        before = bar.value()
        self._clear_widgets()
        self._blocks = blocks
        self._current = -1
        self._lay_out()
        bar.setValue(before if stay else bar.maximum())
        self._place()

    def prepend(self, blocks: list[Block], *, replacing: int) -> None:
        """Put earlier blocks before the rest, instead of the first `replacing`; what is on screen stays."""
        bar = self.verticalScrollBar()
        from_end = bar.maximum() - bar.value()
        self._clear_widgets()
        self._blocks = blocks + self._blocks[replacing:]
        self._current = -1
        self._lay_out()
        bar.setValue(bar.maximum() - from_end)
        self._place()

    def blocks(self) -> list[Block]:
        """What is shown."""
        return self._blocks

    def changed(self, block: Block) -> None:
        """A block changed its height or looks."""
        bar = self.verticalScrollBar()
        value = bar.value()
        self._clear_widgets()
        self._lay_out()
        bar.setValue(value)
        self._place()
        self.viewport().update()

    def repaint_blocks(self) -> None:
        """Pictures came."""
        for widget in self._widgets.values():
            widget.update()

    def widget_count(self) -> int:
        """How many widgets there are: bounded by the height of the window."""
        return len(self._widgets)

    def current_block(self) -> Block | None:
        """The message the keyboard is on."""
        return self._blocks[self._current] if 0 <= self._current < len(self._blocks) else None

    def selected_text(self) -> str:
        """The text selected with the pointer."""
        return next((text for widget in self._widgets.values() if (text := widget.selected_text())), "")

    def unselect(self, *, but: BlockWidget) -> None:
        """Only one block has a selection."""
        for widget in self._widgets.values():
            if widget is not but and widget.selection is not None:
                widget.unselect()

    # Qt

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Lay out anew; whoever was at the end stays there."""
        super().resizeEvent(event)
        bar = self.verticalScrollBar()
        at_end = bar.maximum() - bar.value() < 4
        share = bar.value() / bar.maximum() if bar.maximum() else 0.0
        if self.viewport().width() != self._width:
            self._clear_widgets()
            self._lay_out()
        else:
            self._range()
        bar.setValue(bar.maximum() if at_end else round(share * bar.maximum()))
        self._place()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Up and down go from message to message, Ctrl+C copies, the rest scrolls or is an action."""
        key = event.key()
        if key == Qt.Key.Key_Up:
            self._go(-1)
        elif key == Qt.Key.Key_Down:
            self._go(1)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif key == Qt.Key.Key_Menu and self.current_block() is not None:
            spot = self._widgets.get(self._current)
            if spot is not None:
                self.menu_wanted.emit(self.current_block(), spot.mapToGlobal(QPoint(40, 30)))
        elif key == Qt.Key.Key_End:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            step = self.viewport().height() - 40
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + (step if key == Qt.Key.Key_PageDown else -step))
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Put the selected text, else the current message, on the clipboard as plain text."""
        text = self.selected_text()
        block = self.current_block()
        if not text and block is not None and block.message is not None:
            text = block.message.text
        if text:
            QGuiApplication.clipboard().setText(text)

    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        """What can be done with the message under the pointer."""
        place = self._block_at(event.pos().y() + self.verticalScrollBar().value())
        if 0 <= place < len(self._blocks) and self._blocks[place].message is not None:
            self.menu_wanted.emit(self._blocks[place], event.globalPos())

    def _touched(self, widget: BlockWidget) -> None:
        self.unselect(but=widget)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    # Layout

    def _lay_out(self) -> None:
        width = self.viewport().width()
        self._width = width
        tops = [8.0]
        for block in self._blocks:
            tops.append(tops[-1] + block.fit(width))
        self._tops = tops
        self._range()

    def _range(self) -> None:
        bar = self.verticalScrollBar()
        total = self._tops[-1] + 8
        bar.setRange(0, max(0, round(total - self.viewport().height())))
        bar.setPageStep(self.viewport().height())

    def _block_at(self, y: float) -> int:
        return bisect_right(self._tops, y) - 1

    def _scrolled(self) -> None:
        self._place()

    def _place(self) -> None:
        """Widgets for what is on screen and a little beside it; the others go."""
        value, height = self.verticalScrollBar().value(), self.viewport().height()
        first = max(0, self._block_at(value - _BESIDE))
        last = min(len(self._blocks) - 1, self._block_at(value + height + _BESIDE))
        for place in [each for each in self._widgets if not first <= each <= last]:
            widget = self._widgets.pop(place)
            widget.hide()
            widget.deleteLater()
        for place in range(first, last + 1):
            found = self._widgets.get(place)
            if found is None:
                found = BlockWidget(self._blocks[place], self.viewport())
                found.pressed.connect(self.pressed)
                found.touched.connect(self._touched)
                found.current = place == self._current
                self._widgets[place] = found
            top = round(self._tops[place] - value)
            found.setGeometry(QRect(0, top, self._width, round(self._tops[place + 1]) - round(self._tops[place])))
            found.show()

    def _clear_widgets(self) -> None:
        for widget in self._widgets.values():
            widget.hide()
            widget.deleteLater()
        self._widgets.clear()

    def _restyle(self) -> None:
        self._clear_widgets()
        self._lay_out()
        self._place()

    def _go(self, by: int) -> None:
        """Make the next message current, bring it into view and say it."""
        places = [place for place, block in enumerate(self._blocks) if block.message is not None]
        if not places:
            return
        if self._current not in places:
            wanted = places[-1] if by < 0 else places[0]
        else:
            wanted = places[max(0, min(len(places) - 1, places.index(self._current) + by))]
        self._set_current(wanted)

    def _set_current(self, place: int) -> None:
        for at, widget in self._widgets.items():
            if widget.current != (at == place):
                widget.current = at == place
                widget.update()
        self._current = place
        bar = self.verticalScrollBar()
        top, bottom = self._tops[place], self._tops[place + 1]
        if top < bar.value():
            bar.setValue(round(top) - 8)
        elif bottom > bar.value() + self.viewport().height():
            bar.setValue(round(min(top, bottom - self.viewport().height())) + 8)
        self._place()
        shown = self._widgets.get(place)
        if shown is not None:
            shown.current = True
            shown.update()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._blocks[place].said))
        self.current_changed.emit(self._blocks[place])


def as_plain(text: str) -> str:
    """Text for a tooltip that is never read as markup."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    return f"<qt>{escaped}</qt>"

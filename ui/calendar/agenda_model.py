"""The agenda's rows: days with what stands behind them, posts under them; painted as the rest of the window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import IntEnum
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cmdesk.i18n import N_, _, ngettext
from cmdesk.planning.calendar import Placed
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.calendar.bands import draw_mark, mark_words
from ui.calendar.chip import clash_words, look_of, sentence
from ui.calendar.dates import city, clock, spell
from ui.calendar.scene import Key, Scene, key_of
from ui.theme.tokens import BRAND_STRIPE
from ui.widgets import paint

Index = QModelIndex | QPersistentModelIndex

ROW, HEAD = 40, 38


class Column(IntEnum):
    """The agenda's columns, in order."""

    TIME = 0
    BRAND = 1
    ACCOUNTS = 2
    TEXT = 3
    STATE = 4
    CAMPAIGN = 5


_TITLES = {
    Column.TIME: N_("Time"),
    Column.BRAND: N_("Brand"),
    Column.ACCOUNTS: N_("Accounts"),
    Column.TEXT: N_("Text"),
    Column.STATE: N_("State"),
    Column.CAMPAIGN: N_("Campaign"),
}


class AgendaModel(QAbstractItemModel):
    """Days that have something, with their posts; the internal id of a post's row is its day's row + 1."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scene = Scene()
        self.days: list[date] = []
        self._range: list[date] = []
        self._rows: dict[Key, tuple[int, int]] = {}

    def differs(self, days: Sequence[date], scene: Scene) -> bool:
        """Whether showing this would change a row."""
        return (
            list(days) != self._range
            or not scene.same_look(self.scene)
            or (scene.campaigns, scene.accounts, scene.own_zone)
            != (self.scene.campaigns, self.scene.accounts, self.scene.own_zone)
            or any(scene.differs_on(day, self.scene) for day in days)
        )

    def show(self, days: Sequence[date], scene: Scene) -> None:
        """Show these days: those with posts, holidays or notes, and today."""
        self.beginResetModel()
        self._range, self.scene = list(days), scene
        now = scene.local_now()
        today = now.date() if now else None
        self.days = [day for day in days if scene.days.get(day) or scene.back(day).marks or day == today]
        self._rows = {
            key_of(one.item): (row, at)
            for row, day in enumerate(self.days)
            for at, one in enumerate(scene.days.get(day, ()))
        }
        self.endResetModel()

    # Where things are

    def placed_of(self, index: Index) -> Placed | None:
        """The post of a row."""
        if not index.isValid() or not index.internalId():
            return None
        return self.scene.days[self.days[index.internalId() - 1]][index.row()]

    def day_of(self, index: Index) -> date | None:
        """The day of a row, or the one above it."""
        if not index.isValid():
            return None
        return self.days[(index.internalId() or index.row() + 1) - 1]

    def key_of(self, index: Index) -> Key | None:
        """The name of a row's post."""
        placed = self.placed_of(index)
        return key_of(placed.item) if placed else None

    def index_of(self, key: Key) -> QModelIndex:
        """The row of a post; an invalid index when it is not here."""
        if key not in self._rows:
            return QModelIndex()
        day, at = self._rows[key]
        return self.createIndex(at, 0, day + 1)

    def index_of_day(self, day: date) -> QModelIndex:
        """The row of a day, or of the next one that has something."""
        row = next((row for row, each in enumerate(self.days) if each >= day), -1)
        return self.createIndex(row, 0, 0) if row >= 0 else QModelIndex()

    # Qt asks

    def rowCount(self, parent: Index = QModelIndex(), /) -> int:  # noqa: B008
        """Days, or a day's posts."""
        if not parent.isValid():
            return len(self.days)
        if parent.internalId() or parent.column():
            return 0
        return len(self.scene.days.get(self.days[parent.row()], ()))

    def columnCount(self, parent: Index = QModelIndex(), /) -> int:  # noqa: B008
        """The same for all rows."""
        return len(Column)

    def index(self, row: int, column: int, parent: Index = QModelIndex(), /) -> QModelIndex:  # noqa: B008
        """A row of days (no parent) or of a day's posts."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index = QModelIndex(), /) -> Any:  # noqa: B008
        """The day above a post."""
        if not index.isValid() or not index.internalId():
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        """Names of the columns."""
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return _(_TITLES[Column(section)])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        """Words of a cell; a screen reader gets a whole sentence from a row's first cell."""
        if not index.isValid():
            return None
        placed = self.placed_of(index)
        if placed is None:
            day = self.days[index.row()]
            wanted = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return self.day_words(day) if role in wanted and not index.column() else None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(placed, Column(index.column()))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.sentence(placed) if not index.column() else self.words(placed, Column(index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            escaped = self.sentence(placed).replace("&", "&amp;").replace("<", "&lt;")
            return f"<qt>{escaped}</qt>"
        return None

    # Words

    def words(self, placed: Placed, column: Column) -> str:
        """What a cell says."""
        item = placed.item
        if column is Column.TIME:
            own = self.own_clock(placed)
            return f"{clock(placed.minute)}  {own}" if own else clock(placed.minute)
        if column is Column.BRAND:
            brand = self.scene.brands.get(item.brand_id)
            return clean_line(brand.name) if brand else ""
        if column is Column.ACCOUNTS:
            handles = [self.scene.accounts.get(each, "") for each in item.account_ids]
            return ", ".join(clean_line(each) for each in handles if each) or ", ".join(item.networks)
        if column is Column.TEXT:
            return clean_line(item.text[:200]) or _("(no text)")
        if column is Column.STATE:
            return _(look_of(item).word)
        return clean_line(self.scene.campaigns.get(item.campaign_id or 0, ""))

    def own_clock(self, placed: Placed) -> str:
        """The same moment where the post lives, else for the person, when that clock differs from the shown one."""
        item, shown = placed.item, ZoneInfo(self.scene.zone)
        for zone in (item.zone, self.scene.own_zone):
            if item.at is None or not zone:
                continue
            local, here = item.at.astimezone(ZoneInfo(zone)), item.at.astimezone(shown)
            if local.utcoffset() != here.utcoffset():
                day = "" if local.date() == here.date() else f"{spell(local.date(), 'ddd')} "
                return f"{day}{local:%H:%M} {city(zone)}"
        return ""

    def day_words(self, day: date) -> str:
        """A day's heading in words."""
        count = len(self.scene.days.get(day, ()))
        marks = [mark_words(mark) for mark in self.scene.back(day).marks]
        posts = ngettext("{n} post", "{n} posts", count).format(n=count)
        return ", ".join([spell(day, "dddd d MMMM yyyy"), posts, *marks])

    def sentence(self, placed: Placed) -> str:
        """A row as a whole sentence."""
        item = placed.item
        when = f"{spell(placed.day, 'dddd d MMMM')}, {self.words(placed, Column.TIME)}"
        handles = self.words(placed, Column.ACCOUNTS) if self.scene.accounts else ""
        return sentence(
            item,
            brand=self.words(placed, Column.BRAND),
            when=when,
            accounts=handles,
            clashes=self.scene.clashes_of(item),
        )


class AgendaPainter(QStyledItemDelegate):
    """Paints days as headings and posts as rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:
        """Heights only: the columns have their own widths."""
        return QSize(40, theme.scaled(ROW if index.internalId() else HEAD))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Paint a heading or a cell."""
        model = index.model()
        assert isinstance(model, AgendaModel)
        placed = model.placed_of(index)
        rect = QRectF(option.rect)
        state = option.state
        if placed is None:
            self._heading(painter, rect, model, model.days[index.row()])
        else:
            if state & QStyle.StateFlag.State_Selected:
                painter.fillRect(rect, theme.color("selection"))
            elif state & QStyle.StateFlag.State_MouseOver:
                painter.fillRect(rect, theme.color("hover"))
            painter.setPen(QPen(theme.color("line"), 1))
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
            self._cell(painter, rect, model, placed, Column(index.column()))

    def _heading(self, painter: QPainter, rect: QRectF, model: AgendaModel, day: date) -> None:
        scene = model.scene
        rect.setWidth(painter.device().width())
        now = scene.local_now()
        painter.fillRect(rect, theme.color("window"))
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        marks = scene.back(day).marks
        today = now is not None and now.date() == day
        off = any(mark.kind.is_off for mark in marks)
        line = rect.adjusted(16, 6, -12, -2)
        name = spell(day, "dddd d MMMM")
        colour = "accent_text" if today else "negative" if off else "text"
        used = paint.draw_text(painter, line, name[:1].upper() + name[1:], role="body_strong", color=colour)
        line.setX(line.x() + used + 10)
        if today:
            line.setX(line.x() + paint.draw_chip(painter, line.x(), line.center().y(), _("Today"), tone="accent") + 8)
        count = len(scene.days.get(day, ()))
        words = ngettext("{n} post", "{n} posts", count).format(n=count)
        line.setX(line.x() + paint.draw_text(painter, line, words, role="small", color="text_muted") + 14)
        for mark in marks:
            wide = paint.text_width(clean_line(mark.text), "caption") + theme.scaled(38)
            if line.width() < 60:
                break
            height = theme.scaled(18)
            box = QRectF(line.x(), line.center().y() - height / 2, min(wide, line.width()), height)
            draw_mark(painter, box, mark)
            line.setX(line.x() + box.width() + 6)

    def _cell(self, painter: QPainter, rect: QRectF, model: AgendaModel, placed: Placed, column: Column) -> None:
        item, scene = placed.item, model.scene
        line = rect.adjusted(8, 0, -6, 0)
        if column is Column.TIME:
            self._time(painter, rect, model, placed)
        elif column is Column.ACCOUNTS:
            self._accounts(painter, line, model, placed)
        elif column is Column.STATE:
            look = look_of(item)
            line.setX(line.x() + self._icon(painter, line, look.icon, look.role) + 6)
            if line.width() >= theme.scaled(70):
                paint.draw_text(painter, line, _(look.word), role="small", color=look.role)
        elif column is Column.TEXT:
            clashes = scene.clashes_of(item)
            if clashes or item.checks:
                words = clash_words(clashes[0]) if clashes else _("look at it before it goes out")
                line.setX(line.x() + self._icon(painter, line, "triangle-alert", "warning") + 5)
                room = QRectF(line)
                room.setLeft(max(line.x(), line.right() - paint.text_width(words, "caption") - 4))
                if room.x() > line.x() + line.width() * 0.55:
                    paint.draw_text(painter, room, words, role="caption", color="warning")
                    line.setRight(room.x() - 8)
            if item.series_id is not None:
                line.setX(line.x() + self._icon(painter, line, "repeat", "text_muted") + 5)
            if item.parts > 1:
                line.setX(line.x() + self._icon(painter, line, "messages-square", "text_muted") + 3)
                used = paint.draw_text(painter, line, str(item.parts), role="caption", color="text_muted")
                line.setX(line.x() + used + 6)
            paint.draw_text(painter, line, model.words(placed, column), role="body")
        else:
            paint.draw_text(painter, line, model.words(placed, column), role="small", color="text_muted")

    def _time(self, painter: QPainter, rect: QRectF, model: AgendaModel, placed: Placed) -> None:
        stripe = QRectF(rect.x() + 16, rect.y() + 8, BRAND_STRIPE, rect.height() - 16)
        paint.draw_stripe(painter, stripe, model.scene.colour(placed.item.brand_id))
        line = QRectF(stripe.right() + 9, rect.y(), rect.right() - stripe.right() - 12, rect.height())
        used = paint.draw_text(painter, line, clock(placed.minute), role="body_strong")
        line.setX(line.x() + used + 7)
        if line.width() >= theme.scaled(44):
            paint.draw_text(painter, line, model.own_clock(placed), role="caption", color="text_muted")

    def _accounts(self, painter: QPainter, line: QRectF, model: AgendaModel, placed: Placed) -> None:
        item = placed.item
        for network in item.networks[:4]:
            size = theme.scaled(14)
            mark = icons.pixmap(icons.glyph(network), icons.network_color(network), size)
            painter.drawPixmap(QPointF(line.x(), line.center().y() - size / 2), mark)
            line.setX(line.x() + size + 4)
        count = len(item.account_ids)
        words = clean_line(model.scene.accounts.get(item.account_ids[0], "")) if count == 1 else ""
        if count > len(item.networks[:4]):
            words = ngettext("{n} account", "{n} accounts", count).format(n=count)
        if line.width() >= theme.scaled(40):
            paint.draw_text(painter, line, words, role="small", color="text_muted")

    def _icon(self, painter: QPainter, line: QRectF, name: str, role: str) -> int:
        size = theme.scaled(14)
        painter.drawPixmap(QPointF(line.x(), line.center().y() - size / 2), icons.pixmap(name, theme.color(role), size))
        return size

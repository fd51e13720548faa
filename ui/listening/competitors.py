"""Competitors beside the own accounts: a table that sorts, the lines of 90 days, and the figures as a file (R4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QSizePolicy,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cmdesk.i18n import N_, _, language, ngettext
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording import explain_code
from cmdesk.wording_by_hand import network_name
from ui import icons, notices, theme
from ui.bridge import spawn
from ui.listening.chart import FollowersChart, Line, colors_of
from ui.models import listening_figures as models
from ui.models.directory import Directory
from ui.models.listening_figures import DAYS, Rival
from ui.models.pictures import Pictures
from ui.theme.tokens import Space
from ui.widgets import Button, Card, Divider, EmptyState, PlainLabel, SegmentedControl, paint
from ui.widgets.dialogs import choose_save
from ui.widgets.header import PageHeader
from ui.widgets.page import PageContext
from ui.widgets.panels import Surface, scroll_column
from ui.widgets.times import spoken

Index = QModelIndex | QPersistentModelIndex
_COLUMNS: tuple[tuple[str, str], ...] = (
    (N_("Account"), ""),
    (N_("Followers"), ""),
    (N_("30 days"), N_("How the followers changed in 30 days")),
    (N_("90 days"), N_("How the followers changed in 90 days")),
    (N_("Posts a week"), N_("Mean of the last four weeks, as far as they are known")),
    (N_("Per post"), N_("Interactions a post: likes, shares, answers and quotes, mean of the last four weeks")),
    (N_("Known days"), N_("Of how many of the last 90 days there is a figure: days on which nobody asked are missing")),
)
_END = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ROW = 44
_LEAST_NAME = 170
"""px that a name needs; what tells least gives way to it."""
_KNOWN = 6


class RivalsModel(QAbstractTableModel):
    """One account a row; `RivalRole` gives the `Rival`, figures sort by their value."""

    RivalRole = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rivals: list[Rival] = []
        self._sorted = (1, Qt.SortOrder.DescendingOrder)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many accounts there are."""
        return 0 if parent.isValid() else len(self.rivals)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """The figures."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole, /) -> Any:
        """Names of the columns, and what they mean."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            name = _(_COLUMNS[section][0])
            if section != self._sorted[0]:
                return name
            return f"{name} {'↓' if self._sorted[1] is Qt.SortOrder.DescendingOrder else '↑'}"
        if role == Qt.ItemDataRole.ToolTipRole and _COLUMNS[section][1]:
            return f"<qt>{_(_COLUMNS[section][1])}</qt>"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _END if section else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The figure as it is written, or the account."""
        rival = self.rivals[index.row()]
        if role == self.RivalRole:
            return rival
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell(rival, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return _END
        if role == Qt.ItemDataRole.ToolTipRole and rival.error_code:
            return f"<qt>{explain_code(rival.error_code, rival.error_detail)}</qt>"
        if role == Qt.ItemDataRole.ForegroundRole and index.column() in (2, 3):
            value = _value(rival, index.column())
            return theme.color("text_muted" if not value else "positive" if value > 0 else "negative")
        return None

    def put(self, rivals: Sequence[Rival]) -> None:
        """Show these in the order that was chosen."""
        self.beginResetModel()
        self.rivals = list(rivals)
        self._sort()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; what is unknown comes last."""
        self._sorted = (column, order)
        self.beginResetModel()
        self._sort()
        self.endResetModel()

    def place_of(self, key: int) -> int:
        """The row of an account, -1 when it is not there."""
        return next((place for place, each in enumerate(self.rivals) if each.key == key), -1)

    def _sort(self) -> None:
        column, order = self._sorted
        down = order is Qt.SortOrder.DescendingOrder
        if column == 0:
            self.rivals.sort(key=lambda each: each.name.casefold(), reverse=down)
            return
        known = [each for each in self.rivals if _value(each, column) is not None]
        known.sort(key=lambda each: _value(each, column) or 0.0, reverse=down)
        self.rivals = [*known, *(each for each in self.rivals if _value(each, column) is None)]


def _value(rival: Rival, column: int) -> float | None:
    return (
        None, rival.followers, rival.growth_30, rival.growth_90, rival.posts_week, rival.per_post,
        float(rival.known_days),
    )[column]  # fmt: skip


def cell(rival: Rival, column: int) -> str:
    """A figure as it is written; a dash where nothing is known."""
    if column == 0:
        return f"{safe_name(rival.name)} @{clean_line(rival.handle, limit=120).removeprefix('@')}"
    value, locale = _value(rival, column), QLocale(language())
    if value is None:
        return "–"
    if column in (2, 3):
        number = locale.toString(abs(round(value)))
        return f"+{number}" if value > 0 else f"−{number}" if value < 0 else "0"
    if column in (4, 5):
        return locale.toString(value, "f", 1)
    if column == 6:
        return _("{count} of {all}").format(count=min(rival.known_days, DAYS), all=DAYS)
    return locale.toString(round(value))


class NameDelegate(QStyledItemDelegate):
    """The account with its picture, network, colour of its line, and whether it is ours."""

    def __init__(self, pictures: Pictures, colors: Callable[[int], Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures, self._colors = pictures, colors

    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:
        """Room for a name."""
        return QSize(260, theme.scaled(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Draw it."""
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        surface = "surface_raised"
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("selection"))
            surface = "selection"
        rival: Rival | None = index.data(RivalsModel.RivalRole)
        if rival is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colors(rival.key))
        middle = rect.center().y()
        painter.drawRoundedRect(QRectF(rect.x() + 4, middle - 9, 4, 18), 2, 2)
        size = theme.scaled(26)
        box = QRectF(rect.x() + 16, middle - size / 2, size, size)
        picture = self._pictures.avatar(rival.avatar_url, rival.account_id)
        paint.draw_avatar(
            painter, box, name=rival.name or rival.handle, picture=picture, network=rival.network, surface=surface
        )
        painter.restore()
        left, right = box.right() + 14, rect.right() - 6.0
        if rival.error_code:
            right -= 18
            mark = icons.pixmap("triangle-alert", theme.color("warning"), 14)
            painter.drawPixmap(QPointF(right, middle - 7), mark)
        elif rival.paused:
            right -= 18
            painter.drawPixmap(QPointF(right, middle - 7), icons.pixmap("pause", theme.color("text_muted"), 14))
        wide = rect.width() >= theme.scaled(240)
        if rival.own and wide:
            word = _("ours")
            room = paint.text_width(word, "caption") + 14
            right -= room
            paint.draw_chip(painter, right, middle, word, tone="accent")
            right -= 6
        height = theme.scaled(17)
        first = QRectF(left, middle - height, right - left, height)
        paint.draw_text(painter, first, safe_name(rival.name) or rival.handle, role="body_medium")
        handle = f"@{clean_line(rival.handle, limit=120).removeprefix('@')} · {network_name(rival.network)}"
        if rival.own and not wide:
            handle = f"{_('ours')} · {handle}"
        below = QRectF(left, middle, right - left, height)
        paint.draw_text(painter, below, handle, role="caption", color="text_muted")


class RivalsTable(QTableView):
    """As high as its rows; `menu_wanted` with the rival and a global point."""

    menu_wanted = Signal(object, object)

    def __init__(self, model: RivalsModel, delegate: NameDelegate) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegateForColumn(0, delegate)
        self.setAccessibleName(_("Competitors and own accounts"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setSortingEnabled(True)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSortIndicator(1, Qt.SortOrder.DescendingOrder)
        header.setSortIndicatorShown(False)  # Qt's arrow covers the name of a narrow column: the name has it
        header.setHighlightSections(False)
        header.setMinimumSectionSize(84)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        model.modelReset.connect(self._fit)
        theme.changed().connect(self._fit)
        self._fit()

    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        """What can be done with a competitor."""
        index = self.indexAt(event.pos())
        if index.isValid():
            self.menu_wanted.emit(index.data(RivalsModel.RivalRole), event.globalPos())

    def keyboardSearch(self, search: str, /) -> None:
        """Letters are commands here."""

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """A narrow table shows names rather than how many days are known."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        header, least = self.horizontalHeader(), theme.scaled(_LEAST_NAME)
        widths = [max(self.sizeHintForColumn(each), header.sectionSizeHint(each)) for each in range(1, _KNOWN + 1)]
        room = self.viewport().width()
        self.setColumnHidden(_KNOWN, room - sum(widths) < least)
        others = sum(widths[:-1] if self.isColumnHidden(_KNOWN) else widths)
        if room - others >= least:
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        else:
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(0, least)

    def _fit(self) -> None:
        row = theme.scaled(_ROW)
        self.verticalHeader().setDefaultSectionSize(row)
        count = self.model().rowCount()
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + row * max(1, count) + 18)
        self._share()


class CompetitorsView(Surface):
    """`add_wanted`, `edit_wanted(search id)`, `menu_wanted(search id, point)`."""

    add_wanted = Signal()
    menu_wanted = Signal(int, object)

    def __init__(self, context: PageContext, directory: Directory, pictures: Pictures) -> None:
        super().__init__("window")
        self._context, self._desk, self._directory = context, context.desk, directory
        self._brand_id: int | None = None
        self._wanted: int | None = None
        self._palette: dict[int, Any] = {}
        self.model = RivalsModel(self)
        self.table = RivalsTable(self.model, NameDelegate(pictures, self._color, self))
        self.chart = FollowersChart()
        self.kind = SegmentedControl(
            [("percent", _("Growth in %")), ("number", _("Followers"))], name=_("What the lines show")
        )
        self.add = Button(_("Add a competitor…"), icon="plus", size="small")
        self.export = Button(_("Save as CSV…"), icon="download", size="small", variant="ghost")
        self.header = PageHeader(_("Competitors"))
        self.header.add(self.export)
        self.header.add(self.add)
        self.note = PlainLabel(role="small", color="text_muted", wrap=True)
        self.empty = EmptyState(
            "target", _("Nobody to compare with yet"),
            _("A competitor's public account is looked at once a day. From tomorrow on you see how it grows beside"
              " yours."),
        )  # fmt: skip
        begin = Button(_("Add a competitor…"), variant="primary", icon="plus")
        begin.clicked.connect(self.add_wanted)
        self.empty.set_buttons([begin])
        self._build()
        self.add.clicked.connect(self.add_wanted)
        self.export.clicked.connect(self.save_csv)
        self.kind.changed.connect(lambda _key: self._draw())
        self.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._strong())
        self.table.menu_wanted.connect(self._menu)
        pictures.ready.connect(self.table.viewport().update)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(Divider())
        self._stack = QStackedWidget()
        column.addWidget(self._stack, 1)
        area, body = scroll_column(margin=Space.L, spacing=Space.M)
        table = Card(padding=Space.S)
        table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        table.body.addWidget(self.table)
        body.addWidget(table)
        lines = Card(padding=Space.M)
        top = QHBoxLayout()
        top.addWidget(PlainLabel(_("Followers in 90 days"), role="body_strong"))
        top.addStretch(1)
        top.addWidget(self.kind)
        lines.body.addLayout(top)
        lines.body.addWidget(self.chart)
        body.addWidget(lines)
        body.addWidget(self.note)
        self._stack.addWidget(area)
        self._stack.addWidget(self.empty)

    # What is shown

    def show_brand(self, brand_id: int | None, *, chosen: int | None) -> None:
        """Show a brand's (None: all), one of them chosen."""
        self._brand_id, self._wanted = brand_id, chosen
        self.refresh()

    def refresh(self) -> None:
        """Read the figures again, on another thread."""
        spawn(self._read(self._brand_id), self, name="competitors' figures")

    def rivals(self) -> list[Rival]:
        """What is shown, in its order."""
        return list(self.model.rivals)

    def current(self) -> Rival | None:
        """The account of the chosen row."""
        place = self.table.currentIndex().row()
        return self.model.rivals[place] if 0 <= place < len(self.model.rivals) else None

    def focus_main(self) -> None:
        """The table."""
        (self.table if self._stack.currentIndex() == 0 else self.empty).setFocus()

    def step(self, by: int) -> None:
        """The next or previous row."""
        count = self.model.rowCount()
        if count:
            place = self.table.currentIndex().row()
            self.table.selectRow(0 if place < 0 else max(0, min(count - 1, place + by)))

    async def _read(self, brand_id: int | None) -> None:
        found = await models.read_rivals(self._desk, brand_id)
        if brand_id != self._brand_id:
            return
        current = self.current()
        key = self._wanted if self._wanted is not None else current.key if current is not None else None
        self._wanted = None
        others = [each for each in found if not each.own]
        self._palette = colors_of([self._line(each) for each in found])
        self.model.put(found)
        self._stack.setCurrentIndex(0 if others else 1)
        self.export.setVisible(bool(others))
        self.add.setVisible(bool(others))
        place = self.model.place_of(key) if key is not None else -1
        if place >= 0:
            self.table.selectRow(place)
        self._say(others)
        self._draw()

    def _say(self, others: Sequence[Rival]) -> None:
        text = ngettext("{count} competitor", "{count} competitors", len(others)).format(count=len(others))
        self.header.subtitle.setText(text if others else "")
        known = [each.checked_at for each in others if each.checked_at is not None]
        parts = [_("Public figures, asked for once a day; days on which the program did not run stay empty.")]
        if known:
            when = spoken(max(known), self._desk.clock.now())
            parts.append(_("Asked for the last time {when}.").format(when=when))
        failed = [each for each in others if each.error_code]
        for each in failed[:3]:
            why = explain_code(each.error_code, each.error_detail)
            parts.append(f"@{clean_line(each.handle, limit=80).removeprefix('@')}: {why}.")
        self.note.setText(" ".join(parts))

    def _draw(self) -> None:
        lines = [self._line(each) for each in self._in_order()]
        today = self._desk.clock.now().date()
        self.chart.show_lines(lines, today=today, percent=self.kind.current() == "percent")
        self._strong()

    def _line(self, rival: Rival) -> Line:
        brand = self._directory.brand(rival.brand_id) if rival.own else None
        name = f"@{clean_line(rival.handle, limit=60).removeprefix('@')}"
        return Line(rival.key, name, rival.series, brand.color if brand is not None else "")

    def _in_order(self) -> list[Rival]:
        """As they were read, so that colours do not follow the sorting."""
        places = list(self._palette)
        return sorted(self.model.rivals, key=lambda each: places.index(each.key) if each.key in places else 0)

    def _strong(self) -> None:
        current = self.current()
        self.chart.set_strong(current.key if current is not None else None)

    def _color(self, key: int) -> Any:
        return self._palette.get(key, theme.color("text_muted"))

    def _menu(self, rival: Rival, spot: Any) -> None:
        if not rival.own:
            self.menu_wanted.emit(rival.key, spot)

    # The file

    def save_csv(self) -> None:
        """Save every figure that is known of the last year."""
        spawn(self._save(), self, name=_("Save as CSV…"))

    async def _save(self) -> None:
        if not self.model.rivals:
            await self._read(self._brand_id)
        day = self._desk.clock.now().date().isoformat()
        name = _("competitors-{day}.csv").format(day=day)
        path = await choose_save(self, _("Save as CSV…"), name=name, patterns=[(_("Tables"), ["*.csv"])])
        if path is not None:
            content = models.figures_csv(self._desk, self.model.rivals)
            await self._desk.work(path.write_bytes, content)
            notices.tell(_("Saved: {name}").format(name=path.name), tone="positive")

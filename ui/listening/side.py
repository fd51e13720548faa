"""The first pane: everything, the searches in their groups with what is new, what failed or rests; and other places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.listening.values import Counts, Search, SearchKind
from ui import icons, theme
from ui.listening import words
from ui.theme.tokens import Space
from ui.widgets import Button, IconButton, PlainLabel, paint, set_tip
from ui.widgets.panels import Surface, scroll_column

WIDTH = 220
ALL, COMPETITORS, PLACES = "all", "competitors", "places"


class Entry(QAbstractButton):
    """One line: icon, name, a mark when it failed or rests, how many are new."""

    menu_wanted = Signal(object)

    def __init__(self, key: str, text: str, icon: str, *, search: Search | None = None) -> None:
        super().__init__()
        self.key, self._icon, self.search = key, icon, search
        self._count, self._mark, self._tone, self._why = 0, "", "", ""
        self._stripe = ""
        self.setText(text)
        self.setCheckable(key != PLACES)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed().connect(self.updateGeometry)
        self._name()

    def set_count(self, count: int) -> None:
        """How many are new."""
        if count != self._count:
            self._count = count
            self._name()
            self.update()

    @property
    def count(self) -> int:
        """The number shown."""
        return self._count

    @property
    def why(self) -> str:
        """What its mark means, '' without one."""
        return self._why

    def set_mark(self, icon: str, tone: str, why: str) -> None:
        """A small icon before the number; `why` is its tooltip. '' for none."""
        self._mark, self._tone, self._why = icon, tone, why
        self._name()
        self.update()

    def set_stripe(self, color: str) -> None:
        """The colour of its brand, where several are shown; '' for none."""
        self._stripe = color
        self.update()

    def sizeHint(self) -> QSize:
        """30 px high at normal size."""
        return QSize(WIDTH - 16, theme.scaled(30))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A quiet row; the chosen one tinted; what rests is grey."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        chosen = self.isChecked()
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft" if chosen else "hover"))
            painter.drawRoundedRect(box, 7, 7)
        if self._stripe:
            paint.draw_stripe(painter, QRectF(1, 7, 3, box.height() - 14), self._stripe, surface="window")
        size = theme.scaled(16)
        resting = self.search is not None and self.search.paused
        ink = "accent_text" if chosen else "text_muted"
        painter.drawPixmap(9, int((box.height() - size) / 2), icons.pixmap(self._icon, theme.color(ink), size))
        right = box.right() - 10
        if self._count:
            label = f"{self._count // 1000}k" if self._count >= 10_000 else str(self._count)
            role = "small_strong" if chosen or not resting else "small"
            room = paint.text_width(label, role)
            spot = QRectF(right - room, 0, room + 2, box.height())
            color = "accent_text" if not resting else "text_muted"
            paint.draw_text(painter, spot, label, role=role, color=color, align=Qt.AlignmentFlag.AlignRight)
            right -= room + 8
        if self._mark:
            small = theme.scaled(14)
            right -= small
            tone = theme.color(self._tone)
            painter.drawPixmap(int(right), int((box.height() - small) / 2), icons.pixmap(self._mark, tone, small))
            right -= 6
        name = QRectF(9 + size + 9, 0, right - 9 - size - 9, box.height())
        color = "accent_text" if chosen else "text_muted" if resting else "text"
        paint.draw_text(painter, name, self.text(), role="body_medium" if chosen else "body", color=color)
        if self.hasFocus():
            paint.draw_focus(painter, box, radius=7)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter chooses as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        """What can be done with a search."""
        if self.search is not None:
            self.menu_wanted.emit(event.globalPos())

    def _name(self) -> None:
        new = ngettext("{count} new", "{count} new", self._count).format(count=self._count) if self._count else ""
        self.setAccessibleName(", ".join(part for part in (self.text(), new, self._why) if part))
        set_tip(self, "\n".join(part for part in (self.text(), self._why) if part))


class SidePane(Surface):
    """`chosen(key)`: `ALL`, `COMPETITORS` or a search's id as text."""

    chosen = Signal(str)
    places_wanted = Signal()
    new_wanted = Signal(object)
    """A new search is wanted: its `SearchKind`, None for any."""
    menu_wanted = Signal(object, object)
    """The menu of a `Search` was asked for, at a global point."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self._entries: dict[str, Entry] = {}
        self._parts: list[QWidget] = []
        self._searches: tuple[Search, ...] | None = None
        self._key = ALL
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, Space.M, 0, Space.S)
        outer.setSpacing(Space.S)
        self.new_button = Button(_("New search…"), variant="primary", icon="plus")
        self.new_button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.new_button.clicked.connect(lambda: self.new_wanted.emit(None))
        holder = QHBoxLayout()
        holder.setContentsMargins(Space.M, 0, Space.M, 0)
        holder.addWidget(self.new_button)
        outer.addLayout(holder)
        area, self._column = scroll_column(margin=Space.S, spacing=1)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(area, 1)
        self.setMinimumWidth(180)
        self.setMaximumWidth(320)
        self.setAccessibleName(_("What is listened to"))

    # What is shown

    def show_searches(self, searches: Sequence[Search], *, colors: Mapping[int, str], whys: Mapping[int, str]) -> None:
        """Show these in their groups; `colors` by brand (empty for one brand), `whys` what failed, by search."""
        if tuple(searches) != self._searches:
            self._searches = tuple(searches)
            self._build(searches)
        for entry in self._entries.values():
            search = entry.search
            if search is None:
                continue
            entry.set_stripe(colors.get(search.brand_id, ""))
            if search.paused:
                entry.set_mark("pause", "text_muted", _("Rests"))
            elif whys.get(search.id):
                entry.set_mark("triangle-alert", "warning", whys[search.id])
            else:
                entry.set_mark("", "", "")

    def show_counts(self, counts: Counts, *, places: int) -> None:
        """How many are new of each, and how many places wait to be looked at."""
        for key, entry in self._entries.items():
            if key == ALL:
                entry.set_count(counts.new)
            elif key == PLACES:
                entry.set_count(places)
            elif entry.search is not None:
                entry.set_count(counts.by_search.get(entry.search.id, 0))

    def entry(self, key: str) -> Entry | None:
        """A line by its key."""
        return self._entries.get(key)

    def current(self) -> str:
        """What is chosen."""
        return self._key

    def set_current(self, key: str) -> None:
        """Choose without telling; what is gone gives way to everything."""
        self._key = key if key in self._entries else ALL
        entry = self._entries.get(self._key)
        if entry is not None:
            entry.setChecked(True)

    def step(self, by: int) -> None:
        """Go to the next or previous line that can be chosen."""
        keys = [key for key, each in self._entries.items() if each.isCheckable()]
        place = keys.index(self._key) + by if self._key in keys else 0
        if 0 <= place < len(keys):
            self._entries[keys[place]].click()

    def _build(self, searches: Sequence[Search]) -> None:
        for part in self._parts:
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        for old in self._group.buttons():
            self._group.removeButton(old)
        self._parts, self._entries = [], {}
        self._add(Entry(ALL, _("Everything found"), "ear"))
        for kind in SearchKind:
            found = [each for each in searches if each.kind is kind]
            self._head(kind)
            if kind is SearchKind.COMPETITOR and found:
                self._add(Entry(COMPETITORS, _("Side by side"), "chart-column"))
            for each in found:
                icon = words.kind_icon(kind) if kind is not SearchKind.COMPETITOR else icons.glyph(each.network)
                self._add(Entry(str(each.id), words.search_name(each), icon, search=each))
        self._title(_("Elsewhere"))
        self._add(Entry(PLACES, _("Places to look at again"), "eye"))
        self.set_current(self._key)

    def _head(self, kind: SearchKind) -> None:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(9, Space.S, 4, 0)
        line.setSpacing(0)
        line.addWidget(PlainLabel(words.kind_word(kind), role="caption_strong", color="text_muted", elide=True), 1)
        add = IconButton("plus", _("New search: {kind}").format(kind=words.kind_word(kind)), size=14, hit=24)
        add.clicked.connect(lambda _checked=False: self.new_wanted.emit(kind))
        line.addWidget(add)
        self._put(row)

    def _title(self, text: str) -> None:
        head = PlainLabel(text, role="caption_strong", color="text_muted")
        head.setContentsMargins(9, Space.M, 0, 3)
        self._put(head)

    def _add(self, entry: Entry) -> None:
        self._entries[entry.key] = entry
        self._put(entry)
        if entry.key == PLACES:
            entry.clicked.connect(self.places_wanted)
            return
        self._group.addButton(entry)
        entry.clicked.connect(lambda _checked=False: self._choose(entry.key))
        entry.menu_wanted.connect(lambda spot: self._menu(entry, spot))

    def _put(self, part: QWidget) -> None:
        self._parts.append(part)
        self._column.addWidget(part)

    def _choose(self, key: str) -> None:
        self._key = key
        self.chosen.emit(key)

    def _menu(self, entry: Entry, spot: QPoint) -> None:
        self.menu_wanted.emit(entry.search, spot)

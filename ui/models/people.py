"""The table of people: ids of the whole list in one array, found on another thread, rows fetched by page.

An edit changes its row where it stands; the list takes its new order when the person sorts or filters anew, so that
nothing moves under the reader. Who comes or goes by the change does so at once.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from cmdesk.desk import Desk
from cmdesk.errors import DeskError
from cmdesk.people.values import NEWEST, PeopleFilter, PersonRow, Sort
from cmdesk.store import people_table as store
from cmdesk.store.changes import Changes, Topic
from cmdesk.store.db import Reader
from ui.bridge import spawn
from ui.models.id_places import IdPlaces, page_around

__all__ = ["PeopleModel", "PeopleQuery", "PersonRow"]

PAGE = 50
CACHED_ROWS = 3000
_LOOK_AGAIN_MS = 300
_SLOW_MS = 200
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """Whose people, which of them, in which order; brand None is every brand."""

    brand_id: int | None = None
    filter: PeopleFilter = field(default_factory=PeopleFilter)
    sort: Sort = NEWEST


class PeopleModel(QAbstractTableModel):
    """One row a person; `RowRole` gives the `PersonRow`, the cells what a screen reader says and an editor edits."""

    RowRole = Qt.ItemDataRole.UserRole + 1

    loaded = Signal()
    """The people of a query are there."""
    slow = Signal()
    """A query takes long enough to say so."""
    failed = Signal(object)
    """They could not be read: the exception."""
    refreshed = Signal()
    """The rows were exchanged as a whole: selection and scroll must be put back by id."""

    def __init__(
        self, desk: Desk, parent: QObject | None = None, *, columns: Sequence[str] = ("name",),
        tell: Callable[[str, PersonRow], str] | None = None, titled: Callable[[str], str] = str,
    ) -> None:  # fmt: skip
        """`tell` says what stands in a column of a row, `titled` what a column is called."""
        super().__init__(parent)
        self._desk, self._tell, self._titled = desk, tell, titled
        self._columns = list(columns)
        self._query: PeopleQuery | None = None
        self._ids: array[int] = array("q")
        self._finder = IdPlaces()
        self._rows: OrderedDict[int, PersonRow | None] = OrderedDict()
        self._reading: PeopleQuery | None = None
        self._wanted: PeopleQuery | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_LOOK_AGAIN_MS)
        self._again.timeout.connect(self._look_again)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW_MS)
        self._slow.timeout.connect(self.slow)

    # What the view asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many people the list holds."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Every column, also the hidden ones."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The `PersonRow`, or the words of a cell."""
        if role == self.RowRole:
            return self.row(index.row())
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole) and self._tell is not None:
            row = self.row(index.row())
            return self._tell(self._columns[index.column()], row) if row is not None else ""
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # fmt: skip
        """What the columns are called."""
        if orientation is Qt.Orientation.Horizontal and 0 <= section < len(self._columns):
            if role == Qt.ItemDataRole.DisplayRole:
                return self._titled(self._columns[section])
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cells can be chosen and edited; which columns have an editor is the table's to say."""
        return Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsEditable

    def columns(self) -> list[str]:
        """The keys of the columns in the model's order."""
        return list(self._columns)

    def set_columns(self, columns: Sequence[str]) -> None:
        """Other columns (a brand has fields of its own)."""
        if list(columns) != self._columns:
            self.beginResetModel()
            self._columns = list(columns)
            self.endResetModel()
            self.refreshed.emit()

    def row(self, place: int) -> PersonRow | None:
        """The row at a place; reads its page when it is not kept."""
        if not 0 <= place < len(self._ids):
            return None
        person_id = self._ids[place]
        if person_id not in self._rows:
            self._fetch(page_around(self._ids, self._rows, place, size=PAGE))
        return self._rows.get(person_id)

    def person(self, person_id: int) -> PersonRow | None:
        """The row of a person of the list."""
        if person_id not in self._rows:
            self._fetch([person_id])
        return self._rows.get(person_id)

    def id_at(self, place: int) -> int | None:
        """The person at a place."""
        return self._ids[place] if 0 <= place < len(self._ids) else None

    def place_of(self, person_id: int) -> int:
        """Where a person stands, -1 when they are not in the list."""
        return self._finder.place_of(self._ids, person_id)

    def ids(self, places: Iterable[int]) -> list[int]:
        """The people at some places."""
        return [self._ids[place] for place in places if 0 <= place < len(self._ids)]

    def all_ids(self) -> list[int]:
        """Everybody in the list, in its order."""
        return self._ids.tolist()

    @property
    def query(self) -> PeopleQuery:
        """What is shown or being read."""
        return self._wanted or self._reading or self._query or PeopleQuery()

    @property
    def busy(self) -> bool:
        """Whether people are being read."""
        return self._reading is not None

    # Loading: one query at a time on another thread; what is overtaken meanwhile is never asked

    def show(self, query: PeopleQuery) -> None:
        """Show another query. Emits `loaded` or `failed`; what is shown stays until then."""
        self._wanted = query
        self._again.stop()
        if self._reading is None:
            self._slow.start()
            self._next()

    def reload(self) -> None:
        """Read the query anew, in its order."""
        self.show(self.query)

    def _next(self) -> None:
        query, self._wanted = self._wanted, None
        self._reading = query
        if query is not None:
            spawn(self._read(query), self, name="read the people", on_error=self._could_not)

    async def _read(self, query: PeopleQuery) -> None:
        ids = await self._desk.read(_find, query, self._desk.clock.now())
        if self._wanted is not None:
            self._next()
            return
        self._reading = None
        self._slow.stop()
        self._query = query
        self._replace(ids)
        self.loaded.emit()

    def _could_not(self, error: Exception) -> bool:
        self._reading = None
        self._slow.stop()
        if self._wanted is not None:
            self._next()
            return True
        if not isinstance(error, DeskError):
            return False
        self._replace(array("q"))
        self.failed.emit(error)
        return True

    def _replace(self, ids: array[int]) -> None:
        self.beginResetModel()
        self._ids = ids
        self._finder.forget()
        self._rows.clear()
        self.endResetModel()
        self.refreshed.emit()

    def _fetch(self, ids: Sequence[int]) -> None:
        missing = [each for each in ids if each not in self._rows]
        if not missing:
            return
        found = self._desk.page(store.rows, missing)
        for each in missing:
            self._rows[each] = found.get(each)
        while len(self._rows) > CACHED_ROWS:
            self._rows.popitem(last=False)

    # Changes

    def apply(self, changes: Changes) -> None:
        """Read changed rows again where they stand, then look who came and who went."""
        touched: set[int] = set()
        whole = False
        brand = self.query.brand_id
        for topic, brand_id, ids in changes:
            if brand not in (None, brand_id):
                continue
            if topic is Topic.CONTACT:
                touched |= ids
                whole = whole or not ids
            elif topic in (Topic.CASE, Topic.CONVERSATION):
                whole = True
        if not touched and not whole:
            return
        if whole or len(touched) > PAGE:
            self._rows.clear()
        else:
            for each in touched:
                self._rows.pop(each, None)
        if self._ids:
            last = self.index(len(self._ids) - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        self._again.start()

    def _look_again(self) -> None:
        if self._query is not None and self._reading is None:
            spawn(self._compare(self._query), self, name="read the people", on_error=self._could_not)

    async def _compare(self, query: PeopleQuery) -> None:
        before = self._ids
        found = await self._desk.read(_compared, query, before, self._desk.clock.now())
        if query != self._query or self._reading is not None or before is not self._ids:
            return
        if found is not None:
            self._replace(found)
        self.loaded.emit()


def _find(reader: Reader, query: PeopleQuery, at: datetime) -> array[int]:
    return store.find(reader, brand_id=query.brand_id, filter=query.filter, sort=query.sort, now=at)


def _compared(reader: Reader, query: PeopleQuery, before: array[int], at: datetime) -> array[int] | None:
    """The people of a query in the order they stood in, newcomers where they belong; None when nobody came or went."""
    now = _find(reader, query, at)
    if now == before:
        return None
    there, was = set(now), set(before)
    if there == was:
        return None
    stay = array("q", (each for each in before if each in there))
    new = there - was
    if not new:
        return stay
    if len(stay) + len(new) != len(now) or len(new) > 500:
        return now
    # A newcomer stands behind the same neighbour as in the new order.
    after: dict[int | None, list[int]] = {}
    anchor: int | None = None
    for each in now:
        if each in new:
            after.setdefault(anchor, []).append(each)
        else:
            anchor = each
    merged = array("q", after.get(None, ()))
    for each in stay:
        merged.append(each)
        merged.extend(after.get(each, ()))
    return merged

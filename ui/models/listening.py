"""What was found by listening, as a long list: ids of the whole list in one array, rows fetched by page.

The list is a snapshot that only shrinks: what is found meanwhile is counted (`arrived`) and taken in when the person
asks (`take_new`), so that nothing moves under the reader. What left by a decision and comes back by its undo
returns to its place.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from cmdesk.desk import Desk
from cmdesk.errors import DeskError
from cmdesk.listening.values import Hit, HitState
from cmdesk.store import listening as store, listening_find as find
from cmdesk.store.changes import Changes, Topic
from ui.bridge import spawn
from ui.models.id_places import IdPlaces, page_around

PAGE = 30
CACHED_ROWS = 2000
FIRST = 200
"""Ids read at once when a list opens; the rest follows from another thread."""

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class HitQuery:
    """What a list of hits shows: one decision, of a brand (or all), of one search (or all), of one source, a text."""

    brand_id: int | None = None
    state: HitState = HitState.NEW
    search_id: int | None = None
    source: str = ""
    sentiment: str = ""
    intent: str = ""
    text: str = ""

    @property
    def filtered(self) -> bool:
        """Whether it narrows what its search found."""
        return bool(self.source or self.sentiment or self.intent or self.text)

    def without_filters(self) -> HitQuery:
        """The same list in full."""
        return replace(self, source="", sentiment="", intent="", text="")

    def arguments(self) -> dict[str, Any]:
        """As the store asks for them."""
        return {
            "brand_id": self.brand_id, "state": self.state, "search_id": self.search_id, "source": self.source,
            "sentiment": self.sentiment, "intent": self.intent, "text": self.text,
        }  # fmt: skip


class HitsModel(QAbstractListModel):
    """One column, one role: `HitRole` gives the `Hit`, or None for one that is gone; newest first."""

    HitRole = Qt.ItemDataRole.UserRole + 1

    loaded = Signal()
    """A query's first rows are there."""
    failed = Signal(object)
    """The list could not be read: the exception."""
    arrived = Signal(int)
    """How many hits wait to be taken in."""
    refreshed = Signal()
    """The rows were exchanged as a whole: selection and scroll must be put back by id."""
    shrunk = Signal()
    """Rows went, or came back."""

    def __init__(self, desk: Desk, parent: QObject | None = None, *, describe: Any = None) -> None:
        super().__init__(parent)
        self._desk, self._describe = desk, describe
        self._query = HitQuery()
        self._ids: array[int] = array("q")
        self._places = IdPlaces()
        self._rows: OrderedDict[int, Hit] = OrderedDict()
        self._new: frozenset[int] = frozenset()
        self._left: set[int] = set()
        self._generation = 0
        self._reading = self._again = False

    # What the view asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many hits the list holds."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The `Hit`, or the sentence a screen reader says."""
        if role == self.HitRole:
            return self.hit(index.row())
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole) and self._describe is not None:
            found = self.hit(index.row())
            return self._describe(found) if found is not None else ""
        return None

    def hit(self, place: int) -> Hit | None:
        """The hit at a place; reads its page when it is not kept."""
        if not 0 <= place < len(self._ids):
            return None
        wanted = self._ids[place]
        if wanted not in self._rows:
            self._fetch(page_around(self._ids, self._rows, place, size=PAGE))
        return self._rows.get(wanted)

    def id_at(self, place: int) -> int | None:
        """The hit at a place."""
        return self._ids[place] if 0 <= place < len(self._ids) else None

    def place_of(self, hit_id: int) -> int:
        """Where a hit stands, -1 when it is not in the list."""
        return self._places.place_of(self._ids, hit_id)

    def ids(self, places: Iterable[int]) -> list[int]:
        """The hits at some places."""
        return [self._ids[place] for place in places if 0 <= place < len(self._ids)]

    def hits(self, ids: Sequence[int]) -> list[Hit]:
        """Some hits, as far as they are there."""
        self._fetch(ids)
        return [self._rows[each] for each in ids if each in self._rows]

    @property
    def query(self) -> HitQuery:
        """What is shown."""
        return self._query

    @property
    def waiting(self) -> int:
        """How many new hits `take_new` would bring."""
        return len(self._new)

    # Loading

    def show(self, query: HitQuery) -> None:
        """Show another list: its first rows at once, the rest soon. Emits `loaded` or `failed`."""
        self._query = query
        self.reload()

    def reload(self) -> None:
        """Read the list anew."""
        self._generation += 1
        self._left.clear()
        self._set_new(frozenset())
        try:
            ids = self._desk.page(find.found_ids, **self._query.arguments(), limit=FIRST)
        except DeskError as error:
            self._could_not(error)
            return
        self._replace(ids)
        self.loaded.emit()
        if len(ids) >= FIRST:
            spawn(self._rest(self._generation), self, name="read what was found", on_error=self._could_not)

    def take_new(self) -> None:
        """Bring in what was found meanwhile."""
        self.reload()

    async def _rest(self, generation: int) -> None:
        ids = await self._desk.read(find.found_ids, **self._query.arguments())
        known = len(self._ids)
        if generation != self._generation:
            return
        if ids[:known] != self._ids:
            self._replace(ids)
        elif len(ids) > known:
            self.beginInsertRows(QModelIndex(), known, len(ids) - 1)
            self._ids = ids
            self._places.forget()
            self.endInsertRows()

    def _replace(self, ids: array[int]) -> None:
        self.beginResetModel()
        self._ids = ids
        self._places.forget()
        self._rows.clear()
        self.endResetModel()
        self.refreshed.emit()

    def _fetch(self, ids: Sequence[int]) -> None:
        missing = [each for each in ids if each not in self._rows]
        if not missing:
            return
        found = self._desk.page(store.hits_by_id, missing)
        for hit_id, hit in found.items():
            self._rows[hit_id] = hit
        while len(self._rows) > max(CACHED_ROWS, len(ids)):
            self._rows.popitem(last=False)

    def _could_not(self, error: Exception) -> bool:
        if not isinstance(error, DeskError):
            return False
        self._replace(array("q"))
        self.failed.emit(error)
        return True

    # Changes

    def apply(self, changes: Changes) -> None:
        """Take over what a commit touched: what left goes, what is new waits, what came back returns."""
        if not changes.concerns(Topic.LISTEN):
            return
        if self._reading:
            self._again = True
            return
        self._reading = True
        spawn(self._compare(), self, name="read what was found", on_error=self._could_not)

    async def _compare(self) -> None:
        try:
            while True:
                self._again = False
                generation = self._generation
                ids = await self._desk.read(find.found_ids, **self._query.arguments())
                if generation == self._generation:
                    self._take_over(ids)
                if not self._again:
                    break
        finally:
            self._reading = False

    def _take_over(self, ids: array[int]) -> None:
        if not self._ids:
            if ids:
                self._replace(ids)
                self.loaded.emit()
            return
        now, before = set(ids), set(self._ids)
        self._rows.clear()
        gone = [place for place, each in enumerate(self._ids) if each not in now]
        self._left |= before - now
        back = sorted((now - before) & self._left)
        self._remove(gone)
        for each in back:
            self._put_back(each)
        self._left -= now
        self._set_new(frozenset(now - before - set(back)))
        if self._ids:
            self.dataChanged.emit(self.index(0), self.index(len(self._ids) - 1))
        if gone or back:
            self.shrunk.emit()

    def _remove(self, places: list[int]) -> None:
        end = len(places)
        while end:
            last = places[end - 1]
            first = end - 1
            while first and places[first - 1] == places[first] - 1:
                first -= 1
            self.beginRemoveRows(QModelIndex(), places[first], last)
            del self._ids[places[first] : last + 1]
            self._places.forget()
            self.endRemoveRows()
            end = first

    def _put_back(self, hit_id: int) -> None:
        # Ids follow time and the list runs backwards.
        place = bisect_left(self._ids, -hit_id, key=lambda each: -each)
        self.beginInsertRows(QModelIndex(), place, place)
        self._ids.insert(place, hit_id)
        self._places.forget()
        self.endInsertRows()

    def _set_new(self, new: frozenset[int]) -> None:
        if new != self._new:
            self._new = new
            self.arrived.emit(len(new))

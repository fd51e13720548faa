"""The inbox's list of conversations: ids of the whole list in one array, rows fetched by page and kept while fresh.

The list is a snapshot that only shrinks and updates in place: what arrives meanwhile is counted (`arrived`) and taken
in when the person asks (`take_new`), so that nothing moves under the reader. What left the list by a
decision and comes back by its undo returns to its place.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from cmdesk.desk import Desk
from cmdesk.errors import DeskError
from cmdesk.model import Conversation, Label
from cmdesk.store import cases, conversations, inbox as store, outbox_read, search
from cmdesk.store.changes import Changes, Topic
from ui.bridge import spawn
from ui.models.id_places import IdPlaces, page_around
from ui.models.inbox_query import STATE_OF, Order, Query, View, end_of_day, sort_key

__all__ = [
    "InboxModel", "Order", "Query", "Row", "View", "labels", "labels_of", "list_counts", "next_wake", "problem_count",
    "view_counts",
]  # fmt: skip

PAGE = 20
CACHED_ROWS = 3000
FIRST = 120
"""Rows read at once when a list opens; the rest of the ids follows from another thread."""

SORTED_HERE = 3000
"""A list of more is sorted on another thread."""

MAX_FOUND = 500
_SHORT = 2000
_SINGLY = 6
_MANY = 400
"""More changed ids than this are cheaper to read anew as a whole list."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one line of the list shows."""

    conversation: Conversation
    labels: tuple[Label, ...] = ()
    case: int = 0  # the number of its case that is not closed


Index = QModelIndex | QPersistentModelIndex


class InboxModel(QAbstractListModel):
    """One column, one role: `RowRole` gives the `Row`, or None for a conversation that is gone."""

    RowRole = Qt.ItemDataRole.UserRole + 1

    loaded = Signal()
    """A query's first rows are there."""
    completed = Signal()
    """All ids of the query are there."""
    failed = Signal(object)
    """The list could not be read: the exception."""
    arrived = Signal(int)
    """How many conversations wait to be taken in."""
    refreshed = Signal()
    """The rows were exchanged as a whole: selection and scroll must be put back by id."""

    def __init__(self, desk: Desk, parent: QObject | None = None, *, describe: Any = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._describe = describe
        self._query = Query()
        self._ids: array[int] = array("q")
        self._finder = IdPlaces()
        self._rows: OrderedDict[int, Row] = OrderedDict()
        self._new: set[int] = set()
        self._left: dict[int, datetime] = {}
        self._generation = 0
        self._complete = False
        self._capped = False

    # What the view asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many conversations the list holds."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The `Row`, or the sentence a screen reader says."""
        if role == self.RowRole:
            return self.row(index.row())
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole) and self._describe is not None:
            row = self.row(index.row())
            return self._describe(row) if row is not None else ""
        return None

    def row(self, place: int) -> Row | None:
        """The row at a place; reads its page when it is not kept."""
        if not 0 <= place < len(self._ids):
            return None
        found = self._rows.get(self._ids[place])
        if found is not None:
            return found
        self._fetch(page_around(self._ids, self._rows, place, size=PAGE))
        return self._rows.get(self._ids[place])

    def id_at(self, place: int) -> int | None:
        """The conversation at a place."""
        return self._ids[place] if 0 <= place < len(self._ids) else None

    def place_of(self, conversation_id: int) -> int:
        """Where a conversation stands, -1 when it is not in the list."""
        return self._finder.place_of(self._ids, conversation_id)

    def _places_of(self, ids: set[int]) -> dict[int, int]:
        """The places of several conversations; many are found in one walk."""
        if len(ids) * 10_000 < len(self._ids):
            return {each: self.place_of(each) for each in ids}
        return {each: place for place, each in enumerate(self._ids) if each in ids}

    def ids(self, places: Iterable[int]) -> list[int]:
        """The conversations at some places."""
        return [self._ids[place] for place in places if 0 <= place < len(self._ids)]

    @property
    def query(self) -> Query:
        """What is shown."""
        return self._query

    @property
    def complete(self) -> bool:
        """Whether every id of the query is there."""
        return self._complete

    @property
    def capped(self) -> bool:
        """Whether a search found more than it lists."""
        return self._capped

    @property
    def waiting(self) -> int:
        """How many new or moved conversations `take_new` would bring."""
        return len(self._new)

    @property
    def waiting_ids(self) -> frozenset[int]:
        """Those conversations."""
        return frozenset(self._new)

    # Loading

    def show(self, query: Query) -> None:
        """Show another query: the first rows at once, the rest soon. Emits `loaded` or `failed`."""
        self._query = query
        self.reload()

    def reload(self) -> None:
        """Read the query anew."""
        self._generation += 1
        self._left.clear()
        self._set_new(set())
        if self._query.text:
            spawn(self._search(self._generation), self, name="search the inbox", on_error=self._could_not)
            return
        try:
            complete = self.reload_first()
        except DeskError as error:
            self._could_not(error)
            return
        if not complete:
            spawn(self._load_all(self._generation), self, name="read the inbox", on_error=self._could_not)

    def reload_first(self) -> bool:
        """Read the first rows of the query on this thread; says whether they are all there are.

        A long list in another order than the newest is sorted as a whole on another thread.
        """
        if self._query.fixed:
            self._replace(array("q", self._query.among), (), complete=True)
            self.loaded.emit()
            return True
        order = self._query.sorted_by
        if order != Order.NEWEST and self._longest() > SORTED_HERE:
            return False
        first = self._desk.page(store.conversation_page, limit=FIRST, order=order, **self._filters())
        complete = len(first) < FIRST
        self._replace(array("q", (each.id for each in first)), first, complete=complete)
        self.loaded.emit()
        return complete

    def _longest(self) -> int:
        """How many conversations the list can hold at most."""
        counts = self._desk.page(store.view_counts, self._query.brand_id)
        state = STATE_OF[self._query.view]
        return 0 if state is None else counts[state.value]

    def take_new(self) -> None:
        """Bring in what arrived."""
        self.reload()

    def _filters(self) -> dict[str, Any]:
        query = self._query
        return {"state": STATE_OF[query.view], **query.filters(self._desk.clock.now())}

    async def _load_all(self, generation: int) -> None:
        ids = await self._desk.read(store.conversation_ids, order=self._query.sorted_by, **self._filters())
        if generation != self._generation:
            return
        known = len(self._ids)
        if known and ids[:known] == self._ids:
            if len(ids) > known:
                self.beginInsertRows(QModelIndex(), known, len(ids) - 1)
                self._ids = ids
                self._finder.forget()
                self.endInsertRows()
            self._complete = True
            self.completed.emit()
            return
        opened = known == 0
        self._replace(ids, (), complete=True)
        if opened:
            self.loaded.emit()

    async def _search(self, generation: int) -> None:
        query = self._query
        found = await self._desk.read(search.search_conversations, query.text, brand_id=query.brand_id, limit=MAX_FOUND)
        if generation != self._generation:
            return
        self._capped = len(found) >= MAX_FOUND
        kept = [each for each in found if self._found_matches(each)]
        self._replace(array("q", (each.id for each in kept)), kept, complete=True)
        self.loaded.emit()

    def _found_matches(self, conversation: Conversation) -> bool:
        """A search looks through every state; the filters beside the field narrow it."""
        query = self._query
        return (
            query.account_id in (None, conversation.account_id)
            and query.kind in ("", conversation.kind)
            and (not query.unread or conversation.unread > 0)
            and query.intent in ("", conversation.intent)
            and query.sentiment in ("", conversation.sentiment, "unsure" if conversation.unsure else "")
        )

    def _replace(self, ids: array[int], rows: Sequence[Conversation], *, complete: bool) -> None:
        self.beginResetModel()
        self._ids = ids
        self._finder.forget()
        self._rows.clear()
        self._complete = complete
        self._keep(rows)
        self.endResetModel()
        self.refreshed.emit()
        if complete:
            self.completed.emit()

    def _could_not(self, error: Exception) -> bool:
        if not isinstance(error, DeskError):
            return False
        self._replace(array("q"), (), complete=True)
        self.failed.emit(error)
        return True

    def _fetch(self, ids: Sequence[int]) -> None:
        missing = [each for each in ids if each not in self._rows]
        if missing:
            found = self._desk.page(store.conversations_by_id, missing)
            self._keep(list(found.values()))

    def _keep(self, conversations: Sequence[Conversation]) -> None:
        if not conversations:
            return
        labels = self._desk.page(store.labels_of, [each.id for each in conversations])
        numbers = self._case_numbers(conversations)
        for each in conversations:
            self._rows[each.id] = Row(each, labels.get(each.id, ()), numbers.get(each.case_id or 0, 0))
            self._rows.move_to_end(each.id)
        while len(self._rows) > CACHED_ROWS:
            self._rows.popitem(last=False)

    def _case_numbers(self, found: Iterable[Conversation]) -> dict[int, int]:
        wanted = {each.case_id for each in found if each.case_id is not None}
        return self._desk.page(conversations.case_numbers, wanted) if wanted else {}

    # Changes

    def apply(self, changes: Changes) -> None:
        """Take over what a commit touched with the smallest set of signals."""
        touched: set[int] = set()
        whole = False
        for topic, brand_id, ids in changes:
            if topic is not Topic.CONVERSATION or self._query.brand_id not in (None, brand_id):
                continue
            whole = whole or not ids
            touched |= ids
        if not touched and not whole:
            return
        if whole or self._query.computed or len(touched) > _MANY:
            self._sync_whole()
        else:
            self._sync_some(touched)

    def _sync_whole(self) -> None:
        """Read all ids on another thread and compare."""
        if self._query.text or not self._ids:
            self.reload()
            return
        spawn(self._compare(self._generation), self, name="read the inbox", on_error=self._could_not)

    async def _compare(self, generation: int) -> None:
        ids = await self._desk.read(store.conversation_ids, order=self._query.sorted_by, **self._filters())
        if generation != self._generation:
            return
        now, before = set(ids), set(self._ids)
        kept_unread = self._query.view is View.UNREAD or self._query.unread
        self._rows.clear()
        if not kept_unread:
            self._remove([place for place, each in enumerate(self._ids) if each not in now])
        self._set_new((self._new | (now - before)) & now)
        if self._ids:
            self.dataChanged.emit(self.index(0), self.index(len(self._ids) - 1))
        elif self._new:
            self.reload()

    def _sync_some(self, touched: set[int]) -> None:
        found = self._desk.page(store.conversations_by_id, sorted(touched))
        labels = self._desk.page(store.labels_of, sorted(found)) if found else {}
        numbers = self._case_numbers(found.values())
        now = self._desk.clock.now()
        query = replace(self._query, unread=False)
        sticky = replace(query, view=View.OPEN) if query.view is View.UNREAD else query
        new = set(self._new)
        gone: list[int] = []
        changed: list[int] = []
        back: list[Row] = []
        places = self._places_of(touched)
        for each in sorted(touched):
            place = places.get(each, -1)
            conversation = found.get(each)
            row = None
            if conversation is not None:
                row = Row(conversation, labels.get(each, ()), numbers.get(conversation.case_id or 0, 0))
            if place >= 0:
                # What one just read stays in a list of the unread until it is read anew.
                stays = row is not None and (
                    bool(query.text) or sticky.matches(row.conversation, now=now, labelled=self._labelled(row))
                )
                if row is None or not stays:
                    gone.append(place)
                    old = self._rows.pop(each, None)
                    last = old.conversation.last_at if old else conversation.last_at if conversation else None
                    if last is not None:
                        self._left[each] = last
                    new.discard(each)
                    continue
                before = self._rows.get(each)
                self._rows[each] = row
                changed.append(place)
                if before is not None and _spoke_again(before.conversation, row.conversation) and place > 0:
                    new.add(each)
            elif (
                row is not None
                and not query.text
                and not query.fixed
                and self._query.matches(row.conversation, now=now, labelled=self._labelled(row))
            ):
                left = self._left.get(each)
                if (left is not None and row.conversation.last_at <= left) or not self._ids:
                    back.append(row)
                    new.discard(each)
                else:
                    new.add(each)
            else:
                new.discard(each)
        for place in changed:
            self.dataChanged.emit(self.index(place), self.index(place))
        self._remove(gone)
        for row in back:
            self._put_back(row)
        self._set_new(new)

    def _labelled(self, row: Row) -> bool:
        return any(each.id == self._query.label_id for each in row.labels)

    def _remove(self, places: list[int]) -> None:
        places.sort(reverse=True)
        if len(places) > _SINGLY and len(self._ids) > _SHORT and places[0] - places[-1] >= len(places):
            # Scattered rows of a long list: one exchange costs less than many removals.
            left: array[int] = array("q")
            start = 0
            for place in reversed(places):
                left.extend(self._ids[start:place])
                start = place + 1
            left.extend(self._ids[start:])
            self.beginResetModel()
            self._ids = left
            self._finder.forget()
            self.endResetModel()
            self.refreshed.emit()
            return
        end = 0
        while end < len(places):
            first = end
            while end + 1 < len(places) and places[end + 1] == places[end] - 1:
                end += 1
            low, high = places[end], places[first]
            self.beginRemoveRows(QModelIndex(), low, high)
            del self._ids[low : high + 1]
            self._finder.forget()
            self.endRemoveRows()
            end += 1

    def _put_back(self, row: Row) -> None:
        key = sort_key(row.conversation, self._query.sorted_by)
        low, high = 0, len(self._ids)
        while low < high:
            middle = (low + high) // 2
            there = self.row(middle)
            if there is not None and sort_key(there.conversation, self._query.sorted_by) < key:
                low = middle + 1
            else:
                high = middle
        self.beginInsertRows(QModelIndex(), low, low)
        self._ids.insert(low, row.conversation.id)
        self._finder.forget()
        self._rows[row.conversation.id] = row
        self.endInsertRows()
        self._left.pop(row.conversation.id, None)

    def _set_new(self, new: set[int]) -> None:
        if new != self._new:
            self._new = new
            self.arrived.emit(len(new))


def view_counts(desk: Desk, brand_id: int | None) -> dict[str, int]:
    """The numbers kept in a table, by `View` value and state; under 1 ms."""
    return desk.page(store.view_counts, brand_id)


async def list_counts(desk: Desk, brand_id: int | None) -> dict[str, int]:
    """The numbers that must be counted (due, by kind, by whom one waits for), read on another thread."""
    now = desk.clock.now()
    return await desk.read(conversations.list_counts, brand_id, due_before=end_of_day(now), now=now)


async def answer_balance(desk: Desk, brand_id: int | None) -> tuple[int, int, int, int]:
    """Negatives, of them answered, positives, of them answered: of the last month without its last day (D13)."""
    now = desk.clock.now()
    return await desk.read(
        conversations.answer_balance, brand_id, since=now - timedelta(days=30), until=now - timedelta(days=1)
    )


def problem_count(desk: Desk, brand_id: int | None) -> int:
    """How much of what was to be published waits for the person."""
    return desk.page(outbox_read.problem_count, brand_id=brand_id)


def next_wake(desk: Desk) -> datetime | None:
    """When the next conversation comes back by itself: snoozed, promised, referred, or to be asked about."""
    times = (desk.page(store.next_wake), desk.page(cases.next_due))
    return min((each for each in times if each is not None), default=None)


def labels(desk: Desk, brand_id: int) -> list[Label]:
    """A brand's labels."""
    return desk.page(store.labels, brand_id)


def labels_of(desk: Desk, conversation_ids: Sequence[int]) -> dict[int, tuple[Label, ...]]:
    """The labels of some conversations."""
    return desk.page(store.labels_of, conversation_ids)


def _spoke_again(before: Conversation, now: Conversation) -> bool:
    return now.last_in_at is not None and (before.last_in_at is None or now.last_in_at > before.last_in_at)

"""What customers wished for and the places to look at again, as lists; and what is handed to the client."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cmdesk.care.values import WatchPlace, Wish
from cmdesk.desk import Desk
from cmdesk.store import contacts, wishes as store
from cmdesk.store.db import Reader

Index = QModelIndex | QPersistentModelIndex
T = TypeVar("T")
MOST = 2000


@dataclass(frozen=True, slots=True)
class Heard:
    """A wish with the name of who said it."""

    wish: Wish
    person: str


class ValueModel(QAbstractListModel, Generic[T]):
    """A list of values in one column: `ValueRole` gives each; kept in place while nothing changed."""

    ValueRole = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None, *, describe: Any = None) -> None:
        super().__init__(parent)
        self._values: list[T] = []
        self._describe = describe

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many there are."""
        return 0 if parent.isValid() else len(self._values)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The value, or the sentence a screen reader says."""
        if not 0 <= index.row() < len(self._values):
            return None
        value = self._values[index.row()]
        if role == self.ValueRole:
            return value
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole) and self._describe is not None:
            return self._describe(value)
        return None

    def values(self) -> list[T]:
        """All of them."""
        return list(self._values)

    def value(self, place: int) -> T:
        """The one at a place."""
        return self._values[place]

    def put(self, values: Sequence[T]) -> bool:
        """Show these; says whether they differ from before."""
        if list(values) == self._values:
            return False
        self.beginResetModel()
        self._values = list(values)
        self.endResetModel()
        return True


def _heard(reader: Reader, brand_id: int | None, waiting: bool) -> list[Heard]:
    found = store.wishes(reader, brand_id=brand_id, handed=False if waiting else None, limit=MOST)
    names: dict[int, str] = {}
    for each in found:
        if each.contact_id is not None and each.contact_id not in names:
            names[each.contact_id] = contacts.contact(reader, each.contact_id).name
    return [Heard(each, names.get(each.contact_id or 0, "")) for each in found]


def read_wishes(desk: Desk, brand_id: int | None, *, waiting: bool) -> list[Heard]:
    """What was heard, newest first; `waiting`: only what the client has not been given."""
    return desk.page(_heard, brand_id, waiting)


def _places(reader: Reader, brand_id: int | None) -> list[WatchPlace]:
    return store.places(reader, brand_id=brand_id)


def read_places(desk: Desk, brand_id: int | None) -> list[WatchPlace]:
    """The places to look at again, the one that has waited longest first."""
    return desk.page(_places, brand_id)


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """A table as a CSV file that every spreadsheet reads; no cell is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()

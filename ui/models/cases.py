"""Cases as the screens read them: one with everything its panel needs, and a long list by ids."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from cmdesk.care.protocol import Authority
from cmdesk.care.sheet import Sheet
from cmdesk.care.values import Case, CaseFile, CaseState, Decision, Promise, Protocol, Referral, ServiceLevel, Step
from cmdesk.desk import Desk
from cmdesk.errors import DeskError, Invalid
from cmdesk.model import ThreadEvent
from cmdesk.store import brands, cases as store, hours, inbox
from cmdesk.store.case_sheet import case_sheet
from cmdesk.store.changes import Changes, Topic
from cmdesk.store.db import Reader
from ui.bridge import spawn
from ui.models.inbox_query import end_of_day

Index = QModelIndex | QPersistentModelIndex
MOST = 100_000
KEPT = 1000


@dataclass(frozen=True, slots=True)
class BrandCare:
    """What a brand says of complaints: protocols, what to ask, causes, what may be decided alone, service hours."""

    protocols: tuple[Protocol, ...]
    questions: tuple[Step, ...]
    causes: tuple[str, ...]
    authority: Authority
    level: ServiceLevel


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with what its brand says of complaints."""

    file: CaseFile
    care: BrandCare

    @property
    def protocol(self) -> Protocol | None:
        """The protocol of the case, None when the brand no longer has it."""
        return next((each for each in self.care.protocols if each.key == self.file.case.protocol), None)

    @property
    def given_cents(self) -> int:
        """What the case has cost in the currency of the authority."""
        given, currency = self.file.compensations, self.care.authority.currency
        return sum(each.cost_cents for each in given if each.currency == currency)

    @property
    def above_authority(self) -> bool:
        """Whether what was given is more than may be decided alone, or of a kind that may not (Q9)."""
        authority, given = self.care.authority, self.file.compensations
        foreign = any(each.cost_cents and each.currency != authority.currency for each in given)
        kinds = any(each.kind not in authority.kinds for each in given)
        return foreign or kinds or self.given_cents > authority.ceiling_cents

    @property
    def alone(self) -> bool:
        """Whether it was said that the case is decided without the client."""
        return self.file.case.decision == Decision.ALONE


def _care(reader: Reader, brand_id: int) -> BrandCare:
    return BrandCare(
        tuple(store.protocols(reader, brand_id)),
        tuple(store.information(reader, brand_id)),
        tuple(store.causes(reader, brand_id)),
        store.authority(reader, brand_id),
        hours.level(reader, brand_id),
    )


def _view(reader: Reader, case_id: int) -> CaseView:
    file = store.case_file(reader, case_id)
    return CaseView(file, _care(reader, file.case.brand_id))


def brand_care(desk: Desk, brand_id: int) -> BrandCare:
    """Read what a brand says of complaints."""
    return desk.page(_care, brand_id)


def read_case(desk: Desk, case_id: int) -> CaseView:
    """Read one case; raises Invalid when it is gone."""
    return desk.page(_view, case_id)


def case_of(desk: Desk, conversation_id: int) -> int | None:
    """The case of a conversation that is not closed, None without one."""
    return desk.page(store.case_of, conversation_id)


def loose_promises(desk: Desk, conversation_id: int) -> list[Promise]:
    """What was promised in a conversation outside of any case and is still open, the earliest first."""
    return [each for each in desk.page(store.open_promises, conversation_id) if each.case_id is None]


def earlier_cases(desk: Desk, contact_id: int) -> list[Case]:
    """All cases of a person, newest first."""
    return desk.page(store.earlier_cases, contact_id)


def _speaks(reader: Reader, case: Case) -> str:
    if case.conversation_id is not None:
        found = inbox.conversation(reader, case.conversation_id).language
        if found:
            return found
    return brands.brand(reader, case.brand_id).language


def speaks(desk: Desk, case: Case) -> str:
    """The language a case's person is answered in: the conversation's, else the brand's."""
    return desk.page(_speaks, case)


# The list


class Show(StrEnum):
    """Which cases a list shows."""

    TODAY = "today"  # something is due before the day ends
    OPEN = "open"
    CLIENT = "client"
    SOLVED = "solved"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """What a list of cases shows."""

    brand_id: int | None = None
    show: Show = Show.ALL
    text: str = ""


_STATES: dict[Show, tuple[CaseState, ...]] = {
    Show.OPEN: (CaseState.OPEN,),
    Show.CLIENT: (CaseState.CLIENT,),
    Show.SOLVED: (CaseState.SOLVED,),
    Show.CLOSED: (CaseState.CLOSED,),
}


def _ids(reader: Reader, query: CaseQuery, now: datetime) -> array[int]:
    """The ids of a list: what is due first, the most pressing on top, then the newest."""
    until = end_of_day(now)
    found = store.cases(
        reader,
        brand_id=query.brand_id,
        states=_STATES.get(query.show, ()),
        due_before=until if query.show is Show.TODAY else None,
        text=query.text,
        limit=MOST,
    )
    due: dict[int, int] = {}
    for place, thing in enumerate(store.due_things(reader, brand_id=query.brand_id, until=until)):
        if thing.case_id is not None:
            due.setdefault(thing.case_id, place)
    last = len(due) + 1
    return array("q", (each.id for each in sorted(found, key=lambda each: due.get(each.id, last))))


def _counts(reader: Reader, brand_id: int | None, now: datetime) -> dict[str, int]:
    found = store.case_counts(reader, brand_id, now=end_of_day(now))
    every = sum(found[state.value] for state in CaseState)
    return {**found, Show.TODAY.value: found["due"], Show.ALL.value: every}


class CasesModel(QAbstractListModel):
    """One column: `FileRole` gives the `CaseFile` of a row, read when it is painted and kept while fresh."""

    FileRole = Qt.ItemDataRole.UserRole + 1

    loaded = Signal()
    """The ids of the query are there; selection and scroll must be put back by id."""
    failed = Signal(object)
    """The list could not be read: the exception."""

    def __init__(self, desk: Desk, parent: QObject | None = None, *, describe: Any = None) -> None:
        super().__init__(parent)
        self._desk, self._describe = desk, describe
        self.query = CaseQuery()
        self.counts: dict[str, int] = {}
        self._ids: array[int] = array("q")
        self._files: OrderedDict[int, CaseFile | None] = OrderedDict()
        self._loading = self._again = False

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """How many cases the list holds."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The `CaseFile`, or the sentence a screen reader says."""
        if role == self.FileRole:
            return self.file(index.row())
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole) and self._describe is not None:
            file = self.file(index.row())
            return self._describe(file) if file is not None else ""
        return None

    def file(self, place: int) -> CaseFile | None:
        """The case at a place, None when it is gone."""
        if not 0 <= place < len(self._ids):
            return None
        case_id = self._ids[place]
        if case_id not in self._files:
            try:
                self._files[case_id] = self._desk.page(store.case_file, case_id)
            except Invalid:
                self._files[case_id] = None
            while len(self._files) > KEPT:
                self._files.popitem(last=False)
        return self._files[case_id]

    def id_at(self, place: int) -> int | None:
        """The case at a place."""
        return self._ids[place] if 0 <= place < len(self._ids) else None

    def place_of(self, case_id: int) -> int:
        """Where a case stands, -1 when it is not in the list."""
        return self._ids.index(case_id) if case_id in self._ids else -1

    def show(self, query: CaseQuery) -> None:
        """Show another list."""
        self.query = query
        self.reload()

    def reload(self) -> None:
        """Read the list anew, off the painting thread; what is asked meanwhile is read right after."""
        if self._loading:
            self._again = True
            return
        self._loading = True
        spawn(self._load(), self, name="read the cases", on_error=self._could_not)

    def apply(self, changes: Changes) -> None:
        """Forget the rows a commit touched, and read the list again."""
        if not changes.concerns(Topic.CASE, Topic.BRAND, Topic.CONTACT):
            return
        touched = changes.ids(Topic.CASE)
        if not touched or changes.concerns(Topic.BRAND, Topic.CONTACT):
            self._files.clear()
        for each in touched:
            self._files.pop(each, None)
        self.reload()

    async def _load(self) -> None:
        try:
            while True:
                self._again = False
                now, query = self._desk.clock.now(), self.query
                ids = await self._desk.read(_ids, query, now)
                counts = await self._desk.read(_counts, query.brand_id, now)
                if not self._again:
                    break
        finally:
            self._loading = False
        self.counts = counts
        if ids == self._ids:
            if len(ids):
                self.dataChanged.emit(self.index(0), self.index(len(ids) - 1))
        else:
            self.beginResetModel()
            self._ids = ids
            self.endResetModel()
        self.loaded.emit()

    def _could_not(self, error: Exception) -> bool:
        if not isinstance(error, DeskError):
            return False
        self.failed.emit(error)
        return True


def events(desk: Desk, case_id: int) -> list[ThreadEvent]:
    """What happened in a case, newest first; without the single steps."""
    found = desk.page(store.case_events, case_id)
    return [each for each in reversed(found) if each.kind != "case_step"]


@dataclass(frozen=True, slots=True)
class BrandSheet:
    """A case sheet with what its paper needs beside its words."""

    sheet: Sheet
    color: str
    identity: str
    made_at: datetime


def _sheet(reader: Reader, case_id: int, now: datetime, asked: Referral | None, speaking: str | None) -> BrandSheet:
    sheet = case_sheet(reader, case_id, now=now, asked=asked, language=speaking)
    brand = brands.brand(reader, store.case(reader, case_id).brand_id)
    return BrandSheet(sheet, brand.color, f"case/{case_id}/{sheet.language}", now)


def read_sheet(desk: Desk, case_id: int, *, asked: Referral | None = None, speaking: str | None = None) -> BrandSheet:
    """Read the sheet of a case in the brand's language; `asked` is a question being written. Raises Invalid."""
    return desk.page(_sheet, case_id, desk.clock.now(), asked, speaking)

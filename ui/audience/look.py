"""What the page of the people shows: each brand as it was last looked at, its list, its counts, one person's card."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QElapsedTimer, QTimer

from cmdesk.people.values import NEWEST, Column, Sort
from ui.audience.columns import Columns
from ui.audience.frame import AudienceFrame
from ui.bridge import Changes, Topic, spawn
from ui.models import people_merge as merge_models, people_side as side_models, person as person_models
from ui.models.people import PeopleQuery
from ui.models.people_side import ALL, Place, narrowed
from ui.people import words
from ui.widgets.page import PageContext

_TOPICS = (Topic.CONTACT, Topic.CASE, Topic.CARE, Topic.BRAND, Topic.CONVERSATION, Topic.SETTING)
_COUNT_MS = 250
_DOUBLES_MS = 3_000
"""Doubles are looked for among everybody: only once nothing has changed for a while."""


class AudienceLook(AudienceFrame):
    """Reads and shows; what is decided is the page's."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._facets: side_models.Facets = {}
        self._kept: dict[str, dict[str, Any]] = {}
        self._shown_brand: int | str | None = "none"
        self._sort = NEWEST
        self._wanted: int | None = None
        self._everything = False
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting_ms = _COUNT_MS  # twice as long as counting took: among very many it is not done all the time
        self._counting.timeout.connect(self._count)
        self._reading_side = self._count_more = False
        self._doubling = QTimer(self)
        self._doubling.setSingleShot(True)
        self._doubling.timeout.connect(self._look_for_doubles)
        self._focus_table = False

    # Asked by the window

    def concerned(self, changes: Changes) -> bool:
        """People, and what they are shown with."""
        return changes.concerns(*_TOPICS)

    def show_brand(self, brand_id: int | None) -> None:
        """The people of one brand, or of all, as they were last looked at."""
        if self._shown_brand != "none":
            self.leaving()
            self._remember()
        super().show_brand(brand_id)

    def refresh(self, changes: Changes | None) -> None:
        """Read everything anew (None), or what changed."""
        if changes is None or changes.concerns(Topic.BRAND):
            self._directory.reload()
        if changes is not None:
            self.pictures.apply(changes)
        if not words.known():
            spawn(self._load_words(), self, name="names of languages and countries")
        if changes is None or self._shown_brand != self.context.brand_id:
            self._take_over_brand()
        else:
            self.model.apply(changes)
        if changes is None or changes.concerns(Topic.CONTACT, Topic.CARE, Topic.BRAND, Topic.CASE):
            self._counting.start(0 if changes is None else self._counting_ms)
            self._show_columns()
        if changes is None or changes.concerns(Topic.CONTACT):
            self._doubling.start(_DOUBLES_MS // 3 if changes is None else _DOUBLES_MS)
        if self.card.contact_id and (changes is None or self._card_concerned(changes)):
            self._read_card(self.card.contact_id)

    def focus_main(self) -> None:
        """The table, or what finds people."""
        self._focus_table = self.model.busy and not self.model.rowCount()
        (self.table if self.model.rowCount() or self._focus_table else self.filter.search).setFocus()

    def leaving(self) -> None:
        """Store what is being typed."""
        self.card.flush()

    def ended(self) -> None:
        """Stop fetching pictures."""
        self.pictures.close()

    def save_state(self) -> dict[str, Any]:
        """Sizes, and how each brand was looked at."""
        self._remember()
        return {"sizes": self._splitter.sizes(), "brands": self._kept, "closed": self._card_closed}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take them back."""
        sizes, kept = state.get("sizes"), state.get("brands")
        if isinstance(sizes, list) and len(sizes) == 3 and all(isinstance(each, int) and each >= 0 for each in sizes):
            if sizes[2] == 0:
                sizes[2] = 340
            self._splitter.setSizes(sizes)
        if isinstance(kept, dict):
            self._kept = {key: value for key, value in kept.items() if isinstance(value, dict)}
        self._card_closed = state.get("closed") is True
        self._fit()

    # How a brand was looked at

    def _key(self) -> str:
        return str(self._shown_brand or 0)

    def _remember(self) -> None:
        if self._shown_brand == "none":
            return
        place = self.side.list.current()
        self._kept[self._key()] = {
            "columns": self.table.layout_state(), "filter": self.filter.values(),
            "sort": [self._sort.column.value, self._sort.down], "place": list(place.key) if place else [ALL, 0],
            "person": self.card.contact_id,
        }  # fmt: skip

    def _take_over_brand(self) -> None:
        """The brand's columns, order, filters and place, then its people."""
        if self._shown_brand == self.context.brand_id:
            self._show_people()
            return
        self._shown_brand = self.context.brand_id
        kept = self._kept.get(self._key(), {})
        self.table.show_brand = self.context.brand_id is None
        self._show_columns(again=True)
        self._sort = _sort(kept.get("sort"))
        self.table.show_sort(self._sort)
        self.filter.set_values(kept.get("filter"))
        place, person = kept.get("place"), kept.get("person")
        self.side.list.blockSignals(True)
        self.side.list.show_side(side_models.Side((Place(ALL),)))
        self.side.list.blockSignals(False)
        self.side.show_doubles(0)
        self._place_wanted = tuple(place) if isinstance(place, list) and len(place) == 2 else (ALL, 0)
        self.card.show_nobody()
        self._wanted = person if isinstance(person, int) and person else None
        self._fit()
        self._show_people()

    _place_wanted: tuple[Any, ...] = (ALL, 0)

    def _show_columns(self, *, again: bool = False) -> None:
        fields = side_models.own_fields(self._desk, self.context.brand_id)
        columns = Columns(fields)
        if again or columns.fields != self.table.columns.fields:
            kept = self._kept.get(self._key(), {}) if again else {"columns": self.table.layout_state()}
            layout = kept.get("columns")
            self.table.show_columns(columns, layout if isinstance(layout, dict) else {})
        brands = [each.id for each in self._directory.brands() if self.context.brand_id in (None, each.id)]
        self.table.delegate.markets = person_models.markets(self._desk, brands)

    async def _load_words(self) -> None:
        await words.load(self._desk)
        self.filter.show_choices(self.side.list.side(), self._facets)
        self.table.viewport().update()
        if self.card.contact_id:
            self._read_card(self.card.contact_id)

    # The list

    def _show_people(self) -> None:
        wanted = narrowed(self.filter.filter(), self.side.list.current())
        self.model.show(PeopleQuery(self.context.brand_id, wanted, self._sort))

    def _loaded(self) -> None:
        self._show_list()
        if self._focus_table:
            self.focus_main()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            if self.table.choose(wanted, quiet=True):
                self._read_card(wanted)
            elif self.filter.is_on() or (self.side.list.current() or Place(ALL)).kind != ALL:
                self._read_card(wanted)  # it is none of those that are listed; its card shows all the same
        elif self.card.contact_id and self.table.current_id() is None:
            self.table.choose(self.card.contact_id, quiet=True)
        self.choice_changed.emit()

    def _place_chosen(self, place: Place | None) -> None:
        if place is not None:
            self._show_people()
            self._remember()

    def _sorted(self, sort: Sort) -> None:
        self._sort = sort
        self._show_people()
        self._remember()

    def _first(self) -> None:
        if self.model.rowCount():
            self.table.setFocus()
            self.table.choose(self.model.id_at(0))

    def _count(self) -> None:
        self._count_more = self._reading_side
        if not self._reading_side:
            self._reading_side = True
            spawn(self._read_side(), self, name="count the people", on_error=self._side_failed)

    def _side_failed(self, _error: Exception) -> bool:
        self._reading_side = False
        return False

    async def _read_side(self) -> None:
        brand_id = self.context.brand_id
        brands = self._directory.brands()
        clock = QElapsedTimer()
        clock.start()
        side = await side_models.read_side(self._desk, brand_id, brands)
        facets = await side_models.read_facets(self._desk, brand_id)
        self._counting_ms = max(_COUNT_MS, 2 * clock.elapsed())
        self._reading_side = False
        if self._count_more or brand_id != self.context.brand_id:
            self._counting.start(self._counting_ms)
        if brand_id != self.context.brand_id:
            return
        self._facets = facets
        self.side.list.show_side(side)
        wanted, self._place_wanted = self._place_wanted, (ALL, 0)
        if wanted != (ALL, 0):
            self.side.list.choose(str(wanted[0]), int(wanted[1]))
        self.filter.show_choices(side, facets)
        self._show_count()

    def _look_for_doubles(self) -> None:
        spawn(self._count_doubles(), self, name="count the doubles")

    async def _count_doubles(self) -> None:
        brand_id = self.context.brand_id
        brands = [each.id for each in self._directory.brands() if brand_id in (None, each.id)]
        pairs = await merge_models.count_pairs(self._desk, brands)
        if brand_id == self.context.brand_id:
            self.side.show_doubles(pairs)

    # One person

    def _chosen(self, person_id: int | None) -> None:
        self._everything = False
        if person_id is None:
            self.card.show_nobody()
        else:
            self._read_card(person_id)
        self._fit()
        self.choice_changed.emit()

    def _read_card(self, person_id: int) -> None:
        spawn(self._show_card(person_id), self, name="read a person", on_error=self._gone)

    async def _show_card(self, person_id: int) -> None:
        person = await person_models.load_person(self._desk, person_id, everything=self._everything)
        current = self.table.current_id()
        if current not in (None, person_id) and self.table.hasFocus() and person_id != self.card.contact_id:
            return  # another one was chosen meanwhile
        accounts = {each.network: each.id for each in reversed(self._directory.accounts(person.contact.brand_id))}
        identity = next((each for each in person.identities if each.network in accounts), None)
        identity = identity or (person.identities[0] if person.identities else None)
        account_id = accounts.get(identity.network, 0) if identity else 0
        self.card.show_card(person, identity, account_id, self._now())
        self._fit()

    def _gone(self, error: Exception) -> bool:
        """Somebody who is no longer there is simply not shown."""
        if getattr(error, "code", "") == "contact_unknown":
            self.card.show_nobody()
            self._fit()
            return True
        return False

    def _card_concerned(self, changes: Changes) -> bool:
        ids = changes.ids(Topic.CONTACT)
        others = (Topic.CASE, Topic.CARE, Topic.CONVERSATION)
        whole = any(topic is Topic.CONTACT and not few for topic, _brand, few in changes)
        return self.card.contact_id in ids or whole or changes.concerns(*others)

    def _show_everything(self) -> None:
        self._everything = True
        self._read_card(self.card.contact_id)

    def show_person(self, person_id: int) -> None:
        """Show somebody's card, and their row as soon as it is listed."""
        self._wanted = person_id
        self._read_card(person_id)

    def show_place(self, kind: str, place_id: int) -> None:
        """Show a circle or a market, as soon as it stands in the list."""
        if any(each.key == (kind, place_id) for each in self.side.list.side().places):
            self.side.list.choose(kind, place_id)
            return
        self._place_wanted = (kind, place_id)
        self.count_again()

    def count_again(self) -> None:
        """Count circles, markets and doubles anew."""
        self._counting.start(_COUNT_MS)
        self._doubling.start(0)


def _sort(kept: object) -> Sort:
    if isinstance(kept, list) and len(kept) == 2 and kept[0] in set(Column):
        return Sort(Column(kept[0]), bool(kept[1]))
    return NEWEST

"""The page of the people: turns what a person does into decisions, and keeps how each brand was looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QMenu

from cmdesk.i18n import N_, _
from cmdesk.people.values import NEWEST, Column, Sort
from cmdesk.safe_text import clean_line
from ui import notices
from ui.actions import action
from ui.audience.choosing import Choosing
from ui.audience.columns import OWN, Columns
from ui.audience.deeds import AudienceDeeds
from ui.audience.frame import AudienceFrame
from ui.bridge import Changes, Topic, spawn
from ui.icons import set_icon
from ui.models import people_merge as merge_models, people_side as side_models, person as person_models
from ui.models.people import PeopleQuery
from ui.models.people_side import ALL, CIRCLE, MARKET, NO_MARKET, Place, narrowed
from ui.people import words
from ui.widgets.key_help import shown_key
from ui.widgets.page import PageContext, Target

_TOPICS = (Topic.CONTACT, Topic.CASE, Topic.CARE, Topic.BRAND, Topic.CONVERSATION, Topic.SETTING)
_COUNT_MS = 250
_DOUBLES_MS = 3_000
"""Doubles are looked for among everybody: only once nothing has changed for a while."""
_OF_SELECTION = (
    "edit", "circle", "out_of_circle", "market", "language", "country", "advocate", "quiet", "export", "forget",
)  # fmt: skip
_OWN_KEYS = (
    (N_("Edit the cell"), ("F2",)),
    (N_("Into the person's card, and back"), ("Enter", "Esc")),
    (N_("Drag people onto a circle or a market"), (N_("Mouse"),)),
)


class AudiencePage(AudienceFrame):
    """Over one brand or all; decisions are `AudienceDeeds`'."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.deeds = AudienceDeeds(context, self)
        self.choosing = Choosing(self)
        self._facets: side_models.Facets = {}
        self._kept: dict[str, dict[str, Any]] = {}
        self._shown_brand: int | str | None = "none"
        self._sort = NEWEST
        self._wanted: int | None = None
        self._everything = False
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(_COUNT_MS)
        self._counting.timeout.connect(self._count)
        self._reading_side = self._count_more = False
        self._doubling = QTimer(self)
        self._doubling.setSingleShot(True)
        self._doubling.timeout.connect(self._look_for_doubles)
        self._focus_table = False
        self._connect()

    def _connect(self) -> None:
        self.model.loaded.connect(self._loaded)
        self.model.slow.connect(self._show_slow)
        self.model.failed.connect(self._failed)
        self.filter.changed.connect(lambda _filter: self._show_people())
        self.filter.search.returnPressed.connect(self._first)
        self.side.list.chosen.connect(self._place_chosen)
        self.side.list.menu_wanted.connect(self._place_menu)
        self.side.list.opened.connect(self._place_opened)
        self.side.new_circle.clicked.connect(self.do_new_circle)
        self.side.doubles.clicked.connect(self.do_doubles)
        self.place_edit_wanted.connect(lambda place: self._edit_circle(place.id))
        self.table.chosen.connect(self._chosen)
        self.table.opened.connect(self.do_open)
        self.table.selection_changed.connect(self._selected)
        self.table.edited.connect(self._edited)
        self.table.sort_wanted.connect(self._sorted)
        self.table.columns_changed.connect(self._remember)
        self.table.columns_menu_wanted.connect(self._columns_menu)
        self.table.menu_wanted.connect(self._menu)
        self.table.dragged.connect(lambda spot: self.side.list.hold(spot))
        self.table.dropped.connect(self._dropped)
        self.table.drag_ended.connect(lambda: self.side.list.hold(None))
        self.bulk.act.connect(lambda name: self.run_action(f"audience.{name}"))
        self.bulk.closed.connect(self.table.clear_extra)
        self.new_button.clicked.connect(self.do_new)
        self.import_button.clicked.connect(self.do_import)
        self.columns_button.clicked.connect(
            lambda: self._columns_menu(self.columns_button.mapToGlobal(QPoint(0, self.columns_button.height())))
        )
        self.more.clicked.connect(self._more_menu)
        card = self.card
        card.fields_changed.connect(self.deeds.people.edit)
        card.act.connect(self.deeds.people.act)
        card.conversation_wanted.connect(self._go_conversation)
        card.case_wanted.connect(lambda case_id: self.context.navigate(Target("cases", "case", case_id)))
        card.link_wanted.connect(self.deeds.open_link)
        card.all_wanted.connect(self._show_everything)
        card.menu_wanted.connect(self._menu)
        card.closed.connect(self._close_card)
        self.pictures.ready.connect(self.table.viewport().update)

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
            self._counting.start(0 if changes is None else _COUNT_MS)
            self._show_columns()
        if changes is None or changes.concerns(Topic.CONTACT):
            self._doubling.start(_DOUBLES_MS // 3 if changes is None else _DOUBLES_MS)
        if self.card.contact_id and (changes is None or self._card_concerned(changes)):
            self._read_card(self.card.contact_id)

    def open(self, target: Target) -> None:
        """Show a person, a circle's or a market's people, or begin something."""
        if target.kind == "person" and target.id is not None:
            self._wanted = target.id
            self._card_closed = False
            self._read_card(target.id)
            if not self.model.busy:
                self._loaded()
        elif target.kind in (CIRCLE, MARKET) and target.id is not None:
            self.side.list.choose(target.kind, target.id)
        elif target.kind == "new":
            self.do_new()
        elif target.kind == "import":
            self.do_import()
        elif target.kind == "new_circle":
            self.do_new_circle()

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

    def own_keys(self) -> Sequence[tuple[str, Sequence[str]]]:
        """What the table answers by itself."""
        return [(_(text), [_(key) for key in keys]) for text, keys in _OWN_KEYS]

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

    def enabled_actions(self) -> set[str] | None:
        """Without a selection only finding and beginning make sense."""
        names = {
            "next", "previous", "search", "new", "new_circle", "import", "doubles", "fields", "filter", "clear",
            "select_all", "back", "wishes", "export",
        }  # fmt: skip
        count = self.table.selected_count()
        if count:
            names |= set(_OF_SELECTION)
        if count == 1:
            names |= {"open", "post", "talk", "notes", "rename", "export_person"}
        if count == 2:
            names.add("merge")
        return {f"audience.{name}" for name in names}

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
        side = await side_models.read_side(self._desk, brand_id, brands)
        facets = await side_models.read_facets(self._desk, brand_id)
        self._reading_side = False
        if self._count_more or brand_id != self.context.brand_id:
            self._counting.start()
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
        self._place_wanted = (kind, place_id)
        self.count_again()

    def count_again(self) -> None:
        """Count circles, markets and doubles anew."""
        self._counting.start()
        self._doubling.start(0)

    def _close_card(self) -> None:
        self.card.flush()
        self._card_closed = True
        self._fit()
        self.table.setFocus()

    def _go_conversation(self, conversation_id: int) -> None:
        row = self.model.person(self.card.contact_id)
        brand_id = row.brand_id if row is not None else None
        self.context.navigate(Target("inbox", "conversation", conversation_id, brand_id))

    def _edited(self, person_id: int, key: str, value: object) -> None:
        """A cell was edited in place."""
        if key.startswith(OWN):
            self.deeds.people.act("value", person_id, (int(key.removeprefix(OWN)), value))
            return
        field = {"market": "market_id"}.get(key, key)
        if field == "name" and not value:
            notices.tell(_("A person needs a name."), tone="warning")
            return
        self.deeds.people.edit(person_id, {field: value})

    def selected(self) -> list[int]:
        """The selected people in the table's order; without a table's selection the one whose card shows."""
        ids = self.table.selected_ids()
        return ids or ([self.card.contact_id] if self.card.contact_id else [])

    def _selected(self, count: int) -> None:
        self.bulk.set_count(count)
        self.choice_changed.emit()

    # Actions (ui.actions, scope "audience")

    def do_next(self) -> None:
        """The row below."""
        self.table.step(1)

    def do_previous(self) -> None:
        """The row above."""
        self.table.step(-1)

    def do_search(self) -> None:
        """Go to the search field."""
        self.filter.search.setFocus()
        self.filter.search.selectAll()

    def do_filter(self) -> None:
        """Go to the chips."""
        next(iter(self.filter.buttons.values())).setFocus()

    def do_clear(self) -> None:
        """Narrow nothing."""
        self.filter.clear()

    def do_back(self) -> None:
        """Empty the search, else back to the table."""
        if self.filter.search.hasFocus() and self.filter.search.text():
            self.filter.search.clear()
            return
        if self.table.hasFocus():
            if self.table.selected_count() > 1:
                self.table.clear_extra()
            else:
                self._close_card()
            return
        self.card.flush()
        self.focus_main()

    def do_open(self) -> None:
        """Go into the card."""
        self._card_closed = False
        current = self.table.current_id()
        if current is not None and current != self.card.contact_id:
            self._read_card(current)
        self._fit()
        self.card.notes.setFocus()

    def do_notes(self) -> None:
        """Write a note about the person."""
        self.do_open()

    def do_rename(self) -> None:
        """Edit the name in the table."""
        self.table.edit_column("name")

    def do_edit(self) -> None:
        """Edit the cell."""
        self.table.edit_column(self.table.people.columns()[max(0, self.table.currentIndex().column())])

    def do_select_all(self) -> None:
        """Select everybody who is listed."""
        self.table.setFocus()
        self.table.selectAll()

    def do_post(self) -> None:
        """A post for this person alone (K3)."""
        for person_id in self.selected()[:1]:
            self.deeds.people.act("write", person_id, None)

    def do_talk(self) -> None:
        """Go to the latest conversation."""
        self.card.talk_button.click()

    def do_wishes(self) -> None:
        """What customers wished for, to be handed to the client (D16)."""
        self.context.navigate(Target("cases", "wishes"))

    def do_circle(self) -> None:
        """Put the selected people into a circle."""
        ids = self.selected()
        self.choosing.circle(ids, lambda circle_id: self._run(self.deeds.people.put_in(ids, circle_id)))

    def do_out_of_circle(self) -> None:
        """Take the selected people out of a circle: of the one that is shown, or of one to choose."""
        ids = self.selected()
        place = self.side.list.current()
        if place is not None and place.kind == CIRCLE:
            self._run(self.deeds.people.take_out(ids, place.id))
            return
        self.choosing.circle(ids, lambda circle_id: self._run(self.deeds.people.take_out(ids, circle_id)), out=True)

    def do_market(self) -> None:
        """Set the market of the selected people."""
        ids = self.selected()
        self.choosing.market(
            ids, lambda market_id: self._run(self.deeds.people.edit_many(ids, market_id=market_id or None))
        )  # fmt: skip

    def do_language(self) -> None:
        """Set the language of the selected people."""
        ids = self.selected()
        self.choosing.language(ids, lambda code: self._run(self.deeds.people.edit_many(ids, language=code)))

    def do_country(self) -> None:
        """Set the country of the selected people."""
        ids = self.selected()
        self.choosing.country(ids, lambda code: self._run(self.deeds.people.edit_many(ids, country=code)))

    def do_advocate(self) -> None:
        """Mark the selected as advocates; who are already all are so no longer."""
        ids = self.selected()
        self._run(self.deeds.people.edit_many(ids, advocate=not self._all("advocate", ids)))

    def do_quiet(self) -> None:
        """Mark that the selected do not want to be contacted; who are already all may be again."""
        ids = self.selected()
        if self._all("opt_out", ids):
            self._run(self.deeds.people.edit_many(ids, opt_out=False))
        else:
            self._run(self.deeds.people.ask_opt_out(ids))

    def _all(self, mark: str, ids: Sequence[int]) -> bool:
        rows = [self.model.person(each) for each in ids[:200]]
        return bool(rows) and all(row is not None and getattr(row, mark) for row in rows)

    def do_merge(self) -> None:
        """Make two people one."""
        ids = self.selected()
        if len(ids) == 2:
            self._run(self.deeds.merge(ids[0], ids[1]))
        else:
            notices.tell(_("Select two people to make them one."))

    def do_doubles(self) -> None:
        """Look through the probable doubles."""
        self._run(self.deeds.doubles())

    def do_new(self) -> None:
        """Write a person down by hand."""
        self._run(self._new())

    async def _new(self) -> None:
        made = await self.deeds.new_person()
        if made is not None:
            self._wanted = made
            self._card_closed = False
            self._read_card(made)

    def do_fields(self) -> None:
        """The brand's own fields."""
        self._run(self.deeds.fields())

    def do_import(self) -> None:
        """Take people in from a file."""
        self._run(self.deeds.take_in())

    def do_export(self) -> None:
        """Write the selected people to a file, or everybody who is listed."""
        ids = self.table.selected_ids() if self.table.selected_count() > 1 else self.model.all_ids()
        self._run(self.deeds.write_out(ids))

    def do_export_person(self) -> None:
        """Everything about one person as a folder that opens anywhere (N21)."""
        for person_id in self.selected()[:1]:
            self._run(self.deeds.write_person(person_id))

    def do_forget(self) -> None:
        """Delete somebody who asked for it (N21)."""
        ids = self.selected()
        if len(ids) == 1:
            self._run(self.deeds.forget(ids[0]))
        elif ids:
            notices.tell(_("People are forgotten one by one: each gets a certificate."))

    def do_new_circle(self) -> None:
        """Make a circle; several selected people go into it."""
        ids = self.table.selected_ids() if self.table.selected_count() > 1 else []
        self._run(self.deeds.new_circle(ids))

    def _edit_circle(self, circle_id: int) -> None:
        self._run(self.deeds.edit_circle(circle_id))

    def do_fit_market(self) -> None:
        """Give people without a market the one of their language and country."""
        self._run(self.deeds.fit_market(self.table.selected_ids()))

    def _run(self, work: Any) -> None:
        spawn(work, self, name=_("People"))

    # Circles by pointer and menu

    def _dropped(self, ids: list[int], spot: QPoint) -> None:
        place = self.side.list.hold(spot)
        self.side.list.hold(None)
        if place is None or not ids:
            return
        people = self.deeds.people
        match place.kind:
            case "circle":
                self._run(people.put_in(ids, place.id))
            case "market":
                self._run(people.edit_many(ids, market_id=place.id))
            case "no_market":
                self._run(people.edit_many(ids, market_id=None))
            case "advocates":
                self._run(people.edit_many(ids, advocate=True))
            case "opt_out":
                self._run(people.ask_opt_out(ids))

    def _place_opened(self, place: Place) -> None:
        if place.kind == CIRCLE:
            self._edit_circle(place.id)

    def _place_menu(self, place: Place, spot: QPoint) -> None:
        menu = QMenu(self)
        if place.kind == CIRCLE:
            entries = [
                (_("Edit the circle…"), "pencil", lambda: self._edit_circle(place.id)),
                (_("Write a post for it"), "square-pen", lambda: self.deeds.write_for(CIRCLE, place)),
                (_("Export its people…"), "download", lambda: self._run(self.deeds.write_out_circle(place))),
                (_("Delete the circle…"), "trash-2", lambda: self._run(self.deeds.delete_circle(place.id))),
            ]
            ids = self.table.selected_ids()
            if ids:
                put = lambda: self._run(self.deeds.people.put_in(ids, place.id))  # noqa: E731
                entries.insert(1, (_("Put the selected people in"), "users", put))
        elif place.kind == MARKET:
            entries = [
                (_("Edit the market…"), "pencil", lambda: self.deeds.edit_market(place)),
                (_("Write a post for it"), "square-pen", lambda: self.deeds.write_for(MARKET, place)),
            ]
        elif place.kind == NO_MARKET:
            fit = _("Assign markets by language and country…")
            entries = [(fit, "globe", lambda: self._run(self.deeds.fit_market(())))]
        else:
            return
        for text, icon, work in entries:
            entry = menu.addAction(text)
            set_icon(entry, icon, "text_muted")
            entry.triggered.connect(lambda _checked=False, work=work: work())
        menu.popup(spot)

    # Menus

    def _menu(self, spot: QPoint) -> None:
        ids = self.selected()
        if not ids:
            return
        one, two = len(ids) == 1, len(ids) == 2
        names = ["circle", "out_of_circle", "market", "language", "country", "", "advocate", "quiet", ""]
        if not one:
            names.insert(3, "fit_market")
        if one:
            names = ["open", "talk", "post", "rename", "", *names]
        if two:
            names += ["merge"]
        names += ["export_person", "forget"] if one else ["export"]
        self._actions_menu(names).popup(spot)

    def _more_menu(self) -> None:
        menu = self._actions_menu(["export", "fields", "fit_market", "doubles", "wishes"])
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))

    def _actions_menu(self, names: Sequence[str]) -> QMenu:
        menu = QMenu(self)
        for name in names:
            if not name:
                menu.addSeparator()
                continue
            row = action(f"audience.{name}")
            key = f"\t{shown_key(row.keys[0])}" if row.keys else ""
            entry = menu.addAction(f"{row.label}{key}")
            set_icon(entry, row.icon, "text_muted")
            entry.triggered.connect(lambda _checked=False, each=row.id: self.run_action(each))
        return menu

    def _columns_menu(self, spot: QPoint) -> None:
        menu = QMenu(self)
        for key in self.model.columns():
            if key == "name":
                continue
            entry = menu.addAction(clean_line(self.table.columns.title(key)))
            entry.setCheckable(True)
            entry.setChecked(self.table.is_shown(key))
            entry.toggled.connect(lambda on, key=key: self.table.set_shown(key, on))
        menu.addSeparator()
        usual = menu.addAction(_("The usual columns"))
        usual.triggered.connect(lambda: self.table.show_columns(self.table.columns, {}))
        own = menu.addAction(_("Own fields…"))
        own.triggered.connect(self.do_fields)
        menu.popup(spot)


def _sort(kept: object) -> Sort:
    if isinstance(kept, list) and len(kept) == 2 and kept[0] in set(Column):
        return Sort(Column(kept[0]), bool(kept[1]))
    return NEWEST

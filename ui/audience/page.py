"""The page of the people: turns what a person does, by keys, pointer or menu, into decisions."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt

from cmdesk.i18n import N_, _, ngettext
from ui import notices, theme
from ui.audience.choosing import Choosing
from ui.audience.columns import OWN
from ui.audience.deeds import AudienceDeeds
from ui.audience.look import AudienceLook
from ui.audience.menus import Menus
from ui.audience.side import name_of, paint_count
from ui.bridge import spawn
from ui.models.people_side import CIRCLE, MARKET, Place
from ui.widgets import PlainLabel
from ui.widgets.page import PageContext, Target

_OF_SELECTION = (
    "circle", "out_of_circle", "market", "language", "country", "advocate", "quiet", "export", "forget",
)  # fmt: skip
_OWN_KEYS = (
    (N_("Edit the cell"), ("F2",)),
    (N_("Into the person's card, and back"), ("Enter", "Esc")),
    (N_("Drag people onto a circle or a market"), (N_("Mouse"),)),
)


class AudiencePage(AudienceLook):
    """Over one brand or all; decisions are `AudienceDeeds`'."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.deeds = AudienceDeeds(context, self)
        self.choosing = Choosing(self)
        self.menus = Menus(self)
        self.held = PlainLabel("", self, role="small_strong", color="on_accent")
        """What is dragged, beside the pointer."""
        self.held.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.held.hide()
        self._connect()

    def _connect(self) -> None:
        self.model.loaded.connect(self._loaded)
        self.model.slow.connect(self._show_slow)
        self.model.failed.connect(self._failed)
        self.filter.changed.connect(lambda _filter: self._show_people())
        self.filter.search.returnPressed.connect(self._first)
        self.side.list.chosen.connect(self._place_chosen)
        self.side.list.menu_wanted.connect(self.menus.place)
        self.side.list.opened.connect(self._place_opened)
        self.side.new_circle.clicked.connect(self.do_new_circle)
        self.side.doubles.clicked.connect(self.do_doubles)
        self.place_edit_wanted.connect(lambda place: self.edit_circle(place.id))
        self.table.chosen.connect(self._chosen)
        self.table.opened.connect(self.do_open)
        self.table.selection_changed.connect(self._selected)
        self.table.edited.connect(self._edited)
        self.table.sort_wanted.connect(self._sorted)
        self.table.columns_changed.connect(self._remember)
        self.table.columns_menu_wanted.connect(self.menus.columns)
        self.table.menu_wanted.connect(self.menus.people)
        self.table.dragged.connect(self._dragged)
        self.table.dropped.connect(self._dropped)
        self.table.drag_ended.connect(self._drag_ended)
        self.bulk.act.connect(lambda name: self.run_action(f"audience.{name}"))
        self.bulk.closed.connect(self.table.clear_extra)
        self.new_button.clicked.connect(self.do_new)
        self.import_button.clicked.connect(self.do_import)
        self.columns_button.clicked.connect(
            lambda: self.menus.columns(self.columns_button.mapToGlobal(QPoint(0, self.columns_button.height())))
        )
        self.card_button.clicked.connect(self._card_wanted)
        self.more.clicked.connect(self.menus.more)
        card = self.card
        card.fields_changed.connect(self.deeds.people.edit)
        card.act.connect(self.deeds.people.act)
        card.conversation_wanted.connect(self._go_conversation)
        card.case_wanted.connect(lambda case_id: self.context.navigate(Target("cases", "case", case_id)))
        card.link_wanted.connect(self.deeds.open_link)
        card.all_wanted.connect(self._show_everything)
        card.menu_wanted.connect(self.menus.people)
        card.closed.connect(self._close_card)
        self.pictures.ready.connect(self.table.viewport().update)

    # Asked by the window

    def open(self, target: Target) -> None:
        """Show a person, a circle's or a market's people, or begin something."""
        if target.kind == "person" and target.id is not None:
            self._wanted = target.id
            self._card_closed = False
            self._read_card(target.id)
            if not self.model.busy:
                self._loaded()
        elif target.kind in (CIRCLE, MARKET) and target.id is not None:
            if self.filter.is_on():
                self.filter.clear()
            self.show_place(target.kind, target.id)
        elif target.kind == "new":
            self.do_new()
        elif target.kind == "import":
            self.do_import()
        elif target.kind == "new_circle":
            self.do_new_circle()

    def own_keys(self) -> Sequence[tuple[str, Sequence[str]]]:
        """What the table answers by itself."""
        return [(_(text), [_(key) for key in keys]) for text, keys in _OWN_KEYS]

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
            names |= {"open", "post", "talk", "rename", "export_person"}
        if count == 2:
            names.add("merge")
        return {f"audience.{name}" for name in names}

    # What a person does

    def _card_wanted(self, on: bool) -> None:
        if on:
            self._open_card()
        else:
            self._close_card()

    def _open_card(self) -> None:
        self._card_closed = False
        current = self.table.current_id()
        if current is not None and current != self.card.contact_id:
            self._read_card(current)
        self._fit()

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
        self._open_card()
        self.card.notes.setFocus()

    def do_rename(self) -> None:
        """Edit the name in the table."""
        self.table.edit_column("name")

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
        self.choosing.circle(ids, lambda circle_id: self.run(self.deeds.people.put_in(ids, circle_id)))

    def do_out_of_circle(self) -> None:
        """Take the selected people out of a circle: of the one that is shown, or of one to choose."""
        ids = self.selected()
        place = self.side.list.current()
        if place is not None and place.kind == CIRCLE:
            self.run(self.deeds.people.take_out(ids, place.id))
            return
        self.choosing.circle(ids, lambda circle_id: self.run(self.deeds.people.take_out(ids, circle_id)), out=True)

    def do_market(self) -> None:
        """Set the market of the selected people."""
        ids = self.selected()
        self.choosing.market(
            ids, lambda market_id: self.run(self.deeds.people.edit_many(ids, market_id=market_id or None))
        )  # fmt: skip

    def do_language(self) -> None:
        """Set the language of the selected people."""
        ids = self.selected()
        self.choosing.language(ids, lambda code: self.run(self.deeds.people.edit_many(ids, language=code)))

    def do_country(self) -> None:
        """Set the country of the selected people."""
        ids = self.selected()
        self.choosing.country(ids, lambda code: self.run(self.deeds.people.edit_many(ids, country=code)))

    def do_advocate(self) -> None:
        """Mark the selected as advocates; who are already all are so no longer."""
        ids = self.selected()
        self.run(self.deeds.people.edit_many(ids, advocate=not self._all("advocate", ids)))

    def do_quiet(self) -> None:
        """Mark that the selected do not want to be contacted; who are already all may be again."""
        ids = self.selected()
        if self._all("opt_out", ids):
            self.run(self.deeds.people.edit_many(ids, opt_out=False))
        else:
            self.run(self.deeds.people.ask_opt_out(ids))

    def _all(self, mark: str, ids: Sequence[int]) -> bool:
        rows = [self.model.person(each) for each in ids[:200]]
        return bool(rows) and all(row is not None and getattr(row, mark) for row in rows)

    def do_merge(self) -> None:
        """Make two people one."""
        ids = self.selected()
        if len(ids) == 2:
            self.run(self.deeds.merge(ids[0], ids[1]))
        else:
            notices.tell(_("Select two people to make them one."))

    def do_doubles(self) -> None:
        """Look through the probable doubles."""
        self.run(self.deeds.doubles())

    def do_new(self) -> None:
        """Write a person down by hand."""
        self.run(self._new())

    async def _new(self) -> None:
        made = await self.deeds.new_person()
        if made is not None:
            self._wanted = made
            self._card_closed = False
            self._read_card(made)

    def do_fields(self) -> None:
        """The brand's own fields."""
        self.run(self.deeds.fields())

    def do_import(self) -> None:
        """Take people in from a file."""
        self.run(self.deeds.take_in())

    def do_export(self) -> None:
        """Write the selected people to a file, or everybody who is listed."""
        ids = self.table.selected_ids() if self.table.selected_count() > 1 else self.model.all_ids()
        self.run(self.deeds.write_out(ids))

    def do_export_person(self) -> None:
        """Everything about one person as a folder that opens anywhere (N21)."""
        for person_id in self.selected()[:1]:
            self.run(self.deeds.by_law.write_person(person_id))

    def do_forget(self) -> None:
        """Delete somebody who asked for it (N21)."""
        ids = self.selected()
        if len(ids) == 1:
            self.run(self.deeds.by_law.forget(ids[0]))
        elif ids:
            notices.tell(_("People are forgotten one by one: each gets a certificate."))

    def do_new_circle(self) -> None:
        """Make a circle; several selected people go into it."""
        ids = self.table.selected_ids() if self.table.selected_count() > 1 else []
        self.run(self.deeds.new_circle(ids))

    def edit_circle(self, circle_id: int) -> None:
        """Name, rule, people and history of a circle."""
        self.run(self.deeds.edit_circle(circle_id))

    def do_fit_market(self) -> None:
        """Give people without a market the one of their language and country."""
        self.run(self.deeds.fit_market(self.table.selected_ids()))

    def run(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something that takes a while, told as the page's."""
        spawn(work, self, name=_("People"))

    # Circles by pointer and menu

    def _dragged(self, spot: QPoint) -> None:
        """Say beside the pointer how many are held, and over what."""
        place = self.side.list.hold(spot)
        count = self.table.selected_count()
        words = ngettext("{count} person", "{count} people", count).format(count=paint_count(count))
        self.held.setText(f"{words} → {name_of(place)}" if place is not None else words)
        self.held.setStyleSheet(f"background: {theme.colors().accent}; border-radius: 6px; padding: 4px 8px;")
        self.held.adjustSize()
        self.held.move(self.mapFromGlobal(spot) + QPoint(16, 12))
        self.held.show()
        self.held.raise_()

    def _drag_ended(self) -> None:
        self.held.hide()
        self.side.list.hold(None)

    def _dropped(self, ids: list[int], spot: QPoint) -> None:
        place = self.side.list.hold(spot)
        self.side.list.hold(None)
        if place is None or not ids:
            return
        people = self.deeds.people
        match place.kind:
            case "circle":
                self.run(people.put_in(ids, place.id))
            case "market":
                self.run(people.edit_many(ids, market_id=place.id))
            case "no_market":
                self.run(people.edit_many(ids, market_id=None))
            case "advocates":
                self.run(people.edit_many(ids, advocate=True))
            case "opt_out":
                self.run(people.ask_opt_out(ids))

    def _place_opened(self, place: Place) -> None:
        if place.kind == CIRCLE:
            self.edit_circle(place.id)

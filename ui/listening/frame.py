"""The Listening page as a frame: its panes, what they show, and what is remembered of them for each brand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout

from cmdesk.i18n import _, ngettext
from cmdesk.listening.values import Counts, Hit, HitState, Search, SearchKind
from cmdesk.wording import explain_code, explain_reason
from ui.bridge import Changes, Topic, spawn
from ui.listening import words
from ui.listening.competitors import CompetitorsView
from ui.listening.deeds import Deeds
from ui.listening.detail import HitPane
from ui.listening.list import USUAL, ListPane
from ui.listening.proposals import Proposals
from ui.listening.side import ALL, COMPETITORS, WIDTH, SidePane
from ui.listening.silence import SilenceBanners
from ui.models import listening_proposals, listening_side as models
from ui.models.directory import Directory
from ui.models.listening import HitQuery, HitsModel
from ui.models.listening_side import Side
from ui.models.pictures import Pictures
from ui.widgets import Button
from ui.widgets.page import Page, PageContext, Target
from ui.widgets.panels import Surface

_COUNT_AFTER_MS = 200
_TOPICS = (Topic.LISTEN, Topic.BRAND, Topic.ACCOUNT, Topic.CARE, Topic.SETTING, Topic.DELIVERY, Topic.POST)
_OFFLINE = frozenset({"offline", "not_sent"})


class ListeningFrame(Page):
    """Shows searches, hits, one in full, competitors and silent channels; decides nothing."""

    scope = "listening"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        desk = context.desk
        self._desk, self._now = desk, desk.clock.now
        self._brand_id: int | None = context.brand_id
        self._brand_states: dict[str, dict[str, Any]] = {}
        self._wanted: int | None = None
        self._shown: int | None = None
        self._known = Side((), Counts(), 0, ())
        self._restores = True  # what is remembered of the brand is still to be put back
        self.directory = Directory(desk, self)
        self.pictures = Pictures(desk, self.directory, self)
        self.model = HitsModel(desk, self, describe=self._describe)
        self.deeds = Deeds(context, self)
        self.side = SidePane()
        self.silence = SilenceBanners(self.directory)
        self.list = ListPane(self.model, self.directory, self.pictures, self._now)
        self.detail = HitPane(self.pictures, self._now)
        self.rivals = CompetitorsView(context, self.directory, self.pictures)
        self.proposals = Proposals(self.directory)
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(_COUNT_AFTER_MS)
        self._build()
        self._connect()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._inner = QSplitter(Qt.Orientation.Horizontal)
        for each in (self._splitter, self._inner):
            each.setChildrenCollapsible(False)
            each.setHandleWidth(1)
        self._inner.addWidget(self.list)
        self._inner.addWidget(self.detail)
        self._inner.setStretchFactor(1, 1)
        self._inner.setSizes([USUAL, 600])
        right = Surface("surface")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.silence)
        self._stack = QStackedWidget()
        for part in (self._inner, self.rivals, self.proposals):
            self._stack.addWidget(part)
        column.addWidget(self._stack, 1)
        self._splitter.addWidget(self.side)
        self._splitter.addWidget(right)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([WIDTH, 1000])
        outer.addWidget(self._splitter)

    def _connect(self) -> None:
        self._counting.timeout.connect(self._read_side)
        self.side.chosen.connect(self._choose_entry)
        self.side.places_wanted.connect(lambda: self.context.navigate(Target("cases", "places")))
        self.list.query_changed.connect(self._show)
        self.list.table.chosen.connect(self._chosen)
        self.list.table.selection_changed.connect(self._selected)
        self.model.loaded.connect(self._loaded)
        self.model.shrunk.connect(self._shrunk)
        self.model.failed.connect(self.list.show_failure)
        self.detail.search_wanted.connect(self.show_search)

    # Asked by the window

    def show_brand(self, brand_id: int | None) -> None:
        """Another brand: its own last search and list."""
        self._remember()
        self._brand_id = brand_id
        self._wanted = None
        self._shown = None
        self._restores = True
        self.mark_stale()

    def concerned(self, changes: Changes) -> bool:
        """What is listened to, and what it is shown with."""
        return changes.concerns(*_TOPICS)

    def refresh(self, changes: Changes | None) -> None:
        """Read everything anew (None), or what changed."""
        if changes is None:
            self.directory.reload()
            self._read_side()
            if self._restores:
                self._restores = False
                self._put_back()
            else:
                self._go_on()
            return
        self.directory.apply(changes)
        self.pictures.apply(changes)
        self.model.apply(changes)
        self._counting.start()

    def _put_back(self) -> None:
        """Show what was shown of this brand last."""
        state = self._brand_states.get(_key(self._brand_id), {})
        self.side.set_current(str(state.get("entry", ALL)))
        if self._wanted is None and isinstance(state.get("hit"), int):
            self._wanted = state["hit"]
        shown = state.get("state")
        self._follow_entry(HitState(shown) if shown in set(HitState) else HitState.NEW)

    def _go_on(self) -> None:
        """Read anew what is shown already, narrowed as it is."""
        query, search = self.model.query, self.search()
        same = query.search_id == (search.id if search is not None else None)
        if same and self._known.searches and self._stack.currentWidget() is self._inner:
            self._show(query)
        else:
            self._follow_entry(query.state)

    def open(self, target: Target) -> None:
        """Go to a hit ("hit"), a search ("search"), the competitors, or the list of all that is new."""
        if target.kind == "competitors":
            self.choose_entry(COMPETITORS)
        elif target.kind == "search" and target.id is not None:
            self.show_search(target.id)
        elif target.kind == "hit" and target.id is not None:
            hit = models.read_hit(self._desk, target.id)
            if hit is not None:
                self._wanted = hit.id
                self.side.set_current(ALL)
                self._follow_entry(hit.state)
        elif target.kind == "new":
            self.choose_entry(ALL)

    def focus_main(self) -> None:
        """The list gets the keyboard."""
        if self._stack.currentWidget() is self._inner and self.list.showing_table():
            self.list.table.setFocus()
        elif self._stack.currentWidget() is self.rivals:
            self.rivals.focus_main()
        else:
            self.setFocus()

    def ended(self) -> None:
        """Fetch no more pictures."""
        self.pictures.close()

    def save_state(self) -> dict[str, Any]:
        """Sizes, and per brand the search, the list and the hit."""
        self._remember()
        return {"sizes": self._splitter.sizes(), "inner": self._inner.sizes(), "brands": self._brand_states}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take them back."""
        for splitter, key in ((self._splitter, "sizes"), (self._inner, "inner")):
            sizes = state.get(key)
            if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(each, int) for each in sizes):
                splitter.setSizes(sizes)
        brands = state.get("brands")
        if isinstance(brands, dict):
            self._brand_states = {str(key): dict(each) for key, each in brands.items() if isinstance(each, dict)}

    # What is listened to

    def search(self) -> Search | None:
        """The search that is chosen, None for all or the competitors' table."""
        entry = self.side.entry(self.side.current())
        return entry.search if entry is not None else None

    def searches(self) -> tuple[Search, ...]:
        """Everything that is listened to here."""
        return self._known.searches

    def show_search(self, search_id: int) -> None:
        """Show what one search found."""
        self.choose_entry(str(search_id))

    def choose_entry(self, key: str) -> None:
        """Choose a line of the side list as a click does."""
        self.side.set_current(key)
        self._choose_entry(self.side.current())

    def _choose_entry(self, _key: str) -> None:
        self._wanted = None
        self._shown = None
        self._follow_entry(self.model.query.state)
        self.focus_main()

    def _follow_entry(self, state: HitState) -> None:
        """Show what the chosen line of the side list stands for."""
        key = self.side.current()
        search = self.search()
        if key == COMPETITORS or (search is not None and search.kind is SearchKind.COMPETITOR):
            self._stack.setCurrentWidget(self.rivals)
            self.rivals.show_brand(self._brand_id, chosen=search.id if search is not None else None)
        elif not self._known.searches:
            self._stack.setCurrentWidget(self.proposals)
            self.proposals.show_values(listening_proposals.propose(self._desk, self._brand_id), self._brand_id)
        else:
            self._stack.setCurrentWidget(self._inner)
            self._show(HitQuery(self._brand_id, state, search.id if search is not None else None))
        self.choice_changed.emit()

    def _read_side(self) -> None:
        known = models.read_side(self._desk, self._brand_id)
        had = bool(self._known.searches)
        self._known = known
        colors = {each.id: each.color for each in self.directory.brands()} if self._brand_id is None else {}
        whys = {each.id: self._why_failed(each) for each in known.searches}
        self.side.show_searches(known.searches, colors=colors, whys=whys)
        self.side.show_counts(known.counts, places=known.places)
        self.list.states.set_new(self._new_here())
        self.list.delegate.set_searches(known.by_id)
        self.list.delegate.show_brand = self._brand_id is None
        self._show_trouble()
        spawn(self._read_silence(self._brand_id), self, name="silent channels")
        if had != bool(known.searches) or self._stack.currentWidget() is self.proposals:
            self._follow_entry(self.model.query.state)
        elif self._stack.currentWidget() is self.rivals:
            self.rivals.refresh()
        elif self._shown is not None:
            self._show_hit(self._shown)

    def _new_here(self) -> int:
        search = self.search()
        counts = self._known.counts
        return counts.new if search is None else counts.by_search.get(search.id, 0)

    async def _read_silence(self, brand_id: int | None) -> None:
        found = await models.read_silence(self._desk, brand_id)
        if brand_id == self._brand_id:
            self.silence.show_silences(found)

    @staticmethod
    def _why_failed(search: Search) -> str:
        """What is wrong with a search in one line: its last round, else what the networks asked could not do."""
        if search.error_code:
            return explain_code(search.error_code, search.error_detail)
        codes = {each.code: each.detail for each in search.reaches}
        if codes and "" not in codes:
            code, detail = next(iter(codes.items()))
            return explain_code(code, detail)
        return ""

    def _show_trouble(self) -> None:
        """Above the list: what the chosen search cannot do, and what to do about it; or that there is no connection."""
        search = self.search()
        asked = [each for each in self._known.searches if each.checked_at is not None and not each.paused]
        if search is None:
            offline = bool(asked) and all(each.error_code in _OFFLINE for each in asked)
            last = max((each.checked_at for each in asked if each.checked_at is not None), default=None)
            said = ""
            if offline and last is not None:
                when = words.spoken(last, self._now())
                said = _("No connection: looked for the last time {when}. It goes on by itself.").format(when=when)
            self.list.say_trouble(said, icon="wifi-off")
            return
        code, detail = search.error_code, search.error_detail
        lacking = [each for each in search.reaches if each.code]
        if not code and lacking:
            code, detail = lacking[0].code, lacking[0].detail
        if search.paused:
            self.list.say_trouble(_("This search rests. S lets it go on."), tone="info", icon="pause")
        elif code:
            why = explain_reason(code, detail)
            again = _("It looks again by itself") if code in _OFFLINE else why.todo  # nothing waits to be sent here
            text = " ".join(f"{part.rstrip('.')}." for part in (why.what, why.why, again) if part)
            failed = bool(search.error_code)
            icon = "wifi-off" if code in _OFFLINE else "triangle-alert" if failed else "info"
            self.list.say_trouble(text, tone="warning" if failed else "info", icon=icon)
        else:
            self.list.say_trouble("")

    # The list

    def _show(self, query: HitQuery) -> None:
        query = replace(query, brand_id=self._brand_id)
        self.list.states.set_new(self._new_here())
        self.list.show_query(query, self._known.sources)
        self._show_trouble()
        self.model.show(query)

    def _loaded(self) -> None:
        wanted = self._wanted if self._wanted is not None else self._shown
        self._wanted = None
        table = self.list.table
        if self.model.rowCount():
            self.list.show_rows()
            found = wanted is not None and table.choose(wanted, quiet=True)
            self._show_hit(wanted if found else None)
            if self.hasFocus():
                table.setFocus()
        else:
            self._show_hit(None)
            self._show_empty()

    def _shrunk(self) -> None:
        """Rows went or came back: what is chosen now is shown; nothing left is said."""
        if not self.model.rowCount():
            self._show_hit(None)
            self._show_empty()
            return
        self.list.show_rows()
        current = self.list.table.current_id()
        if current != self._shown:
            self._show_hit(current)

    def _show_empty(self) -> None:
        query, search = self.model.query, self.search()
        every = Button(_("Show all"), variant="primary")
        every.clicked.connect(self.list.clear_filters)
        if query.filtered:
            self.list.show_empty(
                "search-x", _("Nothing matches"), _("There may be others."), tone="neutral", buttons=(every,)
            )
        elif query.state is not HitState.NEW:
            text = {
                HitState.SEEN: _("What you have seen with E stands here for half a year."),
                HitState.USEFUL: _("B keeps a hit for later: for a post, an idea, an answer."),
                HitState.PROMOTED: _("P takes a hit into the inbox, where it is answered like any mention."),
                HitState.DISMISSED: _("What was not interesting stands here for half a year."),
            }[query.state]
            icon = words.STATES[query.state][1]
            self.list.show_empty(icon, _("Nothing here"), text, tone="neutral")
        elif search is not None and search.checked_at is None and not search.paused:
            self.list.show_empty("radar", _("It is looking"), _("The first hits come within a minute or two."))
        else:
            checked = [each.checked_at for each in self._known.searches if each.checked_at is not None]
            when = words.spoken(max(checked), self._now()) if checked else ""
            text = _("Looked for the last time {when}.").format(when=when) if when else ""
            look = Button(_("Look now"), icon="refresh-cw")
            look.clicked.connect(lambda: self.run_action("listening.look"))
            self.list.show_empty("ear", _("Nothing new"), text, tone="positive", buttons=(look,))

    def _chosen(self, hit_id: int | None) -> None:
        self._show_hit(hit_id)

    def _selected(self, count: int) -> None:
        if count > 1:
            self.detail.show_several(ngettext("{count} hit chosen", "{count} hits chosen", count).format(count=count))
        elif self._shown is not None:
            self._show_hit(self._shown)
        self.choice_changed.emit()

    def _show_hit(self, hit_id: int | None) -> None:
        self._shown = hit_id
        hit = models.read_hit(self._desk, hit_id) if hit_id is not None else None
        if hit is None:
            self._shown = None
            self.detail.show_nothing()
        else:
            searches = self._known.by_id
            offered = {each.partition(".")[2] for each in self._offered(hit)}
            self.detail.show_hit(hit, searches, enabled=offered, whys=models.whys(hit, searches))
        self.choice_changed.emit()

    def _offered(self, hit: Hit) -> set[str]:
        """The actions that make sense for a hit, by their ids."""
        names = {"watch", "answer"}
        if hit.state is not HitState.PROMOTED:
            names |= {"promote", "thank", "seen", "keep", "dismiss"}
            gone = {HitState.SEEN: "seen", HitState.USEFUL: "keep", HitState.DISMISSED: "dismiss"}.get(hit.state)
            if gone is not None:
                names = (names - {gone}) | {"again"}
            if hit.author_id:
                names.add("mute")
        if hit.url:
            names.add("open_remote")
        return {f"listening.{name}" for name in names}

    def _describe(self, hit: Hit) -> str:
        searches = self._known.by_id
        names = [words.search_name(searches[each]) for each in hit.search_ids if each in searches]
        brand = self.directory.brand(hit.brand_id) if self._brand_id is None else None
        return words.sentence(hit, now=self._now(), brand=brand, names=names)

    def _remember(self) -> None:
        if self._known.searches:
            self._brand_states[_key(self._brand_id)] = {
                "entry": self.side.current(), "state": self.model.query.state.value, "hit": self._shown,
            }  # fmt: skip


def _key(brand_id: int | None) -> str:
    return "all" if brand_id is None else str(brand_id)

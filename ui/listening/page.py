"""The Listening page: answers its keys and buttons, its menus and dialogs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMenu

from cmdesk.commands import listening as commands
from cmdesk.i18n import _, ngettext
from cmdesk.listening.values import Hit, HitState, Search, SearchKind
from cmdesk.model import Account
from cmdesk.safe_text import clean_line
from ui import icons, notices
from ui.bridge import spawn
from ui.casework.silence import SilenceDialog
from ui.listening import words
from ui.listening.editor import SearchDialog
from ui.listening.frame import ListeningFrame
from ui.listening.side import COMPETITORS
from ui.models.listening_proposals import Proposal
from ui.widgets.links import open_web
from ui.widgets.page import PageContext, Target

_MOST = 200
"""So many hits at once are taken into the inbox: each is a decision of its own."""


class ListeningPage(ListeningFrame):
    """Runs what the person wants; the core decides what that means."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.side.new_wanted.connect(lambda kind: self.new_search(kind=kind))
        self.side.menu_wanted.connect(self._search_menu)
        self.list.act.connect(lambda name: self.run_action(f"listening.{name}"))
        self.list.muted_wanted.connect(self.do_muted)
        self.list.pill.clicked.connect(self.do_show_new)
        self.list.table.opened.connect(self.do_answer)
        self.list.table.menu_wanted.connect(self._hit_menu)
        self.detail.act.connect(lambda name: self.run_action(f"listening.{name}"))
        self.rivals.add_wanted.connect(lambda: self.new_search(kind=SearchKind.COMPETITOR))
        self.rivals.menu_wanted.connect(self._rival_menu)
        self.proposals.begin.connect(self._begin)
        self.proposals.new_wanted.connect(lambda kind: self.new_search(kind=kind))
        self.silence.write.connect(self._write)
        self.silence.answer.connect(self._answer)
        self.silence.snooze.connect(self._snooze)
        self.silence.limits.connect(self._limits)

    # Asked by the window

    def enabled_actions(self) -> set[str] | None:
        """What makes sense for the chosen hits and search."""
        names = {"new", "look", "search", "back_to_list", "next", "previous", "muted"}
        if any(each.kind is SearchKind.COMPETITOR for each in self.searches()):
            names |= {"competitors", "export"}
        if self.searches():
            names.add("hits")
        if self._managed() is not None:
            names |= {"edit", "pause"}
        ids = self._target_ids() if self._stack.currentWidget() is self._inner else []
        if self._stack.currentWidget() is self._inner:
            names |= {"show_new", "select", "select_all"}
        if len(ids) > 1:
            names |= {"promote", "thank", "keep", "seen", "dismiss", "again", "mute", "watch"}
        hits = self.model.hits(ids) if len(ids) == 1 else []
        offered = self._offered(hits[0]) if hits else set()
        return {f"listening.{name}" for name in names} | offered

    def keys_allowed(self) -> bool:
        """Bare keys act where the page has the focus."""
        focus = QApplication.focusWidget()
        return super().keys_allowed() and (focus is None or self.isAncestorOf(focus) or focus is self)

    def own_keys(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Keys of the views themselves."""
        return ((_("Take into the inbox and answer"), ("Return",)), (_("Select several"), ("Shift+Down",)))

    # Hits

    def do_next(self) -> None:
        """The row below."""
        self._step(1)

    def do_previous(self) -> None:
        """The row above."""
        self._step(-1)

    def do_promote(self) -> None:
        """Take into the inbox and go on here."""
        hits = self._targets(_MOST)
        if hits:
            self._leave(hits)
            spawn(self.deeds.promote(hits), self, name=_("Take into the inbox"))

    def do_answer(self) -> None:
        """Take into the inbox and go there; one that is there already is only shown."""
        hits = self._targets(1)
        if hits:
            spawn(self._answer_hit(hits[0]), self, name=_("Take into the inbox and answer"))

    async def _answer_hit(self, hit: Hit) -> None:
        if hit.conversation_id is None:
            self._leave([hit])
        made = [hit.conversation_id] if hit.conversation_id is not None else await self.deeds.promote([hit], tell=False)
        if made:
            self.context.navigate(Target("inbox", "conversation", made[0], hit.brand_id))

    def do_thank(self) -> None:
        """Take into the inbox and thank."""
        hits = self._targets(_MOST)
        if hits:
            self._leave(hits)
            spawn(self.deeds.thank(hits), self, name=_("Thank"))

    def do_seen(self) -> None:
        """Nothing to do, but good to know."""
        self._decide(HitState.SEEN)

    def do_keep(self) -> None:
        """For later."""
        self._decide(HitState.USEFUL)

    def do_dismiss(self) -> None:
        """Not what is looked for."""
        self._decide(HitState.DISMISSED)

    def do_again(self) -> None:
        """As if nobody had looked."""
        self._decide(HitState.NEW)

    def do_mute(self) -> None:
        """Listen to the author no more."""
        hits = self._targets(_MOST)
        if hits:
            spawn(self._mute(hits), self, name=_("Mute the author…"))

    async def _mute(self, hits: list[Hit]) -> None:
        self._plan(hits)
        await self.deeds.mute(hits)

    def do_muted(self) -> None:
        """Show who is not listened to, to listen to them again."""
        spawn(self._show_muted(), self, name=_("Muted authors…"))

    async def _show_muted(self) -> None:
        from ui.listening.muted import MutedDialog

        await MutedDialog(
            self._desk, self.directory, self.window(), brand_id=self._brand_id, again=self.deeds.unmute
        ).ask()

    def do_watch(self) -> None:
        """Remember the place."""
        hits = self._targets(_MOST)
        if hits:
            self._leave([each for each in hits if each.state in (HitState.NEW, HitState.SEEN)])
            self.deeds.watch(hits)

    def do_open_remote(self) -> None:
        """Open it in the browser."""
        hits = self._targets(1)
        if hits and not (hits[0].url and open_web(hits[0].url)):
            notices.tell(_("This address cannot be opened."), tone="warning")

    def do_select(self) -> None:
        """Select or unselect the current row."""
        self.list.table.toggle_current()

    def do_select_all(self) -> None:
        """Select the whole list."""
        self.list.table.selectAll()
        self.list.table.setFocus()

    def do_search(self) -> None:
        """Go to the search field."""
        if self._stack.currentWidget() is not self._inner:
            self.do_hits()
        self.list.search.setFocus()
        self.list.search.selectAll()

    def do_show_new(self) -> None:
        """Take in what was found meanwhile and go to the top."""
        if self.model.waiting:
            self.model.take_new()
        self.list.table.scrollToTop()
        self.list.table.setFocus()

    def do_back_to_list(self) -> None:
        """Leave the field, then the selection, then the search in what was found."""
        table = self.list.table
        if self.list.search.hasFocus() and self.list.search.text():
            self.list.clear_filters()
            return
        if table.hasFocus() and len(table.selected_ids()) > 1:
            table.clear_extra()
        elif table.hasFocus() and self.model.query.filtered:
            self.list.clear_filters()
        self.focus_main()

    def _decide(self, state: HitState) -> None:
        ids = self._target_ids()  # never the hits themselves: there may be ten thousand
        if ids and self.model.query.state not in (state, HitState.PROMOTED):
            first = self.model.hits(ids[:1])
            self._leave_ids(ids)
            self.deeds.decide(ids, state, first=first)

    def _target_ids(self) -> list[int]:
        """The selected hits, else the one that is shown."""
        ids = self.list.table.selected_ids()
        if len(ids) < 2:
            ids = [self._shown] if self._shown is not None else []
        return ids

    def _targets(self, most: int | None = None) -> list[Hit]:
        ids = self._target_ids()
        return self.model.hits(ids[:most] if most is not None else ids)

    def _leave(self, hits: Sequence[Hit]) -> None:
        self._leave_ids([each.id for each in hits])

    def _leave_ids(self, ids: Sequence[int]) -> None:
        """Hits are about to leave the list: choose the one that follows at once."""
        after = self.list.table.neighbour(set(ids)) if ids else None
        if after is not None:
            self.list.table.choose(after)

    def _plan(self, hits: Sequence[Hit]) -> None:
        """The same where a question comes first: nothing is chosen before it is answered."""
        self._wanted = self.list.table.neighbour({each.id for each in hits})

    def _step(self, by: int) -> None:
        if self._stack.currentWidget() is self.rivals:
            self.rivals.step(by)
        else:
            self.list.table.step(by)

    # Searches

    def do_new(self) -> None:
        """A new search."""
        self.new_search()

    def do_hits(self) -> None:
        """Everything that was found."""
        self.choose_entry("all")

    def do_competitors(self) -> None:
        """The competitors' table."""
        self.choose_entry(COMPETITORS)

    def do_export(self) -> None:
        """The competitors' figures as a file."""
        if self._stack.currentWidget() is not self.rivals:
            self.do_competitors()
        self.rivals.save_csv()

    def do_edit(self) -> None:
        """Change the chosen search."""
        search = self._managed()
        if search is not None:
            self.edit_search(search)

    def do_pause(self) -> None:
        """Let the chosen search rest, or go on."""
        search = self._managed()
        if search is not None:
            self.deeds.pause(search)

    def do_look(self) -> None:
        """Look now: the chosen search, else all."""
        search = self._managed()
        self.deeds.look_now([search] if search is not None else list(self.searches()))

    def new_search(self, *, kind: SearchKind | None = None) -> None:
        """Ask what to listen to."""
        spawn(self._ask_search(None, kind), self, name=_("New search…"))

    def edit_search(self, search: Search) -> None:
        """Change what is listened to."""
        spawn(self._ask_search(search, search.kind), self, name=_("Edit the search…"))

    async def _ask_search(self, search: Search | None, kind: SearchKind | None) -> None:
        if not self.directory.brands():
            notices.tell(_("Add a brand first: each search belongs to one."))
            return
        chosen = self.search()
        usual = kind or (chosen.kind if chosen is not None else SearchKind.WORDS)
        dialog = SearchDialog(
            self._desk, self.directory, self.pictures, self.window(), search=search, kind=usual, brand_id=self._brand_id
        )
        if await dialog.ask() and dialog.saved is not None:
            name = dialog.saved_name
            text = _("Listened to: {name}") if search is None else _("Changed: {name}")
            self.context.undo(dialog.saved, text.format(name=name))
            self._read_side()
            self.show_search(dialog.saved.value)
            self._desk.engine.wake()

    def _managed(self) -> Search | None:
        """The search that keys mean: the chosen one, of competitors the row's."""
        search = self.search()
        current = self.rivals.current() if self._stack.currentWidget() is self.rivals else None
        if current is not None and not current.own:
            return self._known.by_id.get(current.key)
        return search

    async def _start(self, proposals: Sequence[Proposal]) -> None:
        done = 0
        for each in proposals:
            saved = await self._desk.run(
                commands.save_search, brand_id=each.brand_id, kind=each.kind, name=each.name, query=each.query,
                language=each.language, network=each.network, handle=each.handle,
            )  # fmt: skip
            self.context.undo(saved, _("Listened to: {name}").format(name=clean_line(each.name, limit=60)))
            done += 1
        text = ngettext("{count} search listens now", "{count} searches listen now", done).format(count=done)
        notices.tell(text, tone="positive")
        self._desk.engine.wake()

    def _begin(self, proposals: Sequence[Proposal]) -> None:
        spawn(self._start(proposals), self, name=_("What shall be listened to?"))

    # Menus

    def _search_menu(self, search: Search, spot: QPoint) -> None:
        self.search_menu(search).popup(spot)

    def _rival_menu(self, search_id: int, spot: QPoint) -> None:
        search = self._known.by_id.get(search_id)
        if search is not None:
            self.search_menu(search).popup(spot)

    def search_menu(self, search: Search) -> QMenu:
        """What can be done with a search."""
        menu = QMenu(self)
        rows: list[tuple[str, str, Callable[[], object]]] = [
            (_("Edit the search…"), "pencil", lambda: self.edit_search(search)),
            (_("Look now"), "refresh-cw", lambda: self.deeds.look_now([search])),
            (
                _("Let it go on") if search.paused else _("Let it rest"), "play" if search.paused else "pause",
                lambda: self.deeds.pause(search),
            ),
            (_("Listen no longer…"), "trash-2", lambda: spawn(self._delete(search), self, name=_("Listen no longer…"))),
        ]  # fmt: skip
        for text, icon, do in rows:
            made = menu.addAction(text, do)
            icons.set_icon(made, icon, "text_muted")
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    async def _delete(self, search: Search) -> None:
        title = _("Listen no longer to “{name}”?").format(name=words.search_name(search))
        text = _("What it found goes with it, except what was kept or taken into the inbox. You can take this back.")
        if search.kind is SearchKind.COMPETITOR:
            text = _("Its figures go with it. You can take this back.")
        if await notices.confirm(title, text, yes=_("Listen no longer"), danger=True):
            await self.deeds.run(
                commands.delete_search,
                _("No longer listened to: {name}").format(name=words.search_name(search)), search_id=search.id,
            )  # fmt: skip

    def _hit_menu(self, spot: QPoint) -> None:
        menu = self.hit_menu()
        if menu is not None:
            menu.popup(spot)

    def hit_menu(self) -> QMenu | None:
        """What can be done with the chosen hits; None without any."""
        from ui.actions import in_scope
        from ui.widgets.key_help import shown_key

        if not self._target_ids():
            return None
        enabled = self.enabled_actions() or set()
        menu = QMenu(self)
        shown = ("promote", "answer", "thank", "keep", "seen", "dismiss", "again", "mute", "watch", "open_remote")
        for row in in_scope("listening"):
            if row.id in enabled and row.id.partition(".")[2] in shown:
                made = menu.addAction(f"{row.label}\t{shown_key(row.keys[0])}")
                icons.set_icon(made, row.icon, "text_muted")
                made.triggered.connect(lambda _checked=False, each=row.id: self.run_action(each))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    # Silent channels

    def _write(self, account: Account) -> None:
        self.context.navigate(Target("composer", "new_post", account.id, account.brand_id))

    def _answer(self, account: Account) -> None:
        self.context.navigate(Target("inbox", "account", account.id, account.brand_id))

    def _snooze(self, account: Account, days: int) -> None:
        self.deeds.snooze_silence(account.id, f"@{account.handle.removeprefix('@')}", days)

    def _limits(self, account: Account) -> None:
        spawn(self._ask_limits(account), self, name=_("From when on it is said…"))

    async def _ask_limits(self, account: Account) -> None:
        brand = self.directory.brand(account.brand_id)
        if brand is None:
            return
        dialog = SilenceDialog(self._desk, self.window(), brand)
        if await dialog.ask():
            done = await dialog.save()
            self.context.undo(done, _("Silent channels of {brand}").format(brand=clean_line(brand.name)))

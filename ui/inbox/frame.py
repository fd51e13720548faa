"""The inbox page as a frame: its four panes, what they show, and what is remembered of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout

from cmdesk.errors import DeskError, Invalid
from cmdesk.i18n import _, ngettext
from cmdesk.safe_text import clean_line
from ui import notices
from ui.bridge import Changes, spawn
from ui.inbox import care_words, words
from ui.inbox.deeds import Deeds
from ui.inbox.list import ListPane
from ui.inbox.panes import Panes
from ui.inbox.person import PersonPane
from ui.inbox.thread import ThreadPane
from ui.inbox.views import ViewsPane
from ui.models import inbox as models
from ui.models.directory import Directory
from ui.models.inbox import InboxModel, Query, Row, View
from ui.models.inbox_query import query_from, query_state
from ui.models.person import read_person
from ui.models.pictures import Pictures
from ui.models.thread import LONG, Thread, read_now, read_thread
from ui.people.deeds import PeopleDeeds
from ui.widgets import Button
from ui.widgets.page import Page, PageContext, Target

_READ_AFTER_MS = 700
"""A conversation counts as read when it was open this long."""

_COUNT_AFTER_MS = 300
_OFFLINE = ("offline", "not_sent")


class InboxFrame(Page):
    """Shows lists, a conversation and its person; decides nothing."""

    scope = "inbox"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        desk = context.desk
        self._desk = desk
        self._now = desk.clock.now
        self.directory = Directory(desk, self)
        self.pictures = Pictures(desk, self.directory, self)
        self.model = InboxModel(desk, self, describe=self._describe)
        self.deeds = Deeds(context, self)
        self.people = PeopleDeeds(context, self)
        self.views = ViewsPane()
        self.list = ListPane(self.model, self.directory, self.pictures, self._now)
        self.talk = ThreadPane(self.pictures, self._now)
        self.person = PersonPane(self.pictures)
        self.panes = Panes(self.views, self.list, self.talk, self.person, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.panes, 1)
        self._brand_id: int | None = context.brand_id
        self._brand_states: dict[str, dict[str, Any]] = {}
        self._wanted: int | None = None
        self._shown: int | None = None
        self._whole_person = False
        self._keep_unread: int | None = None
        self._started = False
        self._seen_brands = False
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.setInterval(_READ_AFTER_MS)
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(_COUNT_AFTER_MS)

    # Asked by the window

    def show_brand(self, brand_id: int | None) -> None:
        """Another brand: its own last list and conversation."""
        self.talk.reply.flush()
        self._remember()
        self._brand_id = brand_id
        self._stale = True
        if self.isVisible():
            self._stale = False
            self.refresh(None)

    def open(self, target: Target) -> None:
        """Go to a conversation, to what waits at one account, or to the search for a text."""
        if target.kind == "conversation" and target.id is not None:
            self.go_to(target.id)
        elif target.kind == "account" and target.id is not None:
            self._show(replace(self.model.query.without_filters(), view=View.OPEN, account_id=target.id))
        elif target.text:
            self._show(replace(self.model.query.without_filters(), text=target.text))

    def refresh(self, changes: Changes | None) -> None:
        """Read everything anew (None), or what changed."""
        if changes is None:
            self.directory.reload()
            if self._started and self.model.query.brand_id == self._brand_id:
                self._show(self.model.query)
                if self._shown is not None:
                    self._read_thread(self._shown)
                return
            self._started = True
            state = self._brand_states.get(_key(self._brand_id), {})
            if self._wanted is None:
                self._wanted = state.get("conversation")
            self._show(query_from(state, self._brand_id))
            return
        self.directory.apply(changes)
        self.pictures.apply(changes)
        self.model.apply(changes)
        self._counting.start()
        if self._shown is not None and _concerns(changes, self._shown):
            self._read_thread(self._shown)

    def focus_main(self) -> None:
        """The list gets the keyboard, as soon as it is there."""
        table = self.list.table
        (table if table.isVisible() else self).setFocus()

    def leaving(self) -> None:
        """Store what is being written."""
        self.talk.reply.flush()
        self.person.flush()
        self._reading.stop()

    def ended(self) -> None:
        """Fetch no more pictures."""
        self.pictures.close()

    def save_state(self) -> dict[str, Any]:
        """Sizes, and per brand the list and the conversation."""
        self._remember()
        return {"panes": self.panes.save(), "brands": self._brand_states}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take them back."""
        panes, brands = state.get("panes"), state.get("brands")
        if isinstance(panes, dict):
            self.panes.restore(panes)
        if isinstance(brands, dict):
            self._brand_states = {str(key): dict(each) for key, each in brands.items() if isinstance(each, dict)}

    def enabled_actions(self) -> set[str] | None:
        """Without a conversation only finding one makes sense."""
        always = {"next", "previous", "search", "select_all", "show_new", "back_to_list", "person"}
        if self._shown is None and not self.list.table.selected_ids():
            return {f"inbox.{name}" for name in always}
        return None

    def keys_allowed(self) -> bool:
        """Bare keys act where the list or the thread has the focus."""
        focus = QApplication.focusWidget()
        return super().keys_allowed() and (focus is None or self.isAncestorOf(focus) or focus is self)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Fold the panes where the window is narrow."""
        super().resizeEvent(event)
        self.panes.fit(self.window().width())

    # The list

    def _show(self, query: Query) -> None:
        query = replace(query, brand_id=self._brand_id)
        labels = models.labels(self._desk, self._brand_id) if self._brand_id is not None else []
        self.list.set_scope(self._brand_id, tuple((each.id, each.name) for each in labels))
        self.views.set_view(query.view)
        self.list.show_loading()
        self.model.show(query)
        self.list.show_query(query)
        self._show_banner()
        self._count()

    def _rows_came(self) -> None:
        self._rows_changed()
        wanted, self._wanted = self._wanted, None
        table = self.list.table
        if wanted is not None and not table.choose(wanted):
            self.go_to(wanted, in_list=False)
        elif wanted is None and self._shown is not None:
            table.choose(self._shown, quiet=True)
        if self.hasFocus():
            self.focus_main()

    def _rows_changed(self) -> None:
        if self.model.rowCount():
            self.list.show_rows()
        elif not self.model.waiting:
            self._show_empty()

    def _show_empty(self) -> None:
        query = self.model.query
        self._seen_brands = self._seen_brands or bool(self.directory.brands())
        if self.context.demo and not self._seen_brands:
            self.list.show_loading()  # the sample brands are being made
        elif not self.directory.accounts(self._brand_id):
            connect = Button(_("Connect an account"), variant="primary", icon="plug-zap")
            connect.clicked.connect(lambda: self.context.navigate(Target("accounts", brand_id=self._brand_id)))
            sample = Button(_("Look at sample data"))
            sample.clicked.connect(lambda: self.context.navigate(Target("welcome")))
            buttons = (connect,) if self.directory.brands() else (connect, sample)
            self.list.show_empty(
                "plug-zap", _("No account yet"), _("Connect one and its messages arrive here."), buttons=buttons
            )
        elif query.filtered:
            clear = Button(_("Remove the filters"), variant="primary")
            clear.clicked.connect(self.list.clear_filters)
            title = (
                _("Nothing matches “{text}”").format(text=clean_line(query.text, limit=60))
                if query.text
                else _("Nothing matches")
            )
            self.list.show_empty(
                "search-x", title, _("Try other words or fewer filters."), tone="neutral", buttons=(clear,)
            )
        elif query.view is View.OPEN:
            self.list.show_empty("party-popper", _("All done"), self._all_done(), tone="positive")
        else:
            self.list.show_empty("inbox", _("Nothing here"), _EMPTY.get(query.view, lambda: "")(), tone="neutral")

    def _all_done(self) -> str:
        brands = len(self.directory.brands()) if self._brand_id is None else 1
        text = ngettext("Nothing is waiting for you.", "Nothing is waiting for you in {count} brands.", brands)
        wake = models.next_wake(self._desk)
        if wake is None:
            return text.format(count=brands)
        return _("{text} The next one comes back {when}.").format(
            text=text.format(count=brands), when=words.moment(wake, self._now())
        )

    def _show_banner(self) -> None:
        accounts = self.directory.accounts(self._brand_id)
        off = bool(accounts) and all(each.error_code in _OFFLINE for each in accounts)
        self.list.banner.setVisible(off)
        if off:
            read = [each.last_read_at for each in accounts if each.last_read_at is not None]
            when = words.moment(max(read), self._now()) if read else _("never")
            self.list.banner.set_text(
                _("No connection. Last read: {when}. You can answer; it goes out when the connection returns.").format(
                    when=when
                )
            )

    def _count(self) -> None:
        numbers = models.view_counts(self._desk, self._brand_id)
        brand_id = self._brand_id

        async def count_rest() -> None:
            rest = await models.list_counts(self._desk, brand_id)
            if brand_id == self._brand_id:
                problems = models.problem_count(self._desk, brand_id)
                self.views.set_counts({**numbers, **rest}, problems)
            balance = await models.answer_balance(self._desk, brand_id)
            if brand_id == self._brand_id:
                self.views.set_balance(care_words.balance_line(*balance))

        spawn(count_rest(), self, name="count the lists")

    def _describe(self, row: Row) -> str:
        each = row.conversation
        return words.sentence(
            each,
            now=self._now(),
            brand=self.directory.brand(each.brand_id),
            account=self.directory.account(each.account_id),
            labels=tuple(label.name for label in row.labels),
            case=row.case,
        )

    # The conversation

    def go_to(self, conversation_id: int, *, in_list: bool = True) -> None:
        """Show a conversation, in the list when it is there, else in the list it belongs to."""
        if in_list and self.list.table.choose(conversation_id):
            return
        self._choose(conversation_id)

    def _choose(self, conversation_id: int | None) -> None:
        self._reading.stop()
        self._keep_unread = None
        self._whole_person = False
        self._shown = conversation_id
        self.choice_changed.emit()
        if conversation_id is None:
            self.talk.show_nothing()
            self.person.show_nobody()
            return
        self._read_thread(conversation_id)

    def _read_thread(self, conversation_id: int) -> None:
        place = self.model.place_of(conversation_id)
        row = self.model.row(place) if place >= 0 else None
        if row is not None and row.conversation.messages > LONG:
            spawn(self._read_long(conversation_id), self, name="read a thread", on_error=self._gone)
            return
        try:
            self._show_thread(read_now(self._desk, conversation_id))
        except DeskError as error:
            if not self._gone(error):
                notices.error(error, doing="read a thread")

    async def _read_long(self, conversation_id: int) -> None:
        thread = await read_thread(self._desk, conversation_id)
        if conversation_id == self._shown:
            self._show_thread(thread)

    def _gone(self, error: Exception) -> bool:
        """A conversation that no longer exists is simply not shown."""
        if isinstance(error, Invalid):
            self._choose(None)
            return True
        return False

    def _show_thread(self, thread: Thread) -> None:
        self.talk.show_thread(thread)
        conversation = thread.conversation
        if conversation.contact_id is not None:
            person = read_person(
                self._desk, conversation.contact_id, but=conversation.id, everything=self._whole_person
            )
            self.person.show_person(person, thread.account, self._now())
        else:
            self.person.show_nobody()
        if conversation.unread and self._keep_unread != conversation.id and self.isVisible():
            self._reading.start()

    def _show_whole_person(self) -> None:
        self._whole_person = True
        if self._shown is not None:
            self._read_thread(self._shown)

    def _mark_read(self) -> None:
        if self._shown is not None and self.window().isActiveWindow() and self._keep_unread != self._shown:
            self.deeds.mark_read([self._shown], read=True, quiet=True)

    def _remember(self) -> None:
        if not self._started:  # nothing was shown yet: what was restored stands
            return
        self._brand_states[_key(self._brand_id)] = {**query_state(self.model.query), "conversation": self._shown}


_EMPTY = {
    View.DUE: lambda: _("Nothing must be answered today."),
    View.UNREAD: lambda: _("Everything has been read."),
    View.WINDOW: lambda: _("No network stops taking answers in the next hours."),
    View.NEGATIVE: lambda: _("Nobody is unhappy who has no answer yet."),
    View.PROMISES: lambda: _("No promise is due today."),
    View.FOLLOW_UPS: lambda: _("Nobody is to be asked today how it went."),
    View.DIRECT: lambda: _("No direct messages are open."),
    View.WAITING_PERSON: lambda: _("You wait for nobody. W puts a conversation here."),
    View.WAITING_CLIENT: lambda: _("No question to a client is open. W puts a conversation here."),
    View.SNOOZED: lambda: _("Nothing is snoozed. S puts a conversation away until a time."),
    View.SOLVED: lambda: _("Nothing is solved yet. E solves a conversation."),
    View.IGNORED: lambda: _("Nobody is ignored. I ignores with a reason."),
}


def _key(brand_id: int | None) -> str:
    return str(brand_id or 0)


def _concerns(changes: Changes, conversation_id: int) -> bool:
    """Whether changes can alter the thread that is shown; vague ones can."""
    for topic, _brand_id, ids in changes:
        if topic in ("conversation", "draft") and (not ids or conversation_id in ids):
            return True
        if topic in ("contact", "account", "brand"):
            return True
    return False

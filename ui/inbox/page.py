"""The inbox page: puts its four panes together and turns what a person does into decisions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMenu

from cmdesk.i18n import _
from cmdesk.model import ConversationState, Message, Waiting
from cmdesk.safe_text import clean_line
from ui import notices
from ui.actions import MENUS, action, in_scope
from ui.bridge import spawn
from ui.icons import set_icon
from ui.inbox import menus
from ui.inbox.lightbox import Lightbox
from ui.inbox.links import open_link
from ui.inbox.rounds import InboxRounds
from ui.inbox.thread import last_url
from ui.inbox.written import Written
from ui.models import inbox as models
from ui.widgets.key_help import shown_key
from ui.widgets.page import PageContext, Target


class InboxPage(InboxRounds):
    """Everything a person sees all day: turns what is pressed into decisions."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._connect()

    def _connect(self) -> None:
        table, talk, reply = self.list.table, self.talk, self.talk.reply
        self.views.chosen.connect(lambda view: self._show(self.model.query.without_filters().with_view(view)))
        self.views.problems_wanted.connect(lambda: self.context.navigate(Target("problems")))
        self.list.query_changed.connect(self._show)
        self.list.act.connect(lambda name: self.run_action(f"inbox.{name}"))
        self.list.pill.clicked.connect(self.do_show_new)
        table.chosen.connect(self._choose)
        table.opened.connect(self.do_reply)
        table.menu_wanted.connect(self._conversation_menu)
        self.model.loaded.connect(self._rows_came)
        self.model.rowsRemoved.connect(lambda *_where: self._rows_changed())
        self.model.rowsInserted.connect(lambda *_where: self._rows_changed())
        talk.act.connect(self._head_act)
        talk.message_act.connect(self._message_act)
        talk.link_wanted.connect(self._open_link)
        talk.picture_wanted.connect(self._show_picture)
        talk.menu_wanted.connect(self._message_menu)
        talk.person_wanted.connect(self.do_person)
        reply.draft_changed.connect(self.deeds.save_draft)
        reply.send_wanted.connect(self._send_soon)
        reply.note_wanted.connect(lambda written: spawn(self._note(written), self, name=_("Keep the note")))
        reply.templates_wanted.connect(self._pick_template)
        reply.left.connect(self.do_back_to_list)
        reply.thread_shown.connect(self.inserting.show_thread)
        reply.thread_shown.connect(self.voice.show_thread)
        reply.tabs.changed.connect(lambda _mode: self.voice.look())
        reply.emoji.clicked.connect(self.do_emoji)
        reply.link.clicked.connect(self.do_link)
        reply.speaks.clicked.connect(self.do_voice)
        reply.offers.taken.connect(self.inserting.take)
        self.deeds.draft_kept.connect(reply.kept)
        self.deeds.taken_back.connect(self._taken_back)
        self.person.fields_changed.connect(self.deeds.edit_contact)
        self.person.conversation_wanted.connect(self.go_to)
        self.person.all_wanted.connect(self._show_whole_person)
        self.person.link_wanted.connect(self._open_link)
        self.person.closed.connect(self.do_person)
        self.person.act.connect(self.people.act)
        self.person.people_wanted.connect(
            lambda person_id, brand_id: self.context.navigate(Target("audience", "person", person_id, brand_id))
        )
        self.person.case_wanted.connect(lambda case_id: self.context.navigate(Target("cases", "case", case_id)))
        self.directory.changed.connect(self._show_banner)
        self._reading.timeout.connect(self._mark_read)
        self._counting.timeout.connect(self._count)

    # Actions (ui.actions, scope "inbox")

    def do_reply(self) -> None:
        """Write an answer."""
        if self._shown is not None:
            self.talk.reply.write_reply()

    def do_note(self) -> None:
        """Write a note."""
        if self._shown is not None:
            self.talk.reply.write_note()

    def do_send(self) -> None:
        """Send what is written."""
        self.talk.reply.send(solve=False)

    def do_send_and_solve(self) -> None:
        """Send and solve."""
        self.talk.reply.send(solve=True)

    def do_solve(self) -> None:
        """Solve and go to the next."""
        ids, who = self.targets()
        if ids:
            self.leave(ids)
            self.deeds.solve(ids, who)

    def do_reopen(self) -> None:
        """Open again."""
        ids, who = self.targets()
        if ids:
            self.deeds.reopen(ids, who)

    def do_snooze(self) -> None:
        """Ask until when and snooze."""
        if self.targets()[0]:
            menu = menus.snooze_menu(self, self._now(), done=self._snooze, ask=self._ask_snooze)
            self.popup(menu, "snooze")

    def _snooze(self, until: datetime) -> None:
        ids, who = self.targets()
        self.leave(ids)
        self.deeds.snooze(ids, who, until)

    def _ask_snooze(self) -> None:
        async def work() -> None:
            until = await menus.ask_time(self, self._now())
            if until is not None:
                self._snooze(until)

        spawn(work(), self, name="snooze")

    def do_wait(self) -> None:
        """Ask for whom and wait."""
        if self.targets()[0]:
            self.popup(menus.wait_menu(self, done=self._wait), "wait")

    def _wait(self, whom: Waiting) -> None:
        ids, who = self.targets()
        self.leave(ids)
        self.deeds.wait(ids, who, whom)

    def do_label(self) -> None:
        """Labels of the brand."""
        ids, who = self.targets()
        conversation = self.first_of(ids)
        if conversation is None:
            return
        brand_id = conversation.brand_id
        had = models.labels_of(self._desk, ids)
        on = set.intersection(*({label.id for label in had.get(each, ())} for each in ids)) if ids else set()
        menu = menus.label_menu(
            self,
            models.labels(self._desk, brand_id),
            on,
            done=lambda label_id, checked: self.deeds.set_label(ids, who, label_id, on=checked),
            new=lambda: self._new_label(brand_id, ids, who),
        )
        self.popup(menu, "label")

    def _new_label(self, brand_id: int, ids: list[int], who: str) -> None:
        spawn(self.deeds.new_label(brand_id, ids, who), self, name="new label")

    def do_priority(self) -> None:
        """Flag or unflag."""
        ids, who = self.targets()
        if ids:
            conversation = self.first_of(ids)
            flagged = conversation is not None and conversation.priority > 0
            self.deeds.set_priority(ids, who, 0 if flagged else 1)

    def do_unread(self) -> None:
        """Unread, or read when it is unread already."""
        ids, _who = self.targets()
        if not ids:
            return
        rows = [self.model.row(self.model.place_of(each)) for each in ids[:200]]
        read = all(row is not None and row.conversation.unread > 0 for row in rows)
        self._reading.stop()
        self._keep_unread = None if read else self._shown
        self.deeds.mark_read(ids, read=read)

    def do_select(self) -> None:
        """Select or unselect the current row."""
        self.list.table.toggle_current()

    def do_select_all(self) -> None:
        """Select the whole list."""
        self.list.table.selectAll()
        self.list.table.setFocus()

    def do_search(self) -> None:
        """Go to the search field."""
        self.list.search.setFocus()
        self.list.search.selectAll()

    def do_show_new(self) -> None:
        """Take in what arrived and go to the top, or to the first new one where another order has it further down."""
        new = self.model.waiting_ids
        self.list.table.scrollToTop()
        if new:
            self.model.take_new()
            self.list.table.scrollToTop()
            places = [place for each in new if (place := self.model.place_of(each)) >= 0]
            if places:
                self.list.table.scrollTo(self.model.index(min(places)))
        self.list.table.setFocus()

    def do_back_to_list(self) -> None:
        """Close what is open, then leave the field, then the selection, then the search."""
        table = self.list.table
        if self.list.search.hasFocus() and self.list.search.text():
            self.list.clear_filters()
            return
        if self.panes.close_drawer():
            return
        if table.hasFocus() and len(table.selected_ids()) > 1:
            table.clear_extra()
        elif table.hasFocus() and self.model.query.text:
            self.list.clear_filters()
        self.talk.reply.flush()
        table.setFocus()

    def do_open_remote(self) -> None:
        """Open it in the browser."""
        thread = self.talk.shown()
        url = last_url(thread) if thread is not None else ""
        if url:
            spawn(open_link(url), self, name="open in the network")
        elif thread is not None:
            notices.tell(_("The network gave no address for this conversation."))

    def do_person(self) -> None:
        """Show or hide the person."""
        self.panes.toggle_person()

    # Menus

    def _head_act(self, name: str) -> None:
        if name == "more":
            spot = self.talk.more.mapToGlobal(QPoint(0, self.talk.more.height() + 2))
            self._conversation_menu(spot)
        else:
            self.run_action(f"inbox.{name}")

    def _conversation_menu(self, spot: QPoint) -> None:
        menu = QMenu(self)
        conversation = self.conversation()
        done = conversation is not None and conversation.state in (ConversationState.SOLVED, ConversationState.IGNORED)
        self._fill(menu, _MENU_DONE if done else _MENU_OPEN)
        menu.addSeparator()
        for key in ("triage", "care"):
            part = menu.addMenu(_(MENUS[key]))
            names = (row.id.partition(".")[2] for row in in_scope("inbox") if row.menu == key)
            self._fill(part, [name for name in names if name not in _MENU_OPEN and hasattr(self, f"do_{name}")])
        self._fill(menu, ("open_remote",))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(spot)

    def _fill(self, menu: QMenu, names: Iterable[str]) -> None:
        """Rows of the action table by name; '' parts them."""
        for name in names:
            if not name:
                menu.addSeparator()
                continue
            row = action(f"inbox.{name}")
            made = menu.addAction(f"{row.label}\t{shown_key(row.keys[0])}")
            set_icon(made, row.icon, "text_muted")
            made.triggered.connect(lambda _checked=False, each=row.id: self.run_action(each))

    def _message_menu(self, message: Message, spot: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction(_("Copy the text"), lambda: _copy(self.talk.view.selected_text() or message.text))
        if message.url:
            menu.addAction(_("Copy the address"), lambda: _copy(message.url))
            menu.addAction(_("Open in the network"), lambda: self._open_link(message.url))
        if message.direction != "out" and message.deleted_at is None:
            menu.addSeparator()
            like = _("Take the like back") if message.favourited else _("Like")
            menu.addAction(like, lambda: self.deeds.react(message, "like"))
            share = _("Take the share back") if message.boosted else _("Share with your followers")
            menu.addAction(share, lambda: self.deeds.react(message, "boost"))
            menu.addSeparator()
            menu.addAction(_("Hide or report…"), lambda: self.evidence.hide(message.id))
        elif message.direction == "out" and message.deleted_at is None and message.remote_id:
            menu.addSeparator()
            menu.addAction(_("Delete this answer…"), lambda: self.evidence.delete(message.id))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(spot)

    def _message_act(self, kind: str, message: Message) -> None:
        if kind in ("like", "boost"):
            self.deeds.react(message, kind)
        elif kind == "take_back":
            self.deeds.take_back_message(message)
        elif kind == "edit_again":
            self.talk.reply.restore(Written(message.conversation_id, message.text, message.visibility))
            self.talk.reply.focus()
        elif kind == "problems":
            self.context.navigate(Target("problems", "delivery", id=message.delivery_id))

    def _open_link(self, url: str) -> None:
        spawn(open_link(url), self, name="open a link")

    def _show_picture(self, url: str) -> None:
        thread = self.talk.shown()
        if thread is None:
            return
        pixmap = self.pictures.picture(url, thread.account.id)
        shots = [shot for message in thread.messages for shot in message.attachments]
        alt = next((clean_line(shot.alt, limit=300) for shot in shots if url in (shot.preview_url, shot.url)), "")
        if pixmap is not None:
            Lightbox(pixmap, alt, self)


_MENU_OPEN = (
    "reply", "interim", "thank", "private", "note", "", "solve", "snooze", "wait", "ignore", "", "label", "priority",
    "unread",
)  # fmt: skip
_MENU_DONE = tuple("reopen" if each == "solve" else each for each in _MENU_OPEN)


def _copy(text: str) -> None:
    QApplication.clipboard().setText(text)

"""What is written in the reply box: as whom, for whom, the text with its counter and draft, the note beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmdesk.care.answering import with_handles, without_handles
from cmdesk.i18n import _
from cmdesk.model import Account, Brand
from cmdesk.planning.review import Destination, destination, length
from cmdesk.safe_text import safe_name
from cmdesk.templates import blanks
from cmdesk.wording_by_hand import network_name
from ui import notices
from ui.inbox import words
from ui.inbox.editor import ReplyEditor
from ui.inbox.identity import IdentityLine
from ui.inbox.offer_line import OfferLine
from ui.inbox.people_line import PeopleLine
from ui.inbox.reply_care import CareLine
from ui.inbox.reply_frame import ReplyFrame
from ui.inbox.reply_hint import ReplyHint, account_problem, blank_problem, length_problem
from ui.inbox.reply_voice import VoiceLine
from ui.inbox.resting import Rest
from ui.inbox.written import Written
from ui.models.pictures import Pictures
from ui.models.thread import Thread
from ui.widgets import Avatar, Button, CounterRing, IconButton, SegmentedControl

DRAFT_MS = 300
"""A draft is stored this long after the last key."""

PUBLIC, PRIVATE, NOTE = "public", "private", "note"


class ReplyWriting(ReplyFrame):
    """Writes for one conversation at a time; every text leaves with the id of the conversation it was written for."""

    draft_changed = Signal(object)  # Written
    templates_wanted = Signal(bool)  # whether "::" was typed
    thread_shown = Signal(object)  # Thread or None

    def __init__(self, pictures: Pictures, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures, self._now = pictures, now
        self._emptied_at: datetime | None = None  # what was stored before that has left or was thrown away
        self._thread: Thread | None = None
        self._conversation_id = 0
        self._closes_case = 0
        self._stored_meant: tuple[datetime | None, int] = (None, 0)
        self.cool_down = 0  # seconds an answer to somebody angry rests before it leaves (Q12)
        self._where: Destination | None = None
        self._note = ""
        self._reply = ""
        self._stored = ""
        self._answer_mode = self._stored_mode = PUBLIC  # who reads the answer, also while a note is written
        self._leaving: dict[int, Written] = {}  # drafts on their way to the store: who comes back at once finds them
        self._busy = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DRAFT_MS)
        self._timer.timeout.connect(self.flush)
        self.avatar = Avatar(size=22)
        self.who = IdentityLine()
        self.tabs = SegmentedControl(
            [(PUBLIC, _("Public")), (PRIVATE, _("Private")), (NOTE, _("Note"))],
            name=_("Who will read it"),
            icons_by_key={PUBLIC: "globe", PRIVATE: "lock", NOTE: "sticky-note"},
        )
        self.editor = ReplyEditor()
        self.counter = CounterRing()
        self.hint = ReplyHint()
        self.offers = OfferLine()
        self.voice = VoiceLine()
        self.speaks = IconButton("quote", _("How this brand speaks"), shortcut_text="F8")
        self.templates = IconButton("book-open", _("Insert a template"), shortcut_text="Ctrl+J")
        self.emoji = IconButton("smile-plus", _("Insert an emoji"), shortcut_text="Ctrl+.")
        self.link = IconButton("link", _("Insert a link of the brand"), shortcut_text="Ctrl+L")
        self.send_button = Button(_("Send"), variant="primary", icon="send", size="small")
        self.solve_button = Button(_("Send and solve"), size="small")
        self._people = PeopleLine()
        self.care = CareLine(now)
        self._rest = Rest(self)
        for part in (self.tabs, self.solve_button, self.send_button):
            part.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._build()
        pictures.ready.connect(self._show_avatar)
        self.tabs.changed.connect(self._tab_changed)
        self.editor.textChanged.connect(self._typed)
        self.editor.template_wanted.connect(self.templates_wanted)
        self._people.changed.connect(self._show_mode)
        self.care.changed.connect(self._timer.start)
        self._rest.ticked.connect(lambda _left: self._count())
        self.templates.clicked.connect(lambda: self.templates_wanted.emit(False))
        self._mode = PUBLIC

    def _build(self) -> None:
        self.stack_rows(
            ((self.avatar, 0), (self.who, 1)),
            ((self.tabs, 0), (self._people, 1)),
            ((self.care, 1),),
            ((self.offers, 1),),
            ((self.editor, 1),),
            ((self.voice, 1),),
            (
                (self.templates, 0),
                (self.emoji, 0),
                (self.link, 0),
                (self.speaks, 0),
                (self.counter, 0),
                (self.hint, 1),
                (self.solve_button, 0),
                (self.send_button, 0),
            ),
        )

    # Whose box it is

    def show_thread(self, thread: Thread | None) -> None:
        """Write for another conversation, or show the same one anew; what was written is stored under its own first."""
        if thread is None:
            self.flush()
            self._thread, self._conversation_id = None, 0
            self.setVisible(False)
            self.thread_shown.emit(None)
            return
        self.setVisible(True)
        same = thread.conversation.id == self._conversation_id
        if not same:
            self._stop_rest()
            self.flush()
        self._thread, self._conversation_id = thread, thread.conversation.id
        self._show_identity(thread.account, thread.brand)
        self._people.show_thread(thread)
        self.care.show_thread(thread, same=same)
        if not same:
            self._note = ""
            self._emptied_at = None
            draft = self._leaving.get(thread.conversation.id) or _drafted(thread)
            self._closes_case = draft.closes_case
            self._reply = self._stored = without_handles(draft.text, self._people.handles)
            self._mode = self._answer_mode = self._stored_mode = _usual_mode(thread, draft.visibility)
            self.tabs.set_current(self._mode)
            self._fill(self._reply)
            if draft.promise_at is not None:
                self.care.keep(self._reply, draft.promise_at)
            self._stored_meant = self._meant()
        elif self._came_back(thread):
            self.restore(_drafted(thread))
        self._show_mode()
        self.thread_shown.emit(thread)

    def _meant(self) -> tuple[datetime | None, int]:
        """What a draft promises, and the case it closes: they wait with it, over the program's end too."""
        if self._mode == NOTE:  # the answer rests meanwhile
            return self._stored_meant if self._reply.strip() else (None, 0)
        return (self.care.promise_at(), self._closes_case) if self._reply.strip() else (None, 0)

    def _came_back(self, thread: Thread) -> bool:
        """Whether an answer that was taken back elsewhere (Ctrl+Z) lies in the store while the box is empty."""
        if not thread.draft or self._busy or self._reply or self._mode == NOTE or self.text():
            return False
        late = self._emptied_at is None or (thread.draft_at is not None and thread.draft_at >= self._emptied_at)
        return late and not self._stored and thread.conversation.id not in self._leaving

    def conversation_id(self) -> int:
        """The conversation the box writes for, 0 for none."""
        return self._conversation_id

    def focus(self) -> None:
        """Start writing."""
        self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def write_note(self) -> None:
        """Turn to the note."""
        self.tabs.set_current(NOTE)
        self._tab_changed(NOTE)
        self.focus()

    def write_reply(self) -> None:
        """Turn to the answer."""
        if self._mode == NOTE and self._thread is not None:
            self.tabs.set_current(self._answer_mode)
            self._tab_changed(self._answer_mode)
        self.focus()

    def is_note(self) -> bool:
        """Whether what is written is a note for oneself."""
        return self._mode == NOTE

    def text(self) -> str:
        """What is typed now."""
        return self.editor.toPlainText()

    def restore(self, written: Written) -> None:
        """Put back an answer that was taken back, if the box still writes for that conversation.

        It is read by whom it was written for, and what was begun meanwhile stays below it.
        """
        if written.conversation_id == self._conversation_id:
            self.write_reply()
            if written.visibility == "direct" and self._mode != PRIVATE:
                self.tabs.set_current(PRIVATE)
                self._tab_changed(PRIVATE)
            text, begun = without_handles(written.text, self._people.handles), self._reply.strip()
            self._reply = self._stored = text
            if begun:
                self._reply = begun if text.strip() in begun else f"{text.rstrip()}\n\n{begun}"
            self._fill(self._reply)
            self._timer.start()
            self._closes_case = written.closes_case
            if written.promise_at is not None:
                self.care.keep(self._reply, written.promise_at)

    def put_public(self, text: str, *, closes_case: int = 0) -> None:
        """Begin a public answer with a text, or add it to what is written; it may close a case in public (N25).

        What is written in private never comes along: then it is said, and nothing is put.
        """
        if self._put(PUBLIC, text):
            self._closes_case = closes_case

    def put(self, text: str) -> None:
        """The same in whatever is being written, for who reads that."""
        self.write_reply()
        self._put(self._mode, text)

    def put_private(self, text: str) -> None:
        """The same for a private message (Q14)."""
        self._put(PRIVATE, text)

    def put_promising(self, text: str, due: datetime) -> None:
        """The same in whatever is being written, with the promise that is made by it."""
        self.put(text)
        self.care.keep(self.text(), due)

    def can_be_private(self) -> bool:
        """Whether the network takes a private answer to this."""
        capabilities = self._thread.account.capabilities if self._thread is not None else {}
        offered = self._where.visibilities if self._where else ()
        return bool(capabilities.get("direct")) or "direct" in offered

    def _put(self, mode: str, text: str) -> bool:
        if self._thread is not None and self._thread.conversation.kind == "direct":
            mode = PRIVATE  # what began in private stays there
        written = self._reply if self._mode == NOTE else self.text()
        if mode == PUBLIC and self._answer_mode == PRIVATE and written.strip():
            notices.tell(_("A private message stands in the box. Send or empty it first."), tone="warning")
            self.write_reply()
            return False
        if mode != self._mode and (mode == PUBLIC or self.can_be_private()):
            self.tabs.set_current(mode)
            self._tab_changed(mode)
        had = self.text().rstrip()
        self.editor.set_text(f"{had}\n\n{text}" if had else text)
        self.focus()
        if blanks(text):
            self.editor.next_blank(after=0)
        return True

    def is_writing(self) -> bool:
        """Whether there is unsent text of the person in the box."""
        return bool(self.text().strip())

    def _show_identity(self, account: Account, brand: Brand) -> None:
        self.set_frame(color=brand.color)
        self._where = destination(account.id, account.network, account.capabilities)
        handle = safe_name(words.at_handle(account.handle))
        name, network = safe_name(brand.name), network_name(account.network)
        sentence = _("Replying as {handle} of {brand} on {network}")
        self.who.set_sentence(sentence, handle=handle, brand=name, network=network)
        self._show_avatar()

    def _show_avatar(self) -> None:
        if self._thread is not None:
            account, brand = self._thread.account, self._thread.brand
            picture = self._pictures.avatar(account.avatar_url, account.id)
            self.avatar.set_person(account.display_name or brand.name, picture=picture, network=account.network)

    # Tabs

    def _tab_changed(self, mode: str) -> None:
        if self._thread is None or mode == self._mode:
            return
        if self._mode == NOTE:
            self._note = self.text()
        else:
            self._reply = self.text()
        was_note, self._mode = self._mode == NOTE, mode
        self._answer_mode = self._answer_mode if mode == NOTE else mode
        if was_note or mode == NOTE:
            self._fill(self._note if mode == NOTE else self._reply)
        self._show_mode()
        self._timer.start()
        self.focus()

    def visibility(self) -> str:
        """Who will be able to read the answer."""
        if self._mode == PRIVATE:
            return "direct"
        answered = self._thread.answered() if self._thread else None
        wanted = answered.visibility if answered is not None else "public"
        return wanted if wanted in ("unlisted", "private") else "public"

    def _show_mode(self) -> None:
        note = self._mode == NOTE
        direct_only = self._thread is not None and self._thread.conversation.kind == "direct"
        _segment(self.tabs, 0).setEnabled(not direct_only)
        _segment(self.tabs, 1).setEnabled(direct_only or self.can_be_private())
        self._people.setVisible(bool(self._people.handles) and not note)
        self.solve_button.setVisible(not note)
        self.counter.setVisible(not note)
        self.templates.setVisible(not note)
        self.send_button.setText(_("Add note") if note else _("Send"))
        hints = {
            PUBLIC: _("Write a public answer…"),
            PRIVATE: _("Write a private message…"),
            NOTE: _("Write a note that only you see…"),
        }
        self.editor.set_hint(hints[self._mode])
        self.editor.setAccessibleName(hints[self._mode].rstrip("…"))
        self._count()
        self.set_frame(note=note)

    # Text

    def _fill(self, text: str) -> None:
        self._rest.stop()
        self.care.look_at("" if self._mode == NOTE else text)
        self.editor.blockSignals(True)
        self.editor.set_text(text)
        self.editor.blockSignals(False)
        self._timer.stop()
        self._count()

    def _typed(self) -> None:
        self._rest.stop()
        self.care.look_at("" if self._mode == NOTE else self.text())
        if self._mode == NOTE:
            self._note = self.text()
        else:
            self._reply = self.text()
            if not self._reply.strip():
                self._closes_case = 0  # what closed the case is not what will be written now
            self._timer.start()
        self._count()

    def flush(self) -> None:
        """Store the draft now, under the conversation it was written for."""
        self._timer.stop()
        if self._mode != NOTE:
            self._reply = self.text()
        turned = bool(self._reply) and self._answer_mode != self._stored_mode
        meant = self._meant()
        if self._conversation_id and (self._reply != self._stored or turned or meant != self._stored_meant):
            self._stored, self._stored_mode, self._stored_meant = self._reply, self._answer_mode, meant
            self._emptied_at = None if self._reply else self._now()
            seen_by = "direct" if self._answer_mode == PRIVATE else ""
            written = self._leaving[self._conversation_id] = Written(
                self._conversation_id, self._reply, seen_by, promise_at=meant[0], closes_case=meant[1]
            )
            self.draft_changed.emit(written)

    def kept(self, written: Written) -> None:
        """A draft has reached the store."""
        if self._leaving.get(written.conversation_id) == written:
            del self._leaving[written.conversation_id]

    def whole_text(self) -> str:
        """The text as it would be sent, handles included; '' while nothing is typed."""
        text = self.text().strip()
        handles = self._people.handles[:1] if self._goes_private() else self._people.handles
        return with_handles(text, handles) if text else ""

    def _goes_private(self) -> bool:
        """Whether this leaves the public: then nobody else is named."""
        talk = self._thread.conversation if self._thread is not None else None
        return talk is not None and self._mode == PRIVATE and "direct" not in (talk.kind, talk.visibility)

    def problem(self) -> str:
        """Why it cannot be sent now, '' when it can."""
        text = self.text()
        if not text.strip():
            return _("Write something first")
        if self._mode == NOTE:
            return ""
        left = blanks(text)
        if left:
            return blank_problem(left[0][2], self.editor.question(left[0][2]))
        account = self._thread.account if self._thread else None
        return account_problem(account) or length_problem(self._where, self.whole_text(), self._used())

    def _used(self) -> int:
        return length(self._where, self.whole_text()) if self._where is not None and self.text().strip() else 0

    def _count(self) -> None:
        if self._where is not None:
            self.counter.set_count(self._used(), self._where.characters)
        problem = self.problem()
        usable = not problem and not self._busy
        self.send_button.setEnabled(usable)
        self.solve_button.setEnabled(usable)
        if self._mode != NOTE:
            self.send_button.setText(_("Send now") if self._rest.resting else _("Send"))
        self._show_hint(problem)

    def _show_hint(self, problem: str) -> None:
        if problem and self.text().strip():
            self.hint.say_problem(problem)
        elif self._rest.resting:
            self.hint.say_resting(self._rest.left)
        else:
            self.hint.say_waits(self._thread.account if self._thread and self._mode != NOTE else None)

    def _stop_rest(self) -> None:
        """Leaving stops what rests; who pressed Send a moment ago hears that it has not left."""
        if self._rest.resting:
            self._rest.stop()
            notices.tell(_("Your answer has not left: you went on before. It is kept as a draft."), tone="warning")


def _drafted(thread: Thread) -> Written:
    """What is stored of an answer that is being written."""
    return Written(
        thread.conversation.id,
        thread.draft,
        thread.draft_visibility,
        promise_at=thread.draft_promise_at,
        closes_case=thread.draft_closes_case,
    )


def _usual_mode(thread: Thread, seen_by: str) -> str:
    """Who reads an answer in the beginning: as its draft says, else as the conversation is."""
    private = thread.conversation.kind == "direct" or thread.conversation.visibility == "direct"
    if seen_by:
        private = seen_by == "direct"
    return PRIVATE if private else PUBLIC


def _segment(control: SegmentedControl, place: int) -> QWidget:
    return control.findChildren(QWidget, "segment")[place]

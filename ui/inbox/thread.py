"""The third pane: who and where above, the thread, and the reply box below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.clock import from_ms
from cmdesk.i18n import _
from cmdesk.model import Conversation, ConversationState, Direction, Message, Publication, ThreadEvent
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording import conversation_word
from ui.casework.activity import is_of_case, line_of
from ui.inbox import care_words, verdict, words
from ui.inbox.blocks import Block, DayBlock, LineBlock, MoreBlock, NoteBlock, ParentBlock
from ui.inbox.message_block import MessageBlock
from ui.inbox.reply import ReplyBox
from ui.inbox.side_notes import SideNotes
from ui.inbox.thread_view import ThreadView
from ui.models.pictures import Pictures
from ui.models.thread import Thread
from ui.theme.tokens import Space
from ui.widgets import Avatar, Button, Chip, Divider, EmptyState, FlowLayout, IconButton, PlainLabel, set_tip
from ui.widgets.panels import Surface

SHOWN = 120
"""Items of a thread shown at once; earlier ones come by a button."""

_HEAD, _LEAST_READ = 62, 72
"""px of the head, and of the messages that stay in sight while one writes."""

_TOGETHER = timedelta(minutes=8)
"""Messages of one person within this time share one head."""

_STATE_LINES: dict[ConversationState, str] = {state: icon for state, (icon, _tone) in words.STATES.items()}


class ThreadPane(Surface):
    """Shows a `Thread`; decides nothing, tells what was pressed."""

    act = Signal(str)  # an action of the inbox by its name
    message_act = Signal(str, object)  # like, boost, take_back..., with the message
    link_wanted = Signal(str)
    picture_wanted = Signal(str)
    menu_wanted = Signal(object, object)  # message, global point
    person_wanted = Signal()

    def __init__(self, pictures: Pictures, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._pictures, self._now = pictures, now
        self._thread: Thread | None = None
        self._shown = SHOWN
        self.view = ThreadView()
        self.view.setAccessibleName(_("Messages"))
        self.reply = ReplyBox(pictures, now)
        self.notes = SideNotes(now)
        self.avatar = Avatar(size=32)
        self.title = PlainLabel(role="title", elide=True)
        self.subtitle = PlainLabel(role="small", color="text_muted", elide=True)
        self._chips = QWidget()
        self._chip_flow = FlowLayout(self._chips, gap=4)
        self.solve = Button(_("Solve"), size="small", icon="check", tip=_("Solve and go to the next") + "  E")
        self.reopen = Button(_("Open again"), size="small", icon="rotate-ccw")
        self.snooze = IconButton("alarm-clock", _("Snooze"), shortcut_text="S")
        self.wait = IconButton("hourglass", _("Waiting for somebody"), shortcut_text="W")
        self.label = IconButton("tag", _("Label"), shortcut_text="L")
        self.more = IconButton("ellipsis", _("More"))
        self.person = IconButton("panel-right", _("Show or hide the person"), shortcut_text="Ctrl+Shift+P")
        self.nothing = EmptyState(
            "messages-square", _("Choose a conversation"), _("J and K go through the list, R answers.")
        )
        self._whole = QWidget()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.nothing)
        self._stack.addWidget(self._whole)
        self._build()
        for button, name in (
            (self.solve, "solve"),
            (self.reopen, "reopen"),
            (self.snooze, "snooze"),
            (self.wait, "wait"),
            (self.label, "label"),
            (self.more, "more"),
        ):
            button.clicked.connect(lambda _checked=False, name=name: self.act.emit(name))
        self.person.clicked.connect(self.person_wanted)
        self.view.pressed.connect(self._pressed)
        self.view.menu_wanted.connect(lambda block, spot: self.menu_wanted.emit(block.message, spot))
        for part in (self.notes, self.reply):
            part.installEventFilter(self)
        pictures.ready.connect(self._pictures_came)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Another height, other room to write in."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """What stands above and around the text takes room from it."""
        if watched in (self.notes, self.reply) and event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            QTimer.singleShot(0, self, self._fit)
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        """Leave the messages some lines, whatever is written."""
        editor = self.reply.editor
        box = self.reply.sizeHint().height() - editor.height()
        above = self._chips.sizeHint().height() if self._chips.isVisible() else 0
        notes = self.notes.sizeHint().height() if self.notes.isVisible() else 0
        editor.set_room(max(1, self.height() - _HEAD - above - notes - box - _LEAST_READ))

    def _build(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        first = QHBoxLayout()
        first.setSpacing(Space.S)
        first.addWidget(self.title, 1)
        names.addLayout(first)
        names.addWidget(self.subtitle)
        head = QHBoxLayout()
        head.setContentsMargins(Space.L + 4, Space.S, Space.S, Space.S)
        head.setSpacing(Space.XS)
        head.addWidget(self.avatar)
        head.addSpacing(Space.S)
        head.addLayout(names, 1)
        head.addSpacing(Space.S)
        head.addWidget(self.solve)
        head.addWidget(self.reopen)
        for part in (self.snooze, self.wait, self.label, self.more, self.person):
            head.addWidget(part)
        layout = QVBoxLayout(self._whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        self._chips.setContentsMargins(0, 0, 0, 0)
        self._chip_flow.setContentsMargins(Space.L + 4, 0, Space.L, Space.S)
        layout.addWidget(self._chips)
        layout.addWidget(Divider())
        layout.addWidget(self.view, 1)
        layout.addWidget(self.notes)
        layout.addWidget(self.reply)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    # Content

    def shown(self) -> Thread | None:
        """What is shown."""
        return self._thread

    def marks(self) -> QWidget:
        """Where the marks of the conversation stand: what explains them opens there."""
        return self._chips if self._chips.isVisible() else self.subtitle

    def show_nothing(self) -> None:
        """No conversation is chosen."""
        self._thread = None
        self.reply.show_thread(None)
        self._stack.setCurrentWidget(self.nothing)

    def show_thread(self, thread: Thread) -> None:
        """Show a conversation, or the same one after a change (where one was reading)."""
        same = self._thread is not None and self._thread.conversation.id == thread.conversation.id
        if not same:
            self._shown = SHOWN
        before, self._thread = self._thread, thread
        self._show_head(thread)
        if not same or before is None or (before.messages, before.events) != (thread.messages, thread.events):
            self.view.set_blocks(self._blocks(thread), keep=same)
        self.reply.show_thread(thread)
        self._stack.setCurrentWidget(self._whole)

    def _show_head(self, thread: Thread) -> None:
        conversation = thread.conversation
        self.title.setText(words.shown_name(conversation))
        word, _icon = words.KINDS.get(conversation.kind, (conversation.kind, ""))
        self.subtitle.setText(
            _("{kind} to {brand} · {account}").format(
                kind=_(word),
                account=safe_name(words.at_handle(thread.account.handle)),
                brand=safe_name(thread.brand.name),
            )
        )
        picture = self._pictures.avatar(conversation.avatar_url, conversation.account_id)
        name = conversation.author or conversation.handle
        self.avatar.set_person(name, picture=picture, network=conversation.network)
        done = conversation.state in (ConversationState.SOLVED, ConversationState.IGNORED)
        self.solve.setVisible(not done)
        self.reopen.setVisible(conversation.state is not ConversationState.OPEN and done)
        while self._chip_flow.count():
            item = self._chip_flow.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for text, icon, tone in verdict.chips(thread.verdict):
            chip = Chip(text, tone=tone, icon=icon, clickable=True)
            set_tip(chip, _("Why it was judged so") + "  T")
            chip.clicked.connect(lambda: self.act.emit("explain"))
            self._chip_flow.addWidget(chip)
        for text, icon, tone in head_chips(conversation, self._now()):
            self._chip_flow.addWidget(Chip(text, tone=tone, icon=icon))
        for label in thread.labels:
            self._chip_flow.addWidget(Chip(clean_line(label.name, limit=60), icon="tag"))
        self._chips.setVisible(self._chip_flow.count() > 0)

    def _blocks(self, thread: Thread) -> list[Block]:
        now = self._now()
        blocks: list[Block] = []
        if thread.parent is not None and not _among(thread.parent, thread.messages):
            blocks.append(self._parent(thread, thread.parent, now))
        items = thread.items()
        hidden = max(0, len(items) - self._shown)
        if hidden:
            blocks.append(MoreBlock(hidden))
        day = None
        before: Message | None = None
        for item in items[hidden:]:
            at = item.created_at if isinstance(item, Message) else item.at
            if at.astimezone().date() != day:
                day = at.astimezone().date()
                blocks.append(DayBlock(at, now))
                before = None
            if isinstance(item, ThreadEvent):
                made = event_block(item, now)
                if made is not None:
                    blocks.append(made)
                    before = None
                continue
            blocks.append(self._message(thread, item, before, now))
            before = item
        return blocks

    def _parent(self, thread: Thread, parent: Publication | Message, now: datetime) -> ParentBlock:
        author = parent.author if isinstance(parent, Message) else ""
        return ParentBlock(parent, now=now, picture=self._picture, author=author, color=thread.brand.color)

    def _message(self, thread: Thread, message: Message, before: Message | None, now: datetime) -> MessageBlock:
        together = (
            before is not None
            and before.direction is message.direction
            and before.handle == message.handle
            and message.created_at - before.created_at < _TOGETHER
        )
        capable = thread.account.capabilities
        return MessageBlock(
            message,
            now=now,
            picture=self._picture,
            avatar=self._avatar,
            brand_color=thread.brand.color,
            first=not together,
            can_like=bool(capable.get("like", True)),
            can_boost=bool(capable.get("boost", True)),
            reason=thread.reasons.get(message.delivery_id or 0, ""),
        )

    def _picture(self, url: str) -> QPixmap | None:
        account_id = self._thread.account.id if self._thread else 0
        return self._pictures.picture(url, account_id)

    def _avatar(self, url: str) -> QPixmap | None:
        account_id = self._thread.account.id if self._thread else 0
        return self._pictures.avatar(url, account_id)

    def _pictures_came(self) -> None:
        self.view.repaint_blocks()
        if self._thread is not None:
            conversation = self._thread.conversation
            picture = self._pictures.avatar(conversation.avatar_url, conversation.account_id)
            name = conversation.author or conversation.handle
            self.avatar.set_person(name, picture=picture, network=conversation.network)

    # What was pressed

    def _pressed(self, block: Block, hit: object) -> None:
        kind, value = getattr(hit, "kind", ""), getattr(hit, "value", "")
        if kind == "link":
            self.link_wanted.emit(value)
        elif kind == "picture":
            self.picture_wanted.emit(value)
        elif kind == "more":
            self._show_earlier()
        elif isinstance(block, ParentBlock) and kind == "fold":
            block.toggle()
            self.view.changed(block)
        elif isinstance(block, MessageBlock) and kind == "edits":
            block.toggle_earlier()
            self.view.changed(block)
        elif isinstance(block, MessageBlock) and kind == "reveal":
            block.reveal()
            self.view.changed(block)
        elif block.message is not None:
            self.message_act.emit(kind, block.message)

    def _show_earlier(self) -> None:
        if self._thread is None:
            return
        kept = len(self.view.blocks())
        self._shown += SHOWN
        blocks = self._blocks(self._thread)
        self.view.prepend(blocks, replacing=kept)


def head_chips(conversation: Conversation, now: datetime) -> list[tuple[str, str, str]]:
    """Text, icon and tone of the marks under the name."""
    chips: list[tuple[str, str, str]] = []
    if conversation.state is not ConversationState.OPEN:
        icon, tone = words.STATES[conversation.state]
        chips.append((words.state_text(conversation, now), icon, tone))
    left, tone = words.due(conversation, now)
    if left:
        text = _("Overdue by {time}") if tone == "negative" else _("{time} left to answer")
        chips.append((text.format(time=left.removeprefix("+")), "timer", tone))
    promised, tone = care_words.promise(conversation, now)
    if promised:
        text = _("Promise overdue by {time}") if tone == "negative" else _("Promise due in {time}")
        chips.append((text.format(time=promised.removeprefix("+")), "calendar-clock", tone))
    closes, tone = care_words.window(conversation, now)
    if closes:
        text = _("The network takes no answer any more") if tone == "neutral" else _("Answers are taken for {time}")
        chips.append((text.format(time=closes), "door-closed" if tone == "neutral" else "door-open", tone))
    if conversation.urgency >= 2:
        word = care_words.urgency_word(conversation.urgency)
        chips.append((word, "zap", "negative" if conversation.urgency > 2 else "warning"))
    if conversation.priority > 0:
        chips.append((_("Priority"), "flag", "negative"))
    return chips


def event_block(event: ThreadEvent, now: datetime) -> Block | None:
    """A grey line or a note; None for what says nothing to a person."""
    if event.kind == "note":
        return NoteBlock(event.text, event.at)
    who = safe_name(event.actor)
    if event.kind in ("favourite", "boost", "follow") and who:
        texts = {
            "favourite": ("heart", _("{name} liked your answer")),
            "boost": ("repeat-2", _("{name} shared your answer")),
            "follow": ("user-plus", _("{name} follows you now")),
        }
        icon, text = texts[event.kind]
        return LineBlock(icon, text.format(name=who), event.at)
    if event.kind == "state":
        return None if event.detail.get("by") == "case" else _state_line(event, now)
    if is_of_case(event):
        if event.kind == "case_changed":  # the case's own timeline tells it
            return None
        line = line_of(event, now)
        return LineBlock(line[0], line[1], event.at) if line is not None else None
    if event.text:
        return LineBlock("info", clean_line(event.text, limit=200), event.at)
    return None


def _state_line(event: ThreadEvent, now: datetime) -> Block | None:
    try:
        state = ConversationState(event.text)
    except ValueError:
        return None
    match state:
        case ConversationState.SOLVED:
            text = conversation_word(state)
        case ConversationState.IGNORED:
            text = _("Ignored: {reason}").format(reason=words.reason_word(event.detail.get("reason", "")))
        case ConversationState.WAITING:
            client = event.detail.get("waiting_for") == "client"
            text = _("Waiting for the client") if client else _("Waiting for the person")
        case ConversationState.SNOOZED:
            until = event.detail.get("until", "")
            when = words.moment(from_ms(int(until)), now) if until.isdigit() else ""
            text = _("Snoozed until {when}").format(when=when) if when else conversation_word(state)
        case _:
            text = _("Back from being snoozed") if event.detail.get("by") == "time" else _("Open again")
    if event.detail.get("undo"):
        text = _("Taken back: {text}").format(text=text[:1].lower() + text[1:])
    return LineBlock(_STATE_LINES[state], text, event.at)


def _among(parent: Publication | Message, messages: tuple[Message, ...]) -> bool:
    """Whether the parent is itself one of the messages (a context message of the thread)."""
    return any(each.remote_id == parent.remote_id for each in messages)


def last_url(thread: Thread) -> str:
    """The address of the newest message of somebody else, else of any."""
    for message in reversed(thread.messages):
        if message.url and message.direction is not Direction.OUT:
            return message.url
    return next((each.url for each in reversed(thread.messages) if each.url), "")

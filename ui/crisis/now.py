"""A crisis while it lasts and until it is closed: left plan and phones, centre the log, right what is held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout, QWidget

from cmdesk.care.crisis import HeldPost
from cmdesk.care.values import CrisisEntry, CrisisPlan, Phone
from cmdesk.i18n import _, language, ngettext
from cmdesk.model import IN_FLIGHT, DeliveryState
from cmdesk.planning.zones import to_wall
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.wording_by_hand import network_name
from cmdesk.wording_crisis import decision_word, entry_words
from ui.crisis.cards import CardList, ListCard
from ui.crisis.dialogs import language_name
from ui.models.crisis import Situation
from ui.models.directory import Directory
from ui.theme.tokens import Space
from ui.widgets import Button, Divider, EmptyState, PlainLabel, SegmentedControl
from ui.widgets.panels import Surface, scroll_column
from ui.widgets.times import clock_time, day_name

_SHOWN = 60
_OUT = (DeliveryState.PUBLISHED, DeliveryState.CONFIRMED)


class NowView(QWidget):
    """Shows one situation; every wish is a signal."""

    called = Signal(object)  # Phone
    dial = Signal(str)
    noted = Signal(str)
    statement_wanted = Signal()
    plan_wanted = Signal()
    copied = Signal(str)
    decide = Signal(object, str)  # HeldPost, released | moved | dropped

    def __init__(self, directory: Directory, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._directory, self._now = directory, now
        self.situation: Situation | None = None
        self._plan: CrisisPlan | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(self._left())
        self.splitter.addWidget(self._centre())
        self.splitter.addWidget(self._right())
        for place, stretch in enumerate((2, 3, 3)):
            self.splitter.setStretchFactor(place, stretch)
        self.splitter.setSizes([318, 360, 400])
        outer.addWidget(self.splitter, 1)

    def _left(self) -> QWidget:
        side = Surface("window")
        side.setMinimumWidth(318)
        outer = QVBoxLayout(side)
        outer.setContentsMargins(0, 0, 0, 0)
        area, self._side = scroll_column(margin=Space.L, spacing=Space.S)
        outer.addWidget(area)
        self._parts: list[QWidget] = []
        return side

    def _centre(self) -> QWidget:
        middle = Surface("surface")
        middle.setMinimumWidth(260)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(_title(_("Log")))
        column.addWidget(Divider())
        self._log_area, self._log = scroll_column(margin=Space.L, spacing=Space.S)
        column.addWidget(self._log_area, 1)
        column.addWidget(Divider())
        line = QHBoxLayout()
        line.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        line.setSpacing(Space.S)
        self.note = QLineEdit()
        self.note.setMaxLength(4000)
        self.note.setPlaceholderText(_("What happens now? Enter adds it with the time"))
        self.note.setAccessibleName(_("Add to the log"))
        self.note.returnPressed.connect(self._note)
        self._add = Button(_("Add"))
        self._add.clicked.connect(self._note)
        line.addWidget(self.note, 1)
        line.addWidget(self._add)
        column.addLayout(line)
        self._lines: list[QWidget] = []
        return middle

    def _right(self) -> QWidget:
        side = Surface("window")
        side.setMinimumWidth(300)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._held_title = _title("")
        column.addWidget(self._held_title)
        column.addWidget(Divider())
        self._held_area, inner = scroll_column(margin=Space.L, spacing=Space.S)
        self.cards = CardList(_("Held posts"))
        self.cards.pressed.connect(self._pressed)
        self.cards.moved.connect(lambda card: self._held_area.ensureWidgetVisible(card))
        inner.addWidget(self.cards)
        self._more = PlainLabel("", role="small", color="text_muted", wrap=True)
        inner.addWidget(self._more)
        inner.addStretch(1)
        column.addWidget(self._held_area, 1)
        self._nothing = EmptyState("circle-check", _("Nothing is held"), _("Nothing was planned."), tone="positive")
        column.addWidget(self._nothing, 1)
        return side

    # Showing

    def show_situation(self, situation: Situation, plan: CrisisPlan | None) -> None:
        """Show a crisis with the plan of its brand (None: of several brands)."""
        self._show_held(situation)
        if self.situation is None or self.situation.crisis.log != situation.crisis.log:
            self._show_log(situation.crisis.log)
        if plan != self._plan or self.situation is None or self.situation.crisis.id != situation.crisis.id:
            self._show_plan(plan, situation)
        self.situation, self._plan = situation, plan
        closed = situation.crisis.closed_at is not None
        self.note.setEnabled(not closed)
        self._add.setEnabled(not closed)

    def held_post(self) -> HeldPost | None:
        """The held post the keyboard is on."""
        card = self.cards.current()
        if card is None or self.situation is None:
            return None
        return next((each for each in self.situation.held if each.delivery_id == card.key), None)

    def _show_held(self, situation: Situation) -> None:
        waiting = len(situation.waiting)
        title = ngettext("{count} post waits for you", "{count} posts wait for you", waiting).format(count=waiting)
        decided = _("Every post is decided") if situation.held else _("Held posts")
        self._held_title.setText(title if waiting else decided)
        ordered = sorted(
            situation.held, key=lambda each: (each not in situation.waiting, each.due_at, each.delivery_id)
        )
        card = self.cards.current()
        if situation.waiting and (card is None or card.key not in {each.delivery_id for each in situation.waiting}):
            # The one that was just decided goes to the end; the keyboard goes on with the next.
            self.cards.choose(ordered[min(max(self.cards.place(), 0), waiting - 1)].delivery_id)
        self.cards.show_cards([self._card(each, situation) for each in ordered[:_SHOWN]])
        more = len(ordered) - _SHOWN
        self._more.setVisible(more > 0)
        self._more.setText(
            ngettext("and {count} more", "and {count} more", more).format(count=more) if more > 0 else ""
        )
        self._held_area.setVisible(bool(ordered))
        self._nothing.setVisible(not ordered)

    def _card(self, post: HeldPost, situation: Situation) -> ListCard:
        brand = self._directory.brand(post.brand_id)
        account = self._directory.account(post.account_id)
        where = [clean_line(account.handle, limit=60), network_name(account.network)] if account is not None else []
        if situation.crisis.brand_id == 0 and brand is not None:
            where.insert(0, clean_line(brand.name, limit=40))
        waits = post in situation.waiting
        passed = post.due_at <= self._now()
        line = _when(post)
        if waits and passed:
            line = _("{when}, passed").format(when=line)
        buttons: list[tuple[str, str, str]] = []
        if waits:
            can_move = not situation.active and not post.at_network
            release = _("Publish now") if passed and not post.at_network else _("Release")
            buttons = [("released", release, "secondary")]
            if can_move:
                buttons.append(("moved", _("Move…"), "secondary"))
            buttons.append(("dropped", _("To the drafts"), "ghost"))
        plain = waits and not post.at_network and post.state not in IN_FLIGHT
        tone = "warning" if waits else "positive" if post.state in _OUT or post.decision == "released" else "neutral"
        return ListCard(
            post.delivery_id,
            safe_body(post.text, limit=300) or _("Only pictures"),
            lines=[line, " · ".join(where)],
            stripe=brand.color if brand else "",
            chip=None if plain else (decision_word(post), tone),
            buttons=buttons,
            clip=2,
        )

    def _show_log(self, entries: tuple[CrisisEntry, ...]) -> None:
        for old in self._lines:
            self._log.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._lines = []
        day = ""
        for entry in entries:
            today = day_name(entry.at, self._now())
            if today != day:
                day = today
                self._put(PlainLabel(day, role="caption_strong", color="text_muted"))
            self._put(_LogLine(entry))
        bar = self._log_area.verticalScrollBar()
        bar.rangeChanged.connect(self._to_end)
        bar.setValue(bar.maximum())

    def _to_end(self, _least: int, most: int) -> None:
        self._log_area.verticalScrollBar().setValue(most)

    def _put(self, widget: QWidget) -> None:
        self._lines.append(widget)
        self._log.addWidget(widget)

    def _show_plan(self, plan: CrisisPlan | None, situation: Situation) -> None:
        for old in self._parts:
            self._side.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._parts = []
        if plan is None:
            self._say(_("Choose a brand above to see its plan, its phones and its statement."))
            return
        if situation.crisis.closed_at is None:
            publish = Button(_("Publish the statement…"), icon="megaphone")
            publish.clicked.connect(self.statement_wanted)
            self._part(publish)
        self._heading(_("Call, in this order"))
        for place, phone in enumerate(plan.phones, 1):
            card = _PhoneCard(place, phone)
            card.called.connect(self.called)
            card.dial.connect(self.dial)
            self._part(card)
        if not plan.phones:
            self._say(_("No phone was written down."))
        if plan.lines:
            self._heading(_("Lines to take"))
            for line in plan.lines:
                self._part(PlainLabel(f"–  {safe_body(line, limit=500)}", wrap=True, selectable=True))
            copy = Button(_("Copy for the team"), icon="copy", size="small", variant="ghost")
            copy.clicked.connect(lambda: self.copied.emit("\n".join(f"– {line}" for line in plan.lines)))
            self._part(copy)
        if plan.statements:
            self._heading(_("Approved statement"))
            self._part(_Statements(plan))
        if plan.plan.strip():
            self._heading(_("The plan"))
            self._part(PlainLabel(safe_body(plan.plan, limit=8000), wrap=True, selectable=True))
        if not (plan.plan.strip() or plan.phones or plan.lines or plan.statements):
            self._say(_("No plan was written beforehand."))
        edit = Button(_("Edit the plan"), icon="pencil", size="small", variant="ghost")
        edit.clicked.connect(self.plan_wanted)
        self._part(edit)

    def _heading(self, text: str) -> None:
        label = PlainLabel(text, role="small_strong", color="text_muted")
        label.setContentsMargins(0, Space.M, 0, 0)
        self._part(label)

    def _say(self, text: str) -> None:
        self._part(PlainLabel(text, role="small", color="text_muted", wrap=True))

    def _part(self, widget: QWidget) -> None:
        self._parts.append(widget)
        self._side.addWidget(widget)

    # Doing

    def _note(self) -> None:
        text = self.note.text().strip()
        if text:
            self.note.clear()
            self.noted.emit(text)

    def _pressed(self, card: ListCard, key: str) -> None:
        self.cards.choose(card.key)
        post = self.held_post()
        if post is not None:
            self.decide.emit(post, key)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Esc leaves the log's line for the list."""
        if event.key() == Qt.Key.Key_Escape and self.note.hasFocus():
            self.cards.focus_current()
            return
        super().keyPressEvent(event)


class _LogLine(QWidget):
    """Time and sentence."""

    def __init__(self, entry: CrisisEntry) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        time = PlainLabel(clock_time(entry.at), role="small", color="text_muted")
        time.setMinimumWidth(36)
        row.addWidget(time, 0, Qt.AlignmentFlag.AlignTop)
        color = {"not_recalled": "negative", "started": "negative", "over": "positive", "closed": "positive"}
        role = "body" if entry.kind in ("note", "called", "statement") else "small"
        text = PlainLabel(
            entry_words(entry), role=role, color=color.get(entry.kind, "text" if role == "body" else "text_muted"),
            wrap=True, selectable=True,
        )  # fmt: skip
        row.addWidget(text, 1)


class _PhoneCard(QWidget):
    """Somebody to call: number, name, what they are, hours; dial, and "called" for the log."""

    called = Signal(object)
    dial = Signal(str)

    def __init__(self, place: int, phone: Phone) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, Space.XS, 0, Space.XS)
        row.setSpacing(Space.S)
        number = PlainLabel(f"{place}", role="body_strong", color="text_muted")
        number.setMinimumWidth(16)
        row.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(PlainLabel(clean_line(phone.name, limit=80), role="body_medium", elide=True))
        about = " · ".join(
            part for part in (clean_line(phone.role, limit=60), clean_line(phone.hours, limit=60)) if part
        )
        if about:
            column.addWidget(PlainLabel(about, role="small", color="text_muted", wrap=True))
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.XS)
        if phone.phone:
            call = Button(clean_line(phone.phone, limit=30), icon="phone", size="small", variant="ghost")
            call.setAccessibleName(_("Call {name}: {phone}").format(name=phone.name, phone=phone.phone))
            call.clicked.connect(lambda: self.dial.emit(phone.phone))
            buttons.addWidget(call)
        done = Button(_("Called"), icon="check", size="small")
        done.setAccessibleName(_("{name} was called").format(name=phone.name))
        done.clicked.connect(lambda: self.called.emit(phone))
        buttons.addWidget(done)
        buttons.addStretch(1)
        column.addLayout(buttons)
        row.addLayout(column, 1)


class _Statements(QWidget):
    """The approved statement in its languages."""

    def __init__(self, plan: CrisisPlan) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        self._texts = dict(plan.statements)
        mine = language() if language() in self._texts else next(iter(self._texts))
        self._text = PlainLabel(safe_body(self._texts[mine], limit=3000), wrap=True, selectable=True)
        if len(self._texts) > 1:
            chooser = SegmentedControl([(code, language_name(code)) for code in self._texts], name=_("Language"))
            chooser.set_current(mine)
            chooser.changed.connect(lambda code: self._text.setText(safe_body(self._texts[code], limit=3000)))
            column.addWidget(chooser, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._text)


def _title(text: str) -> PlainLabel:
    label = PlainLabel(text, role="body_strong")
    label.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
    return label


def _when(post: HeldPost) -> str:
    """The hour of a post in its own zone."""
    wall = datetime.fromisoformat(to_wall(post.due_at, post.zone)[0])
    day = QLocale(language()).toString(QDate(wall.year, wall.month, wall.day), "ddd d MMM").replace(".", "")
    return _("{day}, {time}").format(day=day, time=f"{wall:%H:%M}")

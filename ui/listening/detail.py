"""The third pane: a hit in full, why it was found, what was decided, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.i18n import N_, _
from cmdesk.listening.values import WEB, Hit, HitState, Search, SearchKind
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.wording_triage import language_word
from ui.actions import action
from ui.listening import words
from ui.listening.marked import MarkedText
from ui.models.listening_side import Why, spans_of
from ui.models.pictures import Pictures
from ui.theme.tokens import Space
from ui.widgets import Avatar, Button, Chip, Divider, EmptyState, FlowLayout, IconButton, PlainLabel, set_tip
from ui.widgets.key_help import shown_key
from ui.widgets.panels import Surface, scroll_column
from ui.widgets.times import exact, relative

LEAST = 340
_WIDEST = 720
_MAIN = ("promote", "answer", "thank")
_REST = ("keep", "seen", "dismiss", "again")
_MORE = ("mute", "watch")
_SHORT = {
    "promote": N_("Take into the inbox"), "answer": N_("Reply"), "keep": N_("Keep"), "seen": N_("Seen it"),
    "mute": N_("Mute the author…"), "watch": N_("Look here again"),
}  # fmt: skip
"""Words of buttons that are shorter than what their actions are called elsewhere."""


class HitPane(Surface):
    """`act(name)` when a button is pressed; `search_wanted(id)` when one of its searches is."""

    act = Signal(str)
    search_wanted = Signal(int)

    def __init__(self, pictures: Pictures, now: Callable[[], datetime]) -> None:
        super().__init__("surface")
        self._pictures, self._now = pictures, now
        self._hit: Hit | None = None
        self._searches: Mapping[int, Search] = {}
        self.setMinimumWidth(LEAST)
        self.setAccessibleName(_("The hit in full"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._stack = QStackedWidget()
        column.addWidget(self._stack)
        self._stack.addWidget(
            EmptyState(
                "ear", _("Choose a hit"),
                _("P takes it into the inbox, E has seen it, I is not interested. The next one comes by itself."),
                tone="neutral",
            )
        )  # fmt: skip
        self._several = EmptyState("list-checks", "", _("What you press counts for all of them."))
        self._stack.addWidget(self._several)
        self._stack.addWidget(self._make())
        pictures.ready.connect(self._show_avatar)

    def _make(self) -> QWidget:
        made = QWidget()
        outer = QVBoxLayout(made)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        area, body = scroll_column(margin=Space.XL, spacing=Space.M)
        outer.addWidget(area, 1)
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        self._avatar = Avatar(size=40)
        self._name = PlainLabel(role="title", elide=True)
        self._where = PlainLabel(role="small", color="text_muted", elide=True)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._name)
        names.addWidget(self._where)
        self._open = IconButton("external-link", action("listening.open_remote").label, shortcut_text="O")
        self._open.clicked.connect(lambda: self.act.emit("open_remote"))
        head.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(names, 1)
        head.addWidget(self._open, 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(head)
        self._chips = QWidget()
        self._chip_flow = FlowLayout(self._chips, gap=6)
        body.addWidget(self._chips)
        self._title = PlainLabel(role="title", wrap=True, selectable=True)
        self._title.setMaximumWidth(_WIDEST)
        body.addWidget(self._title)
        self._text = MarkedText()
        self._text.setMaximumWidth(_WIDEST)
        self._text.setAccessibleName(_("Text of the hit"))
        body.addWidget(self._text)
        body.addSpacing(Space.S)
        self._why_title = PlainLabel(_("Why it was found"), role="small_strong")
        body.addWidget(self._why_title)
        self._why = QVBoxLayout()
        self._why.setSpacing(Space.XS)
        body.addLayout(self._why)
        outer.addWidget(Divider())
        foot = QWidget()
        flow = FlowLayout(foot, gap=Space.S)
        holder = QVBoxLayout()
        holder.setContentsMargins(Space.XL, Space.M, Space.L, Space.M)
        holder.addWidget(foot)
        outer.addLayout(holder)
        self._buttons: dict[str, Button] = {}
        for name in (*_MAIN, *_REST, *_MORE):
            row = action(f"listening.{name}")
            variant = "primary" if name == "promote" else "secondary" if name in _MAIN else "ghost"
            text = _(_SHORT[name]) if name in _SHORT else row.label
            part = Button(text, icon=row.icon, size="small", variant=variant)  # type: ignore[arg-type]
            set_tip(part, f"{row.label}  {shown_key(row.keys[0])}")
            part.clicked.connect(lambda _checked=False, name=name: self.act.emit(name))
            self._buttons[name] = part
            flow.addWidget(part)
        return made

    # What is shown

    def hit(self) -> Hit | None:
        """The hit that is shown."""
        return self._hit

    def show_nothing(self) -> None:
        """Nothing is chosen."""
        self._hit = None
        self._stack.setCurrentIndex(0)

    def show_several(self, text: str) -> None:
        """Several are selected."""
        self._several.set_content("list-checks", text, _("What you press counts for all of them."))
        self._stack.setCurrentIndex(1)

    def show_hit(self, hit: Hit, searches: Mapping[int, Search], *, enabled: set[str], whys: Sequence[Why]) -> None:
        """Show one; `enabled` are the actions that make sense, `whys` what each of its searches saw in it."""
        other = self._hit is None or self._hit.id != hit.id
        self._hit, self._searches = hit, searches
        self._name.setText(words.author(hit.author_name, hit.author_handle))
        parts = [
            f"@{clean_line(hit.author_handle, limit=120).removeprefix('@')}" if hit.author_handle else "",
            words.source_name(hit.source), relative(hit.at, self._now()),
        ]  # fmt: skip
        self._where.setText(" · ".join(part for part in parts if part))
        set_tip(self._where, exact(hit.at))
        self._show_avatar()
        title = clean_line(hit.title, limit=300)
        apart = bool(title) and hit.title not in hit.text
        self._title.setText(title)
        self._title.setVisible(apart)
        text = safe_body(hit.text)
        self._text.show_text(text, spans_of(hit, text, dict(searches)))
        self._text.setVisible(bool(text.strip()))
        self._show_chips(hit)
        self._show_whys(whys)
        self._open.setEnabled(bool(hit.url))
        for name, part in self._buttons.items():
            part.setVisible(name in enabled)
        promote = action("listening.promote")
        web = _("It becomes a conversation; the answer is written on the page.")
        said = web if hit.source == WEB else promote.label
        set_tip(self._buttons["promote"], f"{said}  {shown_key(promote.keys[0])}")
        if other or self._stack.currentIndex() != 2:
            self._stack.setCurrentIndex(2)

    def _show_avatar(self) -> None:
        hit = self._hit
        if hit is None:
            return
        name = hit.author_name or hit.author_handle
        picture = self._pictures.avatar(hit.avatar_url, hit.account_id or 0)
        self._avatar.set_person(name, picture=picture, network=hit.source)

    def _show_chips(self, hit: Hit) -> None:
        while (item := self._chip_flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if hit.state is not HitState.NEW:
            text, icon, tone = words.STATES[hit.state]
            self._put_chip(_(text), tone, icon)
        mark = words.mark(hit)
        if mark is not None:
            said = _("Perhaps {verdict}").format(verdict=mark.label.lower()) if hit.unsure else mark.label
            self._put_chip(said, "neutral" if hit.unsure else mark.tone, mark.icon)
        kind = words.intent_word(hit.intent)
        if kind and hit.intent != "troll":
            self._put_chip(kind, "negative" if hit.intent == "complaint" else "neutral", words.INTENTS[hit.intent][1])
        if hit.urgency >= 2:
            self._put_chip(_("Urgent"), "negative" if hit.urgency > 2 else "warning", "zap")
        if hit.language:
            self._put_chip(language_word(hit.language), "neutral", "languages")
        self._chips.setVisible(self._chip_flow.count() > 0)

    def _put_chip(self, text: str, tone: str, icon: str) -> None:
        self._chip_flow.addWidget(Chip(text, tone=tone, icon=icon))

    def _show_whys(self, whys: Sequence[Why]) -> None:
        while (item := self._why.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._why_title.setVisible(bool(whys))
        for why in whys:
            search = why.search
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(Space.S)
            name = Button(words.search_name(search), variant="link", size="small", icon=words.kind_icon(search.kind))
            name.clicked.connect(lambda _checked=False, each=search.id: self.search_wanted.emit(each))
            line.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
            label = PlainLabel(_reason(why), role="small", color="text_muted", wrap=True)
            policy = label.sizePolicy()  # which knows that its height follows from its width
            policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding)
            policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
            label.setSizePolicy(policy)
            line.addWidget(label, 1)
            self._why.addWidget(row)


def _reason(why: Why) -> str:
    """The words it holds, how it asks, or that it stands in a feed."""
    quoted = ", ".join(_("“{text}”").format(text=clean_line(each, limit=60)) for each in why.words)
    if why.cues:
        asks = ", ".join(_("“{text}”").format(text=clean_line(each, limit=80)) for each in why.cues)
        return _("{words}; asks for help: {cues}").format(words=quoted, cues=asks)
    if quoted:
        return quoted
    if why.search.kind is SearchKind.FEED:
        return _("every entry of this feed")
    return _("named by the network's own search")

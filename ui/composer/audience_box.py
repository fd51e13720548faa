"""For whom a post is, in which language, and, honestly, who will see it on each account (K2, N10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QLocale, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.desk import Desk
from cmdesk.i18n import LANGUAGES, _, ngettext
from cmdesk.model import Account, Contact
from ui import icons, notices, theme
from ui.bridge import spawn
from ui.composer.audience_field import AudienceField
from ui.models import audience_for
from ui.models.audience_for import CircleFacts, Key, Line, Offer
from ui.models.drafting import Draft
from ui.models.plan_choices import PlanChoices
from ui.theme.tokens import Space
from ui.widgets import Button, PlainLabel

ROOMY = 540  # px
WHOM = (audience_for.MARKET, audience_for.CIRCLE, audience_for.PERSON)
LANGUAGE_CHOICES = ("es", "en", "ca", "gl", "eu", "fr", "pt", "it", "de")


class AudienceBox(QWidget):
    """Emits fields of the draft: `market_id`, `circles`, `person_id`, `visibility`, `language`.

    `mend`: a circle whose rule names what is gone shall be opened.
    """

    changed = Signal(dict)
    mend = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._choices, self._draft = PlanChoices(), Draft(brand_id=0)
        self._chosen: list[Account] = []
        self._facts: dict[int, CircleFacts] = {}
        self._asked: tuple[object, ...] = ()
        self._editable = True
        self._ask_timer = QTimer(self, singleShot=True, interval=150)
        self._ask_timer.timeout.connect(self._ask)
        self._later = QTimer(self, singleShot=True, interval=3_000)
        self._later.timeout.connect(self._ask)
        self.field = AudienceField(self._find, self)
        self.language = QComboBox(self)
        self.language.setAccessibleName(_("Language"))
        self.language.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.language.setPlaceholderText(_("No language"))
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self.field, 1)
        self._in = PlainLabel(_("Language"), self, role="small_strong", color="text_muted")
        row.addWidget(self._in, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.language, 0, Qt.AlignmentFlag.AlignTop)
        self._in.setFixedHeight(self.language.sizeHint().height())
        self._lines: list[ReachLine] = []
        self._reach = QVBoxLayout()
        self._reach.setContentsMargins(Space.S, 0, 0, 0)
        self._reach.setSpacing(2)
        self._people = PlainLabel("", self, role="small", color="text_muted", wrap=True)
        self._people.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._people.setContentsMargins(Space.S, 0, 0, 0)
        self.narrow = Button("", self, variant="link", size="small", icon="users")
        self.narrow.clicked.connect(lambda: self.changed.emit({"visibility": "private"}))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(row)
        column.addLayout(self._reach)
        column.addWidget(self._people)
        narrow = QHBoxLayout()
        narrow.addWidget(self.narrow)
        narrow.addStretch(1)
        column.addLayout(narrow)
        self.leave_out = Button("", self, variant="link", size="small", icon="circle-slash")
        self.leave_out.clicked.connect(self._leave_out)
        narrow.insertWidget(1, self.leave_out)
        self.mending = Button(_("Mend the circle…"), self, variant="link", size="small", icon="pencil")
        self.mending.hide()
        self.mending.clicked.connect(lambda: self.mend.emit(self._broken()[0]))
        narrow.insertWidget(2, self.mending)
        self.field.put.connect(self.put)
        self.field.taken.connect(self._taken)
        self.language.activated.connect(lambda _i: self.changed.emit({"language": self.language.currentData()}))

    def show_audience(self, draft: Draft, choices: PlanChoices, chosen: Sequence[Account], *, editable: bool) -> None:
        """Show what is kept on the post and what comes of it."""
        self._draft, self._choices, self._chosen, self._editable = draft, choices, list(chosen), editable
        person = audience_for.person_of(self._desk, draft)
        found = audience_for.tokens(draft, choices, person, self._facts)
        alone = [each.key[0] for each in found] == [audience_for.PUBLIC]
        removable = not alone or bool(audience_for.take_out(draft, found[0].key, chosen))
        self.field.show_tokens(found, editable=editable, removable=removable)
        self._show_language(draft.language)
        self.language.setEnabled(editable)
        shown = audience_for.lines(draft, chosen)
        self._show_lines([] if audience_for.plain(draft, shown) else shown)
        narrower = audience_for.may_narrow(draft, shown) if editable else []
        self.narrow.setVisible(bool(narrower))
        if narrower:
            self.narrow.setText(_("Only followers on {accounts}").format(accounts=audience_for.handles(narrower, 2)))
        gone = audience_for.unreached(draft, chosen) if editable else []
        self.leave_out.setVisible(0 < len(gone) < len(self._chosen))
        if gone:
            self.leave_out.setText(_("Leave {accounts} out").format(accounts=audience_for.handles(gone, 2)))
        self._show_people()
        wanted = (draft.brand_id, draft.circles, choices.circles, tuple(dict.fromkeys(each.network for each in chosen)))
        if wanted != self._asked:
            self._asked = wanted
            self._ask_timer.start()

    def reread(self, draft: Draft) -> None:
        """Other words were written: who is named in them may see it as well."""
        if draft.person_id is not None or draft.visibility == "private":
            self.show_audience(draft, self._choices, self._chosen, editable=self._editable)

    def recount(self) -> None:
        """People came, went or opted out: count again, not with each of them."""
        if self._draft.circles and not self._later.isActive():
            self._later.start()

    def lines(self) -> list[str]:
        """What is told of each account, as it stands there."""
        return [each.text() for each in self._lines if not each.isHidden()]

    def person(self) -> Contact | None:
        """The one person it is for."""
        return audience_for.person_of(self._desk, self._draft)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """In a narrow window the language speaks for itself."""
        super().resizeEvent(event)
        self._in.setVisible(event.size().width() >= theme.scaled(ROOMY))

    # Inside

    def _find(self, typed: str) -> list[Offer]:
        return audience_for.suggestions(self._desk, typed, self._draft, self._choices, self._chosen, self._facts)

    def _leave_out(self) -> None:
        gone = {each.id for each in audience_for.unreached(self._draft, self._chosen)}
        self.changed.emit({"account_ids": tuple(each for each in self._draft.account_ids if each not in gone)})

    def begin_for(self, kind: str, number: int | None) -> None:
        """Let a new post be for one of `WHOM`, on the accounts that reach them."""
        self.put((kind, number))
        if audience_for.unreached(self._draft, self._chosen) and not self.leave_out.isHidden():
            self._leave_out()

    def put(self, key: Key) -> None:
        """Let it be for somebody as well, as if they had been chosen in the field."""
        person = None
        if key[0] == audience_for.PERSON and isinstance(key[1], int):
            person = audience_for.person_of(self._desk, replace(self._draft, person_id=key[1]))
        self.changed.emit(audience_for.put_in(self._draft, self._choices, key, person))

    def _taken(self, key: Key) -> None:
        fields = audience_for.take_out(self._draft, key, self._chosen)
        if fields:
            self.changed.emit(fields)
        else:
            notices.tell(_("None of these networks knows anything narrower than everybody."), tone="warning")

    def _show_language(self, chosen: str) -> None:
        codes = [code for code in dict.fromkeys((chosen, *LANGUAGE_CHOICES)) if code]
        if codes != [self.language.itemData(at) for at in range(self.language.count())]:
            self.language.clear()
            for code in codes:
                self.language.addItem(LANGUAGES.get(code) or QLocale(code).nativeLanguageName() or code, code)
        self.language.setCurrentIndex(self.language.findData(chosen))

    def _show_lines(self, told: Sequence[Line]) -> None:
        while len(self._lines) < len(told):
            line = ReachLine(self)
            self._lines.append(line)
            self._reach.addWidget(line)
        for line, shown in zip(self._lines, [*told, *[None] * (len(self._lines) - len(told))], strict=True):
            line.setVisible(shown is not None)
            if shown is not None:
                line.show_line(shown)

    def _show_people(self) -> None:
        named = {each.id: each.name for each in self._choices.circles}
        told = [
            audience_for.reached_words(named[each], self._facts[each])
            for each in self._draft.circles
            if each in named and each in self._facts
        ]
        broken = self._broken()
        self.mending.setVisible(bool(broken))
        if broken:
            told.append(
                ngettext(
                    "Its rule names something that is gone: it holds those noted last.",
                    "Their rules name something that is gone: they hold those noted last.", len(broken),
                )
            )  # fmt: skip
        self._people.setText("\n".join(told))
        self._people.setVisible(bool(told))

    def _broken(self) -> list[int]:
        """The circles of the post whose rule names what is gone."""
        return [each for each in self._draft.circles if each in self._facts and self._facts[each].broken]

    def _ask(self) -> None:
        draft, networks = self._draft, tuple(dict.fromkeys(each.network for each in self._chosen))
        if not self._choices.circles:
            self._facts = {}
            return

        async def work() -> None:
            asked = self._asked
            found = await self._desk.read(
                audience_for.read_facts, draft.brand_id, draft.circles, networks, self._desk.clock.now()
            )
            if asked == self._asked:
                self._facts = found
                self.show_audience(self._draft, self._choices, self._chosen, editable=self._editable)

        spawn(work(), self, name="count the people of circles")


class ReachLine(QWidget):
    """One line: the network, its accounts, and who will see it there."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._line: Line | None = None
        self._mark = _Mark(self)
        self._who = PlainLabel("", self, role="small_strong")
        self._icon = _Mark(self)
        self._words = PlainLabel("", self, role="small", wrap=True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.XS)
        for part in (self._mark, self._who, self._icon):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def show_line(self, line: Line) -> None:
        """Show it."""
        self._line = line
        self._mark.show_icon(audience_for.glyph(line.accounts), "text_muted")
        self._who.setText(audience_for.handles(line.accounts))
        self._icon.show_icon(line.icon, line.color)
        self._words.set_role("small", line.color if line.asks or line.color == "negative" else "text_muted")
        self._words.setText(line.words)
        self.setAccessibleName(self.text())

    def text(self) -> str:
        """What it says."""
        return f"{self._who.text()}: {self._words.text()}"


class _Mark(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon, self._color = "", "text_muted"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed().connect(self.update)

    def show_icon(self, icon: str, color: str) -> None:
        self._icon, self._color = icon, color
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(16), theme.scaled(18))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        if self._icon:
            painter = QPainter(self)
            side = theme.scaled(14)
            top = int((self.height() - side) / 2)
            painter.drawPixmap(0, top, icons.pixmap(self._icon, theme.color(self._color), side))
            painter.end()

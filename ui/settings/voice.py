"""What the reviewer watches for each brand: words, competitors, topics, its own pages, limits, what is ignored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cmdesk.desk import Desk
from cmdesk.errors import DeskError
from cmdesk.i18n import _, ngettext
from cmdesk.model import Brand
from cmdesk.planning.reviewing.facts import WordKind
from cmdesk.planning.reviewing.topics import TOPICS
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording_review import ignored_text, topic_word
from ui import notices, theme
from ui.bridge import spawn
from ui.models import reviewing as model
from ui.models.directory import Directory
from ui.models.reviewing import Watched
from ui.settings.care_hours import problem_words
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Card, Field, PlainLabel, SegmentedControl
from ui.widgets.dialogs import Dialog, choose_files
from ui.widgets.fields import calm, padded
from ui.widgets.page import PageContext, Undoable
from ui.widgets.panels import scroll_column

TOPIC = "sensitive_topic"


class ListEditor(QWidget):
    """A list of words, one a line; pasted from anywhere, or added from a file."""

    def __init__(self, title: str, words: Sequence[str], *, hint: str, example: str, height: int = 150) -> None:
        super().__init__()
        self.edit = QPlainTextEdit("\n".join(words))
        self.edit.setTabChangesFocus(True)
        self.edit.setPlaceholderText(example)
        self.edit.setMinimumHeight(theme.scaled(height))
        self.edit.setAccessibleName(title)
        self._count = PlainLabel("", role="caption", color="text_muted")
        add = Button(_("Add from a file…"), variant="ghost", icon="upload", size="small")
        add.clicked.connect(lambda: spawn(self._choose(), self, name=_("Add from a file…")))
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addWidget(Field(title, self.edit, hint=hint))
        column.addLayout(foot)
        self.edit.textChanged.connect(self._recount)
        self._recount()

    def value(self) -> list[str]:
        """The words, as they stand there."""
        return [line.strip() for line in self.edit.toPlainText().splitlines() if line.strip()]

    def add(self, words: Iterable[str]) -> None:
        """Put words behind those that are there, each once."""
        known = {each.casefold() for each in self.value()}
        new = [word for each in words if (word := clean_line(each)) and word.casefold() not in known]
        self.edit.setPlainText("\n".join([*self.value(), *dict.fromkeys(new)]))

    def _recount(self) -> None:
        count = len(self.value())
        self._count.setText(ngettext("{count} entry", "{count} entries", count).format(count=count) if count else "")

    async def _choose(self) -> None:
        patterns = [(_("Lists"), ["*.txt", "*.csv"])]
        for path in await choose_files(self, _("Add from a file…"), patterns=patterns):
            try:
                self.add(model.list_of(path))
            except (DeskError, OSError) as error:
                notices.error(error, doing=path.name)


class TopicsEditor(QWidget):
    """The usual topics, each of which may be switched off, and the brand's own (K9)."""

    def __init__(self, watched: Watched) -> None:
        super().__init__()
        self._boxes: dict[str, QCheckBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.XL)
        grid.setVerticalSpacing(Space.S)
        for place, topic in enumerate(TOPICS):
            box = QCheckBox(topic_word(topic))
            box.setChecked(topic not in watched.topics_off)
            self._boxes[topic] = box
            grid.addWidget(box, place // 2, place % 2)
        grid.setColumnStretch(2, 1)
        self.own = ListEditor(
            _("More topics to avoid"),
            watched.words.get(WordKind.TOPIC, ()),
            hint=_("One a line. A star at the end stands for any ending: balon* finds baloncesto."),
            example=_("football\nmedical advice"),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(PlainLabel(_("Say when a text touches"), role="small_strong"))
        column.addLayout(grid)
        column.addSpacing(Space.S)
        column.addWidget(self.own)

    def off(self) -> set[str]:
        """The usual topics nobody wants to hear about."""
        return {topic for topic, box in self._boxes.items() if not box.isChecked()}


class IgnoredList(QWidget):
    """What this brand chose not to hear, each with a way back."""

    def __init__(self, watched: Watched) -> None:
        super().__init__()
        self._left = [
            (each.code, each.detail) for each in watched.ignored if not (each.code == TOPIC and each.detail in TOPICS)
        ]
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.XS)
        self._empty = PlainLabel(_("Nothing is ignored: everything the reviewer finds is said."), color="text_muted")
        self._column.addWidget(self._empty)
        for code, detail in self._left:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(PlainLabel(ignored_text(code, detail), elide=True), 1)
            again = Button(_("Watch again"), icon="eye", size="small")
            again.clicked.connect(partial(self._again, row, code, detail))
            line.addWidget(again)
            self._column.addWidget(row)
        self._column.addStretch(1)
        self._empty.setVisible(not self._left)

    def value(self) -> set[tuple[str, str]]:
        """What stays ignored."""
        return set(self._left)

    def _again(self, row: QWidget, code: str, detail: str) -> None:
        self._left.remove((code, detail))
        row.hide()
        self._empty.setVisible(not self._left)


class VoiceDialog(Dialog):
    """Everything the reviewer watches for one brand; `saved` is set once something was changed."""

    def __init__(self, desk: Desk, parent: QWidget, brand: Brand) -> None:
        super().__init__(
            _("What the reviewer watches: {brand}").format(brand=clean_line(brand.name)), parent, width=760
        )
        self._desk, self._brand = desk, brand
        self._room = parent.window().height()
        self.saved: Undoable | None = None
        watched = model.watched(desk, brand.id)
        said = watched.words
        self.forbidden = ListEditor(
            _("Words the client does not want to read"),
            said.get(WordKind.FORBIDDEN, ()),
            hint=_("One a line. Plural and gender are found, too: cheap words, names, slogans of before."),
            example=_("cheap\nlow cost"),
            height=260,
        )
        self.competitors = ListEditor(
            _("Competitors"),
            said.get(WordKind.COMPETITOR, ()),
            hint=_("One a line: a name, an @handle or a domain. Nobody is sent there by mistake."),
            example="rival.example\n@rival",
            height=260,
        )
        self.topics = TopicsEditor(watched)
        self.domains = ListEditor(
            _("Pages of the brand"),
            said.get(WordKind.DOMAIN, ()),
            hint=_("Domains. Links elsewhere get a hint once one is known; in other brands' posts they stop and ask."),
            example="tienda.example",
        )
        self.handles = ListEditor(
            _("Its names on other networks"),
            said.get(WordKind.HANDLE, ()),
            hint=_("Those connected here are known already."),
            example="@tienda",
        )
        self.spelt = ListEditor(
            _("Words that are right here"),
            said.get(WordKind.SPELLING, ()),
            hint=_("One a line: names and words no dictionary has. “Add” in the menu of a marked word puts it here."),
            example=_("sourdough\nAlbarracín"),
            height=260,
        )
        self.ignored = IgnoredList(watched)
        self._lay_out(watched)

    def _lay_out(self, watched: Watched) -> None:
        self.address = SegmentedControl([("tu", _("tú")), ("usted", _("usted"))], name=_("Form of address"))
        self.address.set_current("usted" if watched.formal else "tu")
        self.hashtags = _number(watched.max_hashtags, 30, _("As usual on each network"))
        self.streak = _number(watched.product_streak, 20, _("Never"))
        own, limits = QWidget(), QWidget()
        for holder, parts in (
            (own, (self.domains, self.handles)),
            (
                limits,
                (
                    Field(_("Form of address"), self.address, hint=_("Also tu and vous, du and Sie.")),
                    Field(_("Hashtags at most"), self.hashtags),
                    Field(_("Posts about products in a row before a hint"), self.streak),
                ),
            ),
        ):
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(Space.M)
            for part in parts:
                column.addWidget(part)
            column.addStretch(1)
        pages = (
            ("forbidden", _("Words"), self.forbidden),
            ("competitors", _("Competitors"), self.competitors),
            ("topics", _("Topics"), self.topics),
            ("own", _("Its own"), own),
            ("limits", _("Voice"), limits),
            ("spelling", _("Spelling"), self.spelt),
            ("ignored", _("Ignored"), self.ignored),
        )
        self.tabs = SegmentedControl([(key, text) for key, text, _page in pages], name=_("Part"))
        self._stack = QStackedWidget()
        for _key, _text, page in pages:
            area, column = scroll_column(margin=0)
            column.setContentsMargins(0, Space.S, Space.M, 0)
            column.addWidget(page)
            column.addStretch(1)
            area.setFixedHeight(max(220, min(theme.scaled(420), self._room - 260)))
            self._stack.addWidget(area)
        keys = [key for key, _text, _page in pages]
        self.tabs.changed.connect(lambda key: self._stack.setCurrentIndex(keys.index(key)))
        self.body.addWidget(self.tabs)
        self.body.addWidget(self._stack, 1)
        self._problem = Banner("", tone="negative", icon="triangle-alert")
        self._problem.hide()
        self.body.addWidget(self._problem)
        self.add_button(_("Cancel"), reject=True)
        save = self.add_button(_("Save"), variant="primary")
        save.clicked.connect(lambda: spawn(self._save(), self, name=_("Save")))

    def show_part(self, key: str) -> None:
        """Open one of the parts: forbidden, competitors, topics, own, limits, spelling, ignored."""
        self.tabs.set_current(key)
        self.tabs.changed.emit(key)

    async def _save(self) -> None:
        words = {
            WordKind.FORBIDDEN.value: self.forbidden.value(),
            WordKind.COMPETITOR.value: self.competitors.value(),
            WordKind.TOPIC.value: self.topics.own.value(),
            WordKind.DOMAIN.value: self.domains.value(),
            WordKind.HANDLE.value: self.handles.value(),
            WordKind.SPELLING.value: [word for line in self.spelt.value() for word in line.split()],
        }
        silent = self.ignored.value() | {(TOPIC, topic) for topic in self.topics.off()}
        try:
            self.saved = await model.save_voice(
                self._desk,
                self._brand.id,
                words=words,
                numbers={"max_hashtags": self.hashtags.value(), "product_streak": self.streak.value()},
                formal=self.address.current() == "usted",
                silent=silent,
            )
        except DeskError as problem:
            self._problem.set_text(problem_words(problem))
            self._problem.show()
        else:
            self.accept()


class VoiceSection(QWidget):
    """A card a brand: what is watched in a line, and the dialog in which it is changed."""

    def __init__(self, context: PageContext, directory: Directory) -> None:
        super().__init__()
        self._context, self._directory = context, directory
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)

    def refresh(self) -> None:
        """Build the cards again."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        brands = self._directory.brands()
        for brand in brands:
            self._column.addWidget(self._card(brand))
        if not brands:
            self._column.addWidget(PlainLabel(_("What each brand watches appears here."), color="text_muted"))

    def edit(self, brand_id: int, part: str = "") -> None:
        """Open what a brand watches."""
        spawn(self._edit(brand_id, part), self, name=_("What the reviewer watches…"))

    def _card(self, brand: Brand) -> Card:
        card = Card(stripe=brand.color, padding=Space.M)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(safe_name(brand.name), role="body_strong"))
        line = watched_line(model.watched(self._context.desk, brand.id))
        words.addWidget(PlainLabel(line, role="small", color="text_muted", wrap=True))
        row.addLayout(words, 1)
        edit = Button(_("What it watches…"), icon="spell-check", size="small")
        edit.clicked.connect(partial(self.edit, brand.id))
        row.addWidget(edit)
        card.body.addLayout(row)
        return card

    async def _edit(self, brand_id: int, part: str) -> None:
        brand = self._directory.brand(brand_id)
        if brand is None:
            return
        dialog = VoiceDialog(self._context.desk, self.window(), brand)
        if part:
            dialog.show_part(part)
        if await dialog.ask() and dialog.saved is not None:
            text = _("What the reviewer watches: {brand}").format(brand=clean_line(brand.name))
            self._context.undo(dialog.saved, text)


def watched_line(watched: Watched) -> str:
    """What a brand watches, in a line."""
    said = watched.words
    counted = (
        (len(said.get(WordKind.FORBIDDEN, ())), "forbidden"),
        (len(said.get(WordKind.COMPETITOR, ())), "competitor"),
        (len(TOPICS) - len(watched.topics_off) + len(said.get(WordKind.TOPIC, ())), "topic"),
        (len(said.get(WordKind.DOMAIN, ())), "domain"),
        (len(watched.ignored) - len(watched.topics_off), "ignored"),
    )
    parts = [_("Says usted") if watched.formal else _("Says tú")]
    parts += [_counted(kind, count).format(count=count) for count, kind in counted if count]
    return " · ".join(parts)


def _counted(kind: str, count: int) -> str:
    match kind:
        case "forbidden":
            return ngettext("{count} forbidden word", "{count} forbidden words", count)
        case "competitor":
            return ngettext("{count} competitor", "{count} competitors", count)
        case "topic":
            return ngettext("{count} topic to avoid", "{count} topics to avoid", count)
        case "domain":
            return ngettext("{count} page of its own", "{count} pages of its own", count)
        case _:
            return ngettext("{count} finding ignored", "{count} findings ignored", count)


def _number(value: int, most: int, nothing: str) -> QSpinBox:
    box: QSpinBox = calm(padded(QSpinBox()))
    box.setRange(0, most)
    box.setSpecialValueText(nothing)
    box.setMaximumWidth(theme.scaled(240))
    box.setValue(value)
    return box

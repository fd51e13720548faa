"""How a brand speaks, in one dialog: persona, words, subjects, languages, networks, what is ignored (K11, K12)."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.desk import Desk
from cmdesk.errors import DeskError, Invalid
from cmdesk.i18n import _
from cmdesk.model import Brand
from cmdesk.planning.voice_book import Book
from cmdesk.safe_text import clean_line
from ui import notices, theme
from ui.bridge import spawn
from ui.models import voice as model
from ui.models.voice import said
from ui.settings.care_hours import problem_words
from ui.settings.voice_dictionaries import Dictionaries
from ui.settings.voice_lists import IgnoredList
from ui.settings.voice_networks import NetworksPage
from ui.settings.voice_persona import PersonaPage
from ui.settings.voice_tongues import TonguesPage
from ui.settings.voice_words import SubjectsPage, WordsPage
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, SegmentedControl
from ui.widgets.dialogs import Dialog, choose_files, choose_save
from ui.widgets.page import Undoable
from ui.widgets.panels import scroll_column

PERSONA, WORDS, SUBJECTS, TONGUES, NETWORKS, IGNORED = "persona", "words", "subjects", "tongues", "networks", "ignored"
_PARTS = (PERSONA, WORDS, SUBJECTS, TONGUES, NETWORKS, IGNORED)
_INSIDE = {
    "forbidden": WORDS, "competitors": WORDS, "own": WORDS, "topics": SUBJECTS, "limits": SUBJECTS,
    "spelling": TONGUES,
}  # fmt: skip
Part = PersonaPage | WordsPage | SubjectsPage | TonguesPage | NetworksPage | IgnoredList
P = TypeVar("P", PersonaPage, WordsPage, SubjectsPage, TonguesPage, NetworksPage, IgnoredList)
SUFFIX = ".voz.toml"
_LAID_OUT_MS = 50  # what was just added has its place by then


class VoiceDialog(Dialog):
    """Everything that is said of how one brand speaks; `saved` is set once something was changed."""

    def __init__(self, desk: Desk, parent: QWidget, brand: Brand) -> None:
        super().__init__(_("How {brand} speaks").format(brand=clean_line(brand.name)), parent, width=820)
        self._desk, self._room = desk, parent.window().height()
        self.known = model.opened(desk, brand.id)
        self.saved: Undoable | None = None
        self._base = self.known.book  # what parts that were not opened yet say
        self._built: list[Part] = []
        self._lay_out()
        self._open(PERSONA)

    # The parts are built when they are first shown: a hundred fields take their time.

    @cached_property
    def persona(self) -> PersonaPage:
        """Who speaks, and how."""
        return self._built_in(PERSONA, PersonaPage())

    @cached_property
    def words(self) -> WordsPage:
        """What is said, and what is not."""
        return self._built_in(WORDS, WordsPage())

    @cached_property
    def subjects(self) -> SubjectsPage:
        """Of what it speaks, and of what not."""
        return self._built_in(SUBJECTS, SubjectsPage())

    @cached_property
    def tongues(self) -> TonguesPage:
        """How it speaks in each language, and their dictionaries."""
        more = [each.language for each in self.known.markets] + [*self._base.voice.tongues, self.known.brand.language]
        page = TonguesPage(self.known.brand, Dictionaries(self._desk, [each for each in more if each]))
        page.added.connect(lambda card: self._reveal(TONGUES, card))
        return self._built_in(TONGUES, page)

    @cached_property
    def networks(self) -> NetworksPage:
        """What each account is for."""
        return self._built_in(NETWORKS, NetworksPage(self.known.accounts, self.known.markets))

    @cached_property
    def ignored(self) -> IgnoredList:
        """What is not heard."""
        return self._built_in(IGNORED, IgnoredList([(each.code, each.detail) for each in self.known.ignored]))

    def _built_in(self, key: str, page: P) -> P:
        page.set_book(self._base)
        self._built.append(page)
        self._columns[key].insertWidget(0, page)
        return page

    def _open(self, key: str) -> None:
        getattr(self, key)
        self._stack.setCurrentIndex(_PARTS.index(key))

    def reject(self) -> None:
        """Esc and Cancel: what was written is not thrown away without a question."""
        if said(self.book()) == said(self.known.book):
            super().reject()
        else:
            spawn(self._leave(), self, name=_("Cancel"))

    async def _leave(self) -> None:
        answer = await notices.ask(
            notices.Question(
                _("Leave without saving?"),
                _("What was changed here is lost then."),
                choices=(
                    notices.Choice("stay", _("Stay")),
                    notices.Choice("leave", _("Discard changes"), danger=True),
                ),
                icon="pencil",
            )
        )
        if answer is not None and answer.key == "leave":
            super().reject()

    def _lay_out(self) -> None:
        names = (
            _("Persona"), _("Words"), _("Subjects"), _("Languages and spelling"), _("Networks"), _("Ignored"),
        )  # fmt: skip
        self.tabs = SegmentedControl(list(zip(_PARTS, names, strict=True)), name=_("Part"))
        self._stack = QStackedWidget()
        self._areas: dict[str, QScrollArea] = {}
        self._columns: dict[str, QVBoxLayout] = {}
        for key in _PARTS:
            area, column = scroll_column(margin=0)
            column.setContentsMargins(0, Space.S, Space.M, 0)
            column.addStretch(1)
            area.setFixedHeight(max(220, min(theme.scaled(580), self._room - 260)))
            self._areas[key], self._columns[key] = area, column
            self._stack.addWidget(area)
        self.tabs.changed.connect(self._open)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self._stack, 1)
        self.notice = Banner("", tone="info", icon="info")
        self.notice.hide()
        self.body.addWidget(self.notice)
        take = Button(_("Take from a file…"), variant="ghost", icon="upload")
        put = Button(_("Save as a file…"), variant="ghost", icon="download")
        self.buttons.insertWidget(0, take)
        self.buttons.insertWidget(1, put)
        take.clicked.connect(lambda: spawn(self._choose(), self, name=_("Take from a file…")))
        put.clicked.connect(lambda: spawn(self._export(), self, name=_("Save as a file…")))
        self.add_button(_("Cancel"), reject=True)
        save = self.add_button(_("Save"), variant="primary")
        save.clicked.connect(lambda: spawn(self._save(), self, name=_("Save")))

    def show_part(self, key: str) -> None:
        """Open a part by its name, or at one of its lists: forbidden, competitors, topics, own, limits, spelling."""
        part = _INSIDE.get(key, key)
        if part not in _PARTS:
            return
        self.tabs.set_current(part)
        self._open(part)
        if key == "spelling":
            self._reveal(part, self.tongues.dictionaries)
        elif key in _INSIDE:
            self._reveal(part, self._list_of(key))

    def _list_of(self, key: str) -> QWidget:
        match key:
            case "forbidden":
                return self.words.forbidden
            case "competitors":
                return self.words.competitors
            case "own":
                return self.words.domains
            case "topics":
                return self.subjects.topics
            case _:
                return self.subjects.hashtags

    def _reveal(self, part: str, widget: QWidget) -> None:
        area = self._areas[part]
        QTimer.singleShot(_LAID_OUT_MS, area, lambda: area.ensureWidgetVisible(widget, 0, 40))

    def show_book(self, book: Book) -> None:
        """Show a voice in every field."""
        self._base = book
        for page in self._built:
            page.set_book(book)

    def book(self) -> Book:
        """What stands in the fields."""
        book = self._base
        for page in self._built:
            book = page.into(book)
        return book

    async def _save(self) -> None:
        try:
            self.saved = await model.keep(self._desk, self.known.brand.id, self.book())
        except DeskError as problem:
            self._say_problem(problem)
        else:
            self.accept()

    # Files

    async def _choose(self) -> None:
        patterns = [(_("Voices of brands"), ["*.toml"])]
        for path in await choose_files(self, _("Take from a file…"), patterns=patterns):
            await self.take(path)

    async def take(self, path: Path) -> None:
        """Show the voice of a file in the fields; nothing is kept before it is saved."""
        try:
            said = await model.read_file(path)
        except Invalid as problem:
            self._say(f"{clean_line(path.name, limit=60)}: {problem_words(problem)}", tone="negative")
            return
        except OSError as error:
            notices.error(error, doing=path.name)
            return
        found = model.take(self.known, self.book(), said)
        self.show_book(found.book)
        lines = [
            _("This is the voice of {brand} now, here in the fields. It is kept when you save.").format(
                brand=clean_line(said.brand, limit=60) or path.name
            )
        ]
        if found.foreign:
            lines.append(_("Pages and names of the other brand were left out."))
        if found.missing:
            names = ", ".join(clean_line(each, limit=40) for each in found.missing[:5])
            lines.append(_("No account here: {names}.").format(names=names))
        self._say(" ".join(lines), tone="warning" if found.missing else "info")

    async def _export(self) -> None:
        name = "".join(each if each.isalnum() else "-" for each in self.known.brand.name).strip("-").lower() or "voz"
        path = await choose_save(
            self, _("Save as a file…"), name=f"{name}{SUFFIX}", patterns=[(_("Voices of brands"), ["*.toml"])]
        )
        if path is not None:
            await self.export(path)

    async def export(self, path: Path) -> None:
        """Write what stands in the fields into a file."""
        try:
            await model.write_file(path, model.file_text(self.known, self.book()))
        except OSError as error:
            notices.error(error, doing=path.name)
        else:
            notices.tell(_("Saved: {name}").format(name=path.name), tone="positive")

    def _say_problem(self, problem: DeskError) -> None:
        self._say(problem_words(problem), tone="negative")

    def _say(self, text: str, *, tone: str) -> None:
        self.notice.set_text(text, tone=tone, icon="info" if tone == "info" else "triangle-alert")
        self.notice.show()

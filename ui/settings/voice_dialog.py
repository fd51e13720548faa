"""How a brand speaks, in one dialog: persona, words, subjects, languages, networks, what is ignored (K11, K12)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from cmdesk.desk import Desk
from cmdesk.errors import DeskError, Invalid
from cmdesk.i18n import _
from cmdesk.model import Brand
from cmdesk.planning.voice_book import Book
from cmdesk.safe_text import clean_line
from ui import notices, theme
from ui.bridge import spawn
from ui.models import voice as model
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
SUFFIX = ".voz.toml"
_LAID_OUT_MS = 50  # what was just added has its place by then


class VoiceDialog(Dialog):
    """Everything that is said of how one brand speaks; `saved` is set once something was changed."""

    def __init__(self, desk: Desk, parent: QWidget, brand: Brand) -> None:
        super().__init__(_("How {brand} speaks").format(brand=clean_line(brand.name)), parent, width=820)
        self._desk, self._room = desk, parent.window().height()
        self.known = model.opened(desk, brand.id)
        self.saved: Undoable | None = None
        self.persona, self.words, self.subjects = PersonaPage(), WordsPage(), SubjectsPage()
        more = [each.language for each in self.known.markets] + [*self.known.book.voice.tongues, brand.language]
        self.tongues = TonguesPage(self.known.brand, Dictionaries(desk, [each for each in more if each]))
        self.networks = NetworksPage(self.known.accounts, self.known.markets)
        self.ignored = IgnoredList([(each.code, each.detail) for each in self.known.ignored])
        self._fields = (self.persona, self.words, self.subjects, self.tongues, self.networks)
        self._lay_out()
        self.show_book(self.known.book)
        self._first = self.book()  # as the fields stood in the beginning

    def reject(self) -> None:
        """Esc and Cancel: what was written is not thrown away without a question."""
        if self.book() == self._first:
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
        pages: tuple[tuple[str, str, QWidget], ...] = (
            (PERSONA, _("Persona"), self.persona),
            (WORDS, _("Words"), self.words),
            (SUBJECTS, _("Subjects"), self.subjects),
            (TONGUES, _("Languages and spelling"), self.tongues),
            (NETWORKS, _("Networks"), self.networks),
            (IGNORED, _("Ignored"), self.ignored),
        )
        self._keys = [key for key, _text, _page in pages]
        self.tabs = SegmentedControl([(key, text) for key, text, _page in pages], name=_("Part"))
        self._stack = QStackedWidget()
        self._areas = {}
        for key, _text, page in pages:
            area, column = scroll_column(margin=0)
            column.setContentsMargins(0, Space.S, Space.M, 0)
            column.addWidget(page)
            column.addStretch(1)
            area.setFixedHeight(max(220, min(theme.scaled(580), self._room - 260)))
            self._areas[key] = area
            self._stack.addWidget(area)
        self.tongues.added.connect(lambda card: self._reveal(TONGUES, card))
        self.tabs.changed.connect(lambda key: self._stack.setCurrentIndex(self._keys.index(key)))
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
        inside: dict[str, tuple[str, QWidget]] = {
            "forbidden": (WORDS, self.words.forbidden), "competitors": (WORDS, self.words.competitors),
            "own": (WORDS, self.words.domains), "topics": (SUBJECTS, self.subjects.topics),
            "limits": (SUBJECTS, self.subjects.hashtags), "spelling": (TONGUES, self.tongues.dictionaries),
        }  # fmt: skip
        part, widget = inside.get(key, (key, None))
        if part not in self._keys:
            return
        self.tabs.set_current(part)
        self.tabs.changed.emit(part)
        if widget is not None:
            self._reveal(part, widget)

    def _reveal(self, part: str, widget: QWidget) -> None:
        area = self._areas[part]
        QTimer.singleShot(_LAID_OUT_MS, area, lambda: area.ensureWidgetVisible(widget, 0, 40))

    def show_book(self, book: Book) -> None:
        """Show a voice in every field."""
        for page in self._fields:
            page.set_book(book)

    def book(self) -> Book:
        """What stands in the fields."""
        book = replace(self.known.book, silent=frozenset(self.ignored.value()))
        for page in self._fields:
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

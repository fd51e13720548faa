"""Which languages can be checked for spelling, and where the missing dictionaries come from (K8)."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from cmdesk.desk import Desk
from cmdesk.errors import DeskError, Invalid
from cmdesk.i18n import _
from cmdesk.spelling.dictionaries import Source
from ui import notices
from ui.bridge import spawn
from ui.models import voice as model
from ui.settings.care_hours import problem_words
from ui.settings.voice_tongues import tongue_name
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Card, Chip, FlowLayout, PlainLabel
from ui.widgets.dialogs import choose_files
from ui.widgets.links import open_folder

_PACKAGES = {"it": "hunspell-it", "de": "hunspell-de-de / hunspell-de"}


class Dictionaries(Card):
    """A mark a language, and what to do for those that have no dictionary."""

    def __init__(self, desk: Desk, more: Sequence[str] = ()) -> None:
        super().__init__(padding=Space.M)
        self._desk, self._more = desk, tuple(more)
        self._holder = QWidget()
        self._flow = FlowLayout(self._holder, gap=Space.XS)
        self.advice = PlainLabel("", role="small", wrap=True, selectable=True)
        self.problem = Banner("", tone="negative", icon="triangle-alert")
        self.problem.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        self.add = Button(_("Add a dictionary…"), icon="upload", size="small")
        folder = Button(_("Open the folder"), variant="ghost", icon="folder-open", size="small")
        again = Button(_("Look again"), variant="ghost", icon="refresh-cw", size="small")
        for button in (self.add, folder, again):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.body.addWidget(PlainLabel(_("Spelling"), role="small_strong"))
        self.body.addWidget(self._holder)
        self.body.addWidget(self.advice)
        self.body.addWidget(self.problem)
        self.body.addLayout(buttons)
        self.add.clicked.connect(lambda: spawn(self._choose(), self, name=_("Add a dictionary…")))
        folder.clicked.connect(lambda: open_folder(str(desk.speller.folder)))
        again.clicked.connect(self._again)
        self.marks: dict[str, Chip] = {}
        self.refresh()

    def refresh(self) -> None:
        """Show what there is."""
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        found = model.sources(self._desk, self._more)
        self.marks = {tongue: _mark(tongue, source) for tongue, source in found.items()}
        for chip in self.marks.values():
            self._flow.addWidget(chip)
        self._say([tongue for tongue, source in found.items() if source is None])

    def _say(self, missing: Sequence[str]) -> None:
        self.advice.setVisible(bool(missing))
        if missing:
            names = ", ".join(tongue_name(each) for each in missing)
            self.advice.setText(f"{_('No dictionary yet: {languages}.').format(languages=names)} {how(missing)}")

    async def _choose(self) -> None:
        patterns = [(_("Dictionaries"), ["*.oxt", "*.xpi", "*.zip", "*.dic", "*.aff"])]
        paths = await choose_files(self, _("Add a dictionary…"), patterns=patterns, several=True)
        if not paths:
            return
        try:
            added = await model.add_dictionaries(self._desk, paths)
        except Invalid as problem:
            self.show_problem(problem)
            return
        except OSError as error:
            notices.error(error, doing=paths[0].name)
            return
        self.problem.hide()
        self.refresh()
        names = ", ".join(tongue_name(each.replace("_", "-")) for each in added)
        notices.tell(_("Checked from now on: {languages}").format(languages=names), tone="positive")

    def show_problem(self, problem: DeskError) -> None:
        """Say what is wrong with what was chosen."""
        self.problem.set_text(problem_words(problem))
        self.problem.show()

    def _again(self) -> None:
        self._desk.speller.again()
        self.problem.hide()
        self.refresh()


def how(missing: Sequence[str], platform: str = sys.platform) -> str:
    """Where missing dictionaries come from on this system."""
    file = _(
        "“Add a dictionary…” takes the extension of LibreOffice (.oxt, from extensions.libreoffice.org) or Firefox"
        " (.xpi), or the files .aff and .dic."
    )
    named = ", ".join(_PACKAGES[each] for each in missing if each in _PACKAGES)
    if platform.startswith("linux") and named:
        return _("Install {packages} and look again. Or: {file}").format(packages=named, file=file)
    if platform == "darwin":
        return _("Those in Library/Spelling are used, too. {file}").format(file=file)
    return file


def _mark(tongue: str, source: Source | None) -> Chip:
    said = {
        Source.PACKED: _("built in"), Source.SYSTEM: _("of the system"), Source.OWN: _("your own"), None: _("missing"),
    }[source]  # fmt: skip
    text = _("{language}: {source}").format(language=tongue_name(tongue), source=said)
    return Chip(
        text, tone="warning" if source is None else "positive", icon="circle-alert" if source is None else "check"
    )

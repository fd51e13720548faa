"""Dialogs that are awaited: a base with title, body and buttons, questions, error reports and file choosers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from cmdesk.i18n import _
from ui import theme
from ui.notices import Answer, Choice, ErrorReport, Question
from ui.theme.tokens import Space
from ui.widgets.buttons import Button, Variant
from ui.widgets.fields import Field
from ui.widgets.labels import PlainLabel
from ui.widgets.panels import Divider
from ui.widgets.states import Disc


class Dialog(QDialog):
    """A window-modal dialog: put content into `body`, buttons into `buttons`; `await dialog.ask()` for its result.

    The result is True for accept, False for anything else (Esc, close, its parent going away).
    """

    def __init__(
        self, title: str, parent: QWidget | None = None, *, text: str = "", icon: str = "", width: int = 440
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAccessibleName(title)
        self.setMinimumWidth(theme.scaled(width))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.S)
        head.setSpacing(Space.L)
        if icon:
            self.disc = Disc(icon, "accent", 40)
            head.addWidget(self.disc, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        self.heading = PlainLabel(title, role="title", wrap=True)
        self.lead = PlainLabel(text, color="text_muted", wrap=True)
        self.lead.setVisible(bool(text))
        words.addWidget(self.heading)
        words.addWidget(self.lead)
        words.addStretch(1)
        head.addLayout(words, 1)
        outer.addLayout(head)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(Space.XL, Space.S, Space.XL, Space.L)
        self.body.setSpacing(Space.M)
        outer.addLayout(self.body)
        outer.addWidget(Divider())
        self.buttons = QHBoxLayout()
        self.buttons.setContentsMargins(Space.XL, Space.M, Space.XL, Space.M)
        self.buttons.setSpacing(Space.S)
        self.buttons.addStretch(1)
        outer.addLayout(self.buttons)

    def add_button(
        self, text: str, *, variant: Variant = "secondary", accept: bool = False, reject: bool = False
    ) -> Button:
        """Append a button at the right; the accepting primary one answers Enter."""
        made = Button(text, variant=variant)
        if accept:
            made.clicked.connect(self.accept)
            made.setDefault(True)
        if reject:
            made.clicked.connect(self.reject)
        self.buttons.addWidget(made)
        return made

    def showEvent(self, event: QShowEvent, /) -> None:
        """Exactly as high as its wrapped texts need at its width."""
        super().showEvent(event)
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    async def ask(self) -> bool:
        """Open, wait, and say whether it was accepted; the dialog is deleted afterwards."""
        reply: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def done(code: int) -> None:
            if not reply.done():
                reply.set_result(code == QDialog.DialogCode.Accepted)

        def gone() -> None:
            if not reply.done() and not reply.get_loop().is_closed():
                reply.set_result(False)

        self.finished.connect(done)
        self.destroyed.connect(gone)
        self.open()
        try:
            return await reply
        finally:
            if not reply.cancelled():
                self.deleteLater()


class QuestionDialog(Dialog):
    """A `notices.Question` on the screen."""

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(question.title, parent, text=question.text, icon=question.icon)
        self._question = question
        self._key: str | None = None
        self._radios: list[tuple[str, QRadioButton]] = []
        self._edit: QLineEdit | None = None
        for line in question.details:
            self.body.addWidget(PlainLabel(f"·  {line}", wrap=True, selectable=True))
        if question.as_list:
            self._add_radios(question.choices)
        self._add_input(question)
        if question.as_list:
            self.add_button(_("Cancel"), reject=True)
            self.add_button(question.confirm or _("Continue"), variant="primary", accept=True)
        else:
            choices = list(question.choices) or [Choice("ok", _("Close"))]
            for place, choice in reversed(list(enumerate(choices))):
                main: Variant = "danger" if choice.danger else "primary"
                made = self.add_button(choice.text, variant=main if place == 0 else "secondary")
                made.setDefault(place == 0 and not choice.danger)
                made.clicked.connect(lambda _checked=False, key=choice.key: self._choose(key))

    def _add_input(self, question: Question) -> None:
        if question.input_label:
            self._edit = QLineEdit(question.input_text)
            self._edit.setFocus()
            if question.secret:
                self._edit.setEchoMode(QLineEdit.EchoMode.Password)
            self.body.addWidget(Field(question.input_label, self._edit, hint=question.input_hint))

    def answer(self) -> Answer | None:
        """What was chosen, None when dismissed."""
        if self.result() != QDialog.DialogCode.Accepted:
            return None
        key = self._key
        if self._question.as_list:
            key = next((key for key, radio in self._radios if radio.isChecked()), None)
        return Answer(key, self._edit.text() if self._edit else "") if key is not None else None

    def _choose(self, key: str) -> None:
        self._key = key
        self.accept()

    def _add_radios(self, choices: Sequence[Choice]) -> None:
        for place, choice in enumerate(choices):
            radio = QRadioButton(choice.text)
            radio.setChecked(place == 0)
            self._radios.append((choice.key, radio))
            self.body.addWidget(radio)
            if choice.note:
                note = PlainLabel(choice.note, role="small", color="text_muted", wrap=True)
                note.setContentsMargins(28, 0, 0, 0)
                radio.setAccessibleDescription(choice.note)
                self.body.addWidget(note)


class ErrorDialog(Dialog):
    """What happened, why, what to do; the technical details folded, with Copy."""

    def __init__(self, report: ErrorReport, parent: QWidget | None = None) -> None:
        super().__init__(report.what, parent, text=report.why, icon="triangle-alert", width=480)
        if report.todo:
            self.body.addWidget(PlainLabel(report.todo, role="body_medium", wrap=True))
        self._details = QPlainTextEdit(report.details)
        self._details.setReadOnly(True)
        self._details.setAccessibleName(_("Details"))
        self._details.setMinimumHeight(160)
        self._details.hide()
        if report.details:
            fold = Button(_("Show details"), variant="link", icon="chevron-right")
            fold.clicked.connect(lambda: self._unfold(fold))
            self.body.addWidget(fold, 0, Qt.AlignmentFlag.AlignLeft)
            self.body.addWidget(self._details)
            copy = self.add_button(_("Copy details"))
            copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(f"{report.what}\n{report.details}"))
        if report.retry is not None:
            retry = self.add_button(_("Try again"))
            retry.clicked.connect(self.accept)
            retry.clicked.connect(report.retry)
        self.add_button(_("Close"), variant="primary", reject=True).setDefault(True)

    def _unfold(self, fold: Button) -> None:
        self._details.setVisible(not self._details.isVisible())
        fold.setText(_("Hide details") if self._details.isVisible() else _("Show details"))
        self.adjustSize()


async def choose_files(
    parent: QWidget, title: str, *, patterns: Sequence[tuple[str, Sequence[str]]] = (), several: bool = False
) -> list[Path]:
    """Let the person choose existing files; patterns are (name, ["*.png", ...]). Empty when dismissed."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles if several else QFileDialog.FileMode.ExistingFile)
    return await _await_files(dialog, patterns)


async def choose_save(
    parent: QWidget, title: str, *, name: str, patterns: Sequence[tuple[str, Sequence[str]]] = ()
) -> Path | None:
    """Let the person choose where to save; asks before overwriting. None when dismissed."""
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.selectFile(name)
    suffix = Path(name).suffix.lstrip(".")
    if suffix:
        dialog.setDefaultSuffix(suffix)
    found = await _await_files(dialog, patterns)
    return found[0] if found else None


async def choose_folder(parent: QWidget, title: str) -> Path | None:
    """Let the person choose a folder. None when dismissed."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    found = await _await_files(dialog, ())
    return found[0] if found else None


async def _await_files(dialog: QFileDialog, patterns: Sequence[tuple[str, Sequence[str]]]) -> list[Path]:
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    if patterns:
        dialog.setNameFilters([f"{name} ({' '.join(globs)})" for name, globs in patterns])
    reply: asyncio.Future[list[Path]] = asyncio.get_running_loop().create_future()

    def done(code: int) -> None:
        if not reply.done():
            chosen = dialog.selectedFiles() if code == QDialog.DialogCode.Accepted else []
            reply.set_result([Path(name) for name in chosen])

    dialog.finished.connect(done)
    dialog.open()
    try:
        return await reply
    finally:
        dialog.deleteLater()

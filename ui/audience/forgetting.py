"""Forgetting one person (N21): what goes and what stays, the name typed to confirm, the certificate afterwards."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.people.certificate import Paper, as_text
from cmdesk.safe_text import clean_line
from cmdesk.wording_people import gone_rows
from ui import theme
from ui.audience.side import paint_count
from ui.models.people_forget import Subject
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Field, PlainLabel, Spinner
from ui.widgets.dialogs import Dialog
from ui.widgets.panels import scroll_column


class ForgetDialog(Dialog):
    """`forget_wanted(confirm, keep_evidence)` once the name stands there; `export_wanted` hands everything over first.

    It stays open until `done_well`, so that a refusal is read where it happened.
    """

    forget_wanted = Signal(str, bool)
    export_wanted = Signal()

    def __init__(self, parent: QWidget, subject: Subject) -> None:
        self._subject = subject
        name = clean_line(subject.preview.name, limit=120) or _("Somebody")
        super().__init__(
            _("Forget {name}?").format(name=name), parent, icon="trash-2", width=560,
            text=_("For somebody who asks that what you know about them be deleted. There is no way back: this is the "
                   "one thing that Undo cannot bring back."),
        )  # fmt: skip
        self._busy = False
        preview = subject.preview
        area, column = scroll_column(margin=0)
        column.setSpacing(Space.S)
        column.addWidget(PlainLabel(_("What goes"), role="body_strong"))
        column.addWidget(self._figures())
        column.addSpacing(Space.S)
        column.addWidget(PlainLabel(_("What stays, and why"), role="body_strong"))
        for line in (*self._shared(), *subject.stays):
            column.addWidget(PlainLabel(line, role="small", color="text_muted", wrap=True))
        column.addStretch(1)
        area.setMinimumHeight(theme.scaled(150))
        area.setMaximumHeight(theme.scaled(300))
        self.body.addWidget(area, 1)
        self.evidence = QCheckBox(
            ngettext(
                "Delete {count} record of frozen evidence, too", "Delete {count} records of frozen evidence, too",
                preview.evidence,
            ).format(count=preview.evidence)
        )  # fmt: skip
        self.evidence.setVisible(preview.evidence > 0)
        self.body.addWidget(self.evidence)
        self.export = Button(_("Save everything about them first…"), variant="link", size="small", icon="download")
        self.export.clicked.connect(self.export_wanted)
        self.body.addWidget(self.export, 0, Qt.AlignmentFlag.AlignLeft)
        self.name = QLineEdit()
        self.name.setMaxLength(400)
        self.name.setPlaceholderText(name)
        self.body.addWidget(Field(_("Type the name to confirm: {name}").format(name=name), self.name))
        self.problem = Banner("", tone="negative", icon="triangle-alert")
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.spinner = Spinner()
        self.spinner.hide()
        self.buttons.insertWidget(0, self.spinner)
        self.cancel = self.add_button(_("Cancel"), reject=True)
        self.cancel.setDefault(True)
        self.yes = self.add_button(_("Forget for ever"), variant="danger")
        self.yes.setAutoDefault(False)
        self.yes.clicked.connect(self._go)
        self.name.textChanged.connect(self._fit)
        self.name.returnPressed.connect(self._go)
        if preview.in_flight:
            self.show_problem(
                ngettext(
                    "{count} answer to this person may be going out right now. Wait until it is settled.",
                    "{count} answers to this person may be going out right now. Wait until they are settled.",
                    preview.in_flight,
                ).format(count=preview.in_flight)
            )
        self._fit()
        self.name.setFocus()

    def _figures(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, Space.S, 0)
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.XS)
        grid.setColumnStretch(0, 1)
        rows = [*gone_rows(self._subject.preview.goes)]
        for line, (word, count) in enumerate(rows):
            grid.addWidget(PlainLabel(word, role="small", wrap=True), line, 0)
            grid.addWidget(PlainLabel(paint_count(count), role="small_strong"), line, 1, Qt.AlignmentFlag.AlignRight)
        rest = _("Notes, marks, market, circles, own fields and everything else on the card")
        grid.addWidget(PlainLabel(rest, role="small", wrap=True), len(rows), 0, 1, 2)
        return holder

    def _shared(self) -> list[str]:
        count = self._subject.preview.goes.get("shared", 0)
        if not count:
            return []
        text = ngettext(
            "{count} conversation in which others speak, too, stays without this person's words.",
            "{count} conversations in which others speak, too, stay without this person's words.",
            count,
        )
        return [text.format(count=count)]

    def _matches(self) -> bool:
        typed = _plain(self.name.text())
        name = self._subject.preview.name
        return typed in (_plain(name), _plain(clean_line(name)))

    def _fit(self) -> None:
        self.yes.setEnabled(self._matches() and not self._busy and not self._subject.preview.in_flight)

    def _go(self) -> None:
        if self.yes.isEnabled():
            self.problem.hide()
            self._set_busy(True)
            # The dialog has compared what can be typed; the name goes on as it is stored.
            self.forget_wanted.emit(self._subject.preview.name, not self.evidence.isChecked())

    def _set_busy(self, on: bool) -> None:
        self._busy = on
        self.spinner.setVisible(on)
        for part in (self.name, self.evidence, self.export, self.cancel):
            part.setEnabled(not on)
        self._fit()

    def show_problem(self, text: str) -> None:
        """Say why it could not be done."""
        self._set_busy(False)
        self.problem.set_text(text)
        self.problem.show()

    def done_well(self) -> None:
        """They are forgotten."""
        self._busy = False
        self.accept()

    def reject(self) -> None:
        """Not while it is being done: there is no half of it."""
        if not self._busy:
            super().reject()


class CertificateDialog(Dialog):
    """What was deleted and what stays, dated: to be read, copied and saved; it names nobody."""

    save_wanted = Signal()

    def __init__(self, parent: QWidget, paper: Paper) -> None:
        super().__init__(paper.title, parent, icon="file-text", text=" ".join(paper.intro), width=600)
        self.paper = paper
        area, column = scroll_column(margin=0)
        column.setSpacing(Space.S)
        for section in paper.sections:
            column.addWidget(PlainLabel(section.title, role="body_strong"))
            holder = QWidget()
            grid = QGridLayout(holder)
            grid.setContentsMargins(0, 0, Space.S, Space.S)
            grid.setHorizontalSpacing(Space.L)
            grid.setVerticalSpacing(Space.XS)
            grid.setColumnStretch(0, 1)
            for place, line in enumerate(section.lines):
                label = PlainLabel(line, role="small", color="text_muted", wrap=True, selectable=True)
                grid.addWidget(label, place, 0, 1, 2)
            for place, (word, count) in enumerate(section.rows, start=len(section.lines)):
                grid.addWidget(PlainLabel(word, role="small", wrap=True), place, 0)
                number = PlainLabel(paint_count(count), role="small_strong")
                grid.addWidget(number, place, 1, Qt.AlignmentFlag.AlignRight)
            column.addWidget(holder)
        column.addStretch(1)
        area.setMinimumHeight(theme.scaled(260))
        self.body.addWidget(area, 1)
        self.copied = Button(_("Copy"), variant="ghost", icon="copy")
        self.copied.clicked.connect(self._copy)
        self.buttons.insertWidget(0, self.copied)
        self.add_button(_("Close"), reject=True)
        self.save = self.add_button(_("Save the certificate…"), variant="primary")
        self.save.setDefault(True)
        self.save.clicked.connect(self.save_wanted)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self.paper))
        self.copied.setText(_("Copied"))


def _plain(text: str) -> str:
    """As it is compared: what cannot be seen (marks of direction, joints of emoji) is not asked for."""
    seen = "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Cc") or each.isspace())
    return " ".join(seen.split()).casefold()

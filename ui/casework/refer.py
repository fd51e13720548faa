"""Referring to the client, who has no account here: what is asked and by when, and the sheet that goes to them (N7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

from PySide6.QtCore import QMimeData, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.care.values import Referral
from cmdesk.desk import Desk
from cmdesk.i18n import _
from cmdesk.safe_text import clean_line, safe_body
from ui import notices
from ui.bridge import spawn
from ui.casework import words
from ui.casework.dialogs import CareDialog, TextField
from ui.casework.sheet import SheetDocument
from ui.casework.when import WhenField, in_working_days, working_days_text
from ui.models import cases as models
from ui.models.cases import CaseView
from ui.paper.pdf import file_stem, pdf_bytes, save
from ui.paper.view import PagesView
from ui.theme.tokens import Space
from ui.widgets import Button, FlowLayout, SegmentedControl
from ui.widgets.dialogs import choose_save
from ui.widgets.links import open_web

_SOON_MS = 250


class SheetView(QWidget):
    """The case sheet as text and as pages, and its ways out: clipboard, mail, PDF and HTML files."""

    def __init__(self, desk: Desk, case_id: int, *, draft: Callable[[], Referral | None]) -> None:
        super().__init__()
        self._desk, self._case_id, self._draft = desk, case_id, draft
        self.kind = SegmentedControl([("text", _("Text")), ("page", _("Page"))], name=_("How the sheet is shown"))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(_("Case sheet"))
        self.text.setMinimumSize(360, 200)
        self._page = PagesView()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._page)
        area.setAccessibleName(_("Case sheet as it prints"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.text)
        self._stack.addWidget(area)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.kind)
        layout.addWidget(self._stack, 1)
        holder = QWidget()
        flow = FlowLayout(holder, gap=Space.XS + 2)
        self.copy = Button(_("Copy text"), size="small", icon="copy")
        self.copy_mail = Button(
            _("Copy as mail"), size="small", icon="mail", tip=_("With its layout, to paste into a mail")
        )
        self.mail = Button(_("Open mail program"), size="small", icon="external-link")
        self.pdf = Button(_("Save PDF…"), size="small", icon="file-down")
        self.html = Button(_("Save HTML…"), size="small", variant="ghost")
        for part in (self.copy, self.copy_mail, self.mail, self.pdf, self.html):
            flow.addWidget(part)
        layout.addWidget(holder)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.refresh)
        self.kind.changed.connect(self._show_kind)
        self.copy.clicked.connect(self._copy)
        self.copy_mail.clicked.connect(self._copy_mail)
        self.mail.clicked.connect(self._mail)
        self.pdf.clicked.connect(lambda: spawn(self._save_pdf(), self, name=_("Save PDF…")))
        self.html.clicked.connect(lambda: spawn(self._save_html(), self, name=_("Save HTML…")))
        self.refresh()

    def soon(self) -> None:
        """Make the sheet anew in a moment: somebody types."""
        self._soon.start()

    def refresh(self) -> None:
        """Make the sheet anew from what is stored and what is being asked."""
        self._soon.stop()
        self._paper = models.read_sheet(self._desk, self._case_id, asked=self._draft())
        bar = self.text.verticalScrollBar()
        place = bar.value()
        self.text.setPlainText(safe_body(self._paper.sheet.text, limit=20_000))
        bar.setValue(place)
        if self.kind.current() == "page":
            self._page.show_document(SheetDocument(self._paper))

    def _show_kind(self, kind: str) -> None:
        self._stack.setCurrentIndex(1 if kind == "page" else 0)
        if kind == "page":
            self._page.show_document(SheetDocument(self._paper))

    # Ways out

    def _copy(self) -> None:
        self.refresh()
        QGuiApplication.clipboard().setText(self._paper.sheet.text)
        notices.tell(_("The sheet is in the clipboard."), tone="positive")

    def _copy_mail(self) -> None:
        self.refresh()
        both = QMimeData()
        both.setText(self._paper.sheet.text)
        both.setData("text/html", self._paper.sheet.html.encode())
        QGuiApplication.clipboard().setMimeData(both)
        notices.tell(_("The sheet is in the clipboard: paste it into a mail."), tone="positive")

    def _mail(self) -> None:
        self.refresh()
        sheet = self._paper.sheet
        if unquote(sheet.mailto).endswith("…"):
            QGuiApplication.clipboard().setText(sheet.text)
            notices.tell(
                _("The sheet is too long for this way: the whole of it is in the clipboard, paste it instead.")
            )
        if not open_web(sheet.mailto):
            notices.tell(_("No mail program answered. Copy the text instead."), tone="warning")

    async def _save_pdf(self) -> None:
        self.refresh()
        path = await self._ask_path("pdf", _("PDF document"))
        if path is not None:
            await self._desk.work(_write_pdf, SheetDocument(self._paper), path)
            notices.tell(_("Saved: {file}").format(file=path.name), tone="positive")

    async def _save_html(self) -> None:
        self.refresh()
        path = await self._ask_path("html", _("Web page"))
        if path is not None:
            await self._desk.work(save, path, self._paper.sheet.html.encode())
            notices.tell(_("Saved: {file}").format(file=path.name), tone="positive")

    async def _ask_path(self, suffix: str, kind: str) -> Path | None:
        name = f"{file_stem(self._paper.sheet.subject, otherwise='case')}.{suffix}"
        return await choose_save(self, _("Save the case sheet"), name=name, patterns=[(kind, [f"*.{suffix}"])])


def _write_pdf(document: SheetDocument, path: Path) -> None:
    data = pdf_bytes(document)
    if data is not None:
        save(path, data)


class ReferDialog(CareDialog):
    """Who is asked what, by when, and the sheet for them beside it (D, Q13)."""

    def __init__(self, parent: QWidget | None, desk: Desk, *, view: CaseView, now: datetime) -> None:
        super().__init__(
            _("Refer to the client"), parent, yes=_("Refer"), icon="forward", width=820,
            text=_("Send the sheet your usual way. The case waits for the answer, and you are reminded of it."),
        )  # fmt: skip
        self._view, self._now = view, now
        case = view.file.case
        columns = QHBoxLayout()
        columns.setSpacing(Space.XL)
        left = QVBoxLayout()
        left.setSpacing(Space.M)
        columns.addLayout(left, 4)
        outer = self.body
        self.body = left
        self.who = QLineEdit(_last_asked(view))
        self.who.setPlaceholderText(_("Name or department"))
        self.put(_("Who is asked"), self.who, needed=_("Say who shall answer."))
        self.asked = TextField(lines=4, placeholder=_("What do you need to know or to have decided?"))
        self.put(_("What is asked"), self.asked, needed=_("Say what the client shall answer."))
        evening = _evening(now, 1)
        two = in_working_days(view.care.level, now, 2)
        self.due = WhenField(
            [(_("Tomorrow"), evening), (working_days_text(2), two)], value=two, name=_("Answer wanted by"),
            none=_("No date"),
        )  # fmt: skip
        self.put(_("Answer wanted by"), self.due)
        self.remind = WhenField(
            [(_("Tomorrow"), _evening(now, 1))], value=None, name=_("Remind me"), none=_("When it is due")
        )
        self.put(_("Remind me"), self.remind)
        left.addStretch(1)
        self.body = outer
        self.sheet = SheetView(desk, case.id, draft=self.draft)
        columns.addWidget(self.sheet, 5)
        outer.addLayout(columns)
        for signal in (self.who.textChanged, self.asked.textChanged, self.due.changed):
            signal.connect(self.sheet.soon)
        (self.asked if self.who.text() else self.who).setFocus()

    def draft(self) -> Referral | None:
        """The question as it stands now, for the sheet."""
        case = self._view.file.case
        if not self.asked.said():
            return None
        return Referral(
            0, case.brand_id, case.id, clean_line(self.who.text(), limit=200), self.asked.said(), self._now,
            self.due.value(),
        )  # fmt: skip


class SheetDialog(CareDialog):
    """The sheet alone: to look at, or to remind the client with."""

    def __init__(
        self, parent: QWidget | None, desk: Desk, *, view: CaseView, referral: Referral | None, now: datetime
    ) -> None:
        reminding = referral is not None
        super().__init__(
            _("Remind {who}").format(who=clean_line(referral.who, limit=60) or _("the client")) if referral is not None
            else words.number(view.file.case), parent, yes=_("I have reminded them") if reminding else _("Done"),
            icon="alarm-clock" if reminding else "file-text", width=620,
            text=_("Send it again, or phone. The reminder is noted and comes back after one working day.") if reminding
            else _("What the client sees of this case."),
        )  # fmt: skip
        self.sheet = SheetView(desk, view.file.case.id, draft=lambda: referral)
        self.sheet.text.setMinimumHeight(260)
        self.body.addWidget(self.sheet)


def _last_asked(view: CaseView) -> str:
    """Who was asked last in this case: usually the same person again."""
    referrals = view.file.referrals
    return clean_line(referrals[-1].who, limit=200) if referrals else ""


def _evening(now: datetime, days: int) -> datetime:
    here = now.astimezone() + timedelta(days=days)
    return here.replace(hour=18, minute=0, second=0, microsecond=0)

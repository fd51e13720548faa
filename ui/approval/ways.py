"""The sheet as the client gets it, and its ways to them: mail draft, clipboard, PDF and HTML files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.desk import Desk
from cmdesk.i18n import _
from cmdesk.reports.approval_html import page
from cmdesk.reports.approval_mail import draft_mail
from cmdesk.reports.approval_sheet import Paper
from cmdesk.safe_text import safe_body
from ui import notices
from ui.approval.document import ApprovalDocument
from ui.bridge import spawn
from ui.models import approval as models
from ui.paper.pdf import file_stem, pdf_bytes, save
from ui.paper.view import PagesView
from ui.theme.tokens import Space
from ui.widgets import Button, FlowLayout, SegmentedControl
from ui.widgets.dialogs import Dialog, choose_save
from ui.widgets.links import open_mail_draft, open_web


class PaperView(QWidget):
    """A sheet as it prints, or as text."""

    def __init__(self, make: Callable[[], Paper | None]) -> None:
        super().__init__()
        self._make = make
        self.paper: Paper | None = None
        self.kind = SegmentedControl([("page", _("Page")), ("text", _("Text"))], name=_("How the sheet is shown"))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(_("Approval sheet"))
        self._pages = PagesView()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._pages)
        area.setAccessibleName(_("Approval sheet as it prints"))
        area.setMinimumSize(360, 220)
        self._stack = QStackedWidget()
        self._stack.addWidget(area)
        self._stack.addWidget(self.text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.kind)
        layout.addWidget(self._stack, 1)
        self.kind.changed.connect(lambda _key: self._show())

    def refresh(self) -> None:
        """Make it anew."""
        self.paper = self._make()
        self._show()

    def _show(self) -> None:
        as_text = self.kind.current() == "text"
        self._stack.setCurrentIndex(1 if as_text else 0)
        if self.paper is None:
            return
        if as_text:
            self.text.setPlainText(safe_body(self.paper.text, limit=60_000))
        else:
            self._pages.show_document(ApprovalDocument(self.paper))


class SendDialog(Dialog):
    """A sheet that was asked, and the ways to send it."""

    def __init__(self, desk: Desk, sheet_id: int, parent: QWidget | None = None, *, reminding: bool = False) -> None:
        super().__init__(
            _("Remind the client") if reminding else _("Send the sheet"), parent, icon="mail", width=680,
            text=_("Open it in your mail program, or copy it. The client answers by mail; paste the answer here."),
        )  # fmt: skip
        self._desk, self._sheet_id = desk, sheet_id
        self._to = models.sheet(desk, sheet_id).sheet.sent_to
        self.view = PaperView(lambda: models.paper(desk, sheet_id))
        self.view.setMinimumHeight(340)
        self.body.addWidget(self.view, 1)
        holder = QWidget()
        flow = FlowLayout(holder, gap=Space.XS + 2)
        self.draft = Button(_("Open as mail"), variant="primary", size="small", icon="mail")
        self.copy_mail = Button(
            _("Copy as mail"), size="small", icon="copy", tip=_("With its layout, to paste into a mail")
        )
        self.copy = Button(_("Copy text"), size="small", icon="copy")
        self.pdf = Button(_("Save PDF…"), size="small", icon="file-down")
        self.html = Button(_("Save HTML…"), size="small", icon="file-down")
        self.plain = Button(_("Mail with text only"), size="small", variant="ghost", icon="external-link")
        for part in (self.draft, self.copy_mail, self.copy, self.pdf, self.html, self.plain):
            flow.addWidget(part)
        self.body.addWidget(holder)
        self.draft.clicked.connect(lambda: spawn(self._open_draft(), self, name=_("Open as mail")))
        self.copy_mail.clicked.connect(self._copy_mail)
        self.copy.clicked.connect(self._copy)
        self.pdf.clicked.connect(lambda: spawn(self._save("pdf"), self, name=_("Save PDF…")))
        self.html.clicked.connect(lambda: spawn(self._save("html"), self, name=_("Save HTML…")))
        self.plain.clicked.connect(self._mail)
        self.add_button(_("I have reminded them") if reminding else _("Done"), variant="secondary", accept=True)
        self.view.refresh()

    @property
    def paper(self) -> Paper:
        """What is sent."""
        if self.view.paper is None:
            self.view.refresh()
        return self.view.paper or models.paper(self._desk, self._sheet_id)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.paper.text)
        notices.tell(_("The sheet is in the clipboard."), tone="positive")

    def _copy_mail(self) -> None:
        both = QMimeData()
        both.setText(self.paper.text)
        both.setData("text/html", page(self.paper).encode())
        QGuiApplication.clipboard().setMimeData(both)
        notices.tell(_("The sheet is in the clipboard: paste it into a mail."), tone="positive")

    def _mail(self) -> None:
        if unquote(self.paper.mailto).endswith("…"):
            QGuiApplication.clipboard().setText(self.paper.text)
            notices.tell(
                _("The sheet is too long for this way: the whole of it is in the clipboard, paste it instead.")
            )
        if not open_web(self.paper.mailto):
            notices.tell(_("No mail program answered. Copy the text instead."), tone="warning")

    async def _open_draft(self) -> None:
        path = self._desk.profile / "tmp" / f"{self._stem()}.eml"
        await self._desk.work(self._write_draft, path)
        if not open_mail_draft(path):
            notices.tell(_("No mail program opens drafts. Copy the sheet as mail instead."), tone="warning")

    def _write_draft(self, path: Path) -> None:
        pdf = pdf_bytes(ApprovalDocument(self.paper)) or b""
        sender = models.reply_to(self._desk)
        save(path, draft_mail(self.paper, pdf=pdf, to=self._to, sender=sender, file_name=self._stem()))

    async def _save(self, kind: str) -> None:
        title = _("PDF document") if kind == "pdf" else _("Web page")
        path = await choose_save(
            self, _("Save the approval sheet"), name=f"{self._stem()}.{kind}", patterns=[(title, [f"*.{kind}"])]
        )
        if path is None:
            return
        if kind == "pdf":
            await self._desk.work(_write_pdf, ApprovalDocument(self.paper), path)
        else:
            await self._desk.work(save, path, page(self.paper).encode())
        notices.tell(_("Saved: {file}").format(file=path.name), tone="positive")

    def _stem(self) -> str:
        return file_stem(self.paper.subject, otherwise="approval")


def _write_pdf(document: ApprovalDocument, path: Path) -> None:
    data = pdf_bytes(document)
    if data is not None:
        save(path, data)

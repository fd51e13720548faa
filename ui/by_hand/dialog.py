"""The dialog of publishing by hand: copy, open the page, publish there, bring the address back, done (N26)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from cmdesk.desk import Desk
from cmdesk.errors import DeskError
from cmdesk.i18n import _, ngettext
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.wording import explain
from cmdesk.wording_waking import late_words
from ui import icons, notices, theme
from ui.bridge import spawn
from ui.by_hand.pictures import PictureCell
from ui.models.by_hand import ByHand, Picture, Piece, Task
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Card, Field, FlowLayout, PlainLabel
from ui.widgets.dialogs import Dialog, choose_folder
from ui.widgets.links import open_web
from ui.widgets.panels import scroll_column
from ui.widgets.times import day_and_hour

ADDRESS = "https://"
_WIDTH = 700
_MARGIN = 400  # px of the window that head, foot and the lines below take


class CopyButton(Button):
    """Puts a text on the clipboard and says so until the end."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(name, size="small", icon="copy")
        self._text, self._name = text, name
        self.copied = False
        self.clicked.connect(self.copy)

    def copy(self) -> None:
        """Copy and mark it."""
        QGuiApplication.clipboard().setText(self._text)
        self.mark()

    def mark(self) -> None:
        """Say that it was copied."""
        self.copied = True
        self.setText(_("Copied"))
        icons.set_icon(self, "copy-check", "positive", gap=4)
        self.setAccessibleName(f"{self._name}, {_('Copied')}")


class ByHandDialog(Dialog):
    """Accepted once it is stored (`done_with`): done, or `given_up`; `asked_hour` when another hour is wanted."""

    def __init__(self, model: ByHand, task: Task, parent: QWidget | None, *, desk: Desk) -> None:
        place = clean_line(task.account.handle, limit=60)
        super().__init__(
            _("Publish on {place}").format(place=place), parent, text=_lead(task, model.now), icon="hand", width=_WIDTH
        )
        self._model, self._task, self._desk = model, task, desk
        self.done_with: Any = None
        self.given_up = self.asked_hour = False
        self.copies: list[CopyButton] = []
        self.cells: list[PictureCell] = []
        self._busy = False
        if task.whom:
            said = _("It is only for {whom}: choose that on the page.").format(whom=", ".join(task.whom))
            self.body.addWidget(Banner(said, icon="users"))
        area, column = scroll_column(margin=0, spacing=Space.M)
        for number, piece in enumerate(task.pieces):
            column.addWidget(self._piece(piece, number))
        self._area = area
        self.body.addWidget(area)
        self._add_page()
        self.url = QLineEdit()
        self.url.setPlaceholderText(ADDRESS)
        hint = _("With it the post can be opened from calendar and report.")
        self._url = Field(_("Address of the post (optional)"), self.url, hint=hint)
        self.body.addWidget(self._url)
        self.problem = Banner("", tone="negative", icon="triangle-alert")
        self.problem.hide()
        self.body.addWidget(self.problem)
        self._add_buttons()
        self._fit()
        self.copies[0].setFocus()

    def _add_page(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self.open_page = Button(_("Open the page"), icon="external-link")
        self.open_page.clicked.connect(lambda: open_web(self._task.page))
        self.open_page.setVisible(bool(self._task.page))
        pictures = [each for piece in self._task.pieces for each in piece.pictures]
        count = len(pictures)
        text = ngettext("Save {count} picture…", "Save {count} pictures…", count).format(count=count)
        self.save = Button(text, icon="image-down")
        self.save.setVisible(bool(pictures))
        self.save.clicked.connect(lambda: spawn(self._save(pictures), self, name=text))
        row.addWidget(self.open_page)
        row.addWidget(self.save)
        row.addWidget(
            PlainLabel(clean_line(self._task.page, limit=80), role="small", color="text_muted", elide=True), 1
        )
        self.body.addLayout(row)

    def _add_buttons(self) -> None:
        self.hour = Button(_("Another hour…"), variant="ghost", icon="clock")
        self.hour.clicked.connect(self._another_hour)
        self.drop = Button(_("Discard"), variant="ghost", icon="trash-2")
        self.drop.clicked.connect(lambda: spawn(self._give_up(), self, name=_("Discard")))
        self.buttons.insertWidget(0, self.drop)
        self.buttons.insertWidget(0, self.hour)
        self.later = self.add_button(_("Decide later"), reject=True)
        self.go = self.add_button(_("Done: it is out"), variant="primary")
        self.go.clicked.connect(self.finish)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Ctrl+Enter says yes from anywhere."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        else:
            super().keyPressEvent(event)

    # Doing

    def finish(self) -> None:
        """Say that it is out."""
        if not self._busy:
            spawn(self._store(self._model.done(self._task, self.url.text())), self, name=_("Done: it is out"))

    def _another_hour(self) -> None:
        self.asked_hour = True
        self.accept()

    async def _give_up(self) -> None:
        text = clean_line(self._task.pieces[0].text, limit=160)
        if await notices.confirm(_("Do not publish it?"), text, yes=_("Do not publish"), danger=True):
            self.given_up = True
            await self._store(self._model.give_up(self._task))

    async def _store(self, work: Any) -> None:
        self._busy = True
        self.go.setEnabled(False)
        self.problem.hide()
        self._url.set_error("")
        try:
            self.done_with = await work
        except DeskError as error:
            self.given_up = False
            words = explain(error)
            if error.code == "link_form":
                self._url.set_error(words.what)
                self.url.setFocus()
            else:
                self.problem.set_text(" ".join(part for part in (f"{words.what}.", words.why, words.todo) if part))
                self.problem.show()
        else:
            self.accept()
        finally:
            self._busy = False
            self.go.setEnabled(True)

    async def _save(self, pictures: list[Picture]) -> None:
        folder = await choose_folder(self, _("Where to save the pictures"))
        if folder is None:
            return
        try:
            await self._desk.work(_save_all, pictures, folder)
        except OSError as error:
            self.problem.set_text(_("The pictures could not be saved: {why}").format(why=error.strerror or str(error)))
            self.problem.show()
        else:
            count = len(pictures)
            said = ngettext("{count} picture is saved", "{count} pictures are saved", count).format(count=count)
            self.save.setText(said)

    # Building

    def _piece(self, piece: Piece, number: int) -> QWidget:
        card = Card(padding=Space.M, stripe=self._task.brand.color if number == 0 else "")
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        total = sum(not each.comment for each in self._task.pieces)
        name = _("Text")
        if piece.comment:
            name = _("First comment")
        elif total > 1:
            name = _("Part {number} of {total}").format(number=number + 1, total=total)
        head.addWidget(PlainLabel(name, role="caption_strong", color="text_muted"), 1)
        copy = CopyButton(piece.text, _("Copy the text"))
        copy.setVisible(bool(piece.text))
        self.copies.append(copy)
        head.addWidget(copy)
        card.body.addLayout(head)
        if piece.text:
            card.body.addWidget(PlainLabel(safe_body(piece.text), role="reading", wrap=True, selectable=True))
        if piece.pictures:
            holder = QWidget()
            flow = FlowLayout(holder, gap=Space.M)
            for picture in piece.pictures:
                cell = PictureCell(picture)
                self.cells.append(cell)
                flow.addWidget(cell)
                if picture.alt:
                    alt = CopyButton(picture.alt, _("Copy the description"))
                    self.copies.append(alt)
                    cell.column.addWidget(alt)
            card.body.addWidget(holder)
        return card

    def _fit(self) -> None:
        inner = self._area.widget()
        layout = inner.layout() if inner is not None else None
        if inner is None or layout is None:
            return
        layout.activate()
        width = theme.scaled(_WIDTH) - 2 * Space.XL - 12
        wanted = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else inner.sizeHint().height()
        parent = self.parentWidget()
        room = theme.scaled(420) if parent is None else max(160, parent.height() - theme.scaled(_MARGIN))
        self._area.setFixedHeight(min(wanted + 4, room))


def _lead(task: Task, now: datetime) -> str:
    brand = clean_line(task.brand.name, limit=60)
    at = datetime.fromisoformat(task.wall)
    when = day_and_hour(at)
    if now < task.due_at:
        return _("{brand}. Planned for {when}: you may publish it before.").format(brand=brand, when=when)
    late = now - task.due_at
    if late.total_seconds() < 120:
        return _("{brand}. It is time: {when}.").format(brand=brand, when=when)
    return _("{brand}. Planned for {when}, {late}.").format(brand=brand, when=when, late=late_words(late))


def _save_all(pictures: list[Picture], folder: Path) -> None:
    for number, picture in enumerate(pictures, start=1):
        picture.save(folder, number)

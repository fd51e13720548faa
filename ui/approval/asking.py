"""Asking a client: which posts in which order, a note, until when, in which language, and the sheet beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cmdesk.desk import Desk
from cmdesk.i18n import _, ngettext
from cmdesk.model import Brand, Post
from cmdesk.reports.approval_facts import Asking
from cmdesk.reports.approval_phrases import LANGUAGES, spoken
from cmdesk.reports.approval_sheet import Paper
from cmdesk.safe_text import clean_line
from ui import theme
from ui.approval import words
from ui.approval.ways import PaperView
from ui.casework.dialogs import CareDialog, TextField
from ui.casework.when import WhenField
from ui.models import approval as models
from ui.theme.tokens import Space
from ui.widgets import Banner, IconButton

_SOON_MS = 300
_ID = Qt.ItemDataRole.UserRole


class AskDialog(CareDialog):
    """`fields()` are the arguments of the command; `reply_to` the address that is kept as a setting."""

    def __init__(
        self, parent: QWidget | None, desk: Desk, *, brand: Brand, posts: list[Post], now: datetime, title: str = "",
        sent_to: str = "", language: str = "",
    ) -> None:  # fmt: skip
        super().__init__(
            _("Ask {brand} for approval").format(brand=clean_line(brand.name, limit=60)), parent,
            yes=_("Make the sheet"), icon="hourglass", width=900,
            text=_("The client needs no account: the sheet goes by mail, and you paste the answer here."),
        )  # fmt: skip
        self._desk, self._brand = desk, brand
        columns = QHBoxLayout()
        columns.setSpacing(Space.XL)
        left = QVBoxLayout()
        left.setSpacing(Space.M)
        columns.addLayout(left, 4)
        outer, self.body = self.body, left
        self.list = QListWidget()
        self.list.setAccessibleName(_("Posts, in their order on the sheet"))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setFixedHeight(theme.scaled(30) * min(max(len(posts), 3), 4) + 8)
        self.list.setWordWrap(False)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for post in posts:
            item = QListWidgetItem(f"{words.hour(post)}  {words.first_words(post)}")
            item.setData(_ID, post.id)
            item.setSizeHint(QSize(0, theme.scaled(30)))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.XS)
        row.addWidget(self.list, 1)
        tools = QVBoxLayout()
        self.up = IconButton("chevron-up", _("Earlier on the sheet"))
        self.down = IconButton("chevron-down", _("Later on the sheet"))
        self.remove = IconButton("x", _("Not on this sheet"))
        for tool in (self.up, self.down, self.remove):
            tools.addWidget(tool)
        tools.addStretch(1)
        row.addLayout(tools)
        count = len(posts)
        self.put(ngettext("{count} post", "{count} posts", count).format(count=count), head)
        self.title = QLineEdit(clean_line(title, limit=200))
        self.title.setPlaceholderText(_("Week of 2 March"))
        self.language = QComboBox()
        for code in LANGUAGES:
            self.language.addItem(_language_name(code), code)
        self.language.setCurrentIndex(self.language.findData(spoken(language or brand.language)))
        self._pair(left, (_("Title"), self.title), (_("Language of the sheet"), self.language))
        self.to = QLineEdit(clean_line(sent_to, limit=200))
        self.to.setCursorPosition(0)  # of a long address the beginning says who it is
        self.to.setPlaceholderText(_("Name or mail address"))
        self.reply_to = QLineEdit(models.reply_to(desk))
        self.reply_to.setPlaceholderText(_("your mail address"))
        self._pair(left, (_("Who is asked"), self.to), (_("Answers go to"), self.reply_to))
        self.message = TextField(lines=3, placeholder=_("A few words to the client"))
        self.put(_("Note"), self.message)
        expiry = models.usual_expiry(desk, brand.id, [each.id for each in posts])
        choices = [] if expiry is None else [(_("Before the first post"), expiry)]
        self.until = WhenField(choices, value=expiry, name=_("Answer wanted by"), none=_("No date"))
        self.put(_("Answer wanted by"), self.until)
        left.addStretch(1)
        self.body = outer
        self.problem = Banner("", tone="negative", icon="triangle-alert")
        self.problem.hide()
        outer.addWidget(self.problem)
        self.view = PaperView(self._paper)
        columns.addWidget(self.view, 5)
        outer.addLayout(columns)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.view.refresh)
        self._connect()
        self.view.refresh()
        self.title.setFocus()

    def _pair(self, column: QVBoxLayout, *fields: tuple[str, QWidget]) -> None:
        """Two fields side by side."""
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        for label, editor in fields:
            self.body = QVBoxLayout()
            row.addLayout(self.body, 1)
            self.put(label, editor)
        column.addLayout(row)
        self.body = column

    def _connect(self) -> None:
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.remove.clicked.connect(self._remove)
        for signal in (
            self.title.textChanged, self.message.textChanged, self.until.changed, self.language.currentIndexChanged,
            self.list.model().rowsMoved,
        ):  # fmt: skip
            signal.connect(self._soon.start)

    def post_ids(self) -> list[int]:
        """The posts in their order."""
        return [int(self.list.item(place).data(_ID)) for place in range(self.list.count())]

    def fields(self) -> dict[str, Any]:
        """Arguments of the command."""
        return {
            "post_ids": self.post_ids(),
            "expires_at": self.until.value(),
            "title": self.title.text().strip(),
            "message": self.message.said(),
            "sent_to": self.to.text().strip(),
            "language": str(self.language.currentData()),
        }

    def try_accept(self) -> None:
        """Accept when the date is still to come."""
        until = self.until.value()
        if until is not None and until <= self._desk.clock.now():
            self.problem.set_text(_("The date of the answer has passed. Choose a time to come."))
            self.problem.show()
            self.until.edit.setFocus()
            return
        super().try_accept()

    def _paper(self) -> Paper | None:
        fields = self.fields()
        if not fields["post_ids"]:
            return None
        asking = Asking(
            tuple(fields["post_ids"]), fields["title"], fields["message"], fields["expires_at"], fields["language"]
        )
        return models.draft(self._desk, asking)

    def _move(self, step: int) -> None:
        place = self.list.currentRow()
        if 0 <= place + step < self.list.count():
            item = self.list.takeItem(place)
            self.list.insertItem(place + step, item)
            self.list.setCurrentRow(place + step)
            self._soon.start()

    def _remove(self) -> None:
        if self.list.count() > 1:
            self.list.takeItem(self.list.currentRow())
            self._soon.start()


def _language_name(code: str) -> str:
    """A language in itself: "Català"."""
    from babel import Locale

    name = str(Locale(code).get_display_name(code))
    return name[:1].upper() + name[1:]

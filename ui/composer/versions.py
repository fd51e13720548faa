"""What a post was: its kept versions with what changed since, word by word, and the way back."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import regex
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPlainTextEdit, QTextEdit, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.model import Post
from cmdesk.safe_text import clean_line, safe_body
from ui import notices, theme
from ui.theme.tokens import Space
from ui.widgets import EmptyState, PlainLabel
from ui.widgets.blank_edit import utf16
from ui.widgets.dialogs import Dialog
from ui.widgets.times import moment

if TYPE_CHECKING:
    from ui.composer.deeds import ComposerDeeds

# A word keeps the blank behind it: blanks alone would match anything and tear sentences apart.
_TOKEN = regex.compile(r"\w+\s*|[^\w\s]\s*|\s+")
_LONGEST = 20_000  # characters that are compared word by word


Kept = tuple[int, datetime, Post]  # a version's id, when it was kept, what it said


def words_changed(old: str, new: str) -> list[tuple[str, str]]:
    """What became of a text as (words, "same" | "gone" | "new"), in reading order."""
    before, after = _TOKEN.findall(old[:_LONGEST]), _TOKEN.findall(new[:_LONGEST])
    found: list[tuple[str, str]] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(("".join(before[a:b]), "same"))
            continue
        if a < b:
            found.append(("".join(before[a:b]), "gone"))
        if c < d:
            found.append(("".join(after[c:d]), "new"))
    return found


def written(post: Post, label: Callable[[str], str] = str) -> str:
    """All words of a post as one text, part by part; `label` says whose words of their own are."""
    told = [post.text, *(part.text for part in post.parts)]
    if post.comment is not None:
        told.append(post.comment.text)
    for variants in (post.variants, *(part.variants for part in post.parts)):
        told += [f"{label(key) or _('Account')}: {text}" for key, text in sorted(variants.items())]
    if post.poll is not None:
        told.append("\n".join(f"· {option}" for option in post.poll.options))
    return "\n\n".join(text for text in told if text)


class VersionsDialog(Dialog):
    """A list of moments, and beside it what was written then against what is written now."""

    def __init__(
        self, now: Post, versions: Sequence[Kept], clock: datetime, parent: QWidget, *,
        label: Callable[[str], str] = str,
    ) -> None:  # fmt: skip
        super().__init__(_("Versions"), parent, text=_("What this post said before. Going back can be undone."))
        self._now, self._versions, self._label = now, list(versions), label
        self.list = QListWidget(self)
        self.list.setAccessibleName(_("Kept versions"))
        self.list.setFixedWidth(theme.scaled(220))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setSpacing(3)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(_("What was written then, against now"))
        self._about = PlainLabel("", self, role="small", color="text_muted", wrap=True)
        for _id, at, post in self._versions:
            self.list.addItem(QListWidgetItem(f"{moment(at, clock)}\n{clean_line(post.text, limit=28)}"))
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addWidget(self.list)
        row.addWidget(self.text, 1)
        if self._versions:
            self.body.addLayout(row)
            self.body.addWidget(_Legend(self))
            self.body.addWidget(self._about)
            self.add_button(_("Close"), reject=True)
            self._restore = self.add_button(_("Go back to this version"), variant="primary", accept=True)
            self.list.currentRowChanged.connect(self._show)
            self.list.setCurrentRow(0)
            self.setMinimumWidth(theme.scaled(720))
            self.text.setFixedHeight(theme.scaled(300))
            self.list.setFixedHeight(theme.scaled(300))
        else:
            row.deleteLater()
            self.list.hide()
            self.text.hide()
            self.body.addWidget(
                EmptyState(
                    "history", _("No version yet"),
                    _("After a pause of two minutes, and before it is scheduled, what stands here is kept."),
                )
            )  # fmt: skip
            self.add_button(_("Close"), variant="primary", reject=True)

    @property
    def chosen(self) -> int | None:
        """The id of the version in view."""
        row = self.list.currentRow()
        return self._versions[row][0] if 0 <= row < len(self._versions) else None

    def _show(self, row: int) -> None:
        if not 0 <= row < len(self._versions):
            return
        then = self._versions[row][2]
        changes = words_changed(safe_body(written(self._now, self._label)), safe_body(written(then, self._label)))
        self.text.setPlainText("".join(words for words, _kind in changes))
        marks = []
        at = 0
        for words, kind in changes:
            length = utf16(words)
            if kind != "same" and words.strip():
                mark = QTextEdit.ExtraSelection()
                cursor = QTextCursor(self.text.document())
                cursor.setPosition(at)
                cursor.setPosition(at + length, QTextCursor.MoveMode.KeepAnchor)
                mark.cursor, mark.format = cursor, _look(kind)
                marks.append(mark)
            at += length
        self.text.setExtraSelections(marks)
        self._about.setText(_differences(self._now, then))
        self._restore.setEnabled(written(then) != written(self._now) or bool(self._about.full_text()))


class _Legend(QWidget):
    """What the two colours say."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        for kind, text in (("new", _("comes back")), ("gone", _("goes away"))):
            row.addWidget(_Swatch(kind))
            row.addWidget(PlainLabel(text, role="small", color="text_muted"))
        row.addStretch(1)


class _Swatch(QWidget):
    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind
        self.setFixedSize(14, 14)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_fill(self._kind))
        painter.drawRoundedRect(self.rect(), 4, 4)
        painter.end()


def _fill(kind: str) -> QColor:
    return theme.color("positive_soft" if kind == "new" else "negative_soft")


def _look(kind: str) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setBackground(_fill(kind))
    look.setForeground(theme.color("positive" if kind == "new" else "negative"))
    look.setFontStrikeOut(kind == "gone")
    return look


def _differences(now: Post, then: Post) -> str:
    """What differs beside the words."""
    told = []
    pictures = len(then.media) - len(now.media)
    if pictures > 0:
        told.append(ngettext("{n} picture comes back", "{n} pictures come back", pictures).format(n=pictures))
    elif pictures < 0:
        told.append(ngettext("{n} picture goes away", "{n} pictures go away", -pictures).format(n=-pictures))
    elif [each.media.id for each in then.media] != [each.media.id for each in now.media]:
        told.append(_("other pictures"))
    if (then.poll is None) != (now.poll is None):
        told.append(_("the poll comes back") if then.poll else _("the poll goes away"))
    if len(then.parts) != len(now.parts):
        count = len(then.parts) + 1
        told.append(ngettext("{n} part", "{n} parts", count).format(n=count))
    if then.options != now.options or then.visibility != now.visibility or then.spoiler != now.spoiler:
        told.append(_("other options of the networks"))
    return " · ".join(told)


async def show_versions(page: ComposerDeeds) -> None:
    """Let a person look at what a post was, and go back."""
    model = page.model
    post_id = await model.save()
    if post_id is None or model.post is None:
        notices.tell(_("There is no version yet: nothing was written."))
        return
    kept = [(each.id, each.at, each.post) for each in model.versions()]
    dialog = VersionsDialog(
        model.draft.as_post(), kept, page.context.desk.clock.now(), page, label=page.writing.tabs.label
    )
    if not await dialog.ask() or dialog.chosen is None or model.post_id != post_id or not model.editable:
        return
    done = await model.restore(dialog.chosen)
    page.context.undo(done, _("Go back to an earlier version"))
    page.show_all()

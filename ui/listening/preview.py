"""What a search would find now: asked shortly after the last key, with what each network can and cannot do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.listening.matching import found_words
from cmdesk.listening.values import Found, Query
from cmdesk.safe_text import clean_line
from cmdesk.wording import explain_code
from ui import icons, theme
from ui.listening import words
from ui.listening.marked import MarkedText, around
from ui.models.directory import Directory
from ui.models.listening_preview import Heard, Profile
from ui.models.pictures import Pictures
from ui.theme.tokens import Space
from ui.widgets import Avatar, Card, EmptyState, PlainLabel, Spinner
from ui.widgets.panels import Surface, scroll_column
from ui.widgets.times import relative

SHOWN = 12
_LETTERS = 160


class PreviewPane(Surface):
    """Says one of: type something, looking, this is what there is, nothing, why it cannot be known."""

    def __init__(self, directory: Directory, pictures: Pictures, now: Callable[[], datetime]) -> None:
        super().__init__("window")
        self._directory, self._pictures, self._now = directory, pictures, now
        self._parts: list[QWidget] = []
        self._avatar: tuple[Avatar, Profile] | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(Space.L, Space.L, Space.L, 0)
        self.title = PlainLabel(_("It would find now"), role="body_strong", elide=True)
        self.spinner = Spinner()
        self.spinner.hide()
        head.addWidget(self.title, 1)
        head.addWidget(self.spinner)
        outer.addLayout(head)
        self._stack = QStackedWidget()
        self.empty = EmptyState("ear", "")
        area, self._column = scroll_column(margin=Space.L, spacing=Space.S)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(area)
        outer.addWidget(self._stack, 1)
        self.setMinimumWidth(300)
        self.show_idle()
        pictures.ready.connect(self._show_picture)

    def show_idle(self) -> None:
        """Nothing was asked for yet."""
        self.spinner.hide()
        self.title.setText(_("It would find now"))
        self.empty.set_content(
            "search", _("Type what to listen for"), _("Here you see at once what it would find."), tone="neutral"
        )
        self._stack.setCurrentIndex(0)

    def show_busy(self) -> None:
        """It is being asked; what was found before stays."""
        self.spinner.show()

    def show_error(self, what: str, todo: str = "") -> None:
        """Why it cannot be known."""
        self.spinner.hide()
        self.title.setText(_("It would find now"))
        self.empty.set_content("triangle-alert", what, todo, tone="warning")
        self._stack.setCurrentIndex(0)

    def show_preview(self, preview: Heard, query: Query) -> None:
        """What was found, the newest first, and what the networks asked cannot do."""
        self.spinner.hide()
        self._clear()
        count = len(preview.found)
        if count:
            many = _("{count} or more").format(count=count) if preview.more else str(count)
            text = ngettext("It would find now: {count} hit", "It would find now: {count} hits", count)
            self.title.setText(text.format(count=many))
        else:
            self.title.setText(_("It would find now: nothing"))
        for text, failed in self._reaches(preview):
            self._put(_Line(text, "triangle-alert" if failed else "info", "warning" if failed else "text_muted"))
        for each in preview.found[:SHOWN]:
            self._put(self._found(each, query))
        if count > SHOWN:
            left = count - SHOWN
            rest = ngettext("and {count} more hit", "and {count} more hits", left).format(count=left)
            self._put(PlainLabel(rest, role="small", color="text_muted"))
        if not count:
            said = _("It is kept and looks again: what is said from now on is found.")
            self._put(PlainLabel(said, color="text_muted", wrap=True))
        self._stack.setCurrentIndex(1)

    def show_profile(self, profile: Profile) -> None:
        """A competitor's account as the network tells of it."""
        self.spinner.hide()
        self._clear()
        self.title.setText(_("This is the account"))
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        avatar = Avatar(profile.name or profile.handle, size=48, network=profile.network, surface="surface_raised")
        self._avatar = (avatar, profile)
        row.addWidget(avatar, 0, Qt.AlignmentFlag.AlignTop)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(PlainLabel(words.author(profile.name, profile.handle), role="title", wrap=True))
        handle = f"@{clean_line(profile.handle, limit=120).removeprefix('@')}"
        names.addWidget(PlainLabel(handle, role="small", color="text_muted", wrap=True))
        row.addLayout(names, 1)
        card.body.addLayout(row)
        figures = QHBoxLayout()
        for name, value in profile.figures():
            part = QVBoxLayout()
            part.setSpacing(0)
            part.addWidget(PlainLabel(value, role="title"))
            part.addWidget(PlainLabel(name, role="caption", color="text_muted", wrap=True))
            figures.addLayout(part, 1)
        card.body.addLayout(figures)
        self._put(card)
        self._show_picture()
        said = _("From today on its figures are kept once a day: growth shows after some days.")
        self._put(PlainLabel(said, role="small", color="text_muted", wrap=True))
        self._stack.setCurrentIndex(1)

    def _show_picture(self) -> None:
        if self._avatar is not None:
            avatar, profile = self._avatar
            picture = self._pictures.avatar(profile.avatar_url, profile.account_id)
            avatar.set_person(profile.name or profile.handle, picture=picture, network=profile.network)

    def _reaches(self, preview: Heard) -> list[tuple[str, bool]]:
        """What each account that was asked cannot do: (sentence, whether it failed)."""
        lines = []
        for each in preview.reaches:
            if not each.code:
                continue
            account = self._directory.account(each.account_id)
            where = f"@{clean_line(account.handle, limit=60).removeprefix('@')}" if account is not None else ""
            said = explain_code(each.code, each.detail)
            lacks = each.code.startswith(("search_", "no_search"))
            lines.append((f"{where}: {said}" if where else said, not lacks))
        return lines

    def _found(self, found: Found, query: Query) -> QWidget:
        card = Card(padding=Space.M)
        head = QHBoxLayout()
        glyph = PlainLabel()
        glyph.setPixmap(
            icons.pixmap(icons.glyph(found.source), icons.network_color(found.source, "surface_raised"), 14)
        )
        head.addWidget(glyph)
        head.addWidget(
            PlainLabel(words.author(found.author_name, found.author_handle), role="body_medium", elide=True), 1
        )
        head.addWidget(PlainLabel(relative(found.at, self._now()), role="caption", color="text_muted"))
        card.body.addLayout(head)
        line = clean_line(found.words, limit=600)
        spans = found_words(query, line) if query.asks else ()
        shown, moved = around(line, spans, fits=_LETTERS)
        text = MarkedText(role="body")
        cut = shown if len(shown) <= _LETTERS else f"{shown[:_LETTERS].rstrip()}…"
        text.show_text(cut, [(start, min(end, len(cut))) for start, end in moved if start < len(cut)])
        card.body.addWidget(text)
        return card

    def _clear(self) -> None:
        self._avatar = None
        for part in self._parts:
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = []

    def _put(self, part: QWidget) -> None:
        self._parts.append(part)
        self._column.addWidget(part)


class _Line(QWidget):
    """A small sentence with its icon."""

    def __init__(self, text: str, icon: str, tone: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        mark = PlainLabel()
        mark.setPixmap(icons.pixmap(icon, theme.color(tone), 14))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(PlainLabel(text, role="small", color=tone, wrap=True), 1)

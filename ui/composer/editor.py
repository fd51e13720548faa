"""The text: common and per network, with each network's own count and limit under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.planning.review import Destination, length
from ui import icons, theme
from ui.composer.media_strip import pictures_in
from ui.theme.tokens import Space
from ui.widgets import Button, CounterRing, PlainLabel, SegmentedControl
from ui.widgets.blank_edit import BlankEdit

MIN_HEIGHT = 150


class PostEdit(BlankEdit):
    """A text field: pasted or dropped markup becomes plain text, pasted pictures become pictures of the post."""

    pasted = Signal(list)  # paths

    def canInsertFromMimeData(self, source: QMimeData, /) -> bool:
        """Files and text."""
        return bool(pictures_in(source)) or source.hasText()

    def insertFromMimeData(self, source: QMimeData, /) -> None:
        """Only the plain text, never what it looked like elsewhere."""
        paths: list[Path] = pictures_in(source)
        if paths:
            self.pasted.emit(paths)
        elif source.hasText():
            self.insertPlainText(source.text())


class TextEditor(QWidget):
    """Tabs for the common text and each network's own."""

    typed = Signal(str, str)  # network or '', text
    shared = Signal(str)  # network: back to the common text
    pasted = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._networks: list[str] = []
        self._variants: dict[str, str] = {}
        self._text = ""
        self._at = ""
        self._tabs: SegmentedControl | None = None
        self._head = QHBoxLayout()
        self._head.setContentsMargins(0, 0, 0, 0)
        self._note = PlainLabel("", role="small", color="text_muted", elide=True)
        self._share = Button(_("Use the common text again"), variant="link", size="small")
        self._share.clicked.connect(lambda: self.shared.emit(self._at))
        self._head.addWidget(self._note, 1)
        self._head.addWidget(self._share)
        self.edit = PostEdit(self)
        self.edit.setObjectName("post_text")
        self.edit.setAccessibleName(_("Text of the post"))
        self.edit.setPlaceholderText(_("What do you want to say?"))
        self.edit.setMinimumHeight(MIN_HEIGHT)
        self.edit.textChanged.connect(self._changed)
        self.edit.pasted.connect(self.pasted)
        self._counters = QHBoxLayout()
        self._counters.setSpacing(Space.M)
        self._rings: dict[str, CounterRing] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addLayout(self._head)
        column.addWidget(self.edit, 1)
        column.addLayout(self._counters)
        theme.changed().connect(self._restyle)
        self._restyle()

    def show_texts(self, text: str, variants: Mapping[str, str], networks: Sequence[str], *, editable: bool) -> None:
        """Show texts that were not typed here; the tab stays where it can."""
        self._text, self._variants = text, dict(variants)
        if list(networks) != self._networks or self._tabs is None:
            self._networks = list(networks)
            self._make_tabs()
        self.edit.setReadOnly(not editable)
        self._show_tab()

    def show_counts(self, destinations: Sequence[Destination], spoiler: str) -> None:
        """Count for every network by its own rule; the tightest account of a network speaks."""
        tightest: dict[str, Destination] = {}
        for where in destinations:
            if where.network not in tightest or where.characters < tightest[where.network].characters:
                tightest[where.network] = where
        if set(tightest) != set(self._rings):
            self._make_rings(list(tightest))
        for network, where in tightest.items():
            used = length(where, self._variants.get(network, self._text), spoiler)
            self._rings[network].set_count(used, where.characters)

    def _make_tabs(self) -> None:
        if self._tabs is not None:
            self._head.removeWidget(self._tabs)
            self._tabs.deleteLater()
        choices = [("", _("Common text"))] + [(name, name.capitalize()) for name in self._networks]
        marks = {name: icons.glyph(name) for name in self._networks}
        self._tabs = SegmentedControl(choices, self, name=_("Text for"), icons_by_key=marks)
        self._tabs.changed.connect(self._switch)
        self._tabs.setVisible(len(self._networks) > 1)
        self._head.insertWidget(0, self._tabs)
        if self._at not in self._networks:
            self._at = ""
        self._tabs.set_current(self._at)

    def _make_rings(self, networks: Sequence[str]) -> None:
        while (item := self._counters.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._rings = {name: CounterRing(label=name.capitalize()) for name in networks}
        for ring in self._rings.values():
            self._counters.addWidget(ring)
        self._counters.addStretch(1)

    def _switch(self, network: str) -> None:
        self._at = network
        self._show_tab()
        self.edit.setFocus()

    def _show_tab(self) -> None:
        own = self._at in self._variants
        text = self._variants.get(self._at, self._text) if self._at else self._text
        if self.edit.toPlainText() != text:
            self.edit.blockSignals(True)
            self.edit.setPlainText(text)
            self.edit.blockSignals(False)
        self._share.setVisible(bool(self._at) and own)
        if self._at and not own:
            self._note.setText(_("Same as the common text until you change it here."))
        else:
            self._note.setText("")

    def _changed(self) -> None:
        text = self.edit.toPlainText()
        if self._at:
            self._variants[self._at] = text
        else:
            self._text = text
        self._share.setVisible(bool(self._at))
        if self._at:
            self._note.setText("")
        self.typed.emit(self._at, text)

    def _restyle(self) -> None:
        self.edit.setFont(theme.font("reading"))

"""One picture or film of the post: its tile, its description, what each network makes of it, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import Media
from cmdesk.wording_media import kind_word, lasting, megabytes
from ui import icons, theme
from ui.composer.media_thumb import THUMB_PX, Thumb
from ui.theme.tokens import Space
from ui.widgets import Chip, FlowLayout, IconButton, PlainLabel, set_tip


class Mark:
    """What stands about one network beneath a picture: a few words, the sentence behind them, how serious it is."""

    def __init__(self, network: str, text: str, sentence: str, *, tone: str, key: str) -> None:
        self.network, self.text, self.sentence, self.tone, self.key = network, text, sentence, tone, key

    def same_as(self, other: Mark) -> bool:
        """Say whether the chip on screen may stay."""
        return vars(self) == vars(other)


class MediaRow(QWidget):
    """A row keeps its text cursor while others come, go and move."""

    described = Signal(str)
    removed = Signal()
    stepped = Signal(int)
    cropping = Signal()
    replacing = Signal()
    decorated = Signal(bool)
    left_out = Signal(str, bool)  # network
    marked = Signal(str)  # a mark was clicked: its key

    def __init__(self, media: Media, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.media = media
        self._decorative = False
        self._networks: Sequence[tuple[str, str, bool]] = ()
        self._marks: list[Mark] = []
        self.thumb = Thumb(self)
        what = _("Film, {size}") if media.is_video else _("Picture, {size}")
        self.thumb.setAccessibleName(what.format(size=f"{media.width} × {media.height}"))
        self.alt = QPlainTextEdit(self)
        self.alt.setTabChangesFocus(True)
        name = _("Description of the film") if media.is_video else _("Description of the picture")
        self.alt.setAccessibleName(name)
        self.alt.textChanged.connect(self._typed)
        self._count = PlainLabel("", self, role="small", color="text_muted")
        self._facts = PlainLabel(_facts(media), self, role="small", color="text_muted", elide=True)
        self.crop = IconButton("crop", _("Crop"), self, size=15)
        self.more = IconButton("ellipsis", _("More"), self, size=15)
        self.take_out = IconButton("x", _("Take it out"), self, size=15)
        self.crop.setVisible(not media.is_video)
        self._chips = QWidget(self)
        self._flow = FlowLayout(self._chips, gap=Space.XS)
        self._lay_out()
        self.crop.clicked.connect(self.cropping)
        self.thumb.opened.connect(self._opened)
        self.take_out.clicked.connect(self.removed)
        self.thumb.removed.connect(self.removed)
        self.thumb.stepped.connect(self.stepped)
        self.more.clicked.connect(self._open_menu)
        theme.changed().connect(self._restyle)
        self._restyle()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(2)
        words.addWidget(self.alt)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.S)
        line.addWidget(self._facts, 1)
        line.addWidget(self._count)
        words.addLayout(line)
        words.addWidget(self._chips)
        words.addStretch(1)
        buttons = QVBoxLayout()
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(0)
        for button in (self.crop, self.more, self.take_out):
            buttons.addWidget(button)
        buttons.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self.thumb)
        left.addStretch(1)
        row.addLayout(left)
        row.addLayout(words, 1)
        row.addLayout(buttons)

    def show_alt(self, alt: str, *, limit: int, keywords: Sequence[str], decorative: bool) -> None:
        """Show a description that was not typed here, how much room it has, and what it may say (U9)."""
        self._decorative = decorative
        if self.alt.toPlainText() != alt:
            self.alt.blockSignals(True)
            self.alt.setPlainText(alt)
            self.alt.blockSignals(False)
        self.alt.setPlaceholderText(_placeholder(self.media, keywords, decorative=decorative))
        used = len(alt)
        if alt:
            text, role = _("{used} of {limit}").format(used=used, limit=limit), "text_muted"
            role = "negative" if used > limit else role
        elif decorative:
            text, role = _("Decoration"), "text_muted"
        else:
            text, role = _("Without description"), "warning"
        self._count.setText(text)
        self._count.set_role("small", role)
        self.alt.setAccessibleDescription(_("{used} of {limit} characters").format(used=used, limit=limit))

    def show_networks(self, networks: Sequence[tuple[str, str, bool]]) -> None:
        """The networks of the post: (key, name, whether they get this one)."""
        self._networks = networks

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """What each network makes of it, as chips; those that stay are not made anew."""
        if len(marks) == len(self._marks) and all(a.same_as(b) for a, b in zip(marks, self._marks, strict=True)):
            return
        self._marks = list(marks)
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for mark in marks:
            chip = Chip(
                mark.text, self._chips, tone=mark.tone, icon=icons.glyph(mark.network) if mark.network else "circle-x",
                clickable=bool(mark.key),
            )  # fmt: skip
            set_tip(chip, mark.sentence)
            chip.setAccessibleDescription(mark.sentence)
            chip.clicked.connect(lambda key=mark.key: self.marked.emit(key))
            self._flow.addWidget(chip)
            chip.show()
        self._chips.setVisible(bool(marks))
        self._chips.updateGeometry()

    def set_editable(self, editable: bool) -> None:
        """What is on its way can be looked at only."""
        self.alt.setReadOnly(not editable)
        for part in (self.thumb, self.crop, self.more, self.take_out, self._chips):
            part.setEnabled(editable)

    def menu(self) -> QMenu:
        """What else can be done, as a menu."""
        menu = QMenu(self)
        for text, step in ((_("Move up"), -1), (_("Move down"), 1)):
            action = QAction(text, menu)
            action.triggered.connect(lambda _checked=False, step=step: self.stepped.emit(step))
            menu.addAction(action)
        menu.addSeparator()
        swap = QAction(_("Put another file here…"), menu)
        swap.triggered.connect(lambda: self.replacing.emit())
        menu.addAction(swap)
        if not self.media.is_video:
            plain = QAction(_("It is decoration and needs no description"), menu, checkable=True)
            plain.setChecked(self._decorative)
            plain.setEnabled(not self.alt.toPlainText().strip())
            plain.triggered.connect(self.decorated)
            menu.addAction(plain)
        if self._networks:
            menu.addSeparator()
        for key, name, gets in self._networks:
            goes = QAction(_("Goes to {network}").format(network=name), menu, checkable=True)
            goes.setChecked(gets)
            goes.triggered.connect(lambda checked, key=key: self.left_out.emit(key, not checked))
            menu.addAction(goes)
        return menu

    def _open_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _opened(self) -> None:
        if not self.media.is_video:
            self.cropping.emit()

    def _typed(self) -> None:
        self.described.emit(self.alt.toPlainText())

    def _restyle(self) -> None:
        self.alt.setFixedHeight(theme.scaled(THUMB_PX - 28))


def _facts(media: Media) -> str:
    parts = [kind_word(media.mime), f"{media.width} × {media.height}", megabytes(media.bytes)]
    if media.is_video:
        parts.insert(1, lasting(media.duration_ms) if media.duration_ms else _("length unknown"))
    return " · ".join(parts)


def _placeholder(media: Media, keywords: Sequence[str], *, decorative: bool) -> str:
    if decorative:
        return _("Screen readers pass over it.")
    if media.is_video:
        return _("Say what happens in the film, for people who cannot see it")
    if keywords:
        return _("What is to be seen, for people who cannot? Searches find it too: {words}").format(
            words=", ".join(keywords)
        )
    return _("What is to be seen, for people who cannot? Who, where, what is written in it. Searches find it too.")

"""Buttons: text buttons in five weights, icon buttons with a name, and the segmented control."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from ui import icons, theme
from ui.theme.tokens import HIT_AREA, ICON
from ui.widgets.labels import set_tip

Variant = Literal["primary", "secondary", "ghost", "danger", "link"]
Size = Literal["small", "normal", "large"]
_ICON_ROLE = {"primary": "on_accent", "danger": "on_accent", "link": "accent_text", "ghost": "text_muted"}


class Button(QPushButton):
    """A text button: primary (one a screen), secondary, ghost, danger or link."""

    def __init__(
        self,
        text: str,
        parent: QWidget | None = None,
        *,
        variant: Variant = "secondary",
        icon: str = "",
        size: Size = "normal",
        tip: str = "",
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("variant", variant)
        self.setProperty("scale", size)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        if icon:
            icons.set_icon(self, icon, _ICON_ROLE.get(variant, "text"), ICON, gap=4)
        if tip:
            set_tip(self, tip)


button = Button


class IconButton(QToolButton):
    """An icon with a hit area of at least 28 px; `name` is its tooltip and what a screen reader says."""

    def __init__(
        self,
        icon: str,
        name: str,
        parent: QWidget | None = None,
        *,
        size: int = ICON,
        role: str = "text_muted",
        checkable: bool = False,
        shortcut_text: str = "",
        hit: int = HIT_AREA,
    ) -> None:
        super().__init__(parent)
        self._role, self._size = role, size
        self.setFixedSize(hit, hit)
        self.setIconSize(QSize(size, size))
        self.setCheckable(checkable)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        icons.set_icon(self, icon, role, size)
        self.set_name(name, shortcut_text=shortcut_text)

    def set_name(self, name: str, *, shortcut_text: str = "") -> None:
        """Say what it does; the shortcut stands behind it in the tooltip."""
        self.setAccessibleName(name)
        set_tip(self, f"{name}  {shortcut_text}".strip())

    def set_glyph(self, icon: str, *, role: str | None = None) -> None:
        """Another drawing."""
        self._role = role or self._role
        icons.set_icon(self, icon, self._role, self._size)


class SegmentedControl(QWidget):
    """A row of exclusive choices; arrows move between them, `changed(key)` tells the chosen one."""

    changed = Signal(str)

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
        *,
        name: str = "",
        icons_by_key: dict[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setObjectName("segmented")
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._keys: list[str] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(2)
        for place, (key, text) in enumerate(choices):
            part = QPushButton(text, self)
            part.setObjectName("segment")
            part.setCheckable(True)
            part.setAutoDefault(False)
            part.setAccessibleName(text)
            if icons_by_key and key in icons_by_key:
                icons.set_icon(part, icons_by_key[key], "text")
            self._keys.append(key)
            self._group.addButton(part, place)
            layout.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._group.idClicked.connect(lambda place: self.changed.emit(self._keys[place]))
        theme.changed().connect(self._restyle)
        self._restyle()
        if self._keys:
            self.set_current(self._keys[0])

    def current(self) -> str:
        """Key of the chosen part."""
        return self._keys[self._group.checkedId()]

    def set_current(self, key: str) -> None:
        """Choose without emitting."""
        if key in self._keys:
            self._group.button(self._keys.index(key)).setChecked(True)

    def set_text(self, key: str, text: str) -> None:
        """Call a choice something else."""
        part = self._group.button(self._keys.index(key))
        part.setText(text)
        part.setAccessibleName(text)

    def clear_choice(self) -> None:
        """Choose none without emitting; `current` must not be asked until one is chosen."""
        self._group.setExclusive(False)
        for part in self._group.buttons():
            part.setChecked(False)
        self._group.setExclusive(True)

    def _restyle(self) -> None:
        palette = theme.colors()
        well = palette.surface_sunken if not palette.dark else palette.window
        raised = palette.surface_raised if not palette.dark else palette.pressed
        height = theme.scaled(22)
        self.setStyleSheet(
            f"#segmented {{ background: {well}; border: 1px solid {palette.line}; border-radius: 8px; }}"
            f"QPushButton#segment {{ min-height: {height}px; max-height: {height}px; padding: 0 10px;"
            f" border: 1px solid transparent; border-radius: 6px; background: transparent;"
            f" color: {palette.text_muted}; }}"
            f"QPushButton#segment:hover {{ color: {palette.text}; }}"
            f"QPushButton#segment:checked {{ background: {raised}; color: {palette.text};"
            f" border: 1px solid {palette.line_strong}; }}"
            f"QPushButton#segment:focus {{ border: 2px solid {palette.focus}; padding: 0 9px; }}"
        )

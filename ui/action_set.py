"""The rows of `ui.actions` as QActions of one window: menus, chords, bare keys, and which make sense now."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from cmdesk.i18n import _
from ui import icons
from ui.actions import ACTIONS, MENUS, Action
from ui.widgets.key_help import shown_key

_ROLES = {
    "window.settings": QAction.MenuRole.PreferencesRole,
    "window.quit": QAction.MenuRole.QuitRole,
    "window.about": QAction.MenuRole.AboutRole,
}


class ActionSet(QObject):
    """Every action once; page actions follow the page that is shown.

    Chords are ordinary shortcuts. Bare keys are watched on the window and reach `run` only when `keys_allowed`
    says so, so that a letter typed into a field is never an order.
    """

    def __init__(self, window: QWidget, *, run: Callable[[str], None], keys_allowed: Callable[[], bool]) -> None:
        super().__init__(window)
        self._window, self._run, self._keys_allowed = window, run, keys_allowed
        self._scope = ""
        self._enabled: set[str] | None = None
        self._actions: dict[str, QAction] = {}
        self._bare: dict[tuple[str, str], Action] = {}
        for row in ACTIONS:
            made = QAction(row.label, window)
            if row.icon:
                icons.set_icon(made, row.icon, "text_muted")
            made.setCheckable(row.checkable)
            made.setMenuRole(_ROLES.get(row.id, QAction.MenuRole.NoRole))
            made.setShortcuts([QKeySequence(key) for key in row.chords])
            made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            made.triggered.connect(lambda _checked=False, each=row.id: self._run(each))
            if not row.chords and row.keys:
                made.setText(f"{row.label}\t{shown_key(row.keys[0])}")
            for key in row.bare_keys:
                self._bare[(row.scope, QKeySequence(key).toString())] = row
            self._actions[row.id] = made
            window.addAction(made)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        self.set_scope("", None)

    def __getitem__(self, action_id: str) -> QAction:
        """The QAction of an id."""
        return self._actions[action_id]

    def set_scope(self, scope: str, enabled: set[str] | None) -> None:
        """Another page is shown: its actions, and of them only `enabled` (None: all), work now."""
        self._scope, self._enabled = scope, enabled
        for row in ACTIONS:
            if row.scope != "window":
                self._actions[row.id].setEnabled(row.scope == scope and (enabled is None or row.id in enabled))

    def works(self, row: Action) -> bool:
        """Whether an action makes sense now."""
        return self._actions[row.id].isEnabled()

    def menu(self, parent: QWidget) -> QMenu:
        """All menus as submenus of one."""
        whole = QMenu(parent)
        for key, title in MENUS.items():
            part = whole.addMenu(_(title))
            self._fill(part, key)
        return whole

    def fill_menu_bar(self, add: Callable[[str], QMenu]) -> None:
        """The same for a system's own menu bar."""
        for key, title in MENUS.items():
            self._fill(add(_(title)), key)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Catch bare keys before the focused widget does, where they are allowed."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if watched is not (QApplication.focusWidget() or self._window):
            return False
        if QApplication.activeModalWidget() or QApplication.activePopupWidget() or not self._window.isActiveWindow():
            return False
        row = self._row_of(event)
        if row is None or not self.works(row) or not self._keys_allowed():
            return False
        self._run(row.id)
        return True

    def _row_of(self, event: QKeyEvent) -> Action | None:
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return None
        for name in _names(event):
            row = self._bare.get((self._scope, name)) or self._bare.get(("window", name))
            if row is not None:
                return row
        return None

    def _fill(self, menu: QMenu, key: str) -> None:
        scope = ""
        for row in ACTIONS:
            if row.menu != key:
                continue
            if scope and row.scope != scope:
                menu.addSeparator()
            scope = row.scope
            menu.addAction(self._actions[row.id])
        menu.aboutToShow.connect(lambda: self._hide_foreign(menu, key))

    def _hide_foreign(self, menu: QMenu, key: str) -> None:
        """In a menu shared by pages only the shown page's rows are listed, unless none of them is."""
        rows = [row for row in ACTIONS if row.menu == key]
        mine = any(row.scope == self._scope for row in rows)
        for row in rows:
            self._actions[row.id].setVisible(not mine or row.scope in (self._scope, "window"))


def _names(event: QKeyEvent) -> Iterator[str]:
    """What a pressed key may be called in the table: as Qt says, as it is typed, and by its place among the digits."""
    yield QKeySequence(event.keyCombination()).toString()
    shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    typed = event.text()
    if typed.isprintable() and typed.strip() and not (shifted and typed.isalnum()):
        yield typed if shifted else typed.upper()  # "?" and "/" sit elsewhere on each keyboard
    digit = _digit(event)
    if digit:  # with Shift a digit's key types "!", on other keyboards it types the digit only with Shift
        yield f"Shift+{digit}" if shifted else str(digit)


def _digit(event: QKeyEvent) -> int:
    """The digit on the key in the upper row that was pressed, whatever the layout types with it; 0 for another key."""
    if sys.platform == "win32":
        code = event.nativeVirtualKey() - 0x30
    elif sys.platform == "darwin":
        code = _MAC_DIGITS.get(event.nativeVirtualKey(), 0) if event.nativeVirtualKey() else 0
    else:  # X11 and Wayland: the evdev code and 8
        code = event.nativeScanCode() - 9
    return code if 1 <= code <= 9 else 0


_MAC_DIGITS = {18: 1, 19: 2, 20: 3, 21: 4, 23: 5, 22: 6, 26: 7, 28: 8, 25: 9}

"""The window's own actions: `window.palette` of the table is `do_palette` here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cmdesk.i18n import _
from ui import notices, theme
from ui.about import about_question
from ui.actions import in_scope
from ui.bridge import spawn
from ui.pages import ABOUT
from ui.widgets.key_help import KeyGroup
from ui.widgets.page import Target, is_typing

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class WindowDeeds:
    """One short method an action; the window itself only assembles."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def do_new_post(self) -> None:
        """A new post for the shown brand."""
        self.window.navigate(Target("composer", "new", brand_id=self.window.context.brand_id))

    def do_sync_now(self) -> None:
        """Read every account now."""
        self.window.desk.engine.wake()
        notices.tell(_("Reading all accounts…"), seconds=2.5)

    def do_pause(self) -> None:
        """Pause all publishing, or go on."""
        self.window.pausing.toggle(None)

    def do_pause_brand(self) -> None:
        """Pause what the shown brand publishes, or go on."""
        if self.window.context.brand_id is not None:
            self.window.pausing.toggle(self.window.context.brand_id)

    def do_look_ahead(self) -> None:
        """Look now at what goes out within a day (N16)."""
        self.window.pausing.look_ahead()

    def do_backup(self) -> None:
        """Backups live in the settings."""
        self.window.navigate(Target("settings", "section", text="backup"))

    def do_settings(self) -> None:
        """Open the settings."""
        self.window.show_page("settings")

    def do_quit(self) -> None:
        """Close."""
        self.window.close()

    def do_undo(self) -> None:
        """Undo in the text that is being typed, else the last decision."""
        if not self._edit_undo("undo"):
            self.window.undo_stack.undo()
            self.window.presenter.toasts.withdraw(self.window.undo_stack.redoText())

    def do_redo(self) -> None:
        """The same forwards."""
        if not self._edit_undo("redo"):
            self.window.undo_stack.redo()

    def do_palette(self) -> None:
        """Open the command palette."""
        self.window.palette_.open_palette()

    def do_go_inbox(self) -> None:
        """Go to the inbox."""
        self.window.show_page("inbox")

    def do_go_calendar(self) -> None:
        """Go to the calendar."""
        self.window.show_page("calendar")

    def do_go_cases(self) -> None:
        """Go to the cases."""
        self.window.show_page("cases")

    def do_go_audience(self) -> None:
        """Go to the people."""
        self.window.show_page("audience")

    def do_go_listening(self) -> None:
        """Go to what is said elsewhere."""
        self.window.show_page("listening")

    def do_go_approval(self) -> None:
        """Go to what clients were asked."""
        self.window.show_page("approval")

    def do_go_crisis(self) -> None:
        """Go to the crisis page."""
        self.window.show_page("crisis")

    def do_crisis(self) -> None:
        """Hold everything planned, or say that it is over; the page asks."""
        self.window.navigate(Target("crisis", "start"))

    def do_go_library(self) -> None:
        """The templates."""
        self.window.show_page("library")

    def do_go_reports(self) -> None:
        """Go to the reports."""
        self.window.show_page("reports")

    def do_go_problems(self) -> None:
        """Go to the problems."""
        self.window.show_page("problems")

    def do_go_accounts(self) -> None:
        """Go to the accounts."""
        self.window.show_page("accounts")

    def do_round(self) -> None:
        """A guided pass through the inbox of every brand (N24)."""
        self.window.navigate(Target("inbox", "round"))

    def do_all_brands(self) -> None:
        """Show all brands."""
        self.window.show_brand(None)

    def do_next_brand(self) -> None:
        """The brand to the right."""
        self._step_brand(1)

    def do_previous_brand(self) -> None:
        """The brand to the left."""
        self._step_brand(-1)

    def do_add_brand(self) -> None:
        """The form for a new brand."""
        self.window.navigate(Target("settings", "new_brand"))

    def do_zoom_in(self) -> None:
        """Larger."""
        self._zoom(theme.zoom() + 0.1)

    def do_zoom_out(self) -> None:
        """Smaller."""
        self._zoom(theme.zoom() - 0.1)

    def do_zoom_reset(self) -> None:
        """Normal size."""
        self._zoom(1.0)

    def do_compact(self) -> None:
        """Compact or comfortable rows."""
        compact = theme.density() is theme.Density.COMPACT
        self._store("density", "comfortable" if compact else "compact")

    def do_dark(self) -> None:
        """Dark or light, whatever the system says."""
        self._store("appearance", "light" if theme.is_dark() else "dark")

    def do_fullscreen(self) -> None:
        """Full screen on or off."""
        self.window.setWindowState(self.window.windowState() ^ Qt.WindowState.WindowFullScreen)
        self.window.sync_checks()

    def do_help(self) -> None:
        """What this screen is for, and its keys."""
        name, text = ABOUT[self.window.page_key]
        self.window.key_help.open_help(_(name), _(text), self._key_groups(whole=True))

    def do_keys(self) -> None:
        """The keys of this screen."""
        self.window.key_help.open_help(_("Keys of this screen"), "", self._key_groups(whole=False))

    def do_about(self) -> None:
        """About the program."""
        spawn(notices.ask(about_question(self.window.desk.profile)), self.window, name="about")

    def _step_brand(self, step: int) -> None:
        order: list[int | None] = [None, *(brand.id for brand in self.window.directory.brands())]
        self.window.show_brand(order[(order.index(self.window.context.brand_id) + step) % len(order)])

    def _zoom(self, value: float) -> None:
        theme.set_zoom(value)
        self._store("zoom", theme.zoom())

    def _store(self, key: str, value: str | float | bool) -> None:
        spawn(self.window.store_setting(key, value), self.window, name=f"keep the setting {key}")

    @staticmethod
    def _edit_undo(method: str) -> bool:
        focus = QApplication.focusWidget()
        if focus is None or not is_typing(focus) or not hasattr(focus, method):
            return False
        getattr(focus, method)()
        return True

    def _key_groups(self, *, whole: bool) -> list[KeyGroup]:
        groups: list[KeyGroup] = []
        page = self.window.current_page()
        scope = page.scope if page is not None else ""
        for name, title in ((scope, _(ABOUT[self.window.page_key][0])), ("window", _("Everywhere"))):
            shown = [row for row in in_scope(name) if row.keys and (whole or self.window.actions_.works(row))]
            rows: list[tuple[str, Sequence[str]]] = [(row.label, row.keys) for row in shown]
            if name == scope and page is not None:
                rows += page.own_keys()
            if name == "window":
                rows.append((_("Brand 1 to 9"), ("Ctrl+1", "Ctrl+9")))
            if rows:
                groups.append((title, rows))
        return groups

"""The window: assembles rail, brand bar, pages and status bar, and connects them; it decides nothing."""

from __future__ import annotations

import base64
import importlib
import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QShortcut
from PySide6.QtWidgets import QApplication, QGridLayout, QMainWindow, QStackedWidget, QWidget

from cmdesk.commands import settings as setting_commands
from cmdesk.desk import Desk
from cmdesk.errors import DeskError
from cmdesk.i18n import N_, _
from ui import icons, notices, theme
from ui.action_set import ActionSet
from ui.actions import action, in_scope
from ui.bridge import Bridge, Changes, Topic, spawn
from ui.frame import Frame
from ui.models import finder, settings
from ui.models.directory import Directory
from ui.models.shell import ShellModel
from ui.palette_items import found_items, palette_items
from ui.widgets.brand_bar import BrandBar
from ui.widgets.key_help import KeyHelp, shown_key
from ui.widgets.page import Page, PageContext, Target, is_typing
from ui.widgets.palette import CommandPalette
from ui.widgets.presenter import WindowPresenter
from ui.widgets.rail import Rail
from ui.widgets.status_bar import StatusBar
from ui.widgets.undo import UndoStack

MINIMUM = QSize(1024, 640)
_SAVE_MS = 1500

# key, module, icon, name, action on the rail, what the screen is for (F1)
_PAGES = (
    ("inbox", "ui.inbox", "inbox", N_("Inbox"), "window.go_inbox",
     N_("Everything people write to your brands, in one list. Answer, solve, snooze or ignore with a reason.")),
    ("calendar", "ui.calendar", "calendar-days", N_("Calendar"), "window.go_calendar",
     N_("What will be published and what was. Drag posts to move them; times are shown in the brand's zone.")),
    ("reports", "ui.reports", "chart-column", N_("Reports"), "window.go_reports",
     N_("One document per brand and month, made from the figures stored on this computer.")),
    ("problems", "ui.problems", "triangle-alert", N_("Problems"), "window.go_problems",
     N_("Everything that failed, is unknown or waits for your yes. It never empties by itself.")),
    ("accounts", "ui.accounts", "plug-zap", N_("Accounts"), "window.go_accounts",
     N_("The profiles of your brands: what each can do, when it was last read, and how to reconnect it.")),
    ("settings", "ui.settings", "settings", N_("Settings"), "window.settings",
     N_("Appearance, language, brands, keychain, backups and where your data lives.")),
    ("composer", "ui.composer", "square-pen", N_("Composer"), "",
     N_("Write once, adapt the text to each network, and decide when it goes out.")),
    ("welcome", "ui.welcome", "sparkles", N_("Welcome"), "",
     N_("Try the sample brands or begin with your first one.")),
)  # fmt: skip
_MODULES = {key: module for key, module, *_rest in _PAGES}
_ABOUT = {key: (name, text) for key, _module, _icon, name, _action, text in _PAGES}
_BOTTOM = ("accounts", "settings")


class MainWindow(QMainWindow):
    """One desk on the screen. `close_wanted` asks the application to shut down; the window itself never quits."""

    close_wanted = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, *, demo: bool = False) -> None:
        super().__init__()
        self.desk, self.bridge = desk, bridge
        self._closing = False
        self._pages: dict[str, Page] = {}
        self._page = ""
        self.setWindowTitle("CM Desk")
        self.setWindowIcon(icons.app_icon())
        self.setMinimumSize(MINIMUM)
        self.resize(1360, 860)

        self.directory = Directory(desk, self)
        self.model = ShellModel(desk, self.directory, self)
        self.undo_stack = UndoStack(desk)
        state = settings.stored_object(desk, "window")
        self.context = PageContext(
            desk=desk, bridge=bridge, navigate=self.navigate, undo=self.undo_stack.push_done,
            progress=lambda text: self.status.add_work(text), brand_id=self._known_brand(state.get("brand")),
            demo=demo, states=state.get("states") or {},
        )  # fmt: skip

        self.actions_ = ActionSet(self, run=self.run_action, keys_allowed=self._keys_allowed)
        rows = [
            (key, icon, _(name), shown_key(action(go).keys[0]))
            for key, _module, icon, name, go, _text in _PAGES if go
        ]  # fmt: skip
        self.rail = Rail(rows, self.actions_.menu(self), bottom=_BOTTOM)
        self.brand_bar = BrandBar()
        self.stack = QStackedWidget()
        self.status = StatusBar()
        self.frame = Frame(desk, self.model, self.rail, self.brand_bar, self.status)
        self.palette_ = CommandPalette(self, self._palette_items)
        self.key_help = KeyHelp(self)
        self.presenter = WindowPresenter(self)

        central = QWidget()
        grid = QGridLayout(central)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.rail, 0, 0, 3, 1)
        grid.addWidget(self.brand_bar, 0, 1)
        grid.addWidget(self.stack, 1, 1)
        grid.addWidget(self.status, 2, 1)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(1, 1)
        self.setCentralWidget(central)

        self._saver = QTimer(self)
        self._saver.setSingleShot(True)
        self._saver.setInterval(_SAVE_MS)
        self._keys = [QShortcut(f"Ctrl+{place}", self) for place in range(1, 10)]
        self._menu_key = QShortcut("F10", self)
        if state.get("geometry"):
            self.restoreGeometry(QByteArray(base64.b64decode(state["geometry"])))

        self._connect()
        notices.set_presenter(self.presenter)
        self.frame.set_brand(self.context.brand_id)
        self._sync_checks()
        wanted = state.get("page", "inbox")
        self.show_page(wanted if wanted in _MODULES and self.directory.brands() else self._first_page())

    def _connect(self) -> None:
        """All connections of the window."""
        self.bridge.changed.connect(self._changed)
        self.rail.chosen.connect(self.show_page)
        self.brand_bar.chosen.connect(self.show_brand)
        self.brand_bar.search_wanted.connect(lambda: self.run_action("window.palette"))
        self.brand_bar.new_wanted.connect(lambda: self.run_action("window.new_post"))
        self.status.pause_toggled.connect(lambda _on: self.run_action("window.pause"))
        self.status.network_clicked.connect(lambda: self.show_page("accounts"))
        self.status.next_clicked.connect(self._go_next_publication)
        self.palette_.searched.connect(lambda text: spawn(self._search(text), self, name="search from the palette"))
        self.undo_stack.canUndoChanged.connect(self._sync_undo)
        self.undo_stack.canRedoChanged.connect(self._sync_undo)
        self.undo_stack.indexChanged.connect(self._sync_undo)
        self._saver.timeout.connect(lambda: spawn(self.save_state(), self, name="remember the window"))
        self._menu_key.activated.connect(self.rail.menu_button.click)
        for place, key in enumerate(self._keys):
            key.activated.connect(lambda each=place: self._show_brand_at(each))
        theme.changed().connect(self._sync_checks)

    # Pages

    def show_page(self, key: str) -> Page | None:
        """Show a page; it is imported and built when first asked for."""
        page = self._pages.get(key)
        if page is None:
            page = self._build_page(key)
            if page is None:
                return None
        before = self._pages.get(self._page)
        self._page = key
        self.stack.setCurrentWidget(page)
        self.rail.set_current("calendar" if key == "composer" else key)
        self.actions_.set_scope(page.scope, self._enabled(page))
        name = _(_ABOUT[key][0])
        self.setWindowTitle(f"{name} — CM Desk")
        if before is not page:
            page.focus_main()
        self._saver.start()
        return page

    def page(self, key: str) -> Page | None:
        """A page if it was built already."""
        return self._pages.get(key)

    def current_page(self) -> Page | None:
        """The page that is shown."""
        return self._pages.get(self._page)

    def navigate(self, target: Target) -> None:
        """Go to a thing: its brand when another one is shown, its page, and the thing itself."""
        known = {brand.id for brand in self.directory.brands()}
        if target.brand_id in known and self.context.brand_id not in (None, target.brand_id):
            self.show_brand(target.brand_id)
        page = self.show_page(target.page)
        if page is not None and (target.kind or target.id is not None):
            page.open(target)

    def show_brand(self, brand_id: int | None) -> None:
        """Show one brand everywhere, or all."""
        if brand_id == self.context.brand_id:
            self.brand_bar.set_current(brand_id)
            return
        self.context.brand_id = brand_id
        self.frame.set_brand(brand_id)
        for page in self._pages.values():
            page.show_brand(brand_id)
        self._saver.start()

    def _build_page(self, key: str) -> Page | None:
        make: Callable[[PageContext], Page] = importlib.import_module(_MODULES[key]).make
        try:
            page = make(self.context)
            page.restore_state(self.context.states.get(key, {}))
        except DeskError as problem:
            notices.error(problem, doing=f"open {key}")
            return None
        page.choice_changed.connect(self._sync_actions)
        page.show_brand(self.context.brand_id)
        self._pages[key] = page
        self.stack.addWidget(page)
        return page

    def _first_page(self) -> str:
        return "inbox" if self.directory.brands() else "welcome"

    def _known_brand(self, brand_id: object) -> int | None:
        known = [brand.id for brand in self.directory.brands()]
        return brand_id if isinstance(brand_id, int) and brand_id in known else None

    # Actions

    def run_action(self, action_id: str) -> None:
        """Do an action: the window's own here, a page's there."""
        row = action(action_id)
        if row.scope == "window":
            getattr(self, row.handler)()
            return
        page = self.current_page()
        if page is not None and page.scope == row.scope:
            page.run_action(action_id)
            self._sync_actions()

    def do_new_post(self) -> None:
        """A new post for the shown brand."""
        self.navigate(Target("composer", "new", brand_id=self.context.brand_id))

    def do_sync_now(self) -> None:
        """Read every account now."""
        self.desk.engine.wake()
        notices.tell(_("Reading all accounts…"), seconds=2.5)

    def do_pause(self) -> None:
        """Pause publishing, or go on."""
        spawn(self._set("publishing_paused", not self.model.paused), self, name=_("Pause publishing"))

    def do_backup(self) -> None:
        """Backups live in the settings."""
        self.navigate(Target("settings", "section", text="backup"))

    def do_settings(self) -> None:
        """Open the settings."""
        self.show_page("settings")

    def do_quit(self) -> None:
        """Close."""
        self.close()

    def do_undo(self) -> None:
        """Undo in the text that is being typed, else the last decision."""
        if not self._edit_undo("undo"):
            self.undo_stack.undo()

    def do_redo(self) -> None:
        """The same forwards."""
        if not self._edit_undo("redo"):
            self.undo_stack.redo()

    def do_palette(self) -> None:
        """Open the command palette."""
        self.palette_.open_palette()

    def do_go_inbox(self) -> None:
        """Go to the inbox."""
        self.show_page("inbox")

    def do_go_calendar(self) -> None:
        """Go to the calendar."""
        self.show_page("calendar")

    def do_go_reports(self) -> None:
        """Go to the reports."""
        self.show_page("reports")

    def do_go_problems(self) -> None:
        """Go to the problems."""
        self.show_page("problems")

    def do_go_accounts(self) -> None:
        """Go to the accounts."""
        self.show_page("accounts")

    def do_all_brands(self) -> None:
        """Show all brands."""
        self.show_brand(None)

    def do_next_brand(self) -> None:
        """The brand to the right."""
        self._step_brand(1)

    def do_previous_brand(self) -> None:
        """The brand to the left."""
        self._step_brand(-1)

    def do_add_brand(self) -> None:
        """The form for a new brand."""
        self.navigate(Target("settings", "new_brand"))

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
        spawn(self._set("density", "comfortable" if compact else "compact"), self, name="change density")

    def do_dark(self) -> None:
        """Dark or light, whatever the system says."""
        spawn(self._set("appearance", "light" if theme.is_dark() else "dark"), self, name="change appearance")

    def do_fullscreen(self) -> None:
        """Full screen on or off."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self._sync_checks()

    def do_help(self) -> None:
        """What this screen is for, and its keys."""
        name, text = _ABOUT[self._page]
        self.key_help.open_help(_(name), _(text), self._key_groups(whole=True))

    def do_keys(self) -> None:
        """The keys of this screen."""
        self.key_help.open_help(_("Keys of this screen"), "", self._key_groups(whole=False))

    def do_about(self) -> None:
        """About the program."""
        from ui.about import about_question

        spawn(notices.ask(about_question(self.desk.profile)), self, name="about")

    # Reactions

    def _changed(self, changes: Changes) -> None:
        self.directory.apply(changes)
        self.model.apply(changes)
        if changes.concerns(Topic.BRAND) and self._known_brand(self.context.brand_id) != self.context.brand_id:
            self.show_brand(None)
        if self._page == "welcome" and changes.concerns(Topic.BRAND) and self.directory.brands():
            self.show_page("inbox")
        self._sync_actions()
        if changes.concerns(Topic.SETTING):
            self._sync_checks()

    def _sync_actions(self) -> None:
        page = self.current_page()
        if page is not None:
            self.actions_.set_scope(page.scope, self._enabled(page))

    def _sync_checks(self) -> None:
        self.actions_["window.pause"].setChecked(self.model.paused)
        self.actions_["window.compact"].setChecked(theme.density() is theme.Density.COMPACT)
        self.actions_["window.dark"].setChecked(theme.is_dark())
        self.actions_["window.fullscreen"].setChecked(self.isFullScreen())
        self._sync_undo()

    def _sync_undo(self) -> None:
        for name, text, able in (
            ("window.undo", self.undo_stack.undoText(), self.undo_stack.canUndo()),
            ("window.redo", self.undo_stack.redoText(), self.undo_stack.canRedo()),
        ):
            label = action(name).label
            self.actions_[name].setText(f"{label}: {text}".replace("&", "&&") if able and text else label)

    def _keys_allowed(self) -> bool:
        page = self.current_page()
        if self.palette_.isVisible() or self.key_help.isVisible() or is_typing(QApplication.focusWidget()):
            return False
        return page is not None and page.keys_allowed()

    @staticmethod
    def _enabled(page: Page) -> set[str] | None:
        offered = {row.id for row in in_scope(page.scope) if hasattr(page, row.handler)}
        narrowed = page.enabled_actions()
        return offered if narrowed is None else offered & narrowed

    def _edit_undo(self, method: str) -> bool:
        focus = QApplication.focusWidget()
        if focus is None or not is_typing(focus) or not hasattr(focus, method):
            return False
        getattr(focus, method)()
        return True

    def _key_groups(self, *, whole: bool) -> list[tuple[str, list[tuple[str, tuple[str, ...]]]]]:
        groups = []
        page = self.current_page()
        scope = page.scope if page is not None else ""
        for name, title in ((scope, _(_ABOUT[self._page][0])), ("window", _("Everywhere"))):
            rows = [(row.label, row.keys) for row in in_scope(name) if row.keys and (whole or self.actions_.works(row))]
            if name == "window":
                rows.append((_("Brand 1 to 9"), ("Ctrl+1", "Ctrl+9")))
            if rows:
                groups.append((title, rows))
        return groups

    def _palette_items(self) -> list[Any]:
        return palette_items(
            self.directory, self.actions_, run=self.run_action, show_brand=self.show_brand, navigate=self.navigate
        )

    async def _search(self, text: str) -> None:
        found = await finder.find(self.desk, text, self.context.brand_id)
        self.palette_.add_found(text, found_items(found, self.directory, navigate=self.navigate))

    def _show_brand_at(self, place: int) -> None:
        brands = self.directory.brands()
        if place < len(brands):
            self.show_brand(brands[place].id)

    def _step_brand(self, step: int) -> None:
        order: list[int | None] = [None, *(brand.id for brand in self.directory.brands())]
        self.show_brand(order[(order.index(self.context.brand_id) + step) % len(order)])

    def _go_next_publication(self) -> None:
        delivery = self.model.next_publication(self.context.brand_id)
        if delivery is not None:
            self.navigate(Target("calendar", "post", delivery.post_id, delivery.brand_id))

    def _zoom(self, value: float) -> None:
        theme.set_zoom(value)
        spawn(self._set("zoom", theme.zoom()), self, name="remember the zoom")

    async def _set(self, key: str, value: str | float | bool) -> None:
        await self.desk.run(setting_commands.set_value, key=key, value=value)

    # Leaving

    async def save_state(self) -> None:
        """Store page, brand, geometry and what each page keeps for itself."""
        for key, page in self._pages.items():
            self.context.states[key] = page.save_state()
        state = {
            "page": self._page if self._page not in ("composer", "welcome") else "calendar",
            "brand": self.context.brand_id,
            "geometry": base64.b64encode(self.saveGeometry().data()).decode(),
            "states": self.context.states,
        }
        await self._set("window", json.dumps(state))

    async def shut(self) -> None:
        """Flush every page, remember the window, end pending undo periods; afterwards it may be destroyed."""
        self._closing = True
        self.presenter.toasts.dismiss_all()
        for page in self._pages.values():
            page.leaving()
        await self.save_state()
        for page in self._pages.values():
            page.ended()
        # Left to Python's collector, the stack and its commands are freed in no particular order: that crashes.
        self.undo_stack.clear()
        notices.set_presenter(None)

    def closeEvent(self, event: QCloseEvent, /) -> None:
        """Closing is asked of the application, which shuts the desk down first."""
        if self._closing:
            event.accept()
        else:
            event.ignore()
            self.close_wanted.emit()

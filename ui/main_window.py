"""The window: assembles rail, brand bar, pages and status bar, and connects them; it decides nothing."""

from __future__ import annotations

import base64
import importlib
import json
import sys
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QPoint, QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QShortcut
from PySide6.QtWidgets import QApplication, QGridLayout, QMainWindow, QStackedWidget, QWidget

from cmdesk.commands import settings as setting_commands
from cmdesk.desk import Desk
from cmdesk.errors import DeskError
from cmdesk.i18n import _
from ui import icons, notices, theme
from ui.action_set import ActionSet
from ui.actions import action, in_scope
from ui.approval.news import ApprovalNews
from ui.bridge import Bridge, Changes, Topic, spawn
from ui.frame import Frame
from ui.models import finder, settings
from ui.models.directory import Directory
from ui.models.shell import ShellModel
from ui.pages import ABOUT, BOTTOM, MODULES, PAGES
from ui.pausing import Pausing
from ui.widgets.brand_bar import BrandBar
from ui.widgets.key_help import KeyHelp, shown_key
from ui.widgets.page import Page, PageContext, Target, is_typing
from ui.widgets.presenter import WindowPresenter
from ui.widgets.rail import Rail
from ui.widgets.status_bar import StatusBar
from ui.widgets.undo import UndoStack
from ui.window_deeds import WindowDeeds

if TYPE_CHECKING:
    from ui.widgets.palette import CommandPalette

MINIMUM = QSize(1024, 640)
_SAVE_MS = 1500


class MainWindow(QMainWindow):
    """One desk on the screen. `close_wanted` asks the application to shut down; the window itself never quits."""

    close_wanted = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, *, demo: bool = False, frame_first: bool = False) -> None:
        """With `frame_first` only the frame is built: call `show_first_page` once it is on the screen."""
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
        self.undo_stack = UndoStack(desk, self)
        state = settings.stored_object(desk, "window")
        self.context = PageContext(
            desk=desk, bridge=bridge, navigate=self.navigate, undo=self.undo_stack.push_done, drop_undo=self.drop_undo,
            progress=lambda text: self.status.add_work(text), brand_id=self._known_brand(state.get("brand")),
            demo=demo, states=state.get("states") or {},
        )  # fmt: skip

        self.actions_ = ActionSet(self, run=self.run_action, keys_allowed=self._keys_allowed)
        rows = [
            (key, icon, _(name), shown_key(action(go).keys[0]))
            for key, _module, icon, name, go, _text in PAGES if go
        ]  # fmt: skip
        self.rail = Rail(rows, self.actions_.menu(self), bottom=BOTTOM)
        if sys.platform == "darwin":
            self.actions_.fill_menu_bar(self.menuBar().addMenu)
        self.brand_bar = BrandBar()
        self.stack = QStackedWidget()
        self.status = StatusBar()
        self.frame = Frame(desk, self.model, self.rail, self.brand_bar, self.status)
        self.key_help = KeyHelp(self)
        self.presenter = WindowPresenter(self)
        self.deeds = WindowDeeds(self)
        self.pausing = Pausing(self.context, self.model, self)

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
        self.approval_news = ApprovalNews(self.context, self)
        self.frame.set_brand(self.context.brand_id)
        self.sync_checks()
        self._wanted = str(state.get("page", "inbox"))
        if not frame_first:
            self.show_first_page()

    def _connect(self) -> None:
        """All connections of the window."""
        self.bridge.changed.connect(self._changed)
        self.rail.chosen.connect(self.show_page)
        self.brand_bar.chosen.connect(self.show_brand)
        self.brand_bar.search_wanted.connect(lambda: self.run_action("window.palette"))
        self.brand_bar.new_wanted.connect(lambda: self.run_action("window.new_post"))
        self.status.pause_wanted.connect(self._show_pauses)
        self.status.late_clicked.connect(lambda: self.show_page("problems"))
        self.status.network_clicked.connect(lambda: self.show_page("accounts"))
        self.status.next_clicked.connect(self._go_next_publication)
        self.status.crisis_clicked.connect(lambda: self.navigate(Target("crisis", "now")))
        self.undo_stack.canUndoChanged.connect(self._sync_undo)
        self.undo_stack.canRedoChanged.connect(self._sync_undo)
        self.undo_stack.indexChanged.connect(self._sync_undo)
        self._saver.timeout.connect(lambda: spawn(self.save_state(), self, name="remember the window"))
        self._menu_key.activated.connect(self.rail.menu_button.click)
        for place, key in enumerate(self._keys):
            key.activated.connect(lambda each=place: self._show_brand_at(each))
        theme.changed().connect(self.sync_checks)

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
        name = _(ABOUT[key][0])
        self.setWindowTitle(f"{name} — CM Desk")
        if before is not page:
            page.focus_main()
        self._saver.start()
        return page

    def show_first_page(self) -> None:
        """The page of the last time; without brands the welcome."""
        if not self._page:
            known = self._wanted in MODULES and bool(self.directory.brands())
            self.show_page(self._wanted if known else self._first_page())
            self.approval_news.look()

    def read_again(self) -> None:
        """Show everything anew, as if it was opened now."""
        for page in self._pages.values():
            page.mark_stale()

    def page(self, key: str) -> Page | None:
        """A page if it was built already."""
        return self._pages.get(key)

    @property
    def page_key(self) -> str:
        """Key of the page that is shown."""
        return self._page

    async def store_setting(self, key: str, value: str | float | bool) -> None:
        """Keep a setting."""
        await self.desk.run(setting_commands.set_value, key=key, value=value)

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
        self.sync_checks()
        for page in self._pages.values():
            page.show_brand(brand_id)
        self._saver.start()

    def _build_page(self, key: str) -> Page | None:
        make: Callable[[PageContext], Page] = importlib.import_module(MODULES[key]).make
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
        return "inbox" if self.directory.brands() or self.context.demo else "welcome"

    def _known_brand(self, brand_id: object) -> int | None:
        known = [brand.id for brand in self.directory.brands()]
        return brand_id if isinstance(brand_id, int) and brand_id in known else None

    # Actions

    def run_action(self, action_id: str) -> None:
        """Do an action: the window's own here, a page's there."""
        row = action(action_id)
        if row.scope == "window":
            getattr(self.deeds, row.handler)()
            return
        page = self.current_page()
        if page is not None and page.scope == row.scope:
            page.run_action(action_id)
            self._sync_actions()

    # Reactions

    def _changed(self, changes: Changes) -> None:
        self.directory.apply(changes)
        self.model.apply(changes)
        if changes.concerns(Topic.BRAND) and self._known_brand(self.context.brand_id) != self.context.brand_id:
            self.show_brand(None)
        if self._page == "welcome" and changes.concerns(Topic.BRAND) and self.directory.brands():
            self.show_page("inbox")
        self._sync_actions()
        if changes.concerns(Topic.SETTING, Topic.BRAND):
            self.sync_checks()

    def _sync_actions(self) -> None:
        page = self.current_page()
        if page is not None:
            self.actions_.set_scope(page.scope, self._enabled(page))

    def sync_checks(self) -> None:
        """Tick what is on: paused, compact, dark, full screen."""
        self.actions_["window.pause"].setChecked(self.model.paused)
        shown = self.directory.brand(self.context.brand_id) if self.context.brand_id is not None else None
        self.actions_["window.pause_brand"].setEnabled(shown is not None)
        self.actions_["window.pause_brand"].setChecked(shown is not None and shown.publishing_paused)
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
        if self._palette_shown() or self.key_help.isVisible() or is_typing(QApplication.focusWidget()):
            return False
        return page is not None and page.keys_allowed()

    @staticmethod
    def _enabled(page: Page) -> set[str] | None:
        offered = {row.id for row in in_scope(page.scope) if hasattr(page, row.handler)}
        narrowed = page.enabled_actions()
        return offered if narrowed is None else offered & narrowed

    @cached_property
    def palette_(self) -> CommandPalette:
        """The command palette, built when it is first opened."""
        from ui.widgets.palette import CommandPalette

        made = CommandPalette(self, self._palette_items)
        made.searched.connect(lambda text: spawn(self._search(text), self, name="search from the palette"))
        return made

    def _palette_shown(self) -> bool:
        return "palette_" in self.__dict__ and self.palette_.isVisible()

    def _palette_items(self) -> list[Any]:
        from ui.palette_items import palette_items

        return palette_items(
            self.directory, self.actions_, run=self.run_action, show_brand=self.show_brand, navigate=self.navigate,
            pause=self.pausing.toggle,
        )  # fmt: skip

    async def _search(self, text: str) -> None:
        found = await finder.find(self.desk, text, self.context.brand_id)
        from ui.palette_items import found_items

        self.palette_.add_found(text, found_items(found, self.directory, navigate=self.navigate))

    def _show_brand_at(self, place: int) -> None:
        brands = self.directory.brands()
        if place < len(brands):
            self.show_brand(brands[place].id)

    def _show_pauses(self) -> None:
        """The menu over the status bar: pause all, or one brand."""
        menu = self.pausing.menu(self)
        where = self.status.pause.mapToGlobal(self.status.pause.rect().topRight())
        menu.popup(where - QPoint(menu.sizeHint().width(), menu.sizeHint().height()))

    def _go_next_publication(self) -> None:
        delivery = self.model.next_publication(self.context.brand_id)
        if delivery is not None:
            self.navigate(Target("calendar", "post", delivery.post_id, delivery.brand_id))

    # Leaving

    async def save_state(self) -> None:
        """Store page, brand, geometry and what each page keeps for itself."""
        for key, page in self._pages.items():
            self.context.states[key] = page.save_state()
        state = {
            "page": {"composer": "calendar", "welcome": "inbox"}.get(self._page, self._page),
            "brand": self.context.brand_id,
            "geometry": base64.b64encode(self.saveGeometry().data()).decode(),
            "states": self.context.states,
        }
        await self.store_setting("window", json.dumps(state))

    def drop_undo(self) -> None:
        """Let nothing that was decided be taken back: what it was before may name somebody who was forgotten (N21)."""
        self.presenter.toasts.dismiss_all()
        self.undo_stack.clear()

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

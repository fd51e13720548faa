"""The Settings page: sections at the left, their cards at the right; every change counts at once and can be undone."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cmdesk import config
from cmdesk.commands import settings as setting_commands
from cmdesk.i18n import N_, _
from ui import icons, theme
from ui.bridge import Changes, Topic, spawn
from ui.models.directory import Directory
from ui.settings.brands import BrandsSection
from ui.settings.care import CareSection
from ui.settings.keeping import BackupSection, DataSection, KeychainSection
from ui.settings.markets import MarketsSection
from ui.settings.queue import QueueSection
from ui.settings.rows import SettingCard, title_of
from ui.settings.voice import VoiceSection
from ui.theme.tokens import Space
from ui.widgets import Divider, PlainLabel
from ui.widgets.page import Page, PageContext, Target
from ui.widgets.panels import Surface, scroll_column

_SECTIONS = (
    ("general", "sliders-horizontal", N_("General")),
    ("publishing", "send", N_("Publishing")),
    ("brands", "store", N_("Brands")),
    ("markets", "globe", N_("Markets")),
    ("queue", "calendar-clock", N_("Queue")),
    ("care", "heart-handshake", N_("Customer care")),
    ("voice", "quote", N_("Brand voice")),
    ("keychain", "key-round", N_("Keychain")),
    ("backup", "save", N_("Backups")),
    ("data", "database", N_("Your data")),
)
_GENERAL = ("language", "appearance", "density", "zoom", "week_start", "spelling")
_READING = ("sync_seconds", "remote_images", "notifications")
_ANSWERING = ("undo_seconds", "cool_down_seconds", "stay_after_reply", "late_reply_minutes")
_PUBLISHING = ("publishing_paused", "late_minutes", "release_gap_seconds", "check_links", "approval_reply_to")
_BACKUP = ("backup_hours", "backups_kept")
_DATA = ("log_level",)
_WIDTH = 720
_HOLD_MS = 2_000  # so long a section one went to stays at the top


class SettingsPage(Page):
    """Reads and names settings; what they do is the core's and the application's."""

    scope = "settings"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, surface="window")
        self._directory = Directory(context.desk, self)
        self._cards: list[SettingCard] = []
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._make_side())
        outer.addWidget(Divider(vertical=True))
        self._area, self._column = scroll_column(margin=Space.XXL, spacing=Space.M)
        outer.addWidget(self._area, 1)
        self._held = ""
        self._holding = QTimer(self)
        self._holding.setSingleShot(True)
        self._holding.setInterval(_HOLD_MS)
        self._holding.timeout.connect(self._let_go)
        bar = self._area.verticalScrollBar()
        bar.rangeChanged.connect(self._hold)
        bar.actionTriggered.connect(self._let_go)
        self._brands = BrandsSection(context, self._directory)
        self._markets = MarketsSection(context, self._directory)
        self._queue = QueueSection(context, self._directory)
        self._care = CareSection(context, self._directory)
        self._voice = VoiceSection(context, self._directory)
        self._keychain = KeychainSection(context)
        self._backup = BackupSection(context)
        self._data = DataSection(context)
        self._heads: dict[str, QWidget] = {}
        self._fill()
        self._brands.added.connect(lambda brand_id: context.navigate(Target("accounts", "connect", brand_id=brand_id)))

    # Page

    def concerned(self, changes: Changes) -> bool:
        """Settings, brands, their accounts and markets."""
        return changes.concerns(Topic.SETTING, Topic.BRAND, Topic.CARE, Topic.ACCOUNT, Topic.CONTACT)

    def refresh(self, changes: Changes | None) -> None:
        """Show what is stored."""
        for card in self._cards:
            card.refresh()
        if changes is None or changes.concerns(Topic.BRAND):
            self._directory.reload()
            self._brands.refresh()
        if changes is None or changes.concerns(Topic.BRAND, Topic.ACCOUNT):
            self._queue.refresh()
        if changes is None or changes.concerns(Topic.BRAND, Topic.CARE, Topic.CONTACT):
            self._markets.refresh()
        if changes is None or changes.concerns(Topic.BRAND, Topic.CARE):
            self._care.refresh()
        if changes is None or changes.concerns(Topic.BRAND, Topic.SETTING, Topic.CARE):
            self._voice.refresh()
        self._backup.refresh()
        self._keychain.refresh()
        self._data.refresh()

    def open(self, target: Target) -> None:
        """Go to a section, or make a brand."""
        if target.kind == "new_brand":
            self.go_to("brands")
            self._brands.new_brand()
        elif target.kind == "queue" and target.id:
            self.go_to("queue")
            self._queue.edit(target.id)
        elif target.kind == "market" and target.brand_id:
            self.go_to("markets")
            self._markets.edit(target.brand_id, target.id or 0, target.text)
        elif target.kind == "hours" and target.id:
            self.go_to("care")
            self._care.edit_hours(target.id)
        elif target.kind == "voice" and target.id:
            self.go_to("voice")
            self._voice.edit(target.id, target.text)
        elif target.text in self._heads:
            self.go_to(target.text)

    def focus_main(self) -> None:
        """The page itself: Tab goes to the sections."""
        self.setFocus()

    def go_to(self, section: str) -> None:
        """Scroll to a section."""
        self._held = section
        self._hold()
        self._holding.start()
        self._group.button([key for key, _icon, _name in _SECTIONS].index(section)).setChecked(True)

    def _hold(self) -> None:
        """Keep the section at the top while those above it still grow with what they read."""
        if self._held:
            self._area.verticalScrollBar().setValue(max(0, self._heads[self._held].y() - Space.XL))

    def _let_go(self) -> None:
        self._held = ""

    # Building

    def _make_side(self) -> QWidget:
        side = Surface("window")
        side.setFixedWidth(theme.scaled(220))
        column = QVBoxLayout(side)
        column.setContentsMargins(Space.M, Space.L, Space.M, Space.L)
        column.setSpacing(2)
        title = PlainLabel(_("Settings"), role="title")
        title.setContentsMargins(Space.S, 0, 0, Space.M)
        column.addWidget(title)
        self._group = QButtonGroup(self)
        for place, (key, icon, name) in enumerate(_SECTIONS):
            button = QPushButton(_(name))
            button.setObjectName("section")
            button.setCheckable(True)
            button.setChecked(place == 0)
            button.setAutoDefault(False)
            icons.set_icon(button, icon, "text_muted", gap=6)
            button.clicked.connect(partial(self.go_to, key))
            self._group.addButton(button, place)
            column.addWidget(button)
        column.addStretch(1)
        self._side = side
        theme.changed().connect(self._restyle)
        self._restyle()
        return side

    def _restyle(self) -> None:
        palette = theme.colors()
        self._side.setFixedWidth(theme.scaled(220))
        self._side.setStyleSheet(
            f"QPushButton#section {{ text-align: left; border: 1px solid transparent; background: transparent;"
            f" padding: 0 8px; color: {palette.text}; font-weight: 400; }}"
            f"QPushButton#section:hover {{ background: {palette.hover}; }}"
            f"QPushButton#section:checked {{ background: {palette.pressed}; font-weight: 500; }}"
            f"QPushButton#section:focus {{ border: 2px solid {palette.focus}; padding: 0 7px; }}"
        )

    def _fill(self) -> None:
        self._head("general")
        self._add(self._card(_GENERAL))
        self._head("publishing")
        self._part(_("Reading"))
        self._add(self._card(_READING))
        self._part(_("Answering"))
        self._add(self._card(_ANSWERING))
        self._part(_("Sending"))
        self._add(self._card(_PUBLISHING))
        self._head("brands")
        self._add(self._brands)
        self._head("markets")
        self._add(self._markets)
        self._head("queue")
        self._add(self._queue)
        self._head("care")
        self._add(self._care)
        self._head("voice")
        self._add(self._voice)
        self._head("keychain")
        self._add(self._keychain)
        self._head("backup")
        self._add(self._backup)
        self._add(self._card(_BACKUP))
        self._head("data")
        self._add(self._data)
        self._add(self._card(_DATA))
        self._column.addSpacing(Space.XXXL)

    def _card(self, keys: tuple[str, ...]) -> SettingCard:
        card = SettingCard(keys, self.context.desk.setting, put=self._put)
        self._cards.append(card)
        return card

    def _add(self, widget: QWidget) -> None:
        widget.setMaximumWidth(theme.scaled(_WIDTH))
        self._column.addWidget(widget)

    def _head(self, section: str) -> None:
        name = next(title for key, _icon, title in _SECTIONS if key == section)
        if self._heads:
            self._column.addSpacing(Space.L)
        head = PlainLabel(_(name), role="heading")
        self._heads[section] = head
        self._column.addWidget(head)

    def _part(self, text: str) -> None:
        self._column.addWidget(PlainLabel(text, role="small_strong", color="text_muted"))

    def _put(self, key: str, value: config.Value) -> None:
        spawn(self._store(key, value), self, name=title_of(key))

    async def _store(self, key: str, value: config.Value) -> None:
        done = await self.context.desk.run(setting_commands.set_value, key=key, value=value)
        self.context.undo(done, title_of(key))

"""The sections about what is kept: keychain, backups, and where the data lives."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk import config
from cmdesk.errors import StoreError, VaultError
from cmdesk.i18n import N_, _, language
from ui import notices, vault_door
from ui.bridge import spawn
from ui.models import backups
from ui.theme.tokens import Space
from ui.widgets import Button, Card, Chip, Divider, PlainLabel
from ui.widgets.dialogs import choose_files, choose_save
from ui.widgets.links import open_folder
from ui.widgets.page import PageContext

_KINDS = {
    "keychain": N_("The system's keychain"),
    "passphrase": N_("A vault with your passphrase"),
    "session": N_("Only until the program closes"),
    "memory": N_("Sample accounts need no keychain"),
}
_LISTED = 4


class _Section(QWidget):
    """A card that is filled by its subclass."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.card = Card()
        column.addWidget(self.card)


class KeychainSection(_Section):
    """Where the access to accounts is kept, with a real test of it."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title = PlainLabel(_("Not opened yet"), role="body_medium")
        self._text = PlainLabel(
            _("Passwords and tokens are kept here and nowhere else; the database holds none."),
            role="small", color="text_muted", wrap=True,
        )  # fmt: skip
        words.addWidget(self._title)
        words.addWidget(self._text)
        row.addLayout(words, 1)
        self._state = Chip("", tone="neutral")
        self._state.hide()
        row.addWidget(self._state)
        test = Button(_("Test it"), size="small", icon="shield-check")
        test.clicked.connect(lambda: spawn(self._test(), self, name=_("Test it")))
        row.addWidget(test)
        self.card.body.addLayout(row)

    def refresh(self) -> None:
        """Nothing changes by itself here."""

    async def _test(self) -> None:
        desk = self.context.desk
        if not await vault_door.open_vault(desk):
            self._state.set_text(_("Closed"), tone="warning", icon="lock")
            self._state.show()
            return
        try:
            found = await desk.work(lambda: desk.vault.probe())
        except VaultError as problem:
            notices.error(problem, doing=_("Test it"))
            return
        self._title.setText(_(_KINDS.get(found.kind, found.kind)))
        if found.detail:
            self._text.setText(found.detail)
        tone, icon = ("positive", "circle-check") if found.ok else ("negative", "circle-x")
        self._state.set_text(_("Works") if found.ok else _("Does not work"), tone=tone, icon=icon)
        self._state.show()


class BackupSection(_Section):
    """The last backups, making one, restoring one."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        words = QVBoxLayout()
        words.setSpacing(2)
        self._title = PlainLabel("", role="body_medium")
        self._text = PlainLabel(
            _("Automatic copies are checked after they are made. A copy holds no passwords."),
            role="small", color="text_muted", wrap=True,
        )  # fmt: skip
        words.addWidget(self._title)
        words.addWidget(self._text)
        row.addLayout(words, 1)
        restore = Button(_("Restore…"), size="small", icon="history")
        restore.clicked.connect(lambda: spawn(self._restore(), self, name=_("Restore…")))
        make = Button(_("Make a backup…"), size="small", icon="save")
        make.clicked.connect(lambda: spawn(self._make(), self, name=_("Make a backup…")))
        row.addWidget(restore)
        row.addWidget(make)
        self.card.body.addLayout(row)
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.XS)
        self.card.body.addLayout(self._list)

    def refresh(self) -> None:
        """List the copies."""
        copies = backups.copies(self.context.desk.profile)
        self._title.setText(
            _("Last automatic backup: {when}").format(when=shown_time(copies[0].at)) if copies else _("No backup yet")
        )
        while self._list.count():
            item = self._list.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for copy in copies[:_LISTED]:
            line = f"{shown_time(copy.at)} · {QLocale(language()).formattedDataSize(copy.size)}"
            self._list.addWidget(PlainLabel(line, role="small", color="text_muted"))
        if len(copies) > _LISTED:
            more = len(copies) - _LISTED
            text = _("and {count} more").format(count=more)
            self._list.addWidget(PlainLabel(text, role="small", color="text_muted"))

    async def _make(self) -> None:
        name = f"cmdesk-{self.context.desk.clock.now():%Y-%m-%d}.cmdesk-backup"
        file = await choose_save(self, _("Make a backup…"), name=name)
        if file is None:
            return
        work = self.context.progress(_("Making a backup…"))
        try:
            await backups.make(self.context.desk, file, progress=work.step, cancelled=work.cancelled)
        except StoreError as problem:
            if problem.code != "cancelled":
                raise
            notices.tell(_("The backup was cancelled; nothing was left behind."))
        else:
            notices.tell(_("The backup is made and checked"), tone="positive")
        finally:
            work.finish()
        self.refresh()

    async def _restore(self) -> None:
        chosen = await choose_files(self, _("Restore…"))
        if not chosen:
            return
        if not await notices.confirm(
            _("Restore this backup?"),
            _("The window closes for a moment. The present data is kept beside it, and nothing is sent twice."),
            yes=_("Restore"),
            danger=True,
        ):  # fmt: skip
            return
        backups.request_restore(chosen[0])
        self.window().close()


class DataSection(_Section):
    """Where everything is, and that it stays here."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        profile = context.desk.profile
        self._row(_("Folder of this profile"), profile)
        self.card.body.addWidget(Divider())
        self._row(_("Log"), profile / "logs")
        copier = config.sync_program(profile)
        if copier:
            warning = _("{program} copies this folder to other computers. Two programs on one profile damage it.")
            self.card.body.addWidget(PlainLabel(warning.format(program=copier), color="warning", wrap=True))

    def refresh(self) -> None:
        """Nothing changes here while the program runs."""

    def _row(self, title: str, folder: Path) -> None:
        row = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(title, role="body_medium"))
        words.addWidget(PlainLabel(str(folder), role="small", color="text_muted", elide=True, selectable=True))
        row.addLayout(words, 1)
        show = Button(_("Show"), size="small", icon="folder-open")
        show.clicked.connect(lambda: open_folder(str(folder)))
        row.addWidget(show)
        self.card.body.addLayout(row)


def shown_time(at: datetime) -> str:
    """A day and hour as the person's language writes them."""
    return f"{at.astimezone():%d/%m/%Y %H:%M}"

"""The profiles of a person: each network with its link and followers; more can be added, wrong ones split off."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from cmdesk.i18n import _, language, ngettext
from cmdesk.model import Identity
from ui import icons, theme
from ui.models.person import Person
from ui.people.words import glyph_of, handle_words
from ui.theme.tokens import Space
from ui.widgets import Button, IconButton, PlainLabel
from ui.widgets.labels import set_tip


class Profiles(QWidget):
    """A line for each profile."""

    act = Signal(str, object)
    link_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Identity, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(1)
        column.addLayout(self._rows)
        self.add_button = Button(_("Add a profile…"), variant="link", size="small", icon="plus")
        self.add_button.clicked.connect(lambda: self.act.emit("profile", None))
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_person(self, person: Person) -> None:
        """Show these profiles."""
        if person.identities == self._shown and self._rows.count():
            return
        self._shown = person.identities
        clear(self._rows)
        for each in person.identities:
            row = ProfileRow(each, several=len(person.identities) > 1)
            row.act.connect(self.act)
            row.link_wanted.connect(self.link_wanted)
            self._rows.addWidget(row)


class ProfileRow(QWidget):
    """Network, handle, followers, the link, and what can be done with it."""

    act = Signal(str, object)
    link_wanted = Signal(str)

    def __init__(self, identity: Identity, *, several: bool) -> None:
        super().__init__()
        self.identity, self._several = identity, several
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS + 2)
        mark = PlainLabel()
        mark.setFixedSize(QSize(theme.scaled(16), theme.scaled(16)))
        mark.setPixmap(icons.pixmap(glyph_of(identity.network), theme.color("text_muted"), theme.scaled(14)))
        layout.addWidget(mark)
        text = handle_words(identity) or identity.network
        layout.addWidget(PlainLabel(text, role="small", elide=True), 1)
        if identity.followers is not None:
            count = QLocale(language()).toString(identity.followers)
            told = PlainLabel(count, role="caption", color="text_muted")
            words = ngettext("{count} follower", "{count} followers", identity.followers)
            set_tip(told, words.format(count=count))
            told.setAccessibleName(words.format(count=count))
            layout.addWidget(told)
        if identity.profile_url:
            link = IconButton("external-link", _("Open the profile of {handle}").format(handle=text), size=13, hit=24)
            link.clicked.connect(lambda: self.link_wanted.emit(identity.profile_url))
            layout.addWidget(link)
        more = IconButton("ellipsis", _("More about {handle}").format(handle=text), size=13, hit=24)
        more.clicked.connect(lambda: self._menu(more))
        layout.addWidget(more)

    def _menu(self, button: QWidget) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(_("Copy"))
        copy.triggered.connect(lambda: _copy(handle_words(self.identity)))
        if self._several:
            split = menu.addAction(_("This is somebody else: split it off…"))
            split.triggered.connect(lambda: self.act.emit("split", self.identity.id))
        if self.identity.remote_id.startswith("handle:") or self.identity.network in ("email", "phone"):
            drop = menu.addAction(_("Take it away"))
            drop.triggered.connect(lambda: self.act.emit("drop_profile", self.identity.id))
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))


def _copy(text: str) -> None:
    from PySide6.QtGui import QGuiApplication

    QGuiApplication.clipboard().setText(text)


def clear(layout: QVBoxLayout) -> None:
    """Take every widget out of a column and delete it."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()

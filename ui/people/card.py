"""The card of a person: who they are on each network, what is known and marked, what happened with them."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import Identity
from cmdesk.safe_text import safe_name
from ui.models.person import Person
from ui.models.pictures import Pictures
from ui.people.history import History
from ui.people.known import Circles, Facts, Known
from ui.people.profiles import Profiles
from ui.people.words import handle_words
from ui.theme.tokens import Space
from ui.widgets import Avatar, Banner, Button, Chip, Divider, FlowLayout, IconButton, PlainLabel
from ui.widgets.labels import set_tip
from ui.widgets.panels import Surface, scroll_column
from ui.widgets.times import exact, moment

WIDTH = 280
NOTES_MS = 600


class PersonCard(Surface):
    """Shows a `Person`; what is written is stored at pauses, what is decided is asked for by name (`PeopleDeeds`)."""

    fields_changed = Signal(int, object)  # contact id, {field: value}
    act = Signal(str, int, object)  # deed, contact id, what it needs
    conversation_wanted = Signal(int)
    case_wanted = Signal(int)
    all_wanted = Signal()
    link_wanted = Signal(str)
    menu_wanted = Signal(object)
    closed = Signal()

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self._pictures = pictures
        self._contact_id = 0
        self._shown: tuple[Person, Identity | None, int] | None = None
        self._notes_stored = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(NOTES_MS)
        self._timer.timeout.connect(self.flush)
        self.avatar = Avatar(size=48, surface="window")
        self.name = PlainLabel(role="title", elide=True, selectable=False)
        self.handle = PlainLabel(role="small", color="text_muted", elide=True)
        self.name_edit = QLineEdit()
        self.name_edit.setAccessibleName(_("Name"))
        self.name_edit.setMaxLength(200)
        self.name_edit.hide()
        self.rename_button = IconButton("pencil", _("Change the name"), size=14)
        self.menu_button = IconButton("ellipsis", _("More about this person"))
        self.close_button = IconButton("x", _("Hide the person"))
        self.banner = QuietBanner()
        self._marks = QWidget()
        self._mark_flow = FlowLayout(self._marks, gap=4)
        self.open_button = Button(_("Profile"), size="small", icon="external-link")
        self.write_button = Button(
            _("Post for them alone"), size="small", icon="square-pen",
            tip=_("Opens the composer: what you write reaches this person only."),
        )  # fmt: skip
        self.talk_button = Button(_("Conversation"), size="small", icon="messages-square")
        self.profiles = Profiles()
        self.facts = Facts()
        self.circles = Circles()
        self.known = Known()
        self.history = History()
        self.notes = QPlainTextEdit()
        self.notes.setAccessibleName(_("Notes about this person"))
        self.notes.setPlaceholderText(_("What should you remember?"))
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(84)
        self.saved = PlainLabel(role="caption", color="text_muted")
        self.advocate = QCheckBox(_("Advocate of the brand"))
        self.opt_out = QCheckBox(_("Does not want to be contacted"))
        self.market = self.facts.market
        self._build()
        self._connect()
        self.show_nobody()

    def _build(self) -> None:
        area, column = scroll_column(margin=Space.L, spacing=Space.M)
        self._column = area.widget()
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        names = QVBoxLayout()
        names.setSpacing(1)
        line = QHBoxLayout()
        line.setSpacing(2)
        line.addWidget(self.name, 1)
        line.addWidget(self.name_edit, 1)
        line.addWidget(self.rename_button)
        names.addLayout(line)
        names.addWidget(self.handle)
        head.addWidget(self.avatar)
        head.addLayout(names, 1)
        top = Qt.AlignmentFlag.AlignTop
        head.addWidget(self.menu_button, 0, top)
        head.addWidget(self.close_button, 0, top)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self._marks)
        self._buttons = QWidget()
        self._button_flow = FlowLayout(self._buttons, gap=Space.XS + 2)
        for part in (self.talk_button, self.write_button, self.open_button):
            self._button_flow.addWidget(part)
        column.addWidget(self._buttons)
        self._case = QVBoxLayout()
        column.addLayout(self._case)
        for section in (self.profiles, self.facts, self.circles):
            column.addWidget(section)
        column.addWidget(Divider())
        notes = QHBoxLayout()
        notes.addWidget(PlainLabel(_("Notes"), role="caption_strong", color="text_muted"), 1)
        notes.addWidget(self.saved)
        column.addLayout(notes)
        column.addWidget(self.notes)
        column.addWidget(self.advocate)
        column.addWidget(self.opt_out)
        column.addWidget(self.known)
        column.addWidget(Divider())
        column.addWidget(self.history)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def _connect(self) -> None:
        self.notes.textChanged.connect(self._typed)
        self.advocate.clicked.connect(lambda on: self._ask("advocate", on))
        self.opt_out.clicked.connect(self._opt_out_clicked)
        self.banner.note_wanted.connect(lambda: self._ask("opt_out_note", None))
        self.banner.lift_wanted.connect(lambda: self._ask("opt_out", False))
        self.facts.changed.connect(lambda fields: self._tell(**fields))
        self.known.changed.connect(lambda fields: self._tell(**fields))
        self.known.value_changed.connect(lambda field_id, text: self._ask("value", (field_id, text)))
        for section in (self.profiles, self.circles, self.history):
            section.act.connect(self._ask)
        self.profiles.link_wanted.connect(self.link_wanted)
        self.history.conversation_wanted.connect(self.conversation_wanted)
        self.history.case_wanted.connect(self.case_wanted)
        self.history.all_wanted.connect(self.all_wanted)
        self.rename_button.clicked.connect(self.begin_rename)
        self.name_edit.editingFinished.connect(self._renamed)
        self.close_button.clicked.connect(self.closed)
        self.menu_button.clicked.connect(
            lambda: self.menu_wanted.emit(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))
        )
        self.open_button.clicked.connect(lambda: self.link_wanted.emit(self._url()))
        self.write_button.clicked.connect(lambda: self._ask("write", None))
        self.talk_button.clicked.connect(self._open_latest)
        self._pictures.ready.connect(self._show_avatar)

    def add_button(self, button: Button) -> None:
        """Another way on from here, behind the others."""
        self._button_flow.addWidget(button)

    def add_case(self, panel: QWidget) -> None:
        """The case at hand stands right under the card's head."""
        self._case.addWidget(Divider())
        self._case.addWidget(panel)

    @property
    def contact_id(self) -> int:
        """Whose card it is; 0 for nobody's."""
        return self._contact_id

    def show_nobody(self) -> None:
        """Nobody is chosen, or the person is not known."""
        self.flush()
        self._contact_id = 0
        self._shown = None
        if self._column is not None:
            self._column.setVisible(False)

    def show_card(self, person: Person, identity: Identity | None, account_id: int, now: datetime) -> None:
        """Show a person by one of their profiles; what is being typed about the same one stays."""
        contact = person.contact
        same = contact.id == self._contact_id
        if not same:
            self.flush()
            self.name_edit.hide()
            self.name.show()
        self._contact_id = contact.id
        self._shown = (person, identity, account_id)
        if self._column is not None:
            self._column.setVisible(True)
        self.name.setText(safe_name(contact.name) or _("Somebody"))
        self.handle.setText(handle_words(identity) if identity else "")
        self.handle.setVisible(identity is not None)
        self._show_avatar()
        self.open_button.setVisible(bool(self._url()))
        self.talk_button.setVisible(bool(person.earlier))
        self.write_button.setEnabled(not contact.opt_out)
        set_tip(
            self.write_button,
            _("They do not want to be contacted.")
            if contact.opt_out
            else _("Opens the composer: what you write reaches this person only."),
        )
        self.banner.show_contact(contact.opt_out, contact.opt_out_note, contact.opt_out_at, now)
        self._show_marks(person)
        self.profiles.show_person(person)
        self.facts.show_person(person, now)
        self.circles.show_person(person, now)
        self.known.show_person(person, keep=same)
        if not same or not self.notes.hasFocus():
            self._fill_notes(contact.notes)
        self.advocate.setChecked(contact.advocate)
        self.opt_out.setChecked(contact.opt_out)
        self.history.show_person(person, now)

    def flush(self) -> None:
        """Store what is being typed now."""
        self._timer.stop()
        text = self.notes.toPlainText()
        if self._contact_id and text != self._notes_stored:
            self._notes_stored = text
            self._tell(notes=text)
            self.saved.setText(_("Saved"))
        self.known.flush()

    # Inside

    def _url(self) -> str:
        identity = self._shown[1] if self._shown else None
        return identity.profile_url if identity else ""

    def _show_avatar(self) -> None:
        if self._shown is None:
            return
        person, identity, account_id = self._shown
        picture = self._pictures.avatar(identity.avatar_url, account_id) if identity and account_id else None
        network = identity.network if identity and identity.network not in ("email", "phone") else ""
        self.avatar.set_person(person.contact.name, picture=picture, network=network)

    def _show_marks(self, person: Person) -> None:
        self._mark_flow.clear()
        contact = person.contact
        if contact.advocate:  # that they want to be left alone stands in the banner
            self._mark_flow.addWidget(Chip(_("Advocate"), tone="positive", icon="megaphone"))
        self._marks.setVisible(self._mark_flow.count() > 0)

    def begin_rename(self) -> None:
        """Edit the name where it stands."""
        if self._shown is None:
            return
        self.name_edit.setText(self._shown[0].contact.name)
        self.name.hide()
        self.name_edit.show()
        self.name_edit.setFocus()
        self.name_edit.selectAll()

    def _renamed(self) -> None:
        if self.name_edit.isHidden() or self._shown is None:
            return
        name = " ".join(self.name_edit.text().split())
        self.name_edit.hide()
        self.name.show()
        if name and name != self._shown[0].contact.name:
            self.name.setText(safe_name(name))
            self._tell(name=name)

    def _open_latest(self) -> None:
        if self._shown is not None and self._shown[0].earlier:
            self.conversation_wanted.emit(self._shown[0].earlier[0].id)

    def _opt_out_clicked(self, on: bool) -> None:
        """The mark follows what is decided: the dialog may be dismissed."""
        if self._shown is not None:
            self.opt_out.setChecked(self._shown[0].contact.opt_out)
        self._ask("opt_out", on)

    def _fill_notes(self, text: str) -> None:
        self._notes_stored = text
        if self.notes.toPlainText() != text:
            self.notes.blockSignals(True)
            self.notes.setPlainText(text)
            self.notes.blockSignals(False)
        self.saved.setText("")

    def _typed(self) -> None:
        self.saved.setText(_("Saving…"))
        self._timer.start()

    def _tell(self, **fields: object) -> None:
        if self._contact_id:
            self.fields_changed.emit(self._contact_id, fields)

    def _ask(self, name: str, value: object) -> None:
        if self._contact_id:
            self.act.emit(name, self._contact_id, value)


class QuietBanner(Banner):
    """That they do not want to be contacted, since when and how they said so (U11)."""

    note_wanted = Signal()
    lift_wanted = Signal()

    def __init__(self) -> None:
        note = IconButton("pencil", _("How they said so"), size=14)
        lift = IconButton("undo-2", _("May be contacted again"), size=14)
        super().__init__("", tone="negative", icon="hand")
        for part, signal in ((note, self.note_wanted), (lift, self.lift_wanted)):
            part.clicked.connect(signal)
            layout = self.layout()
            if layout is not None:
                layout.addWidget(part)
        self.hide()

    def show_contact(self, on: bool, note: str, at: datetime | None, now: datetime) -> None:
        """Shown while it holds."""
        self.setVisible(on)
        if not on:
            return
        since = _("No contact since {when}").format(when=moment(at, now)) if at else _("Does not want to be contacted")
        text = " ".join(note.split())
        self.set_text(f"{since}\n“{text}”" if text else since)
        set_tip(self.label, exact(at) if at else "")

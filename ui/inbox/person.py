"""The fourth pane: who this is to the brand, and what happened before."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from cmdesk.i18n import _, language, ngettext
from cmdesk.model import Account, Contact, Conversation, Identity
from cmdesk.safe_text import clean_line, safe_name
from ui import icons, theme
from ui.casework.rows import LinkRow
from ui.inbox import words
from ui.models.person import Person
from ui.models.pictures import Pictures
from ui.theme.tokens import Space
from ui.widgets import Avatar, Button, Chip, Divider, FlowLayout, IconButton, PlainLabel
from ui.widgets.labels import set_tip
from ui.widgets.panels import Surface, scroll_column

WIDTH = 280
NOTES_MS = 600


class PersonPane(Surface):
    """Card, circles, notes that save themselves, marks, earlier conversations."""

    fields_changed = Signal(int, object)  # contact id, {field: value}
    conversation_wanted = Signal(int)
    all_wanted = Signal()
    link_wanted = Signal(str)
    closed = Signal()

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self._pictures = pictures
        self._contact_id = 0
        self._shown: tuple[Person, Account] | None = None
        self._notes_stored = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(NOTES_MS)
        self._timer.timeout.connect(self.flush)
        self.avatar = Avatar(size=48, surface="window")
        self.name = PlainLabel(role="title", elide=True, selectable=False)
        self.handle = PlainLabel(role="small", color="text_muted", elide=True)
        self.close_button = IconButton("x", _("Hide the person"))
        self.close_button.clicked.connect(self.closed)
        self.open_button = Button(_("Profile"), size="small", icon="external-link")
        self._marks = QWidget()
        self._mark_flow = FlowLayout(self._marks, gap=4)
        self._facts = QVBoxLayout()
        self._facts.setSpacing(Space.XS + 2)
        self.notes = QPlainTextEdit()
        self.notes.setAccessibleName(_("Notes about this person"))
        self.notes.setPlaceholderText(_("What should you remember?"))
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(84)
        self.saved = PlainLabel(role="caption", color="text_muted")
        self.advocate = QCheckBox(_("Advocate of the brand"))
        self.opt_out = QCheckBox(_("Does not want to be contacted"))
        self.market = QComboBox()
        self.market.setAccessibleName(_("Market of this person"))
        set_tip(self.market, _("Its service hours and deadlines hold for this person."))
        self._earlier = QVBoxLayout()
        self._earlier.setSpacing(1)
        self._earlier_head = PlainLabel(role="caption_strong", color="text_muted")
        self.all_button = Button(_("See all"), variant="link", size="small")
        self._url = ""
        self._build()
        self.notes.textChanged.connect(self._typed)
        self.advocate.clicked.connect(lambda on: self._tell(advocate=on))
        self.opt_out.clicked.connect(lambda on: self._tell(opt_out=on))
        self.market.activated.connect(lambda: self._tell(market_id=self.market.currentData()))
        self.all_button.clicked.connect(self.all_wanted)
        self.open_button.clicked.connect(lambda: self.link_wanted.emit(self._url))
        pictures.ready.connect(self._show_avatar)
        self.show_nobody()

    def _build(self) -> None:
        area, column = scroll_column(margin=Space.L, spacing=Space.M)
        self._column = area.widget()
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        names = QVBoxLayout()
        names.setSpacing(1)
        names.addWidget(self.name)
        names.addWidget(self.handle)
        head.addWidget(self.avatar)
        head.addLayout(names, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(self._marks)
        column.addLayout(self._facts)
        column.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._case = QVBoxLayout()
        column.addLayout(self._case)
        column.addWidget(Divider())
        notes = QHBoxLayout()
        notes.addWidget(PlainLabel(_("Notes"), role="caption_strong", color="text_muted"), 1)
        notes.addWidget(self.saved)
        column.addLayout(notes)
        column.addWidget(self.notes)
        column.addWidget(self.advocate)
        column.addWidget(self.opt_out)
        column.addWidget(self.market)
        column.addWidget(Divider())
        column.addWidget(self._earlier_head)
        column.addLayout(self._earlier)
        column.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def add_case(self, panel: QWidget) -> None:
        """The case at hand stands right under the card."""
        self._case.addWidget(Divider())
        self._case.addWidget(panel)

    def show_nobody(self) -> None:
        """No conversation is chosen, or its person is not known."""
        self.flush()
        self._contact_id = 0
        if self._column is not None:
            self._column.setVisible(False)

    def show_person(self, person: Person, account: Account, now: datetime) -> None:
        """Show a contact; a note being typed stays when it is the same one."""
        contact = person.contact
        same = contact.id == self._contact_id
        if not same:
            self.flush()
        self._contact_id = contact.id
        if self._column is not None:
            self._column.setVisible(True)
        identity = _identity(person, account)
        self.name.setText(safe_name(contact.name) or _("Somebody"))
        self.handle.setText(safe_name(words.at_handle(identity.handle)) if identity else "")
        self._shown = (person, account)
        self._show_avatar()
        self._url = identity.profile_url if identity else ""
        self.open_button.setVisible(bool(self._url))
        self._show_marks(person)
        self._show_facts(contact, person.identities, now)
        if not same or not self.notes.hasFocus():
            self._fill_notes(contact.notes)
        self.advocate.setChecked(contact.advocate)
        self.opt_out.setChecked(contact.opt_out)
        self._show_market(person)
        self._show_earlier(person, now)

    def _show_market(self, person: Person) -> None:
        self.market.clear()
        self.market.addItem(_("No market"), None)
        for each in person.markets:
            self.market.addItem(_("Market: {name}").format(name=clean_line(each.name, limit=40)), each.id)
        self.market.setCurrentIndex(max(0, self.market.findData(person.contact.market_id)))
        self.market.setVisible(bool(person.markets))

    def _show_avatar(self) -> None:
        if self._shown is None:
            return
        person, account = self._shown
        identity = _identity(person, account)
        picture = self._pictures.avatar(identity.avatar_url, account.id) if identity else None
        self.avatar.set_person(person.contact.name, picture=picture, network=identity.network if identity else "")

    def flush(self) -> None:
        """Store the note now."""
        self._timer.stop()
        text = self.notes.toPlainText()
        if self._contact_id and text != self._notes_stored:
            self._notes_stored = text
            self._tell(notes=text)
            self.saved.setText(_("Saved"))

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

    def _show_marks(self, person: Person) -> None:
        _clear(self._mark_flow)
        contact = person.contact
        if contact.opt_out:
            self._mark_flow.addWidget(Chip(_("No contact"), tone="negative", icon="hand"))
        if contact.advocate:
            self._mark_flow.addWidget(Chip(_("Advocate"), tone="positive", icon="megaphone"))
        for circle in person.circles:
            self._mark_flow.addWidget(Chip(clean_line(circle.name, limit=40), tone="accent", icon="users"))
        self._marks.setVisible(self._mark_flow.count() > 0)

    def _show_facts(self, contact: Contact, identities: tuple[Identity, ...], now: datetime) -> None:
        _clear(self._facts)
        locale = QLocale(language())
        followers = [each.followers for each in identities if each.followers is not None]
        facts: list[tuple[str, str]] = []
        if followers:
            count = max(followers)
            text = ngettext("{count} follower", "{count} followers", count)
            facts.append(("users", text.format(count=locale.toString(count))))
        if contact.language:
            name = QLocale(contact.language).nativeLanguageName() or contact.language
            facts.append(
                ("languages", f"{name[:1].upper()}{name[1:]}" + (f" · {contact.country}" if contact.country else ""))
            )
        if contact.first_seen_at is not None:
            facts.append(("calendar", _("Known since {when}").format(when=words.relative(contact.first_seen_at, now))))
        for text in (contact.came_from, contact.likes):
            if text:
                facts.append(("info", clean_line(text, limit=120)))
        for other in identities[1:5]:
            facts.append((icons.glyph(other.network), safe_name(words.at_handle(other.handle))))
        for icon, text in facts:
            self._facts.addWidget(_Fact(icon, text))

    def _show_earlier(self, person: Person, now: datetime) -> None:
        _clear(self._earlier)
        self._earlier_head.setText(_("Earlier conversations") if person.earlier else _("First conversation"))
        for conversation in person.earlier:
            row = _earlier_row(conversation, now)
            row.clicked.connect(lambda found=conversation.id: self.conversation_wanted.emit(found))
            self._earlier.addWidget(row)
        self.all_button.setVisible(person.more)


def _earlier_row(conversation: Conversation, now: datetime) -> LinkRow:
    """An earlier conversation: what it was about, how it ended, when."""
    icon, tone = words.STATES[conversation.state]
    text = words.preview(conversation.preview) or _("(no text)")
    state = words.state_text(conversation, now)
    row = LinkRow(icon, tone, text, f"{state} · {words.relative(conversation.last_at, now)}")
    row.setAccessibleName(f"{state}, {words.spoken(conversation.last_at, now)}: {text}")
    return row


class _Fact(QWidget):
    """An icon and a short text."""

    def __init__(self, icon: str, text: str) -> None:
        super().__init__()
        self._icon = icon
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.scaled(14) + 10, 0, 0, 0)
        layout.addWidget(PlainLabel(text, role="small", elide=True))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The icon at the left."""
        painter = QPainter(self)
        mark = theme.scaled(14)
        painter.drawPixmap(0, (self.height() - mark) // 2, icons.pixmap(self._icon, theme.color("text_muted"), mark))
        painter.end()


def _identity(person: Person, account: Account) -> Identity | None:
    """The profile on the network of the conversation, else any."""
    here = next((each for each in person.identities if each.network == account.network), None)
    return here or (person.identities[0] if person.identities else None)


def _clear(layout: QVBoxLayout | FlowLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()

"""One row a setting: the table in `cmdesk.config` says what it is, this says how it is edited."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cmdesk import config
from cmdesk.i18n import LANGUAGES, N_, _
from ui.theme.tokens import Space
from ui.widgets import Card, Divider, PlainLabel
from ui.widgets.fields import padded

# What a choice or a unit says; values that are not here are shown as they are.
_CHOICES = {
    ("language", ""): N_("As the system"),
    ("appearance", "system"): N_("As the system"),
    ("appearance", "light"): N_("Light"),
    ("appearance", "dark"): N_("Dark"),
    ("density", "comfortable"): N_("Comfortable"),
    ("density", "compact"): N_("Compact"),
    ("week_start", "monday"): N_("Monday"),
    ("week_start", "sunday"): N_("Sunday"),
    ("week_start", "saturday"): N_("Saturday"),
    ("log_level", "debug"): N_("Everything"),
    ("log_level", "info"): N_("What happens"),
    ("log_level", "warning"): N_("Only warnings"),
    ("log_level", "error"): N_("Only errors"),
}
_TITLES = {
    "language": N_("Language"),
    "appearance": N_("Appearance"),
    "density": N_("Rows"),
    "zoom": N_("Zoom"),
    "week_start": N_("First day of the week"),
    "undo_seconds": N_("Time to take a reply back"),
    "cool_down_seconds": N_("Pause before an answer to somebody angry"),
    "stay_after_reply": N_("Stay after answering"),
    "remote_images": N_("Pictures from networks"),
    "spelling": N_("Spelling"),
    "notifications": N_("Notifications"),
    "sync_seconds": N_("How often accounts are read"),
    "publishing_paused": N_("Pause publishing"),
    "late_minutes": N_("Late posts"),
    "late_reply_minutes": N_("Late replies"),
    "release_gap_seconds": N_("Between late posts"),
    "check_links": N_("Try links"),
    "approval_reply_to": N_("Clients answer to"),
    "backup_hours": N_("How often"),
    "backups_kept": N_("How many are kept"),
    "log_level": N_("Log"),
}
_NOTES = {
    "language": N_("Of the window; each report has its own."),
    "appearance": "",
    "zoom": N_("Texts and rows. Ctrl++ and Ctrl+- do the same."),
    "week_start": N_("In the calendar."),
    "undo_seconds": N_("Seconds before a reply really goes out."),
    "cool_down_seconds": N_("The text stays to be read once more; pressing Send again sends at once. 0 is no pause."),
    "late_reply_minutes": N_("A reply that is later than this waits for your yes."),
    "spelling": N_(
        "In the text's language. Which dictionaries there are, and how to add others, stands in a brand's voice."
    ),
    "check_links": N_("Of a post, while it is written and a day before it goes out."),
    "approval_reply_to": N_("The mail address on approval sheets; empty for the one the sheet came from."),
    "publishing_paused": N_("Nothing is published until this is switched off."),
}
_UNITS = {"seconds": N_("s"), "minutes": N_("min"), "hours": N_("h")}


class SettingRow(QWidget):
    """Title and description at the left, its editor at the right; `put(key, value)` is called on every change."""

    def __init__(self, key: str, value: config.Value, *, put: Callable[[str, config.Value], None]) -> None:
        super().__init__()
        self._row = config.setting(key)
        self._put = put
        self._quiet = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        layout.setSpacing(Space.XL)
        words = QVBoxLayout()
        words.setSpacing(2)
        title = title_of(key)
        words.addWidget(PlainLabel(title, role="body_medium"))
        note = note_of(key)
        if note:
            words.addWidget(PlainLabel(note, role="small", color="text_muted", wrap=True))
        layout.addLayout(words, 1)
        self.editor = self._make_editor()
        self.editor.setAccessibleName(title)
        self.editor.setAccessibleDescription(note)
        layout.addWidget(self.editor)
        self.show_value(value)

    def show_value(self, value: config.Value) -> None:
        """Show the stored value without storing it again."""
        self._quiet = True
        editor = self.editor
        if isinstance(editor, QCheckBox):
            editor.setChecked(bool(value))
        elif isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(value)))
        elif isinstance(editor, QLineEdit):
            editor.setText(str(value))
        elif isinstance(editor, QSpinBox):
            editor.setValue(int(value))
        elif isinstance(editor, QDoubleSpinBox):
            editor.setValue(float(value) * 100)
        self._quiet = False

    def _make_editor(self) -> QWidget:
        row = self._row
        if row.kind is config.Kind.YES_NO:
            check = QCheckBox()
            check.toggled.connect(self._changed)
            return check
        if row.kind is config.Kind.CHOICE:
            box = QComboBox()
            box.setMinimumWidth(180)
            for choice in row.choices:
                box.addItem(choice_text(row.key, choice), choice)
            box.currentIndexChanged.connect(lambda place: self._changed(box.itemData(place)))
            return box
        if row.kind is config.Kind.TEXT:
            line = QLineEdit()
            line.setMaxLength(200)
            line.setMinimumWidth(240)
            line.editingFinished.connect(lambda: self._changed(line.text().strip()))
            return line
        if row.kind is config.Kind.NUMBER:
            percent = padded(QDoubleSpinBox())
            percent.setDecimals(0)
            percent.setRange(int((row.low or 0) * 100), int((row.high or 1) * 100))
            percent.setSingleStep(10)
            percent.setSuffix(" %")
            percent.setKeyboardTracking(False)
            percent.setMinimumWidth(120)
            percent.valueChanged.connect(lambda shown: self._changed(round(shown / 100, 2)))
            return percent
        spin = padded(QSpinBox())
        spin.setRange(int(row.low or 0), int(row.high or 9999))
        spin.setKeyboardTracking(False)
        spin.setMinimumWidth(120)
        unit = next((text for end, text in _UNITS.items() if row.key.endswith(end)), "")
        spin.setSuffix(f" {_(unit)}" if unit else "")
        spin.valueChanged.connect(self._changed)
        return spin

    def _changed(self, value: config.Value) -> None:
        if not self._quiet:
            self._put(self._row.key, value)


class SettingCard(Card):
    """Several rows in one card with hairlines between them."""

    def __init__(
        self,
        keys: tuple[str, ...],
        values: Callable[[str], config.Value],
        *,
        put: Callable[[str, config.Value], None],
    ) -> None:
        super().__init__(padding=0)
        self.body.setSpacing(0)
        self._values = values
        self.rows: dict[str, SettingRow] = {}
        for place, key in enumerate(keys):
            if place:
                self.body.addWidget(Divider())
            self.rows[key] = SettingRow(key, values(key), put=put)
            self.body.addWidget(self.rows[key])

    def refresh(self) -> None:
        """Show what is stored now."""
        for key, row in self.rows.items():
            row.show_value(self._values(key))


def title_of(key: str) -> str:
    """A setting's short name."""
    return _(_TITLES.get(key, key))


def note_of(key: str) -> str:
    """The sentence below it: the table's own description unless the window says it better."""
    note = _NOTES.get(key, config.setting(key).description)
    return _(note) if note else ""


def choice_text(key: str, choice: str) -> str:
    """What a choice says."""
    if key == "language" and choice in LANGUAGES:
        return LANGUAGES[choice]
    text = _CHOICES.get((key, choice))
    return _(text) if text else choice

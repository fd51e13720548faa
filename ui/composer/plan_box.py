"""Where a post belongs: campaign, aim, labels; and the note for the reviewer, never published (rank 38)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.model import Label
from cmdesk.safe_text import clean_line
from ui import theme
from ui.composer.fold import Fold
from ui.models.drafting import Draft
from ui.models.plan_choices import PlanChoices
from ui.theme.tokens import Space
from ui.widgets import Field, FlowLayout, SegmentedControl

NOTE_LINES = 3


class PlanBox(Fold):
    """Emits fields of the draft: `campaign_id`, `aim`, `labels`, `note`; `label_wanted` names a new label."""

    changed = Signal(dict)
    label_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Plan"), "target", parent)
        self._labels_shown: tuple[Label, ...] = ()
        self._chosen: tuple[int, ...] = ()
        self.campaign = QComboBox(self)
        self.campaign.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.aim = SegmentedControl(
            [("", _("No aim")), ("value", _("Value")), ("product", _("Product")), ("conversation", _("Conversation"))],
            self, name=_("What it is for"),
        )  # fmt: skip
        self._host = QWidget(self)
        self._flow = FlowLayout(self._host, gap=Space.XS)
        self._new = _NewLabel(self)
        self._new.setPlaceholderText(_("New label"))
        self._new.setAccessibleName(_("New label"))
        self._new.setFixedWidth(theme.scaled(130))
        self.note = _Note(self)
        self._toggles: list[QPushButton] = []
        row = QWidget(self)
        flow = FlowLayout(row, gap=Space.L, line_gap=Space.S)
        flow.addWidget(Field(_("Campaign"), self.campaign))
        flow.addWidget(Field(_("What it is for"), self.aim))
        self.body.addWidget(row)
        self.body.addWidget(Field(_("Labels"), self._host))
        self.body.addWidget(Field(_("Note for the reviewer"), self.note, hint=_("It is never published.")))
        self.campaign.activated.connect(lambda _i: self.changed.emit({"campaign_id": self.campaign.currentData()}))
        self.aim.changed.connect(lambda key: self.changed.emit({"aim": key}))
        self._new.wanted.connect(self.label_wanted)
        self.note.textChanged.connect(lambda: self.changed.emit({"note": self.note.toPlainText()}))

    def show_plan(self, draft: Draft, choices: PlanChoices, *, editable: bool) -> None:
        """Show what is kept on the post."""
        wanted: list[tuple[str, int | None]] = [(_("No campaign"), None)]
        wanted += [(clean_line(each.name, limit=60), each.id) for each in choices.campaigns]
        if wanted != [(self.campaign.itemText(at), self.campaign.itemData(at)) for at in range(self.campaign.count())]:
            self.campaign.clear()
            for text, key in wanted:
                self.campaign.addItem(text, key)
        self.campaign.setCurrentIndex(max(0, self.campaign.findData(draft.campaign_id)))
        self.aim.set_current(draft.aim)
        self._chosen = draft.labels
        self._show_labels(choices.labels)
        if self.note.toPlainText() != draft.note:
            self.note.blockSignals(True)
            self.note.setPlainText(draft.note)
            self.note.blockSignals(False)
        for part in (self.campaign, self.aim, self._host, self.note):
            part.setEnabled(editable)
        self.set_title(_("Plan"), self._summary(draft, choices))

    def _summary(self, draft: Draft, choices: PlanChoices) -> str:
        told = [clean_line(each.name, limit=40) for each in choices.campaigns if each.id == draft.campaign_id]
        aims = {"value": _("Value"), "product": _("Product"), "conversation": _("Conversation")}
        if draft.aim in aims:
            told.append(aims[draft.aim])
        told += [clean_line(each.name, limit=24) for each in choices.labels if each.id in draft.labels][:3]
        if len(draft.labels) > 3:
            more = len(draft.labels) - 3
            told.append(ngettext("{n} label more", "{n} labels more", more).format(n=more))
        if draft.note.strip():
            told.append(_("with a note"))
        return " · ".join(told) or _("Campaign, aim, labels, note")

    def _show_labels(self, labels: Sequence[Label]) -> None:
        if tuple(labels) != self._labels_shown or not self._flow.count():
            self._labels_shown = tuple(labels)
            for toggle in self._toggles:
                self._flow.removeWidget(toggle)
                toggle.hide()
                toggle.deleteLater()
            self._flow.removeWidget(self._new)
            self._toggles = []
            for label in labels:
                toggle = QPushButton(clean_line(label.name, limit=40).replace("&", "&&"), self._host)
                toggle.setObjectName("segment")
                toggle.setProperty("scale", "small")
                toggle.setCheckable(True)
                toggle.setAutoDefault(False)
                toggle.clicked.connect(lambda on, key=label.id: self._put_label(key, on))
                self._flow.addWidget(toggle)
                toggle.show()
                self._toggles.append(toggle)
            self._flow.addWidget(self._new)
            self._new.show()
        for toggle, label in zip(self._toggles, labels, strict=True):
            toggle.setChecked(label.id in self._chosen)

    def _put_label(self, key: int, on: bool) -> None:
        kept = [each for each in self._chosen if each != key]
        self._chosen = tuple(sorted([*kept, key] if on else kept))
        self.changed.emit({"labels": self._chosen})


class _NewLabel(QLineEdit):
    wanted = Signal(str)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.text().strip():
            self.wanted.emit(self.text().strip())
            self.clear()
            return
        super().keyPressEvent(event)


class _Note(QPlainTextEdit):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setPlaceholderText(_("What the one who checks it should know"))
        self._restyle()
        theme.changed().connect(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme.font("body"))
        self.setFixedHeight(self.fontMetrics().lineSpacing() * NOTE_LINES + 16)

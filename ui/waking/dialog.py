"""The one dialog after sleep, being off, offline or paused: everything missed, by brand, with a decision each (N1)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from cmdesk.desk import Desk
from cmdesk.errors import DeskError
from cmdesk.i18n import _, ngettext
from cmdesk.planning.waking import PAUSED_MEANWHILE, How
from cmdesk.wording import explain
from cmdesk.wording_waking import how_words
from ui import theme
from ui.bridge import spawn
from ui.models import logos
from ui.models.waking import Choice, Done, Missed, Waking
from ui.theme.tokens import Space
from ui.waking.rows import BrandHead, MissedRow
from ui.widgets import Banner, Card, Divider, PlainLabel
from ui.widgets.dialogs import Dialog
from ui.widgets.panels import scroll_column

_WIDTH = 760
_MOST = 460
_MARGIN = 150  # px of the window that the dialog leaves free, its own head and foot included
_LOOK_MS = 20_000


class WakingDialog(Dialog):
    """Accepted once the decisions are stored (`done_with`); put off, everything stays among the problems."""

    def __init__(
        self, model: Waking, missed: Sequence[Missed], parent: QWidget | None, *, desk: Desk, first: How | None = None
    ) -> None:
        super().__init__(
            title(missed), parent,
            text=_("Nothing was sent late without asking you. Decide for each, or for a brand at once."),
            icon="clock-alert", width=_WIDTH,
        )  # fmt: skip
        self.done_with: Done[int] | None = None
        self._model, self._desk = model, desk
        self.rows: list[MissedRow] = []
        self._busy = False
        area, column = scroll_column(margin=0, spacing=Space.M)
        self._area: QScrollArea = area
        for brand_id in dict.fromkeys(each.brand.id for each in missed):
            column.addWidget(self._section([each for each in missed if each.brand.id == brand_id], first))
        self.body.addWidget(area)
        self.problem = Banner("", tone="negative", icon="triangle-alert")
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.summary = PlainLabel("", color="text_muted", wrap=True)
        self.body.addWidget(self.summary)
        hint = PlainLabel(_("Keys: arrows, 1–6, Ctrl+Enter"), role="small", color="text_muted")
        self.buttons.insertWidget(0, hint)
        self.later = self.add_button(_("Decide later"), reject=True)
        self.go = self.add_button(_("Do it"), variant="primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self.decide)
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_MS)
        self._clock.timeout.connect(self.look)
        self._clock.start()
        self.look()
        self._fit()
        self.rows[0].setFocus()

    def choices(self) -> list[Choice]:
        """What is chosen for each."""
        return [Choice(row.missed, row.how, row.wall) for row in self.rows]

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Ctrl+Enter says yes from anywhere."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.decide()
        else:
            super().keyPressEvent(event)

    def look(self) -> None:
        """Say again when each goes out, and what will happen in all."""
        choices = self.choices()
        outlook = self._model.outlook(choices)
        now = self._model.now
        for row in self.rows:
            row.show_outlook(outlook.get(row.missed.id), now)
        self.summary.setText(summary(choices))
        self.go.setEnabled(not self._busy and any(each.how is not How.LATER for each in choices))

    def decide(self) -> None:
        """Store the decisions; what cannot be is said here and nothing is lost."""
        if not self._busy and self.go.isEnabled():
            spawn(self._decide(), self, name=_("Decide about late posts"))

    async def _decide(self) -> None:
        self._busy = True
        self.go.setEnabled(False)
        self.problem.hide()
        try:
            self.done_with = await self._model.decide(self.choices())
        except DeskError as error:
            words = explain(error)
            self.problem.set_text(" ".join(part for part in (f"{words.what}.", words.why, words.todo) if part))
            self.problem.show()
        else:
            self._desk.engine.wake()
            self.accept()
        finally:
            self._busy = False
            self.look()

    # Building

    def _section(self, missed: Sequence[Missed], first: How | None) -> QWidget:
        brand = missed[0].brand
        card = Card(stripe=brand.color, padding=Space.S)
        card.body.setSpacing(Space.XS)
        posts = [each for each in missed if not each.answer]
        answers = [each for each in missed if each.answer]
        able = [how for how in How if any(how in each.choices for each in missed) or how is How.LATER]
        head = BrandHead(
            brand, logos.pixmap(self._desk, brand),
            posts=len({each.delivery.post_id for each in posts}), answers=len(answers),
            choices=[how for how in able if how is not How.HOUR],
        )  # fmt: skip
        rows: list[MissedRow] = []
        head.chosen.connect(lambda how: self._all(rows, how))
        card.body.addWidget(head)
        for group, title in ((posts, ""), (answers, _("Answers to people"))):
            if group:
                card.body.addWidget(Divider())
            if group and title:
                label = PlainLabel(title, role="caption_strong", color="text_muted")
                label.setContentsMargins(Space.S, Space.XS, 0, 0)
                card.body.addWidget(label)
            for each in group:
                row = MissedRow(each, soon=self._model.soon(each), first=first)
                row.changed.connect(self.look)
                row.changed.connect(self._fit)
                row.step.connect(partial(self._step, row))
                rows.append(row)
                self.rows.append(row)
                card.body.addWidget(row)
        return card

    def _all(self, rows: Sequence[MissedRow], how: How) -> None:
        for row in rows:
            if not row.box.set_how(how) and row.missed.answer and how is How.SLOT:
                continue  # an answer has no queue: it keeps its own decision

    def _step(self, before: MissedRow, step: int) -> None:
        place = self.rows.index(before) + step
        row = self.rows[max(0, min(place, len(self.rows) - 1))]
        row.setFocus(Qt.FocusReason.TabFocusReason)
        self._area.ensureWidgetVisible(row)

    def _fit(self) -> None:
        """As high as its rows, as far as the window has room."""
        inner = self._area.widget()
        parent = self.parentWidget()
        room = theme.scaled(_MOST) if parent is None else max(200, parent.height() - theme.scaled(_MARGIN + 190))
        column = inner.layout() if inner is not None else None
        if inner is not None and column is not None:
            column.activate()
            wanted = inner.sizeHint().height() + 4
            self._area.setFixedHeight(min(wanted, room))
        if self.isVisible():
            layout = self.layout()
            if layout is not None:
                self.resize(self.width(), layout.totalHeightForWidth(self.width()))


def title(missed: Sequence[Missed]) -> str:
    """How many, of what, and why nothing could be sent."""
    count = len({each.delivery.post_id for each in missed})
    if all(each.delivery.reason_code == PAUSED_MEANWHILE for each in missed):
        text = ngettext("{count} post was due during the pause", "{count} posts were due during the pause", count)
    elif all(each.for_more for each in missed):
        text = ngettext(
            "{count} post would be seen by more people than you chose",
            "{count} posts would be seen by more people than you chose", count,
        )  # fmt: skip
    elif any(each.answer for each in missed):
        text = ngettext(
            "{count} answer was due while you were away",
            "{count} posts and answers were due while you were away", count,
        )  # fmt: skip
    else:
        text = ngettext(
            "{count} post was due while you were away", "{count} posts were due while you were away", count
        )  # fmt: skip
    return text.format(count=count)


def summary(choices: Sequence[Choice]) -> str:
    """What will happen in all: how many at once and how they are spaced, how many otherwise."""
    parts = []
    for how in How:
        count = sum(each.how is how for each in choices)
        if count:
            parts.append(f"{how_words(how).rstrip('…')}: {count}")
    text = " · ".join(parts)
    at_once = [each for each in choices if each.how is How.NOW]
    accounts = [each.missed.account.id for each in at_once]
    if len(set(accounts)) < len(accounts):
        seconds = {each.missed.brand.spacing_s for each in at_once}
        gap = _("one a minute") if seconds == {60} else _("{count} s apart").format(count=max(seconds))
        text += ". " + _("On each account they go out in their order, {gap}.").format(gap=gap)
    return text

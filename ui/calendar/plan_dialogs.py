"""Dialogs of the plan: what changes would do before they are done, a move, a week repeated, an export, coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QDate, QLocale
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from cmdesk.i18n import _, language, ngettext
from cmdesk.model import Brand, Campaign
from cmdesk.planning.gaps import Coverage
from cmdesk.safe_text import clean_line
from ui import theme
from ui.calendar.dates import spell
from ui.calendar.panel_parts import mark
from ui.theme.tokens import Space
from ui.widgets import Button, Card, Field, PlainLabel
from ui.widgets.brand_form import SwatchRow
from ui.widgets.dialogs import Dialog
from ui.widgets.fields import calm, padded
from ui.widgets.panels import scroll_column

LIST_HEIGHT = 260


@dataclass(frozen=True, slots=True)
class Line:
    """One post of a preview: what, where to, and what stands in its way; `goes` is whether it is done."""

    title: str
    detail: str
    remark: str = ""
    goes: bool = True


class Lines(QWidget):
    """A scrolling list of what would happen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        area, self._column = scroll_column(margin=0, spacing=Space.S)
        area.setFixedHeight(theme.scaled(LIST_HEIGHT))
        layout.addWidget(area)

    def show_lines(self, lines: Iterable[Line], *, empty: str) -> None:
        """Show these, or one sentence."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        count = 0
        for line in lines:
            self._column.addWidget(_line(line))
            count += 1
        if not count:
            self._column.addWidget(PlainLabel(empty, color="text_muted", wrap=True))


def _line(line: Line) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, Space.S, 0)
    row.setSpacing(Space.S)
    icon, role = ("check", "positive") if line.goes and not line.remark else ("triangle-alert", "warning")
    row.addWidget(mark(icon if line.goes else "ban", role if line.goes else "text_muted", 16))
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(PlainLabel(clean_line(line.title, limit=120) or _("(no text)"), elide=True))
    words.addWidget(PlainLabel(line.detail, role="small", color="text_muted", elide=True))
    if line.remark:
        words.addWidget(
            PlainLabel(line.remark, role="small", color="warning" if line.goes else "text_muted", wrap=True)
        )
    row.addLayout(words, 1)
    return box


class PreviewDialog(Dialog):
    """What would be done, to say yes or no to."""

    def __init__(self, title: str, text: str, lines: Sequence[Line], parent: QWidget, *, yes: str, icon: str) -> None:
        super().__init__(title, parent, text=text, icon=icon, width=520)
        shown = Lines()
        shown.show_lines(lines, empty=_("There is nothing to do."))
        self.body.addWidget(shown)
        self.add_button(_("Cancel"), reject=True)
        go = self.add_button(yes, variant="primary", accept=True)
        go.setEnabled(any(line.goes for line in lines))


def day_field(day: date) -> QDateEdit:
    """A field for a day with a calendar to choose from."""
    made = QDateEdit(QDate(day.year, day.month, day.day))
    made.setCalendarPopup(True)
    made.setLocale(QLocale(language()))
    made.setDisplayFormat("ddd d MMM yyyy")
    calm(made)
    return made


def day_of(field: QDateEdit) -> date:
    """The day a field shows."""
    shown = field.date()
    return date(shown.year(), shown.month(), shown.day())


class MoveDialog(Dialog):
    """By how many days, or from which first day on; the list tells what moves while one chooses."""

    def __init__(self, title: str, parent: QWidget, *, first: date, preview: Callable[[int], Sequence[Line]]) -> None:
        super().__init__(title, parent, icon="calendar-clock", width=520)
        self._first, self._preview = first, preview
        row = QHBoxLayout()
        self._days = padded(QSpinBox())
        self._days.setRange(-3650, 3650)
        self._days.setValue(7)
        self._start = day_field(first + timedelta(days=7))
        row.addWidget(Field(_("Days"), self._days, hint=_("Less than 0 is earlier.")), 1)
        row.addWidget(Field(_("The first post goes to"), self._start), 1)
        self.body.addLayout(row)
        self._lines = Lines()
        self.body.addWidget(self._lines)
        self.add_button(_("Cancel"), reject=True)
        self._go = self.add_button(_("Move"), variant="primary", accept=True)
        self._days.valueChanged.connect(self._counted)
        self._start.dateChanged.connect(self._dated)
        self._show()

    @property
    def days(self) -> int:
        """By how many days."""
        return self._days.value()

    def _counted(self, days: int) -> None:
        day = self._first + timedelta(days=days)
        self._start.blockSignals(True)
        self._start.setDate(QDate(day.year, day.month, day.day))
        self._start.blockSignals(False)
        self._show()

    def _dated(self) -> None:
        self._days.setValue((day_of(self._start) - self._first).days)

    def _show(self) -> None:
        lines = self._preview(self.days) if self.days else []
        self._lines.show_lines(lines, empty=_("Choose another day."))
        self._go.setEnabled(any(line.goes for line in lines))


class WeekDialog(Dialog):
    """Which week a week is repeated in; the list tells what would stand where."""

    def __init__(
        self, parent: QWidget, *, week: date, first_weekday: int, preview: Callable[[date], Sequence[Line]]
    ) -> None:
        title = _("Duplicate the week of {day}").format(day=spell(week, "d MMMM"))
        text = _("The copies stand on the calendar as plans. Nothing of them goes out before you schedule it.")
        super().__init__(title, parent, text=text, icon="copy-plus", width=520)
        self._first_weekday, self._preview = first_weekday, preview
        self._field = day_field(week + timedelta(days=7))
        self.body.addWidget(Field(_("To the week of"), self._field))
        self._lines = Lines()
        self.body.addWidget(self._lines)
        self.add_button(_("Cancel"), reject=True)
        self._go = self.add_button(_("Duplicate"), variant="primary", accept=True)
        self._field.dateChanged.connect(self._show)
        self._show()

    @property
    def week(self) -> date:
        """The first day of the chosen week."""
        day = day_of(self._field)
        return day - timedelta(days=(day.weekday() - self._first_weekday) % 7)

    def _show(self) -> None:
        lines = self._preview(self.week)
        self._lines.show_lines(lines, empty=_("This week has no posts to repeat."))
        self._go.setEnabled(any(line.goes for line in lines))


class ExportDialog(Dialog):
    """Which days, whose, and as what."""

    def __init__(
        self, parent: QWidget, *, start: date, end: date, brands: Sequence[Brand], brand_id: int | None, filtered: bool
    ) -> None:
        super().__init__(_("Export the plan"), parent, icon="download", width=480)
        row = QHBoxLayout()
        self._start, self._end = day_field(start), day_field(end)
        row.addWidget(Field(_("From"), self._start), 1)
        row.addWidget(Field(_("To"), self._end), 1)
        self.body.addLayout(row)
        self._brand = QComboBox()
        self._brand.addItem(_("All brands in one file"), None)
        for each in brands:
            self._brand.addItem(clean_line(each.name), each.id)
        if len(brands) > 1:
            self._brand.addItem(_("One file per brand"), 0)
        self._brand.setCurrentIndex(max(0, self._brand.findData(brand_id)))
        self.body.addWidget(Field(_("Brand"), self._brand))
        self._format = QComboBox()
        for key, words in (
            ("pdf", _("PDF for the client")),
            ("ics", _("Calendar file (ICS)")),
            ("csv", _("Table (CSV), can be imported again")),
            ("json", _("JSON, for other programs")),
        ):
            self._format.addItem(words, key)
        self.body.addWidget(Field(_("As"), self._format))
        self._language = QComboBox()
        for code, words in (("", _("Of the brand")), ("es", "Español"), ("en", "English")):
            self._language.addItem(words, code)
        self.body.addWidget(Field(_("Language"), self._language))
        if filtered:
            self.body.addWidget(
                PlainLabel(_("Only what the filter shows is exported."), role="small", color="text_muted", wrap=True)
            )
        self.add_button(_("Cancel"), reject=True)
        self._go = self.add_button(_("Export…"), variant="primary", accept=True)
        self._start.dateChanged.connect(self._check)
        self._end.dateChanged.connect(self._check)

    def _check(self) -> None:
        self._go.setEnabled(self.days[0] <= self.days[1])

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        return day_of(self._start), day_of(self._end)

    @property
    def brand(self) -> int | None:
        """The brand; None for all in one file, 0 for a file each."""
        found = self._brand.currentData()
        return None if found is None else int(found)

    @property
    def format(self) -> str:
        """pdf, ics, csv or json."""
        return str(self._format.currentData())

    @property
    def language(self) -> str:
        """A language, '' for the brand's."""
        return str(self._language.currentData())


class CoverageDialog(Dialog):
    """Who says something while one is away, and who does not (H10)."""

    def __init__(
        self, parent: QWidget, *, start: date, brands: dict[int, str], find: Callable[[date, date], list[Coverage]]
    ) -> None:
        text = _("Days on which a brand says nothing. A plan that is not scheduled does not count.")
        super().__init__(_("While I am away"), parent, text=text, icon="palmtree", width=520)
        self._brands, self._find = brands, find
        row = QHBoxLayout()
        self._start, self._end = day_field(start), day_field(start + timedelta(days=13))
        row.addWidget(Field(_("From"), self._start), 1)
        row.addWidget(Field(_("To"), self._end), 1)
        self.body.addLayout(row)
        self._lines = Lines()
        self.body.addWidget(self._lines)
        self.add_button(_("Close"), variant="primary", accept=True)
        self._start.dateChanged.connect(self._show)
        self._end.dateChanged.connect(self._show)
        self._show()

    def _show(self) -> None:
        start, end = day_of(self._start), day_of(self._end)
        found = self._find(start, end) if start <= end and (end - start).days <= 366 else []
        self._lines.show_lines([self._line_of(each) for each in found], empty=_("Choose up to a year."))

    def _line_of(self, each: Coverage) -> Line:
        posts = ngettext("{n} post goes out", "{n} posts go out", each.posts).format(n=each.posts)
        plans = ngettext("{n} plan not scheduled", "{n} plans not scheduled", each.plans).format(n=each.plans)
        gaps = ", ".join(span(gap.start, gap.end) for gap in each.gaps[:6])
        if len(each.gaps) > 6:
            gaps = _("{some} and {count} more").format(some=gaps, count=len(each.gaps) - 6)
        remark = _("Nothing on: {days}").format(days=gaps) if gaps else ""
        detail = f"{posts} · {plans}" if each.plans else posts
        return Line(self._brands.get(each.brand_id, ""), detail, remark)


class CampaignForm(Dialog):
    """Name, goal, colour and days of a campaign."""

    def __init__(self, made: Campaign, parent: QWidget, *, today: date) -> None:
        super().__init__(_("Campaign") if made.id else _("New campaign"), parent, icon="flag", width=460)
        self._made = made
        self._name = QLineEdit(made.name)
        self._name.setMaxLength(100)
        self._goal = QLineEdit(made.goal)
        self._goal.setMaxLength(300)
        self._swatches = SwatchRow(made.color)
        first = date.fromisoformat(made.starts) if _is_day(made.starts) else today
        last = date.fromisoformat(made.ends) if _is_day(made.ends) else first + timedelta(days=13)
        self._dated = QCheckBox(_("From one day to another"))
        self._dated.setChecked(_is_day(made.starts) or _is_day(made.ends))
        self._starts, self._ends = day_field(first), day_field(last)
        self.body.addWidget(Field(_("Name"), self._name))
        self.body.addWidget(Field(_("What it is for"), self._goal))
        self.body.addWidget(Field(_("Colour"), self._swatches))
        self.body.addWidget(self._dated)
        row = QHBoxLayout()
        row.addWidget(Field(_("Starts"), self._starts), 1)
        row.addWidget(Field(_("Ends"), self._ends), 1)
        self.body.addLayout(row)
        self.add_button(_("Cancel"), reject=True)
        self._go = self.add_button(_("Save"), variant="primary", accept=True)
        self._name.textChanged.connect(self._check)
        self._dated.toggled.connect(self._check)
        self._starts.dateChanged.connect(self._check)
        self._ends.dateChanged.connect(self._check)
        self._check()

    def _check(self) -> None:
        dated = self._dated.isChecked()
        for field in (self._starts, self._ends):
            field.setEnabled(dated)
        right = not dated or day_of(self._starts) <= day_of(self._ends)
        self._go.setEnabled(bool(self._name.text().strip()) and right)

    @property
    def made(self) -> Campaign:
        """The campaign as it was filled in."""
        dated = self._dated.isChecked()
        return Campaign(
            self._made.id, self._made.brand_id, self._name.text().strip(), self._goal.text().strip(),
            self._swatches.color(), day_of(self._starts).isoformat() if dated else "",
            day_of(self._ends).isoformat() if dated else "", self._made.archived_at,
        )  # fmt: skip


class CampaignsDialog(Dialog):
    """A brand's campaigns, or all of them: tells `wanted` what to do with which, then closes."""

    def __init__(
        self, campaigns: Sequence[Campaign], counts: dict[int, int], brands: dict[int, str], parent: QWidget
    ) -> None:
        super().__init__(_("Campaigns"), parent, icon="flag", width=560)
        self.wanted: tuple[str, int] | None = None
        area, column = scroll_column(margin=0, spacing=Space.S)
        area.setFixedHeight(theme.scaled(300))
        for each in campaigns:
            column.addWidget(self._row(each, counts.get(each.id, 0), brands.get(each.brand_id, "")))
        if not campaigns:
            column.addWidget(
                PlainLabel(
                    _("A campaign keeps posts of a brand together: to see them alone, move them all, report on them."),
                    color="text_muted", wrap=True,
                )
            )  # fmt: skip
        self.body.addWidget(area)
        new = self.add_button(_("New campaign…"))
        new.clicked.connect(lambda: self._want("new", 0))
        self.add_button(_("Close"), variant="primary", reject=True)

    def _row(self, each: Campaign, count: int, brand: str) -> QWidget:
        card = Card(padding=Space.M, stripe=each.color)
        top = QHBoxLayout()
        top.addWidget(PlainLabel(clean_line(each.name), role="body_strong", elide=True), 1)
        posts = ngettext("{n} post", "{n} posts", count).format(n=count)
        top.addWidget(PlainLabel(f"{brand} · {posts}" if brand else posts, role="small", color="text_muted"))
        card.body.addLayout(top)
        days = span_text(each.starts, each.ends)
        words = " · ".join(part for part in (days, clean_line(each.goal)) if part)
        if words:
            card.body.addWidget(PlainLabel(words, role="small", color="text_muted", wrap=True))
        buttons = QHBoxLayout()
        for name, text in (
            ("show", _("Show its posts")),
            ("move", _("Move all…")),
            ("edit", _("Edit…")),
            ("archive", _("Put back") if each.archived_at else _("Archive")),
            ("delete", _("Delete")),
        ):
            button = Button(text, variant="link", size="small")
            button.setEnabled(bool(count) or name not in ("show", "move"))
            button.clicked.connect(lambda _checked=False, name=name, which=each.id: self._want(name, which))
            buttons.addWidget(button)
        buttons.addStretch(1)
        card.body.addLayout(buttons)
        return card

    def _want(self, what: str, which: int) -> None:
        self.wanted = (what, which)
        self.accept()


def span(start: date, end: date) -> str:
    """A run of days in words."""
    if start == end:
        return spell(start, "ddd d MMM")
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{spell(end, 'd MMM')}"
    return f"{spell(start, 'd MMM')} – {spell(end, 'd MMM')}"


def span_text(starts: str, ends: str) -> str:
    """A campaign's days, either of which may be open."""
    first, last = (date.fromisoformat(each) if _is_day(each) else None for each in (starts, ends))
    if first and last:
        return span(first, last)
    if first:
        return _("from {day}").format(day=spell(first, "d MMM yyyy"))
    return _("until {day}").format(day=spell(last, "d MMM yyyy")) if last else ""


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10

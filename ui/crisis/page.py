"""The Crisis page: before one plan and alarms, during one log and held posts, afterwards decisions and report."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QStackedWidget, QVBoxLayout

from cmdesk.care.crisis import ALL_BRANDS
from cmdesk.care.values import Alarm, CrisisPlan, Evidence
from cmdesk.i18n import _, ngettext
from cmdesk.model import Conversation
from cmdesk.safe_text import clean_line
from ui import notices, theme
from ui.bridge import Changes, Topic
from ui.crisis.alarms import AlarmsView
from ui.crisis.banner import CrisisBanner
from ui.crisis.cards import CardList
from ui.crisis.deeds import CrisisDeeds
from ui.crisis.now import NowView
from ui.crisis.past import PastView
from ui.crisis.plan import PlanEditor
from ui.crisis.vault import VaultView
from ui.models import crisis as models
from ui.models.crisis import Situation
from ui.models.directory import Directory
from ui.widgets import Button, Divider, EmptyState, SegmentedControl
from ui.widgets.header import PageHeader
from ui.widgets.links import open_phone
from ui.widgets.page import Page, PageContext, Target

_TOPICS = (Topic.CRISIS, Topic.EVIDENCE, Topic.CARE, Topic.DELIVERY, Topic.BRAND, Topic.ACCOUNT)
_TABS = ("now", "plan", "alarms", "vault", "past")
_FRAME = 3


class CrisisPage(Page):
    """Shows; what is decided goes through `CrisisDeeds`."""

    scope = "crisis"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._desk, self._now = context.desk, context.desk.clock.now
        self._directory = Directory(context.desk, self)
        self._situations: list[Situation] = []
        self._chosen = 0  # the crisis shown when several are not closed
        self.deeds = CrisisDeeds(context, self)
        self._build()
        self._connect()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(_FRAME, _FRAME, _FRAME, _FRAME)
        outer.setSpacing(0)
        header = PageHeader(_("Crisis"))
        self.tabs = SegmentedControl(
            [("now", _("Now")), ("plan", _("Plan")), ("alarms", _("Alarms")), ("vault", _("Evidence")),
             ("past", _("Past"))],
            name=_("What is shown"),
        )  # fmt: skip
        self.brand = QComboBox()
        self.brand.setAccessibleName(_("Brand"))
        self.which = QComboBox()
        self.which.setAccessibleName(_("Crisis"))
        for part in (self.which, self.brand):
            part.setMinimumWidth(150)
            part.setMaximumWidth(220)
            header.add(part)
        header.add(self.tabs)
        self.start = Button(_("Start a crisis hold…"), icon="siren")
        header.add(self.start)
        outer.addWidget(header)
        outer.addWidget(Divider())
        self.banner = CrisisBanner()
        outer.addWidget(self.banner)
        self.stack = QStackedWidget()
        self.now = NowView(self._directory, self._now)
        self.calm = EmptyState("shield-check", "", tone="positive")
        self.plan = PlanEditor()
        self.alarms = AlarmsView(self._directory, self._now, lambda alarm: models.conversations_of(self._desk, alarm))
        self.vault = VaultView(self._directory, self._now, self._desk.media_folder)
        self.past = PastView(self._now, self._name)
        for view in (self.now, self.calm, self.plan, self.alarms, self.vault, self.past):
            self.stack.addWidget(view)
        outer.addWidget(self.stack, 1)

    def _connect(self) -> None:
        deeds = self.deeds
        self.tabs.changed.connect(lambda _key: self._show_tab())
        self.which.activated.connect(self._which)
        self.brand.activated.connect(lambda _place: self._show_plan())
        self.start.clicked.connect(lambda: deeds.start(self.context.brand_id))
        self.banner.end.clicked.connect(lambda: self._with_crisis(deeds.over))
        self.banner.close_it.clicked.connect(lambda: self._with_crisis(deeds.close))
        self.banner.report.clicked.connect(lambda: self._with_crisis(deeds.report))
        self.now.noted.connect(lambda text: self._with_crisis(deeds.note, text))
        self.now.called.connect(lambda phone: self._with_crisis(deeds.called, phone))
        self.now.dial.connect(self._dial)
        self.now.copied.connect(self._copy)
        self.now.statement_wanted.connect(self.do_statement)
        self.now.plan_wanted.connect(lambda: self._go_tab("plan"))
        self.now.decide.connect(lambda post, word: deeds.decide(post, word))
        self.plan.edited.connect(deeds.save_plan)
        self.alarms.dismissed.connect(deeds.dismiss)
        self.alarms.start.connect(self._start_for)
        self.alarms.go.connect(self._go)
        self.vault.check_wanted.connect(self.do_check)
        self.vault.export_wanted.connect(self.do_export)
        self.vault.go.connect(self._go_record)
        self.past.report.connect(deeds.report)

    # Asked by the window

    def concerned(self, changes: Changes) -> bool:
        """A crisis, its posts, plans, alarms, evidence."""
        return changes.concerns(*_TOPICS)

    def show_brand(self, brand_id: int | None) -> None:
        """Another brand: its crisis first."""
        self.plan.flush()
        self._chosen = 0
        super().show_brand(brand_id)

    def refresh(self, changes: Changes | None) -> None:
        """Read again what is shown."""
        if changes is None or changes.concerns(Topic.BRAND, Topic.ACCOUNT):
            self._directory.reload()
            self._fill_brands()
        self._situations = models.situations(self._desk, self.context.brand_id)
        self._show_banner()
        self._show_tab()
        self.update()

    def open(self, target: Target) -> None:
        """ "start" asks to begin one; else a tab ("alarms", "vault"...), with what is to be chosen there."""
        if target.kind == "start":
            self._go_tab("now")
            self.deeds.toggle(self.context.brand_id)
        elif target.kind in _TABS:
            self._go_tab(target.kind)
            if target.kind == "alarms" and target.id is not None:
                self.alarms.choose(target.id)
            if target.kind == "vault" and target.id is not None:
                self.vault.choose(target.id)

    def focus_main(self) -> None:
        """The first card of what is shown."""
        cards = self._cards()
        if cards is not None and cards.cards:
            cards.focus_current()
        else:
            self.tabs.setFocus()

    def enabled_actions(self) -> set[str] | None:
        """Decisions only where there is something to decide."""
        able = {"crisis.next", "crisis.previous", "crisis.check", "crisis.export"}
        situation = self.situation()
        if situation is not None and self.tabs.current() == "now":
            able |= {"crisis.note", "crisis.statement", "crisis.report"}
            post = self.now.held_post()
            if post is not None and post in situation.waiting:
                able |= {"crisis.release", "crisis.drop"}
                if not situation.active:
                    able.add("crisis.move")
        return able

    def save_state(self) -> dict[str, Any]:
        """Sizes."""
        return {"now": self.now.splitter.sizes()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Sizes."""
        sizes = state.get("now")
        if isinstance(sizes, list) and len(sizes) == 3 and all(isinstance(each, int) for each in sizes):
            self.now.splitter.setSizes(sizes)

    def leaving(self) -> None:
        """Keep what was written."""
        self.plan.flush()

    # Actions

    def do_next(self) -> None:
        """The next card."""
        self._step(1)

    def do_previous(self) -> None:
        """The card before."""
        self._step(-1)

    def do_release(self) -> None:
        """Let the post go."""
        self._decide("released")

    def do_move(self) -> None:
        """Give the post another hour."""
        self._decide("moved")

    def do_drop(self) -> None:
        """Back to the drafts."""
        self._decide("dropped")

    def do_note(self) -> None:
        """Write into the log."""
        self.now.note.setFocus()

    def do_statement(self) -> None:
        """Publish the approved statement."""
        situation = self.situation()
        if situation is None:
            return
        brand_id = situation.crisis.brand_id or self.context.brand_id
        if brand_id is None:
            notices.tell(_("Choose a brand first: a statement goes out in one name."))
            return
        brand = self._directory.brand(brand_id)
        if brand is not None:
            self.deeds.statement(situation.crisis.id, brand, self._directory.accounts(brand_id))

    def do_report(self) -> None:
        """The two-page report."""
        self._with_crisis(self.deeds.report)

    def do_check(self) -> None:
        """Check the evidence chain."""
        names = {brand.id: clean_line(brand.name, limit=60) for brand in self._directory.brands()}
        chosen = [self.context.brand_id] if self.context.brand_id is not None else list(names)
        self._go_tab("vault")
        self.vault.show_check({names.get(each, str(each)): models.broken(self._desk, each) for each in chosen})

    def do_export(self) -> None:
        """Write the evidence for a lawyer."""
        self._go_tab("vault")
        records = self.vault.records()
        owners = list(dict.fromkeys(each.brand_id for each in records))
        if len(owners) > 1:
            notices.tell(_("Choose a brand first: what is one client's is not shown to another's lawyer."))
        elif owners:
            brand = self._directory.brand(owners[0])
            self.deeds.export(owners[0], brand.name if brand is not None else "", records)

    # Showing

    def situation(self) -> Situation | None:
        """The crisis that is shown."""
        found = [each for each in self._situations if each.crisis.id == self._chosen]
        return found[0] if found else self._situations[0] if self._situations else None

    def _show_banner(self) -> None:
        situation = self.situation()
        self.which.setVisible(len(self._situations) > 1)
        if len(self._situations) > 1:
            self.which.blockSignals(True)
            self.which.clear()
            for each in self._situations:
                self.which.addItem(self._name(each.crisis.brand_id), each.crisis.id)
            if situation is not None:
                self.which.setCurrentIndex(max(0, self.which.findData(situation.crisis.id)))
            self.which.blockSignals(False)
        self.banner.setVisible(situation is not None)
        if situation is None:
            return
        self.banner.show_situation(situation, self._name(situation.crisis.brand_id), self._now())

    def _show_tab(self) -> None:
        tab = self.tabs.current()
        self.brand.setVisible(tab == "plan" and self.context.brand_id is None)
        situation = self.situation()
        match tab:
            case "plan":
                self.stack.setCurrentWidget(self.plan)
                self._show_plan()
            case "alarms":
                self.stack.setCurrentWidget(self.alarms)
                self.alarms.show_alarms(models.alarms(self._desk, self.context.brand_id, dismissed=True))
            case "vault":
                self.stack.setCurrentWidget(self.vault)
                self.vault.show_records(models.records(self._desk, self.context.brand_id))
            case "past":
                self.stack.setCurrentWidget(self.past)
                self.past.show_past(models.past(self._desk, self.context.brand_id))
            case _ if situation is not None:
                self.stack.setCurrentWidget(self.now)
                self.now.show_situation(situation, self._plan_of(situation))
            case _:
                self.stack.setCurrentWidget(self.calm)
                self._show_calm()
        # Where nothing burns the screen itself offers it.
        self.start.setVisible(not self._covered() and self.stack.currentWidget() is not self.calm)
        self.choice_changed.emit()

    def _covered(self) -> bool:
        """Whether a crisis holds everything of what is shown already."""
        return any(each.active for each in self._situations)

    def _show_calm(self) -> None:
        alarms = models.alarms(self._desk, self.context.brand_id)
        begin = Button(_("Start a crisis hold…"), variant="secondary", icon="siren")
        begin.clicked.connect(lambda: self.deeds.start(self.context.brand_id))
        write = Button(_("Write the plan"), icon="pencil")
        write.clicked.connect(lambda: self._go_tab("plan"))
        if alarms:
            look = Button(_("Look at the alarms"), variant="primary", icon="flame")
            look.clicked.connect(lambda: self._go_tab("alarms"))
            count = len(alarms)
            title = ngettext("{count} alarm", "{count} alarms", count).format(count=count)
            self.calm.set_content(
                "flame", title, _("Something is unusual. Look at it before it becomes a fire."), tone="negative"
            )
            self.calm.set_buttons([look, begin])
            return
        self.calm.set_content(
            "shield-check",
            _("No crisis, and no spark"),
            _("One key (Ctrl+Shift+H) holds everything planned, should it burn. Write the plan while it is quiet."),
            tone="positive",
        )
        self.calm.set_buttons([write, begin])

    def _show_plan(self) -> None:
        brand_id = self.context.brand_id if self.context.brand_id is not None else self.brand.currentData()
        brand = self._directory.brand(brand_id) if isinstance(brand_id, int) else None
        self.plan.setEnabled(brand is not None)
        if brand is not None:
            self.plan.show_plan(models.plan(self._desk, brand.id), brand.language)

    def _fill_brands(self) -> None:
        before = self.brand.currentData()
        self.brand.clear()
        for each in self._directory.brands():
            self.brand.addItem(clean_line(each.name, limit=60), each.id)
        self.brand.setCurrentIndex(max(0, self.brand.findData(before)))

    def _plan_of(self, situation: Situation) -> CrisisPlan | None:
        brand_id = situation.crisis.brand_id or self.context.brand_id
        return None if brand_id is None else models.plan(self._desk, brand_id)

    def _name(self, brand_id: int) -> str:
        if brand_id == ALL_BRANDS:
            return _("all brands")
        brand = self._directory.brand(brand_id)
        return clean_line(brand.name, limit=60) if brand is not None else str(brand_id)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The page, framed in red while a crisis of what is shown lasts."""
        super().paintEvent(event)
        if self._covered():
            painter = QPainter(self)
            pen = QPen(theme.color("negative"), _FRAME)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            half = _FRAME / 2
            painter.drawRect(QRectF(self.rect()).adjusted(half, half, -half, -half))
            painter.end()

    # Help

    def _with_crisis(self, deed: Any, *args: Any) -> None:
        situation = self.situation()
        if situation is not None:
            deed(situation.crisis.id, *args)

    def _decide(self, word: str) -> None:
        post = self.now.held_post()
        situation = self.situation()
        if post is not None and situation is not None and post in situation.waiting:
            self.deeds.decide(post, word)

    def _which(self, _place: int) -> None:
        self._chosen = int(self.which.currentData() or 0)
        self.refresh(None)

    def _go_tab(self, tab: str) -> None:
        self.tabs.set_current(tab)
        self._show_tab()

    def _cards(self) -> CardList | None:
        views = {"now": self.now.cards, "alarms": self.alarms.cards, "vault": self.vault.cards, "past": self.past.cards}
        return views.get(self.tabs.current())

    def _step(self, by: int) -> None:
        cards = self._cards()
        if cards is not None:
            cards.step(by)
            self.choice_changed.emit()

    def _dial(self, number: str) -> None:
        if not open_phone(number):
            QGuiApplication.clipboard().setText(number)
            notices.tell(_("The number is in the clipboard: {number}").format(number=clean_line(number, limit=40)))

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        notices.tell(_("In the clipboard"))

    def _start_for(self, alarm: Alarm) -> None:
        self.deeds.start(alarm.brand_id, alarm)

    def _go(self, conversation: Conversation) -> None:
        self.context.navigate(Target("inbox", "conversation", conversation.id, conversation.brand_id))

    def _go_record(self, record: Evidence) -> None:
        self.context.navigate(Target("inbox", "conversation", record.conversation_id, record.brand_id))

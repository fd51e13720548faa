"""The composer page: whose post, where to, what, how it will look, what stands in its way, and when."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout

from cmdesk.commands import inbox as label_commands
from cmdesk.planning.content import market_of
from cmdesk.planning.review import Finding, Level, errors
from ui import theme
from ui.bridge import Changes, Topic, spawn
from ui.circles.dialog import edit_circle
from ui.composer.approving import Approving
from ui.composer.audience_box import WHOM
from ui.composer.carding import Carding
from ui.composer.deeds import ComposerDeeds
from ui.composer.editor import TextEditor
from ui.composer.heading import FRAME, Heading
from ui.composer.inserting import Inserting
from ui.composer.panes import LookingPane, WritingPane, side_by_side
from ui.composer.pausing import PauseBanner
from ui.composer.schedule_bar import ScheduleBar
from ui.composer.scheduling import SchedulingDeeds
from ui.composer.sealing import Sealing
from ui.composer.shaping import Shaping
from ui.models.composer import ComposerModel
from ui.models.directory import Directory
from ui.models.plan_choices import PlanChoices, plan_choices
from ui.models.snippets import POSTS, Surroundings, for_post, whole_for_post
from ui.templating.control import Templating
from ui.widgets import Divider
from ui.widgets.page import Page, PageContext, Target

REVIEW_AFTER_MS = 120
LONG, LOOKS_AFTER_MS = 2_000, 150  # characters of a part whose preview waits for a pause: no network takes so many
_OFFLINE = ("offline", "not_sent")


class ComposerPage(ComposerDeeds):
    """Writes one post; everything typed is on disk a moment later.

    What plugs in finds `model`, `parts`, `editor` (where one writes), `tools`, `bar`, `reviewer`; after a change of
    more than words it calls `show_all`.
    """

    scope = "composer"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._directory = Directory(context.desk, self)
        self.model = ComposerModel(context.desk, self._directory, self)
        self._choices = PlanChoices()
        self._findings: list[Finding] = []
        self._typed_in: int | None = None  # the part whose words alone changed
        self._bar_shown: tuple[object, ...] = ()
        self._taken: int | None = None  # the post that was taken up
        self._templating: dict[TextEditor, Templating] = {}
        self._review_timer = QTimer(self, singleShot=True, interval=REVIEW_AFTER_MS)
        self._looks_timer = QTimer(self, singleShot=True, interval=LOOKS_AFTER_MS)
        self._looks_timer.timeout.connect(self._show_looks)
        self.heading = Heading(self)
        self.writing = WritingPane(self.model, context.desk, self)
        self.looking = LookingPane(context.desk, self)
        self.bar = ScheduleBar(self)
        self.bar.set_clock(context.desk.clock)
        self.scheduling = SchedulingDeeds(context, self.model, self.bar, self)
        self.shaping, self.sealing = Shaping(self), Sealing(self)
        self.inserting, self.approving = Inserting(self), Approving(self)
        self.pause = PauseBanner(context)
        self.carding = Carding(self)
        self._add_tools()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._splitter = side_by_side(self.writing, self.looking, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(FRAME, FRAME, FRAME, FRAME)
        layout.setSpacing(0)
        layout.addWidget(self.heading)
        layout.addWidget(Divider(self))
        layout.addWidget(self.approving.banner)
        layout.addWidget(self.pause.banner)
        layout.addWidget(self._splitter, 1)
        layout.addWidget(Divider(self))
        layout.addWidget(self.bar)

    def _connect(self) -> None:
        model, writing, shaping = self.model, self.writing, self.shaping
        model.loaded.connect(self._taken_up)
        model.edited.connect(self._show_live)
        model.save_state.connect(self._saved)
        model.reviewing.changed.connect(self._review_timer.start)
        model.media.changed.connect(self.show_all)
        self.carding.changed.connect(self._show_options)
        self._review_timer.timeout.connect(self.review_now)
        self.heading.closed.connect(self.do_close)
        self.heading.versions_wanted.connect(self.do_versions)
        self.heading.brand_chosen.connect(self._other_brand)
        writing.dropped.connect(lambda paths: self._add_files(self.parts.number, paths))
        writing.accounts.changed.connect(lambda ids: self._set(account_ids=ids))
        writing.audience.changed.connect(lambda fields: self._set(**fields))
        writing.audience.mend.connect(self._mend_circle)
        writing.tabs.chosen.connect(self._other_text)
        writing.tabs.own_wanted.connect(shaping.give_own)
        writing.tabs.shared.connect(shaping.share)
        writing.options.option.connect(self._set_option)
        writing.options.changed.connect(self._option)
        writing.plan.changed.connect(self._plan_changed)
        writing.plan.label_wanted.connect(self._new_label)
        writing.poll.changed.connect(lambda poll: self._set(poll=poll))
        writing.poll.removed.connect(shaping.remove_poll)
        writing.poll.leave_out.connect(shaping.leave_out)
        writing.poll.own_text.connect(shaping.own_for)
        parts = writing.parts
        parts.made.connect(self._serve)
        parts.typed.connect(self._typed)
        parts.pasted.connect(self._add_files)
        parts.moved.connect(shaping.move_part)
        parts.removed.connect(shaping.remove_part)
        parts.split_wanted.connect(shaping.split)
        parts.own_wanted.connect(shaping.give_own)
        parts.shared.connect(lambda part: shaping.share(parts.key, part))
        for editor in parts.editors():
            self._serve(editor)
        self.reviewer.place_wanted.connect(self.go_to)
        self.reviewer.fix_wanted.connect(self.mend)
        self.reviewer.ignore_wanted.connect(self.ignore)
        self.reviewer.post_wanted.connect(self.show_other)
        self.reviewer.check_wanted.connect(self.do_market_notes)
        writing.market_notes.clicked.connect(self.do_market_notes)
        self.bar.changed.connect(self._review_timer.start)
        self.bar.scheduled.connect(self.do_schedule)
        self.bar.sent_now.connect(self.do_publish_now)

    def _serve(self, editor: TextEditor) -> None:
        """Templates, mentions and spelling for one more text."""
        made = Templating(editor.edit, self.context.desk, self._around, more=self._around_whole, kinds=POSTS)
        editor.template_wanted.connect(lambda typed: made.open(typed=typed))
        self._templating = {known: it for known, it in self._templating.items() if known in self.parts.editors()}
        self._templating[editor] = made
        self.inserting.serve(editor)

    # The window asks

    def open(self, target: Target) -> None:
        """Edit a post, or begin one of the brand in view: at the hour that was chosen, on one account (its id), or for
        a market, a circle or a person.
        """
        self.model.flush()
        self._directory.reload()
        if target.kind == "post" and target.id is not None:
            self.model.load(target.id)
            self.scheduling.load()
            if (first := self.model.out.first_open) in self.model.draft.numbers():
                self.parts.go(first)  # what is out is only read
            return
        brands = self._directory.brands()
        brand_id = target.brand_id or self.context.brand_id or (brands[0].id if brands else 0)
        whom = target.kind in WHOM
        self.model.begin(brand_id, only=None if whom else target.id)
        self.scheduling.begin(target.text)
        self.parts.go(0)
        if whom:
            self.writing.audience.begin_for(target.kind, target.id)

    def show_brand(self, brand_id: int | None) -> None:
        """Choosing another brand in the bar never re-targets what is being written."""

    def concerned(self, changes: Changes) -> bool:
        """Posts, their deliveries, accounts and brands, and what the reviewer knows."""
        return changes.concerns(
            Topic.POST, Topic.DELIVERY, Topic.ACCOUNT, Topic.BRAND, Topic.SETTING, Topic.CARE, Topic.TEMPLATE,
            Topic.CONTACT,
        )  # fmt: skip

    def refresh(self, changes: Changes | None) -> None:
        """Take over what changed elsewhere, never over unsaved words."""
        self.model.reviewing.forget(changes)
        if changes is not None:
            self.inserting.apply(changes)
        if changes is not None and changes.concerns(Topic.ACCOUNT, Topic.BRAND):
            self._directory.reload()
            self.show_all()
        elif changes is not None and changes.concerns(Topic.CARE, Topic.CONTACT) and self.model.draft.brand_id:
            self.model.reread_readers()
            self._choices = plan_choices(self.context.desk, self.model.draft.brand_id)
            self.writing.audience.recount()
            self._show_texts()
            self._show_options()
        self.pause.show_brand(self.brand)
        if self.model.draft.brand_id == 0:
            self.open(Target("composer", "new_post"))
        else:
            self.model.reread()
            self.approving.show()
            self._review_timer.start()

    def leaving(self) -> None:
        """Keep the last words."""
        self.model.flush()

    def focus_main(self) -> None:
        """The text takes the keys."""
        self.editor.edit.setFocus()

    def save_state(self) -> dict[str, Any]:
        """The splitter."""
        return {"sizes": self._splitter.sizes()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        sizes = state.get("sizes")
        if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(size, int) for size in sizes):
            self._splitter.setSizes(sizes)

    def enabled_actions(self) -> set[str] | None:
        """All that have a handler, of what is published only those that change nothing."""
        if self.model.editable:
            return None
        return {"composer.close", "composer.versions", "composer.review", "composer.next_text"}

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The brand's colour all around (N11)."""
        super().paintEvent(event)
        if (brand := self.brand) is not None:
            painter = QPainter(self)
            painter.setPen(QPen(theme.brand_color(brand.color), FRAME))
            half = FRAME / 2
            painter.drawRect(QRectF(self.rect()).adjusted(half, half, -half, -half))
            painter.end()

    # Showing

    def _taken_up(self) -> None:
        """Another post, or this one as it was changed elsewhere."""
        self._bar_shown = ()
        if self.model.post_id is None or self.model.post_id != self._taken:
            for editor in self.parts.editors():
                editor.forget_undo()
        self._taken = self.model.post_id
        self.approving.show()
        self.show_all()

    def show_all(self) -> None:
        """Show the whole draft; fields whose words are the same keep their cursor."""
        model, draft, writing, brand = self.model, self.model.draft, self.writing, self.brand
        editable = model.editable
        self._choices = plan_choices(self.context.desk, draft.brand_id)
        self.heading.show_brand(brand, self._directory.brands(), fresh=model.post_id is None)
        self.pause.show_brand(brand)
        color = brand.color if brand else ""
        writing.accounts.show_accounts(
            [*model.accounts, *model.gone], draft.account_ids, brand_color=color, editable=editable
        )
        writing.plan.show_plan(draft, self._choices, editable=editable)
        self.tools.set_editable(editable)
        self._show_texts()
        self._show_options()
        offline = bool(model.accounts) and all(each.error_code in _OFFLINE for each in model.accounts)
        self.bar.mark.set_offline(offline)
        self._typed_in = None
        self._show_live()
        self.review_now()
        self.update()

    def _show_texts(self) -> None:
        """The tabs, and every part under the chosen one."""
        editable = self.model.editable
        self.writing.tabs.show_keys(editable=editable)
        self.parts.show_parts(self.writing.tabs.key, editable=editable)

    def _other_text(self, _key: str) -> None:
        self._show_texts()
        self.inserting.speak()

    def _show_options(self) -> None:
        """What follows from accounts and fields: audience, poll, the networks' own options."""
        model, draft, writing = self.model, self.model.draft, self.writing
        editable, chosen = model.editable, model.chosen
        writing.audience.show_audience(draft, self._choices, chosen, editable=editable)
        votable = editable and not model.out.is_out(0)
        writing.poll.show_poll(draft.poll, chosen, pictures=bool(draft.media), editable=votable)
        writing.options.show_options(draft, chosen, editable=editable)

    def _show_live(self) -> None:
        """What changes with every key: counts of the part, previews, the bar; the reviewer follows a moment later."""
        model, draft = self.model, self.model.draft
        number, self._typed_in = self._typed_in, None
        self.heading.set_movable(model.post_id is None and draft.empty, kept=model.post_id is not None)
        self.parts.show_counts(number)
        if number is not None and len(model.draft.part(number).text) > LONG:
            self._looks_timer.start()
        else:
            self._show_looks()
        shown = (self.brand, len(model.still), model.editable, model.sealed and model.editable)
        if shown != self._bar_shown:
            self._bar_shown = shown
            self.bar.show_brand(self.brand, shown[1], editable=shown[2], rescheduling=shown[3])
        self.scheduling.show()
        # What the reviewer said is about the words before: sealing asks it again, here only what is known counts.
        self.bar.set_errors(not shown[1] or not draft.says_something or model.too_long())
        self.writing.banner.setVisible(model.differs_from_schedule)
        self._review_timer.start()

    def _show_looks(self) -> None:
        self._looks_timer.stop()
        self.looking.previews.show_accounts(self.model.chosen)
        self.looking.previews.show_seen(self.model.seen())

    def review_now(self) -> list[Finding]:
        """Ask the reviewer, show what it says, mark the places in the text."""
        self._review_timer.stop()
        self._findings = self.model.findings(self.hours())
        if not self.model.draft.says_something:
            self._findings = _unwritten(self._findings)
        self.reviewer.show_findings(self._findings, self.model.accounts)
        self.writing.market_notes.show_markets(self.model.noted(self.hours()))
        self.writing.audience.reread(self.model.draft)
        self._mark_places()
        nothing = not self.model.draft.says_something
        self.bar.set_errors(nothing or bool(errors(self._findings)) or self.model.too_long())
        return self._findings

    def _mark_places(self) -> None:
        for editor in self.parts.editors():
            marks = [
                (each.place.start, each.place.end, "error" if each.level is Level.ERROR else "warning")
                for each in self._findings
                if each.place is not None and each.place.part == editor.number and each.place.end > each.place.start
                and not each.place.media_id and each.place.key == editor.key
            ]  # fmt: skip
            editor.set_marks("finding", marks)

    def _saved(self, state: str) -> None:
        self.bar.mark.show_state(state)
        if state == "saved":
            self.heading.set_movable(self.model.post_id is None and self.model.draft.empty, kept=True)
            self.writing.banner.setVisible(self.model.differs_from_schedule)
            self.approving.show()

    # Changes

    def _typed(self, part: int, key: str, text: str) -> None:
        own = key in self.model.draft.part(part).variants
        self._typed_in = part
        self.model.set_text(key, text, part)
        if key and not own:
            self.writing.tabs.show_keys(editable=True)
            self.parts.note_own(part)

    def choose(self, **fields: object) -> None:
        """Change fields of the draft as if they had been chosen here."""
        self._set(**fields)

    def _set(self, **fields: object) -> None:
        self.model.change(**fields)
        self.show_all()

    def _option(self, name: str, value: object) -> None:
        """A field of the draft that the options hold: what shows it follows, the words stay."""
        if name == "card":
            self.do_card()
            return
        self.model.change(**{name: value})
        self._show_options()

    def _set_option(self, network: str, name: str, value: object) -> None:
        self.model.set_option(network, name, value)
        self._show_options()

    def _plan_changed(self, fields: dict[str, object]) -> None:
        self.model.change(**fields)
        self.writing.plan.show_plan(self.model.draft, self._choices, editable=self.model.editable)

    def _new_label(self, name: str) -> None:
        async def work() -> None:
            brand_id = self.model.draft.brand_id
            done = await self.context.desk.run(label_commands.add_label, brand_id=brand_id, name=name)
            if self.model.draft.brand_id == brand_id:
                self._set(labels=tuple(sorted({*self.model.draft.labels, done.value})))

        spawn(work(), self, name="make a label")

    def _mend_circle(self, circle_id: int) -> None:
        work = edit_circle(self.window(), self.context, brand_id=self.model.draft.brand_id, circle_id=circle_id)
        spawn(work, self, name="mend a circle")

    def _other_brand(self, brand_id: int) -> None:
        wall, _zone, _fold = self.bar.wall()
        self.model.begin(brand_id)
        self.scheduling.begin(wall)

    def _around(self) -> Surroundings | None:
        brand = self.brand
        if brand is None or not self.model.editable:
            return None
        return for_post(self.context.desk, brand, *self._spoken_here())

    async def _around_whole(self) -> Surroundings | None:
        brand = self.brand
        return None if brand is None else await whole_for_post(self.context.desk, brand, *self._spoken_here())

    def _spoken_here(self) -> tuple[str, int]:
        """Language and market of the words one writes now: words of a market's own are in its language."""
        draft, own = self.model.draft, market_of(self.editor.key)
        return (draft.language, draft.market_id or 0) if own is None else ("", own)


def _unwritten(findings: list[Finding]) -> list[Finding]:
    """Nothing is written yet: say that once, not of each account."""
    rest = [each for each in findings if each.code != "empty_text" and each.level is Level.ERROR]
    return [*rest, Finding(Level.ERROR, "empty_text")] if rest else [Finding(Level.HINT, "empty_text")]


def make(context: PageContext) -> Page:
    """Make the page (see ui.widgets.page)."""
    return ComposerPage(context)

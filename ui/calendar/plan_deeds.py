"""What one does with the plan as a whole: campaigns, labels, notes on days, gaps filled, a week repeated, exports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from cmdesk.commands import campaigns as commands
from cmdesk.i18n import _, ngettext
from cmdesk.model import CalendarItem, Campaign, PostStatus
from cmdesk.planning.days import Mark, MarkKind
from cmdesk.planning.plan_filter import PlanFilter
from cmdesk.planning.shifting import Shift
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.wording import explain_code
from cmdesk.wording_plan import verdict_word
from ui import icons, notices
from ui.bridge import spawn
from ui.calendar.dates import moment, spell
from ui.calendar.exporting import export_plan
from ui.calendar.moves import TOAST_S
from ui.calendar.plan_dialogs import (
    CampaignForm,
    CampaignsDialog,
    CoverageDialog,
    ExportDialog,
    Line,
    MoveDialog,
    PreviewDialog,
    WeekDialog,
)
from ui.models.calendar import CalendarModel
from ui.models.calendar_plan import PlanQueries
from ui.models.directory import Directory
from ui.models.naming import is_for_the_composer
from ui.models.once import once
from ui.widgets.page import PageContext, Target

FILL_DAYS = 14


class PlanDeeds(QObject):
    """Asks, previews and decides; each decision is one step of undo under a name."""

    filtered = Signal(object)  # PlanFilter: show only this

    def __init__(self, context: PageContext, model: CalendarModel, directory: Directory, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._model, self._directory, self._page = context, model, directory, page
        self._ask = PlanQueries(context.desk)

    def _did(self, done: Any, text: str) -> None:
        """Say what was done and offer to take it back, here and by Ctrl+Z."""
        kept = once(done)
        self._context.undo(kept, text)
        step = kept.undo
        if step is not None:
            back = self._context.desk.run
            notices.toast(text, undo=lambda: spawn(back(step.command, **step.args), self, name="undo"), seconds=TOAST_S)

    def _do(self, work: object, name: str) -> None:
        spawn(work, self, name=name)  # type: ignore[arg-type]

    # Campaigns and labels

    def campaign_menu(self, items: Sequence[CalendarItem]) -> None:
        """Put posts of one brand into a campaign, a new one, or none."""
        ids, brands = _ours(items)
        if not ids:
            return
        if len(brands) > 1:
            notices.tell(_("A campaign belongs to one brand. Select posts of one brand."), tone="warning")
            return
        self._popup(self._campaigns_to_choose(items, ids, brands.pop()))

    def _campaigns_to_choose(self, items: Sequence[CalendarItem], ids: Sequence[int], brand_id: int) -> QMenu:
        mine = {each.campaign_id for each in items}
        menu = QMenu(self._page)
        for campaign in self._model.campaigns.values():
            if campaign.brand_id == brand_id and campaign.archived_at is None:
                entry = menu.addAction(clean_line(campaign.name, limit=60).replace("&", "&&"))
                entry.setCheckable(True)
                entry.setChecked(mine == {campaign.id})
                entry.triggered.connect(lambda _checked=False, which=campaign.id: self._put(ids, which))
        menu.addSeparator()
        new = menu.addAction(_("New campaign…"))
        icons.set_icon(new, "plus", "text_muted")
        new.triggered.connect(lambda: self._do(self._new_campaign(brand_id, ids), "new campaign"))
        if mine - {None}:
            none = menu.addAction(_("Take out of its campaign"))
            none.triggered.connect(lambda: self._put(ids, None))
        return menu

    def _put(self, ids: Sequence[int], campaign_id: int | None) -> None:
        async def work() -> None:
            done = await self._context.desk.run(commands.put_in_campaign, post_ids=ids, campaign_id=campaign_id)
            name = self._model.campaigns[campaign_id].name if campaign_id is not None else ""
            self._context.undo(
                done, _("Put in «{name}»").format(name=clean_line(name)) if name else _("Take out of its campaign")
            )

        self._do(work(), "put in a campaign")

    async def _new_campaign(self, brand_id: int, ids: Sequence[int] = ()) -> None:
        form = CampaignForm(Campaign(0, brand_id, ""), self._page, today=self._today())
        if not await form.ask():
            return
        made = form.made
        done = await self._context.desk.run(commands.save_campaign, made=made)
        self._did(done, _("New campaign «{name}»").format(name=clean_line(made.name)))
        if ids:
            put = await self._context.desk.run(commands.put_in_campaign, post_ids=ids, campaign_id=done.value)
            self._context.undo(put, _("Put in «{name}»").format(name=clean_line(made.name)))

    def campaigns(self) -> None:
        """The brand's campaigns, with what can be done with each."""
        self._do(self._campaigns(), "campaigns")

    async def _campaigns(self) -> None:
        brands = {each.id: clean_line(each.name) for each in self._directory.brands()}
        shown = {} if self._context.brand_id is not None else brands
        dialog = CampaignsDialog(list(self._model.campaigns.values()), self._model.post_counts(), shown, self._page)
        if not await dialog.ask() or dialog.wanted is None:
            return
        what, which = dialog.wanted
        if what == "new":
            await self._begin_campaign()
            return
        campaign = self._model.campaigns[which]
        name = clean_line(campaign.name)
        if what == "show":
            self.filtered.emit(PlanFilter(campaigns=(which,)))
        elif what == "move":
            await self._move_campaign(campaign)
        elif what == "edit":
            form = CampaignForm(campaign, self._page, today=self._today())
            if await form.ask():
                done = await self._context.desk.run(commands.save_campaign, made=form.made)
                self._did(done, _("Change the campaign «{name}»").format(name=name))
        elif what == "archive":
            archived = campaign.archived_at is None
            kept = await self._context.desk.run(commands.archive_campaign, campaign_id=which, archived=archived)
            text = _("Archive «{name}»") if archived else _("Put «{name}» back")
            self._context.undo(kept, text.format(name=name))
        elif what == "delete":
            gone = await self._context.desk.run(commands.delete_campaign, campaign_id=which)
            self._context.undo(gone, _("Delete the campaign «{name}»").format(name=name))

    async def _begin_campaign(self) -> None:
        brand_id = await self._one_brand(_("Whose campaign is it?"))
        if brand_id is not None:
            await self._new_campaign(brand_id)

    async def _move_campaign(self, campaign: Campaign) -> None:
        ids = self._ask.posts_of(campaign.id)
        days = await self._ask_days(_("Move «{name}»").format(name=clean_line(campaign.name)), ids)
        if days:
            done = await self._context.desk.run(commands.move_campaign, campaign_id=campaign.id, days=days)
            name = _("Move the campaign «{name}»").format(name=clean_line(campaign.name))
            self._did(done, name)
            self._tell_left(done.value)

    def move(self, items: Sequence[CalendarItem]) -> None:
        """Move posts by days or to a start, with what would come of it."""
        ids, _brands = _ours(items)

        async def work() -> None:
            title = ngettext("Move {n} post", "Move {n} posts", len(ids)).format(n=len(ids))
            days = await self._ask_days(title, ids)
            if days:
                done = await self._context.desk.run(commands.move_posts, post_ids=ids, days=days)
                self._did(done, title)
                self._tell_left(done.value)

        if ids:
            self._do(work(), "move posts")

    async def _ask_days(self, title: str, ids: Sequence[int]) -> int:
        now = self._context.desk.clock.now()
        walls = [each.was for each in self._ask.shifts(ids, 0, now) if each.was]
        if not walls:
            notices.tell(_("None of these posts has a date to move."), tone="warning")
            return 0
        first = date.fromisoformat(min(walls)[:10])
        dialog = MoveDialog(
            title, self._page, first=first, preview=lambda days: _shift_lines(self._ask.shifts(ids, days, now))
        )
        return dialog.days if await dialog.ask() else 0

    def _tell_left(self, told: Sequence[Shift]) -> None:
        left = sum(not each.moves for each in told)
        if left:
            text = ngettext("{n} post stayed where it was.", "{n} posts stayed where they were.", left)
            notices.tell(text.format(n=left), tone="warning")

    def label_menu(self, items: Sequence[CalendarItem]) -> None:
        """Put a label on posts or take it off; labels go by their names, so that several brands can share one."""
        ids, brands = _ours(items)
        if not ids:
            return
        menu = QMenu(self._page)
        names = sorted({each.name for each in self._model.labels.values() if each.brand_id in brands}, key=str.casefold)
        for name in names:
            having = [
                any(self._model.labels[one].name == name for one in each.labels if one in self._model.labels)
                for each in items
                if each.post_id > 0
            ]
            entry = menu.addAction(clean_line(name, limit=60).replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(all(having))
            entry.triggered.connect(lambda on, name=name: self._label(ids, name, on))
        if names:
            menu.addSeparator()
        new = menu.addAction(_("New label…"))
        icons.set_icon(new, "plus", "text_muted")
        new.triggered.connect(lambda: self._do(self._new_label(ids), "new label"))
        self._popup(menu)

    def _label(self, ids: Sequence[int], name: str, on: bool) -> None:
        async def work() -> None:
            done = await self._context.desk.run(commands.label_posts, post_ids=ids, name=name, on=on)
            text = _("Label «{name}»") if on else _("Take the label «{name}» off")
            self._did(done, text.format(name=clean_line(name)))

        self._do(work(), "label posts")

    async def _new_label(self, ids: Sequence[int]) -> None:
        answer = await notices.ask(
            notices.Question(
                _("New label"), choices=[notices.Choice("yes", _("Add it"))], icon="tag", input_label=_("Name")
            )
        )
        if answer is not None and answer.text.strip():
            self._label(ids, answer.text.strip(), True)

    # Notes on days

    def note_menu(self, day: date, marks: Sequence[Mark], where: QPoint | None = None) -> None:
        """Write a note on a day, or change one that is there."""
        notes = [each for each in marks if each.kind is MarkKind.NOTE and each.note_id is not None]
        if not notes:
            self._do(self._write_note(day, None), "note on a day")
            return
        menu = QMenu(self._page)
        new = menu.addAction(_("New note…"))
        icons.set_icon(new, "plus", "text_muted")
        new.triggered.connect(lambda: self._do(self._write_note(day, None), "note on a day"))
        menu.addSeparator()
        for each in notes:
            sub = menu.addMenu(clean_line(each.text, limit=50).replace("&", "&&"))
            sub.addAction(_("Edit…")).triggered.connect(
                lambda _checked=False, each=each: self._do(self._write_note(day, each), "note on a day")
            )
            sub.addAction(_("Delete")).triggered.connect(
                lambda _checked=False, each=each: self._do(self._delete_note(each), "delete a note")
            )
        self._popup(menu, where)

    async def _write_note(self, day: date, old: Mark | None) -> None:
        brand_id = self._context.brand_id
        brand = self._directory.brand(brand_id) if brand_id is not None else None
        choices = [notices.Choice("all", _("Save for all brands"))]
        if brand is not None:
            choices.insert(0, notices.Choice("brand", _("Save for {brand}").format(brand=clean_line(brand.name))))
        answer = await notices.ask(
            notices.Question(
                _("Note on {day}").format(day=spell(day, "dddd d MMMM")),
                choices=choices,
                icon="sticky-note",
                input_label=_("Note"),
                input_text=safe_body(old.text) if old else "",
            )
        )
        if answer is None or not answer.text.strip():
            return
        done = await self._context.desk.run(
            commands.save_note, day=day, text=answer.text, brand_id=brand_id if answer.key == "brand" else None,
            note_id=(old.note_id or 0) if old else 0,
        )  # fmt: skip
        self._did(done, _("Note on {day}").format(day=spell(day, "d MMMM")))

    async def _delete_note(self, note: Mark) -> None:
        done = await self._context.desk.run(commands.delete_note, note_id=note.note_id or 0)
        self._did(done, _("Delete the note «{text}»").format(text=clean_line(note.text, limit=32)))

    # Gaps

    def fill(self) -> None:
        """Put drafts into the next two weeks' free slots, after showing which goes where."""
        self._do(self._fill(), "fill free slots")

    async def _fill(self) -> None:
        brand_id = await self._one_brand(_("Whose free slots are filled?"))
        if brand_id is None:
            return
        now = self._context.desk.clock.now()
        days = now, now + timedelta(days=FILL_DAYS)
        told = self._ask.fill_plan(brand_id, *days)
        lines = [
            Line(
                each.text,
                ", ".join(dict.fromkeys(moment(datetime.fromisoformat(one.wall)) for one in each.targets if one.wall)),
                "" if not each.why else _fill_words(each.why),
                not each.why,
            )
            for each in told
        ]
        dialog = PreviewDialog(
            _("Fill free slots with drafts"),
            _("These drafts would be scheduled in the next two weeks, the oldest first."),
            lines, self._page, yes=_("Schedule them"), icon="wand-sparkles",
        )  # fmt: skip
        if await dialog.ask():
            done = await self._context.desk.run(self._ask.fill, brand_id=brand_id, start=days[0], end=days[1])
            count = sum(not each.why for each in done.value)
            text = ngettext("Fill {n} free slot", "Fill {n} free slots", count).format(n=count)
            self._did(done, text)

    def coverage(self) -> None:
        """Who says something while one is away."""
        brands = {each.id: clean_line(each.name) for each in self._directory.brands()}
        dialog = CoverageDialog(self._page, start=self._today(), brands=brands, find=self._model.coverage)
        self._do(dialog.ask(), "coverage")

    # Weeks, plans, exports

    def duplicate_week(self, week: date, first_weekday: int) -> None:
        """Repeat a week's posts in another, as plans."""
        brand_id, zone, now = self._context.brand_id, self._model.zone, self._context.desk.clock.now()

        def preview(to: date) -> list[Line]:
            told = self._ask.repeats(brand_id, week, to, zone, now)
            return [
                Line(
                    each.text, moment(datetime.fromisoformat(each.wall)), verdict_word(each.verdict),
                    each.verdict != "past",
                )
                for each in told
            ]  # fmt: skip

        async def work() -> None:
            dialog = WeekDialog(self._page, week=week, first_weekday=first_weekday, preview=preview)
            if not await dialog.ask():
                return
            done = await self._context.desk.run(
                commands.duplicate_week, brand_id=brand_id, week=week, to=dialog.week, zone=zone
            )
            text = ngettext("Duplicate {n} post to the week of {day}", "Duplicate {n} posts to the week of {day}",
                            len(done.value))  # fmt: skip
            self._did(done, text.format(n=len(done.value), day=spell(dialog.week, "d MMMM")))

        self._do(work(), "duplicate the week")

    def schedule(self, items: Sequence[CalendarItem]) -> None:
        """Schedule plans at the hours they stand at."""
        ids = [each.post_id for each in items if each.status is PostStatus.DRAFT and each.at is not None]

        async def work() -> None:
            done = await self._context.desk.run(commands.schedule_posts, post_ids=ids)
            text = ngettext("Schedule {n} post", "Schedule {n} posts", done.value).format(n=done.value)
            self._did(done, text)

        def refused(error: Exception) -> bool:
            if len(ids) != 1 or not is_for_the_composer(error):
                return False
            notices.error(error, doing=_("Schedule"))
            self._context.navigate(Target("composer", "post", ids[0]))  # what it lacks is mended there
            return True

        if ids:
            spawn(work(), self, name="schedule plans", on_error=refused)

    def export(self, days: Sequence[date]) -> None:
        """Write the plan to a file."""
        brands = self._directory.brands()
        dialog = ExportDialog(
            self._page, start=days[0], end=days[-1], brands=brands, brand_id=self._context.brand_id,
            filtered=bool(self._model.chosen),
        )  # fmt: skip

        async def work() -> None:
            if await dialog.ask():
                await export_plan(self._context.desk, dialog, self._page, chosen=self._model.chosen)

        self._do(work(), _("Export the plan"))

    # Inside

    def _today(self) -> date:
        return self._context.desk.clock.now().astimezone(ZoneInfo(self._model.zone)).date()

    async def _one_brand(self, title: str) -> int | None:
        if self._context.brand_id is not None:
            return self._context.brand_id
        brands = self._directory.brands()
        if len(brands) == 1:
            return brands[0].id
        answer = await notices.ask(
            notices.Question(
                title,
                choices=[notices.Choice(str(each.id), clean_line(each.name)) for each in brands],
                as_list=True,
                confirm=_("Continue"),
            )
        )
        return None if answer is None else int(answer.key)

    def _popup(self, menu: QMenu, where: QPoint | None = None) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        spot = where or self._page.mapToGlobal(QPoint(self._page.width() // 2 - menu.sizeHint().width() // 2, 120))
        menu.popup(spot)


def _ours(items: Sequence[CalendarItem]) -> tuple[list[int], set[int]]:
    """Return the ids of posts of this desk, each once, and their brands."""
    mine = [each for each in items if each.post_id > 0]
    return list(dict.fromkeys(each.post_id for each in mine)), {each.brand_id for each in mine}


def _shift_lines(told: Sequence[Shift]) -> list[Line]:
    lines = []
    for each in told:
        was = moment(datetime.fromisoformat(each.was)) if each.was else _("no date")
        new = next((one.wall for one in each.targets if one.wall), "")
        detail = f"{was} → {moment(datetime.fromisoformat(new))}" if each.moves and new else was
        lines.append(Line(each.text, detail, verdict_word(each.verdict), each.moves))
    return lines


def _fill_words(code: str) -> str:
    words = {
        "no_accounts": _("It has no accounts yet."),
        "no_queue": _("Its accounts have no hours of a queue."),
        "no_slot": _("No free hour is left for it."),
    }
    return words.get(code) or explain_code(code)

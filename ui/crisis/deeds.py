"""What is decided in a crisis: asks where something must be said, runs the command, and tells."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cmdesk.care.crisis import ALL_BRANDS, Entry, HeldPost
from cmdesk.care.values import Alarm, CrisisPlan, Evidence, Phone
from cmdesk.commands import crisis as commands
from cmdesk.i18n import _, ngettext, supported
from cmdesk.model import Account, Brand
from cmdesk.safe_text import clean_line
from cmdesk.wording_crisis import alarm_words
from ui import notices
from ui.bridge import spawn
from ui.crisis.dialogs import MoveDialog, StartDialog, StatementDialog
from ui.models import crisis as models
from ui.models.directory import Directory
from ui.models.once import once
from ui.notices import Choice, Question
from ui.paper.pdf import file_stem, save
from ui.widgets.dialogs import choose_save
from ui.widgets.page import PageContext


class CrisisDeeds(QObject):
    """Each public method is one wish of the page; `owner` is the widget dialogs belong to."""

    def __init__(self, context: PageContext, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._desk, self._owner = context, context.desk, owner

    def toggle(self, brand_id: int | None) -> None:
        """One key: start where none lasts, else ask whether it is over."""
        lasting = models.lasting(self._desk, brand_id)
        mine = [each for each in lasting if brand_id is None or each.brand_id == brand_id] or lasting
        if mine:
            self.over(mine[0].id)
        else:
            self.start(brand_id)

    def start(self, brand_id: int | None, alarm: Alarm | None = None) -> None:
        """Ask which brand and why, and hold everything."""
        self._spawn(self._start(brand_id, alarm), _("Start a crisis hold"))

    def over(self, crisis_id: int) -> None:
        """Ask, and end the holding of anything new."""
        self._spawn(self._over(crisis_id), _("The crisis is over"))

    def close(self, crisis_id: int) -> None:
        """Put it to the files."""
        self._spawn(self._run(commands.close, _("Closed; its report stays under “Past”"), crisis_id=crisis_id))

    def note(self, crisis_id: int, text: str) -> None:
        """Write a line into the log."""
        self._spawn(self._run(commands.log_entry, "", crisis_id=crisis_id, text=text))

    def called(self, crisis_id: int, phone: Phone) -> None:
        """Log a call with its time."""
        who = " · ".join(part for part in (phone.name, phone.role) if part) or phone.phone
        text = _("Logged: {who} was called").format(who=clean_line(phone.name, limit=60))
        self._spawn(self._run(commands.log_entry, text, crisis_id=crisis_id, kind=Entry.CALLED, text=who))

    def decide(self, post: HeldPost, word: str) -> None:
        """Release, move or drop a held post."""
        self._spawn(self._decide(post, word))

    def statement(self, crisis_id: int, brand: Brand, accounts: Sequence[Account]) -> None:
        """Ask for the last words and publish them."""
        self._spawn(self._statement(crisis_id, brand, accounts), _("Publish the statement"))

    def save_plan(self, plan: CrisisPlan) -> None:
        """Keep the plan."""
        self._spawn(self._run(commands.save_plan, "", plan=plan))

    def dismiss(self, alarm: Alarm) -> None:
        """Put an alarm away."""
        self._spawn(self._run(commands.dismiss_alarm, _("Alarm put away"), alarm_id=alarm.id))

    def report(self, crisis_id: int) -> None:
        """Write the two pages as PDF."""
        self._spawn(self._report(crisis_id), _("Crisis report"))

    def export(self, brand_id: int, name: str, records: list[Evidence]) -> None:
        """Write evidence for a lawyer."""
        self._spawn(self._export(brand_id, name, records), _("Export the evidence"))

    # Inside

    def _spawn(self, work: Coroutine[Any, Any, None], name: str = "crisis") -> None:
        spawn(work, self, name=name)

    async def _run(self, command: Callable[..., Any], told: str, **args: Any) -> None:
        done = once(await self._desk.run(command, **args))
        if done.undo is not None:
            self._context.undo(done, told or _("Crisis log"))
        if told:
            notices.tell(told, tone="positive")

    async def _start(self, brand_id: int | None, alarm: Alarm | None) -> None:
        brands = Directory(self._desk).brands()
        dialog = StartDialog(brands, brand_id, self._owner)
        if alarm is not None:
            dialog.reason.setText(clean_line(alarm_words(alarm), limit=500))
        if not await dialog.ask():
            return
        chosen, reason = dialog.chosen()
        done = await self._desk.run(commands.start, brand_id=chosen, reason=reason)
        found = models.situations(self._desk, None if chosen == ALL_BRANDS else chosen)
        held = next((len(each.waiting) for each in found if each.crisis.id == done.value), 0)
        text = ngettext("{count} post is held", "{count} posts are held", held).format(count=held)
        notices.tell(_("Nothing planned goes out: {held}").format(held=text), tone="negative", seconds=8)

    async def _over(self, crisis_id: int) -> None:
        situation = next((each for each in models.situations(self._desk, None) if each.crisis.id == crisis_id), None)
        count = len(situation.waiting) if situation is not None else 0
        brand = Directory(self._desk).brand(situation.crisis.brand_id) if situation is not None else None
        name = clean_line(brand.name, limit=60) if brand is not None else _("all brands")
        text = ngettext(
            "{count} post stays held until you decide about it.",
            "{count} posts stay held until you decide about each.",
            count,
        )
        answer = await notices.ask(
            Question(
                _("Is the crisis of {brand} over?").format(brand=name),
                text.format(count=count) if count else _("No post is held."),
                choices=(Choice("yes", _("It is over")), Choice("no", _("It goes on"))),
                icon="siren",
            )
        )
        if answer is not None and answer.key == "yes":
            await self._desk.run(commands.over, crisis_id=crisis_id)

    async def _decide(self, post: HeldPost, word: str) -> None:
        args: dict[str, Any] = {}
        situation = next(
            (each for each in models.situations(self._desk, None) if each.crisis.id == post.crisis_id), None
        )
        if word == "moved":
            dialog = MoveDialog(post, self._desk.clock.now(), self._owner)
            if not await dialog.ask():
                return
            args["wall"] = dialog.wall()
        if word == "released" and situation is not None and situation.active and not await self._sure(post):
            return
        await self._desk.run(
            commands.decide, crisis_id=post.crisis_id, delivery_id=post.delivery_id, decision=word, **args
        )
        told = {"released": _("Released"), "moved": _("Moved"), "dropped": _("Back to the drafts")}[word]
        notices.tell(f"{told}: {clean_line(post.text, limit=60)}", tone="positive")

    async def _sure(self, post: HeldPost) -> bool:
        return await notices.confirm(
            _("Publish this during the crisis?"),
            clean_line(post.text, limit=200),
            yes=_("Release it"),
            danger=True,
        )

    async def _statement(self, crisis_id: int, brand: Brand, accounts: Sequence[Account]) -> None:
        plan = models.plan(self._desk, brand.id)
        dialog = StatementDialog(brand, accounts, plan, self._owner)
        if not await dialog.ask():
            return
        text, ids, language = dialog.chosen()
        await self._desk.run(
            commands.publish_statement, crisis_id=crisis_id, brand_id=brand.id, text=text, account_ids=ids,
            language=language or brand.language,
        )  # fmt: skip
        notices.tell(_("The statement goes out now"), tone="positive")

    async def _report(self, crisis_id: int) -> None:
        from ui.crisis.report import write

        report = await models.report(self._desk, crisis_id, self._desk.clock.now())
        only = report.brands[0] if len(report.brands) == 1 and not report.whole else None
        name = only.name if only is not None else _("all brands")
        language = supported(only.language) if only is not None else ""
        stem = _("{brand} crisis {day}").format(brand=name, day=f"{report.crisis.started_at.astimezone():%Y-%m-%d}")
        path = await choose_save(
            self._owner,
            _("Crisis report"),
            name=f"{file_stem(stem, otherwise='crisis')}.pdf",
            patterns=[("PDF", ["*.pdf"])],
        )
        if path is None:
            return
        data = write(report, language=language)
        await self._desk.work(save, path, data)
        notices.tell(_("Saved: {file}").format(file=path.name), tone="positive")

    async def _export(self, brand_id: int, name: str, records: list[Evidence]) -> None:
        day = f"{self._desk.clock.now().astimezone():%Y-%m-%d}"
        stem = file_stem(_("Evidence {brand} {day}").format(brand=name, day=day), otherwise="evidence")
        path = await choose_save(
            self._owner, _("Export the evidence"), name=f"{stem}.zip", patterns=[(_("Zip archive"), ["*.zip"])]
        )
        if path is None:
            return
        await self._desk.work(models.write_evidence, self._desk, brand_id, name, path, records)
        notices.tell(_("Saved: {file}").format(file=path.name), tone="positive")

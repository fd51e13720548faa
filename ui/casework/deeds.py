"""What is decided about a case: asks where something must be said, runs the command, tells, and can take it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cmdesk.care.case_words import outcome_word
from cmdesk.care.values import Compensation, Decision, Promise, PublicClose, Referral
from cmdesk.commands import cases as commands
from cmdesk.i18n import _, supported, using
from cmdesk.safe_text import clean_line
from ui import notices
from ui.bridge import spawn
from ui.casework import words
from ui.casework.dialogs import (
    AnswerDialog,
    CallDialog,
    CloseDialog,
    FollowUpDialog,
    GiveDialog,
    OpenCase,
    PromiseDialog,
    SolveDialog,
)
from ui.casework.refer import ReferDialog, SheetDialog
from ui.models import cases as models
from ui.models.cases import CaseView
from ui.models.once import once
from ui.widgets.page import PageContext, Target, Undoable
from ui.widgets.times import moment


class CaseDeeds(QObject):
    """Does what a `CasePanel` asks for; `owner` is the widget dialogs belong to."""

    text_wanted = Signal(str)
    """Questions to be put into the reply, in the person's language."""
    public_comment_wanted = Signal(object)
    """The closing comment in public shall be written: the case."""
    opened = Signal(int)
    """A case was opened: its id."""

    def __init__(self, context: PageContext, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._desk, self._owner = context, context.desk, owner

    def handle(self, name: str, value: object, view: CaseView) -> None:
        """Do what the panel of a case wants."""
        work = getattr(self, f"_{name}", None)
        if work is None:
            raise ValueError(f"a case knows no {name!r}")
        spawn(work(view, value), self, name=name.replace("_", " "))

    # Opening

    async def open_case(
        self, *, conversation_id: int | None, brand_id: int, contact_id: int | None, who: str, title: str
    ) -> int | None:
        """Ask what it is about and open a case; its id, None when the person changed their mind."""
        care = models.brand_care(self._desk, brand_id)
        earlier = models.earlier_cases(self._desk, contact_id) if contact_id is not None else []
        dialog = OpenCase(self._owner, title=title, who=who, care=care, earlier=earlier, now=self._now())
        if not await dialog.ask():
            return None
        done = await self._run(
            commands.open_case,
            _("Case opened: {what}").format(what=dialog.title.text()),
            conversation_id=conversation_id,
            brand_id=brand_id,
            contact_id=contact_id,
            **dialog.fields(),
        )
        self.opened.emit(done)
        return int(done)

    async def log_call(
        self, *, brand_id: int, who: str, contact_id: int | None = None, conversation_id: int | None = None,
        case_id: int | None = None,
    ) -> None:  # fmt: skip
        """Write a phone call down (R8)."""
        dialog = CallDialog(self._owner, who=who, now=self._now())
        if not await dialog.ask():
            return
        at = min(dialog.when.value() or self._now(), self._now())
        await self._run(
            commands.log_call, _("Call logged: {who}").format(who=who), brand_id=brand_id, contact_id=contact_id,
            conversation_id=conversation_id, case_id=case_id, text=dialog.text.said(), at=at,
            direction=dialog.direction.current(),
        )  # fmt: skip

    async def promise(self, *, brand_id: int, conversation_id: int | None = None, case_id: int | None = None) -> None:
        """Ask what was promised and write it down, with or without a case (D12)."""
        care = models.brand_care(self._desk, brand_id)
        dialog = PromiseDialog(self._owner, now=self._now(), level=care.level)
        if not await dialog.ask():
            return
        due = _must(dialog.when.value())
        text = _("Promised until {when}").format(when=moment(due, self._now()))
        await self._run(
            commands.promise,
            text,
            conversation_id=conversation_id,
            case_id=case_id,
            text=dialog.text.text(),
            due_at=due,
        )

    async def promise_act(self, name: str, promise: Promise) -> None:
        """Say that a promise was kept ("keep"), withdraw it, or ask for another time ("move"); in a case or in none."""
        words = clean_line(promise.text, limit=80)
        if name == "keep":
            text = _("Promise kept: {text}").format(text=words)
            await self._run(commands.keep_promise, text, promise_id=promise.id)
        elif name == "withdraw":
            text = _("Promise withdrawn: {text}").format(text=words)
            await self._run(commands.withdraw_promise, text, promise_id=promise.id)
        else:
            level = models.brand_care(self._desk, promise.brand_id).level
            dialog = PromiseDialog(self._owner, now=self._now(), level=level, text=promise.text, due=promise.due_at)
            if await dialog.ask():
                due = _must(dialog.when.value())
                text = _("Promise moved to {when}").format(when=moment(due, self._now()))
                await self._run(commands.move_promise, text, promise_id=promise.id, due_at=due)

    # What the panel asks for; each takes the case and the value of the signal

    async def _set(self, view: CaseView, fields: Any) -> None:
        await self._run(commands.set_case, _changed(fields), tell=False, case_id=view.file.case.id, **fields)

    async def _rename(self, view: CaseView, _value: object) -> None:
        case = view.file.case
        answer = await notices.ask(
            notices.Question(
                words.number(case),
                choices=(notices.Choice("yes", _("Change")), notices.Choice("no", _("Cancel"))),
                icon="pencil",
                input_label=_("What is it about?"),
                input_text=case.title,
            )
        )
        if answer is not None and answer.key == "yes" and answer.text.strip():
            await self._set(view, {"title": answer.text.strip()})

    async def _add_question(self, view: CaseView, _value: object) -> None:
        answer = await notices.ask(
            notices.Question(
                _("What else has to be asked?"),
                choices=(notices.Choice("yes", _("Add")), notices.Choice("no", _("Cancel"))),
                icon="circle-question-mark",
                input_label=_("Question"),
            )
        )
        if answer is not None and answer.key == "yes" and answer.text.strip():
            await self._set(view, {"info": {clean_line(answer.text, limit=160): ""}})

    async def _tick(self, view: CaseView, value: Any) -> None:
        step, on = value
        text = _("Step done") if on else _("Step not done")
        await self._run(commands.tick, text, tell=False, case_id=view.file.case.id, step=step, on=on)

    async def _promise(self, view: CaseView, _value: object) -> None:
        await self.promise(brand_id=view.file.case.brand_id, case_id=view.file.case.id)

    async def _keep(self, _view: CaseView, promise: Promise) -> None:
        await self.promise_act("keep", promise)

    async def _move(self, _view: CaseView, promise: Promise) -> None:
        await self.promise_act("move", promise)

    async def _withdraw(self, _view: CaseView, promise: Promise) -> None:
        await self.promise_act("withdraw", promise)

    async def _compensate(self, view: CaseView, _value: object) -> None:
        case = view.file.case
        asked = case.decision == Decision.CLIENT
        dialog = GiveDialog(
            self._owner, authority=view.care.authority, given_cents=view.given_cents, asked=asked
        )  # fmt: skip
        if not await dialog.ask():
            return
        # The dialog is gone after the next await.
        text, beyond = _("Given: {what}").format(what=dialog.said()), not dialog.alone() and not asked
        given: dict[str, Any] = {
            "kind": str(dialog.kind.currentData()), "detail": dialog.detail.text(), "cost_cents": dialog.cents(),
            "currency": dialog.currency_code(),
        }  # fmt: skip
        if beyond:
            await self._set(view, {"decision": Decision.CLIENT.value})
        await self._run(commands.compensate, text, case_id=case.id, **given)

    async def _uncompensate(self, view: CaseView, given: Compensation) -> None:
        text = _("Removed: {what}").format(what=clean_line(given.detail or given.kind, limit=80))
        await self._run(commands.remove_compensation, text, compensation_id=given.id)

    async def _refer(self, view: CaseView, _value: object) -> None:
        dialog = ReferDialog(self._owner, self._desk, view=view, now=self._now())
        if not await dialog.ask():
            return
        who = clean_line(dialog.who.text(), limit=60)
        await self._run(
            commands.refer, _("Referred to {who}").format(who=who), case_id=view.file.case.id, who=dialog.who.text(),
            asked=dialog.asked.said(), due_at=dialog.due.value(), remind_at=dialog.remind.value(),
        )  # fmt: skip

    async def _answer(self, view: CaseView, referral: Referral) -> None:
        dialog = AnswerDialog(self._owner, who=clean_line(referral.who, limit=60), asked=referral.asked)
        if await dialog.ask():
            text = _("{who} has answered").format(who=clean_line(referral.who, limit=60))
            await self._run(commands.answer_referral, text, referral_id=referral.id, answer=dialog.answer.said())

    async def _remind(self, view: CaseView, referral: Referral) -> None:
        dialog = SheetDialog(self._owner, self._desk, view=view, referral=referral, now=self._now())
        if await dialog.ask():
            text = _("{who} reminded").format(who=clean_line(referral.who, limit=60))
            await self._run(commands.remind, text, referral_id=referral.id)

    async def _sheet(self, view: CaseView, _value: object) -> None:
        await SheetDialog(self._owner, self._desk, view=view, referral=None, now=self._now()).ask()

    async def _solve(self, view: CaseView, _value: object) -> None:
        case = view.file.case
        dialog = SolveDialog(self._owner, file=view.file, now=self._now(), level=view.care.level)
        if not await dialog.ask():
            return
        solution, follow_up_at = dialog.solution.said(), dialog.follow_up.value()
        if case.private_at is not None and not dialog.public.isChecked():
            await self._run(
                commands.set_public_close, _("No closing comment in public"), tell=False, case_id=case.id,
                value=PublicClose.NOT_NEEDED.value,
            )  # fmt: skip
        await self._run(
            commands.solve_case, _("Case solved: {what}").format(what=words.what(case)), case_id=case.id,
            solution=solution, follow_up_at=follow_up_at,
        )  # fmt: skip

    async def _follow_up(self, view: CaseView, _value: object) -> None:
        dialog = FollowUpDialog(self._owner, file=view.file)
        if await dialog.ask():
            text = _("Followed up: {who}").format(who=words.person(view.file))
            await self._run(
                commands.follow_up, text, case_id=view.file.case.id, satisfaction=dialog.mark(), note=dialog.note.said()
            )

    async def _close(self, view: CaseView, _value: object) -> None:
        why = words.forbids_closing(view.file)
        if why:
            notices.tell(why, tone="warning")
            return
        dialog = CloseDialog(self._owner, file=view.file)
        if await dialog.ask():
            outcome = dialog.outcome()
            text = _("Case closed: {how}").format(how=outcome_word(outcome))
            await self._run(commands.close_case, text, case_id=view.file.case.id, outcome=outcome)

    async def _reopen(self, view: CaseView, _value: object) -> None:
        case = view.file.case
        text = _("Case open again: {what}").format(what=words.what(case))
        await self._run(commands.reopen_case, text, case_id=case.id)

    async def _call(self, view: CaseView, _value: object) -> None:
        case = view.file.case
        await self.log_call(
            brand_id=case.brand_id, who=words.person(view.file), contact_id=case.contact_id,
            conversation_id=case.conversation_id, case_id=case.id,
        )  # fmt: skip

    async def _public_close(self, view: CaseView, _value: object) -> None:
        self.public_comment_wanted.emit(view.file.case)

    async def _public_not_needed(self, view: CaseView, _value: object) -> None:
        value = PublicClose.NOT_NEEDED.value
        text = _("No closing comment in public")
        await self._run(commands.set_public_close, text, case_id=view.file.case.id, value=value)

    async def _ask_in_reply(self, view: CaseView, keys: Any) -> None:
        self.text_wanted.emit(question_text(view, keys, models.speaks(self._desk, view.file.case)))

    async def _show_case(self, view: CaseView, case_id: Any) -> None:
        self.go(case_id)

    def go(self, case_id: int) -> None:
        """Show a case on the page of cases."""
        self._context.navigate(Target("cases", "case", id=case_id))

    # Running

    def _now(self) -> datetime:
        return self._desk.clock.now()

    async def _run(self, command: Callable[..., Any], text: str, /, *, tell: bool = True, **args: Any) -> Any:
        done = once(await self._desk.run(command, **args))
        if done.undo is not None:
            self._context.undo(done, text)
            if tell:
                notices.toast(text, undo=lambda: self._undo(done), seconds=6)
        return done.value

    def _undo(self, done: Undoable) -> None:
        step = done.undo
        spawn(self._desk.run(step.command, **step.args), self, name="undo")


def question_text(view: CaseView, keys: Sequence[str], speaking: str) -> str:
    """What to ask a person for, as it goes into an answer, in their language where the program speaks it."""
    names = [words.question(view, key, speaking) for key in keys]
    with using(supported(speaking)):
        if len(names) == 1:
            return _("To help you we need one thing: {what}.").format(what=_inside(names[0]))
        lead = _("To help you we need:")
    return "\n".join([lead, *(f"– {_inside(name)}" for name in names)])


def _inside(text: str) -> str:
    """A name within a sentence: its first letter small unless the word is one of capitals."""
    return text[:1].lower() + text[1:] if not text[1:2].isupper() else text


def _changed(fields: dict[str, Any]) -> str:
    names = {
        "cause": _("Cause of a case"), "valid": _("Whether a case is valid"), "solvable": _("Whether it can be solved"),
        "protocol": _("Protocol of a case"), "decision": _("Who decides in a case"), "info": _("Facts of a case"),
        "satisfaction": _("Satisfaction"), "title": _("Title of a case"),
    }  # fmt: skip
    return names.get(next(iter(fields), ""), _("Change of a case"))


def _must(at: datetime | None) -> datetime:
    if at is None:
        raise ValueError("this field always has a time")
    return at

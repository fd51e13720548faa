"""The Problems page: a list that only a decision or a settled fact makes shorter."""

from __future__ import annotations

import json
from collections.abc import Coroutine
from dataclasses import asdict
from functools import partial
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QVBoxLayout

from cmdesk.commands import planning as planning_commands, waking as waking_commands
from cmdesk.i18n import _, ngettext
from cmdesk.model import Problem
from cmdesk.planning.waking import Decision, How
from cmdesk.safe_text import clean_line
from ui import by_hand, notices, theme, waking
from ui.bridge import Changes, Topic, spawn
from ui.models import problems
from ui.models.accounts import profile_url
from ui.models.directory import Directory
from ui.notices import Choice, Question
from ui.problems import words
from ui.problems.card import ProblemCard
from ui.theme.tokens import Space
from ui.widgets import Button, Divider, EmptyState, SegmentedControl
from ui.widgets.header import PageHeader
from ui.widgets.links import open_web
from ui.widgets.page import Page, PageContext, Target
from ui.widgets.panels import scroll_column

_SHOWN = 60
_WIDTH = 1080
_TOPICS = (Topic.DELIVERY, Topic.ACTION, Topic.ACCOUNT, Topic.POST, Topic.BRAND, Topic.SETTING)


class ProblemsPage(Page):
    """Cards, newest first, with a filter by what they want of the person."""

    scope = "problems"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, surface="window")
        self._directory = Directory(context.desk, self)
        self._problems: list[Problem] = []
        self._cards: list[ProblemCard] = []
        self._limit = _SHOWN
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._header = PageHeader(_("Problems"))
        self._filter = SegmentedControl(
            [("all", _("All")), ("decide", _("To decide")), ("failed", _("Failed")), ("account", _("Accounts"))],
            name=_("Which problems"),
        )
        self._filter.changed.connect(lambda _key: self._show())
        self._together = Button(_("Decide together…"), icon="clock-alert", size="small")
        self._together.clicked.connect(lambda: spawn(self._review(), self, name=_("Decide together…")))
        self._header.add(self._together)
        self._header.add(self._filter)
        outer.addWidget(self._header)
        outer.addWidget(Divider())
        self._area, self._column = scroll_column(margin=Space.XL, spacing=Space.M)
        outer.addWidget(self._area, 1)
        self._empty = EmptyState("circle-check", "", tone="positive")
        outer.addWidget(self._empty, 1)
        self._more = Button(_("Show more"), variant="ghost")
        self._more.clicked.connect(self._show_more)
        self._more.hide()

    # Page

    def concerned(self, changes: Changes) -> bool:
        """Anything that can fail."""
        return changes.concerns(*_TOPICS)

    def refresh(self, changes: Changes | None) -> None:
        """Read the problems again; cards are rebuilt only when something they say changed."""
        if changes is None or changes.concerns(Topic.BRAND, Topic.ACCOUNT):
            self._directory.reload()
        found = problems.load(self.context.desk, self.context.brand_id)
        if found != self._problems or not self._cards:
            self._problems = found
            self._show()

    def open(self, target: Target) -> None:
        """Show one problem ("delivery:12" as text, or kind and id), or the dialog of what is published by hand."""
        if target.kind == "by_hand" and target.id is not None:
            work = by_hand.open_task(self.context.desk, self.window(), self.context.undo, target.id)
            spawn(work, self, name=words.button_text("by_hand"))
            return
        wanted = target.text or f"{target.kind}:{target.id}"
        self._filter.set_current("all")
        self._show()
        for card in self._cards:
            if card.problem.id == wanted:
                card.setFocus()
                self._area.ensureWidgetVisible(card)

    def focus_main(self) -> None:
        """The first card."""
        if self._cards:
            self._cards[0].setFocus()
        else:
            self._filter.setFocus()

    def do_next(self) -> None:
        """The next card."""
        self._step(1)

    def do_previous(self) -> None:
        """The card before."""
        self._step(-1)

    # Showing

    def _show(self) -> None:
        group = self._filter.current()
        chosen = [each for each in self._problems if group in ("all", words.kind_of(each).group)]
        focus = QApplication.focusWidget()
        focused = next((card.problem.id for card in self._cards if focus and card in (focus, focus.parent())), "")
        self._clear()
        for problem in chosen[: self._limit]:
            card = ProblemCard(
                problem, brand=self._directory.brand(problem.brand_id),
                account=self._directory.account(problem.account_id), when=self._when(problem),
                late=self.context.desk.clock.now() - problem.at,
            )  # fmt: skip
            card.pressed.connect(self._pressed)
            card.setMaximumWidth(theme.scaled(_WIDTH))
            self._cards.append(card)
            self._column.addWidget(card)
            if problem.id == focused:
                card.setFocus()
        self._more.setVisible(len(chosen) > self._limit)
        self._column.addWidget(self._more)
        count = len(self._problems)
        late = sum(each.kind == "delivery" and each.state == "held_late" for each in self._problems)
        self._together.setVisible(late > 1)
        waits = ngettext("{count} waits for you", "{count} wait for you", count)
        self._header.subtitle.setText(waits.format(count=count))
        self._header.subtitle.setVisible(bool(count))
        self._area.setVisible(bool(chosen))
        self._empty.setVisible(not chosen)
        if not chosen:
            self._show_empty(group)

    def _show_empty(self, group: str) -> None:
        if self._problems and group != "all":
            button = Button(_("Show all"))
            button.clicked.connect(self._show_all)
            self._empty.set_content("funnel", _("None of this kind"), _("There are others."), tone="neutral")
            self._empty.set_buttons([button])
            return
        brand = self._directory.brand(self.context.brand_id) if self.context.brand_id else None
        where = _("for {brand}").format(brand=clean_line(brand.name)) if brand else ""
        self._empty.set_content(
            "circle-check",
            " ".join(part for part in (_("No problems"), where) if part),
            _("Everything that was to go out is out, and every account can be read."),
            tone="positive",
        )
        self._empty.set_buttons([])

    def _show_all(self) -> None:
        self._filter.set_current("all")
        self._show()

    def _show_more(self) -> None:
        self._limit += _SHOWN
        self._show()

    def _clear(self) -> None:
        self._column.removeWidget(self._more)
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = []

    def _step(self, step: int) -> None:
        if not self._cards:
            return
        place = next((n for n, card in enumerate(self._cards) if card.hasFocus()), -1 if step > 0 else 0)
        card = self._cards[(place + step) % len(self._cards)]
        card.setFocus()
        self._area.ensureWidgetVisible(card)

    def _when(self, problem: Problem) -> str:
        local = problem.at.astimezone()
        today = self.context.desk.clock.now().astimezone().date()
        return f"{local:%H:%M}" if local.date() == today else f"{local:%d/%m %H:%M}"

    # Deciding

    def _pressed(self, problem: Problem, button: str) -> None:
        spawn(self._decide(problem, button), self, name=words.button_text(button))

    async def _decide(self, problem: Problem, button: str) -> None:
        ref = problem.ref_id
        run = partial(self._run, words.button_text(button))
        match button:
            case "hour":
                await self._review({ref}, How.HOUR)
            case "by_hand":
                await by_hand.open_task(self.context.desk, self.window(), self.context.undo, ref)
            case "go":
                if problem.state in ("ready", "preparing", "backoff"):
                    await self._command(planning_commands.retry, delivery_id=ref)
                self.context.desk.engine.wake(problem.account_id)
            case "draft" | "discard" if problem.state == "manual":
                if button == "draft" or await self._sure(problem):
                    chosen = How.DRAFT if button == "draft" else How.DISCARD
                    await run(self._command(waking_commands.decide, decisions=[Decision(ref, chosen)]))
            case "publish" | "draft" | "discard" if problem.state.startswith("held") or problem.state == "blocked_auth":
                if button == "discard" and not await self._sure(problem):
                    return
                how = {"publish": "now", "draft": "draft", "discard": "discard"}[button]
                await run(self._command(planning_commands.approve_late, delivery_ids=[ref], how=how))
            case "discard":
                if await self._sure(problem):
                    await run(self._command(planning_commands.discard, delivery_id=ref))
            case "there":
                await self._confirm_there(problem)
            case "again":
                if await self._sure_to_send(problem):
                    await run(self._command(planning_commands.send_again, delivery_id=ref))
            case "look" | "retry" if problem.kind == "delivery":
                await run(self._command(planning_commands.retry, delivery_id=ref))
            case "retry":
                await run(self._command(planning_commands.retry_action, action_id=ref))
            case "dismiss" | "keep_twin":
                await run(self._command(planning_commands.dismiss, problem_id=problem.id))
            case "remove_twin":
                await run(self._command(planning_commands.remove_twin, delivery_id=ref))
            case "take_over":
                await self.context.desk.work(self.context.desk.take_over)
            case _:
                self._go(problem, button)

    async def _review(self, only: set[int] | None = None, first: How | None = None) -> None:
        """Ask about what is late in one dialog (N1)."""
        await waking.review(
            self.context.desk, self.window(), self.context.undo, brand_id=self.context.brand_id, only=only, first=first
        )

    def _go(self, problem: Problem, button: str) -> None:
        """Buttons that lead somewhere else."""
        match button:
            case "edit" if problem.conversation_id is not None:
                self.context.navigate(Target("inbox", "conversation", problem.conversation_id, problem.brand_id))
            case "edit" if problem.post_id is not None:
                self.context.navigate(Target("composer", "post", problem.post_id, problem.brand_id))
            case "mend" if problem.post_id is not None:
                self.context.navigate(Target("composer", "post", problem.post_id, problem.brand_id))
            case "sheet":
                self.context.navigate(Target("approval", "post", problem.post_id, problem.brand_id))
            case "ask_again":
                self.context.navigate(Target("approval", "ask", problem.post_id, problem.brand_id))
            case "waive":
                self.context.navigate(Target("approval", "waive", problem.post_id, problem.brand_id))
            case "reconnect":
                self.context.navigate(Target("accounts", "reconnect", problem.account_id, problem.brand_id))
            case "probe":
                self.context.navigate(Target("accounts", "probe", problem.account_id, problem.brand_id))
            case "open":
                open_web(problem.url)
            case "profile":
                account = self._directory.account(problem.account_id)
                open_web(problem.url or (profile_url(account) if account else ""))
            case "copy":
                plain = {key: str(value) for key, value in asdict(problem).items()}
                QGuiApplication.clipboard().setText(json.dumps(plain, ensure_ascii=False, indent=1))
                notices.tell(_("Copied"), seconds=2)

    def _command(self, command: Any, **arguments: Any) -> Coroutine[Any, Any, Any]:
        return self.context.desk.run(command, **arguments)

    async def _run(self, text: str, work: Coroutine[Any, Any, Any]) -> None:
        done = await work
        self.context.undo(done, text)

    async def _sure(self, problem: Problem) -> bool:
        return await notices.confirm(
            _("Do not publish it?"), clean_line(problem.text, limit=160), yes=_("Do not publish"), danger=True
        )

    async def _sure_to_send(self, problem: Problem) -> bool:
        return await notices.confirm(
            _("Are you sure that it is not on the profile?"),
            _("If it is there after all, people will see it twice."),
            yes=_("Send it"),
            danger=True,
        )

    async def _confirm_there(self, problem: Problem) -> None:
        answer = await notices.ask(
            Question(
                _("It is on the profile"),
                _("With its address the program can count its reactions and link to it."),
                choices=(Choice("yes", _("It is there")), Choice("no", _("Cancel"))),
                input_label=_("Address of the post (optional)"),
            )
        )
        if answer is not None and answer.key == "yes":
            await self._run(
                words.button_text("there"),
                self._command(planning_commands.confirm_there, delivery_id=problem.ref_id, remote_url=answer.text),
            )

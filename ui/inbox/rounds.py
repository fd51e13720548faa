"""The round in the inbox: its list, its bar, going on by itself, and what it came to (N24)."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QVBoxLayout

from cmdesk.care.round import Summary
from cmdesk.i18n import _, ngettext
from cmdesk.safe_text import safe_name
from ui import notices
from ui.bridge import Changes, spawn
from ui.inbox.caring import InboxCare
from ui.models.inbox import Query, View
from ui.round.bar import RoundBar
from ui.round.runner import RoundRunner
from ui.round.words import left_line, summary_line
from ui.widgets.page import PageContext, Target


class InboxRounds(InboxCare):
    """Leads through everything that waits; the list shows what is ahead in the brand whose turn it is."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.rounds = RoundRunner(self._desk, self)
        self.round_bar = RoundBar()
        self._query_before = Query()
        self._round_offered = False
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, self.round_bar)
        self.rounds.moved.connect(self._go_on)
        self.rounds.ended.connect(self._round_over)
        self.round_bar.skip_wanted.connect(self.rounds.skip)
        self.round_bar.back_wanted.connect(self.rounds.back)
        self.round_bar.stop_wanted.connect(self.rounds.stop)
        self.round_bar.go_wanted.connect(self._go_on)
        context.bridge.changed.connect(self._round_saw)

    def open(self, target: Target) -> None:
        """Ctrl+G starts a round, or stops the one that is on."""
        if target.kind != "round":
            super().open(target)
        elif self.rounds.running:
            self.rounds.stop()
        else:
            spawn(self._start_round(), self, name=_("Round"))

    def refresh(self, changes: Changes | None) -> None:
        """Shown again, the round goes on where it is now."""
        super().refresh(changes)
        if changes is None and self.rounds.running and self.model.query.view is View.ROUND:
            self._go_on()
        if not self._round_offered:
            self._round_offered = True
            self._offer_kept()

    def _offer_kept(self) -> None:
        """A round that the end of the program broke off can go on."""
        kept = self.rounds.kept()
        if kept is not None and not self.rounds.running:
            left = len(kept.items) - kept.place
            text = ngettext(
                "A round is not finished: {count} is left", "A round is not finished: {count} are left", left
            )
            notices.toast(text.format(count=left), undo=self._resume, action=_("Go on"), seconds=12)

    def _resume(self) -> None:
        if not self.rounds.running and not self.rounds.resume():
            notices.tell(_("Nothing of that round is left."), tone="positive")

    def leaving(self) -> None:
        """Where one stands is kept."""
        super().leaving()
        self.rounds.flush()

    def do_next(self) -> None:
        """The conversation below; on a round the next one, this one is skipped."""
        if self.rounds.running and not self._away():
            self.rounds.skip()
        else:
            self.list.table.step(1)

    def do_previous(self) -> None:
        """The conversation above; on a round the one before that waits."""
        if self.rounds.running and not self._away():
            self.rounds.back()
        else:
            self.list.table.step(-1)

    async def _start_round(self) -> None:
        self._query_before = self.model.query if self.model.query.view is not View.ROUND else Query()
        kept = self.rounds.kept()
        if kept is not None:
            left = len(kept.items) - kept.place
            text = ngettext("{count} conversation was left.", "{count} conversations were left.", left)
            answer = await notices.ask(
                notices.Question(
                    _("Go on with the round you began?"),
                    text.format(count=left),
                    choices=(notices.Choice("on", _("Go on")), notices.Choice("new", _("Begin anew"))),
                    icon="route",
                )
            )
            if answer is None:
                return
            if answer.key == "on" and self.rounds.resume():
                return
        brands = [each.id for each in self.directory.brands()]
        if not await self.rounds.begin(brands):
            notices.tell(_("Nothing waits for an answer in any brand."), tone="positive")

    # While it runs

    def _go_on(self) -> None:
        item, found = self.rounds.current(), self.rounds.round
        if not self.isVisible():
            self._stale = True
            return
        if item is None or found is None:
            return
        if self._brand_id not in (None, item.brand_id):
            # The window goes along: it never names another brand than the one that is answered for.
            self.context.navigate(Target("inbox", brand_id=item.brand_id))
        ahead = found.ahead()
        query = Query(brand_id=self._brand_id, view=View.ROUND, among=ahead)
        self.views.set_view(View.ROUND)
        self.model.show(query)
        self.list.show_query(query)
        if not self.list.table.choose(item.conversation_id):
            self.go_to(item.conversation_id, in_list=False)
        self._show_bar()
        self.focus_main()

    def _away(self) -> bool:
        item = self.rounds.current()
        return item is None or self.model.query.view is not View.ROUND or self._shown != item.conversation_id

    def _show_bar(self) -> None:
        found, item = self.rounds.round, self.rounds.current()
        if found is None or item is None:
            self.round_bar.hide()
            return
        brand = self.directory.brand(item.brand_id)
        name = safe_name(brand.name) if brand is not None else ""
        self.round_bar.show_round(found, brand=name, color=self.directory.color(item.brand_id), away=self._away())

    def _choose(self, conversation_id: int | None) -> None:
        super()._choose(conversation_id)
        if self.rounds.running:
            self._show_bar()

    def _show(self, query: Query) -> None:
        super()._show(query)
        if self.rounds.running:
            self._show_bar()

    def _answered(self, conversation_id: int) -> None:
        """On a round what comes next is the round's to say."""
        if self.rounds.running and not self._away():
            self.list.table.setFocus()
        else:
            super()._answered(conversation_id)

    def leave(self, ids: list[int]) -> None:
        """The same for what leaves the list."""
        if not (self.rounds.running and not self._away() and len(ids) == 1):
            super().leave(ids)

    def _round_saw(self, changes: Changes) -> None:
        self.rounds.apply(changes)
        if self.rounds.running and self.isVisible():
            self._show_bar()

    def _round_over(self, summary: Summary) -> None:
        self.round_bar.hide()
        if self.model.query.view is View.ROUND:
            self._show(replace(self._query_before, brand_id=self._brand_id))
        if not summary.items:
            return
        spawn(
            notices.ask(
                notices.Question(
                    _("Round done") if not summary.left else _("Round ended"),
                    summary_line(summary),
                    choices=(notices.Choice("ok", _("Close")),),
                    icon="route",
                    details=[left_line(summary)],
                )
            ),
            self,
            name=_("Round"),
        )

"""What is decided about approval: asks where something must be said, runs the command, and tells."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cmdesk.commands import approval as commands, settings as setting_commands
from cmdesk.i18n import _, ngettext
from cmdesk.planning.approval_answer import Reply
from cmdesk.planning.approving import ApprovalSheet, Item, State
from ui import notices
from ui.approval.asking import AskDialog
from ui.approval.ways import SendDialog
from ui.bridge import spawn
from ui.casework.dialogs import CareDialog, TextField
from ui.models import approval as models
from ui.models.directory import Directory
from ui.models.once import once
from ui.widgets.page import PageContext


class ApprovalDeeds(QObject):
    """Each public method is one wish; `owner` is the widget dialogs belong to."""

    def __init__(self, context: PageContext, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._desk, self._owner = context, context.desk, owner

    def ask(self, post_ids: Sequence[int], *, again: ApprovalSheet | None = None) -> None:
        """Make a sheet of these posts and offer the ways to send it."""
        self._spawn(self._ask(list(post_ids), again), _("Ask for approval…"))

    def send(self, sheet_id: int) -> None:
        """The ways to send a sheet."""
        self._spawn(SendDialog(self._desk, sheet_id, self._window()).ask(), _("Send the sheet"))

    def remind(self, sheet: ApprovalSheet) -> None:
        """Send it once more and note it."""
        self._spawn(self._remind(sheet), _("Remind the client"))

    def record(self, sheet: ApprovalSheet, reply: Reply, by: str) -> None:
        """Note what was understood of an answer."""
        answers = [commands.Said(each.number, each.state, each.comment) for each in reply.decisions]
        count = len(answers)
        text = ngettext("{count} answer noted", "{count} answers noted", count).format(count=count)
        self._run(commands.record, text, sheet_id=sheet.id, answers=answers, by=by)

    def approve(self, item: Item) -> None:
        """The client said yes to one."""
        text = _("No. {number} approved").format(number=item.number)
        self._run(commands.answer_one, text, item_id=item.id, decision=State.APPROVED)

    def change(self, item: Item) -> None:
        """The client wants one changed: ask what."""
        self._spawn(self._change(item), _("Change wanted"))

    def waive(self, post_ids: Sequence[int]) -> None:
        """Publish without the client's yes: ask why."""
        self._spawn(self._waive(list(post_ids)), _("Publish without approval"))

    def withdraw(self, sheet: ApprovalSheet) -> None:
        """Take the question back."""
        self._spawn(self._withdraw(sheet), _("Take the question back"))

    # Inside

    async def _ask(self, post_ids: list[int], again: ApprovalSheet | None) -> None:
        posts = models.posts(self._desk, post_ids)
        brands = {each.brand_id for each in posts}
        if not posts:
            notices.tell(_("Choose the posts the client shall see."))
            return
        if len(brands) > 1:
            notices.tell(_("A sheet goes to one client. Select posts of one brand."), tone="warning")
            return
        brand = Directory(self._desk, self).brand(brands.pop())
        if brand is None:
            return
        last = again or next(iter(models.sheets(self._desk, brand.id)), None)
        dialog = AskDialog(
            self._window(), self._desk, brand=brand, posts=posts, now=self._desk.clock.now(),
            title=again.title if again is not None else "", sent_to=last.sent_to if last is not None else "",
            language=last.language if last is not None else "",
        )  # fmt: skip
        if not await dialog.ask():
            return
        # Read at once: a dialog that was answered is deleted soon.
        fields, reply_to = dialog.fields(), dialog.reply_to.text().strip()
        if reply_to != models.reply_to(self._desk):
            await self._desk.run(setting_commands.set_value, key=models.REPLY_TO, value=reply_to)
        done = await self._desk.run(commands.ask, **fields)
        count = len(fields["post_ids"])
        text = ngettext("Ask about {count} post", "Ask about {count} posts", count).format(count=count)
        self._context.undo(once(done), text)
        await SendDialog(self._desk, done.value, self._window()).ask()

    async def _remind(self, sheet: ApprovalSheet) -> None:
        if await SendDialog(self._desk, sheet.id, self._window(), reminding=True).ask():
            posts = [each.post_id for each in sheet.items if each.open]
            until = models.usual_expiry(self._desk, sheet.brand_id, posts)
            await self._done(commands.remind, _("The reminder is noted"), sheet_id=sheet.id, expires_at=until)

    async def _change(self, item: Item) -> None:
        dialog = CareDialog(_("What does the client want changed?"), self._window(), yes=_("Note it"), icon="pencil")
        words = TextField(item.answer if item.state is State.CHANGE else "", lines=4)
        dialog.put(_("In the client's words"), words)
        words.setFocus()
        if await dialog.ask():
            await self._done(
                commands.answer_one, _("Change of no. {number} noted").format(number=item.number), item_id=item.id,
                decision=State.CHANGE, comment=words.said(),
            )  # fmt: skip

    async def _waive(self, post_ids: list[int]) -> None:
        dialog = CareDialog(
            _("Publish without approval"), self._window(), yes=_("Publish without approval"), icon="send",
            text=_("It goes out at its hour, exactly as it is now. Your reason is kept with the post."),
        )  # fmt: skip
        why = TextField(lines=2, placeholder=_("Agreed on the phone"))
        dialog.put(_("Reason"), why, needed=_("Write why."))
        why.setFocus()
        if await dialog.ask():
            await self._done(commands.waive, _("It goes out without approval"), post_ids=post_ids, reason=why.said())

    async def _withdraw(self, sheet: ApprovalSheet) -> None:
        waiting = sum(each.open for each in sheet.items)
        text = ngettext(
            "{count} post no longer waits for this client.", "{count} posts no longer wait for this client.", waiting
        )
        if await notices.confirm(
            _("Take the question back?"), text.format(count=waiting), yes=_("Take it back"), danger=True
        ):
            await self._done(commands.withdraw, _("The question was taken back"), sheet_id=sheet.id)

    def _run(self, command: Any, text: str, **fields: Any) -> None:
        self._spawn(self._done(command, text, **fields), text)

    async def _done(self, command: Any, text: str, **fields: Any) -> None:
        done = once(await self._desk.run(command, **fields))
        self._context.undo(done, text)
        undo = done.undo
        if undo is None:
            notices.tell(text, tone="positive")
            return
        notices.toast(
            text, tone="positive",
            undo=lambda: self._spawn(self._desk.run(undo.command, **undo.args), _("Undo")),
        )  # fmt: skip

    def _spawn(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        spawn(work, self, name=name)

    def _window(self) -> QWidget:
        return self._owner.window()

"""What is asked around a session: a damaged profile, the vault's passphrase, a copied profile, closing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from cmdesk import config
from cmdesk.commands import accounts as account_commands
from cmdesk.desk import Desk
from cmdesk.errors import Corrupt, Invalid, StoreError
from cmdesk.i18n import _, ngettext
from cmdesk.wording import explain
from ui import notices
from ui.models import backups, hours, problems
from ui.notices import Answer, Choice, Question
from ui.vault_door import open_vault
from ui.widgets.dialogs import QuestionDialog
from ui.widgets.page import Progress

log = logging.getLogger(__name__)


async def begin(
    desk: Desk,
    *,
    demo: bool,
    progress: Callable[[str], Progress],
    filled: Callable[[], object] = lambda: None,
    review: Callable[[], object] = lambda: None,
) -> None:
    """After the window is on the screen: samples, vault, reading and publishing, and what waits for an answer.

    `progress` shows long work, `filled` is called when the sample brands are complete, `review` asks about what was
    due while the program did not run.
    """
    if demo:
        await _fill_samples(desk, progress, filled)
    elif desk.setting("demo"):
        await desk.work(desk.start_sandbox)
    copier = config.sync_program(desk.profile)
    if copier:
        notices.error(explain(Invalid(code="profile_synced", detail=copier)))
    if problems.has_accounts(desk):
        await open_vault(desk)
        await ask_to_take_over(desk)
    engine = desk.engine
    try:
        # Before the engine's own first tick, so that the question knows all that became late.
        await engine.recover()
        await engine.advance()
    finally:
        engine.start()
    review()
    await account_commands.finish_disconnects(desk)
    await hours.learn_holidays(desk)
    await desk.work(desk.back_up_if_due)


async def _fill_samples(desk: Desk, progress: Callable[[str], Progress], filled: Callable[[], object]) -> None:
    from cmdesk import sample

    if await desk.work(sample.sample_brands, desk):
        await sample.fill_beside(desk)  # they are there: only what is new
        return
    work = progress(_("Making the sample brands…"))
    try:
        await sample.fill_beside(desk, progress=lambda _name, done, total: work.step(done, total))
    finally:
        work.finish()
    filled()


async def ask_to_take_over(desk: Desk) -> None:
    """A profile copied from another computer publishes nothing until the person says that this one shall."""
    if desk.may_publish:
        return
    answer = await notices.ask(
        Question(
            _("This profile was copied from another computer"),
            _("If both computers publish, everything goes out twice. Nothing is published here until you decide."),
            choices=(
                Choice("read", _("Only read here"), _("The other computer goes on publishing.")),
                Choice("take", _("Publish from this computer"), _("Only when the other one no longer runs.")),
            ),
            as_list=True,
            confirm=_("Continue"),
            icon="copy",
        )
    )
    if answer is not None and answer.key == "take":
        await desk.work(desk.take_over)


async def may_close(desk: Desk) -> bool:
    """Whether to close now: replies still in their undo time would wait until the next start."""
    waiting = problems.about_to_go(desk)
    if not waiting:
        return True
    answer = await notices.ask(
        Question(
            ngettext("{count} reply has not gone out yet", "{count} replies have not gone out yet", waiting).format(
                count=waiting
            ),
            _("They go out in a few seconds. If you close now they wait until the program runs again."),
            choices=(Choice("stay", _("Stay")), Choice("close", _("Close anyway"))),
            icon="send",
        )
    )
    return answer is not None and answer.key == "close"


async def offer_rescue(profile: Path, problem: StoreError | Invalid) -> bool:
    """Explain why a profile cannot be opened; True when a backup was restored and opening shall be tried again."""
    words = explain(problem)
    copies = backups.copies(profile) if isinstance(problem, Corrupt) else []
    choices = [Choice("close", _("Close"))]
    if copies:
        when = f"{copies[0].at.astimezone():%Y-%m-%d %H:%M}"
        choices.insert(0, Choice("restore", _("Restore the backup of {when}").format(when=when)))
    else:
        choices.insert(0, Choice("again", _("Try again")))
    dialog = QuestionDialog(Question(words.what, f"{words.why} {words.todo}".strip(), choices, icon="triangle-alert"))
    if not await dialog.ask():
        return False
    answer: Answer | None = dialog.answer()
    if answer is None or answer.key == "close":
        return False
    if answer.key == "restore":
        await backups.restore(profile, copies[0].path)
    return True

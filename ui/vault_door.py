"""Opening the place of secrets: asks for the passphrase, or what to do where there is no keychain."""

from __future__ import annotations

from cmdesk.desk import Desk
from cmdesk.errors import VaultLocked, VaultMissing
from cmdesk.i18n import _
from ui import notices
from ui.notices import Choice, Question


async def open_vault(desk: Desk) -> bool:
    """Open the place of secrets, asking for a passphrase where that is what it needs; False when it stays closed."""
    wrong = False
    while True:
        try:
            await desk.work(lambda: desk.vault)
        except VaultMissing:
            choice = await notices.ask(_no_keychain())
            if choice is None:
                return False
            if choice.key == "session":
                desk.keep_for_session()
                continue
            await _unlock(desk, choice.text)
            return True
        except VaultLocked as problem:
            if problem.code not in ("passphrase_needed", "passphrase_wrong"):
                notices.error(problem, doing="open the keychain")
                return False
            answer = await notices.ask(_passphrase(wrong=wrong or problem.code == "passphrase_wrong"))
            if answer is None or answer.key == "without":
                return False
            try:
                await _unlock(desk, answer.text)
            except VaultLocked:
                wrong = True
        else:
            return True


async def _unlock(desk: Desk, passphrase: str) -> None:
    await desk.work(desk.unlock, passphrase)


def _no_keychain() -> Question:
    return Question(
        _("This computer has no keychain"),
        _("Access to your accounts is never stored unprotected."),
        choices=(
            Choice("passphrase", _("Protect it with a passphrase"), _("Asked at each start; it cannot be recovered.")),
            Choice("session", _("Keep it only for this session"), _("You connect the accounts again next time.")),
        ),
        as_list=True,
        confirm=_("Continue"),
        icon="key-round",
        input_label=_("Passphrase"),
        secret=True,
    )


def _passphrase(*, wrong: bool) -> Question:
    return Question(
        _("Passphrase"),
        _("That passphrase does not open it. Try again.") if wrong else _("It opens the access to your accounts."),
        choices=(Choice("open", _("Open the vault")), Choice("without", _("Continue without accounts"))),
        icon="key-round",
        input_label=_("Passphrase"),
        secret=True,
    )

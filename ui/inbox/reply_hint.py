"""The line beside the send button: what stands in the way of an answer, and what happens to it next."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.model import Account, AccountState
from cmdesk.planning.review import Destination
from cmdesk.safe_text import clean_line
from cmdesk.text import utf8_length
from ui.widgets import PlainLabel


class ReplyHint(PlainLabel):
    """Says one thing at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, role="small", color="text_muted", elide=True)

    def say_problem(self, text: str) -> None:
        """Why it cannot be sent."""
        self._say(text, "negative")

    def say_resting(self, count: int) -> None:
        """Seconds until it leaves by itself (Q12)."""
        text = ngettext(
            "Read it once more: it goes out in {count} s", "Read it once more: it goes out in {count} s", count
        )
        self._say(text.format(count=count), "warning")

    def say_waits(self, account: Account | None) -> None:
        """That the account cannot send now, if it is so; else nothing."""
        waits = account is not None and account.state in (AccountState.RECONNECT, AccountState.STOPPED)
        self._say(_("Goes out once the account is reconnected") if waits else "", "warning")

    def _say(self, text: str, color: str) -> None:
        self.setText(text)
        self.set_role("small", color)


def account_problem(account: Account | None) -> str:
    """Why nothing can be sent from an account at all, '' when it can."""
    return _("This account is disconnected") if account and account.state is AccountState.DISCONNECTED else ""


def length_problem(where: Destination | None, whole: str, used: int) -> str:
    """By how much a text is too long for where it goes, '' when it fits."""
    over = used - (where.characters if where else 0)
    if over > 0:
        return _("{count} characters too long").format(count=over)
    most = where.max_bytes if where else None
    return _("Too long for this network") if most and utf8_length(whole) > most else ""


def blank_problem(word: str, question: str) -> str:
    """What is still to be filled in, with the question it stands for."""
    blank = "{" + word + "}"
    if question:
        return _("Fill in {blank} first: {question}").format(blank=blank, question=clean_line(question))
    return _("Fill in {blank} first").format(blank=blank)

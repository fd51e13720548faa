"""Asking before a text that names another brand goes out (N11), or reaches somebody who wants no messages (U11)."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol, TypeVar

from cmdesk.commands.unwanted import CODE as OPTED_OUT
from cmdesk.errors import Conflict, Invalid
from cmdesk.i18n import _
from cmdesk.planning.reviewing import NAMES_OTHER_BRAND, NAMES_UNWANTED
from cmdesk.planning.targeting import RULES_UNREAD, WIDER_THAN_CHOSEN
from cmdesk.safe_text import clean_line, safe_name
from ui import notices

_ASKED = (NAMES_OTHER_BRAND, NAMES_UNWANTED, WIDER_THAN_CHOSEN, RULES_UNREAD)
T = TypeVar("T")
R_co = TypeVar("R_co", covariant=True)


class Sending(Protocol[R_co]):
    """What sends, first without being sure, then because the person is: of the brand, and of whom it goes to."""

    def __call__(self, *, sure: bool, anyway: bool) -> Awaitable[R_co]:
        """Send."""


async def send_if_meant(send: Sending[T], *, brand: str) -> T | None:
    """Send; ask first where another brand is named, or somebody asked to be left alone.

    None when the person thought better of it.
    """
    sure = anyway = False
    while True:
        try:
            return await send(sure=sure, anyway=anyway)
        except Conflict as problem:
            said = clean_line(problem.detail, limit=160)
            if problem.code == NAMES_OTHER_BRAND and not sure:
                sure = await _asked([_("It names {said}").format(said=said)], brand=brand)
                meant = sure
            elif problem.code == OPTED_OUT and not anyway:
                anyway = await _asked_anyway(said)
                meant = anyway
            else:
                raise
        if not meant:
            return None


def is_for_the_composer(error: Exception) -> bool:
    """Say whether what a post lacks, or is asked about, is settled where it is written."""
    return isinstance(error, Invalid) or (isinstance(error, Conflict) and error.code in _ASKED)


async def _asked_anyway(who: str) -> bool:
    answer = await notices.ask(
        notices.Question(
            _("{who} wants to be left alone").format(who=who),
            _("This person asked the brand not to write to them. Answering what they write is fine; this is more."),
            choices=(
                notices.Choice("no", _("Leave it")),
                notices.Choice("yes", _("Write anyway"), danger=True),
            ),
            icon="hand",
        )
    )
    return answer is not None and answer.key == "yes"


async def _asked(evidence: list[str], *, brand: str) -> bool:
    name = safe_name(brand)
    answer = await notices.ask(
        notices.Question(
            _("Is this really for {brand}?").format(brand=name),
            _("The text names another of your brands. What goes out in the wrong name cannot be taken back."),
            choices=(
                notices.Choice("no", _("Back to the text")),
                notices.Choice("yes", _("Yes, it is for {brand}").format(brand=name), danger=True),
            ),
            icon="shield-alert",
            details=evidence,
        )
    )
    return answer is not None and answer.key == "yes"

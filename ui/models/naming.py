"""Asking before a text that names another brand goes out (N11): once, with what was found."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol, TypeVar

from cmdesk.errors import Conflict, Invalid
from cmdesk.i18n import _
from cmdesk.planning.reviewing import NAMES_OTHER_BRAND
from cmdesk.safe_text import clean_line, safe_name
from ui import notices

T = TypeVar("T")
R_co = TypeVar("R_co", covariant=True)


class Sending(Protocol[R_co]):
    """What sends, first without being sure, then because the person is."""

    def __call__(self, *, sure: bool) -> Awaitable[R_co]:
        """Send."""


async def send_if_meant(send: Sending[T], *, brand: str) -> T | None:
    """Send; where another brand is named, ask first. None when the person thought better of it."""
    try:
        return await send(sure=False)
    except Conflict as problem:
        if problem.code != NAMES_OTHER_BRAND:
            raise
        said = clean_line(problem.detail, limit=160)
    if await _asked([_("It names {said}").format(said=said)], brand=brand):
        return await send(sure=True)
    return None


def is_for_the_composer(error: Exception) -> bool:
    """Say whether what a post lacks, or is asked about, is settled where it is written."""
    return isinstance(error, Invalid) or (isinstance(error, Conflict) and error.code == NAMES_OTHER_BRAND)


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

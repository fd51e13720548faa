"""The words for what is out already: why a part of the post can no longer be written otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from cmdesk.i18n import _
from cmdesk.model import Account
from cmdesk.planning.content import COMMENT
from cmdesk.planning.standing import Out, Standing
from cmdesk.safe_text import clean_line
from ui.models.composer import ComposerModel
from ui.models.drafting import own_key


def reason(model: ComposerModel, number: int, key: str) -> str:
    """Why the words of a part under a key stay as they are, '' while they may change."""
    said = model.out.where(number, key, model.draft.part(number))
    return _("Already out on {accounts}: it stays as it is.").format(accounts=_names(said, model)) if said else ""


def other_key(model: ComposerModel, number: int, key: str) -> str:
    """The key under which those that are not out yet can say something else; '' when there are none."""
    said = {each.account_id for each in model.out.where(number, key, model.draft.part(number))}
    if key or not said:
        return ""
    rest = [each for each in model.reads("", number) if each.id not in said]
    if not rest:
        return ""
    taken = {each.network for each in model.accounts if each.id in said}
    return own_key(rest[0]) if rest[0].network in taken else rest[0].network


def pictures_reason(model: ComposerModel, number: int) -> str:
    """Why a part's pictures and place stay, '' while they may change."""
    out = model.out
    if not out.is_out(number):
        return ""
    said = [each for each in out.outs if (each.comment if number == COMMENT else number <= each.last)]
    return _("Already out on {accounts}: it stays as it is.").format(accounts=_names(said, model))


def over_reason(out: Standing) -> str:
    """Why nothing can be added, '' while it can."""
    return _("The first comment is out: this thread is over.") if out.over else ""


def _names(outs: Sequence[Out], model: ComposerModel) -> str:
    known: dict[int, Account] = {each.id: each for each in model.accounts}
    names = [
        f"@{clean_line(known[each.account_id].handle, limit=24)}" if each.account_id in known else each.network
        for each in outs
    ]
    return ", ".join(dict.fromkeys(name for name in names if name)) or _("another account")

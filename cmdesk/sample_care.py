"""The sample brands' care, from `resources/demo/care.json`: complaints at every stage, wishes, places, crisis plans.

Every step is the command a person would have given, at the hour it would have been given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cmdesk.care.protocol import Authority
from cmdesk.care.values import CrisisPlan, Phone
from cmdesk.clock import to_ms
from cmdesk.commands import care_plans, cases, compensations, crisis, promises, referrals, wishes
from cmdesk.model import Brand, Conversation, Message
from cmdesk.store import cases as known_cases, inbox
from cmdesk.store.db import Transaction

if TYPE_CHECKING:
    from cmdesk.desk import Desk

_STEPS: Mapping[str, Callable[..., Any]] = {
    "set": cases.set_case,
    "tick": cases.tick,
    "promise": promises.promise,
    "refer": referrals.refer,
    "compensate": compensations.compensate,
    "solve": cases.solve_case,
    "follow_up": cases.follow_up,
    "close": cases.close_case,
}


def fill_care(desk: Desk, brand: Brand, row: Mapping[str, Any]) -> None:
    """Give a brand without cases what the sample says of its care. Blocks."""
    if desk.page(known_cases.cases, brand_id=brand.id, limit=1):
        return
    desk.run_now(care_plans.save_authority, brand_id=brand.id, authority=Authority(**row["authority"]))
    desk.run_now(care_plans.save_causes, brand_id=brand.id, causes=row["causes"])
    desk.run_now(crisis.save_plan, plan=_plan(brand, row["crisis"]))
    for each in row["cases"]:
        _case(desk, brand, each)
    for kind, person, words, text in row["wishes"]:
        found = _said(desk, brand, person, words)
        if found is not None:
            talk, message = found
            desk.run_now(
                _as_of, _at(desk, message, 1), wishes.add_wish,
                brand_id=brand.id, kind=kind, text=text, conversation_id=talk.id, contact_id=talk.contact_id,
            )  # fmt: skip
    for name, url, note in row["places"]:
        desk.run_now(wishes.add_place, brand_id=brand.id, name=name, url=url, note=note)


def _case(desk: Desk, brand: Brand, row: Mapping[str, Any]) -> None:
    found = _said(desk, brand, row["person"], row["words"])
    if found is None:
        return
    talk, message = found
    case_id = 0
    for after, step, args in row["steps"]:
        when = _at(desk, message, after)
        more = dict(args)
        if "due" in more:
            more["due_at"] = max(desk.clock.now() + timedelta(hours=more.pop("due")), when + timedelta(minutes=10))
        if step == "open":
            case_id = desk.run_now(_as_of, when, cases.open_case, conversation_id=talk.id, **more)
        else:
            desk.run_now(_as_of, when, _STEPS[step], case_id=case_id, **more)


def _as_of(tx: Transaction, when: datetime, command: Callable[..., Any], /, **args: Any) -> Any:
    """Decide something at an hour that has passed."""
    tx.now, tx.now_ms = when, to_ms(when)
    return command(tx, **args)


def _at(desk: Desk, message: Message, hours: float) -> datetime:
    return min(desk.clock.now(), message.created_at + timedelta(hours=hours))


def _said(desk: Desk, brand: Brand, person: str, words: str) -> tuple[Conversation, Message] | None:
    """Find where somebody wrote something; None when it has not been written yet."""
    for talk in desk.page(inbox.conversation_page, brand_id=brand.id, limit=1000):
        if talk.handle.partition("@")[0] == person:
            for message in desk.page(inbox.thread, talk.id):
                if words.casefold() in message.text.casefold():
                    return talk, message
    return None


def _plan(brand: Brand, row: Mapping[str, Any]) -> CrisisPlan:
    return CrisisPlan(
        brand.id, row["plan"], tuple(Phone(**each) for each in row["phones"]), tuple(row["lines"]), row["statements"]
    )

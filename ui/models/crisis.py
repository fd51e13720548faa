"""A crisis as its screens read it: what lasts, what is held, the plan, alarms with their messages, the vault."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cmdesk.care.crisis import ALL_BRANDS, HeldPost
from cmdesk.care.evidence import KeptFile
from cmdesk.care.values import Alarm, Crisis, CrisisPlan, Evidence
from cmdesk.desk import Desk
from cmdesk.model import Conversation, Message
from cmdesk.reports.crisis import CrisisReport, crisis_report
from cmdesk.reports.evidence import export
from cmdesk.store import conversations, crisis as store, evidence as vault_store, inbox
from cmdesk.sync import keeping


@dataclass(frozen=True, slots=True)
class Situation:
    """A crisis that is not closed, and what it keeps of the shown brand."""

    crisis: Crisis
    held: tuple[HeldPost, ...]
    elsewhere: int = 0  # posts of other brands that wait for a decision in it

    @property
    def active(self) -> bool:
        """Whether it still holds what is new."""
        return self.crisis.over_at is None

    @property
    def waiting(self) -> tuple[HeldPost, ...]:
        """What is not decided yet and not out."""
        return tuple(each for each in self.held if each.open and each.state not in ("published", "confirmed"))


def situations(desk: Desk, brand_id: int | None) -> list[Situation]:
    """The crises of a brand (None: of any) that are not closed; those that last first, a brand's own before all's."""
    found = []
    for each in desk.page(store.crises, brand_id, unclosed=True):
        held = desk.page(store.held, each.id)
        made = Situation(each, tuple(post for post in held if brand_id in (None, post.brand_id)))
        elsewhere = desk.page(store.undecided, each.id) - len(made.waiting)
        found.append(replace(made, elsewhere=elsewhere))
    return sorted(found, key=lambda each: (not each.active, each.crisis.brand_id == ALL_BRANDS, -each.crisis.id))


def lasting(desk: Desk, brand_id: int | None) -> list[Crisis]:
    """The crises that hold posts of a brand (None: of any) now."""
    return [each for each in desk.page(store.crises, brand_id, unclosed=True) if each.over_at is None]


def past(desk: Desk, brand_id: int | None) -> list[Crisis]:
    """Closed crises, newest first."""
    return [each for each in desk.page(store.crises, brand_id) if each.closed_at is not None]


def plan(desk: Desk, brand_id: int) -> CrisisPlan:
    """What the brand wrote beforehand."""
    return desk.page(store.plan, brand_id)


def alarms(desk: Desk, brand_id: int | None, *, dismissed: bool = False) -> list[Alarm]:
    """Alarms, newest first; with `dismissed` those put away, too."""
    return desk.page(store.alarms, brand_id, dismissed=dismissed)


def conversations_of(desk: Desk, alarm: Alarm, *, limit: int = 12) -> list[Conversation]:
    """The conversations behind an alarm, as many as fit."""
    known = desk.page(conversations.conversations_by_id, alarm.conversation_ids[:limit])
    return [known[each] for each in alarm.conversation_ids[:limit] if each in known]


def records(desk: Desk, brand_id: int | None) -> list[Evidence]:
    """What was frozen, newest first."""
    return desk.page(vault_store.vault, brand_id)


def broken(desk: Desk, brand_id: int) -> list[int]:
    """The records of a brand that are not what was frozen."""
    return desk.page(vault_store.check_chain, brand_id)


def write_evidence(desk: Desk, brand_id: int, name: str, target: Path, chosen: list[Evidence]) -> list[str]:
    """Write records of one brand to a zip or folder; blocks. Raises Invalid."""
    return export(
        sorted(chosen, key=lambda each: each.id), brand=name, media_folder=desk.media_folder, target=target,
        made_at=desk.clock.now(), broken=broken(desk, brand_id),
    )  # fmt: skip


def message(desk: Desk, message_id: int) -> Message | None:
    """One message."""
    return desk.page(inbox.message, message_id)


def gather(desk: Desk, message_id: int, rendered: Path | None) -> list[KeptFile]:
    """Bring a message's pictures into the media folder; blocks."""
    return keeping.gather(desk, message_id, rendered=rendered)


async def report(desk: Desk, crisis_id: int, now: datetime) -> CrisisReport:
    """The facts of a crisis report."""
    return await desk.read(crisis_report, crisis_id, now=now)

"""Things of a desk that are worth a picture: a brand, a talkative conversation, a planned post."""

from __future__ import annotations

from cmdesk.care.values import CaseState
from cmdesk.desk import Desk
from cmdesk.model import ConversationState, PostStatus
from cmdesk.people.values import Column, PeopleFilter, Sort
from cmdesk.store import brands, cases, inbox, library, listening_find, people_table, planning


def first_brand(desk: Desk) -> int | None:
    """The first brand in use."""
    every = desk.page(brands.list_brands)
    return every[0].id if every else None


def talkative_conversation(desk: Desk) -> int | None:
    """The open conversation that shows most: one with a case if there is one, else the longest."""
    every = desk.page(inbox.conversation_page, brand_id=None, state=ConversationState.OPEN, limit=200)
    return max(every, key=lambda one: (one.case_id is not None, one.messages, one.last_at)).id if every else None


def first_case(desk: Desk) -> int | None:
    """The open case with most of its steps done."""
    found = desk.page(cases.cases, states=(CaseState.OPEN, CaseState.CLIENT))
    return max(found, key=lambda one: len(one.steps)).id if found else None


def planned_post(desk: Desk) -> int | None:
    """The scheduled post that shows most: a thread, pictures, texts of its own; else a draft."""
    recent = desk.page(planning.posts, brand_id=None, limit=100)
    waiting = [post for post in recent if post.status is PostStatus.SCHEDULED]
    best = max(waiting, key=lambda post: (len(post.parts), len(post.media), len(post.variants)), default=None)
    return best.id if best else (recent[0].id if recent else None)


def first_template(desk: Desk) -> int | None:
    """The interim answer that is offered first: it shows variants, a blank and its question."""
    found = desk.page(library.find, None, "", kinds=("interim",), limit=1)
    return found[0].id if found else None


def well_known_person(desk: Desk) -> int | None:
    """Who wrote most of the first brand's advocates: their card has something in every part."""
    wanted, most = PeopleFilter(advocate=True), Sort(Column.MESSAGES)
    found = desk.page(people_table.find, brand_id=first_brand(desk), filter=wanted, sort=most, limit=1)
    return found[0] if found else None


def first_hit(desk: Desk) -> int | None:
    """What listening found last for the first brand."""
    found = desk.page(listening_find.found_ids, brand_id=first_brand(desk), limit=1)
    return found[0] if found else None

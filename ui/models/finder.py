"""What the command palette finds in the profile: conversations, posts, cases, templates, people and circles."""

from __future__ import annotations

from dataclasses import dataclass

from cmdesk.desk import Desk
from cmdesk.store.db import Reader
from cmdesk.text import folded

_PEOPLE = 6


@dataclass(frozen=True, slots=True)
class Found:
    """One hit with what a row shows; brand 0 is every brand.

    Its kind is "conversation", "post", "case", "template", "person" or "circle".
    """

    kind: str
    id: int
    brand_id: int
    title: str
    text: str


async def find(desk: Desk, text: str, brand_id: int | None, *, limit: int = 12) -> list[Found]:
    """Conversations, posts and cases, newest first, then templates, people and circles; any text is a valid search."""
    from cmdesk.store import cases, library, search  # with its text rules, not needed before somebody searches

    conversations = await desk.read(search.search_conversations, text, brand_id=brand_id, limit=limit)
    posts = await desk.read(search.search_posts, text, brand_id=brand_id, limit=limit)
    found = [
        Found("conversation", each.id, each.brand_id, each.author or each.handle, each.preview)
        for each in conversations
    ]
    found += [Found("post", each.id, each.brand_id, each.text, "") for each in posts]
    known = await desk.read(cases.cases, brand_id=brand_id, text=text, limit=limit) if text.strip() else []
    found += [Found("case", each.id, each.brand_id, each.title or each.cause, f"{each.number}") for each in known]
    templates = await desk.read(library.find, brand_id, text, limit=limit) if text.strip() else []
    found += [Found("template", each.id, each.brand_id or 0, each.name, each.category) for each in templates]
    return found + (await desk.read(_people, text, brand_id) if len(text.strip()) > 1 else [])


def _people(reader: Reader, text: str, brand_id: int | None) -> list[Found]:
    """People who are found by this, whoever wrote last first, and circles whose name has it."""
    from cmdesk.people.values import NEWEST, PeopleFilter
    from cmdesk.store import brands, circles, people_table

    ids = people_table.find(reader, brand_id=brand_id, filter=PeopleFilter(text=text), sort=NEWEST, limit=_PEOPLE)
    rows = people_table.rows(reader, ids)
    found = []
    for each in (rows[one] for one in ids if one in rows):
        handles = " · ".join(handle for some in each.handles.values() for handle in some[:1])
        found.append(Found("person", each.id, each.brand_id, each.name or handles, handles))
    wanted = folded(text.strip())
    for brand in brands.list_brands(reader):
        if brand_id in (None, brand.id):
            found += [
                Found("circle", each.id, brand.id, each.name, each.note)
                for each in circles.circles(reader, brand.id)
                if wanted in folded(each.name)
            ]
    return found

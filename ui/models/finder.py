"""What the command palette finds in the profile: conversations, posts, cases and templates by their words."""

from __future__ import annotations

from dataclasses import dataclass

from cmdesk.desk import Desk


@dataclass(frozen=True, slots=True)
class Found:
    """One hit: kind "conversation", "post", "case" or "template", with what a row shows; brand 0 is every brand."""

    kind: str
    id: int
    brand_id: int
    title: str
    text: str


async def find(desk: Desk, text: str, brand_id: int | None, *, limit: int = 12) -> list[Found]:
    """Conversations, posts and cases, newest first, then templates; any text a person types is a valid search."""
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
    return found

"""What the command palette finds in the profile: conversations and posts by their words."""

from __future__ import annotations

from dataclasses import dataclass

from cmdesk.desk import Desk


@dataclass(frozen=True, slots=True)
class Found:
    """One hit: kind "conversation" or "post", with what a row shows."""

    kind: str
    id: int
    brand_id: int
    title: str
    text: str


async def find(desk: Desk, text: str, brand_id: int | None, *, limit: int = 12) -> list[Found]:
    """Conversations, then posts, newest first; any text a person types is a valid search."""
    from cmdesk.store import search  # with its text rules, not needed before somebody searches

    conversations = await desk.read(search.search_conversations, text, brand_id=brand_id, limit=limit)
    posts = await desk.read(search.search_posts, text, brand_id=brand_id, limit=limit)
    found = [
        Found("conversation", each.id, each.brand_id, each.author or each.handle, each.preview)
        for each in conversations
    ]
    found += [Found("post", each.id, each.brand_id, each.text, "") for each in posts]
    return found

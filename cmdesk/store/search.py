"""Search over everything a person remembers words of: messages, people, posts, templates.

Ids of messages follow time, so that the newest matches come without sorting. Every
count is capped: beyond `CAP` a screen says "1,000+".
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter

from cmdesk.model import Contact, Conversation, ConversationState, Post, Template
from cmdesk.store.contacts import find_contacts
from cmdesk.store.conversations import conversations_by_id
from cmdesk.store.db import Reader
from cmdesk.store.library import templates_by_id
from cmdesk.store.planning import posts_by_id
from cmdesk.store.words import brand_word, match_expression, words_of

__all__ = [
    "CAP",
    "Found",
    "everything",
    "match_expression",
    "search_contacts",
    "search_conversation_ids",
    "search_conversations",
    "search_count",
    "search_posts",
    "search_templates",
    "words_of",
]

CAP = 1000
_STEP = 400  # matches read at a time until enough conversations are found

_WORDS = (
    "SELECT f.rowid, m.conversation_id FROM message_fts f CROSS JOIN message m ON m.id = f.rowid"
    " WHERE f.message_fts MATCH ? AND f.rowid < ? ORDER BY f.rowid DESC LIMIT ?"
)
_WORDS_IN_STATE = (
    "SELECT f.rowid, m.conversation_id FROM message_fts f CROSS JOIN message m ON m.id = f.rowid"
    " CROSS JOIN conversation c ON c.id = m.conversation_id"
    " CROSS JOIN conversation s ON s.id = coalesce(c.merged_into, c.id)"
    " WHERE f.message_fts MATCH ? AND f.rowid < ? AND s.state = ? ORDER BY f.rowid DESC LIMIT ?"
)
# The conversations of the people last met whose name, handle or note matches.
_PEOPLE = (
    "SELECT c.last_at << 20, c.id FROM (SELECT rowid AS id FROM contact_fts WHERE contact_fts MATCH ?1"
    " ORDER BY rowid DESC LIMIT ?2) p CROSS JOIN conversation c ON c.contact_id = p.id WHERE c.last_at < ?3"
    " AND c.merged_into IS NULL"
)
_PEOPLE_NARROWED = (
    "SELECT c.last_at << 20, c.id FROM (SELECT f.rowid AS id FROM contact_fts f CROSS JOIN contact x ON x.id = f.rowid"
    " WHERE f.contact_fts MATCH ?1 AND (?4 IS NULL OR x.brand_id = ?4) ORDER BY f.rowid DESC LIMIT ?2) p"
    " CROSS JOIN conversation c ON c.contact_id = p.id WHERE c.last_at < ?3 AND (?5 IS NULL OR c.state = ?5)"
    " AND c.merged_into IS NULL"
)
# What was found in a merged conversation is shown in the one it was merged into.
_MERGED = "SELECT id, merged_into FROM conversation WHERE merged_into IS NOT NULL"
_MOST_PEOPLE = 20
_LATEST = (1 << 63) - 1
_PLACE = itemgetter(1)


@dataclass(frozen=True, slots=True)
class Found:
    """What the command palette shows for a few letters."""

    conversations: list[Conversation] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    templates: list[Template] = field(default_factory=list)


def search_conversations(
    reader: Reader,
    text: str,
    *,
    brand_id: int | None = None,
    state: ConversationState | None = None,
    limit: int = 100,
    before: int | None = None,
) -> list[Conversation]:
    """Return conversations with a message or a person that matches, newest match first; any text is valid.

    `before` continues below a place that `search_conversation_ids` reached.
    """
    ids = [each for each, _place in _matches(reader, text, brand_id=brand_id, state=state, limit=limit, before=before)]
    found = conversations_by_id(reader, ids)
    return [found[each] for each in ids if each in found]


def search_conversation_ids(
    reader: Reader,
    text: str,
    *,
    brand_id: int | None = None,
    state: ConversationState | None = None,
    limit: int = CAP,
    before: int | None = None,
) -> tuple[array[int], int | None]:
    """Return ids of matching conversations, newest match first, and where to continue (None: that was all)."""
    found = _matches(reader, text, brand_id=brand_id, state=state, limit=limit, before=before)
    ids = array("q", [each for each, _place in found])
    return ids, found[-1][1] if len(found) >= limit else None


def search_count(
    reader: Reader, text: str, *, brand_id: int | None = None, state: ConversationState | None = None
) -> int:
    """Return the number of matching conversations, at most CAP."""
    return len(_matches(reader, text, brand_id=brand_id, state=state, limit=CAP, before=None))


def _matches(
    reader: Reader,
    text: str,
    *,
    brand_id: int | None,
    state: ConversationState | None,
    limit: int,
    before: int | None,
) -> list[tuple[int, int]]:
    """Return (conversation, place) of the newest match of each conversation; places are message ids."""
    words = match_expression(text)
    if not words or limit <= 0:
        return []
    start = _LATEST if before is None else before
    scoped = words if brand_id is None else f'{words} "{brand_word(brand_id)}"'
    places = _places_of_words(reader, scoped, state, limit, start)
    # A place is a time shifted, so times compare with it when shifted back.
    if brand_id is None and state is None:
        people = reader.execute(_PEOPLE, (words, _MOST_PEOPLE, start >> 20))
    else:
        people = reader.execute(_PEOPLE_NARROWED, (words, _MOST_PEOPLE, start >> 20, brand_id, state))
    for place, conversation_id in people:
        if places.get(conversation_id, 0) < place:
            places[conversation_id] = place
    return sorted(places.items(), key=_PLACE, reverse=True)[:limit]


def _places_of_words(
    reader: Reader, expression: str, state: ConversationState | None, limit: int, start: int
) -> dict[int, int]:
    """Return the newest match of each conversation, `limit` conversations or all there are."""
    places: dict[int, int] = {}
    step = min(limit + limit // 4, _STEP)
    whole_of: dict[int, int] = dict(reader.execute(_MERGED).fetchall())
    while True:
        if state is None:
            rows = reader.execute(_WORDS, (expression, start, step)).fetchall()
        else:
            rows = reader.execute(_WORDS_IN_STATE, (expression, start, state.value, step)).fetchall()
        # Newest first: reversed, so that the newest match of a conversation is written last; earlier pages win.
        page = {whole_of.get(conversation_id, conversation_id): place for place, conversation_id in reversed(rows)}
        places = page | places if places else page
        if len(rows) < step or len(places) >= limit:
            return places
        start = rows[-1][0]


def search_posts(reader: Reader, text: str, *, brand_id: int | None = None, limit: int = 50) -> list[Post]:
    """Return posts (no replies) whose text or note matches, newest first."""
    words = match_expression(text)
    if not words:
        return []
    ids = _ids(
        reader.execute(
            "SELECT p.id FROM post_fts f CROSS JOIN post p ON p.id = f.rowid WHERE f.post_fts MATCH ?1"
            " AND p.deleted_at IS NULL AND p.kind = 'post' AND (?2 IS NULL OR p.brand_id = ?2)"
            " ORDER BY f.rowid DESC LIMIT ?3",
            (words, brand_id, limit),
        )
    )
    found = posts_by_id(reader, ids)
    return [found[each] for each in ids]


def search_contacts(reader: Reader, text: str, *, brand_id: int | None = None, limit: int = 50) -> list[Contact]:
    """Return contacts by name, note or handle, last seen first."""
    return find_contacts(reader, text, brand_id=brand_id, limit=limit)


def search_templates(reader: Reader, text: str, *, brand_id: int | None = None, limit: int = 50) -> list[Template]:
    """Return a brand's templates and those for every brand that match, most used first."""
    words = match_expression(text)
    if not words:
        return []
    ids = _ids(
        reader.execute(
            "SELECT t.id FROM template_fts f JOIN template t ON t.id = f.rowid WHERE f.template_fts MATCH ?1"
            " AND (?2 IS NULL OR t.brand_id IS NULL OR t.brand_id = ?2) ORDER BY t.used DESC, t.id LIMIT ?3",
            (words, brand_id, limit),
        )
    )
    found = templates_by_id(reader, ids)
    return [found[each] for each in ids]


def everything(reader: Reader, text: str, brand_id: int | None = None, limit: int = 8) -> Found:
    """Return a few of each kind, for the command palette."""
    if not match_expression(text):
        return Found()
    return Found(
        conversations=search_conversations(reader, text, brand_id=brand_id, limit=limit),
        contacts=search_contacts(reader, text, brand_id=brand_id, limit=limit),
        posts=search_posts(reader, text, brand_id=brand_id, limit=limit),
        templates=search_templates(reader, text, brand_id=brand_id, limit=limit),
    )


def _ids(rows: Iterable[tuple[int]]) -> list[int]:
    return [row[0] for row in rows]

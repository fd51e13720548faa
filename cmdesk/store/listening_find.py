"""Hits narrowed by source, verdict and words: what the list of the Listening page shows beside whole pages."""

from __future__ import annotations

from array import array

from cmdesk.listening.values import HitState
from cmdesk.store.db import Reader
from cmdesk.store.listening import MOST_IDS, hit_ids

_NARROWED = (
    "SELECT h.id FROM brand b CROSS JOIN listen_hit h ON h.brand_id = b.id AND h.state = ?2"
    " WHERE (?1 IS NULL AND b.archived_at IS NULL OR b.id = ?1) AND (?3 = '' OR h.source = ?3)"
    " AND (?4 = '' OR h.sentiment = ?4) AND (?5 = '' OR h.intent = ?5)"
    " AND (?6 IS NULL OR EXISTS (SELECT 1 FROM listen_match m WHERE m.hit_id = h.id AND m.search_id = ?6))"
    " AND (?7 = '' OR h.text LIKE ?7 ESCAPE '\\' OR h.title LIKE ?7 ESCAPE '\\'"
    "  OR h.author_name LIKE ?7 ESCAPE '\\' OR h.author_handle LIKE ?7 ESCAPE '\\')"
    " ORDER BY h.id DESC LIMIT ?8"
)


def found_ids(
    reader: Reader,
    *,
    brand_id: int | None,
    state: HitState = HitState.NEW,
    search_id: int | None = None,
    source: str = "",
    sentiment: str = "",
    intent: str = "",
    text: str = "",
    limit: int = MOST_IDS,
) -> array[int]:
    """Return the ids of hits that are all of this, the newest first; `text` is looked for as it stands, in any case."""
    wanted = text.strip()
    if not (source or sentiment or intent or wanted):
        return hit_ids(reader, brand_id=brand_id, state=state, search_id=search_id, limit=limit)
    plain = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = f"%{plain}%" if plain else ""
    rows = reader.execute(_NARROWED, (brand_id, state.value, source, sentiment, intent, search_id, pattern, limit))
    return array("q", (row[0] for row in rows))


def sources(reader: Reader, brand_id: int | None) -> list[str]:
    """Return where hits came from, by name."""
    rows = reader.execute(
        "SELECT DISTINCT h.source FROM brand b CROSS JOIN listen_hit h ON h.brand_id = b.id"
        " WHERE ?1 IS NULL OR b.id = ?1 ORDER BY 1",
        (brand_id,),
    )
    return [row[0] for row in rows]

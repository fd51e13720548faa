"""What the ids in a brand's rules are called."""

from __future__ import annotations

from cmdesk.circles import FieldType, Names
from cmdesk.circles.values import OWN_TYPES
from cmdesk.store import circles, markets, people_fields
from cmdesk.store.db import Reader


def names(reader: Reader, brand_id: int) -> Names:
    """Return the names of a brand's markets, circles and own fields."""
    return Names(
        {each.id: each.name for each in markets.markets(reader, brand_id)},
        {each.id: each.name for each in circles.circles(reader, brand_id)},
        {
            each.id: (each.name, OWN_TYPES.get(each.kind.value, FieldType.TEXT))
            for each in people_fields.fields(reader, brand_id)
        },
    )

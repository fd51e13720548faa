"""Once a day: write down who is in the circles, so that their history tells who came and went by rule."""

from __future__ import annotations

import asyncio

from cmdesk.errors import Invalid
from cmdesk.store import circle_history
from cmdesk.sync.home import Home


async def note_circles(desk: Home) -> int:
    """Note the circles of every brand that was not noted for a day, each in a write of its own; returns how many.

    Behind whatever a person decides meanwhile; what a power cut loses is noted again.
    """
    noted = 0
    for brand_id in desk.page(circle_history.due, desk.clock.now()):
        for circle_id in desk.page(circle_history.circle_ids, brand_id):
            try:
                await asyncio.wrap_future(desk.store.write_background(circle_history.note_circle, circle_id))
                noted += 1
            except Invalid:  # deleted meanwhile
                continue
        await asyncio.wrap_future(desk.store.write_background(circle_history.noted, brand_id))
    return noted

"""How the sample brands speak: a file each in `resources/demo`, as a person would carry one over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmdesk.commands import voice
from cmdesk.model import Brand
from cmdesk.planning.voice_book import from_text, taken
from cmdesk.resources import resource
from cmdesk.store import accounts

if TYPE_CHECKING:
    from cmdesk.desk import Desk


def fill_voice(desk: Desk, brand: Brand, key: str) -> None:
    """Let a sample brand speak as its file says. Blocks."""
    said = from_text(resource("demo", f"voice-{key}.toml").read_text("utf-8"))
    here = {each.id: (each.network, each.handle) for each in desk.page(accounts.list_accounts, brand_id=brand.id)}
    found = taken(desk.page(voice.book, brand.id), said, brand=brand.name, accounts=here)
    desk.run_now(voice.save_book, brand_id=brand.id, wanted=found.book)

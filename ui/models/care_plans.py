"""A brand's own words for care as its settings show them: protocols, what is asked, causes, what is decided alone."""

from __future__ import annotations

from dataclasses import dataclass

from cmdesk.care.protocol import Authority
from cmdesk.care.values import Protocol, Step
from cmdesk.commands import care_plans as commands
from cmdesk.desk import Desk
from cmdesk.store import care_plans as store
from cmdesk.store.db import Done as Done, Reader


@dataclass(frozen=True, slots=True)
class CareWords:
    """What is in force for a brand, its own or the usual."""

    protocols: tuple[Protocol, ...]
    questions: tuple[Step, ...]
    causes: tuple[str, ...]
    authority: Authority


def care_words(desk: Desk, brand_id: int) -> CareWords:
    """What a brand goes by."""
    return desk.page(_care_words, brand_id)


async def save_protocols(desk: Desk, brand_id: int, protocols: tuple[Protocol, ...] | None) -> Done[None]:
    """Keep protocols, None for the usual ones; raises Invalid."""
    return await desk.run(commands.save_protocols, brand_id=brand_id, protocols=protocols)


async def save_questions(desk: Desk, brand_id: int, steps: tuple[Step, ...] | None) -> Done[None]:
    """Keep what is asked, None for the usual."""
    return await desk.run(commands.save_information, brand_id=brand_id, steps=steps)


async def save_causes(desk: Desk, brand_id: int, causes: tuple[str, ...] | None) -> Done[None]:
    """Keep the causes, None for the usual ones."""
    return await desk.run(commands.save_causes, brand_id=brand_id, causes=causes)


async def save_authority(desk: Desk, brand_id: int, authority: Authority) -> Done[None]:
    """Keep what may be decided without the client; raises Invalid."""
    return await desk.run(commands.save_authority, brand_id=brand_id, authority=authority)


def _care_words(reader: Reader, brand_id: int) -> CareWords:
    return CareWords(
        tuple(store.protocols(reader, brand_id)),
        tuple(store.information(reader, brand_id)),
        tuple(store.causes(reader, brand_id)),
        store.authority(reader, brand_id),
    )

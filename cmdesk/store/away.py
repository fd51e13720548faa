"""What is said while nobody answers: when it opens again, and the text one could send (H2). Only ever suggested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cmdesk.care.hours import NeverOpens, next_opening, open_at
from cmdesk.care.hours_text import away_text, hours_text
from cmdesk.care.values import ServiceLevel
from cmdesk.store.db import Reader
from cmdesk.store.levels import level_of_conversation
from cmdesk.store.rows import fetch_one
from cmdesk.zones import zone_named


@dataclass(frozen=True, slots=True)
class Away:
    """It is closed now: when it opens again (None: never), in which zone, and what one could answer meanwhile."""

    opens_at: datetime | None
    zone: str
    text: str


def away(reader: Reader, conversation_id: int, now: datetime) -> Away | None:
    """Return what belongs to a conversation while its service is closed, None while it is open.

    May import the holidays library (200 ms): ask it with `Desk.read`, not on the thread that paints.
    """
    found = level_of_conversation(reader, conversation_id)
    if open_at(found, now):
        return None
    try:
        opens: datetime | None = next_opening(found, now)
    except NeverOpens:
        opens = None
    return Away(opens, found.zone, _away_text(reader, conversation_id, found, opens, now))


def outside(reader: Reader, conversation_id: int, now: datetime) -> str | None:
    """Return the answer to suggest outside the hours, in the conversation's language; None while it is open."""
    found = away(reader, conversation_id, now)
    return None if found is None else found.text


def told_hours(reader: Reader, conversation_id: int, *, language: str, now: datetime) -> str:
    """Return the hours in force for a conversation, to stand inside a text of the brand (H2)."""
    found = level_of_conversation(reader, conversation_id)
    return hours_text(found, language=language, on=now.astimezone(zone_named(found.zone)).date(), inside=True)


def _away_text(reader: Reader, conversation_id: int, found: ServiceLevel, opens: datetime | None, now: datetime) -> str:
    """Return the brand's own template for this, filled, else the usual text."""
    from cmdesk.store.library import by_category
    from cmdesk.store.voice import manner
    from cmdesk.templates import expand, values

    row = fetch_one(
        reader,
        "SELECT c.language, b.language AS brand_language, b.name, coalesce(i.name, '') AS person,"
        " coalesce(i.handle, '') AS handle, a.handle AS account FROM conversation c JOIN brand b ON b.id = c.brand_id"
        " JOIN account a ON a.id = c.account_id LEFT JOIN identity i ON i.id = c.identity_id WHERE c.id = ?",
        (conversation_id,),
    )
    language = row["language"] or row["brand_language"]
    zone = zone_named(found.zone)
    how = manner(reader, found.brand_id, language, market_id=found.market_id)
    for template in by_category(reader, found.brand_id, "out_of_hours", languages=(language, row["brand_language"])):
        if template.brand_id is None:
            continue  # one for every brand cannot know when this one is back; the text below does
        known = values(
            name=row["person"],
            brand=row["name"],
            handle=row["handle"],
            account=row["account"],
            hours=hours_text(found, language=language, on=(opens or now).astimezone(zone).date(), inside=True),
            other_channels=found.other_channels,
        )
        expanded = expand(
            template, language=language, market_id=found.market_id, values=how.told(known), formal=how.formal
        )
        if expanded.text and expanded.tag.partition("-")[0] in ("", language.partition("-")[0]):
            return expanded.text
    return away_text(found, opens, now, zone=zone, language=language, formal=how.formal)

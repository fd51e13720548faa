"""Busy weeks to look at and to measure: brands with holidays, notes, service hours, free slots and many posts."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cmdesk.model import Brand, CalendarItem, DeliveryState, PostStatus
from cmdesk.planning.calendar import place
from cmdesk.planning.clashes import clashes
from cmdesk.planning.days import Band, DayBack, Ghost, Mark, MarkKind, Stretch
from ui.calendar.scene import Scene

NOW = datetime(2026, 3, 12, 9, 41, tzinfo=UTC)
ZONE = "Europe/Madrid"
BRANDS = (
    ("Panadería La Espiga", "#C2703D", "Europe/Madrid"),
    ("Northtrail Outdoor & Mountain Equipment", "#6A9A2D", "America/Bogota"),
    ("Óptica Sol", "#F2C200", "Europe/Madrid"),
    ("Kiwi Travel", "#1D3F8F", "Pacific/Auckland"),
)
TEXTS = (
    "Pan de masa madre con nueces: hoy a las doce sale la segunda hornada",
    "Nueva ruta por la sierra, 14 km y 600 m de desnivel",
    "¿Sabes cuándo revisar tu vista? Te lo contamos en un minuto",
    "Rebajas de primavera: hasta el 30 % en monturas seleccionadas",
    "Ten days on the South Island: what to pack, what to leave at home",
    "Torrijas",
    "Gracias por los 5.000 seguidores",
    "",
)
_SENT, _READ = DeliveryState.PUBLISHED, DeliveryState.CONFIRMED
_KINDS = (
    (PostStatus.PUBLISHED, (_READ, _READ)),
    (PostStatus.PUBLISHED, (_SENT,)),
    (PostStatus.SCHEDULED, (DeliveryState.QUEUED, DeliveryState.QUEUED)),
    (PostStatus.SCHEDULED, (DeliveryState.QUEUED,)),
    (PostStatus.SCHEDULED, (DeliveryState.HANDED_OFF,)),
    (PostStatus.DRAFT, ()),
    (PostStatus.PROBLEM, (DeliveryState.REJECTED,)),
    (PostStatus.SENDING, (DeliveryState.UNCERTAIN,)),
    (PostStatus.SCHEDULED, (DeliveryState.HELD_LATE,)),
)


def brands(count: int = len(BRANDS)) -> dict[int, Brand]:
    """The first brands."""
    return {
        number: Brand(number, name, zone=zone, language="es", color=color)
        for number, (name, color, zone) in enumerate(BRANDS[:count], 1)
    }


def items(
    days: Sequence[date], count: int, *, seed: int = 5, brand_count: int = len(BRANDS), plain: bool = False
) -> list[CalendarItem]:
    """Posts of every kind, spread over the days; `plain` ones are all scheduled and may be moved."""
    chance = random.Random(seed)
    made: list[CalendarItem] = []
    for number in range(1, count + 1):
        brand = chance.randrange(brand_count) + 1
        day = chance.choice(days)
        hour, minute = chance.choice((8, 9, 9, 10, 12, 13, 16, 17, 18, 18, 20, 21)), chance.choice((0, 15, 30, 45))
        at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
        own = BRANDS[brand - 1][2]
        past = at < NOW
        status, states = _KINDS[3] if plain else chance.choice(_KINDS[:2] if past else _KINDS[2:])
        networks = chance.choice(
            (("mastodon",), ("bluesky",), ("mastodon", "bluesky"), ("mastodon", "bluesky", "sandbox"))
        )
        made.append(
            CalendarItem(
                post_id=number, brand_id=brand, at=at, zone=own,
                wall=at.astimezone(ZoneInfo(own)).replace(tzinfo=None).isoformat(timespec="minutes"),
                text=f"Publicación {number} del mes" if plain else f"{chance.choice(TEXTS)} {number}".strip(),
                status=status, networks=networks, account_ids=(brand * 10,), states=states, delivery_ids=(number,),
                movable=not past and DeliveryState.UNCERTAIN not in states and DeliveryState.HANDED_OFF not in states,
                parts=chance.choice((1, 1, 1, 1, 4)), series_id=chance.choice((None, None, None, None, 3)),
                approval=chance.choice(("", "", "", "asked", "change")) if not past and not plain else "",
                campaign_id=chance.choice((None, None, 1)),
            )
        )  # fmt: skip
    return made


def backs(days: Sequence[date], *, busy: bool = True) -> dict[date, DayBack]:
    """Service hours, sleep and meals of every day, some holidays and notes, free slots."""
    made: dict[date, DayBack] = {}
    for day in days:
        marks: list[Mark] = []
        if day.day == 19:
            marks.append(Mark(MarkKind.HOLIDAY, "San José", "ES", "MD"))
        if day.day in (19, 23):
            marks.append(Mark(MarkKind.HOLIDAY, "Día de San José (descanso obligatorio)", "CO"))
        if day.day == 19:
            marks.append(Mark(MarkKind.CLOSED, "Cerrado por inventario", brand_id=3))
        if day.day in (10, 17, 19):
            marks.append(Mark(MarkKind.NOTE, "Rodaje en tienda, pedir fotos", note_id=1))
        stretches = [
            Stretch(0, 7 * 60, Band.ASLEEP, "ES"), Stretch(23 * 60, 24 * 60, Band.ASLEEP, "ES"),
            Stretch(14 * 60, 15 * 60 + 30, Band.MEAL, "ES"),
        ]  # fmt: skip
        if day.weekday() < 5:
            stretches.append(Stretch(9 * 60, 19 * 60, Band.OPEN))
        ghosts = [
            Ghost(1, 1, 10, "mastodon", 9 * 60, f"{day}T09:00", ZONE),
            Ghost(2, 1, 10, "bluesky", 9 * 60, f"{day}T09:00", ZONE),
            Ghost(3, 3, 30, "mastodon", 19 * 60 + 30, f"{day}T19:30", ZONE),
        ]  # fmt: skip
        made[day] = DayBack(tuple(marks), tuple(stretches), tuple(ghosts) if busy and day.weekday() < 5 else ())
    return made


def scene(
    days: Sequence[date],
    count: int,
    *,
    brand_count: int = len(BRANDS),
    plain: bool = False,
    now: datetime = NOW,
    posts: Sequence[CalendarItem] | None = None,
    behind: Mapping[date, DayBack] | None = None,
) -> Scene:
    """Everything a grid shows of these days."""
    placed = place(posts if posts is not None else items(days, count, brand_count=brand_count, plain=plain), ZONE)
    shown = backs(days) if behind is None else behind
    return Scene(
        days=placed, brands=brands(brand_count), zone=ZONE, now=now, backs=shown, own_zone="Europe/Madrid",
        clashes=clashes(placed, shown), accounts={10: "@espiga", 20: "@northtrail", 30: "@opticasol", 40: "@kiwi"},
        campaigns={1: "Primavera"},
    )  # fmt: skip


def month_days(first: date, weeks: int = 5) -> list[date]:
    """Whole weeks of days."""
    return [first + timedelta(days=offset) for offset in range(7 * weeks)]

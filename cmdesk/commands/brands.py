"""Decisions about brands: adding, editing, putting away, removing the samples."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from cmdesk import config, i18n
from cmdesk.errors import Invalid
from cmdesk.planning.zones import zone_named
from cmdesk.store import brands, settings
from cmdesk.store.db import Transaction

# Told apart at a glance, also by people who see colours differently; given in this order to new brands.
COLORS = ("#2f6fde", "#d9622b", "#1f8a70", "#8e44ad", "#c2395b", "#b8860b", "#0e7c9b", "#5b6b2f", "#6a4fd0", "#a0522d")
USUAL_ZONE = "Europe/Madrid"
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class BrandEdit:
    """What a person may change of a brand; None leaves a field as it is."""

    name: str | None = None
    color: str | None = None
    zone: str | None = None
    language: str | None = None
    logo_media_id: int | None = None
    formal: bool | None = None
    late_grace_s: int | None = None
    spacing_s: int | None = None
    publishing_paused: bool | None = None
    needs_approval: bool | None = None


def local_zone() -> str:
    """Return this machine's time zone where it has a name, else that of Madrid."""
    named = os.environ.get("TZ", "").removeprefix(":")
    link = os.path.realpath("/etc/localtime")
    for name in (named, link.partition("/zoneinfo/")[2]):
        if "/" in name:
            try:
                zone_named(name)
            except Invalid:
                continue
            return name
    return USUAL_ZONE


def add_brand(
    tx: Transaction,
    *,
    name: str,
    zone: str = USUAL_ZONE,
    language: str = "es",
    color: str = "",
    sample: bool = False,
) -> int:
    """Add a client and return its id; without a colour it gets the next one that is free. Raises Invalid.

    A profile's first brand of its own brings the starting templates with it.
    """
    _check(zone=zone, language=language, color=color or COLORS[0])
    if not color:
        used = {brand.color for brand in brands.list_brands(tx.conn)}
        color = next((each for each in COLORS if each not in used), COLORS[len(used) % len(COLORS)])
    brand_id = brands.add_brand(
        tx,
        name=name,
        zone=zone,
        language=language,
        color=color,
        sample=sample,
        late_grace_s=60 * _whole(tx, "late_minutes"),
    )
    brands.update_brand(tx, brand_id, spacing_s=_whole(tx, "release_gap_seconds"))
    if not sample and len(brands.list_brands(tx.conn, archived=True)) == 1:
        from cmdesk.store import library_start  # once in the life of a profile

        library_start.add_once(tx, language=i18n.language())
    return brand_id


def edit_brand(tx: Transaction, *, brand_id: int, edit: BrandEdit) -> None:
    """Change what `edit` names; raises Invalid. Undo puts the old values back."""
    before = brands.brand(tx.conn, brand_id)
    wanted = {name: value for name in BrandEdit.__slots__ if (value := getattr(edit, name)) is not None}
    changed = {name: value for name, value in wanted.items() if value != getattr(before, name)}
    if not changed:
        return
    _check(
        zone=str(changed.get("zone", before.zone)),
        language=str(changed.get("language", before.language)),
        color=str(changed.get("color", before.color)),
    )
    if not 0 <= int(changed.get("late_grace_s", 0)) <= 86_400:
        raise Invalid("between 0 and 24 hours", code="late_grace", detail="late_grace_s")
    if not 0 <= int(changed.get("spacing_s", 60)) <= 86_400:
        raise Invalid("between 0 and 24 hours", code="spacing", detail="spacing_s")
    brands.update_brand(tx, brand_id, **changed)
    old = {name: getattr(before, name) for name in changed if getattr(before, name) is not None}
    tx.undoable("edit_brand", edit_brand, brand_id=brand_id, edit=BrandEdit(**old), detail=before.name)


def archive_brand(tx: Transaction, *, brand_id: int) -> None:
    """Put a client away: nothing is read or published for it, everything is kept."""
    brand = brands.brand(tx.conn, brand_id)
    brands.update_brand(tx, brand_id, archived_at=tx.now)
    tx.undoable("archive_brand", restore_brand, brand_id=brand_id, detail=brand.name)


def restore_brand(tx: Transaction, *, brand_id: int) -> None:
    """Take a client up again."""
    brand = brands.brand(tx.conn, brand_id)
    brands.update_brand(tx, brand_id, archived_at=None)
    tx.undoable("restore_brand", archive_brand, brand_id=brand_id, detail=brand.name)


def remove_sample(tx: Transaction) -> int:
    """Remove the sample brands with everything in them; returns how many there were. The person's own stay."""
    settings.remove(tx, "demo")
    return brands.remove_sample(tx)


def _whole(tx: Transaction, key: str) -> int:
    return int(config.value_or_default(key, settings.get(tx.conn, key)))


def _check(*, zone: str, language: str, color: str) -> None:
    zone_named(zone)
    if not _LANGUAGE.fullmatch(language):
        raise Invalid(f"{language!r} is not a language", code="language_unknown", detail=language)
    if not _COLOR.fullmatch(color):
        raise Invalid(f"{color!r} is not a colour like #2f6fde", code="color_unknown", detail=color)

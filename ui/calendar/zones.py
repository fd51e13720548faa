"""Whose clock the calendar follows: the brand's, a market's or one's own, chosen per brand and told in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QTimeZone
from PySide6.QtWidgets import QMenu, QWidget

from cmdesk.i18n import _
from cmdesk.model import Brand, Market
from cmdesk.safe_text import clean_line
from ui.calendar.dates import city


def local_zone() -> str:
    """The person's own zone by its IANA name; UTC where the system tells none."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode()
    return name if is_zone(name) else "UTC"


def is_zone(name: object) -> bool:
    """Say whether a kept word is a zone."""
    if not isinstance(name, str) or not name:
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # an unknown name is a KeyError
        return False
    return True


def zone_words(zone: str, own: str, day: date) -> str:
    """The clock in words: "Paris time · you: Madrid, the same"."""
    if zone == own:
        return _("{city} time").format(city=city(zone))
    here, mine = (datetime.combine(day, datetime.min.time(), ZoneInfo(name)) for name in (zone, own))
    if here.utcoffset() == mine.utcoffset():
        return _("{city} time · you: {own}, the same").format(city=city(zone), own=city(own))
    return _("{city} time · you: {own}").format(city=city(zone), own=city(own))


def zone_menu(
    parent: QWidget,
    *,
    now: datetime,
    shown: str,
    brands: Iterable[Brand],
    markets: Iterable[Market],
    chosen: Callable[[str], None],
) -> QMenu:
    """The clocks of the brands and markets in view and one's own, each with the hour it shows now."""
    menu = QMenu(parent)
    own = local_zone()
    named: dict[str, list[str]] = {}
    for brand in brands:
        named.setdefault(brand.zone, []).append(clean_line(brand.name, limit=40))
    for market in markets:
        named.setdefault(market.zone, []).append(clean_line(market.name, limit=40))
    named.setdefault(own, []).append(_("you"))
    for zone, names in named.items():
        who = ", ".join(dict.fromkeys(names[:4]))
        hour = now.astimezone(ZoneInfo(zone)).strftime("%H:%M")
        entry = menu.addAction(f"{city(zone)} ({who})\t{hour}".replace("&", "&&"))
        entry.setCheckable(True)
        entry.setChecked(zone == shown)
        entry.triggered.connect(lambda _checked=False, zone=zone: chosen(zone))
    menu.aboutToHide.connect(menu.deleteLater)
    return menu

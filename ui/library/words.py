"""Words of the templates page: languages by their own names, variants, the example person."""

from __future__ import annotations

from collections.abc import Mapping

from cmdesk.i18n import _
from cmdesk.model import Market
from cmdesk.safe_text import clean_line
from cmdesk.templates import FORMAL, base, is_formal
from ui.models.library import Place

NAMES: Mapping[str, str] = {
    "es": "Español", "en": "English", "ca": "Català", "fr": "Français", "it": "Italiano", "pt": "Português",
    "de": "Deutsch", "gl": "Galego", "eu": "Euskara", "nl": "Nederlands",
}  # fmt: skip
"""Offered, each under its own name."""

_WRITTEN = {"ca": "vostè", "de": "Sie", "it": "Lei"}


def language_name(tag: str) -> str:
    """A language with its way of speaking: "Español (usted)"."""
    if not tag:
        return _("Any language")
    plain = base(tag)
    name = NAMES.get(plain, plain)
    return f"{name} ({formal_word(tag)})" if is_formal(tag) else name


def place_name(place: Place, markets: Mapping[int, Market]) -> str:
    """A variant in a few letters, for its tab: "es", "es · usted", "México · es"."""
    market_id, tag = place
    short = f"{base(tag)} · {formal_word(tag)}" if is_formal(tag) else tag or _("any")
    if not market_id:
        return short
    market = markets.get(market_id)
    return f"{clean_line(market.name) if market else market_id} · {short}"


def formal_word(language: str) -> str:
    """What the formal way of a language is called, as it is written there."""
    short = base(language).partition("-")[0]
    return _WRITTEN.get(short) or FORMAL.get(short, "formal")

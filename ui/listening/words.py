"""What the Listening page says: kinds of searches, sources, decisions, and a hit as one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from cmdesk.i18n import N_, _, ngettext
from cmdesk.listening.query import query_line
from cmdesk.listening.values import WEB, Hit, HitState, Query, Search, SearchKind
from cmdesk.model import Brand
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording_by_hand import network_name
from cmdesk.wording_triage import language_word
from ui.widgets.marks import INTENTS, SENTIMENTS, TROLL, TROLL_KIND, Mark, intent_word
from ui.widgets.times import spoken

__all__ = [
    "EVERY", "INTENTS", "KINDS", "STATES", "asked_words", "author", "every_word", "intent_word", "kind_icon",
    "kind_word", "line", "mark", "search_name", "sentence", "source_name", "spoken", "state_word", "who",
]  # fmt: skip

KINDS: dict[SearchKind, tuple[str, str, str]] = {
    SearchKind.WORDS: (N_("Words"), "search", N_("The brand's name, its products, what people call it.")),
    SearchKind.HASHTAG: (N_("Hashtags"), "hash", N_("Everything that carries a tag.")),
    SearchKind.HELP: (N_("Help-seekers"), "hand-helping", N_("People who ask for what you do, without naming you.")),
    SearchKind.FEED: (N_("Web and feeds"), "network:web", N_("Blogs, forums, news and web alerts by their feed.")),
    SearchKind.COMPETITOR: (N_("Competitors"), "target", N_("A public account: how it grows and how often it posts.")),
}
"""Group, icon and what it is for, in the order of the side list and of the dialog."""

STATES: dict[HitState, tuple[str, str, str]] = {
    HitState.NEW: (N_("New"), "sparkles", "accent"),
    HitState.USEFUL: (N_("For later"), "bookmark", "info"),
    HitState.SEEN: (N_("Seen"), "check", "neutral"),
    HitState.PROMOTED: (N_("In the inbox"), "inbox", "positive"),
    HitState.DISMISSED: (N_("Dismissed"), "ban", "neutral"),
}
"""Word, icon and tone of what was decided about a hit, in the order of the filter."""

EVERY = ((300, N_("Every 5 minutes")), (900, N_("Every 15 minutes")), (1800, N_("Every half hour")),
         (3600, N_("Every hour")), (21_600, N_("Every 6 hours")), (86_400, N_("Once a day")),
         (604_800, N_("Once a week")))  # fmt: skip
"""How often one can look: seconds, and words."""


def kind_word(kind: SearchKind) -> str:
    """The name of a kind's group."""
    return _(KINDS[kind][0])


def kind_icon(kind: SearchKind) -> str:
    """The drawing of a kind."""
    return KINDS[kind][1]


def source_name(source: str) -> str:
    """A network as people know it; "Web" for feeds."""
    return _("Web") if source == WEB else network_name(source)


def state_word(state: HitState) -> str:
    """What was decided about a hit."""
    return _(STATES[state][0])


def every_word(seconds: int) -> str:
    """How often a search looks."""
    return _(min(EVERY, key=lambda each: abs(each[0] - seconds))[1])


def mark(hit: Hit) -> Mark | None:
    """The verdict of a hit, None while nothing was judged."""
    return TROLL if hit.intent == TROLL_KIND else SENTIMENTS.get(hit.sentiment)


@lru_cache(maxsize=4096)
def author(name: str, handle: str) -> str:
    """Who wrote it, harmless; a site's name for what comes from the web."""
    return safe_name(name) or safe_name(handle) or _("Somebody")


@lru_cache(maxsize=4096)
def line(text: str) -> str:
    """A text as one harmless line, as much of it as a row can need."""
    return clean_line(text[:1200], limit=600)


def sentence(hit: Hit, *, now: datetime, brand: Brand | None, names: Sequence[str] = ()) -> str:
    """A row as one sentence for a screen reader."""
    found = mark(hit)
    judged = found.label.lower() if found is not None else ""
    parts = [
        state_word(hit.state), source_name(hit.source), clean_line(brand.name) if brand is not None else "",
        author(hit.author_name, hit.author_handle), spoken(hit.at, now),
        _("perhaps {verdict}").format(verdict=judged) if judged and hit.unsure else judged,
        intent_word(hit.intent).lower() if hit.intent != TROLL_KIND else "",
        language_word(hit.language).lower() if hit.language else "", *names,
    ]  # fmt: skip
    return f"{', '.join(part for part in parts if part)}: {clean_line(hit.words, limit=200)}"


def who(hits: Sequence[Hit], count: int) -> str:
    """Whom a decision is about: a name, or how many."""
    if count == 1 and hits:
        return author(hits[0].author_name, hits[0].author_handle)
    return ngettext("{count} hit", "{count} hits", count).format(count=count)


def asked_words(query: Query) -> str:
    """What a query asks for, as people would list it where that says the same."""
    if query.any and not (query.all or query.phrases or query.none):
        return ", ".join(query.any)
    return query_line(query)


def search_name(search: Search) -> str:
    """A search's name, harmless."""
    return clean_line(search.name, limit=80)

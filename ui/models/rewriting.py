"""Changes of a draft's shape: texts of one's own, parts, the first comment, the poll. Pure: draft in, draft out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from cmdesk.model import Part, Poll
from cmdesk.planning.content import COMMENT, account_key, market_key
from cmdesk.planning.splitting import split
from cmdesk.text import links
from ui.models.drafting import Draft

NEW_POLL = Poll(options=("", ""))


def shown_text(draft: Draft, number: int, key: str) -> str:
    """What the text fields show for a part under a key: its own text there, else what it would inherit."""
    part = draft.part(number)
    return part.variants.get(key, part.text) if key else part.text


def set_text(draft: Draft, key: str, text: str, number: int) -> Draft:
    """Write the common text ('') or a network's or account's own in one part."""
    if not key:
        return draft.with_part(number, text=text)
    return draft.with_part(number, variants={**draft.part(number).variants, key: text})


def give_own(draft: Draft, key: str, inherited: Callable[[int], str]) -> Draft:
    """Give a network or account its own words in every part, starting with those it had (`inherited`)."""
    for number in draft.numbers():
        variants = draft.part(number).variants
        if key not in variants:
            draft = draft.with_part(number, variants={**variants, key: inherited(number)})
    return draft


def share_text(draft: Draft, key: str, number: int | None = None) -> Draft:
    """Let a network or account have the common words again, in one part or in all."""
    for each in draft.numbers() if number is None else (number,):
        kept = {name: text for name, text in draft.part(each).variants.items() if name != key}
        draft = draft.with_part(each, variants=kept)
    return draft


def mark_link(draft: Draft, number: int, link: str, marked: Mapping[str, str], networks: Mapping[int, str]) -> Draft:
    """Let each network say its own form of a link in one part, in words of its own; `networks` by account id.

    Words of an account or a market are marked too.
    """
    part = draft.part(number)
    own = {network: other_link(part.variants.get(network, part.text), link, new) for network, new in marked.items()}
    read_on: dict[str, set[str]] = {}
    for account_id, network in networks.items():
        read_on.setdefault(_market_key(draft, account_id), set()).add(network)
    for account_id, network in networks.items():
        mine, market = account_key(account_id), _market_key(draft, account_id)
        if network not in marked:
            continue
        if mine in part.variants:
            own[mine] = other_link(part.variants[mine], link, marked[network])
        elif market in part.variants:
            # A market's words are the same on every network: where several read them, each account has its own.
            own[market if len(read_on[market]) == 1 else mine] = other_link(
                part.variants[market], link, marked[network]
            )
    return draft.with_part(number, variants={**part.variants, **own})


def _market_key(draft: Draft, account_id: int) -> str:
    market_id = draft.market_of(account_id)
    return "" if market_id is None else market_key(market_id)


def other_link(text: str, old: str, new: str) -> str:
    """Return a text in which one link is another one; longer links that begin with it stay."""
    for start, end, link in reversed(links(text)):
        if link == old:
            text = text[:start] + new + text[end:]
    return text


def add_part(draft: Draft, after: int) -> Draft:
    """Put an empty part behind part `after` (a first comment counts as the end of the thread)."""
    at = len(draft.parts) if after == COMMENT else after
    return replace(draft, parts=(*draft.parts[:at], Part(""), *draft.parts[at:]))


def remove_part(draft: Draft, number: int) -> Draft:
    """Take a part or the first comment out; the next part becomes the first one. The only part is emptied."""
    if number == COMMENT:
        return replace(draft, comment=None)
    parts = list(draft.thread())
    del parts[number]
    return _with_thread(draft, parts or [Part("")])


def put_part(draft: Draft, number: int, part: Part) -> Draft:
    """Put a part with its words and pictures at a place, at the end when the thread is shorter."""
    parts = list(draft.thread())
    parts.insert(number, part)
    return _with_thread(draft, parts)


def move_part(draft: Draft, number: int, step: int) -> Draft:
    """Let a part go out earlier (-1) or later (+1); at the ends nothing changes."""
    parts = list(draft.thread())
    to = number + step
    if number < 0 or not 0 <= to < len(parts):
        return draft
    parts[number], parts[to] = parts[to], parts[number]
    return _with_thread(draft, parts)


def split_part(draft: Draft, number: int, key: str, fits: Callable[[str], bool], *, numbered: bool) -> Draft:
    """Split one part's words under a key into as many parts as they need; its pictures stay with the first of them.

    Who has words of its own in that part keeps them and gets no further parts for it ('' is left out). Splitting one
    network's own words makes parts which the others leave out in turn.
    """
    pieces = split(shown_text(draft, number, key), fits, numbered=numbered)
    if len(pieces) < 2 or number == COMMENT:
        return draft
    old = draft.part(number)
    draft = set_text(draft, key, pieces[0], number)
    if key:
        made = [Part("", {key: piece}) for piece in pieces[1:]]
    else:
        made = [Part(piece, dict.fromkeys(old.variants, "")) for piece in pieces[1:]]
    return replace(draft, parts=(*draft.parts[:number], *made, *draft.parts[number:]))


def _with_thread(draft: Draft, parts: list[Part]) -> Draft:
    first = parts[0]
    return replace(
        draft, text=first.text, variants=dict(first.variants), parts=tuple(parts[1:]),
        media=tuple((each.media, each.alt) for each in first.media),
    )  # fmt: skip

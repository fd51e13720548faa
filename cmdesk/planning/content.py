"""What a post says on one account, and all that it says as one value: for versions, approval and copies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping
from typing import Any

from cmdesk.care.answering import handles_to_keep, with_handles
from cmdesk.model import Card, Crop, Media, Part, Poll, Post, PostMedia, Readers
from cmdesk.planning.media_rules import left_out

COMMENT = -1  # the part number under which the first comment is kept
_ANYBODY = Readers()


def account_key(account_id: int) -> str:
    """Return the key of what one account alone says."""
    return f"#{account_id}"


def market_key(market_id: int) -> str:
    """Return the key of what is said to one market (K7)."""
    return f"@{market_id}"


def market_of(key: str) -> int | None:
    """Return the market whose words stand under a key, None for another key."""
    return int(key[1:]) if key.startswith("@") and key[1:].isdecimal() else None


def key_for(variants: Container[str], *, network: str, account_id: int, market_id: int | None = None) -> str:
    """Return under which key an account's words stand: its own, its market's, its network's, or '' the common ones."""
    market = () if market_id is None else (market_key(market_id),)
    return next((key for key in (account_key(account_id), *market, network) if key in variants), "")


def text_for(
    text: str, variants: Mapping[str, str], *, network: str, account_id: int, market_id: int | None = None
) -> str:
    """Return what an account says: its own text, else its market's, else its network's, else the common one."""
    key = key_for(variants, network=network, account_id=account_id, market_id=market_id)
    return variants[key] if key else text


def readers_of(post: Post, account_id: int) -> Readers:
    """Return whom an account of the post's brand speaks to."""
    return post.readers.get(account_id, _ANYBODY)


def said_in(post: Post, part: Part, *, network: str, account_id: int) -> str:
    """Return what an account says in a part, as it is sent: with the name of the one person where that delivers it."""
    market_id = readers_of(post, account_id).market_id
    text = text_for(part.text, part.variants, network=network, account_id=account_id, market_id=market_id)
    return addressed(post, text, network=network, account_id=account_id)


def addressed(post: Post, text: str, *, network: str, account_id: int) -> str:
    """Return words as they are sent: a network that delivers by mention needs the name of the one person in them."""
    who = readers_of(post, account_id)
    if post.person_id is None or not who.handle or not text.strip():
        return text
    return with_handles(text, handles_to_keep(network, author=who.handle, mentions=(), own=""))


def language_for(post: Post, part: Part, *, network: str, account_id: int) -> str:
    """Return the language in which an account says a part: its market's where the words are that market's (K7).

    Words of an account's own stand in the market's language where the market has words as well.
    """
    who = readers_of(post, account_id)
    spoken = who.market_id is not None and market_key(who.market_id) in part.variants
    return who.language if spoken and who.language else post.language


def parts_for(post: Post, *, network: str, account_id: int) -> tuple[tuple[int, str, tuple[PostMedia, ...]], ...]:
    """Return what goes out on one account as (part number, text, pictures), the first comment last as `COMMENT`.

    A part behind the first that has neither words nor pictures there is left out: a long network may say in one post
    what a short one needs a thread for.
    """
    every = [(0, Part(post.text, post.variants, post.media)), *enumerate(post.parts, 1)]
    if post.comment is not None:
        every.append((COMMENT, post.comment))
    without = left_out(post.options, network)
    said = (
        (
            n,
            said_in(post, p, network=network, account_id=account_id),
            tuple(each for each in p.media if each.media.id not in without),
        )
        for n, p in every
    )
    return tuple((n, text, media) for n, text, media in said if n == 0 or text.strip() or media)


def part_of(post: Post, number: int) -> Part:
    """Return a part by its number, the first text as 0 and the first comment as `COMMENT`."""
    if number == COMMENT and post.comment is not None:
        return post.comment
    return Part(post.text, post.variants, post.media) if number <= 0 else post.parts[number - 1]


def texts_for(post: Post, *, network: str, account_id: int) -> tuple[str, ...]:
    """Return the texts of a thread on one account, the first one first (the first comment is not among them)."""
    sent = parts_for(post, network=network, account_id=account_id)
    return tuple(text for number, text, _media in sent if number != COMMENT)


def crop_for(post: Post, media_id: int, network: str) -> Crop | None:
    """Return what a network shows of a picture: its own crop, else the common one; None: all of it."""
    return post.crops.get((media_id, network), post.crops.get((media_id, "")))


def content_of(post: Post) -> dict[str, Any]:
    """Return everything that would be published, as plain JSON: equal for posts that say the same.

    Hours, accounts, notes and labels are not part of it.
    """
    return {
        "text": post.text,
        "variants": dict(sorted(post.variants.items())),
        "media": _media(post.media),
        "parts": [_part(each) for each in post.parts],
        "comment": None if post.comment is None else _part(post.comment),
        "poll": poll_json(post.poll),
        "card": card_json(post.card),
        "crops": [[media_id, network, *crop_json(crop)] for (media_id, network), crop in sorted(post.crops.items())],
        "options": {network: dict(each) for network, each in sorted(post.options.items())},
        "language": post.language,
        "spoiler": post.spoiler,
        "visibility": post.visibility,
        **_readers_json(post),
    }


def _readers_json(post: Post) -> dict[str, Any]:
    """What decides which words go where, only in posts in which something does."""
    own = {
        key for part in (post, *post.parts, *(() if post.comment is None else (post.comment,))) for key in part.variants
    }
    markets = {
        str(account_id): [each.market_id, each.language]
        for account_id, each in sorted(post.readers.items())
        if each.market_id is not None and market_key(each.market_id) in own
    }
    told: dict[str, Any] = {"markets": markets} if markets else {}
    return told if post.person_id is None else {**told, "person": post.person_id}


def fingerprint(post: Post) -> str:
    """Return the SHA-256 of what would be published: an approval is for exactly this (rank 25)."""
    sealed = json.dumps(content_of(post), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(sealed.encode("utf-8", "surrogatepass")).hexdigest()


def poll_json(poll: Poll | None) -> dict[str, Any] | None:
    """Return a poll as it is stored and sealed."""
    if poll is None:
        return None
    return {
        "options": list(poll.options),
        "lasts_s": poll.lasts_s,
        "multiple": poll.multiple,
        "hide_totals": poll.hide_totals,
    }


def poll_of(data: Mapping[str, Any] | None) -> Poll | None:
    """Return a stored poll as a value."""
    if not data:
        return None
    return Poll(tuple(data["options"]), int(data["lasts_s"]), bool(data["multiple"]), bool(data["hide_totals"]))


def card_json(card: Card | None) -> dict[str, Any] | None:
    """Return a link's card as it is stored and sealed."""
    if card is None:
        return None
    return {"url": card.url, "title": card.title, "description": card.description, "media_id": card.media_id}


def card_of(data: Mapping[str, Any] | None) -> Card | None:
    """Return a stored card as a value."""
    return None if not data else Card(data["url"], data["title"], data["description"], data["media_id"])


def crop_json(crop: Crop) -> list[float]:
    """Return a crop as it is stored and sealed."""
    return [crop.x, crop.y, crop.w, crop.h]


def _part(part: Part) -> dict[str, Any]:
    return {"text": part.text, "variants": dict(sorted(part.variants.items())), "media": _media(part.media)}


def _media(media: tuple[PostMedia, ...]) -> list[list[Any]]:
    return [[each.media.id, each.alt] for each in media]


def part_from(data: Mapping[str, Any], media: Mapping[int, Media]) -> Part:
    """Return a part of kept content; pictures that are gone are left out."""
    return Part(data["text"], dict(data["variants"]), media_from(data["media"], media))


def media_from(data: list[list[Any]], media: Mapping[int, Media]) -> tuple[PostMedia, ...]:
    """Return the pictures of kept content in their order; those that are gone are left out."""
    return tuple(
        PostMedia(media[media_id], alt, position) for position, (media_id, alt) in enumerate(data) if media_id in media
    )

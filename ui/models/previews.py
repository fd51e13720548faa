"""What one account will show and how long it is there: the values the previews and the counters are painted from."""

from __future__ import annotations

from dataclasses import dataclass

from cmdesk.model import Account, Card, Crop, Media, Poll, Post
from cmdesk.planning.abilities import SENSITIVE, Abilities, abilities
from cmdesk.planning.cards import card_for
from cmdesk.planning.content import COMMENT, crop_for, parts_for
from cmdesk.planning.review import Destination, length
from cmdesk.planning.splitting import longest
from cmdesk.planning.targeting import sent_visibility
from cmdesk.text import utf8_length

# Longer than any network takes; what is behind it is only counted.
SHOWN_CHARACTERS = 8_000


@dataclass(frozen=True, slots=True)
class SeenPicture:
    """A picture as one network shows it."""

    media: Media
    alt: str
    crop: Crop | None


@dataclass(frozen=True, slots=True)
class SeenPart:
    """One part as one account sends it."""

    number: int
    text: str
    pictures: tuple[SeenPicture, ...]

    @property
    def is_comment(self) -> bool:
        """Say whether it is the first comment."""
        return self.number == COMMENT


@dataclass(frozen=True, slots=True)
class Seen:
    """All that one account sends; equal values look the same."""

    account_id: int
    network: str
    parts: tuple[SeenPart, ...]
    poll: Poll | None = None
    card: Card | None = None
    spoiler: str = ""
    visibility: str = "public"
    sensitive: bool = False  # the pictures are hidden behind a click
    card_file: str = ""  # the picture of the card, a name within the media folder


def seen(post: Post, account: Account, *, card_file: str = "") -> Seen:
    """What an account will show of a post, exactly the parts that `seal` sends there."""
    sent = parts_for(post, network=account.network, account_id=account.id)
    parts = tuple(
        SeenPart(
            number, text,
            tuple(SeenPicture(use.media, use.alt, crop_for(post, use.media.id, account.network)) for use in media),
        )
        for number, text, media in sent
    )  # fmt: skip
    card = _card(post, account, parts[0])
    return Seen(
        account.id, account.network, parts,
        poll=post.poll if able(account).polls else None,
        card=card,
        spoiler=post.spoiler if warns(account) else "",
        visibility="direct" if post.person_id is not None else sent_visibility(account, post.visibility),
        sensitive=post.options.get(account.network, {}).get(SENSITIVE) is True,
        card_file=card_file if card is not None else "",
    )  # fmt: skip


def _card(post: Post, account: Account, first: SeenPart) -> Card | None:
    """A card stands under the words where the client makes it, when no picture does, for a link still written."""
    takes = able(account)
    if not takes.cards or post.person_id is not None or (post.poll is not None and takes.polls):
        return None
    return card_for(post, network=account.network, text=first.text, pictures=bool(first.pictures))


def able(account: Account) -> Abilities:
    """What the account's network takes beside words and pictures."""
    return abilities(account.network, account.capabilities)


def warns(account: Account) -> bool:
    """Say whether the account's network folds a text behind a warning."""
    return bool(account.capabilities.get("content_warning", account.network == "mastodon"))


def visibilities(account: Account) -> tuple[str, ...]:
    """Who may see a post there, the widest first."""
    found = account.capabilities.get("visibilities")
    return tuple(str(each) for each in found) if isinstance(found, list | tuple) and found else ("public",)


@dataclass(frozen=True, slots=True)
class Count:
    """How long a text is on one account, by that network's rule."""

    account_id: int
    network: str
    used: int
    limit: int
    bytes_used: int = 0
    bytes_limit: int = 0

    @property
    def over(self) -> bool:
        """Say whether it is too long there."""
        return self.used > self.limit or self.bytes_over

    @property
    def bytes_over(self) -> bool:
        """Say whether it is the bytes that are too many: emoji take several."""
        return bool(self.bytes_limit) and self.bytes_used > self.bytes_limit


def count(where: Destination, text: str, spoiler: str) -> Count:
    """Count a text by the rule of an account's network."""
    bytes_used = utf8_length(text) if where.max_bytes is not None else 0
    return Count(
        where.account_id, where.network, length(where, text, spoiler), where.characters, bytes_used,
        where.max_bytes or 0,
    )  # fmt: skip


def end_of_room(where: Destination, text: str, spoiler: str) -> int | None:
    """Where the text leaves what fits, in characters; None when all of it fits."""
    if not count(where, text, spoiler).over:
        return None
    return longest(text[: where.characters * 30], lambda some: not count(where, some, spoiler).over)

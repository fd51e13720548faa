"""What a person has written so far, as one frozen value: equal drafts need no saving."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cmdesk.model import Account, Card, Crop, Media, Part, Poll, Post, PostMedia, Readers, Target
from cmdesk.planning.content import COMMENT, account_key, key_for, text_for

Pictures = tuple[tuple[Media, str], ...]


@dataclass(frozen=True)
class Draft:
    """Everything the composer writes. Part 0 is the first text, 1.. the thread, `COMMENT` (-1) the first comment.

    Keys of `variants` (also of a part's): a network ("mastodon"), a market ("@3") or one account ("#12"). `readers` is
    known of the accounts, not written: drafts that differ in it alone are the same.
    """

    brand_id: int
    text: str = ""
    variants: dict[str, str] = field(default_factory=dict)
    account_ids: tuple[int, ...] = ()
    media: Pictures = ()
    language: str = ""
    visibility: str = "public"
    spoiler: str = ""
    note: str = ""
    parts: tuple[Part, ...] = ()
    comment: Part | None = None
    poll: Poll | None = None
    card: Card | None = None
    crops: dict[tuple[int, str], Crop] = field(default_factory=dict)
    options: dict[str, dict[str, object]] = field(default_factory=dict)
    labels: tuple[int, ...] = ()
    campaign_id: int | None = None
    market_id: int | None = None
    circles: tuple[int, ...] = ()
    aim: str = ""  # value, product, conversation (U7)
    person_id: int | None = None
    readers: Mapping[int, Readers] = field(default_factory=dict, compare=False)

    @property
    def empty(self) -> bool:
        """Say whether nothing would be lost."""
        return not (self.says_something or self.note.strip())

    @property
    def says_something(self) -> bool:
        """Say whether there are words, pictures or a poll that would be published."""
        return bool(self.poll) or any(
            part.media or part.text.strip() or any(map(str.strip, part.variants.values())) for part in self.all_parts()
        )

    def all_parts(self) -> tuple[Part, ...]:
        """The thread's parts with the first one in front, and the first comment last if there is one."""
        return (*self.thread(), *([] if self.comment is None else [self.comment]))

    def thread(self) -> tuple[Part, ...]:
        """The parts of the thread, the first text in front; the first comment is not among them."""
        return (self.part(0), *self.parts)

    def numbers(self) -> tuple[int, ...]:
        """The part numbers in the order in which they go out: 0, 1, ..., then the first comment."""
        return (*range(len(self.parts) + 1), *([] if self.comment is None else [COMMENT]))

    def part(self, number: int) -> Part:
        """One part; raises IndexError for one that is not there."""
        if number == 0:
            return Part(self.text, self.variants, tuple(PostMedia(m, alt, i) for i, (m, alt) in enumerate(self.media)))
        if number == COMMENT:
            if self.comment is None:
                raise IndexError(number)
            return self.comment
        return self.parts[number - 1]

    def with_part(self, number: int, **fields: Any) -> Draft:
        """The draft with `text`, `variants` or `media` (pairs of picture and description) of one part changed."""
        if "media" in fields and number != 0:
            fields["media"] = tuple(PostMedia(m, alt, i) for i, (m, alt) in enumerate(fields["media"]))
        if number == 0:
            return replace(self, **fields)
        if number == COMMENT:
            return replace(self, comment=replace(self.comment or Part(""), **fields))
        parts = list(self.parts)
        parts[number - 1] = replace(parts[number - 1], **fields)
        return replace(self, parts=tuple(parts))

    def pictures(self, number: int) -> Pictures:
        """The pictures of one part with their descriptions."""
        return tuple((each.media, each.alt) for each in self.part(number).media)

    def text_of(self, number: int, account: Account) -> str:
        """What an account says in one part: its own text, its market's, its network's, or the common one."""
        part, market_id = self.part(number), self.market_of(account.id)
        return text_for(part.text, part.variants, network=account.network, account_id=account.id, market_id=market_id)

    def market_of(self, account_id: int) -> int | None:
        """The market an account speaks to."""
        who = self.readers.get(account_id)
        return None if who is None else who.market_id

    def key_of(self, number: int, account: Account) -> str:
        """The key under which an account's words of a part stand."""
        return self.key_among(self.part(number).variants, account)

    def key_among(self, own: Container[str], account: Account) -> str:
        """The key whose words an account says where these keys have words of their own."""
        return key_for(own, network=account.network, account_id=account.id, market_id=self.market_of(account.id))

    def keys(self) -> tuple[str, ...]:
        """The networks, markets and accounts that have a text of their own anywhere in the post."""
        return tuple(dict.fromkeys(key for part in self.all_parts() for key in part.variants))

    def as_post(self, *, post_id: int = 0, targets: Sequence[Target] | None = None) -> Post:
        """The draft as the value everything that reads posts understands."""
        return Post(
            id=post_id, brand_id=self.brand_id, text=self.text, language=self.language, spoiler=self.spoiler,
            visibility=self.visibility, note=self.note, variants=self.variants,
            targets=tuple(targets) if targets is not None else tuple(Target(each) for each in self.account_ids),
            media=self.part(0).media, campaign_id=self.campaign_id, market_id=self.market_id, parts=self.parts,
            comment=self.comment, poll=self.poll, card=self.card, options=self.options, crops=self.crops,
            labels=self.labels, circles=self.circles, aim=self.aim, person_id=self.person_id, readers=self.readers,
        )  # fmt: skip

    def saved_as(self) -> dict[str, Any]:
        """The keywords of `commands.planning.save_post`."""
        return {
            "brand_id": self.brand_id, "text": self.text, "variants": self.variants, "account_ids": self.account_ids,
            "media": [(media.id, alt) for media, alt in self.media], "language": self.language,
            "spoiler": self.spoiler, "visibility": self.visibility, "note": self.note, "parts": self.parts,
            "comment": self.comment, "poll": self.poll, "card": self.card, "crops": self.crops,
            "options": self.options, "labels": self.labels, "campaign_id": self.campaign_id,
            "market_id": self.market_id, "circles": self.circles, "aim": self.aim, "person_id": self.person_id,
        }  # fmt: skip


def draft_of(post: Post) -> Draft:
    """A kept post as a draft."""
    return Draft(
        brand_id=post.brand_id, text=post.text, variants=dict(post.variants),
        account_ids=tuple(target.account_id for target in post.targets),
        media=tuple((each.media, each.alt) for each in post.media), language=post.language,
        visibility=post.visibility, spoiler=post.spoiler, note=post.note, parts=post.parts, comment=post.comment,
        poll=post.poll, card=post.card, crops=dict(post.crops), options=_plain(post.options), labels=post.labels,
        campaign_id=post.campaign_id, market_id=post.market_id, circles=post.circles, aim=post.aim,
        person_id=post.person_id, readers=post.readers,
    )  # fmt: skip


def _plain(options: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, object]]:
    return {network: dict(each) for network, each in options.items()}


def own_key(account: Account) -> str:
    """The key under which one account's own text is kept."""
    return account_key(account.id)

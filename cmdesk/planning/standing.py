"""What of a post is out already: that can no longer be said otherwise, only what is missing can (rank 20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cmdesk.model import SENT, Part, Post
from cmdesk.planning.content import COMMENT, content_of, key_for, parts_for, readers_of, text_for


@dataclass(frozen=True, slots=True)
class Out:
    """How far a post is out on one account: up to and with part `last`; `comment` says that the thread is over."""

    account_id: int
    network: str
    last: int
    comment: bool = False
    market_id: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands where. Keys are those of texts: '' the common one, a network, "@3" a market, "#12" one account."""

    outs: tuple[Out, ...] = ()

    @property
    def first_open(self) -> int:
        """The first part that is out nowhere; those before it keep their place and their pictures."""
        return max((each.last + 1 for each in self.outs), default=0)

    @property
    def over(self) -> bool:
        """Say whether a first comment is out: nothing can follow then."""
        return any(each.comment for each in self.outs)

    def is_out(self, number: int) -> bool:
        """Say whether a part (or `COMMENT`) is out somewhere."""
        return self.over if number == COMMENT else number < self.first_open

    def where(self, number: int, key: str, part: Part) -> tuple[Out, ...]:
        """Return who said already what would be written in this part under this key."""
        return tuple(each for each in self.outs if self._said(each, number) and _reads(each, key, part))

    def _said(self, out: Out, number: int) -> bool:
        return out.comment if number == COMMENT else number <= out.last


def standing(post: Post | None, networks: Mapping[int, str]) -> Standing:
    """Return what of a kept post is out; `networks` by account id, of those that are known."""
    if post is None:
        return Standing()
    found = []
    for account_id in sorted({each.account_id for each in post.deliveries if each.state in SENT}):
        out = [each for each in post.deliveries if each.account_id == account_id and each.state in SENT]
        network = networks.get(account_id, "")
        places = [n for n, _text, _media in parts_for(post, network=network, account_id=account_id) if n != COMMENT]
        comment = any(each.answers is not None for each in out)
        reached = max((each.part for each in out if each.answers is None), default=0)
        last = len(post.parts) if comment else places[min(reached, len(places) - 1)]
        found.append(Out(account_id, network, last, comment, readers_of(post, account_id).market_id))
    return Standing(tuple(found))


def keeps(now: Post, then: Post, out: Standing) -> bool:
    """Say whether a post that would say `then` still says everything that is out as it was said."""
    if out.over and (then.comment != now.comment or len(then.parts) != len(now.parts)):
        return False
    if not out.outs:
        return True
    if len(then.parts) + 1 < out.first_open:
        return False
    return _said_content(now, out) == _said_content(then, out)


def _said_content(post: Post, out: Standing) -> list[object]:
    parts = (Part(post.text, post.variants, post.media), *post.parts)[: out.first_open]
    said: list[object] = [content_of(post)["poll"]]
    for number, part in enumerate(parts):
        said.append([(each.media.id, each.alt) for each in part.media])
        said += [
            text_for(
                part.text, part.variants, network=each.network, account_id=each.account_id, market_id=each.market_id
            )
            for each in out.outs
            if number <= each.last
        ]
    return said


def _reads(out: Out, key: str, part: Part) -> bool:
    written = {*part.variants, *([key] if key else [])}
    return key == key_for(written, network=out.network, account_id=out.account_id, market_id=out.market_id)

"""The networks' own rules on every part of a post and every account it goes to (U4, rank 18)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from cmdesk.model import Account, Part, Post
from cmdesk.planning.abilities import abilities, poll_troubles
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.planning.content import COMMENT, key_for, readers_of, said_in
from cmdesk.planning.media_rules import decorative
from cmdesk.planning.review import Destination, Finding, Level, Picture, Place, destination, review
from cmdesk.planning.reviewing import media
from cmdesk.planning.targeting import Kind, reach_of

# Of these one says enough, whatever part they came from.
_OF_ACCOUNT = frozenset({"cannot_publish", "visibility_becomes_public", "warning_not_shown"})
_OF_POST = frozenset({"no_alt", "no_picture"})
# Told by `media`, which knows what each network leaves out.
_OF_MEDIA = frozenset({"too_many_pictures", "alt_too_long"})


def check(post: Post, accounts: Sequence[Account], missing: Collection[int] = ()) -> list[Finding]:
    """Return what the limits say: of each account and part, then of pictures without words and words without pictures.

    A part without words and pictures for an account is left out there and has nothing to say.
    """
    found: list[Finding] = []
    if not accounts:
        found.append(Finding(Level.ERROR, "no_accounts"))
        if not post.text.strip() and not post.media and not post.parts:
            found.append(Finding(Level.ERROR, "empty_text"))
    for account in accounts:
        where = destination(account.id, account.network, account.capabilities)
        for number, part in parts_of(post):
            found.extend(_of_part(post, account, where, number, part))
        found.extend(_poll(post, account))
        found.extend(_to_person(post, account))
    able = [abilities(each.network, each.capabilities).polls for each in accounts]
    if post.poll is not None and accounts and not any(able):
        found = [each for each in found if each.code != "poll_left_out"]
        found.append(Finding(Level.ERROR, "poll_nowhere"))
    found.extend(media.check(post, accounts, parts_of(post), missing))
    found.extend(_pictures(post))
    return found


def parts_of(post: Post) -> list[tuple[int, Part]]:
    """Return every part with its number: the first text, the thread, the first comment."""
    numbered = [(0, Part(post.text, post.variants, post.media)), *enumerate(post.parts, 1)]
    return [*numbered, (COMMENT, post.comment)] if post.comment is not None else numbered


def _of_part(post: Post, account: Account, where: Destination, number: int, part: Part) -> Iterator[Finding]:
    text = said_in(post, part, network=account.network, account_id=account.id)
    if number and not text.strip() and not part.media:
        return
    market_id = readers_of(post, account.id).market_id
    key = key_for(part.variants, network=account.network, account_id=account.id, market_id=market_id)
    room = Place(number, key)
    for each in review(
        text=text, variants={}, destinations=[where], pictures=[Picture(m.media.mime, m.alt) for m in part.media],
        visibility=post.visibility, spoiler=post.spoiler,
    ):  # fmt: skip
        if each.code in _OF_POST or each.code in _OF_MEDIA or (number and each.code in _OF_ACCOUNT):
            continue
        if each.code == "visibility_becomes_public" and post.person_id is not None:
            continue  # it goes directly or not at all
        place = None if each.code in _OF_ACCOUNT else room
        yield Finding(each.level, each.code, each.account_id, each.detail, place)


def _to_person(post: Post, account: Account) -> Iterator[Finding]:
    """What is for one person goes to them alone, or not at all (K3)."""
    if post.person_id is None:
        return
    found = reach_of(post, account)
    if found.kind is Kind.NOWHERE:
        yield Finding(Level.ERROR, found.code, account.id, said=(found.detail and f"@{found.detail}",))
    elif post.all_media() and not abilities(account.network, account.capabilities).direct_media:
        if account.network != BY_HAND:
            yield Finding(Level.ERROR, "person_no_media", account.id)


def _poll(post: Post, account: Account) -> Iterator[Finding]:
    if post.poll is None:
        return
    able = abilities(account.network, account.capabilities)
    if not able.polls:
        yield Finding(Level.WARNING, "poll_left_out", account.id)
        return
    for code, detail in poll_troubles(post.poll, able, media=len(post.media)):
        yield Finding(Level.ERROR, code, account.id, detail)


def _pictures(post: Post) -> Iterator[Finding]:
    uses = [(number, each) for number, part in parts_of(post) for each in part.media]
    plain = decorative(post.options)
    bare = [(number, each) for number, each in uses if not each.alt.strip() and each.media.id not in plain]
    if bare:
        number, first = bare[0]
        place = Place(number, media_id=first.media.id)
        yield Finding(Level.WARNING, "no_alt", detail=str(len(bare)), place=place)
    if not uses and post.poll is None and (post.card is None or post.card.media_id is None) and post.text.strip():
        yield Finding(Level.HINT, "no_picture")

"""What an approval sheet needs, read at once: the content as it was asked, hours, accounts, pictures, what changed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cmdesk.model import Account, Brand, Crop, Media, Post
from cmdesk.planning.approving import Change, Item, State, changes
from cmdesk.planning.cards import NO_CARD
from cmdesk.planning.content import content_of, text_for
from cmdesk.planning.status import current
from cmdesk.planning.zones import to_utc
from cmdesk.reports.approval_phrases import spoken
from cmdesk.reports.approval_pictures import shown, small_jpeg
from cmdesk.reports.approval_sheet import Block, Paper, PostPart, Shown, Version, When
from cmdesk.store import accounts, approval, brands, media as media_store, planning
from cmdesk.store.campaigns import campaign
from cmdesk.store.db import Reader

_LOGO_PX = 160


@dataclass(frozen=True, slots=True)
class Asking:
    """A sheet that is being written: what is asked, and how it is told."""

    post_ids: tuple[int, ...]
    title: str = ""
    message: str = ""
    expires_at: datetime | None = None
    language: str = ""


def sheet_paper(
    reader: Reader, sheet_id: int, *, folder: Path, now: datetime, language: str = "", answer_to: str = ""
) -> Paper:
    """Return a sheet that was asked, with the words that were shown; raises Invalid (`approval_unknown`)."""
    found = approval.sheet(reader, sheet_id)
    items = [each for each in found.items if each.state is not State.WITHDRAWN] or list(found.items)
    brand = brands.brand(reader, found.brand_id)
    gather = _Gather(reader, folder, brand)
    blocks = [gather.block(each.number, each.post_id, each.shown, item=each) for each in items]
    return replace(
        gather.paper(blocks, language=language or found.language, now=now),
        number=found.number, title=found.title, message=found.message, expires_at=found.expires_at, answer_to=answer_to,
    )  # fmt: skip


def draft_paper(reader: Reader, asking: Asking, *, folder: Path, now: datetime, answer_to: str = "") -> Paper:
    """Return a sheet as it would be if it was asked now; raises Invalid (`post_unknown`)."""
    posts = [planning.post(reader, each) for each in asking.post_ids]
    brand = brands.brand(reader, posts[0].brand_id)
    gather = _Gather(reader, folder, brand)
    blocks = [gather.block(place, each.id, content_of(each)) for place, each in enumerate(posts, 1)]
    return replace(
        gather.paper(blocks, language=asking.language, now=now),
        title=asking.title, message=asking.message, expires_at=asking.expires_at, answer_to=answer_to,
        number=next_number(reader, brand.id),
    )  # fmt: skip


def next_number(reader: Reader, brand_id: int) -> int:
    """Return the number the next sheet of a brand will have."""
    return max((each.number for each in approval.sheets(reader, brand_id=brand_id)), default=0) + 1


class _Gather:
    """Reads what blocks need, each account, picture and campaign once."""

    def __init__(self, reader: Reader, folder: Path, brand: Brand) -> None:
        self._reader, self._folder, self._brand = reader, folder, brand
        found = accounts.list_accounts(reader, brand_id=brand.id, include_disconnected=True)
        self._accounts = {each.id: each for each in found}
        self._media: dict[int, Media] = {}
        self._pictures: dict[tuple[int, str, Crop | None], Shown] = {}

    def paper(self, blocks: Iterable[Block], *, language: str, now: datetime) -> Paper:
        """Everything but what the sheet's own row says."""
        brand = self._brand
        logo: tuple[bytes, int, int] | None = None
        if brand.logo_media_id is not None:
            found = media_store.media_by_id(self._reader, [brand.logo_media_id]).get(brand.logo_media_id)
            logo = small_jpeg(self._folder / found.file, widest=_LOGO_PX) if found is not None else None
        return Paper(
            language=spoken(language or brand.language), brand=brand.name, color=brand.color, zone=brand.zone,
            made_at=now, blocks=tuple(blocks), logo=logo[0] if logo else b"",
        )  # fmt: skip

    def block(self, number: int, post_id: int, content: Mapping[str, Any], *, item: Item | None = None) -> Block:
        """One numbered post: `content` is what is shown of it."""
        post = planning.post(self._reader, post_id)
        poll, card = content.get("poll") or {}, content.get("card") or None
        if any(each.get(NO_CARD) for each in (content.get("options") or {}).values()):
            card = None
        before = self._before(post_id, item, content)
        return Block(
            number=number,
            post_id=post_id,
            whens=self._whens(post),
            versions=self._versions(post, content),
            poll=tuple(poll.get("options", ())),
            poll_s=int(poll.get("lasts_s", 0)),
            poll_multiple=bool(poll.get("multiple")),
            card=None if card is None else (card["title"], card["description"], card["url"]),
            spoiler=str(content.get("spoiler", "")),
            campaign="" if post.campaign_id is None else campaign(self._reader, post.campaign_id).name,
            changed=before[0],
            wanted=before[1],
        )

    def _before(self, post_id: int, item: Item | None, content: Mapping[str, Any]) -> tuple[tuple[Change, ...], str]:
        """What is not as the client saw it last time, and what they wanted then."""
        seen = [
            each
            for each in approval.of_post(self._reader, post_id)
            if each.sheet_id is not None and each.shown and (item is None or each.id < item.id)
        ]
        if not seen:
            return (), ""
        last = seen[0]
        return changes(last.shown, content), last.answer if State.CHANGE in (last.state, last.was) else ""

    def _targets(self, post: Post) -> dict[int, tuple[datetime | None, str]]:
        """When each account publishes it: as sealed, else as planned."""
        found: dict[int, tuple[datetime | None, str]] = {}
        for target in post.targets:
            at = to_utc(target.wall, target.zone, fold=target.fold) if target.wall else None
            found[target.account_id] = (at, target.zone or self._brand.zone)
        for each in current(post.deliveries):
            found.setdefault(each.account_id, (each.due_at, each.zone))
        return found

    def _whens(self, post: Post) -> tuple[When, ...]:
        hours: dict[tuple[datetime | None, str], list[int]] = {}
        for account_id, hour in self._targets(post).items():
            hours.setdefault(hour, []).append(account_id)
        if not hours:
            return (When(None, self._brand.zone, ()),)
        ordered = sorted(hours.items(), key=lambda each: each[0][0].timestamp() if each[0][0] else math.inf)
        return tuple(When(at, zone, tuple(self._name(each) for each in ids)) for (at, zone), ids in ordered)

    def _name(self, account_id: int) -> str:
        account = self._accounts.get(account_id)
        if account is None:
            return str(account_id)
        return f"{account.network.title()} @{account.handle.removeprefix('@')}"

    def _versions(self, post: Post, content: Mapping[str, Any]) -> tuple[Version, ...]:
        """One for all accounts that say and show the same, in the order of the accounts."""
        found: dict[tuple[Any, ...], tuple[list[Account], tuple[PostPart, ...], PostPart | None]] = {}
        chosen = [self._accounts[each] for each in self._targets(post) if each in self._accounts]
        for account in chosen:
            made = self._said(content, account.network, account.id)
            found.setdefault(made, ([], *made))[0].append(account)
        if not chosen:
            parts, comment = self._said(content, "", 0)
            return (Version((), parts, comment),)
        return tuple(
            Version(tuple((each.network, each.handle) for each in mine), parts, comment)
            for mine, parts, comment in found.values()
        )

    def _said(
        self, content: Mapping[str, Any], network: str, account_id: int
    ) -> tuple[tuple[PostPart, ...], PostPart | None]:
        crops = {(int(each[0]), str(each[1])): Crop(*each[2:6]) for each in content.get("crops") or ()}

        def said(part: Mapping[str, Any]) -> PostPart:
            markets = content.get("markets") or {}
            market_id = markets[str(account_id)][0] if str(account_id) in markets else None
            own = part.get("variants") or {}
            text = text_for(part["text"], own, network=network, account_id=account_id, market_id=market_id)
            return PostPart(text, self._shown(part.get("media") or (), crops, network))

        parts = tuple(said(each) for each in ({**content, "parts": None}, *(content.get("parts") or ())))
        comment = content.get("comment")
        return parts, None if comment is None else said(comment)

    def _shown(
        self, uses: Sequence[Sequence[Any]], crops: Mapping[tuple[int, str], Crop], network: str
    ) -> tuple[Shown, ...]:
        missing = [int(each[0]) for each in uses if each[0] not in self._media]
        self._media |= media_store.media_by_id(self._reader, missing)
        found: list[Shown] = []
        for media_id, alt in ((int(each[0]), str(each[1])) for each in uses):
            media = self._media.get(media_id)
            if media is None:
                found.append(Shown(b"", 0, 0, alt, gone=True))
                continue
            crop = crops.get((media_id, network), crops.get((media_id, "")))
            key = (media_id, alt, crop)
            if key not in self._pictures:
                self._pictures[key] = shown(media, alt, folder=self._folder, crop=crop)
            found.append(self._pictures[key])
        return tuple(found)

"""What of the post being written is out already and stays as it was said, whoever asks for another change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cmdesk.model import SENT, Part, Post
from cmdesk.planning.content import COMMENT, account_key, key_for, parts_for
from cmdesk.planning.standing import Standing, standing
from ui.models.drafting import Draft


def kept(before: Draft, after: Draft, out: Standing) -> Draft:
    """Return the draft `after` with everything that is out as it is in `before`.

    A change that would take parts away from under what is out is not made at all.
    """
    if not out.outs:
        return after
    if len(after.parts) < min(out.first_open - 1, len(before.parts)) or (
        out.over and len(after.parts) != len(before.parts)
    ):
        return before
    if out.over:
        after = replace(after, comment=before.comment)
    there = range(min(out.first_open, len(before.parts) + 1))
    for number in there:
        was, now = before.part(number), after.part(number)
        same = _kept_part(was, now, number, out)
        after = after.with_part(number, text=same.text, variants=dict(same.variants))
        if number == 0:
            after = replace(after, media=before.media, poll=before.poll, card=before.card)
        else:
            after = after.with_part(number, media=before.pictures(number))
    shown = {media.id for number in there for media, _alt in before.pictures(number)}
    crops = {place: crop for place, crop in after.crops.items() if place[0] not in shown}
    crops.update({place: crop for place, crop in before.crops.items() if place[0] in shown})
    return after if crops == after.crops else replace(after, crops=crops)


def _kept_part(was: Part, now: Part, number: int, out: Standing) -> Part:
    text = was.text if out.where(number, "", was) else now.text
    variants = dict(now.variants)
    for key in {*was.variants, *now.variants}:
        if out.where(number, key, was):
            variants.pop(key, None)
            if key in was.variants:
                variants[key] = was.variants[key]
    return Part(text, variants, was.media)


def may_move(number: int, step: int, out: Standing) -> bool:
    """Say whether a part may change places: neither it nor the other one is out."""
    return number != COMMENT and min(number, number + step) >= out.first_open and not out.over


def as_said(draft: Draft, post: Post, networks: Mapping[int, str]) -> Draft:
    """Return the draft in which everything that is out says what it was published with.

    It went out while somebody wrote: those words stay for who has not said it yet, else they give way.
    """
    for out in standing(post, networks).outs:
        sent = parts_for(post, network=out.network, account_id=out.account_id)
        places = [number for number, _text, _media in sent if number != COMMENT]
        for each in post.deliveries:
            if each.account_id != out.account_id or each.state not in SENT:
                continue
            number = COMMENT if each.answers is not None else places[min(each.part, len(places) - 1)]
            if number in draft.numbers():
                draft = _said(draft, number, out.account_id, each.text, networks)
    return draft


def _said(draft: Draft, number: int, account_id: int, text: str, networks: Mapping[int, str]) -> Draft:
    part = draft.part(number)

    def key_of(reader: int) -> str:
        return key_for(
            part.variants, network=networks.get(reader, ""), account_id=reader, market_id=draft.market_of(reader)
        )

    key = key_of(account_id)
    if (part.variants[key] if key else part.text) == text:
        return draft
    if any(key_of(other) == key for other in draft.account_ids if other != account_id):
        key = account_key(account_id)
    if not key:
        return draft.with_part(number, text=text)
    return draft.with_part(number, variants={**part.variants, key: text})

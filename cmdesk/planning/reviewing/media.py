"""What networks take of pictures and films, as findings with fixes: cut to a shape, or left out there (rank 18)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from cmdesk.model import Account, Part, Post
from cmdesk.planning import media_rules
from cmdesk.planning.content import crop_for
from cmdesk.planning.cropping import WHOLE, shaped
from cmdesk.planning.media_rules import LEFT_OUT, Fix, ratio_of
from cmdesk.planning.review import Finding, Level, Place

FIXES = frozenset({Fix.CROP.value, Fix.LEAVE_OUT.value})


def check(
    post: Post, accounts: Sequence[Account], parts: Sequence[tuple[int, Part]], missing: Collection[int]
) -> Iterator[Finding]:
    """Return what stands in the way; what is scaled and converted by itself is no finding.

    `said` of a finding: measured, limit, network, shape.
    """
    places = [media_rules.place(each.id, each.network, each.capabilities) for each in accounts]
    networks = {each.id: each.network for each in accounts}
    for number, part in parts:
        media = [(each.media, each.alt) for each in part.media]
        for problem in media_rules.check(media, places, crops=post.crops, options=post.options, missing=missing):
            if problem.automatic:
                continue
            said = (problem.measured, problem.limit, networks.get(problem.account_id, ""), problem.shape)
            fix = problem.fix.value if problem.fix is not None and problem.fix.value in FIXES else ""
            yield Finding(
                Level.ERROR, problem.code, problem.account_id, problem.limit, Place(number, media_id=problem.media_id),
                fix, said,
            )  # fmt: skip


def mended(post: Post, finding: Finding) -> Post:
    """Return the post with the picture of a finding cut to the network's shape, or left out there."""
    place = finding.place
    if place is None or finding.fix not in FIXES or len(finding.said) < 4:
        return post
    _measured, _limit, network, shape = finding.said
    if finding.fix == Fix.LEAVE_OUT:
        ids = media_rules.left_out(post.options, network) | {place.media_id}
        return replace(post, options=media_rules.with_ids(post.options, network, LEFT_OUT, ids))
    every = [*post.media, *(each for part in post.parts for each in part.media)]
    every += post.comment.media if post.comment is not None else ()
    picture = next((each.media for each in every if each.media.id == place.media_id), None)
    if picture is None:
        return post
    around = crop_for(post, picture.id, network) or WHOLE
    crop = shaped(ratio_of(shape), picture.width, picture.height, around)
    return replace(post, crops={**post.crops, (picture.id, network): crop})

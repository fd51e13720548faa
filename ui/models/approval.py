"""Approval by clients as the screens read it: sheets, what a post's approval is, the paper that goes to the client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cmdesk.desk import Desk
from cmdesk.model import Post
from cmdesk.planning.approving import ApprovalSheet, Change, Item, Standing, changes
from cmdesk.planning.content import content_of
from cmdesk.reports import approval_facts
from cmdesk.reports.approval_facts import Asking
from cmdesk.reports.approval_sheet import Paper
from cmdesk.store import approval as store, planning
from cmdesk.store.db import Reader

REPLY_TO = "approval_reply_to"


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet with the posts on it as they are now; a post that was deleted is missing."""

    sheet: ApprovalSheet
    posts: dict[int, Post]


@dataclass(frozen=True, slots=True)
class PostView:
    """A post's approval with what changed since the client saw it."""

    standing: Standing
    changed: tuple[Change, ...] = ()


def sheets(desk: Desk, brand_id: int | None) -> list[ApprovalSheet]:
    """Every sheet of a brand or of all, newest first."""
    return desk.page(store.sheets, brand_id=brand_id)


def sheet(desk: Desk, sheet_id: int) -> SheetView:
    """One sheet; raises Invalid when it is gone."""
    return desk.page(_sheet, sheet_id)


def _sheet(reader: Reader, sheet_id: int) -> SheetView:
    found = store.sheet(reader, sheet_id)
    return SheetView(found, planning.posts_by_id(reader, [each.post_id for each in found.items]))


def post(desk: Desk, post_id: int) -> PostView:
    """What the approval of a post is now."""
    return desk.page(_post, post_id)


def _post(reader: Reader, post_id: int) -> PostView:
    standing = store.standing(reader, post_id)
    if standing.item is None or not standing.item.shown or standing.item.state != "outdated":
        return PostView(standing)
    return PostView(standing, changes(standing.item.shown, content_of(planning.post(reader, post_id))))


def posts(desk: Desk, post_ids: list[int]) -> list[Post]:
    """These posts in the order of their hours, those without one last."""
    return desk.page(_posts, post_ids)


def _posts(reader: Reader, post_ids: list[int]) -> list[Post]:
    found = planning.posts_by_id(reader, post_ids)
    hours = {each: hour(found[each]) for each in found}
    return [found[each] for each in sorted(found, key=lambda each: (not hours[each], hours[each], each))]


def hour(post: Post) -> str:
    """The first wall time of a post, "" without one."""
    return min((each.wall for each in post.targets if each.wall), default="")


def usual_expiry(desk: Desk, brand_id: int, post_ids: list[int]) -> datetime | None:
    """Until when an answer is asked by default."""
    return desk.page(store.usual_expiry, brand_id, post_ids, now=desk.clock.now())


def paper(desk: Desk, sheet_id: int, *, language: str = "") -> Paper:
    """The sheet as the client gets it; decodes pictures, so `desk.work` it where it may take long."""
    return desk.page(
        approval_facts.sheet_paper, sheet_id, folder=desk.media_folder, now=desk.clock.now(), language=language,
        answer_to=reply_to(desk),
    )  # fmt: skip


def draft(desk: Desk, asking: Asking) -> Paper:
    """A sheet that is being written."""
    return desk.page(
        approval_facts.draft_paper, asking, folder=desk.media_folder, now=desk.clock.now(), answer_to=reply_to(desk)
    )


def reply_to(desk: Desk) -> str:
    """The mail address to which clients answer, "" when none was given."""
    return str(desk.setting(REPLY_TO))


def untold(desk: Desk) -> list[Item]:
    """What expired and nobody was told yet."""
    return desk.page(store.untold)


told = store.told

"""The sample brands' plans beside single posts, from `resources/demo/planning.json`.

Queues, threads, polls, series, campaigns, notes, the reviewer's words, and a sheet that the client has half answered:
each is the command a person would have given.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from cmdesk.commands import (
    approval,
    brand_links,
    campaigns as deciding_campaigns,
    planning as deciding,
    reviewing,
    series,
    slots,
)
from cmdesk.media import import_media
from cmdesk.model import Account, Brand, Campaign, Part, Poll, Post, Target
from cmdesk.planning.approving import State
from cmdesk.planning.recurrence import Every, Rule
from cmdesk.planning.slots import SlotTime
from cmdesk.planning.zones import zone_named
from cmdesk.store import media, planning

if TYPE_CHECKING:
    from cmdesk.desk import Desk


def fill_planning(desk: Desk, brand: Brand, row: Mapping[str, Any], speaking: list[Account]) -> None:
    """Add what the sample says of a brand's plans to the posts that are there. Blocks."""
    today = desk.clock.now().astimezone(zone_named(brand.zone)).date()
    for account in speaking:
        times = [SlotTime(weekday, at) for weekday, at in row["slots"]]
        desk.run_now(slots.add, account_id=account.id, times=times)
    for each in row.get("threads", ()):
        _thread(desk, brand, each, speaking, today)
    for each in row.get("polls", ()):
        _poll(desk, brand, each, speaking, today)
    for each in row.get("series", ()):
        _series(desk, brand, each, speaking, today)
    _marks(desk, brand, row, today)
    for name, tags in row["hashtags"]:
        desk.run_now(brand_links.save_hashtags, brand_id=brand.id, name=name, tags=tags)
    for name, url, also, category in row["products"]:
        desk.run_now(brand_links.save_product, brand_id=brand.id, name=name, url=url, also=also, category=category)
    for kind, words in row["words"].items():
        desk.run_now(reviewing.set_words, brand_id=brand.id, kind=kind, words=words)
    for each in row.get("approval", ()):
        _approval(desk, brand, each)


def _thread(desk: Desk, brand: Brand, row: Mapping[str, Any], speaking: list[Account], today: date) -> None:
    from cmdesk.sample import picture

    pictures = [
        (desk.run_now(media.add_media, brand.id, import_media(picture(file), desk.media_folder)).id, alt)
        for file, alt in row["media"]
    ]
    post_id = desk.run_now(
        deciding.save_post, brand_id=brand.id, text=row["text"], account_ids=[each.id for each in speaking],
        media=pictures, language=brand.language, parts=tuple(Part(text) for text in row["parts"]),
        comment=Part(row["comment"]),
    )  # fmt: skip
    desk.run_now(deciding.replan, post_id=post_id, targets=_targets(brand, row, speaking, today))


def _poll(desk: Desk, brand: Brand, row: Mapping[str, Any], speaking: list[Account], today: date) -> None:
    post_id = desk.run_now(
        deciding.save_post, brand_id=brand.id, text=row["text"], account_ids=[each.id for each in speaking],
        language=brand.language, poll=Poll(tuple(row["options"]), lasts_s=row["hours"] * 3600),
    )  # fmt: skip
    desk.run_now(deciding.replan, post_id=post_id, targets=_targets(brand, row, speaking, today))


def _series(desk: Desk, brand: Brand, row: Mapping[str, Any], speaking: list[Account], today: date) -> None:
    post_id = desk.run_now(
        deciding.save_post, brand_id=brand.id, text=row["text"], account_ids=[each.id for each in speaking],
        language=brand.language,
    )  # fmt: skip
    rule = Rule(Every[row["every"].upper()], weekdays=tuple(row.get("weekdays", ())), nth=row.get("nth", 0))
    desk.run_now(series.start, post_id=post_id, rule=rule, targets=_targets(brand, row, speaking, today))


def _targets(brand: Brand, row: Mapping[str, Any], speaking: list[Account], today: date) -> list[Target]:
    day = today + timedelta(days=row["day"])
    return [Target(account.id, f"{day.isoformat()}T{row['at']}:00", brand.zone) for account in speaking]


def _marks(desk: Desk, brand: Brand, row: Mapping[str, Any], today: date) -> None:
    """Labels, aims, campaigns and notes; posts are named by how they begin."""
    every = desk.page(planning.posts, brand_id=brand.id, limit=1000)
    for name, begins in row["labels"]:
        found = [each.id for each in every if each.text.startswith(begins)]
        if found:
            desk.run_now(deciding_campaigns.label_posts, post_ids=found, name=name)
    for each in row["campaigns"]:
        campaign_id = desk.run_now(
            deciding_campaigns.save_campaign,
            made=Campaign(
                0, brand.id, each["name"], goal=each["goal"], color=each["color"],
                starts=(today + timedelta(days=each["starts"])).isoformat(),
                ends=(today + timedelta(days=each["ends"])).isoformat(),
            ),
        )  # fmt: skip
        found = [post.id for post in every if any(post.text.startswith(begins) for begins in each["posts"])]
        desk.run_now(deciding_campaigns.put_in_campaign, post_ids=found, campaign_id=campaign_id)
    for day, text, everyone in row["notes"]:
        desk.run_now(
            deciding_campaigns.save_note,
            day=today + timedelta(days=day),
            text=text,
            brand_id=None if everyone else brand.id,
        )


def _approval(desk: Desk, brand: Brand, row: Mapping[str, Any]) -> None:
    every = desk.page(planning.posts, brand_id=brand.id, limit=1000)
    found = [post for begins in row["posts"] for post in every if _waits(post) and post.text.startswith(begins)]
    if not found:
        return
    sheet_id = desk.run_now(
        approval.ask,
        post_ids=[each.id for each in found],
        title=row["title"],
        message=row["message"],
        sent_to=row["to"],
    )
    answers = [
        approval.Said(number, State(decision), comment)
        for number, decision, comment in row["answers"]
        if number <= len(found)
    ]
    desk.run_now(approval.record, sheet_id=sheet_id, answers=answers, by="Carmen")


def _waits(post: Post) -> bool:
    return bool(post.deliveries)

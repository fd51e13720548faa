"""What a desk in daily use holds beside what its networks tell: plans, decisions, people, past figures.

Read from `resources/demo/demo.json`. Days count from today in the brand's zone. Everything goes through the same
commands as a person's decisions, except the followers of past days, which no network tells afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from cmdesk import i18n
from cmdesk.circles import as_data
from cmdesk.circles.spelling import read_line
from cmdesk.commands import (
    circles as grouping,
    contacts as people,
    inbox as answering,
    library as templating,
    planning as deciding,
)
from cmdesk.markets import guide, law
from cmdesk.media import import_media
from cmdesk.model import Account, Brand, Conversation, ConversationState, Target
from cmdesk.networks.base import MetricPoint
from cmdesk.planning.zones import read_wall, zone_named
from cmdesk.store import (
    accounts,
    case_wake,
    circle_history,
    circle_names,
    inbox,
    library,
    markets as market_store,
    media,
    metrics,
    planning,
)
from cmdesk.wording_markets import starter

if TYPE_CHECKING:
    from cmdesk.desk import Desk

REF = "sample-"


def fill_desk(desk: Desk, by_key: Mapping[str, Brand]) -> None:
    """Add what belongs to these brands (by key of the sample data); what is there already is left alone. Blocks."""
    from cmdesk.sample import document
    from cmdesk.sample_care import fill_care
    from cmdesk.sample_hours import fill_hours
    from cmdesk.sample_listening import fill_listening
    from cmdesk.sample_people import fill_people
    from cmdesk.sample_planning import fill_planning
    from cmdesk.sample_voice import fill_voice

    if not by_key:
        return
    data, care, plans = document("demo"), document("care"), document("planning")
    listening, contacts = document("listening"), document("contacts")
    for row in data["brands"]:
        brand = by_key.get(row["key"])
        if brand is None:
            continue
        _figures(desk, brand, data["growth"])
        if desk.page(planning.posts, brand_id=brand.id, limit=1):
            continue
        _audience(desk, brand, row)
        fill_hours(desk, brand, row)
        for each in data["contacts"]:
            if each["brand"] == row["key"]:
                _person(desk, brand, each)
        fill_people(desk, brand, contacts[row["key"]])
        _decisions(desk, brand, row, data["inbox"])
        speaking = _plans(desk, brand, row)
        fill_planning(desk, brand, plans["brands"][row["key"]], speaking)
        fill_care(desk, brand, care["brands"][row["key"]])
        desk.run_now(circle_history.note, brand.id)  # whom their rules have let in meanwhile
        fill_voice(desk, brand, row["key"])
        fill_listening(desk, brand, listening[row["key"]])
    desk.run_now(case_wake.wake)  # what is overdue already is no news
    if not desk.page(library.templates):
        _templates(desk, by_key, data["templates"])


def _templates(desk: Desk, by_key: Mapping[str, Brand], rows: Iterable[Mapping[str, Any]]) -> None:
    """The starting set, and what these brands have beside it."""
    desk.run_now(templating.add_start_templates, language=i18n.language())
    spanish = i18n.language() == "es"
    for row in rows:
        owner = by_key.get(row["brand"])
        if owner is not None:
            folder = row["category"][0 if spanish else 1]
            desk.run_now(
                templating.save_template, brand_id=owner.id, name=row["name"], texts=row["texts"], category=folder
            )


def _audience(desk: Desk, brand: Brand, row: Mapping[str, Any]) -> None:
    """Markets, circles with their people, labels."""
    markets = {
        each["name"]: desk.run_now(market_store.save_market, brand_id=brand.id, **_market(each))
        for each in row.get("markets", ())
    }
    for each in row.get("circles", ()):
        market_id = markets.get(each["market"] or "")
        members = [found.contact_id for handle in each["people"] for found in _talks(desk, brand, handle)[:1]]
        known = [member for member in members if member is not None]
        rule = read_line(each["rule"], desk.page(circle_names.names, brand.id)) if "rule" in each else None
        desk.run_now(
            grouping.save_circle,
            brand_id=brand.id,
            name=each["name"],
            market_id=market_id,
            note=each.get("note", ""),
            rule={} if rule is None else as_data(rule),
            contact_ids=known if rule is None else (),
        )
        for member in known if market_id is not None else ():
            desk.run_now(people.edit_contact, contact_id=member, market_id=market_id)
    for name, color in row.get("labels", ()):
        desk.run_now(answering.add_label, brand_id=brand.id, name=name, color=color)


def _market(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a market; with `law` it has the questions and the days of mourning of its country."""
    kept = guide.parse(row.get("guide", {}))
    if row.get("law"):
        kept = replace(kept, checklist=starter(row["country"]), quiet=law.quiet_days(row["country"]))
    return {**{name: value for name, value in row.items() if name not in ("guide", "law")}, "guide": kept}


def _person(desk: Desk, brand: Brand, row: Mapping[str, Any]) -> None:
    for found in _talks(desk, brand, row["handle"])[:1]:
        fields = {name: row[name] for name in people.EDITABLE if name in row}
        if found.contact_id is not None and fields:
            desk.run_now(people.edit_contact, contact_id=found.contact_id, **fields)


def _decisions(desk: Desk, brand: Brand, row: Mapping[str, Any], rules: Mapping[str, Any]) -> None:
    """What somebody who works here every day would have decided about the conversations."""
    now = desk.clock.now()
    key = row["key"]
    every = desk.page(inbox.conversation_page, brand_id=brand.id, state=ConversationState.OPEN, limit=1000)
    old = [each.id for each in every if now - each.last_at > timedelta(days=rules["solve_after_days"])]
    answered = [each.id for each in every if _answered(each)] if rules["solve_when_answered"] else []
    desk.run_now(
        answering.mark_read, conversation_ids=[each.id for each in every if now - each.last_at > timedelta(days=2)]
    )
    desk.run_now(answering.mark_read, conversation_ids=[*answered, *old])
    desk.run_now(answering.solve, conversation_ids=[*answered, *old])
    for each in rules["ignored"]:
        since = timedelta(days=each.get("older_than_days", 0))
        ids = [found.id for found in _talks(desk, brand, each["handle"]) if now - found.last_at >= since]
        desk.run_now(answering.ignore, conversation_ids=ids, reason=each["reason"])
    for each in _of(rules["waiting"], key):
        ids = [found.id for found in _talks(desk, brand, each["handle"])[:1]]
        desk.run_now(answering.wait, conversation_ids=ids, waiting_for=each["for"])
    for each in _of(rules["snoozed"], key):
        ids = [found.id for found in _talks(desk, brand, each["handle"])[:1]]
        until = datetime.combine(_today(desk, brand) + timedelta(days=each["days"]), time(9), zone_named(brand.zone))
        desk.run_now(answering.snooze, conversation_ids=ids, until=until)
    labels = {label.name: label.id for label in desk.page(inbox.labels, brand.id)}
    for each in _of(rules["labelled"], key):
        ids = [found.id for found in _talks(desk, brand, each["handle"])[:1]]
        wanted = [labels[name] for name in each["labels"] if name in labels]
        desk.run_now(answering.set_labels, conversation_ids=ids, label_ids=wanted)
    for each in _of(rules["drafts"], key):
        for found in _talks(desk, brand, each["handle"])[:1]:
            desk.run_now(answering.save_draft, conversation_id=found.id, text=each["text"])
    for each in _of(rules["notes"], key):
        for found in _talks(desk, brand, each["handle"])[:1]:
            desk.run_now(answering.add_note, conversation_id=found.id, text=each["text"])


def _plans(desk: Desk, brand: Brand, row: Mapping[str, Any]) -> list[Account]:
    """Posts of the coming weeks, sealed for their hours, and drafts in the tray; returns the accounts they are for."""
    from cmdesk.networks.sandbox.communities import in_season

    mine = desk.page(accounts.list_accounts, brand_id=brand.id)
    speaking = [each for each in mine if each.purpose != "care"] or mine
    today = _today(desk, brand)
    for each in row["posts"]:
        day = _day(today + timedelta(days=each["day"]), each.get("weekday"))
        wall = f"{day.isoformat()}T{each['at']}:00"
        reading = read_wall(wall, brand.zone)
        if in_season(each.get("season"), day) and reading.instants and reading.instants[0] > desk.clock.now():
            post_id = _save(desk, brand, each, speaking)
            targets = [Target(account.id, wall, brand.zone) for account in speaking]
            desk.run_now(deciding.replan, post_id=post_id, targets=targets)
    for each in row["drafts"]:
        _save(desk, brand, each, speaking)
    return speaking


def _save(desk: Desk, brand: Brand, row: Mapping[str, Any], speaking: Iterable[Account]) -> int:
    from cmdesk.sample import picture

    pictures = [
        (desk.run_now(media.add_media, brand.id, import_media(picture(file), desk.media_folder)).id, alt)
        for file, alt in row.get("media", ())
    ]
    return desk.run_now(
        deciding.save_post,
        brand_id=brand.id,
        text=row["text"],
        variants=row.get("variants"),
        account_ids=[account.id for account in speaking],
        media=pictures,
        language=row.get("language", brand.language),
        note=row.get("note", ""),
    )


def _figures(desk: Desk, brand: Brand, growth: Mapping[str, list[int]]) -> None:
    """Followers of the past days; a real account fills them day by day."""
    today = _today(desk, brand)
    for account in desk.page(accounts.list_accounts, brand_id=brand.id):
        counts = growth.get(account.secret_ref.removeprefix(REF), [])
        first = today - timedelta(days=len(counts) - 1)
        if len(desk.page(metrics.series, account.id, "followers", first, today)) > len(counts) // 2:
            continue
        points = [
            MetricPoint(first + timedelta(days=number), "followers", float(count))
            for number, count in enumerate(counts[:-1])
        ]
        desk.run_now(metrics.add_points, account.id, points)


def _talks(desk: Desk, brand: Brand, handle: str) -> list[Conversation]:
    """Return a person's conversations with a brand, newest first."""
    every = desk.page(inbox.conversation_page, brand_id=brand.id, limit=1000)
    return [each for each in every if each.handle == handle]


def _answered(conversation: Conversation) -> bool:
    if conversation.last_out_at is None or conversation.last_in_at is None:
        return False
    return conversation.last_out_at > conversation.last_in_at


def _of(rows: Iterable[Mapping[str, Any]], key: str) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["brand"] == key]


def _day(first: date, weekday: int | None) -> date:
    return first if weekday is None else first + timedelta(days=(weekday - first.weekday()) % 7)


def _today(desk: Desk, brand: Brand) -> date:
    return desk.clock.now().astimezone(zone_named(brand.zone)).date()

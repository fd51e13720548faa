"""The sample communities look true at any moment, live on, and come back after a restart."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from cmdesk.networks.sandbox import NO_LIMITS, SandboxClock, SandboxServer, threads
from cmdesk.networks.sandbox.communities import ago, in_season
from cmdesk.networks.sandbox.living import Living
from cmdesk.networks.sandbox.sample import demo_data, open_world, picture_file
from cmdesk.networks.sandbox.world import World
from tests.networks.sandbox_client import client

NOVEMBER = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BRANDS = ("panaderiadelcarmen", "opticasol", "opticasol_ayuda", "northtrail")
MADRID = ZoneInfo("Europe/Madrid")


def demo(moment: datetime = NOVEMBER, **more: Any) -> World:
    clock = SandboxClock(lambda: moment)
    return open_world("demo", clock=clock, **more)


@pytest.fixture(scope="module")
def world() -> World:
    return demo()


def incoming(world: World, *handles: str) -> list[str]:
    ids = {world.person(handle).id for handle in handles}
    return [n.kind for n in world.book.notifications if n.to in ids and n.kind in ("mention", "quote")]


def test_three_brands_have_their_public(world: World) -> None:
    assert [p.username for p in world.locals()] == list(BRANDS)
    for handles in (("panaderiadelcarmen",), ("opticasol", "opticasol_ayuda"), ("northtrail",)):
        assert 80 <= len(incoming(world, *handles)) <= 110
    kinds = Counter(n.kind for n in world.book.notifications)
    assert set(kinds) == {"mention", "quote", "favourite", "reblog", "follow"}
    assert sum(len(threads.private(world, world.person(handle))) for handle in BRANDS) >= 15
    languages = {s.language for s in world.book.statuses.values() if not s.boost_of}
    assert languages == {"es", "en", "fr", "ca", "pt"}
    assert sum(s.edited_at is not None for s in world.book.statuses.values()) == 3
    assert sum(s.deleted_at is not None for s in world.book.statuses.values()) == 2


def test_nothing_happens_in_the_future_and_in_no_wrong_order(world: World) -> None:
    assert max(s.created_at for s in world.book.statuses.values()) <= NOVEMBER
    notes = world.book.notifications
    assert [n.created_at for n in notes] == sorted(n.created_at for n in notes)
    for status in world.book.statuses.values():
        parent = world.book.statuses.get(status.reply_to or "")
        assert parent is None or parent.created_at < status.created_at
        assert len(status.text) <= 500


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("hour", [4, 15])
def test_it_is_fresh_at_any_time_of_the_year(month: int, hour: int) -> None:
    now = datetime(2027, month, 17, hour, 20, tzinfo=UTC)
    fresh = demo(now)
    for handle in ("panaderiadelcarmen", "opticasol", "northtrail"):
        last = [n.created_at for n in fresh.book.notifications if n.to == fresh.person(handle).id]
        assert timedelta(0) <= now - last[-1] < timedelta(minutes=45)
        assert len(incoming(fresh, handle)) >= 45


def test_every_picture_named_is_there_and_has_words() -> None:
    named: list[list[str]] = []
    for key in ("carmen", "sol", "northtrail"):
        named += [pair for post in demo_data(f"posts-{key}") for pair in post.get("media", [])]
    desk = demo_data("demo")
    for brand in desk["brands"]:
        named += [pair for post in [*brand["posts"], *brand["drafts"]] for pair in post.get("media", [])]
    assert len({file for file, _ in named}) >= 30
    for file, alt in named:
        with Image.open(picture_file(file)) as image:
            assert image.size == (1200, 900)
        assert len(alt) > 20
    for person in demo_data("people"):
        assert picture_file(person["avatar"]).stat().st_size > 300


def test_only_sample_pictures_are_served() -> None:
    for name in ("../demo.json", "/etc/passwd", "posts/../../brands.json", "posts"):
        with pytest.raises(FileNotFoundError):
            picture_file(name)


def test_the_desk_side_fits_the_communities() -> None:
    desk, brands = demo_data("demo"), {b["key"]: b for b in demo_data("brands")}
    people = {p["acct"] for p in demo_data("people")}
    assert {b["key"] for b in desk["brands"]} == set(brands)
    for brand in desk["brands"]:
        assert {h for circle in brand["circles"] for h in circle["people"]} <= people
        assert {c["market"] for c in brand["circles"]} <= {None, *(m["name"] for m in brand["markets"])}
        for post in brand["posts"]:
            assert 0 <= post["day"] <= 28
            assert len(post["text"]) <= 500
            assert all(len(text) <= 300 for text in post.get("variants", {}).values())
    assert sum(len(b["posts"]) + len(b["drafts"]) for b in desk["brands"]) >= 30
    inbox = desk["inbox"]
    for group in ("ignored", "waiting", "snoozed", "labelled", "drafts", "notes"):
        assert {row["handle"] for row in inbox[group]} <= people
    for brand in brands.values():
        for account in brand["accounts"]:
            growth = desk["growth"][account["username"]]
            assert (growth[0], growth[-1]) == tuple(account["followers"])
            assert len(growth) == 96


def test_the_texts_hold_nothing_unfinished() -> None:
    for name in ("people", "brands", "posts-carmen", "posts-sol", "posts-northtrail", "living", "demo"):
        text = json.dumps(demo_data(name), ensure_ascii=False).lower()
        assert not any(word in text for word in ("lorem", "todo:", "foo bar", "asdf"))


@pytest.mark.parametrize(
    ("text", "hour", "expected"),
    [
        ("3d 18:20", 12, datetime(2026, 11, 19, 18, 20, tzinfo=MADRID)),
        ("0d 18:20", 12, datetime(2026, 11, 21, 18, 20, tzinfo=MADRID)),  # not yet today: yesterday
        ("4h20m", 12, datetime(2026, 11, 22, 7, 40, tzinfo=MADRID)),
        ("40m", 6, datetime(2026, 11, 22, 5, 20, tzinfo=MADRID)),
        ("5h", 8, datetime(2026, 11, 21, 22, 0, tzinfo=MADRID)),  # three in the night: the evening before
    ],
)
def test_times_are_told_backwards_from_now(text: str, hour: int, expected: datetime) -> None:
    assert ago(text, now=datetime(2026, 11, 22, hour - 1, 0, tzinfo=UTC), zone=MADRID) == expected


def test_seasons_go_over_new_year() -> None:
    assert in_season(["11-10", "01-06"], date(2026, 12, 24))
    assert in_season(["11-10", "01-06"], date(2027, 1, 6))
    assert not in_season(["11-10", "01-06"], date(2027, 1, 7))
    assert in_season(None, date(2027, 7, 1))


# -- life and memory ---------------------------------------------------------------------------------------------


def test_every_line_of_the_living_can_happen() -> None:
    world = demo()
    living = Living(world)
    for _ in demo_data("living"):
        living.happen()
    assert len({n.kind for n in world.book.notifications if n.created_at == NOVEMBER}) >= 4


def test_the_world_comes_back_with_its_port_and_catches_up(tmp_path: Path) -> None:
    with SandboxServer(world="demo", clock=lambda: NOVEMBER, state=tmp_path, limits=NO_LIMITS) as first:
        with client(first, "northtrail") as shop:
            said = shop.say("kept").json()["id"]
        port, tokens, known = first.port, first.tokens, len(first.world.book.notifications)
    later = NOVEMBER + timedelta(days=3)
    with SandboxServer(world="demo", clock=lambda: later, state=tmp_path, limits=NO_LIMITS) as second:
        assert (second.port, second.tokens) == (port, tokens)
        assert second.world.truth()["northtrail"][-1]["id"] == said
        fresh = second.world.book.notifications[known:]
        assert 5 <= len(fresh) <= 20
        assert all(NOVEMBER < n.created_at <= later for n in fresh)
        # The posts' pictures and a search over the old talk still work after the reload.
        with client(second, "panaderiadelcarmen") as bakery:
            statuses = bakery.get(f"/api/v1/accounts/{bakery.me()}/statuses", only_media="true").json()
            picture = bakery.get(statuses[0]["media_attachments"][0]["url"])
        assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/png")


def test_two_worlds_of_one_moment_are_equal() -> None:
    one, two = demo(), demo()
    assert one.truth() == two.truth()


def test_times_are_told_in_utc_whatever_the_brands_zone(world: World) -> None:
    with SandboxServer(world=world, limits=NO_LIMITS) as server:
        for handle in BRANDS:
            with client(server, handle) as brand:
                rows = brand.get("/api/v1/notifications", limit=80).json()
            shown = [datetime.fromisoformat(row["created_at"]) for row in rows]
            assert shown == sorted(shown, reverse=True)
            assert NOVEMBER - timedelta(minutes=75) < shown[0] <= NOVEMBER


def test_a_demo_profile_pages_whole(world: World) -> None:
    with SandboxServer(world=world, limits=NO_LIMITS) as server, client(server, "panaderiadelcarmen") as bakery:
        url, ids = f"{server.url}/api/v1/notifications?limit=80", []
        while url:
            answer = bakery.call("GET", url)
            ids += [row["id"] for row in answer.json()]
            url = answer.links.get("next", {}).get("url", "")
        me = world.person("panaderiadelcarmen").id
    assert ids == [n.id for n in reversed(world.book.notifications) if n.to == me]

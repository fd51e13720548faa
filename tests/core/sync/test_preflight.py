"""The look a day before, with a real store, real files and a real page: found once, mended, forgotten."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cmdesk.clock import FixedClock
from cmdesk.commands import planning as deciding
from cmdesk.store import accounts, links, outbox_read, planning, preflight_found
from cmdesk.sync.preflight import Preflight
from tests.helpers.desks import TestDesk
from tests.networks.wire_server import answer, raw_server


@pytest.fixture
def probed() -> list[int]:
    return []


def look_ahead(bench: TestDesk, probed: list[int]) -> Preflight:
    return Preflight(bench.desk, probed.append)


def plan(bench: TestDesk, text: str, *, hours: float = 5) -> int:
    at = bench.desk.clock.now() + timedelta(hours=hours)
    post_id = bench.desk.run_now(
        deciding.plan_post,
        brand_id=bench.brand_id,
        text=text,
        account_ids=[bench.account_id],
        wall=at.replace(tzinfo=None).isoformat(timespec="minutes"),
        zone="UTC",
    )
    return bench.desk.page(planning.post, post_id).deliveries[0].id


async def test_a_broken_link_is_found_once_told_and_forgotten_when_it_works(
    bench: TestDesk, probed: list[int], clock: FixedClock
) -> None:
    looks = look_ahead(bench, probed)
    with raw_server(answer(b"{}", status="404 Not Found")) as server:
        _point_at(bench, server.url)
        number = plan(bench, f"Mira {server.url}/vieja")
        assert await looks.look() == [number]
        assert bench.desk.page(preflight_found.known) == {number: {"link_broken": f"{server.url}/vieja"}}
        [problem] = [each for each in bench.desk.page(outbox_read.problems) if each.kind == "preflight"]
        assert (problem.code, problem.ref_id) == ("preflight_link_broken", number)
        assert bench.desk.page(outbox_read.problem_count) == 1
        assert bench.desk.page(outbox_read.problem_counts) == {bench.brand_id: 1}
        assert await looks.look() == []
        server.plan = answer(b"<title>ok</title>", kind="text/html")
        clock.advance(timedelta(hours=1).total_seconds())
        bench.desk.store.write(lambda tx: tx.conn.execute("DELETE FROM link_check")).result()
        assert await looks.look() == []
    assert bench.desk.page(preflight_found.known) == {}
    assert bench.desk.page(outbox_read.problem_count) == 0


def _point_at(bench: TestDesk, url: str) -> None:
    bench.desk.run_now(accounts.move_sample_server, server=url)
    bench.desk.store.write(lambda tx: tx.conn.execute("UPDATE account SET server = ?", (url,))).result()


async def test_a_vanished_picture_is_found(bench: TestDesk, probed: list[int], tmp_path: Path) -> None:
    from PIL import Image

    from cmdesk.media import import_media
    from cmdesk.store import media

    Image.new("RGB", (40, 30), "red").save(tmp_path / "a.png")
    info = import_media(tmp_path / "a.png", bench.desk.media_folder)
    picture = bench.desk.run_now(media.add_media, bench.brand_id, info)
    at = bench.desk.clock.now() + timedelta(hours=3)
    bench.desk.run_now(
        deciding.plan_post, brand_id=bench.brand_id, text="Con foto", account_ids=[bench.account_id],
        media=[(picture.id, "rojo")], wall=at.replace(tzinfo=None).isoformat(timespec="minutes"), zone="UTC",
    )  # fmt: skip
    looks = look_ahead(bench, probed)
    assert await looks.look() == []
    (bench.desk.media_folder / picture.file).unlink()
    [number] = await looks.look()
    assert bench.desk.page(preflight_found.known)[number] == {"media_gone": "media_missing"}


async def test_it_looks_a_day_ahead_and_asks_accounts_that_were_not_asked_for_a_day(
    bench: TestDesk, probed: list[int], clock: FixedClock
) -> None:
    clock.advance(25 * 3600)
    looks = look_ahead(bench, probed)
    assert looks.wanted(clock.now())
    await looks.look()
    assert probed == []
    assert not looks.wanted(clock.now())
    plan(bench, "mañana", hours=30)
    assert not looks.wanted(clock.now())
    plan(bench, "hoy", hours=3)
    assert looks.wanted(clock.now())
    await looks.look()
    assert probed == [bench.account_id]
    assert not looks.wanted(clock.now())
    clock.advance(16 * 60)
    assert looks.wanted(clock.now())


async def test_without_a_network_nothing_is_said_of_links(bench: TestDesk, probed: list[int]) -> None:
    plan(bench, "Mira https://no-such-shop.invalid/x")
    assert await look_ahead(bench, probed).look() == []
    assert bench.desk.page(links.checks, ["https://no-such-shop.invalid/x"]) == {}

"""Posts, their places on the calendar, and their computed status."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cmdesk.clock import FixedClock, to_ms
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import DeliveryState, PostStatus, Target
from cmdesk.store import brands, fts, media, planning
from cmdesk.store.db import Transaction
from tests.core.store.conftest import Bench

DAY = datetime(2026, 3, 10, tzinfo=UTC)
MADRID = "Europe/Madrid"


class Info:
    """What cmdesk.media says of a clean picture."""

    sha256, mime, width, height, byte_size, file_name = "b" * 64, "image/png", 2, 2, 9, "b" * 64 + ".png"


def save(bench: Bench, **more: Any) -> int:
    more.setdefault("text", "Hola")
    found: int = bench.do(planning.save_post, brand_id=bench.brand_id, **more)
    return found


def deliver(
    bench: Bench, post_id: int, state: str, *, at: datetime = DAY, account: int | None = None, revision: int = 1,
    code: str = "",
) -> int:  # fmt: skip
    def insert(tx: Transaction) -> int:
        return tx.conn.execute(
            "INSERT INTO delivery (brand_id, account_id, post_id, revision, kind, text, expected_author, idem_key,"
            " record_key, due_at, wall, zone, late_grace_s, sealed_at, state, state_at, reason_code)"
            " VALUES (?, ?, ?, ?, 'post', 'x', 'me', 'k', 'r', ?, ?, 'UTC', 900, 1, ?, 1, ?)",
            (bench.brand_id, account or bench.account.id, post_id, revision, to_ms(at), f"{at:%Y-%m-%dT%H:%M}", state,
             code),
        ).lastrowid or 0  # fmt: skip

    found: int = bench.do(insert)
    return found


def month(bench: Bench, **more: Any) -> list[Any]:
    more.setdefault("brand_id", bench.brand_id)
    return bench.read(  # type: ignore[no-any-return]
        planning.calendar_items, start=DAY - timedelta(days=9), end=DAY + timedelta(days=20), **more
    )


def test_a_post_is_kept_whole(bench: Bench, clock: FixedClock) -> None:
    picture = bench.do(media.add_media, bench.brand_id, Info())
    target = Target(bench.account.id, "2026-03-10T10:00", MADRID, 0, True)
    post_id = save(
        bench, variants={"bluesky": "Corto"}, targets=[target], media=[(picture.id, "una foto")], note="revisar",
        language="es", spoiler="aviso", visibility="unlisted",
    )  # fmt: skip
    found = bench.read(planning.post, post_id)
    assert (found.text, found.variants, found.targets) == ("Hola", {"bluesky": "Corto"}, (target,))
    assert [(each.media, each.alt, each.position) for each in found.media] == [(picture, "una foto", 0)]
    assert (found.note, found.language, found.spoiler, found.visibility) == ("revisar", "es", "aviso", "unlisted")
    assert (found.status, found.revision, found.created_at) == (PostStatus.DRAFT, 1, clock.now())
    assert bench.do(media.add_media, bench.brand_id, Info()) == picture
    save(bench, post_id=post_id, text="Otra")
    again = bench.read(planning.post, post_id)
    assert (again.text, again.variants, again.targets, again.media) == ("Otra", {}, (), ())
    bench.do(fts.check)


def test_nothing_of_another_brand_gets_in(bench: Bench) -> None:
    other = bench.do(brands.add_brand, name="Other", zone="UTC", language="en", color="#000000")
    foreign = bench.add_account(other, "other")
    picture = bench.do(media.add_media, other, Info())
    post_id = save(bench)
    for wrong in (
        {"targets": [Target(foreign.id)]},
        {"media": [(picture.id, "")]},
        {"targets": [Target(999)]},
    ):
        with pytest.raises(Invalid) as caught:
            save(bench, post_id=post_id, text="changed", **wrong)
        assert caught.value.code == "wrong_brand"
    with pytest.raises(Invalid):
        bench.do(planning.save_post, post_id=post_id, brand_id=other, text="moved")
    assert bench.read(planning.post, post_id).text == "Hola"


def test_an_hour_that_does_not_exist_is_refused(bench: Bench) -> None:
    with pytest.raises(Invalid) as caught:
        save(bench, targets=[Target(bench.account.id, "2026-03-29T02:30", MADRID)])
    assert caught.value.code == "time_gap"
    assert bench.sql("SELECT count(*) FROM post") == [(0,)]


@pytest.mark.parametrize("state", ["sending", "uncertain"])
def test_what_is_on_its_way_is_not_edited(bench: Bench, state: str) -> None:
    post_id = save(bench)
    deliver(bench, post_id, state)
    with pytest.raises(Conflict) as caught:
        save(bench, post_id=post_id, text="too late")
    assert caught.value.code == "post_sending"
    with pytest.raises(Conflict):
        bench.do(planning.delete_post, post_id)


def test_a_sealed_post_gets_the_next_revision(bench: Bench) -> None:
    post_id = save(bench)
    save(bench, post_id=post_id)
    assert bench.read(planning.post, post_id).revision == 1
    deliver(bench, post_id, "rejected")
    save(bench, post_id=post_id)
    assert bench.read(planning.post, post_id).revision == 2


@pytest.mark.parametrize(
    ("states", "status"),
    [
        ([], "draft"),
        (["cancelled"], "draft"),
        (["queued"], "scheduled"),
        (["handed_off"], "scheduled"),
        (["published", "queued"], "scheduled"),
        (["sending"], "sending"),
        (["uncertain", "confirmed"], "sending"),
        (["backoff", "queued"], "sending"),
        (["published"], "published"),
        (["confirmed", "published", "cancelled"], "published"),
        (["review"], "problem"),
        (["held_late", "queued"], "problem"),
        (["rejected", "confirmed"], "partial"),
        (["blocked_auth", "published", "sending"], "partial"),
    ],
)
def test_a_status_is_what_the_deliveries_are(bench: Bench, states: list[str], status: str) -> None:
    post_id = save(bench)
    for number, state in enumerate(states):
        deliver(bench, post_id, state, account=bench.add_account(bench.brand_id, f"a{number}").id)
    assert bench.read(planning.post, post_id).status == status
    assert [each.id for each in bench.read(planning.posts, brand_id=bench.brand_id, status=PostStatus(status))] == [
        post_id
    ]
    assert bench.read(planning.posts, brand_id=bench.brand_id, status=PostStatus.CANCELLED) == []


def test_a_newer_revision_takes_the_place_of_an_older(bench: Bench) -> None:
    post_id = save(bench)
    deliver(bench, post_id, "rejected", revision=1)
    deliver(bench, post_id, "queued", revision=2)
    assert bench.read(planning.post, post_id).status is PostStatus.SCHEDULED
    deliver(bench, post_id, "cancelled", revision=3, code="discarded")
    assert bench.read(planning.post, post_id).status is PostStatus.SCHEDULED


def test_discarded_is_cancelled_and_not_in_the_tray(bench: Bench) -> None:
    post_id = save(bench)
    deliver(bench, post_id, "cancelled", code="discarded")
    assert bench.read(planning.post, post_id).status is PostStatus.CANCELLED
    assert bench.read(planning.tray, brand_id=bench.brand_id) == []
    assert month(bench) == []


def test_one_chip_per_post_and_time(bench: Bench) -> None:
    second = bench.add_account(bench.brand_id, "second", "bluesky")
    third = bench.add_account(bench.brand_id, "third")
    post_id = save(bench, text="A tres sitios")
    deliver(bench, post_id, "queued")
    deliver(bench, post_id, "queued", account=second.id)
    deliver(bench, post_id, "confirmed", account=third.id, at=DAY - timedelta(days=1))
    early, late = month(bench)
    assert (early.status, early.account_ids, early.movable) == (PostStatus.PUBLISHED, (third.id,), False)
    assert (late.status, late.networks, late.movable) == (PostStatus.SCHEDULED, ("mastodon", "bluesky"), True)
    assert late.states == (DeliveryState.QUEUED, DeliveryState.QUEUED)
    assert late.at == DAY
    assert [item.account_ids for item in month(bench, account_id=second.id)] == [(bench.account.id, second.id)]
    assert month(bench, brand_id=None) == [early, late]
    assert month(bench, brand_id=99) == []


def test_plans_stand_on_the_calendar_before_they_are_sealed(bench: Bench) -> None:
    planned = save(bench, targets=[Target(bench.account.id, "2026-03-10T10:00", MADRID)])
    loose = save(bench, text="Sin fecha", targets=[Target(bench.account.id)])
    [chip] = month(bench)
    assert (chip.post_id, chip.at, chip.status, chip.wall) == (
        planned, DAY + timedelta(hours=9), PostStatus.DRAFT, "2026-03-10T10:00",
    )  # fmt: skip
    [waiting] = bench.read(planning.tray, brand_id=bench.brand_id)
    assert (waiting.post_id, waiting.at, waiting.account_ids) == (loose, None, (bench.account.id,))
    deliver(bench, planned, "queued", at=DAY + timedelta(hours=9))
    assert len(month(bench)) == 1


def test_the_range_is_half_open(bench: Bench) -> None:
    for hours in (0, 24):
        deliver(bench, save(bench), "queued", at=DAY + timedelta(hours=hours))
    found = bench.read(planning.calendar_items, brand_id=bench.brand_id, start=DAY, end=DAY + timedelta(days=1))
    assert [item.at for item in found] == [DAY]


def test_deleted_posts_come_back(bench: Bench) -> None:
    post_id = save(bench)
    bench.do(planning.delete_post, post_id)
    assert bench.read(planning.posts, brand_id=bench.brand_id) == []
    assert bench.read(planning.tray, brand_id=bench.brand_id) == []
    with pytest.raises(Conflict):
        save(bench, post_id=post_id)
    bench.do(planning.restore_post, post_id)
    assert [each.id for each in bench.read(planning.posts, brand_id=bench.brand_id)] == [post_id]


def test_posts_come_in_pages(bench: Bench, clock: FixedClock) -> None:
    ids = []
    for _ in range(5):
        clock.advance(1)
        ids.append(save(bench))
    first = bench.read(planning.posts, brand_id=bench.brand_id, limit=3)
    last = first[-1]
    assert last.updated_at is not None
    rest = bench.read(planning.posts, brand_id=bench.brand_id, before=(to_ms(last.updated_at), last.id))
    assert [each.id for each in first + rest] == ids[::-1]

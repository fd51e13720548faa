"""Versions: what a post was is kept at pauses, everything of it, fifty of them; going back can be undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmdesk.clock import FixedClock
from cmdesk.commands import post_versions as commands
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.model import Card, Part, Poll
from cmdesk.store import brands, planning as store, post_versions


@pytest.fixture
def desk(profile: Path, clock: FixedClock) -> Desk:
    made = Desk(profile, clock=clock)
    made.run_now(brands.add_brand, name="Panadería", zone="Europe/Madrid", language="es", color="#C2703D")
    return made


def texts(desk: Desk, post_id: int) -> list[str]:
    return [each.post.text for each in desk.page(post_versions.versions, post_id=post_id)]


def write(desk: Desk, text: str, post_id: int | None = None, **more: object) -> int:
    return desk.run_now(commands.save, post_id=post_id, brand_id=1, text=text, **more)


def test_nothing_is_kept_while_one_types(desk: Desk, clock: FixedClock) -> None:
    post_id = write(desk, "P")
    for text in ("Pa", "Pan", "Pan de"):
        clock.advance(1)
        write(desk, text, post_id)
    assert texts(desk, post_id) == []


def test_what_stood_there_before_a_pause_is_kept(desk: Desk, clock: FixedClock) -> None:
    post_id = write(desk, "Pan de espelta")
    clock.advance(121)
    write(desk, "Otra cosa", post_id)
    assert texts(desk, post_id) == ["Pan de espelta"]
    clock.advance(1)
    write(desk, "Otra cosa más", post_id)
    assert texts(desk, post_id) == ["Pan de espelta"]


def test_without_a_pause_one_is_kept_every_ten_minutes(desk: Desk, clock: FixedClock) -> None:
    post_id = write(desk, "0")
    for second in range(1, 1300, 60):
        clock.advance(60)
        write(desk, str(second), post_id)
    assert len(texts(desk, post_id)) == 2


def test_the_same_words_are_kept_once(desk: Desk, clock: FixedClock) -> None:
    post_id = write(desk, "Pan")
    first = desk.run_now(commands.keep, post_id=post_id)
    clock.advance(500)
    assert desk.run_now(commands.keep, post_id=post_id) == first
    assert texts(desk, post_id) == ["Pan"]


def test_fifty_are_kept_and_the_oldest_go(desk: Desk, clock: FixedClock) -> None:
    post_id = write(desk, "x")
    for number in range(post_versions.MOST + 5):
        write(desk, str(number), post_id)
        desk.run_now(commands.keep, post_id=post_id)
        clock.advance(1)
    kept = texts(desk, post_id)
    assert len(kept) == post_versions.MOST and kept[0] == "54" and kept[-1] == "5"


def test_everything_that_is_published_comes_back_and_nothing_else_changes(desk: Desk, clock: FixedClock) -> None:
    post_id = write(
        desk, "Antes", variants={"mastodon": "Antes, largo"}, note="ojo", aim="value",
        parts=(Part("segunda", {"bluesky": ""}),), comment=Part("comentario"), poll=Poll(("a", "b"), 3600, True),
        card=Card("https://a.example", "A"), options={"bluesky": {"replies": "nobody"}}, spoiler="aviso",
    )  # fmt: skip
    before = desk.page(store.post, post_id)
    desk.run_now(commands.keep, post_id=post_id)
    clock.advance(10)
    write(desk, "Después", post_id, note="otra nota")
    (kept,) = desk.page(post_versions.versions, post_id=post_id)
    desk.run_now(commands.restore, post_id=post_id, version_id=kept.id)
    now = desk.page(store.post, post_id)
    for name in ("text", "variants", "parts", "comment", "poll", "card", "options", "spoiler", "media"):
        assert getattr(now, name) == getattr(before, name), name
    assert now.note == "otra nota"
    assert texts(desk, post_id)[0] == "Después"  # what was written over is a version, too


def test_going_back_can_be_undone(desk: Desk, clock: FixedClock) -> None:
    post_id = write(desk, "Uno")
    version = desk.run_now(commands.keep, post_id=post_id)
    write(desk, "Dos", post_id)
    done = desk.store.write(commands.restore, post_id=post_id, version_id=version).result(timeout=10)
    assert desk.page(store.post, post_id).text == "Uno"
    assert done.undo is not None
    again = desk.store.write(done.undo.command, **done.undo.args).result(timeout=10)
    assert desk.page(store.post, post_id).text == "Dos"
    assert again.undo is not None
    desk.run_now(again.undo.command, **again.undo.args)
    assert desk.page(store.post, post_id).text == "Uno"


def test_a_version_of_another_post_is_refused(desk: Desk) -> None:
    one, other = write(desk, "Uno"), write(desk, "Otro")
    version = desk.run_now(commands.keep, post_id=one)
    with pytest.raises(Invalid) as caught:
        desk.run_now(commands.restore, post_id=other, version_id=version)
    assert caught.value.code == "version_unknown"


def test_a_crop_of_a_picture_that_is_gone_is_left_out(desk: Desk) -> None:
    post_id = write(desk, "Foto")
    desk.run_now(commands.keep, post_id=post_id)

    def break_it(tx: object) -> None:
        tx.conn.execute(  # type: ignore[attr-defined]
            "UPDATE post_version SET content = json_set(content, '$.media', json('[[99, \"x\"]]'), '$.crops',"
            " json('[[99, \"\", 0, 0, 1, 1]]'))"
        )

    desk.run_now(break_it)
    (kept,) = desk.page(post_versions.versions, post_id=post_id)
    assert kept.post.media == () and kept.post.crops == {}

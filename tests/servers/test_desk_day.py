"""Real servers: the whole day by the command line, offline, and killed again and again."""

from __future__ import annotations

import asyncio
import io
import random
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from cmdesk.commands import brands, inbox as deciding, planning
from cmdesk.media import import_media
from cmdesk.model import Direction
from cmdesk.planning.settling import Timing
from cmdesk.store import accounts, inbox, media, outbox
from cmdesk.sync.engine import Engine
from tests.servers.days import OUT, add, confirmed, conversation, copies
from tests.servers.people import BRAND, KILLED, Person, photo, until
from tests.servers.sides import Side, switched_off

pytestmark = [pytest.mark.servers, pytest.mark.timeout(900)]

KILLS = 20


def test_a_whole_day(person: Person, side: Side, tmp_path: Path, figures: dict[str, str]) -> None:
    # Somebody writes, it is read, answered, and the answer is where it belongs.
    (account,) = person.json("account", "list")
    assert (account["handle"], account["state"], account["network"]) == (side.handle, "ok", side.name)
    mention = side.mention(f"{side.called} ¿abrís el domingo de torrijas?")
    asked = conversation(person, "torrijas")
    assert asked["brand"] == BRAND and asked["account"] == side.handle and asked["network"] == side.name
    assert asked["author"] == side.other and asked["state"] == "open"
    assert "¿abrís el domingo de torrijas?" in asked["text"]
    assert datetime.now(UTC) - datetime.fromisoformat(asked["received_at"]) < timedelta(minutes=5)
    (reply,) = person.json("reply", str(asked["id"]), "--text", "Sí, de 9 a 14 🥐", "--now")
    assert reply["state"] in OUT
    (there,) = copies(side, "Sí, de 9 a 14 🥐")
    assert (there.remote_id, there.parent_id) == (reply["remote_id"], mention)
    assert side.seen(reply["remote_id"]).text == there.text

    # A post with a picture and its description, at once.
    photo(tmp_path / "coca.jpg")
    picture = ("--media", str(tmp_path / "coca.jpg"), "--alt", "Una coca de llanda, «recién hecha»")
    now = add(person, side, "Hoy hay coca: https://example.com/coca #PanDelDía", *picture, "--now")
    assert now["deliveries"][0]["state"] in OUT
    done = confirmed(person, now)
    assert done["verified"] == "ok" and done["url"].startswith(("http://", "https://")) and done["remote_id"]
    (there,) = copies(side, "Hoy hay coca")
    assert there.remote_id == done["remote_id"] and side.seen(done["remote_id"]).alts == there.alts
    assert there.alts == ("Una coca de llanda, «recién hecha»",)
    assert there.text == "Hoy hay coca: https://example.com/coca #PanDelDía"
    with urllib.request.urlopen(there.pictures[0], timeout=20) as answer:
        published = answer.read()
    assert Image.open(io.BytesIO(published)).size == (640, 480)
    assert b"made at home" not in published

    # Another for its hour: not a moment before, and once.
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=12)
    later = add(person, side, "Merienda a su hora", *picture, "--at", due.isoformat())
    assert later["deliveries"][0]["state"] == "queued"
    if datetime.now(UTC) < due - timedelta(seconds=5):
        assert person.json("publish") == [] and copies(side, "Merienda a su hora") == []
    person.publishes(later)
    (there,) = copies(side, "Merienda a su hora")
    assert there.created_at >= due and there.alts == ("Una coca de llanda, «recién hecha»",)
    assert confirmed(person, later)["verified"] == "ok"
    assert person.json("publish") == []

    # What others do with it comes home: a like of the answer, a boost of the post, an answer to it.
    side.like(reply["remote_id"])
    side.boost(done["remote_id"])
    side.answer(done["remote_id"], "guardadme dos porciones")
    portion = conversation(person, "porciones")
    assert portion["kind"] == "reply" and portion["id"] != asked["id"]
    with person.desk() as desk:
        marks = [(each.kind, each.actor) for each in desk.page(inbox.thread_events, asked["id"])]
        assert ("favourite", side.other) in marks
        post = desk.page(inbox.parent_post, portion["id"])
        assert post is not None and post.remote_id == done["remote_id"]
        about = desk.page(inbox.thread, asked["id"])
        assert [each.direction for each in about] == [Direction.IN, Direction.OUT]
        # We like what they wrote.
        desk.run_now(deciding.like, message_id=about[0].id)
    person.run("publish")
    until(lambda: any(each in side.handle for each in side.likers(mention)), "our like")

    # They change what they wrote, where they can, and take their words back: so do we.
    if side.edits:
        side.edit(mention, f"{side.called} ¿abrís el lunes de torrijas?")
        until(lambda: person.run("sync") and person.json("inbox", "--search", "lunes"), "the edit")
    gone = side.mention(f"{side.called} esto lo borro enseguida, membrillo")
    doomed = conversation(person, "membrillo")
    side.remove(gone)

    def forgotten() -> bool:
        person.run("sync")
        return not person.json("inbox", "--search", "membrillo")

    until(forgotten, "the deletion")
    with person.desk() as desk:
        (message,) = desk.page(inbox.thread, doomed["id"])
        assert message.deleted_at is not None and message.text == ""

    # The month's report, from what is stored.
    pdf = tmp_path / "report.pdf"
    person.run("report", "--brand", BRAND, "--month", f"{datetime.now(UTC):%Y-%m}", "--out", str(pdf))
    assert pdf.read_bytes().startswith(b"%PDF-1.") and pdf.stat().st_size > 50_000
    assert {row["result"] for row in person.json("doctor")} == {"good"}

    # No secret anywhere, nothing left, nothing double.
    assert side.secret not in person.printed and side.secret.encode() not in person.kept()
    for text in ("Sí, de 9 a 14", "Hoy hay coca", "Merienda a su hora"):
        assert len(copies(side, text)) == 1
    figures[f"{side.name}: the day"] = "read, answered, published, scheduled, verified, liked, deleted, reported"


def test_the_server_goes_away_and_comes_back(
    person: Person, side: Side, tmp_path: Path, figures: dict[str, str]
) -> None:
    side.mention(f"{side.called} ¿queda sitio para cenar, granada?")
    asked = conversation(person, "granada")
    photo(tmp_path / "mesa.jpg")
    with switched_off(side) as back:
        (row,) = person.json("sync", status=1)
        assert row["error"] == "offline"
        assert person.json("inbox", "--search", "granada") == [asked]
        (reply,) = person.json("reply", str(asked["id"]), "--text", "Claro, a las nueve", "--now")
        post = add(person, side, "Escrito sin red", "--now", "--media", str(tmp_path / "mesa.jpg"), "--alt", "Una mesa")
        soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
        later = add(person, side, "Programado sin red", "--at", soon)
        waiting = ("ready", "preparing", "backoff")
        assert reply["state"] in waiting and post["deliveries"][0]["state"] in waiting
        for _ in range(2):
            assert {each["state"] for each in person.json("publish")} <= set(waiting)
        pdf = tmp_path / "offline.pdf"
        person.run("report", "--brand", BRAND, "--month", f"{datetime.now(UTC):%Y-%m}", "--out", str(pdf))
        assert pdf.read_bytes().startswith(b"%PDF-1.")
        back()
    person.publishes(post)
    person.publishes(later)
    person.run("publish")
    for text in ("Claro, a las nueve", "Escrito sin red", "Programado sin red"):
        assert len(copies(side, text)) == 1, text
    side.settle()
    assert confirmed(person, post)["verified"] == confirmed(person, later)["verified"] == "ok"
    assert {row["error"] for row in person.json("sync")} == {None}
    figures[f"{side.name}: offline"] = "3 written without a network, 3 sent once when it was back"


def test_killed_again_and_again(person: Person, side: Side, tmp_path: Path, figures: dict[str, str]) -> None:
    chance = random.Random(20261122)
    picture = photo(tmp_path / "pan.jpg")
    posts: dict[str, int] = {}
    struck = {"before": 0, "sending": 0, "after": 0}
    for number in range(KILLS):
        text = f"Hogaza {side.name} {number:02d} {chance.randrange(10**9)}"
        posts[text] = planned(person, text, picture if number % 3 == 2 else None)
        moment, delay = chance.uniform(0.1, 1.5), chance.choice((0.0, chance.uniform(0, 0.015)))
        sending = number % 4 != 3  # three of four while the post is on the wire, the others at any time

        def strike(passed: float, *, sending: bool = sending, moment: float = moment, delay: float = delay) -> bool:
            if not sending:
                return passed > moment
            if person.states()[-1] != "sending":
                return False
            time.sleep(delay)
            return True

        killed = person.kill_in(["publish", "--wait", "0"], strike) == KILLED
        state = person.states()[-1]
        struck["after" if not killed or state in OUT else "sending" if state == "sending" else "before"] += 1
    settled(person)
    side.settle()
    person.run("sync")
    with person.desk() as desk:
        (account,) = desk.page(accounts.list_accounts)
        assert account.capabilities["repeat"] == side.repeats
        found = {text: desk.page(outbox.deliveries, post_id=post_id)[-1] for text, post_id in posts.items()}
    count = {text: len(copies(side, text)) for text in posts}
    asked = [text for text, delivery in found.items() if delivery.state == "review"]
    assert struck["sending"] >= KILLS // 4, struck
    assert [text for text, times in count.items() if times > 1] == []
    for text, delivery in found.items():
        assert delivery.state in (*OUT, "review"), (text, delivery)
        assert count[text] == (0 if delivery.state == "review" else 1), (text, delivery)
    if side.repeats == "record_key":
        assert asked == []

    # Who was asked decides, and then it goes out, once (without the minute that is left between released ones).
    with person.desk() as desk:
        desk.run_now(brands.edit_brand, brand_id=account.brand_id, edit=brands.BrandEdit(spacing_s=0))
        for text in asked:
            desk.run_now(planning.send_again, delivery_id=found[text].id)
    if asked:
        settled(person)
        assert {text: len(copies(side, text)) for text in asked} == dict.fromkeys(asked, 1)
    figures[f"{side.name}: {KILLS} kills"] = (
        f"{struck['sending']} on the wire, {struck['before']} before, {struck['after']} after; doubled 0, lost 0,"
        f" asked {len(asked)}"
    )


def planned(person: Person, text: str, picture: Path | None) -> int:
    """Plan a post that is due by now."""
    with person.desk() as desk:
        (account,) = desk.page(accounts.list_accounts)
        pictures = []
        if picture is not None:
            info = import_media(picture, desk.media_folder)
            pictures = [(desk.run_now(media.add_media, account.brand_id, info).id, "Pan")]
        wall = (desk.clock.now() - timedelta(seconds=5)).replace(tzinfo=None).isoformat(timespec="seconds")
        post_id: int = desk.run_now(
            planning.plan_post,
            brand_id=account.brand_id, text=text, account_ids=[account.id], media=pictures, wall=wall, zone="UTC",
        )  # fmt: skip
        return post_id


def settled(person: Person) -> None:
    """Publish and look back, with the minutes of looking back made seconds, until nothing moves by itself."""
    hurried = Timing(with_record_key=(1, 3), without_key=(1, 3, 6))
    with person.desk() as desk:
        engine = Engine(desk, timing=hurried)
        desk._engine = engine
        for _ in range(3):
            asyncio.run(engine.publish_once(settle_s=30))

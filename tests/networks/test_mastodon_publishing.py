"""Polls, films, who may quote and the server's own scheduler, as a Mastodon account speaks of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cmdesk.errors import Gone, Rejected, Unreadable
from cmdesk.model import Poll
from cmdesk.networks.base import MediaFile, ReplyTarget
from cmdesk.networks.mastodon import MastodonAdapter, _kinds_told
from cmdesk.networks.mastodon_shapes import limits_of
from cmdesk.networks.sandbox import NO_LIMITS, Fault, SandboxServer
from cmdesk.networks.sandbox.records import Scheduled
from tests.networks.helpers import look, outgoing, png
from tests.networks.test_mastodon import adapter_of, me

POLL = Poll(("Sí", "No"), lasts_s=3600)


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(limits=NO_LIMITS) as running:
        yield running


@pytest.fixture
def alba(server: SandboxServer) -> Iterator[MastodonAdapter]:
    adapter = adapter_of(server)
    yield adapter
    adapter.close()


def there(server: SandboxServer, remote_id: str) -> dict[str, Any]:
    return next(each for each in server.world.truth()["alba"] if each["id"] == remote_id)


def test_a_server_tells_what_it_can(server: SandboxServer, alba: MastodonAdapter) -> None:
    able = alba.whoami().capabilities
    assert (able.polls, able.video, able.cards, able.schedule) == (True, True, False, True)
    assert able.quote_policies == ("public", "followers", "nobody") and able.gates == ()
    limits = able.limits
    assert (limits.poll_options, limits.poll_option_characters) == (4, 50)
    assert (limits.poll_min_s, limits.poll_max_s) == (300, 2_629_746)
    assert limits.video_types == ("video/mp4", "video/quicktime", "video/webm") and limits.video_bytes > 90_000_000


@pytest.mark.parametrize(
    ("instance", "options"),
    [
        ({"poll_limits": {"max_options": 20, "max_option_chars": 200, "max_expiration": 99}}, (20, 200, 99)),
        ({"configuration": {"polls": {"max_options": 6}}}, (6, 50, 2_629_746)),
        ({"configuration": {"polls": "none"}}, (0, 50, 2_629_746)),
        ({"configuration": {"polls": {"max_options": -1}}}, (0, 50, 2_629_746)),
        ({}, (0, 50, 2_629_746)),
    ],
)
def test_a_server_that_says_nothing_of_polls_has_none(instance: dict[str, Any], options: tuple[int, ...]) -> None:
    limits = limits_of(instance)
    assert (limits.poll_options, limits.poll_option_characters, limits.poll_max_s) == options


def test_a_server_that_calls_everything_english_is_not_believed() -> None:
    """snac keeps no languages, and makes polls on its own page only."""
    with SandboxServer(limits=NO_LIMITS, software=("snac", "2.73")) as server:
        adapter = adapter_of(server)
        able = adapter.whoami().capabilities
        receipt = adapter.send(outgoing("post", "Bon dia", me(adapter), language="ca"))
        assert (able.polls, adapter.look(receipt.remote_id).language) == (False, "")
        adapter.close()


@pytest.mark.parametrize("told", [None, [], "video/mp4", [1, None]])
def test_kinds_of_files_are_read_with_care(told: object) -> None:
    kinds = _kinds_told({"configuration": {"media_attachments": {"supported_mime_types": told}}})
    assert kinds in (None, [])


def test_a_poll_and_who_may_quote_arrive_as_they_were_sealed(server: SandboxServer, alba: MastodonAdapter) -> None:
    poll = replace(POLL, multiple=True, hide_totals=True)
    receipt = alba.send(outgoing("post", "¿Pan?", me(alba), poll=poll, quotes="followers"))
    shown = there(server, receipt.remote_id)
    assert (shown["poll"]["options"], shown["poll"]["multiple"], shown["poll"]["hide_totals"]) == (
        ["Sí", "No"], True, True,
    )  # fmt: skip
    assert shown["quote_policy"] == "followers"


def test_a_poll_is_told_from_the_same_words_without_one(alba: MastodonAdapter) -> None:
    alba.send(outgoing("post", "¿Pan?", me(alba)))
    asked = outgoing("post", "¿Pan?", me(alba), poll=POLL)
    assert look(alba, asked).receipts == () and look(alba, asked).conclusive
    other = outgoing("post", "¿Pan?", me(alba), poll=replace(POLL, options=("Sí", "Quizás")))
    alba.send(other)
    assert look(alba, asked).receipts == ()
    receipt = alba.send(asked)
    assert [each.remote_id for each in look(alba, asked).receipts] == [receipt.remote_id]


def test_a_part_is_found_by_what_it_answers(alba: MastodonAdapter) -> None:
    first = alba.send(outgoing("post", "Hilo", me(alba)))
    part = outgoing("post", "👇", me(alba), reply_to=ReplyTarget(first.remote_id, first.ref))
    alba.send(outgoing("post", "👇", me(alba)))
    assert look(alba, part).receipts == ()
    receipt = alba.send(part)
    assert [each.remote_id for each in look(alba, part).receipts] == [receipt.remote_id]


@pytest.mark.parametrize("content", [{"poll": Poll(("Sola",))}, {"poll": Poll(("a", "b"), lasts_s=10)}])
def test_a_poll_the_server_refuses_is_a_definite_no(alba: MastodonAdapter, content: dict[str, Any]) -> None:
    with pytest.raises(Rejected):
        alba.send(outgoing("post", "¿Pan?", me(alba), **content))


def test_a_poll_beside_a_picture_is_refused_there(alba: MastodonAdapter, tmp_path: Path) -> None:
    file = png(tmp_path / "a.png")
    with pytest.raises(Rejected):
        alba.send(outgoing("post", "¿Pan?", me(alba), poll=POLL, media=((file, alba.upload(file)),)))


def film(folder: Path) -> MediaFile:
    path = folder / "film.mp4"
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 64)
    return MediaFile(path, "video/mp4", "f" * 64, 1280, 720, "Unas manos amasan")


def test_a_film_is_waited_for_until_the_server_has_worked_it_up(server: SandboxServer, tmp_path: Path) -> None:
    waits: list[float] = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        for row in server.world.book.media.values():
            row.ready_at -= timedelta(seconds=seconds)

    adapter = adapter_of(server, clock=None)
    adapter._pause = pause
    server.media_delay = 60.0
    file = film(tmp_path)
    receipt = adapter.send(outgoing("post", "Así", me(adapter), media=((file, adapter.upload(file)),)))
    assert sum(waits) >= 60 and there(server, receipt.remote_id)["media_kinds"] == ["video"]
    assert adapter.look(receipt.remote_id).attachments[0].kind == "video"
    adapter.close()


def test_a_film_that_is_never_ready_is_given_up_for_now(server: SandboxServer, tmp_path: Path) -> None:
    adapter = adapter_of(server)
    server.media_delay = 10_000.0
    with pytest.raises(Unreadable) as caught:
        adapter.upload(film(tmp_path))
    assert caught.value.code == "media_processing"
    adapter.close()


def test_looking_at_an_own_post(alba: MastodonAdapter) -> None:
    receipt = alba.send(outgoing("post", "Uno", me(alba), language="ca"))
    shown = alba.look(receipt.remote_id)
    assert (shown.text, shown.language, shown.author.remote_id) == ("Uno", "ca", me(alba))
    with pytest.raises(Gone):
        alba.look("999")


# ── the server's scheduler ──


def hold(server: SandboxServer, count: int, *, first: datetime, apart: timedelta) -> None:
    alba = server.world.person("alba")
    for number in range(count):
        text = {"text": f"n {number}"}
        row = Scheduled(server.world.new_id(), alba.id, first + apart * number, text, [])
        server.world.book.scheduled[row.id] = row


def test_a_held_post_is_found_behind_hundreds_of_others(server: SandboxServer, alba: MastodonAdapter) -> None:
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=400)
    sealed = outgoing("post", "la mía", me(alba), scheduled_at=at)
    receipt = alba.send(sealed)
    hold(server, 130, first=datetime.now(UTC) + timedelta(days=1), apart=timedelta(hours=2))
    assert [each.remote_id for each in look(alba, sealed).receipts] == [receipt.remote_id]
    elsewhere = replace(sealed, text="otra")
    assert look(alba, elsewhere).receipts == ()


@pytest.mark.parametrize(
    ("count", "apart", "code"),
    [
        (300, timedelta(hours=5), "schedule_full"),
        (25, timedelta(minutes=1), "schedule_full"),
        (3, timedelta(minutes=1), "rejected"),
    ],
)
def test_a_full_scheduler_is_told_from_other_refusals(
    server: SandboxServer, alba: MastodonAdapter, count: int, apart: timedelta, code: str
) -> None:
    day = datetime.now(UTC).replace(hour=1, minute=0) + timedelta(days=9)
    hold(server, count, first=day, apart=apart)
    if code == "rejected":
        server.faults.add(Fault("status", match="POST /api/v1/statuses", status=422, times=1))
    with pytest.raises(Rejected) as caught:
        alba.send(outgoing("post", "una más", me(alba), scheduled_at=day + timedelta(hours=2)))
    assert (caught.value.code == "schedule_full") == (code == "schedule_full")


def test_a_message_for_one_person_is_direct_and_names_neighbours_without_our_server(
    server: SandboxServer, alba: MastodonAdapter
) -> None:
    """K3: somebody of our own server is written as their server writes them, another one in full."""
    for said, kept in (("@bruno@{own} Hola", "@bruno Hola"), ("@ana@otra.example Hola", "@ana@otra.example Hola")):
        text = said.format(own=alba._own_domain())
        receipt = alba.send(outgoing("direct", text, me(alba), person="r9", visibility="public"))
        assert (there(server, receipt.remote_id)["text"], there(server, receipt.remote_id)["visibility"]) == (
            kept, "direct",
        )  # fmt: skip

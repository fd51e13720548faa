"""Real servers: a thread with a picture and a first comment, a card, who may answer; read back and compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cmdesk import media
from cmdesk.commands import planning as deciding
from cmdesk.desk import Desk
from cmdesk.model import Card, Crop, Part, Poll, PostMedia, PostStatus
from cmdesk.planning.abilities import abilities
from cmdesk.store import accounts, brands, outbox, planning
from cmdesk.store.media import add_media, media as one_picture
from tests.servers.days import OUT, copies
from tests.servers.people import Person, photo, until
from tests.servers.sides import Side

pytestmark = [pytest.mark.servers, pytest.mark.timeout(900)]

LINK = "https://example.org/pan"


def picture(desk: Desk, brand_id: int, folder: Path) -> PostMedia:
    info = media.import_media(photo(folder / "masa.jpg"), desk.media_folder)
    kept = desk.run_now(add_media, brand_id, info)
    return PostMedia(desk.page(one_picture, kept.id), "La masa madre")


def publish(person: Person, desk_post: int) -> None:
    """Publish everything and read it back."""
    person.run("publish")
    person.run("sync")
    with person.desk() as desk:
        desk.run_now(deciding.verify, post_id=desk_post)
    person.run("publish")


def verified(desk: Desk, post_id: int) -> list[str]:
    return [each.verified for each in sorted(desk.page(outbox.deliveries, post_id=post_id), key=lambda each: each.part)]


def test_a_thread_with_a_picture_and_a_comment(
    person: Person, side: Side, tmp_path: Path, figures: dict[str, str]
) -> None:
    with person.desk() as desk:
        (brand,) = desk.page(brands.list_brands)
        (account,) = desk.page(accounts.list_accounts)
        shot = picture(desk, brand.id, tmp_path)
        able = abilities(account.network, account.capabilities)
        options: dict[str, dict[str, Any]] = {}
        if able.gates:
            options[account.network] = {"replies": "nobody", "quotes": able.quote_policies[-1]}
        post_id = desk.run_now(
            deciding.save_post,
            brand_id=brand.id,
            text="Hilo: cómo hacemos el pan",
            account_ids=[account.id],
            language="es",
            parts=[Part("Hilo: primero la masa madre", {}, (shot,)), Part("Hilo: después, paciencia")],
            comment=Part(f"Hilo: todo en {LINK}"),
            crops={(shot.media.id, account.network): Crop(0, 0, 0.5, 1)},
            options=options,
        )
        sent = desk.run_now(deciding.publish_now, post_id=post_id)
        assert len(sent) == 4
    publish(person, post_id)
    with person.desk() as desk:
        parts = [desk.page(outbox.delivery, each) for each in sent]
        assert [each.state in OUT for each in parts] == [True] * 4, [(each.state, each.reason_code) for each in parts]
        assert verified(desk, post_id) == ["ok"] * 4
        done = desk.page(planning.post, post_id)
        assert (done.status, dict(done.missing)) == (PostStatus.PUBLISHED, {})
    ids = [each.remote_id for each in parts]
    there = {each.remote_id: each for each in copies(side, "Hilo:")}
    assert sorted(there) == sorted(ids)  # once each; what they answer is their order
    assert [there[each].parent_id for each in ids] == ["", ids[0], ids[1], ids[0]]
    assert [there[each].alts for each in ids] == [(), ("La masa madre",), (), ()]
    assert person.json("publish") == [] and len(copies(side, "Hilo:")) == 4
    figures[f"{side.name}: a thread"] = "3 parts, a picture cut on sending, a first comment: in order, once, verified"


def test_a_card_or_a_poll_where_there_is_one(
    person: Person, side: Side, tmp_path: Path, figures: dict[str, str]
) -> None:
    with person.desk() as desk:
        (brand,) = desk.page(brands.list_brands)
        (account,) = desk.page(accounts.list_accounts)
        able = abilities(account.network, account.capabilities)
        shot = picture(desk, brand.id, tmp_path)
        content: dict[str, Any] = {"card": Card(LINK, "El pan", "De pueblo", shot.media.id)}
        if able.polls:
            content["poll"] = Poll(("De pueblo", "Molde"), lasts_s=3600)
        post_id = desk.run_now(
            deciding.save_post,
            brand_id=brand.id,
            text=f"Tarjeta: el pan de hoy {LINK}",
            account_ids=[account.id],
            language="es",
            **content,
        )
        desk.run_now(deciding.publish_now, post_id=post_id)
    publish(person, post_id)
    (there,) = until(lambda: copies(side, "Tarjeta:"), "the post with its card")
    with person.desk() as desk:
        assert verified(desk, post_id) == ["ok"]
        (sent,) = desk.page(outbox.deliveries, post_id=post_id)
        assert sent.remote_id == there.remote_id
        assert ("card" in sent.options, "poll" in sent.options) == (able.cards, able.polls)
    kinds = [name for name, has in (("card", able.cards), ("poll", able.polls)) if has]
    figures[f"{side.name}: beside the words"] = " and ".join(kinds) or "neither card nor poll here: words alone"

"""The card of a link (rank 42): proposed from its page, following the link, written, switched off, never in the way."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from cmdesk.commands.settings import set_value
from cmdesk.model import Card, Target as Going
from cmdesk.networks.base import Author, Profile
from cmdesk.planning.cards import NO_CARD, card_for, proposed
from cmdesk.planning.content import card_json
from cmdesk.planning.review import Level
from cmdesk.store import accounts, links, media as media_store, outbox, outbox_read
from tests.networks.wire_server import RawServer, answer, raw_server
from tests.ui.composer.shop import BLUESKY, Shop
from tests.ui.planned import Planned, done
from ui.composer.page import ComposerPage

PAGE = """<html><head><title>Gafas</title><meta property="og:title" content="Gafas &amp; sol">
<meta property="og:description" content="Para mirar lejos"><meta property="og:image" content="/foto.png">"""


class Server:
    """A shop's page with its picture; whatever is wrong with it is set on it."""

    def __init__(self, raw: RawServer) -> None:
        self.raw = raw
        self.picture = b""
        self.page = answer(PAGE.encode(), kind="text/html; charset=utf-8")
        raw.plan = self._serve

    @property
    def link(self) -> str:
        return f"{self.raw.url}/gafas"

    def _serve(self, connection: socket.socket) -> None:
        asked = self.raw.requests[-1]
        connection.sendall(answer(self.picture, kind="image/png") if b"foto" in asked else self.page)


@pytest.fixture
def server() -> Iterator[Server]:
    with raw_server() as raw:
        made = Server(raw)
        data = io.BytesIO()
        Image.new("RGB", (640, 400), "#C2703D").save(data, "PNG")
        made.picture = data.getvalue()
        yield made


@pytest.fixture
def shop(planned: Planned, server: Server) -> Shop:
    """The brand with one more account, whose server is this machine: only then its own addresses are asked."""
    made = Shop(planned)
    profile = Profile(Author("here", "here.bsky.example", "Aquí"), BLUESKY, server.raw.url)
    made.desk.run_now(accounts.add_account, brand_id=made.brand, profile=profile, network="bluesky", secret_ref="here")
    return made


def here(shop: Shop) -> int:
    return next(each.id for each in shop.accounts if each.handle == "here.bsky.example")


def card_of(page: ComposerPage) -> Card | None:
    return page.model.draft.card


def compose(shop: Shop, qtbot: QtBot) -> ComposerPage:
    page = shop.compose(qtbot)
    page._set(account_ids=(here(shop),))
    return page


async def tried(page: ComposerPage) -> None:
    """What a pause in typing does."""
    page.inserting.inserts._timer.stop()
    page.inserting.inserts._try_links()
    await done()
    page.carding.settle()
    await done()


async def test_the_page_makes_the_card_with_its_picture(shop: Shop, server: Server, qtbot: QtBot) -> None:
    page = compose(shop, qtbot)
    page.editor.insert(f"Mira {server.link}")
    await tried(page)
    card = card_of(page)
    assert card is not None and (card.url, card.title, card.description) == (
        server.link, "Gafas & sol", "Para mirar lejos",
    )  # fmt: skip
    assert card.media_id is not None
    assert shop.desk.page(media_store.media, card.media_id).brand_id == shop.brand
    (shown,) = page.model.seen()
    assert shown.card == card and (shop.desk.media_folder / shown.card_file).is_file()
    page.model.flush()
    assert page.model.post_id is not None
    (sealed,) = shop.desk.run_now(
        outbox.seal, page.model.post_id, targets=[Going(here(shop), "2026-03-10T10:00", "Europe/Madrid")]
    )
    assert shop.desk.page(outbox_read.delivery, sealed).options["card"] == card_json(card)


async def test_the_card_follows_the_link_and_keeps_what_was_written(shop: Shop, server: Server, qtbot: QtBot) -> None:
    page = compose(shop, qtbot)
    page.editor.insert(f"Mira {server.link}")
    await tried(page)
    card = card_of(page)
    assert card is not None
    mine = Card(card.url, "Mis palabras", "", card.media_id)
    page.model.change(card=mine)
    page.editor.edit.setPlainText(f"Mira {server.link}?utm_source=bluesky")
    page.carding.settle()
    assert card_of(page) == Card(f"{server.link}?utm_source=bluesky", "Mis palabras", "", card.media_id)
    page.editor.edit.setPlainText("Sin enlace")
    assert page.model.seen()[0].card is None  # at once, before any pause
    page.carding.settle()
    assert card_of(page) is None
    page.editor.edit.setPlainText(f"Otra vez {server.link}")
    page.carding.settle()
    assert card_of(page) == mine  # the words come back with the link
    page.editor.edit.setPlainText(f"Ahora {server.link}-de-sol")
    page.carding.settle()
    assert card_of(page) is None
    await tried(page)
    other = card_of(page)
    assert other is not None and other.url == f"{server.link}-de-sol"


async def test_it_is_switched_off_for_a_post_and_back_on(shop: Shop, server: Server, qtbot: QtBot) -> None:
    page = compose(shop, qtbot)
    page.editor.insert(f"Mira {server.link}")
    await tried(page)
    page._set_option("bluesky", NO_CARD, True)
    await tried(page)
    assert card_of(page) is not None and page.model.seen()[0].card is None
    account = shop.accounts[-1]
    post = page.model.draft.as_post()
    assert card_for(post, network=account.network, text=post.text, pictures=False) is None
    page._set_option("bluesky", NO_CARD, None)
    assert page.model.seen()[0].card == card_of(page)


@pytest.mark.parametrize("what", ["gone", "no title", "no picture", "broken picture"])
async def test_a_broken_page_never_stands_in_the_way(shop: Shop, server: Server, qtbot: QtBot, what: str) -> None:
    if what == "gone":
        server.page = answer(b"", status="404 Not Found", kind="text/html")
    elif what == "no title":
        server.page = answer(b"<html><body>Nada</body></html>", kind="text/html")
    elif what == "no picture":
        server.page = answer(b"<title>Gafas</title>", kind="text/html")
    else:
        server.picture = b"\x89PNG\r\n\x1a\n broken"
    page = compose(shop, qtbot)
    page.editor.insert(f"Mira {server.link}")
    await tried(page)
    card = card_of(page)
    if what in ("gone", "no title"):
        assert card is None
    else:
        assert card is not None and card.media_id is None
    page.model.flush()
    assert page.model.post_id is not None
    assert not [each for each in page.review_now() if each.level is Level.ERROR and "card" in each.code]
    assert shop.desk.run_now(
        outbox.seal, page.model.post_id, targets=[Going(here(shop), "2026-03-10T10:00", "Europe/Madrid")]
    )


async def test_a_post_that_is_only_looked_at_gets_no_card(shop: Shop, server: Server, qtbot: QtBot) -> None:
    page = compose(shop, qtbot)
    page.editor.insert(f"Mira {server.link}")
    page.model.flush()
    assert page.model.post_id is not None
    page.model.load(page.model.post_id)
    await tried(page)
    assert shop.desk.page(links.checks, [server.link]) and card_of(page) is None
    page.editor.insert("!")
    page.carding.settle()
    assert card_of(page) is not None


async def test_pictures_take_its_place(shop: Shop, server: Server, qtbot: QtBot) -> None:
    page = compose(shop, qtbot)
    page.editor.insert(f"Mira {server.link}")
    await tried(page)
    card = card_of(page)
    assert card is not None and card.media_id is not None
    picture = shop.desk.page(media_store.media, card.media_id)
    page.model.change(media=((picture, "Gafas"),))
    assert page.model.seen()[0].card is None


async def test_who_wants_no_links_tried_gets_no_card(shop: Shop, server: Server, qtbot: QtBot) -> None:
    shop.desk.run_now(set_value, key="check_links", value=False)
    page = compose(shop, qtbot)
    page.editor.insert(f"Mira {server.link}")
    await done()
    assert not page.inserting.inserts._timer.isActive() and server.raw.requests == []
    assert proposed(None, [page.editor.text()], {}) is None

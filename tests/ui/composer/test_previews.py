"""The previews show what would be sent: for any post, part by part, the same that sealing makes of it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cmdesk.errors import Invalid
from cmdesk.model import Account, AccountState, Card, Crop, Media, Part, Poll, Post, PostMedia
from cmdesk.planning.abilities import abilities
from cmdesk.planning.content import text_for
from cmdesk.store.outbox_seal import pieces_of
from tests.ui.composer.shop import Shop
from tests.ui.planned import Planned, done
from ui.composer.preview.mosaic import cells
from ui.composer.preview.words import pieces
from ui.models.previews import seen

ACCOUNTS = (
    Account(1, 1, "mastodon", "https://plaza.example", "1", "a@plaza.example", capabilities={"polls": True}),
    Account(2, 1, "mastodon", "https://plaza.example", "2", "b@plaza.example", capabilities={"polls": True}),
    Account(3, 1, "bluesky", "https://bsky.example", "3", "c.bsky.example", state=AccountState.OK),
)
TEXT = st.sampled_from(["", "Hola", "Hola https://a.example/x", "  ", "Adiós 🎉\n\n#fin", "\u202eal revés"])
KEYS = st.sampled_from(["mastodon", "bluesky", "#1", "#2", "#3"])
MEDIA = [Media(n, 1, "0", "image/png", 100 * n, 80, 10, f"{n}.png") for n in range(1, 4)]
USES = st.lists(st.sampled_from(MEDIA), max_size=3, unique_by=lambda each: each.id).map(
    lambda found: tuple(PostMedia(each, "alt", at) for at, each in enumerate(found))
)
PARTS = st.builds(Part, TEXT, st.dictionaries(KEYS, TEXT, max_size=3), USES)
POSTS = st.builds(
    Post, id=st.just(1), brand_id=st.just(1), text=TEXT, variants=st.dictionaries(KEYS, TEXT, max_size=3), media=USES,
    parts=st.lists(PARTS, max_size=3).map(tuple), comment=st.none() | PARTS,
    poll=st.none() | st.just(Poll(("a", "b"))), card=st.none() | st.just(Card("https://a.example/x", "A")),
    crops=st.dictionaries(
        st.tuples(st.integers(1, 3), st.sampled_from(["", "mastodon", "bluesky"])), st.just(Crop(0.1, 0, 0.5, 1)),
        max_size=2,
    ),
    options=st.just({}) | st.just({"bluesky": {"replies": "nobody"}}),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(POSTS)
def test_what_is_shown_is_what_is_sealed(post: Post) -> None:
    for account in ACCOUNTS:
        shown = seen(post, account)
        able = abilities(account.network, account.capabilities)
        try:
            sealed = pieces_of(post, network=account.network, account_id=account.id, able=able)
        except Invalid:
            # What cannot be sealed is shown all the same, in the words it would have.
            assert shown.parts[0].text == text_for(
                post.text, post.variants, network=account.network, account_id=account.id
            )
            continue
        assert [each.text for each in shown.parts] == [each.text for each in sealed]
        assert [each.is_comment for each in shown.parts] == [each.answers == 0 for each in sealed]
        for part, piece in zip(shown.parts, sealed, strict=True):
            assert [(use.media.id, use.alt) for use in part.pictures] == [tuple(use) for use in piece.media]
            assert {str(use.media.id): [use.crop.x, use.crop.y, use.crop.w, use.crop.h]
                    for use in part.pictures if use.crop} == dict(piece.crops)  # fmt: skip
        assert (shown.poll is not None) == ("poll" in sealed[0].options)


def test_mastodon_shortens_links_and_mentions_and_bluesky_nothing() -> None:
    text = "Con @ana@plaza.example en https://www.opticasol.example/catalogo/primavera?pagina=2 #gafas (#2026)"
    shown = pieces(text, "mastodon")
    assert ("@ana", "mention") in shown and ("#gafas", "tag") in shown
    assert ("opticasol.example/catalogo/pri…", "link") in shown
    assert ("https://www.opticasol.example/catalogo/primavera?pagina=2", "link") in pieces(text, "bluesky")
    assert "".join(words for words, kind in shown if kind == "tag") == "#gafas"  # a number alone is no tag


def test_hostile_signs_are_gone() -> None:
    (shown,) = pieces("hola\u202e\x00 mundo", "mastodon")
    assert shown == ("hola mundo", "")


@pytest.mark.parametrize("network", ["mastodon", "bluesky", "manual"])
@pytest.mark.parametrize("count", range(7))
def test_pictures_never_overlap_and_fill_the_width(network: str, count: int) -> None:
    boxes = cells(network, [1.5] * count, 300, 4)
    assert len(boxes) == min(count, 4)
    for at, box in enumerate(boxes):
        assert box.left() >= 0 and box.right() <= 300.01
        assert not any(box.intersects(other) for other in boxes[at + 1 :])
    if boxes:
        assert max(box.right() for box in boxes) > 299


def test_a_very_tall_picture_does_not_fill_the_screen() -> None:
    (box,) = cells("mastodon", [0.05], 300, 2)
    assert box.height() <= 300 * 1.4


async def test_a_key_lays_out_the_typed_part_alone(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.insert("uno")
    page.do_add_part()
    page.editor.insert("dos")
    cards = page.looking.previews.cards
    before = [card.paints for card in cards]
    QTest.keyClick(page.editor.edit, Qt.Key.Key_X)
    assert [card.paints - old for card, old in zip(cards, before, strict=True)] == [1, 1, 1]
    page.shaping.give_own("bluesky")
    before = [card.paints for card in cards]
    QTest.keyClick(page.editor.edit, Qt.Key.Key_X)
    assert [card.paints - old for card, old in zip(cards, before, strict=True)] == [0, 0, 1]


async def test_a_warning_folds_the_text_until_it_is_clicked(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.insert("El final de la película")
    page._option("spoiler", "Destripe")
    page.show_all()
    mastodon, _second, bluesky = page.looking.previews.cards
    assert mastodon.seen.spoiler == "Destripe" and bluesky.seen.spoiler == ""
    folded = mastodon.height()
    (top, part), *_rest = mastodon._parts
    spot = part.fold.translated(0, top).center()
    QTest.mouseClick(mastodon, Qt.MouseButton.LeftButton, pos=QPointF(spot).toPoint())
    assert mastodon.height() > folded
    QTest.keyClick(mastodon, Qt.Key.Key_Space)
    assert mastodon.height() == folded


async def test_a_text_of_a_hundred_thousand_characters_is_painted(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.edit.setPlainText("palabra " * 12_500)
    await done()
    assert all(0 < card.height() < 40_000 for card in page.looking.previews.cards)
    page.grab()


async def test_the_cards_follow_the_chosen_accounts(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot)
    first, _second, third = shop.accounts
    page.writing.accounts.changed.emit((first.id, third.id))
    assert [card.account_id for card in page.looking.previews.cards] == [first.id, third.id]
    assert "on Bluesky" in page.looking.previews.cards[1].accessibleName()

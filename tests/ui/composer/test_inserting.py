"""What is put into the text by a key: emoji, hashtags, links of the brand, statistics, mentions; and its spelling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmdesk.commands import brand_links as commands, campaigns as campaign_commands
from cmdesk.model import Campaign, Part, PostStatus
from cmdesk.planning.content import COMMENT
from cmdesk.store import brand_links as store
from tests.core.store.people import add_people
from tests.ui.composer.shop import Shop
from tests.ui.planned import Planned, Told, done
from ui.composer.page import ComposerPage
from ui.linking.forms import HashtagForm, ProductForm, UtmDialog
from ui.widgets.emoji_picker import EmojiPicker
from ui.widgets.pick_list import PickPopover

LINK = "https://opticasol.example/gafas"


def opened(kind: type) -> object:
    found = [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]
    assert found, f"no {kind.__name__} is open"
    return found[-1]


def press(popover: object, key: Qt.Key, typed: str = "") -> None:
    field = popover._field if isinstance(popover, PickPopover) else popover._search  # type: ignore[attr-defined]
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, key)


async def writing(shop: Shop, qtbot: QtBot, text: str = "") -> ComposerPage:
    page = shop.compose(qtbot)
    await done()
    page.activateWindow()
    page.editor.edit.setFocus()
    qtbot.waitUntil(page.editor.edit.hasFocus)
    if text:
        page.editor.insert(text)
    return page


@pytest.mark.gui  # a popup takes the keyboard, which needs a window system
async def test_an_emoji_is_found_by_name_and_one_undo_takes_it_back(planned: Planned, qtbot: QtBot) -> None:
    page = await writing(Shop(planned), qtbot, "Hola ")
    page.do_emoji()
    press(opened(EmojiPicker), Qt.Key.Key_Return, "gafas de sol")
    assert page.editor.text() == "Hola 😎" or "🕶" in page.editor.text()
    page.editor.edit.undo()
    assert page.editor.text() == "Hola "
    await done()
    recent, _tone = page.inserting.inserts.emoji_lately()
    assert len(recent) == 1


@pytest.mark.gui  # a popup takes the keyboard, which needs a window system
async def test_hashtags_come_once_each(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    shop.desk.run_now(commands.save_hashtags, brand_id=shop.brand, name="Verano", tags="gafas sol #Verano")
    page = await writing(shop, qtbot, "Nuevas #Gafas, ya")
    page.do_hashtags()
    press(opened(PickPopover), Qt.Key.Key_Return, "ver")
    assert page.editor.text() == "Nuevas #Gafas, ya #sol #Verano "
    page.editor.edit.undo()
    assert page.editor.text() == "Nuevas #Gafas, ya"
    await done()


async def test_a_set_of_another_brand_is_never_offered(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    shop.desk.run_now(commands.save_hashtags, brand_id=planned.bakery, name="Pan", tags="pan")
    shop.desk.run_now(commands.save_product, brand_id=planned.bakery, name="Pan", url="https://pan.example")
    page = await writing(shop, qtbot)
    assert page.inserting.inserts.hashtag_sets() == [] and page.inserting.inserts.products("") == []


@pytest.mark.gui  # a popup takes the keyboard, which needs a window system
async def test_what_replaces_a_product_is_linked_instead(planned: Planned, qtbot: QtBot, told: Told) -> None:
    shop = Shop(planned)
    desk, url = shop.desk, "https://opticasol.example/2026?utm_source=x&talla=M"
    new = desk.run_now(commands.save_product, brand_id=shop.brand, name="Gafas 2026", url=url)
    url = "https://opticasol.example/2025"
    old = desk.run_now(commands.save_product, brand_id=shop.brand, name="Gafas 2025", url=url, instead_id=new)
    page = await writing(shop, qtbot, "Mira")
    page.do_link()
    press(opened(PickPopover), Qt.Key.Key_Return, "2025")
    assert page.editor.text() == "Mira https://opticasol.example/2026?talla=M "
    assert any("Gafas 2026" in text for text in told.toasts)
    await done()
    assert (shop.desk.page(store.product, new).used, shop.desk.page(store.product, old).used) == (1, 0)
    shop.desk.run_now(commands.put_product_away, product_id=new)
    assert page.inserting.inserts.better(shop.desk.page(store.product, old)).id == old  # what is put away replaces none


@pytest.mark.gui  # a popup takes the keyboard, which needs a window system
async def test_a_new_link_is_kept_inserted_and_can_be_taken_back(
    planned: Planned, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(planned)
    page = await writing(shop, qtbot)

    async def filled(form: ProductForm) -> bool:
        assert form.fields["name"].editor.text() == "Gafas"  # type: ignore[attr-defined]
        form._url.setText(LINK)
        form.saved_id = await form._keep(**form.values())
        return True

    monkeypatch.setattr(ProductForm, "ask", filled)
    page.do_link()
    popover = opened(PickPopover)
    QTest.keyClicks(popover._field, "Gafas")  # type: ignore[attr-defined]
    popover._foot()  # type: ignore[attr-defined]
    await done()
    assert page.editor.text() == f"{LINK} "
    planned.undo_last()
    assert page.inserting.inserts.products("") == []


@pytest.mark.gui  # a popup takes the keyboard, which needs a window system
async def test_a_new_set_is_kept_and_inserted(planned: Planned, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page = await writing(Shop(planned), qtbot)

    async def filled(form: HashtagForm) -> bool:
        form._name.setText("Sol")
        form.saved_id = await form._keep(**form.values())
        return True

    monkeypatch.setattr(HashtagForm, "ask", filled)
    page.do_hashtags()
    popover = opened(PickPopover)
    QTest.keyClicks(popover._field, "#sol #luz")  # type: ignore[attr-defined]
    popover._foot()  # type: ignore[attr-defined]
    await done()
    assert page.editor.text() == "#sol #luz "


def answering(change: Callable[[UtmDialog], None], monkeypatch: pytest.MonkeyPatch) -> None:
    async def filled(dialog: UtmDialog) -> bool:
        change(dialog)
        return True

    monkeypatch.setattr(UtmDialog, "ask", filled)


async def test_one_mark_for_all_changes_the_common_text(
    planned: Planned, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await writing(Shop(planned), qtbot, f"Mira {LINK} ya")
    answering(lambda dialog: dialog._edits["source"].setText("redes"), monkeypatch)
    page.do_utm()
    await done()
    assert page.editor.text() == f"Mira {LINK}?utm_source=redes&utm_medium=social ya"
    page.editor.edit.undo()
    assert page.editor.text() == f"Mira {LINK} ya"


async def test_a_mark_of_its_own_makes_texts_of_their_own_and_all_are_taken_back_at_once(
    planned: Planned, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui import notices

    shop = Shop(planned)
    page = await writing(shop, qtbot, f"Mira {LINK} y {LINK}-de-sol")
    second = shop.accounts[1]
    page.model.set_text(f"#{second.id}", f"Aquí: {LINK}")
    made = Campaign(0, shop.brand, "Verano al sol")
    campaign = shop.desk.run_now(campaign_commands.save_campaign, made=made)
    page.model.change(campaign_id=campaign)
    undo: list[Callable[[], None]] = []
    monkeypatch.setattr(notices, "toast", lambda _text, **more: undo.append(more["undo"]))
    answering(lambda _dialog: None, monkeypatch)
    page.editor.edit.moveCursor(page.editor.edit.textCursor().MoveOperation.Start)
    for _ in range(8):
        page.editor.edit.moveCursor(page.editor.edit.textCursor().MoveOperation.Right)
    page.do_utm()
    await done()
    tail = "utm_medium=social&utm_campaign=verano-al-sol"
    texts = {each.handle: page.model.text_for(each) for each in shop.accounts}
    assert list(texts.values()) == [
        f"Mira {LINK}?utm_source=mastodon&{tail} y {LINK}-de-sol", f"Aquí: {LINK}?utm_source=mastodon&{tail}",
        f"Mira {LINK}?utm_source=bluesky&{tail} y {LINK}-de-sol",
    ]  # fmt: skip
    assert page.model.draft.text == f"Mira {LINK} y {LINK}-de-sol"
    undo[0]()
    await done()
    assert set(page.model.draft.variants) == {f"#{second.id}"}


async def test_a_link_is_needed_before_it_is_marked(planned: Planned, qtbot: QtBot, told: Told) -> None:
    page = await writing(Shop(planned), qtbot, "Sin enlace")
    page.do_utm()
    await done()
    assert told.toasts and page.editor.text() == "Sin enlace"


@pytest.mark.gui  # a popup takes the keyboard, which needs a window system
@pytest.mark.parametrize("number", [1, COMMENT])
async def test_it_works_in_every_part_and_in_a_text_of_ones_own(planned: Planned, qtbot: QtBot, number: int) -> None:
    shop = Shop(planned)
    shop.desk.run_now(commands.save_product, brand_id=shop.brand, name="Gafas", url=LINK)
    page = await writing(shop, qtbot, "Uno")
    page.model.change(parts=(Part("Dos"),), comment=Part("Más"))
    page.show_all()
    page.shaping.give_own("bluesky")
    page.parts.go(number)
    assert (page.editor.number, page.editor.key) == (number, "bluesky")
    page.do_link()
    press(opened(PickPopover), Qt.Key.Key_Return)
    part = page.model.draft.part(number)
    assert LINK in part.variants["bluesky"] and LINK not in part.text
    await done()


async def test_nothing_is_put_into_what_was_published(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    page = await writing(shop, qtbot, "Ya salió")
    page.model.flush()
    assert page.model.post_id is not None
    assert page.model.post is not None
    page.model.post = replace(page.model.post, status=PostStatus.PUBLISHED)
    page.show_all()
    actions = page.enabled_actions()
    assert actions is not None and not actions & {f"composer.{name}" for name in ("emoji", "hashtags", "link", "utm")}
    assert not any(button.isEnabled() for button in page.tools._buttons)
    page.editor.insert("!")
    assert page.editor.text() == "Ya salió"


# Mentions


def helper(page: ComposerPage) -> object:
    return page.editor.edit.helper


def person(shop: Shop, handle: str, name: str, *, network: str = "mastodon") -> None:
    account = next(each for each in shop.accounts if each.network == network)
    shop.desk.run_now(add_people, account, (handle, name))


async def test_a_mention_is_completed_by_keys(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    person(shop, "ana@plaza.example", "Ana Ruiz")
    person(shop, "anabel@plaza.example", "Anabel Sol")
    page = await writing(shop, qtbot, "Gracias ")
    QTest.keyClicks(page.editor.edit, "@an")
    assert helper(page) is not None
    QTest.keyClick(page.editor.edit, Qt.Key.Key_Down)
    QTest.keyClick(page.editor.edit, Qt.Key.Key_Up)
    QTest.keyClick(page.editor.edit, Qt.Key.Key_Return)
    assert page.editor.text().startswith("Gracias @ana") and page.editor.text().endswith("@plaza.example ")
    assert helper(page) is None
    page.editor.edit.undo()
    assert page.editor.text() == "Gracias @an"


async def test_esc_closes_the_list_and_it_stays_closed_for_that_word(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    person(shop, "ana@plaza.example", "Ana Ruiz")
    page = await writing(shop, qtbot)
    QTest.keyClicks(page.editor.edit, "@an")
    QTest.keyClick(page.editor.edit, Qt.Key.Key_Escape)
    assert helper(page) is None and page.editor.text() == "@an"
    page.editor.edit.moveCursor(page.editor.edit.textCursor().MoveOperation.Left)
    assert helper(page) is None  # walking over a mention opens nothing
    page.editor.edit.moveCursor(page.editor.edit.textCursor().MoveOperation.Right)
    QTest.keyClicks(page.editor.edit, "a")
    assert helper(page) is not None
    page.heading.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    page.heading.setFocus()
    assert helper(page) is None  # no list stays over a text that is left


async def test_a_text_of_a_networks_own_names_people_of_that_network(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    person(shop, "ana@plaza.example", "Ana Ruiz")
    person(shop, "ana.bsky.example", "Ana Cielo", network="bluesky")
    page = await writing(shop, qtbot, "Hola")
    people = page.inserting.inserts.people
    assert {each.network for each in people("ana")} == {"mastodon", "bluesky"}
    page.shaping.give_own("bluesky")
    assert page.inserting._network(page.editor.key) == "bluesky"
    assert [each.handle for each in people("ana", "bluesky")] == ["ana.bsky.example"]


# Spelling


def misspelt(page: ComposerPage, number: int) -> list[str]:
    edit = page.parts.editor(number).edit
    wave = QTextCharFormat.UnderlineStyle.WaveUnderline
    return [
        each.cursor.selectedText() for each in edit._marks.get("spelling", []) if each.format.underlineStyle() == wave
    ]


async def test_every_part_is_checked_in_the_posts_language(planned: Planned, qtbot: QtBot) -> None:
    page = await writing(Shop(planned), qtbot, "Las gafas nuebas de Óptica ")
    page.model.change(parts=(Part("También en azúl "),), comment=Part("Con estuje "))
    page.show_all()
    await done()
    for marks in page.inserting._marks:
        marks.refresh()
    assert [misspelt(page, number) for number in (0, 1, COMMENT)] == [["nuebas"], ["azúl"], ["estuje"]]
    page._set(language="en")
    await done()
    assert "gafas" in misspelt(page, 0)


async def test_a_word_taught_is_right_everywhere_and_can_be_untaught(planned: Planned, qtbot: QtBot) -> None:
    page = await writing(Shop(planned), qtbot, "Prueba la Solaria2 y la solarix ")
    await done()
    for marks in page.inserting._marks:
        marks.refresh()
    assert misspelt(page, 0) == ["solarix"]
    page.inserting._learn("solarix")
    await done()
    assert misspelt(page, 0) == []
    planned.undo_last()
    await done()
    page.inserting.spelling._known = None
    page.inserting._check_again()
    assert misspelt(page, 0) == ["solarix"]

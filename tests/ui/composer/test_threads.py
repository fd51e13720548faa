"""Threads in parts, the first comment, and splitting a long text into them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from cmdesk.planning.content import COMMENT, parts_for
from cmdesk.store import planning as store
from tests.ui.composer.shop import Shop
from tests.ui.planned import Planned, Told, done
from ui import notices
from ui.composer.page import ComposerPage


def texts(page: ComposerPage) -> list[str]:
    return [each.text() for each in page.parts.editors()]


@pytest.fixture
def undo(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    found: list[object] = []
    monkeypatch.setattr(notices, "toast", lambda text, **more: found.append(more.get("undo")))
    return found


async def test_parts_are_added_behind_the_one_in_use_and_kept(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot)
    page.editor.insert("uno")
    page.do_add_part()
    page.editor.insert("tres")
    page.do_previous_part()
    page.do_add_part()
    page.editor.insert("dos")
    page.do_first_comment()
    page.editor.insert("y un enlace")
    assert texts(page) == ["uno", "dos", "tres", "y un enlace"]
    page.model.flush()
    await done()
    assert page.model.post_id is not None
    kept = shop.desk.page(store.post, page.model.post_id)
    assert [part.text for part in kept.parts] == ["dos", "tres"]
    assert kept.comment is not None and kept.comment.text == "y un enlace"
    again = shop.compose(qtbot, kept.id)
    assert texts(again) == texts(page)


async def test_a_part_moves_with_its_pictures_and_its_own_texts(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    photo = tmp_path / "gafas.png"
    Image.new("RGB", (64, 48), "#C2703D").save(photo)
    page = Shop(planned).compose(qtbot)
    page.editor.insert("uno")
    page.do_add_part()
    page.editor.insert("dos")
    await page.model.media.add([photo], 1)
    page.shaping.give_own("bluesky")
    page.parts.editor(1).edit.setPlainText("dos, azul")
    page.parts.go(1)
    page.do_part_up()
    draft = page.model.draft
    assert draft.text == "dos" and len(draft.media) == 1 and draft.variants["bluesky"] == "dos, azul"
    assert draft.parts[0].text == "uno" and draft.parts[0].media == ()
    assert page.parts.number == 0  # the cursor went with it
    page.do_part_up()  # at the end nothing happens
    assert page.model.draft == draft


async def test_removing_a_part_can_be_taken_back(planned: Planned, qtbot: QtBot, undo: list[object]) -> None:
    page = Shop(planned).compose(qtbot)
    for text in ("uno", "dos", "tres"):
        page.editor.insert(text)
        if text != "tres":
            page.do_add_part()
    page.parts.go(0)
    page.do_remove_part()
    assert texts(page) == ["dos", "tres"]
    undo[0]()  # type: ignore[operator]
    await done()
    assert texts(page) == ["uno", "dos", "tres"]
    page.shaping.first_comment()
    page.editor.insert("eco")
    page.do_remove_part()
    assert page.model.draft.comment is None
    undo[1]()  # type: ignore[operator]
    await done()
    assert page.model.draft.comment is not None and page.model.draft.comment.text == "eco"


async def test_the_only_part_is_not_removed(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.insert("uno")
    page.do_remove_part()
    assert page.model.draft.text == "uno"


LONG = "Abrimos este sábado todo el día. " * 15


async def test_a_long_text_becomes_a_thread_that_fits_everywhere(
    planned: Planned, qtbot: QtBot, undo: list[object]
) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.edit.setPlainText(LONG)
    assert page.parts.editor().parent()._split.isVisible()  # type: ignore[attr-defined]
    page.shaping._split(0, "", numbered=True)
    parts = texts(page)
    assert len(parts) > 1 and all(part.endswith(f"{n}/{len(parts)}") for n, part in enumerate(parts, 1))
    assert not page.model.too_long()
    undo[0]()  # type: ignore[operator]
    await done()
    assert texts(page) == [LONG]


async def test_who_has_its_own_text_gets_no_further_parts(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot)
    page.editor.edit.setPlainText(LONG)
    page.shaping.give_own("mastodon")
    page.editor.edit.setPlainText("Abrimos el sábado.")
    page.writing.tabs.choose("")
    page.shaping._split(0, "", numbered=False)
    post = page.model.draft.as_post()
    mastodon, _second, bluesky = shop.accounts
    sent = {each.id: parts_for(post, network=each.network, account_id=each.id) for each in (mastodon, bluesky)}
    assert [text for _n, text, _m in sent[mastodon.id]] == ["Abrimos el sábado."]
    assert len(sent[bluesky.id]) == len(post.parts) + 1 > 1


async def test_splitting_one_networks_text_leaves_the_others_alone(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot)
    page.editor.edit.setPlainText(LONG[:400])
    page.shaping.give_own("bluesky")
    page.shaping._split(0, "bluesky", numbered=False)
    post = page.model.draft.as_post()
    mastodon, _second, bluesky = shop.accounts
    assert len(parts_for(post, network="mastodon", account_id=mastodon.id)) == 1
    assert len(parts_for(post, network="bluesky", account_id=bluesky.id)) == 2


async def test_what_fits_is_not_split(planned: Planned, qtbot: QtBot, told: Told) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.edit.setPlainText("corto")
    page.do_split()
    assert told.toasts and texts(page) == ["corto"]


async def test_pictures_go_to_the_part_in_use(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    photo = tmp_path / "gafas.png"
    Image.new("RGB", (64, 48), "#C2703D").save(photo)
    page = Shop(planned).compose(qtbot)
    page.editor.insert("uno")
    page.do_first_comment()
    page.editor.edit.pasted.emit([photo])
    await done()
    assert page.model.draft.media == () and len(page.model.draft.pictures(COMMENT)) == 1
    page.model.describe(page.model.draft.pictures(COMMENT)[0][0].id, "Unas gafas", COMMENT)
    assert page.model.draft.pictures(COMMENT)[0][1] == "Unas gafas"

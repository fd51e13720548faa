"""Texts that differ: tabs only where they do, per network and per account, back to the common one with undo."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from cmdesk.store import planning as store
from tests.ui.composer.shop import Shop
from tests.ui.planned import Planned, Told, done
from ui.composer.page import ComposerPage


def tabs(page: ComposerPage) -> list[str]:
    from PySide6.QtWidgets import QPushButton

    row = page.writing.tabs
    assert row._tabs is not None
    return [each.text() for each in row._tabs.findChildren(QPushButton, "segment")] if row.isVisible() else []


def room(page: ComposerPage, part: int = 0) -> list[str]:
    return page.parts.counters(part).words()


async def test_there_are_no_tabs_while_all_say_the_same(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.insert("Hola")
    assert tabs(page) == []
    assert (
        page.writing.tabs.candidates() == ["mastodon", "bluesky", f"#{page.model.accounts[0].id}", "#4"]
        or len(page.writing.tabs.candidates()) == 4
    )  # two networks, and the two accounts that share one


async def test_a_network_and_an_account_may_say_something_else(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    first, second, third = shop.accounts
    page = shop.compose(qtbot)
    page.editor.insert("Para todos")
    page.shaping.give_own("bluesky")
    assert page.editor.text() == "Para todos"  # it begins with what it said
    page.editor.edit.setPlainText("Cielo azul")
    page.shaping.give_own(f"#{second.id}")
    page.editor.edit.setPlainText("Te ayudamos")
    assert tabs(page) == ["Common", "Bluesky *", "@ayuda@plaza.example *"]
    model = page.model
    assert [model.text_for(each) for each in (first, second, third)] == ["Para todos", "Te ayudamos", "Cielo azul"]
    model.flush()
    await done()
    assert model.post_id is not None
    kept = shop.desk.page(store.post, model.post_id)
    assert dict(kept.variants) == {"bluesky": "Cielo azul", f"#{second.id}": "Te ayudamos"}


async def test_the_tabs_are_walked_by_key(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.insert("Hola")
    page.shaping.give_own("bluesky")
    page.editor.insert("!")
    page.do_next_text()
    assert page.editor.text() == "Hola" and page.parts.key == ""
    page.do_next_text()
    assert page.editor.text() == "Hola!" and page.parts.key == "bluesky"


async def test_back_to_the_common_text_can_be_taken_back(
    planned: Planned, qtbot: QtBot, told: Told, monkeypatch: object
) -> None:
    from ui import notices

    page = Shop(planned).compose(qtbot)
    undo: list[object] = []
    monkeypatch.setattr(notices, "toast", lambda text, **more: undo.append(more["undo"]))  # type: ignore[attr-defined]
    page.editor.insert("Común")
    page.shaping.give_own("bluesky")
    page.editor.edit.setPlainText("Propio")
    page.do_common_text()
    assert page.model.draft.variants == {} and tabs(page) == []
    page.parts.editor().edit.setPlainText("Común, mejor")
    undo[0]()  # type: ignore[operator]
    await done()
    assert page.model.draft.variants == {"bluesky": "Propio"}
    assert page.model.draft.text == "Común, mejor"  # what was written meanwhile stays
    assert page.model.versions()[0].post.text == "Común, mejor"  # and is kept as a version


async def test_each_network_counts_by_its_own_rule(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    link = "https://opticasol.example/" + "x" * 60
    page.editor.edit.setPlainText(f"@ana@plaza.example {link}")
    mastodon, bluesky = room(page)
    assert mastodon.startswith(f"Mastodon: {len('@ana ') + 23} of 500")
    assert bluesky.startswith(f"Bluesky: {len('@ana@plaza.example ') + len(link)} of 300")
    page.editor.edit.setPlainText("👩‍👩‍👧‍👦" * 130)  # 130 characters, 25 bytes each
    mastodon, bluesky = room(page)
    assert "130 of 500" in mastodon and "130 of 300" in bluesky
    assert "250 bytes too many" in bluesky
    assert not page.bar._schedule.isEnabled()


async def test_what_is_over_the_limit_is_marked_in_the_text(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.edit.setPlainText("á" * 290 + " 🎉" * 10)
    assert page.editor._marks["over"] == [(300, 310, "over")]
    assert "10 too many" in room(page)[1] and "too many" not in room(page)[0]
    page.editor.edit.setPlainText("á" * 290)
    assert page.editor._marks["over"] == []


async def test_a_content_warning_counts_where_it_is_shown(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.edit.setPlainText("a" * 10)
    page._option("spoiler", "aviso")
    page.show_all()
    assert "15 of 500" in room(page)[0] and "10 of 300" in room(page)[1]


async def test_the_counters_of_a_tab_are_those_of_who_says_it(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.edit.setPlainText("a" * 400)
    page.shaping.give_own("bluesky")
    page.editor.edit.setPlainText("corto")
    assert [each.split(":")[0] for each in room(page)] == ["Bluesky"]
    page.writing.tabs.choose("")
    assert [each.split(":")[0] for each in room(page)] == ["Mastodon"]
    assert not page.model.too_long()

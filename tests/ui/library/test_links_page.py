"""Links and hashtags of the library (U13): found, changed, tried, put away, files; everything can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cmdesk.commands import brand_links as commands
from cmdesk.networks.web_page import WebPage
from cmdesk.store import brand_links as store, links
from tests.ui.planned import Planned, Told, done
from ui.library.link_import import LinkImportDialog
from ui.library.page import LibraryPage
from ui.linking.forms import HashtagForm, ProductForm
from ui.widgets.page import Target


@pytest.fixture
def page(planned: Planned) -> Iterator[LibraryPage]:
    made = LibraryPage(planned.context)
    yield made
    made.hide()
    made.deleteLater()


def keep(planned: Planned, name: str, *, brand_id: int = 0, **more: Any) -> int:
    fields = {"url": f"https://pan.example/{name.lower()}", "brand_id": brand_id or planned.bakery, **more}
    return planned.desk.run_now(commands.save_product, name=name, **fields)


async def shown(page: LibraryPage, *, brand_id: int | None = None, kind: str = "links") -> None:
    page.resize(1200, 800)
    page.show_brand(brand_id)
    page.show()
    page.open(Target("library", kind))
    await done()


def names(page: LibraryPage) -> list[str]:
    shelf = page.shelf()
    assert shelf is not None
    return [row[0] for row in shelf.table.texts()]


async def test_links_are_listed_by_brand_and_found(page: LibraryPage, planned: Planned) -> None:
    new = keep(planned, "Roscón 2027")
    keep(planned, "Roscón 2026", also="rosca", instead_id=new)
    keep(planned, "Paseo", brand_id=planned.trail, url="https://trail.example/paseo")
    found = [WebPage("https://pan.example/roscón 2026", 404, "gone"), WebPage("https://trail.example/paseo", 200)]
    planned.desk.run_now(links.save_checks, found)
    await shown(page)
    assert names(page) == ["Paseo", "Roscón 2026", "Roscón 2027"]
    rows = page.links.table.texts()
    assert rows[1][4] == "Roscón 2027"
    assert [row[3].partition(" · ")[0] for row in rows] == ["Works", "Page gone", "Not tried yet"]
    assert page.links.count.text() == "1 leads nowhere"
    page.links.search.setText("rosca")
    page.links.show_rows()
    assert names(page) == ["Roscón 2026"]
    page.links.search.clear()
    page.show_brand(planned.trail)
    page.links.show_rows()
    assert names(page) == ["Paseo"]


async def test_an_empty_list_says_what_it_is_for(page: LibraryPage, planned: Planned) -> None:
    await shown(page)
    assert page.links.nothing.title.full_text() == "No links yet"
    page.links.search.setText("zzz")
    page.links.show_rows()
    assert page.links.nothing.title.full_text() == "Nothing matches “zzz”"
    page.open(Target("library", "hashtags"))
    assert page.hashtags.nothing.title.full_text() == "No sets of hashtags yet"


async def test_a_link_is_kept_changed_and_taken_back(
    page: LibraryPage, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shown(page)

    async def filled(form: ProductForm) -> bool:
        form._name.setText("Hogaza")
        form._url.setText("https://pan.example/hogaza")
        if form._brand is not None:
            form._brand.setCurrentIndex(form._brand.findData(planned.trail))
        form.saved_id = await form._keep(**form.values())
        return True

    monkeypatch.setattr(ProductForm, "ask", filled)
    page.do_new()
    await done()
    assert names(page) == ["Hogaza"]
    (kept,) = planned.desk.page(store.products, None)
    assert kept.brand_id == planned.trail  # whose it is was asked, since all brands are shown
    planned.undo_last()
    await done()
    page.links.show_rows()
    assert names(page) == []


async def test_links_are_put_away_and_back(page: LibraryPage, planned: Planned) -> None:
    first, second = keep(planned, "Hogaza"), keep(planned, "Barra")
    await shown(page)
    page.links.table.choose(first, second)
    QTest.keyClick(page.links.table, Qt.Key.Key_Delete)
    await done()
    assert names(page) == []
    page.links.away.setChecked(True)
    assert names(page) == ["Barra", "Hogaza"]
    page.links.table.choose(first)
    page.run_action("library.delete")
    await done()
    assert [each.name for each in planned.desk.page(store.products, None)] == ["Hogaza"]
    planned.undo_last()
    planned.undo_last()
    assert len(planned.desk.page(store.products, None)) == 2


async def test_all_links_are_tried(
    page: LibraryPage, planned: Planned, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.models import brand_links as models

    for number in range(10):
        keep(planned, f"Pan{number}")
    asked: list[str] = []

    async def answered(desk: Any, urls: list[str], **_more: object) -> int:
        asked.extend(urls)
        found = [
            WebPage(url, 404 if url.endswith("pan3") else 200, "gone" if url.endswith("pan3") else "") for url in urls
        ]
        await desk.run(links.save_checks, found)
        return len(urls)

    monkeypatch.setattr(models, "check_links", answered)
    await shown(page)
    page.run_action("library.check_links")
    await done()
    assert len(asked) == 10
    assert told.toasts[-1] == "1 link leads nowhere"
    assert [row[0] for row in page.links.table.texts() if row[3].startswith("Page gone")] == ["Pan3"]


async def test_a_file_is_looked_at_taken_in_and_taken_back(
    page: LibraryPage, planned: Planned, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(planned, "Hogaza")
    file = tmp_path / "links.csv"
    file.write_text("name,address,replaced_by\nBarra,https://pan.example/b,\nhogaza,pan.example/h,Barra\nx,y,\n")
    await shown(page, brand_id=planned.bakery)
    seen: list[list[list[str]]] = []

    async def yes(dialog: LinkImportDialog) -> bool:
        seen.append(dialog.table.texts())
        return True

    monkeypatch.setattr(LinkImportDialog, "ask", yes)
    await page.links.take_in_file(file)
    await done()
    assert [row[:3] for row in seen[0]] == [["4", "Left out", ""], ["2", "New", "Barra"], ["3", "Changed", "hogaza"]]
    rows = {row[0]: row for row in page.links.table.texts()}
    assert rows["hogaza"][1] == "pan.example/h" and rows["hogaza"][4] == "Barra"
    out = tmp_path / "out.csv"
    await page.links.write_out_file(out)
    assert "https://pan.example/h" in out.read_text(encoding="utf-8-sig")
    planned.undo_last()
    await done()
    assert [(each.name, each.url) for each in planned.desk.page(store.products, None)] == [
        ("Hogaza", "https://pan.example/hogaza")
    ]


async def test_hashtags_are_kept_removed_and_brought_back(
    page: LibraryPage, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shown(page, brand_id=planned.bakery, kind="hashtags")

    async def filled(form: HashtagForm) -> bool:
        form._name.setText("Pan")
        form._tags.setPlainText("pan obrador")
        form.saved_id = await form._keep(**form.values())
        return True

    monkeypatch.setattr(HashtagForm, "ask", filled)
    page.run_action("library.new")
    await done()
    assert page.hashtags.table.texts() == [["Pan", "#pan #obrador", "2"]]
    page.hashtags.table.choose(*page.hashtags._sets)
    page.run_action("library.delete")
    await done()
    assert names(page) == []
    planned.undo_last()
    await done()
    page.hashtags.show_rows()
    assert names(page) == ["Pan"]


async def test_each_shelf_has_its_own_actions(page: LibraryPage, planned: Planned) -> None:
    await shown(page)
    assert "library.save" not in (page.enabled_actions() or ()) and "library.import" in (page.enabled_actions() or ())
    page.run_action("library.hashtags")
    assert "library.import" not in (page.enabled_actions() or ())
    state = page.save_state()
    page.run_action("library.templates")
    assert "library.save" in (page.enabled_actions() or ())
    page.restore_state(state)
    assert page.shelf() is page.hashtags

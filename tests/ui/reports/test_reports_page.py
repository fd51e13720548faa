"""The reports page: what can be chosen, the pages shown, saving one or all, and nothing while hidden."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cmdesk.sync.pictures import RemotePictures
from tests.core.reports.made import Made
from tests.ui.planned import Planned, Told, done
from tests.ui.reports.full import fill
from ui.models import reports as model
from ui.models.reports import Choice
from ui.reports import page as page_module
from ui.reports.page import ReportsPage
from ui.widgets.page import Target


class Progress:
    """Keeps what long work told; cancels when asked to."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int]] = []
        self.stop = self.finished = False

    def step(self, number: int, total: int, text: str = "", /) -> None:
        self.steps.append((number, total))

    def cancelled(self) -> bool:
        return self.stop

    def finish(self) -> None:
        self.finished = True


@pytest.fixture
def month(planned: Planned, tmp_path: Path) -> Planned:
    """The planned brands and one whose March is full, seen on 2 April."""
    planned.full = fill(planned.desk, tmp_path, name="Café Sol", posts=12)  # type: ignore[attr-defined]
    planned.desk.clock.advance(31 * 86_400)  # type: ignore[attr-defined]
    return planned


async def opened(planned: Planned, qtbot: QtBot, *, brand_id: int | None = None) -> ReportsPage:
    planned.context.brand_id = brand_id
    page = ReportsPage(planned.context)
    qtbot.addWidget(page)
    page.resize(1100, 760)
    page.show()
    await done()
    return page


def rows(page: ReportsPage) -> list[str]:
    shown = page._list.model()
    return [str(shown.index(row, 0).data()) for row in range(shown.rowCount())]


def choose(monkeypatch: pytest.MonkeyPatch, name: str, answer: Any) -> list[str]:
    asked: list[str] = []

    async def chooser(_parent: object, _title: str, **more: Any) -> Any:
        asked.append(str(more.get("name", "")))
        return answer

    monkeypatch.setattr(page_module, name, chooser)
    return asked


async def test_all_brands_are_listed_by_month_and_the_last_whole_one_is_shown(month: Planned, qtbot: QtBot) -> None:
    page = await opened(month, qtbot)
    assert rows(page)[:4] == ["April 2026", "Panadería", "Northtrail", "Café Sol"]
    assert rows(page)[4:6] == ["March 2026", "Café Sol"]
    chosen = page._list.current()
    assert chosen is not None and (chosen.brand.name, chosen.month.month, chosen.running) == ("Café Sol", 3, False)
    assert page._title.text() == "Café Sol" and page._hint.text() == "March 2026"


async def test_one_brands_months_are_its_rows(month: Planned, qtbot: QtBot) -> None:
    page = await opened(month, qtbot, brand_id=month.full)  # type: ignore[attr-defined]
    assert rows(page) == ["April 2026", "March 2026", "February 2026"]


async def test_the_preview_shows_the_real_pages_as_they_come_into_view(month: Planned, qtbot: QtBot) -> None:
    page = await opened(month, qtbot)
    preview = page._preview
    assert preview.document is not None and preview.document.page_count >= 9
    first = preview.page_image(0)
    assert first is not None and first.pixelColor(30, 30).name() == "#c2572b"
    assert preview.page_image(7) is None
    QTest.keyClick(preview, Qt.Key.Key_End)
    preview._settle.timeout.emit()
    await done()
    assert preview.page_image(preview.document.page_count - 1) is not None


async def test_another_language_is_another_document_at_the_same_place(month: Planned, qtbot: QtBot) -> None:
    page = await opened(month, qtbot)
    assert page._preview.document is not None and page._preview.document.language == "es"
    page._preview.verticalScrollBar().setValue(900)
    page._language.changed.emit("en")
    await done()
    assert page._preview.document.language == "en" and "social media report" in page._preview.document.title
    assert page._preview.verticalScrollBar().value() == 900


async def test_arrows_step_over_the_headings(month: Planned, qtbot: QtBot) -> None:
    page = await opened(month, qtbot)
    QTest.keyClick(page._list, Qt.Key.Key_Up)
    await done()
    chosen = page._list.current()
    assert chosen is not None and (chosen.brand.name, chosen.month.month) == ("Café Sol", 4)


async def test_saving_writes_the_chosen_file_and_says_so(
    month: Planned, qtbot: QtBot, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = Progress()
    month.context.progress = lambda _text: progress
    page = await opened(month, qtbot)
    asked = choose(monkeypatch, "choose_save", tmp_path / "march.pdf")
    page.run_action("reports.export_pdf")
    await done()
    assert asked == ["Café Sol 2026-03.pdf"] and told.toasts == ["Saved march.pdf"] and not told.errors
    assert (tmp_path / "march.pdf").read_bytes().startswith(b"%PDF")
    assert progress.finished and progress.steps[-1][0] == progress.steps[-1][1] >= 9


async def test_a_cancelled_save_leaves_no_file(
    month: Planned, qtbot: QtBot, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = Progress()
    progress.stop = True
    month.context.progress = lambda _text: progress
    page = await opened(month, qtbot)
    choose(monkeypatch, "choose_save", tmp_path / "march.pdf")
    page.do_export_pdf()
    await done()
    assert not (tmp_path / "march.pdf").exists() and not told.toasts and progress.finished


async def test_a_refused_folder_is_explained(
    month: Planned, qtbot: QtBot, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    month.context.progress = lambda _text: Progress()
    page = await opened(month, qtbot)
    choose(monkeypatch, "choose_save", tmp_path / "nowhere" / "march.pdf")
    page.do_export_pdf()
    await done()
    assert told.errors == ["The report could not be saved"]


async def test_all_brands_of_the_month_go_into_one_folder(
    month: Planned, qtbot: QtBot, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    month.context.progress = lambda _text: Progress()
    page = await opened(month, qtbot)
    folder = tmp_path / "march"
    folder.mkdir()
    choose(monkeypatch, "choose_folder", folder)
    page.run_action("reports.export_all")
    await done()
    names = sorted(file.name for file in folder.iterdir())
    assert names == ["Café Sol 2026-03.pdf", "Northtrail 2026-03.pdf", "Panadería 2026-03.pdf"]
    assert told.toasts == ["3 reports saved in march"]


async def test_a_person_without_brands_is_shown_the_way(planned: Planned, qtbot: QtBot) -> None:
    from cmdesk.store import brands

    for brand_id in (planned.bakery, planned.trail):
        planned.desk.run_now(brands.delete_brand, brand_id)
    page = await opened(planned, qtbot)
    assert page._empty.isVisible() and page.enabled_actions() == set()
    page._add.click()
    assert planned.went == [Target("settings", "new_brand")]


async def test_a_hidden_page_reads_nothing_and_catches_up(month: Planned, qtbot: QtBot) -> None:
    page = await opened(month, qtbot)
    page.hide()
    made = Made(None, store=month.desk.store)
    before = page._generation
    made.brand("Nueva")
    await done()
    assert page._generation == before
    page.show()
    await done()
    assert "Nueva" in rows(page) and page._generation == before + 1


async def test_a_target_opens_a_brands_month(month: Planned, qtbot: QtBot) -> None:
    page = await opened(month, qtbot)
    page.open(Target("reports", brand_id=month.bakery, text="2026-04"))
    await done()
    chosen = page._list.current()
    assert isinstance(chosen, Choice) and (chosen.brand.id, chosen.month.month) == (month.bakery, 4)


def test_missing_pictures_are_fetched_once_and_only_if_allowed(month: Planned, tmp_path: Path) -> None:
    desk = month.desk
    made = Made(None, store=desk.store)
    account = made.account(month.bakery, "fotos")
    made.posted(account, "2026-03-05 10:00", "con foto", picture="https://cdn.example/a.png")
    report = made.report(month.bakery)
    file = tmp_path / "a.png"
    Image.new("RGB", (40, 30), "red").save(file)
    asked: list[str] = []

    def fetch(url: str, _server: str) -> bytes:
        asked.append(url)
        return file.read_bytes()

    from cmdesk.commands import settings

    desk.run_now(settings.set_value, key="remote_images", value=False)
    source = RemotePictures(model.cache_folder(desk), fetch=fetch)
    assert model.fetch_pictures(desk, report, source=source) == 0 and not asked
    desk.run_now(settings.set_value, key="remote_images", value=True)
    assert model.fetch_pictures(desk, report, source=source) == 1
    assert model.fetch_pictures(desk, report, source=source) == 0
    source.close()
    assert asked == ["https://cdn.example/a.png"]


async def test_pictures_that_come_later_are_put_on_the_pages(
    month: Planned, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Made(None, store=month.desk.store)
    made.posted(
        made.account(month.bakery, "fotos"), "2026-03-05 10:00", "con foto", picture="https://cdn.example/a.png"
    )
    file = tmp_path / "a.png"
    Image.new("RGB", (40, 30), "red").save(file)
    monkeypatch.setattr(RemotePictures, "_download", lambda *_args, **_more: file.read_bytes())
    page = await opened(month, qtbot, brand_id=month.bakery)
    assert page._list.current() is not None and page._preview.document is not None
    kept = list(model.cache_folder(month.desk).iterdir())
    assert len(kept) == 1 and not page._spinner.isVisible()
    assert await model.gather_pictures(month.desk, made.report(month.bakery)) == 0

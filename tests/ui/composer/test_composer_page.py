"""The composer: drafts are never lost, limits speak while one types, the brand never changes under the text."""

from __future__ import annotations

import pathlib

from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cmdesk.model import PostStatus
from cmdesk.store import planning as store
from tests.ui.planned import Planned, Told, done
from ui.composer.page import ComposerPage
from ui.widgets.page import Target


def opened(planned: Planned, qtbot: QtBot, target: Target) -> ComposerPage:
    page = ComposerPage(planned.context)
    qtbot.addWidget(page)
    page.resize(1100, 760)
    page.open(target)
    page.show()
    page.grab()
    return page


def new(planned: Planned, wall: str = "2026-03-10T10:00") -> Target:
    return Target("composer", "new_post", brand_id=planned.bakery, text=wall)


def words(page: ComposerPage) -> list[str]:
    """What the reviewer says, asked now rather than a moment after the last key."""
    page.review_now()
    return [row.accessibleName() for row in page.reviewer.rows]


async def test_what_is_typed_is_on_disk_a_moment_later(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned))
    QTest.keyClicks(page.parts.editor().edit, "Pan de espelta")
    page.model.flush()
    await done()
    assert page.model.post_id is not None
    kept = planned.desk.page(store.post, page.model.post_id)
    assert (kept.text, kept.brand_id, kept.status) == ("Pan de espelta", planned.bakery, PostStatus.DRAFT)
    assert {target.account_id for target in kept.targets} == set(planned.accounts(planned.bakery))


async def test_the_timer_saves_without_being_asked(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned))
    QTest.keyClicks(page.parts.editor().edit, "Hola")
    assert page.model._timer.isActive() and page.model._timer.interval() == 300
    page.model._timer.timeout.emit()
    await done()
    assert page.model.post_id is not None


async def test_an_empty_post_leaves_nothing_behind(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned))
    page.model.change(language="en")
    page.model.flush()
    await done()
    assert planned.desk.page(store.tray, brand_id=None) == []


async def test_each_network_may_have_its_own_words(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned))
    page.parts.editor().edit.setPlainText("a" * 400)
    assert any("100" in line and "bluesky" in line for line in words(page))
    page.shaping.give_own("bluesky")
    page.parts.editor().edit.setPlainText("corto")
    assert not any("too many" in line for line in words(page))
    page.writing.tabs.choose("")
    assert page.parts.editor().edit.toPlainText() == "a" * 400
    page.model.flush()
    await done()
    assert page.model.post_id is not None
    assert planned.desk.page(store.post, page.model.post_id).variants == {"bluesky": "corto"}


async def test_too_long_closes_the_buttons(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned))
    page.parts.editor().edit.setPlainText("a" * 600)
    assert not page.bar._schedule.isEnabled() and not page.bar._now.isEnabled()
    page.parts.editor().edit.setPlainText("Hola")
    assert page.bar._schedule.isEnabled()


async def test_scheduling_seals_the_brands_hour_on_each_account(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned, "2026-03-12T18:30"))
    page.parts.editor().edit.setPlainText("Pan")
    page.do_schedule()
    await done()
    assert page.model.post_id is not None
    post = planned.desk.page(store.post, page.model.post_id)
    assert {delivery.wall[:16] for delivery in post.deliveries} == {"2026-03-12T18:30"}
    assert {delivery.zone for delivery in post.deliveries} == {"Europe/Madrid"} and len(post.deliveries) == 2
    assert planned.went[-1].page == "calendar" and planned.undone


async def test_choosing_another_brand_in_the_bar_never_retargets_the_draft(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned))
    page.parts.editor().edit.setPlainText("Solo de la panadería")
    planned.context.brand_id = planned.trail
    page.show_brand(planned.trail)
    assert page.model.draft.brand_id == planned.bakery and "Panadería" in page.heading.title.full_text()
    assert not page.heading.brands.isVisible()


async def test_editing_a_scheduled_post_says_that_the_old_one_still_waits(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Antes", wall="2026-03-10T09:30")
    page = opened(planned, qtbot, Target("composer", "post", post_id))
    assert not page.writing.banner.isVisible()
    page.parts.editor().edit.setPlainText("Después")
    assert page.writing.banner.isVisible()
    page.model.flush()
    await done()
    live = [each.text for each in planned.desk.page(store.post, post_id).deliveries if each.state != "cancelled"]
    assert set(live) == {"Antes"}
    page.do_schedule()
    await done()
    live = [each.text for each in planned.desk.page(store.post, post_id).deliveries if each.state != "cancelled"]
    assert set(live) == {"Después"}


async def test_pictures_come_in_cleaned_and_a_bad_one_keeps_none_out(
    planned: Planned, qtbot: QtBot, told: Told, tmp_path: pathlib.Path
) -> None:
    good, bad = tmp_path / "pan.png", tmp_path / "roto.png"
    Image.new("RGB", (64, 48), "#c2703d").save(good)
    bad.write_bytes(b"\x89PNG\r\n\x1a\n broken")
    page = opened(planned, qtbot, new(planned))
    await page._add_paths([bad, good])
    assert len(page.model.draft.media) == 1 and any("roto.png" in line for line in page.parts.strip().refusals())
    media_id = page.model.draft.media[0][0].id
    page.model.describe(media_id, "Una barra de pan")
    page.model.flush()
    await done()
    assert page.model.post_id is not None
    (kept,) = planned.desk.page(store.post, page.model.post_id).media
    assert kept.alt == "Una barra de pan" and kept.media.width == 64


async def test_a_paste_brings_plain_text_only(planned: Planned, qtbot: QtBot, tmp_path: pathlib.Path) -> None:
    page = opened(planned, qtbot, new(planned))
    data = QMimeData()
    data.setHtml('<b>Hola</b><img src="file:///etc/hostname">')
    data.setText("Hola")
    page.parts.editor().edit.insertFromMimeData(data)
    assert page.parts.editor().edit.toPlainText() == "Hola"
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(tmp_path / "x.png"))])
    with qtbot.waitSignal(page.parts.editor().edit.pasted):
        page.parts.editor().edit.insertFromMimeData(files)


async def test_a_published_post_can_only_be_read(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Fuera", wall="2026-03-10T09:30")

    def publish(tx: object) -> None:
        tx.conn.execute("UPDATE delivery SET state = 'published' WHERE post_id = ?", (post_id,))  # type: ignore[attr-defined]

    planned.desk.run_now(publish)
    page = opened(planned, qtbot, Target("composer", "post", post_id))
    assert page.parts.editor().edit.isReadOnly() and not page.bar._schedule.isVisible()

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
    from ui.widgets import PlainLabel

    return [label.text() for row in page._reviewer._rows for label in row.findChildren(PlainLabel)]


async def test_what_is_typed_is_on_disk_a_moment_later(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned))
    QTest.keyClicks(page._editor.edit, "Pan de espelta")
    page._model.flush()
    await done()
    assert page._model.post_id is not None
    kept = planned.desk.page(store.post, page._model.post_id)
    assert (kept.text, kept.brand_id, kept.status) == ("Pan de espelta", planned.bakery, PostStatus.DRAFT)
    assert {target.account_id for target in kept.targets} == set(planned.accounts(planned.bakery))


async def test_the_timer_saves_without_being_asked(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned))
    QTest.keyClicks(page._editor.edit, "Hola")
    assert page._model._timer.isActive() and page._model._timer.interval() == 300
    page._model._timer.timeout.emit()
    await done()
    assert page._model.post_id is not None


async def test_an_empty_post_leaves_nothing_behind(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned))
    page._model.change(language="en")
    page._model.flush()
    await done()
    assert planned.desk.page(store.tray, brand_id=None) == []


async def test_each_network_may_have_its_own_words(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned))
    page._editor.edit.setPlainText("a" * 400)
    assert any("100" in line and "bluesky" in line for line in words(page))
    page._editor._switch("bluesky")
    page._editor.edit.setPlainText("corto")
    assert not any("characters too many" in line for line in words(page))
    page._editor._switch("")
    assert page._editor.edit.toPlainText() == "a" * 400
    page._model.flush()
    await done()
    assert page._model.post_id is not None
    assert planned.desk.page(store.post, page._model.post_id).variants == {"bluesky": "corto"}


async def test_too_long_closes_the_buttons(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned))
    page._editor.edit.setPlainText("a" * 600)
    assert not page._bar._schedule.isEnabled() and not page._bar._now.isEnabled()
    page._editor.edit.setPlainText("Hola")
    assert page._bar._schedule.isEnabled()


async def test_scheduling_seals_the_brands_hour_on_each_account(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned, "2026-03-12T18:30"))
    page._editor.edit.setPlainText("Pan")
    page.do_schedule()
    await done()
    assert page._model.post_id is not None
    post = planned.desk.page(store.post, page._model.post_id)
    assert {delivery.wall[:16] for delivery in post.deliveries} == {"2026-03-12T18:30"}
    assert {delivery.zone for delivery in post.deliveries} == {"Europe/Madrid"} and len(post.deliveries) == 2
    assert planned.went[-1].page == "calendar" and planned.undone


async def test_choosing_another_brand_in_the_bar_never_retargets_the_draft(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned))
    page._editor.edit.setPlainText("Solo de la panadería")
    planned.context.brand_id = planned.trail
    page.show_brand(planned.trail)
    assert page._model.draft.brand_id == planned.bakery and "Panadería" in page._title.full_text()
    assert not page._brands.isVisible()


async def test_editing_a_scheduled_post_says_that_the_old_one_still_waits(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Antes", wall="2026-03-10T09:30")
    page = opened(planned, qtbot, Target("composer", "post", post_id))
    assert not page._banner.isVisible()
    page._editor.edit.setPlainText("Después")
    assert page._banner.isVisible()
    page._model.flush()
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
    assert len(page._model.draft.media) == 1 and told.errors
    media_id = page._model.draft.media[0][0].id
    page._model.describe(media_id, "Una barra de pan")
    page._model.flush()
    await done()
    assert page._model.post_id is not None
    (kept,) = planned.desk.page(store.post, page._model.post_id).media
    assert kept.alt == "Una barra de pan" and kept.media.width == 64


async def test_a_paste_brings_plain_text_only(planned: Planned, qtbot: QtBot, tmp_path: pathlib.Path) -> None:
    page = opened(planned, qtbot, new(planned))
    data = QMimeData()
    data.setHtml('<b>Hola</b><img src="file:///etc/hostname">')
    data.setText("Hola")
    page._editor.edit.insertFromMimeData(data)
    assert page._editor.edit.toPlainText() == "Hola"
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(tmp_path / "x.png"))])
    with qtbot.waitSignal(page._editor.edit.pasted):
        page._editor.edit.insertFromMimeData(files)


async def test_a_doubled_hour_asks_which_one(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned, "2026-10-25T02:30"))
    assert page._bar._fold.isVisible()
    page._bar._fold.set_current("1")
    assert page._bar.wall() == ("2026-10-25T02:30", "Europe/Madrid", 1)
    page._bar.set_wall("2026-03-29T02:30")
    assert "does not exist" in page._bar._clocks.full_text()


async def test_a_published_post_can_only_be_read(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Fuera", wall="2026-03-10T09:30")

    def publish(tx: object) -> None:
        tx.conn.execute("UPDATE delivery SET state = 'published' WHERE post_id = ?", (post_id,))  # type: ignore[attr-defined]

    planned.desk.run_now(publish)
    page = opened(planned, qtbot, Target("composer", "post", post_id))
    assert page._editor.edit.isReadOnly() and not page._bar._schedule.isVisible()


async def test_a_network_that_can_keep_a_post_is_offered_to(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, new(planned, "2026-03-12T18:30"))
    page._editor.edit.setPlainText("Pan")
    assert not page._bar._hold.isVisible()  # Bluesky keeps nothing
    mastodon = planned.accounts(planned.bakery)[0]
    page._model.change(account_ids=(mastodon,))
    page._show()
    assert page._bar._hold.isVisible() and "has to be on" in page._bar._clocks.full_text()
    page._bar._hold.setChecked(True)
    assert "may be off" in page._bar._clocks.full_text()
    page.do_schedule()
    await done()
    assert page._model.post_id is not None
    (delivery,) = planned.desk.page(store.post, page._model.post_id).deliveries
    assert delivery.hand_off and delivery.account_id == mastodon

"""The crop: handles and keys, shapes, one for everywhere and one for each network; nothing is cut on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cmdesk.model import Crop
from cmdesk.planning.cropping import WHOLE
from cmdesk.store import planning as store
from tests.ui.planned import Planned, done
from ui.composer.crop_dialog import CropDialog
from ui.composer.crop_shapes import FREE, ORIGINAL
from ui.composer.crop_view import CropView
from ui.composer.page import ComposerPage
from ui.widgets.page import Target

KEY = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(qtbot: QtBot) -> CropView:
    image = QImage(1600, 1000, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    made = CropView(image)
    qtbot.addWidget(made)
    made.resize(600, 420)
    made.show()
    return made


def drag(view: CropView, start: QPointF, dx: float, dy: float) -> None:
    """Drag by these fractions of the picture."""
    whole = view.picture_rect()
    end = start + QPointF(dx * whole.width(), dy * whole.height())
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start.toPoint())
    QTest.mouseMove(view, end.toPoint())
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end.toPoint())


def near(crop: Crop, *sides: float) -> bool:
    return all(abs(a - b) < 0.012 for a, b in zip((crop.x, crop.y, crop.w, crop.h), sides, strict=True))


def test_handles_pull_and_the_frame_moves(view: CropView) -> None:
    drag(view, view.crop_rect().bottomRight(), -0.5, -0.4)
    assert near(view.crop, 0, 0, 0.5, 0.6)
    drag(view, view.crop_rect().center() + QPointF(31, 17), 0.2, 0.9)
    assert near(view.crop, 0.2, 0.4, 0.5, 0.6)
    drag(view, QPointF(view.crop_rect().left(), view.crop_rect().center().y()), 0.1, 0.3)
    assert near(view.crop, 0.3, 0.4, 0.4, 0.6)
    before = view.crop
    drag(view, view.picture_rect().topLeft() + QPointF(3, 3), 0.2, 0.2)
    assert view.crop == before


def test_a_shape_is_kept_while_pulling(view: CropView) -> None:
    view.show_crop(Crop(0.1, 0.0, 0.5, 1.0), 0.8)
    drag(view, view.crop_rect().topLeft(), 0.2, 0.2)
    assert 1600 * view.crop.w / (1000 * view.crop.h) == pytest.approx(0.8, rel=1e-4)
    assert view.crop.x + view.crop.w == pytest.approx(0.6, abs=1e-5)
    assert view.crop.y + view.crop.h == pytest.approx(1.0, abs=1e-5)


def test_keys_do_all_of_it(view: CropView) -> None:
    view.show_crop(Crop(0.2, 0.2, 0.5, 0.5), None)
    QTest.keyClick(view, KEY.Key_Right)
    QTest.keyClick(view, KEY.Key_Up, SHIFT)
    assert view.crop == Crop(0.21, 0.1, 0.5, 0.5)
    QTest.keyClick(view, KEY.Key_Left, CTRL)
    QTest.keyClick(view, KEY.Key_Down, CTRL | SHIFT)
    assert view.crop == Crop(0.21, 0.1, 0.49, 0.6)
    QTest.keyClick(view, KEY.Key_Minus)
    assert view.crop.w == pytest.approx(0.47)
    QTest.keyClick(view, KEY.Key_Plus)
    assert view.crop.w == pytest.approx(0.49)
    assert "49 % wide" in view.accessibleDescription()


def test_it_paints_in_both_modes_and_any_size(view: CropView) -> None:
    from ui import theme

    for mode in ("light", "dark"):
        theme.set_mode(mode)
        for width, height in ((280, 240), (900, 300), (300, 900)):
            view.resize(width, height)
            view.show_crop(Crop(0.4, 0.4, 0.05, 0.05), None)
            assert not view.grab().isNull()
            assert view.rect().contains(view.picture_rect().toRect())
    theme.set_mode("light")


async def opened(planned: Planned, qtbot: QtBot, tmp_path: Path) -> tuple[ComposerPage, CropDialog]:
    Image.new("RGB", (1600, 1000), "#c2703d").save(tmp_path / "a.png")
    page = ComposerPage(planned.context)
    qtbot.addWidget(page)
    page.resize(1200, 820)
    page.open(Target("composer", "new_post", brand_id=planned.bakery, text="2026-03-10T10:00"))
    page.show()
    await page.model.media.add([tmp_path / "a.png"])
    await done()
    return page, _open(page)


def _open(page: ComposerPage, network: str = "") -> CropDialog:
    strip = page.parts.strip()
    strip.crop(page.model.draft.media[0][0].id, network)
    assert strip.dialog is not None
    strip.dialog.grab()
    return strip.dialog


async def test_one_crop_everywhere_and_another_for_one_network(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    page, dialog = await opened(planned, qtbot, tmp_path)
    picture = page.model.draft.media[0][0]
    before = (planned.desk.media_folder / picture.file).read_bytes()
    dialog.shapes.row("1:1").click()
    assert dialog.crops() == {"": Crop(0.1875, 0.0, 0.625, 1.0)}
    dialog.scope.changed.emit("bluesky")
    assert dialog.shapes.current() == "1:1"
    dialog.shapes.row("4:5").click()
    assert set(dialog.crops()) == {"", "bluesky"}
    assert not dialog.same.isHidden()
    shown = {each.network: each.crop for each in dialog.results}
    assert shown["mastodon"] == dialog.crops()[""]
    assert shown["bluesky"] == dialog.crops()["bluesky"]
    dialog.accept()
    assert page.model.draft.crops == {
        (picture.id, ""): Crop(0.1875, 0.0, 0.625, 1.0), (picture.id, "bluesky"): shown["bluesky"],
    }  # fmt: skip
    assert page.model.media.crop(picture.id, "bluesky") == shown["bluesky"]
    assert page.model.media.crop(picture.id, "mastodon") == Crop(0.1875, 0.0, 0.625, 1.0)
    page.model.flush()
    await done()
    assert page.model.post_id is not None
    assert planned.desk.page(store.post, page.model.post_id).crops == page.model.draft.crops
    assert (planned.desk.media_folder / picture.file).read_bytes() == before
    # The tile shows the part: nearly square now.
    tile = page.model.media.picture(picture, 100, crop=page.model.media.crop(picture.id))
    assert abs(tile.width() - tile.height()) <= 1


async def test_a_network_may_show_all_where_others_do_not(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    page, dialog = await opened(planned, qtbot, tmp_path)
    dialog.shapes.row("1:1").click()
    dialog.scope.changed.emit("mastodon")
    dialog.shapes.row(ORIGINAL).click()
    assert dialog.crops()["mastodon"] == WHOLE
    dialog.accept()
    media_id = page.model.draft.media[0][0].id
    assert page.model.draft.crops[media_id, "mastodon"] == WHOLE
    again = _open(page, "mastodon")
    assert again.shapes.current() == ORIGINAL
    again.same.click()
    assert set(again.crops()) == {""}
    again.scope.changed.emit("")
    again.reset.click()
    again.accept()
    assert page.model.draft.crops == {}


async def test_cancel_changes_nothing(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    page, dialog = await opened(planned, qtbot, tmp_path)
    dialog.shapes.row("9:16").click()
    QTest.keyClick(dialog, KEY.Key_Escape)
    assert page.model.draft.crops == {}
    assert dialog.isHidden()


async def test_pulling_freely_leaves_the_shape(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    _page, dialog = await opened(planned, qtbot, tmp_path)
    dialog.shapes.row(FREE).click()
    QTest.keyClick(dialog.view, KEY.Key_Left, CTRL | SHIFT)
    assert dialog.shapes.current() == FREE
    assert dialog.crops()[""].w == pytest.approx(0.9)
    assert "1440 × 1000" in dialog._size.text()
    dialog.shapes.row("16:9").click()
    QTest.keyClick(dialog.view, KEY.Key_Minus)
    assert dialog.shapes.current() == "16:9"


async def test_a_film_and_a_vanished_picture_are_not_cropped(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    page, dialog = await opened(planned, qtbot, tmp_path)
    dialog.reject()
    strip = page.parts.strip()
    strip.dialog = None
    (planned.desk.media_folder / page.model.draft.media[0][0].file).unlink()
    strip.crop(page.model.draft.media[0][0].id)
    assert strip.dialog is None


def test_the_pointer_finds_the_handles(view: CropView) -> None:
    view.show_crop(Crop(0.25, 0.25, 0.5, 0.5), None)
    frame = view.crop_rect()
    assert view.handle_at(frame.topLeft()) == "nw"
    assert view.handle_at(QPointF(frame.center().x(), frame.bottom())) == "s"
    assert view.handle_at(frame.center()) == "in"
    assert view.handle_at(QPointF(QPoint(1, 1))) == ""

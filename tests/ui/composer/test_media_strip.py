"""Pictures and films of a post: in by drop and paste, described, moved, replaced, left out; each file is named."""

from __future__ import annotations

import random
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cmdesk.model import Crop, Media
from cmdesk.store import planning as store
from tests.ui.planned import Planned, Told, done
from ui import notices
from ui.composer.media_row import MediaRow
from ui.composer.media_strip import MediaStrip, has_pictures, pictures_in
from ui.composer.page import ComposerPage
from ui.widgets import Chip
from ui.widgets.page import Target

FILMS = Path(__file__).parents[2] / "core" / "films"


def picture(folder: Path, name: str, size: tuple[int, int] = (64, 48), color: str = "#c2703d") -> Path:
    Image.new("RGB", size, color).save(folder / name)
    return folder / name


async def opened(planned: Planned, qtbot: QtBot, *paths: Path) -> ComposerPage:
    page = ComposerPage(planned.context)
    qtbot.addWidget(page)
    page.resize(1200, 820)
    page.open(Target("composer", "new_post", brand_id=planned.bakery, text="2026-03-10T10:00"))
    page.show()
    page.parts.editor().edit.setPlainText("Pan de #espelta")
    await page.model.media.add(list(paths))
    await done()
    page.grab()
    return page


def media(page: ComposerPage) -> list[Media]:
    return [each for each, _alt in page.model.draft.media]


def row(page: ComposerPage, index: int = 0) -> MediaRow:
    strip: MediaStrip = page.parts.strip()
    return strip._rows[media(page)[index].id]


def chips(row: MediaRow) -> list[str]:
    return [chip.text() for chip in row._chips.findChildren(Chip) if not chip.isHidden()]


def press(widget: QWidget, *route: QPoint) -> None:
    """Press, move through these global positions, let go at the last."""
    start = widget.rect().center()
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for spot in route:
        QTest.mouseMove(widget, widget.mapFromGlobal(spot))
    if route:
        QTest.mouseRelease(
            widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, widget.mapFromGlobal(route[-1])
        )


async def test_files_are_taken_in_order_and_bad_ones_named(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    lying = tmp_path / "verano.mp4"
    lying.write_bytes(picture(tmp_path, "x.png").read_bytes())
    page = await opened(
        planned, qtbot, picture(tmp_path, "a.png"), lying, tmp_path / "gone.jpg", FILMS / "beach.mp4",
    )  # fmt: skip
    assert [(each.mime, each.duration_ms) for each in media(page)] == [("image/png", 0), ("video/mp4", 1000)]
    told = page.parts.strip().refusals()
    assert len(told) == 2
    assert told[0].startswith("verano.mp4: The file's name is wrong: inside it is PNG.")
    assert told[1].startswith("gone.jpg: The file is not there: gone.jpg.")
    # Progress was shown and is over; a refusal is closed by hand.
    assert page.parts.strip()._busy == {}
    page.parts.strip()._refused[0].closed.emit()
    assert len(page.parts.strip().refusals()) == 1


async def test_what_networks_make_of_it_is_said_at_once(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    noise = tmp_path / "noise.png"
    Image.frombytes("RGB", (1000, 900), random.Random(1).randbytes(2_700_000)).save(noise)
    page = await opened(planned, qtbot, noise, FILMS / "beach.mp4")
    assert chips(row(page, 0)) == ["will be reduced to 2 MB"]
    assert chips(row(page, 1)) == ["not together", "not together"]
    # One click leaves the film out of a network, another brings it back.
    row(page, 1).marked.emit("out:bluesky")
    assert chips(row(page, 1)) == ["not together", "not here"]
    assert page.model.draft.options == {"bluesky": {"left_out": [media(page)[1].id]}}
    row(page, 1).marked.emit("back:bluesky")
    assert page.model.draft.options == {}


async def test_the_reviewer_blocks_and_mends_it(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    page = await opened(planned, qtbot, picture(tmp_path, "a.png"), FILMS / "beach.mp4")
    mixed = [each for each in page.model.findings() if each.code == "media_mixed"]
    assert len(mixed) == 2
    page.mend(mixed)
    assert [each for each in page.model.findings() if each.code == "media_mixed"] == []
    assert set(page.model.draft.options) == {"mastodon", "bluesky"}


async def test_descriptions_are_asked_for_without_nagging(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    page = await opened(planned, qtbot, picture(tmp_path, "a.png"))
    first = row(page)
    assert first._count.text() == "Without description"
    assert "espelta" in first.alt.placeholderText()
    assert any(each.code == "no_alt" for each in page.model.findings())
    plain = next(each for each in first.menu().actions() if each.isCheckable())
    plain.trigger()
    assert first._count.text() == "Decoration"
    assert not any(each.code == "no_alt" for each in page.model.findings())
    QTest.keyClicks(first.alt, "Una hogaza")
    assert page.model.draft.media[0][1] == "Una hogaza"
    assert first._count.text() == "10 of 1500"
    await done()
    page.model.flush()
    assert page.model.post_id is not None
    kept = planned.desk.page(store.post, page.model.post_id)
    assert kept.media[0].alt == "Una hogaza"
    assert kept.options == {"": {"decorative": [media(page)[0].id]}}


async def test_tiles_are_moved_by_drag_and_keys(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    page = await opened(
        planned, qtbot, *(picture(tmp_path, f"{n}.png", color=c) for n, c in enumerate(("red", "blue", "lime")))
    )
    first, second, third = (each.id for each in media(page))
    last = row(page, 2)
    below = last.mapToGlobal(QPoint(20, last.height() - 2))
    press(row(page, 0).thumb, below - QPoint(0, 60), below)
    assert [each.id for each in media(page)] == [second, third, first]
    # Esc gives up.
    thumb = row(page, 0).thumb
    press(thumb)
    QTest.mouseMove(thumb, thumb.mapFromGlobal(below))
    QTest.keyClick(thumb, Qt.Key.Key_Escape)
    assert [each.id for each in media(page)] == [second, third, first]
    assert page.parts.strip()._drag is None
    QTest.keyClick(row(page, 2).thumb, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [each.id for each in media(page)] == [second, first, third]


async def test_taking_out_can_be_taken_back(planned: Planned, qtbot: QtBot, tmp_path: Path, told: Told) -> None:
    shown: list[notices.Toasted] = []
    told.show_toast = shown.append  # type: ignore[method-assign]
    page = await opened(planned, qtbot, picture(tmp_path, "a.png"), picture(tmp_path, "b.png", color="blue"))
    ids = [each.id for each in media(page)]
    page.model.describe(ids[0], "Pan")
    page.model.media.set_crops(ids[0], {"": Crop(0.1, 0.1, 0.5, 0.5)})
    QTest.keyClick(row(page).thumb, Qt.Key.Key_Delete)
    assert [each.id for each in media(page)] == ids[1:]
    page.parts.editor().edit.setPlainText("Otro texto")
    assert shown[-1].undo is not None
    shown[-1].undo()
    assert [(each.id, alt) for each, alt in page.model.draft.media] == [(ids[0], "Pan"), (ids[1], "")]
    assert page.model.draft.crops == {(ids[0], ""): Crop(0.1, 0.1, 0.5, 0.5)}
    assert page.model.draft.text == "Otro texto"


async def test_another_file_takes_its_place_and_description(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    page = await opened(planned, qtbot, picture(tmp_path, "a.png"), picture(tmp_path, "b.png", color="blue"))
    old = media(page)[0].id
    page.model.describe(old, "Pan")
    await page.model.media.put_instead(old, picture(tmp_path, "c.png", (90, 90), "lime"))
    assert [(each.width, alt) for each, alt in page.model.draft.media] == [(90, "Pan"), (64, "")]
    await page.model.media.put_instead(media(page)[0].id, tmp_path / "none.png")
    assert media(page)[0].width == 90
    assert any("none.png" in each for each in page.parts.strip().refusals())


def test_a_copied_picture_is_pasted_as_a_file(qtbot: QtBot) -> None:
    data = QMimeData()
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    data.setImageData(image)
    assert has_pictures(data)
    (path,) = pictures_in(data)
    with Image.open(path) as made:
        assert made.size == (30, 20)
    path.unlink()
    path.parent.rmdir()
    words = QMimeData()
    words.setText("hola")
    assert not has_pictures(words)
    assert pictures_in(words) == []
    far = QMimeData()
    far.setUrls([QUrl("https://example.com/a.png")])
    assert pictures_in(far) == []


async def test_a_pasted_picture_leaves_no_file_behind(planned: Planned, qtbot: QtBot) -> None:
    page = await opened(planned, qtbot)
    data = QMimeData()
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    data.setImageData(image)
    paths = pictures_in(data)
    page.parts.editor().pasted.emit(0, paths)
    await done()
    assert [each.width for each in media(page)] == [30]
    assert not paths[0].parent.exists()


async def test_each_part_has_pictures_of_its_own(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    page = await opened(planned, qtbot, picture(tmp_path, "a.png"))
    page.run_action("composer.add_part")
    await page.model.media.add([picture(tmp_path, "b.png", color="blue")], 1)
    assert len(page.model.draft.pictures(0)) == len(page.model.draft.pictures(1)) == 1
    assert len(page.parts.strip(0)._rows) == len(page.parts.strip(1)._rows) == 1


async def test_a_vanished_file_is_found_before_and_told_after(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    """Deleted from the folder between composing and publishing: a finding here, a reason there."""
    page = await opened(planned, qtbot, picture(tmp_path, "a.png"))
    (planned.desk.media_folder / media(page)[0].file).unlink()
    page.show_all()
    page.review_now()
    assert chips(row(page)) == ["the file is gone"]
    assert any("The file is gone" in each.accessibleName() for each in page.reviewer.rows)
    assert any(each.code == "media_missing" for each in page.model.findings())
    page.do_schedule()
    await done()
    page.model.flush()
    assert page.model.post_id is not None
    assert planned.desk.page(store.post, page.model.post_id).deliveries == ()
    # Put another file in its place: the way is free.
    await page.model.media.put_instead(media(page)[0].id, picture(tmp_path, "b.png", color="blue"))
    assert not any(each.code == "media_missing" for each in page.model.findings())

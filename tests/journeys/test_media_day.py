"""Pictures and films at the real window: cut as chosen, a film in its own post, and a file that vanishes on the way."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PySide6.QtWidgets import QApplication

from cmdesk.clock import FixedClock
from cmdesk.model import DeliveryState, PostStatus
from cmdesk.networks.sandbox import SandboxServer
from tests.journeys.office import Office, at_work
from ui.composer.crop_dialog import CropDialog
from ui.composer.page import ComposerPage
from ui.widgets.page import Target

FILMS = Path(__file__).parents[1] / "core" / "films"


async def writing(office: Office, *paths: Path, text: str = "Pan de espelta") -> ComposerPage:
    """A new post with these files dropped in, at half past twelve."""
    office.window.run_action("window.new_post")
    page = office.window.current_page()
    assert isinstance(page, ComposerPage)
    await office.until(page.isVisible)
    office.type(page.parts.editor().edit, text)
    page.parts.editor().pasted.emit(0, list(paths))
    await office.settled()
    page.bar.set_wall("2026-03-02T12:30")
    return page


async def scheduled(office: Office, page: ComposerPage) -> int:
    office.click(page.bar._schedule)
    await office.until(lambda: office.window.current_page() is office.window.page("calendar"), "the calendar")
    assert page.model.post_id is not None
    assert office.post(page.model.post_id).status is PostStatus.SCHEDULED
    return page.model.post_id


async def test_a_file_that_vanishes_is_found_and_told(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer, tmp_path: Path
) -> None:
    photo = tmp_path / "pan.jpg"
    Image.new("RGB", (640, 480), "#C2703D").save(photo)
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        page = await writing(office, photo)
        (media, _alt) = page.model.draft.media[0]
        post_id = await scheduled(office, page)
        (office.desk.media_folder / media.file).unlink()
        await office.wait(2 * 3600 + 1805)
        await office.until(lambda: office.states(post_id) == {DeliveryState.REJECTED}, "the refusal")
        assert office.truth() == []
        (delivery,) = office.post(post_id).deliveries
        assert delivery.reason_code == "media_missing"
        office.page("problems")
        await office.until(lambda: office.says("The file is not there"), "the reason")
        # In the composer it is marked, and another file in its place lets it go out.
        page.open(Target("composer", "post", post_id))
        office.window.show_page("composer")
        await office.until(lambda: office.says("the file is gone"), "the mark")
        Image.new("RGB", (320, 240), "#6A9A2D").save(photo)
        await page.model.media.put_instead(media.id, photo)
        assert not [each for each in page.model.findings() if each.code == "media_missing"]


async def test_a_picture_goes_out_cut_as_chosen(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer, tmp_path: Path
) -> None:
    photo = tmp_path / "pan.jpg"
    Image.new("RGB", (640, 480), "#C2703D").save(photo)
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        page = await writing(office, photo, tmp_path / "none.png")
        await office.until(lambda: office.says("none.png: The file is not there"), "the refusal by name")
        media_id = page.model.draft.media[0][0].id
        page.parts.strip().crop(media_id)
        dialog = page.parts.strip().dialog
        assert isinstance(dialog, CropDialog)
        dialog.shapes.row("1:1").click()
        dialog.accept()
        post_id = await scheduled(office, page)
        (delivery,) = office.post(post_id).deliveries
        assert (delivery.crops[media_id].w, delivery.crops[media_id].h) == (0.75, 1.0)
        await office.wait(2 * 3600 + 1805)
        await office.published(post_id)
        assert office.truth() == ["Pan de espelta"]


async def test_a_film_goes_out_as_it_is(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        page = await writing(office, FILMS / "beach.mp4", text="Mirad")
        post_id = await scheduled(office, page)
        await office.wait(2 * 3600 + 1805)
        await office.until(lambda: office.states(post_id) == {DeliveryState.PREPARING}, "the upload")
        for _turn in range(4):  # the network works on it meanwhile
            await office.wait(60)
        await office.published(post_id)
        assert office.truth() == ["Mirad"]

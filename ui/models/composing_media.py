"""The pictures and films of the post being written: taken in, replaced, cropped, left out, checked for each network."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from cmdesk.desk import Desk
from cmdesk.errors import DeskError
from cmdesk.i18n import _
from cmdesk.media import MediaInfo, import_media
from cmdesk.model import Crop, Media
from cmdesk.planning import media_rules
from cmdesk.planning.cropping import WHOLE
from cmdesk.planning.media_rules import DECORATIVE, LEFT_OUT, MediaProblem, Place
from cmdesk.store import media as media_store
from cmdesk.wording import explain
from ui import notices
from ui.models.kept_pictures import KeptPictures

if TYPE_CHECKING:
    from ui.models.composer import ComposerModel

_TAG = re.compile(r"#(\w{2,40})")
_MOST_KEYWORDS = 3
_LARGEST_PX = 2400
_REMEMBERED_PX = 640


class MediaModel(QObject):
    """Works on the draft of a composer's model; every import runs beside the window and names its file."""

    working = Signal(int, str, int, int)  # part, file's name, bytes done, bytes in all (0: nobody knows)
    finished = Signal(int, str)  # part, file's name: it is in, or was refused
    refused = Signal(int, str, object)  # part, file's name, cmdesk.wording.Explanation
    changed = Signal()  # the pictures, their crops or what stands in their way

    def __init__(self, desk: Desk, model: ComposerModel) -> None:
        super().__init__(model)
        self._desk = desk
        self._model = model
        self._kept = KeptPictures(desk.media_folder)

    # What is shown

    def picture(self, media: Media, px: int, *, crop: Crop | None = None) -> QPixmap:
        """What a crop shows of a picture, no side longer than `px`; empty for a film or a file that is gone."""
        return QPixmap.fromImage(self.image(media, px, crop=crop))

    def image(self, media: Media, px: int, *, crop: Crop | None = None) -> QImage:
        """As `picture`, as an image."""
        if media.is_video or not (self._desk.media_folder / media.file).is_file():
            return QImage()
        # A small part of a picture is read larger, so that it does not blur.
        wanted = min(_LARGEST_PX, round(px / max(min(crop.w, crop.h) if crop else 1.0, 0.25)))
        kept = self._kept if wanted <= _REMEMBERED_PX else KeptPictures(self._desk.media_folder)
        whole = kept.own(media.file, wanted, whole=True)
        if whole.isNull() or crop is None or crop == WHOLE:
            return whole
        box = QRect(
            round(crop.x * whole.width()), round(crop.y * whole.height()),
            max(1, round(crop.w * whole.width())), max(1, round(crop.h * whole.height())),
        )  # fmt: skip
        cut = whole.copy(box)
        if max(cut.width(), cut.height()) <= px:
            return cut
        return cut.scaled(px, px, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)

    def crop(self, media_id: int, network: str = "") -> Crop | None:
        """What a network ('' the common one) shows of a picture; None: all of it."""
        crops = self._model.draft.crops
        return crops.get((media_id, network), crops.get((media_id, "")))

    def crops(self, media_id: int) -> dict[str, Crop]:
        """A picture's crops by network, the common one under ''."""
        return {network: crop for (each, network), crop in self._model.draft.crops.items() if each == media_id}

    def networks(self) -> list[str]:
        """The networks the post goes to."""
        return self._model.networks

    def places(self) -> list[Place]:
        """The rules of the chosen accounts."""
        return [media_rules.place(each.id, each.network, each.capabilities) for each in self._model.chosen]

    def network_of(self, account_id: int) -> str:
        """The network of an account of the brand."""
        return next((each.network for each in self._model.accounts if each.id == account_id), "")

    def missing(self, part: int = 0) -> set[int]:
        """The media of a part whose file is no longer in the folder."""
        folder = self._desk.media_folder
        return {media.id for media, _alt in self._model.draft.pictures(part) if not (folder / media.file).is_file()}

    def problems(self, part: int = 0) -> list[MediaProblem]:
        """What stands in the way of a part's media, and what will be done to them."""
        draft = self._model.draft
        return media_rules.check(
            draft.pictures(part), self.places(), crops=draft.crops, options=draft.options, missing=self.missing(part)
        )

    def decorative(self, media_id: int) -> bool:
        """Say whether a picture was called decoration: it needs no description."""
        return media_id in media_rules.decorative(self._model.draft.options)

    def is_left_out(self, media_id: int, network: str) -> bool:
        """Say whether a network does not get it."""
        return media_id in media_rules.left_out(self._model.draft.options, network)

    def alt_limit(self) -> int:
        """The shortest description that one of the networks takes."""
        limits = [place.limits.alt_characters for place in self.places() if place.limits.alt_characters]
        return min(limits, default=1500)

    def keywords(self, part: int = 0) -> list[str]:
        """Words worth repeating in a description: what the text is tagged with (U9)."""
        found = _TAG.findall(self._model.draft.part(part).text)
        return list(dict.fromkeys(found))[:_MOST_KEYWORDS]

    # Changes

    async def add(self, paths: Sequence[Path], part: int = 0) -> None:
        """Take files in, one after the other; a bad one is told by name and keeps no other out."""
        brand_id = self._model.draft.brand_id
        for path in paths:
            media = await self._taken(path, part, brand_id)
            if self._model.draft.brand_id != brand_id or part not in self._model.draft.numbers():
                return
            pictures = self._model.draft.pictures(part)
            if media is not None and all(each.id != media.id for each, _alt in pictures):
                self._set(part, [*pictures, (media, "")])

    async def put_instead(self, media_id: int, path: Path, part: int = 0) -> None:
        """Put another file in a picture's place; its description stays, its crops were of the other one."""
        brand_id = self._model.draft.brand_id
        media = await self._taken(path, part, brand_id)
        if media is None or self._model.draft.brand_id != brand_id or part not in self._model.draft.numbers():
            return
        old = self._model.draft.pictures(part)
        new = [(media, alt) if each.id == media_id else (each, alt) for each, alt in old if each.id != media.id]
        if any(each.id == media_id for each, _alt in old):
            self._set(part, new)

    async def _taken(self, path: Path, part: int, brand_id: int) -> Media | None:
        loop, name = asyncio.get_running_loop(), shown_name(path)
        told = -1

        def progress(done: int, total: int) -> None:
            nonlocal told
            if (step := done * 50 // max(total, 1)) != told:
                told = step
                loop.call_soon_threadsafe(self.working.emit, part, name, done, total)

        self.working.emit(part, name, 0, 0)
        try:
            info: MediaInfo = await asyncio.to_thread(import_media, path, self._desk.media_folder, progress=progress)
            return (await self._desk.run(media_store.add_media, brand_id, info)).value
        except DeskError as error:
            self.refused.emit(part, name, explain(error))
            return None
        finally:
            self.finished.emit(part, name)
            _forget_pasted(path)

    def remove(self, media_id: int, part: int = 0) -> None:
        """Take it out; its file stays until nothing refers to it, so that it can be taken back."""
        draft = self._model.draft
        pictures = list(draft.pictures(part))
        at = next((place for place, (each, _alt) in enumerate(pictures) if each.id == media_id), -1)
        if at < 0:
            return
        taken, crops = pictures.pop(at), self.crops(media_id)
        brand_id, post_id = draft.brand_id, self._model.post_id

        def back() -> None:
            now = self._model.draft
            same = now.brand_id == brand_id and post_id in (None, self._model.post_id)
            if same and part in now.numbers() and all(each.id != media_id for each, _alt in now.pictures(part)):
                again = list(now.pictures(part))
                again.insert(min(at, len(again)), taken)
                self._set(part, again)
                self.set_crops(media_id, crops)

        self._set(part, pictures)
        text = _("The film was taken out") if taken[0].is_video else _("The picture was taken out")
        notices.toast(text, undo=back, action=_("Put it back"))

    def move(self, media_id: int, to: int, part: int = 0) -> None:
        """Put a picture at another place, counted without it."""
        pictures = list(self._model.draft.pictures(part))
        at = next((place for place, (each, _alt) in enumerate(pictures) if each.id == media_id), -1)
        if at < 0:
            return
        pictures.insert(min(max(to, 0), len(pictures) - 1), pictures.pop(at))
        self._set(part, pictures)

    def set_crops(self, media_id: int, crops: Mapping[str, Crop]) -> None:
        """Give a picture these crops by network ('' the common one) and no others; one that shows all is none,
        unless it differs from the common one."""
        common = crops.get("")
        kept = {
            (media_id, network): crop
            for network, crop in crops.items()
            if crop != WHOLE or (network and common is not None and common != WHOLE)
        }
        others = {key: crop for key, crop in self._model.draft.crops.items() if key[0] != media_id}
        self._become(crops={**others, **kept})

    def set_decorative(self, media_id: int, *, on: bool) -> None:
        """Say that a picture is decoration, or that it is not."""
        self._list(media_id, "", DECORATIVE, on=on)

    def leave_out(self, media_id: int, network: str, *, on: bool = True) -> None:
        """Let a network not get it, or get it again."""
        self._list(media_id, network, LEFT_OUT, on=on)

    def _list(self, media_id: int, network: str, name: str, *, on: bool) -> None:
        options = self._model.draft.options
        known = media_rules.left_out(options, network) if name == LEFT_OUT else media_rules.decorative(options)
        ids = known | {media_id} if on else known - {media_id}
        self._become(options=media_rules.with_ids(options, network, name, ids))

    def _set(self, part: int, pictures: Sequence[tuple[Media, str]]) -> None:
        self._model.become(self._model.draft.with_part(part, media=tuple(pictures)))
        self.changed.emit()

    def _become(self, **fields: object) -> None:
        self._model.become(replace(self._model.draft, **fields))  # type: ignore[arg-type]
        self.changed.emit()


_NETWORK_WORDS = {
    "mastodon": "Mastodon", "bluesky": "Bluesky", "instagram": "Instagram", "facebook": "Facebook",
    "threads": "Threads", "x": "X", "linkedin": "LinkedIn", "pinterest": "Pinterest", "telegram": "Telegram",
}  # fmt: skip


def network_word(network: str) -> str:
    """A network's name as it writes it itself."""
    return _NETWORK_WORDS.get(network, network.capitalize())


_PASTED_PREFIX = "cmdesk-pasted-"


def keep_pasted(image: QImage) -> Path:
    """Write a pasted picture where only this user can read it; taking it in removes it."""
    path = Path(tempfile.mkdtemp(prefix=_PASTED_PREFIX)) / "pasted.png"
    image.save(str(path), "PNG")  # type: ignore[call-overload]
    return path


def shown_name(path: Path) -> str:
    """A file's name as it is told; a pasted picture has none."""
    return _("Pasted picture") if path.parent.name.startswith(_PASTED_PREFIX) else path.name


def _forget_pasted(path: Path) -> None:
    if path.parent.name.startswith(_PASTED_PREFIX):
        shutil.rmtree(path.parent, ignore_errors=True)

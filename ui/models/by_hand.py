"""What a person publishes by hand (N26): the prepared text, pictures and page of one post at one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QImageReader

from cmdesk.commands import by_hand as commands, waking
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.model import Account, Brand, Crop, Delivery, Media
from cmdesk.planning.by_hand import NETWORK
from cmdesk.planning.waking import Decision, How
from cmdesk.store import accounts, brands, by_hand, media, outbox_read, planning
from cmdesk.store.db import Done
from ui.models import audience_for
from ui.models.drafting import draft_of
from ui.models.plan_choices import plan_choices

MOST_PIXELS = 40_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture or film as it is to be published there."""

    media: Media
    path: Path
    alt: str
    crop: Crop | None = None

    @property
    def film(self) -> bool:
        """Whether it is a film: saved, never copied."""
        return self.media.mime.startswith("video/")

    def image(self) -> QImage:
        """The picture as it was cropped; empty for a film or a file that is gone."""
        reader = QImageReader(str(self.path))
        reader.setAutoTransform(True)
        size = reader.size()
        if self.film or (size.isValid() and size.width() * size.height() > MOST_PIXELS):
            return QImage()
        found = reader.read()
        if found.isNull() or self.crop is None:
            return found
        wide, high = found.width(), found.height()
        box = QRect(
            round(self.crop.x * wide), round(self.crop.y * high), round(self.crop.w * wide), round(self.crop.h * high)
        )
        return found.copy(box & found.rect())

    def save(self, folder: Path, number: int) -> Path:
        """Put it into a folder under a plain name and return where; raises OSError."""
        target = folder / f"{number:02d}{self.path.suffix.lower()}"
        if self.crop is None or self.film:
            target.write_bytes(self.path.read_bytes())
        elif not self.image().save(str(target)):
            raise OSError(f"{target} cannot be written")
        return target


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of it; `comment` is the first comment."""

    delivery_id: int
    text: str
    pictures: tuple[Picture, ...] = ()
    comment: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """Everything of one post that is still to be published at one place."""

    ids: tuple[int, ...]
    brand: Brand
    account: Account
    pieces: tuple[Piece, ...]
    due_at: datetime
    wall: str
    answered: str = ""  # the page that an answer is for
    whom: tuple[str, ...] = ()  # for whom it is, where it is not for everybody

    @property
    def page(self) -> str:
        """The address where one publishes; '' for a place without one."""
        return self.answered or self.account.server


class ByHand:
    """Reads what waits and says that it is done."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def now(self) -> datetime:
        """The desk's clock."""
        return self._desk.clock.now()

    def waiting(self, brand_id: int | None = None) -> list[Delivery]:
        """What waits now, the earliest hour first; of a thread only its first part."""
        found = self._desk.page(by_hand.waiting, brand_id=brand_id)
        return list({(each.post_id, each.account_id): each for each in reversed(found)}.values())[::-1]

    def task(self, delivery_id: int) -> Task | None:
        """What is to be published; None when nothing of it waits any more."""
        page = self._desk.page
        ids = tuple(page(by_hand.together, delivery_id))
        if not ids:
            return None
        found = [page(outbox_read.delivery, each) for each in ids]
        first = found[0]
        stored = page(media.media_by_id, [number for each in found for number, _alt in each.media])
        pieces = tuple(
            Piece(each.id, each.text, self._pictures(each, stored), each.answers is not None) for each in found
        )
        account = page(accounts.account, first.account_id)
        ref = (first.reply_to or {}).get("ref")
        answered = str(ref.get("page") or "") if isinstance(ref, Mapping) else ""
        whom = self._whom(first) if first.kind == "post" else ()
        return Task(ids, page(brands.brand, first.brand_id), account, pieces, first.due_at, first.wall, answered, whom)

    def _whom(self, delivery: Delivery) -> tuple[str, ...]:
        draft = draft_of(self._desk.page(planning.post, delivery.post_id))
        choices = plan_choices(self._desk, delivery.brand_id)
        found = audience_for.tokens(draft, choices, audience_for.person_of(self._desk, draft), {})
        return tuple(each.text for each in found if each.key[0] != audience_for.PUBLIC)

    def of_post(self, post_id: int) -> list[int]:
        """The deliveries of a post that a person publishes, one for each place."""
        found: dict[int, int] = {}
        for each in self._desk.page(outbox_read.deliveries, post_id=post_id):
            if each.state in by_hand.OPEN and self._is_place(each.account_id):
                found.setdefault(each.account_id, each.id)
        return list(found.values())

    async def done(self, task: Task, url: str) -> Done[None]:
        """Say that it is out; raises Invalid (`link_form`) and Conflict."""
        return await self._desk.run(commands.done, delivery_ids=task.ids, url=url)

    async def give_up(self, task: Task) -> Done[int]:
        """Do not publish it there."""
        return await self._desk.run(waking.decide, decisions=[Decision(task.ids[0], How.DISCARD)])

    def _is_place(self, account_id: int) -> bool:
        try:
            return self._desk.page(accounts.account, account_id).network == NETWORK
        except Invalid:
            return False

    def _pictures(self, delivery: Delivery, stored: dict[int, Media]) -> tuple[Picture, ...]:
        return tuple(
            Picture(stored[number], self._desk.media_folder / stored[number].file, alt, delivery.crops.get(number))
            for number, alt in delivery.media
            if number in stored
        )


def names(pictures: Sequence[Picture]) -> str:
    """The descriptions of pictures, one a line."""
    return "\n".join(each.alt for each in pictures if each.alt)

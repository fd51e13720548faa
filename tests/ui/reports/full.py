"""A report with something on every page, and what a document says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cmdesk.commands import planning
from cmdesk.desk import Desk
from cmdesk.media import import_media
from cmdesk.networks.base import Counts, Kind
from cmdesk.reports.figures import Report
from cmdesk.store import brands, media
from tests.core.reports.made import Made
from ui.reports.document import Document
from ui.reports.style import Prose, Style


def picture(desk: Desk, folder: Path, brand_id: int, color: str) -> Any:
    """A picture of the profile's media folder."""
    file = folder / f"{color}.png"
    Image.new("RGB", (600, 400), color).save(file)
    return desk.run_now(media.add_media, brand_id, import_media(file, desk.media_folder))


def fill(desk: Desk, folder: Path, *, name: str = "La Panadería", posts: int = 30) -> int:
    """Fill a brand's March 2026 and plan its April; returns the brand."""
    made = Made(None, store=desk.store)
    brand_id = made.brand(name)
    logo = picture(desk, folder, brand_id, "#c2572b")
    desk.run_now(brands.update_brand, brand_id, logo_media_id=logo.id)
    account = made.account(brand_id, f"pan{brand_id}")
    sky = made.account(brand_id, f"sky{brand_id}.example", network="bluesky")
    made.followers(account, [("2026-02-28", 1200), *((f"2026-03-{day:02}", 1200 + 3 * day) for day in range(1, 32))])
    for number in range(posts):
        home = sky if number % 4 == 3 else account
        when = f"2026-03-{number % 28 + 1:02} {8 + number % 12:02}:15"
        made.posted(home, when, f"Publicación número {number} 🥖", counts=Counts(number, number // 2, 1, 0))
    for number in range(20):
        question = made.asked(account, f"2026-03-{number + 2:02} 09:00", f"Pregunta {number}", who=f"ana{number}")
        if number % 3:
            made.answered(account, question, f"2026-03-{number + 2:02} {10 + number % 8}:30")
        made.liked(
            account, f"2026-03-{number + 2:02} 12:00", kind=(Kind.FAVOURITE, Kind.BOOST, Kind.FOLLOW)[number % 3]
        )
    plan = desk.run_now(
        planning.save_post, brand_id=brand_id, text="Torrijas de abril", account_ids=[account.id],
        media=[(picture(desk, folder, brand_id, "#112233").id, "torrijas")],
    )  # fmt: skip
    desk.run_now(planning.schedule, post_id=plan, wall="2026-04-02T10:00", zone="Europe/Madrid")
    return brand_id


def said(report: Report, language: str, pictures: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """Everything a document writes, in the order of its pages."""
    lines: list[str] = []
    put, draw = Style.put, Prose.draw

    def noted_put(self: Style, painter: Any, x: float, y: float, text: str, *args: Any, **more: Any) -> float:
        lines.append(text)
        return put(self, painter, x, y, text, *args, **more)

    def noted_draw(self: Prose, *args: Any) -> None:
        lines.append(self._layout.text().replace("\u2028", "\n"))
        draw(self, *args)

    with monkeypatch.context() as patch:
        patch.setattr(Style, "put", noted_put)
        patch.setattr(Prose, "draw", noted_draw)
        document = Document(report, language=language, pictures=pictures)
        for number in range(document.page_count):
            document.image(number, 300)
    return "\n".join(lines)

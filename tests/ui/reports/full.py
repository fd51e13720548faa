"""A report with something on every page, and what a document says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cmdesk.clock import to_ms
from cmdesk.commands import planning
from cmdesk.desk import Desk
from cmdesk.media import import_media
from cmdesk.networks.base import Counts, Kind
from cmdesk.reports.figures import Report
from cmdesk.store import brands, media
from cmdesk.store.db import Transaction
from tests.core.reports.made import Made, at
from ui.paper.style import Prose, Style
from ui.reports.document import Document


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
    desk.store.write(_care, brand_id).result(5)
    plan = desk.run_now(
        planning.save_post, brand_id=brand_id, text="Torrijas de abril", account_ids=[account.id],
        media=[(picture(desk, folder, brand_id, "#112233").id, "torrijas")],
    )  # fmt: skip
    desk.run_now(planning.schedule, post_id=plan, wall="2026-04-02T10:00", zone="Europe/Madrid")
    return brand_id


def _care(tx: Transaction, brand_id: int) -> None:
    """Moods of the messages, and eight complaints with what became of them."""
    words = tx.conn.execute("SELECT id FROM message WHERE brand_id = ? AND direction = 'in' ORDER BY id", (brand_id,))
    for place, (message_id,) in enumerate(words.fetchall()):
        mood = ("positive", "negative", "neutral", "negative")[place % 4]
        tx.conn.execute(
            "INSERT INTO triage (message_id, brand_id, sentiment, at) VALUES (?1, ?2, ?3, 0)"
            " ON CONFLICT (message_id) DO UPDATE SET sentiment = ?3",
            (message_id, brand_id, mood),
        )
    causes = ("Envío tardío", "Pan duro", "Trato en la tienda", "")
    tables = tx.db.table
    for number in range(1, 9):
        opened = to_ms(at(f"2026-03-{number * 3:02} 10:00"))
        case_id = tables("care_case").insert(
            {"number": number, "brand_id": brand_id, "cause": causes[number % 4], "opened_at": opened,
             "solved_at": opened + number * 7_200_000 if number % 3 else None, "valid": number != 5,
             "closed_at": opened + 300_000_000 if number % 3 else None, "satisfaction": 3 + number % 3,
             "outcome": ("won_back", "lost", "advocate")[number % 3] if number % 3 else ""}
        ).last_pk  # fmt: skip
        tables("promise").insert(
            {"brand_id": brand_id, "case_id": case_id, "text": "llamar", "made_at": opened,
             "due_at": opened + 9_000_000, "kept_at": opened + 8_000_000 if number % 4 else None}
        )  # fmt: skip
        tables("compensation").insert(
            {"brand_id": brand_id, "case_id": case_id, "kind": "voucher", "cost_cents": 450 * number, "at": opened}
        )
        tables("wish").insert(
            {
                "brand_id": brand_id,
                "kind": "idea",
                "text": f"¿Y si hicierais pan sin sal, número {number}?",
                "at": opened,
            }
        )
    tables("referral").insert(
        {"brand_id": brand_id, "case_id": case_id, "who": "Vicent", "asked": "¿qué pasó?",
         "sent_at": to_ms(at("2026-03-03 12:00")),
         "answered_at": to_ms(at("2026-03-04 09:30"))}
    )  # fmt: skip


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

"""The plan as a table that can be read in again, and as JSON (rank 28).

Dates, hours and zones are written one way in every language; the delimiter is the one spreadsheets of the language
expect. Cells that a spreadsheet would run as a formula carry a "'" in front (`cmdesk.tables.guard`).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from cmdesk.model import Part
from cmdesk.planning.content import market_of
from cmdesk.reports.plan import Plan, PlanRow
from cmdesk.tables import guard
from cmdesk.wording_plan import state_words

#: The columns with their Spanish titles; `text` is followed by one for each network that says it otherwise.
COLUMNS: Final = {
    "post": "post", "brand": "marca", "date": "fecha", "time": "hora", "zone": "zona", "accounts": "cuentas",
    "text": "texto", "first_comment": "primer_comentario", "parts": "partes", "media": "medios",
    "alt": "descripción", "campaign": "campaña", "labels": "etiquetas", "market": "mercado", "aim": "objetivo",
    "language": "idioma", "visibility": "visibilidad", "spoiler": "aviso", "note": "nota", "state": "estado",
    "url": "url",
}  # fmt: skip


def plan_csv(plan: Plan, *, language: str = "en", media_folder: Path | None = None) -> str:
    """Return the plan as CSV, a post and time a row; in Spanish with Spanish titles and ";" between the cells.

    Pictures are named by their paths when `media_folder` is given, so that reading the file finds them.
    """
    spanish = language.startswith("es")
    networks = sorted({key for row in plan.rows for key in _own_texts(row)})
    titles: list[str] = []
    for name in COLUMNS:
        titles.append(name)
        if name == "text":
            titles += [f"text_{each}" for each in networks]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if spanish else ",", lineterminator="\r\n")
    writer.writerow([_title(each) for each in titles] if spanish else titles)
    for row in plan.rows:
        cells = _cells(row, media_folder)
        writer.writerow([guard(cells.get(title, "")) for title in titles])
    return out.getvalue()


def _title(name: str) -> str:
    if name in COLUMNS:
        return COLUMNS[name]
    market = name.removeprefix("text_market_")
    return f"texto_mercado_{market}" if market != name else f"texto_{name.removeprefix('text_')}"


def plan_json(plan: Plan) -> str:
    """Return the plan as JSON: codes for states, times with their offset and as the person chose them."""
    content = {
        "format": "cmdesk-plan",
        "start": plan.start.isoformat(),
        "end": plan.end.isoformat(),
        "zone": plan.zone,
        "brands": [each.name for each in plan.brands],
        "posts": [_object(row) for row in plan.rows],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _own_texts(row: PlanRow) -> dict[str, str]:
    """What networks and markets say in words of their own, by what their columns are called behind `text_`."""
    found = {}
    for key, text in row.post.variants.items() if row.post is not None else ():
        market_id = market_of(key)
        name = key if market_id is None else row.markets.get(market_id, "") and f"market_{row.markets[market_id]}"
        if name and not key.startswith("#") and (text != row.text or market_id is not None):
            found[name] = text
    return found


def _cells(row: PlanRow, media_folder: Path | None) -> dict[str, str]:
    post = row.post
    cells = {
        "brand": row.brand.name,
        "date": f"{row.local:%Y-%m-%d}",
        "time": f"{row.local:%H:%M}",
        "zone": row.zone,
        "accounts": ", ".join(_account_words(row)),
        "text": row.text,
        "campaign": row.campaign,
        "labels": ", ".join(row.labels),
        "market": row.market,
        "state": state_words(row.item),
        "url": row.url,
    }
    if post is None:
        return cells
    cells |= {f"text_{network}": text for network, text in _own_texts(row).items()}
    files = [each.media.file if media_folder is None else str(media_folder / each.media.file) for each in post.media]
    return cells | {
        "post": str(post.id),
        "first_comment": post.comment.text if post.comment is not None else "",
        "parts": "\n---\n".join(each.text for each in post.parts),
        "media": "\n".join(files),
        "alt": "\n".join(each.alt for each in post.media) if any(each.alt for each in post.media) else "",
        "language": post.language,
        "visibility": post.visibility,
        "spoiler": post.spoiler,
        "aim": post.aim,
        "note": post.note,
    }


def _account_words(row: PlanRow) -> Sequence[str]:
    return [f"{each.network}:@{each.handle.removeprefix('@')}" for each in row.accounts]


def _object(row: PlanRow) -> dict[str, Any]:
    post = row.post
    found: dict[str, Any] = {
        "id": row.item.post_id if post is not None else None,
        "brand": row.brand.name,
        "at": row.at.isoformat(),
        "wall": f"{row.local:%Y-%m-%dT%H:%M}",
        "zone": row.zone,
        "accounts": list(_account_words(row)),
        "state": row.status.value,
        "elsewhere": post is None,
        "approval": row.item.approval,
        "text": row.text,
        "campaign": row.campaign,
        "labels": list(row.labels),
        "market": row.market,
        "url": row.url,
    }
    if post is None:
        return found
    return found | {
        "texts": _own_texts(row),
        "parts": [_part(each) for each in post.parts],
        "first_comment": None if post.comment is None else _part(post.comment),
        "media": [{"file": each.media.file, "alt": each.alt} for each in post.media],
        "language": post.language,
        "visibility": post.visibility,
        "spoiler": post.spoiler,
        "aim": post.aim,
        "note": post.note,
    }


def _part(part: Part) -> dict[str, Any]:
    return {"text": part.text, "media": [{"file": each.media.file, "alt": each.alt} for each in part.media]}

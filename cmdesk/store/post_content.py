"""What a post says beside its first text: parts, poll, card, pictures and their crops, options, labels."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cmdesk.errors import Invalid
from cmdesk.model import Card, Crop, Part, Poll, PostMedia
from cmdesk.planning.content import COMMENT, card_json, poll_json
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.media import media_value
from cmdesk.store.rows import dump, fetch, ids_json, load


@dataclass(frozen=True, slots=True)
class Content:
    """Everything of one post that stands in tables of its own."""

    variants: Mapping[str, str] = field(default_factory=dict)
    media: tuple[PostMedia, ...] = ()
    parts: tuple[Part, ...] = ()
    comment: Part | None = None
    crops: Mapping[tuple[int, str], Crop] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    labels: tuple[int, ...] = ()


@dataclass
class _Gathered:
    variants: dict[str, str] = field(default_factory=dict)
    media: dict[int, list[PostMedia]] = field(default_factory=dict)
    parts: dict[int, dict[str, str]] = field(default_factory=dict)
    crops: dict[tuple[int, str], Crop] = field(default_factory=dict)
    options: dict[str, Mapping[str, object]] = field(default_factory=dict)
    labels: list[int] = field(default_factory=list)

    def part(self, number: int) -> Part:
        own = dict(self.parts[number])
        return Part(own.pop("", ""), own, tuple(self.media.get(number, ())))

    def whole(self) -> Content:
        return Content(
            self.variants,
            tuple(self.media.get(0, ())),
            tuple(self.part(number) for number in sorted(self.parts) if number > 0),
            self.part(COMMENT) if COMMENT in self.parts else None,
            self.crops,
            self.options,
            tuple(self.labels),
        )


def contents(reader: Reader, ids: Iterable[int]) -> dict[int, Content]:
    """Return what these posts say beside their first texts, by post."""
    numbers = list(ids)
    wanted = (ids_json(numbers),)
    found = {each: _Gathered() for each in numbers}
    for post_id, key, text in reader.execute(
        "SELECT post_id, network, text FROM post_variant WHERE post_id IN (SELECT value FROM json_each(?))", wanted
    ):
        found[post_id].variants[key] = text
    for post_id, part, key, text in reader.execute(
        "SELECT post_id, part, key, text FROM post_part WHERE post_id IN (SELECT value FROM json_each(?))"
        " ORDER BY post_id, part",
        wanted,
    ):
        found[post_id].parts.setdefault(part, {})[key] = text
    for row in _media_rows(reader, wanted[0]):
        media = found[row["post_id"]].media.setdefault(row["part"], [])
        media.append(PostMedia(media_value(row), row["alt"], row["position"]))
    for post_id, media_id, network, *sides in reader.execute(
        "SELECT post_id, media_id, network, x, y, w, h FROM post_crop"
        " WHERE post_id IN (SELECT value FROM json_each(?))",
        wanted,
    ):
        found[post_id].crops[media_id, network] = Crop(*sides)
    for post_id, network, options in reader.execute(
        "SELECT post_id, network, options FROM post_options WHERE post_id IN (SELECT value FROM json_each(?))", wanted
    ):
        found[post_id].options[network] = load(options)
    for post_id, label_id in reader.execute(
        "SELECT post_id, label_id FROM post_label WHERE post_id IN (SELECT value FROM json_each(?))"
        " ORDER BY post_id, label_id",
        wanted,
    ):
        found[post_id].labels.append(label_id)
    return {post_id: each.whole() for post_id, each in found.items()}


def _media_rows(reader: Reader, wanted: str) -> list[sqlite3.Row]:
    return fetch(
        reader,
        "SELECT pm.post_id, pm.position, pm.part, pm.alt, m.* FROM post_media pm JOIN media m ON m.id = pm.media_id"
        " WHERE pm.post_id IN (SELECT value FROM json_each(?)) ORDER BY pm.post_id, pm.position",
        (wanted,),
    )


def save_content(
    tx: Transaction,
    post_id: int,
    brand_id: int,
    *,
    variants: Mapping[str, str],
    media: Sequence[tuple[int, str]],
    parts: Sequence[Part],
    comment: Part | None,
    poll: Poll | None,
    card: Card | None,
    crops: Mapping[tuple[int, str], Crop],
    options: Mapping[str, Mapping[str, object]],
) -> None:
    """Replace what a post says; raises Invalid for pictures of another brand."""
    _save_texts(tx, post_id, variants, parts, comment)
    uses = [(0, media_id, alt) for media_id, alt in media]
    numbered = [*enumerate(parts, 1), *([] if comment is None else [(COMMENT, comment)])]
    uses += [(number, each.media.id, each.alt) for number, part in numbered for each in part.media]
    _save_media(tx, post_id, brand_id, uses)
    tx.conn.execute("DELETE FROM post_crop WHERE post_id = ?", (post_id,))
    used = {media_id for _part, media_id, _alt in uses}
    tx.conn.executemany(
        "INSERT INTO post_crop (post_id, media_id, network, x, y, w, h) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (post_id, media_id, network, crop.x, crop.y, crop.w, crop.h)
            for (media_id, network), crop in crops.items()
            if media_id in used
        ],
    )
    tx.conn.execute("DELETE FROM post_options WHERE post_id = ?", (post_id,))
    tx.conn.executemany(
        "INSERT INTO post_options (post_id, network, options) VALUES (?, ?, ?)",
        [(post_id, network, dump(dict(each))) for network, each in options.items() if each],
    )
    tx.conn.execute(
        "UPDATE post SET poll = ?, card = ? WHERE id = ?",
        ("" if poll is None else dump(poll_json(poll)), "" if card is None else dump(card_json(card)), post_id),
    )


def set_labels(tx: Transaction, post_id: int, labels: Iterable[int]) -> None:
    """Give a post these labels of its brand and no others; raises Invalid for another brand's."""
    tx.conn.execute("DELETE FROM post_label WHERE post_id = ?", (post_id,))
    for label_id in dict.fromkeys(labels):
        added = tx.conn.execute(
            "INSERT INTO post_label (post_id, label_id) SELECT p.id, l.id FROM post p JOIN label l"
            " ON l.brand_id = p.brand_id WHERE p.id = ? AND l.id = ?",
            (post_id, label_id),
        )
        if not added.rowcount:
            raise Invalid(f"label {label_id} is not the brand's", code="wrong_brand", detail=str(label_id))


def _save_texts(
    tx: Transaction, post_id: int, variants: Mapping[str, str], parts: Sequence[Part], comment: Part | None
) -> None:
    tx.conn.execute("DELETE FROM post_variant WHERE post_id = ?", (post_id,))
    tx.conn.executemany(
        "INSERT INTO post_variant (post_id, network, text) VALUES (?, ?, ?)",
        [(post_id, key, text) for key, text in variants.items()],
    )
    tx.conn.execute("DELETE FROM post_part WHERE post_id = ?", (post_id,))
    numbered = [*enumerate(parts, 1), *([] if comment is None else [(COMMENT, comment)])]
    tx.conn.executemany(
        "INSERT INTO post_part (post_id, part, key, text) VALUES (?, ?, ?, ?)",
        [
            (post_id, number, key, text)
            for number, part in numbered
            for key, text in ({"": part.text} | dict(part.variants)).items()
        ],
    )


def _save_media(tx: Transaction, post_id: int, brand_id: int, uses: Sequence[tuple[int, int, str]]) -> None:
    tx.conn.execute("DELETE FROM post_media WHERE post_id = ?", (post_id,))
    for position, (part, media_id, alt) in enumerate(uses):
        added = tx.conn.execute(
            "INSERT INTO post_media (post_id, position, part, media_id, alt) SELECT ?, ?, ?, id, ? FROM media"
            " WHERE id = ? AND brand_id = ?",
            (post_id, position, part, alt, media_id, brand_id),
        )
        if not added.rowcount:
            raise Invalid(
                f"picture {media_id} does not belong to the post's brand", code="wrong_brand", detail=str(media_id)
            )

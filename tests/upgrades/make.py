"""Make the stored database of the current schema version: `python -m tests.upgrades.make`.

Run once for each released schema and committed; a released one is never made again. It holds rows in every table.
"""

from __future__ import annotations

import gzip
import sqlite3
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cmdesk.clock import FixedClock
from cmdesk.commands.contacts import edit_contact
from cmdesk.model import ConversationState, IgnoreReason, Target
from cmdesk.networks.base import Attachment, Author, Capabilities, Counts, Incoming, Kind, Limits, MetricPoint, Profile
from cmdesk.store import (
    accounts,
    brands,
    circles,
    fts,
    inbox,
    library,
    markets,
    media,
    metrics,
    planning,
    settings,
)
from cmdesk.store.db import SCHEMA_VERSION, Store, Transaction
from cmdesk.store.intake import upsert_items

FOLDER = Path(__file__).parent
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def stored(version: int) -> Path:
    """Return the name of the stored database of a schema version."""
    return FOLDER / f"schema-{version}.db.gz"


def unpack(version: int, target: Path) -> Path:
    """Write the stored database of a schema version to `target`."""
    target.write_bytes(gzip.decompress(stored(version).read_bytes()))
    return target


class _Picture:
    sha256, mime, width, height, byte_size, file_name = "a" * 64, "image/png", 2, 3, 77, "a" * 64 + ".png"


def fill(tx: Transaction) -> None:
    """Put something into every table."""
    brand_id = brands.add_brand(tx, name="Panadería Ñandú", zone="Europe/Madrid", language="es", color="#a05020")
    profile = Profile(Author("me", "me@example.social", "Ñandú"), Capabilities(Limits(500)), "https://example.social")
    account_id = accounts.add_account(tx, brand_id=brand_id, profile=profile, network="mastodon", secret_ref="ref")
    account = accounts.account(tx.conn, account_id)
    accounts.save_cursor(tx, account_id, "home", head="9", back="1", back_done=True)
    accounts.note_gap(tx, account_id, "home", older="5", reason="dropped")
    accounts.quarantine(tx, account_id, "home", [("q1", "{}", "no author")])
    ana = Author("ana", "ana@x.social", "Ana Peña", followers=12)
    upsert_items(
        tx,
        account,
        "home",
        [
            Incoming("p1", Kind.OWN, Author("me", "me"), NOW - timedelta(days=2), "Tarta", counts=Counts(favourites=2)),
            Incoming("m1", Kind.REPLY, ana, NOW - timedelta(days=1), "¿Queda?", parent_id="p1", parent_author_id="me",
                     attachments=(Attachment("image", "https://x/1.png", alt="una tarta"),), mentions=("@me",)),
            Incoming("m2", Kind.MENTION, ana, NOW - timedelta(hours=3), "Borrado"),
            Incoming("f1", Kind.FAVOURITE, ana, NOW - timedelta(hours=2), target_id="p1"),
            Incoming("c1", Kind.CONTEXT, Author("zoe", "zoe@z"), NOW - timedelta(hours=4), "aside", parent_id="m1"),
        ],
    )  # fmt: skip
    upsert_items(tx, account, "home", [Incoming("m1", Kind.REPLY, ana, NOW - timedelta(days=1), "¿Queda tarta?",
                                                edited_at=NOW, parent_id="p1", parent_author_id="me"),
                                       Incoming("m2", Kind.DELETED, ana, NOW)])  # fmt: skip
    first, second = (row[0] for row in tx.conn.execute("SELECT id FROM conversation ORDER BY id"))
    inbox.set_state(tx, [second], ConversationState.IGNORED, reason=IgnoreReason.SPAM)
    inbox.save_draft(tx, first, "Sí, queda una")
    inbox.add_note(tx, first, "clienta de siempre")
    inbox.set_labels(tx, [first], [inbox.add_label(tx, brand_id=brand_id, name="pedidos")])
    market = markets.save_market(
        tx, brand_id=brand_id, name="España", language="es", country="ES", zone="Europe/Madrid"
    )
    circle = circles.save_circle(
        tx, brand_id=brand_id, name="Vecinas", market_id=market, rule={"field": "language", "is": "in", "value": ["es"]}
    )
    [contact_id] = [row[0] for row in tx.conn.execute("SELECT id FROM contact")]
    circles.set_hands(tx, circle, [contact_id], circles.IN)
    edit_contact(tx, contact_id=contact_id, notes="sin gluten", market_id=market)
    picture = media.add_media(tx, brand_id, _Picture())
    post_id = planning.save_post(
        tx, brand_id=brand_id, text="Mañana roscón", variants={"bluesky": "Roscón"}, media=[(picture.id, "roscón")],
        targets=[Target(account_id, "2026-03-03T10:00", "Europe/Madrid")], note="foto nueva", language="es",
    )  # fmt: skip
    library.save_template(tx, brand_id=brand_id, name="Gracias", texts={"es": "¡Gracias, {nombre}!", "en": "Thanks!"})
    metrics.add_points(tx, account_id, [MetricPoint(date(2026, 3, 1), "followers", 120),
                                        MetricPoint(date(2026, 3, 1), "favourites", 2, "p1")])  # fmt: skip
    settings.put(tx, "language", "es")
    settings.put_meta(tx, "install_id", "0" * 32)
    _fill_by_hand(tx, brand_id, account_id, post_id, first, contact_id)


def _fill_by_hand(
    tx: Transaction, brand_id: int, account_id: int, post_id: int, conversation_id: int, contact_id: int
) -> None:
    """Fill the tables whose own modules come later, or that only the outbox writes."""
    message_id = tx.conn.execute("SELECT min(id) FROM message").fetchone()[0]
    now = tx.now_ms
    rows: list[tuple[str, dict[str, object]]] = [
        ("service_hours", {"id": 1, "brand_id": brand_id, "weekday": 0, "opens": "09:00", "closes": "14:00"}),
        ("own_holiday", {"id": 1, "brand_id": brand_id, "day": "2026-05-15", "name": "San Isidro"}),
        ("triage", {"message_id": message_id, "brand_id": brand_id, "sentiment": "neutral", "at": now}),
        ("care_case", {"id": 1, "brand_id": brand_id, "number": 1, "conversation_id": conversation_id,
                       "contact_id": contact_id, "opened_at": now}),
        ("promise", {"id": 1, "brand_id": brand_id, "case_id": 1, "text": "llamar", "due_at": now, "made_at": now}),
        ("compensation", {"id": 1, "brand_id": brand_id, "case_id": 1, "kind": "voucher", "at": now}),
        ("referral", {"id": 1, "brand_id": brand_id, "case_id": 1, "who": "obrador", "asked": "¿hay?", "sent_at": now}),
        ("triage_word", {"brand_id": brand_id, "field": "sentiment", "word": "ojalá", "label": "neutral",
                         "weight": 0.5}),
        ("service_level", {"brand_id": brand_id, "first_answer_min": 240, "country": "ES", "region": "MD"}),
        ("care_plan", {"brand_id": brand_id, "name": "causes", "value": '["pedido"]', "updated_at": now}),
        ("evidence", {"id": 1, "brand_id": brand_id, "message_id": message_id, "reason": "abuse", "content": "{}",
                      "at": now, "sha256": "0" * 64, "chain": "1" * 64}),
        ("crisis", {"id": 1, "brand_id": brand_id, "reason": "factura", "started_at": now, "over_at": now,
                    "closed_at": now}),
        ("crisis_log", {"id": 1, "crisis_id": 1, "kind": "started", "at": now}),
        ("crisis_held", {"crisis_id": 1, "delivery_id": 1, "decision": "released", "decided_at": now}),
        ("alarm", {"id": 1, "brand_id": brand_id, "kind": "negative", "reason": "{}", "at": now}),
        ("wish", {"id": 1, "brand_id": brand_id, "kind": "idea", "text": "pan sin sal", "at": now}),
        ("watch_place", {"id": 1, "brand_id": brand_id, "name": "Foro del barrio", "added_at": now}),
        ("campaign", {"id": 1, "brand_id": brand_id, "name": "Reyes"}),
        ("delivery", {"id": 1, "brand_id": brand_id, "account_id": account_id, "post_id": post_id, "revision": 1,
                      "kind": "post", "text": "Mañana roscón", "expected_author": "me", "idem_key": "k",
                      "record_key": "r", "due_at": now + 86_400_000, "wall": "2026-03-03T10:00",
                      "zone": "Europe/Madrid", "late_grace_s": 900, "sealed_at": now, "state": "queued",
                      "state_at": now}),
        ("delivery_upload", {"delivery_id": 1, "position": 0, "remote": "media-1"}),
        ("attempt", {"id": 1, "delivery_id": 1, "idem_key": "k", "record_key": "r", "frozen_at": now,
                     "request_sha256": "0" * 64, "instance": "i", "started_at": now, "monotonic": 1.5}),
        ("action", {"id": 1, "brand_id": brand_id, "account_id": account_id, "act": "like", "target": "{}",
                    "created_at": now}),
        *_publishing(brand_id, account_id, post_id, now),
        *_audience(brand_id, account_id, contact_id, now),
    ]  # fmt: skip
    for table, row in rows:
        tx.db.table(table).insert(row)
    fts.put_in(tx, "contact", [contact_id + 1])


def _publishing(brand_id: int, account_id: int, post_id: int, now: int) -> list[tuple[str, dict[str, object]]]:
    """The tables of version 3."""
    return [
        ("post_part", {"post_id": post_id, "part": 1, "text": "Y el miércoles, más"}),
        ("post_options", {"post_id": post_id, "network": "mastodon", "options": '{"quotes": "nobody"}'}),
        ("post_crop", {"post_id": post_id, "media_id": 1, "x": 0.0, "y": 0.1, "w": 1.0, "h": 0.5}),
        ("post_label", {"post_id": post_id, "label_id": 1}),
        ("post_version", {"id": 1, "post_id": post_id, "at": now, "content": "{}"}),
        ("preflight", {"delivery_id": 1, "code": "link_broken", "detail": "https://x.example", "at": now}),
        ("slot", {"id": 1, "brand_id": brand_id, "account_id": account_id, "weekday": 0, "at": "10:00",
                  "zone": "Europe/Madrid"}),
        ("series", {"id": 1, "brand_id": brand_id, "post_id": post_id, "rule": "FREQ=WEEKLY",
                    "wall": "2026-03-03T10:00", "zone": "Europe/Madrid", "created_at": now}),
        ("series_day", {"series_id": 1, "wall": "2026-03-10", "post_id": post_id}),
        ("day_note", {"id": 1, "brand_id": brand_id, "day": "2026-03-19", "text": "San José", "created_at": now}),
        ("approval_sheet", {"id": 1, "brand_id": brand_id, "number": 1, "title": "Marzo", "asked_at": now}),
        ("approval", {"id": 1, "brand_id": brand_id, "sheet_id": 1, "post_id": post_id, "position": 1,
                      "fingerprint": "0" * 64, "state": "approved", "answered_at": now}),
        ("brand_word", {"brand_id": brand_id, "kind": "forbidden", "word": "barato"}),
        ("review_ignored", {"brand_id": brand_id, "code": "no_picture", "at": now}),
        ("hashtag_set", {"id": 1, "brand_id": brand_id, "name": "Pan", "tags": "#Pan #MasaMadre"}),
        ("product_link", {"id": 1, "brand_id": brand_id, "name": "Roscón", "url": "https://x.example/roscon",
                          "created_at": now}),
        ("link_check", {"url": "https://x.example/roscon", "status": 200, "title": "Roscón", "at": now}),
    ]  # fmt: skip


def _audience(brand_id: int, account_id: int, contact_id: int, now: int) -> list[tuple[str, dict[str, object]]]:
    """The tables of version 4."""
    return [
        ("contact", {"id": contact_id + 1, "brand_id": brand_id, "name": "Ana P.", "origin": "import",
                     "created_at": now}),
        ("contact_field", {"id": 1, "brand_id": brand_id, "name": "Talla", "kind": "text"}),
        ("contact_value", {"contact_id": contact_id, "field_id": 1, "value": "M"}),
        ("merge_refused", {"one_id": contact_id, "other_id": contact_id + 1, "at": now}),
        ("forgotten", {"id": 1, "brand_id": brand_id, "number": 1, "at": now, "removed": '{"messages": 3}'}),
        ("circle_member", {"circle_id": 1, "contact_id": contact_id, "since": now}),
        ("circle_event", {"id": 1, "circle_id": 1, "contact_id": contact_id, "joined": 1, "why": "hand", "at": now}),
        ("brand_voice", {"brand_id": brand_id, "value": "{}", "updated_at": now}),
        ("account_aim", {"account_id": account_id, "market_id": 1, "goal": "vender más pan"}),
        ("listen_search", {"id": 1, "brand_id": brand_id, "kind": "words", "name": "Masa madre", "created_at": now}),
        ("listen_hit", {"id": 1, "brand_id": brand_id, "source": "web", "remote_id": "1", "text": "¿dónde hay pan?",
                        "at": now, "found_at": now}),
        ("listen_match", {"hit_id": 1, "search_id": 1}),
        ("listen_muted", {"brand_id": brand_id, "source": "web", "author_id": "spam", "at": now}),
        ("listen_figure", {"search_id": 1, "day": "2026-03-01", "name": "followers", "value": 120.0}),
    ]  # fmt: skip


def make() -> Path:
    """Write the stored database of the current version."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "desk.db"
        store = Store(path, clock=FixedClock(NOW))
        store.write(fill).result()
        store.close()
        conn = sqlite3.connect(path)
        conn.execute("PRAGMA journal_mode = DELETE")
        conn.execute("VACUUM")
        conn.close()
        target = stored(SCHEMA_VERSION)
        target.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    return target


if __name__ == "__main__":
    make()

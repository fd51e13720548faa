"""A plan of 1,000 rows taken in, beside bare CSV reading and bare inserts of the same rows in the same run; best times.

The bare run reads the cells with `csv` and inserts a post, its target and its delivery with nothing checked: what no
import can do without.
"""

from __future__ import annotations

import csv
import io
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from cmdesk.clock import FixedClock, to_ms
from cmdesk.commands import brands, plan_import as commands
from cmdesk.desk import Desk
from cmdesk.networks.base import Author, Capabilities, Limits, Profile
from cmdesk.planning.importing.rows import read_plan
from cmdesk.planning.importing.sheets import read_sheet
from cmdesk.store import accounts, best_times, plan_import
from cmdesk.store.db import Transaction
from tests.bench.figures import Figure, Skipped, milliseconds, p50

ROWS = 1000
PUBLICATIONS = 5000
TARGET_MS = 2000
TARGET_RATIO = 25.0
TARGET_BEST_MS = 20
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def figures() -> Iterator[Figure | Skipped]:
    """Everything from the bytes of the file to the committed rows."""
    data = plan_bytes()
    with tempfile.TemporaryDirectory(prefix="cmdesk-bench-") as folder:
        desk, account = _desk(Path(folder) / "profile")
        started = perf_counter()
        sheet = read_sheet(data)
        plan = read_plan(sheet, desk.page(plan_import.known, now=NOW))
        judged = (perf_counter() - started) * 1000
        done = desk.run_now(commands.take, entries=plan.entries, schedule=True)
        whole = (perf_counter() - started) * 1000
        assert (len(done.post_ids), plan.left_out) == (ROWS, 0)
        bare = _bare(data, Path(folder) / "bare.db")
        yield Figure(f"{ROWS} rows read and judged", judged, "ms")
        yield Figure(f"{ROWS} rows taken in and scheduled", whole, "ms", at_most=TARGET_MS)
        yield Figure("beside bare csv and inserts", whole, "ms", bare, "csv and bare inserts", at_most=TARGET_RATIO)
        desk.run_now(_publications, account)
        took = milliseconds(
            lambda: desk.page(best_times.best_times, [account], zone="Europe/Madrid", now_ms=to_ms(NOW)), 9
        )
        yield Figure(f"best times of {PUBLICATIONS} publications", p50(took), "ms", at_most=TARGET_BEST_MS)
        desk.close_now()


def plan_bytes() -> bytes:
    """A plan of a year as a spreadsheet writes it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["Marca", "Cuentas", "Fecha", "Hora", "Texto", "Campaña", "Etiquetas"])
    for number in range(ROWS):
        day = NOW.date() + timedelta(days=2 + number // 4)
        text = f"Publicación {number}: pan de espelta recién hecho https://panaderia.example/{number} #pan"
        writer.writerow(
            ["Panadería", "@carmen", f"{day:%d/%m/%Y}", f"{9 + number % 4 * 3}:30", text, "Año", "pan, día"]
        )
    return out.getvalue().encode("cp1252")


def _desk(profile: Path) -> tuple[Desk, int]:
    desk = Desk(profile, clock=FixedClock(NOW))
    brand = desk.run_now(brands.add_brand, name="Panadería")
    author = Author("a", "carmen@plaza.example", "Carmen")
    account = desk.run_now(
        accounts.add_account, brand_id=brand, network="mastodon", secret_ref="x",
        profile=Profile(author, Capabilities(Limits(500, 23)), "https://plaza.example"),
    )  # fmt: skip
    return desk, account


def _bare(data: bytes, path: Path) -> float:
    """Milliseconds for reading the cells and inserting three rows a post, in one durable transaction."""
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("CREATE TABLE post (id INTEGER PRIMARY KEY, brand TEXT, text TEXT)")
    conn.execute("CREATE TABLE target (post_id INTEGER, account TEXT, wall TEXT)")
    conn.execute("CREATE TABLE delivery (id INTEGER PRIMARY KEY, post_id INTEGER, text TEXT, wall TEXT)")
    started = perf_counter()
    conn.execute("BEGIN")
    for row in csv.DictReader(io.StringIO(data.decode("cp1252"), newline=""), delimiter=";"):
        wall = datetime.strptime(f"{row['Fecha']} {row['Hora']}", "%d/%m/%Y %H:%M").isoformat()  # noqa: DTZ007
        post = conn.execute("INSERT INTO post (brand, text) VALUES (?, ?)", (row["Marca"], row["Texto"])).lastrowid
        conn.execute("INSERT INTO target VALUES (?, ?, ?)", (post, row["Cuentas"], wall))
        conn.execute("INSERT INTO delivery (post_id, text, wall) VALUES (?, ?, ?)", (post, row["Texto"], wall))
    conn.execute("COMMIT")
    took = (perf_counter() - started) * 1000
    conn.close()
    return took


def _publications(tx: Transaction, account: int) -> None:
    chance = random.Random(7)
    brand = tx.conn.execute("SELECT brand_id FROM account WHERE id = ?", (account,)).fetchone()[0]
    tx.conn.executemany(
        "INSERT INTO publication (brand_id, account_id, remote_id, text, created_at, favourites, boosts, replies)"
        " VALUES (?, ?, ?, 'Hola', ?, ?, ?, ?)",
        [
            (
                brand, account, f"p{number}", to_ms(NOW) - chance.randrange(3 * 86_400_000, 360 * 86_400_000),
                chance.randrange(40), chance.randrange(12), chance.randrange(6),
            )
            for number in range(PUBLICATIONS)
        ],
    )  # fmt: skip

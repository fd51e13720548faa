"""A card whose picture cannot be had goes without it, and the post goes out (rank 42)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmdesk.clock import FixedClock
from cmdesk.model import Card, DeliveryState
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.store import outbox_read
from cmdesk.store.db import Transaction
from cmdesk.store.media import media
from cmdesk.sync.engine import Engine
from tests.core.sync.driving import settle
from tests.core.sync.test_threads_with_sandbox import (
    bench as bench,
    clock as clock,
    engine as engine,
    picture,
    sandbox as sandbox,
    save,
    send,
    texts,
)
from tests.helpers.desks import TestDesk

LINK = "https://alba.example/pan"


def _with_cards(tx: Transaction, account_id: int) -> None:
    tx.conn.execute(
        "UPDATE account SET capabilities = json_set(capabilities, '$.cards', json('true')) WHERE id = ?", (account_id,)
    )


@pytest.mark.parametrize("what", ["there", "file gone", "not a picture"])
def test_the_post_goes_out(
    bench: TestDesk, engine: Engine, clock: FixedClock, sandbox: SandboxServer, tmp_path: Path, what: str
) -> None:
    bench.desk.run_now(_with_cards, bench.account_id)
    shot = picture(bench, tmp_path)
    post_id = save(bench, f"Pan {LINK}", card=Card(LINK, "El pan", "De pueblo", shot))
    ids = send(bench, post_id)
    file = bench.desk.media_folder / bench.desk.page(media, shot).file
    if what == "file gone":
        file.unlink()
    elif what == "not a picture":
        file.write_bytes(b"nothing that was ever painted")
    assert settle(engine, bench, clock, ids) == [DeliveryState.PUBLISHED]
    assert texts(sandbox) == [f"Pan {LINK}"]
    card = bench.desk.page(outbox_read.delivery, ids[0]).options["card"]
    assert isinstance(card, dict) and card["title"] == "El pan"
    assert card["media_id"] == (shot if what == "there" else None)

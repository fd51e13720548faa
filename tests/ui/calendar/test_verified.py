"""What does not stand on its network as it was written is never shown as verified (N4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cmdesk.clock import FixedClock, to_ms
from cmdesk.model import DeliveryState
from cmdesk.store import planning as store
from cmdesk.store.db import Transaction
from tests.ui.planned import Planned, done
from ui.calendar.chip import look_of, sentence
from ui.calendar.page import CalendarPage
from ui.calendar.panel_parts import delivery_rows
from ui.widgets import Chip, PlainLabel

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def planned(profile: Path, qtbot: QtBot) -> Iterator[Planned]:
    made = Planned(profile, FixedClock(NOW))
    yield made
    made.bridge.close()
    made.desk.close_now()


def read_back(planned: Planned, post_id: int, verified: str) -> None:
    """Let everything of a post be out, and reading it back say this of it."""

    def write(tx: Transaction) -> None:
        tx.conn.execute(
            "UPDATE delivery SET state = 'confirmed', confirmed_at = ?, verified = ? WHERE post_id = ?",
            (to_ms(NOW), verified, post_id),
        )

    planned.desk.run_now(write)


@pytest.mark.parametrize(
    ("verified", "word", "role"),
    [
        ("ok", "Published and verified", "positive"),
        ("person", "Published and verified", "positive"),
        ("text,links", "Published, but not as it was written", "warning"),
        ("gone", "Published, but not as it was written", "warning"),
    ],
)
async def test_only_what_stands_there_as_written_is_verified(
    planned: Planned, qtbot: QtBot, verified: str, word: str, role: str
) -> None:
    post_id = planned.post("Pan", wall="2026-03-12T10:00", only=1)
    read_back(planned, post_id, verified)
    planned.context.brand_id = planned.bakery
    page = CalendarPage(planned.context)
    qtbot.addWidget(page)
    page.show()
    found = page._model.item(post_id)
    assert found is not None
    look = look_of(found)
    assert (look.word, look.role) == (word, role)
    assert sentence(found, brand="Alba", when="10:00").startswith(word)
    (delivery,) = planned.desk.page(store.post, post_id).deliveries
    assert delivery.state is DeliveryState.CONFIRMED
    rows = delivery_rows(planned.desk.page(store.post, post_id), {}, "UTC", lambda what, number: None)
    for row in rows:
        qtbot.addWidget(row)
    (chip,) = [each for row in rows for each in row.findChildren(Chip)]
    assert chip.accessibleName() == word
    told = [each.text() for row in rows for each in row.findChildren(PlainLabel)]
    assert any("differs" in each or "no longer" in each for each in told) is (role == "warning")


async def test_one_account_that_differs_is_enough(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Pan", wall="2026-03-12T10:00", only=1)
    read_back(planned, post_id, "ok")
    page = CalendarPage(planned.context)
    qtbot.addWidget(page)
    page.show()
    found = page._model.item(post_id)
    assert found is not None and not found.differs
    assert look_of(replace(found, differs=True)).icon == "circle-alert"


async def test_the_panel_gives_every_line_its_height(planned: Planned, qtbot: QtBot) -> None:
    """Two accounts wrap into two lines: what stands below them is not squeezed for it."""
    post_id = planned.post("Pan", wall="2026-03-12T10:00")
    read_back(planned, post_id, "text,replies,card")
    page = CalendarPage(planned.context)
    qtbot.addWidget(page)
    page.resize(1600, 1000)
    page.show()
    found = page._model.item(post_id)
    assert found is not None
    page._choose_many([found])
    chips = page._panel.findChildren(Chip)
    assert sum(each.accessibleName() == "Published, but not as it was written" for each in chips) == 3

    await done()
    assert [each.height() for each in chips] == [each.sizeHint().height() for each in chips]

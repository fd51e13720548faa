"""Ten thousand hits: the list opens at once, reads by page, and a decision costs no more than among ten."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cmdesk.care.triage import judge
from cmdesk.listening.values import Found, HitState
from cmdesk.store import listening as store, listening_hits
from tests.ui.listening.conftest import Listening, shown
from tests.ui.planned import Planned, done
from ui.listening.page import ListeningPage
from ui.models import listening as model

pytestmark = pytest.mark.gui
MANY = 10_000


@pytest.fixture
def many(planned: Planned, listening: Listening) -> int:
    """A search that found very much; its id."""
    search = listening.search("pan")
    now, account = planned.desk.clock.now(), planned.accounts(planned.bakery)[0]
    verdict = judge("el pan de hoy")
    found = [
        Found(
            "mastodon", str(number), f"el pan número {number} de un texto como son todos, con su horno y harina",
            now - timedelta(seconds=number * 20), author_id=str(number % 700), author_name=f"Persona {number % 700}",
            author_handle=f"p{number % 700}@plaza.example", language="es", account_id=account,
        )
        for number in range(MANY)
    ]  # fmt: skip
    for start in range(0, MANY, 1000):
        part = found[start : start + 1000]
        planned.desk.run_now(
            listening_hits.keep_round,
            search,
            found=part,
            verdicts={each.remote_id: verdict for each in part},
            next_at=now,
        )
    return search


def took(act: Callable[[], object]) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


async def test_ten_thousand_hits_are_smooth(
    planned: Planned, listening: Listening, page: ListeningPage, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    known = store.hits_by_id

    def counted(reader: Any, ids: Any) -> Any:
        wanted = list(ids)
        read.append(len(wanted))
        return known(reader, wanted)

    monkeypatch.setattr("ui.models.listening.store.hits_by_id", counted)
    await shown(page)
    await done()
    assert page.model.rowCount() == MANY
    assert sum(read) < 400, "opening reads pages, not the list"
    opened = took(page.model.reload)
    await done()
    bar = page.list.table.verticalScrollBar()
    frames = []
    for _step in range(60):
        bar.setValue(bar.value() + 40 * page.list.table.row_px())
        frames.append(took(page.list.table.viewport().repaint))
    bar.setValue(bar.maximum())
    frames.append(took(page.list.table.viewport().repaint))
    assert max(read) <= model.PAGE
    frames.sort()
    page.list.table.choose(page.model.id_at(5000))
    before = page.model.id_at(5001)
    decided = took(page.do_dismiss)
    await done()
    await done()
    assert page.model.rowCount() == MANY - 1
    assert page.list.table.current_id() == before
    assert len(planned.desk.page(store.hit_ids, brand_id=None, state=HitState.DISMISSED)) == 1
    narrowed = took(lambda: page.list._change(text="número 77"))
    await done()
    assert 0 < page.model.rowCount() < MANY
    assert opened < 200, "ms until the first rows"
    assert frames[len(frames) // 2] < 100, "ms a frame while scrolling"
    assert decided < 200
    assert narrowed < 400


async def test_selecting_all_ten_thousand_and_putting_them_aside_is_one_step(
    planned: Planned, page: ListeningPage, many: int
) -> None:
    await shown(page)
    await done()
    page.focus_main()
    page.do_select_all()
    assert len(page.list.table.selected_ids()) == MANY
    decided = took(page.do_dismiss)
    await done()
    await done()
    assert decided < 200
    assert page.model.rowCount() == 0
    assert len(planned.undone) == 1
    planned.undo_last()
    await done()
    await done()
    assert page.model.rowCount() == MANY

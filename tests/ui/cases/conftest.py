"""A desk with complaints, and the page that shows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from cmdesk.commands import cases as commands
from cmdesk.store import cases as store
from tests.ui.inbox.helpers import Talk
from tests.ui.planned import Planned, done
from ui.cases.page import CasesPage


class Complaints:
    """People who complained to the two brands of a planned desk."""

    def __init__(self, planned: Planned) -> None:
        self.planned, self.desk = planned, planned.desk
        self.talk = Talk(planned)

    def open(self, text: str, *, name: str = "Ana Ruiz", brand_id: int = 0, **more: Any) -> int:
        """Somebody complains and it becomes a case; its id."""
        conversation_id = self.talk.hear(text, name=name, brand_id=brand_id)
        return self.desk.run_now(commands.open_case, conversation_id=conversation_id, **more)

    def promise(self, case_id: int, *, hours: float, text: str = "Call back") -> int:
        """Promise something; its id."""
        due = self.desk.clock.now() + timedelta(hours=hours)
        return self.desk.run_now(commands.promise, case_id=case_id, text=text, due_at=due)

    def case(self, case_id: int) -> store.Case:
        """As the store has it now."""
        return self.desk.page(store.case, case_id)


async def shown(page: CasesPage, *, width: int = 1400, height: int = 900) -> CasesPage:
    """Show the page and let it read."""
    page.resize(width, height)
    page.show_brand(None)
    page.show()
    await done()
    return page


@pytest.fixture
def complaints(planned: Planned) -> Complaints:
    """People who complain."""
    return Complaints(planned)


@pytest.fixture
def page(planned: Planned) -> Iterator[CasesPage]:
    """The page, not yet shown."""
    made = CasesPage(planned.context)
    yield made
    made.hide()
    made.deleteLater()

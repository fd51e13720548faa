"""An inbox page on a desk that people write to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ui.inbox.helpers import Talk
from tests.ui.planned import Planned
from ui.inbox.page import InboxPage


@pytest.fixture
def talk(planned: Planned) -> Talk:
    """People who write."""
    return Talk(planned)


@pytest.fixture
def page(planned: Planned, talk: Talk) -> Iterator[InboxPage]:
    """The page, not yet shown; the newest first, which most tests read more easily."""
    made = InboxPage(planned.context)
    brands = (0, planned.bakery, planned.trail)
    made.restore_state({"brands": {str(each): {"order": "newest"} for each in brands}})
    yield made
    made.hide()
    made.pictures.close()
    made.deleteLater()

"""A page of people over two brands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ui.audience.peopled import Peopled
from tests.ui.planned import Planned


@pytest.fixture
def peopled(planned: Planned) -> Iterator[Peopled]:
    """The page, not yet shown."""
    made = Peopled(planned)
    yield made
    made.page.hide()
    made.page.ended()
    made.page.deleteLater()

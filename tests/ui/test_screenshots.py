"""The pictures of the README show every screen."""

from __future__ import annotations

from tests.ui.planned import Planned
from ui.pages import MODULES
from ui.screenshots import shots


def test_every_page_has_its_picture(planned: Planned) -> None:
    planned.post("Pan", wall="2026-03-10T09:30")
    names = [shot.name for shot in shots(planned.desk)]
    assert len(names) == len(set(names))
    for page in MODULES:
        assert any(name == page or name.startswith(f"{page}-") for name in names), f"no picture of {page}"

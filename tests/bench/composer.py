"""The composer: a key typed in a thread on three accounts, with previews and counters; what the reviewer takes."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cmdesk.clock import FixedClock
from tests.bench.figures import Figure, Skipped, milliseconds, p50, p95

TARGET_KEY_MS = 8
TARGET_SHOWN_MS = 50
NOW = "2026-03-02T09:00:00+00:00"
TEXT = (
    "Llegan las nuevas gafas de sol de primavera ☀️ Ven a probártelas con @ana@plaza.example o mira el catálogo en"
    " https://www.opticasol.example/catalogo/primavera-2026/gafas-de-sol?ref=redes #primavera #gafas. "
)


def figures() -> Iterator[Figure | Skipped]:
    """Measured offscreen: everything that follows a key but the paint of the screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication([])
    from tests.ui.composer.shop import Shop
    from tests.ui.planned import Planned
    from ui import theme

    theme.install(app)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory(prefix="cmdesk-bench-") as folder:
        planned = Planned(Path(folder) / "profile", FixedClock(datetime.fromisoformat(NOW)))
        yield from asyncio.run(_page(Shop(planned)))
        planned.bridge.close()
        planned.desk.close_now()


async def _page(shop: object) -> list[Figure]:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from tests.ui.composer.shop import Shop
    from ui.composer.page import ComposerPage
    from ui.widgets.page import Target

    assert isinstance(shop, Shop)
    page = ComposerPage(shop.planned.context)
    page.resize(1400, 900)
    page.open(Target("composer", "new", None, shop.brand, "2026-03-10T10:00"))
    page.show()
    page.parts.editor().edit.setPlainText(TEXT)
    for _more in range(2):
        page.do_add_part()
        page.editor.insert(TEXT)
    page.shaping.give_own("bluesky")
    page.writing.tabs.choose("")
    page.grab()
    edit = page.parts.editor(1).edit
    typed = milliseconds(lambda: QTest.keyClick(edit, Qt.Key.Key_A), 120)
    made = [
        Figure("a key, three parts on three accounts, p95", p95(typed), "ms", at_most=TARGET_KEY_MS),
        Figure("the reviewer, p50", p50(milliseconds(page.review_now, 20)), "ms", at_most=TARGET_SHOWN_MS),
        Figure("the whole post shown anew, p50", p50(milliseconds(page.show_all, 20)), "ms", at_most=TARGET_SHOWN_MS),
    ]
    page.model.flush()
    page.hide()
    await asyncio.sleep(0.3)
    page.deleteLater()
    return made

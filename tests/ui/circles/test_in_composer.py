"""A post for a circle with a broken rule says so, and the circle is mended from there."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmdesk.commands import circles as deciding, contacts as people
from cmdesk.store import circles
from tests.ui.composer.shop import Shop
from tests.ui.composer.test_audience import rest, until
from tests.ui.planned import Planned, done
from ui.circles.dialog import CircleDialog


async def test_a_broken_circle_is_mended_where_it_is_used(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    desk, brand = shop.desk, shop.brand
    desk.run_now(people.add_person, brand_id=brand, name="Ana", advocate=True)
    inner = desk.run_now(deciding.save_circle, brand_id=brand, name="Dentro")
    rule = {"any": [{"field": "advocate", "is": "yes"}, {"field": "circle", "is": "in", "value": [inner]}]}
    circle = desk.run_now(deciding.save_circle, brand_id=brand, name="Amigas", rule=rule)
    page = shop.compose(qtbot)
    page.choose(circles=(circle,))
    box = page.writing.audience
    await until(lambda: circle in box._facts)
    assert box.mending.isHidden()
    desk.run_now(deciding.delete_circle, circle_id=inner)
    await done()
    box._later.stop()
    box._ask()
    await until(lambda: not box.mending.isHidden())
    assert "gone" in box._people.text() and "Amigas: 1 person" in box._people.text()
    box.mending.click()
    await until(lambda: _dialog() is not None)
    dialog = _dialog()
    assert dialog is not None and "broken" in dialog._mending[0].findChildren(type(dialog.heading))[0].full_text()
    dialog._mend()
    dialog.keep.click()
    await done()
    assert desk.page(circles.broken, brand, desk.clock.now()) == {}
    box._later.stop()
    box._ask()
    await until(lambda: box.mending.isHidden())
    await rest(page)


def _dialog() -> CircleDialog | None:
    shown = [each for each in QApplication.allWidgets() if isinstance(each, CircleDialog) and each.isVisible()]
    return shown[0] if shown else None

"""The page of the people: places and filters, editing many, the wall between brands, what is kept, hostile names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt

from cmdesk.commands import circles as circle_commands, contacts as commands
from cmdesk.people.fields import FieldKind
from cmdesk.people.values import Column, Sort
from cmdesk.store import circles, contacts
from tests.ui.audience.peopled import Peopled
from tests.ui.planned import Told, done
from ui.audience.page import AudiencePage
from ui.bridge import Changes
from ui.models import finder
from ui.models.people_side import ADVOCATES, ALL, CIRCLE, MARKET, NO_MARKET, OPT_OUT, Place


async def until(condition: Callable[[], Any], seconds: float = 5.0) -> Any:
    """Let the page read until something is true."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + seconds
    while not (found := condition()):
        assert loop.time() < ends, "it never came"
        await asyncio.sleep(0.01)
    return found


async def opened(peopled: Peopled) -> AudiencePage:
    """The page with its list and its side read."""
    page = peopled.open()
    await until(lambda: page.model.rowCount() and page.side.list.count() > 4)
    await done()
    return page


async def now_in(peopled: Peopled, kind: str, place_id: int, wanted: list[str]) -> None:
    """Choose a place of the side and wait for its people."""
    peopled.page.side.list.choose(kind, place_id)
    await until(lambda: not peopled.page.model.busy and sorted(peopled.listed()) == sorted(wanted))


async def test_places_narrow_what_is_listed(peopled: Peopled) -> None:
    ana, luc = peopled.people["Ana Ruiz"], peopled.people["Luc Martin"]
    peopled.desk.run_now(commands.edit_contact, contact_id=luc, market_id=peopled.france)
    peopled.desk.run_now(commands.edit_contact, contact_id=ana, advocate=True)
    peopled.desk.run_now(circle_commands.put_in, circle_id=peopled.press, contact_ids=(ana,))
    page = await opened(peopled)
    assert sorted(peopled.listed()) == ["Ana Ruiz", "Luc Martin", "Zoe"]
    await now_in(peopled, MARKET, peopled.france, ["Luc Martin"])
    await now_in(peopled, NO_MARKET, 0, ["Ana Ruiz", "Zoe"])
    await now_in(peopled, ADVOCATES, 0, ["Ana Ruiz"])
    await now_in(peopled, CIRCLE, peopled.press, ["Ana Ruiz"])
    page.filter.buttons["languages"].set_values(["fr"])
    page._show_people()
    await until(lambda: not page.model.busy and not page.model.rowCount())
    assert page._stack.currentWidget() is page.empty
    page.filter.clear()
    await until(lambda: peopled.listed() == ["Ana Ruiz"])
    assert {place.kind: place.count for place in page.side.list.side().places}[ALL] == 3


async def test_nobody_of_another_brand_comes_into_a_circle(peopled: Peopled, told: Told) -> None:
    page = await opened(peopled)
    await page.deeds.people.put_in([peopled.people["Ana Ruiz"], peopled.people["Sam"]], peopled.schools)
    inside = peopled.desk.page(circles.members, peopled.schools, peopled.desk.clock.now())
    assert list(inside) == [peopled.people["Sam"]] and "left out" in told.toasts[-1]
    await page.deeds.people.put_in([peopled.people["Ana Ruiz"]], peopled.schools)
    assert "another brand" in told.toasts[-1]


async def test_many_are_edited_in_one_step_over_brands(peopled: Peopled, told: Told) -> None:
    page = await opened(peopled)
    ids = list(peopled.people.values())
    await page.deeds.people.edit_many(ids, language="pt")
    assert {peopled.desk.page(contacts.contact, each).language for each in ids} == {"pt"}
    peopled.planned.undo_last()
    found = [peopled.desk.page(contacts.contact, each).language for each in ids]
    assert found == ["es", "fr", "", "en"]


async def test_dropping_on_a_place_does_what_it_stands_for(peopled: Peopled) -> None:
    page = await opened(peopled)
    ana = peopled.people["Ana Ruiz"]
    side = page.side.list

    def drop(kind: str, place_id: int = 0) -> None:
        item = next(
            item for item in map(side.item, range(side.count()))
            if item.data(Qt.ItemDataRole.UserRole).key == (kind, place_id)
        )  # fmt: skip
        page._dropped([ana], side.viewport().mapToGlobal(side.visualItemRect(item).center()))

    drop(CIRCLE, peopled.press)
    await done()
    assert ana in peopled.desk.page(circles.members, peopled.press, peopled.desk.clock.now())
    drop(MARKET, peopled.france)
    await done()
    assert peopled.desk.page(contacts.contact, ana).market_id == peopled.france
    drop(ADVOCATES)
    await done()
    assert peopled.desk.page(contacts.contact, ana).advocate
    page._dropped([ana], page.mapToGlobal(QPoint(5, 5)))  # beside every place nothing happens
    await done()
    assert len(peopled.planned.undone) == 3


async def test_an_edit_stays_where_it_stands_until_one_sorts_anew(peopled: Peopled) -> None:
    page = await opened(peopled)
    page._sorted(Sort(Column.NAME, down=False))
    await until(lambda: peopled.listed() == ["Ana Ruiz", "Luc Martin", "Zoe"])
    peopled.planned.bridge.changed.connect(lambda changes: page.refresh(changes))
    page._edited(peopled.people["Ana Ruiz"], "name", "Zulema Ruiz")
    await until(lambda: peopled.listed() == ["Zulema Ruiz", "Luc Martin", "Zoe"])
    newcomer = peopled.person("Aaron")
    await until(lambda: page.model.place_of(newcomer) == 0)
    assert peopled.listed() == ["Aaron", "Zulema Ruiz", "Luc Martin", "Zoe"]
    page.model.reload()
    await until(lambda: peopled.listed() == ["Aaron", "Luc Martin", "Zoe", "Zulema Ruiz"])


async def test_a_name_cannot_be_emptied(peopled: Peopled, told: Told) -> None:
    page = await opened(peopled)
    page._edited(peopled.people["Zoe"], "name", "")
    await done()
    assert peopled.desk.page(contacts.contact, peopled.people["Zoe"]).name == "Zoe" and told.toasts


async def test_own_fields_are_columns_and_are_edited_in_place(peopled: Peopled) -> None:
    field = peopled.desk.run_now(commands.save_field, brand_id=peopled.bakery, name="Talla", kind=FieldKind.NUMBER)
    page = await opened(peopled)
    key = f"own:{field}"
    assert key in page.model.columns() and not page.table.is_shown(key)
    page.table.set_shown(key, True)
    page._edited(peopled.people["Zoe"], key, "41")
    await done()
    row = page.model.person(peopled.people["Zoe"])
    page.model._rows.clear()
    row = page.model.person(peopled.people["Zoe"])
    assert row is not None and page.table.columns.tell(key, row, peopled.desk.clock.now()) == "41"


async def test_each_brand_is_shown_as_it_was_left(peopled: Peopled) -> None:
    page = await opened(peopled)
    page.filter.buttons["languages"].set_values(["fr"])
    page.filter._tell()
    page.table.set_shown("country", False)
    page._sorted(Sort(Column.NAME, down=True))
    await until(lambda: not page.model.busy and peopled.listed() == ["Luc Martin"])
    page.context.brand_id = peopled.trail
    page.show_brand(peopled.trail)
    page.refresh(None)
    await until(lambda: peopled.listed() == ["Sam"])
    assert page.table.is_shown("country")
    page.context.brand_id = peopled.bakery
    page.show_brand(peopled.bakery)
    page.refresh(None)
    await until(lambda: peopled.listed() == ["Luc Martin"])
    assert not page.table.is_shown("country") and page._sort == Sort(Column.NAME, down=True)
    kept = page.save_state()
    again = AudiencePage(peopled.planned.context)
    again.restore_state(kept)
    again.refresh(None)
    await until(lambda: not again.model.busy and again.model.rowCount() == 1)
    assert again.filter.buttons["languages"].values() == ("fr",)
    again.ended()
    again.deleteLater()
    await done()


async def test_sizes_nobody_can_mean_are_not_taken_back(peopled: Peopled) -> None:
    page = peopled.page
    page.restore_state({"sizes": ["a", 2], "brands": [3], "closed": "yes"})
    page.restore_state({"brands": {str(peopled.bakery): {"columns": {"widths": {"name": -4}}, "sort": ["x", 1]}}})
    await opened(peopled)
    assert page.table.columnWidth(0) > 50 and not page._card_closed


async def test_who_asked_for_quiet_gets_no_post_of_their_own(peopled: Peopled) -> None:
    ana = peopled.people["Ana Ruiz"]
    peopled.desk.run_now(commands.edit_contact, contact_id=ana, opt_out=True, opt_out_note="por teléfono")
    page = await opened(peopled)
    page.table.choose(ana)
    await until(lambda: page.card.contact_id == ana)
    assert not page.card.write_button.isEnabled() and page.card.banner.isVisibleTo(page)
    assert "por teléfono" in page.card.banner.label.text()
    await now_in(peopled, OPT_OUT, 0, ["Ana Ruiz"])


async def test_hostile_names_are_names(peopled: Peopled) -> None:
    name = "<b>Eve</b>\u202egnol " + "x" * 160
    eve = peopled.person(name)
    page = await opened(peopled)
    await until(lambda: page.model.place_of(eve) >= 0)
    page.table.choose(eve)
    await until(lambda: page.card.contact_id == eve)
    shown = page.card.name.text()
    assert "<b>Eve</b>" in shown and "\u202e" not in shown
    page.grab()


async def test_somebody_gone_leaves_the_page_calm(peopled: Peopled) -> None:
    page = await opened(peopled)
    zoe = peopled.people["Zoe"]
    page.table.choose(zoe)
    await until(lambda: page.card.contact_id == zoe)
    peopled.desk.run_now(commands.remove_people, brand_id=peopled.bakery, contact_ids=(zoe,))
    page.refresh(Changes())
    page._read_card(zoe)
    await until(lambda: page.card.contact_id == 0)


def test_places_that_take_people(peopled: Peopled) -> None:
    assert not Place(ALL).takes and not Place("heading").takes
    assert all(Place(kind).takes for kind in (CIRCLE, MARKET, NO_MARKET, ADVOCATES, OPT_OUT))


async def test_the_palette_finds_people_and_circles_of_the_brand(peopled: Peopled) -> None:
    found = await finder.find(peopled.desk, "ana ru", peopled.bakery)
    assert [(each.kind, each.id) for each in found] == [("person", peopled.people["Ana Ruiz"])]
    found = await finder.find(peopled.desk, "prens", None)
    assert [(each.kind, each.title) for each in found] == [("circle", "Prensa")]
    assert not await finder.find(peopled.desk, "ana ru", peopled.trail)

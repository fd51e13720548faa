"""Month, week and day: choosing several, keys, free slots, shades, and that all views show the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmdesk.model import Brand, CalendarItem, DeliveryState, PostStatus
from cmdesk.planning.calendar import Slot, bounds, place
from cmdesk.planning.days import DayBack, Ghost
from cmdesk.planning.moving import Shift
from cmdesk.store import planning as store
from tests.ui.calendar import scenes
from tests.ui.calendar.stage import ALT, CTRL, SHIFT, VIEWS, Stage, scene_of
from tests.ui.planned import Planned
from ui import theme
from ui.calendar.chip import _colours, _on, draw_chip, look_of
from ui.calendar.day import DayGrid
from ui.calendar.grid import Grid
from ui.calendar.grid_keys import grid_keys
from ui.calendar.month import MonthGrid
from ui.calendar.week import WeekGrid

DAYS = scenes.month_days(date(2026, 2, 23), 6)


def item(post_id: int, wall: str, *, brand: int = 1, zone: str = scenes.ZONE, **fields: object) -> CalendarItem:
    at = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    values: dict[str, object] = {
        "text": f"Texto {post_id}", "status": PostStatus.SCHEDULED, "account_ids": (brand * 10,),
        "networks": ("mastodon",), "delivery_ids": (post_id,), "states": (DeliveryState.QUEUED,),
    } | fields  # fmt: skip
    return CalendarItem(post_id=post_id, brand_id=brand, at=at, wall=wall, zone=zone, **values)  # type: ignore[arg-type]


THREE = [item(1, "2026-03-17T09:00"), item(2, "2026-03-18T10:00"), item(3, "2026-03-20T12:30")]


@pytest.fixture(autouse=True)
def themed(qapp: QApplication) -> None:
    theme.install(qapp)


@pytest.fixture
def stage(request: pytest.FixtureRequest, qtbot: QtBot) -> Stage:
    made = Stage(qtbot, getattr(request, "param", "month"))
    made.show(scene_of(THREE, DAYS))
    return made


# Choosing


@pytest.mark.parametrize("stage", ["month", "week"], indirect=True)
def test_ctrl_and_shift_choose_several(stage: Stage) -> None:
    stage.click(stage.spot(1))
    assert stage.of("chosen")[-1] == THREE[0]
    stage.click(stage.spot(3), SHIFT)
    assert stage.chosen() == [1, 2, 3] and stage.of("selection_changed")[-1] == THREE
    stage.click(stage.spot(2), CTRL)
    assert stage.chosen() == [1, 3]
    stage.click(stage.spot(2), CTRL)
    stage.grid.select(2)
    assert stage.chosen() == [1, 2, 3], "what the page mirrors back does not break the choice"
    stage.click(stage.spot(2))
    assert stage.chosen() == [2], "a click on one of several chooses it alone"
    stage.grid.select_all()
    assert stage.chosen() == [1, 2, 3]
    stage.key(Qt.Key.Key_Escape)
    assert stage.chosen() == [] and stage.of("chosen")[-1] is None


def test_a_post_at_two_hours_is_two_chips(stage: Stage) -> None:
    twice = [item(1, "2026-03-17T09:00", account_ids=(10,)), item(1, "2026-03-17T18:00", account_ids=(11,))]
    stage.show(scene_of(twice, DAYS))
    stage.click(stage.spot(1))
    assert stage.grid.selection() == twice[:1]


def test_keys_choose_open_and_walk(stage: Stage) -> None:
    stage.grid.set_place(Slot(date(2026, 3, 17)))
    stage.key(Qt.Key.Key_Space)
    assert stage.chosen() == [1]
    stage.key(Qt.Key.Key_J, SHIFT)
    assert stage.chosen() == [1, 2]
    stage.key(Qt.Key.Key_Space)
    assert stage.chosen() == [1], "Space lets go of the one at the cursor"
    stage.key(Qt.Key.Key_J)
    assert stage.chosen() == [3], "and the next key goes on from there"
    stage.key(Qt.Key.Key_Return)
    assert stage.of("opened") == [THREE[2]]
    stage.key(Qt.Key.Key_Home)
    assert stage.grid.place == Slot(date(2026, 3, 16)) and stage.chosen() == []
    stage.key(Qt.Key.Key_End, CTRL)
    assert stage.grid.place.day == stage.grid.days()[-1]
    stage.key(Qt.Key.Key_Right)
    assert stage.of("stepped") == [1] and stage.grid.place.day == stage.grid.days()[-1] + timedelta(days=1)
    stage.key(Qt.Key.Key_PageUp)
    assert stage.of("stepped") == [1, -1]
    stage.key(Qt.Key.Key_A, CTRL)
    assert stage.chosen() == [1, 2, 3]


@pytest.mark.parametrize(("stage", "key", "modifiers", "shift"), [
    ("month", Qt.Key.Key_Right, ALT, Shift(1)), ("month", Qt.Key.Key_Up, ALT, Shift(-7)),
    ("week", Qt.Key.Key_Left, ALT, Shift(-1, 0)), ("week", Qt.Key.Key_Down, ALT, Shift(0, 15)),
    ("week", Qt.Key.Key_Up, ALT | SHIFT, Shift(0, -5)),
], indirect=["stage"])  # fmt: skip
def test_alt_moves_and_with_ctrl_copies_what_is_chosen(
    stage: Stage, key: Qt.Key, modifiers: Qt.KeyboardModifier, shift: Shift
) -> None:
    stage.grid.set_selection(THREE[:2])
    stage.key(key, modifiers)
    assert stage.of("moved_many") == [(THREE[:2], shift)]
    stage.key(key, modifiers | CTRL)
    assert stage.of("copied") == [(THREE[:2], shift)]


@pytest.mark.parametrize("stage", ["week"], indirect=True)
def test_one_post_is_nudged_by_five_minutes(stage: Stage) -> None:
    stage.grid.set_selection(THREE[:1])
    stage.key(Qt.Key.Key_Down, ALT | SHIFT)
    assert stage.of("moved") == [(THREE[0], Slot(date(2026, 3, 17), 9 * 60 + 5), date(2026, 3, 17))]


# Dragging


def test_several_are_dragged_together(stage: Stage) -> None:
    stage.grid.set_selection(THREE[:2])
    stage.drop(stage.spot(1), stage.cell(date(2026, 3, 24)))
    ((grip, where, copy),) = stage.of("dropped")  # type: ignore[misc]
    assert grip.items == tuple(THREE[:2]) and where == Slot(date(2026, 3, 24)) and copy is False
    assert stage.chosen() == [1, 2], "a drag keeps the choice"


def test_a_drag_shows_where_everything_lands_and_fades_what_is_held(stage: Stage) -> None:
    stage.grid.set_selection(THREE[:2])
    stage.hold(stage.spot(1), stage.cell(date(2026, 3, 24)))
    assert stage.drag.verdict is not None and len(stage.drag.verdict.landings) == 2
    assert isinstance(stage.grid, Grid) and stage.grid._lifted == {(1, 10), (2, 10)}
    stage.drag.cancel()
    assert not stage.grid._lifted and stage.grid._hint is None


def test_what_cannot_move_says_why_while_it_is_held(stage: Stage) -> None:
    out = item(4, "2026-03-19T09:00", states=(DeliveryState.CONFIRMED,), movable=False, status=PostStatus.PUBLISHED)
    stage.show(scene_of([*THREE, out], DAYS))
    stage.drop(stage.spot(4), stage.cell(date(2026, 3, 25)))
    assert not stage.of("dropped") and stage.of("refused") == ["It is already published"]
    stage.drop(stage.spot(4), stage.cell(date(2026, 3, 25)), CTRL)
    assert len(stage.of("dropped")) == 1, "but it may be copied"
    stage.asked.clear()
    stage.grid.set_selection([THREE[0], out])
    stage.drop(stage.spot(1), stage.cell(date(2026, 3, 25)))
    assert stage.of("refused") == ["«Texto 4»: It is already published"], "the one in the way is named"


def test_the_past_says_so(stage: Stage) -> None:
    stage.drop(stage.spot(1), stage.cell(date(2026, 3, 5)))
    assert stage.of("refused") == ["That hour has passed"]


@pytest.mark.parametrize("stage", ["week"], indirect=True)
def test_a_sideways_drag_keeps_an_odd_hour(stage: Stage) -> None:
    stage.show(scene_of([item(7, "2026-03-17T09:07")], DAYS))
    start = stage.spot(7)
    stage.drop(start, QPoint(stage.hour(date(2026, 3, 19), 0).x(), start.y() + 2))
    ((_grip, where, _copy),) = stage.of("dropped")  # type: ignore[misc]
    assert where == Slot(date(2026, 3, 19), 9 * 60 + 7)


@pytest.mark.parametrize("stage", ["week"], indirect=True)
def test_a_drop_near_a_free_slot_sticks_to_it(stage: Stage) -> None:
    ghost = Ghost(5, 1, 10, "mastodon", 15 * 60 + 10, "2026-03-19T15:10", scenes.ZONE)
    others = Ghost(6, 2, 20, "mastodon", 17 * 60, "2026-03-19T17:00", scenes.ZONE)
    stage.show(scenes.scene(DAYS, 0, posts=THREE, behind={date(2026, 3, 19): DayBack(ghosts=(ghost, others))}))
    start = stage.spot(1)

    def slot(minute: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> Slot:
        end = stage.hour(date(2026, 3, 19), minute)
        stage.drop(start, QPoint(end.x(), start.y() + end.y() - stage.hour(date(2026, 3, 17), 9 * 60).y()), modifiers)
        (_grip, where, _copy) = stage.of("dropped")[-1]  # type: ignore[misc]
        assert isinstance(where, Slot)
        return where

    assert slot(15 * 60) == Slot(date(2026, 3, 19), 15 * 60 + 10, 1, (ghost,))
    assert slot(15 * 60, ALT).ghosts == (), "with Alt it goes where the pointer is"
    assert slot(16 * 60).ghosts == ()
    assert slot(17 * 60).ghosts == (), "another brand's slot is not for it"


@pytest.mark.parametrize("stage", ["week", "month"], indirect=True)
def test_a_click_on_a_free_slot_begins_a_post_there(stage: Stage) -> None:
    ghost = Ghost(5, 1, 10, "mastodon", 15 * 60, "2026-03-19T15:00", scenes.ZONE)
    stage.show(scenes.scene(DAYS, 0, posts=THREE, behind={date(2026, 3, 19): DayBack(ghosts=(ghost,))}))
    assert isinstance(stage.grid, Grid)
    (spot,) = stage.grid._ghost_spots[date(2026, 3, 19)]
    stage.click(spot.rect.center().toPoint() + stage.grid._offset())
    assert stage.of("wanted") == [Slot(date(2026, 3, 19), 15 * 60, 1, (ghost,))]
    if isinstance(stage.grid, WeekGrid):
        stage.grid.set_place(Slot(date(2026, 3, 19), 15 * 60))
        stage.key(Qt.Key.Key_Return)
        assert stage.of("wanted")[-1] == Slot(date(2026, 3, 19), 15 * 60, 0, (ghost,))


def test_free_slots_of_the_past_are_none(stage: Stage) -> None:
    ghost = Ghost(5, 1, 10, "mastodon", 15 * 60, "2026-03-03T15:00", scenes.ZONE)
    stage.show(scenes.scene(DAYS, 0, posts=THREE, behind={date(2026, 3, 3): DayBack(ghosts=(ghost,))}))
    assert isinstance(stage.grid, Grid) and not stage.grid._ghost_spots.get(date(2026, 3, 3))


# What is drawn


def test_a_band_over_empty_space_chooses_what_it_touches(stage: Stage) -> None:
    assert isinstance(stage.grid, Grid)
    stage.grid._band_from = QPointF(stage.cell(date(2026, 3, 16)))
    stage.grid._draw_out(stage.spot(2))
    assert stage.chosen() == [1, 2]
    stage.grid._end_band(stage.spot(2))
    assert stage.of("selection_changed")[-1] == THREE[:2]


def test_busy_days_say_how_many_more_and_narrow_columns_pile_up(qtbot: QtBot) -> None:
    many = [item(number, "2026-03-18T10:00", text=f"n {number}") for number in range(1, 13)]
    month = Stage(qtbot, "month")
    month.show(scene_of(many, DAYS))
    assert isinstance(month.grid, MonthGrid)
    shown = len(month.grid._spots[date(2026, 3, 18)])
    assert 0 < shown < 12 and date(2026, 3, 18) in month.grid._more
    month.click(month.grid._more[date(2026, 3, 18)].center().toPoint())
    assert [value[0] for value in month.of("more")] == [date(2026, 3, 18)]  # type: ignore[index]
    week = Stage(qtbot, "week")
    week.show(scene_of(many, DAYS))
    assert isinstance(week.grid, WeekGrid)
    spots = week.grid._spots[date(2026, 3, 18)]
    assert all(spot.rect.width() >= 45 for spot in spots) and len(week.grid._more) == 1
    box = week.grid._more[0][0]
    week.click(box.center().toPoint() + week.grid._offset())
    assert week.of("more")


def test_keys_reach_what_does_not_fit(qtbot: QtBot) -> None:
    month = Stage(qtbot, "month")
    month.show(scene_of([item(number, "2026-03-18T10:00") for number in range(1, 13)], DAYS))
    month.grid.set_place(Slot(date(2026, 3, 18)))
    month.key(Qt.Key.Key_K)
    month.key(Qt.Key.Key_J)
    for _step in range(11):
        month.key(Qt.Key.Key_J)
    month.root.grab()
    assert month.chosen() == [12] and month.spot(12)


def test_pictures_make_chips_taller(stage: Stage) -> None:
    picture = QPixmap(64, 64)
    picture.fill(Qt.GlobalColor.red)
    post = item(1, "2026-03-18T10:00", media_file="a.jpg")
    plain = replace(scene_of([post], DAYS), pictures={"a.jpg": picture})
    stage.show(plain)
    assert isinstance(stage.grid, Grid)
    before = stage.grid._spots[date(2026, 3, 18)][0].rect.height()
    stage.show(replace(plain, thumbnails=True))
    assert stage.grid._spots[date(2026, 3, 18)][0].rect.height() > before


def test_what_the_head_hides_is_not_pressed(qtbot: QtBot) -> None:
    week = Stage(qtbot, "week")
    week.show(scene_of(THREE, DAYS))
    week.grid.verticalScrollBar().setValue(9 * 36 + 10)
    week.root.grab()
    week.click(QPoint(week.spot(1).x(), 40))
    assert week.chosen() == []


def test_a_hidden_view_lets_go(stage: Stage) -> None:
    stage.hold(stage.spot(1), stage.cell(date(2026, 3, 24)))
    stage.grid.hide()
    assert not stage.drag.active and QApplication.overrideCursor() is None


def test_a_click_never_scrolls(qtbot: QtBot) -> None:
    week = Stage(qtbot, "week")
    week.show(scene_of(THREE, DAYS))
    bar = week.grid.verticalScrollBar()
    before = bar.value()
    week.click(QPoint(300, week.grid.viewport().height() - 4))
    assert bar.value() == before


def test_the_day_gives_each_brand_a_column(qtbot: QtBot) -> None:
    stage = Stage(qtbot, "day")
    posts = [item(1, "2026-03-18T09:00"), item(2, "2026-03-18T09:00", brand=3)]
    stage.show(scene_of(posts, DAYS))
    assert isinstance(stage.grid, DayGrid)
    assert [column.brands for column in stage.grid._columns] == [frozenset({1}), frozenset({3})]
    assert stage.spot(1).x() < stage.grid._column_rect(0).right() < stage.spot(2).x()
    point = QPoint(stage.spot(2).x(), stage.hour(date(2026, 3, 18), 12 * 60).y())
    assert stage.grid.slot_at(point) == Slot(date(2026, 3, 18), 12 * 60, 3)
    stage.drop(stage.spot(1), QPoint(stage.spot(2).x(), stage.spot(1).y() + stage.grid._hour_px()))
    ((_grip, where, _copy),) = stage.of("dropped")  # type: ignore[misc]
    assert isinstance(where, Slot) and where.minute == 10 * 60, "another brand's column changes the hour only"
    stage.root.resize(300, 600)
    stage.root.grab()
    assert [column.brands for column in stage.grid._columns] == [frozenset({1, 3})]
    alone = scenes.scene(DAYS, 0, posts=posts[:1], behind={}, brand_count=1)
    stage.show(alone)
    assert [column.brands for column in stage.grid._columns] == [None]


@pytest.mark.parametrize("stage", ["week"], indirect=True)
def test_the_wheel_zooms_between_its_limits_and_the_zoom_is_kept(stage: Stage, qtbot: QtBot) -> None:
    grid = stage.grid
    assert isinstance(grid, WeekGrid) and grid.save_state() == {"hour": 36}
    middle = QPointF(400, 400)
    for turn, limit in ((120, 72), (-120, 20)):
        for _time in range(20):
            wheel = QWheelEvent(
                middle, grid.mapToGlobal(middle), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, CTRL,
                Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            grid.wheelEvent(wheel)
        assert grid.save_state() == {"hour": limit}
    stage.key(Qt.Key.Key_Plus)
    assert grid.save_state() == {"hour": 24}
    stage.key(Qt.Key.Key_Minus)
    other = Stage(qtbot, "week").grid
    other.restore_state(grid.save_state())
    other.restore_state({"hour": "tall"})
    other.restore_state(None)
    assert other.save_state() == {"hour": 20}


@pytest.mark.parametrize("view", ["month", "week", "day"])
def test_only_days_that_differ_are_painted_again(qtbot: QtBot, view: str) -> None:
    stage = Stage(qtbot, view)
    stage.show(scene_of(THREE, DAYS, behind=True))
    assert isinstance(stage.grid, Grid)
    stage.grid.show_scene(scene_of(THREE, DAYS, behind=True))
    assert stage.grid._dirty == set()
    stage.grid.show_scene(scene_of([*THREE, item(9, "2026-03-18T16:00")], DAYS, behind=True))
    assert stage.grid._dirty is None or stage.grid._dirty == {date(2026, 3, 18)}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("colour", ["#FFFFFF", "#000000", "#FFF200", "#00FF00", "#0000FF", "#C2703D", "#808080"])
def test_every_brand_colour_can_be_read(dark: bool, colour: str) -> None:
    before = theme.mode()
    theme.set_mode("dark" if dark else "light")
    try:
        for done in (False, True):
            for chosen in (False, True):
                fill, ink, strip = _colours(colour, done, chosen, dark)
                assert theme.contrast(ink, fill) >= 4.5
                assert theme.contrast(strip, theme.color("surface")) >= 3
                for role in ("negative", "warning", "info", "positive", "text_muted"):
                    assert theme.contrast(_on(role, fill.rgb(), dark), fill) >= 4.5
    finally:
        theme.set_mode(before)


def test_every_state_has_an_icon_and_words_of_its_own() -> None:
    looks = [
        look_of(item(1, "2026-03-18T09:00", **fields))  # type: ignore[arg-type]
        for fields in (
            {}, {"status": PostStatus.PUBLISHED, "states": (DeliveryState.PUBLISHED,)},
            {"status": PostStatus.PUBLISHED, "states": (DeliveryState.CONFIRMED,)},
            {"status": PostStatus.PROBLEM, "states": (DeliveryState.REJECTED,)},
            {"states": (DeliveryState.UNCERTAIN,)}, {"states": (DeliveryState.HELD_LATE,)},
            {"approval": "asked"}, {"approval": "change"}, {"approval": "outdated"},
            {"status": PostStatus.DRAFT, "states": ()}, {"states": (DeliveryState.HANDED_OFF,)},
        )
    ]  # fmt: skip
    assert len({look.word for look in looks}) == len(looks)
    assert len({look.icon for look in looks}) == len(looks) - 2, "the three answers of a client share the hourglass"
    approved = look_of(item(1, "2026-03-18T09:00", approval="approved"))
    assert approved.icon == "clock"


@pytest.mark.parametrize("width", [20, 48, 60, 90, 180, 400])
@pytest.mark.parametrize("height", [22, 52, 90])
def test_a_chip_is_drawn_at_any_size(width: int, height: int) -> None:
    picture = QPixmap(40, 40)
    picture.fill(Qt.GlobalColor.red)
    canvas = QPixmap(width, height)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    rich = item(1, "2026-03-18T09:00", parts=4, series_id=2, networks=("mastodon", "bluesky") * 3, checks=("link",))
    draw_chip(painter, QRectF(0, 0, width, height), rich, brand="#C2703D", hour="09:00", warned=True, picture=picture)
    painter.end()


def test_shades_and_marks_are_said(qtbot: QtBot) -> None:
    week = Stage(qtbot, "week")
    week.show(scene_of(THREE, DAYS, behind=True))
    assert isinstance(week.grid, WeekGrid)
    week.grid.verticalScrollBar().setValue(0)
    assert "People sleep 00:00–07:00 · ES" in week.grid._tip_at(week.hour(date(2026, 3, 18), 3 * 60))
    assert "Service hours 09:00–19:00" in week.grid._tip_at(week.hour(date(2026, 3, 18), 12 * 60))
    head = QPoint(week.hour(date(2026, 3, 19), 0).x(), 30)
    assert week.grid._tip_at(head).splitlines()[:2] == [
        "Holiday: San José (ES-MD)", "Holiday: Día de San José (descanso obligatorio) (CO)",
    ]  # fmt: skip
    month = Stage(qtbot, "month")
    month.show(scene_of(THREE, DAYS, behind=True))
    assert isinstance(month.grid, MonthGrid)
    top = month.grid._cell(date(2026, 3, 19)).topLeft().toPoint() + QPoint(40, 8)
    assert "Closed: Cerrado por inventario" in month.grid._tip_at(top)


def test_a_screen_reader_hears_where_the_keyboard_is(stage: Stage) -> None:
    stage.show(scene_of(THREE, DAYS, behind=True))
    stage.grid.set_place(Slot(date(2026, 3, 18)))
    stage.key(Qt.Key.Key_Right)
    assert stage.grid.accessibleDescription().startswith("Thursday 19 March, San José")
    stage.key(Qt.Key.Key_Left)
    stage.key(Qt.Key.Key_J)
    assert stage.grid.accessibleDescription() == (
        "Scheduled, Panadería La Espiga, Wednesday 18 March, 10:00: Texto 2 (@espiga)"
    )
    stage.grid.select_all()
    assert stage.grid.accessibleDescription() == "3 posts chosen"


# No view disagrees with another (rank 11)


@pytest.mark.parametrize(("zone", "spring", "autumn"), [
    ("Europe/Madrid", date(2026, 3, 29), date(2026, 10, 25)),
    ("America/Bogota", date(2026, 3, 29), date(2026, 10, 25)),
    ("Pacific/Auckland", date(2026, 9, 27), date(2026, 4, 5)),
])  # fmt: skip
def test_all_views_show_the_same_posts_on_the_nights_the_clocks_change(
    planned: Planned, qtbot: QtBot, zone: str, spring: date, autumn: date
) -> None:
    for day in (spring, autumn):
        for shift, hour in ((-1, "23:45"), (0, "00:00"), (0, "01:30"), (0, "03:30"), (0, "23:59"), (1, "00:15")):
            planned.post(f"{day} {hour}", wall=f"{day + timedelta(days=shift)}T{hour}", zone=zone)
        if zone != "America/Bogota":
            planned.post("doubled", wall=f"{autumn}T02:30", zone=zone)
    for day in (spring, autumn):
        days = [day + timedelta(days=offset) for offset in range(-45, 45)]
        start, end = bounds(days, zone)
        items = planned.desk.page(store.calendar_items, brand_id=None, start=start, end=end)
        placed = place(items, zone)
        seen: dict[str, list[tuple[int, str, int]]] = {}
        for view in VIEWS:
            stage = Stage(qtbot, view, day=day)
            brands = {planned.bakery: Brand(planned.bakery, "Panadería"), planned.trail: Brand(planned.trail, "N")}
            scene = type(scene_of([], []))(days=placed, brands=brands, zone=zone, now=scenes.NOW)
            stage.show(scene)
            assert day in stage.grid.days()
            one_by_one = stage.grid._placed() if view == "agenda" else stage.grid.placed()  # type: ignore[union-attr]
            seen[view] = [(one.item.post_id, one.day.isoformat(), one.minute) for one in one_by_one if one.day == day]
            if isinstance(stage.grid, Grid):
                drawn = {spot.placed.item.post_id for spot in stage.grid._spots[day]}
                hidden = view == "month" and day in stage.grid._more  # type: ignore[attr-defined]
                assert hidden or drawn == {each[0] for each in seen[view]}
        assert len(seen["month"]) >= 4
        assert seen["month"] == seen["week"] == seen["day"] == seen["agenda"]


def test_the_keys_of_the_views_are_listed() -> None:
    listed = {key for _text, keys in grid_keys() for key in keys}
    assert {"Alt+Left", "Space", "Home", "+", "J"} <= listed

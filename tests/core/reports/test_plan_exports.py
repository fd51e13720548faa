"""The plan as files: read back by other programs, over the changes of the clocks, with nothing that runs or leaks."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from cmdesk.clock import FixedClock
from cmdesk.commands import campaigns, planning
from cmdesk.errors import Invalid
from cmdesk.model import Part
from cmdesk.planning.importing.rows import Known, read_plan
from cmdesk.planning.importing.sheets import read_sheet
from cmdesk.planning.plan_filter import PlanFilter
from cmdesk.reports.plan import Plan, plan
from cmdesk.reports.plan_csv import plan_csv, plan_json
from cmdesk.reports.plan_ics import changes, plan_ics
from cmdesk.store import accounts, brands
from cmdesk.tables import delimiter_of, unguard
from tests.helpers.desks import TestDesk, open_desk


@pytest.fixture
def bench(profile: Path, clock: FixedClock) -> Iterator[TestDesk]:
    """A desk with one brand and one account, at Monday 2026-03-02 09:00 UTC."""
    made = open_desk(profile, clock)
    yield made
    made.desk.close_now()


def write(bench: TestDesk, text: str, wall: str, *, zone: str = "Europe/Madrid", fold: int = 0, **content: Any) -> int:
    post_id: int = bench.desk.run_now(
        planning.save_post, brand_id=bench.brand_id, text=text, account_ids=[bench.account_id], **content
    )
    bench.desk.run_now(planning.schedule, post_id=post_id, wall=wall, zone=zone, fold=fold)
    return post_id


def whole(bench: TestDesk, start: date = date(2026, 3, 1), end: date = date(2026, 12, 31), **args: Any) -> Plan:
    return bench.desk.store.snapshot(
        plan, start=start, end=end, now=bench.desk.clock.now(), brand_id=bench.brand_id, **args
    )


def events(found: Plan, language: str = "en") -> list[Any]:
    calendar = icalendar.Calendar.from_ical(plan_ics(found, language=language))
    assert not calendar.errors
    return list(calendar.walk("VEVENT"))


def test_another_program_reads_the_same_instants_over_every_change_of_the_clocks(bench: TestDesk) -> None:
    walls = ["2026-03-28T10:00", "2026-03-29T03:30", "2026-10-24T23:45", "2026-10-25T03:15", "2026-12-01T09:00"]
    for wall in walls:
        write(bench, f"Hola {wall}", wall)
    write(bench, "Nueva York", "2026-11-01T12:00", zone="America/New_York")
    found = whole(bench)
    read = {str(each["UID"]): each["DTSTART"].dt for each in events(found)}
    assert sorted(each.astimezone(UTC) for each in read.values()) == sorted(row.at for row in found.rows)
    assert len(read) == len(walls) + 1


def test_the_hour_that_comes_twice_keeps_which_one_it_is(bench: TestDesk) -> None:
    first = write(bench, "primera", "2026-10-25T02:30", fold=0)
    second = write(bench, "segunda", "2026-10-25T02:30", fold=1)
    starts = {
        str(each["UID"]).partition("@")[0].removeprefix("post-"): each["DTSTART"].dt.astimezone(UTC)
        for each in events(whole(bench))
    }
    assert starts[str(first)] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert starts[str(second)] == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_rules_of_a_zone_are_those_of_the_zone(bench: TestDesk) -> None:
    write(bench, "Hola", "2026-06-01T10:00")
    calendar = icalendar.Calendar.from_ical(plan_ics(whole(bench), language="en"))
    (zone,) = calendar.walk("VTIMEZONE")
    theirs, ours = zone.to_tz(lookup_tzid=False), ZoneInfo("Europe/Madrid")
    at = datetime(2026, 1, 1, 12)  # noqa: DTZ001 - the same wall time is asked of both
    while at < datetime(2027, 12, 31):  # noqa: DTZ001
        assert at.replace(tzinfo=theirs).utcoffset() == at.replace(tzinfo=ours).utcoffset(), at
        at += timedelta(days=9)


def test_changes_are_found_to_the_second_and_only_where_there_are_any() -> None:
    madrid = changes("Europe/Madrid", date(2026, 1, 1), date(2027, 1, 1))
    assert madrid == [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]
    assert changes("America/Bogota", date(2026, 1, 1), date(2027, 1, 1)) == []


def test_an_event_keeps_its_name_when_its_post_moves(bench: TestDesk) -> None:
    post_id = write(bench, "Hola", "2026-06-01T10:00")
    (before,) = events(whole(bench))
    bench.desk.run_now(planning.reschedule, post_id=post_id, wall="2026-06-05T12:00", zone="Europe/Madrid")
    (after,) = events(whole(bench))
    assert before["UID"] == after["UID"] and before["DTSTART"].dt != after["DTSTART"].dt


def test_texts_survive_folding_and_escaping_and_the_note_stays_at_home(bench: TestDesk) -> None:
    text = "Ñandú; coma, barra \\ y salto\nseguido de 👩‍👩‍👧 " + "á" * 200
    write(bench, text, "2026-06-01T10:00", note="secreto de la casa")
    written = plan_ics(whole(bench), language="es")
    assert "secreto" not in written and all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    (event,) = events(whole(bench), "es")
    assert str(event["DESCRIPTION"]).startswith(text) and "Programada" in str(event["DESCRIPTION"])


def test_hostile_texts_end_no_line_and_begin_no_event(bench: TestDesk) -> None:
    write(bench, "x\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nACTION:EMAIL", "2026-06-01T10:00")
    calendar = icalendar.Calendar.from_ical(plan_ics(whole(bench), language="en"))
    assert not calendar.walk("VALARM") and len(calendar.walk("VEVENT")) == 1


def rows(text: str) -> list[dict[str, str]]:
    delimiter, _skipped = delimiter_of(text)
    return [
        {name: unguard(cell) for name, cell in row.items()}
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    ]


def test_a_table_runs_no_formula_and_gives_back_what_was_written(bench: TestDesk) -> None:
    text = '=HYPERLINK("http://evil";"x")'
    post_id = write(bench, text, "2026-06-01T10:00", parts=(Part("+dos"), Part("tres")), comment=Part("@cuatro"),
                    variants={"mastodon": "-otro"}, aim="value")  # fmt: skip
    written = plan_csv(whole(bench))
    cells = next(csv.reader(io.StringIO(written.splitlines()[0])))
    assert cells[:8] == ["post", "brand", "date", "time", "zone", "accounts", "text", "text_mastodon"]
    raw = next(iter(csv.DictReader(io.StringIO(written, newline=""))))
    assert all(not cell or cell[0] not in "=+-@" for cell in raw.values())
    (row,) = rows(written)
    assert (row["post"], row["text"], row["text_mastodon"]) == (str(post_id), text, "-otro")
    assert (row["date"], row["time"], row["zone"]) == ("2026-06-01", "10:00", "Europe/Madrid")
    assert (row["parts"], row["first_comment"], row["aim"]) == ("+dos\n---\ntres", "@cuatro", "value")


def test_in_spanish_the_table_has_spanish_titles_and_semicolons_and_the_same_dates(bench: TestDesk) -> None:
    write(bench, "Hola; adiós, ya", "2026-06-01T10:00")
    (row,) = rows(plan_csv(whole(bench), language="es"))
    assert (row["fecha"], row["hora"], row["texto"]) == ("2026-06-01", "10:00", "Hola; adiós, ya")


def test_json_says_codes_and_offsets(bench: TestDesk) -> None:
    write(bench, "Hola", "2026-06-01T10:00")
    told = json.loads(plan_json(whole(bench)))
    (post,) = told["posts"]
    assert (post["at"], post["wall"], post["state"]) == ("2026-06-01T08:00:00+00:00", "2026-06-01T10:00", "scheduled")
    assert told["format"] == "cmdesk-plan" and not post["elsewhere"]


def test_the_filter_of_the_screen_counts_for_files(bench: TestDesk) -> None:
    mine, _other = write(bench, "Pan", "2026-06-01T10:00"), write(bench, "Vino", "2026-06-02T10:00")
    bench.desk.run_now(campaigns.label_posts, post_ids=[mine], name="receta")
    assert [row.item.post_id for row in whole(bench, chosen=PlanFilter(text="pan")).rows] == [mine]
    assert [row.labels for row in whole(bench).rows] == [("receta",), ()]


def test_days_that_cannot_be_are_refused(bench: TestDesk) -> None:
    for start, end, code in (
        (date(2026, 3, 2), date(2026, 3, 1), "days_reversed"),
        (date(2026, 1, 1), date(2030, 1, 1), "range_too_long"),
    ):
        with pytest.raises(Invalid) as caught:
            whole(bench, start, end)
        assert caught.value.code == code
    assert whole(bench, date(2026, 3, 1), date(2026, 3, 1)).rows == ()


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_written_can_be_read_in_again(bench: TestDesk, language: str) -> None:
    content = {"parts": (Part("dos"), Part("=tres")), "comment": Part("La receta"), "aim": "value", "note": "ojo"}
    write(bench, "Uno; dos, tres\ny =cuatro", "2026-06-01T10:00", **content)
    post_id = write(bench, "@ana: pan", "2026-10-25T09:15", variants={"mastodon": "Otro texto"})
    bench.desk.run_now(campaigns.label_posts, post_ids=[post_id], name="receta")
    brands_there = bench.desk.page(brands.list_brands)
    accounts_there = bench.desk.page(accounts.list_accounts)
    known = Known(brands=brands_there, accounts=accounts_there, markets=[], now=bench.desk.clock.now())
    found = read_plan(read_sheet(plan_csv(whole(bench), language=language).encode("utf-8-sig")), known)
    assert [(each.column, each.code) for each in found.faults if each.left_out] == []
    first, second = found.entries
    assert first.text == "Uno; dos, tres\ny =cuatro" and first.parts == ("dos", "=tres")
    assert (first.comment, first.aim, first.note) == ("La receta", "value", "ojo")
    assert [(each.account_id, each.wall[:16], each.zone) for each in second.targets] == [
        (bench.account_id, "2026-10-25T09:15", "Europe/Madrid")
    ]
    assert (second.text, second.variants, second.labels) == ("@ana: pan", {"mastodon": "Otro texto"}, ("receta",))

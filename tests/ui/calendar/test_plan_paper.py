"""The plan on paper: its pages, its texts in the client's language, nothing of what stays at home; the same bytes."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from cmdesk.commands import planning as deciding
from cmdesk.reports.plan import Plan, plan
from tests.ui.planned import Planned
from ui.calendar.exporting import content, file_name
from ui.calendar.paper import plan_pdf

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")


def whole(planned: Planned, *, brand_id: int | None, end: date = date(2026, 4, 30)) -> Plan:
    return planned.desk.store.snapshot(
        plan, start=date(2026, 3, 1), end=end, now=planned.desk.clock.now(), brand_id=brand_id
    )


def text_of(data: bytes, folder: Path) -> str:
    file = folder / "plan.pdf"
    file.write_bytes(data)
    command = ["pdftotext", "-layout", str(file), "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    return " ".join(said.split())


@pytest.fixture
def full(planned: Planned) -> Planned:
    planned.post("Pan de espelta", wall="2026-03-10T09:30")
    planned.post("Torrijas", wall="2026-04-02T11:00")
    planned.post("Ruta por la sierra", wall="2026-03-11T09:30", brand_id=planned.trail, zone="America/Bogota")
    post_id = planned.post("Con nota", wall="2026-03-12T10:00")
    planned.desk.run_now(
        deciding.save_post, post_id=post_id, brand_id=planned.bakery, text="Con nota", note="no lo vea el cliente",
        account_ids=planned.accounts(planned.bakery),
    )  # fmt: skip
    return planned


@needs_poppler
def test_each_month_has_its_page_and_each_post_its_line(full: Planned, tmp_path: Path) -> None:
    found = whole(full, brand_id=full.bakery)
    said = text_of(plan_pdf(found, language="es", media_folder=full.desk.media_folder), tmp_path)
    for words in ("Marzo 2026", "Abril 2026", "Pan de espelta", "Torrijas", "09:30", "Panadería"):
        assert words in said, words
    assert "cliente" not in said and "Ruta" not in said


@needs_poppler
def test_every_word_is_in_the_clients_language_and_every_hour_on_a_named_clock(full: Planned, tmp_path: Path) -> None:
    for day in range(13, 15):
        for hour in range(7, 22):
            full.post(f"Pan {day} {hour}", wall=f"2026-03-{day}T{hour:02d}:30")
    found = whole(full, brand_id=None)
    said = text_of(plan_pdf(found, language="es", media_folder=full.desk.media_folder), tmp_path)
    assert "Planificada" in said and "más" in said
    assert "Planned" not in said and "more" not in said
    assert "09:30 Bogota" in said and "09:30 Madrid" in said


@needs_poppler
def test_all_brands_stand_on_one_plan_by_their_names(full: Planned, tmp_path: Path) -> None:
    found = whole(full, brand_id=None)
    said = text_of(plan_pdf(found, language="en", media_folder=full.desk.media_folder), tmp_path)
    assert "March 2026" in said and "Northtrail" in said and "Ruta por la sierra" in said


@needs_poppler
def test_days_without_posts_make_a_page_that_says_so(planned: Planned, tmp_path: Path) -> None:
    found = whole(planned, brand_id=planned.bakery, end=date(2026, 3, 31))
    said = text_of(plan_pdf(found, language="en", media_folder=planned.desk.media_folder), tmp_path)
    assert "Nothing is planned for these days yet." in said


def test_the_same_plan_is_the_same_file(full: Planned) -> None:
    found = whole(full, brand_id=full.bakery)
    one, two = (plan_pdf(found, language="es", media_folder=full.desk.media_folder) for _time in range(2))
    assert one == two


def test_a_file_is_named_by_its_brand_and_days(full: Planned) -> None:
    assert file_name(whole(full, brand_id=full.bakery), "ics") == "Panadería 2026-03-01 2026-04-30.ics"
    data = content(full.desk, whole(full, brand_id=full.bakery), "csv", "es")
    assert data.startswith(b"\xef\xbb\xbf") and "09:30" in data.decode()

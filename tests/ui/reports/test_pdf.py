"""The file: fonts and words inside, the same bytes for the same data, whole or not at all; and the command line."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer
from PySide6.QtGui import QFontMetricsF, QPageSize, QPdfWriter
from PySide6.QtPrintSupport import QPrinter

from cmdesk.errors import DeskError, DiskFull
from cmdesk.reports.figures import Report
from tests.conftest import ROOT
from tests.ui.reports.conftest import Full
from ui.paper.pdf import RESOLUTION, pdf_bytes
from ui.paper.style import _TYPE, Style
from ui.reports.document import Document
from ui.reports.page import print_document
from ui.reports.pdf import file_name, write_pdf

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")


def written(full: Full, path: Path, *, language: str = "en", report: Report | None = None) -> bytes:
    done = write_pdf(
        report or full.report(), path, language=language, media_folder=full.desk.media_folder,
        cache_folder=full.desk.profile / "cache" / "pictures",
    )  # fmt: skip
    assert done
    return path.read_bytes()


def tool(*command: str | Path) -> str:
    return subprocess.run([str(each) for each in command], capture_output=True, text=True, check=True).stdout


def test_the_file_is_a_pdf_with_its_typeface_pictures_and_title(full: Full, tmp_path: Path) -> None:
    data = written(full, tmp_path / "march.pdf")
    assert data.startswith(b"%PDF-1.") and data.rstrip().endswith(b"%%EOF")
    fonts = {name.partition(b"+")[2] or name for name in re.findall(rb"/FontName /([^\s/]+)", data)}
    assert {b"Inter-Regular", b"Inter-SemiBold", b"Inter-Bold"} <= fonts
    assert all(name.startswith(b"Inter") for name in fonts) and data.count(b"/FontFile2") == len(fonts)
    assert data.count(b"/Subtype /Image") >= 2
    assert len(re.findall(rb"/Type /Page\b(?!s)", data)) == 12
    assert "La Panadería: social media report, March 2026".encode("utf-16-be") in data or b"/Title" in data


def test_the_same_data_gives_the_same_bytes_on_every_day(full: Full, tmp_path: Path) -> None:
    one, two = written(full, tmp_path / "1.pdf"), written(full, tmp_path / "2.pdf")
    assert one == two
    now = datetime.now().astimezone()
    assert f"{now:%Y%m%d}".encode() not in one and f"{now:%Y-%m-%d}".encode() not in one
    assert one.count(b"D:20260401000000") == 2 and one.count(b'Date="2026-04-01T00:00:00') == 3
    other = written(full, tmp_path / "es.pdf", language="es")
    assert other != one and re.search(rb"/ID \[[^]]*", other) != re.search(rb"/ID \[[^]]*", one)


def test_the_table_of_offsets_is_right_after_the_date_was_set(full: Full, tmp_path: Path) -> None:
    data = written(full, tmp_path / "march.pdf")
    start = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    assert data[start : start + 4] == b"xref"
    first = [int(line[:10]) for line in data[start:].split(b"\n")[3:] if re.match(rb"\d{10} 00000 n", line)]
    assert first and all(re.match(rb"\d+ 0 obj", data[offset : offset + 16]) for offset in first)


@needs_poppler
@pytest.mark.parametrize(("language", "month"), [("en", "March 2026"), ("es", "Marzo de 2026")])
def test_words_can_be_found_and_copied(full: Full, tmp_path: Path, language: str, month: str) -> None:
    written(full, tmp_path / "march.pdf", language=language)
    text = tool("pdftotext", "-layout", tmp_path / "march.pdf", "-")
    assert text.count(month) >= 9 and "La Panadería" in text and "Publicación número 29" in text
    fonts = [line.split() for line in tool("pdffonts", tmp_path / "march.pdf").splitlines()[2:]]
    assert fonts and all("yes" in line for line in fonts)
    assert "La Panadería" in tool("pdfinfo", tmp_path / "march.pdf")


def test_it_is_written_on_another_thread_as_well(full: Full, tmp_path: Path) -> None:
    expected = written(full, tmp_path / "here.pdf")
    report, found = full.report(), []
    thread = threading.Thread(target=lambda: found.append(written(full, tmp_path / "there.pdf", report=report)))
    thread.start()
    thread.join(30)
    assert found == [expected]


def test_cancelled_between_pages_nothing_is_written(full: Full, tmp_path: Path) -> None:
    pages: list[tuple[int, int]] = []
    done = write_pdf(
        full.report(), tmp_path / "march.pdf", language="en", media_folder=full.desk.media_folder,
        cancelled=lambda: len(pages) == 3, progress=lambda page, whole: pages.append((page, whole)),
    )  # fmt: skip
    assert not done and not (tmp_path / "march.pdf").exists() and pages == [(1, 12), (2, 12), (3, 12)]


def test_a_full_disk_is_said_and_leaves_what_was_there(
    full: Full, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "march.pdf").write_bytes(b"last month's")

    def no_space(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(DiskFull):
        written(full, folder / "march.pdf")
    assert [file.name for file in folder.iterdir()] == ["march.pdf"]
    assert (folder / "march.pdf").read_bytes() == b"last month's"


def test_a_folder_that_is_not_there_is_said(full: Full, tmp_path: Path) -> None:
    with pytest.raises(DeskError) as caught:
        written(full, tmp_path / "nowhere" / "march.pdf")
    assert caught.value.code == "report_unwritable"


def test_a_brands_report_holds_no_word_of_another(full: Full, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.ui.reports.full import fill, said

    full.clock.advance(-40 * 86_400)
    other = fill(full.desk, full.folder, name="SECRETBRAND", posts=4)
    full.clock.advance(40 * 86_400)
    text = said(full.report(), "en", full.pictures, monkeypatch)
    assert "SECRETBRAND" not in text and f"sky{other}" not in text and f"@pan{other}" not in text
    theirs = said(full.report(brand_id=other), "en", full.pictures, monkeypatch)
    assert "SECRETBRAND" in theirs and "La Panadería" not in theirs


def test_the_name_of_the_file_is_taken_by_every_system(full: Full) -> None:
    import dataclasses

    report = full.report()
    assert file_name(report) == "La Panadería 2026-03.pdf"
    odd = dataclasses.replace(report, brand=dataclasses.replace(report.brand, name='../a:b*"c"|?<d>. '))
    assert file_name(odd) == "a b c d 2026-03.pdf"


def test_a_line_is_as_wide_in_the_file_as_it_was_measured(full: Full) -> None:
    style = Style("#336699")
    writer = QPdfWriter(QBuffer())
    writer.setResolution(RESOLUTION)
    for role in _TYPE:
        inside = QFontMetricsF(style.font(role), writer).horizontalAdvance("4.178 Publicaciones")
        assert inside == pytest.approx(style.width("4.178 Publicaciones", role), rel=0.01), role


def test_a_document_can_be_written_twice(full: Full) -> None:
    document = Document(full.report(), language="en", pictures=full.pictures)
    assert pdf_bytes(document) == pdf_bytes(document)


def test_the_printer_gets_the_same_pages(full: Full, tmp_path: Path) -> None:
    document = Document(full.report(), language="en", pictures=full.pictures)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    print_document(document, printer)
    data = (tmp_path / "printed.pdf").read_bytes()
    assert len(re.findall(rb"/Type /Page\b(?!s)", data)) == document.page_count


def run(profile: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    command = [sys.executable, ROOT / "main.py", "--profile", profile, "report", *arguments]
    return subprocess.run(
        [str(each) for each in command], capture_output=True, text=True, env=environment, timeout=50, check=False
    )


def test_the_command_line_writes_it_without_a_screen(full: Full, tmp_path: Path) -> None:
    expected = written(full, tmp_path / "window.pdf")
    full.desk.close_now()
    out = tmp_path / "march.pdf"
    done = run(full.desk.profile, "--brand", "la panadería", "--month", "2026-03", "--out", out, "--language", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_bytes() == expected


@pytest.mark.parametrize(
    ("brand", "month", "status", "said_"),
    [
        ("Nadie", "2026-03", 1, "Nadie"),
        ("La Panadería", "2026-13", 2, "2026-13"),
        ("La Panadería", "March", 2, "March"),
    ],
)
def test_mistakes_are_one_clear_line(
    full: Full, tmp_path: Path, brand: str, month: str, status: int, said_: str
) -> None:
    full.desk.close_now()
    done = run(full.desk.profile, "--brand", brand, "--month", month, "--out", tmp_path / "x.pdf")
    assert done.returncode == status and len(done.stderr.splitlines()) == 1 and said_ in done.stderr
    assert not (tmp_path / "x.pdf").exists()

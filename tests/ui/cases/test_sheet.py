"""The case sheet: on paper, in the dialog that refers, and the ways it leaves the program."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from cmdesk.care.values import CaseState
from cmdesk.commands import cases as commands
from cmdesk.errors import DeskError
from cmdesk.store import cases as store
from tests.ui.cases.conftest import Complaints, shown
from tests.ui.cases.test_cases_page import answer
from tests.ui.planned import Planned, Told, done
from ui.cases.page import CasesPage
from ui.casework import command, refer
from ui.casework.refer import ReferDialog, SheetDialog, SheetView
from ui.casework.sheet import SheetDocument, pieces
from ui.models import cases as models
from ui.paper.pdf import pdf_bytes
from ui.widgets.page import Target


def referred(complaints: Complaints, *, asked: str = "Can we send another one?") -> int:
    """A case that waits for the client."""
    case_id = complaints.open("The cake was broken")
    due = complaints.desk.clock.now() + timedelta(days=1)
    complaints.desk.run_now(commands.refer, case_id=case_id, who="Marta", asked=asked, due_at=due)
    return case_id


# On paper


def test_a_usual_case_is_one_page_and_the_same_bytes(complaints: Complaints) -> None:
    paper = models.read_sheet(complaints.desk, referred(complaints))
    first = pdf_bytes(SheetDocument(paper))
    assert first is not None
    assert first.startswith(b"%PDF-")
    assert SheetDocument(paper).page_count == 1
    assert first == pdf_bytes(SheetDocument(models.read_sheet(complaints.desk, 1)))


def test_the_sheet_speaks_the_brands_language(complaints: Complaints) -> None:
    case_id = referred(complaints)
    assert models.read_sheet(complaints.desk, case_id).sheet.language == "es"
    assert models.read_sheet(complaints.desk, case_id, speaking="en").sheet.language == "en"


@pytest.mark.parametrize("text", ["", "short", "word " * 4000, "x" * 9000, "line\n" * 900, "a\n\nb" * 300])
def test_a_long_text_is_cut_into_pieces_without_loss(text: str) -> None:
    found = list(pieces(text))
    assert "".join(found).replace("\n", "") == text.replace("\n", "")
    assert all(len(piece) <= 2100 and piece.count("\n") < 24 for piece in found)


def test_a_question_as_long_as_it_may_be_still_prints(complaints: Complaints) -> None:
    case_id = referred(complaints, asked="¿Qué hacemos? " * 1200)
    document = SheetDocument(models.read_sheet(complaints.desk, case_id))
    assert 1 < document.page_count <= 3
    for number in range(document.page_count):
        assert not document.image(number, 300).isNull()


# The dialog


def test_the_sheet_shows_the_question_while_it_is_written(complaints: Complaints, qtbot: Any) -> None:
    case_id = complaints.open("The cake was broken")
    now = complaints.desk.clock.now()
    dialog = ReferDialog(None, complaints.desk, view=models.read_case(complaints.desk, case_id), now=now)
    qtbot.addWidget(dialog)
    dialog.who.setText("Marta")
    dialog.asked.setPlainText("Another one today?")
    dialog.sheet.refresh()
    shown_text = dialog.sheet.text.toPlainText()
    assert "Another one today?" in shown_text
    assert "Marta" in shown_text
    assert not complaints.desk.page(store.case_file, case_id).referrals


def test_text_and_mail_go_into_the_clipboard(complaints: Complaints, told: Told, qtbot: Any) -> None:
    view = SheetView(complaints.desk, referred(complaints), draft=lambda: None)
    qtbot.addWidget(view)
    view.copy.click()
    assert "Can we send another one?" in QGuiApplication.clipboard().text()
    view.copy_mail.click()
    both = QGuiApplication.clipboard().mimeData()
    assert both.hasHtml()
    assert "<html" in both.html()
    assert "Can we send another one?" in both.text()
    assert len(told.toasts) == 2


def test_a_mail_is_opened_by_a_mail_address_only(
    complaints: Complaints, told: Told, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(refer, "open_web", lambda url: opened.append(url) or True)
    view = SheetView(complaints.desk, referred(complaints, asked="Why & how? 100%\nNow"), draft=lambda: None)
    qtbot.addWidget(view)
    view.mail.click()
    [address] = opened
    assert address.startswith("mailto:?subject=")
    assert "Why & how? 100%" in unquote(address)


def test_a_sheet_too_long_for_a_mail_address_is_whole_in_the_clipboard(
    complaints: Complaints, told: Told, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refer, "open_web", lambda _url: True)
    view = SheetView(complaints.desk, referred(complaints, asked="Why? " * 300), draft=lambda: None)
    qtbot.addWidget(view)
    view.mail.click()
    assert QGuiApplication.clipboard().text().count("Why?") == 300
    assert "too long" in told.toasts[-1]


async def test_pdf_and_page_are_saved(
    complaints: Complaints, told: Told, qtbot: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names: list[str] = []

    async def where(_parent: Any, _title: str, *, name: str, **_more: Any) -> Path:
        names.append(name)
        return tmp_path / name

    monkeypatch.setattr(refer, "choose_save", where)
    view = SheetView(complaints.desk, referred(complaints), draft=lambda: None)
    qtbot.addWidget(view)
    view.pdf.click()
    view.html.click()
    await done()
    assert [Path(name).suffix for name in names] == [".pdf", ".html"]
    assert (tmp_path / names[0]).read_bytes().startswith(b"%PDF-")
    assert "Can we send another one?" in (tmp_path / names[1]).read_text("utf-8")
    assert all("Saved" in text for text in told.toasts)


async def test_a_folder_that_takes_no_file_is_said(
    complaints: Complaints, told: Told, qtbot: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def where(*_args: Any, **_more: Any) -> Path:
        return tmp_path / "nowhere" / "x.pdf"

    monkeypatch.setattr(refer, "choose_save", where)
    view = SheetView(complaints.desk, referred(complaints), draft=lambda: None)
    qtbot.addWidget(view)
    view.pdf.click()
    await done()
    assert len(told.errors) == 1


async def test_referring_waits_for_the_client_and_the_answer_wakes_it(
    page: CasesPage, complaints: Complaints, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = complaints.open("The cake was broken")
    await shown(page)
    page.open(Target("cases", "case", case_id))
    answer(monkeypatch, who="Marta", asked="")
    page.do_refer()
    await done()
    assert complaints.case(case_id).state is CaseState.OPEN
    answer(monkeypatch, who="Marta", asked="Another one today?")
    page.do_refer()
    await done()
    assert complaints.case(case_id).state is CaseState.CLIENT
    [referral] = planned.desk.page(store.case_file, case_id).referrals
    assert referral.due_at is not None
    answer(monkeypatch)
    page.detail.panel.act.emit("remind", referral)
    await done()
    assert planned.desk.page(store.referral, referral.id).reminded == 1
    answer(monkeypatch, answer="Yes, at five")
    page.detail.panel.act.emit("answer", referral)
    await done()
    assert complaints.case(case_id).state is CaseState.OPEN
    assert planned.desk.page(store.referral, referral.id).answer == "Yes, at five"
    planned.undo_last()
    assert complaints.case(case_id).state is CaseState.CLIENT


def test_the_reminder_offers_the_question_again(complaints: Complaints, qtbot: Any) -> None:
    view = models.read_case(complaints.desk, referred(complaints))
    dialog = SheetDialog(
        None, complaints.desk, view=view, referral=view.file.referrals[0], now=complaints.desk.clock.now()
    )
    qtbot.addWidget(dialog)
    assert dialog.sheet.text.toPlainText().count("Can we send another one?") == 1
    assert any("reminded" in each.text() for each in dialog.findChildren(QPushButton))


# The command line


def test_the_command_line_writes_the_same_pdf(complaints: Complaints, tmp_path: Path) -> None:
    case_id = referred(complaints)
    command.write(complaints.desk, case_id, tmp_path / "case.pdf", None)
    assert (tmp_path / "case.pdf").read_bytes() == pdf_bytes(SheetDocument(models.read_sheet(complaints.desk, case_id)))
    with pytest.raises(DeskError):
        command.write(complaints.desk, 99, tmp_path / "none.pdf", None)
    assert not (tmp_path / "none.pdf").exists()


def test_case_export_needs_no_screen(complaints: Complaints, tmp_path: Path) -> None:
    referred(complaints)
    profile = complaints.desk.profile
    complaints.desk.close_now()
    out = tmp_path / "case.pdf"
    asked = [sys.executable, "main.py", "--profile", str(profile), "case", "export", "1", "--format", "pdf"]
    root = Path(__file__).parents[3]
    ended = subprocess.run(
        [*asked, "--output", str(out)], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert out.read_bytes().startswith(b"%PDF-")
    ended = subprocess.run(asked, cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "--output" in ended.stderr

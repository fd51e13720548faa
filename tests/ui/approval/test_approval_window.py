"""Approval at the screen: the page, the dialog, the banner, what is told (rank 25)."""

from __future__ import annotations

import asyncio
import email
import email.policy
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget

from cmdesk.clock import FixedClock
from cmdesk.commands import approval, brands, planning
from cmdesk.planning.approving import State
from cmdesk.store import approval as approvals, planning as posts
from tests.ui.planned import Planned, Told, done
from ui import approval as package
from ui.approval.banner import ApprovalBanner
from ui.approval.command import write as write_pdf
from ui.approval.news import ApprovalNews
from ui.approval.page import ApprovalPage
from ui.approval.ways import SendDialog
from ui.settings.brands import BrandDialog
from ui.widgets.page import Target


@pytest.fixture
def page(planned: Planned) -> Iterator[ApprovalPage]:
    """The page, shown."""
    made = ApprovalPage(planned.context)
    made.resize(1024, 640)
    made.show_brand(None)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def texts(inside: QWidget) -> str:
    """What is written on it."""
    return "\n".join(getattr(each, "full_text", each.text)() for each in inside.findChildren(QLabel))


def dialog() -> Any:
    """The dialog that is open."""
    found = [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]
    assert found, "no dialog"
    return found[-1]


async def opened() -> Any:
    """Wait for a dialog: it is opened by a task."""
    for _turn in range(50):
        await asyncio.sleep(0.01)
        found = [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]
        if found:
            return found[-1]
    raise AssertionError("no dialog came")


def asked(planned: Planned, *texts_: str) -> tuple[int, list[int]]:
    """A sheet of these posts."""
    ids = [planned.post(text, wall=f"2026-03-0{place}T10:00") for place, text in enumerate(texts_, 4)]
    return planned.desk.run_now(approval.ask, post_ids=ids, title="Week 10", sent_to="Lucía"), ids


def _bytes(url: QUrl) -> bytes:
    return Path(url.toLocalFile()).read_bytes()


def state(planned: Planned, post_id: int) -> str:
    """How the approval of a post stands."""
    return planned.desk.page(posts.post, post_id).approval


async def test_asking_from_the_calendar_makes_a_sheet_and_offers_to_send_it(
    planned: Planned, page: ApprovalPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = planned.post("One", wall="2026-03-05T10:00"), planned.post("Two", wall="2026-03-04T10:00")
    package.ask(planned.context, [first, second], brand_id=planned.bakery)
    page.open(planned.went.pop())
    ask = await opened()
    assert ask.post_ids() == [second, first]
    assert ask.until.value() is not None
    ask.up.click()
    ask.list.setCurrentRow(1)
    ask.up.click()
    assert ask.post_ids() == [first, second]
    ask.title.setText("Week 10")
    ask.to.setText("lucia@example.org")
    ask.reply_to.setText("ana@example.org")
    ask.message.setPlainText("Please look")
    ask.view.refresh()
    assert "Please look" in ask.view.paper.text
    ask.yes.click()
    send = None
    for _turn in range(100):
        await asyncio.sleep(0.01)
        found = dialog() if any(isinstance(each, SendDialog) for each in QApplication.topLevelWidgets()) else None
        if isinstance(found, SendDialog):
            send = found
            break
    assert send is not None
    [sheet] = planned.desk.page(approvals.sheets)
    assert [each.post_id for each in sheet.items] == [first, second]
    assert (sheet.title, sheet.sent_to, sheet.message) == ("Week 10", "lucia@example.org", "Please look")
    assert planned.desk.setting("approval_reply_to") == "ana@example.org"
    opened_files: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened_files.append(url) or True)
    send.draft.click()
    for _turn in range(100):
        await asyncio.sleep(0.02)
        if opened_files:
            break
    mail = email.message_from_bytes(_bytes(opened_files[0]), policy=email.policy.default)
    assert (mail["To"], mail["Reply-To"], mail["X-Unsent"]) == ("lucia@example.org", "ana@example.org", "1")
    [pdf] = list(mail.iter_attachments())
    assert pdf.get_content().startswith(b"%PDF")
    send.copy.click()
    assert QGuiApplication.clipboard().text() == send.paper.text
    send.accept()
    await done()
    planned.undo_last()
    assert planned.desk.page(approvals.sheets) == []


async def test_a_pasted_answer_is_shown_before_it_is_noted(planned: Planned, page: ApprovalPage) -> None:
    sheet_id, ids = asked(planned, "One", "Two", "Three")
    page.open(Target("approval", "sheet", sheet_id))
    page.refresh(None)
    box = page.detail.answer
    assert not box.record.isEnabled()
    box.text.setPlainText("1 sí, 2 cambiar: más corto")
    assert box.record.isEnabled() and box.by.text() == "Lucía"
    assert "más corto" in texts(box) and "Nothing about no. 3" in texts(box)
    assert [state(planned, each) for each in ids] == ["asked", "asked", "asked"]
    box.record.click()
    await done()
    assert [state(planned, each) for each in ids] == ["approved", "change", "asked"]
    assert "Lucía: “más corto”" in texts(page.detail)
    assert box.text.toPlainText() == ""
    planned.undo_last()
    assert [state(planned, each) for each in ids] == ["asked", "asked", "asked"]


async def test_a_doubtful_answer_is_named_and_never_noted_as_a_yes(planned: Planned, page: ApprovalPage) -> None:
    sheet_id, _ids = asked(planned, "One", "Two")
    page.open(Target("approval", "sheet", sheet_id))
    box = page.detail.answer
    box.text.setPlainText("vale, lo miro mañana")
    assert not box.record.isEnabled()
    assert "vale, lo miro mañana" in texts(box)
    box.text.setPlainText("1 ok\n2 casi")
    assert box.record.text() == "Note only what was understood"


async def test_each_post_is_decided_by_its_buttons(planned: Planned, page: ApprovalPage) -> None:
    sheet_id, ids = asked(planned, "One", "Two", "Three")
    page.open(Target("approval", "sheet", sheet_id))
    page.refresh(None)
    page.items[0].buttons["approve"].click()
    await done()
    assert state(planned, ids[0]) == "approved"
    page.refresh(None)
    page.items[1].buttons["change"].click()
    change = await opened()
    change.body.itemAt(0).widget().editor.setPlainText("Otra foto")
    change.yes.click()
    await done()
    assert state(planned, ids[1]) == "change"
    page.refresh(None)
    page.items[2].buttons["waive"].click()
    waive = await opened()
    waive.yes.click()
    assert waive.isVisible(), "a reason is needed"
    waive.body.itemAt(0).widget().editor.setPlainText("Agreed on the phone")
    waive.yes.click()
    await done()
    assert state(planned, ids[2]) == "waived"
    page.refresh(None)
    assert "Reason: Agreed on the phone" in texts(page.detail)
    page.items[1].buttons["open"].click()
    assert planned.went[-1] == Target("composer", "post", ids[1], planned.bakery)


async def test_asking_again_takes_what_is_wanted_and_shows_what_changed(planned: Planned, page: ApprovalPage) -> None:
    sheet_id, ids = asked(planned, "One", "Two words")
    planned.desk.run_now(
        approval.record, sheet_id=sheet_id,
        answers=[approval.Said(1, State.APPROVED), approval.Said(2, State.CHANGE, "Other words")],
    )  # fmt: skip
    planned.desk.run_now(
        planning.save_post, post_id=ids[1], brand_id=planned.bakery, text="Two other words",
        account_ids=planned.accounts(planned.bakery),
    )  # fmt: skip
    page.open(Target("approval", "sheet", sheet_id))
    page.refresh(None)
    assert "now “other" in texts(page.detail)
    page.do_ask_again()
    ask = await opened()
    assert ask.post_ids() == [ids[1]]
    assert (ask.title.text(), ask.to.text()) == ("Week 10", "Lucía")
    assert "Other words" in ask.view.paper.text and "other" in ask.view.paper.text
    ask.reject()
    await done()


async def test_reminding_and_taking_back(planned: Planned, page: ApprovalPage) -> None:
    sheet_id, ids = asked(planned, "One")
    page.open(Target("approval", "sheet", sheet_id))
    page.refresh(None)
    page.do_remind()
    (await opened()).accept()
    await done()
    assert planned.desk.page(approvals.sheet, sheet_id).reminded == 1
    page.do_withdraw()
    await done()
    assert state(planned, ids[0]) == ""


def test_the_banner_says_what_the_client_said(planned: Planned) -> None:
    banner = ApprovalBanner(planned.desk)
    post_id = planned.post("One", wall="2026-03-05T10:00")
    banner.show_post(post_id)
    assert banner.isHidden()
    planned.desk.run_now(brands.edit_brand, brand_id=planned.bakery, edit=brands.BrandEdit(needs_approval=True))
    banner.show_post(post_id)
    assert not banner.isHidden() and "without the client's yes" in banner.banner.label.text()
    sheet_id = planned.desk.run_now(approval.ask, post_ids=[post_id])
    answers = [approval.Said(1, State.CHANGE, "<b>Shorter</b>")]
    planned.desk.run_now(approval.record, sheet_id=sheet_id, answers=answers, by="Lucía")
    banner.show_post(post_id)
    assert "Lucía: “<b>Shorter</b>”" in banner.banner.label.text()
    went: list[int] = []
    banner.ask_wanted.connect(went.append)
    banner.sheet_wanted.connect(went.append)
    banner.ask.click()
    banner.sheet.click()
    assert went == [post_id, post_id]
    banner.show_post(9999)
    assert banner.isHidden()
    banner.deleteLater()


async def test_what_was_not_answered_in_time_is_told_once(planned: Planned, clock: FixedClock, told: Told) -> None:
    ids = [planned.post("One", wall="2026-03-09T10:00")]
    planned.desk.run_now(approval.ask, post_ids=ids, expires_at=clock.now() + timedelta(hours=2))
    news = ApprovalNews(planned.context, planned.bridge)
    news.look()
    assert told.toasts == []
    clock.advance(3 * 3600)
    planned.desk.run_now(approvals.expire)
    news.look()
    await done()
    news.look()
    await done()
    assert told.toasts == ["The client did not answer about 1 post in time"]


def test_a_brand_is_told_to_publish_nothing_without_a_yes(planned: Planned) -> None:
    brand = planned.desk.page(approvals_brand, planned.bakery)
    parent = QWidget()
    edit = BrandDialog(planned.desk, parent, brand=brand)
    assert not edit._needs_approval.isChecked()
    edit._needs_approval.setChecked(True)
    edit.deleteLater()
    parent.deleteLater()


def approvals_brand(reader: Any, brand_id: int) -> Any:
    """A brand as it is stored."""
    from cmdesk.store import brands as stored

    return stored.brand(reader, brand_id)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_the_pdf_has_every_word_and_its_pages_hold_long_posts(planned: Planned, tmp_path: Path) -> None:
    sheet_id, _ids = asked(planned, "Pan de centeno", "Largo " + "palabra " * 30)
    write_pdf(planned.desk, sheet_id, tmp_path / "sheet.pdf", "es")
    command = ["pdftotext", str(tmp_path / "sheet.pdf"), "-"]
    whole = " ".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    for words in ("hoja n.º 1", "Week 10", "10:00", "Pan de centeno", "palabra", "Apruebo", "Cambiar:"):
        assert words in whole, words

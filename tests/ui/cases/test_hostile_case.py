"""Markup in every field of a case, a wish and a place is shown as it was written, never obeyed."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

import pytest

from cmdesk.commands import cases as commands, wishes as wish_commands
from tests.ui.cases.conftest import Complaints, shown
from tests.ui.planned import done
from tests.ui.test_hostile import Trap, check, is_magenta, trap
from ui.cases.page import CasesPage
from ui.casework.dialogs import AnswerDialog, CallDialog, CloseDialog, OpenCase, PromiseDialog
from ui.casework.refer import ReferDialog
from ui.casework.sheet import SheetDocument
from ui.models import cases as models
from ui.widgets.page import Target

__all__ = ["trap"]


@pytest.mark.timeout(120)
async def test_a_hostile_case_is_plain_text_everywhere(page: CasesPage, complaints: Complaints, trap: Trap) -> None:
    source = trap.payloads()
    run, now, brand = complaints.desk.run_now, complaints.desk.clock.now(), complaints.planned.bakery
    made: list[int] = []
    for words in (list(islice(source, 9)) for _number in range(12)):
        case_id = complaints.open(words[0], name=words[1][:60] or "x")
        run(commands.set_case, case_id=case_id, title=words[2], cause=words[3], info={words[4]: words[5]})
        run(commands.promise, case_id=case_id, text=words[6], due_at=now + timedelta(hours=1))
        run(commands.refer, case_id=case_id, who=words[7], asked=words[8])
        run(commands.compensate, case_id=case_id, kind="gift", detail=words[0], cost_cents=0)
        run(wish_commands.add_wish, brand_id=brand, kind="idea", text=words[1])
        run(wish_commands.add_place, brand_id=brand, name=words[2][:150] or "x", note=words[3])
        made.append(case_id)
    run(commands.solve_case, case_id=made[0], solution=next(source))
    await shown(page, width=1500)
    for case_id in made:
        page.open(Target("cases", "case", case_id))
        for section in page.detail.panel.sections:
            section.set_open(True)
        check(page)
        document = SheetDocument(models.read_sheet(complaints.desk, case_id))
        assert not any(is_magenta(document.image(number, 600)) for number in range(document.page_count))
    for tab in ("wishes", "places"):
        page.open(Target("cases", tab))
        check(page)
    view = models.read_case(complaints.desk, made[1])
    name, words = view.file.person, next(source)
    earlier = models.earlier_cases(complaints.desk, view.file.case.contact_id or 0)
    for dialog in (
        OpenCase(page, title=words, who=name, care=view.care, earlier=earlier, now=now),
        PromiseDialog(page, now=now, level=view.care.level, text=words, due=now),
        AnswerDialog(page, who=words, asked=words),
        CloseDialog(page, file=view.file),
        CallDialog(page, who=name, now=now),
        ReferDialog(page, complaints.desk, view=view, now=now),
    ):
        dialog.show()
        await done()
        check(dialog)
        dialog.close()
        dialog.deleteLater()
    assert trap.asked == []

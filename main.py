"""CM Desk: the window, or with a verb the same desk on the command line (`python main.py --help`)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cmdesk.desk import Desk
    from cmdesk.people.certificate import Paper
    from cmdesk.reports.plan import Plan


def _window(profile: Path, *, demo: bool) -> int:
    from ui.application import run

    return run(profile, demo=demo)


def _screenshots(folder: Path) -> int:
    from ui.screenshots import run

    return run(folder)


def _self_test(profile: Path) -> int:
    from ui.selftest import run

    return run(profile)


def _report(desk: Desk, brand_id: int, year: int, month: int, file: Path, language: str) -> None:
    from ui.reports.command import write

    write(desk, brand_id, year, month, file, language)


def _case_sheet(desk: Desk, case_id: int, file: Path, language: str | None) -> None:
    from ui.casework.command import write

    write(desk, case_id, file, language)


def _approval_sheet(desk: Desk, sheet_id: int, file: Path, language: str | None) -> None:
    from ui.approval.command import write

    write(desk, sheet_id, file, language)


def _plan(desk: Desk, plan: Plan, file: Path, language: str) -> None:
    from ui.calendar.command import write

    write(desk, plan, file, language)


def _certificate(paper: Paper, file: Path) -> None:
    from ui.people.certificate import write

    write(paper, file)


def main() -> int:
    """Start what the arguments ask for and return the exit status.

    The core never imports the window, so the parts of it that a verb needs are handed in.
    """
    from cmdesk.cli import main as run

    return run(
        sys.argv[1:],
        window=_window,
        screenshots=_screenshots,
        self_test=_self_test,
        report=_report,
        case_sheet=_case_sheet,
        approval_sheet=_approval_sheet,
        plan=_plan,
        certificate=_certificate,
    )


if __name__ == "__main__":
    raise SystemExit(main())

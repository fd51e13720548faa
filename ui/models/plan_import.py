"""A plan file as its dialog needs it: read, judged anew with each choice, taken in, its broken rows kept."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cmdesk.commands import plan_import as commands
from cmdesk.commands.plan_import import Taken as Taken
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.model import Account, Brand
from cmdesk.planning.importing import pictures
from cmdesk.planning.importing.rows import Entry as Entry, Fault as Fault, Plan as Plan, picture_paths, read_plan
from cmdesk.planning.importing.sheets import Sheet, read_sheet, rejects
from cmdesk.store import accounts, brands, plan_import as store
from cmdesk.store.db import Done as Done
from cmdesk.templates.files import read_file
from cmdesk.wording_scheduling import fault_line


@dataclass(frozen=True)
class Choices:
    """What a person says about a file."""

    brand_id: int | None = None  # whose rows without a brand are
    days_first: bool | None = None
    columns: Mapping[int, str] = field(default_factory=dict)


class Reading:
    """One file; `plan` is None while its columns cannot be understood, and `problem` says why."""

    def __init__(self, desk: Desk, path: Path, sheet: Sheet, choices: Choices) -> None:
        self._desk = desk
        self.path, self.sheet, self.choices = path, sheet, choices
        self.plan: Plan | None = None
        self.problem: Invalid | None = None
        self.brands: list[Brand] = desk.page(brands.list_brands)
        self.accounts: dict[int, Account] = {each.id: each for each in desk.page(accounts.list_accounts)}
        self._folders = [path.resolve().parent, desk.media_folder]

    @classmethod
    async def of(cls, desk: Desk, path: Path, brand_id: int | None) -> Reading:
        """Read a file off the painting thread; raises Invalid for one that is no table."""
        sheet = await asyncio.to_thread(lambda: read_sheet(read_file(path)))
        made = cls(desk, path, sheet, Choices(brand_id))
        await made.judge(made.choices)
        return made

    async def judge(self, choices: Choices) -> None:
        """Judge every row with these choices."""
        self.choices = choices
        try:
            names = picture_paths(self.sheet, choices.columns)
            seen = await asyncio.to_thread(pictures.look_at, names, self._folders)
            known = self._desk.page(
                store.known,
                now=self._desk.clock.now(),
                brand_id=choices.brand_id,
                days_first=choices.days_first,
                columns=choices.columns,
                pictures=seen,
            )
            self.plan = await asyncio.to_thread(read_plan, self.sheet, known)
            self.problem = None
        except Invalid as problem:
            self.plan, self.problem = None, problem

    async def take(self, *, schedule: bool) -> Done[Taken]:
        """Take in what is right; raises MediaError, Invalid and Conflict, and then nothing is written."""
        entries = self.plan.entries if self.plan is not None else ()
        names = {path for each in entries for path, _alt in each.media}
        copies = await asyncio.to_thread(pictures.take_over, names, self._folders, self._desk.media_folder)
        return await self._desk.run(commands.take, entries=entries, pictures=copies, schedule=schedule)

    def broken(self, title: str) -> bytes:
        """The rows that are not taken as CSV, each with its reasons in a last column."""
        reasons: dict[int, str] = {}
        for fault in self.plan.faults if self.plan is not None else ():
            if fault.left_out:
                reasons[fault.line] = " ".join(filter(None, (reasons.get(fault.line, ""), fault_line(fault))))
        return rejects(self.sheet, reasons, title=title)

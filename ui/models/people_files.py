"""People in files: a table read and compared before anything is written, and people written out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cmdesk.commands.people_import import Change, Changed, ImportPlan, plan_import
from cmdesk.desk import Desk
from cmdesk.files import replace_private
from cmdesk.people.columns import IGNORED, NEW, OWN, TARGETS, guess
from cmdesk.people.fields import OwnField
from cmdesk.people.table_file import PeopleTable, open_table
from cmdesk.people.table_out import to_csv
from cmdesk.people.taking import Draft, Fault
from cmdesk.store import people, people_fields, people_files
from cmdesk.store.db import Reader

__all__ = [
    "IGNORED", "NEW", "OWN", "TARGETS", "Change", "Changed", "Draft", "Fault", "ImportPlan", "PeopleTable", "guessed",
    "open_file", "plan", "write_csv",
]  # fmt: skip


async def open_file(desk: Desk, path: Path) -> PeopleTable:
    """Read a file on another thread; raises Invalid for the whole of it."""
    return await desk.work(open_table, path)


def own_fields(desk: Desk, brand_id: int) -> list[OwnField]:
    """A brand's own fields."""
    return desk.page(people_fields.fields, brand_id)


def field_uses(desk: Desk, fields: Sequence[OwnField]) -> dict[int, int]:
    """How many people have a value in each field."""
    return {each.id: desk.page(people_fields.use_count, each.id) for each in fields}


def guessed(desk: Desk, brand_id: int, table: PeopleTable) -> dict[int, str]:
    """What each column seems to be; '' where nothing is known."""
    found = guess(table.titles, own_fields(desk, brand_id))
    return {place: found.get(place, "") for place in range(len(table.titles))}


async def plan(
    desk: Desk, brand_id: int, table: PeopleTable, mapping: Mapping[int, str], progress: Callable[[int], bool]
) -> ImportPlan:
    """What the file would do, on another thread; raises Invalid (`people_name`, `import_cancelled`...)."""
    wanted = {place: target for place, target in mapping.items() if target}
    return await desk.read(plan_import, brand_id, table, wanted, progress)


async def write_csv(desk: Desk, path: Path, ids: Sequence[int], *, delimiter: str) -> int:
    """Write people to a CSV on another thread and return how many; raises OSError."""
    data, count = await desk.read(_csv, list(ids), delimiter)
    await desk.work(replace_private, path, data)
    return count


def _csv(reader: Reader, ids: list[int], delimiter: str) -> tuple[bytes, int]:
    brands = list(people.brands_of(reader, ids))
    networks = list(dict.fromkeys(each for brand_id in brands for each in people_files.networks_of(reader, brand_id)))
    own = [each for brand_id in brands for each in people_fields.fields(reader, brand_id)]
    rows = people_files.out_rows(reader, ids)
    return b"".join(to_csv(rows, networks, own, delimiter=delimiter)), len(ids)

"""The plan written to files: one for all, or one for each brand; a PDF in the client's language."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from cmdesk.desk import Desk
from cmdesk.files import replace_private
from cmdesk.i18n import _, ngettext
from cmdesk.planning.plan_filter import PlanFilter
from cmdesk.reports.plan import Plan, plan
from cmdesk.reports.plan_files import language_of, plan_file
from ui import notices
from ui.calendar.plan_dialogs import ExportDialog
from ui.paper.pdf import file_stem
from ui.widgets.dialogs import choose_folder, choose_save

KINDS = {"pdf": "PDF", "ics": "ICS", "csv": "CSV", "json": "JSON"}


def content(desk: Desk, found: Plan, kind: str, language: str) -> bytes:
    """A plan as a file's bytes; blocks, and needs a Qt application for "pdf"."""
    if kind == "pdf":
        from ui.calendar.paper import plan_pdf  # Qt's PDF writer only when one is wanted

        return plan_pdf(found, language=language, media_folder=desk.media_folder)
    return plan_file(found, kind, language=language, install=desk.install_id, media_folder=desk.media_folder)


def file_name(found: Plan, kind: str) -> str:
    """A name that every system takes: "La Panadería 2026-03-01 2026-03-31.pdf"."""
    brand = found.title_brand
    stem = file_stem(brand.name if brand else _("Plan"), otherwise="plan")
    return f"{stem} {found.start.isoformat()} {found.end.isoformat()}.{kind}"


async def export_plan(desk: Desk, asked: ExportDialog, parent: QWidget, *, chosen: PlanFilter) -> None:
    """Write what was asked for, after asking where to."""
    days, kind, wanted = asked.days, asked.format, asked.language
    if asked.brand == 0:
        await _one_each(desk, parent, days=days, kind=kind, wanted=wanted, chosen=chosen)
        return
    found = await desk.read(plan, start=days[0], end=days[1], now=desk.clock.now(), brand_id=asked.brand, chosen=chosen)
    path = await choose_save(
        parent, _("Export the plan"), name=file_name(found, kind), patterns=[(KINDS[kind], [f"*.{kind}"])]
    )
    if path is not None:
        data = await desk.work(content, desk, found, kind, language_of(found, wanted))
        await desk.work(replace_private, path, data)
        text = ngettext("Exported: {file}, {n} post", "Exported: {file}, {n} posts", len(found.rows))
        notices.toast(text.format(file=path.name, n=len(found.rows)))


async def _one_each(
    desk: Desk, parent: QWidget, *, days: tuple[date, date], kind: str, wanted: str, chosen: PlanFilter
) -> None:
    folder = await choose_folder(parent, _("Where do the files go?"))
    if folder is None:
        return
    whole = await desk.read(plan, start=days[0], end=days[1], now=desk.clock.now(), chosen=chosen)
    for brand in whole.brands:
        mine = await desk.read(plan, start=days[0], end=days[1], now=desk.clock.now(), brand_id=brand.id, chosen=chosen)
        data = await desk.work(content, desk, mine, kind, language_of(mine, wanted))
        await desk.work(replace_private, folder / file_name(mine, kind), data)
    count = len(whole.brands)
    notices.toast(ngettext("{n} file written.", "{n} files written.", count).format(n=count))

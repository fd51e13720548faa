"""Forgetting one person and handing over everything about them (N21): read before, done off the thread that paints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from cmdesk.commands import forgetting
from cmdesk.commands.forgetting import ForgetPreview
from cmdesk.desk import Desk
from cmdesk.files import replace_private
from cmdesk.people.certificate import Paper, as_html, as_text
from cmdesk.store import brands, contacts, people_all
from cmdesk.wording_people import certificate, stays_lines

__all__ = ["Paper", "Subject", "export", "forget", "read", "save_paper"]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom it is about, what goes, and what stays in spite of it, in words."""

    preview: ForgetPreview
    stays: tuple[str, ...]


async def read(desk: Desk, contact_id: int) -> Subject:
    """What forgetting would do, on another thread; raises Invalid when the person is gone."""
    found = await desk.read(forgetting.preview_forget, contact_id, desk.profile)
    networks = list(dict.fromkeys(handle.partition(":")[0] for handle in found.handles))
    return Subject(found, stays_lines({}, networks=networks, backups=len(found.backups)))


async def forget(desk: Desk, contact_id: int, *, confirm: str, keep_evidence: bool) -> Paper:
    """Forget somebody and return the certificate; raises Invalid, Conflict, DiskFull."""
    zone = ZoneInfo(desk.page(brands.brand, desk.page(contacts.contact, contact_id).brand_id).zone)
    done = await desk.work(
        forgetting.forget, desk.store, desk.profile, contact_id=contact_id, confirm=confirm,
        keep_evidence=keep_evidence,
    )  # fmt: skip
    return certificate(
        brand=done.brand, number=done.number, at=done.at.astimezone(zone), removed=done.removed, networks=done.networks,
        backups=done.backups,
    )  # fmt: skip


async def save_paper(desk: Desk, paper: Paper, path: Path) -> None:
    """Write the certificate, as a page when the name says so, else as text; raises OSError."""
    text = as_html(paper) if path.suffix.lower() in (".html", ".htm") else as_text(paper)
    await desk.work(replace_private, path, text.encode())


async def export(desk: Desk, contact_id: int, target: Path) -> list[str]:
    """Write everything about a person to a zip or a new folder and return the files; raises Invalid."""
    from cmdesk.reports.person import export_person

    found = await desk.read(people_all.everything, contact_id)
    brand = desk.page(brands.brand, found.contact.brand_id)
    return await desk.work(
        export_person, found, brand=brand.name, target=target, made_at=desk.clock.now(), zone=ZoneInfo(brand.zone)
    )

"""What the law asks for (N21): everything about a person handed over, a person forgotten, the certificate kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cmdesk.errors import DeskError, DiskFull
from cmdesk.files import replace_private
from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui import notices
from ui.audience.forgetting import CertificateDialog, ForgetDialog
from ui.bridge import spawn
from ui.models import people_forget as forget_models, person as models
from ui.models.people_forget import Paper
from ui.paper.pdf import file_stem
from ui.people.certificate import certificate_pdf
from ui.people.words import sentences
from ui.widgets.dialogs import choose_save
from ui.widgets.page import PageContext

if TYPE_CHECKING:
    from ui.audience.page import AudiencePage


class ByLaw(QObject):
    """Asks, does, and shows what was done; there is no way back from forgetting."""

    def __init__(self, context: PageContext, page: AudiencePage) -> None:
        super().__init__(page)
        self._context, self._desk, self._page = context, context.desk, page

    async def write_person(self, person_id: int, over: QWidget | None = None) -> bool:
        """Choose where, and write everything about a person to a zip; says whether it was written."""
        name = models.name_of(self._desk, person_id)
        stem = file_stem(_("Everything about {name}").format(name=name), otherwise="person")
        path = await choose_save(
            over or self._page.window(), _("Everything about this person"), name=f"{stem}.zip",
            patterns=[(_("Zip archive"), ["*.zip"])],
        )  # fmt: skip
        return path is not None and await self.write_person_file(person_id, path)

    async def write_person_file(self, person_id: int, path: Path) -> bool:
        """Write everything about a person; says whether it was written."""
        try:
            await forget_models.export(self._desk, person_id, path)
        except DeskError as problem:
            notices.error(problem, doing=_("Everything about this person"))
            return False
        notices.tell(_("Saved: {file}").format(file=clean_line(path.name, limit=120)), tone="positive")
        return True

    async def forget(self, person_id: int) -> None:
        """Say what goes and what stays, let the name be typed, forget, and show the certificate."""
        self._page.leaving()
        subject = await forget_models.read(self._desk, person_id)
        dialog = ForgetDialog(self._page.window(), subject)
        made: list[Paper] = []

        async def act(confirm: str, keep_evidence: bool) -> None:
            try:
                paper = await forget_models.forget(
                    self._desk, person_id, confirm=confirm, keep_evidence=keep_evidence
                )  # fmt: skip
            except DiskFull as error:  # they are forgotten; only the file is not written anew
                self._context.drop_undo()
                dialog.done_well()
                notices.error(error, doing=_("Forget this person…"))
                return
            except DeskError as error:
                dialog.show_problem(sentences(error))
                return
            made.append(paper)
            self._context.drop_undo()
            dialog.done_well()

        dialog.export_wanted.connect(
            lambda: spawn(self.write_person(person_id, dialog), dialog, name=_("Everything about this person"))
        )
        dialog.forget_wanted.connect(
            lambda confirm, keep: spawn(act(confirm, keep), dialog, name=_("Forget this person…"))
        )
        if await dialog.ask() and made:
            await self.show_certificate(made[0])

    async def show_certificate(self, paper: Paper) -> None:
        """Show a certificate, to be saved."""
        dialog = CertificateDialog(self._page.window(), paper)

        async def save() -> None:
            day = f"{self._desk.clock.now().astimezone():%Y-%m-%d}"
            stem = file_stem(f"{paper.title} {day}", otherwise="certificate")
            path = await choose_save(
                dialog, _("Save the certificate…"), name=f"{stem}.pdf",
                patterns=[(_("PDF document"), ["*.pdf"]), (_("Web page"), ["*.html"]), (_("Text"), ["*.txt"])],
            )  # fmt: skip
            if path is not None and await self.save_certificate(paper, path):
                dialog.reject()

        dialog.save_wanted.connect(lambda: spawn(save(), dialog, name=_("Save the certificate…")))
        await dialog.ask()

    async def save_certificate(self, paper: Paper, path: Path) -> bool:
        """Write a certificate; says whether it was written."""
        file = clean_line(path.name, limit=120)
        try:
            if path.suffix.lower() == ".pdf":
                await self._desk.work(replace_private, path, certificate_pdf(paper))
            else:
                await forget_models.save_paper(self._desk, paper, path)
        except OSError:
            notices.tell(_("{file} cannot be written").format(file=file), tone="negative")
            return False
        notices.tell(_("Saved: {file}").format(file=file), tone="positive")
        return True

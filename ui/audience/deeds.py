"""What the page of the people decides: merging, doubles, files, own fields, circles, forgetting."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QObject, QUrl
from PySide6.QtGui import QDesktopServices

from cmdesk.commands import circles as circle_commands, contacts as commands, people_import, people_merge
from cmdesk.errors import DeskError
from cmdesk.i18n import _, ngettext
from cmdesk.model import Brand
from cmdesk.people.doubles import Reason
from cmdesk.people.fields import OwnField
from cmdesk.safe_text import clean_line
from ui import notices
from ui.audience.by_law import ByLaw
from ui.audience.importing import ImportDialog
from ui.audience.merging import DoublesDialog, MergeDialog
from ui.audience.person_dialog import FieldsDialog, NewPersonDialog
from ui.bridge import spawn
from ui.circles.deeds import delete_circle
from ui.circles.dialog import edit_circle
from ui.models import people_files, people_merge as merge_models, person as models
from ui.models.directory import Directory
from ui.models.people_merge import Pair
from ui.models.people_side import CIRCLE, Place
from ui.paper.pdf import file_stem
from ui.people.assigning import assign_markets
from ui.people.deeds import PeopleDeeds, tell_done
from ui.widgets.dialogs import choose_files, choose_save
from ui.widgets.page import PageContext, Target

if TYPE_CHECKING:
    from ui.audience.page import AudiencePage

_TABLES = ["*.csv", "*.tsv", "*.txt"]


class AudienceDeeds(QObject):
    """`people` decides about single people and selections; here is what needs a dialog of the page."""

    def __init__(self, context: PageContext, page: AudiencePage) -> None:
        super().__init__(page)
        self._context, self._desk, self._page = context, context.desk, page
        self._directory = Directory(self._desk, self)
        self.people = PeopleDeeds(context, page)
        self.by_law = ByLaw(context, page)

    # Two who are one

    async def merge(self, one: int, other: int, reasons: Sequence[Reason] = ()) -> bool:
        """Show two people side by side and make them one; says whether something was decided."""
        if len(models.by_brand(self._desk, [one, other])) > 1:
            notices.tell(_("They belong to different brands: each brand knows its own people."), tone="warning")
            return False
        dialog = MergeDialog(self._desk, self._page.window(), one=one, other=other, reasons=reasons)
        if await dialog.ask():
            name = models.name_of(self._desk, dialog.gone)
            kept = models.name_of(self._desk, dialog.kept)
            done = await self._desk.run(
                people_merge.merge_people, contact_id=dialog.gone, into=dialog.kept, keep=dialog.keep
            )
            tell_done(self._context, self, done, _("{name} is part of {kept} now").format(name=name, kept=kept))
            self._page.show_person(dialog.kept)
            return True
        if dialog.refused:
            await self.refuse(one, other)
            return True
        return False

    async def refuse(self, one: int, other: int) -> None:
        """Remember that two people are two."""
        done = await self._desk.run(people_merge.refuse_merge, contact_id=one, other_id=other)
        names = [models.name_of(self._desk, each) for each in (one, other)]
        text = _("{one} and {other} are two people").format(one=names[0], other=names[1])
        tell_done(self._context, self, done, text)

    async def doubles(self) -> None:
        """Look through the probable doubles."""
        dialog = DoublesDialog(self._page.window())

        async def fill() -> None:
            pairs, whole = await merge_models.pairs(self._desk, self._brand_ids())
            dialog.show_pairs(pairs, whole)

        async def compare(pair: Pair) -> None:
            found = pair.suggestion
            if await self.merge(found.one_id, found.other_id, found.reasons):
                await fill()

        async def refuse(pair: Pair) -> None:
            await self.refuse(pair.suggestion.one_id, pair.suggestion.other_id)
            await fill()

        dialog.compare.connect(lambda pair: spawn(compare(pair), dialog, name=_("Compare…")))
        dialog.refuse.connect(lambda pair: spawn(refuse(pair), dialog, name=_("Two people")))
        spawn(fill(), dialog, name=_("Probable doubles"))
        await dialog.ask()
        self._page.count_again()

    # Adding

    async def new_person(self) -> int | None:
        """Write somebody down by hand; returns who, None when the person changed their mind."""
        brands = self._brands()
        if not brands:
            notices.tell(_("Add a brand first."))
            return None
        ids = [each.id for each in brands]
        dialog = NewPersonDialog(
            self._page.window(), brands, self._context.brand_id, models.markets(self._desk, ids),
            models.circles(self._desk, ids),
        )  # fmt: skip
        made: list[int] = []

        async def store() -> None:
            try:
                done = await self._desk.run(_add, fields=dialog.fields(), circle_id=dialog.circle.currentData())
            except DeskError as error:
                dialog.show_problem(error)
                return
            made.append(done.value)
            name = models.name_of(self._desk, done.value)
            tell_done(self._context, self, done, _("{name} written down").format(name=name))
            dialog.done_well()

        dialog.store_wanted.connect(lambda: spawn(store(), dialog, name=_("New person…")))
        await dialog.ask()
        return made[0] if made else None

    async def fields(self) -> None:
        """The own fields of the brand that is shown."""
        brand = await self._ask_brand(_("Own fields of which brand?"))
        if brand is None:
            return
        dialog = FieldsDialog(self._page.window(), brand)

        def show() -> None:
            fields = people_files.own_fields(self._desk, brand.id)
            dialog.show_fields(fields, people_files.field_uses(self._desk, fields))

        async def act(deed: str, field: OwnField | None, value: object) -> None:
            try:
                await self._field(brand, deed, field, value)
                dialog.show_problem(None)
            except DeskError as error:
                dialog.show_problem(error)
            show()

        dialog.wanted.connect(lambda deed, field, value: spawn(act(deed, field, value), dialog, name=_("Own fields…")))
        show()
        await dialog.ask()

    async def _field(self, brand: Brand, deed: str, field: OwnField | None, value: object) -> None:
        if deed == "add":
            assert isinstance(value, tuple)
            name, kind, choices = value
            done = await self._desk.run(commands.save_field, brand_id=brand.id, name=name, kind=kind, choices=choices)
            tell_done(self._context, self, done, _("Field added: {name}").format(name=clean_line(name)), silent=True)
            return
        assert field is not None
        name = clean_line(field.name, limit=60)
        if deed == "change":
            assert isinstance(value, tuple)
            done = await self._desk.run(
                commands.save_field, brand_id=brand.id, name=value[0], kind=field.kind, choices=value[1],
                field_id=field.id,
            )  # fmt: skip
            tell_done(self._context, self, done, _("Field changed: {name}").format(name=name), silent=True)
        elif deed == "delete":
            uses = value if isinstance(value, int) else 0
            text = ngettext(
                "{count} person has a value in it. Undo brings all back; a rule that uses it stands still meanwhile.",
                "{count} people have a value in it. Undo brings all back; a rule that uses it stands still meanwhile.",
                uses,
            ).format(count=uses)  # fmt: skip
            question = _("Delete the field “{name}”?").format(name=name)
            if uses and not await notices.confirm(question, text, yes=_("Delete"), danger=True):
                return
            gone = await self._desk.run(commands.delete_field, field_id=field.id)
            tell_done(self._context, self, gone, _("Field deleted: {name}").format(name=name))
        else:
            ids = [each.id for each in people_files.own_fields(self._desk, brand.id)]
            place = ids.index(field.id)
            other = place + (-1 if deed == "up" else 1)
            if 0 <= other < len(ids):
                ids[place], ids[other] = ids[other], ids[place]
                moved = await self._desk.run(commands.order_fields, brand_id=brand.id, field_ids=ids)
                tell_done(self._context, self, moved, _("Order of the fields"), silent=True)

    # Files

    async def take_in(self) -> None:
        """Choose a file, show what it would do, and do it."""
        patterns = [(_("Tables"), _TABLES), (_("All files"), ["*"])]
        chosen = await choose_files(self._page.window(), _("Import people"), patterns=patterns)
        if chosen:
            await self.take_in_file(chosen[0])

    async def take_in_file(self, path: Path) -> None:
        """Show what a file would do, and do it."""
        brands = self._brands()
        if not brands:
            notices.tell(_("Add a brand first."))
            return
        try:
            table = await people_files.open_file(self._desk, path)
        except DeskError as problem:
            notices.error(problem, doing=_("Import people"))
            return
        brand_id = self._context.brand_id or brands[0].id
        markets = models.markets(self._desk, [each.id for each in brands])
        dialog = ImportDialog(self._desk, table, path.name, brands, brand_id, markets, self._page.window())
        if not await dialog.ask() or dialog.plan is None:
            return
        plan = dialog.plan
        work = self._context.progress(_("Importing people…"))
        try:
            done = await self._desk.run(people_import.import_people, plan=plan)
        finally:
            work.finish()
        added, changed = len(done.value.added), done.value.changed
        parts = [ngettext("{count} person added", "{count} people added", added).format(count=added)]
        if changed:
            parts.append(ngettext("{count} changed", "{count} changed", changed).format(count=changed))
        if plan.left_out:
            parts.append(
                ngettext("{count} row left out", "{count} rows left out", plan.left_out).format(count=plan.left_out)
            )
        tell_done(self._context, self, done, ", ".join(parts))

    async def write_out(self, ids: Sequence[int], *, name: str = "") -> None:
        """Choose where, and write people to a CSV."""
        if not ids:
            notices.tell(_("Nobody is listed."))
            return
        brand = self._directory.brand(self._context.brand_id) if self._context.brand_id else None
        about = name or (brand.name if brand else "")
        title = f"{_('people')}-{about}" if about else _("people")
        stem = file_stem(title, otherwise="people")
        path = await choose_save(
            self._page.window(), _("Export people"), name=f"{stem}.csv", patterns=[("CSV", ["*.csv"])]
        )
        if path is not None:
            await self.write_out_file(path, ids)

    async def write_out_file(self, path: Path, ids: Sequence[int]) -> None:
        """Write people to a CSV."""
        # A spreadsheet that writes 1,5 reads columns between semicolons.
        delimiter = ";" if QLocale().decimalPoint() == "," else ","
        work = self._context.progress(_("Writing people to a file…"))
        try:
            count = await people_files.write_csv(self._desk, path, ids, delimiter=delimiter)
        except OSError:
            notices.tell(_("{file} cannot be written").format(file=clean_line(str(path), limit=200)), tone="negative")
            return
        finally:
            work.finish()
        text = ngettext("{count} person in {file}", "{count} people in {file}", count)
        notices.tell(text.format(count=count, file=clean_line(path.name, limit=120)), tone="positive")

    # Circles and markets

    def write_for(self, kind: str, place: Place) -> None:
        """A post for a circle or a market."""
        self._context.navigate(Target("composer", kind, place.id, place.brand_id))

    async def fit_market(self, ids: Sequence[int]) -> None:
        """Give people without a market the one of their language and country: these, or all of a brand."""
        by_brand = models.by_brand(self._desk, ids) if len(ids) > 1 else {}
        if len(by_brand) == 1:
            ((brand_id, only),) = by_brand.items()
        else:
            brand = await self._ask_brand(_("Markets for the people of which brand?"))
            if brand is None:
                return
            brand_id, only = brand.id, None
        done = await assign_markets(self._desk, self._page.window(), brand_id, only=only)
        if done is not None:
            text = ngettext("{count} person has a market now", "{count} people have a market now", done.value)
            tell_done(self._context, self, done, text.format(count=done.value))

    def edit_market(self, place: Place) -> None:
        """Markets are edited in the settings."""
        self._context.navigate(Target("settings", "market", place.id, place.brand_id))

    async def new_circle(self, ids: Sequence[int]) -> None:
        """Make a circle of the brand that is shown, or of the people's; they go into it."""
        brands = models.by_brand(self._desk, ids)
        if len(brands) > 1:
            notices.tell(_("They belong to different brands: each brand knows its own people."), tone="warning")
            return
        brand_id = next(iter(brands), None)
        if brand_id is None:
            brand = await self._ask_brand(_("A circle of which brand?"))
            brand_id = brand.id if brand is not None else None
        if brand_id is None:
            return
        made = await edit_circle(self._page.window(), self._context, brand_id=brand_id, people=ids)
        if made is not None:
            self._page.show_place(CIRCLE, made)

    async def edit_circle(self, circle_id: int) -> None:
        """Name, rule, people and history of a circle."""
        found = models.circle(self._desk, circle_id)
        await edit_circle(self._page.window(), self._context, brand_id=found.brand_id, circle_id=circle_id)

    async def delete_circle(self, circle_id: int) -> None:
        """Delete a circle; its people stay."""
        await delete_circle(self._page.window(), self._context, models.circle(self._desk, circle_id))

    async def write_out_circle(self, place: Place) -> None:
        """Write the people of a circle to a file."""
        ids = await models.members(self._desk, place.id)
        await self.write_out(ids, name=place.name)

    # Inside

    def open_link(self, url: str) -> None:
        """Open a profile in the browser, if it is a web address."""
        found = QUrl(url)
        if found.scheme() in ("https", "http") and found.host():
            QDesktopServices.openUrl(found)

    def _brands(self) -> list[Brand]:
        self._directory.reload()
        every = self._directory.brands()
        return [each for each in every if self._context.brand_id in (None, each.id)]

    def _brand_ids(self) -> list[int]:
        return [each.id for each in self._brands()]

    async def _ask_brand(self, title: str) -> Brand | None:
        brands = self._brands()
        if len(brands) == 1:
            return brands[0]
        if not brands:
            notices.tell(_("Add a brand first."))
            return None
        choices = [notices.Choice(str(each.id), clean_line(each.name)) for each in brands]
        answer = await notices.ask(notices.Question(title, choices=choices, as_list=True, confirm=_("Go on")))
        return next((each for each in brands if answer is not None and str(each.id) == answer.key), None)


def _add(tx: Any, *, fields: dict[str, Any], circle_id: int | None) -> int:
    """Write somebody down and put them into a circle; taking the person back takes that with it."""
    made = commands.add_person(tx, **fields)
    back = tx.undo
    if circle_id is not None:
        circle_commands.put_in(tx, circle_id=circle_id, contact_ids=(made,))
    tx.undo = back
    return made

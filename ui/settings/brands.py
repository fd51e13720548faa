"""The brands section: a card a brand, and the dialog in which one is made or edited."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from cmdesk.commands import brands as brand_commands
from cmdesk.desk import Desk
from cmdesk.errors import DeskError
from cmdesk.i18n import LANGUAGES, _
from cmdesk.model import Brand
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording import explain
from ui import notices
from ui.bridge import spawn
from ui.models import logos
from ui.models.directory import Directory
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Card, Chip, Field, PlainLabel, paint
from ui.widgets.brand_form import BrandForm, local_time
from ui.widgets.dialogs import Dialog, choose_files
from ui.widgets.fields import padded
from ui.widgets.page import PageContext

_PICTURES = ("*.png", "*.jpg", "*.jpeg", "*.webp")


class BrandDialog(Dialog):
    """Make a brand, or edit one; `brand_id` is set once `ask()` returned True."""

    def __init__(self, desk: Desk, parent: QWidget, *, brand: Brand | None = None) -> None:
        super().__init__(
            _("Edit {brand}").format(brand=clean_line(brand.name)) if brand else _("New brand"), parent, width=520
        )
        self.brand_id: int | None = brand.id if brand else None
        self._desk, self._brand = desk, brand
        self._logo: Path | None = None
        self.form = BrandForm()
        self.form.submitted.connect(self._save)
        self.body.addWidget(self.form)
        self._problem = Banner("", tone="negative", icon="triangle-alert")
        self._problem.hide()
        self._grace, self._formal = padded(QSpinBox()), QCheckBox(_("People are addressed formally (usted)"))
        self._needs_approval = QCheckBox(_("Nothing goes out without the client's yes"))
        self._grace.setRange(0, 1440)
        self._grace.setSuffix(f" {_('min')}")
        if brand is not None:
            self._add_more(brand)
        self.body.addWidget(self._problem)
        self.add_button(_("Cancel"), reject=True)
        save = self.add_button(_("Save") if brand else _("Add brand"), variant="primary")
        save.setDefault(True)
        save.clicked.connect(self._save)
        self.form.name.setFocus()

    def _add_more(self, brand: Brand) -> None:
        self.form.set_values(name=brand.name, color=brand.color, language=brand.language, zone=brand.zone)
        self._grace.setValue(brand.late_grace_s // 60)
        self._formal.setChecked(brand.formal)
        hint = _("A post that is later than this waits for your yes. 0 always asks.")
        self.body.addWidget(Field(_("Posts may be late by"), self._grace, hint=hint))
        self.body.addWidget(self._formal)
        self._needs_approval.setChecked(brand.needs_approval)
        self.body.addWidget(self._needs_approval)
        row = QHBoxLayout()
        self._logo_label = PlainLabel(_("Logo: for the brand bar and the cover of its report"), color="text_muted")
        choose = Button(_("Choose a picture…"), icon="image", size="small")
        choose.clicked.connect(lambda: spawn(self._choose_logo(), self, name=_("Choose a picture…")))
        row.addWidget(self._logo_label, 1)
        row.addWidget(choose)
        self.body.addLayout(row)

    async def _choose_logo(self) -> None:
        chosen = await choose_files(self, _("Choose a picture…"), patterns=[(_("Pictures"), _PICTURES)])
        if chosen:
            self._logo = chosen[0]
            self._logo_label.setText(clean_line(chosen[0].name))

    def _save(self) -> None:
        if self.form.check():
            spawn(self._write(), self, name=_("Save"))

    async def _write(self) -> None:
        fields = self.form.fields()
        try:
            if self._brand is None:
                self.brand_id = (await self._desk.run(brand_commands.add_brand, **fields)).value
            else:
                logo = await logos.keep(self._desk, self._brand.id, self._logo) if self._logo else None
                edit = brand_commands.BrandEdit(
                    **fields,
                    late_grace_s=self._grace.value() * 60,
                    formal=self._formal.isChecked(),
                    logo_media_id=logo,
                    needs_approval=self._needs_approval.isChecked(),
                )
                await self._desk.run(brand_commands.edit_brand, brand_id=self._brand.id, edit=edit)
        except DeskError as problem:
            words = explain(problem)
            self._problem.set_text(" ".join(part for part in (words.what, words.todo) if part))
            self._problem.show()
        else:
            self.accept()


class BrandsSection(QWidget):
    """All brands with edit and archive; `added(brand id)`."""

    added = Signal(int)

    def __init__(self, context: PageContext, directory: Directory) -> None:
        super().__init__()
        self._context, self._directory = context, directory
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)

    def refresh(self) -> None:
        """Build the cards again."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        brands = self._directory.brands()
        for brand in brands:
            self._column.addWidget(self._card(brand))
        add = Button(_("Add a brand…"), variant="primary", icon="plus")
        add.clicked.connect(self.new_brand)
        self._column.addSpacing(Space.S)
        self._column.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        if any(brand.sample for brand in brands):
            remove = Button(_("Remove the sample brands"), variant="ghost", icon="trash-2")
            remove.clicked.connect(lambda: spawn(self._remove_samples(), self, name=_("Remove the sample brands")))
            self._column.addWidget(remove, 0, Qt.AlignmentFlag.AlignLeft)

    def new_brand(self) -> None:
        """The dialog for a new brand."""
        spawn(self._new(), self, name=_("Add a brand…"))

    def _card(self, brand: Brand) -> Card:
        card = Card(stripe=brand.color, padding=Space.M)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        logo = logos.pixmap(self._context.desk, brand)
        if logo is not None:
            row.addWidget(_Logo(logo))
        words = QVBoxLayout()
        words.setSpacing(2)
        first = QHBoxLayout()
        first.setSpacing(Space.S)
        first.addWidget(PlainLabel(safe_name(brand.name), role="body_strong"))
        if brand.sample:
            first.addWidget(Chip(_("Sample"), tone="info"))
        first.addStretch(1)
        words.addLayout(first)
        facts = (
            LANGUAGES.get(brand.language, brand.language), brand.zone,
            _("now {time}").format(time=local_time(brand.zone, self._context.desk.clock.now())),
        )  # fmt: skip
        words.addWidget(PlainLabel(" · ".join(facts), role="small", color="text_muted", elide=True))
        row.addLayout(words, 1)
        edit = Button(_("Edit"), icon="pencil", size="small")
        edit.clicked.connect(partial(self._edit, brand))
        archive = Button(_("Put away"), variant="ghost", icon="archive", size="small")
        archive.clicked.connect(lambda: spawn(self._archive(brand), self, name=_("Put away")))
        row.addWidget(edit)
        row.addWidget(archive)
        card.body.addLayout(row)
        return card

    def _edit(self, brand: Brand) -> None:
        spawn(BrandDialog(self._context.desk, self.window(), brand=brand).ask(), self, name=_("Edit"))

    async def _new(self) -> None:
        dialog = BrandDialog(self._context.desk, self.window())
        if await dialog.ask() and dialog.brand_id is not None:
            self.added.emit(dialog.brand_id)

    async def _archive(self, brand: Brand) -> None:
        name = clean_line(brand.name)
        if await notices.confirm(
            _("Put {brand} away?").format(brand=name),
            _("Nothing is read or published for it any more. Everything is kept, and it can be taken up again."),
            yes=_("Put away"),
        ):
            done = await self._context.desk.run(brand_commands.archive_brand, brand_id=brand.id)
            self._context.undo(done, _("Put {brand} away").format(brand=name))

    async def _remove_samples(self) -> None:
        if await notices.confirm(
            _("Remove the sample brands?"),
            _("Their messages, posts and figures go too. Your own brands stay as they are."),
            yes=_("Remove the sample brands"),
            danger=True,
        ):
            await self._context.desk.run(brand_commands.remove_sample)


class _Logo(QWidget):
    """A brand's logo, 36 px."""

    def __init__(self, picture: QPixmap) -> None:
        super().__init__()
        self._picture = picture
        self.setFixedSize(36, 36)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(0, 0, paint.rounded(self._picture, 36, radius=8, ratio=ratio))
        painter.end()

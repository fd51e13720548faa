"""Small forms about links: a product of the brand, a set of hashtags, and where a visit came from (UTM)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from cmdesk.errors import DeskError
from cmdesk.i18n import _
from cmdesk.model import Brand
from cmdesk.planning.campaign_links import Utm, tagged, utm_of
from cmdesk.safe_text import clean_line
from cmdesk.wording import explain
from ui.bridge import spawn
from ui.models.inserting import HashtagSet, ProductLink
from ui.widgets import Button, Field, PlainLabel
from ui.widgets.dialogs import Dialog

Keep = Callable[..., Awaitable[int]]


class _Form(Dialog):
    """Fields, and a button that keeps them; what is wrong is said at the field it concerns."""

    def __init__(self, title: str, parent: QWidget, *, text: str, keep: Keep, verb: str) -> None:
        super().__init__(title, parent, text=text)
        self._keep = keep
        self.fields: dict[str, Field] = {}
        self.saved_id = 0
        self.add_button(_("Cancel"), reject=True)
        self._ok = self.add_button(verb, variant="primary")
        self._ok.setDefault(True)
        self._ok.clicked.connect(self._save)

    def add_line(self, name: str, label: str, value: str, *, hint: str = "") -> QLineEdit:
        """A line to fill in."""
        edit = QLineEdit(value)
        self.fields[name] = Field(label, edit, hint=hint)
        self.body.addWidget(self.fields[name])
        return edit

    def values(self) -> dict[str, object]:
        """What is filled in, as the command takes it."""
        return {name: field.editor.text() for name, field in self.fields.items() if isinstance(field.editor, QLineEdit)}

    def _save(self) -> None:
        for field in self.fields.values():
            field.set_error("")
        spawn(self._saving(), self, name="keep a link", on_error=self._failed)

    async def _saving(self) -> None:
        self.saved_id = await self._keep(**self.values())
        self.accept()

    def _failed(self, error: BaseException) -> bool:
        if not isinstance(error, DeskError):
            return False
        told = explain(error)
        places = {"link_form": "url", "hashtags_empty": "tags", "hashtag_form": "tags", "product_instead": "instead"}
        field = self.fields[places.get(error.code, "name")]
        field.set_error(" ".join(part for part in (told.what, told.todo) if part))
        field.editor.setFocus()
        self.showEvent(None)  # type: ignore[arg-type]
        return True


class ProductForm(_Form):
    """A product or landing page (U13); other names make the reviewer and the search find it."""

    def __init__(
        self,
        parent: QWidget,
        keep: Keep,
        product: ProductLink | None = None,
        *,
        name: str = "",
        others: Sequence[ProductLink] = (),
        brands: Sequence[Brand] = (),
    ) -> None:
        """`others` are what may replace it (U14); `brands` are asked for where more than one may have it."""
        title = _("Link of the brand") if product else _("New link of the brand")
        super().__init__(
            title, parent, text=_("A product, a page or a shop that you link to often."), keep=keep, verb=_("Keep")
        )
        self._product = product
        self._name = self.add_line("name", _("Name"), product.name if product else name)
        self._url = self.add_line("url", _("Address"), product.url if product else "https://")
        self._category = self.add_line("category", _("Category"), product.category if product else "")
        self._also = QPlainTextEdit(product.also if product else "")
        self._also.setFixedHeight(64)
        self._also.setTabChangesFocus(True)
        self.fields["also"] = Field(_("Other names, one a line"), self._also, hint=_("As customers call it."))
        self.body.addWidget(self.fields["also"])
        self._instead = QComboBox()
        self._instead.addItem(_("Nothing: it is up to date"), None)
        for each in others:
            self._instead.addItem(clean_line(each.name, limit=80), each.id)
        self._instead.setCurrentIndex(max(0, self._instead.findData(product.instead_id if product else None)))
        self.fields["instead"] = Field(
            _("Replaced by"), self._instead, hint=_("What fits better now: its link is inserted instead.")
        )
        self.body.addWidget(self.fields["instead"])
        self.fields["instead"].setVisible(bool(others))
        self._brand = brand_choice(self, brands)
        self._name.setFocus()

    def values(self) -> dict[str, object]:
        """As commands.brand_links.save_product takes it."""
        return {
            "product_id": self._product.id if self._product else None,
            "name": self._name.text(),
            "url": self._url.text(),
            "category": self._category.text(),
            "also": self._also.toPlainText(),
            "note": self._product.note if self._product else "",
            "instead_id": self._instead.currentData(),
            **_chosen(self._brand),
        }


class HashtagForm(_Form):
    """A set of hashtags that go together."""

    def __init__(
        self,
        parent: QWidget,
        keep: Keep,
        tags: HashtagSet | None = None,
        *,
        typed: str = "",
        brands: Sequence[Brand] = (),
    ) -> None:
        title = _("Set of hashtags") if tags else _("New set of hashtags")
        super().__init__(title, parent, text=_("Inserted together with one key."), keep=keep, verb=_("Keep"))
        self._set = tags
        is_tags = typed.startswith("#")
        self._name = self.add_line("name", _("Name"), tags.name if tags else "" if is_tags else typed)
        self._tags = QPlainTextEdit(" ".join(tags.tags) if tags else typed if is_tags else "")
        self._tags.setFixedHeight(64)
        self._tags.setTabChangesFocus(True)
        self.fields["tags"] = Field(_("Hashtags"), self._tags, hint=_("With or without #, apart by blanks."))
        self.body.addWidget(self.fields["tags"])
        self._brand = brand_choice(self, brands)
        self._name.setFocus()

    def values(self) -> dict[str, object]:
        """As commands.brand_links.save_hashtags takes it."""
        return {
            "set_id": self._set.id if self._set else None,
            "name": self._name.text(),
            "tags": self._tags.toPlainText(),
            **_chosen(self._brand),
        }


def brand_choice(form: _Form, brands: Sequence[Brand]) -> QComboBox | None:
    """Ask whose it is, where several brands are shown at once."""
    if not brands:
        return None
    combo = QComboBox()
    for each in brands:
        combo.addItem(clean_line(each.name, limit=60), each.id)
    form.fields["brand"] = Field(_("Brand"), combo)
    form.body.addWidget(form.fields["brand"])
    return combo


def _chosen(brand: QComboBox | None) -> dict[str, object]:
    return {} if brand is None else {"brand_id": brand.currentData()}


class UtmDialog(Dialog):
    """Marks a link so that the shop's statistics tell which post brought a visit."""

    def __init__(self, parent: QWidget, url: str, *, campaign: str, networks: Sequence[str]) -> None:
        super().__init__(
            _("Mark the link for statistics"), parent, width=560,
            text=_("The visits that come through it are counted apart in the shop's statistics."),
        )  # fmt: skip
        self._networks = list(networks) or [""]
        given = utm_of(url) or Utm(campaign=campaign)
        self._url = QLineEdit(url)
        self._edits = {
            "source": QLineEdit(given.source),
            "medium": QLineEdit(given.medium),
            "campaign": QLineEdit(given.campaign),
            "content": QLineEdit(given.content),
        }
        self._field = Field(_("Address"), self._url)
        self.body.addWidget(self._field)
        labels = {"source": _("Source"), "medium": _("Medium"), "campaign": _("Campaign"), "content": _("Content")}
        for pair in (("source", "medium"), ("campaign", "content")):
            row = QHBoxLayout()
            for name in pair:
                hint = _("{network} is the name of each network") if name == "source" else ""
                row.addWidget(Field(labels[name], self._edits[name], hint=hint))
            self.body.addLayout(row)
        self._made = PlainLabel("", role="small", color="text_muted", wrap=True, selectable=True)
        self.body.addWidget(self._made)
        self.add_button(_("Cancel"), reject=True)
        self._ok: Button = self.add_button(_("Mark the link"), variant="primary", accept=True)
        for edit in (self._url, *self._edits.values()):
            edit.textChanged.connect(self._show)
        self._show()

    def utm(self) -> Utm:
        """What the link shall say."""
        return Utm(*(self._edits[name].text() for name in ("source", "medium", "campaign", "content")))

    def link_for(self, network: str) -> str:
        """The marked link of one network."""
        return tagged(self._url.text(), self.utm(), network=network)

    def _show(self) -> None:
        try:
            made = "\n".join(dict.fromkeys(self.link_for(network) for network in self._networks))
        except DeskError as error:
            self._field.set_error(explain(error).what)
            self._ok.setEnabled(False)
            return
        self._field.set_error("")
        self._ok.setEnabled(True)
        self._made.setText(made)

"""The dialog in which a search is made or changed: what, where, how often, with what it would find now beside it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.commands import listening as commands
from cmdesk.desk import Desk
from cmdesk.errors import DeskError, Invalid
from cmdesk.i18n import _
from cmdesk.listening.searching import checked
from cmdesk.listening.values import Query, Search, SearchKind
from cmdesk.safe_text import clean_line
from cmdesk.wording import explain
from cmdesk.wording_by_hand import network_name
from cmdesk.wording_triage import language_word
from ui import theme
from ui.bridge import spawn
from ui.listening import words
from ui.listening.forms import AccountForm, FeedForm, Form, TagsForm, WordsForm
from ui.listening.preview import PreviewPane
from ui.models import listening_preview as previews
from ui.models.directory import Directory
from ui.models.once import once
from ui.models.pictures import Pictures
from ui.theme.tokens import Space
from ui.widgets import Divider, Field, PlainLabel, SegmentedControl
from ui.widgets.dialogs import Dialog
from ui.widgets.panels import scroll_column

_AFTER_MS = 700
_LANGUAGES = ("es", "en", "fr", "it", "pt", "de", "ca", "gl", "eu", "nl")
_WORDS = (SearchKind.WORDS, SearchKind.HELP)
_FIELD_OF = {
    "query_empty": "query", "query_long": "query", "hashtag_form": "query", "feed_url": "url", "handle_empty": "handle",
    "network_unknown": "network", "search_name": "name", "search_exists": "name", "language_form": "language",
}  # fmt: skip
"""Beside which field a refusal is said."""


class SearchDialog(Dialog):
    """`saved` is the decision and its value the search's id, once it was accepted."""

    def __init__(
        self,
        desk: Desk,
        directory: Directory,
        pictures: Pictures,
        parent: QWidget | None,
        *,
        search: Search | None = None,
        kind: SearchKind = SearchKind.WORDS,
        brand_id: int | None = None,
    ) -> None:
        super().__init__(_("Edit the search") if search is not None else _("New search"), parent, width=900)
        self._desk, self._directory, self._search = desk, directory, search
        self.saved: Any = None
        self.saved_name = ""
        self._asked = 0
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_AFTER_MS)
        self._wait.timeout.connect(self._ask_preview)
        self._brands = directory.brands()
        own = search.brand_id if search is not None else brand_id
        self.kinds = SegmentedControl(
            [(each.value, words.kind_word(each)) for each in SearchKind], name=_("What to listen to")
        )
        self.kinds.set_current(kind.value)
        self.about = PlainLabel(color="text_muted", wrap=True)
        self.brand = QComboBox()
        for each in self._brands:
            self.brand.addItem(clean_line(each.name), each.id)
        self.brand.setCurrentIndex(max(0, self.brand.findData(own)))
        self.name = QLineEdit(search.name if search is not None else "")
        self.name.setMaxLength(80)
        self.language = QComboBox()
        self.where = QComboBox()
        self.every = QComboBox()
        self.preview = PreviewPane(directory, pictures, desk.clock.now)
        self.pages = QStackedWidget()
        self.forms: dict[SearchKind, Form] = {}
        self._fields: dict[str, Field] = {}
        self._fill_choices()
        self._build()
        self._connect()
        self._show_kind(kind)

    # Building

    def _fill_choices(self) -> None:
        self.language.addItem(_("Any language"), "")
        codes = [self._search.language] if self._search is not None and self._search.language else []
        for code in dict.fromkeys([*_LANGUAGES, *codes]):
            self.language.addItem(language_word(code), code)
        for seconds, text in words.EVERY:
            self.every.addItem(_(text), seconds)
        if self._search is not None:
            self.language.setCurrentIndex(max(0, self.language.findData(self._search.language)))
            nearest = min(words.EVERY, key=lambda each: abs(each[0] - self._search.every_s))[0]  # type: ignore[union-attr]
            self.every.setCurrentIndex(self.every.findData(nearest))

    def _build(self) -> None:
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(Space.XL, 0, Space.XL, Space.M)
        top.setSpacing(Space.S)
        if self._search is None:
            top.addWidget(self.kinds)
        top.addWidget(self.about)
        self.body.addLayout(top)
        self.body.addWidget(Divider())
        split = QHBoxLayout()
        split.setSpacing(0)
        area, form = scroll_column(margin=Space.XL, spacing=Space.M)
        area.setMinimumWidth(theme.scaled(420))
        if len(self._brands) > 1 and self._search is None:
            form.addWidget(self._field("brand", _("Brand"), self.brand))
        form.addWidget(self.pages)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addWidget(self._field("language", _("Language"), self.language), 1)
        row.addWidget(self._field("where", _("Where"), self.where), 1)
        form.addLayout(row)
        self.reasons = PlainLabel(role="small", color="text_muted", wrap=True)
        form.addWidget(self.reasons)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        row.addWidget(self._field("every", _("How often"), self.every), 1)
        row.addWidget(self._field("name", _("Name"), self.name), 1)
        form.addLayout(row)
        form.addStretch(1)
        split.addWidget(area, 5)
        split.addWidget(Divider(vertical=True))
        split.addWidget(self.preview, 4)
        self.body.addLayout(split)
        area.setMinimumHeight(theme.scaled(430))
        self.add_button(_("Cancel"), reject=True)
        self.yes = self.add_button(_("Save") if self._search is not None else _("Listen"), variant="primary")
        self.yes.setDefault(True)

    def _field(self, key: str, label: str, editor: QWidget) -> Field:
        self._fields[key] = Field(label, editor)
        return self._fields[key]

    def _form(self, kind: SearchKind) -> Form:
        """The form of a kind, made when it is first shown."""
        if kind not in self.forms:
            before = self._search
            made: Form
            if kind in _WORDS:
                made = WordsForm(before, kind=kind)
            elif kind is SearchKind.HASHTAG:
                made = TagsForm(before)
            elif kind is SearchKind.FEED:
                made = feed = FeedForm(before)
                feed.look_wanted.connect(
                    lambda url: spawn(self._look_for_feed(feed, url), self, name="look for a feed")
                )
            else:
                networks = previews.networks(self._desk, self.brand_id())
                made = AccountForm(before, networks, why=lambda: _("Connect an account of a network first."))
            made.changed.connect(self._typed)
            self.forms[kind] = made
            self.pages.addWidget(made)
        return self.forms[kind]

    def _connect(self) -> None:
        self.kinds.changed.connect(lambda key: self._show_kind(SearchKind(key)))
        self.brand.activated.connect(lambda _place: self._brand_changed())
        for box in (self.language, self.where):
            box.activated.connect(lambda _place: self._typed())
        self.yes.clicked.connect(lambda: spawn(self._save(), self, name=_("Listen")))

    # What is shown

    def kind(self) -> SearchKind:
        """What is being asked for."""
        return self._search.kind if self._search is not None else SearchKind(self.kinds.current())

    def brand_id(self) -> int:
        """Whose search it is."""
        return self._search.brand_id if self._search is not None else int(self.brand.currentData())

    def _show_kind(self, kind: SearchKind) -> None:
        form = self._form(kind)
        self.pages.setCurrentWidget(form)
        for each in self.forms.values():
            policy = each.sizePolicy()
            shown = each is form
            policy.setVerticalPolicy(policy.Policy.Preferred if shown else policy.Policy.Ignored)
            each.setSizePolicy(policy)
        self.about.setText(_(words.KINDS[kind][2]))
        self._fields["language"].setVisible(kind is not SearchKind.COMPETITOR)
        if self._search is None:
            usual = 86_400 if kind is SearchKind.COMPETITOR else 3600 if kind is SearchKind.FEED else 1800
            self.every.setCurrentIndex(self.every.findData(usual))
        self._show_where()
        form.focus_first()
        self._typed()

    def _show_where(self) -> None:
        """The networks that can, and in words why others cannot."""
        kind = self.kind()
        asked = kind in (*_WORDS, SearchKind.HASHTAG)
        self._fields["where"].setVisible(asked)
        self.where.clear()
        self.reasons.hide()
        if not asked:
            return
        reaches = previews.abilities(self._desk, self.brand_id(), kind)
        self.where.addItem(_("All networks that can"), "")
        able = list(dict.fromkeys(network for network, code in reaches.values() if not code))
        for each in able:
            self.where.addItem(network_name(each), each)
        if self._search is not None:
            self.where.setCurrentIndex(max(0, self.where.findData(self._search.network)))
        lines = []
        for account_id, (network, code) in reaches.items():
            account = self._directory.account(account_id)
            if code and account is not None:
                handle = clean_line(account.handle, limit=60).removeprefix("@")
                said = previews.lack_word(code)
                lines.append(f"@{handle} ({network_name(network)}): {said}")
        if not reaches:
            lines.append(_("No account is connected: nothing can be asked. A feed needs none."))
        self.reasons.setText("\n".join(lines))
        self.reasons.setVisible(bool(lines))

    def _brand_changed(self) -> None:
        form = self.forms.pop(SearchKind.COMPETITOR, None)
        if form is not None:
            self.pages.removeWidget(form)
            form.deleteLater()
        self._show_kind(self.kind())

    # Asking

    def _values(self) -> dict[str, Any]:
        """Arguments of `save_search`; raises Invalid."""
        kind = self.kind()
        values: dict[str, Any] = {
            "brand_id": self.brand_id(), "kind": kind, "name": self.name.text().strip(),
            "every_s": int(self.every.currentData()),
        }  # fmt: skip
        if kind is not SearchKind.COMPETITOR:
            values["language"] = str(self.language.currentData() or "")
        if kind in (*_WORDS, SearchKind.HASHTAG):
            values["network"] = str(self.where.currentData() or "")
        found = self._form(kind).values()
        if not found.get("language"):
            found.pop("language", None)
        query = found.get("query")
        if not values["name"] and isinstance(query, Query) and kind is not SearchKind.FEED:
            values["name"] = words.asked_words(query)  # brackets are no name
        return {**values, **found}

    def _typed(self) -> None:
        self._clear_errors()
        self._asked += 1
        try:
            values = self._values()
            asked = checked(_search(values))
        except Invalid:
            self._wait.stop()
            self.preview.show_idle()
            self.name.setPlaceholderText("")
            return
        self.name.setPlaceholderText(clean_line(asked.name, limit=80))
        self.preview.show_busy()
        self._wait.start()

    def _ask_preview(self) -> None:
        try:
            asked = checked(_search(self._values()))
        except Invalid:
            return
        number = self._asked
        work = self._show_profile(asked, number) if asked.kind is SearchKind.COMPETITOR else self._show(asked, number)
        spawn(work, self, name="preview a search", on_error=partial(self._could_not, number))

    async def _show(self, asked: Search, number: int) -> None:
        found = await previews.preview(self._desk, asked)
        if number == self._asked:
            self.preview.show_preview(found, asked.query)

    async def _show_profile(self, asked: Search, number: int) -> None:
        found = await previews.look_up(self._desk, asked)
        if number == self._asked:
            self.preview.show_profile(found)

    def _could_not(self, number: int, error: Exception) -> bool:
        if not isinstance(error, DeskError):
            return False
        if number == self._asked:
            said = explain(error)
            self.preview.show_error(said.what, " ".join(part for part in (said.why, said.todo) if part))
        return True

    async def _look_for_feed(self, form: FeedForm, url: str) -> None:
        if not url:
            form.fields["url"].set_error(_("Type the address of a page first."))
            return
        form.set_busy(True)
        try:
            feeds = await previews.find_feeds(self._desk, url)
        except DeskError as error:
            said = explain(error)
            form.fields["url"].set_error(" ".join(part for part in (said.what, said.todo) if part))
            return
        finally:
            form.set_busy(False)
        form.show_feeds(feeds)

    # Saving

    async def _save(self) -> None:
        self._clear_errors()
        self.yes.setEnabled(False)
        try:
            values = self._values()
            search_id = self._search.id if self._search is not None else None
            self.saved = once(await self._desk.run(commands.save_search, search_id=search_id, **values))
        except Invalid as error:
            self._say(error)
            return
        except asyncio.CancelledError:
            raise
        finally:
            self.yes.setEnabled(True)
        self.saved_name = clean_line(self.name.text().strip() or self.name.placeholderText(), limit=80)
        self.accept()

    def _say(self, error: Invalid) -> None:
        """Beside the field it is about."""
        key = _FIELD_OF.get(error.code, "name")
        form = self._form(self.kind())
        field = form.fields.get(key) or self._fields.get(key) or self._fields["name"]
        said = explain(error)
        field.set_error(" ".join(part for part in (said.what, said.todo) if part))
        field.editor.setFocus()

    def _clear_errors(self) -> None:
        for field in (*self._fields.values(), *(each for form in self.forms.values() for each in form.fields.values())):
            if field.has_error():
                field.set_error("")

    def closeEvent(self, event: QCloseEvent, /) -> None:
        """What is still being asked is of no use any more."""
        self._asked += 1
        super().closeEvent(event)


def _search(values: dict[str, Any]) -> Search:
    """What is typed, as a search that is not kept."""
    return Search(
        id=0, brand_id=values["brand_id"], kind=values["kind"], name=values["name"],
        query=values.get("query") or Query(), language=values.get("language", ""), url=str(values.get("url", "")),
        network=str(values.get("network", "")), handle=str(values.get("handle", "")), every_s=values["every_s"],
    )  # fmt: skip

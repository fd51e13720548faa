"""The parts of the search dialog: words as one line and as readable fields, tags, a feed's address, an account."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cmdesk.errors import Invalid
from cmdesk.i18n import N_, _
from cmdesk.listening.query import parse_query, query_line
from cmdesk.listening.values import Query, Search, SearchKind
from cmdesk.safe_text import clean_line
from cmdesk.wording_by_hand import network_name
from ui.theme.tokens import Space
from ui.widgets import Button, Field, PlainLabel, Spinner

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("all", N_("All of these"), N_("pan obrador")),
    ("any", N_("Any of these"), N_("panadería horno tahona")),
    ("phrases", N_("Exactly"), N_("masa madre, pan de pueblo")),
    ("none", N_("None of these"), N_("receta sorteo")),
)
"""Part of the query, its name, an example."""


class Form(QWidget):
    """What one kind asks for; `changed` while a person types, `fill` the search with it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Space.M)
        self.fields: dict[str, Field] = {}

    def put(self, key: str, label: str, editor: QWidget, *, hint: str = "") -> Field:
        """Append a field."""
        field = Field(label, editor, hint=hint)
        self.fields[key] = field
        self.column.addWidget(field)
        return field

    def values(self) -> dict[str, object]:
        """Arguments of `save_search`; raises Invalid where the words cannot be read."""
        return {}

    def focus_first(self) -> None:
        """Where one begins to type."""
        first = next(iter(self.fields.values()), None)
        if first is not None:
            first.editor.setFocus()


class WordsForm(Form):
    """One line with the signs of a search, and the same as four readable fields; each follows the other."""

    def __init__(self, search: Search | None, *, kind: SearchKind) -> None:
        super().__init__()
        helping = kind is SearchKind.HELP
        self._busy = False
        self.line = QLineEdit(query_line(search.query) if search is not None else "")
        self.line.setMaxLength(1000)
        self.line.setPlaceholderText(_('pan "masa madre" -receta'))
        hint = (
            _("Words of your trade. It finds who asks about one of them: “does anybody know…”, “where can I…”.")
            if helping
            else _("Words in quotes belong together; a minus excludes; OR between words takes either.")
        )
        self.put("query", _("Keywords") if helping else _("Words"), self.line, hint=hint)
        self.fold = Button(_("As fields"), variant="link", size="small", icon="list")
        self.fold.setCheckable(True)
        self.column.addWidget(self.fold)
        self.parts = QWidget()
        inner = QVBoxLayout(self.parts)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(Space.S)
        self.edits: dict[str, QLineEdit] = {}
        for key, label, example in FIELDS:
            if helping and key in ("all", "phrases"):
                continue
            row = QHBoxLayout()
            name = PlainLabel(_(label), role="small", color="text_muted")
            name.setMinimumWidth(104)
            edit = QLineEdit()
            edit.setPlaceholderText(_(example))
            edit.setAccessibleName(_(label))
            name.setBuddy(edit)
            row.addWidget(name)
            row.addWidget(edit, 1)
            inner.addLayout(row)
            self.edits[key] = edit
            edit.textEdited.connect(self._from_fields)
        note = PlainLabel(
            _("Separate with blanks; words that belong together with commas."), role="small", color="text_muted"
        )
        inner.addWidget(note)
        self.parts.hide()
        self.column.addWidget(self.parts)
        self.fold.toggled.connect(self._unfold)
        self.line.textEdited.connect(lambda _text: self._from_line())
        self._helping = helping
        self._fill_fields()

    def values(self) -> dict[str, object]:
        """The words, and the language that stands in the line."""
        query = parse_query(self.line.text())
        return {"query": query, **({"language": query.language} if query.language else {})}

    def _unfold(self, on: bool) -> None:
        self.parts.setVisible(on)
        self.updateGeometry()

    def _from_line(self) -> None:
        self._fill_fields()
        self.changed.emit()

    def _fill_fields(self) -> None:
        if self._busy:
            return
        try:
            query = parse_query(self.line.text())
        except Invalid:
            return
        for key, edit in self.edits.items():
            terms = getattr(query, key)
            if key == "any" and self._helping:
                terms = (*query.all, *query.phrases, *query.any)
            edit.setText(_joined(terms, phrases=key == "phrases"))

    def _from_fields(self) -> None:
        parts = {key: _parted(edit.text(), phrases=key == "phrases") for key, edit in self.edits.items()}
        self._busy = True
        asked = Query(
            all=parts.get("all", ()), any=parts.get("any", ()), phrases=parts.get("phrases", ()),
            none=parts.get("none", ()),
        )  # fmt: skip
        self.line.setText(query_line(asked))
        self._busy = False
        self.changed.emit()


class TagsForm(Form):
    """One hashtag or a few."""

    def __init__(self, search: Search | None) -> None:
        super().__init__()
        tags = (*search.query.all, *search.query.any) if search is not None else ()
        self.edit = QLineEdit(" ".join(tags))
        self.edit.setPlaceholderText(_("#panadería #masamadre"))
        self.put("query", _("Hashtags"), self.edit, hint=_("Several are separated by blanks: any of them will do."))
        self.edit.textEdited.connect(lambda _text: self.changed.emit())

    def values(self) -> dict[str, object]:
        """The tags, whether typed with their sign or without."""
        tags = [each.lstrip("#") for each in self.edit.text().replace(",", " ").split()]
        found = tuple(f"#{each}" for each in tags if each)
        return {"query": Query(any=found) if len(found) > 1 else Query(all=found)}


class FeedForm(Form):
    """A feed's address, found on a page where it is not known; words narrow it."""

    look_wanted = Signal(str)

    def __init__(self, search: Search | None) -> None:
        super().__init__()
        self.url = QLineEdit(search.url if search is not None else "")
        self.url.setPlaceholderText(_("blog.example/feed"))
        self.look = Button(_("Look for the feed on this page"), icon="search", size="small")
        self.put(
            "url", _("Address of the feed, or of the page"), self.url,
            hint=_("RSS, Atom or JSON Feed of a blog, a forum, a newspaper; a web alert gives one too."),
        )  # fmt: skip
        row = QHBoxLayout()
        row.addWidget(self.look)
        self.spinner = Spinner()
        self.spinner.hide()
        row.addWidget(self.spinner)
        row.addStretch(1)
        self.column.addLayout(row)
        self.choice = QComboBox()
        self.choice.setAccessibleName(_("Feeds of this page"))
        self.choice.hide()
        self.column.addWidget(self.choice)
        self.line = QLineEdit(query_line(search.query) if search is not None else "")
        self.line.setPlaceholderText(_("Everything"))
        self.put("query", _("Only entries with these words"), self.line, hint=_("Leave it empty for every entry."))
        self.url.textEdited.connect(lambda _text: self._typed())
        self.line.textEdited.connect(lambda _text: self.changed.emit())
        self.look.clicked.connect(lambda: self.look_wanted.emit(self.url.text().strip()))
        self.choice.activated.connect(self._chosen)

    def values(self) -> dict[str, object]:
        """Address and words."""
        return {"url": self.url.text().strip(), "query": parse_query(self.line.text())}

    def set_busy(self, busy: bool) -> None:
        """While the page is looked at."""
        self.look.setEnabled(not busy)
        self.spinner.setVisible(busy)

    def show_feeds(self, feeds: Sequence[tuple[str, str]]) -> None:
        """What the page offers: (name, address); one alone is taken at once."""
        self.choice.clear()
        for name, url in feeds:
            self.choice.addItem(clean_line(f"{name} · {url}" if name else url, limit=120), url)
        self.choice.setVisible(len(feeds) > 1)
        if feeds:
            self._chosen(0)

    def _typed(self) -> None:
        self.choice.hide()
        self.changed.emit()

    def _chosen(self, place: int) -> None:
        self.url.setText(str(self.choice.itemData(place)))
        self.changed.emit()


class AccountForm(Form):
    """A competitor's public account on one of the networks that can be asked."""

    def __init__(self, search: Search | None, networks: Sequence[str], *, why: Callable[[], str]) -> None:
        """`why` says what is missing where no network can be asked."""
        super().__init__()
        self.network = QComboBox()
        for each in networks:
            self.network.addItem(network_name(each), each)
        if search is not None:
            self.network.setCurrentIndex(max(0, self.network.findData(search.network)))
        self.handle = QLineEdit(search.handle if search is not None else "")
        self.handle.setPlaceholderText(_("@name@server, name.bsky.social or the address of the profile"))
        self.put("network", _("Network"), self.network, hint="" if networks else why())
        self.put(
            "handle", _("Account"), self.handle,
            hint=_("Only what anybody can see is asked for, once a day; nobody is told of it."),
        )  # fmt: skip
        self.handle.textEdited.connect(lambda _text: self.changed.emit())
        self.network.activated.connect(lambda _place: self.changed.emit())

    def values(self) -> dict[str, object]:
        """Network and name."""
        return {"network": self.network.currentData() or "", "handle": self.handle.text().strip()}

    def focus_first(self) -> None:
        """The name."""
        self.handle.setFocus()


def _parted(text: str, *, phrases: bool) -> tuple[str, ...]:
    """What was typed into a readable field: by commas where there are some, else (no phrases) by blanks."""
    pieces = text.split(",") if phrases or "," in text else text.split()
    return tuple(piece for each in pieces if (piece := each.strip().strip('"')))


def _joined(terms: Sequence[str], *, phrases: bool) -> str:
    """The terms as a readable field shows them."""
    commas = phrases or any(" " in each for each in terms)
    return (", " if commas else " ").join(terms)

"""The evidence vault: what was frozen before it was hidden or deleted, whether the chain is whole, and the export."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from cmdesk.care.values import Evidence
from cmdesk.i18n import _, ngettext
from cmdesk.safe_text import clean_line, safe_body, safe_name
from cmdesk.wording_crisis import deed_word, why_word
from ui.crisis.cards import CardList, ListCard
from ui.models.directory import Directory
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, EmptyState, PlainLabel
from ui.widgets.panels import Surface, scroll_column
from ui.widgets.times import moment

_PICTURE = 420
_SHOWN = 200


class VaultView(QWidget):
    """`check_wanted`, `export_wanted`, `go(record)`."""

    check_wanted = Signal()
    export_wanted = Signal()
    go = Signal(object)

    def __init__(self, directory: Directory, now: Callable[[], datetime], media_folder: Path) -> None:
        super().__init__()
        self._directory, self._now, self._folder = directory, now, media_folder
        self._records: list[Evidence] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.banner = Banner("", tone="positive", icon="shield-check", closable=True)
        self.banner.hide()
        outer.addWidget(self.banner)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        left = Surface("window")
        left.setMinimumWidth(320)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        tools = QHBoxLayout()
        tools.setContentsMargins(Space.L, Space.M, Space.L, Space.S)
        tools.setSpacing(Space.S)
        self.check = Button(_("Check the chain"), icon="shield-check", size="small")
        self.check.clicked.connect(self.check_wanted)
        self.export = Button(_("Export…"), icon="download", size="small", tip=_("For the client's lawyer"))
        self.export.clicked.connect(self.export_wanted)
        tools.addWidget(self.check)
        tools.addWidget(self.export)
        tools.addStretch(1)
        column.addLayout(tools)
        area, inner = scroll_column(margin=Space.L, spacing=Space.S)
        self.cards = CardList(_("Evidence"))
        self.cards.moved.connect(self._show)
        inner.addWidget(self.cards)
        inner.addStretch(1)
        column.addWidget(area, 1)
        self.splitter.addWidget(left)
        right = Surface("surface")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        area, self._detail = scroll_column(margin=Space.XL, spacing=Space.S)
        column.addWidget(area)
        self._parts: list[QWidget] = []
        self.splitter.addWidget(right)
        self.splitter.setSizes([400, 560])
        self.splitter.setStretchFactor(1, 1)
        outer.addWidget(self.splitter, 1)
        self._empty = EmptyState(
            "lock",
            _("Nothing is frozen yet"),
            _("“Hide or report…” in the inbox keeps text, author, address, time and pictures before anything changes."),
        )
        outer.addWidget(self._empty, 1)

    def show_records(self, records: Sequence[Evidence]) -> None:
        """Show these, newest first."""
        self._records = list(records)
        self.splitter.setVisible(bool(records))
        self._empty.setVisible(not records)
        self.cards.show_cards([self._card(each) for each in records[:_SHOWN]])
        self._show(self.cards.current())

    def show_check(self, broken: Mapping[str, Sequence[int]]) -> None:
        """Say what checking found, by brand."""
        wrong = {name: ids for name, ids in broken.items() if ids}
        if not wrong:
            count = len(self._records)
            text = ngettext("The chain is whole: {count} record as it was frozen.",
                            "The chain is whole: {count} records as they were frozen.", count)  # fmt: skip
            self.banner.set_text(text.format(count=count), tone="positive", icon="shield-check")
        else:
            parts = [f"{name}: {', '.join(str(each) for each in ids)}" for name, ids in wrong.items()]
            text = _("Not as frozen, changed outside the program: {records}").format(records="; ".join(parts))
            self.banner.set_text(text, tone="negative", icon="shield-alert")
        self.banner.show()

    def records(self) -> list[Evidence]:
        """What is shown."""
        return self._records

    def choose(self, record_id: int) -> None:
        """Show one."""
        self.cards.choose(record_id)
        self._show(self.cards.current())

    def _card(self, each: Evidence) -> ListCard:
        author = each.content.get("author")
        person = author if isinstance(author, Mapping) else {}
        brand = self._directory.brand(each.brand_id)
        return ListCard(
            each.id,
            safe_body(str(each.content.get("text") or ""), limit=200) or _("Only pictures"),
            lines=[
                f"{safe_name(str(person.get('name') or person.get('handle') or ''))} · {moment(each.at, self._now())}",
            ],
            stripe=brand.color if brand else "",
            chip=(why_word(each.reason), "neutral"),
            clip=2,
        )

    def _show(self, card: ListCard | None) -> None:
        for each in self.cards.cards:
            each.set_current(each is card)
        for part in self._parts:
            self._detail.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = []
        record = next((each for each in self._records if card is not None and each.id == card.key), None)
        if record is None:
            return
        told = record.content
        author = told.get("author")
        person = author if isinstance(author, Mapping) else {}
        self._put(PlainLabel(_("Record {number}").format(number=record.id), role="title"))
        name = " ".join(part for part in (str(person.get("name") or ""), str(person.get("handle") or "")) if part)
        self._put(PlainLabel(clean_line(name, limit=200), role="body_strong", wrap=True))
        if told.get("spoiler"):
            self._put(PlainLabel(safe_body(str(told["spoiler"]), limit=1000), color="text_muted", wrap=True))
        self._put(
            PlainLabel(safe_body(str(told.get("text") or ""), limit=20_000), role="reading", wrap=True, selectable=True)
        )
        for file, _sha in record.files:
            picture = QPixmap(str(self._folder / file))
            if picture.isNull():
                self._put(
                    PlainLabel(_("This picture is no longer on disk: {file}").format(file=file), color="negative")
                )
                continue
            holder = PlainLabel()
            holder.setPixmap(
                picture.scaledToWidth(min(_PICTURE, picture.width()), Qt.TransformationMode.SmoothTransformation)
            )
            self._put(holder)
        attachments = told.get("attachments")
        for each in attachments if isinstance(attachments, list) else ():
            if isinstance(each, Mapping) and not each.get("at_hand"):
                text = _("Not at hand when it was frozen: {url}").format(
                    url=clean_line(str(each.get("url")), limit=300)
                )
                self._put(PlainLabel(text, role="small", color="text_muted", wrap=True, selectable=True))
        for label, value in _facts(record, person):
            self._put(_Fact(label, value))
        if record.conversation_id is not None:
            go = Button(_("Go to the conversation"), icon="messages-square", size="small", variant="ghost")
            go.clicked.connect(lambda: self.go.emit(record))
            self._put(go)

    def _put(self, part: QWidget) -> None:
        self._parts.append(part)
        self._detail.addWidget(part)


class _Fact(QWidget):
    """A name and its value, side by side."""

    def __init__(self, label: str, value: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        name = PlainLabel(label, role="small", color="text_muted")
        name.setFixedWidth(130)
        row.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(PlainLabel(_breakable(value), role="small", wrap=True, selectable=True), 1)


def _facts(record: Evidence, person: Mapping[str, object]) -> list[tuple[str, str]]:
    told = record.content
    rows = [
        (_("Reason"), why_word(record.reason)),
        (_("What was done"), deed_word(str(told.get("deed") or ""))),
        (_("Note"), record.note),
        (_("Network"), f"{told.get('network', '')} {told.get('server', '')}"),
        (_("Received by"), str(told.get("account") or "")),
        (_("Address"), str(told.get("url") or "")),
        (_("Author's profile"), str(person.get("profile_url") or "")),
        (_("Written"), str(told.get("created_at") or "")),
        (_("Edited"), str(told.get("edited_at") or "")),
        (_("Frozen"), str(told.get("frozen_at") or "")),
        ("SHA-256", record.sha256),
        (_("Chain"), record.chain),
    ]
    return [(name, clean_line(value, limit=2000)) for name, value in rows if value.strip()]


def _breakable(value: str) -> str:
    """Let a long hash or address break: a zero-width space every 16 characters."""
    if len(value) < 40 or " " in value:
        return value
    return "\u200b".join(value[place : place + 16] for place in range(0, len(value), 16))

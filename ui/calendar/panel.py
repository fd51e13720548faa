"""The side of the calendar: one post as it will be on each network and how it stands, or several together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.model import Account, Brand, CalendarItem, DeliveryState, Post, PostStatus, Publication
from cmdesk.planning.clashes import Clash
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.wording_plan import aim_word, approval_word
from ui import theme
from ui.calendar import panel_parts as parts
from ui.calendar.chip import WAITING_ICON, look_of
from ui.calendar.dates import city, long_date, spell
from ui.models.calendar import Happened
from ui.theme.tokens import Space
from ui.widgets import Button, Card, Chip, FlowLayout, IconButton, PlainLabel, SidePanel
from ui.widgets.links import open_web

WIDTH = 420
_TONES = {"positive": "positive", "negative": "negative", "warning": "warning", "info": "info"}
_FAILED = {DeliveryState.REJECTED, DeliveryState.BLOCKED_AUTH, DeliveryState.BACKOFF}
_OUT = {DeliveryState.PUBLISHED, DeliveryState.CONFIRMED}


@dataclass(frozen=True)
class Facts:
    """Everything the panel says of one post beside the post itself."""

    item: CalendarItem
    brand: Brand | None
    accounts: Mapping[int, Account]
    picture: Callable[[str, int], QPixmap]
    clashes: Sequence[Clash] = ()
    campaign: str = ""
    market: str = ""
    labels: Sequence[str] = ()
    history: Sequence[Happened] = ()
    versions: int = 0
    said: str = ""  # what the client wants, or still has to say
    found: Sequence[str] = ()  # by the look 24 hours before, in words (N16)


class PostPanel(SidePanel):
    """Asks by the names of the page's actions; `problems` and `crisis` come with the delivery they are about."""

    asked = Signal(str, int)  # what, post or delivery id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Post"), parent, width=WIDTH)
        self._content: QWidget | None = None
        self._buttons: list[QWidget] = []
        self._whole_history = False
        self._shown = 0
        self._state: object = None
        self.footer.setSpacing(Space.S)

    # One post

    def show_post(self, post: Post, facts: Facts) -> None:
        """Show a post as it stands now."""
        if self._same(("post", post, facts)):
            return
        if post.id != self._shown:
            self._whole_history, self._shown = False, post.id
        item, brand = facts.item, facts.brand
        self.title.setText(clean_line(brand.name) if brand else _("Post"))
        content, column = self._new_content(item, brand)
        if lines := [*parts.warnings(facts.clashes, facts.found), *([facts.said] if facts.said else [])]:
            column.addWidget(parts.warning_card(lines))
        column.addWidget(self._tags(post, facts))
        for card in parts.preview_cards(post, facts.accounts, facts.picture):
            column.addWidget(card)
        if post.note:
            note = Card(tone="warning")
            note.body.addWidget(
                PlainLabel(_("Note for yourself, never published"), role="caption_strong", color="text_muted")
            )
            note.body.addWidget(PlainLabel(safe_body(post.note), wrap=True, selectable=True))
            column.addWidget(note)
        zone = item.zone or (brand.zone if brand else "UTC")
        if rows := parts.delivery_rows(post, facts.accounts, zone, self.asked.emit):
            column.addWidget(parts.heading(_("Where it goes")))
            for row in rows:
                column.addWidget(row)
        self._add_history(column, facts, zone)
        self._put(content)
        self._post_buttons(post, item)
        self.show()

    def _tags(self, post: Post, facts: Facts) -> QWidget:
        """Approval, campaign, market, labels, aim: each a chip, the editable ones to click."""
        box = QWidget()
        flow = FlowLayout(box, gap=Space.XS)
        words = approval_word(facts.item.approval)
        if words and look_of(facts.item).icon != WAITING_ICON:  # else the state at the top says it
            good = facts.item.approval == "approved"
            chip = Chip(words[:1].upper() + words[1:], tone="positive" if good else "warning", icon="hourglass")
            flow.addWidget(chip)
        campaign = Chip(
            clean_line(facts.campaign, limit=40) or _("Campaign…"), icon="flag", clickable=True,
            tone="accent" if facts.campaign else "neutral",
        )  # fmt: skip
        campaign.clicked.connect(lambda: self.asked.emit("campaign", post.id))
        flow.addWidget(campaign)
        for name in facts.labels:
            flow.addWidget(self._label_chip(clean_line(name, limit=40), post.id, tone="accent"))
        flow.addWidget(self._label_chip(_("Label…"), post.id, tone="neutral"))
        if facts.market:
            flow.addWidget(Chip(clean_line(facts.market, limit=40), icon="globe"))
        if word := aim_word(post.aim):
            flow.addWidget(Chip(word, icon="target"))
        return box

    def _label_chip(self, name: str, post_id: int, *, tone: str) -> Chip:
        chip = Chip(name, icon="tag", tone=tone, clickable=True)
        chip.clicked.connect(lambda: self.asked.emit("label", post_id))
        return chip

    def _add_history(self, column: QVBoxLayout, facts: Facts, zone: str) -> None:
        lines = parts.history_lines(facts.history, facts.accounts, zone)
        if facts.versions:
            lines.append(parts.version_words(facts.versions))
        if not lines:
            return
        column.addWidget(parts.heading(_("What happened")))
        shown = lines if self._whole_history else lines[:4]
        for line in shown:
            column.addWidget(PlainLabel(line, role="small", color="text_muted", wrap=True))
        if len(lines) > len(shown):
            more = Button(_("Show all {count}").format(count=len(lines)), variant="link", size="small")
            more.clicked.connect(lambda: self._show_history(facts))
            column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_history(self, facts: Facts) -> None:
        self._whole_history, self._state = True, None
        self.asked.emit("show_again", facts.item.post_id)

    def _post_buttons(self, post: Post, item: CalendarItem) -> None:
        self._clear_buttons()
        unsent = post.status in (PostStatus.DRAFT, PostStatus.SCHEDULED)
        states = set(item.states)
        if post.status is not PostStatus.CANCELLED:
            icon = "pencil" if unsent else ""
            self._add(
                "edit", Button(_("Edit") if unsent else _("Open the post"), variant="primary", icon=icon), post.id
            )
        if post.status is PostStatus.DRAFT and item.at is not None:
            self._add("schedule", Button(_("Schedule")), post.id)
        elif unsent:
            self._add("publish_now", Button(_("Publish now")), post.id)
        elif states & _FAILED:
            self._add("retry", Button(_("Retry what failed"), icon="rotate-ccw"), post.id)
        elif states & _OUT:
            self._add("verify", Button(_("Verify"), icon="check-check"), post.id)
        self._spacer()
        if unsent:
            self._add("ask_approval", IconButton("hourglass", _("Ask for approval…")), post.id)
        if unsent and item.at is not None:
            self._add("unschedule", IconButton("calendar-x", _("Take its date away")), post.id)
        self._add("duplicate", IconButton("copy", _("Duplicate as a draft")), post.id)
        if unsent:
            self._add("delete", IconButton("trash-2", _("Delete")), post.id)

    # What was made elsewhere

    def show_publication(
        self, publication: Publication, item: CalendarItem, *, brand: Brand | None, account: Account | None
    ) -> None:
        """Show an own post that was made on the network itself: what it says and what people did with it."""
        if self._same(("publication", publication, item, brand, account)):
            return
        self.title.setText(clean_line(brand.name) if brand else _("Post"))
        content, column = self._new_content(item, brand)
        if account is not None:
            row = QHBoxLayout()
            row.addWidget(parts.network_mark(account.network, 16))
            row.addWidget(PlainLabel(f"@{clean_line(account.handle)}", role="body_medium", elide=True), 1)
            column.addLayout(row)
        column.addWidget(
            PlainLabel(safe_body(publication.text) or _("(no text)"), role="reading", wrap=True, selectable=True)
        )
        counts = [
            (_("Favourites"), publication.favourites), (_("Boosts"), publication.boosts),
            (_("Replies"), publication.replies), (_("Quotes"), publication.quotes), (_("Views"), publication.views),
        ]  # fmt: skip
        for name, count in counts:
            if count is not None:
                line = QHBoxLayout()
                line.addWidget(PlainLabel(name, color="text_muted"), 1)
                line.addWidget(PlainLabel(QLocale().toString(count), role="body_strong"))
                column.addLayout(line)
        column.addWidget(
            PlainLabel(
                _("Made on the network itself, not with this desk."), role="small", color="text_muted", wrap=True
            )
        )
        self._put(content)
        self._clear_buttons()
        if publication.url:
            go = Button(_("Open on the network"), icon="external-link")
            go.clicked.connect(lambda: open_web(publication.url))
            self.footer.addWidget(go)
            self._buttons.append(go)
        self.show()

    # Several

    def show_many(self, items: Sequence[CalendarItem], brands: Mapping[int, Brand]) -> None:
        """Say what several posts can do together."""
        if self._same(("many", tuple(items), dict(brands))):
            return
        count = len(items)
        self.title.setText(ngettext("{n} post selected", "{n} posts selected", count).format(n=count))
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        unsent = [each for each in items if each.status in (PostStatus.DRAFT, PostStatus.SCHEDULED)]
        plans = [each for each in unsent if each.status is PostStatus.DRAFT and each.at is not None]
        ours = [each for each in items if each.post_id > 0]
        if stuck := count - len(unsent):
            column.addWidget(
                PlainLabel(
                    ngettext(
                        "{n} of them is out or on its way and stays where it is.",
                        "{n} of them are out or on their way and stay where they are.",
                        stuck,
                    ).format(n=stuck),
                    role="small", color="text_muted", wrap=True,
                )
            )  # fmt: skip
        rows = [
            ("schedule", "calendar-check", _("Schedule the plans"), len(plans)),
            ("move", "calendar-clock", _("Move by days…"), len(unsent)),
            ("duplicate", "copy-plus", _("Duplicate as drafts"), len(ours)),
            ("label", "tag", _("Label…"), len(ours)),
            ("campaign", "flag", _("Put in a campaign…"), len(ours)),
            ("ask_approval", "hourglass", _("Ask for approval…"), len(unsent)),
            ("unschedule", "calendar-x", _("Take their dates away"), sum(each.at is not None for each in unsent)),
            ("delete", "trash-2", _("Delete"), len(unsent)),
        ]
        for name, icon, words, able in rows:
            if not able:
                continue
            text = words if able == count else _("{what} ({count})").format(what=words, count=able)
            button = Button(text, variant="danger" if name == "delete" else "secondary", icon=icon)
            button.clicked.connect(lambda _checked=False, name=name: self.asked.emit(name, 0))
            column.addWidget(button)
        column.addSpacing(Space.S)
        for item in items[:12]:
            brand = brands.get(item.brand_id)
            when = f"{spell(item.at.astimezone(ZoneInfo(item.zone or 'UTC')).date(), 'd MMM')} · " if item.at else ""
            name = f"{clean_line(brand.name)} · " if brand else ""
            words = clean_line(item.text, limit=90) or _("(no text)")
            column.addWidget(PlainLabel(f"{when}{name}{words}", role="small", color="text_muted", elide=True))
        if count > 12:
            column.addWidget(PlainLabel(_("+{count} more").format(count=count - 12), role="small", color="text_muted"))
        self._put(content)
        self._clear_buttons()
        self.show()

    # Inside

    def _same(self, state: object) -> bool:
        """Say whether this is what the panel shows already: what is read or focused there stays as it is."""
        state = (theme.is_dark(), state)
        if state == self._state and not self.isHidden():
            return True
        self._state = state
        return False

    def _new_content(self, item: CalendarItem, brand: Brand | None) -> tuple[QWidget, QVBoxLayout]:
        """The top that every post has: its state and its hour."""
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        look = look_of(item)
        tone = _TONES.get(look.role, "neutral")
        column.addWidget(Chip(_(look.word), tone=tone, icon=look.icon), 0, Qt.AlignmentFlag.AlignLeft)
        for line, role, colour in self._when(item, brand):
            column.addWidget(PlainLabel(line, role=role, color=colour, wrap=True))
        return content, column

    def _put(self, content: QWidget) -> None:
        if self._content is not None:
            self._content.hide()
            self._content.deleteLater()
        self._content = content
        self.body.insertWidget(0, content)

    def _when(self, item: CalendarItem, brand: Brand | None) -> list[tuple[str, str, str]]:
        """The hour in the post's zone, and in the person's own when that differs."""
        if item.at is None:
            return [(_("No date yet"), "title", "text")]
        zone = item.zone or (brand.zone if brand else "UTC")
        local = item.at.astimezone(ZoneInfo(zone))
        lines = [
            (long_date(local.date()), "title", "text"),
            (_("{time} in {city}").format(time=local.strftime("%H:%M"), city=city(zone)), "body_medium", "text"),
        ]
        own = item.at.astimezone()
        if own.utcoffset() != local.utcoffset():
            lines.append((_("{time} for you").format(time=_own_time(own, local)), "small", "text_muted"))
        return lines

    def _add(self, what: str, widget: Button | IconButton, post_id: int) -> None:
        widget.clicked.connect(lambda: self.asked.emit(what, post_id))
        self.footer.addWidget(widget)
        self._buttons.append(widget)

    def _spacer(self) -> None:
        spacer = QWidget()
        self.footer.addWidget(spacer, 1)
        self._buttons.append(spacer)

    def _clear_buttons(self) -> None:
        for old in self._buttons:
            self.footer.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []


def _own_time(own: datetime, local: datetime) -> str:
    text = own.strftime("%H:%M")
    return text if own.date() == local.date() else f"{spell(own.date(), 'ddd d')}, {text}"

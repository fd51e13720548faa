"""One post at the side of the calendar: when in both clocks, what per network, how each delivery stands, what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QLocale, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.care.crisis import CODE as CRISIS_HOLD
from cmdesk.i18n import _
from cmdesk.model import Account, Brand, CalendarItem, Delivery, DeliveryState, Post, PostStatus, Publication
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.wording import delivery_word
from ui import icons, theme
from ui.calendar.chip import look_of
from ui.calendar.dates import long_date, spell
from ui.theme.tokens import Space
from ui.widgets import Button, Card, Chip, FlowLayout, IconButton, PlainLabel, SidePanel, paint
from ui.widgets.links import open_web

_TONES = {"positive": "positive", "negative": "negative", "warning": "warning", "info": "info"}
_DELIVERY_TONES = {
    DeliveryState.PUBLISHED: "positive",
    DeliveryState.CONFIRMED: "positive",
    DeliveryState.REJECTED: "negative",
    DeliveryState.REVIEW: "negative",
    DeliveryState.BLOCKED_AUTH: "warning",
    DeliveryState.HELD_LATE: "warning",
    DeliveryState.HELD_CLOCK: "warning",
    DeliveryState.HELD_RESTORED: "warning",
    DeliveryState.UNCERTAIN: "warning",
    DeliveryState.SENDING: "info",
    DeliveryState.HANDED_OFF: "info",
}
PICTURE_PX = 88


class PostPanel(SidePanel):
    """Asks for `edit`, `publish_now`, `duplicate`, `unschedule`, `delete` of the post shown, and `problems`."""

    asked = Signal(str, int)  # what, post id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Post"), parent, width=360)
        self._post_id = 0
        self._content: QWidget | None = None
        self._buttons: list[QWidget] = []
        self.footer.setSpacing(Space.S)

    def show_post(
        self,
        post: Post,
        item: CalendarItem,
        *,
        brand: Brand | None,
        accounts: dict[int, Account],
        picture: Callable[[str, int], QPixmap],
    ) -> None:
        """Show a post as it stands now."""
        self._post_id = post.id
        self.title.setText(clean_line(brand.name) if brand else _("Post"))
        content, column = self._new_content(item, brand)
        self._add_texts(column, post, accounts)
        if post.media:
            strip = QWidget()
            flow = FlowLayout(strip, gap=Space.S)
            for each in post.media:
                flow.addWidget(_Picture(picture(each.media.file, PICTURE_PX), each.alt))
            column.addWidget(strip)
        if post.note:
            note = Card(tone="warning")
            note.body.addWidget(
                PlainLabel(_("Note for yourself, never published"), role="caption_strong", color="text_muted")
            )
            note.body.addWidget(PlainLabel(safe_body(post.note), wrap=True, selectable=True))
            column.addWidget(note)
        if post.deliveries:
            column.addWidget(PlainLabel(_("Where it goes"), role="small_strong", color="text_muted"))
            for delivery in post.deliveries:
                column.addWidget(self._delivery_row(delivery, accounts.get(delivery.account_id)))
        self._put(content)
        self._show_buttons(post, item)
        self.show()

    def show_publication(
        self, publication: Publication, item: CalendarItem, *, brand: Brand | None, account: Account | None
    ) -> None:
        """Show an own post that was made on the network itself: what it says and what people did with it."""
        self.title.setText(clean_line(brand.name) if brand else _("Post"))
        content, column = self._new_content(item, brand)
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
            self._content.deleteLater()
        self._content = content
        self.body.insertWidget(0, content)

    def _when(self, item: CalendarItem, brand: Brand | None) -> list[tuple[str, str, str]]:
        """The hour in the brand's zone, and in the person's own when that differs."""
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

    def _add_texts(self, column: QVBoxLayout, post: Post, accounts: dict[int, Account]) -> None:
        networks = {accounts[target.account_id].network for target in post.targets if target.account_id in accounts}
        common = PlainLabel(safe_body(post.text) or _("(no text)"), role="reading", wrap=True, selectable=True)
        column.addWidget(common)
        for network, text in sorted(post.variants.items()):
            if network in networks and text != post.text:
                card = Card(padding=Space.M)
                row = QHBoxLayout()
                mark = _Picture(icons.pixmap(icons.glyph(network), icons.network_color(network), 14), network, size=14)
                row.addWidget(mark)
                row.addWidget(
                    PlainLabel(
                        _("On {network}").format(network=network.capitalize()),
                        role="caption_strong",
                        color="text_muted",
                    ),
                    1,
                )
                card.body.addLayout(row)
                card.body.addWidget(PlainLabel(safe_body(text), wrap=True, selectable=True))
                column.addWidget(card)

    def _delivery_row(self, delivery: Delivery, account: Account | None) -> QWidget:
        row = QWidget()
        line = QVBoxLayout(row)
        line.setContentsMargins(0, 0, 0, Space.XS)
        line.setSpacing(2)
        top = QHBoxLayout()
        network = account.network if account else ""
        top.addWidget(_Picture(icons.pixmap(icons.glyph(network), icons.network_color(network), 16), network, size=16))
        top.addWidget(
            PlainLabel(f"@{clean_line(account.handle)}" if account else "", role="body_medium", elide=True), 1
        )
        if delivery.remote_url:
            go = IconButton("external-link", _("Open on the network"))
            go.clicked.connect(lambda: open_web(delivery.remote_url))
            top.addWidget(go)
        line.addLayout(top)
        tone = _DELIVERY_TONES.get(delivery.state, "neutral")
        held = delivery.reason_code == CRISIS_HOLD
        chip = Chip(_("Held by a crisis"), tone="negative", icon="siren") if held else None
        line.addWidget(chip or Chip(delivery_word(delivery.state), tone=tone), 0, Qt.AlignmentFlag.AlignLeft)
        if held:
            link = Button(_("Decide on the crisis page"), variant="link", size="small")
            link.clicked.connect(lambda: self.asked.emit("crisis", delivery.id))
            line.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        if delivery.state.needs_person:
            link = Button(_("What happened and what to do"), variant="link", size="small")
            link.clicked.connect(lambda: self.asked.emit("problems", delivery.id))
            line.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        return row

    def _show_buttons(self, post: Post, item: CalendarItem) -> None:
        self._clear_buttons()
        unsent = post.status in (PostStatus.DRAFT, PostStatus.SCHEDULED)

        def add(what: str, widget: Button | IconButton) -> None:
            widget.clicked.connect(lambda: self.asked.emit(what, post.id))
            self.footer.addWidget(widget)
            self._buttons.append(widget)

        if post.status is not PostStatus.CANCELLED:
            add(
                "edit",
                Button(_("Edit") if unsent else _("Open the post"), variant="primary", icon="pencil" if unsent else ""),
            )
        if unsent:
            add("publish_now", Button(_("Publish now")))
        spacer = QWidget()
        self.footer.addWidget(spacer, 1)
        self._buttons.append(spacer)
        if unsent and item.at is not None:
            add("unschedule", IconButton("calendar-x", _("Take its date away")))
        add("duplicate", IconButton("copy", _("Duplicate as a draft")))
        if unsent:
            add("delete", IconButton("trash-2", _("Delete")))

    def _clear_buttons(self) -> None:
        for old in self._buttons:
            self.footer.removeWidget(old)
            old.deleteLater()
        self._buttons = []


class _Picture(QWidget):
    """A small picture with its description for screen readers."""

    def __init__(self, picture: QPixmap, alt: str, *, size: int = PICTURE_PX) -> None:
        super().__init__()
        self._picture = picture
        self.setFixedSize(size, size)
        self.setAccessibleName(clean_line(alt) or _("Picture without description"))

    def paintEvent(self, event: QPaintEvent, /) -> None:

        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._picture.isNull():
            painter.fillRect(self.rect(), theme.color("surface_sunken"))
            mark = icons.pixmap("image-off", theme.color("text_muted"), 20)
            painter.drawPixmap(QRectF(self.rect()).center() - QPointF(10, 10), mark)
        elif self.width() > 24:
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(0, 0, paint.rounded(self._picture, self.width(), radius=6, ratio=ratio))
        else:
            painter.drawPixmap(0, 0, self._picture)
        painter.end()


def city(zone: str) -> str:
    """A zone as people name it: 'Europe/Madrid' is Madrid."""
    return zone.rpartition("/")[2].replace("_", " ")


def _own_time(own: datetime, local: datetime) -> str:
    text = own.strftime("%H:%M")
    return text if own.date() == local.date() else f"{spell(own.date(), 'ddd d')}, {text}"

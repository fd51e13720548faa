"""What the calendar's panel says of a post: on each network, where it goes, what is in its way, what happened to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.care.crisis import CODE as CRISIS_HOLD
from cmdesk.i18n import _, ngettext
from cmdesk.model import Account, Delivery, DeliveryState, Post, PostMedia
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.planning.clashes import Clash
from cmdesk.planning.content import COMMENT, parts_for
from cmdesk.planning.settling import Outcome
from cmdesk.planning.status import current
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.wording import delivery_word, explain_code
from cmdesk.wording_by_hand import account_name, network_name
from cmdesk.wording_outbox import differences
from ui import icons, theme
from ui.calendar.dates import city, spell
from ui.models.calendar import Happened
from ui.theme.tokens import Space
from ui.widgets import Button, Card, Chip, FlowLayout, IconButton, PlainLabel, paint
from ui.widgets.links import open_web

TONES = {
    DeliveryState.PUBLISHED: "positive",
    DeliveryState.CONFIRMED: "positive",
    DeliveryState.REJECTED: "negative",
    DeliveryState.REVIEW: "negative",
    DeliveryState.BLOCKED_AUTH: "warning",
    DeliveryState.HELD_LATE: "warning",
    DeliveryState.HELD_CLOCK: "warning",
    DeliveryState.HELD_RESTORED: "warning",
    DeliveryState.MANUAL: "warning",
    DeliveryState.UNCERTAIN: "warning",
    DeliveryState.SENDING: "info",
    DeliveryState.HANDED_OFF: "info",
}
PICTURE_PX = 76
Thumbnail = Callable[[str, int], QPixmap]


def heading(text: str) -> PlainLabel:
    """The title of a section."""
    return PlainLabel(text, role="small_strong", color="text_muted")


def preview_cards(post: Post, accounts: Mapping[int, Account], picture: Thumbnail) -> list[QWidget]:
    """What goes out, a card for all accounts that say the same: thread, pictures, poll and first comment."""
    said: dict[tuple[tuple[int, str], ...], list[Account]] = {}
    media: dict[int, tuple[PostMedia, ...]] = {}
    mine = [accounts[each.account_id] for each in post.targets if each.account_id in accounts]
    for account in mine:
        parts = parts_for(post, network=account.network, account_id=account.id)
        media |= {number: pictures for number, _text, pictures in parts}
        said.setdefault(tuple((number, text) for number, text, _media in parts), []).append(account)
    if not said:
        media = {0: post.media}
        said[((0, post.text),)] = []
    return [_card(post, parts, some, media, picture) for parts, some in said.items()]


def _card(
    post: Post,
    parts: Sequence[tuple[int, str]],
    accounts: Sequence[Account],
    media: Mapping[int, Sequence[PostMedia]],
    picture: Thumbnail,
) -> QWidget:
    card = Card(padding=Space.M)
    if accounts:
        head = QWidget()
        flow = FlowLayout(head, gap=Space.S)
        for each in accounts:
            flow.addWidget(_account(each))
        card.body.addWidget(head)
    thread = sum(number != COMMENT for number, _text in parts)
    for number, text in parts:
        if number == COMMENT:
            card.body.addWidget(PlainLabel(_("First comment"), role="caption_strong", color="text_muted"))
        elif thread > 1:
            card.body.addWidget(PlainLabel(f"{number + 1}/{thread}", role="caption_strong", color="text_muted"))
        words = safe_body(text)
        if words or (number == 0 and not media.get(0)):
            role = "reading" if number == 0 else "body"
            card.body.addWidget(PlainLabel(words or _("(no text)"), role=role, wrap=True, selectable=True))
        if media.get(number):
            card.body.addWidget(_pictures(media[number], picture))
        if number == 0 and post.poll is not None:
            for option in post.poll.options:
                row = QHBoxLayout()
                row.addWidget(mark("square" if post.poll.multiple else "circle", "text_muted", 12))
                row.addWidget(PlainLabel(clean_line(option), wrap=True), 1)
                card.body.addLayout(row)
        if number == 0 and post.card is not None:
            card.body.addWidget(
                PlainLabel(clean_line(post.card.title or post.card.url), role="small", color="accent_text", wrap=True)
            )
    return card


def _account(account: Account) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(Space.XS)
    line.addWidget(network_mark(account.network, 14))
    line.addWidget(PlainLabel(_named(account), role="caption_strong", color="text_muted"))
    return row


def _pictures(media: Iterable[PostMedia], picture: Thumbnail) -> QWidget:
    strip = QWidget()
    flow = FlowLayout(strip, gap=Space.S)
    for each in media:
        flow.addWidget(Picture(picture(each.media.file, PICTURE_PX), each.alt))
    return strip


def delivery_rows(
    post: Post, accounts: Mapping[int, Account], zone: str, lead: Callable[[str, int], None]
) -> list[QWidget]:
    """A row for each account: its hour where that differs, its state in words, by part where parts differ."""
    by_account: dict[int, list[Delivery]] = {}
    for delivery in current(post.deliveries):
        by_account.setdefault(delivery.account_id, []).append(delivery)
    rows: list[QWidget] = []
    for target in post.targets:
        if target.account_id not in by_account:
            rows.append(_target_row(accounts.get(target.account_id), target.wall))
    hours = {each[0].wall[:16] for each in by_account.values()} | {each.wall[:16] for each in post.targets if each.wall}
    for account_id, some in by_account.items():
        rows.append(_account_row(accounts.get(account_id), some, several_hours=len(hours) > 1, lead=lead))
    return rows


def _line(account: Account | None, detail: str) -> tuple[QWidget, QVBoxLayout, QHBoxLayout]:
    row = QWidget()
    line = QVBoxLayout(row)
    line.setContentsMargins(0, 0, 0, Space.XS)
    line.setSpacing(2)
    top = QHBoxLayout()
    network = account.network if account else ""
    top.addWidget(network_mark(network, 16))
    handle = _named(account) if account else _("Account taken away")
    top.addWidget(PlainLabel(handle, role="body_medium", elide=True), 1)
    if detail:
        top.addWidget(PlainLabel(detail, role="small", color="text_muted"))
    line.addLayout(top)
    return row, line, top


def _target_row(account: Account | None, wall: str) -> QWidget:
    row, line, _top = _line(account, _hour(wall) if wall else "")
    word = _("Planned, not scheduled yet") if wall else _("Draft")
    line.addWidget(Chip(word, icon="pencil"), 0, Qt.AlignmentFlag.AlignLeft)
    return row


def _account_row(
    account: Account | None, some: Sequence[Delivery], *, several_hours: bool, lead: Callable[[str, int], None]
) -> QWidget:
    row, line, top = _line(account, _hour(some[0].wall) if several_hours else "")
    there = next((each for each in some if each.remote_url), None)
    if there is not None:
        go = IconButton("external-link", _("Open on the network"))
        go.clicked.connect(lambda: open_web(there.remote_url))
        top.addWidget(go)
    alike = len({(each.state, each.reason_code, tuple(differences(each.verified))) for each in some}) == 1
    shown = some[:1] if alike else some
    for delivery in shown:
        held = delivery.reason_code == CRISIS_HOLD
        found = differences(delivery.verified)
        word = _("Held by a crisis") if held else delivery_word(delivery.state)
        if found:
            word = _("Published, but not as it was written")
        if len(shown) > 1:
            if delivery.answers is not None:
                word = _("First comment: {state}").format(state=word)
            else:
                word = _("Part {number}: {state}").format(number=delivery.part + 1, state=word)
        tone = "negative" if held else "warning" if found else TONES.get(delivery.state, "neutral")
        line.addWidget(Chip(word, tone=tone, icon="siren" if held else ""), 0, Qt.AlignmentFlag.AlignLeft)
        if delivery.reason_code and not held and not delivery.state.final:
            line.addWidget(PlainLabel(explain_code(delivery.reason_code), role="small", color="text_muted", wrap=True))
        for words in found:
            line.addWidget(PlainLabel(words, role="small", color="warning", wrap=True))
    held_one = next((each for each in some if each.reason_code == CRISIS_HOLD), None)
    waiting = next((each for each in some if each.state.needs_person), None)
    if held_one is not None:
        line.addWidget(_link(_("Decide on the crisis page"), lambda: lead("crisis", held_one.id)))
    elif (task := next((each for each in some if _by_hand(account, each)), None)) is not None:
        text = _("Publish by hand…") if task.state is DeliveryState.MANUAL else _("Publish by hand now…")
        line.addWidget(_link(text, lambda: lead("by_hand", task.id)))
    elif waiting is not None:
        line.addWidget(_link(_("What happened and what to do"), lambda: lead("problems", waiting.id)))
    return row


def _named(account: Account) -> str:
    return account_name(account.network, clean_line(account.handle, limit=60))


def _by_hand(account: Account | None, delivery: Delivery) -> bool:
    """Whether a person publishes this one, now or before its hour (N26)."""
    return (
        account is not None
        and account.network == BY_HAND
        and delivery.state in (DeliveryState.MANUAL, DeliveryState.QUEUED)
    )


def warnings(clashes: Iterable[Clash], found: Iterable[str]) -> list[str]:
    """What is worth a second look: where it stands, and in words what the look 24 hours before found (N16)."""
    words = {
        Clash.CLOSE: _("Another post of the same account goes out within the hour."),
        Clash.REPEATED: _("The same words stand on the same account within 30 days."),
        Clash.HOLIDAY: _("It is a holiday there that day."),
        Clash.ASLEEP: _("People there are asleep at that hour."),
    }
    return [*(words[each] for each in clashes), *found]


def warning_card(lines: Sequence[str]) -> QWidget:
    """Warnings as one quiet block."""
    card = Card(tone="warning", padding=Space.M)
    for each in lines:
        row = QHBoxLayout()
        row.addWidget(mark("triangle-alert", "warning", 14), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(PlainLabel(each, role="small", wrap=True), 1)
        card.body.addLayout(row)
    return card


def history_lines(happened: Sequence[Happened], accounts: Mapping[int, Account], zone: str) -> list[str]:
    """What happened, a line each, in the post's zone."""
    return [f"{_stamp(each.at, zone)} · {_happened(each, accounts)}" for each in happened if _happened(each, accounts)]


def _happened(each: Happened, accounts: Mapping[int, Account]) -> str:
    names = [f"@{clean_line(accounts[one].handle, limit=30)}" for one in each.account_ids if one in accounts]
    who = ", ".join(names)
    if each.kind == "written":
        return _("written")
    if each.kind == "scheduled":
        when = datetime.fromisoformat(each.detail)
        return _("scheduled for {when}").format(
            when=f"{spell(when.date(), 'ddd d MMM')}, {when:%H:%M} {city(each.zone)}"
        )
    if each.kind == "published":
        return _("published on {account}").format(account=who)
    if each.kind == "confirmed":
        return _("read back on {account}").format(account=who)
    ends = {
        "": _("under way"),
        Outcome.YES: _("it went out"),
        Outcome.SCHEDULED: _("the network holds it until its hour"),
        Outcome.NOT_SENT: _("the network was not reached"),
        Outcome.NO: _("the network refused it"),
        Outcome.LATER: _("the network asked to wait"),
        Outcome.AUTH: _("the network did not accept the sign-in"),
        Outcome.WRONG_AUTHOR: _("another account published it"),
        Outcome.DOUBT: _("no answer: nobody knows"),
    }
    how = ends.get(each.detail, each.detail)
    return _("attempt on {account}: {how}").format(account=who, how=how)


def _stamp(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{spell(local.date(), 'd MMM')} {local:%H:%M}"


def _hour(wall: str) -> str:
    at = datetime.fromisoformat(wall)
    return f"{spell(at.date(), 'ddd d')}, {at:%H:%M}"


def _link(text: str, go: Callable[[], object]) -> QWidget:
    made = Button(text, variant="link", size="small")
    made.clicked.connect(lambda: go())
    return made


def version_words(count: int) -> str:
    """How many earlier versions are kept."""
    return ngettext("{n} earlier version", "{n} earlier versions", count).format(n=count)


def network_mark(network: str, size: int) -> QWidget:
    """A network's glyph."""
    name = network_name(network) or _("Network")
    return Picture(icons.pixmap(icons.glyph(network), icons.network_color(network), size), name, size=size)


def mark(icon: str, role: str, size: int) -> QWidget:
    """A small icon beside words that say the same."""
    return Picture(icons.pixmap(icon, theme.color(role), size), " ", size=size)


class Picture(QWidget):
    """A small picture with its description for screen readers."""

    def __init__(self, picture: QPixmap, alt: str, *, size: int = PICTURE_PX) -> None:
        super().__init__()
        self._picture = picture
        self.setFixedSize(size, size)
        self.setAccessibleName(clean_line(alt) or _("Picture without description"))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw it, round when it is large."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._picture.isNull():
            painter.fillRect(self.rect(), theme.color("surface_sunken"))
            missing = icons.pixmap("image-off", theme.color("text_muted"), 20)
            painter.drawPixmap(QRectF(self.rect()).center() - QPointF(10, 10), missing)
        elif self.width() > 24:
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(0, 0, paint.rounded(self._picture, self.width(), radius=6, ratio=ratio))
        else:
            painter.drawPixmap(0, 0, self._picture)
        painter.end()

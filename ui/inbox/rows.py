"""How a conversation looks in the list: painted by hand, every text laid out once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from cmdesk.i18n import _
from cmdesk.model import Conversation, ConversationState, Waiting
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording import conversation_word
from ui import icons, theme
from ui.inbox import care_words, words
from ui.models.directory import Directory
from ui.models.inbox import InboxModel, Row
from ui.models.pictures import Pictures
from ui.widgets import marks, paint
from ui.widgets.id_table import TickDelegate
from ui.widgets.row_frame import begin_row, end_row

Index = QModelIndex | QPersistentModelIndex
_AVATAR = 32
_LEFT = 14
_RIGHT = 14


class RowDelegate(TickDelegate):
    """Paints a `Row`: brand strip, avatar with network glyph, name and time, one line of text, chips."""

    def __init__(
        self,
        directory: Directory,
        pictures: Pictures,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._directory = directory
        self._pictures = pictures
        self._now = now
        self.show_brand = True
        self.show_state = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:
        """Every row is as high as the density says."""
        return QSize(option.rect.width(), theme.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Draw one row; one call of `data()`."""
        rect: QRect = option.rect
        surface = begin_row(painter, option)
        row: Row | None = index.data(InboxModel.RowRole)
        if row is None:
            paint.draw_text(painter, rect.adjusted(_LEFT, 0, -_RIGHT, 0), _("No longer here"), color="text_muted")
            return
        if theme.density() is theme.Density.COMPACT:
            self._compact(painter, rect, row, surface, ticked=self.multi and surface == "selection")
        else:
            self._comfortable(painter, rect, row, surface, ticked=self.multi and surface == "selection")
        end_row(painter, option, left=_LEFT)

    def _comfortable(self, painter: QPainter, rect: QRect, row: Row, surface: str, *, ticked: bool) -> None:
        conversation = row.conversation
        zoom = theme.zoom()
        x, right = rect.x(), rect.right() - _RIGHT
        self._strip(painter, rect, conversation, surface)
        size = round(_AVATAR * zoom)
        self._avatar(
            painter,
            QRectF(x + _LEFT, rect.y() + (rect.height() - size) / 2, size, size),
            conversation,
            surface,
            ticked=ticked,
        )
        left = x + _LEFT + size + 12
        y = rect.y() + 6 * zoom
        first, second, third = 18 * zoom, 17 * zoom, 18 * zoom
        after = self._time(painter, QRectF(left, y, right - left, first), conversation)
        self._name(painter, QRectF(left, y, after - left - 8, first), conversation)
        y += first
        self._preview(painter, QRectF(left, y, right - left, second), conversation)
        y += second + 1
        self._marks(painter, QRectF(left, y, right - left, third), row)

    def _compact(self, painter: QPainter, rect: QRect, row: Row, surface: str, *, ticked: bool) -> None:
        conversation = row.conversation
        zoom = theme.zoom()
        x, right = rect.x(), rect.right() - _RIGHT
        self._strip(painter, rect, conversation, surface)
        size = round(26 * zoom)
        self._avatar(
            painter,
            QRectF(x + _LEFT, rect.y() + (rect.height() - size) / 2, size, size),
            conversation,
            surface,
            ticked=ticked,
        )
        left = x + _LEFT + size + 10
        y = rect.y() + 4 * zoom
        after = self._time(painter, QRectF(left, y, right - left, 18 * zoom), conversation)
        self._name(painter, QRectF(left, y, after - left - 8, 18 * zoom), conversation)
        y += 18 * zoom
        edge = float(right)
        for icon, role in self._small_marks(conversation):
            edge -= 14 * zoom
            mark = round(12 * zoom)
            painter.drawPixmap(QPointF(edge, y + (17 * zoom - mark) / 2), icons.pixmap(icon, theme.color(role), mark))
            edge -= 2
        start = left + _verdict(painter, left, y + 8.5 * zoom, conversation)
        self._preview(painter, QRectF(start, y, edge - start - 4, 17 * zoom), conversation)

    def _strip(self, painter: QPainter, rect: QRect, conversation: Conversation, surface: str) -> None:
        fill = marks.strip_color(self._directory.color(conversation.brand_id), surface, theme.is_dark())
        painter.fillRect(QRect(rect.x(), rect.y(), 3, rect.height() - 1), fill)

    def _avatar(
        self, painter: QPainter, box: QRectF, conversation: Conversation, surface: str, *, ticked: bool
    ) -> None:
        if ticked:
            marks.draw_tick(painter, box)
            return
        name = conversation.author or conversation.handle
        picture = self._pictures.avatar(conversation.avatar_url, conversation.account_id)
        size, ratio = int(box.width()), painter.device().devicePixelRatioF()
        if picture is not None:
            painter.drawPixmap(box.topLeft(), paint.avatar_pixmap(name, size, picture, ratio))
        else:
            paint.draw_initials(painter, box, name, size=size, ratio=ratio)
        badge = paint.network_mark(conversation.network, size, surface, ratio)
        edge = box.width() - badge.width() / ratio
        painter.drawPixmap(QPointF(box.x() + edge + 3, box.y() + edge + 3), badge)

    def _time(self, painter: QPainter, box: QRectF, conversation: Conversation) -> float:
        text = words.relative(conversation.last_at, self._now())
        role, ink = ("caption_strong", "accent_text") if conversation.unread else ("caption", "text_muted")
        used = paint.draw_text(painter, box, text, role=role, color=ink, align=Qt.AlignmentFlag.AlignRight)
        edge = box.right() - used
        mark = theme.scaled(12)
        for shown, icon, ink in (
            (conversation.priority > 0, "flag", "negative"),
            (conversation.urgency >= 2, "zap", "negative" if conversation.urgency > 2 else "warning"),
        ):
            if shown:
                edge -= mark + 5
                spot = QPointF(edge, box.y() + (box.height() - mark) / 2)
                painter.drawPixmap(spot, icons.pixmap(icon, theme.color(ink), mark))
        return edge

    def _name(self, painter: QPainter, box: QRectF, conversation: Conversation) -> None:
        role = "body_strong" if conversation.unread else "body_medium"
        name = _shown(conversation.author, conversation.handle)
        used = paint.draw_text(painter, box, name, role=role)
        if conversation.messages > 1 and box.width() - used > 30:
            after = QRectF(box.x() + used + 6, box.y(), box.width() - used - 6, box.height())
            paint.draw_text(painter, after, str(conversation.messages), role="caption", color="text_muted")

    def _preview(self, painter: QPainter, box: QRectF, conversation: Conversation) -> None:
        ink = "text" if conversation.unread else "text_muted"
        account = self._directory.account(conversation.account_id)
        # What cannot be seen is neither cleaned nor measured.
        line = conversation.preview[: 40 + int(box.width() / 3)]
        text = words.preview(line, account.handle if account else "") or _("(no text)")
        if words.spoke_last(conversation):
            text = words.preview(line) or text
            used = paint.draw_text(painter, box, _("You:"), role="body_medium", color="text_muted") + 5
            box = box.adjusted(used, 0, 0, 0)
        paint.draw_text(painter, box, text, role="body", color=ink)

    def _marks(self, painter: QPainter, box: QRectF, row: Row) -> None:
        """The third line: verdict and kind, then the chips that fit; the brand at the right when all are shown."""
        conversation = row.conversation
        middle = box.center().y()
        right = box.right()
        if self.show_brand:
            brand = self._directory.brand(conversation.brand_id)
            text = _line(brand.name) if brand else ""
            room = min(box.width() * 0.4, paint.text_width(text, "caption") + 1)
            spot = QRectF(right - room, box.y(), room, box.height())
            paint.draw_text(painter, spot, text, role="caption", color="text_muted", align=Qt.AlignmentFlag.AlignRight)
            right -= room + 8
        x = box.x()
        lead, width = _lead(conversation, painter.device().devicePixelRatioF())
        painter.drawPixmap(QPointF(x, middle - theme.scaled(18) / 2), lead)
        x += width + 6
        for text, glyph, tone in self._chips(row):
            made, width = marks.chip(text, glyph, tone, painter.device().devicePixelRatioF())
            if x + width > right:
                break
            painter.drawPixmap(QPointF(x, middle - theme.scaled(18) / 2), made)
            x += width + 4

    def _chips(self, row: Row) -> list[tuple[str, str, str]]:
        """Text, icon and tone of the chips, most urgent first."""
        conversation = row.conversation
        now = self._now()
        chips: list[tuple[str, str, str]] = []
        if conversation.outgoing:
            _said, icon, tone = words.outgoing(conversation.outgoing)
            chips.append(("", icon, tone))
        chips += [each for each in _clocks(conversation, now) if each[2]]
        if row.case:
            chips.append((f"#{row.case}", "briefcase", "info"))
        if conversation.has_draft:
            chips.append((_("Draft"), "pencil", "warning"))
        match conversation.state:
            case ConversationState.WAITING:
                client = conversation.waiting_for == Waiting.CLIENT
                chips.append((_("Client") if client else _("Person"), "hourglass", "info"))
            case ConversationState.SNOOZED if conversation.snooze_until is not None:
                chips.append((words.moment(conversation.snooze_until, now), "alarm-clock", "warning"))
            case ConversationState.IGNORED:
                chips.append((words.reason_word(conversation.ignore_reason), "ban", "neutral"))
            case ConversationState.SOLVED if self.show_state:
                chips.append((conversation_word(conversation.state), "circle-check", "positive"))
        chips += [(clean_line(label.name, limit=40), "tag", "neutral") for label in row.labels]
        return chips

    def _small_marks(self, conversation: Conversation) -> list[tuple[str, str]]:
        marks: list[tuple[str, str]] = []
        if conversation.outgoing:
            _said, icon, tone = words.outgoing(conversation.outgoing)
            marks.append((icon, tone if tone != "neutral" else "text_muted"))
        marks += [(icon, tone) for _left, icon, tone in _clocks(conversation, self._now()) if tone]
        if conversation.has_draft:
            marks.append(("pencil", "warning"))
        if conversation.state is not ConversationState.OPEN:
            icon, tone = words.STATES[conversation.state]
            marks.append((icon, tone if tone != "neutral" else "text_muted"))
        if conversation.kind == "direct":
            marks.append(("lock", "text_muted"))
        return marks


@lru_cache(maxsize=4096)
def _line(text: str) -> str:
    """Harmless text of one line; cleaning costs more than drawing."""
    return clean_line(text, limit=240)


@lru_cache(maxsize=4096)
def _shown(author: str, handle: str) -> str:
    return safe_name(author) or safe_name(words.at_handle(handle)) or _("Somebody")


def _clocks(conversation: Conversation, now: datetime) -> list[tuple[str, str, str]]:
    """Text, icon and tone of the three clocks: the answer's, the network's window, the promise; '' where none runs."""
    left, tone = words.due(conversation, now)
    closes, window_tone = care_words.window(conversation, now)
    promised, promise_tone = care_words.promise(conversation, now)
    return [
        (left, "clock-alert" if tone == "negative" else "timer", tone),
        (promised, "calendar-clock", promise_tone),
        (closes, "door-closed" if window_tone == "neutral" else "door-open", window_tone),
    ]


def _verdict(painter: QPainter, x: float, middle: float, conversation: Conversation) -> float:
    """The triage mark alone, where room is short; the width used."""
    letter, tone = _letter(conversation)
    if not letter:
        return 0.0
    made, width = marks.pill(letter, tone, painter.device().devicePixelRatioF())
    painter.drawPixmap(QPointF(x, middle - theme.scaled(16) / 2), made)
    return width + 6


def _letter(conversation: Conversation) -> tuple[str, str]:
    """Letter and tone of the verdict: beside a "?" and without colour while it is a guess; '' for none."""
    mark = care_words.mark(conversation)
    if mark is None:
        return "", ""
    return (f"{mark.letter}?", "neutral") if care_words.is_guess(conversation) else (mark.letter, mark.tone)


def _lead(conversation: Conversation, ratio: float) -> tuple[QPixmap, int]:
    """Verdict, where it was said, and its kind in a word, as one picture."""
    letter, tone = _letter(conversation)
    word, icon = words.KINDS.get(conversation.kind, (conversation.kind, "message-square"))
    said = care_words.kind_mark(conversation) or _(word)
    return _lead_picture(letter, tone, icon, said, round(ratio * 100), theme.zoom(), theme.is_dark())


@lru_cache(maxsize=512)
def _lead_picture(
    letter: str, tone: str, icon: str, said: str, ratio: int, zoom: float, dark: bool
) -> tuple[QPixmap, int]:
    height, mark = theme.scaled(18), theme.scaled(12)
    pill, pill_width = marks.pill_picture(letter, tone, ratio, zoom, dark) if letter else (None, -6)
    text = min(paint.text_width(said, "caption"), 2 * marks.CHIP)
    width = pill_width + 6 + mark + 4 + text + 1
    made, painter = marks.blank(width, height, ratio)
    if pill is not None:
        painter.drawPixmap(QPointF(0, (height - theme.scaled(16)) / 2), pill)
    x = pill_width + 6
    painter.drawPixmap(QPointF(x, (height - mark) / 2), icons.pixmap(icon, theme.color("text_muted"), mark))
    spot = QRectF(x + mark + 4, 0, text + 1, height)
    paint.draw_text(painter, spot, said, role="caption", color="text_muted")
    painter.end()
    return made, width

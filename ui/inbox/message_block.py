"""A message of a thread as a bubble: who, text, pictures, when, who can read it, what can be done with it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from cmdesk.i18n import _
from cmdesk.model import Attachment, DeliveryState, Direction, Message
from cmdesk.safe_text import clean_line, safe_body, safe_name
from ui import icons, theme
from ui.inbox import words
from ui.inbox.blocks import AVATAR, BUTTON, GUTTER, MARGIN, MAX_BUBBLE, PAD, Block, Hit, PictureOf
from ui.inbox.prose import Prose
from ui.inbox.thumbs import draw_picture, own_fill, picture_sizes
from ui.widgets import paint

_HERE = (DeliveryState.QUEUED, DeliveryState.READY, DeliveryState.PREPARING, DeliveryState.BACKOFF)
_HELD = (
    DeliveryState.HELD_LATE,
    DeliveryState.HELD_CLOCK,
    DeliveryState.HELD_RESTORED,
    DeliveryState.BLOCKED_AUTH,
)


class MessageBlock(Block):
    """A message as a bubble; own ones at the right in the brand's tint."""

    def __init__(
        self,
        message: Message,
        *,
        now: datetime,
        picture: PictureOf,
        avatar: PictureOf,
        brand_color: str,
        first: bool,
        can_like: bool,
        can_boost: bool,
        reason: str = "",
    ) -> None:
        super().__init__()
        self.message = message
        self.own = message.direction is Direction.OUT
        self._first, self._color = first, brand_color
        self._tone = "neutral"
        self._reason_prose = Prose(clean_line(reason, limit=300), role="small", color="negative", linked=False)
        self._picture, self._avatar = picture, avatar
        self._can_like, self._can_boost = can_like and not self.own, can_boost and not self.own
        self._gone = message.deleted_at is not None
        self._earlier = False
        self._revealed = False
        self._name = safe_name(message.author) or safe_name(words.at_handle(message.handle)) or _("Somebody")
        self._handle = safe_name(words.at_handle(message.handle))
        self._time = words.clock_time(message.created_at)
        self._exact = words.exact(message.created_at)
        self._now = now
        self._prose = self._make_prose()
        self._alts = [
            Prose(clean_line(each.alt, limit=600), role="caption", color="text_muted", max_lines=2, linked=False)
            for each in message.attachments[:4]
        ]
        who = _("You") if self.own else clean_line(message.author) or words.at_handle(message.handle)
        parts = [who, words.spoken(message.created_at, now)]
        if message.visibility in words.VISIBILITIES and message.visibility != "public":
            parts.append(_(words.VISIBILITIES[message.visibility][0]))
        if message.edited_at is not None:
            parts.append(_("edited"))
        if self._state:
            parts.append(words.outgoing(self._state)[0])
        parts += [
            _("picture: {text}").format(text=clean_line(each.alt) or _("without description"))
            for each in message.attachments
        ]
        body = _("deleted by its author") if self._gone else clean_line(message.text, limit=2000)
        self.said = f"{', '.join(parts)}: {body}"

    @property
    def _state(self) -> str:
        state = self.message.delivery_state if self.message and self.message.delivery_id is not None else ""
        return "" if state == DeliveryState.CONFIRMED else state

    def toggle_earlier(self) -> None:
        """Show or hide the text before the last edit."""
        self._earlier = not self._earlier
        self._prose = self._make_prose()

    def reveal(self) -> None:
        """Show what a content warning hides."""
        self._revealed = True
        self._prose = self._make_prose()

    def _make_prose(self) -> Prose:
        message = self.message
        assert message is not None
        if self._gone:
            return Prose(_("This message was deleted by its author."), role="body", color="text_muted", linked=False)
        text = safe_body(message.text)
        if message.spoiler:
            warning = _("Warning: {text}").format(text=clean_line(message.spoiler, limit=300))
            text = f"{warning}\n\n{text}" if self._revealed else warning
        if self._earlier and message.edits:
            before = "\n\n".join(
                _("Before {when}: {text}").format(when=words.moment(at, self._now), text=safe_body(earlier))
                for at, earlier in message.edits[:5]
            )
            text = f"{text}\n\n{before}"
        return Prose(text)

    def fit(self, width: float) -> float:
        message = self.message
        assert message is not None
        zoom = theme.zoom()
        gutter = 0.0 if self.own else GUTTER * zoom
        most = min(MAX_BUBBLE * zoom, (width - 2 * MARGIN - gutter) * (0.86 if self.own else 0.94))
        text = self._prose.fit(most - 2 * PAD) if self._prose.text else 0.0
        y = 4.0 + (6 if self._first else 0)
        self._head = QRectF()
        if self._first and not self.own:
            self._head = QRectF(MARGIN + gutter, y, width - 2 * MARGIN - gutter, 18 * zoom)
            y += 20 * zoom
        shots = [] if self._gone or (message.spoiler and not self._revealed) else list(message.attachments[:4])
        self._hidden = bool(message.spoiler) and not self._revealed and not self._gone
        content = self._prose.width
        sizes = picture_sizes(shots, most - 2 * PAD, zoom)
        for (shot_width, _height), alt in zip(sizes, self._alts, strict=False):
            alt.fit(shot_width)
            content = max(content, shot_width if len(sizes) == 1 else most - 2 * PAD)
        if self._hidden:
            content = max(content, paint.text_width(_("Show it"), "small_strong") + 4)
        bubble_width = content + 2 * PAD
        x = width - MARGIN - bubble_width if self.own else MARGIN + gutter
        inner = y + 9
        self._at = QPointF(x + PAD, inner)
        inner += text
        self.hits = []
        if self._hidden:
            spot = QRectF(x + PAD, inner + 4, paint.text_width(_("Show it"), "small_strong") + 4, 18 * zoom)
            self.hits.append(Hit(spot, "reveal", tip=_("Show it")))
            inner += 24 * zoom
        self._shots: list[tuple[QRectF, Attachment, Prose]] = []
        if sizes:
            inner += 8 if text else 2
            column, row_height = x + PAD, 0.0
            for place, ((shot_width, shot_height), shot, alt) in enumerate(zip(sizes, shots, self._alts, strict=False)):
                spot = QRectF(column, inner, shot_width, shot_height)
                self._shots.append((spot, shot, alt))
                tip = clean_line(shot.alt, limit=600) or _("Picture without description")
                kind = "picture" if shot.kind == "image" else "link"
                target = shot.preview_url or shot.url if kind == "picture" else message.url or shot.url
                self.hits.append(Hit(spot, kind, target, tip=tip))
                row_height = max(row_height, shot_height + (alt.height + 4 if alt.text else 0))
                column += shot_width + 6
                if place % 2 == 1 or place == len(sizes) - 1:
                    inner += row_height + (6 if place < len(sizes) - 1 else 0)
                    column, row_height = x + PAD, 0.0
        inner += 9
        self._bubble = QRectF(x, y, bubble_width, inner - y)
        y = inner + 2
        self._foot = y
        y += self._fit_foot(width, zoom)
        self.height = y + 4
        return self.height

    def _fit_foot(self, width: float, zoom: float) -> float:
        """The line under the bubble: time, who can read it, what can be done."""
        message = self.message
        assert message is not None
        height = BUTTON * zoom
        parts: list[tuple[str, str, str]] = []  # icon, text, hit kind
        visibility = words.VISIBILITIES.get(message.visibility)
        parts.append(("", self._time, ""))
        if visibility is not None and message.visibility != "public":
            parts.append((visibility[1], _(visibility[0]), ""))
        if message.edited_at is not None and not self._gone:
            parts.append(("", _("edited"), "edits" if message.edits else ""))
        self._foot_parts: list[tuple[QRectF, str, str, str]] = []
        buttons = self._buttons()
        mark = theme.scaled(13)
        room = sum(paint.text_width(text, "caption") + 10 + (mark + 4 if icon else 0) for icon, text, _kind in parts)
        state = self._state
        if state:
            text, icon, tone = words.outgoing(state)
            parts.insert(0, (icon, text, "state"))
            room += paint.text_width(text, "caption") + mark + 14
            self._tone = tone
        wide_buttons = len(buttons) * height
        left = (
            self._bubble.x() + 4 if not self.own else max(float(MARGIN), self._bubble.right() - room - wide_buttons - 2)
        )
        x = left
        for icon, text, kind in parts:
            wide = paint.text_width(text, "caption") + (mark + 4 if icon else 0)
            spot = QRectF(x, self._foot, wide + 2, height)
            self._foot_parts.append((spot, icon, text, kind))
            if kind == "edits":
                self.hits.append(Hit(spot, "edits", tip=_("Show the earlier text")))
            x += wide + 10
        self._button_spots: list[tuple[QRectF, str, bool]] = []
        for icon, kind, tip, on in buttons:
            spot = QRectF(x, self._foot, height, height)
            self.hits.append(Hit(spot, kind, message.url if kind == "link" else "", tip=tip))
            self._button_spots.append((spot, icon, on))
            x += height
        if self._reason_prose.text:
            height += self._reason_prose.fit(min(MAX_BUBBLE * zoom, width - 2 * MARGIN)) + 4
        return height

    def _buttons(self) -> list[tuple[str, str, str, bool]]:
        """Icon, hit kind, tooltip and whether it is on."""
        message = self.message
        assert message is not None
        if self._gone:
            return []
        made: list[tuple[str, str, str, bool]] = []
        if self._state:
            if self._state in (
                DeliveryState.QUEUED,
                DeliveryState.READY,
                DeliveryState.PREPARING,
                DeliveryState.BACKOFF,
            ):
                made.append(("undo-2", "take_back", _("Take back and edit"), False))
            elif self._state == DeliveryState.REJECTED:
                made.append(("pencil", "edit_again", _("Edit"), False))
            elif self._state in (DeliveryState.REVIEW, *_HELD):
                made.append(("triangle-alert", "problems", _("Decide in Problems"), False))
        if self._can_like:
            tip = _("Liked: take it back") if message.favourited else _("Like")
            made.append(("heart", "like", tip, message.favourited))
        if self._can_boost and message.visibility in ("public", "unlisted"):
            tip = _("Shared: take it back") if message.boosted else _("Share with your followers")
            made.append(("repeat-2", "boost", tip, message.boosted))
        if message.url:
            made.append(("external-link", "link", _("Open in the network"), False))
        return made

    def paint(self, painter: QPainter, width: float, *, hover: Hit | None, selection: tuple[int, int] | None) -> None:
        message = self.message
        assert message is not None
        zoom = theme.zoom()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._first and not self.own:
            size = AVATAR * zoom
            name = message.author or message.handle
            box = QRectF(MARGIN, self._head.y() + 2, size, size)
            paint.draw_avatar(painter, box, name=name, picture=self._avatar(message.avatar_url))
            used = paint.draw_text(painter, self._head, self._name, role="small_strong")
            rest = self._head.adjusted(used + 6, 0, 0, 0)
            paint.draw_text(painter, rest, self._handle, role="small", color="text_muted")
        fill = own_fill(self._color) if self.own else theme.color("bubble_in")
        if self._gone:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("line_strong"), 1, Qt.PenStyle.DashLine))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
        painter.drawRoundedRect(self._bubble.adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
        self._prose.paint(painter, self._at, selection=selection)
        for hit in self.hits:
            if hit.kind == "reveal":
                paint.draw_text(painter, hit.rect, _("Show it"), role="small_strong", color="accent_text")
        for spot, shot, alt in self._shots:
            glyph = {"video": "play", "audio": "music"}.get(shot.kind, "image")
            draw_picture(
                painter, spot, self._picture(shot.preview_url or shot.url), icon=glyph, play=shot.kind == "video"
            )
            if alt.text:
                alt.paint(painter, QPointF(spot.x(), spot.bottom() + 4))
        mark = theme.scaled(13)
        for spot, icon, text, kind in self._foot_parts:
            role = self._tone if kind == "state" and self._tone != "neutral" else "text_muted"
            x = spot.x()
            if icon:
                pixmap = icons.pixmap(icon, theme.color(role), mark)
                painter.drawPixmap(QPointF(x, spot.center().y() - mark / 2), pixmap)
                x += mark + 4
            ink = "accent_text" if kind == "edits" else role
            paint.draw_text(
                painter, QRectF(x, spot.y(), spot.right() - x + 2, spot.height()), text, role="caption", color=ink
            )
        for (spot, icon, on), hit in zip(self._button_spots, self.hits[-len(self._button_spots) :], strict=False):
            over = hover is hit
            if over:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("hover"))
                painter.drawRoundedRect(spot.adjusted(1, 1, -1, -1), 6, 6)
            role = ("negative" if icon == "heart" else "positive") if on else "text" if over else "text_muted"
            size = theme.scaled(14)
            painter.drawPixmap(
                QPointF(spot.center().x() - size / 2, spot.center().y() - size / 2),
                icons.pixmap(icon, theme.color(role), size),
            )
        if self._reason_prose.text:
            at = self._reason_prose
            x = width - MARGIN - at.width if self.own else MARGIN
            at.paint(painter, QPointF(x, self._foot + BUTTON * zoom))

    def prose_at(self, point: QPointF) -> tuple[Prose, QPointF] | None:
        inside = QRectF(self._at.x(), self._at.y(), self._prose.width + 8, self._prose.height).contains(point)
        return (self._prose, self._at) if inside else None


def _alt(shot: Attachment) -> Prose:
    return Prose(clean_line(shot.alt, limit=600), role="caption", color="text_muted", max_lines=2, linked=False)

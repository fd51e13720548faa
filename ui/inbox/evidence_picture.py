"""A message drawn as a picture for the evidence vault: who, where, when and every word, always on white."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
from PySide6.QtGui import QImage, QPainter, QPen

from cmdesk.i18n import _
from cmdesk.model import Message
from cmdesk.safe_text import clean_line
from ui.paper.style import Style

_PX = 1200
_WIDTH = 1500.0
_MARGIN = 70.0
_LINES = 400


def picture_of(message: Message, *, network: str, server: str, shown_at: str) -> bytes:
    """Return a PNG of a message as it is known here; `shown_at` is the moment, in words."""
    style = Style("#5b4bd5")
    ink, room = style.ink, _WIDTH - 2 * _MARGIN
    head = " ".join(
        part for part in (clean_line(message.author, limit=200), clean_line(message.handle, limit=200)) if part
    )
    lines = [
        (style.prose(head, "body_strong", room, lines=2), ink.text),
        (style.prose(f"{network} · {clean_line(server, limit=200)}", "small", room, lines=2), ink.muted),
        (style.prose(message.created_at.strftime("%Y-%m-%d %H:%M:%S UTC"), "small", room), ink.muted),
    ]
    if message.spoiler:
        lines.append((style.prose(message.spoiler, "body_strong", room, lines=20), ink.text))
    lines.append((style.prose(message.text, "lead", room, lines=_LINES), ink.text))
    for each in message.attachments:
        text = _("Attachment: {alt} {url}").format(alt=each.alt, url=each.url)
        lines.append((style.prose(text, "small", room, lines=4), ink.muted))
    if message.url:
        lines.append((style.prose(message.url, "small", room, lines=3), ink.accent_text))
    lines.append((style.prose(_("As shown in CM Desk, {moment}").format(moment=shown_at), "caption", room), ink.muted))
    height = 2 * _MARGIN + sum(words.height + 18 for words, _color in lines)
    scale = _PX / _WIDTH
    image = QImage(_PX, max(1, min(round(height * scale), 12_000)), QImage.Format.Format_RGB32)
    image.fill(ink.paper)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    painter.setPen(QPen(ink.line, 3))
    painter.drawRoundedRect(QRectF(20, 20, _WIDTH - 40, height - 40), 24, 24)
    y = _MARGIN
    for words, color in lines:
        words.draw(painter, _MARGIN, y, color)
        y += words.height + 18
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(data.data())

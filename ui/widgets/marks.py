"""Marks of rows as pictures painted once: verdicts with their letter, chips, brand colours; and what verdicts mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from cmdesk.i18n import N_, _
from ui import icons, theme
from ui.widgets import paint

CHIP = 110
"""The widest word of a chip in px."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A verdict as a row shows it: never the colour alone, always the letter too."""

    letter: str
    tone: str
    icon: str
    word: str

    @property
    def label(self) -> str:
        """Its word in the person's language."""
        return _(self.word)


POSITIVE = Mark("+", "positive", "smile", N_("Positive"))
NEUTRAL = Mark("=", "neutral", "meh", N_("Neutral"))
NEGATIVE = Mark("−", "negative", "frown", N_("Negative"))
TROLL = Mark("T", "warning", "ghost", N_("Troll"))
SENTIMENTS: dict[str, Mark] = {"positive": POSITIVE, "neutral": NEUTRAL, "negative": NEGATIVE}
TROLL_KIND = "troll"

INTENTS: dict[str, tuple[str, str, str]] = {
    "support": (N_("Support"), "life-buoy", N_("Something they have from us does not work or is missing.")),
    "status": (N_("Status"), "megaphone", N_("Tells something or names the brand in passing.")),
    "help": (N_("Help"), "hand-helping", N_("Asks for information or advice.")),
    "opinion": (N_("Opinion"), "message-circle", N_("Says what it thinks of the brand.")),
    "complaint": (N_("Complaint"), "circle-alert", N_("Something went wrong and hurts.")),
    "troll": (N_("Troll"), "ghost", N_("Provokes or insults, without a case of its own.")),
    "spam": (N_("Spam"), "bot", N_("Advertising or a machine.")),
}
"""The kinds of D8 and the two that get no answer: word, icon, explanation; in the order of Shift+1 to Shift+7."""

URGENCIES = (N_("Can wait"), N_("Soon"), N_("Urgent"), N_("Now"))


def intent_word(intent: str) -> str:
    """A kind in words, '' for none."""
    return _(INTENTS[intent][0]) if intent in INTENTS else ""


def urgency_word(urgency: int) -> str:
    """An urgency in words."""
    return _(URGENCIES[max(0, min(urgency, 3))])


@lru_cache(maxsize=512)
def strip_color(color: str, surface: str, dark: bool) -> QColor:
    """A brand's strip on a surface, in the theme of this moment."""
    return theme.brand_color(color, surface)


def draw_tick(painter: QPainter, box: QRectF) -> None:
    """The tick that stands for the avatar of a selected row."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent"))
    painter.drawEllipse(box)
    mark = round(box.width() * 0.5)
    spot = QPointF(box.x() + (box.width() - mark) / 2, box.y() + (box.height() - mark) / 2)
    painter.drawPixmap(spot, icons.pixmap("check", theme.color("on_accent"), mark))


def chip(text: str, icon: str, tone: str, ratio: float) -> tuple[QPixmap, int]:
    """A chip as a picture: a list paints the same few again and again."""
    return _chip_picture(text, icon, tone, round(ratio * 100), theme.zoom(), theme.is_dark())


@lru_cache(maxsize=1024)
def _chip_picture(text: str, icon: str, tone: str, ratio: int, zoom: float, dark: bool) -> tuple[QPixmap, int]:
    label = min(paint.text_width(text, "caption"), CHIP) if text else 0
    width = label + (theme.scaled(12) if icon else 0) + (4 if icon and text else 0) + 12
    made, painter = blank(width, theme.scaled(18), ratio)
    paint.draw_chip(painter, 0, theme.scaled(18) / 2, text, tone=tone, icon=icon, max_width=CHIP)
    painter.end()
    return made, width


def pill(letter: str, tone: str, ratio: float) -> tuple[QPixmap, int]:
    """The letter of a verdict as a picture, and its width."""
    return pill_picture(letter, tone, round(ratio * 100), theme.zoom(), theme.is_dark())


@lru_cache(maxsize=64)
def pill_picture(letter: str, tone: str, ratio: int, zoom: float, dark: bool) -> tuple[QPixmap, int]:
    """The same for a ratio in per cent, cached by all that changes it."""
    size = theme.scaled(16)
    width = max(size, paint.text_width(letter, "small_strong") + 8)
    made, painter = blank(width, size, ratio)
    fill, ink = paint.chip_colours(tone)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(QRectF(0, 0, width, size), size / 2, size / 2)
    spot = QRectF(0, 0, width, size)
    paint.draw_text(painter, spot, letter, role="small_strong", color=ink, align=Qt.AlignmentFlag.AlignHCenter)
    painter.end()
    return made, width


def blank(width: int, height: int, ratio: int) -> tuple[QPixmap, QPainter]:
    """An empty picture for a pixel ratio in per cent, and a painter on it (end it)."""
    made = QPixmap(round(width * ratio / 100), round(height * ratio / 100))
    made.setDevicePixelRatio(ratio / 100)
    made.fill(Qt.GlobalColor.transparent)
    return made, QPainter(made)

"""How much room each account leaves, by its own rule: a ring, the figure, and at the limit words beside the colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from cmdesk.i18n import _
from cmdesk.wording_by_hand import network_name
from ui import icons, theme
from ui.models.previews import Count
from ui.theme.tokens import Space
from ui.widgets import paint, set_tip

NEAR = 0.1  # of the limit: said in amber


class Counters(QWidget):
    """One counter for each rule; accounts of a network that count alike share one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.M)
        self._row.addStretch(1)
        self._shown: dict[tuple[str, int, int], Counter] = {}
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: Sequence[Count]) -> None:
        """Show these; the tightest of a network first."""
        wanted = {(each.network, each.limit, each.bytes_limit): each for each in counts}
        if list(wanted) != list(self._shown):
            for gone in self._shown.values():
                self._row.removeWidget(gone)
                gone.hide()
                gone.deleteLater()
            self._shown = {key: Counter(key[0], self) for key in wanted}
            for counter in self._shown.values():
                self._row.addWidget(counter)
                counter.show()
        for key, each in wanted.items():
            self._shown[key].show_count(each)

    def words(self) -> list[str]:
        """What the counters say, for screen readers and tests."""
        return [each.accessibleName() for each in self._shown.values()]


class Counter(QWidget):
    """A network's mark, a ring, and what is left."""

    def __init__(self, network: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._network = network
        self._count = Count(0, network, 0, 1)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed().connect(self._again)

    def show_count(self, count: Count) -> None:
        """Show how long a text is there."""
        if count == self._count:
            return
        self._count = count
        left = count.limit - count.used
        if left < 0:
            text = _("{n} too many").format(n=-left)
        elif count.bytes_over:
            text = _("{n} bytes too many").format(n=count.bytes_used - count.bytes_limit)
        else:
            text = str(left)
        sentence = _("{network}: {used} of {limit} characters").format(
            network=network_name(self._network), used=count.used, limit=count.limit
        )
        if count.bytes_limit:
            sentence += " · " + _("{used} of {limit} bytes").format(used=count.bytes_used, limit=count.bytes_limit)
        self.setAccessibleName(f"{sentence} · {text}" if count.over else sentence)
        set_tip(self, f"{sentence}\n{_rule(self._network)}".strip())
        grown = len(text) != len(self._text)
        self._text = text
        if grown:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Mark, ring and words."""
        return QSize(theme.scaled(40) + paint.text_width(self._text, "small_strong") + 6, theme.scaled(24))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        count = self._count
        share = max(count.used / max(1, count.limit), count.bytes_used / count.bytes_limit if count.bytes_limit else 0)
        role = "negative" if count.over else "warning" if share >= 1 - NEAR else "accent"
        mark, ring = theme.scaled(14), theme.scaled(15)
        middle = self.height() / 2
        glyph = icons.pixmap(icons.glyph(self._network), icons.network_color(self._network), mark)
        painter.drawPixmap(0, int(middle - mark / 2), glyph)
        box = QRectF(mark + 6, middle - ring / 2, ring, ring)
        painter.setPen(QPen(theme.color("line_strong"), 2))
        painter.drawEllipse(box)
        painter.setPen(QPen(theme.color(role), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(box, 90 * 16, -int(min(1.0, share) * 360 * 16))
        text = QRectF(box.right() + 6, 0, self.width() - box.right() - 6, self.height())
        strong = role != "accent"
        paint.draw_text(
            painter, text, self._text, role="small_strong" if strong else "small",
            color=role if strong else "text_muted",
        )  # fmt: skip
        painter.end()

    def _again(self) -> None:
        self.updateGeometry()
        self.update()


def _rule(network: str) -> str:
    if network == "mastodon":
        return _("A link counts 23, a mention without its server, the content warning counts, too.")
    if network == "bluesky":
        return _("What counts are characters as one sees them, and besides the bytes: an emoji takes several.")
    return ""

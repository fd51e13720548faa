"""One account's view of the post: its parts under each other, on the network's own surface."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmdesk.i18n import _
from cmdesk.model import Account
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.wording_by_hand import account_name, network_name
from ui import icons, theme
from ui.composer.preview.looks import look_of
from ui.composer.preview.pictures import PictureSource
from ui.composer.preview.post import PartPainting, Place
from ui.models.previews import Seen, SeenPart
from ui.theme.tokens import Radius
from ui.widgets import paint

CAPTION = 26
SPOKEN = 4000  # characters that a screen reader gets at once


class PreviewCard(QWidget):
    """Painted; equal content is never laid out twice, and a key typed in one part lays out that part alone."""

    def __init__(self, account: Account, pictures: PictureSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.account = account
        self._pictures = pictures
        self._seen = Seen(account.id, account.network, (SeenPart(0, "", ()),))
        self._unfolded = False
        self._made: dict[tuple[object, ...], PartPainting] = {}
        self._parts: list[tuple[float, PartPainting]] = []
        self.paints = 0  # how often parts were laid out; for the speed test
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self._say()
        theme.changed().connect(self._restyle)

    @property
    def account_id(self) -> int:
        """Whose view it is."""
        return self.account.id

    @property
    def seen(self) -> Seen:
        """What it shows."""
        return self._seen

    def show_seen(self, seen: Seen) -> None:
        """Show what the account will say; nothing happens when it would look the same."""
        if seen == self._seen and self._parts:
            return
        self._seen = seen
        self._say()
        self._lay_out()
        self.update()

    def unfold(self, on: bool) -> None:
        """Open or close what a content warning folds."""
        if on != self._unfolded:
            self._unfolded = on
            self._lay_out()
            self.update()

    def sizeHint(self) -> QSize:
        """As high as its parts."""
        return QSize(300, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Another width, other lines."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """A click on the warning unfolds it, as there."""
        spot = event.position()
        for top, part in self._parts:
            if part.fold.translated(0, top).contains(spot):
                self.unfold(not self._unfolded)
                return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter or Space unfold it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.unfold(not self._unfolded)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Whose it is, and under it the post on its network's surface."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = look_of(self._seen.network)
        caption = theme.scaled(CAPTION)
        mark = theme.scaled(14)
        glyph = icons.pixmap(icons.glyph(self._seen.network), icons.network_color(self._seen.network), mark)
        painter.drawPixmap(QPointF(2, (caption - mark) / 2 - 2), glyph)
        handle = account_name(self.account.network, clean_line(self.account.handle, limit=80))
        box = QRectF(mark + 10, -2, self.width() - mark - 12, caption)
        used = paint.draw_text(painter, box, network_name(self._seen.network), role="small_strong")
        box.setLeft(box.left() + used + 6)
        paint.draw_text(painter, box, handle, role="small", color="text_muted")
        body = QRectF(0.5, caption + 0.5, self.width() - 1, self.height() - caption - 1)
        painter.setPen(QPen(look.line, 1))
        painter.setBrush(look.surface)
        painter.drawRoundedRect(body, Radius.CARD, Radius.CARD)
        for top, part in self._parts:
            part.draw(painter, top)
        if self.hasFocus():
            paint.draw_focus(painter, body.toRect(), radius=Radius.CARD)
        painter.end()

    def _lay_out(self) -> None:
        seen, width = self._seen, float(self.width())
        look = look_of(seen.network)
        last = len(seen.parts) - 1
        made: dict[tuple[object, ...], PartPainting] = {}
        self._parts = []
        top = float(theme.scaled(CAPTION))
        for at, part in enumerate(seen.parts):
            place = Place(width, at == 0, at == last, last > 0, self._unfolded)
            extras = (seen.poll, seen.card, seen.card_file) if at == 0 else ()
            key = (part, place, seen.spoiler, seen.visibility, seen.sensitive, *extras)
            painting = self._made.get(key)
            if painting is None:
                painting = PartPainting(self.account, seen, part, place, look, self._pictures)
                self.paints += 1
            made[key] = painting
            self._parts.append((top, painting))
            top += painting.height
        self._made = made
        height = round(top) + 1
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def _say(self) -> None:
        seen = self._seen
        folds = bool(seen.spoiler) or seen.sensitive
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if folds else Qt.FocusPolicy.NoFocus)
        name = _("Preview for {handle} on {network}").format(
            handle=account_name(self.account.network, clean_line(self.account.handle)),
            network=network_name(seen.network),
        )
        self.setAccessibleName(name)
        self.setAccessibleDescription("\n\n".join(safe_body(part.text, limit=SPOKEN) for part in seen.parts)[:SPOKEN])

    def _restyle(self) -> None:
        self._made = {}
        self._lay_out()
        self.update()

"""The crop of a picture: one for everywhere or one for each network, in the shapes that networks show well (rank 19).

Nothing is cut on disk: a crop is kept with the post as fractions; each network gets its own version when it goes out.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import Crop, Media
from cmdesk.planning import media_rules
from cmdesk.planning.cropping import WHOLE, shaped
from cmdesk.planning.media_rules import ratio_of
from ui import icons, theme
from ui.composer.crop_shapes import FREE, ORIGINAL, SHAPES, ShapeList
from ui.composer.crop_view import CropView
from ui.models.composing_media import MediaModel, network_word
from ui.theme.tokens import Space
from ui.widgets import Button, FlowLayout, PlainLabel, SegmentedControl, paint
from ui.widgets.dialogs import Dialog

EVERYWHERE = ""
_PREVIEW_PX = 76
_SAME = 0.006


class CropDialog(Dialog):
    """Open it with `open`; `applied` tells the picture's crops by network, '' for everywhere."""

    applied = Signal(object)  # dict[str, Crop]

    def __init__(self, model: MediaModel, media: Media, *, network: str = "", parent: QWidget | None = None) -> None:
        super().__init__(_("Crop the picture"), parent, width=880)
        self._media = media
        self._networks = model.networks()
        self._crops = dict(model.crops(media.id))
        self._places = {place.network: place.limits for place in model.places()}
        self._key = network if network in self._networks else EVERYWHERE
        image = model.image(media, 1600)
        self.view = CropView(image, self)
        self.scope = SegmentedControl(
            [(EVERYWHERE, _("Everywhere")), *((each, network_word(each)) for each in self._networks)],
            self, name=_("For which network"), icons_by_key={each: icons.glyph(each) for each in self._networks},
        )  # fmt: skip
        self.scope.set_current(self._key)
        self.shapes = ShapeList(self)
        self._size = PlainLabel("", self, role="small", color="text_muted")
        self.same = Button(_("Same as everywhere"), self, variant="link", size="small")
        self.results = [_Result(image, network, self) for network in self._networks]
        self._lay_out()
        reset = Button(_("Whole picture"), self, variant="ghost", icon="rotate-ccw")
        self.buttons.insertWidget(0, reset)
        hint = _("Arrows move it, Ctrl and arrows pull it, + and − scale it.")
        self.buttons.insertWidget(1, PlainLabel(hint, self, role="small", color="text_muted"))
        self.reset = reset
        self.add_button(_("Cancel"), reject=True)
        self.add_button(_("Crop"), variant="primary", accept=True)
        self.accepted.connect(lambda: self.applied.emit(dict(self._crops)))
        self.scope.changed.connect(self._go_to)
        self.shapes.chosen.connect(self._take_shape)
        self.view.changed.connect(self._take)
        self.same.clicked.connect(self._share)
        reset.clicked.connect(lambda: self._take_shape(ORIGINAL))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if network and network not in self._crops and network in self._places:
            limits = self._places[network]
            crop = self._effective(network)
            ratio = media.width * crop.w / (media.height * crop.h)
            if limits.ratio and not ratio_of(limits.ratio[0]) <= ratio <= ratio_of(limits.ratio[1]):
                shape = media_rules.nearest_shape(ratio, limits)
                self._crops[network] = shaped(ratio_of(shape), media.width, media.height, crop)
        self._go_to(self._key)
        self.view.setFocus()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(self.scope)
        head.addWidget(self.same)
        head.addStretch(1)
        head.addWidget(self._size)
        self.body.addLayout(head)
        middle = QHBoxLayout()
        middle.setSpacing(Space.L)
        middle.addWidget(self.view, 1)
        side = QVBoxLayout()
        side.setSpacing(Space.S)
        side.addWidget(PlainLabel(_("Shape"), role="small_strong", color="text_muted"))
        side.addWidget(self.shapes)
        side.addSpacing(Space.S)
        if self.results:
            side.addWidget(PlainLabel(_("What each network shows"), role="small_strong", color="text_muted"))
            tiles = QWidget(self)
            flow = FlowLayout(tiles, gap=Space.S)
            for result in self.results:
                flow.addWidget(result)
            side.addWidget(tiles)
        side.addStretch(1)
        column = QWidget(self)
        column.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        column.setFixedWidth(theme.scaled(264))
        middle.addWidget(column)
        self.body.addLayout(middle, 1)

    def crops(self) -> dict[str, Crop]:
        """What is chosen so far, by network."""
        return dict(self._crops)

    def _effective(self, key: str) -> Crop:
        return self._crops.get(key, self._crops.get(EVERYWHERE, WHOLE))

    def _go_to(self, key: str) -> None:
        self._key = key
        crop = self._effective(key)
        shape = self._shape_of(crop)
        self.view.show_crop(crop, None if shape in (FREE, ORIGINAL) else ratio_of(shape))
        self._show(shape)

    def _show(self, shape: str) -> None:
        networks = [self._key] if self._key else self._networks
        wanted = {each: [network_word(n) for n in networks if each in self._shapes_of(n)] for each in SHAPES}
        self.shapes.show_shapes(shape, wanted)
        self.same.setVisible(bool(self._key) and self._key in self._crops)
        width, height = media_rules.size_after(self._media, self._effective(self._key))
        self._size.setText(_("{width} × {height} px").format(width=width, height=height))
        for result in self.results:
            result.show_crop(self._effective(result.network), own=result.network in self._crops)

    def _shapes_of(self, network: str) -> tuple[str, ...]:
        return self._places[network].shapes if network in self._places else ()

    def _shape_of(self, crop: Crop) -> str:
        if crop == WHOLE:
            return ORIGINAL
        ratio = self._media.width * crop.w / (self._media.height * crop.h)
        return next((each for each in SHAPES if abs(ratio / ratio_of(each) - 1) < _SAME), FREE)

    def _take_shape(self, shape: str) -> None:
        crop = self._effective(self._key)
        if shape == ORIGINAL:
            crop = WHOLE
        elif shape != FREE:
            crop = shaped(ratio_of(shape), self._media.width, self._media.height, crop)
        self._put(crop)
        self.view.show_crop(crop, None if shape in (FREE, ORIGINAL) else ratio_of(shape))
        self._show(shape)

    def _take(self, crop: Crop) -> None:
        self._put(crop)
        shape = FREE if self.view.ratio is None else self._shape_of(crop)
        self._show(shape)

    def _put(self, crop: Crop) -> None:
        if self._key == EVERYWHERE and crop == WHOLE:
            self._crops.pop(EVERYWHERE, None)
        elif self._key and crop == self._crops.get(EVERYWHERE, WHOLE):
            self._crops.pop(self._key, None)
        else:
            self._crops[self._key] = crop

    def _share(self) -> None:
        self._crops.pop(self._key, None)
        self._go_to(self._key)


class _Result(QWidget):
    """What one network will show."""

    def __init__(self, image: QImage, network: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.network = network
        self._image = image.scaled(
            320, 320, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        self.crop = WHOLE
        self._own = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(network_word(network))
        theme.changed().connect(self.update)

    def sizeHint(self) -> QSize:
        """A tile and its line."""
        return QSize(_PREVIEW_PX + 40, _PREVIEW_PX + theme.scaled(22))

    def show_crop(self, crop: Crop, *, own: bool) -> None:
        """Show this part."""
        self.crop, self._own = crop, own
        self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The part as it will be, the network's sign below; a dot when the crop is its own."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        room = QRectF(0, 0, self.width(), _PREVIEW_PX)
        crop, size = self.crop, self._image.size().toSizeF()
        source = QRectF(crop.x * size.width(), crop.y * size.height(), crop.w * size.width(), crop.h * size.height())
        fitted = source.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        box = QRectF(0, 0, fitted.width(), fitted.height())
        box.moveTop(room.height() - box.height())
        clip = QPainterPath()
        clip.addRoundedRect(box, 5, 5)
        painter.save()
        painter.setClipPath(clip)
        painter.drawImage(box, self._image, source)
        painter.restore()
        painter.setPen(QPen(theme.with_alpha(QColor("black"), 0.15), 1))
        painter.drawPath(clip)
        mark = theme.scaled(12)
        line = QRectF(0, _PREVIEW_PX + 3, self.width(), theme.scaled(18))
        ink = theme.color("accent_text" if self._own else "text_muted")
        glyph = icons.pixmap(icons.glyph(self.network), ink, mark)
        painter.drawPixmap(line.topLeft() + QRectF(0, 0, 0, line.height() - mark).center(), glyph)
        text = network_word(self.network)
        paint.draw_text(painter, line.adjusted(mark + 5, 0, 0, 0), text, role="small", color=ink)
        painter.end()

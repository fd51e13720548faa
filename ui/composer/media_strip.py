"""The pictures and films of one part of a post, in order: files dropped or pasted in, described, cropped, moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import Media
from cmdesk.planning.media_rules import Fix, MediaProblem
from cmdesk.wording import Explanation
from cmdesk.wording_media import badge_text, lasting, problem_text
from ui import theme
from ui.bridge import spawn
from ui.composer.crop_dialog import CropDialog
from ui.composer.media_row import Mark, MediaRow
from ui.composer.media_thumb import THUMB_PX
from ui.models.composing_media import MediaModel, keep_pasted, network_word
from ui.theme.tokens import Space
from ui.widgets import Banner, ProgressRow
from ui.widgets.dialogs import choose_files

KINDS = ["*.png", "*.jpg", "*.jpeg", "*.gif", "*.webp", "*.avif", "*.mp4", "*.mov", "*.m4v", "*.webm"]


class MediaStrip(QWidget):
    """Rows of pictures and films. `attach` gives it the model that does what its buttons say."""

    described = Signal(int, str)
    removed = Signal(int)
    moved = Signal(int, int)
    dropped = Signal(list)  # paths

    def __init__(self, picture: Callable[[str, int], QPixmap], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._media: MediaModel | None = None
        self._part: Callable[[], int] = lambda: 0
        self._rows: dict[int, MediaRow] = {}
        self._order: list[int] = []
        self._busy: dict[str, ProgressRow] = {}
        self._refused: list[Banner] = []
        self._drag: _Drag | None = None
        self._line = _Line(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.M)
        self.dialog: CropDialog | None = None
        self.hide()

    def attach(self, media: MediaModel, part: Callable[[], int]) -> None:
        """Let this model do the work, for the part that `part` names at that moment."""
        self._media, self._part = media, part
        media.working.connect(self._working)
        media.finished.connect(self._finished)
        media.refused.connect(self._told_refused)

    # Showing

    def show_media(self, media: Sequence[tuple[Media, str]], *, limit: int, editable: bool) -> None:
        """Show these in order; rows that stay keep their text cursor."""
        wanted = [each.id for each, _alt in media]
        for gone in [media_id for media_id in self._rows if media_id not in wanted]:
            row = self._rows.pop(gone)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        model = self._media
        missing = model.missing(self._part()) if model else set()
        keywords = model.keywords(self._part()) if model else []
        for index, (each, alt) in enumerate(media):
            row = self._rows.get(each.id) or self._make(each)
            plain = model is not None and model.decorative(each.id)
            row.show_alt(alt, limit=limit, keywords=keywords, decorative=plain)
            self._show_picture(row, gone=each.id in missing)
            row.set_editable(editable)
            row.crop.setEnabled(editable and each.id not in missing)
            if self._column.indexOf(row) != index:
                self._column.insertWidget(index, row)
        self._order = wanted
        self._show_problems()
        self._show_or_hide()

    def _show_picture(self, row: MediaRow, *, gone: bool) -> None:
        media, model = row.media, self._media
        if media.is_video:
            row.thumb.show_film(lasting(media.duration_ms) if media.duration_ms else _("Film"), gone=gone)
            return
        px = round(theme.scaled(THUMB_PX) * max(1.0, self.devicePixelRatioF()))
        crop = model.crop(media.id) if model else None
        picture = model.picture(media, px * 2, crop=crop) if model else self._picture(media.file, px)
        cropped = model is not None and bool(model.crops(media.id))
        row.thumb.show_picture(picture, gone=gone, cropped=cropped)

    def _show_problems(self) -> None:
        model = self._media
        if model is None:
            return
        problems = model.problems(self._part())
        networks = model.networks()
        for media_id, row in self._rows.items():
            row.show_networks([(each, network_word(each), not model.is_left_out(media_id, each)) for each in networks])
            mine = [each for each in problems if each.media_id == media_id]
            marks = {mark.key or mark.text: mark for mark in map(self._mark, mine)}
            for network in networks:
                if model.is_left_out(media_id, network):
                    text = _("not here")
                    sentence = _("{network} does not get it. Click to send it there too.")
                    sentence = sentence.format(network=network_word(network))
                    marks[f"back:{network}"] = Mark(network, text, sentence, tone="neutral", key=f"back:{network}")
            row.show_marks(list(marks.values()))

    def _mark(self, problem: MediaProblem) -> Mark:
        model = self._media
        assert model is not None
        network = model.network_of(problem.account_id)
        sentence = problem_text(problem, network_word(network))
        if problem.automatic:
            return Mark(network, badge_text(problem), sentence, tone="info", key="")
        if problem.fix is Fix.CROP:
            sentence += " " + _("Click to crop it to {shape}.").format(shape=problem.shape)
            return Mark(network, badge_text(problem), sentence, tone="warning", key=f"crop:{network}")
        if problem.fix is Fix.LEAVE_OUT:
            sentence += " " + _("Click to leave it out there.")
            return Mark(network, badge_text(problem), sentence, tone="negative", key=f"out:{network}")
        if problem.fix is Fix.REPLACE:
            return Mark("", _("the file is gone"), sentence, tone="negative", key="replace")
        return Mark(network, badge_text(problem), sentence, tone="negative", key="")

    def _make(self, media: Media) -> MediaRow:
        row = MediaRow(media, self)
        row.described.connect(partial(self._described, media.id))
        row.removed.connect(partial(self._remove, media.id))
        row.stepped.connect(partial(self._step, media.id))
        row.cropping.connect(partial(self.crop, media.id))
        row.replacing.connect(partial(self._replace, media.id))
        row.decorated.connect(lambda on: self._do(lambda m: m.set_decorative(media.id, on=on)))
        row.left_out.connect(lambda key, on: self._do(lambda m: m.leave_out(media.id, key, on=on)))
        row.marked.connect(partial(self._marked, media.id))
        row.thumb.gripped.connect(lambda at: self._grip(row, at))
        row.thumb.dragged.connect(self._follow)
        row.thumb.dropped.connect(self._drop)
        row.thumb.given_up.connect(self._end_drag)
        self._rows[media.id] = row
        return row

    # What the rows ask for

    def crop(self, media_id: int, network: str = "") -> None:
        """Open the crop of a picture, at a network when it is about that one."""
        model, row = self._media, self._rows.get(media_id)
        if model is None or row is None or row.media.is_video or media_id in model.missing(self._part()):
            return
        self.dialog = CropDialog(model, row.media, network=network, parent=self.window())
        self.dialog.applied.connect(lambda crops: self._do(lambda m: m.set_crops(media_id, crops)))
        self.dialog.finished.connect(lambda _code: row.thumb.setFocus())
        self.dialog.open()

    def _described(self, media_id: int, text: str) -> None:
        self.described.emit(media_id, text)
        row = self._rows[media_id]
        if self._media is not None:
            row.show_alt(
                text, limit=self._media.alt_limit(), keywords=self._media.keywords(self._part()),
                decorative=self._media.decorative(media_id),
            )  # fmt: skip
            self._show_problems()

    def _remove(self, media_id: int) -> None:
        if self._media is None:
            self.removed.emit(media_id)
        else:
            self._do(lambda model: model.remove(media_id, self._part()))

    def _step(self, media_id: int, step: int) -> None:
        if self._media is None:
            self.moved.emit(media_id, step)
        else:
            place = self._order.index(media_id) + step
            if 0 <= place < len(self._order):
                self._do(lambda model: model.move(media_id, place, self._part()))
                self._rows[media_id].thumb.setFocus()

    def _replace(self, media_id: int) -> None:
        model = self._media
        if model is None:
            return

        async def choose() -> None:
            chosen = await choose_files(self.window(), _("Put another file here"), patterns=[(_("Media"), KINDS)])
            if chosen:
                await model.put_instead(media_id, chosen[0], self._part())

        spawn(choose(), self, name="replace a picture")

    def _marked(self, media_id: int, key: str) -> None:
        act, _colon, network = key.partition(":")
        if act == "crop":
            self.crop(media_id, network)
        elif act == "replace":
            self._replace(media_id)
        elif act in ("out", "back"):
            self._do(lambda model: model.leave_out(media_id, network, on=act == "out"))

    def _do(self, act: Callable[[MediaModel], None]) -> None:
        if self._media is not None:
            act(self._media)

    # Files on their way in

    def _working(self, part: int, name: str, done: int, total: int) -> None:
        if part != self._part():
            return
        row = self._busy.get(name)
        if row is None:
            row = self._busy[name] = ProgressRow(_("Taking in {file}").format(file=name), self, cancellable=False)
            self._column.addWidget(row)
        row.set_progress(done, total)
        self._show_or_hide()

    def _finished(self, part: int, name: str) -> None:
        row = self._busy.pop(name, None)
        if row is not None:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._show_or_hide()

    def _told_refused(self, part: int, name: str, reason: Explanation) -> None:
        """Say under the pictures which file could not be taken, why, and what to do; it stays until closed."""
        if part != self._part():
            return
        text = f"{name}: {'. '.join(each.rstrip('.') for each in (reason.what, reason.why, reason.todo) if each)}."
        banner = Banner(text, self, tone="negative", icon="image-off", closable=True)
        banner.closed.connect(lambda: self._forget(banner))
        self._refused.append(banner)
        self._column.addWidget(banner)
        banner.show()
        self._show_or_hide()

    def _forget(self, banner: Banner) -> None:
        self._refused.remove(banner)
        self._column.removeWidget(banner)
        banner.deleteLater()
        self._show_or_hide()

    def refusals(self) -> list[str]:
        """What is told of files that could not be taken."""
        return [banner.label.full_text() for banner in self._refused]

    def _show_or_hide(self) -> None:
        self.setVisible(bool(self._rows or self._busy or self._refused))

    # Moving by drag

    def _grip(self, row: MediaRow, at: QPoint) -> None:
        self._drag = _Drag(self.window(), row.thumb.grab(), row.thumb.mapFromGlobal(at), row.media.id)
        row.thumb.setFocus()

    def _follow(self, at: QPoint) -> None:
        if self._drag is None:
            return
        self._drag.follow(at)
        place = self._place_at(at)
        rows = [self._rows[each] for each in self._order]
        if place < len(rows):
            y = rows[place].geometry().top() - Space.M // 2
        else:
            y = rows[-1].geometry().bottom() + Space.M // 2
        self._line.show_at(y)

    def _drop(self, at: QPoint) -> None:
        drag = self._drag
        self._end_drag()
        if drag is None:
            return
        place, was = self._place_at(at), self._order.index(drag.media_id)
        to = place - 1 if place > was else place
        if to == was:
            return
        if self._media is None:
            self.moved.emit(drag.media_id, to - was)
        else:
            self._do(lambda model: model.move(drag.media_id, to, self._part()))

    def _end_drag(self) -> None:
        if self._drag is not None:
            self._drag.end()
        self._drag = None
        self._line.hide()

    def _place_at(self, at: QPoint) -> int:
        """The gap nearest to a global position: 0 is above the first row."""
        y = self.mapFromGlobal(at).y()
        return sum(y > self._rows[each].geometry().center().y() for each in self._order)


class _Line(QWidget):
    """Where a dragged picture would go."""

    def __init__(self, strip: QWidget) -> None:
        super().__init__(strip)
        self._strip = strip
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, y: int) -> None:
        strip = self._strip
        self.setGeometry(0, max(0, min(y - 2, strip.height() - 4)), strip.width(), 4)
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0, 0.5, 0, -0.5), 1.5, 1.5)
        painter.end()


class _Drag(QWidget):
    """The tile under the pointer, over everything of the window."""

    def __init__(self, window: QWidget, tile: QPixmap, grab: QPoint, media_id: int) -> None:
        super().__init__(window)
        self.media_id = media_id
        self._window, self._tile, self._grab = window, tile, grab
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(tile.deviceIndependentSize().toSize())

    def follow(self, at: QPoint) -> None:
        self.move(self._window.mapFromGlobal(at) - self._grab)
        if self.isHidden():
            self.show()
            self.raise_()

    def end(self) -> None:
        self.hide()
        self.deleteLater()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setOpacity(0.9)
        painter.drawPixmap(0, 0, self._tile)
        painter.end()


def has_pictures(data: QMimeData) -> bool:
    """Say whether a drop or paste holds files of this computer, or a picture itself."""
    return any(url.isLocalFile() for url in data.urls()) or (data.hasImage() and not data.hasText())


def pictures_in(data: QMimeData) -> list[Path]:
    """The local files of a drop or paste; a copied picture becomes a file; anything else is none of this computer."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if not paths and has_pictures(data):
        image = QImage(data.imageData())
        return [] if image.isNull() else [keep_pasted(image)]
    return paths


class DropZone(QWidget):
    """A region that takes picture files dropped on it."""

    dropped = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        """Accept files."""
        if has_pictures(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent, /) -> None:
        """Hand the paths on."""
        paths = pictures_in(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

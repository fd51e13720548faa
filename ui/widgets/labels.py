"""Labels and tooltips that can only ever show plain text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui import theme


class PlainLabel(QLabel):
    """A label in a type role and a colour role that follows the theme.

    Text is never read as HTML. With `elide` it is one line that shortens with "…" and gives the whole text as its
    tooltip; with `wrap` it breaks lines; `selectable` lets people copy from it (mouse and keyboard).
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        role: str = "body",
        color: str = "text",
        elide: bool = False,
        wrap: bool = False,
        selectable: bool = False,
        align: Qt.AlignmentFlag | None = None,
    ) -> None:
        super().__init__(parent)
        self._role, self._color, self._elide, self._whole = role, color, elide, ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setOpenExternalLinks(False)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self.setMinimumWidth(24)
        if align is not None:
            self.setAlignment(align)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self._restyle()
        self.setText(text)
        theme.changed().connect(self._restyle)

    def setText(self, text: str, /) -> None:
        """Show `text` as it is, never as HTML."""
        self._whole = text
        self.setAccessibleName(text)
        if self._elide:
            self._fit()
        else:
            super().setText(text)

    def full_text(self) -> str:
        """The whole text, also when elided."""
        return self._whole

    def set_role(self, role: str, color: str | None = None) -> None:
        """Change type role and colour role."""
        self._role = role
        self._color = color or self._color
        self._restyle()

    def sizeHint(self) -> QSize:
        """Width of the whole text, so that layouts give an elided label all it could use."""
        hint = super().sizeHint()
        if self._elide:
            hint.setWidth(self.fontMetrics().horizontalAdvance(self._whole) + 2)
        return hint

    def minimumSizeHint(self) -> QSize:
        """One line: Qt would ask for the height at the narrowest width and leave a gap in every dialog."""
        if self.wordWrap():
            return QSize(48, self.fontMetrics().height())
        return super().minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Elide anew."""
        super().resizeEvent(event)
        if self._elide:
            self._fit()

    def changeEvent(self, event: QEvent, /) -> None:
        """Elide anew after a font change."""
        super().changeEvent(event)
        if self._elide and event.type() is QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        line = " ".join(self._whole.split())
        shown = self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, max(0, self.contentsRect().width()))
        super().setText(shown)
        set_tip(self, self._whole if shown != line else "")

    def _restyle(self) -> None:
        self.setFont(theme.font(self._role))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.color(self._color))
        self.setPalette(palette)


def set_tip(widget: QWidget, text: str) -> None:
    """A tooltip that is shown as plain text and wraps: Qt would otherwise guess whether it is HTML."""
    if not text:
        widget.setToolTip("")
        return
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    widget.setToolTip(f"<qt>{escaped}</qt>")

"""The question from when on a brand's channels count as silent or passive (D14)."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QSpinBox, QWidget

from cmdesk.commands.listening_limits import set_limits
from cmdesk.desk import Desk
from cmdesk.i18n import _
from cmdesk.model import Brand
from cmdesk.safe_text import clean_line
from ui.widgets import Field
from ui.widgets.dialogs import Dialog
from ui.widgets.fields import padded


class SilenceDialog(Dialog):
    """Days without a post, and per cent of answers; `await dialog.ask()`, then `saved` is the decision to undo."""

    def __init__(self, desk: Desk, parent: QWidget | None, brand: Brand) -> None:
        super().__init__(
            _("Silent channels of {brand}").format(brand=clean_line(brand.name)), parent, icon="clock-alert",
            text=_("A channel that publishes nothing, or leaves people without an answer, is told of on the Listening"
                   " screen."),
        )  # fmt: skip
        self._desk, self._brand = desk, brand
        self.days = padded(QSpinBox())
        self.days.setRange(0, 365)
        self.days.setSpecialValueText(_("Never"))
        self.days.setSuffix(_(" days"))
        self.days.setValue(int(desk.setting("silence_days", brand.id)))
        self.share = padded(QSpinBox())
        self.share.setRange(0, 100)
        self.share.setSpecialValueText(_("Never"))
        self.share.setSuffix(" %")
        self.share.setValue(int(desk.setting("silence_share", brand.id)))
        self.body.addWidget(
            Field(_("Say so after this time without a post"), self.days,
                  hint=_("Accounts that are there for customer care alone need not publish."))
        )  # fmt: skip
        self.body.addWidget(
            Field(_("Say so when fewer people than this have an answer"), self.share,
                  hint=_("Of those who wrote in the last 14 days; the last day does not count yet."))
        )  # fmt: skip
        self.add_button(_("Cancel"), reject=True)
        self.add_button(_("Save"), variant="primary", accept=True)

    async def save(self) -> Any:
        """Keep what was chosen and return the decision, which can be undone."""
        return await self._desk.run(
            set_limits, brand_id=self._brand.id, days=self.days.value(), share=self.share.value()
        )

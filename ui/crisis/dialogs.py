"""What the crisis page asks: which brand and why, another hour for a post, the words of a statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime, QTimeZone
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateTimeEdit, QLineEdit, QWidget

from cmdesk.care.crisis import ALL_BRANDS, HeldPost
from cmdesk.care.values import CrisisPlan
from cmdesk.i18n import _, language
from cmdesk.model import Account, Brand
from cmdesk.planning.zones import to_wall
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.wording_by_hand import network_name
from ui.casework.dialogs import CareDialog, TextField
from ui.widgets import Banner, PlainLabel
from ui.widgets.fields import padded

# Qt adds the country to some ("American English").
_NATIVE = {"es": "español", "en": "English", "pt": "português", "fr": "français", "de": "Deutsch", "it": "italiano"}


class StartDialog(CareDialog):
    """Which brand, or all, and why; the shown brand is chosen, so that one key and Enter are enough."""

    def __init__(self, brands: Sequence[Brand], shown: int | None, parent: QWidget | None) -> None:
        super().__init__(
            _("Start a crisis hold"),
            parent,
            yes=_("Hold everything planned"),
            text=_(
                "Nothing planned goes out from this moment on; what a network already keeps is asked back. Answers to"
                " people still go out. Afterwards you decide about each post."
            ),
            icon="siren",
            width=520,
        )
        self.brand = QComboBox()
        for each in brands:
            self.brand.addItem(clean_line(each.name, limit=80), each.id)
        self.brand.addItem(_("All brands"), ALL_BRANDS)
        self.brand.setCurrentIndex(max(0, self.brand.findData(ALL_BRANDS if shown is None else shown)))
        self.put(_("Brand"), self.brand)
        self.reason = QLineEdit()
        self.reason.setMaxLength(500)
        self.reason.setPlaceholderText(_("For example: wrong invoices were sent"))
        self.put(_("What happened (optional)"), self.reason)
        self.yes.setProperty("variant", "danger")
        self.reason.setFocus()

    def chosen(self) -> tuple[int, str]:
        """(brand, 0 for all; reason)."""
        return int(self.brand.currentData()), self.reason.text().strip()


class MoveDialog(CareDialog):
    """Another hour for a held post, in its own zone."""

    def __init__(self, post: HeldPost, now: datetime, parent: QWidget | None) -> None:
        super().__init__(_("Move to another hour"), parent, yes=_("Move"), icon="calendar-clock")
        self.body.addWidget(PlainLabel(safe_body(post.text, limit=200), color="text_muted", wrap=True))
        wall = datetime.fromisoformat(post.wall)
        here = datetime.fromisoformat(to_wall(now, post.zone)[0])
        while wall <= here:
            wall += timedelta(days=1)
        self.when = padded(QDateTimeEdit())
        self.when.setLocale(QLocale(language()))
        self.when.setCalendarPopup(True)
        self.when.setDisplayFormat("ddd d MMM yyyy  H:mm")
        # The wall time of the post's zone, shown as it is: UTC here keeps Qt from converting it.
        self.when.setTimeZone(QTimeZone.utc())
        self.when.setDateTime(
            QDateTime(QDate(wall.year, wall.month, wall.day), QTime(wall.hour, wall.minute), QTimeZone.utc())
        )
        self.put(_("Day and hour"), self.when, hint=_("Time in {zone}").format(zone=post.zone))
        self.when.setFocus()

    def wall(self) -> str:
        """The hour chosen, as wall time."""
        return self.when.dateTime().toString("yyyy-MM-ddTHH:mm:ss")


class StatementDialog(CareDialog):
    """The approved statement: its last words, and from which accounts it goes out."""

    def __init__(self, brand: Brand, accounts: Sequence[Account], plan: CrisisPlan, parent: QWidget | None) -> None:
        super().__init__(
            _("Publish the statement"),
            parent,
            yes=_("Publish for {brand} now").format(brand=clean_line(brand.name, limit=40)),
            text=_("It goes out at once, past the hold. Nothing else does."),
            icon="megaphone",
            width=560,
        )
        self.language = QComboBox()
        for code in plan.statements:
            self.language.addItem(language_name(code), code)
        self._texts = dict(plan.statements)
        if len(plan.statements) > 1:
            self.put(_("Language"), self.language)
        if not plan.statements:
            self.body.addWidget(
                Banner(_("The plan holds no approved statement: ask the client first."), tone="warning")
            )
        self.text = TextField(self._texts.get(brand.language) or next(iter(self._texts.values()), ""), lines=6)
        self.language.setCurrentIndex(max(0, self.language.findData(brand.language)))
        self.put(_("Statement"), self.text, needed=_("Write the statement."))
        self.language.currentIndexChanged.connect(self._other)
        self.boxes: list[tuple[int, QCheckBox]] = []
        self.body.addWidget(PlainLabel(_("Accounts"), role="small_strong"))
        for account in accounts:
            box = QCheckBox(f"{clean_line(account.handle, limit=60)} · {network_name(account.network)}")
            box.setChecked(True)
            self.boxes.append((account.id, box))
            self.body.addWidget(box)
        self.text.setFocus()

    def chosen(self) -> tuple[str, list[int], str]:
        """(text, accounts, language)."""
        ids = [account_id for account_id, box in self.boxes if box.isChecked()]
        return self.text.said(), ids, str(self.language.currentData() or "")

    def _other(self) -> None:
        self.text.setPlainText(self._texts.get(str(self.language.currentData()), ""))


def language_name(code: str) -> str:
    """A language by its own name."""
    name = _NATIVE.get(code) or QLocale(code).nativeLanguageName()
    return f"{name[:1].upper()}{name[1:]}" if name else code

"""What the About dialog says: versions, licences, where the data lives."""

from __future__ import annotations

import platform
from pathlib import Path

from PySide6.QtCore import qVersion

from cmdesk import __version__
from cmdesk.i18n import _
from ui.notices import Choice, Question


def about_question(profile: Path) -> Question:
    """The About dialog as a question with one answer."""
    return Question(
        f"CM Desk {__version__}",
        _("The community manager's desk: one inbox, one calendar and one monthly report for every brand."),
        choices=(Choice("close", _("Close")),),
        icon="info",
        details=(
            _("Your data lives in {folder}").format(folder=profile),
            _("Licence: Mozilla Public License 2.0"),
            _("Typeface Inter (OFL), icons Lucide (ISC), network marks Simple Icons (CC0)"),
            f"Python {platform.python_version()}, Qt {qVersion()}",
        ),
    )

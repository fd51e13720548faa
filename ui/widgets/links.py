"""Opening addresses outside the program: web and mail only, whatever a network sent."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

log = logging.getLogger(__name__)

_SCHEMES = ("https", "http", "mailto")


def open_web(address: str) -> bool:
    """Open a web or mail address in the system's program; False (and nothing opened) for anything else."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme().lower() not in _SCHEMES or (url.scheme() != "mailto" and not url.host()):
        log.warning("refused to open an address of scheme %r", url.scheme())
        return False
    return QDesktopServices.openUrl(url)


def open_phone(number: str) -> bool:
    """Hand a telephone number to the system's telephone program; False when it is none or nothing takes it."""
    digits = "".join(each for each in number if each in "+0123456789*#")
    return len(digits) >= 3 and QDesktopServices.openUrl(QUrl(f"tel:{digits}"))


def open_folder(path: str) -> bool:
    """Show a folder of this computer in the system's file manager."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(path))


def open_mail_draft(path: Path) -> bool:
    """Open a mail that is not sent yet (.eml) in the system's mail program; False when nothing takes it."""
    return path.suffix == ".eml" and QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

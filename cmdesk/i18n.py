"""The person's language: one gettext catalogue for window, command line and reports, without Qt.

Source strings are English. `_("...")` is translated when it runs, so module-level texts use `N_("...")` and are passed
to `_` where they are shown. A report in the client's language is made inside `with using("es"):`, in any thread, while
the window keeps its own.
"""

from __future__ import annotations

import gettext as _gettext
import locale
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Final

from cmdesk.resources import resource

SOURCE_LANGUAGE: Final = "en"
#: Languages with a complete catalogue, each with its name in itself.
LANGUAGES: Final = {"en": "English", "es": "Español"}
DOMAIN: Final = "cmdesk"

_log = logging.getLogger(__name__)
_chosen: str | None = None
_within: ContextVar[str | None] = ContextVar("cmdesk_language", default=None)


def set_language(code: str | None) -> str:
    """Choose the program's language ("es", "es_MX.UTF-8"; None: the system's) and return what it came to."""
    global _chosen
    _chosen = supported(code) if code else system_language()
    return _chosen


def language() -> str:
    """Return the language in force here: that of `using`, else the chosen one, else the system's."""
    return _within.get() or _chosen or set_language(None)


@contextmanager
def using(code: str) -> Iterator[None]:
    """Speak `code` inside this block only: for this thread or task, whatever others speak meanwhile."""
    token = _within.set(supported(code))
    try:
        yield
    finally:
        _within.reset(token)


def supported(code: str) -> str:
    """Return the catalogue that serves a locale name; English where there is none."""
    base = code.replace("-", "_").partition(".")[0].partition("_")[0].lower()
    return base if base in LANGUAGES else SOURCE_LANGUAGE


def system_language() -> str:
    """Return the catalogue for the system's language, by gettext's own order of variables."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        for code in os.environ.get(variable, "").split(":"):
            if code in ("C", "POSIX") or code.startswith("C."):
                return SOURCE_LANGUAGE
            if supported(code) != SOURCE_LANGUAGE or code.lower().startswith(SOURCE_LANGUAGE):
                return supported(code)
    if sys.platform == "win32":
        import ctypes

        return supported(locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), ""))
    return supported(locale.getlocale()[0] or "")


def _(text: str) -> str:
    """Return `text` in the language in force. Never an f-string: `_("{count} waiting").format(count=n)`."""
    return _catalogue(language()).gettext(text) if text else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form that goes with `count`; placeholders are filled by the caller."""
    return _catalogue(language()).ngettext(singular, plural, count)


def pgettext(context: str, text: str) -> str:
    """Return `text` as meant in `context`, for short words that translate differently ("Post", "Open")."""
    return _catalogue(language()).pgettext(context, text)


def N_(text: str) -> str:
    """Mark a module-level text for translation; pass it to `_` when it is shown."""
    return text


@cache
def _catalogue(code: str) -> _gettext.NullTranslations:
    if code == SOURCE_LANGUAGE:
        return _gettext.NullTranslations()
    path = resource("i18n", code, "LC_MESSAGES", f"{DOMAIN}.mo")
    try:
        with path.open("rb") as file:
            return _gettext.GNUTranslations(file)
    except OSError as error:
        # English is a usable program; a missing file is a broken installation, which the self-test reports.
        _log.error("no catalogue for %s: %s", code, error.strerror)
        return _gettext.NullTranslations()

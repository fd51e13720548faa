"""A plan as a file's bytes, in the formats that need no paper."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cmdesk.i18n import language as interface_language, supported, using
from cmdesk.reports.plan import Plan
from cmdesk.reports.plan_csv import plan_csv, plan_json
from cmdesk.reports.plan_ics import plan_ics

TEXTS: Final = ("ics", "csv", "json")
FORMATS: Final = (*TEXTS, "pdf")


def language_of(found: Plan, wanted: str = "") -> str:
    """Return the language of an export: the one wanted, else the brand's, else the interface's."""
    brand = found.title_brand
    return supported(wanted or (brand.language if brand else "") or interface_language())


def plan_file(found: Plan, kind: str, *, language: str, install: str, media_folder: Path) -> bytes:
    """Return a plan as one of TEXTS; a table names pictures by their paths within `media_folder`."""
    if kind == "ics":
        return plan_ics(found, language=language, install=install).encode("utf-8", "replace")
    if kind == "csv":
        with using(language):
            text = plan_csv(found, language=language, media_folder=media_folder)
        return text.encode("utf-8-sig", "replace")
    return plan_json(found).encode("utf-8", "replace")

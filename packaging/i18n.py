"""Bring the catalogues up to date: extract the source strings, merge the parts, compile (`make i18n`).

`--check` writes nothing and ends with status 1 when a string has no translation. Parts are small .po files in
resources/i18n/parts/, for work that adds many strings at once; they may be removed once merged.
"""

from __future__ import annotations

import argparse
import io
import string
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
I18N = ROOT / "resources" / "i18n"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
LANGUAGES = ("es",)
# The header must not change with every run: no dates, no people.
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_UNWANTED_HEADERS = (
    b'"POT-Creation-Date',
    b'"PO-Revision-Date',
    b'"Last-Translator',
    b'"Generated-By',
    b'"Report-Msgid',
    b'"Language-Team',
)


def po_path(language: str) -> Path:
    """Return the catalogue a translator edits."""
    return I18N / language / "LC_MESSAGES" / "cmdesk.po"


def extract() -> Catalog:
    """Return every string the sources mark, without file positions (they would change with every edit)."""
    with (ROOT / "packaging" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    template = Catalog(project="CM Desk", version="1", charset="utf-8", creation_date=_EPOCH)
    found = extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    )
    for filename, _line, text, comments, context in found:
        # The file's name, without a line, helps a translator and hardly ever changes.
        template.add(text, locations=[(Path(filename).as_posix(), 0)], auto_comments=comments, context=context)
    return template


def read(path: Path, language: str) -> Catalog:
    """Return the catalogue in `path`, or an empty one when there is none."""
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def is_translated(message: Message) -> bool:
    """Say whether every form of the message has a text."""
    forms = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return all(forms) and not message.fuzzy


def fields(text: str) -> set[str]:
    """Return the names of the {placeholders} in a text."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def merge(language: str) -> tuple[Catalog, list[str]]:
    """Return the catalogue of the source strings with every translation known, and remarks about clashes."""
    known = read(po_path(language), language)
    remarks: list[str] = []
    origin: dict[object, tuple[str, object]] = {}
    for path in sorted((I18N / "parts").glob("*.po")):
        for message in read(path, language):
            if not message.id or not is_translated(message):
                continue
            key = (message.id, message.context)
            if key in origin and origin[key][1] != message.string:
                remarks.append(
                    f"{path.name} and {origin[key][0]} translate {message.id!r} differently; {path.name} wins"
                )
            origin[key] = (path.name, message.string)
            present = known.get(_lookup(message), message.context)
            if present is not None:
                known.delete(_lookup(message), message.context)
            known.add(message.id, message.string, context=message.context)

    merged = Catalog(
        locale=language, project="CM Desk", version="1", charset="utf-8", creation_date=_EPOCH, revision_date=_EPOCH
    )
    for message in sorted(extract(), key=_order):
        if not message.id:
            continue
        old = known.get(_lookup(message), message.context)
        text = old.string if old is not None and isinstance(old.string, type(_empty(message))) else _empty(message)
        merged.add(
            message.id,
            text,
            locations=sorted(set(message.locations)),
            auto_comments=message.auto_comments,
            context=message.context,
        )
    return merged, remarks


def po_bytes(catalog: Catalog) -> bytes:
    """Return the catalogue as a .po file, the same bytes for the same content."""
    catalog.fuzzy = False
    catalog.header_comment = "# Spanish translation of CM Desk. Made by `make i18n`; translations are edited here."
    out = io.BytesIO()
    write_po(out, catalog, width=100, include_lineno=False, sort_output=False, ignore_obsolete=True)
    return b"\n".join(line for line in out.getvalue().split(b"\n") if not line.startswith(_UNWANTED_HEADERS))


def mo_bytes(catalog: Catalog) -> bytes:
    """Return the compiled catalogue, the same bytes for the same content."""
    catalog.creation_date = catalog.revision_date = _EPOCH  # Babel would write the time of this run
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def _lookup(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (list, tuple)) else message.id


def _order(message: Message) -> tuple[str, str]:
    return (_lookup(message).casefold(), message.context or "")


def _empty(message: Message) -> str | tuple[str, str]:
    return ("", "") if message.pluralizable else ""


def main(arguments: list[str]) -> int:
    """Write the catalogues and say what is left to translate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a translation is missing")
    check = parser.parse_args(arguments).check
    missing_total = 0
    for language in LANGUAGES:
        catalog, remarks = merge(language)
        missing = [message.id for message in catalog if message.id and not is_translated(message)]
        missing_total += len(missing)
        for remark in remarks:
            print(f"note: {remark}")
        for text in missing:
            print(f"untranslated ({language}): {text!r}")
        if not check:
            path = po_path(language)
            path.parent.mkdir(parents=True, exist_ok=True)
            data = po_bytes(catalog)
            path.write_bytes(data)
            # What is compiled is what was written, so that the test can do the same from the file alone.
            path.with_suffix(".mo").write_bytes(mo_bytes(read(path, language)))
        print(f"{language}: {len(catalog)} strings, {len(missing)} untranslated")
    return 1 if check and missing_total else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

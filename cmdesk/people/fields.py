"""A brand's own fields about people, and their values in one canonical form each (R12)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cmdesk.errors import Invalid
from cmdesk.safe_text import clean_line, safe_body

MAX_NAME = 60
MAX_VALUE = 2_000
MAX_CHOICES = 100
MAX_FIELDS = 60  # of one brand

_YES = frozenset({"1", "yes", "y", "true", "x", "si", "sí", "s", "oui", "verdadero"})
_NO = frozenset({"0", "no", "n", "false", "non", "falso"})
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
# A decimal comma or point; thousands only where both signs tell which is which, or a blank stands between.
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_LARGEST = 10.0**15  # beyond it a float says a number with holes


class FieldKind(StrEnum):
    """What an own field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class OwnField:
    """One own field of a brand; an id is never used again, also after the field is deleted."""

    id: int
    brand_id: int
    name: str
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[str, ...] = ()
    position: int = 0


def canonical(field: OwnField, text: str) -> str:
    """Return a typed value as it is stored, '' for none; raises Invalid (`field_value`, detail: the field's name).

    A number without an exponent where it is whole, a day as ISO, yes as '1' and no as '0', a choice as it is listed.
    Days are read as ISO or day first.
    """
    plain = safe_body(text, limit=MAX_VALUE + 1).strip() if field.kind is FieldKind.TEXT else clean_line(text).strip()
    if not plain:
        return ""
    found = _READ[field.kind](field, plain)
    if found is None or len(found) > MAX_VALUE:
        raise Invalid(f"{plain[:40]!r} is no value of {field.name!r}", code="field_value", detail=field.name)
    return found


def choices_of(kind: FieldKind, choices: tuple[str, ...]) -> tuple[str, ...]:
    """Return the choices of a field as they are kept, each once; raises Invalid (`field_choices`)."""
    if kind is not FieldKind.CHOICE:
        return ()
    clean = tuple(dict.fromkeys(each for each in (clean_line(one, limit=200).strip() for one in choices) if each))
    if not clean or len(clean) > MAX_CHOICES:
        raise Invalid("a choice has 1 to 100 values", code="field_choices", detail=str(MAX_CHOICES))
    return clean


def _text(_field: OwnField, plain: str) -> str | None:
    return plain


def _number(_field: OwnField, plain: str) -> str | None:
    bare = "".join(plain.split())
    if "," in bare and "." in bare:
        thousands = "," if bare.rindex(".") > bare.rindex(",") else "."
        bare = bare.replace(thousands, "")
    if not _NUMBER.fullmatch(bare):
        return None
    value = float(bare.replace(",", "."))
    if abs(value) > _LARGEST:
        return None
    return str(int(value)) if value.is_integer() else repr(value)


def _date(_field: OwnField, plain: str) -> str | None:
    match = _DAY_FIRST.fullmatch(plain)
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
        return date.fromisoformat(plain[:10]).isoformat() if len(plain) >= 10 else None
    except ValueError:
        return None


def _choice(field: OwnField, plain: str) -> str | None:
    wanted = plain.casefold()
    return next((each for each in field.choices if each.casefold() == wanted), None)


def _yes(_field: OwnField, plain: str) -> str | None:
    word = plain.casefold()
    return "1" if word in _YES else "0" if word in _NO else None


_READ = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.YES: _yes,
}

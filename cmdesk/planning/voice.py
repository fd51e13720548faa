"""How a brand speaks (K11): who, in which tone, tú or usted, with which words, of what, and what never.

Pure: the value, its plain form for the store and for files, and what a text in one language needs of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from cmdesk.errors import Invalid

TONES = ("playful", "warm", "plain", "lively")
"""Axes from -2 to 2: serious–playful, matter-of-fact–warm, expert–plain, calm–lively."""
TONE_MOST = 2
FEW = 2
"""So many emoji in a text are "few"."""

SHORT, LONG = 120, 2_000
MOST_TRAITS, MOST_SUBJECTS, MOST_WORDS, MOST_NEVER, MOST_TONGUES = 12, 12, 60, 30, 30


class Emoji(StrEnum):
    """How many emoji a brand uses; ANY: nothing was said."""

    ANY = ""
    NONE = "none"
    FEW = "few"
    MANY = "many"


class Person(StrEnum):
    """Whether the brand says "I" or "we"; ANY: nothing was said."""

    ANY = ""
    ONE = "i"
    SEVERAL = "we"


class Formality(StrEnum):
    """Tú or usted in one language; BRAND: as the brand says everywhere."""

    BRAND = ""
    FAMILIAR = "familiar"
    FORMAL = "formal"


@dataclass(frozen=True, slots=True)
class Tongue:
    """How the brand speaks in one language; empty fields fall back to the language without its region."""

    formality: str = ""
    persona: str = ""  # the name under which somebody answers
    greeting: str = ""
    farewell: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something the brand speaks of: by which words one knows it, and its share of the posts in percent (0: any)."""

    name: str
    words: tuple[str, ...] = ()
    share: int = 0


@dataclass(frozen=True, slots=True)
class Voice:
    """How one brand speaks."""

    persona: str = ""  # who speaks, in a sentence or two
    age: str = ""
    traits: tuple[str, ...] = ()
    tone: Mapping[str, int] = field(default_factory=dict)
    person: str = ""
    emoji: str = ""
    greets: bool = False  # a first answer begins with a greeting
    tongues: Mapping[str, Tongue] = field(default_factory=dict)  # language tag → how it speaks there
    subjects: tuple[Subject, ...] = ()
    never: tuple[str, ...] = ()
    notes: str = ""

    def __bool__(self) -> bool:
        """Say whether anything was said about how the brand speaks."""
        return self != Voice()

    def tongue(self, language: str) -> Tongue:
        """Return how it speaks in a language (BCP 47), each field of the nearest: fr-CA, then fr."""
        found = [self.tongues[tag] for tag in _nearest(language) if tag in self.tongues]
        if not found:
            return Tongue()
        return Tongue(
            *(
                next((getattr(each, name) for each in found if getattr(each, name)), "")
                for name in ("formality", "persona", "greeting", "farewell", "signature")
            )
        )

    def formal(self, language: str, *, otherwise: bool) -> bool:
        """Say whether it says usted (vous, Sie, Lei, você) in a language; `otherwise` is what the brand does."""
        said = self.tongue(language).formality
        return otherwise if not said else said == Formality.FORMAL


def _nearest(language: str) -> list[str]:
    tag = language.replace("_", "-")
    base = tag.partition("-")[0].lower()
    return list(dict.fromkeys((tag, base))) if tag else []


def plain(voice: Voice) -> dict[str, Any]:
    """Return a voice as plain JSON without what says nothing; `parse` reads it back."""
    whole = asdict(voice)
    whole["tone"] = {axis: value for axis, value in voice.tone.items() if value}
    whole["tongues"] = {tag: _filled(asdict(each)) for tag, each in sorted(voice.tongues.items())}
    whole["tongues"] = {tag: each for tag, each in whole["tongues"].items() if each}
    whole["subjects"] = [_filled(asdict(each)) for each in voice.subjects]
    return _filled(whole)


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in values.items()
        if value or value is True
    }


def parse(data: object) -> Voice:
    """Return the voice that plain data means, cleaned.

    Raises Invalid with the field as detail: `voice_field` (unknown), `voice_value` (of the wrong kind), `voice_long`
    (longer or more than there is room for), `voice_share` (shares of more than a hundred percent), `voice_twice`.
    """
    values = _table(data, "voice", set(Voice.__slots__))
    tone = _table(values.get("tone", {}), "tone", set(TONES))
    for axis, value in tone.items():
        if isinstance(value, bool) or not isinstance(value, int) or not -TONE_MOST <= value <= TONE_MOST:
            raise _wrong(f"tone.{axis}")
    subjects = tuple(_subject(each, n) for n, each in enumerate(_list(values.get("subjects", []), "subjects"), 1))
    _few(subjects, MOST_SUBJECTS, "subjects")
    if sum(each.share for each in subjects) > 100:
        raise Invalid("shares of more than a hundred percent", code="voice_share", detail="subjects")
    names = [each.name.casefold() for each in subjects]
    twice = next((each.name for each in subjects if names.count(each.name.casefold()) > 1), "")
    if twice:
        raise Invalid(f"{twice!r} is there twice", code="voice_twice", detail=twice)
    tongues = _table(values.get("tongues", {}), "tongues", None)
    _few(tongues, MOST_TONGUES, "tongues")
    return Voice(
        persona=_text(values, "persona", LONG),
        age=_text(values, "age", SHORT),
        traits=_texts(values.get("traits", []), "traits", MOST_TRAITS),
        tone={axis: tone[axis] for axis in TONES if tone.get(axis)},
        person=_word(values, "person", Person),
        emoji=_word(values, "emoji", Emoji),
        greets=_yes(values, "greets"),
        tongues={_tag(tag): _tongue(each, f"tongues.{tag}") for tag, each in tongues.items()},
        subjects=subjects,
        never=_texts(values.get("never", []), "never", MOST_NEVER, most=LONG),
        notes=_text(values, "notes", LONG, lines=True),
    )


def _tag(tag: str) -> str:
    base, _dash, region = tag.strip().replace("_", "-").partition("-")
    base, region = base.lower(), region.upper()
    if not (base.isascii() and base.isalpha() and 2 <= len(base) <= 3) or (region and not region.isalnum()):
        raise _wrong(f"tongues.{tag[:20]}")
    return f"{base}-{region}" if region else base


def _tongue(data: object, where: str) -> Tongue:
    values = _table(data, where, set(Tongue.__slots__))
    return Tongue(
        formality=_word(values, "formality", Formality, where=where),
        persona=_text(values, "persona", SHORT, where=where),
        greeting=_text(values, "greeting", SHORT, where=where),
        farewell=_text(values, "farewell", SHORT, where=where),
        signature=_text(values, "signature", SHORT, where=where),
    )


def _subject(data: object, number: int) -> Subject:
    where = f"subjects.{number}"
    values = _table(data, where, set(Subject.__slots__))
    name = _text(values, "name", SHORT, where=where)
    if not name:
        raise _wrong(f"{where}.name")
    share = values.get("share", 0)
    if isinstance(share, bool) or not isinstance(share, int) or not 0 <= share <= 100:
        raise _wrong(f"{where}.share")
    return Subject(name, _texts(values.get("words", []), f"{where}.words", MOST_WORDS), share)


def _table(data: object, where: str, known: set[str] | None) -> dict[str, Any]:
    if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
        raise _wrong(where)
    strange = [] if known is None else sorted(set(data) - known)
    if strange:
        named = strange[0] if where == "voice" else f"{where}.{strange[0]}"
        raise Invalid(f"{named} is nothing a voice has", code="voice_field", detail=named[:SHORT])
    return dict(data)


def _list(data: object, where: str) -> list[Any]:
    if isinstance(data, str) or not isinstance(data, Sequence):
        raise _wrong(where)
    return list(data)


def _text(values: Mapping[str, Any], key: str, most: int, *, where: str = "", lines: bool = False) -> str:
    value = values.get(key, "")
    named = f"{where}.{key}" if where else key
    if not isinstance(value, str):
        raise _wrong(named)
    clean = value.strip() if lines else " ".join(value.split())
    if "\0" in clean:
        raise _wrong(named)
    if len(clean) > most:
        raise Invalid(f"{named} is too long", code="voice_long", detail=named)
    return clean


def _texts(data: object, where: str, many: int, *, most: int = SHORT) -> tuple[str, ...]:
    found = [_text({"": each}, "", most, where=where) for each in _list(data, where)]
    kept = tuple({each.casefold(): each for each in reversed(found) if each}.values())[::-1]
    _few(kept, many, where)
    return kept


def _word(values: Mapping[str, Any], key: str, known: type[StrEnum], *, where: str = "") -> str:
    value = values.get(key, "")
    if not isinstance(value, str) or value not in set(known):
        raise _wrong(f"{where}.{key}" if where else key)
    return str(value)


def _yes(values: Mapping[str, Any], key: str) -> bool:
    value = values.get(key, False)
    if not isinstance(value, bool):
        raise _wrong(key)
    return value


def _few(found: Sequence[Any] | Mapping[str, Any], most: int, where: str) -> None:
    if len(found) > most:
        raise Invalid(f"too many: {where}", code="voice_long", detail=where)


def _wrong(where: str) -> Invalid:
    return Invalid(f"{where} says nothing usable", code="voice_value", detail=where[:SHORT])

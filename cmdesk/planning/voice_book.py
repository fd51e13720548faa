"""Everything that is said of how a brand speaks as one value, and as a file one can read: to carry a guide over (K11).

Pure. The file is TOML. What names the brand itself (its pages, handles, accounts) is marked as its own, so that another
brand that takes the guide over does not take its identity with it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from cmdesk.errors import Invalid
from cmdesk.planning.aims import Aim, checked
from cmdesk.planning.reviewing.facts import WordKind
from cmdesk.planning.reviewing.topics import TOPICS
from cmdesk.planning.voice import Voice, parse, plain

FORMAT: Final = "cmdesk-voice"
VERSION: Final = 1
MOST_BYTES: Final = 1_000_000
NUMBERS: Final = ("max_hashtags", "product_streak")
OWN: Final = (WordKind.DOMAIN, WordKind.HANDLE)
"""Kinds of words by which a brand is known: not taken over from another brand's guide unless one asks for it."""
KINDS: Final = (WordKind.FORBIDDEN, WordKind.COMPETITOR, WordKind.TOPIC, WordKind.SPELLING, *OWN)
TOPIC: Final = "sensitive_topic"
"""The finding that is silent for a usual topic which is switched off."""
_TOP: Final = frozenset(
    {"format", "version", "brand", "formal", "topics_off", "numbers", "words", "instead", "voice", "account"}
)
_AIM: Final = frozenset({"network", "handle", "goal", "people", "material", "community", "rules", "rules_url"})


@dataclass(frozen=True, slots=True)
class Book:
    """How one brand speaks and what is watched in its texts."""

    voice: Voice = field(default_factory=Voice)
    instead: Mapping[str, str] = field(default_factory=dict)  # word → what is said in its place
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # WordKind → words; kinds not named stay
    numbers: Mapping[str, int] = field(default_factory=dict)
    formal: bool = False
    silent: frozenset[tuple[str, str]] = frozenset()  # (code, detail) that the brand does not want to hear
    aims: Mapping[int, Aim] = field(default_factory=dict)  # account → what it is for; accounts not named stay


@dataclass(frozen=True, slots=True)
class AccountAim:
    """What a file says of an account, which it knows by network and handle."""

    network: str
    handle: str
    aim: Aim


@dataclass(frozen=True, slots=True)
class FromFile:
    """What a file of a voice holds; `brand` is whose it was."""

    brand: str
    formal: bool
    voice: Voice
    instead: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    topics_off: tuple[str, ...]
    accounts: tuple[AccountAim, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file makes of a voice; `missing` are the handles of accounts it speaks of that are not here."""

    book: Book
    missing: tuple[str, ...] = ()
    foreign: bool = False  # it was another brand's: its pages and handles stay out


def taken(now: Book, said: FromFile, *, brand: str, accounts: Mapping[int, tuple[str, str]]) -> Taken:
    """Return what a file makes of a brand's book; kinds of words and accounts that it does not name stay.

    `accounts` are the brand's own, (network, handle) by id; a handle without a server in the file is any of that name.
    """
    foreign = said.brand.casefold() != brand.casefold()
    kinds = {kind: some for kind, some in said.words.items() if not (foreign and kind in OWN)}
    kept = {each for each in now.silent if each[0] != TOPIC or each[1] not in TOPICS}
    aims, missing = dict(now.aims), []
    for told in said.accounts:
        ours = [each for each, (network, handle) in accounts.items() if network == told.network and _is(handle, told)]
        if not ours:
            missing.append(told.handle)
        for account_id in ours:
            aims[account_id] = replace(told.aim, market_id=aims.get(account_id, Aim()).market_id)
    book = Book(
        voice=said.voice,
        instead=said.instead,
        words={**now.words, **kinds},
        numbers={**now.numbers, **said.numbers},
        formal=said.formal,
        silent=frozenset(kept | {(TOPIC, each) for each in said.topics_off if each in TOPICS}),
        aims=aims,
    )
    return Taken(book, tuple(missing), foreign)


def _is(handle: str, told: AccountAim) -> bool:
    known, wanted = handle.casefold(), told.handle.casefold()
    return wanted == known or ("@" not in wanted and wanted == known.partition("@")[0])


def to_text(book: Book, *, brand: str, topics_off: Iterable[str], accounts: Iterable[AccountAim]) -> str:
    """Return a file of a brand's voice; `from_text` reads it back."""
    lines = [
        f"format = {_value(FORMAT)}",
        f"version = {VERSION}",
        f"brand = {_value(brand)}",
        f"formal = {_value(book.formal)}",
        f"topics_off = {_value(sorted(topics_off))}",
        "",
        "[numbers]",
        *(f"{key} = {_value(book.numbers[key])}" for key in NUMBERS if key in book.numbers),
        "",
        "[words]",
        *(f"{kind.value} = {_value(book.words.get(kind, ()))}" for kind in KINDS),
        "",
        "[instead]",
        *(f"{_value(word)} = {_value(say)}" for word, say in book.instead.items()),
    ]
    said = plain(book.voice)
    tables = {key: said.pop(key) for key in ("tone", "tongues") if key in said}
    subjects = said.pop("subjects", [])
    lines += ["", "[voice]", *(f"{key} = {_value(value)}" for key, value in said.items())]
    if "tone" in tables:
        lines += ["", "[voice.tone]", *(f"{axis} = {value}" for axis, value in tables["tone"].items())]
    for tag, tongue in tables.get("tongues", {}).items():
        lines += ["", f"[voice.tongues.{_value(tag)}]", *(f"{key} = {_value(each)}" for key, each in tongue.items())]
    for subject in subjects:
        lines += ["", "[[voice.subjects]]", *(f"{key} = {_value(each)}" for key, each in subject.items())]
    for each in accounts:
        lines += ["", "[[account]]", f"network = {_value(each.network)}", f"handle = {_value(each.handle)}"]
        lines += [
            f"{key} = {_value(value)}"
            for key in ("goal", "people", "material", "community", "rules", "rules_url")
            if (value := getattr(each.aim, key))
        ]
    return "\n".join(lines) + "\n"


def from_text(text: str) -> FromFile:
    """Return what a file says.

    Raises Invalid: `voice_file` (no such file; `detail` says where), `voice_newer`, and as `voice.parse` and
    `aims.checked`.
    """
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Invalid("this is no TOML", code="voice_file", detail=str(error)[:120]) from None
    if data.get("format") != FORMAT:
        raise _broken("format")
    version = data.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise _broken("version")
    if version > VERSION:
        raise Invalid("written by a newer version", code="voice_newer", detail=str(version))
    strange = sorted(set(data) - _TOP)
    if strange:
        raise _broken(strange[0])
    words = _dict(data, "words")
    unknown = sorted(set(words) - {each.value for each in KINDS})
    if unknown:
        raise _broken(f"words.{unknown[0]}")
    numbers = _dict(data, "numbers")
    for key, value in numbers.items():
        if key not in NUMBERS or isinstance(value, bool) or not isinstance(value, int):
            raise _broken(f"numbers.{key}")
    instead = _dict(data, "instead")
    for word, say in instead.items():
        if not isinstance(say, str):
            raise _broken(f"instead.{word}")
    return FromFile(
        brand=_string(data, "brand"),
        formal=_bool(data, "formal"),
        voice=parse(data.get("voice", {})),
        instead=instead,
        words={kind: _strings(value, f"words.{kind}") for kind, value in words.items()},
        numbers=numbers,
        topics_off=_strings(data.get("topics_off", []), "topics_off"),
        accounts=tuple(_account(each, n) for n, each in enumerate(_rows(data, "account"), 1)),
    )


def _account(data: Any, number: int) -> AccountAim:
    where = f"account.{number}"
    if not isinstance(data, dict):
        raise _broken(where)
    strange = sorted(set(data) - _AIM)
    if strange:
        raise _broken(f"{where}.{strange[0]}")
    texts = {key: _string(data, key, where) for key in ("goal", "people", "material", "rules", "rules_url")}
    aim = checked(Aim(None, community=_bool(data, "community", where), **texts))
    return AccountAim(_string(data, "network", where), _string(data, "handle", where).removeprefix("@"), aim)


def _dict(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise _broken(key)
    return value


def _rows(data: Mapping[str, Any], key: str) -> list[Any]:
    value = data.get(key, [])
    if not isinstance(value, list):
        raise _broken(key)
    return value


def _strings(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _broken(where)
    return tuple(value)


def _string(data: Mapping[str, Any], key: str, where: str = "") -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        raise _broken(f"{where}.{key}" if where else key)
    return value


def _bool(data: Mapping[str, Any], key: str, where: str = "") -> bool:
    value = data.get(key, False)
    if not isinstance(value, bool):
        raise _broken(f"{where}.{key}" if where else key)
    return value


def _broken(where: str) -> Invalid:
    return Invalid(f"{where} is missing or says nothing usable", code="voice_file", detail=where[:120])


def _value(value: object) -> str:
    """Write a TOML value: JSON's strings are TOML's, but for one control character."""
    if isinstance(value, list | tuple):
        inner = [_value(each) for each in value]
        if sum(map(len, inner)) > 90:
            return "[\n" + "".join(f"  {each},\n" for each in inner) + "]"
        return f"[{', '.join(inner)}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

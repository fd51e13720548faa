"""Dictionaries that a person brings: Hunspell's two files, or the extension of an office suite or browser with them in.

What is put into the profile's `dictionaries` folder is named by its language, whatever it was called before.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

import regex

from cmdesk.errors import Invalid
from cmdesk.files import private_folder, replace_private

ARCHIVES = (".oxt", ".xpi", ".zip")
PARTS = (".aff", ".dic")
MOST_BYTES = 64_000_000  # of one file; the largest dictionaries have some 20 MB
MOST_FILES = 2_000  # in an extension

_TAG = regex.compile(r"(?i)\A(?P<base>[a-z]{2,3})(?:[-_](?P<region>[a-z]{2}))?(?![a-z0-9])")


def add(paths: Iterable[Path], folder: Path) -> list[str]:
    """Put dictionaries into `folder` and return their tags in order; what was there of the same name is replaced.

    Raises Invalid and adds nothing then: `dictionary_none` (no pair of .aff and .dic in it), `dictionary_half` (one of
    the two is missing), `dictionary_broken` (unreadable, too large, or not what its name says); detail is the file.
    """
    found: dict[str, dict[str, bytes]] = {}
    for path in paths:
        for name, data in _files(path).items():
            if tag := tag_of(name):
                found.setdefault(tag, {})[PurePosixPath(name).suffix.lower()] = data
    if not found:
        raise Invalid("there is no dictionary in it", code="dictionary_none")
    whole = {tag: parts for tag, parts in found.items() if len(parts) == len(PARTS)}
    if not whole:
        tag, parts = next(iter(found.items()))
        missing = next(each for each in PARTS if each not in parts)
        raise Invalid(f"{tag}{missing} is missing", code="dictionary_half", detail=f"{tag}{missing}")
    for tag, parts in whole.items():
        _look(tag, parts)
    private_folder(folder)
    for tag, parts in whole.items():
        for suffix, data in parts.items():
            replace_private(folder / f"{tag}{suffix}", data)
    return sorted(whole)


def tag_of(name: str) -> str:
    """Return the tag a file of a dictionary belongs to: it_IT for `it_IT.dic`, de_DE for `de_DE_frami.aff`; else ''."""
    path = PurePosixPath(name)
    if path.suffix.lower() not in PARTS or path.stem.lower().startswith(("hyph", "th_")):
        return ""
    named = _TAG.match(path.stem)
    if named is None and path.stem.lower() == "index":  # as some packages have it: dictionaries/it/index.dic
        named = _TAG.match(path.parent.name)
    if named is None:
        return ""
    base, region = named["base"].lower(), (named["region"] or "").upper()
    return f"{base}_{region}" if region else base


def _files(path: Path) -> dict[str, bytes]:
    """The files of dictionaries a path stands for, by name; of one of the two also the other, if it lies beside it."""
    if path.suffix.lower() in ARCHIVES:
        return _unzipped(path)
    if path.suffix.lower() not in PARTS:
        return {}
    names = {each.name: each for suffix in PARTS if (each := path.with_suffix(suffix)).is_file()}
    names[path.name] = path
    return {name: _read(each) for name, each in names.items()}


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _broken(path.name)
        return path.read_bytes()
    except OSError:
        raise _broken(path.name) from None


def _unzipped(path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            every = archive.infolist()
            if len(every) > MOST_FILES:
                raise _broken(path.name)
            wanted = [each for each in every if not each.is_dir() and tag_of(each.filename)]
            if sum(each.file_size for each in wanted) > 2 * MOST_BYTES:
                raise _broken(path.name)
            for each in wanted:
                with archive.open(each) as file:
                    data = file.read(MOST_BYTES + 1)
                if len(data) > MOST_BYTES:
                    raise _broken(path.name)
                found[each.filename] = data
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise _broken(path.name) from None
    return found


def _look(tag: str, parts: Mapping[str, bytes]) -> None:
    """Refuse what is no dictionary: words begin with their number, rules name their encoding or a rule."""
    head = parts[".dic"].removeprefix(b"\xef\xbb\xbf")[:64].split()
    if not head or not head[0].isdigit() or len(parts[".dic"].splitlines()) < 2:
        raise _broken(f"{tag}.dic")
    if not regex.search(rb"(?m)^\s*(?:SET|TRY|SFX|PFX|FLAG)\b", parts[".aff"][:200_000]):
        raise _broken(f"{tag}.aff")


def _broken(name: str) -> Invalid:
    return Invalid(f"{name} is no dictionary", code="dictionary_broken", detail=name[:120])

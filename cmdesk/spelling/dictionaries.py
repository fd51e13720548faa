"""Where the dictionaries are: those that come with the program, the system's, and the person's own folder.

The program brings Spanish, English, French, Catalan and Portuguese. Those of German and Italian are under the GPL,
which it may not carry; it takes them, and any other Hunspell dictionary, from where the system keeps them or from the
profile's `dictionaries` folder.
"""

from __future__ import annotations

import hashlib
import lzma
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cmdesk.files import private_folder, replace_private
from cmdesk.resources import resource

# What a bare language means; a word of any of these is right, since a text rarely says which it wants.
_BARE = {"en": ("en_US", "en_GB"), "pt": ("pt_PT",), "de": ("de_DE",), "it": ("it_IT",)}
_SUFFIX = ".dic"


class Source(StrEnum):
    """Where a dictionary is from."""

    OWN = "own"
    PACKED = "packed"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Found:
    """A dictionary by its tag (`es`, `pt_BR`); packed ones are unpacked before use."""

    tag: str
    folder: Path
    source: Source = Source.SYSTEM

    @property
    def packed(self) -> bool:
        """Whether it comes with the program."""
        return self.source is Source.PACKED


def dictionaries(own: Path) -> dict[str, Found]:
    """Return every dictionary there is by tag: the person's own (in `own`) before the program's before the system's."""
    found: dict[str, Found] = {}
    for folder in reversed(_system_folders()):
        found.update((tag, Found(tag, folder)) for tag in _tags(folder, _SUFFIX))
    shipped = resource("spelling")
    found.update((tag, Found(tag, shipped, Source.PACKED)) for tag in _tags(shipped, f"{_SUFFIX}.xz"))
    found.update((tag, Found(tag, own, Source.OWN)) for tag in _tags(own, _SUFFIX))
    return found


def chosen(language: str, known: dict[str, Found]) -> tuple[Found, ...]:
    """Return the dictionaries a text of `language` (BCP 47: es, pt-BR) is looked up in; () where there is none."""
    wanted = language.replace("-", "_")
    base = wanted.split("_")[0].lower()
    exact = next((tag for tag in known if tag.lower() == wanted.lower()), None)
    if exact is not None:
        return (known[exact],)
    bare = tuple(known[tag] for tag in _BARE.get(base, ()) if tag in known)
    if bare:
        return bare
    # es-MX is looked up in es; it in it_IT.
    near = sorted((tag for tag in known if tag.split("_")[0].lower() == base), key=lambda tag: (len(tag), tag))
    return tuple(known[tag] for tag in near[:1])


def unpacked(found: Found, cache: Path) -> Path:
    """Return the folder with `<tag>.aff` and `<tag>.dic`; a packed one is unpacked once into `cache`."""
    if not found.packed:
        return found.folder
    sources = [found.folder / f"{found.tag}{suffix}.xz" for suffix in (".aff", _SUFFIX)]
    packed = [source.read_bytes() for source in sources]
    # Named by what is in it, so that a new release never meets the old one's files.
    folder = private_folder(cache / f"{found.tag}-{hashlib.sha256(b''.join(packed)).hexdigest()[:12]}")
    for source, data in zip(sources, packed, strict=True):
        target = folder / source.name.removesuffix(".xz")
        if not target.exists():
            replace_private(target, lzma.decompress(data))
    return folder


def _tags(folder: Path, suffix: str) -> list[str]:
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        return []
    tags = [name.removesuffix(suffix) for name in names if name.endswith(suffix)]
    rules = {name.removesuffix(suffix.replace(".dic", ".aff")) for name in names}
    return [tag for tag in tags if tag in rules]


def _system_folders() -> list[Path]:
    if sys.platform == "win32":
        return []
    if sys.platform == "darwin":
        return [Path.home() / "Library/Spelling", Path("/Library/Spelling"), Path("/opt/homebrew/share/hunspell")]
    return [Path(each) for each in ("/usr/share/hunspell", "/usr/share/myspell/dicts", "/usr/local/share/hunspell")]

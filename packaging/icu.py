"""Make a smaller copy of Qt's ICU data: the languages of the program instead of seven hundred (32 MB become 6).

The library holds one table of named items. Kept are all items that belong to no language, and those of ours; left out
are other languages, the old code pages and the dictionaries that split Thai or Burmese into words. Qt uses ICU only to
sort and compare text; its dates and numbers come from Qt itself. The self-test sorts some Spanish words.
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

_HEADER = struct.Struct("<HBB")
_ENTRY = struct.Struct("<II")
_LOCALE = re.compile(r"^(?:\w+/)?([a-z]{2,3})(?:_\w+)?\.res$")
#: Three-letter and shorter names that are not languages.
_NO_LANGUAGE = {"curr", "root", "pool", "supplementalData", "zone", "unit", "lang"}


def shrink(library: Path, *, languages: Iterable[str], target: Path) -> bool:
    """Write a smaller `library` to `target`; False where its form is unknown here or `as` and `ld` are missing."""
    if not (shutil.which("as") and shutil.which("ld")):
        return False
    data = library.read_bytes()
    at = data.find(b"CmnD") - 12
    if at < 0:
        return False
    header_size, *magic = _HEADER.unpack_from(data, at)
    symbol = re.search(rb"icudt\d+_dat", data)
    soname = re.search(rb"libicudata\.so\.\d+", data)
    if magic != [0xDA, 0x27] or symbol is None or soname is None:
        return False
    small = _filtered(data, at, header_size, set(languages))
    _link(small, symbol=symbol.group().decode(), soname=soname.group().decode(), target=target)
    return True


def _filtered(data: bytes, at: int, header_size: int, languages: set[str]) -> bytes:
    """Return the table with the wanted items only; offsets in it count from the number of items."""
    table = at + header_size
    (count,) = struct.unpack_from("<I", data, table)
    entries = [_ENTRY.unpack_from(data, table + 4 + number * _ENTRY.size) for number in range(count)]
    # The last item's end is not in the table; what follows it in the library is harmless padding at worst.
    ends = [offset for _name, offset in entries[1:]] + [_last_end(data, table, entries[-1][1])]
    kept: list[tuple[bytes, bytes]] = []
    for (name_at, item_at), end in zip(entries, ends, strict=True):
        name = data[table + name_at : data.index(b"\0", table + name_at)]
        if _wanted(name.decode("ascii").partition("/")[2], languages):
            kept.append((name, data[table + item_at : table + end]))

    names_at = 4 + _ENTRY.size * len(kept)
    name_offset, names = names_at, bytearray()
    toc = bytearray(struct.pack("<I", len(kept)))
    item_offset = _aligned(names_at + sum(len(name) + 1 for name, _item in kept))
    items = bytearray()
    for name, item in kept:
        toc += _ENTRY.pack(name_offset, item_offset)
        names += name + b"\0"
        name_offset += len(name) + 1
        padded = item + b"\0" * (_aligned(len(item)) - len(item))
        items += padded
        item_offset += len(padded)
    head = bytes(toc + names)
    return data[at:table] + head + b"\0" * (_aligned(len(head)) - len(head)) + bytes(items)


def _wanted(name: str, languages: set[str]) -> bool:
    """Say whether an item, such as `coll/es_MX.res`, is used by a program in these languages."""
    if name.endswith((".cnv", ".dict")):
        return False
    locale = _LOCALE.match(name)
    return locale is None or locale.group(1) in languages | _NO_LANGUAGE


def _last_end(data: bytes, table: int, start: int) -> int:
    """Return where the last item ends: at the end of its section, found as a long run of zeros."""
    run = data.find(b"\0" * 64, table + start)
    return (run if run > 0 else len(data)) - table + 16


def _aligned(length: int) -> int:
    return (length + 15) // 16 * 16


def _link(data: bytes, *, symbol: str, soname: str, target: Path) -> None:
    """Wrap the table into a shared library with one read-only symbol."""
    with tempfile.TemporaryDirectory(prefix="cmdesk-icu-") as folder:
        (Path(folder) / "data.bin").write_bytes(data)
        (Path(folder) / "data.s").write_text(
            f".section .rodata\n.balign 16\n.globl {symbol}\n.type {symbol}, %object\n.size {symbol}, {len(data)}\n"
            f'{symbol}:\n.incbin "data.bin"\n.section .note.GNU-stack,"",%progbits\n',
            encoding="ascii",
        )
        subprocess.run(["as", "-o", "data.o", "data.s"], cwd=folder, check=True)
        command = ["ld", "-shared", "-z", "noexecstack", "-soname", soname, "-o", str(target.absolute()), "data.o"]
        subprocess.run(command, cwd=folder, check=True)

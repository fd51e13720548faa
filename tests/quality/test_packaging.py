"""Parts of the packaging that need no build to be checked: the trimmed ICU data, the environment of children."""

from __future__ import annotations

import importlib.util
import os
import runpy
import struct
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def icu(root: Path) -> ModuleType:
    """Return packaging/icu.py, which is a script's neighbour and not part of a package."""
    spec = importlib.util.spec_from_file_location("cmdesk_packaging_icu", root / "packaging" / "icu.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table(items: dict[str, bytes]) -> bytes:
    """Return ICU's common data for some items, as its own tool writes it."""
    header = struct.pack("<HBB", 32, 0xDA, 0x27) + b"\0" * 8 + b"CmnD" + b"\0" * 16
    names, names_at = bytearray(), 4 + 8 * len(items)
    entries = []
    for name in items:
        entries.append(names_at + len(names))
        names += f"icudt73l/{name}".encode() + b"\0"
    body = bytearray(struct.pack("<I", len(items)) + b"\0" * 8 * len(items) + names)
    for number, data in enumerate(items.values()):
        body += b"\0" * (-len(body) % 16)
        struct.pack_into("<II", body, 4 + 8 * number, entries[number], len(body))
        body += data
    return header + bytes(body) + b"\0" * 96


def read(data: bytes) -> dict[str, bytes]:
    """Read such a table as ICU does: by the offsets only."""
    (count,) = struct.unpack_from("<I", data, 32)
    found = {}
    for number in range(count):
        name_at, item_at = struct.unpack_from("<II", data, 36 + 8 * number)
        name = data[32 + name_at : data.index(b"\0", 32 + name_at)].decode()
        assert item_at % 16 == 0
        found[name.partition("/")[2]] = data[32 + item_at : 32 + item_at + 5]
    return found


def test_only_our_languages_stay_in_icu(icu: ModuleType) -> None:
    items = {
        "coll/es.res": b"coles",
        "coll/zh.res": b"colzh",
        "es_MX.res": b"es-mx",
        "gb18030.cnv": b"chine",
        "nfkc.nrm": b"norms",
        "root.res": b"roots",
        "zh.res": b"chine",
        "zoneinfo64.res": b"zones",
    }
    small = icu._filtered(table(items), 0, 32, {"es"})
    kept = ("coll/es.res", "es_MX.res", "nfkc.nrm", "root.res", "zoneinfo64.res")
    assert read(small) == {name: items[name] for name in kept}


def test_an_unknown_library_is_left_alone(icu: ModuleType, tmp_path: Path) -> None:
    library = tmp_path / "libicudata.so.99"
    library.write_bytes(b"\x7fELF nothing we know")
    assert icu.shrink(library, languages=("es",), target=tmp_path / "small.so") is False


def test_children_of_the_frozen_program_get_the_systems_libraries(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "bundle")
    monkeypatch.setenv("DYLD_LIBRARY_PATH", "bundle")
    monkeypatch.setenv("DYLD_LIBRARY_PATH_ORIG", "mine")
    runpy.run_path(str(root / "packaging" / "hooks" / "clean_environment.py"))
    assert "LD_LIBRARY_PATH" not in os.environ
    assert os.environ["DYLD_LIBRARY_PATH"] == "mine"


def test_a_part_of_qt_under_the_gpl_stops_the_build(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(root / "packaging"))
    spec = importlib.util.spec_from_file_location("cmdesk_packaging_build", root / "packaging" / "build.py")
    assert spec is not None and spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    sys.modules.pop(spec.name, None)
    spec.loader.exec_module(build)
    monkeypatch.setattr(build, "BUNDLE", tmp_path)
    (tmp_path / "libQt6Core.so.6").write_bytes(b"fine")
    assert build.complaints() == []
    (tmp_path / "libQt6Charts.so.6").write_bytes(b"not ours to give")
    assert len(build.complaints()) == 1

"""Dictionaries a person brings (K8): two files, an extension that has them, and everything that is none."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from cmdesk.errors import Invalid
from cmdesk.spelling import adding
from cmdesk.spelling.dictionaries import Source
from cmdesk.spelling.speller import Speller

AFF = b"SET UTF-8\nTRY aeiou\n"
DIC = "3\nperché\npane\nforno\n".encode()


def pair(folder: Path, name: str = "it_IT") -> list[Path]:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.aff").write_bytes(AFF)
    (folder / f"{name}.dic").write_bytes(DIC)
    return [folder / f"{name}.aff", folder / f"{name}.dic"]


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


@pytest.fixture
def speller(tmp_path: Path) -> Speller:
    return Speller(cache=tmp_path / "cache", own=tmp_path / "own")


def test_two_files_are_a_dictionary_and_it_checks_at_once(speller: Speller, tmp_path: Path) -> None:
    assert speller.add(pair(tmp_path / "given", "it_XX")) == ["it_XX"]
    assert speller.source("it-XX") is Source.OWN
    assert [each.word for each in speller.check("pane pangh forno", "it-XX")] == ["pangh"]


@pytest.mark.parametrize("suffix", [".aff", ".dic"])
def test_the_other_half_beside_it_comes_along(speller: Speller, tmp_path: Path, suffix: str) -> None:
    pair(tmp_path / "given")
    assert speller.add([tmp_path / "given" / f"it_IT{suffix}"]) == ["it_IT"]


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("dictionaries/it.", ["it"]),
        ("dict-de/de_DE_frami.", ["de_DE"]),
        ("it/index.", ["it"]),
        ("package/de-AT.", ["de_AT"]),
    ],
)
def test_an_extension_is_opened(speller: Speller, tmp_path: Path, name: str, tags: list[str]) -> None:
    files = {f"{name}aff": AFF, f"{name}dic": DIC, "hyph_it_IT.dic": b"x", "README.txt": b"", "th_it_IT_v2.dic": b"1"}
    assert speller.add([zipped(tmp_path / "dict.oxt", files)]) == tags
    assert speller.source(tags[0].replace("_", "-")) is Source.OWN


def test_germany_goes_before_austria_where_nobody_says_which(speller: Speller, tmp_path: Path) -> None:
    files = {f"de_{region}.{end}": data for region in ("AT", "DE", "CH") for end, data in (("aff", AFF), ("dic", DIC))}
    assert speller.add([zipped(tmp_path / "de.oxt", files)]) == ["de_AT", "de_CH", "de_DE"]
    from cmdesk.spelling.dictionaries import chosen, dictionaries

    assert [each.tag for each in chosen("de", dictionaries(tmp_path / "own"))] == ["de_DE"]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"README.txt": b"x"}, "dictionary_none"),
        ({"it_IT.dic": DIC}, "dictionary_half"),
        ({"it_IT.aff": AFF}, "dictionary_half"),
        ({"it_IT.aff": AFF, "it_IT.dic": b"<html>not found</html>"}, "dictionary_broken"),
        ({"it_IT.aff": b"<html>\n</html>", "it_IT.dic": DIC}, "dictionary_broken"),
        ({"it_IT.aff": AFF, "it_IT.dic": b""}, "dictionary_broken"),
    ],
)
def test_what_is_none_adds_nothing(speller: Speller, tmp_path: Path, files: dict[str, bytes], code: str) -> None:
    with pytest.raises(Invalid) as told:
        speller.add([zipped(tmp_path / "x.oxt", files)])
    assert told.value.code == code
    assert not (tmp_path / "own").exists() or not list((tmp_path / "own").iterdir())


def test_no_archive_and_no_file_are_told(speller: Speller, tmp_path: Path) -> None:
    (tmp_path / "page.oxt").write_bytes(b"<!doctype html>")
    for path in (tmp_path / "page.oxt", tmp_path / "gone.dic", tmp_path / "gone.xpi"):
        with pytest.raises(Invalid) as told:
            speller.add([path])
        assert told.value.code == "dictionary_broken"


def test_what_would_fill_the_disk_is_refused(speller: Speller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "MOST_BYTES", 1_000)
    bomb = {"it_IT.aff": AFF, "it_IT.dic": b"1\n" + b"a" * 5_000}
    with pytest.raises(Invalid) as told:
        speller.add([zipped(tmp_path / "bomb.oxt", bomb)])
    assert told.value.code == "dictionary_broken"


def test_a_path_out_of_the_archive_stays_in_the_folder(speller: Speller, tmp_path: Path) -> None:
    files = {"../../it_IT.aff": AFF, "../../it_IT.dic": DIC}
    assert speller.add([zipped(tmp_path / "evil.oxt", files)]) == ["it_IT"]
    assert {each.name for each in (tmp_path / "own").iterdir()} == {"it_IT.aff", "it_IT.dic"}

"""`cmdesk triage`: one line out for each line in, a verdict with its reasons, no profile needed and none left."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cmdesk.care.verdict import KINDS, SENTIMENTS
from cmdesk.cli import main

Run = Callable[..., int]


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def run(profile: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    def go(*argv: str, stdin: bytes = b"") -> int:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        status = main(
            ["--profile", str(profile), "triage", *argv],
            window=lambda *args, **more: 1,
            screenshots=lambda folder: 1,
            self_test=lambda folder: 1,
        )
        assert not profile.exists()
        return status

    return go


def test_a_text_is_explained(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("Llevo tres semanas esperando mi pedido y nadie contesta, qué vergüenza") == 0
    out = capsys.readouterr().out
    for word in ("Spanish", "negative", "complaint", "“nadie contesta”"):
        assert word in out


def test_a_doubt_is_said(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("mmm") == 0
    assert "unsure" in capsys.readouterr().out


def test_a_program_gets_everything(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("My order 7781 never arrived", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["language"], found["kind"], found["urgency"]) == ("en", "support", 1)
    assert set(found) == {
        "language", "language_confidence", "sentiment", "confidence", "unsure", "kind", "kind_confidence",
        "kind_unsure", "urgency", "reasons",
    }  # fmt: skip
    assert {"word", "toward", "weight", "learned"} == set(found["reasons"][0])


CASES = [
    (b"", 0),
    (b"\n", 1),
    (b"hola", 1),
    (b"hola\n", 1),
    (b"hola\n\n", 2),
    (b"hola\r\n\r\nadi\xc3\xb3s", 3),
    (b"\xef\xbb\xbfhola\n\xff\xfe\xfa\n\x00\n\x80", 4),
    ("😀\nПривет\n你好\n\u2028 uno \x0b dos \x85 tres\r cuatro\n".encode(), 4),
    (b"a" * 100_000 + b"\n" + b"\t\t\n", 2),
]


@pytest.mark.parametrize(("content", "count"), CASES)
@pytest.mark.parametrize("piped", [False, True])
def test_each_line_in_is_a_line_out(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, count: int, piped: bool
) -> None:
    file = tmp_path / "messages.txt"
    file.write_bytes(content)
    assert (run("--file", "-", stdin=content) if piped else run("--file", str(file))) == 0
    out = capsys.readouterr().out
    assert out == "" or out.endswith("\n")
    lines = out.split("\n")[:-1]
    assert len(lines) == count
    for line in lines:
        language, sentiment, kind, confidence = line.split("\t")
        assert language
        assert sentiment in SENTIMENTS
        assert kind in KINDS
        assert 0 <= float(confidence) <= 1


def test_the_lines_are_in_order(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Me encanta, mil gracias\nWorst service ever, disgraceful\n\n¿A qué hora abrís mañana?\n"
    assert run("--file", "-", stdin=text.encode()) == 0
    found = [line.split("\t")[:3] for line in capsys.readouterr().out.splitlines()]
    assert found == [
        ["es", "positive", "opinion"],
        ["en", "negative", "complaint"],
        ["und", "neutral", "opinion"],
        ["es", "neutral", "help"],
    ]


def test_a_file_for_programs_is_an_object_a_line(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--file", "-", "--json", stdin=b"Me encanta, mil gracias\n\n") == 0
    assert [json.loads(line)["sentiment"] for line in capsys.readouterr().out.splitlines()] == ["positive", "neutral"]


def test_a_hint_helps(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for code in ("gl", "es"):
        assert run("--likely", code, "non me sae a opción de pagar", "--json") == 0  # the hint does not eat the text
        assert json.loads(capsys.readouterr().out)["language"] == code


@pytest.mark.parametrize(
    ("argv", "word"),
    [
        ((), "required"),
        (("text", "--file", "x"), "not allowed"),
        (("--file", "no-such-file.txt"), "no-such-file.txt"),
        (("--file", "."), "cannot be read"),
    ],
)
def test_a_mistake_is_one_line(run: Run, capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], word: str) -> None:
    assert run(*argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert word in err

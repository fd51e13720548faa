"""What comments and documents point at exists: documents, feature ids, sections, test files."""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

from tests.quality.findings import expect_none

DOCUMENT = re.compile(r"\b([A-Z][A-Z_]{3,}\.md)\b")
FEATURE = re.compile(r"(?<![\w#./-])([DHKNQRU][0-9]{1,2}|rank [0-9]+)(?![\w.])")
SECTION = re.compile(r"RELIABILITY (?:part )?(\d+(?:\.\d+)?)")


def remarks(text: str) -> str:
    """The comments and docstrings of a module."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join(
        each.string for each in tokens if each.type == tokenize.COMMENT or each.string.startswith(('"""', 'r"""'))
    )


def sources(root: Path) -> dict[Path, str]:
    """The text of the program's modules, by file."""
    files = [path for folder in ("cmdesk", "ui") for path in (root / folder).rglob("*.py")]
    return {path: path.read_text(encoding="utf-8") for path in files}


def test_every_document_that_is_named_is_there(root: Path) -> None:
    files = [path for folder in ("cmdesk", "ui", "tests", "packaging") for path in (root / folder).rglob("*.py")]
    files += [*root.glob("*.md"), *(root / "docs").glob("*.md")]
    known = {path.name for path in (*root.glob("*.md"), *(root / "docs").glob("*.md"), *root.rglob("tests/**/*.md"))}
    expect_none(
        [
            f"{path.relative_to(root)}: {name}"
            for path in files
            for name in DOCUMENT.findall(path.read_text(encoding="utf-8"))
            if name not in known
        ]
    )


def test_every_feature_id_has_its_line(root: Path) -> None:
    listed = set(re.findall(r"^\| ([A-Z][0-9]+|rank [0-9]+) \|", (root / "docs/FEATURES.md").read_text(), re.MULTILINE))
    assert len(listed) > 20
    used = {
        (path.relative_to(root).as_posix(), name)
        for path, text in sources(root).items()
        for name in FEATURE.findall(remarks(text))
    }
    assert len(used) > 15, "the search finds the ids"
    expect_none([f"{path}: {name}" for path, name in sorted(used) if name not in listed])


def test_every_rule_that_is_named_is_there(root: Path) -> None:
    document = (root / "docs/RELIABILITY.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (\d)\. ", document, flags=re.MULTILINE)
    rules = {f"{number}.{rule}" for number, text in zip(parts[1::2], parts[2::2], strict=True)
             for rule in re.findall(r"^(\d+)\. ", text, re.MULTILINE)}  # fmt: skip
    known = {*parts[1::2], *rules, *(rule.removeprefix("5.") for rule in rules if rule.startswith("5."))}
    assert {f"5.{number}" for number in range(1, 41)} | {f"3.{number}" for number in range(1, 16)} <= rules
    expect_none(
        [
            f"{path.relative_to(root)}: {name}"
            for path, text in sources(root).items()
            for name in SECTION.findall(text)
            if name not in known
        ]
    )


def test_the_tests_that_hold_a_rule_are_there(root: Path) -> None:
    document = (root / "docs/RELIABILITY.md").read_text(encoding="utf-8")
    there = {path.name for path in (root / "tests").rglob("*.py")}
    named = re.findall(r"`(tests/[\w/.]+|test_\w+\.py)`", document)
    assert len(named) > 60
    expect_none([name for name in named if not ((root / name).exists() if "/" in name else name in there)])

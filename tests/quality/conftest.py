"""The files the quality tests look at."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Return the project's Python files under the named folders, in a fixed order."""
    return tuple(
        sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts)
    )


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def sources() -> list[Path]:
    """Return the program's Python files: core, window and start file."""
    return [ROOT / "main.py", *python_files("cmdesk", "ui")]


@pytest.fixture(scope="session")
def trees(sources: list[Path]) -> dict[Path, ast.Module]:
    """Return the parsed program, by path relative to the project."""
    return {path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in sources}

"""Ruff, mypy and import-linter as tests, so that `make test` is the only gate."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def run(root: Path, *command: str) -> None:
    """Run a checker and show what it says when it objects."""
    result = subprocess.run(
        [sys.executable, *command], cwd=root, capture_output=True, text=True, timeout=600, check=False
    )
    if result.returncode:
        pytest.fail(f"{' '.join(command)}\n{result.stdout}{result.stderr}", pytrace=False)


def test_ruff_finds_nothing(root: Path) -> None:
    run(root, "-m", "ruff", "check", "--quiet", "--output-format=concise", ".")


def test_the_code_is_formatted(root: Path) -> None:
    """`make format` mends it."""
    run(root, "-m", "ruff", "format", "--check", "--quiet", "--output-format=concise", ".")


@pytest.mark.timeout(600)  # the first time without a cache; afterwards seconds
def test_types_are_strict(root: Path) -> None:
    # As in pyproject's `files`: packaging has no package of its own, each script there is checked as one.
    run(root, "-m", "mypy", "--no-error-summary")


@pytest.mark.timeout(120)
def test_imports_respect_the_layers(root: Path) -> None:
    code = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(cache_dir='.import_linter_cache'))"
    run(root, "-c", code)

"""The house itself: locks, versions, scripts, licence, and the folder that must not become a package."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

import cmdesk
from tests.quality.findings import expect_none

LOCKS = ("app", "dev")


@pytest.fixture
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def locked(path: Path) -> dict[str, str]:
    """Return the exact version of every package in a lock."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", path.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes_and_no_address(root: Path, lock: str) -> None:
    text = (root / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text)[1:] if not text[0].isalpha() else re.split(r"\n(?=[a-z0-9])", text)
    assert len(entries) > 20
    expect_none([entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry or "==" not in entry])
    assert re.search(r"://|--(index|extra|find|trusted)|^-e |@ ", text, re.MULTILINE) is None


def test_the_locks_hold_what_the_project_asks_for(root: Path, project: dict[str, Any]) -> None:
    """A dependency changed by hand without `make lock` shows here."""
    app, dev = (locked(root / "requirements" / f"{lock}.txt") for lock in LOCKS)
    for text in project["project"]["dependencies"]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(app[wanted.name.lower()]), text
    for text in project["dependency-groups"]["dev"]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(dev[wanted.name.lower()]), text
    assert {name: dev.get(name) for name in app} == app


def test_the_version_is_the_same_everywhere(root: Path, project: dict[str, Any]) -> None:
    assert project["project"]["version"] == cmdesk.__version__
    headings = re.findall(r"^## \[?(\d+\.\d+\.\d+)", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == cmdesk.__version__


def test_packaging_stays_a_plain_folder(root: Path) -> None:
    """As a package it would hide the library of the same name, which tools of ours import."""
    assert not (root / "packaging" / "__init__.py").exists()


def test_the_licence_is_whole(root: Path) -> None:
    text = (root / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("Mozilla Public License Version 2.0")
    assert "Exhibit B" in text


@pytest.mark.parametrize(
    "script", [".ci/run", "packaging/bootstrap.sh", "packaging/lock.sh", "packaging/with-screen.sh"]
)
def test_scripts_are_plain_sh_and_executable(root: Path, script: str) -> None:
    path = root / script
    assert os.access(path, os.X_OK)
    assert path.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", str(path)], check=True)


def test_every_make_target_is_declared(root: Path) -> None:
    text = (root / "Makefile").read_text(encoding="utf-8")
    phony = set(re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)[0].split())
    assert phony == set(re.findall(r"^([a-z0-9-]+):", text, re.MULTILINE))
    assert {
        "run",
        "test",
        "test-faults",
        "test-servers",
        "bench",
        "screenshots",
        "package",
        "lint",
        "i18n",
        "lock",
    } <= phony

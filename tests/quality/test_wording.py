"""What no file of the project may say: machine paths, registries, secrets, promises instead of work."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.quality.findings import expect_none

TEXT = {
    ".py",
    ".md",
    ".toml",
    ".sh",
    ".ps1",
    ".txt",
    ".cfg",
    ".po",
    ".json",
    ".svg",
    ".yml",
    ".yaml",
    ".spec",
    ".desktop",
    "",
}
#: Texts of others, kept as they are.
VENDORED = ("LICENSE", "resources/icons/", "resources/fonts/", "resources/demo/", "requirements/")

FORBIDDEN = {
    "a promise instead of work": r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError|lorem ipsum"
    r"|not (yet )?implemented",
    "a path of some machine": r"(?<![\w.:/-])/(root|work|home/\w+|Users/\w+|tmp/(?!\.X11)\w+)(/|\b)"
    r"|[A-Z]:\\\\Users\\\\\w",
    "a package registry": r"\b(pypi\.org|files\.pythonhosted\.org|registry\.npmjs\.org|proxy\.golang\.org)\b"
    r"|(index-url|find-links) *[= ] *\S*(:|/)",
    "a secret": r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\n|\s)*[A-Za-z0-9+/=]{40}"
    r"|\bghp_[A-Za-z0-9]{30,}|\bxox[abp]-[\w-]{10,}|\bAKIA[0-9A-Z]{16}\b|\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.",
}


def project_files(root: Path) -> list[Path]:
    """Return the text files that belong to the project: those git knows or would take."""
    try:
        names = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive, or no git on this machine
        names = [
            path.relative_to(root).as_posix()
            for path in root.rglob("*")
            if not {".venv", ".git", "build", "dist", "__pycache__"} & set(path.parts)
        ]
    return [root / name for name in names if Path(name).suffix in TEXT and (root / name).is_file()]


def remarks(name: str, text: str) -> list[str]:
    """Return what is wrong in a text, one line each."""
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {what}: {match.group(0)}"
        for what, pattern in FORBIDDEN.items()
        for match in re.finditer(pattern, text)
    ]


def test_no_file_says_what_it_must_not(root: Path) -> None:
    found: list[str] = []
    for path in project_files(root):
        name = path.relative_to(root).as_posix()
        if name == Path(__file__).relative_to(root).as_posix() or name.startswith(VENDORED):
            continue
        found += remarks(name, path.read_text(encoding="utf-8", errors="replace"))
    expect_none(found)


@pytest.mark.parametrize(
    "text",
    [
        "# TO" + "DO: later",
        "open('/ro" + "ot/x')",
        "--index" + "-url=https://mirror.example/simple",
        "AKIA" + "ABCDEFGHIJKLMNOP",
    ],
)
def test_the_check_can_fail(text: str) -> None:
    assert remarks("x", text)

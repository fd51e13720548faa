"""Every finding has its sentence, and every one that can be ignored its name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cmdesk
from cmdesk import wording_media
from cmdesk.model import Poll
from cmdesk.planning.abilities import Abilities, poll_troubles
from cmdesk.planning.review import Finding, Level
from cmdesk.wording_review import _NAMES, _SENTENCES, can_ignore, finding_text, ignored_text, level_word

ROOT = Path(cmdesk.__file__).parent / "planning"
SOURCES = [ROOT / "review.py", *sorted((ROOT / "reviewing").glob("*.py"))]
CODES = sorted(
    {
        code
        for path in SOURCES
        for code in re.findall(r"Finding\(\s*Level\.\w+,\s*\"(\w+)\"", path.read_text(encoding="utf-8"))
    }
    | {"names_other_brand", "address_mixed", "address_other"}
)


def test_there_are_codes() -> None:
    assert len(CODES) > 35


@pytest.mark.parametrize("code", CODES)
def test_every_finding_is_said_in_words(code: str) -> None:
    text = finding_text(Finding(Level.WARNING, code, detail="x", said=("a", "b")), [])
    assert text != f"{code} x" and " " in text.strip()
    assert not re.search(r"\{(account|detail|first|second|when|said)\}", text)


def test_what_is_wrong_with_a_poll_is_said() -> None:
    polls = (Poll(("a",)), Poll(("a", "A", "")), Poll(("a" * 60, "b"), lasts_s=1), Poll(tuple("abcdef"), lasts_s=10**9))
    codes = {code for poll in polls for code, _detail in poll_troubles(poll, Abilities(polls=True), media=1)}
    assert codes <= _SENTENCES.keys() and len(codes) == 8


def test_names_are_of_findings_and_errors_have_none() -> None:
    assert _NAMES.keys() <= _SENTENCES.keys()
    assert not any(can_ignore(Finding(Level.ERROR, code)) for code in CODES)
    assert ignored_text("sensitive_topic", "alcohol") == "Topic to avoid: alcohol"
    assert ignored_text("address_other", "usted") == "The other way of address"
    assert len({level_word(each) for each in Level}) == 4
    assert wording_media.PROBLEMS.keys().isdisjoint(_NAMES)

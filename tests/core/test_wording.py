"""Every reason the core can give has words, in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from cmdesk import errors, wording
from cmdesk.i18n import using
from cmdesk.model import AccountState, ConversationState, DeliveryState, PostStatus
from cmdesk.wording_codes import BY_CODE

CORE = Path(wording.__file__).parent
# Details for the log and for retries, which a person only sees as their class's sentence.
CLASS_SAYS_IT = frozenset({"vault", "garbage", "request_form", "foreign_address", "invalid_swap"})


def raised_codes() -> dict[str, str]:
    """Return every literal `code="..."` given to one of our errors or to a delivery's move, with its place."""
    found: dict[str, str] = {}
    classes = {name for name in dir(errors) if isinstance(getattr(errors, name), type)}
    for path in CORE.rglob("*.py"):
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for keyword in node.keywords:
                if keyword.arg == "code" and name in classes | {"move"} and isinstance(keyword.value, ast.Constant):
                    if keyword.value.value:
                        found[str(keyword.value.value)] = f"{path.name}:{node.lineno}"
    return found


def test_every_code_that_is_raised_has_words() -> None:
    by_class = {getattr(cls, "code", "") for cls in vars(errors).values() if isinstance(cls, type)}
    missing = {
        code: place
        for code, place in raised_codes().items()
        if code not in BY_CODE and code not in by_class and code not in CLASS_SAYS_IT
    }
    assert not missing, missing


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_sentence_is_complete(language: str) -> None:
    with using(language):
        for code in BY_CODE:
            words = wording.explain_reason(code, "X")
            assert words.what
            assert "{" not in f"{words.what}{words.why}{words.todo}", code
        for states in (DeliveryState, ConversationState, PostStatus, AccountState):
            for state in states:
                assert str(_word(state))


def _word(state: object) -> str:
    match state:
        case DeliveryState():
            return wording.delivery_word(state)
        case ConversationState():
            return wording.conversation_word(state)
        case PostStatus():
            return wording.post_word(state)
        case AccountState():
            return wording.account_word(state)
    raise AssertionError(state)


def test_an_error_is_explained_by_its_code_then_by_its_class() -> None:
    assert wording.explain(errors.Invalid("x", code="time_gap", detail="02:30")).what == "02:30 does not exist"
    assert wording.explain(errors.Offline("x", detail="refused plaza.example")).what == (
        "There is no connection to plaza.example"
    )
    assert wording.explain(errors.Invalid("x", code="nobody knows this code")).what == "That cannot be taken as it is"
    assert "fault of the program" in wording.explain(ValueError("secret")).why
    assert wording.explain_code("no such code") == "no such code"


def test_details_are_plain_text_on_one_line() -> None:
    words = wording.explain(errors.Rejected("x", detail="<b>no</b>\n\u202ereason\x00" + "y" * 500))
    assert "\n" not in words.what
    assert "\u202e" not in words.what
    assert len(words.what) < 260

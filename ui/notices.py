"""The one way to tell or ask the person, usable before a window exists.

What is said early waits until a presenter (the window) is set. Questions are awaited, never `.exec()`ed: a nested
event loop inside a coroutine wedges every other task.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from cmdesk.errors import DeskError
from cmdesk.i18n import _
from cmdesk.wording import Explanation, explain

log = logging.getLogger(__name__)

Tone = Literal["info", "positive", "warning", "negative"]


@dataclass(frozen=True)
class Toasted:
    """A short notice; `undo` adds a button called `action` (default "Undo"), `on_end` runs when its time is over."""

    text: str
    tone: Tone = "info"
    seconds: float = 5.0
    undo: Callable[[], object] | None = None
    action: str = ""
    on_end: Callable[[], object] | None = None


@dataclass(frozen=True)
class ErrorReport:
    """An error as the person sees it: what, why, what to do; `details` is folded away and can be copied."""

    what: str
    why: str = ""
    todo: str = ""
    details: str = ""
    ours: bool = False  # a fault of the program
    retry: Callable[[], object] | None = None


@dataclass(frozen=True)
class Choice:
    """An answer: its key, what its button says, and an optional sentence for questions shown as radio buttons."""

    key: str
    text: str
    note: str = ""
    danger: bool = False


@dataclass(frozen=True)
class Question:
    """A question with its answers; the first choice is the default. Esc answers None.

    `as_list` shows the choices as radio buttons with their notes and one confirming button; `input_label`
    adds a text input whose content comes back in the answer.
    """

    title: str
    text: str = ""
    choices: Sequence[Choice] = ()
    icon: str = "circle-question-mark"
    as_list: bool = False
    confirm: str = ""
    input_label: str = ""
    input_text: str = ""
    input_hint: str = ""
    secret: bool = False
    details: Sequence[str] = ()


@dataclass(frozen=True)
class Answer:
    """The chosen key, and the text of the question's field."""

    key: str
    text: str = ""


class Presenter(Protocol):
    """Who shows it: the main window; a list in tests."""

    def show_toast(self, toast: Toasted, /) -> None:
        """Show a short notice."""

    def show_error(self, report: ErrorReport, /) -> None:
        """Show an error."""

    def show_question(self, question: Question, reply: asyncio.Future[Answer | None], /) -> None:
        """Show a question and set the reply's result; must set it also when the dialog goes away."""


_presenter: Presenter | None = None
_waiting: list[Toasted | ErrorReport | tuple[Question, asyncio.Future[Answer | None]]] = []
_MAX_WAITING = 50


def set_presenter(presenter: Presenter | None) -> None:
    """Let `presenter` show everything from now on, first what was said before it existed; None: keep again."""
    global _presenter
    _presenter = presenter
    if presenter is None:
        return
    kept, _waiting[:] = list(_waiting), []
    for item in kept:
        _show(item)


def tell(text: str, *, tone: Tone = "info", seconds: float = 5.0) -> None:
    """Say one sentence that needs no answer."""
    _show(Toasted(text, tone=tone, seconds=seconds))


def toast(
    text: str,
    *,
    undo: Callable[[], object] | None = None,
    seconds: float = 8.0,
    tone: Tone = "info",
    action: str = "",
    on_end: Callable[[], object] | None = None,
) -> None:
    """Say what was just done and offer to take it back for `seconds`."""
    _show(Toasted(text, tone=tone, seconds=seconds, undo=undo, action=action, on_end=on_end))


def error(
    problem: BaseException | Explanation,
    *,
    doing: str = "",
    retry: Callable[[], object] | None = None,
) -> None:
    """Explain an error: ours loudly with details to copy, a known one in its three sentences. Always logged."""
    if isinstance(problem, Explanation):
        log.warning("told: %s", problem.what)
        _show(ErrorReport(problem.what, problem.why, problem.todo, retry=retry))
        return
    ours = not isinstance(problem, DeskError)
    words = explain(problem)
    if ours:
        log.error("%s failed", doing or "something", exc_info=problem)
        details = "".join(traceback.format_exception(problem))
    else:
        log.warning("%s: %s (%s)", doing or "told", type(problem).__name__, problem)
        details = f"{type(problem).__name__}: {problem}"
    if doing:
        details = f"{doing}\n{details}"
    _show(ErrorReport(words.what, words.why, words.todo, details=details, ours=ours, retry=retry))


async def ask(question: Question) -> Answer | None:
    """Ask and wait for the answer; None when it was dismissed. Never call it with a transaction open."""
    reply: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
    _show((question, reply))
    return await reply


async def confirm(title: str, text: str = "", *, yes: str, danger: bool = False, icon: str = "") -> bool:
    """Ask a yes-or-cancel question; `yes` names the deed ("Delete post"), never just "OK"."""
    answer = await ask(
        Question(
            title,
            text,
            choices=(Choice("yes", yes, danger=danger), Choice("no", _("Cancel"))),
            icon=icon or ("triangle-alert" if danger else "circle-question-mark"),
        )
    )
    return answer is not None and answer.key == "yes"


def waiting() -> int:
    """How many notices wait for a presenter."""
    return len(_waiting)


def _show(item: Toasted | ErrorReport | tuple[Question, asyncio.Future[Answer | None]]) -> None:
    if _presenter is None:
        if len(_waiting) >= _MAX_WAITING:
            dropped = _waiting.pop(0)
            log.error("too many notices wait for a window; dropped %r", dropped)
        _waiting.append(item)
    elif isinstance(item, Toasted):
        _presenter.show_toast(item)
    elif isinstance(item, ErrorReport):
        _presenter.show_error(item)
    else:
        _presenter.show_question(*item)

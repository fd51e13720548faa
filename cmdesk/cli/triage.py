"""`cmdesk triage`: the verdict on a message with its reasons, or on a file of them; needs no profile, makes none."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from cmdesk.care.triage import judge
from cmdesk.care.verdict import Verdict
from cmdesk.cli.output import say, table
from cmdesk.errors import Invalid
from cmdesk.i18n import _
from cmdesk.wording_triage import kind_word, language_word, sentiment_word, urgency_word

STDIN = "-"
#: ISO 639 for what shows no language.
UNDETERMINED = "und"


def triage_verb(options: argparse.Namespace) -> int:
    """Judge TEXT, or each line of --file; raises Invalid where the file cannot be read."""
    likely: list[str] = options.likely or []
    if options.file is None:
        verdict = judge(_sound(options.text), likely=likely)
        if options.json:
            say(json.dumps(as_json(verdict), ensure_ascii=False, indent=2))
        else:
            _explain(verdict)
        return 0
    with _opened(options.file) as stream:
        for line in lines(stream):
            verdict = judge(line, likely=likely)
            say(json.dumps(as_json(verdict), ensure_ascii=False) if options.json else as_line(verdict))
            if options.file == STDIN:
                sys.stdout.flush()  # who feeds us line by line waits for each answer
    return 0


def as_line(verdict: Verdict) -> str:
    """Return language, sentiment, kind and confidence of the sentiment, separated by tabs: the best guess, always."""
    language = verdict.language or UNDETERMINED
    return f"{language}\t{verdict.sentiment}\t{verdict.kind}\t{verdict.confidence:.3f}"


def as_json(verdict: Verdict) -> dict[str, object]:
    """Return a verdict for programs."""
    return {
        "language": verdict.language or UNDETERMINED,
        "language_confidence": verdict.language_confidence,
        "sentiment": verdict.sentiment,
        "confidence": verdict.confidence,
        "unsure": verdict.unsure,
        "kind": verdict.kind,
        "kind_confidence": verdict.kind_confidence,
        "kind_unsure": verdict.kind_unsure,
        "urgency": verdict.urgency,
        "reasons": [asdict(each) for each in verdict.reasons],
    }


def lines(stream: Iterable[bytes]) -> Iterator[str]:
    """Return each line of a stream as text, whatever its bytes; LF and CRLF end one, a last one may lack it."""
    for number, raw in enumerate(stream):
        text = raw.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")
        yield text.removeprefix("\ufeff") if number == 0 else text


def _opened(name: str) -> BinaryIO:
    if name == STDIN:
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except FileNotFoundError as error:
        raise Invalid(f"there is no file {name}", code="media_missing", detail=name) from error
    except OSError as error:
        raise Invalid(f"{name} cannot be read", code="triage_file", detail=f"{name}: {error.strerror}") from error


def _sound(text: str) -> str:
    """Return an argument without the halves of characters that undecodable bytes leave."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _explain(verdict: Verdict) -> None:
    unsure = _("unsure")
    rows = [
        {
            "what": _("Language"),
            "verdict": language_word(verdict.language),
            "sure": _percent(verdict.language_confidence),
        },
        {
            "what": _("Sentiment"),
            "verdict": sentiment_word(verdict.sentiment),
            "sure": _percent(verdict.confidence) + (f", {unsure}" if verdict.unsure else ""),
        },
        {
            "what": _("Kind"),
            "verdict": kind_word(verdict.kind),
            "sure": _percent(verdict.kind_confidence) + (f", {unsure}" if verdict.kind_unsure else ""),
        },
        {"what": _("Urgency"), "verdict": urgency_word(verdict.urgency), "sure": ""},
    ]
    for row, toward in zip(rows[1:], (verdict.sentiment, verdict.kind, "urgent"), strict=True):
        row["why"] = ", ".join(f"“{each.word}”" for each in verdict.reasons if each.toward == toward)
    table(
        rows,
        (("what", ""), ("verdict", _("Verdict")), ("sure", _("Confidence")), ("why", _("Because of"))),
    )


def _percent(share: float) -> str:
    return f"{round(share * 100)} %"

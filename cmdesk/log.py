"""The program's log: JSON lines in the profile, readable by this user alone, with nothing secret in it.

Redaction works twice: by the live values that the program registered when it took them from the
vault, and by shape (headers, keys, tokens, the query of every address). It runs over the finished
line, tracebacks included, so that no caller has to think of it.
"""

from __future__ import annotations

import base64
import io
import json
import logging
import logging.handlers
import os
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, quote_plus

from cmdesk.files import FILE_MODE, private_folder

HIDDEN = "***"
MAX_BYTES = 2_000_000
KEPT_FILES = 5
# Shorter values would hide ordinary words.
SHORTEST_SECRET = 6
MAX_TEXT = 32_000

_lock = threading.Lock()
_secrets: set[str] = set()
_values: re.Pattern[str] | None = None
_handler: logging.Handler | None = None

# What a name must contain for its value to be hidden, whatever the value looks like.
_SENSITIVE_NAME = re.compile(
    r"(?i).*(?:token|secret|passw(?:or)?d|passphrase|authorization|cookie|dpop|jwt|api[_-]?key|private[_-]?key|"
    r"client[_-]?id|credential|signature|session[_-]?id|nonce|verifier|challenge|refresh).*"
    r"|code|state|assertion|jkt|sid|pin|otp"
)
# A value in quotes (closed or cut off), in brackets, or up to the next mark.
_VALUE = r"""(?:b?"(?:[^"\\]|\\.)*+"|b?'(?:[^'\\]|\\.)*+'|b?["'][^\r\n]*|[\[{][^\]}]*+[\]}]?|[^\s"',;&)}\]]++)"""
# "name": "value", 'name': 'value', name=value, name: value; the names are looked at one by one.
_NAMED = re.compile(rf"""(?<![\w.-])(["']?([\w.-]{{1,64}}+)["']?\s{{0,8}}(?:=>|[:=])\s{{0,8}}){_VALUE}""")
# The same as JSON inside a JSON text: \"name\": \"value\"
_NESTED = re.compile(r"""(\\{1,8}["']([\w.-]{1,64}+)\\{1,8}["']\s{0,8}:\s{0,8}\\{1,8}["'])[^"']*""")
# Every quantifier that can meet a long run is possessive or bounded: a hostile text must not stop the log.
_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    # a header on a line of its own, or inside a dump of headers: to the end of its value
    (
        re.compile(
            r"""(?i)\b((?:proxy-)?authorization|dpop(?:-nonce)?|(?:set-)?cookie)\b(["']?\s{0,8}[:=]\s{0,8})"""
            r"""("(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|[^\r\n]++)"""
        ),
        rf"\1\2{HIDDEN}",
    ),
    (re.compile(r"(?i)\b(bearer|basic|dpop|token)(\s{1,8})(?=\S{0,80}\d)[A-Za-z0-9._~+/=-]{8,}+"), rf"\1\2{HIDDEN}"),
    # user:password@host
    (re.compile(r"""(?i)\b([a-z][a-z0-9+.-]{1,15}://)[^\s/@"'<>]{1,512}+@"""), rf"\1{HIDDEN}@"),
    # the query and the fragment of any address, with or without its host
    (re.compile(r"""(?<=\S)[?#](?=[\w.~%\[\]-]{1,128}=)[^\s"'<>\\]*+"""), f"?{HIDDEN}"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,2000}+(?:\.[A-Za-z0-9_-]++){1,4}+"), HIDDEN),
    (
        re.compile(
            r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)", re.DOTALL
        ),
        HIDDEN,
    ),
)
# Attributes that every record has; whatever else is on one was given as `extra`.
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def register_secret(value: str) -> None:
    """Hide `value` (and the ways it is usually written) in every later line of this process."""
    global _values
    if len(value) < SHORTEST_SECRET:
        return
    raw = value.encode("utf-8", "surrogatepass")
    escaped = json.dumps(value)[1:-1]
    forms = {value, escaped, repr(value)[1:-1], quote(raw, safe=""), quote(raw), quote_plus(raw)}
    # As the user or the password of a basic header: base64 of it at each of the three alignments.
    for lead in range(3):
        coded = base64.b64encode(b"\0" * lead + raw).decode()
        inner = coded[4 if lead else 0 : len(coded) - 4]
        if len(inner) >= 12:
            forms |= {inner, inner.replace("+", "-").replace("/", "_")}
    with _lock:
        _secrets.update(forms)
        longest_first = sorted(_secrets, key=len, reverse=True)
        _values = re.compile("|".join(re.escape(form) for form in longest_first))


def forget_secrets() -> None:
    """Drop every registered value (when a profile is closed)."""
    global _values
    with _lock:
        _secrets.clear()
        _values = None


def redact(text: str) -> str:
    """Return `text` without secrets: registered values first, then everything shaped like one."""
    if _values is not None:
        text = _values.sub(HIDDEN, text)
    for pattern, instead in _SHAPES:
        text = pattern.sub(instead, text)
    return _NAMED.sub(_hide_named, _NESTED.sub(_hide_named, text))


def _hide_named(found: re.Match[str]) -> str:
    return f"{found[1]}{HIDDEN}" if _SENSITIVE_NAME.fullmatch(found[2]) else found[0]


def redact_value(name: str, value: object) -> object:
    """Return `value` fit for a log: hidden when `name` says that it is a secret, redacted inside."""
    if _SENSITIVE_NAME.fullmatch(name[:200]):
        return HIDDEN
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {redact(str(key)): redact_value(str(key), item) for key, item in list(value.items())[:100]}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact_value("", item) for item in list(value)[:100]]
    return redact(str(value)[:MAX_TEXT])


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, thread, message, and what was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "thread": record.threadName,
            "message": redact(_message(record)[:MAX_TEXT]),
        }
        for name, value in vars(record).items():
            if name not in _PLAIN:
                line[name] = redact_value(name, value)
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = redact(self.formatException(record.exc_info)[-MAX_TEXT:])
        elif record.exc_text:
            line["exception"] = redact(record.exc_text[-MAX_TEXT:])
        if record.stack_info:
            line["stack"] = redact(record.stack_info[-MAX_TEXT:])
        return json.dumps(line, ensure_ascii=True, default=str)


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotating file that nobody else may read from its first byte on."""

    def _open(self) -> io.TextIOWrapper:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        return io.TextIOWrapper(
            os.fdopen(os.open(self.baseFilename, flags, FILE_MODE), "ab"), encoding="utf-8", errors="backslashreplace"
        )


def setup(profile: Path, level: str = "info") -> Path:
    """Log into `profile`/logs/cmdesk.log from now on (files 0600, rotated); returns that file.

    Safe to call again for another profile. The libraries below us speak from warnings up, because
    their debug lines hold whole requests.
    """
    global _handler
    folder = private_folder(profile / "logs")
    handler = _PrivateFile(folder / "cmdesk.log", maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8")
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    shutdown()
    root.addHandler(handler)
    root.setLevel(getattr(logging, level.upper(), logging.INFO))
    for name in ("urllib3", "requests", "keyring", "PIL", "asyncio", "qasync"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.raiseExceptions = False  # a full disk must not write tracebacks on the person's terminal
    _handler = handler
    return folder / "cmdesk.log"


def shutdown() -> None:
    """Close the log file; later lines go nowhere."""
    global _handler
    if _handler is not None:
        logging.getLogger().removeHandler(_handler)
        _handler.close()
        _handler = None


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg!s} (arguments do not fit)"

"""A sandbox that fails on order, a worker that is killed, and the truth to compare with."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent

# A delivery may rest here: it is out, or a person sees it and what to do.
OUT = frozenset({"published", "confirmed"})
ASKED = frozenset({"review", "rejected", "held_late", "held_clock", "held_restored", "blocked_auth"})


class Sandbox:
    """The sandbox as a process of its own, driven over HTTP."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cmdesk.networks.sandbox", "--no-limits", "--with-parent", "--world", "small"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("READY "), line
        data = json.loads(line[6:])
        self.url: str = data["url"]
        self.tokens: dict[str, str] = data["tokens"]

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Use the doors for tests."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def fault(self, kind: str, **more: Any) -> None:
        """Order a fault."""
        self.call("POST", "/sandbox/faults", {"kind": kind, **more})

    def clear(self) -> None:
        """Take all orders back."""
        self.call("DELETE", "/sandbox/faults")

    def say(self, to: str, text: str) -> None:
        """Let somebody mention an account."""
        self.call("POST", "/sandbox/say", {"as": "vecina@plaza.example", "do": "mention", "to": to, "text": text})

    def answered(self) -> dict[str, str]:
        """Return what each text answers, as text, '' for what begins a thread."""
        truth = self.call("GET", "/sandbox/truth")
        every = [each for statuses in truth.values() for each in statuses if not each["deleted"]]
        known = {each["id"]: each["text"] for each in every}
        return {each["text"]: known.get(each["in_reply_to_id"] or "", "") for each in every}

    def held(self) -> Counter[str]:
        """Return how often the server's scheduler holds each text."""
        found: Counter[str] = Counter()
        for token in self.tokens.values():
            after = ""
            while True:
                query = f"/api/v1/scheduled_statuses?limit=40{after}"
                request = urllib.request.Request(self.url + query, headers={"Authorization": f"Bearer {token}"})
                with urllib.request.urlopen(request, timeout=10) as answer:
                    rows = json.load(answer)
                found.update(row["params"]["text"] for row in rows)
                if len(rows) < 40:
                    break
                after = f"&max_id={rows[-1]['id']}"
        return found

    def texts(self) -> dict[str, Counter[str]]:
        """Return how often each text stands in each author's name now."""
        truth = self.call("GET", "/sandbox/truth")
        return {
            author: Counter(each["text"] for each in statuses if not each["deleted"])
            for author, statuses in truth.items()
        }


class Worker:
    """The forking parent of the workers; one job at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker", "--serve"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if os.environ.get("CMDESK_FAULT_QUIET") else None,
            text=True,
        )

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def start(self, name: str, profile: Path, sandbox: Sandbox, **more: Any) -> int:
        """Begin a job; returns the process's id."""
        assert self._process.stdin is not None
        job = {"name": name, "profile": str(profile), "url": sandbox.url, "tokens": sandbox.tokens, **more}
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(self._line()["pid"])

    def finish(self) -> dict[str, Any]:
        """Wait for the end of the job; returns everything it told and `ended`, negative for a signal."""
        told: dict[str, Any] = {}
        while "ended" not in told:
            told.update(self._line())
        return told

    def run(self, name: str, profile: Path, sandbox: Sandbox, **more: Any) -> dict[str, Any]:
        """Begin a job and wait for its end."""
        self.start(name, profile, sandbox, **more)
        return self.finish()

    def kill_after(self, pid: int, seconds: float) -> None:
        """Let a job live for a while, then kill it as a power cut would."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            time.sleep(min(0.01, max(ends - time.monotonic(), 0)))
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the worker's parent ended"
        data: dict[str, Any] = json.loads(line)
        return data


@dataclass
class Verdict:
    """What the oracle found."""

    deliveries: int = 0
    states: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)  # parts that answer something else
    integrity: str = ""
    mentions_missing: list[str] = field(default_factory=list)
    mentions_doubled: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Say whether every promise was kept."""
        wrong = (
            self.lost, self.doubled, self.stuck, self.strange, self.astray, self.mentions_missing,
            self.mentions_doubled,
        )  # fmt: skip
        return self.integrity == "ok" and not any(wrong)

    def __str__(self) -> str:
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))
        return (
            f"{self.deliveries} deliveries ({states}): {len(self.lost)} lost, {len(self.doubled)} doubled, "
            f"{len(self.stuck)} stuck, {len(self.strange)} not ours, {len(self.astray)} astray; "
            f"mentions: {len(self.mentions_missing)} missing, {len(self.mentions_doubled)} doubled; "
            f"integrity {self.integrity}"
        )


def judge(profile: Path, sandbox: Sandbox, *, mentions: list[str] = ()) -> Verdict:  # type: ignore[assignment]
    """Compare the profile with the truth of the network."""
    there, held, answered = sandbox.texts(), sandbox.held(), sandbox.answered()
    verdict = Verdict()
    with sqlite3.connect(f"file:{profile / 'desk.db'}?mode=ro", uri=True) as conn:
        verdict.integrity = conn.execute("PRAGMA integrity_check").fetchone()[0]
        rows = conn.execute(
            "SELECT d.text, d.state, a.handle, d.reason_code, d.cancel_wanted FROM delivery d"
            " JOIN account a ON a.id = d.account_id"
        ).fetchall()
        said = Counter(text for (text,) in conn.execute("SELECT text FROM message WHERE direction = 'in'"))
    conn.close()
    ours: set[tuple[str, str]] = set()
    out = {text for text, state, *_ in rows if state in OUT}
    for text, state, handle, code, _ in rows:
        author = handle.lstrip("@").split("@")[0]
        ours.add((author, text))
        count = there.get(author, Counter())[text]
        verdict.deliveries += 1
        verdict.states[state] += 1
        name = f"{text} ({state} {code}, {count} there)"
        if count > 1:
            verdict.doubled.append(name)
        if state in OUT and count != 1:
            verdict.lost.append(name)
        if state == "rejected" and count:
            verdict.strange.append(name)
        # A part may wait behind one about which a person is asked, behind nothing else.
        behind = code == "part_before" and not set(before_of(text)) <= out
        if state not in OUT | ASKED | {"cancelled", "handed_off"} and not behind:
            verdict.stuck.append(name)
        if held[text] > 1 or (state == "handed_off" and held[text] != 1) or (held[text] and count):
            verdict.doubled.append(f"{name}, {held[text]} held")
        if count and answered[text] != parent_of(text):
            verdict.astray.append(f"{text} answers {answered[text]!r}")
    for author, texts in there.items():
        if author in sandbox.tokens:
            verdict.strange += [f"{author}: {text}" for text in texts if (author, text) not in ours]
    for text in mentions:
        matching = sum(count for stored, count in said.items() if stored.endswith(text))
        if matching == 0:
            verdict.mentions_missing.append(text)
        elif matching > 1:
            verdict.mentions_doubled.append(text)
    return verdict


def parent_of(text: str) -> str:
    """Return what a text answers by its own words: "a / 2" answers "a / 1", the comment "a / c" the first part "a"."""
    thread, _, part = text.rpartition(" / ")
    if not thread:
        return ""
    return f"{thread} / {int(part) - 1}" if part.isdigit() and part != "1" else thread


def before_of(text: str) -> list[str]:
    """Return the parts that have to be out before `text`, those of its thread's first three at least."""
    thread, _, part = text.rpartition(" / ")
    if not thread:
        return []
    numbers = range(1, int(part) if part.isdigit() else 3)
    return [thread, *(f"{thread} / {number}" for number in numbers)]


_SNAPSHOT = {
    "message": "SELECT account_id, remote_id, conversation_id, direction, kind, text, created_at,"
    " parent_id FROM message",
    "publication": "SELECT account_id, remote_id, text, created_at FROM publication",
    "conversation": "SELECT account_id, remote_id, state, unread, messages, preview, last_at FROM conversation",
    "event": "SELECT account_id, remote_id, kind, target_id FROM event",
    "identity": "SELECT network, remote_id, handle, name FROM identity",
    "stream": "SELECT account_id, name, head, back, back_done FROM stream WHERE name NOT LIKE '~%'",
    "counter": "SELECT * FROM counter WHERE conversations > 0",
    "found": "SELECT rowid FROM message_fts WHERE message_fts MATCH 'vosotros'",
}


def snapshot(profile: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that a reading writes, comparable between two profiles; conversations by their remote id."""
    conn = sqlite3.connect(f"file:{profile / 'desk.db'}?mode=ro", uri=True)
    try:
        assert conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        names = dict(conn.execute("SELECT id, remote_id FROM conversation"))
        found = {table: sorted(conn.execute(query), key=repr) for table, query in _SNAPSHOT.items()}
        found["message"] = [(*row[:2], names[row[2]], *row[3:]) for row in found["message"]]
        return found
    finally:
        conn.close()

"""Whom an answer names: networks that deliver by mention need the handles in the text, others do not.

Pure. The screen shows the handles as chips and counts them; the command line adds them to what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_BY_MENTION = ("mastodon", "sandbox")


def handles_to_keep(network: str, *, author: str, mentions: Iterable[str], own: str) -> tuple[str, ...]:
    """The handles an answer must name, the person first, ours and repetitions left out; () where none is needed."""
    if network not in _BY_MENTION:
        return ()
    mine = _key(own)
    kept: dict[str, str] = {}
    for handle in (author, *mentions):
        key = _key(handle)
        if key and key != mine and key not in kept:
            kept[key] = handle.strip().removeprefix("@")
    return tuple(kept.values())


def with_handles(text: str, handles: Sequence[str]) -> str:
    """The text that is sent: handles it does not name yet stand before it."""
    named = {_key(word.strip(".,:;!?()")) for word in text.split() if word.startswith("@")}
    missing = [f"@{handle}" for handle in handles if _key(handle) not in named]
    return " ".join([*missing, text.strip()]) if missing else text.strip()


def without_handles(text: str, handles: Sequence[str]) -> str:
    """What the person typed: the handles that stand before it are taken off (a sent answer is edited again)."""
    known = {_key(handle) for handle in handles}
    rest = text
    while True:
        head, blank, tail = rest.lstrip().partition(" ")
        if not (blank and head.startswith("@") and _key(head) in known):
            return rest
        rest = tail


def _key(handle: str) -> str:
    return handle.strip().removeprefix("@").casefold()

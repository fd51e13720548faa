"""Nothing that reads a stranger's text can be made to work for ever by a long one (RELIABILITY 36)."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable, Iterator

import pytest

from cmdesk import log, safe_text, templates, text
from cmdesk.care import answering
from cmdesk.errors import Invalid, Unreadable
from cmdesk.listening import feeds, help_cues, matching, parse_query, searching
from cmdesk.networks import addresses, payload
from cmdesk.people.fields import FieldKind, OwnField, canonical
from cmdesk.people.handles import clean_handle, emails_in, pages_in, phones_in
from cmdesk.people.redacting import names_of
from cmdesk.people.table_file import parse as parse_people
from cmdesk.planning.verifying import words_of
from cmdesk.store.search import match_expression
from cmdesk.templates.files import parse
from cmdesk.templates.stacking import joined
from cmdesk.templates.variables import first_name
from ui.inbox import links

LENGTH = 100_000
# Processor seconds; what is quadratic needs minutes here, what is linear milliseconds.
MOST_S = 1.5

PIECES = (
    "a", " ", "@", "@a ", "@a@", "a.", "a-", "//", "http://", "https://a.", "https://a@", "mailto:a@", "<", "<a ", "</",
    "&", "&#", '"', '\\"', '"a":', "a=", "[", "{", "[](", "\n", "\r\n", "\u00a0", "9", "%20", "{a", "{{", "#", "\u0301",
    "\u200d", "👩\u200d", "eyJa.", "-----BEGIN ",
)  # fmt: skip

_ASKED = parse_query('a OR "a a" OR #a OR a. -b')
_FEED = "<rss version='2.0'><channel><item><title>{0}</title><description>{0}</description></item></channel></rss>"
_PROFILE = {
    "network": "mastodon",
    "handle": "a@a.a",
    "remote_id": "aaaaaaaaa",
    "name": "a a",
    "profile_url": "http://a.a",
}
_NAMES = names_of("a a a", [_PROFILE], ["aaa"])
READERS: dict[str, Callable[[str], object]] = {
    "mastodon_length": text.mastodon_length,
    "links": text.links,
    "facets": text.facets,
    "mentions": text.mentions,
    "comparable": text.comparable,
    "skeleton": text.skeleton,
    "html_to_text": text.html_to_text,
    "clean": text.clean,
    "safe_name": safe_text.safe_name,
    "safe_body": safe_text.safe_body,
    "redact": log.redact,
    "search": match_expression,
    "blanks": templates.blanks,
    "template": lambda words: templates.fill(words, templates.values(name="", brand="b", handle="")),
    "template checked": templates.examine,
    "template file": lambda words: parse(f"name,text\n{words}".encode("utf-8", "replace")),
    "stacked": lambda words: joined(words, words, words),
    "first name": first_name,
    "without_handles": lambda words: answering.without_handles(words, ("@a",)),
    "words_of": lambda words: words_of("reply", words),
    "shown links": links.find,
    "link": lambda address: (links.is_safe(address), links.doubtful("https://a.example", address)),
    "server": addresses.parse_server_url,
    "query": lambda words: parse_query(words[:1_000]),
    "match": lambda words: matching.match(_ASKED, words),
    "help": lambda words: help_cues.seek(_ASKED, words),
    "feed": lambda words: feeds.parse_feed(_FEED.format(words).encode("utf-8", "replace"), url="https://a.example"),
    "feed as it comes": lambda words: feeds.parse_feed(words.encode("utf-8", "replace"), url="https://a.example"),
    "feeds of a page": lambda words: feeds.feeds_of_page(words.encode("utf-8", "replace"), url="https://a.example"),
    "link of an alert": feeds.unwrapped,
    "public account": searching.checked_handle,
    "addresses in notes": lambda words: [*emails_in(words), *phones_in(words), *pages_in(words)],
    "handle": lambda words: clean_handle("mastodon", words),
    "e-mail": lambda words: clean_handle("email", words),
    "telephone": lambda words: clean_handle("phone", words),
    "own number": lambda words: canonical(OwnField(1, 1, "n", FieldKind.NUMBER), words),
    "names taken out": lambda words: _NAMES.taken_out(words, "x", near=True),
    "file of people": lambda words: list(parse_people(f"name,email\n{words}".encode("utf-8", "replace")).rows()),
    "titles of people": lambda words: parse_people(words.encode("utf-8", "replace")),
    "json": lambda words: payload.decode(words.encode("utf-8", "surrogatepass")),
}


def slowest(read: Callable[[str], object], length: int = LENGTH) -> tuple[float, str]:
    """The longest any adversarial text keeps a reader busy, and how that text begins."""
    worst = (0.0, "")
    for piece in PIECES:
        run = piece * (length // len(piece))
        for hostile in (run, f"{run}\x00!>"):
            began = time.process_time()
            with contextlib.suppress(Invalid, Unreadable, ValueError):
                read(hostile)
            worst = max(worst, (time.process_time() - began, piece))
        if worst[0] > MOST_S:
            break
    return worst


@pytest.fixture(scope="module")
def _own_heap() -> Iterator[None]:
    """Let the collector look through what a reader makes, not through thousands of collected tests."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_own_heap")
@pytest.mark.parametrize("name", sorted(READERS))
def test_a_hundred_kilobytes_of_malice_cost_no_time(name: str) -> None:
    seconds, piece = slowest(READERS[name])
    assert seconds < MOST_S, f"{name} needs {seconds:.1f} s for a run of {piece!r}"


def test_the_check_can_fail() -> None:
    import re

    began = time.process_time()
    re.search(r"\s+!$", " " * 8_000)
    quadratic, began = time.process_time() - began, time.process_time()
    re.search(r"\s!$", " " * 8_000)
    assert quadratic > 10 * (time.process_time() - began)

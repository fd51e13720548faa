"""Rules of written text: lengths as networks count them, plain text out of HTML, facets, comparing.

Everything here is pure, linear in the length of its input, and treats its input
as hostile. Offsets of facets are UTF-8 bytes, as the AT Protocol wants them.
Showing it on a screen is the business of `cmdesk.safe_text`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import regex

MAX_HTML = 400_000  # characters of one network text that are read; the rest is cut
MAX_TEXT = 120_000  # 100,000 with the handles before them

_GRAPHEME = regex.compile(r"\X")
# A link ends before blanks, quotes, brackets of markup and (see _trim_link) trailing punctuation.
_LINK = regex.compile(r"https?://[^\s<>\"\u00ab\u00bb\u201c\u201d]++", regex.IGNORECASE)
_LINK_END = ".,;:!?'\u2019\u2026*_~"
_HANDLE_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,62}+)?\.)+[a-z](?:[a-z0-9-]{0,62}+)?"
# @alice.bsky.social: a domain name as handle.
_DOMAIN_MENTION = regex.compile(rf"(?<![\w/@.])@({_HANDLE_DOMAIN})(?![\w@-])", regex.IGNORECASE)
# @alice@server.example or @alice: the fediverse's form; the host may carry a port on test servers.
_FEDI_MENTION = regex.compile(
    r"(?<![\w/@.])@([a-z0-9_](?:[a-z0-9_.-]{0,99}[a-z0-9_])?)(?:@([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?))?",
    regex.IGNORECASE,
)
_TAG = regex.compile(r"(?<![\w#&/])[#\uff03]([\p{L}\p{N}\p{M}_]{1,64}+)")
_CONTROLS = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATE = regex.compile("[\ud800-\udfff]")
_BLANKS = regex.compile(r"\s+")
# Marks of European scripts, and what holds no other marks at all (tests/core/test_text.py asks every character).
_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
_OTHER_MARKS = re.compile(
    "[^\x00-\u0482\u1d00-\u1dbf\u1e00-\u20cf\u2100-\u2cee\u3030-\u3098\u309b-\ua66e\ufe00-\ufe0f\U0001f000-\U0001faff]"
)
_EMPHASIS = regex.compile(r"[^\p{L}\p{N}\p{Extended_Pictographic}]+")


@lru_cache(maxsize=64)  # each key of a long text is counted for several accounts and by several who ask
def graphemes(text: str) -> int:
    """Return how many characters a person sees in `text` (extended grapheme clusters)."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def truncate(text: str, limit: int) -> str:
    """Return `text`, or its first `limit` - 1 grapheme clusters and an ellipsis when it is longer."""
    ends: list[int] = []
    for found in _GRAPHEME.finditer(text):
        ends.append(found.end())
        if len(ends) > limit:
            return text[: ends[max(limit - 2, 0)]] + "…" if limit > 1 else "…"
    return text


def folded(text: str) -> str:
    """Return `text` as it is compared: without case, accents and forms of the same letter, blanks as single spaces.

    The same for what is typed and what is stored; the store asks it inside SQL as `folded(...)`.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    apart = unicodedata.normalize("NFKD", text).casefold()
    if _OTHER_MARKS.search(apart) is None:
        return " ".join(_MARKS.sub("", apart).split())
    return " ".join("".join(letter for letter in apart if not unicodedata.combining(letter)).split())


def utf8_length(text: str) -> int:
    """Return the length of `text` in UTF-8 bytes; a lone surrogate counts as its replacement."""
    return len(text.encode("utf-8", "replace"))


def mastodon_length(text: str, spoiler: str = "", *, url_characters: int | None = 23) -> int:
    """Count as Mastodon does: graphemes of warning and text, each link a fixed size, mentions without their host."""
    if url_characters is not None:
        stand_in = "x" * url_characters
        pieces: list[str] = []
        at = 0
        for start, end, _ in links(text):
            pieces += [text[at:start], stand_in]
            at = end
        text = "".join((*pieces, text[at:]))
    text = _FEDI_MENTION.sub(lambda found: f"@{found[1]}", text)
    return graphemes(spoiler) + graphemes(text)


def bluesky_length(text: str) -> int:
    """Count as Bluesky does: grapheme clusters; `utf8_length` must hold as well."""
    return graphemes(text)


def _trim_link(link: str) -> str:
    while link:
        last = link[-1]
        if last in _LINK_END or (last == ")" and link.count("(") < link.count(")")) or last in "]}>":
            link = link[:-1]
        else:
            break
    return link


def links(text: str) -> list[tuple[int, int, str]]:
    """Return the http(s) links written in `text` as (start, end, link), without trailing punctuation."""
    found = []
    for match in _LINK.finditer(text[:MAX_TEXT]):
        # Only the tail is looked at, so that a wall of brackets stays cheap.
        head, tail = match[0][:-64], match[0][-64:]
        link = head + _trim_link(tail) if not head else head + (_trim_link(tail) or tail)
        if len(link) > len("https://"):
            found.append((match.start(), match.start() + len(link), link))
    return found


@dataclass(frozen=True, slots=True)
class Facet:
    """A link, mention or tag within a text; `start` and `end` are UTF-8 byte offsets."""

    start: int
    end: int
    kind: str  # link, mention, tag
    value: str  # the link, the handle without @, the tag without #


def facets(text: str) -> tuple[Facet, ...]:
    """Return the facets of a Bluesky text in order, never overlapping (offsets are bytes, not characters)."""
    spans: list[tuple[int, int, str, str]] = [(a, b, "link", link) for a, b, link in links(text)]
    spans += [(m.start(), m.end(), "mention", m[1]) for m in _DOMAIN_MENTION.finditer(text)]
    spans += [(m.start(), m.end(), "tag", m[1]) for m in _TAG.finditer(text) if not m[1].isdecimal()]
    spans.sort()
    result: list[Facet] = []
    characters = offset = 0
    for start, end, kind, value in spans:
        if start < characters:
            continue  # inside the one before: a tag in a link is part of the link
        first = offset + utf8_length(text[characters:start])
        offset = first + utf8_length(text[start:end])
        characters = end
        result.append(Facet(first, offset, kind, value))
    return tuple(result)


def spans(text: str, *, fediverse: bool) -> list[tuple[int, int, str]]:
    """Return the links, mentions and tags of a text as (start, end, kind) in characters, in order, never overlapping.

    Kinds are those of `Facet`. `fediverse` says whose mentions they are: @ana@plaza.example, or @ana.example alone.
    """
    mention = _FEDI_MENTION if fediverse else _DOMAIN_MENTION
    found = [(start, end, "link") for start, end, _link in links(text)]
    found += [(m.start(), m.end(), "mention") for m in mention.finditer(text)]
    found += [(m.start(), m.end(), "tag") for m in _TAG.finditer(text) if not m[1].isdecimal()]
    found.sort()
    result: list[tuple[int, int, str]] = []
    for start, end, kind in found:
        if not result or start >= result[-1][1]:
            result.append((start, end, kind))
    return result


def mentions(text: str) -> tuple[str, ...]:
    """Return the fediverse handles written in `text`, lower case, `user` or `user@host`, in order, once each."""
    names = (f"{m[1]}@{m[2]}" if m[2] else m[1] for m in _FEDI_MENTION.finditer(text))
    return tuple(dict.fromkeys(name.lower() for name in names))


def with_local_mentions(text: str, domain: str) -> str:
    """Return `text` with people of this server named without it, as their own server writes them."""

    def short(found: regex.Match[str]) -> str:
        return f"@{found[1]}" if (found[2] or "").lower() == domain.lower() else found[0]

    return _FEDI_MENTION.sub(short, text)


# ── comparing ────────────────────────────────────────────────────────────────


def comparable(text: str) -> str:
    """Return the form in which a sealed text and what a network gives back are equal.

    NFC, blanks folded, the host of mentions and the scheme of links dropped: networks
    render `@ana@plaza.example` as `@ana` and hide `https://`.
    """
    text = unicodedata.normalize("NFC", clean(text))
    text = _FEDI_MENTION.sub(lambda found: f"@{found[1].lower()}", text)
    pieces: list[str] = []
    at = 0
    for start, end, link in links(text):
        pieces += [text[at:start], link.split("://", 1)[1].rstrip("/")]
        at = end
    return str(_BLANKS.sub(" ", "".join((*pieces, text[at:]))).strip())


def skeleton(text: str) -> str:
    """Return letters, digits and pictures of `text` alone, for servers that rewrite markup and punctuation."""
    return str(_EMPHASIS.sub("", comparable(text))).casefold()


# ── plain text out of what networks send ─────────────────────────────────────


def clean(text: str, *, limit: int = MAX_TEXT) -> str:
    """Return `text` storable and showable: no NUL, controls or lone surrogates, `\\n` line ends, bounded."""
    text = text[:limit].replace("\r\n", "\n").replace("\r", "\n")
    return str(_CONTROLS.sub("", _SURROGATE.sub("\ufffd", text)))


# One tag with its quoted attributes; possessive, so that broken markup stays linear. Python's own
# html.parser needs a minute for 90 KB of "<a <a <a".
_TOKEN = regex.compile(
    r"<!--.*?(?:-->|\Z)|<(/?)([a-z][a-z0-9]{0,15}+)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>|<[!?/][^<>]*+>|[^<]++|<",
    regex.IGNORECASE | regex.DOTALL,
)
_HREF = regex.compile(r"\bhref\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", regex.IGNORECASE)
_CLASS = regex.compile(r"\bclass\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')", regex.IGNORECASE)
_HUGE_REFERENCE = regex.compile(r"&#(?:[0-9]{8,}+|x[0-9a-f]{7,}+);?", regex.IGNORECASE)
_DROPPED = frozenset({"script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg", "math"})
_BLOCKS = frozenset({"p", "div", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "table"})
_LINES = frozenset({"br", "li", "tr"})
_SPACES = regex.compile(r"[ \t\n\f\r]+")
_EXTRA_LINES = regex.compile(r"\n{3,}")


def html_to_text(markup: str) -> str:
    """Return the plain text of a network's HTML: paragraphs and line breaks kept, links written out.

    A link whose label is not its address becomes `label (address)`; mentions and tags stay their label.
    Never raises; anything that is not understood is text.
    """
    markup = _HUGE_REFERENCE.sub("\ufffd", markup[:MAX_HTML])
    if "<" not in markup:
        return clean(html.unescape(markup)).strip()
    return _Plain().read(markup)


class _Plain:
    """Collects the visible text of a token stream."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.dropping = ""
        self.pre = 0
        self.link: tuple[str, str, int] | None = None  # address, class, where its label starts

    def read(self, markup: str) -> str:
        for token in _TOKEN.finditer(markup):
            if token[2]:
                self._tag(token[2].lower(), closing=bool(token[1]), attributes=token[3] or "")
            elif not self.dropping and not (token[0].startswith("<") and len(token[0]) > 1):
                self._text(token[0])
        self._end_link()
        text = "\n".join(line.rstrip(" ") for line in "".join(self.out).split("\n"))
        return str(_EXTRA_LINES.sub("\n\n", clean(text)).strip())

    def _text(self, raw: str) -> None:
        text = html.unescape(raw)
        if not self.pre:
            text = _SPACES.sub(" ", text)
            if text.startswith(" ") and (not self.out or self.out[-1].endswith((" ", "\n"))):
                text = text[1:]
        if text:
            self.out.append(text)

    def _tag(self, name: str, *, closing: bool, attributes: str) -> None:
        if name in _DROPPED:
            if not closing and not self.dropping and not attributes.endswith("/"):
                self.dropping = name
            elif closing and self.dropping == name:
                self.dropping = ""
            return
        if self.dropping:
            return
        if name in _BLOCKS:
            if name == "pre":
                self.pre = max(0, self.pre + (-1 if closing else 1))
            if self.out:
                self.out.append("\n\n")
        elif name in _LINES and (name == "br" or not closing):
            self.out.append("\n• " if name == "li" else "\n")
        elif name == "a":
            self._end_link()
            if not closing:
                href = _HREF.search(attributes)
                kind = _CLASS.search(attributes)
                address = next((g for g in href.groups() if g), "") if href else ""
                self.link = (html.unescape(address), (kind[1] or kind[2] or "") if kind else "", len(self.out))

    def _end_link(self) -> None:
        if self.link is None:
            return
        address, kind, start = self.link
        self.link = None
        label = "".join(self.out[start:]).strip()
        if not address.lower().startswith(("http://", "https://")) or len(address) > 2000:
            return
        if "mention" in kind or "hashtag" in kind or label.startswith(("@", "#")):
            return
        bare = address.split("://", 1)[1].rstrip("/")
        if label.rstrip("/") in (address.rstrip("/"), bare, bare.removeprefix("www.")):
            self.out[start:] = [address]
        elif label:
            self.out.append(f" ({address})")
        else:
            self.out.append(address)

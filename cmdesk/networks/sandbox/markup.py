"""What a Mastodon server does to typed text: find mentions, tags and links, make HTML, count characters."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping

URL = r"https?://[^\s<>\"]*[^\s<>\"'.,;:!?)\]}»]"
MENTION = r"(?<![\w/@.])@([A-Za-z0-9_]+(?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)(?:@([A-Za-z0-9.-]+[A-Za-z0-9](?::\d+)?))?"
TAG = r"(?<![\w/&#])#(\w*[^\W\d_]\w*)"
_TOKEN = re.compile(f"(?P<url>{URL})|(?P<mention>{MENTION})|(?P<tag>{TAG})")
URL_LENGTH = 23


def mentioned(text: str) -> list[str]:
    """The addresses written in `text`, as typed (`user` or `user@host`), each once, in order."""
    found: dict[str, None] = {}
    for token in _TOKEN.finditer(text):
        if token["mention"]:
            found[token["mention"][1:]] = None
    return list(found)


def tags(text: str) -> list[str]:
    """The hashtags of `text`, lower case, without #, each once, in order."""
    found: dict[str, None] = {}
    for token in _TOKEN.finditer(text):
        if token["tag"]:
            found[token["tag"][1:].lower()] = None
    return list(found)


def count(text: str, spoiler: str = "") -> int:
    """Length by Mastodon's rule: grapheme clusters, a link is 23, a remote mention counts without its host."""
    import regex  # only needed when somebody posts; keeps the server's start short

    def shorten(token: re.Match[str]) -> str:
        if token["url"]:
            return "x" * URL_LENGTH
        if token["mention"]:
            return "@" + token["mention"][1:].split("@", 1)[0]
        return token[0]

    return len(regex.findall(r"\X", spoiler + _TOKEN.sub(shorten, text)))


def to_html(text: str, *, people: Mapping[str, tuple[str, str]], tag_url: Callable[[str], str]) -> str:
    """Mastodon's HTML for `text`; `people` maps a typed address to (username, profile url)."""

    def one(token: re.Match[str]) -> str:
        if token["url"]:
            return _link(token["url"])
        if token["mention"]:
            person = people.get(token["mention"][1:])
            if person is None:
                return html.escape(token[0], quote=False)
            return (
                f'<span class="h-card" translate="no"><a href="{html.escape(person[1])}" class="u-url mention">'
                f"@<span>{html.escape(person[0])}</span></a></span>"
            )
        name = token["tag"][1:]
        return (
            f'<a href="{html.escape(tag_url(name))}" class="mention hashtag" rel="tag">#<span>{html.escape(name)}'
            "</span></a>"
        )

    def paragraph(part: str) -> str:
        pieces, at = [], 0
        for token in _TOKEN.finditer(part):
            pieces.append(html.escape(part[at : token.start()], quote=False))
            pieces.append(one(token))
            at = token.end()
        pieces.append(html.escape(part[at:], quote=False))
        return "<p>" + "".join(pieces).replace("\n", "<br />") + "</p>"

    parts = [part for part in re.split(r"\n{2,}", text.strip()) if part]
    return "".join(paragraph(part) for part in parts)


def _link(url: str) -> str:
    scheme, rest = url.split("://", 1)
    shown, hidden = rest[:30], rest[30:]
    kind = "ellipsis" if hidden else ""
    return (
        f'<a href="{html.escape(url)}" rel="nofollow noopener" translate="no" target="_blank">'
        f'<span class="invisible">{scheme}://</span><span class="{kind}">{html.escape(shown, quote=False)}</span>'
        f'<span class="invisible">{html.escape(hidden, quote=False)}</span></a>'
    )

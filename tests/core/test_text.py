"""Lengths, facets, comparing, and plain text out of hostile HTML."""

from __future__ import annotations

import time
import unicodedata
from html import escape

import pytest
from hypothesis import given, strategies as st

from cmdesk import text

FAMILY = "👩‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("", 0),
        ("hola", 4),
        ("e\u0301", 1),
        (FAMILY, 1),
        ("🇪🇸🇫🇷", 2),
        ("https://example.com/" + "a" * 300, 23),
        ("mira https://example.com/a, y http://b.example/c.", 5 + 23 + 4 + 23 + 1),
        ("(https://example.com/a_(b))", 25),
        ("@ana@plaza.example hola", 9),
        ("@ana hola", 9),
        ("a@b.example", 11),  # an address is no mention
        ("https://", 8),
    ],
)
def test_length_as_mastodon_counts(written: str, length: int) -> None:
    assert text.mastodon_length(written) == length


def test_the_warning_counts_and_links_may_count_as_they_are() -> None:
    assert text.mastodon_length("hola", "ojo") == 7
    assert text.mastodon_length("https://example.com/abc", url_characters=None) == 23
    assert text.mastodon_length("https://e.com/", url_characters=None) == 14


@given(st.text())
def test_counting_never_fails_and_bytes_bound_graphemes(written: str) -> None:
    assert 0 <= text.bluesky_length(written) <= len(written)
    assert text.utf8_length(written) >= text.bluesky_length(written)
    assert text.mastodon_length(written) >= 0


@given(st.text(), st.integers(1, 50))
def test_truncating_stays_within_the_limit_and_whole_characters(written: str, limit: int) -> None:
    cut = text.truncate(written, limit)
    assert text.graphemes(cut) <= limit
    assert cut == written or cut.endswith("…")


def test_truncating_does_not_break_a_family() -> None:
    assert text.truncate(FAMILY * 3, 2) == FAMILY + "…"
    assert text.truncate(FAMILY * 2, 2) == FAMILY * 2


# ── facets ──

_PIECES = st.sampled_from(
    [
        "https://example.com/ñ?a=b",
        "#pan",
        "#día",
        "@ana.bsky.social",
        FAMILY,
        "e\u0301",
        " ",
        "\n",
        "hola",
        ".",
        ")",
        "(",
        "𝕏",
        "#123",
    ]
)


@given(st.lists(_PIECES, max_size=30).map("".join) | st.text())
def test_facets_are_byte_slices_of_what_they_name_and_never_overlap(written: str) -> None:
    raw = written.encode("utf-8", "replace")
    end = 0
    for facet in text.facets(written):
        assert end <= facet.start < facet.end <= len(raw)
        end = facet.end
        named = raw[facet.start : facet.end].decode()
        assert named == {"link": "", "mention": "@", "tag": named[0]}[facet.kind] + facet.value


def test_facets_of_a_real_post() -> None:
    written = "¡Señores! 👩‍🍳 pan en https://forn.example/ñ. #PanDelDía con @ana.bsky.social (y no @juan ni #1)"
    found = [(f.kind, f.value) for f in text.facets(written)]
    assert found == [("link", "https://forn.example/ñ"), ("tag", "PanDelDía"), ("mention", "ana.bsky.social")]
    raw = written.encode()
    assert [raw[f.start : f.end].decode() for f in text.facets(written)] == [
        "https://forn.example/ñ",
        "#PanDelDía",
        "@ana.bsky.social",
    ]


def test_a_tag_within_a_link_is_part_of_the_link() -> None:
    assert [f.kind for f in text.facets("https://example.com/#pan")] == ["link"]


# ── comparing ──


@pytest.mark.parametrize(
    ("sealed", "returned"),
    [
        ("cafe\u0301 con leche", "café  con\nleche"),
        ("@Ana@plaza.example hola", "@ana hola"),
        ("mira https://example.com/", "mira example.com"),
        ("  uno \r\n\r\n dos ", "uno dos"),
    ],
)
def test_what_comes_back_compares_equal(sealed: str, returned: str) -> None:
    assert text.comparable(sealed) == text.comparable(returned)


def test_other_words_stay_different() -> None:
    assert text.comparable("abrimos a las 9") != text.comparable("abrimos a las 10")
    assert text.skeleton("abrimos a las 9") != text.skeleton("abrimos a las 10")
    assert text.skeleton("*Sí*, `claro` 🥐!") == text.skeleton("Sí claro 🥐")
    assert text.skeleton("🥐") != text.skeleton("🍞")


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_a_text_survives_the_way_through_html(written: str) -> None:
    paragraphs = "".join(
        f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in text.clean(written).split("\n\n")
    )
    assert text.skeleton(text.html_to_text(paragraphs)) == text.skeleton(written)


# ── HTML ──


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("", ""),
        ("hola &amp; adiós &lt;b&gt;", "hola & adiós <b>"),
        ("<p>uno<br/>dos</p><p>tres</p>", "uno\ndos\n\ntres"),
        (
            '<p><span class="h-card"><a href="https://plaza.example/@ana" class="u-url mention">'
            "@<span>ana</span></a></span> hola</p>",
            "@ana hola",
        ),
        ('<a href="https://x.example/tags/pan" class="mention hashtag" rel="tag">#<span>pan</span></a>', "#pan"),
        (
            '<a href="https://example.com/largo/camino"><span class="invisible">https://</span>'
            '<span class="ellipsis">example.com/lar</span><span class="invisible">go/camino</span></a>',
            "https://example.com/largo/camino",
        ),
        ('<a href="https://malo.example/">tu banco</a>', "tu banco (https://malo.example/)"),
        ('<a href="javascript:alert(1)">pulsa</a>', "pulsa"),
        ("<script>alert(1)</script>uno<style>p{}</style>", "uno"),
        ("<ul><li>a</li><li>b</li></ul>", "• a\n• b"),
        ("<pre>  a\n   b</pre>", "a\n   b"),
        ("a<!-- b -->c<!doctype html>d", "acd"),
        ("2 < 3 y 4 > 1", "2 < 3 y 4 > 1"),
        ("<img src=x onerror=alert(1)>foto", "foto"),
        ('<p title="a>b">c</p>', "c"),
        ("&#99999999999999999999;&#x110000;&#0;x", "���x"),
        ("uno\x00dos\ud800", "unodos�"),
        ("<a href='https://a.example'><b>x</b></a><a>y</a>", "x (https://a.example)y"),
    ],
)
def test_html_becomes_the_text_a_person_meant(markup: str, plain: str) -> None:
    assert text.html_to_text(markup) == plain


HOSTILE = [
    "<a " * 30_000,
    "<!" * 50_000,
    "<" * 100_000,
    "<!--" * 25_000,
    "</" * 50_000,
    '<a b="' * 15_000,
    "<a '" * 25_000,
    "<a \"'" * 20_000,
    '<a href="https://x">' * 5_000,
    "&#" * 50_000,
    "&#" + "9" * 100_000 + ";",
    "http://" * 14_000,
    "https://x" + ")" * 99_000,
    "@a" * 50_000,
    "@" + "a." * 50_000,
    "#a" * 50_000,
    "e" + "\u0301" * 99_000,
    "\u200d👩" * 30_000,
    "<p>" * 33_000,
    "<script>" * 12_000,
    " \n" * 50_000,
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda t: repr(t[:6]))
def test_a_hundred_kilobytes_of_malice_cost_no_time(hostile: str) -> None:
    """RELIABILITY 36; Python's own html.parser takes a minute for the first of these."""
    rules = (text.html_to_text, text.facets, text.comparable, text.skeleton, text.mastodon_length, text.mentions)
    for rule in rules:
        start = time.process_time()
        rule(hostile)
        assert time.process_time() - start < 1.0, rule.__name__


@given(st.text(alphabet="<>/a=\"' &;#!-p\n\\x", max_size=300))
def test_markup_soup_never_fails(markup: str) -> None:
    plain = text.html_to_text(markup)
    assert plain == plain.strip() and "\n\n\n" not in plain


@given(st.text())
def test_cleaned_text_can_be_stored(written: str) -> None:
    cleaned = text.clean(written + "\ud800\x00\r\nx")
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned and "\r" not in cleaned and cleaned.endswith("\nx")


def _folded_letter_by_letter(written: str) -> str:
    apart = unicodedata.normalize("NFKD", written).casefold()
    return " ".join("".join(each for each in apart if not unicodedata.combining(each)).split())


def test_every_character_loses_its_marks() -> None:
    """The short way is taken only where it says the same; every character is asked, alone and with a mark."""
    for code in (*range(0xD800), *range(0xE000, 0x110000)):
        letter = chr(code)
        if unicodedata.category(letter) != "Cn":
            assert text.folded(f"a{letter}\u0301") == _folded_letter_by_letter(f"a{letter}\u0301"), hex(code)


@given(written=st.text(max_size=40))
def test_folding_is_the_same_letter_by_letter(written: str) -> None:
    assert text.folded(written) == _folded_letter_by_letter(written)


def test_people_of_our_own_server_are_named_without_it() -> None:
    said = "@Ana@Plaza.example y @luis@otra.example, @pep@plaza.example:81 (@eva)"
    assert text.with_local_mentions(said, "plaza.example") == "@Ana y @luis@otra.example, @pep@plaza.example:81 (@eva)"
    assert text.with_local_mentions("@pep@plaza.example:81 hola", "plaza.example:81") == "@pep hola"

"""What the sentiment model sees of a message: its words in a common form, and the signs counted in it.

Training (`packaging/triage/train.py`) and judging share this module, so that a message looks at run time as the
messages looked that were learnt from.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import tanh

import regex

LONGEST = 1200
"""Characters read at most: the beginning and the end of what is longer."""

_ESCAPED = regex.compile(r"\\u([0-9a-fA-F]{4})")
_SPACES = regex.compile(r"\s+")
_LINK = regex.compile(
    r"(?:https?://|www\.)\S+|\bhttps?\b(?:…|\.\.\.)?|\b[\w-]+\.(?:com|org|net|ly|gl|me|be|co)/\S+", regex.I
)
_MENTION = regex.compile(r"(?<![\w@])@[\w.-]*\w(?:@[\w.-]*\w)?")
_LONG_RUN = regex.compile(r"(.)\1{2,}", regex.S)
_RUN = regex.compile(r"(.)\1+", regex.S)
_TOKEN = regex.compile(
    r"@user|http"
    r"|(?P<face>[<>]?[:;=8xX][-o*'^]*[()\[\]dDpPsScC3/\\|*@oO]+(?!\w)|:['_]+[()cC]+|<3+|♡|[()/]+[-'^]?[:;=]"
    r"|-[_.]+-'?|[>¬][_.]?[<>¬]|\^[_.-]?\^|\b[oO0][_.][oO0]\b'?|\*[_.o-]\*|[tT;][_-][tT;]|\._\.|\\o/)"
    r"|(?P<emoji>[\p{Extended_Pictographic}\p{Regional_Indicator}][\p{Emoji_Modifier}\uFE0F]?)"
    r"|(?P<tag>\#[\w]+)"
    r"|(?P<word>\p{L}[\p{L}\p{M}*]*(?:['’\-]\p{L}+)*)"
    r"|(?P<number>[\p{N}]+(?:[.,:/]\p{N}+)*[%€$]?)"
    r"|(?P<mark>[!?¡¿]+|\.{2,}|…|[^\s\w])"
)
_LAUGH = regex.compile(
    r"a?(?:[hj]+[aei]+){2,}[hj]?|a+h(?:a+h)+a*|k{3,}|(?:rs){2,}s?|(?:hue){2,}|x+d+|l+o+l+|lmf?ao+|mdr+|ptdr+|rofl+"
)
_HUMP = regex.compile(r"\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+")
_ELISION = regex.compile(r"^(?:[cdjlmnst]|qu|all|dell|nell|sull|un|quest)['’](?=\p{L})")


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a message: `form` is what is looked up, `start` and `end` where it stands in the normalised text."""

    form: str
    kind: str
    start: int
    end: int
    upper: bool = False
    long: bool = False


def normalise(text: str) -> str:
    """Return the text as the training messages are written: mentions `@user`, links `http`, one space, no entities."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST * 3 // 4]} {text[-LONGEST // 4 :]}"
    text = text.encode("utf-8", "replace").decode("utf-8")
    if "\\u" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).encode("utf-8", "replace").decode("utf-8")
    if "&" in text:
        text = html.unescape(text)
    text = _LINK.sub("http", text.replace("’", "'"))
    return _SPACES.sub(" ", _MENTION.sub("@user", text)).strip()


def tokens(text: str) -> list[Token]:
    """Cut a normalised text into words, hashtags, emoji, faces and marks."""
    found = []
    for match in _TOKEN.finditer(text):
        piece, kind = match[0], match.lastgroup or "place"
        form = piece.lower()
        long = False
        if kind in ("word", "mark", "tag"):
            squeezed = _LONG_RUN.sub(r"\1\1", form)
            if kind != "mark":
                if _LAUGH.fullmatch(form):
                    squeezed = "haha"
                long = squeezed != form
            form = squeezed
        upper = kind == "word" and len(piece) > 1 and piece.isupper()
        found.append(Token(form, kind, match.start(), match.end(), upper, long))
    return found


def tag_words(tag: str) -> list[str]:
    """Return the words of a hashtag written in humps: `#SinMiedo` has two."""
    return [word.lower() for word in _HUMP.findall(tag)]


class Lexicon:
    """Words and beginnings of words (`amor*`) of one language, each with the codes it stands for."""

    def __init__(self, entries: Mapping[str, tuple[int, ...]]) -> None:
        """Take entries as written in the word lists: `*` ends a beginning, `_` joins words."""
        self._whole = {key: codes for key, codes in entries.items() if not key.endswith("*")}
        self._begin = {key[:-1]: codes for key, codes in entries.items() if key.endswith("*")}

    def find(self, word: str) -> tuple[int, ...]:
        """Return the codes of a word: those of the word itself, or of its longest beginning."""
        codes = self._whole.get(word)
        if codes is not None:
            return codes
        for size in range(len(word), 1, -1):
            codes = self._begin.get(word[:size])
            if codes is not None:
                return codes
        cut = _ELISION.sub("", word)
        return self.find(cut) if cut != word else ()

    def joined(self, words: str) -> tuple[int, ...]:
        """Return the codes of words joined by `_`, as written only."""
        return self._whole.get(words, ())


@dataclass(frozen=True, slots=True)
class Signs:
    """What was counted in a message.

    `counts` are the sparse features with how often each occurs, `places` the tokens each was seen at; `dense` are
    `DENSE` numbers; `negated` says which tokens stand under a negation, `valences` the signed strength of each that
    has one.
    """

    text: str
    tokens: list[Token]
    counts: dict[str, int]
    places: dict[str, list[int]]
    dense: list[float]
    categories: list[tuple[int, ...]]
    negated: list[bool]
    valences: dict[int, float]


# The categories of the word lists, each with the valence a word of it carries.
CATEGORIES: dict[str, float] = {
    "love": 2.0,
    "joy": 2.0,
    "praise": 2.0,
    "good": 1.0,
    "beauty": 2.0,
    "thanks": 2.0,
    "wishes": 1.5,
    "humour": 1.0,
    "anticipation": 1.5,
    "success": 1.0,
    "progress": 0.7,
    "pride": 1.5,
    "relief": 1.0,
    "treats": 0.7,
    "sad": -2.0,
    "anger": -2.0,
    "insult": -2.0,
    "profanity": -1.0,
    "bad": -2.0,
    "fail": -1.5,
    "fear": -1.5,
    "disgust": -2.0,
    "tired": -1.0,
    "pain": -1.5,
    "violence": -1.5,
    "corrupt": -2.0,
    "regret": -1.0,
    "mildneg": -0.7,
    "missing": -0.7,
    "irony": -1.0,
    "protest": -1.2,
    "shame": -1.5,
    "hazard": -1.3,
    "money": -1.0,
    "question": 0.0,
    "news": 0.0,
    "promo": 0.0,
    "time": 0.0,
    "hopewish": 0.0,
    "negator": 0.0,
    "intens": 0.0,
    "dimin": 0.0,
    "but": 0.0,
    "first": 0.0,
    "second": 0.0,
    "p3": 2.5,
    "p2": 1.7,
    "p1": 0.5,
    "n3": -2.5,
    "n2": -1.7,
    "n1": -0.5,
}

_CODE = {name: code for code, name in enumerate(CATEGORIES)}
_VALENCE = tuple(CATEGORIES.values())
_NEGATOR, _INTENS, _DIMIN = _CODE["negator"], _CODE["intens"], _CODE["dimin"]
_ENDS = frozenset((*".!?;:,", "..", "!!", "??", "…"))
_FLAGS = 24
_SUMS = 11
DENSE = 3 * len(CATEGORIES) + 2 * _SUMS + _FLAGS
"""How many dense numbers there are."""


def signs(text: str, words: Lexicon, valued: Lexicon) -> Signs:
    """Count the signs of a normalised text; `words` has categories, `valued` one number for each word, in tenths."""
    cut = tokens(text)
    forms = [token.form for token in cut]
    categories = _categories(text, cut, forms, words)
    negated = _negated(cut, categories)
    counts: dict[str, int] = {}
    places: dict[str, list[int]] = {}

    def note(feature: str, place: int) -> None:
        counts[feature] = counts.get(feature, 0) + 1
        places.setdefault(feature, []).append(place)

    for place, token in enumerate(cut):
        form = forms[place]
        note(f"w:{form}", place)
        if place + 1 < len(cut):
            note(f"b:{form} {forms[place + 1]}", place)
        if negated[place] and token.kind == "word":
            note(f"n:{form}", place)
        if token.kind == "tag":
            for word in tag_words(text[token.start + 1 : token.end]):
                note(f"h:{word}", place)
        if token.kind in ("word", "tag"):
            for gram in grams(form):
                note(f"g:{gram}", place)
        elif token.kind == "emoji":
            note(f"e:{form[0]}", place)
        if token.long:
            note("w:" + _RUN.sub(r"\1", form), place)
    own = _own_valences(cut, categories, negated)
    general = {}
    for place, token in enumerate(cut):
        value = valued.find(form[1:] if (form := token.form).startswith("#") else form)
        if token.long and not value:
            value = valued.find(_RUN.sub(r"\1", form))
        if value and value[0]:
            general[place] = value[0] * (-0.06 if negated[place] else 0.1)
    dense = _counted(categories, negated) + _sums(own) + _sums(general) + _flags(text, cut)
    return Signs(text, cut, counts, places, dense, categories, negated, own)


def _categories(text: str, cut: list[Token], forms: list[str], words: Lexicon) -> list[tuple[int, ...]]:
    found = [
        set(words.find(form[0] if token.kind == "emoji" else form)) for token, form in zip(cut, forms, strict=True)
    ]
    for place, token in enumerate(cut):
        for size in (4, 3, 2):
            if place + size <= len(forms):
                codes = words.joined("_".join(forms[place : place + size]))
                if codes:  # they stand for the longest of the words, which is the one worth showing
                    found[max(range(place, place + size), key=lambda at: len(forms[at]))].update(codes)
        if token.long and not found[place]:
            found[place].update(words.find(_RUN.sub(r"\1", token.form)))
        if token.kind == "tag":
            found[place].update(words.find(token.form[1:]))
            for word in tag_words(text[token.start + 1 : token.end]):
                found[place].update(words.find(word))
    return [tuple(sorted(codes)) for codes in found]


def _negated(cut: list[Token], categories: list[tuple[int, ...]]) -> list[bool]:
    left, found = 0, []
    for token, codes in zip(cut, categories, strict=True):
        if _NEGATOR in codes:
            left = 4
            found.append(False)
            continue
        if token.form in _ENDS or token.kind in ("face", "emoji"):
            left = 0
        found.append(left > 0)
        left = max(0, left - 1)
    return found


def _own_valences(cut: list[Token], categories: list[tuple[int, ...]], negated: list[bool]) -> dict[int, float]:
    found = {}
    for place, codes in enumerate(categories):
        value = max(-3.0, min(3.0, sum(_VALENCE[code] for code in codes)))
        if not value:
            continue
        if place and _INTENS in categories[place - 1]:
            value *= 1.4
        if place and _DIMIN in categories[place - 1]:
            value *= 0.7
        if negated[place]:
            value *= -0.6
        found[place] = value * 1.3 if cut[place].upper else value
    return found


def _counted(categories: list[tuple[int, ...]], negated: list[bool]) -> list[float]:
    size = len(CATEGORIES)
    plain, turned, late = [0] * size, [0] * size, [0] * size
    for place, codes in enumerate(categories):
        for code in codes:
            if negated[place]:
                turned[code] += 1
            else:
                plain[code] += 1
            if place >= len(categories) - 6:
                late[code] += 1
    return [min(n, 3) / 2 for n in plain] + [min(n, 2) / 2 for n in turned] + [min(n, 2) / 2 for n in late]


def _sums(values: Mapping[int, float]) -> list[float]:
    ordered = list(values.values())
    good = sum(value for value in ordered if value > 0)
    bad = -sum(value for value in ordered if value < 0)
    net = good - bad
    return [
        tanh(good / 4),
        tanh(bad / 4),
        tanh(net / 4),
        tanh(net / 2),
        max([*ordered, 0]) / 3,
        min([*ordered, 0]) / 3,
        ordered[-1] / 3 if ordered else 0.0,
        ordered[0] / 3 if ordered else 0.0,
        float(not ordered),
        tanh(net / (1 + len(ordered))),
        float(good > 0 and bad > 0),
    ]


def _flags(text: str, cut: list[Token]) -> list[float]:
    size, kinds = len(cut), [token.kind for token in cut]
    upper = sum(token.upper for token in cut)
    return [
        min(upper, 5) / 5,
        float(upper > size / 2),
        float(any(token.long for token in cut)),
        float("!" in text),
        float("!!" in text),
        float("?" in text),
        float("??" in text),
        float(".." in text or "…" in text),
        min(text.count("@user"), 4) / 4,
        float(text.startswith("@user")),
        float("http" in text),
        float(text.startswith("RT ")),
        min(text.count("#"), 5) / 5,
        min(size, 40) / 40,
        float(size < 6),
        float('"' in text or "«" in text),
        float(text.endswith("?")),
        float(text.endswith("!")),
        float(text.endswith("http")),
        float(any(kind == "number" for kind in kinds)),
        float("emoji" in kinds),
        float("face" in kinds),
        float(text[:1].isupper()),
        float(text[:1].islower()),
    ]


def grams(form: str, *, least: int = 2, most: int = 5) -> Iterator[str]:
    """Yield the pieces of `least` to `most` characters of a word with its edges."""
    padded = f" {form} "
    size = len(padded)
    for length in range(least, min(most, size) + 1):
        for start in range(size - length + 1):
            yield padded[start : start + length]

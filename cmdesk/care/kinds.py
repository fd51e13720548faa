"""What kind of message it is and how urgent: cues in seven languages, weighed and added, with the words that decided.

Pure. Groups of cues (resources/triage/kinds/*.txt) and the form of the message (question marks, links, capitals,
emoji) are features; resources/triage/kinds/weights.toml says what each weighs for each kind. packaging/triage/kinds.py
trains the weights on messages written for the project. A troll insults and brings nothing concrete; an unhappy customer
may insult too, but names what went wrong (D10).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from cmdesk.care.cues import (
    LOOKED_AT,
    Cue,
    Token,
    Weights,
    as_written,
    lexicon,
    read_weights,
    share_of_capitals,
    tokens_of,
)
from cmdesk.care.verdict import HIGH, KINDS, LOW, NORMAL, NOW
from cmdesk.resources import resource

#: What a kind says of the sentiment (logarithms for negative, neutral, positive): who complains is not glad, whatever
#: the single words; who asks is rarely either. Weighed by the cube of how likely the kind is, from LEANS_FROM on.
LEANING: Mapping[str, tuple[float, float, float]] = {
    "complaint": (1.6, 0.0, -1.0),
    "troll": (1.5, 0.0, -1.0),
    "support": (0.6, 0.3, -0.8),
    "help": (-0.1, 0.3, -0.1),
    "status": (-0.3, 0.5, 0.0),
    "spam": (-0.3, 1.0, -0.2),
    "opinion": (0.0, -0.3, 0.3),
}

#: A kind that is only a guess says nothing of the sentiment.
LEANS_FROM = 0.6

#: From so many followers on, an unhappy voice is heard by more than the desk (D11).
LOUD = 10_000
#: A cue that speaks for a kind by less than this is no reason to show.
LEAST_REASON = 0.4

Sounds = tuple[float, float, float]

WORD = "="  # a feature that is a word
_SPAM = ("money", "reach", "prize", "adult", "quack", "contact")
_CONCRETE = ("broken", "order", "waiting", "treatment", "demand", "matter")
_ABUSE = ("insult", "hate", "jeer", "threat")
_URGENT = ("health", "safety", "legal", "press", "urgentmoney", "soon", "privacy", "allergy", "hazard")
#: These raise urgency and say nothing by themselves of the kind.
_SILENT = frozenset(("soon", "press", "allergy", "hazard"))

_LINK = regex.compile(
    r"https?://|www\.|\bhttp\b|\b[\w-]{1,40}\.(?:com|net|org|top|xyz|shop|site|online|center|page|ly|me)\b"
)
_SHORTENED = regex.compile(
    r"\b(?:bit\.ly|tinyurl\.com|t\.me|wa\.me|cutt\.ly|goo\.gl|ow\.ly|is\.gd|rb\.gy|linktr\.ee)\b"
    r"|\b[\w-]{1,40}\.(?:top|xyz|shop|site|online|center|page|click|vip|club)\b"
)
_MENTION = regex.compile(r"(?<!\w)@\w")
_TAG = regex.compile(r"(?<!\w)#\w*[^\W\d]\w*")
_PHONE = regex.compile(r"\+\d[\d ().-]{7,}\d")
_REFERENCE = regex.compile(r"#\s?\d{3,}|\b[A-Z]{1,4}-?\d{3,}\b|(?<![\d.,$€£])\b\d{4,}\b(?![.,]?\d|\s?(?:€|\$|£|eur))")
_SUM = regex.compile(r"[$€£]\s?\d|\d\s?(?:€|\$|£|euros?\b|eur\b|dollars?\b|dólares\b|reais\b)", regex.IGNORECASE)
_ANGRY = regex.compile("[😡🤬😠👎🤮🤢💩]")
_MOCK = regex.compile("[🤡🖕🐑🤣]")
_GLAD = regex.compile("[😍❤😊🥰👏🙌💪☺😋🤩💖💕💙💚💛🧡💜🖤👍😀😃😄😁🎉⭐🌟🔝👌]")
_BAIT = regex.compile("[🔥💰💸🤑🚀👉➡💋📈✅💵📲🎁👇🍑🔞💎]")
_WORDY = regex.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a message, as they stand there, that speak for a kind, or for "urgent"."""

    word: str
    toward: str
    weight: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """How likely each of `KINDS` is, how urgent the message, and why, strongest first.

    `sentiment` are the probabilities of negative, neutral and positive once the kind is known.
    """

    probabilities: tuple[float, ...]
    urgency: int
    evidence: tuple[Evidence, ...]
    sentiment: Sounds

    @property
    def kind(self) -> str:
        """Return the likeliest kind."""
        return KINDS[max(range(len(KINDS)), key=self.probabilities.__getitem__)]


@dataclass(frozen=True, slots=True)
class Features:
    """What a message shows."""

    values: Mapping[str, float]
    cues: tuple[Cue, ...]
    tokens: list[Token]


@lru_cache(maxsize=1)
def weights() -> Weights:
    """Return what each feature weighs for each kind; words of words.tsv are features too."""
    folder = resource("triage", "kinds")
    table = read_weights(tomllib.loads((folder / "weights.toml").read_text(encoding="utf-8")))
    for line in (folder / "words.tsv").read_text(encoding="utf-8").splitlines():
        word, *numbers = line.split("\t")
        table[WORD + word] = {kind: float(number) for kind, number in zip(KINDS, numbers, strict=True) if number}
    return table


def features(text: str, *, language: str, sentiment: Sounds) -> Features:
    """Return what a message shows; `sentiment` are the probabilities of negative, neutral and positive."""
    text = text[:LOOKED_AT]
    tokens = tokens_of(text)
    known = lexicon(language)
    cues = tuple(_turned(cue) for cue in known.find(tokens))
    counts: dict[str, int] = {}
    for cue in cues:
        counts[cue.group] = counts.get(cue.group, 0) + 1
    # The second cue of a group says half as much as the first, and so on.
    values = {group: 2 - 2 * 0.5**count for group, count in counts.items() if group not in _SILENT}
    values |= _form(text, tokens, known.negations)
    negative, _neutral, positive = sentiment
    values["sounds_negative"], values["sounds_positive"] = negative, positive
    values |= _together(values)
    values["always"] = 1.0
    # What no list names still tells a little; a word as a feature begins with WORD.
    values |= {WORD + word: 0.5 for word in {each.word for each in tokens} if len(word) > 2 and not word.isdigit()}
    return Features({name: value for name, value in values.items() if value}, cues, tokens)


def _turned(cue: Cue) -> Cue:
    """Praise that is denied is dislike; thanks and the rest stay what they are."""
    if cue.negated and cue.group == "praise":
        return Cue("dislike", cue.first, cue.last, True)
    return cue


def _form(text: str, tokens: list[Token], negations: frozenset[str]) -> dict[str, float]:
    asked = "?" in text or "¿" in text
    words = len(tokens)
    return {
        "question": float(asked),
        "exclaimed": min(text.count("!"), 3) / 3,
        "shouted": float(share_of_capitals(text) > 0.6),
        "link": float(_LINK.search(text) is not None),
        "shortened": float(_SHORTENED.search(text) is not None),
        "named": float(len(_MENTION.findall(text)) >= 3),
        "tags": min(len(_TAG.findall(text)), 4) / 4,
        "phone": float(_PHONE.search(text) is not None),
        "reference": float(_REFERENCE.search(text) is not None),
        "sum": float(_SUM.search(text) is not None),
        "angry_face": float(_ANGRY.search(text) is not None),
        "mocking_face": float(_MOCK.search(text) is not None),
        "glad_face": float(_GLAD.search(text) is not None),
        "bait_face": min(len(_BAIT.findall(text)), 2) / 2,
        "no_words": float(_WORDY.search(text) is None),
        "denied": min(sum(each.word in negations for each in tokens), 2) / 2,
        "short": float(0 < words <= 4),
        "long": min(max(words - 15, 0), 25) / 25,
    }


def _together(values: Mapping[str, float]) -> dict[str, float]:
    """What only counts beside something else."""
    concrete = sum(values.get(group, 0.0) for group in _CONCRETE) + values.get("reference", 0.0)
    abuse = sum(values.get(group, 0.0) for group in _ABUSE)
    selling = sum(values.get(group, 0.0) for group in _SPAM)
    lure = selling + values.get("bait", 0.0)
    unhappy = sum(values.get(group, 0.0) for group in ("anger", "waiting", "treatment", "demand"))
    need = values.get("order", 0.0) + values.get("broken", 0.0)
    asked = values.get("question", 0.0)
    return {
        "bare_abuse": min(abuse, 2.0) if not concrete else 0.0,
        "concrete_abuse": min(abuse, 2.0) if concrete else 0.0,
        "selling": min(selling, 4.0) / 2,
        "selling_twice": float(sum(bool(values.get(group)) for group in (*_SPAM, "bait")) >= 2),
        "baited": float(values.get("bait", 0.0) >= 1.5),
        "lured": float(bool(lure) and bool(values.get("link") or values.get("phone") or values.get("bait_face"))),
        "shouted_sale": float(bool(lure) and bool(values.get("shouted"))),
        "need_unhappy": min(need, 1.0) * min(unhappy, 2.0),
        "need_calm": min(need, 2.0) if not unhappy else 0.0,
        "asks_calm": asked * min(values.get("ask", 0.0) + values.get("info", 0.0), 2.0) if not need else 0.0,
        "asks_need": asked * min(need, 1.0),
        "unhappy": min(unhappy, 3.0),
        "nothing_known": float(not any(values.get(group) for group in (*_CONCRETE, *_ABUSE, *_SPAM, "ask", "info",
                               "praise", "thanks", "dislike", "view", "anger", "doing", "news", "fix",
                               "legal", "health", "safety", "privacy", "urgentmoney"))),
    }  # fmt: skip


def scores(values: Mapping[str, float], table: Weights) -> list[float]:
    """Return the sum of each kind, in the order of `KINDS`."""
    sums = [0.0] * len(KINDS)
    for name, value in values.items():
        row = table.get(name)
        if row:
            for at, kind in enumerate(KINDS):
                sums[at] += value * row.get(kind, 0.0)
    return sums


def probabilities(sums: list[float]) -> tuple[float, ...]:
    """Return sums as probabilities."""
    top = max(sums)
    powers = [math.exp(each - top) for each in sums]
    whole = sum(powers)
    return tuple(each / whole for each in powers)


def judge_kind(
    text: str,
    *,
    language: str,
    sentiment: Sounds,
    learned: Mapping[str, float] | None = None,
    followers: int | None = None,
) -> Judgement:
    """Judge a message of any length and content; `learned` are the sums that corrections add to kinds (N5)."""
    shown = features(text, language=language, sentiment=sentiment)
    table = weights()
    sums = scores(shown.values, table)
    for at, kind in enumerate(KINDS):
        sums[at] += (learned or {}).get(kind, 0.0)
    likely = probabilities(sums)
    kind = KINDS[max(range(len(KINDS)), key=likely.__getitem__)]
    sounds = leaned(sentiment, likely)
    level, why = urgency(shown, kind, sentiment=sounds, followers=followers)
    evidence = [*_evidence(text, shown, kind, table)]
    for cue in shown.cues:
        if cue.group in why:
            evidence.append(Evidence(as_written(text, shown.tokens, cue), "urgent", 1.0))
    return Judgement(likely, level, tuple(evidence), sounds)


def leaned(sentiment: Sounds, likely: Sequence[float]) -> Sounds:
    """Return the probabilities of negative, neutral and positive, the kind being as likely as `likely` says."""
    sums = [math.log(max(value, 1e-6)) for value in sentiment]
    for kind, share in zip(KINDS, likely, strict=True):
        if share >= LEANS_FROM:
            for at, weight in enumerate(LEANING[kind]):
                sums[at] += share**3 * weight
    negative, neutral, positive = probabilities(sums)
    return negative, neutral, positive


def _evidence(text: str, shown: Features, kind: str, table: Weights) -> list[Evidence]:
    """Return the cues that spoke for `kind` more than for the other kinds, strongest first, each word once."""
    best: dict[str, float] = {}
    for cue in shown.cues:
        row = table.get(cue.group, {})
        others = sum(value for name, value in row.items() if name != kind) / (len(KINDS) - 1)
        weight = row.get(kind, 0.0) - others
        if weight >= LEAST_REASON and cue.group != "self":
            word = as_written(text, shown.tokens, cue)
            best[word] = max(best.get(word, 0.0), weight)
    if kind == "help" and not best and "?" in text:
        best["?"] = table.get("question", {}).get("help", 0.5)
    return [Evidence(word, kind, round(weight, 2)) for word, weight in sorted(best.items(), key=lambda item: -item[1])]


def urgency(
    shown: Features, kind: str, *, sentiment: Sounds, followers: int | None = None
) -> tuple[int, frozenset[str]]:
    """Return the urgency of a message of `kind` (0 low to 3 now, D11) and the groups of cues that raised it."""
    groups = {cue.group for cue in shown.cues}
    raised = groups.intersection(_URGENT)
    if kind == "spam":
        return LOW, frozenset()
    if kind == "troll":
        # A threat is for the client and perhaps the police, whoever makes it.
        threats = frozenset(groups & {"threat", "legal"})
        return (NORMAL, threats) if threats else (LOW, frozenset())
    trouble = kind in ("complaint", "support")
    unhappy, cross = sentiment[0] > 0.5, sentiment[0] > 0.4
    if raised & {"health", "safety"}:
        return NOW if trouble or unhappy else HIGH, frozenset(raised & {"health", "safety"})
    level = NORMAL if trouble else LOW
    why: set[str] = set()
    for group in raised & {"legal", "press", "urgentmoney", "privacy", "allergy", "hazard"}:
        # A journalist's question, and one about what somebody does not bear, are no small talk either.
        asked = group in ("press", "allergy") and kind == "help"
        if asked or (group == "hazard" and trouble and cross) or (group != "hazard" and (trouble or unhappy)):
            level, why = HIGH, why | {group}
    if "soon" in raised and kind in ("support", "complaint", "help"):
        level, why = min(level + 1, NOW), why | {"soon"}
    worn = sum(shown.values.get(group, 0.0) for group in ("anger", "waiting", "demand"))
    if kind == "complaint" and worn >= 2.5:
        level, why = max(level, HIGH), why | {"waiting", "demand"} & groups
    if followers is not None and followers >= LOUD and (trouble or unhappy):
        level = min(level + 1, NOW)
    return level, frozenset(why)

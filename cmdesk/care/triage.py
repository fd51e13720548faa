"""The verdict on a message: language, sentiment, kind and urgency, with the words that decided (D4-D11, N5).

Pure and offline; never raises on any text. The best guess is always given, with what it is worth: below the thresholds
the screen says "unsure". Corrections of a person teach words to one brand (`learn`, `Learned`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import regex

from cmdesk.care import kinds, sentiment
from cmdesk.care.cues import LOOKED_AT, fold
from cmdesk.care.language import identify
from cmdesk.care.verdict import KIND, LABELS, NOTHING, SENTIMENT, SENTIMENTS, Learned, Reason, Verdict

__all__ = ["Learned", "Reason", "Verdict", "judge", "learn", "taught_words"]

REASONS = 4  # words shown for each of sentiment, kind and urgency
#: A correction moves its text by this much toward the label, and away from what was said by a half.
LESSON_WORDS = 1.6
LESSON_PAIRS = 1.2
MAX_LESSON_WORDS = 14

_PIECES = regex.compile(r"[^\W_]+|\p{Extended_Pictographic}")
_ADDRESSES = regex.compile(r"https?://\S*|www\.\S+|(?<!\w)@[\w.@-]+")


NO_LESSONS = Learned()


def judge(
    text: str,
    *,
    likely: Sequence[str] = (),
    learned: Learned | None = None,
    direct: bool = False,
    followers: int | None = None,
) -> Verdict:
    """Return the verdict on a message of any length and content.

    `likely` are the languages that the contact, the brand or the network name, best first. `direct` says that it was
    written to us alone: what sounds like news in public asks for something there.
    """
    if not text.strip():
        return NOTHING
    lessons = learned or NO_LESSONS
    language = identify(text, likely=likely)
    words = taught_words(text) if lessons.fields else []
    sounds = sentiment.score(text, language=language.code)
    moved, lesson = lessons.sums(SENTIMENT, words)
    likelihood = _moved(dict(zip(sentiment.LABELS, sounds.probabilities, strict=True)), moved)
    kind_sums, kind_lesson = lessons.sums(KIND, words)
    if direct:
        kind_sums["status"] = kind_sums.get("status", 0.0) - 0.5
    found = kinds.judge_kind(
        text,
        language=language.code,
        sentiment=(likelihood["negative"], likelihood["neutral"], likelihood["positive"]),
        learned=kind_sums,
        followers=followers,
    )
    likelihood = dict(zip(sentiment.LABELS, found.sentiment, strict=True))
    feeling = max(SENTIMENTS, key=likelihood.__getitem__)
    if feeling == sounds.label:
        felt = [Reason(word, feeling, round(weight, 2)) for word, weight in sounds.words if _shows(word, weight)]
    else:  # the kind decided
        felt = [Reason(each.word, feeling, each.weight) for each in found.evidence if each.toward == found.kind]
    reasons = (
        *_strongest([*lesson, *felt], feeling),
        *_strongest([*kind_lesson, *_reasons(found)], found.kind),
        *_strongest(_reasons(found), "urgent"),
    )
    return Verdict(
        language=language.code,
        language_confidence=round(language.confidence, 3),
        sentiment=feeling,
        kind=found.kind,
        urgency=found.urgency,
        confidence=round(likelihood[feeling], 3),
        kind_confidence=round(max(found.probabilities), 3),
        reasons=reasons,
    )


def _reasons(found: kinds.Judgement) -> list[Reason]:
    return [Reason(each.word, each.toward, each.weight) for each in found.evidence]


def _strongest(reasons: list[Reason], toward: str) -> list[Reason]:
    """Return the reasons for one thing, each word once, what was taught first."""
    kept: dict[str, Reason] = {}
    for each in sorted(reasons, key=lambda each: (not each.learned, -each.weight)):
        if each.toward == toward and each.weight > 0:
            kept.setdefault(fold(each.word), each)
    return list(kept.values())[:REASONS]


def _moved(likelihood: dict[str, float], moved: Mapping[str, float]) -> dict[str, float]:
    """Return probabilities after lessons have been added to their logarithms."""
    if not moved:
        return likelihood
    sums = {label: math.log(max(value, 1e-4)) + moved.get(label, 0.0) for label, value in likelihood.items()}
    top = max(sums.values())
    powers = {label: math.exp(value - top) for label, value in sums.items()}
    whole = sum(powers.values())
    return {label: value / whole for label, value in powers.items()}


def taught_words(text: str) -> list[tuple[str, str]]:
    """Return what of a text can be taught and recognised: its words and neighbours, folded and as written, once."""
    pieces = [found.group() for found in _PIECES.finditer(_ADDRESSES.sub(" ", text[:LOOKED_AT]))]
    folded = [fold(each) for each in pieces]
    words = {word: written for word, written in zip(folded, pieces, strict=True) if _tells(word)}
    pairs = {
        f"{one} {two}": f"{pieces[at]} {pieces[at + 1]}"
        for at, (one, two) in enumerate(pairwise(folded))
        if _tells(one) or _tells(two)
    }
    return [*words.items(), *pairs.items()]


def _shows(word: str, weight: float) -> bool:
    """Say whether a word of the sentiment explains anything to a person: articles and commas do not."""
    folded = fold(word)
    return weight >= 0.1 and (
        folded in _SHORT
        or (folded not in _SMALL and not (len(folded) < 3 and folded.isalnum()) and _PIECES.search(word) is not None)
    )


def _tells(word: str) -> bool:
    return word not in _SMALL and (len(word) > 2 or not word.isalnum()) and not word.isdigit()


def learn(text: str, *, name: str, label: str, was: str) -> list[tuple[str, str, float]]:
    """Return what a correction teaches: (word, label, change of weight) to be added to the brand's lessons.

    `name` is the field (`SENTIMENT` or `KIND`), `was` what the desk had said. Confirming teaches a little, too. Two or
    three corrections of messages that share words turn the next one; one shared word moves a message by little.
    """
    if label not in LABELS[name]:
        raise ValueError(f"{label!r} is no {name}")
    taught = taught_words(text)
    words = [word for word, _written in taught if " " not in word][:MAX_LESSON_WORDS]
    pairs = [word for word, _written in taught if " " in word][:MAX_LESSON_WORDS]
    size = 1.0 if was != label else 0.4
    found: list[tuple[str, str, float]] = []
    for group, lesson in ((words, LESSON_WORDS), (pairs, LESSON_PAIRS)):
        # A text of one word teaches no more than a half of one of two.
        share = size * lesson / max(len(group), 2)
        for word in group:
            found.append((word, label, share))
            if was != label and was in LABELS[name]:
                found.append((word, was, -share / 2))
    return found


_SHORT = frozenset(("no", "ne", "ni", "!", "?"))
# Words of grammar teach nothing; folded, of the languages the desk speaks.
_SMALL = frozenset(
    """
    que los las una uno unos unas del con por para como mas pero sus les este esta esto estos estas ese esa eso muy sin
    sobre todo toda todos todas tambien hay donde quien desde nos ellos ella era son han has hemos ser estar soy eres
    the and you for are not this that with was have has had but they your our from all can will just its it's out what
    who how why when there been were would could should them their then than into about also very get got she his her
    les des une est pas que qui dans pour sur avec plus par mais vous nous ils elle sont ete etre avoir ont cette ces
    aux tout tous leur votre notre vos nos mon mes ton tes son ses
    che non per una con sono gli della delle dei del nel nella alla anche come piu questo questa quello quella loro
    suo sua mio mia vostro nostro era essere hanno abbiamo avete
    nao uma com por para mas dos das nos nas pelo pela seu sua meu minha voces voce ele ela isso isto esse essa sao foi
    ser ter tem tinha muito tambem
    der die das und ist nicht ein eine einen einem einer mit auf fur von zum zur den dem des sich auch wie aber oder
    wir ihr sie ich mir mich euch uns sind war hat habe haben wird
    els amb una per que son del dels als mes molt aquest aquesta aixo tot tota tambe hem heu han era
    """.split()
)

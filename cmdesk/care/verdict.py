"""A verdict on a message as a frozen value, and what corrections taught; cmdesk/care/triage.py makes both (N5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

SENTIMENTS = ("positive", "neutral", "negative")
#: Support sought (something of theirs does not work, an order, an account), status update (what they do), help (asks
#: for information or advice), opinion, complaint, troll or abuse, spam (D8).
KINDS = ("support", "status", "help", "opinion", "complaint", "troll", "spam")
SENTIMENT, KIND = "sentiment", "kind"
LABELS: Mapping[str, tuple[str, ...]] = {SENTIMENT: SENTIMENTS, KIND: KINDS}
#: Urgency (D11).
LOW, NORMAL, HIGH, NOW = range(4)

#: Below these the verdict is shown as unsure. On messages no model has seen, sentiments above are right in 73 of 100
#: tweets and 80 of 100 messages to a brand, kinds in about 91, languages in 99 (tests/bench/triage_kinds.py).
SURE = 0.55
KIND_SURE = 0.5
LANGUAGE_SURE = 0.8
#: No word decides alone, however often it was corrected.
MAX_WEIGHT = 2.5


@dataclass(frozen=True, slots=True)
class Reason:
    """A word of the message, as it stands there, and what it speaks for: a sentiment, a kind, or "urgent"."""

    word: str
    toward: str
    weight: float
    learned: bool = False  # a person's corrections taught it


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a message is held to be; `confidence` is of the sentiment. A person's word has confidence 1."""

    language: str = ""
    language_confidence: float = 0.0
    sentiment: str = "neutral"
    kind: str = "opinion"
    urgency: int = LOW
    confidence: float = 0.0
    kind_confidence: float = 0.0
    reasons: tuple[Reason, ...] = ()
    source: str = "auto"  # or person: never overwritten by the desk

    @property
    def unsure(self) -> bool:
        """Say whether the sentiment is only a guess."""
        return self.confidence < SURE

    @property
    def kind_unsure(self) -> bool:
        """Say whether the kind is only a guess."""
        return self.kind_confidence < KIND_SURE


NOTHING = Verdict()


@dataclass(frozen=True, slots=True)
class Learned:
    """What corrections taught one brand: field → word (or two, with a blank) → label → weight."""

    fields: Mapping[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, str, float]]) -> Learned:
        """Return rows of (field, word, label, weight) as lessons; labels that are none are left out."""
        fields: dict[str, dict[str, dict[str, float]]] = {}
        for name, word, label, weight in rows:
            if label in LABELS.get(name, ()):
                fields.setdefault(name, {}).setdefault(word, {})[label] = weight
        return cls(fields)

    def sums(self, name: str, words: Sequence[tuple[str, str]]) -> tuple[dict[str, float], list[Reason]]:
        """Return what the words of a text (folded, as written) add to each label of a field, and each word's share."""
        known = self.fields.get(name)
        sums: dict[str, float] = {}
        reasons: list[Reason] = []
        if not known:
            return sums, reasons
        for word, written in words:
            for label, weight in known.get(word, {}).items():
                sums[label] = sums.get(label, 0.0) + weight
                reasons.append(Reason(written, label, round(weight, 2), learned=True))
        return sums, reasons

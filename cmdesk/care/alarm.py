"""The fire alarm: what of a brand's mentions is unusual for this hour of the week, and the word they share (N14, W6).

Pure. The caller counts equal windows of the past; "usual" is told by quantiles, so that one old fire does not hide
the next. With little history it only speaks of what nobody would call usual.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from cmdesk.resources import resource

WINDOW = timedelta(minutes=60)
QUIET = timedelta(hours=3)  # an alarm of the same sort within this time is the same fire
WEEKS = 8
DAYS = 14
AROUND = (timedelta(0), timedelta(hours=-1), timedelta(hours=1))

LEAST_VOLUME = 10
LEAST_NEGATIVE = 4
LEAST_UNKNOWN = 6  # negatives in an hour that alarm without any history to compare with
LEAST_SAMPLES = 6
LARGE_SHARE = 0.5
LARGE_REACH = 10_000

_WORD = re.compile(r"[^\W\d_]{3,}(?:['’][^\W\d_]+)?")
_NOT_WORDS = re.compile(r"https?://\S+|[@]\S+|\S+\.\S+/\S*")


@dataclass(frozen=True, slots=True)
class Said:
    """One incoming message of the window."""

    conversation_id: int
    at: datetime
    text: str
    negative: bool
    author: str = ""
    followers: int = 0


@dataclass(frozen=True, slots=True)
class Before:
    """What one window of the past had."""

    count: int
    negative: int


@dataclass(frozen=True, slots=True)
class Spark:
    """What is unusual now: `kind` volume, negative or reach; `usual` is from–to messages in such a window."""

    kind: str
    count: int
    minutes: int
    usual: tuple[float, float]
    word: str = ""
    conversation_ids: tuple[int, ...] = ()
    reach: int = 0


def sparks(
    said: Sequence[Said], before: Sequence[Before], *, now: datetime, earlier: Iterable[str] = (), own: str = ""
) -> list[Spark]:
    """Return what is unusual in the window that ends now, the gravest first; at most one of volume and negative.

    `said` are the window's incoming messages, `before` equal windows of the past at this hour of the week (less than
    6: no history), `earlier` texts of the past, `own` names that say nothing because they are the brand's.
    """
    recent = [each for each in said if now - WINDOW <= each.at <= now + timedelta(minutes=5)]
    bad = [each for each in recent if each.negative]
    found: list[Spark] = []
    usual_bad = [each.negative for each in before]
    usual_all = [each.count for each in before]
    if _unusual_negatives(bad, recent, usual_bad, usual_all):
        found.append(_spark("negative", bad, usual_bad, now=now, earlier=earlier, own=own))
    elif len(before) >= LEAST_SAMPLES and len(recent) >= threshold(usual_all, least=LEAST_VOLUME):
        found.append(_spark("volume", recent, usual_all, now=now, earlier=earlier, own=own))
    loud = [each for each in bad if each.followers >= LARGE_REACH]
    if loud:
        loudest = max(loud, key=lambda each: each.followers)
        ids = tuple(dict.fromkeys(each.conversation_id for each in loud))
        minutes = _minutes([each.at for each in loud], now=now)
        found.append(Spark("reach", len(loud), minutes, (0.0, 0.0), "", ids, loudest.followers))
    return found


def threshold(usual: Sequence[int], *, least: int) -> int:
    """Return from how many messages in a window on it is unusual, judged by equal windows of the past.

    Well above what chance makes of the usual rate (five deviations of a Poisson), and twice the busiest of twenty.
    """
    middle = quantile(usual, 0.5)
    busy = quantile(usual, 0.95)
    return math.ceil(max(least, middle + 5 * math.sqrt(middle + 1), 2 * busy))


def quantile(values: Sequence[int], part: float) -> float:
    """Return the value that `part` of the values do not exceed (between two: proportionally), 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def common_word(texts: Sequence[str], earlier: Iterable[str], *, own: str = "") -> str:
    """Return the word that these texts share and the earlier ones do not; '' when no word stands out.

    Each text counts a word once, so that somebody who repeats it does not decide.
    """
    if len(texts) < 2:
        return ""
    mine = {_plain(word) for word in _WORD.findall(own)}
    shown: dict[str, Counter[str]] = {}
    here: Counter[str] = Counter()
    for text in texts:
        for plain, word in _words(text).items():
            here[plain] += 1
            shown.setdefault(plain, Counter())[word] += 1
    past: Counter[str] = Counter()
    total = 0
    for text in earlier:
        total += 1
        past.update(_words(text).keys())
    nothing = stop_words()
    best, most = "", 0.0
    for plain, count in here.items():
        if count < max(2, len(texts) * 0.2) or plain in nothing or plain in mine:
            continue
        rate = (count + 0.5) / (len(texts) + 1)
        usual = (past[plain] + 0.5) / (total + 1)
        score = count * math.log(rate / usual) if rate > usual else 0.0
        if (score, plain) > (most, best) and score > 0:
            best, most = plain, score
    return shown[best].most_common(1)[0][0] if best else ""


def _unusual_negatives(
    bad: Sequence[Said], recent: Sequence[Said], usual_bad: Sequence[int], usual_all: Sequence[int]
) -> bool:
    # One angry person who writes again and again is a conversation, not a fire.
    people = len({each.author or str(each.conversation_id) for each in bad})
    if len(usual_bad) < LEAST_SAMPLES:
        return people >= LEAST_UNKNOWN and len(bad) >= LARGE_SHARE * len(recent)
    if people < LEAST_NEGATIVE:
        return False
    if len(bad) >= threshold(usual_bad, least=LEAST_NEGATIVE):
        return True
    usual_share = sum(usual_bad) / max(sum(usual_all), 1)
    return len(recent) >= 2 * LEAST_NEGATIVE and len(bad) / len(recent) >= max(LARGE_SHARE, 3 * usual_share)


def _spark(
    kind: str, said: Sequence[Said], usual: Sequence[int], *, now: datetime, earlier: Iterable[str], own: str
) -> Spark:
    return Spark(
        kind,
        len(said),
        _minutes([each.at for each in said], now=now),
        (math.floor(quantile(usual, 0.25)), math.ceil(quantile(usual, 0.75))),
        common_word([each.text for each in said], earlier, own=own),
        tuple(dict.fromkeys(each.conversation_id for each in said)),
        max((each.followers for each in said), default=0),
    )


def _minutes(times: Sequence[datetime], *, now: datetime) -> int:
    return max(1, math.ceil((now - min(times)).total_seconds() / 60))


def _words(text: str) -> dict[str, str]:
    """Return the words of a text without addresses and names, by their plain form."""
    told = _NOT_WORDS.sub(" ", text[:5_000])
    return {_plain(word): word.lower() for word in _WORD.findall(told)}


def _plain(word: str) -> str:
    split = unicodedata.normalize("NFKD", word.lower())
    return "".join(each for each in split if not unicodedata.combining(each))


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Return the words that say nothing by themselves in es, en, fr, it, pt, de and ca, in their plain form."""
    lines = resource("words", "stop.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(_plain(word) for line in lines if not line.startswith("#") for word in line.split()[1:])

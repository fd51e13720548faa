"""What a client answered, pasted as it came: which numbers are approved, which are to be changed, what is unclear.

Pure; Spanish, English, Catalan, French, Portuguese and Italian. A yes is only what says nothing else: a yes with a
condition is a change, a yes with other words is unclear, and so is whatever is not understood. Quoted mail,
greetings and signatures are left out. Boxes that were not ticked say nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cmdesk.planning.approval_words import (
    ALL,
    BUT,
    END,
    EXCEPT,
    FILLER,
    FIRST,
    GREETING,
    LIST,
    NO,
    POLITE,
    QUOTE_HEAD,
    RANGE,
    SIGNED,
    YES,
)
from cmdesk.planning.approving import State

_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Decision:
    """What was said about one number."""

    number: int
    state: State  # APPROVED or CHANGE
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that were not understood, and the numbers they are about, if any."""

    text: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A pasted answer as it was understood."""

    decisions: tuple[Decision, ...] = ()
    unclear: tuple[Unclear, ...] = ()

    @property
    def clear(self) -> bool:
        """Whether something was said and all of it was understood."""
        return bool(self.decisions) and not self.unclear


_SEPARATOR = r"[\s:.)\]\-–—=>→]*"

_START = re.compile(
    rf"(?P<lead>^\s*[-*•(\[]*\s*|[,;./]\s*|\s[-–—]\s*|\s(?:y|e|i|et|and)\s+"
    rf"|\s+)(?P<list>{LIST})(?P<sep>{_SEPARATOR})"
)
_VERDICT = re.compile(rf"(?:{NO}|{YES}){END}")
_IS_NO = re.compile(rf"{NO}{END}")
_IS_YES = re.compile(rf"{YES}{END}")
_CONDITION = re.compile(rf"\b{BUT}\b")
_EXCEPTION = re.compile(rf"[,;.\s]*\b(?:{EXCEPT}|{BUT})\s+(?P<list>{LIST})(?P<rest>.*)$", re.S)
_NEUTRAL = re.compile(rf"(?:{POLITE}|[\s,.;:!()\-–—~*_'\"“”«»]|[\U0001F300-\U0001FAFF❤♥☺✨🙏]|\ufe0f)+")
_ALL_YES = re.compile(rf"^\s*(?:(?:{YES}|{ALL}|{FILLER})(?![\w'])[\s,.!:]*)+")
_UNTICKED = re.compile(r"(?:☐|▢|\[ ?\]|\(\s\))[^☐☑☒▢\[\]\n]*")
_TICKED = re.compile(r"(?:☑|☒|\[[xX✓✔]\])")
_BLANK = re.compile(r"^[\s_….\-:]*$")


def read_answer(text: str, count: int) -> Reply:
    """Return what a client's answer says about the numbers 1 to `count` of a sheet."""
    reading = _Reading(count)
    for line in _lines(text):
        reading.line(line)
    return reading.reply()


class _Reading:
    """What has been understood so far, line by line."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._said: dict[int, list[Decision]] = {}
        self._unclear: list[Unclear] = []
        self._open: list[int] = []  # the numbers whose comment goes on in the next line
        self._last: list[int] = []
        self._closing = False
        self._spoken: list[str] = []  # what can also be a yes where nothing else is said

    def line(self, line: str) -> None:
        """Understand one line."""
        plain = _plain(line)
        if not plain.strip():
            return
        starts = list(self._starts(plain))
        head = line[: starts[0][0]] if starts else line
        if head.strip(" \t,;.-*•/()[]"):
            self._unnumbered(head)
        for place, (_begin, listed, after) in enumerate(starts):
            end = starts[place + 1][0] if place + 1 < len(starts) else len(line)
            self._numbered(_numbers(listed), line[after:end])

    def reply(self) -> Reply:
        """Return everything; a number about which two different things were said is unclear."""
        decided: list[Decision] = []
        unclear = list(self._unclear)
        doubtful = {number for each in unclear for number in each.numbers}
        for number in sorted(self._said):
            said = self._said[number]
            if len({each.state for each in said}) > 1:
                words = " / ".join(each.comment or each.state.value for each in said)
                unclear.append(Unclear(words, (number,)))
            elif number not in doubtful:
                comment = "\n".join(dict.fromkeys(each.comment for each in said if each.comment))
                decided.append(Decision(number, said[0].state, comment))
        if not decided and not unclear and self._spoken:
            unclear.append(Unclear(" ".join(self._spoken)[:400]))
        return Reply(tuple(decided), tuple(unclear))

    # Pieces

    def _starts(self, plain: str) -> Iterator[tuple[int, str, int]]:
        """Where a number begins a statement: (begin, the list of numbers, where what is said of them begins)."""
        at = 0
        verdict_end = -1
        while (found := _START.search(plain, at)) is not None:
            lead, listed, after = found["lead"], found["list"], found.end()
            said = _VERDICT.match(plain, after)
            first = not plain[: found.start("list")].strip(" \t-*•([")
            numbered = bool(re.search(r"[:.)\]\-–—=>→]", found["sep"])) or not plain[after:].strip()
            known = all(1 <= each <= self._count for each in _numbers(listed))
            glued = lead.strip(" \t") == "" and not first
            begins = (first and (said is not None or (numbered and known))) or (
                said is not None and not first and (not glued or verdict_end == found.start())
            )
            if begins:
                yield found.start(), listed, after
                end = said.end() if said is not None else after
                verdict_end = end
                at = max(end, found.end())
            else:
                # "ok 1, 3 change": the last of the numbers may begin the next statement.
                one = FIRST.match(plain, found.start("list"))
                at = one.end() if one is not None else found.end("list")

    def _numbered(self, numbers: list[int], words: str) -> None:
        """ "2: change, shorter" """
        self._open = []
        known = [each for each in numbers if 1 <= each <= self._count]
        if known and _BLANK.match(words):
            return
        if len(known) != len(numbers) or not known:
            self._doubt(f"{', '.join(map(str, numbers))} {words}", known)
            return
        self._last = known
        self._judge(known, words)

    def _judge(self, numbers: list[int], words: str) -> None:
        plain = _plain(words)
        begin = len(plain) - len(plain.lstrip(" \t:.-–—)"))
        no = _IS_NO.match(plain, begin)
        yes = _IS_YES.match(plain, begin)
        if yes is not None and (no is None or yes.end() > no.end()):
            self._agreed(numbers, words, plain, yes.end())
        elif no is not None:
            self._refused(numbers, words, plain, no)
        else:
            self._doubt(f"{', '.join(map(str, numbers))} {words}", numbers)

    def _agreed(self, numbers: list[int], words: str, plain: str, end: int) -> None:
        rest = plain[end:]
        while (more := _IS_YES.match(rest.lstrip(" ,.!"))) is not None and rest.strip(" ,.!"):
            rest = rest.lstrip(" ,.!")[more.end() :]
        if "?" in rest or "¿" in plain:
            self._doubt(f"{', '.join(map(str, numbers))} {words}", numbers)
        elif _neutral(rest):
            self._say(numbers, State.APPROVED)
        elif (condition := _CONDITION.search(rest)) is not None and _neutral(rest[: condition.start()]):
            self._say(numbers, State.CHANGE, _comment(words[len(words) - len(rest) + condition.start() :]))
            self._open = numbers
        else:
            self._doubt(f"{', '.join(map(str, numbers))} {words}", numbers)

    def _refused(self, numbers: list[int], words: str, plain: str, no: re.Match[str]) -> None:
        rest, word = words[no.end() :], no.group()
        stripped = rest.lstrip()
        if word in ("no", "non", "nope", "nao") and stripped and not re.match(r"[:,.;\-–—(!]", stripped):
            if not _neutral(_plain(rest)):
                # "no hay problema": who knows.
                self._doubt(f"{', '.join(map(str, numbers))} {words}", numbers)
                return
        spoken = word.startswith(("no ", "not ", "do ", "don", "pas ", "nao ", "non "))
        comment = _comment(words if spoken and not _BLANK.match(rest) else rest)
        self._say(numbers, State.CHANGE, comment)
        self._open = numbers

    def _unnumbered(self, words: str) -> None:
        plain = _plain(words).strip()
        if self._greets(plain):
            return
        if self._open and not self._whole(words, plain):
            self._go_on(words)
        elif _CONDITION.match(plain) and self._last:
            # A "but" under a list of yeses: nobody knows to which it belongs.
            self._doubt(words, [number for number, said in self._said.items() if said[-1].state is State.APPROVED])
        elif not self._whole(words, plain) and not _neutral(plain) and not self._signs(plain):
            self._doubt(words, [])

    def _whole(self, words: str, plain: str) -> bool:
        """ "all good", "approve 1-4 but not 2", "change 2: shorter"; True when it was one of these."""
        everything = list(range(1, self._count + 1))
        leading = _VERDICT.match(plain)
        listed = (
            re.match(
                rf"[\s:]*(?:(?:a|to|para|de|del|from|da|dal|des|la|las|el|los|the|nº)\s+)*(?P<list>{LIST})",
                plain[leading.end() :],
            )
            if leading
            else None
        )
        if leading is not None and listed is not None:
            numbers = _numbers(listed["list"])
            rest_at = leading.end() + listed.end()
            offset = len(words) - len(words.lstrip())
            rest = words[offset + rest_at :]
            if any(not 1 <= each <= self._count for each in numbers):
                self._doubt(words, [each for each in numbers if 1 <= each <= self._count])
            elif _IS_NO.match(plain) and not _longer_yes(plain):
                self._last = numbers
                self._say(numbers, State.CHANGE, _comment(rest))
                self._open = numbers
            else:
                self._last = numbers
                self._all_but(numbers, rest, words)
            return True
        if not re.search(rf"\b{ALL}\b", plain) and not (self._count == 1 and leading is not None):
            return False
        if self._count == 1 and leading is not None and not re.search(rf"\b{ALL}\b", plain):
            self._last = [1]
            self._judge([1], words)
            return True
        found = _ALL_YES.match(plain)
        if found is None or not _says_yes(found.group()):
            return False
        offset = len(words) - len(words.lstrip())
        self._last = everything
        self._all_but(everything, words[offset + found.end() :], words)
        return True

    def _all_but(self, numbers: list[int], rest: str, words: str) -> None:
        """A yes to these, maybe with exceptions."""
        plain = _plain(rest)
        if "?" in plain:
            self._doubt(words, numbers)
            return
        if _neutral(plain):
            self._say(numbers, State.APPROVED)
            return
        except_ = _EXCEPTION.match(plain)
        if except_ is None:
            self._doubt(words, numbers)
            return
        outside = _numbers(except_["list"])
        if any(each not in numbers for each in outside):
            self._doubt(words, numbers)
            return
        self._say([each for each in numbers if each not in outside], State.APPROVED)
        comment = _comment(rest[except_.start("rest") :])
        self._say(outside, State.CHANGE, comment)
        self._last = self._open = outside

    def _go_on(self, words: str) -> None:
        """A comment's next line."""
        for number in self._open:
            last = self._said[number][-1]
            text = words.strip() if not last.comment else f"{last.comment}\n{words.strip()}"
            self._said[number][-1] = Decision(number, last.state, text)

    def _say(self, numbers: Iterable[int], state: State, comment: str = "") -> None:
        self._closing = False
        for number in numbers:
            self._said.setdefault(number, []).append(Decision(number, state, comment))

    def _doubt(self, words: str, numbers: Iterable[int]) -> None:
        self._open = []
        self._unclear.append(Unclear(" ".join(words.split())[:400], tuple(numbers)))

    def _greets(self, plain: str) -> bool:
        """A greeting, thanks, or what comes under them: a name."""
        if re.match(rf"{GREETING}\b[^.?!\d]{{0,40}}[,.!:]*$", plain) and not re.search(rf"\b(?:{BUT}|{NO})\b", plain):
            return True
        if re.match(SIGNED, plain) or plain in ("--", "—"):
            self._closing = True
            return True
        if _neutral(plain):
            self._spoken.append(plain)
            if re.search(rf"\b{POLITE}", plain):
                self._closing = True
                self._open = []
            return not _IS_YES.match(plain) or not (self._count == 1 and not self._said)
        return False

    def _signs(self, plain: str) -> bool:
        """Under thanks or greetings a name, a company, a telephone number."""
        return self._closing and len(plain.split()) <= 4 and not re.search(rf"\b(?:{BUT}|{NO}|{YES})\b", plain)


# Text


def _lines(text: str) -> Iterator[str]:
    """The client's own lines, without what their mail program quoted under them and without unticked boxes."""
    clean = unicodedata.normalize("NFC", text[:_LONGEST]).replace("\r\n", "\n").replace("\r", "\n")
    clean = clean.replace("\u00a0", " ").replace("\u202f", " ").replace("\ufe0f", "").replace("’", "'")
    for line in clean.split("\n"):
        plain = _plain(line).strip()
        if plain.startswith((">", "|")):
            continue
        if QUOTE_HEAD.match(plain):
            return
        if plain in ("--", "-- "):
            return
        yield _TICKED.sub("", _UNTICKED.sub("", line)).rstrip()


def _plain(text: str) -> str:
    """The same letters without accents and capitals, each at its place."""
    return "".join(_letter(each) for each in text)


def _letter(letter: str) -> str:
    if letter in "ºª":
        return "º"
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return base if len(base) == 1 else letter


def _numbers(listed: str) -> list[int]:
    found: list[int] = []
    place = 0
    for match in RANGE.finditer(listed):
        found += [int(each) for each in re.findall(r"\d+", listed[place : match.start()])]
        first, last = int(match[1]), int(match[2])
        found += range(first, last + 1) if first <= last <= first + 200 else [first, last]
        place = match.end()
    found += [int(each) for each in re.findall(r"\d+", listed[place:])]
    return list(dict.fromkeys(found))


def _neutral(plain: str) -> bool:
    """Whether words add nothing: thanks, smiles, punctuation."""
    return not plain.strip() or _NEUTRAL.fullmatch(plain) is not None


def _longer_yes(plain: str) -> bool:
    """ "no changes" is a yes that begins like a no."""
    yes, no = _IS_YES.match(plain), _IS_NO.match(plain)
    return yes is not None and (no is None or yes.end() > no.end())


def _says_yes(plain: str) -> bool:
    without = re.sub(rf"\b{ALL}\b", " ", plain)
    return bool(re.search(rf"(?<![\w']){YES}{END}", plain)) and bool(without.strip())


def _comment(words: str) -> str:
    text = words.strip().lstrip(":,.;-–—=>→ ").strip()
    return "" if _BLANK.match(text) else text

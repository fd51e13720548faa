"""From a template to the text of one answer: variables filled, other templates taken in, blanks left to the person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cmdesk.model import Template
from cmdesk.templates.grammar import MAX_TEXT, Problem, Token, check, tokens
from cmdesk.templates.languages import pick
from cmdesk.templates.variables import key_of, meant, words_for

MAX_DEPTH = 8

Others = Mapping[str, Template]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A blank of an expanded text: where it stands, what is asked, what it offers to be filled with."""

    start: int
    end: int
    word: str
    question: str = ""
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A template in one conversation; `tag` is the variant that was taken."""

    text: str
    prompts: tuple[Prompt, ...] = ()
    problems: tuple[Problem, ...] = ()
    tag: str = ""


def by_path(templates: Iterable[Template]) -> dict[str, Template]:
    """Templates by what `{> ...}` may call them: `folder/name`, or `name` alone; a brand's own before the shared."""
    found: dict[str, Template] = {}
    for each in sorted(templates, key=lambda one: (one.brand_id is None, one.id)):
        found.setdefault(_path(f"{each.category}/{each.name}"), each)
        found.setdefault(_path(each.name), each)
    return found


def expand(
    template: Template,
    *,
    language: str,
    market_id: int = 0,
    values: Mapping[str, str],
    others: Others | None = None,
    fallbacks: Iterable[str] = (),
    formal: bool = False,
) -> Expanded:
    """Return the text of the fittest variant (see `languages.variants`) with everything filled that is known.

    `values` comes from `variables.values`, `others` from `by_path`. What is not known and has no fallback stays as
    a blank `{word}` and is listed in `prompts`; an include that is missing or goes round in a circle stays as it is.
    Neither may be sent (`grammar.blanks`). An empty fallback, `{name|}`, takes the comma before it away as well.
    """
    tag, text = pick(template, language=language, market_id=market_id, fallbacks=tuple(fallbacks), formal=formal)
    work = _Work(language, market_id, tuple(fallbacks), formal, values, others or {})
    if not text:
        return Expanded("", problems=(Problem("no_text", language),), tag=tag)
    work.take(template, text, (template.id,), (template.name,))
    whole = "".join(work.out)
    return Expanded(whole, tuple(_prompts(whole, work.questions)), tuple(dict.fromkeys(work.problems)), tag)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its known variables filled; others and empty ones without fallback stay as blanks."""
    work = _Work("", 0, (), False, values, {}, includes=False)
    work.take(None, text, (), ())
    return "".join(work.out)


def spoken(values: Mapping[str, str], *, greeting: str, farewell: str, signature: str, persona: str) -> dict[str, str]:
    """Return known values with how the brand speaks: its greeting, farewell and signature filled with what is known.

    What they ask for and nobody knows falls away with its comma: "Hola, {name}" to somebody without a name is "Hola".
    """
    known = {**values, **_named("persona", persona)}
    filled = {key: fill(_optional(text), known) for key, text in (("signature", signature), ("greeting", greeting))}
    filled["farewell"] = fill(_optional(farewell), {**known, **_named("signature", filled["signature"])})
    for key, text in filled.items():
        known.update(_named(key, text))
    return known


def _named(key: str, value: str) -> dict[str, str]:
    return dict.fromkeys(words_for(key), value)


def _optional(text: str) -> str:
    """Let every variable of a phrase fall away where it is not known."""
    for token in reversed(list(tokens(text))):
        if token.word and key_of(token.word) and token.fallback is None:
            text = f"{text[: token.start]}{{{token.word}|}}{text[token.end :]}"
    return text


def examine(text: str, *, prompts: Mapping[str, str] | None = None) -> list[Problem]:
    """Say what is doubtful about a template's text by itself: its braces, and words that look like a known variable."""
    known = {word.casefold() for word in prompts or {}}
    found = check(text)
    for token in tokens(text):
        if token.word and token.word.casefold() not in known and not key_of(token.word):
            suggestion = meant(token.word)
            if suggestion:
                found.append(Problem("typo", token.word, token.start, suggestion))
    if len(text) > MAX_TEXT:
        found.append(Problem("too_long", str(len(text))))
    return sorted(found, key=lambda each: each.start)


@dataclass
class _Work:
    """One expansion: what is written so far."""

    language: str
    market_id: int
    fallbacks: tuple[str, ...]
    formal: bool
    values: Mapping[str, str]
    others: Others
    includes: bool = True
    out: list[str] = field(default_factory=list)
    questions: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    written: int = 0
    swallow: bool = False  # the next text begins a sentence whose first word fell away

    def take(self, template: Template | None, text: str, ids: tuple[int, ...], names: tuple[str, ...]) -> None:
        """Write a text; `ids` and `names` are the templates it stands in, outermost first."""
        if template is not None:
            for word, question in template.prompts.items():
                self.questions.setdefault(word.casefold(), question)
            where = names[-1] if len(names) > 1 else ""
            for each in examine(text, prompts=template.prompts):
                self.problems.append(Problem(each.code, each.detail, each.start, each.suggestion, where))
        at = 0
        for token in tokens(text):
            self._write(text[at : token.start])
            raw = text[token.start : token.end]
            if token.path:
                self._include(token, raw, ids, names)
            else:
                self._variable(token, raw)
            at = token.end
        self._write(text[at:])

    def _variable(self, token: Token, raw: str) -> None:
        value = self.values.get(token.word.casefold(), "")
        if value:
            self._write(value)
        elif not key_of(token.word) or token.fallback is None:
            self._write(raw)
        elif token.fallback:
            self._write(token.fallback)
        else:
            self._drop()

    def _include(self, token: Token, raw: str, ids: tuple[int, ...], names: tuple[str, ...]) -> None:
        if not self.includes:
            self._write(raw)
            return
        found = self.others.get(_path(token.path))
        if found is None:
            where = names[-1] if len(names) > 1 else ""
            self.problems.append(Problem("include_missing", token.path, token.start, where=where))
        elif found.id in ids:
            circle = " → ".join((*names[ids.index(found.id) :], found.name))
            self.problems.append(Problem("loop", circle, token.start))
            found = None
        elif len(ids) >= MAX_DEPTH or self.written > MAX_TEXT:
            self.problems.append(Problem("too_long", found.name, token.start))
            found = None
        if found is None:
            self._write(raw)
            return
        _tag, text = pick(
            found, language=self.language, market_id=self.market_id, fallbacks=self.fallbacks, formal=self.formal
        )
        self.take(found, text, (*ids, found.id), (*names, found.name))

    def _write(self, text: str) -> None:
        if self.swallow and text:
            text = text.lstrip(" ,")
            text = text[:1].upper() + text[1:]
            self.swallow = False
        if text:
            self.out.append(text)
            self.written += len(text)

    def _drop(self) -> None:
        """Let an empty variable fall away together with the comma or blank that led to it."""
        said = "".join(self.out[-2:])
        kept = said.rstrip(" ,")
        if not kept or kept[-1] in "\n.!?…¡¿":
            self.swallow = True
        elif kept != said:
            self.out[-2:] = [kept]


def _prompts(text: str, questions: Mapping[str, str]) -> Iterable[Prompt]:
    for token in tokens(text):
        if token.word:
            question = questions.get(token.word.casefold(), "")
            yield Prompt(token.start, token.end, token.word, question, token.fallback or "")


def _path(text: str) -> str:
    return "/".join(" ".join(part.split()) for part in text.casefold().split("/") if part.strip())

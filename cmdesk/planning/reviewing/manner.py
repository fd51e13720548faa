"""How a text speaks, against how its brand does: emoji, I or we, a greeting, subjects, an account's material (K11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import regex

from cmdesk.planning.aims import Material
from cmdesk.planning.content import parts_for
from cmdesk.planning.review import Finding, Level, Place
from cmdesk.planning.reviewing.facts import Case
from cmdesk.planning.reviewing.texts import Copy, Hit, phrases, without_quotes, words
from cmdesk.planning.reviewing.timing import hours
from cmdesk.planning.voice import FEW, Emoji, Person, Subject, Voice
from cmdesk.text import links

NO_EMOJI = "emoji"
ENOUGH = 8  # posts within a month before shares say anything
OVER = 0.15  # so much more than its share is worth a word
LEAST_WORDS = 8  # of a text that could be about something

_GRAPHEME = regex.compile(r"\X")
_IS_EMOJI = regex.compile(
    r"\p{Emoji_Presentation}|\p{Regional_Indicator}{2}|\p{Extended_Pictographic}\ufe0f|[0-9#*]\ufe0f?\u20e3"
    r"|[\u2600-\u27bf]"
)
_NOT_EMOJI = regex.compile(
    r"[\u2610-\u2612\u2605\u2606\u2660-\u2667\u266d-\u266f\u2713-\u2718\u2731-\u274c\u2776-\u27af]\ufe0e?\Z"
)
_ONE = {
    "es": r"yo|conmigo|mi|mis|soy|estoy|tengo|quiero|puedo|creo|siento|espero|pienso|sé|voy|hago|digo"
    r"|me\s+(?:alegro|alegra|encanta|gusta|llamo|pongo|encargo|ocupo|quedo)|he\s+\p{L}+[aií]do",
    "en": r"I|I['’](?:m|ve|ll|d)|my|me|mine|myself",
    "fr": r"je|j['’]\p{L}+|moi|mon|ma|mes",
    "de": r"ich|mich|mir|mein(?:e[nmrs]?)?",
    "it": r"io|sono|ho|mio|mia|miei|mie",
    "pt": r"eu|meu|minha|meus|minhas|comigo|sou|estou|tenho|quero|posso",
    "ca": r"jo|meu|meva|meus|meves|sóc|estic|tinc|vull|puc",
}
_SEVERAL = {
    "es": r"nosotr[oa]s|nuestr[oa]s?|somos|estamos|tenemos|queremos|podemos|creemos|sentimos|esperamos|sabemos|hacemos"
    r"|abrimos|ofrecemos|preparamos|hemos\s+\p{L}+[aií]do|nos\s+(?:alegra|encanta|gusta|ocupamos|encargamos|ponemos)",
    "en": r"we|we['’](?:re|ve|ll|d)|our|ours|ourselves",
    "fr": r"nous|notre|nos|nôtres?",
    "de": r"wir|unser(?:e[nmrs]?)?",
    "it": r"noi|nostr[oaie]|siamo|abbiamo|possiamo|vogliamo",
    "pt": r"nós|noss[oa]s?|somos|estamos|temos|queremos|podemos",
    "ca": r"nosaltres|nostr[ea]s?|som|estem|tenim|volem|podem",
}
_GREETINGS = regex.compile(
    r"""(?xi)\A[\s¡¿!\p{So}\p{Sk}\ufe0f\u200d]*(?:@[\w.@-]+[\s,:]*)*[\s¡¿!\p{So}\ufe0f\u200d]*(?:
      hola|buenas|buen(?:os)?\s+d[ií]as?|buenas\s+(?:tardes|noches)|estimad[oa]s?|querid[oa]s?|saludos|muy\s+buenas|gracias
    | hello|hi|hey|dear|good\s+(?:morning|afternoon|evening)|thanks?|thank\s+you
    | bonjour|bonsoir|salut|coucou|ch[eè]re?s?|merci
    | hallo|guten\s+(?:tag|morgen|abend)|liebe[rs]?|moin|servus|grüß\s+gott|danke|sehr\s+geehrte[rs]?
    | ciao|salve|buongiorno|buonasera|gentile|car[oa]|grazie
    | olá|oi|bom\s+dia|boa\s+(?:tarde|noite)|prezad[oa]|car[oa]|obrigad[oa]
    | bon\s+dia|bona\s+tarda|bon\s+vespre|benvolgu(?:t|da)|gràcies
    )(?!\w)"""
)


def check(case: Case, texts: list[Copy]) -> Iterator[Finding]:
    """Yield what a post says otherwise than its brand does."""
    voice = case.facts.voice
    yield from emoji(voice, texts)
    yield from person(voice, ((copy, case.language_at(copy.place.key)) for copy in texts))
    yield from _subjects(case, texts)
    yield from _material(case)


# Emoji


def emoji_of(text: str) -> list[tuple[int, int]]:
    """Return where the emoji of a text stand; ticks, arrows and numbers in circles are none."""
    return [
        match.span()
        for match in _GRAPHEME.finditer(text)
        if not match[0].isascii() and _IS_EMOJI.search(match[0]) and not _NOT_EMOJI.match(match[0])
    ]  # fmt: skip


def emoji(voice: Voice, texts: Iterable[Copy]) -> Iterator[Finding]:
    """Say where there are emoji that the brand does not use, or more than a few."""
    if voice.emoji not in (Emoji.NONE, Emoji.FEW):
        return
    for copy in texts:
        found = emoji_of(copy.text) if copy.kind == "text" else []
        if voice.emoji == Emoji.NONE and found:
            said = tuple(dict.fromkeys(copy.text[start:end] for start, end in found))[:5]
            yield Finding(Level.WARNING, "emoji_none", place=copy.at(*found[0]), fix=NO_EMOJI, said=said)
        elif len(found) > FEW:
            yield Finding(Level.HINT, "emoji_many", place=copy.at(*found[FEW]), said=(str(len(found)), str(FEW)))


def without_emoji(text: str) -> str:
    """Return a text without its emoji, and without the blanks that stood around them."""
    for start, end in reversed(emoji_of(text)):
        before, after = text[:start], text[end:]
        if not before or before[-1] == "\n":
            after = after.lstrip(" ")
        elif not after or after[0] in " \n.,;:!?)":
            before = before.rstrip(" ")
        elif before[-1] == " ":
            after = after.lstrip(" ")
        text = before + after
    return text


# I and we


@lru_cache(maxsize=16)
def _patterns(language: str) -> tuple[regex.Pattern[str], regex.Pattern[str]] | None:
    if language not in _ONE:
        return None
    flags = 0 if language == "en" else regex.I  # "i" alone is a slip, "I" is somebody
    one = _ONE[language] if language != "en" else _ONE["en"].replace("|my|me|", "|[Mm]y|me|")
    several = _SEVERAL[language]
    return (
        regex.compile(rf"(?<![\w'’-])(?P<w>{one})(?![\w'’-])", flags),
        regex.compile(rf"(?<![\w'’-])(?P<w>{several})(?![\w'’-])", regex.I),
    )


def person(voice: Voice, texts: Iterable[tuple[Copy, str]]) -> Iterator[Finding]:
    """Say where a text says I and its brand says we, or the other way, or both; each text with its language."""
    if voice.person == Person.ANY:
        return
    for copy, language in texts:
        patterns = _patterns(language)
        if copy.kind != "text" or patterns is None:
            continue
        clear = without_quotes(copy.text)
        one, several = (list(pattern.finditer(clear)) for pattern in patterns)
        wrong, right = (one, several) if voice.person == Person.SEVERAL else (several, one)
        if not wrong:
            continue
        said = [copy.text[slice(*each.span("w"))] for each in (*right[:1], *wrong[:2])]
        yield Finding(
            Level.WARNING,
            "person_mixed" if right else "person_other",
            detail=voice.person,
            place=copy.at(*wrong[0].span("w")),
            said=tuple(dict.fromkeys(said)),
        )


# A greeting


def greets(text: str, greeting: str = "") -> bool:
    """Say whether an answer begins with a greeting: a usual one, or the brand's own."""
    begins = " ".join(text.split()).casefold()
    own = greeting.partition("{")[0].strip(" ,!¡").casefold()
    return bool(_GREETINGS.match(text)) or bool(own and own in begins[: len(own) + 60])


def greeting(voice: Voice, copy: Copy, language: str) -> Iterator[Finding]:
    """Say that a first answer begins without a greeting, where the brand greets."""
    if voice.greets and len(words(copy.text)) > 2 and not greets(copy.text, voice.tongue(language).greeting):
        yield Finding(Level.HINT, "greeting_missing", place=copy.at(0, 0), said=(voice.tongue(language).greeting,))


# Subjects


def _subjects(case: Case, texts: list[Copy]) -> Iterator[Finding]:
    voice = case.facts.voice
    shared = [each for each in voice.subjects if each.share]
    said = [copy for copy in texts if copy.kind == "text"]
    if not shared or not said or max(len(words(copy.text)) for copy in said) < LEAST_WORDS:
        return
    at = min(hours(case.post.targets).values(), default=case.facts.now)
    before = [each.text for each in case.facts.earlier if each.at < at and len(words(each.text)) >= LEAST_WORDS]
    if len(before) < ENOUGH:
        return
    touched = [about(text, voice.subjects) for text in before]
    mine = frozenset().union(*(about(copy.text, voice.subjects) for copy in said))
    total = len(before) + 1
    off = sum(1 for each in touched if not each)
    room = 1 - sum(each.share for each in voice.subjects) / 100
    if not mine and (off + 1) / total > room + OVER:
        names = ", ".join(each.name for each in voice.subjects[:4])
        yield Finding(Level.HINT, "off_subject", said=(str(off + 1), str(total), names))
    for each in shared:
        count = sum(1 for names in touched if each.name in names) + 1
        if each.name in mine and count / total > each.share / 100 + OVER:
            share = str(round(100 * count / total))
            yield Finding(Level.HINT, "subject_share", detail=each.name, said=(each.name, share, str(each.share)))


@lru_cache(maxsize=1024)
def about(text: str, subjects: tuple[Subject, ...]) -> frozenset[str]:
    """Return of which subjects a text speaks, by their words and their name."""

    def first(subject: Subject) -> Hit | None:
        return next(iter(phrases((subject.name, *subject.words)).find(text)), None)

    return frozenset(each.name for each in subjects if first(each) is not None)


# Material


def _material(case: Case) -> Iterator[Finding]:
    for account in case.accounts:
        aim = case.facts.aims.get(account.id)
        if aim is None or aim.material == Material.ANY:
            continue
        parts = parts_for(case.post, network=account.network, account_id=account.id)
        media = [each.media.mime for _number, _text, some in parts for each in some]
        if aim.material == Material.PICTURES and not media:
            yield Finding(Level.WARNING, "material_pictures", account.id)
        elif aim.material == Material.VIDEO and not any(each.startswith("video/") for each in media):
            yield Finding(Level.WARNING, "material_video", account.id)
        elif aim.material == Material.WORDS and media:
            yield Finding(Level.HINT, "material_words", account.id)
        elif aim.material == Material.LINKS and not case.post.card and not any(links(text) for _n, text, _m in parts):
            yield Finding(Level.WARNING, "material_links", account.id, place=Place())

"""Putting one word for another as it stands there: number, gender, capitals, and the article before it.

Only where that is sure: a word whose form cannot be told, or whose article would not agree, is left to the person.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from cmdesk.planning.reviewing.texts import fold

PLURAL, FEMININE = "plural", "feminine"
_ACCENTED = str.maketrans("áéíóú", "aeiou")
_GAINS_ACCENT = {
    "joven": "jóvenes", "imagen": "imágenes", "origen": "orígenes", "orden": "órdenes", "examen": "exámenes",
    "resumen": "resúmenes", "volumen": "volúmenes", "margen": "márgenes", "virgen": "vírgenes",
    "carácter": "caracteres",
    "crimen": "crímenes", "germen": "gérmenes", "dictamen": "dictámenes",
}  # fmt: skip
_IRREGULAR_EN = frozenset("man woman child person foot tooth mouse goose ox sheep fish series species".split())
# Feminine as it is, in Spanish, Italian and Portuguese.
_EITHER = regex.compile(r"(?:e|al|il|[aeio]z|ista|ense|ar)$")
# By language: determiners that say which gender follows.
_MASCULINE = {
    "es": frozenset(
        (
            "el los un unos del al este estos ese esos aquel aquellos "
            "nuestro nuestros vuestro mucho muchos poco pocos todo todos otro otros"
        ).split()
    ),
    "it": frozenset(
        (
            "il lo i gli un uno del dello dei degli al allo ai agli nel questo questi quel quello quei nostro nostri"
        ).split()
    ),
    "pt": frozenset("o os um uns do dos ao aos no nos pelo este estes esse esses nosso nossos".split()),
    "fr": frozenset("le un du au ce cet nouveau beau".split()),
    "ca": frozenset("el els un uns del dels al als aquest aquests nostre nostres".split()),
    "de": frozenset("der des dem den ein eines einem einen".split()),
}
_WOMANLY = {
    "es": frozenset(
        (
            "la las una unas esta estas esa esas aquella aquellas nuestra "
            "nuestras vuestra mucha muchas poca pocas toda todas otra otras"
        ).split()
    ),
    "it": frozenset("la le una della delle alla alle nella questa queste quella quelle nostra nostre".split()),
    "pt": frozenset("a as uma umas da das à às na nas pela esta estas essa essas nossa nossas".split()),
    "fr": frozenset("la une cette nouvelle belle".split()),
    "ca": frozenset("la les una unes aquesta aquestes nostra nostres".split()),
    "de": frozenset("die eine einer".split()),
}
_ENDS_WOMANLY = {
    "es": regex.compile(r"(?:ci[oó]n|si[oó]n|dad|tad|tud|umbre|eza|(?<!em|am|om|im)a)(?:e?s)?$"),
    "it": regex.compile(r"(?:zion[ei]|sion[ei]|tà|(?<!m|t)a)$"),
    "pt": regex.compile(r"(?:ç[ãõ]oe?s?|dades?|gem|gens|(?<!m)as?)$"),
    "fr": regex.compile(r"(?:tions?|sions?|tés?|ettes?|esses?|ances?|ences?)$"),
    "ca": regex.compile(r"(?:cions?|ció|tats?|a|es)$"),
    "de": regex.compile(r"(?:ung|heit|keit|schaft|tion|tät)(?:en)?$"),
}
_ENDS_MANLY = {
    "es": regex.compile(r"(?:[^a]o|or|aje|ón)(?:e?s)?$"),
    "it": regex.compile(r"(?:o|ore|ori)$"),
    "pt": regex.compile(r"(?:o|or)(?:e?s)?$"),
    "fr": regex.compile(r"(?:age|ment|isme|eur)s?$"),
    "ca": regex.compile(r"(?:atge|ment|or)s?$"),
    "de": regex.compile(r"(?:ling|ismus|tor)$"),
}
_OTHER_ES = {
    "el": "la", "los": "las", "un": "una", "unos": "unas", "del": "de la", "al": "a la", "este": "esta",
    "estos": "estas", "ese": "esa", "esos": "esas", "nuestro": "nuestra", "nuestros": "nuestras", "vuestro": "vuestra",
    "mucho": "mucha", "muchos": "muchas", "poco": "poca", "pocos": "pocas", "todo": "toda", "todos": "todas",
    "otro": "otra", "otros": "otras", "aquel": "aquella", "aquellos": "aquellas",
}  # fmt: skip
_BACK_ES = {each: key for key, each in _OTHER_ES.items() if " " not in each}
_BEFORE = regex.compile(r"(?:^|(?<=[\s«“\"(¿¡]))(?P<w>\p{L}+(?:['’])?)[ \u00a0]*+$")
_AFTER = regex.compile(r"\A[ \u00a0]+(?P<w>\p{L}+)")
_PLAIN_AFTER = frozenset(
    "de del que y e o u en para con a al por sin es está son están se no ni como cuando si más".split()
)
_VOWEL = regex.compile(r"[aeiouàáâäèéêëìíîïòóôöùúûüh]", regex.I)
_ELIDES = frozenset({"fr", "ca", "it"})
_ELIDING = frozenset("le la de que je ne se me te el il lo un una del al dal nel".split())


def plural(word: str, language: str) -> str | None:
    """Return a word in the plural, None where that is not sure."""
    end = word[-1:]
    match language:
        case "es":
            if word in _GAINS_ACCENT:
                return _GAINS_ACCENT[word]
            if end in "aeoáéó":
                return f"{word}s"
            if end == "z":
                return f"{word[:-1]}ces"
            if end in "sx":
                return f"{word[:-2]}{word[-2:].translate(_ACCENTED)}es" if word[-2:-1] in "áéíóú" else word
            if end in "íú":
                return f"{word}es"
            if end in "lrndj":
                return f"{word[:-2]}{word[-2].translate(_ACCENTED)}{end}es" if end == "n" else f"{word}es"
        case "en":
            if word in _IRREGULAR_EN:
                return None
            if word.endswith(("s", "x", "z", "ch", "sh")):
                return f"{word}es"
            if end == "y" and word[-2:-1] not in "aeiou":
                return f"{word[:-1]}ies"
            return f"{word}s" if end.isalpha() and end != "f" else None
        case "fr":
            if end in "sxz":
                return word
            if word.endswith(("eau", "au", "eu")):
                return f"{word}x"
            return f"{word[:-1]}ux" if word.endswith("al") else f"{word}s"
        case "it":
            if word.endswith(("co", "go", "cia", "gia", "ista")):
                return None
            if end in "àèéìòù" or end not in "aeio":
                return word
            if word.endswith(("ca", "ga")):
                return f"{word[:-1]}he"
            if word.endswith("io"):
                return word[:-1]
            return word[:-1] + {"o": "i", "a": "e", "e": "i", "i": "i"}[end]
        case "pt":
            if word.endswith("ção"):
                return f"{word[:-2]}ões"
            if word.endswith("al"):
                return f"{word[:-1]}is"
            if end == "m":
                return f"{word[:-1]}ns"
            if end in "rz":
                return f"{word}es"
            return f"{word}s" if end in "aeoéê" and not word.endswith("ão") else None
        case "ca":
            for last, many in (("ca", "ques"), ("ga", "gues"), ("ja", "ges"), ("ça", "ces"), ("a", "es")):
                if word.endswith(last):
                    return word.removesuffix(last) + many
            return f"{word}s" if end in "eoubdfglmnprt" and not word.endswith("ig") else None
    return None


def feminine(word: str, language: str) -> str | None:
    """Return an adjective in the feminine, None where that is not sure."""
    if language in ("es", "it", "pt"):
        if word.endswith("o") and not word.endswith("ão"):
            return f"{word[:-1]}a"
        return word if _EITHER.search(word) else None
    if language == "fr":
        for last, other in (
            ("eux", "euse"),
            ("er", "ère"),
            ("if", "ive"),
            ("el", "elle"),
            ("en", "enne"),
            ("on", "onne"),
        ):
            if word.endswith(last):
                return word.removesuffix(last) + other
        return word if word.endswith("e") else f"{word}e"
    if language == "en":
        return word
    return None


@lru_cache(maxsize=512)
def inflected(phrase: str, said: str, say: str, language: str) -> str | None:
    """Return `say` in the form in which `said` is `phrase`, in its capitals; None where that cannot be told."""
    forms = _forms(phrase.lower().split(), said.lower().split(), language)
    if forms is None:
        return None
    put: str | None = say
    if forms:
        if " " in say.strip():
            return None
        head = say if say[1:] != say[1:].lower() else say[:1].lower() + say[1:]
        put = head
        for each in forms:
            put = None if put is None else (feminine if each == FEMININE else plural)(put, language)
        if put is None:
            return None
        if say[:1].isupper() and language == "de":
            put = put[:1].upper() + put[1:]
    return None if put is None else _in_capitals(put, said, phrase)


def _forms(phrase: list[str], said: list[str], language: str) -> tuple[str, ...] | None:
    """What makes the said words of the asked ones; None when nothing that is known does."""
    if len(phrase) != len(said):
        return None
    found: set[tuple[str, ...]] = set()
    for asked, each in zip(phrase, said, strict=True):
        if fold(asked) == fold(each):
            continue
        woman = feminine(asked, language) if asked.endswith("o") or language == "fr" else None
        candidates = (
            ((PLURAL,), plural(asked, language)),
            ((FEMININE,), woman),
            ((FEMININE, PLURAL), None if woman is None else plural(woman, language)),
        )
        fit = next((forms for forms, word in candidates if word is not None and fold(word) == fold(each)), None)
        if fit is None:
            return None
        found.add(fit)
    if len(found) > 1:
        return None
    return found.pop() if found else ()


def _in_capitals(put: str, said: str, phrase: str) -> str:
    letters = [each for each in said if each.isalpha()]
    if len(letters) > 2 and all(each.isupper() for each in letters) and not phrase.isupper():
        return put.upper()
    return put[:1].upper() + put[1:] if said[:1].isupper() and not phrase[:1].isupper() else put


def agreed(before: str, put: str, after: str, *, was: str, language: str) -> tuple[str, str] | None:
    """Return (what stands before, the word) so that they agree; None where they would not, or nobody can tell.

    `before` is the sentence up to the word, `after` what follows, `was` the word that stood there.
    """
    match = _BEFORE.search(before)
    if match is None:
        return before, put
    word = match["w"]
    lower = word.lower()
    if language == "en":
        if lower not in ("a", "an"):
            return before, put
        article = "an" if regex.match(r"(?i)(?:[aeio]|u(?!ni|se|ti|r[aeiou]))", put) else "a"
        article = article.upper() if word.isupper() and len(word) > 1 else article
        shown = article[:1].upper() + article[1:] if word[0].isupper() else article
        return before[: match.start("w")] + shown + before[match.end("w") :], put
    if language in _ELIDES and bool(_VOWEL.match(put)) is not bool(_VOWEL.match(was)):
        if word[-1] in "'’" or lower in _ELIDING:
            return None
    wanted = _gender(put.split()[0].lower(), language)
    womanly, manly = lower in _WOMANLY.get(language, ()), lower in _MASCULINE.get(language, ())
    if not (womanly or manly) or wanted == "" or (wanted == "f") is womanly:
        return before, put
    other = (_OTHER_ES if manly else _BACK_ES).get(lower) if language == "es" else None
    follows = _AFTER.match(after)
    if other is None or (follows is not None and _agrees(follows["w"].lower())):
        return None
    shown = other[:1].upper() + other[1:] if word[0].isupper() else other
    return before[: match.start("w")] + shown + before[match.end("w") :], put


def _agrees(word: str) -> bool:
    """Whether the word after might be an adjective that would have to change, too."""
    return word not in _PLAIN_AFTER and word.endswith(("o", "a", "os", "as"))


def _gender(word: str, language: str) -> str:
    womanly, manly = _ENDS_WOMANLY.get(language), _ENDS_MANLY.get(language)
    if womanly is not None and womanly.search(word):
        return "f"
    return "m" if manly is not None and manly.search(word) else ""

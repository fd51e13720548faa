"""The file of a voice: whatever is said comes back the same; what is wrong is named (K11)."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from cmdesk.errors import Invalid
from cmdesk.planning.aims import Aim, Material
from cmdesk.planning.voice import TONE_MOST, TONES, Emoji, Formality, Person, Subject, Tongue, Voice, parse, plain
from cmdesk.planning.voice_book import MOST_BYTES, AccountAim, Book, from_text, taken, to_text

HARD = [
    "Ñandú",
    'di "hola"',
    "c:\\pan",
    "línea\tcon tabulador",
    "'''",
    '"""',
    "# no",
    "a = b",
    "[x]",
    "😀",
    "\x7f",
    "a\u2028b",
]
HEAD = 'format = "cmdesk-voice"\nversion = 1\n'


def word(dice: random.Random) -> str:
    return " ".join(" ".join(dice.sample(HARD, dice.randint(1, 3))).split())


def some(dice: random.Random, most: int = 4) -> tuple[str, ...]:
    return tuple(f"{n} {word(dice)}" for n in range(dice.randint(0, most)))


def any_voice(dice: random.Random) -> Voice:
    tags = dice.sample(["es", "en", "es-MX", "pt-BR", "ca", "de"], dice.randint(0, 4))
    return Voice(
        persona=word(dice),
        age=dice.choice(["", "35"]),
        traits=some(dice),
        tone={axis: step for axis in TONES if (step := dice.randint(-TONE_MOST, TONE_MOST))},
        person=dice.choice(list(Person)),
        emoji=dice.choice(list(Emoji)),
        greets=dice.random() < 0.5,
        tongues={tag: Tongue(dice.choice(list(Formality)), word(dice), word(dice), "", word(dice)) for tag in tags},
        subjects=tuple(
            Subject(f"{n} {word(dice)}", some(dice), dice.choice([0, 10, 25])) for n in range(dice.randint(0, 4))
        ),
        never=some(dice),
        notes=f"{word(dice)}\n\n{word(dice)}",
    )


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_said_comes_back_the_same(seed: int) -> None:
    dice = random.Random(seed)
    voice = parse(plain(any_voice(dice)))
    aim = Aim(
        None,
        word(dice),
        word(dice),
        dice.choice(list(Material)),
        dice.random() < 0.5,
        word(dice),
        "https://a.example/x",
    )
    book = Book(
        voice,
        instead={each: word(dice) for each in some(dice)},
        words={"forbidden": some(dice), "domain": ("pan.example",)},
        numbers={"max_hashtags": dice.randint(0, 30), "product_streak": 3},
        formal=dice.random() < 0.5,
    )
    text = to_text(
        book, brand=word(dice), topics_off=["alcohol"], accounts=[AccountAim("mastodon", "pan@x.example", aim)]
    )
    back = from_text(text)
    assert back.voice == voice
    assert (dict(back.instead), back.formal, dict(back.numbers)) == (
        dict(book.instead),
        book.formal,
        dict(book.numbers),
    )
    assert back.words["forbidden"] == book.words["forbidden"] and back.topics_off == ("alcohol",)
    (account,) = back.accounts
    assert (account.handle, account.aim.goal, account.aim.community) == ("pan@x.example", aim.goal, aim.community)


@pytest.mark.parametrize("seed", range(300))
def test_a_file_that_was_damaged_is_read_or_refused_with_a_code(seed: int) -> None:
    dice = random.Random(seed)
    text = list(to_text(Book(any_voice(dice)), brand="Pan", topics_off=(), accounts=()))
    for _time in range(dice.randint(1, 5)):
        place = dice.randrange(len(text))
        text[place : place + dice.randint(0, 8)] = dice.choice(["", "\x00", '"', "[", "=", "\n", "9", "true"])
    try:
        from_text("".join(text))
    except Invalid as problem:
        assert problem.code.startswith(("voice_", "aim_"))


@pytest.mark.parametrize(
    ("text", "code", "detail"),
    [
        ("", "voice_file", "format"),
        ('format = "cmdesk-voice"\nversion = true\n', "voice_file", "version"),
        (f"{HEAD}sound = 1\n", "voice_file", "sound"),
        (f"{HEAD}[words]\nrude = []\n", "voice_file", "words.rude"),
        (f'{HEAD}[words]\nforbidden = "cheap"\n', "voice_file", "words.forbidden"),
        (f"{HEAD}[numbers]\nmax_hashtags = true\n", "voice_file", "numbers.max_hashtags"),
        (f"{HEAD}[instead]\ncheap = 3\n", "voice_file", "instead.cheap"),
        (f'{HEAD}[voice]\ntraits = "close"\n', "voice_value", "traits"),
        (f'{HEAD}[voice]\nperson = "they"\n', "voice_value", "person"),
        (f"{HEAD}[voice]\ngreets = 1\n", "voice_value", "greets"),
        (f'{HEAD}[voice.tongues."9x"]\npersona = "A"\n', "voice_value", "tongues.9x"),
        (f'{HEAD}[voice.tongues.es]\nnickname = "A"\n', "voice_field", "tongues.es.nickname"),
        (f'{HEAD}[voice]\npersona = "{"x" * 2001}"\n', "voice_long", "persona"),
        (f'{HEAD}[[voice.subjects]]\nname = "A"\nshare = 101\n', "voice_value", "subjects.1.share"),
        (f'{HEAD}[[voice.subjects]]\nwords = ["a"]\n', "voice_value", "subjects.1.name"),
        (f'{HEAD}[[voice.subjects]]\nname = "A"\n[[voice.subjects]]\nname = "a"\n', "voice_twice", "A"),
        (f"{HEAD}account = 3\n", "voice_file", "account"),
        (f'{HEAD}[[account]]\nsecret = "x"\n', "voice_file", "account.1.secret"),
        (f'{HEAD}[[account]]\nrules_url = "javascript:1"\n', "aim_url", "javascript:1"),
    ],
)
def test_what_is_wrong_is_named(text: str, code: str, detail: str) -> None:
    with pytest.raises(Invalid) as told:
        from_text(text)
    assert (told.value.code, told.value.detail) == (code, detail)


def test_a_deep_file_is_refused_and_no_crash() -> None:
    with pytest.raises(Invalid) as told:
        from_text("a = " + "[" * (MOST_BYTES // 100))
    assert told.value.code == "voice_file"


def test_another_brands_file_brings_its_way_but_not_its_name() -> None:
    now = Book(
        words={"domain": ("mine.example",), "forbidden": ("old",)},
        aims={7: Aim(3)},
        silent=frozenset({("holiday", "x")}),
    )
    book = Book(
        Voice(age="30"), words={"domain": ("theirs.example",), "forbidden": ("cheap",)}, numbers={"max_hashtags": 2}
    )
    goal = [AccountAim("mastodon", "pan", Aim(None, "Sell")), AccountAim("bluesky", "gone", Aim(None, "Sing"))]
    said = from_text(to_text(book, brand="Theirs", topics_off=["alcohol", "nonsense"], accounts=goal))
    found = taken(now, said, brand="Mine", accounts={7: ("mastodon", "Pan@plaza.example")})
    assert found.foreign and found.missing == ("gone",)
    assert found.book.words["domain"] == ("mine.example",) and found.book.words["forbidden"] == ("cheap",)
    assert found.book.aims[7] == Aim(3, "Sell"), "its market is this brand's"
    assert found.book.silent == {("holiday", "x"), ("sensitive_topic", "alcohol")}
    own = taken(now, replace(said, brand="MINE"), brand="Mine", accounts={})
    assert not own.foreign and own.book.words["domain"] == ("theirs.example",)


def test_a_language_falls_back_to_itself_without_its_country() -> None:
    voice = Voice(tongues={"es": Tongue(greeting="Hola"), "es-MX": Tongue(formality="formal", persona="Lupe")})
    assert voice.tongue("es-MX") == Tongue("formal", "Lupe", "Hola")
    assert voice.tongue("es-AR") == Tongue(greeting="Hola") and voice.tongue("fr") == Tongue()
    assert voice.formal("es-MX", otherwise=False) and not voice.formal("es", otherwise=False)

"""How a brand speaks, against what a post says: its words, emoji, I and we, subjects, material (K11, K12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cmdesk.model import Account, Media, Post, PostMedia
from cmdesk.planning.aims import Aim
from cmdesk.planning.review import Finding, Level
from cmdesk.planning.reviewing import Earlier, fixed
from cmdesk.planning.reviewing.inflection import inflected
from cmdesk.planning.reviewing.manner import emoji_of, greets, without_emoji
from cmdesk.planning.reviewing.vocabulary import replaced
from cmdesk.planning.voice import Subject, Tongue, Voice
from cmdesk.wording_review import can_ignore, finding_text, fix_text
from tests.core.planning.reviewing_desk import NOW, PICTURE, account, codes, facts, reviewed

SAYS = {"barato": "asequible", "cliente": "huésped", "gasto": "inversión", "comida": "cocina", "Panes": "hogazas"}


def of(code: str, text: str, **more: object) -> Finding:
    return next(each for each in reviewed(text, **more) if each.code == code)  # type: ignore[arg-type]


# Instead of X say Y


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("Un sitio barato y rico", "Un sitio asequible y rico"),
        ("Cosas BARATAS hoy", "Cosas ASEQUIBLES hoy"),
        ("Baratos y buenos", "Asequibles y buenos"),
        ("Cada cliente es único", "Cada huésped es único"),
        ("Nuestros clientes vuelven", "Nuestros huéspedes vuelven"),
        ("No es un gasto, es salud", "No es una inversión, es salud"),
        ("Del gasto al ahorro", "De la inversión al ahorro"),
        ("La comida de hoy", "La cocina de hoy"),
    ],
)
def test_a_word_is_put_in_the_form_it_has_to_have(text: str, mended: str) -> None:
    for word, say in SAYS.items():
        text = replaced(text, word, say, "es")
    assert text == mended


@pytest.mark.parametrize(
    "text",
    [
        "Él lo gasta todo",  # a verb
        "Un gasto pequeño",  # the adjective behind would have to change, too
        "Dicen «es barato» de todo",  # somebody else's words
        "Mira @barato y #barato en https://barato.example",
    ],
)
def test_what_is_not_sure_is_left_alone(text: str) -> None:
    for word, say in SAYS.items():
        assert replaced(text, word, say, "es") == text


@pytest.mark.parametrize(
    ("language", "phrase", "said", "say", "put"),
    [
        ("es", "barato", "baratas", "económico", "económicas"),
        ("es", "joven", "jóvenes", "chaval", "chavales"),
        ("es", "rebaja", "rebajas", "promoción", "promociones"),
        ("es", "cliente", "clientes", "amigo de la casa", None),
        ("en", "cheap thing", "cheap things", "find", "finds"),
        ("en", "company", "Companies", "family", "Families"),
        ("en", "customer", "customers", "person", None),
        ("fr", "client", "clients", "hôte", "hôtes"),
        ("fr", "prix", "prix", "tarif", "tarif"),
        ("it", "cliente", "clienti", "ospite", "ospiti"),
        ("it", "caro", "cara", "prezioso", "preziosa"),
        ("pt", "cliente", "clientes", "hóspede", "hóspedes"),
        ("ca", "client", "clients", "hoste", "hostes"),
        ("de", "Kunde", "Kunde", "Gast", "Gast"),
        ("de", "Kunde", "Kunden", "Gast", None),
    ],
)
def test_forms_of_each_language(language: str, phrase: str, said: str, say: str, put: str | None) -> None:
    assert inflected(phrase, said, say, language) == put


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("A cheap meal", "An affordable meal"),
        ("It is an offer", "It is a deal"),
        ("CHEAP food", "AFFORDABLE food"),
    ],
)
def test_the_english_article_follows(text: str, mended: str) -> None:
    for word, say in (("cheap", "affordable"), ("offer", "deal")):
        text = replaced(text, word, say, "en")
    assert text == mended


def test_an_elided_article_is_not_guessed() -> None:
    assert replaced("le client est roi", "client", "hôte", "fr") == "le client est roi"
    assert replaced("notre client est roi", "client", "hôte", "fr") == "notre hôte est roi"


def test_the_finding_says_both_words_and_mends_with_one_key() -> None:
    known = facts(instead={"barato": "asequible"})
    found = of("say_instead", "Pan barato cada día", known=known)
    assert (found.level, found.fix, found.said[:2]) == (Level.WARNING, "instead", ("barato", "asequible"))
    assert finding_text(found, []) == "This brand does not say “barato” but “asequible”."
    assert fix_text(found) == "Say “asequible”"
    assert can_ignore(found)
    post = Post(7, 1, "Pan barato cada día", media=(PICTURE,))
    assert fixed(post, found).text == "Pan asequible cada día"


def test_where_it_cannot_be_put_it_is_only_told() -> None:
    found = of("say_instead", "Vemos que gasta mucho", known=facts(instead=SAYS))
    assert found.fix == ""


def test_one_word_in_two_texts_is_one_finding() -> None:
    found = [
        each
        for each in reviewed("Pan barato", known=facts(instead=SAYS), variants={"mastodon": "Muy barato"})
        if each.code == "say_instead" and each.detail == "barato"
    ]
    assert len(found) == 1
    assert found[0].place is not None
    assert found[0].place.key == "mastodon"


def test_without_words_nothing_is_said() -> None:
    assert "say_instead" not in codes("Pan barato")


# Emoji


@pytest.mark.parametrize(
    ("text", "count"),
    [("Pan 🍞 y café ☕️", 2), ("👩‍🍳 👍🏽 🇪🇸", 3), ("✓ 100 % ★ © → ①", 0), ("1️⃣ y 2️⃣", 2), ("❤ ❤️", 2), ("Nada", 0)],
)
def test_emoji_are_counted_as_people_see_them(text: str, count: int) -> None:
    assert len(emoji_of(text)) == count


def test_a_brand_without_emoji_hears_of_each_and_takes_them_out() -> None:
    known = facts(voice=Voice(emoji="none"))
    found = of("emoji_none", "🥖 Pan recién hecho 🔥, ¡ven! 👋", known=known)
    assert found.said == ("🥖", "🔥", "👋")
    post = Post(7, 1, "🥖 Pan recién hecho 🔥, ¡ven! 👋", media=(PICTURE,))
    assert fixed(post, found).text == "Pan recién hecho, ¡ven!"


@pytest.mark.parametrize(
    ("text", "without"),
    [("a 🍞 b", "a b"), ("🍞\nb", "\nb"), ("hola 🍞\nb", "hola\nb"), ("(🍞)", "()"), ("a🍞b", "ab"), ("🍞🍞", "")],
)
def test_no_blank_is_left_where_an_emoji_was(text: str, without: str) -> None:
    assert without_emoji(text) == without


def test_few_are_two_and_many_are_no_matter() -> None:
    text = "Pan 🍞 café ☕ y mantequilla 🧈"
    assert "emoji_many" in codes(text, known=facts(voice=Voice(emoji="few")))
    assert "emoji_many" not in codes("Pan 🍞 y café ☕", known=facts(voice=Voice(emoji="few")))
    assert not {"emoji_many", "emoji_none"} & codes(text, known=facts(voice=Voice(emoji="many")))


# I and we


@pytest.mark.parametrize(
    ("person", "language", "text", "code"),
    [
        ("we", "es", "Mañana estoy en la tienda con mi pan", "person_other"),
        ("we", "es", "Os esperamos en nuestra tienda", ""),
        ("we", "es", "Tengo ganas de que probéis nuestro pan", "person_mixed"),
        ("i", "es", "Hemos abierto y os esperamos", "person_other"),
        ("i", "es", "He abierto y os espero", ""),
        ("we", "en", "I baked it myself", "person_other"),
        ("we", "en", "We baked it, i.e. our oven did", ""),
        ("i", "en", "My oven and our shop", "person_mixed"),
        ("we", "fr", "Je vous attends dans ma boutique", "person_other"),
        ("we", "de", "Ich freue mich auf euch", "person_other"),
        ("we", "it", "Ho preparato il mio pane", "person_other"),
        ("we", "pt", "Eu fiz o meu pão", "person_other"),
        ("we", "ca", "Jo he fet el meu pa", "person_other"),
        ("we", "es", "Una clienta dice: «yo vengo por mi pan»", ""),
        ("", "es", "Tengo nuestro pan", ""),
    ],
)
def test_i_and_we(person: str, language: str, text: str, code: str) -> None:
    found = codes(text, known=facts(language=language, voice=Voice(person=person)))
    assert found & {"person_other", "person_mixed"} == ({code} if code else set())


def test_what_the_brand_says_is_named() -> None:
    found = of("person_other", "Tengo pan", known=facts(voice=Voice(person="we")))
    assert finding_text(found, []) == "This brand says “we”, and the text: Tengo."


# Tú and usted by language


@pytest.mark.parametrize(
    ("tag", "formality", "text", "code"),
    [
        ("pt-PT", "", "Você é especial para a nossa casa", "address_other"),
        ("pt-BR", "", "Você é especial para a nossa casa", ""),
        ("pt-BR", "formal", "Tu és especial para a nossa casa", "address_other"),
        ("fr", "formal", "Tu vas adorer ton petit déjeuner", "address_other"),
        ("fr", "familiar", "Vous aimez le pain", ""),  # it may be everybody
        ("de", "formal", "Wir warten auf dich im Laden", "address_other"),
        ("de", "familiar", "Wir warten auf Sie im Laden", "address_other"),
        ("it", "formal", "Ti aspettiamo nel tuo negozio", "address_other"),
        ("es", "formal", "Te esperamos en tu tienda", "address_other"),
    ],
)
def test_a_language_has_its_own_address(tag: str, formality: str, text: str, code: str) -> None:
    voice = Voice(tongues={tag.partition("-")[0]: Tongue(formality=formality)})
    known = facts(language=tag, voice=voice)
    found = {each.code for each in reviewed(text, known=known, language=tag)}
    assert found & {"address_other", "address_mixed"} == ({code} if code else set())


# Subjects


def posts(*texts: str) -> tuple[Earlier, ...]:
    return tuple(Earlier(n, NOW - timedelta(days=n), text, (1,)) for n, text in enumerate(texts, 1))


BREAD = "Hoy salen del horno hogazas de centeno con semillas de la huerta"
TRIP = "Ayer fuimos todos juntos de excursión por la sierra y vimos el mar"
SUBJECTS = (Subject("Pan", ("hogaza", "masa madre"), 60), Subject("Barrio", ("vecinos",), 20))


def test_too_many_posts_off_the_subjects_are_told() -> None:
    known = facts(voice=Voice(subjects=SUBJECTS), earlier=posts(*([TRIP] * 6), BREAD, BREAD))
    found = of("off_subject", TRIP + " otra vez", known=known)
    assert found.level is Level.HINT
    assert found.said == ("7", "9", "Pan, Barrio")


def test_a_subject_over_its_share_is_told() -> None:
    known = facts(voice=Voice(subjects=SUBJECTS), earlier=posts(*([BREAD] * 8)))
    assert of("subject_share", BREAD + " hoy", known=known).said == ("Pan", "100", "60")


@pytest.mark.parametrize("count", [0, 3, 7])
def test_few_posts_say_nothing(count: int) -> None:
    known = facts(voice=Voice(subjects=SUBJECTS), earlier=posts(*([TRIP] * count)))
    assert not codes(TRIP + " otra vez", known=known) & {"off_subject", "subject_share"}


def test_subjects_without_shares_say_nothing() -> None:
    subjects = tuple(replace(each, share=0) for each in SUBJECTS)
    known = facts(voice=Voice(subjects=subjects), earlier=posts(*([TRIP] * 12)))
    assert "off_subject" not in codes(TRIP + " otra vez", known=known)


# What an account is for

FILM = PostMedia(Media(2, 1, "b", "video/mp4", 10, 10, 10, "b.mp4"), "Un horno")


@pytest.mark.parametrize(
    ("material", "media", "text", "code"),
    [
        ("pictures", (), "Pan", "material_pictures"),
        ("pictures", (PICTURE,), "Pan", ""),
        ("video", (PICTURE,), "Pan", "material_video"),
        ("video", (FILM,), "Pan", ""),
        ("words", (PICTURE,), "Pan", "material_words"),
        ("words", (), "Pan", ""),
        ("links", (PICTURE,), "Pan", "material_links"),
        ("links", (PICTURE,), "Pan https://panaderiadelcarmen.example/pan", ""),
        ("", (), "Pan", ""),
    ],
)
def test_material_of_an_account(material: str, media: tuple[PostMedia, ...], text: str, code: str) -> None:
    known = facts(aims={2: Aim(material=material)})
    places: tuple[Account, ...] = (account(1), account(2))
    found = [each for each in reviewed(text, known=known, accounts=places, media=media) if "material" in each.code]
    assert [(each.code, each.account_id) for each in found] == ([(code, 2)] if code else [])


def test_a_promotion_is_told_where_it_is_said() -> None:
    care, shop = account(1, purpose="care"), account(2, "bluesky", purpose="promotion")
    said = {"bluesky": "Solo hoy: 20 % de descuento", "mastodon": "Hoy abrimos hasta las ocho"}
    assert "promotion_on_care" not in codes("x", accounts=(care, shop), variants=said)
    turned = {"mastodon": said["bluesky"], "bluesky": said["mastodon"]}
    found = [each for each in reviewed("x", accounts=(care, shop), variants=turned) if each.code == "promotion_on_care"]
    assert [each.account_id for each in found] == [1]


@pytest.mark.parametrize("text", ["Soldes d'été", "Saldi? Sconti del giorno", "Jetzt mit Rabatt", "Desconto de hoje"])
def test_offers_of_other_languages_are_seen(text: str) -> None:
    assert "promotion_on_care" in codes(text, accounts=(account(1, purpose="care"),))


# A greeting


@pytest.mark.parametrize(
    "text",
    [
        "¡Hola, Ana! Abrimos a las ocho", "@ana@plaza.example Buenos días: sí", "Hi Ana, we do", "Bonjour Ana, oui",
        "Guten Tag Frau Ruiz, ja", "Buongiorno Ana", "Bon dia, Ana", "👋 Hola", "Aúpa, Ana: sí",
    ],
)  # fmt: skip
def test_what_greets(text: str) -> None:
    assert greets(text, "¡Aúpa, {nombre|}!")


@pytest.mark.parametrize("text", ["Abrimos a las ocho", "Holanda es bonita", "Ya lo hemos visto, hola"])
def test_what_does_not_greet(text: str) -> None:
    assert not greets(text)

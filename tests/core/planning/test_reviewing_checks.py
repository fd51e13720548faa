"""N12, check by check, in Spanish and English: what must be said, and what must not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cmdesk.care.values import Closure, ServiceLevel, Shift
from cmdesk.model import Card, Market, Part, PostMedia
from cmdesk.planning.aims import Aim
from cmdesk.planning.review import Level, Place
from cmdesk.planning.reviewing import Earlier, LinkState, Marks, fixed, silenced_as
from cmdesk.planning.reviewing.address import rewritten
from cmdesk.planning.reviewing.facts import with_holidays
from cmdesk.planning.reviewing.timing import similarity
from tests.core.planning.reviewing_desk import NOW, PICTURE, account, codes, facts, one, reviewed


def words(kind: str, *said: str) -> dict[str, tuple[str, ...]]:
    return {kind: said}


# Address


@pytest.mark.parametrize(
    "text",
    [
        "Ven cuando quieras, te esperamos con tu familia",
        "¿Tienes un minuto? Cuéntanos qué te parece",
        "Acércate y prueba el pan de hoy",
        "«Le agradezco mucho su ayuda, usted es un sol», nos dijo una clienta. ¿Y tú?",
        "El sistema OS de la caja no funciona",
        "Además, después de las tres y detrás de la plaza, jamás cerramos",
        "Un contraste triste que existe desde 1987",
        "Su hijo lleva gafas y ella busca las suyas",
        "Le dimos el premio a Juan",
        "Descubre el pan y reserva mesa",
    ],
)
def test_a_familiar_brand_may_speak_so(text: str) -> None:
    assert not {"address_mixed", "address_other"} & codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Pida cita antes del viernes. Le esperamos en la tienda",
        "Si su hijo se acerca mucho al cuaderno, pida una revisión",
        "Acérquese a la tienda y pruébelo",
        "Usted decide; nosotros le acompañamos",
        "«Me encanta tu tienda», nos escribió un cliente",
    ],
)
def test_a_formal_brand_may_speak_so(text: str) -> None:
    assert not {"address_mixed", "address_other"} & codes(text, known=facts(formal=True))


@pytest.mark.parametrize(
    ("text", "formal", "code", "word"),
    [
        ("Ven y pruébalo: le esperamos mañana", False, "address_mixed", "le esperamos"),
        ("Si tienes dudas, pregunte a usted mismo", False, "address_mixed", "usted"),
        ("Acérquese a la tienda", False, "address_other", "Acérquese"),
        ("Cuéntanos qué te parece", True, "address_other", "Cuéntanos"),
        ("¿Has visto la nueva colección?", True, "address_other", "Has visto"),
        ("Verás la diferencia", True, "address_other", "Verás"),
    ],
)
def test_the_other_address_is_told_with_the_word_that_decided(text: str, formal: bool, code: str, word: str) -> None:
    found = one(code, text, known=facts(formal=formal))
    assert found.level is Level.WARNING and found.place is not None
    assert text[found.place.start : found.place.end] == word and word in found.said


@pytest.mark.parametrize(
    ("text", "formal", "after"),
    [
        ("Acércate: te esperamos", True, "Acérquese: le esperamos"),
        ("Escríbenos y trae tu receta", True, "Escríbanos y trae su receta"),
        ("Cuéntenos qué opina de su barrio", False, "Cuéntanos qué opina de su barrio"),
        ("Un regalo para usted", False, "Un regalo para ti"),
        ("¿Tienes dudas?", True, None),
        ("Usted decide", False, None),
        ("Hola", True, None),
    ],
)
def test_an_address_is_changed_only_where_the_sentence_stays_right(text: str, formal: bool, after: str | None) -> None:
    assert rewritten(text, "es", formal=formal) == after


def test_ustedes_is_everybody_in_america() -> None:
    text = "Gracias a ustedes por venir"
    assert "address_other" in codes(text)
    assert "address_other" not in codes(text, known=facts(language="es-MX"))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "Viens avec ta famille, vous êtes les bienvenus", True),
        ("fr", "Venez avec votre famille, nous vous attendons", False),
        ("de", "Komm vorbei, wir freuen uns auf Sie und dein Team", True),
        ("de", "Komm vorbei! Sie ist da: deine neue Brille", False),
        ("it", "Vieni con la tua famiglia, come Lei preferisce", True),
        ("it", "Vieni con la tua famiglia", False),
        ("ca", "Vine amb els teus, vostè tria", True),
    ],
)
def test_other_languages_are_judged_where_it_is_sure(language: str, text: str, expected: bool) -> None:
    assert ("address_mixed" in codes(text, known=facts(language=language))) is expected


# Words


@pytest.mark.parametrize("said", ["barato", "Baratos", "BARATA", "baratas", "¡bárato!"])
def test_a_forbidden_word_is_found_whatever_its_ending(said: str) -> None:
    assert one("forbidden_word", f"Todo {said} hoy", known=facts(words=words("forbidden", "barato"))).detail == "barato"


@pytest.mark.parametrize("said", ["baratijas", "abaratar", "@barato", "#barato", "https://x.example/barato"])
def test_parts_of_words_links_and_handles_are_not_forbidden_words(said: str) -> None:
    assert "forbidden_word" not in codes(f"Todo {said} hoy", known=facts(words=words("forbidden", "barato")))


def test_phrases_beginnings_and_short_words() -> None:
    known = facts(words=words("forbidden", "low cost", "regal*", "caro", "año"))
    assert [
        each.detail for each in reviewed("Nada de LOW COST ni regalito", known=known) if each.code == "forbidden_word"
    ] == [
        "low cost",
        "regal*",
    ]
    assert "forbidden_word" not in codes("La cara de Ana, el ano no", known=known)
    assert "forbidden_word" in codes("caros", known=known)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("En estas elecciones generales, pan para todos", "politics"),
        ("Happy general election day, everybody", "politics"),
        ("Gracias a Dios es viernes", "religion"),
        ("God bless this sandwich", "religion"),
        ("El terremoto de ayer", "tragedy"),
        ("After the earthquake", "tragedy"),
        ("Cervezas frías", "alcohol"),
        ("A glass of wine with friends", "alcohol"),
    ],
)
def test_usual_topics_are_told_by_their_words(text: str, topic: str) -> None:
    found = one("sensitive_topic", text)
    assert found.detail == topic and found.said[0] in text


@pytest.mark.parametrize(
    "text",
    [
        "Podemos ayudarte: vino a la tienda con judías verdes",
        "El gobierno de la masa madre",
        "Ginebra es una ciudad y Ron se llama el perro",
        "Misa? No: mesa para dos con papas",
        "The deadline is Friday, vote with your feet",
        "Una bomba de chocolate",
    ],
)
def test_words_that_mean_something_else_are_no_topic(text: str) -> None:
    assert "sensitive_topic" not in codes(text)


def test_a_topic_is_switched_off_for_a_brand_and_its_own_are_added() -> None:
    assert "sensitive_topic" not in codes("Cervezas", known=facts(ignored=frozenset({("sensitive_topic", "alcohol")})))
    assert one("sensitive_topic", "Hoy hay fútbol", known=facts(words=words("topic", "fútbol"))).detail == "fútbol"


@pytest.mark.parametrize(
    "text",
    [
        "Garantizamos la entrega",
        "Mañana sin falta lo tienes",
        "Te lo prometemos",
        "We guarantee it works",
        "Back tomorrow without fail",
        "Nous garantissons le résultat",
        "Te llamamos mañana antes de las 12",
        "We will refund you tomorrow",
    ],
)
def test_promises_are_told(text: str) -> None:
    assert "promise_word" in codes(text)


@pytest.mark.parametrize(
    "text",
    ["Con garantía de dos años", "Mañana os esperamos a las 10", "Two-year guarantee included", "Abrimos mañana"],
)
def test_a_guarantee_and_an_invitation_are_no_promise(text: str) -> None:
    assert "promise_word" not in codes(text)


def test_the_note_for_the_reviewer_never_gets_out() -> None:
    note = "Preguntar a Marta si va con la foto de agosto"
    found = one("note_in_text", f"Pan nuevo. {note.upper()}", note=note)
    assert found.level is Level.ERROR
    assert "note_in_text" in codes("Hola", note=note, comment=Part(f"  {note}"))
    assert "note_in_text" in codes("Hola", note=note, media=(PostMedia(PICTURE.media, note),))
    assert "note_in_text" in codes("Hola\nok\nadiós", note="OK")
    assert "note_in_text" not in codes("Todo ok por aquí", note="ok")
    assert "note_in_text" not in codes("Hola", note="")


def test_blanks_capitals_and_spaces() -> None:
    assert one("blank_left", "Hola {name}").detail == "{name}"
    assert "double_spaces" in codes("Hola  mundo") and "double_spaces" not in codes("Hola.\n\n  Mundo")
    assert "all_caps" in codes("ESTO ES MUY MUY BARATO de verdad")
    assert not {"all_caps"} & codes("La ONU y la OTAN, el IVA y el DNI en USA, UE y más")
    assert not {"all_caps"} & codes("NUEVO: pan de espelta")


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Fresh bread every morning in our shop, come and see us this week", "es", True),
        ("Hoy hay pan recién hecho en la tienda y os esperamos a todos", "en", True),
        ("Hoy hay pan recién hecho en la tienda y os esperamos a todos", "es", False),
        ("Black Friday", "es", False),
        ("Running shoes, trail, ultralight y mucho más en la tienda de siempre", "es", False),
    ],
)
def test_another_language_is_told_only_when_sure(text: str, language: str, expected: bool) -> None:
    assert ("other_language" in codes(text, known=facts(language=language))) is expected


# Links, competitors, hashtags


def test_links_to_competitors_third_parties_and_without_encryption() -> None:
    known = facts(words=words("competitor", "panrico.example", "@hornorival", "Horno Rival"))
    assert one("competitor_link", "Mira https://www.panrico.example/x", known=known).detail == "panrico.example"
    assert "third_party_link" not in codes("Mira https://www.panrico.example/x", known=known)
    assert "competitor_named" in codes("Como @hornorival@plaza.example", known=known)
    assert "competitor_named" in codes("Mejor que HORNO RIVAL", known=known)
    assert "competitor_named" not in codes("Un horno y un rival", known=known)
    assert one("third_party_link", "Lee https://periodico.example/nota").said == ("periodico.example",)
    assert "third_party_link" not in codes("Ven https://tienda.panaderiadelcarmen.example/pan")
    assert "third_party_link" not in codes("Ven https://instagram.com/panaderiadelcarmen")
    assert "link_http" in codes("Ven http://panaderiadelcarmen.example")
    assert not codes("Ven https://panaderiadelcarmen.example") & {"link_http", "third_party_link"}


def test_a_brand_without_a_known_domain_hears_nothing_of_third_parties() -> None:
    from dataclasses import replace

    known = replace(facts(), own=Marks(1, "La Panadería del Carmen"))
    assert "third_party_link" not in codes("Lee https://periodico.example/nota", known=known)


def test_a_broken_link_is_told_and_one_that_tells_no_program_is_not() -> None:
    url = "https://panaderiadelcarmen.example/x"
    states = {url: LinkState(404), f"{url}y": LinkState(403, "unknown"), f"{url}z": LinkState(0, "timeout")}
    assert one("broken_link", f"Ven {url}", known=facts(links=states)).said == (url, "404")
    assert "broken_link" not in codes(f"Ven {url}y", known=facts(links=states))
    assert "broken_link" in codes(f"Ven {url}z", known=facts(links=states))
    assert "broken_link" in codes("Ven", known=facts(links=states), card=Card(url, "Pan"))


def test_more_hashtags_than_usual_on_the_network_or_for_the_brand() -> None:
    tags = " ".join(f"#pan{letter}" for letter in "abcde")
    assert "many_hashtags" not in codes(tags)
    assert one("many_hashtags", tags, accounts=(account(), account(2, "bluesky"))).said == ("5", "4")
    assert one("many_hashtags", tags, known=facts(max_hashtags=2)).said == ("5", "2")
    assert "many_hashtags" not in codes("#1 #2 #3 #4 #5 #6 #7 #8")


# Hours and neighbours

SAME = "Hoy estrenamos la hogaza de espelta con pasas y nueces en el barrio"


@pytest.mark.parametrize(
    ("text", "days", "expected"),
    [
        (SAME, 5, True),
        (SAME.upper() + " 🎉 https://panaderiadelcarmen.example #pan", -20, True),
        (SAME + " del Carmen", 29, True),
        (SAME, 31, False),
        ("Hoy estrenamos la barra de centeno con miel y semillas en la plaza", 5, False),
    ],
)
def test_the_same_text_within_a_month(text: str, days: int, expected: bool) -> None:
    earlier = (Earlier(5, NOW + timedelta(days=days), SAME, (9,)),)
    found = [each for each in reviewed(text, known=facts(earlier=earlier)) if each.code == "same_text"]
    assert bool(found) is expected
    if found:
        assert found[0].post_id == 5 and found[0].at == earlier[0].at


def test_posts_of_one_series_may_repeat_themselves() -> None:
    earlier = (Earlier(5, NOW + timedelta(days=7), SAME, (1,), series_id=3),)
    assert "same_text" not in codes(SAME, known=facts(earlier=earlier), series_id=3)
    assert "same_text" in codes(SAME, known=facts(earlier=earlier))


def test_short_texts_are_the_same_only_when_equal() -> None:
    assert similarity("Feliz lunes", "¡Feliz lunes!") == 1.0
    assert similarity("Feliz lunes", "Feliz martes") == 0.0
    assert similarity("", "") == 0.0


def test_the_same_account_within_the_hour() -> None:
    earlier = (Earlier(5, NOW + timedelta(minutes=59), "Otro", (1,)), Earlier(6, NOW, "Ajeno", (2,)))
    found = one("same_hour", "Hola", at="2026-11-23T10:00", known=facts(earlier=earlier))
    assert (found.account_id, found.post_id) == (1, 5)
    assert "same_hour" not in codes("Hola", at="2026-11-23T12:00", known=facts(earlier=earlier))
    assert "same_hour" not in codes("Hola", known=facts(earlier=earlier))  # without an hour


WEEK = tuple(Shift(day, "09:00", "18:00") for day in range(5))


def test_holidays_closed_days_and_weekends() -> None:
    closures = (Closure(date(2026, 12, 9), "Inventario", True),)
    level = ServiceLevel(1, "Europe/Madrid", shifts=WEEK, closures=closures, country="ES")
    known = with_holidays(facts(levels={0: level}), [NOW], language="es")
    assert one("holiday", "Hola", at="2026-12-25T11:00", known=known).said[0] == "Natividad del Señor"
    assert one("closed_day", "Hola", at="2026-12-09T11:00", known=known).said == ("Inventario",)
    assert one("weekend_closed", "Hola", at="2026-11-28T11:00", known=known).level is Level.HINT
    assert not codes("Hola", at="2026-11-24T11:00", known=known) & {"holiday", "closed_day", "weekend_closed", "asleep"}


def test_the_market_of_the_post_decides_who_sleeps_and_eats() -> None:
    mexico = Market(4, 1, "México", "es", "MX", "America/Mexico_City")
    spain = ServiceLevel(1, "Europe/Madrid", country="ES")
    known = facts(markets={4: mexico}, levels={0: spain})
    assert one("asleep", "Hola", at="2026-11-24T10:00", known=known, market_id=4).said == ("México", "03:00")
    assert "asleep" not in codes("Hola", at="2026-11-24T10:00", known=known)
    assert "meal_time" in codes("Hola", at="2026-11-24T14:30", known=known)
    assert "asleep" in codes("Hola", at="2026-11-24T03:00", known=known)
    assert "meal_time" not in codes("Hola", at="2026-11-24T14:30")  # no country known


# What posts are for


def before(*aims: str) -> tuple[Earlier, ...]:
    days = len(aims)
    return tuple(
        Earlier(place + 1, NOW - timedelta(days=days - place), f"Texto {place}", (9,), aim)
        for place, aim in enumerate(aims)
    )


def test_products_in_a_row_and_their_share() -> None:
    assert one("product_streak", "Oferta", aim="product", known=facts(earlier=before(*["product"] * 3))).said == (
        "4",
        "3",
    )
    assert "product_streak" not in codes("Hola", aim="value", known=facts(earlier=before(*["product"] * 3)))
    assert "product_streak" not in codes("Oferta", aim="product", known=facts(earlier=before("product", "", "product")))
    some = ("product", "product", "value", "product", "value")
    assert one("aim_ratio", "Oferta", aim="product", known=facts(earlier=before(*some))).said == ("4", "6")
    assert "aim_ratio" not in codes("Oferta", aim="product", known=facts(earlier=before("product", "value")))


def test_contests_and_promotions_in_the_wrong_place() -> None:
    contests = tuple(Earlier(each, NOW - timedelta(days=each), "¡Sorteo de la semana!", (9,)) for each in (3, 9))
    assert "many_contests" in codes("Nuevo sorteo", known=facts(earlier=contests))
    assert "many_contests" not in codes("Nuevo sorteo", known=facts(earlier=contests[:1]))
    care = account(2, purpose="care")
    assert one("promotion_on_care", "Hoy -20 % en todo", accounts=(account(), care)).account_id == 2
    assert "promotion_on_care" in codes("Gafas", aim="product", accounts=(care,))
    assert "promotion_on_care" not in codes("Hoy abrimos a las diez", accounts=(care,))
    open_to_all = facts(aims={1: Aim(community=True)})
    assert "circles_and_communities" in codes("Hola", circles=(1,), known=open_to_all)
    assert "circles_and_communities" not in codes("Hola", circles=(1,))
    assert "circles_and_communities" not in codes("Hola", known=open_to_all)


def test_a_mention_of_somebody_outside_the_circle_is_told() -> None:
    text, known = "Gracias @ana@plaza.example y @luis@plaza.example", facts(outside=frozenset({"luis@plaza.example"}))
    found = one("mention_outside", text, circles=(1,), known=known)
    assert found.said == ("@luis@plaza.example",) and found.place is not None
    assert text[found.place.start : found.place.end] == "@luis@plaza.example"
    assert "mention_outside" not in codes(text, known=known)  # it is for everybody


# Limits, order, fixes


def test_every_part_and_account_is_measured() -> None:
    long = "a" * 501
    found = [
        each for each in reviewed("Hola", parts=(Part("b"), Part(long)), comment=Part(long)) if each.code == "too_long"
    ]
    assert [each.place for each in found] == [Place(2), Place(-1)]
    own = one("too_long", "Hola", variants={"#1": long})
    assert own.place == Place(0, "#1")
    assert "empty_text" not in codes("Hola", parts=(Part(""),))
    assert one("no_alt", "Hola", media=(PostMedia(PICTURE.media, " "),)).place == Place(0, media_id=1)
    assert "no_picture" in codes("Hola", media=())


def test_errors_come_first_and_nothing_is_said_twice() -> None:
    found = reviewed(
        "Hola  {name} Northtrail" + "a" * 500, variants={"#2": "Northtrail {name}"}, accounts=(account(), account(2))
    )
    order = list(Level)
    assert [order.index(each.level) for each in found] == sorted(order.index(each.level) for each in found)
    keys = [(each.code, each.account_id, each.detail) for each in found]
    assert len(keys) == len(set(keys))


def test_pictures_without_a_description_are_silenced_whatever_their_number() -> None:
    found = one("no_alt", "Hola", media=(PostMedia(PICTURE.media),) * 2)
    assert silenced_as(found) == ("no_alt", "")
    assert "no_alt" not in codes(
        "Hola", media=(PostMedia(PICTURE.media),), known=facts(ignored=frozenset({silenced_as(found)}))
    )


def test_an_error_cannot_be_ignored() -> None:
    known = facts(ignored=frozenset({("no_accounts", ""), ("no_picture", ""), ("empty_text", "")}))
    assert "empty_text" in codes("", media=(), known=known) and "no_picture" not in codes("Hola", media=(), known=known)


def test_fixes_mend_the_text_they_speak_of_and_no_other() -> None:
    from cmdesk.model import Post

    text = "Dos  espacios y http://x.example"
    post = Post(
        7,
        1,
        text,
        parts=(Part(text),),
        comment=Part(text),
        variants={"#1": text},
        media=(PostMedia(PICTURE.media, "a  b"),),
    )
    for found in reviewed(text, parts=post.parts, comment=post.comment, variants=post.variants, media=post.media):
        if found.fix in ("spaces", "https"):
            post = fixed(post, found)
    mended = "Dos espacios y https://x.example"
    assert post.comment is not None
    assert (post.variants["#1"], post.parts[0].text, post.comment.text) == (mended,) * 3
    assert (
        post.media[0].alt == "a b" and post.text == "Dos  espacios y https://x.example"
    )  # nobody gets the common text

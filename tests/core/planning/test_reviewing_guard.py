"""N11: every name of another brand is found, no name of one's own ever is; tried over all pairs of brands."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings, strategies as st

from cmdesk.model import Card, Part, Poll, PostMedia
from cmdesk.planning.review import Level
from cmdesk.planning.reviewing import Marks, namings
from cmdesk.planning.reviewing.facts import WordKind
from cmdesk.planning.reviewing.guard import own_marks
from tests.core.planning.reviewing_desk import BAKERY, OPTICIAN, OUTDOOR, PICTURE, account, codes, facts, one, reviewed

BRANDS = (
    BAKERY,
    OPTICIAN,
    OUTDOOR,
    Marks(
        4, "Café Alba", ("cafealba@plaza.example", "cafealba.bsky.social"), ("cafealba.example",), ("Mezcla Bourdieu",)
    ),
    Marks(5, "Óptica Sol Naciente", ("solnaciente@plaza.example",), ("solnaciente.example",), ("Montura Ikebana",)),
    Marks(6, "Grupo Ñandú", ("nandu.example",), ("nandu.example", "instagram.com/grupo.nandu"), ("Ñandú Exprés",)),
    Marks(7, "Zyrkon", ("zyrkon@plaza.example",), ("tienda.zyrkon.example",), ("ZX-900 Turbo",)),
)
FILLER = (
    "Hoy abrimos a las nueve y os esperamos con muchas ganas",
    "New in the shop this week, come and see it",
    "Gracias por venir el sábado",
    "Revisión gratuita hasta el viernes",
    "🎉 ¡Sorteo!",
)


def injections(marks: Marks) -> list[str]:
    """The ways in which a person writes another brand's name by mistake."""
    found = [marks.name, marks.name.upper(), f"#{marks.name.replace(' ', '')}", *marks.products]
    for handle in marks.handles:
        found += [f"@{handle}", f"@{handle.partition('@')[0]}"]
    for site in marks.domains:
        found += [
            f"https://{site}/algo",
            f"https://www.{site}",
            f"{site}/oferta" if "/" not in site else f"https://{site}/",
        ]
        if "/" not in site:
            found.append(f"hola@{site}")
    return found


def others_of(own: Marks) -> tuple[Marks, ...]:
    return tuple(each for each in BRANDS if each.brand_id != own.brand_id)


@pytest.mark.parametrize("own", BRANDS, ids=lambda each: each.name)
def test_no_brand_is_asked_about_its_own_words(own: Marks) -> None:
    for said in injections(own):
        for filler in FILLER:
            text = f"{filler}: {said} {filler}"
            assert namings(text, own=own, others=others_of(own)) == [], text


@pytest.mark.parametrize(("own", "other"), list(permutations(BRANDS, 2)), ids=lambda each: each.name)
def test_every_way_of_naming_another_brand_is_found(own: Marks, other: Marks) -> None:
    for said in injections(other):
        for text in (f"{FILLER[0]}: {said}", f"Hoy {said}. {FILLER[1]}", f"{FILLER[2]} ({said}) {FILLER[3]}"):
            found = namings(text, own=own, others=others_of(own))
            assert any(each.brand_id == other.brand_id for each in found), text


@settings(max_examples=150, deadline=None)
@given(
    own=st.sampled_from(BRANDS),
    data=st.data(),
    before=st.text(alphabet="abc áñ.,!¡\n🎉", max_size=40),
    after=st.text(alphabet="xyz éü.,?¿\n👓", max_size=40),
)
def test_whatever_stands_around_a_name_it_is_found_where_it_stands(
    own: Marks, data: st.DataObject, before: str, after: str
) -> None:
    other = data.draw(st.sampled_from([each for each in others_of(own) if each.name != "Óptica Sol"]))
    said = data.draw(st.sampled_from(injections(other)))
    text = f"{before} {said} {after}"
    found = [each for each in namings(text, own=own, others=others_of(own)) if each.brand_id == other.brand_id]
    start = len(before) + 1
    assert any(each.start < start + len(said) and start < each.end for each in found), (text, found)
    assert all(text[each.start : each.end] == each.said for each in found)


def test_the_longer_name_of_ones_own_covers_the_other_one() -> None:
    own = BRANDS[4]
    assert namings("En Óptica Sol Naciente cuidamos la vista", own=own, others=(OPTICIAN,)) == []
    assert [each.said for each in namings("En Óptica Sol cuidamos la vista", own=own, others=(OPTICIAN,))] == [
        "Óptica Sol"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Hoy hace sol y vamos a la óptica",
        "Casa, luna, norte: palabras de todos los días",
        "El sol de la mañana entra por la ventana",
        "El norte está lejos y el sol cae pronto",
        "northtrailers unidos",  # part of a longer word
        "https://example.com/?ref=opticas",
        "correo@otra.example",
        "#sol #gafas #norte",
        "@sol hola",
        "Pasa por la panadería y por la óptica de la casa verde",
        "La panadería de la esquina",
    ],
)
def test_everyday_words_and_strangers_name_nobody(text: str) -> None:
    own = Marks(9, "Papelería Lápiz")
    others = (*BRANDS, Marks(10, "Luna", ("luna@plaza.example",)), Marks(11, "Sol", ("sol_joyas@plaza.example",)))
    others += (Marks(12, "La Panadería"), Marks(13, "Óptica"), Marks(14, "Casa Verde"))
    assert namings(text, own=own, others=others) == []


def test_a_short_or_common_name_is_still_known_by_its_handle_and_domain() -> None:
    luna = Marks(10, "Luna", ("luna@plaza.example",), ("luna.example",))
    own = Marks(9, "Papelería Lápiz")
    assert [each.kind for each in namings("Mira @luna", own=own, others=(luna,))] == ["handle"]
    assert [each.kind for each in namings("Mira luna.example", own=own, others=(luna,))] == ["link"]


def test_a_page_that_is_called_by_a_common_noun_counts_only_as_a_name() -> None:
    shop = Marks(10, "Zyrkon", products=("Croissant", "Cita previa", "Carta de otoño", "tienda online", "Blog"))
    own = Marks(9, "Papelería Lápiz")
    for text in (
        "Croissant recién hecho. Un croissant por favor", "Pide cita previa. Cita previa: 900 000 118",
        "Nuestra carta de otoño ya está en la tienda online y en el blog #croissant",
    ):  # fmt: skip
        assert namings(text, own=own, others=(shop,)) == [], text
    assert [each.said for each in namings("Prueba nuestro Croissant", own=own, others=(shop,))] == ["Croissant"]


def test_a_shared_host_is_told_apart_by_its_path() -> None:
    other = Marks(10, "Zyrkon", domains=("instagram.com/zyrkon",))
    own = Marks(9, "Papelería Lápiz")
    assert namings("https://instagram.com/lapiz", own=own, others=(other,)) == []
    assert len(namings("https://www.instagram.com/zyrkon/p/1", own=own, others=(other,))) == 1


def test_words_of_ones_own_from_the_settings_win() -> None:
    own = own_marks(BAKERY, {WordKind.DOMAIN: ("https://www.opticasol.example/",), WordKind.HANDLE: ("@northtrail",)})
    assert namings("https://opticasol.example y @northtrail", own=own, others=(OPTICIAN, OUTDOOR)) == []


@pytest.mark.parametrize(
    "where",
    [
        {"parts": (Part("Segunda: northtrail.example"),)},
        {"comment": Part("Más en @northtrail")},
        {"media": (PostMedia(PICTURE.media, "Logo de Northtrail"),)},
        {"variants": {"mastodon": "Ven a Northtrail"}},
        {"variants": {"#1": "Ven a Northtrail"}},
        {"spoiler": "Northtrail"},
        {"poll": Poll(("Northtrail", "Otra"))},
        {"card": Card("https://example.com", "Northtrail, la tienda")},
    ],
    ids=lambda each: next(iter(each)),
)
def test_every_text_of_a_post_is_guarded(where: dict[str, object]) -> None:
    found = one("names_other_brand", "Hola a todos", **where)
    assert found.level is Level.ASK and found.said[0] == "Northtrail"


def test_a_variant_nobody_gets_is_not_read() -> None:
    assert "names_other_brand" not in codes("Hola", variants={"bluesky": "Northtrail"}, accounts=(account(),))


def test_what_the_brand_chose_not_to_hear_and_what_is_meant_stays_silent() -> None:
    text = "Hoy con Northtrail"
    assert "names_other_brand" in codes(text)
    assert "names_other_brand" not in codes(text, known=facts(ignored=frozenset({("names_other_brand", "northtrail")})))
    assert "names_other_brand" not in codes(text, known=facts(sure=frozenset({"northtrail"})))


def test_each_brand_is_asked_about_with_its_evidence_and_place() -> None:
    found = [each for each in reviewed("Óptica Sol y northtrail.example") if each.level is Level.ASK]
    assert [each.said for each in found] == [("Óptica Sol", "Óptica Sol"), ("Northtrail", "northtrail.example")]
    assert found[1].place is not None and (found[1].place.start, found[1].place.end) == (13, 31)

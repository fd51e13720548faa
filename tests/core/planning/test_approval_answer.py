"""What a client's pasted answer says (rank 25): a table, and what may never become a yes."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from cmdesk.planning.approval_answer import read_answer
from cmdesk.planning.approving import State

Y, N = "approved", "change"

# answer, posts on the sheet, decided {number: (state, comment)}
UNDERSTOOD = [
    ("1 sí, 2 cambiar: más corto, 3 ok", 3, {1: (Y, ""), 2: (N, "más corto"), 3: (Y, "")}),
    ("1 sí / 2 cambiar: más corto / 3 sí", 3, {1: (Y, ""), 2: (N, "más corto"), 3: (Y, "")}),
    ("1 sí 2 no 3 sí", 3, {1: (Y, ""), 2: (N, ""), 3: (Y, "")}),
    ("todo bien", 3, {1: (Y, ""), 2: (Y, ""), 3: (Y, "")}),
    ("Todo bien, gracias!", 2, {1: (Y, ""), 2: (Y, "")}),
    ("Apruebo todas", 2, {1: (Y, ""), 2: (Y, "")}),
    ("ok a todo", 2, {1: (Y, ""), 2: (Y, "")}),
    ("Sí a todas 👍", 2, {1: (Y, ""), 2: (Y, "")}),
    ("apruebo 1-4 menos la 2", 4, {1: (Y, ""), 2: (N, ""), 3: (Y, ""), 4: (Y, "")}),
    ("Apruebo de la 1 a la 3", 4, {1: (Y, ""), 2: (Y, ""), 3: (Y, "")}),
    ("todo bien menos la 2: más corta", 3, {1: (Y, ""), 2: (N, "más corta"), 3: (Y, "")}),
    ("Todo bien, pero la 2 más corta", 3, {1: (Y, ""), 2: (N, "más corta"), 3: (Y, "")}),
    ("todas menos 2 y 3", 3, {}),  # "all but": nobody said yes
    ("1. Sí\n2. Cambiar: poner 3 fotos, no 2\n3. Sí", 3, {1: (Y, ""), 2: (N, "poner 3 fotos, no 2"), 3: (Y, "")}),
    ("1) ok\n2) ok\n3) ok", 3, {1: (Y, ""), 2: (Y, ""), 3: (Y, "")}),
    ("1, 2 y 3: sí", 3, {1: (Y, ""), 2: (Y, ""), 3: (Y, "")}),
    ("ok 1, 3 cambiar: sin emoji", 3, {1: (Y, ""), 3: (N, "sin emoji")}),
    ("cambiar 2: otra foto", 3, {2: (N, "otra foto")}),
    ("2 no: demasiado largo", 3, {2: (N, "demasiado largo")}),
    ("2 no me gusta la foto", 3, {2: (N, "no me gusta la foto")}),
    ("1 sí, pero más corto", 2, {1: (N, "pero más corto")}),
    ("1 ok pero sin emoji\n2 ok", 2, {1: (N, "pero sin emoji"), 2: (Y, "")}),
    ("1 sin cambios\n2 sí", 2, {1: (Y, ""), 2: (Y, "")}),
    ("2 cambiar:\nmás corto\ny con enlace\n3 ok", 3, {2: (N, "más corto\ny con enlace"), 3: (Y, "")}),
    ("Hola Ana,\n\n1 sí\n2 sí\n\nUn saludo,\nMarta López\nEnviado desde mi iPhone", 2, {1: (Y, ""), 2: (Y, "")}),
    (
        "1 sí\n\nEl lun, 2 mar 2026 a las 10:00, Ana <ana@example.org> escribió:\n> 1 ☐ Apruebo ☐ Cambiar\n2 sí",
        2,
        {1: (Y, "")},
    ),
    ("1 ok\n> 2 ok", 2, {1: (Y, "")}),
    ("1 ok\n\nDe: Ana\nEnviado: lunes\nPara: Marta\n2 ok", 2, {1: (Y, "")}),
    ("1 ☑ Apruebo ☐ Cambiar: ____\n2 ☐ Apruebo ☑ Cambiar: el precio", 2, {1: (Y, ""), 2: (N, "el precio")}),
    ("1 [x] Apruebo [ ] Cambiar:\n2 [ ] Apruebo [ ] Cambiar:", 2, {1: (Y, "")}),
    ("sí", 1, {1: (Y, "")}),
    ("Perfecto, adelante", 1, {1: (Y, "")}),
    ("Cambiar: otra foto", 1, {1: (N, "otra foto")}),
    # English
    ("1 yes, 2 change: shorter please, 3 ok", 3, {1: (Y, ""), 2: (N, "shorter please"), 3: (Y, "")}),
    ("All good, thanks", 3, {1: (Y, ""), 2: (Y, ""), 3: (Y, "")}),
    ("approve 1 to 3 except 2: wrong price", 3, {1: (Y, ""), 2: (N, "wrong price"), 3: (Y, "")}),
    ("1 approved\n2 not approved\n", 2, {1: (Y, ""), 2: (N, "")}),
    ("1 looks good. 2 no, wrong photo", 2, {1: (Y, ""), 2: (N, "wrong photo")}),
    # Catalan, French, Portuguese, Italian
    ("1 sí, 2 canviar: més curt", 2, {1: (Y, ""), 2: (N, "més curt")}),
    ("tot bé, gràcies", 2, {1: (Y, ""), 2: (Y, "")}),
    ("1 d'acord\n2 aprovat", 2, {1: (Y, ""), 2: (Y, "")}),
    ("1 oui, 2 changer : trop long", 2, {1: (Y, ""), 2: (N, "trop long")}),
    ("Tout est bon, merci", 2, {1: (Y, ""), 2: (Y, "")}),
    ("1 d'accord, 2 j'approuve", 2, {1: (Y, ""), 2: (Y, "")}),
    ("1 sim, 2 mudar: mais curto", 2, {1: (Y, ""), 2: (N, "mais curto")}),
    ("Tudo certo, obrigada", 2, {1: (Y, ""), 2: (Y, "")}),
    ("1 sì, 2 cambiare: più corto", 2, {1: (Y, ""), 2: (N, "più corto")}),
    ("Va tutto bene, grazie", 2, {1: (Y, ""), 2: (Y, "")}),
]

UNCLEAR = [
    ("ok", 3),
    ("Perfecto!", 3),
    ("Vale, lo miro mañana", 3),
    ("1 vale, lo miro mañana", 2),
    ("1 si cambiamos la foto", 2),
    ("1 ¿sí?", 2),
    ("1 ok?", 2),
    ("2 no hay problema", 2),
    ("1 me encantaría verlo antes", 2),
    ("1 casi bien", 2),
    ("todo bien?", 2),
    ("Todo bien cuando cambiéis la foto", 2),
    ("no está todo bien", 2),
    ("no todo está bien", 2),
    ("7 sí", 3),
    ("1 sí\n1 cambiar: el precio", 2),
    ("1 sí\n2 sí\nPero sin emojis", 2),
    ("apruebo 1-9", 4),
    ("all but 2", 3),
    ("I approve the budget", 3),
    ("1. Lunes 2 de marzo, 10:00 — Pan recién hecho", 2),
    ("sí", 2),
    ("yes please send me the sheet", 1),
    ("todo el texto está bien escrito pero no publiquéis", 2),
]


@pytest.mark.parametrize(("text", "count", "expected"), UNDERSTOOD)
def test_what_is_understood(text: str, count: int, expected: dict[int, tuple[str, str]]) -> None:
    reply = read_answer(text, count)
    assert {each.number: (each.state.value, each.comment) for each in reply.decisions} == expected
    if expected:
        assert reply.unclear == ()


@pytest.mark.parametrize(("text", "count"), UNCLEAR)
def test_what_is_named_as_not_understood(text: str, count: int) -> None:
    """Nothing of it is a yes, and the words are shown."""
    reply = read_answer(text, count)
    assert reply.unclear
    assert not reply.clear
    assert not [each for each in reply.decisions if each.state is State.APPROVED]


def test_a_blank_answer_says_nothing() -> None:
    for text in ("", "\n \n", "> 1 sí", "1 ☐ Apruebo ☐ Cambiar: ____"):
        reply = read_answer(text, 3)
        assert reply.decisions == () and not reply.clear


@given(st.text(max_size=300), st.integers(1, 9))
def test_any_text_is_read_without_an_error_and_only_asked_numbers_are_decided(text: str, count: int) -> None:
    reply = read_answer(text, count)
    assert {each.number for each in reply.decisions} <= set(range(1, count + 1))
    doubtful = {number for each in reply.unclear for number in each.numbers}
    assert not doubtful & {each.number for each in reply.decisions}


_ODD = st.sampled_from(
    ["no", "pero más corto", "¿seguro?", "mañana lo miro", "si cambia la foto", "casi", "falta el precio"]
)


@given(st.lists(st.booleans(), min_size=1, max_size=6), _ODD)
def test_a_yes_with_anything_else_is_never_a_yes(ticked: list[bool], odd: str) -> None:
    lines = [f"{place} sí" if yes else f"{place} sí {odd}" for place, yes in enumerate(ticked, 1)]
    reply = read_answer("\n".join(lines), len(ticked))
    approved = {each.number for each in reply.decisions if each.state is State.APPROVED}
    assert approved <= {place for place, yes in enumerate(ticked, 1) if yes}

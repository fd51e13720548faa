"""The starting set: complete, right in its braces, short enough to be sent, and never in a person's way."""

from __future__ import annotations

import pytest

from cmdesk import i18n
from cmdesk.commands import brands, library
from cmdesk.store import library as store, library_start
from cmdesk.store.library_start import Starter, start_set
from cmdesk.templates import KINDS, base, blanks, examine, expand, fill, values
from cmdesk.templates.grammar import tokens
from tests.core.commands.conftest import World, world as world

KNOWN = values(
    name="Ana Ruiz", brand="Café Alba", handle="ana@plaza.example", hours="L-V 9-18 h", link="https://a.example"
)


def named(starter: Starter) -> str:
    return starter.names[1]


def test_there_are_enough_of_every_kind() -> None:
    assert len(start_set()) >= 60
    assert {each.kind for each in start_set()} == set(KINDS)
    for place in (0, 1):
        paths = [(each.folders[place], each.names[place]) for each in start_set()]
        assert len(set(paths)) == len(paths)


@pytest.mark.parametrize("starter", start_set(), ids=named)
def test_each_says_the_same_in_both_languages_and_to_usted(starter: Starter) -> None:
    assert {"es", "en", "es@usted"} <= set(starter.texts)
    asked = {tag: len([each for each in tokens(text) if each.word]) for tag, text in starter.texts.items()}
    assert asked["es"] == asked["es@usted"] == asked["en"]
    for text in starter.texts.values():
        assert examine(text, prompts=starter.prompts) == []
        assert len(fill(text, KNOWN)) <= 300


@pytest.mark.parametrize("starter", start_set(), ids=named)
def test_usted_is_not_tu(starter: Starter) -> None:
    words = set(starter.texts["es@usted"].casefold().replace("¿", " ").replace(",", " ").split())
    assert not words & {"tú", "te", "tu", "tus", "ti", "tienes", "puedes", "escríbenos", "dinos", "perdona", "contigo"}


@pytest.mark.parametrize("starter", start_set(), ids=named)
def test_questions_belong_to_a_blank(starter: Starter) -> None:
    words = {each.word for text in starter.texts.values() for each in tokens(text)}
    assert set(starter.prompts) <= words


@pytest.mark.parametrize("starter", start_set(), ids=named)
def test_each_reads_well_without_a_name(starter: Starter) -> None:
    nobody = values(name="", brand="Café Alba", handle="")
    for text in starter.texts.values():
        said = fill(text, nobody)
        assert "  " not in said
        assert not any(wrong in said for wrong in (" ,", ",,", " .", ",.", ", :", "¡,", ", !", ",!"))
        assert said[0] in "¡¿{" or said[0].isupper()


def test_the_most_used_speak_five_more_languages() -> None:
    full = [each for each in start_set() if {"ca", "fr", "it", "pt", "de"} <= {base(tag) for tag in each.texts}]
    assert len(full) >= 10
    assert {"thanks", "interim", "apology", "ask", "out_of_hours", "follow_up", "public_close"} <= {
        each.kind for each in full
    }


def test_a_new_profile_has_them_once(world: World) -> None:
    found = world.desk.page(store.templates)
    assert len(found) == len(start_set())
    assert {each.brand_id for each in found} == {None}
    for each in found:
        world.desk.run_now(library.delete_template, template_id=each.id)
    world.desk.run_now(brands.add_brand, name="Third")
    assert world.desk.page(store.templates) == []


def test_adding_them_again_leaves_changes_alone(world: World) -> None:
    [thanks] = [each for each in world.desk.page(store.templates) if each.name == "Thanks"]
    world.desk.run_now(
        library.save_template, template_id=thanks.id, brand_id=None, name="Thanks", category=thanks.category,
        kind="thanks", texts={"en": "Cheers!"},
    )  # fmt: skip
    [apology] = [each for each in world.desk.page(store.templates) if each.name == "Apology"]
    world.desk.run_now(library.delete_template, template_id=apology.id)
    assert len(world.desk.page(library_start.missing)) == 1
    with i18n.using("es"):
        done = world.desk.store.write(library.add_start_templates, language="es").result()
    assert done.value == 1
    assert {each.name for each in world.desk.page(store.templates)} >= {"Disculpa", "Thanks"}
    assert world.desk.page(store.template, thanks.id).texts == {"en": "Cheers!"}
    assert done.undo is not None
    world.desk.run_now(done.undo.command, **done.undo.args)
    assert len(world.desk.page(library_start.missing)) == 1


def test_what_one_key_sends_needs_nothing_filled_in() -> None:
    """Thanks and the interim answer leave with one key; the promise's date is known then (D12)."""
    known = values(name="", brand="Café Alba", handle="", promise_date="mañana", hours="9-14 h")
    for starter in start_set():
        if starter.kind in ("thanks", "interim", "out_of_hours", "troll_note"):
            for text in starter.texts.values():
                assert blanks(fill(text, known)) == []


def test_every_slot_answers(world: World) -> None:
    for kind in KINDS:
        found = world.desk.page(store.by_category, world.brand, kind, languages=("en",))
        assert found and all(each.kind == kind for each in found)
        assert expand(found[0], language="en", values=KNOWN).tag == "en"

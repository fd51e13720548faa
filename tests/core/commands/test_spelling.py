"""A brand's own words: taught, undone, and never another brand's."""

from __future__ import annotations

import pytest

from cmdesk.commands import spelling as commands
from cmdesk.errors import Invalid
from cmdesk.store import spelling as store
from tests.core.commands.conftest import World


def test_a_taught_word_is_known_to_its_brand_only_and_can_be_taken_back(world: World) -> None:
    done = world.desk.store.write(commands.learn_word, brand_id=world.brand, word=" Xurroset ").result()
    assert "xurroset" in world.desk.page(store.known_words, world.brand)
    assert "xurroset" not in world.desk.page(store.known_words, world.other)
    assert done.undo is not None
    world.desk.run_now(done.undo.command, **done.undo.args)
    assert world.desk.page(store.taught_words, world.brand) == []


def test_the_names_a_brand_goes_by_are_right(world: World) -> None:
    assert {"café", "alba"} <= world.desk.page(store.known_words, world.brand)
    assert "óptica" not in world.desk.page(store.known_words, world.brand)


@pytest.mark.parametrize("word", ["", "  ", "two words", "x" * 61])
def test_only_one_word_at_a_time(world: World, word: str) -> None:
    with pytest.raises(Invalid):
        world.desk.run_now(commands.learn_word, brand_id=world.brand, word=word)

"""Decisions about brands, settings, templates and people."""

from __future__ import annotations

from typing import Any

import pytest

from cmdesk.commands import brands, contacts, library, settings
from cmdesk.commands.brands import BrandEdit
from cmdesk.errors import Invalid
from cmdesk.store import brands as brand_store, contacts as contact_store, inbox, library as template_store
from tests.core.commands.conftest import World


def undo(world: World, command: Any, **args: Any) -> Any:
    done = world.desk.store.write(command, **args).result()
    assert done.undo is not None
    world.desk.run_now(done.undo.command, **done.undo.args)
    return done.value


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"name": ""}, "brand_name"),
        ({"name": "café alba"}, "brand_exists"),
        ({"name": "x", "zone": "Europe/Nowhere"}, "zone_unknown"),
        ({"name": "x", "zone": "../../etc/passwd"}, "zone_unknown"),
        ({"name": "x", "language": "español"}, "language_unknown"),
        ({"name": "x", "color": "red"}, "color_unknown"),
    ],
)
def test_a_brand_is_checked(world: World, args: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        world.desk.run_now(brands.add_brand, **args)
    assert refused.value.code == code


def test_brands_get_different_colours(world: World) -> None:
    for number in range(12):
        world.desk.run_now(brands.add_brand, name=f"Brand {number}")
    colours = [brand.color for brand in world.desk.page(brand_store.list_brands)]
    assert len(set(colours[:10])) == 10


def test_editing_and_archiving_can_be_undone(world: World) -> None:
    before = world.desk.page(brand_store.brand, world.brand)
    undo(
        world, brands.edit_brand, brand_id=world.brand, edit=BrandEdit(name="Alba", zone="America/Bogota", formal=True)
    )
    assert world.desk.page(brand_store.brand, world.brand) == before
    undo(world, brands.archive_brand, brand_id=world.brand)
    assert world.desk.page(brand_store.brand, world.brand).archived_at is None
    with pytest.raises(Invalid):
        world.desk.run_now(brands.edit_brand, brand_id=world.brand, edit=BrandEdit(name="Óptica Sol"))


def test_samples_go_and_the_persons_own_stay(world: World) -> None:
    world.desk.run_now(brands.add_brand, name="Sample", sample=True)
    assert world.desk.run_now(brands.remove_sample) == 1
    assert [brand.name for brand in world.desk.page(brand_store.list_brands)] == ["Café Alba", "Óptica Sol"]


def test_a_setting_is_checked_kept_and_undone(world: World) -> None:
    undo(world, settings.set_value, key="undo_seconds", value=30)
    assert world.desk.setting("undo_seconds") == 10
    world.desk.run_now(settings.set_value, key="density", value="compact")
    assert world.desk.setting("density") == "compact"
    world.desk.run_now(settings.reset, key="density")
    assert world.desk.setting("density") == "comfortable"
    for key, value in (("undo_seconds", 600), ("density", "huge"), ("none", "1")):
        with pytest.raises(Invalid):
            world.desk.run_now(settings.set_value, key=key, value=value)


def test_templates_can_be_changed_deleted_and_brought_back(world: World) -> None:
    template = world.desk.run_now(
        library.save_template, brand_id=world.brand, name="Gracias", texts={"es": "¡Gracias, {name}!"}
    )
    undo(
        world, library.save_template, template_id=template, brand_id=world.brand, name="Otra", texts={"es": "Otra cosa"}
    )
    assert world.desk.page(template_store.template, template).name == "Gracias"
    undo(world, library.delete_template, template_id=template)
    assert world.desk.page(template_store.template, template).texts == {"es": "¡Gracias, {name}!"}


def test_what_is_written_about_a_person_can_be_undone(world: World) -> None:
    conversation = world.desk.page(inbox.conversation, world.hear("Hola", remote_id="m1"))
    assert conversation.contact_id is not None
    contact = conversation.contact_id
    undo(world, contacts.edit_contact, contact_id=contact, notes="Celíaca", advocate=True)
    assert world.desk.page(contact_store.contact, contact).notes == ""
    world.desk.run_now(contacts.edit_contact, contact_id=contact, notes="Celíaca")
    assert world.desk.page(contact_store.contact, contact).notes == "Celíaca"
    for fields in ({"id": 3}, {"name": " "}):
        with pytest.raises(Invalid):
            world.desk.run_now(contacts.edit_contact, contact_id=contact, **fields)

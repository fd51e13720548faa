"""What the sample brands know of their people beside what they wrote, from `resources/demo/contacts.json`.

Own fields with values, languages and countries, people who were written down by hand or came in a file, one of them
probably somebody who is there already, and some who asked for quiet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cmdesk.commands import circles as grouping, contacts as people
from cmdesk.model import Brand
from cmdesk.store import circles, markets, people_fields, people_table

if TYPE_CHECKING:
    from cmdesk.desk import Desk


def fill_people(desk: Desk, brand: Brand, row: Mapping[str, Any]) -> None:
    """Write down what a sample brand knows; one that has own fields already is left alone. Blocks."""
    if desk.page(people_fields.fields, brand.id):
        return
    fields = {each["name"]: desk.run_now(people.save_field, brand_id=brand.id, **each) for each in row["fields"]}
    where = {each.name: each.id for each in desk.page(markets.markets, brand.id)}
    groups = {each.name: each.id for each in desk.page(circles.circles, brand.id)}
    for handle, facts in row["known"].items():
        for contact_id in desk.page(people_table.named, brand.id, handle)[:1]:
            changes = _facts(facts, where)
            if changes:
                desk.run_now(people.edit_contact, contact_id=contact_id, **changes)
            for name, value in facts.get("values", {}).items():
                desk.run_now(
                    people.set_values, brand_id=brand.id, contact_ids=[contact_id], field_id=fields[name], value=value
                )
    for facts in row["written"]:
        contact_id = desk.run_now(
            people.add_person, brand_id=brand.id, name=facts["name"], origin=facts["origin"],
            identities=[(network, handle) for network, handle in facts["identities"]],
            values={fields[name]: value for name, value in facts.get("values", {}).items()}, **_facts(facts, where),
        )  # fmt: skip
        for name in facts.get("circles", ()):
            desk.run_now(grouping.put_in, circle_id=groups[name], contact_ids=[contact_id])


def _facts(row: Mapping[str, Any], where: Mapping[str, int]) -> dict[str, Any]:
    found = {name: row[name] for name in people.EDITABLE if name in row and name != "name"}
    if "market" in row:
        found["market_id"] = where[row["market"]]
    return found

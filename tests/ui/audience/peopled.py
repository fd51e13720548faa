"""People of two brands, some of each, circles, a market, and the page over them."""

from __future__ import annotations

from typing import Any

from cmdesk.commands import circles as circle_commands, contacts as commands, markets as market_commands
from tests.ui.planned import Planned
from ui.audience.page import AudiencePage


class Peopled:
    """What stands in the profile, by name, and the page over it."""

    def __init__(self, planned: Planned) -> None:
        self.planned, self.desk = planned, planned.desk
        self.bakery, self.trail = planned.bakery, planned.trail
        self.people: dict[str, int] = {}
        for name, language, country in (("Ana Ruiz", "es", "ES"), ("Luc Martin", "fr", "FR"), ("Zoe", "", "")):
            self.people[name] = self.person(name, language=language, country=country)
        self.people["Sam"] = self.person("Sam", brand_id=self.trail, language="en")
        self.press = planned.desk.run_now(circle_commands.save_circle, brand_id=self.bakery, name="Prensa")
        self.schools = planned.desk.run_now(circle_commands.save_circle, brand_id=self.trail, name="Schools")
        self.france = planned.desk.run_now(
            market_commands.save_market, brand_id=self.bakery, name="Francia", language="fr", country="FR",
            zone="Europe/Paris",
        )  # fmt: skip
        planned.context.brand_id = self.bakery
        self.page = AudiencePage(planned.context)
        self.page.resize(1500, 900)

    def person(self, name: str, *, brand_id: int = 0, **more: Any) -> int:
        """Write somebody down."""
        handle = f"p{sum(map(ord, name))}@people.example"
        made: int = self.desk.run_now(
            commands.add_person, brand_id=brand_id or self.bakery, name=name, identities=(("email", handle),), **more
        )
        return made

    def open(self) -> AudiencePage:
        """Show the page; `settled` lets it read."""
        self.page.show()
        self.page.show_brand(self.planned.context.brand_id)
        self.page.refresh(None)
        return self.page

    def listed(self) -> list[str]:
        """Who is listed, from the top."""
        rows = [self.page.model.row(place) for place in range(self.page.model.rowCount())]
        return [row.name for row in rows if row is not None]

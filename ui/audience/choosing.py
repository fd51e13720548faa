"""Choosing a circle, a market, a language or a country for several people, by typing or with the arrows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from cmdesk.text import folded
from ui.models import person as models
from ui.people.words import countries, languages
from ui.widgets.pick_list import Choice, PickPopover

if TYPE_CHECKING:
    from ui.audience.page import AudiencePage


class Choosing:
    """Opens lists over the page's bulk bar, or over its table."""

    def __init__(self, page: AudiencePage) -> None:
        self._page = page

    def circle(self, ids: Sequence[int], done: Callable[[int], None], *, out: bool = False) -> None:
        """A circle of the people's brands."""
        brands = models.by_brand(self._page.context.desk, ids)
        found = models.circles(self._page.context.desk, list(brands))
        choices = [
            Choice(each.id, clean_line(each.name), icon="wand-sparkles" if each.rule else "circle") for each in found
        ]
        title = _("Take out of which circle?") if out else _("Into which circle?")
        self._open(choices, title, _("There is no circle yet: make one at the left."), done)

    def market(self, ids: Sequence[int], done: Callable[[int], None]) -> None:
        """A market of the people's brand, or none (0)."""
        brands = models.by_brand(self._page.context.desk, ids)
        choices = [Choice(0, _("No market"), icon="globe")]
        if len(brands) == 1:
            found = models.markets(self._page.context.desk, list(brands))
            choices += [Choice(each.id, clean_line(each.name), icon="map-pin") for each in found]
        self._open(choices, _("Which market?"), _("There is no market of this name."), done)

    def language(self, ids: Sequence[int], done: Callable[[str], None]) -> None:
        """A language, or none known ('')."""
        choices = [Choice("", _("Not known"))]
        choices += [Choice(code, name, icon="languages") for code, name in languages(self._used(ids, "language"))]
        self._open(choices, _("Which language?"), _("There is no language of this name."), done)

    def country(self, ids: Sequence[int], done: Callable[[str], None]) -> None:
        """A country, or none known ('')."""
        choices = [Choice("", _("Not known"))]
        choices += [Choice(code, name, icon="globe") for code, name in countries(self._used(ids, "country"))]
        self._open(choices, _("Which country?"), _("There is no country of this name."), done)

    def _used(self, ids: Sequence[int], what: str) -> list[str]:
        brands = models.by_brand(self._page.context.desk, ids)
        return [getattr(each, what) for each in models.markets(self._page.context.desk, list(brands))]

    def _open(self, choices: list[Choice], title: str, empty: str, done: Callable[..., None]) -> None:
        def find(text: str) -> list[Choice]:
            wanted = folded(text)
            return [each for each in choices if wanted in folded(each.title)]

        page = self._page
        popover = PickPopover(page.window(), find, name=title, search=title, empty=empty, width=300)
        popover.picked.connect(lambda key: done(key))
        anchor = page.bulk if page.bulk.isVisible() else page.filter
        spot = anchor.mapToGlobal(anchor.rect().topLeft() if anchor is page.bulk else anchor.rect().bottomLeft())
        popover.adjustSize()
        if anchor is page.bulk:
            spot.setY(spot.y() - popover.sizeHint().height() - 6)
            spot.setX(spot.x() + anchor.width() - popover.sizeHint().width() - 8)
        popover.show_at(spot)

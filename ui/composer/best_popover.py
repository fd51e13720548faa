"""The account's own best hours: a field of the week, the five best in words, and of how many publications."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.planning.best_times import TOO_FEW, BestTimes
from ui import theme
from ui.composer.hours import city
from ui.widgets import Button, PlainLabel, Popover
from ui.widgets.heat_map import HeatMap, score_words


class BestPopover(Popover):
    """Choosing an hour of the week closes it."""

    chosen = Signal(int, int)  # weekday, hour

    def __init__(self, parent: QWidget, times: BestTimes) -> None:
        super().__init__(parent, width=theme.scaled(520))
        self.setAccessibleName(_("Best times"))
        self.body.addWidget(PlainLabel(_("Best times of these accounts"), role="title"))
        self.body.addWidget(PlainLabel(sample_words(times), role="small", color="text_muted", wrap=True))
        if not times.enough:
            return
        self.map = HeatMap()
        self.map.show_times(times)
        self.map.chosen.connect(self._choose)
        self.body.addWidget(self.map)
        for best in times.top():
            button = Button(score_words(best), size="small", variant="ghost", icon="clock")
            button.clicked.connect(partial(self._choose, best.weekday, best.hour))
            self.body.addWidget(button)
        hint = _("A click takes the next such hour.")
        self.body.addWidget(PlainLabel(hint, role="small", color="text_muted"))

    def _choose(self, weekday: int, hour: int) -> None:
        self.chosen.emit(weekday, hour)
        self.close()


def sample_words(times: BestTimes) -> str:
    """Of how many publications it is, or that they are too few."""
    if not times.enough:
        text = ngettext(
            "Too few to tell: {count} publication with figures in the last year, of {least} that are needed.",
            "Too few to tell: {count} publications with figures in the last year, of {least} that are needed.",
            times.sample,
        )
        return text.format(count=times.sample, least=TOO_FEW)
    text = ngettext(
        "Of {count} publication of the last year: favourites, boosts, answers and quotes. Hours of {city}.",
        "Of {count} publications of the last year: favourites, boosts, answers and quotes. Hours of {city}.",
        times.sample,
    )
    return text.format(count=times.sample, city=city(times.zone))

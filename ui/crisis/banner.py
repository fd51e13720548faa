"""What lasts, in one line on top of the page, with what can be done about it."""

from __future__ import annotations

from datetime import datetime

from cmdesk.i18n import _, ngettext
from ui.models.crisis import Situation
from ui.widgets import Banner, Button
from ui.widgets.times import moment


class CrisisBanner(Banner):
    """Red while a crisis lasts, amber while posts wait for a decision, green when it can be closed."""

    def __init__(self) -> None:
        self.report = Button(_("Report…"), icon="file-text")
        self.end = Button(_("The crisis is over"), variant="primary")
        self.close_it = Button(_("Close it"), variant="primary")
        super().__init__("", tone="negative", icon="siren", buttons=[self.report, self.end, self.close_it])

    def show_situation(self, situation: Situation, name: str, now: datetime) -> None:
        """Tell where a crisis of `name` stands."""
        waiting = len(situation.waiting)
        self.end.setVisible(situation.active)
        self.close_it.setVisible(not situation.active and not waiting and not situation.elsewhere)
        if situation.active:
            held = ngettext("{count} post held", "{count} posts held", waiting).format(count=waiting)
            text = _("Crisis of {brand} since {time}. Nothing planned goes out: {held}.")
            since = moment(situation.crisis.started_at, now)
            self.set_text(text.format(brand=name, time=since, held=held), tone="negative", icon="siren")
        elif waiting:
            text = ngettext(
                "The crisis of {brand} is over. {count} post waits for your decision; it does not go out by itself.",
                "The crisis of {brand} is over. {count} posts wait for your decision; none goes out by itself.",
                waiting,
            )
            self.set_text(text.format(brand=name, count=waiting), tone="warning", icon="siren")
        elif situation.elsewhere:
            text = ngettext(
                "The crisis of {brand} is over. {count} post of another brand waits for your decision.",
                "The crisis of {brand} is over. {count} posts of other brands wait for your decision.",
                situation.elsewhere,
            )
            self.set_text(text.format(brand=name, count=situation.elsewhere), tone="warning", icon="siren")
        else:
            text = _("The crisis of {brand} is over and every post is decided.")
            self.set_text(text.format(brand=name), tone="positive", icon="circle-check")

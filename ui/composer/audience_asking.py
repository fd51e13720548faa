"""What is asked before a post goes to people: more than chosen (N10), a circle in a community (K5), its rules (K4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from cmdesk.commands import targeting as commands
from cmdesk.i18n import _
from cmdesk.model import Account
from cmdesk.planning.targeting import Reach
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.wording_by_hand import account_name
from cmdesk.wording_targeting import wider_question
from ui import notices, theme
from ui.models import audience_for
from ui.models.audience_for import Community
from ui.notices import Choice, Question
from ui.widgets import Button
from ui.widgets.dialogs import Dialog
from ui.widgets.links import open_web

if TYPE_CHECKING:
    from ui.composer.page import ComposerPage

RULES_LINES = 12


async def targeted(page: ComposerPage) -> bool:
    """Settle what stands between the post and a community; False where the person thought better of it."""
    return await _circle_or_community(page) and await _rules(page)


async def wider_sure(page: ComposerPage, told: Mapping[int, Reach]) -> bool:
    """Ask whether more people than chosen shall see it, or whether to leave those networks out."""
    model = page.model
    names = {each.id: account_name(each.network, clean_line(each.handle)) for each in model.chosen}
    title, text = wider_question((names.get(account_id, ""), reach) for account_id, reach in told.items())
    yes = _("Yes, they may see it")
    if all(each.id in told for each in model.still):
        return await notices.confirm(title, text, yes=yes, icon="globe")
    out = audience_for.handles([each for each in model.chosen if each.id in told], 2)
    choices = (
        Choice("yes", yes), Choice("leave", _("Leave {accounts} out").format(accounts=out)), Choice("no", _("Cancel")),
    )  # fmt: skip
    answer = await notices.ask(Question(title, text, choices=choices, icon="globe"))
    if answer is None or answer.key == "no":
        return False
    if answer.key == "leave":
        page.choose(account_ids=tuple(each for each in model.draft.account_ids if each not in told))
    return True


async def _circle_or_community(page: ComposerPage) -> bool:
    model = page.model
    found = audience_for.communities(page.context.desk, model.chosen) if model.draft.circles else []
    if not found:
        return True
    names = audience_for.handles(found)
    answer = await notices.ask(
        Question(
            _("A circle and a community at once"),
            _("{community} is open to all of its members: a circle would not stay among itself there.").format(
                community=names
            ),
            choices=(
                Choice("community", _("Leave {community} out").format(community=names)),
                Choice("circle", _("Take the circle away")),
                Choice("no", _("Cancel")),
            ),
            icon="users",
        )
    )
    if answer is None or answer.key == "no":
        return False
    if answer.key == "circle":
        page.choose(circles=())
    else:
        gone = {each.id for each in found}
        page.choose(account_ids=tuple(each for each in model.draft.account_ids if each not in gone))
    return bool(model.still)


async def _rules(page: ComposerPage) -> bool:
    for account, community in audience_for.unread_rules(page.context.desk, page.model.still):
        if not await RulesDialog(account, community, page).ask():
            return False
        done = await page.context.desk.run(commands.tick_rules, account_id=account.id, rules=community.said)
        page.context.undo(done, _("Tick the rules of a community"))
    return True


class RulesDialog(Dialog):
    """A community's rules, which must be ticked once as long as they say the same."""

    def __init__(self, account: Account, community: Community, parent: QWidget) -> None:
        name = account_name(account.network, clean_line(account.handle))
        super().__init__(
            _("The rules of {community}").format(community=name), parent, icon="scale", width=560,
            text=_("A community asks those who post in it to respect its rules."),
        )  # fmt: skip
        self.words = QPlainTextEdit(safe_body(community.rules, limit=20_000), self)
        self.words.setReadOnly(True)
        self.words.setTabChangesFocus(True)
        self.words.setAccessibleName(_("Rules"))
        self.words.setFont(theme.font("body"))
        self.words.setFixedHeight(self.words.fontMetrics().lineSpacing() * RULES_LINES + 16)
        self.tick = QCheckBox(_("I have read them, and this post respects them"), self)
        self.words.setVisible(bool(community.rules.strip()))
        self.there = Button(_("Open them on their page"), self, variant="link", icon="external-link")
        self.there.setVisible(bool(community.rules_url))
        self.there.clicked.connect(lambda: open_web(community.rules_url))
        self.body.addWidget(self.words)
        self.body.addWidget(self.there, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.tick)
        self.add_button(_("Cancel"), reject=True)
        self.go_on = self.add_button(_("Go on"), variant="primary", accept=True)
        self.go_on.setEnabled(False)
        self.tick.checkStateChanged.connect(lambda state: self.go_on.setEnabled(state is Qt.CheckState.Checked))
        self.tick.setFocus()

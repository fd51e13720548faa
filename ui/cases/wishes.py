"""Wishes: what customers like, miss and propose, to be handed to the client as market research (D16)."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox

from cmdesk.commands import wishes as commands
from cmdesk.i18n import _, ngettext, pgettext
from cmdesk.safe_text import clean_line, safe_body, safe_name
from ui import notices
from ui.bridge import spawn
from ui.cases.tab import Tab, Told
from ui.casework.dialogs import CareDialog, TextField
from ui.models import wishes as models
from ui.models.directory import Directory
from ui.models.wishes import Heard
from ui.paper.pdf import save
from ui.people.history import WISHES as KINDS
from ui.widgets import Button, SegmentedControl
from ui.widgets.dialogs import choose_save
from ui.widgets.page import PageContext, Target
from ui.widgets.times import moment


class WishesTab(Tab):
    """The list, and the ways to the client: clipboard, CSV, handed over."""

    def __init__(self, context: PageContext, directory: Directory) -> None:
        super().__init__(context, directory, name=_("Wishes"), several=True, tell=self.tell)
        choices = [("new", _("To hand over")), ("all", pgettext("wishes", "All"))]
        self.filter = SegmentedControl(choices, name=_("Which wishes"))
        self.hand = Button(_("Handed to the client"), variant="primary", icon="check", size="small")
        self.copy = Button(_("Copy"), icon="copy", size="small", tip=_("Copy what is chosen as text"))
        self.save = Button(_("Save as CSV…"), icon="file-down", size="small")
        self.add = Button(_("Add…"), icon="plus", size="small")
        self.go = Button(_("Go to the conversation"), icon="messages-square", size="small", variant="ghost")
        self.drop = Button(_("Delete"), icon="trash-2", size="small", variant="ghost")
        for part in (self.filter, self.hand, self.copy, self.save, self.add, self.go, self.drop):
            self.tools.addWidget(part)
        self.filter.changed.connect(lambda _key: self.refresh())
        self.hand.clicked.connect(self._hand)
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(lambda: spawn(self._save(), self, name=_("Save as CSV…")))
        self.add.clicked.connect(lambda: spawn(self._add(), self, name=_("Add…")))
        self.go.clicked.connect(self._go)
        self.drop.clicked.connect(self._drop)
        self.list.opened.connect(self._go)
        self.list.selectionModel().selectionChanged.connect(lambda *_which: self._sync())
        self._sync()

    def refresh(self) -> None:
        """Read them again."""
        waiting = self.filter.current() == "new"
        self.show_values(models.read_wishes(self.desk, self.context.brand_id, waiting=waiting))
        if not self.model.rowCount():
            everything = bool(waiting and models.read_wishes(self.desk, self.context.brand_id, waiting=False))
            if everything:
                self.empty.set_content(
                    "circle-check", _("All handed over"), _("The client has everything."), tone="positive"
                )
            else:
                self.empty.set_content(
                    "lightbulb", _("No wish yet"),
                    _("What customers like, miss or propose. A in the inbox notes it down."), tone="accent",
                )  # fmt: skip
        self._sync()

    def tell(self, value: Heard) -> Told:
        """Kind, what was said, who and when."""
        wish = value.wish
        word, icon, tone = KINDS.get(wish.kind, KINDS["idea"])
        brand = self.directory.brand(wish.brand_id) if self.context.brand_id is None else None
        handed = _("handed over {when}").format(when=moment(wish.handed_at, self.now())) if wish.handed_at else ""
        told = (_(word), safe_name(value.person), clean_line(brand.name) if brand else "", handed)
        text = clean_line(wish.text, limit=300)
        return icon, tone, text, " · ".join(part for part in told if part), moment(wish.at, self.now()), wish.brand_id

    def _sync(self) -> None:
        some = bool(self.model.rowCount())
        count = len(self.list.places())
        current = self.current()
        self.hand.setEnabled(some and any(each.wish.handed_at is None for each in self.chosen()))
        self.copy.setEnabled(some)
        self.save.setEnabled(some)
        self.go.setEnabled(count == 1 and current is not None and current.wish.conversation_id is not None)
        self.drop.setEnabled(count > 0)

    def _hand(self) -> None:
        ids = [each.wish.id for each in self.chosen() if each.wish.handed_at is None]
        text = ngettext("{count} handed to the client", "{count} handed to the client", len(ids))
        self.decide(commands.hand_wishes, text.format(count=len(ids)), wish_ids=ids)

    def _drop(self) -> None:
        for each in self.chosen():
            text = _("Deleted: {what}").format(what=clean_line(each.wish.text, limit=60))
            self.decide(commands.remove_wish, text, wish_id=each.wish.id)

    def _go(self) -> None:
        current = self.current()
        if current is not None and current.wish.conversation_id is not None:
            wish = current.wish
            self.context.navigate(Target("inbox", "conversation", wish.conversation_id, wish.brand_id))

    def _copy(self) -> None:
        """As a list to be pasted into a mail, by kind."""
        QGuiApplication.clipboard().setText(as_text(self.chosen()))
        count = len(self.chosen())
        text = ngettext("{count} wish in the clipboard", "{count} wishes in the clipboard", count)
        notices.tell(text.format(count=count))

    async def _save(self) -> None:
        rows = [[_("Date"), _("Brand"), _("Kind"), _("What was said"), _("Person"), _("Handed over")]]
        for each in self.chosen():
            wish = each.wish
            brand = self.directory.brand(wish.brand_id)
            handed = f"{wish.handed_at.astimezone():%Y-%m-%d}" if wish.handed_at else ""
            rows.append(
                [f"{wish.at.astimezone():%Y-%m-%d}", brand.name if brand else "", _kind(wish.kind), wish.text,
                 each.person, handed]
            )  # fmt: skip
        path = await choose_save(self, _("Save as CSV"), name=_("Wishes.csv"), patterns=[(_("CSV table"), ["*.csv"])])
        if path is not None:
            await self.desk.work(save, path, models.as_csv(rows))
            notices.tell(_("Saved: {file}").format(file=path.name), tone="positive")

    async def _add(self) -> None:
        dialog = CareDialog(_("Add a wish"), self, yes=_("Add"), icon="lightbulb")
        brands = self.directory.brands()
        brand = QComboBox()
        for each in brands:
            brand.addItem(clean_line(each.name), each.id)
        brand.setCurrentIndex(max(0, brand.findData(self.context.brand_id)))
        if len(brands) > 1:
            dialog.put(_("Brand"), brand)
        kind = QComboBox()
        for key, (word, _icon, _tone) in KINDS.items():
            kind.addItem(_(word), key)
        dialog.put(_("Kind"), kind)
        text = TextField(lines=3, placeholder=_("In the customer's words"))
        dialog.put(_("What was said"), text, needed=_("Write what was said."))
        text.setFocus()
        if brands and await dialog.ask():
            await self.run(
                commands.add_wish, _("Noted for the client"), brand_id=brand.currentData(), kind=kind.currentData(),
                text=text.said(),
            )  # fmt: skip


def _kind(key: str) -> str:
    return _(KINDS[key][0]) if key in KINDS else key


def as_text(heard: list[Heard]) -> str:
    """A list to be pasted into a mail: a heading a kind, one line a wish."""
    parts: list[str] = []
    for key, (word, _icon, _tone) in KINDS.items():
        lines = [
            f"– {' '.join(safe_body(each.wish.text, limit=2000).split())}" for each in heard if each.wish.kind == key
        ]
        if lines:
            parts.append("\n".join([_(word), *lines]))
    return "\n\n".join(parts)

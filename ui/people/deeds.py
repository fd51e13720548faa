"""What is decided about people, from their card, the table or the inbox: run, told, and taken back in one step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cmdesk.commands import (
    circles as circle_commands,
    contacts as commands,
    people_merge as merging,
    wishes as wish_commands,
)
from cmdesk.commands.in_turn import in_turn
from cmdesk.i18n import _, ngettext
from cmdesk.safe_text import clean_line, safe_name
from ui import notices
from ui.bridge import spawn
from ui.models import person as models
from ui.models.once import once
from ui.people.dialogs import OptOutDialog, ProfileDialog, WishDialog
from ui.widgets.page import PageContext, Target, Undoable

SILENT = frozenset({"notes", "came_from", "expects", "likes", "bought", "name", "language", "country", "market_id"})
"""What is written down without a word about it: Ctrl+Z takes it back."""


class PeopleDeeds(QObject):
    """`owner` is the widget whose dialogs these are; `act` does what a card asks for by name."""

    failed = Signal(object)

    def __init__(self, context: PageContext, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._desk, self._owner = context, context.desk, owner

    def act(self, name: str, person_id: int, value: object) -> None:
        """Do what a card wants."""
        work = getattr(self, f"_{name}", None)
        if work is None:
            raise ValueError(f"nothing is called {name!r} about a person")
        spawn(work(person_id, value), self, name=name.replace("_", " "))

    # One person

    def edit(self, person_id: int, fields: dict[str, Any]) -> None:
        """Change what is written down about a person."""
        spawn(self._edit(person_id, fields), self, name=_("Change a person"))

    async def _edit(self, person_id: int, fields: object) -> None:
        assert isinstance(fields, dict)
        who = models.name_of(self._desk, person_id)
        done = await self._desk.run(commands.edit_contact, contact_id=person_id, **fields)
        self._told(done, _("Change {name}").format(name=who), silent=not fields.keys() - SILENT)

    async def _value(self, person_id: int, value: object) -> None:
        assert isinstance(value, tuple)
        field_id, text = value
        await self.set_value([person_id], field_id, text, silent=True)

    async def _circle_in(self, person_id: int, value: object) -> None:
        await self.put_in([person_id], _int(value))

    async def _circle_out(self, person_id: int, value: object) -> None:
        await self.take_out([person_id], _int(value))

    async def _advocate(self, person_id: int, value: object) -> None:
        await self.edit_many([person_id], advocate=bool(value))

    async def _opt_out(self, person_id: int, value: object) -> None:
        if value:
            await self.ask_opt_out([person_id])
        else:
            await self.edit_many([person_id], opt_out=False)

    async def _opt_out_note(self, person_id: int, _value: object) -> None:
        person = models.read_person(self._desk, person_id)
        dialog = OptOutDialog(
            self._owner, [safe_name(person.contact.name)], note=person.contact.opt_out_note, again=True
        )  # fmt: skip
        if await dialog.ask():
            fields = {"opt_out_note": dialog.note.said()}
            done = await self._desk.run(commands.edit_contact, contact_id=person_id, **fields)
            self._told(done, _("Change {name}").format(name=safe_name(person.contact.name)), silent=True)

    async def _wish(self, person_id: int, _value: object) -> None:
        person = models.read_person(self._desk, person_id)
        dialog = WishDialog(self._owner, safe_name(person.contact.name))
        if await dialog.ask():
            done = await self._desk.run(
                wish_commands.add_wish, brand_id=person.contact.brand_id, kind=dialog.kind.currentData(),
                text=dialog.text.said(), contact_id=person_id,
            )  # fmt: skip
            self._told(done, _("Noted for the client"))

    async def _profile(self, person_id: int, _value: object) -> None:
        dialog = ProfileDialog(self._owner)
        if await dialog.ask():
            network, handle = dialog.network.currentData(), dialog.handle.text().strip()
            done = await self._desk.run(
                commands.add_identity, contact_id=person_id, network=network, handle=handle
            )  # fmt: skip
            self._told(done, _("Profile added: {handle}").format(handle=safe_name(handle)))

    async def _drop_profile(self, person_id: int, value: object) -> None:
        done = await self._desk.run(commands.remove_identity, identity_id=_int(value))
        self._told(done, _("Profile taken away"))

    async def _split(self, _person_id: int, value: object) -> None:
        question = _("Is this profile somebody else?")
        text = _("It becomes a person of its own, with its conversations, cases and wishes. What you wrote down stays.")
        if await notices.confirm(question, text, yes=_("Split off")):
            done = await self._desk.run(merging.split_identity, identity_id=_int(value))
            name = models.name_of(self._desk, done.value)
            self._told(done, _("{name} is a person of their own").format(name=name))

    async def _write(self, person_id: int, _value: object) -> None:
        person = models.read_person(self._desk, person_id)
        self._context.navigate(Target("composer", "person", person_id, person.contact.brand_id))

    # Many people

    async def edit_many(self, ids: Sequence[int], **fields: Any) -> None:
        """Set the same for all, in one step to take back."""
        steps = [
            (commands.edit_many, {"brand_id": brand_id, "contact_ids": tuple(mine), **fields})
            for brand_id, mine in models.by_brand(self._desk, ids).items()
        ]
        await self._together(steps, self._said(ids, *_words(fields)))

    async def set_value(self, ids: Sequence[int], field_id: int, text: str, *, silent: bool = False) -> None:
        """Give all the same value in an own field."""
        brand_id = models.brand_of_field(self._desk, field_id)
        done = await self._desk.run(
            commands.set_values, brand_id=brand_id, contact_ids=tuple(ids), field_id=field_id, value=text
        )  # fmt: skip
        self._told(done, self._said(ids, _("Change {who}")), silent=silent)

    async def put_in(self, ids: Sequence[int], circle_id: int) -> None:
        """Put people into a circle by hand; those of another brand stay where they are, and it is said."""
        circle = models.circle(self._desk, circle_id)
        mine = models.by_brand(self._desk, ids).get(circle.brand_id, [])
        if not mine:
            notices.tell(_("“{circle}” is a circle of another brand.").format(circle=clean_line(circle.name)))
            return
        done = await self._desk.run(circle_commands.put_in, circle_id=circle_id, contact_ids=tuple(mine))
        text = self._said(mine, _("{who} put into “{circle}”"), circle=clean_line(circle.name, limit=60))
        if done.undo is None:
            text = self._said(mine, _("{who}: in “{circle}” already"), circle=clean_line(circle.name, limit=60))
        left = len(ids) - len(mine)
        if left:
            text += ". " + ngettext(
                "{count} of another brand left out", "{count} of other brands left out", left
            ).format(count=left)  # fmt: skip
        self._told(done, text)

    async def take_out(self, ids: Sequence[int], circle_id: int) -> None:
        """Take people out of a circle; one with a rule remembers that they stay out."""
        circle = models.circle(self._desk, circle_id)
        mine = models.by_brand(self._desk, ids).get(circle.brand_id, [])
        done = await self._desk.run(circle_commands.take_out, circle_id=circle_id, contact_ids=tuple(mine))
        self._told(done, self._said(mine, _("{who} taken out of “{circle}”"), circle=clean_line(circle.name, limit=60)))

    async def ask_opt_out(self, ids: Sequence[int]) -> None:
        """Ask how they said so, and mark that they do not want to be contacted (U11)."""
        dialog = OptOutDialog(self._owner, [models.name_of(self._desk, each) for each in ids[:3]], len(ids))
        if await dialog.ask():
            await self.edit_many(ids, opt_out=True, opt_out_note=dialog.note.said())

    # Telling

    async def _together(self, steps: Sequence[Any], text: str) -> None:
        if len(steps) == 1:
            command, args = steps[0]
            self._told(await self._desk.run(command, **args), text)
        elif steps:
            self._told(await self._desk.run(in_turn, steps=tuple(steps)), text)

    def _said(self, ids: Sequence[int], text: str, **more: str) -> str:
        if len(ids) == 1:
            who = models.name_of(self._desk, ids[0])
        else:
            who = ngettext("{count} person", "{count} people", len(ids)).format(count=len(ids))
        return text.format(who=who, **more)

    def _told(self, done: Any, text: str, *, silent: bool = False) -> None:
        tell_done(self._context, self, done, text, silent=silent)


def tell_done(context: PageContext, owner: QObject, done: Any, text: str, *, silent: bool = False) -> None:
    """Put a decision on the undo stack and say it, with a way back; what changed nothing is only said."""
    if done.undo is None:
        if not silent:
            notices.tell(text)
        return
    guarded = once(done)
    context.undo(guarded, text)
    if not silent:
        notices.toast(text, undo=lambda: _take_back(context, owner, guarded), seconds=6)


def _take_back(context: PageContext, owner: QObject, done: Undoable) -> None:
    step = done.undo
    spawn(context.desk.run(step.command, **step.args), owner, name=_("Undo"))


def _words(fields: dict[str, Any]) -> tuple[str]:
    if "opt_out" in fields:
        return (_("{who}: no contact any more") if fields["opt_out"] else _("{who} may be contacted again"),)
    if "advocate" in fields:
        return (_("{who} marked as advocate") if fields["advocate"] else _("{who} no longer advocate"),)
    if "market_id" in fields:
        return (_("Market of {who} changed"),)
    return (_("Change {who}"),)


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value

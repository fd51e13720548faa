"""The rows that intake writes: what is new of a page as `message` and `conversation` hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cmdesk.clock import to_ms
from cmdesk.model import Account
from cmdesk.store.intake_items import OWN, Item, attachments_json, clean
from cmdesk.store.intake_people import People
from cmdesk.store.intake_threads import Talk
from cmdesk.store.intake_verdicts import PageVerdicts
from cmdesk.store.rows import dump

PREVIEW = 200


@dataclass(slots=True)
class New:
    """A message to be inserted."""

    item: Item
    talk: Talk
    direction: str
    delivery_id: int | None
    id: int = 0


@dataclass(slots=True)
class Known:
    """A message as it is stored, as far as a newer version may differ."""

    id: int
    conversation_id: int
    direction: str
    text: str
    spoiler: str
    attachments: str
    created_at: int
    edited_at: int | None
    deleted_at: int | None
    read_at: int | None
    favourited: int
    boosted: int

    @property
    def content(self) -> tuple[str, str, str]:
        return self.text, self.spoiler, self.attachments


# CROSS JOIN, here and around: the few ids of the page lead, whatever the planner believes about the big table.
KNOWN = (
    "SELECT m.remote_id, m.id, m.conversation_id, m.direction, m.text, m.spoiler, m.attachments, m.created_at,"
    " m.edited_at, m.deleted_at, m.read_at, m.favourited, m.boosted FROM json_each(?2) j"
    " CROSS JOIN message m ON m.account_id = ?1 AND m.remote_id = j.value"
)
TOMBSTONES = (
    "SELECT t.remote_id FROM json_each(?2) j CROSS JOIN tombstone t ON t.account_id = ?1 AND t.remote_id = j.value"
)
INSERT_CONVERSATION = (
    "INSERT INTO conversation (id, brand_id, account_id, network, kind, remote_id, identity_id, contact_id,"
    " publication_id, state, visibility, unread, messages, preview, last_at, last_in_at, last_out_at, first_in_at,"
    " first_out_at, language, root_parent, sentiment, intent, unsure, kind_unsure, urgency)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def conversation_row(
    talk: Talk, new: list[New], *, account: Account, people: People, verdicts: PageVerdicts
) -> tuple[Any, ...]:
    """Return the row of a conversation that starts here, its summary as `refresh_conversations` computes it."""
    spoken = [each for each in new if each.direction != "context"]
    heard = [each for each in spoken if each.direction == "in"]
    said = [each for each in spoken if each.direction == "out"]
    answer = next((each for each in said if heard and each.id > heard[0].id), None)
    last = (spoken or new)[-1].item
    first_author = heard[0].item.author.remote_id if heard else ""
    return (
        talk.id,
        account.brand_id,
        account.id,
        account.network,
        str(heard[0].item.kind) if heard else OWN,
        talk.remote_id,
        people.identity.get(first_author),
        people.contact.get(first_author),
        talk.publication_id,
        # Where nobody has spoken to us there is nothing to do.
        "open" if heard else "solved",
        (heard or spoken or new)[-1].item.visibility,
        sum(not each.item.read for each in heard),
        len(spoken),
        clean(last.text)[:PREVIEW] if spoken else "",
        to_ms(last.created_at),
        to_ms(heard[-1].item.created_at) if heard else None,
        to_ms(said[-1].item.created_at) if said else None,
        to_ms(heard[0].item.created_at) if heard else None,
        None if answer is None else to_ms(answer.item.created_at),
        verdicts.language(heard),
        talk.root_parent,
        *verdicts.summary(heard, said),
    )


def message_row(new: New, *, account: Account, people: People, now_ms: int) -> tuple[Any, ...]:
    """Return the row of a new message, in the order of INSERT_MESSAGE."""
    item = new.item
    return (
        new.id,
        account.brand_id,
        account.id,
        new.talk.final().id,
        item.remote_id,
        new.direction,
        str(item.kind),
        None if new.direction == "out" else people.identity.get(item.author.remote_id),
        clean(item.text),
        clean(item.spoiler),
        item.language,
        item.visibility,
        to_ms(item.created_at),
        item.parent_id,
        item.url,
        dump(dict(item.ref)) if item.ref else "{}",
        dump(list(item.mentions)) if item.mentions else "[]",
        None if item.edited_at is None else to_ms(item.edited_at),
        now_ms if item.read else None,
        int(item.favourited or False),
        int(item.boosted or False),
        attachments_json(item.attachments) if item.attachments else "[]",
        new.delivery_id,
    )

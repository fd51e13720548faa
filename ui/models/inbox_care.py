"""What care of a conversation needs to know: ready texts of the brand, times to promise, its case, its other parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cmdesk.care.phrases import PHRASES, by_when
from cmdesk.care.promise_times import promise_times
from cmdesk.care.values import Case, PublicClose
from cmdesk.desk import Desk
from cmdesk.model import Brand, Conversation, ConversationState, Template
from cmdesk.safe_text import clean_line
from cmdesk.store import accounts, away, brands, cases, contacts, conversations, inbox, library, merging, people, voice
from cmdesk.store.db import Reader
from cmdesk.store.levels import level_of_conversation
from cmdesk.templates import blanks, by_path, expand, values

MOST_OPEN = 20_000
"""A round leads through no more than this."""

_TEMPLATES_KEPT = 60
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ready:
    """A text of the brand for one conversation; `template_id` 0 when it has no template of its own for this."""

    text: str
    template_id: int = 0


@dataclass(frozen=True, slots=True)
class Interim:
    """The interim answer with the times by which more can be promised, the first to propose."""

    times: tuple[datetime, ...]
    texts: Mapping[datetime, Ready]


@dataclass(frozen=True, slots=True)
class Thanks:
    """What one conversation would be thanked with."""

    conversation: Conversation
    account: str  # handle
    ready: Ready
    unwanted: bool = False  # the person wants to be left alone (U11)


def _expanded(
    reader: Reader,
    conversation: Conversation,
    template: Template,
    *,
    now: datetime,
    due: datetime | None = None,
    shared: Iterable[Template] = (),
) -> Ready:
    brand = brands.brand(reader, conversation.brand_id)
    level = level_of_conversation(reader, conversation.id)
    language = _language(conversation, brand)
    account = accounts.account(reader, conversation.account_id)
    case_id = cases.case_of(reader, conversation.id)
    known = values(
        name=clean_line(conversation.author),
        brand=brand.name,
        handle=conversation.handle,
        hours=away.told_hours(reader, conversation.id, language=language, now=now),
        other_channels=level.other_channels,
        account=account.handle,
        case_number=str(cases.case(reader, case_id).number) if case_id is not None else "",
        promise_date=by_when(due, now=now, zone=level.zone, language=language) if due is not None else "",
    )
    how = voice.manner(reader, brand.id, language, market_id=level.market_id)
    made = expand(
        template,
        language=language,
        market_id=level.market_id,
        values=how.told(known),
        others=by_path(shared),
        fallbacks=(brand.language,),
        formal=how.formal,
    )
    return Ready(made.text, template.id)


def _language(conversation: Conversation, brand: Brand) -> str:
    return conversation.language or brand.language


def _offered(reader: Reader, conversation: Conversation, kind: str) -> list[Template]:
    """The brand's templates for a kind in the person's language, the first to take first, else the built-in phrase.

    The same words to everybody read like a machine: thanks go round the templates there are.
    """
    brand = brands.brand(reader, conversation.brand_id)
    language = _language(conversation, brand)
    found = library.by_category(reader, brand.id, kind, languages=(language, brand.language))
    spoken = [each for each in found if any(tag.startswith(language.partition("-")[0]) for tag in each.texts)]
    if not spoken:
        return [PHRASES[kind]]
    if kind == "thanks":
        own = [each for each in spoken if each.brand_id is not None] or spoken
        return sorted(own, key=lambda each: (each.used_at is not None, each.used_at or _LONG_AGO, each.id))
    return spoken


def _whole(
    reader: Reader, conversation: Conversation, kind: str, *, now: datetime, due: datetime | None = None
) -> Ready:
    """The first text of a kind that asks nothing, so that one key is enough; the first of all when each asks."""
    shared = library.templates(reader, conversation.brand_id)
    every = [PHRASES[kind]] if kind not in library.KINDS else _offered(reader, conversation, kind)
    made = [_expanded(reader, conversation, each, now=now, due=due, shared=shared) for each in every]
    return next((each for each in made if not blanks(each.text)), made[0])


def _ready(reader: Reader, conversation_id: int, kind: str, now: datetime) -> Ready:
    conversation = inbox.conversation(reader, conversation_id)
    return _whole(reader, conversation, kind, now=now)


async def ready(desk: Desk, conversation_id: int, kind: str) -> Ready:
    """The brand's text of a kind (`library.KINDS`, or "unfounded") for a conversation, in the person's language."""
    return await desk.read(_ready, conversation_id, kind, desk.clock.now())


def _interim(reader: Reader, conversation_id: int, now: datetime) -> Interim:
    conversation = inbox.conversation(reader, conversation_id)
    times = promise_times(level_of_conversation(reader, conversation_id), now)
    texts = {due: _whole(reader, conversation, "interim", now=now, due=due) for due in times}
    return Interim(times, texts)


async def interim(desk: Desk, conversation_id: int) -> Interim:
    """The interim answer for each time that can be promised (D12)."""
    return await desk.read(_interim, conversation_id, desk.clock.now())


def _thanks(reader: Reader, ids: list[int], now: datetime) -> list[Thanks]:
    found = inbox.conversations_by_id(reader, ids)
    told: list[Thanks] = []
    turns: dict[tuple[int, str], int] = {}
    alone = people.opted_out(reader, [each.contact_id for each in found.values() if each.contact_id is not None])
    for each in (found[one] for one in ids if one in found):
        brand = brands.brand(reader, each.brand_id)
        language = _language(each, brand)
        spoken = [
            one
            for one in library.by_category(reader, brand.id, "thanks", languages=(language,))[:_TEMPLATES_KEPT]
            if any(tag.startswith(language.partition("-")[0]) for tag in one.texts)
        ]
        turn = turns.get((brand.id, language), 0)
        turns[(brand.id, language)] = turn + 1
        shared = library.templates(reader, brand.id)
        handle = accounts.account(reader, each.account_id).handle
        from_here = [*spoken[turn % len(spoken) :], *spoken[: turn % len(spoken)]] if spoken else []
        made = (_expanded(reader, each, one, now=now, shared=shared) for one in (*from_here, PHRASES["thanks"]))
        ready = next(ready for ready in made if not blanks(ready.text))
        told.append(Thanks(each, handle, ready, each.contact_id in alone))
    return told


async def thanks(desk: Desk, ids: list[int]) -> list[Thanks]:
    """What each of these would be thanked with; several templates take turns."""
    return await desk.read(_thanks, ids, desk.clock.now())


def _closing(reader: Reader, conversation_id: int) -> Case | None:
    case_id = cases.case_of(reader, conversation_id)
    case = cases.case(reader, case_id) if case_id is not None else None
    return case if case is not None and case.public_close is PublicClose.WANTED else None


def closing_case(desk: Desk, conversation_id: int) -> Case | None:
    """The case of a conversation that was solved in private and still wants its public comment (N25)."""
    return desk.page(_closing, conversation_id)


def _others(reader: Reader, conversation_id: int) -> tuple[list[Conversation], list[Conversation]]:
    conversation = inbox.conversation(reader, conversation_id)
    parts = inbox.conversations_by_id(reader, merging.parts_of(reader, conversation_id))
    if conversation.contact_id is None:
        return [], list(parts.values())
    every = contacts.earlier_conversations(reader, conversation.contact_id, 40, without=conversation_id)
    return [each for each in every if each.merged_into is None and each.id not in parts], list(parts.values())


def others(desk: Desk, conversation_id: int) -> tuple[list[Conversation], list[Conversation]]:
    """The person's other conversations, and those that are shown as part of this one."""
    return desk.page(_others, conversation_id)


def _waiting(reader: Reader) -> list[Conversation]:
    return conversations.conversation_page(reader, state=ConversationState.OPEN, order="urgent", limit=MOST_OPEN)


async def everything_open(desk: Desk) -> list[Conversation]:
    """What a round leads through: everything open of every brand."""
    return await desk.read(_waiting)


def by_id(desk: Desk, ids: Iterable[int]) -> dict[int, Conversation]:
    """Some conversations as they are now; those that are gone are missing."""
    return desk.page(inbox.conversations_by_id, list(ids))


def thankable(told: Sequence[Thanks]) -> list[Thanks]:
    """Those that are positive for sure, whose text is ready to be sent, and who may be written to (U11)."""
    return [
        each
        for each in told
        if each.conversation.sentiment == "positive"
        and not each.conversation.unsure
        and not each.unwanted
        and not blanks(each.ready.text)
    ]

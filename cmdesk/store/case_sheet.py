"""What the case sheet needs, read at once: the case, who said what, where it can be seen."""

from __future__ import annotations

from datetime import datetime

from cmdesk.care.sheet import Quote, Sheet, SheetFacts, make_sheet
from cmdesk.care.values import Referral
from cmdesk.i18n import supported, using
from cmdesk.model import Direction, Message
from cmdesk.store import brands, cases
from cmdesk.store.db import Reader
from cmdesk.store.threads import parent_post, thread

_QUOTES = 8
_LINKS = 20


def case_sheet(
    reader: Reader, case_id: int, *, now: datetime, asked: Referral | None = None, language: str | None = None
) -> Sheet:
    """Return the sheet of a case in the brand's language (or `language`); raises Invalid (`case_unknown`).

    `asked` is a question that is being written. The first words of the person and the last of the talk are quoted.
    """
    found = cases.case_file(reader, case_id)
    brand = brands.brand(reader, found.case.brand_id)
    said: dict[int, Message] = {}
    links: list[str] = []
    for home in (found.case.conversation_id, found.case.private_conversation_id):
        if home is None:
            continue
        said |= {each.id: each for each in thread(reader, home) if each.id > 0 and each.deleted_at is None}
        about = parent_post(reader, home)
        if about is not None and about.url:
            links.append(about.url)
    facts = SheetFacts(
        file=found,
        zone=brand.zone,
        made_at=now,
        quotes=tuple(_quote(each) for each in _chosen([said[each] for each in sorted(said)])),
        links=tuple(dict.fromkeys(links))[:_LINKS],
        information=cases.information(reader, brand.id),
        asked=asked,
    )
    with using(supported(language or brand.language)):
        return make_sheet(facts)


def _chosen(said: list[Message]) -> list[Message]:
    """Return what is quoted: the person's first words, and the last of both."""
    spoken = [each for each in said if each.direction is not Direction.CONTEXT]
    if len(spoken) <= _QUOTES:
        return spoken
    first = next((each for each in spoken if each.direction is Direction.IN), spoken[0])
    last = spoken[-(_QUOTES - 1) :]
    return last if first in last else [first, *last]


def _quote(message: Message) -> Quote:
    return Quote(
        author=message.author or message.handle,
        at=message.created_at,
        text=message.text,
        url=message.url,
        own=message.direction is Direction.OUT,
        private=message.visibility == "direct",
        pictures=tuple((each.alt, each.url) for each in message.attachments),
    )

"""The approval sheet: planned posts numbered for a client who has no account here (rank 25), as values and plain text.

What is shown is exactly what an answer is for: the content as it was asked, never what the post became since. What a
person wrote is plain text in it; times are in the brand's zone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote as percent
from zoneinfo import ZoneInfo

from cmdesk.planning.approving import Change, Piece
from cmdesk.reports.approval_phrases import phrase
from cmdesk.safe_text import clean_line, safe_body

LONGEST = 6000
"""Letters of one text that are shown: longer than any network takes."""
LONGEST_MAIL = 1800
"""Longer addresses are cut by some mail programs."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of a post: `jpeg` is empty for a video or a file that is gone, `video_s` is a video's length."""

    jpeg: bytes
    width: int
    height: int
    alt: str
    video_s: int = 0
    gone: bool = False


@dataclass(frozen=True, slots=True)
class PostPart:
    """One text of a thread with its pictures."""

    text: str
    pictures: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """What is said on some accounts (`where`: network and handle each); `comment` None: no first comment."""

    where: tuple[tuple[str, str], ...]
    parts: tuple[PostPart, ...]
    comment: PostPart | None = None


@dataclass(frozen=True, slots=True)
class When:
    """An hour with the accounts it is for; `at` None: none yet. `zone` is the one the hour was chosen in."""

    at: datetime | None
    zone: str
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One numbered post."""

    number: int
    post_id: int
    whens: tuple[When, ...]
    versions: tuple[Version, ...]
    poll: tuple[str, ...] = ()
    poll_s: int = 0
    poll_multiple: bool = False
    card: tuple[str, str, str] | None = None  # title, description, address
    spoiler: str = ""
    campaign: str = ""
    changed: tuple[Change, ...] = ()
    wanted: str = ""  # what the client asked for last time


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet with everything on it; HTML, PDF, plain text and mail show the same."""

    language: str
    brand: str
    color: str
    zone: str
    made_at: datetime
    blocks: tuple[Block, ...]
    number: int = 0  # 0: not asked yet
    title: str = ""
    message: str = ""
    expires_at: datetime | None = None
    answer_to: str = ""
    logo: bytes = b""

    def say(self, key: str, **values: object) -> str:
        """Return a text around the posts, in the sheet's language."""
        return phrase(self.language, key, **values)

    @property
    def heading(self) -> str:
        """What it is."""
        return self.say("heading", number=self.number) if self.number else self.say("heading_new")

    @property
    def subject(self) -> str:
        """The subject of the mail that carries it."""
        return clean_line(self.say("subject", brand=clean_line(self.brand, limit=80), number=self.number), limit=160)

    @property
    def until(self) -> str:
        """By when an answer is wanted, "" without a date."""
        return self.say("until", date=self.when(self.expires_at)) if self.expires_at is not None else ""

    @property
    def how(self) -> str:
        """How to answer."""
        yes, change = self.say("yes"), self.say("change")
        return self.say("how", yes=f"“{yes}”", change=f"“{change}”")

    @property
    def footer(self) -> str:
        """When it was made and whose hours it speaks of."""
        return self.say("footer", date=self.when(self.made_at), zone=self.zone)

    @property
    def template(self) -> str:
        """The list to answer with: numbers and room, which says nothing as it stands."""
        return "".join(f"{each.number}: \n" for each in self.blocks)

    def when(self, at: datetime, zone: str = "") -> str:
        """A day and hour in the brand's zone (or another), as the client writes them."""
        from babel.dates import format_date

        local = at.astimezone(ZoneInfo(zone or self.zone))
        day = format_date(local, "full", locale="en_GB" if self.language == "en" else self.language)
        return f"{day}, {local.hour}:{local:%M}"

    def hour(self, when: When) -> str:
        """An hour of a post, with that of its own zone where it is another."""
        if when.at is None:
            return self.say("no_hour")
        text = self.when(when.at)
        here, there = when.at.astimezone(ZoneInfo(self.zone)), when.at.astimezone(ZoneInfo(when.zone or self.zone))
        if here.utcoffset() == there.utcoffset():
            return text
        place = when.zone.rpartition("/")[2].replace("_", " ")
        return f"{text} ({self.say('here', time=f'{there:%H:%M}', zone=place)})"

    def approve_link(self, number: int) -> str:
        """The address that opens a mail saying yes to one post."""
        return self._mailto(f"{number} {self.say('yes')}")

    def change_link(self, number: int) -> str:
        """The address that opens a mail in which to write what should change."""
        return self._mailto(f"{number} {self.say('change')} ")

    @property
    def approve_all_link(self) -> str:
        """The address that opens a mail saying yes to every post."""
        return self._mailto("".join(f"{each.number} {self.say('yes')}\n" for each in self.blocks))

    @property
    def list_link(self) -> str:
        """The address that opens a mail with the list to fill in."""
        return self._mailto(self.template)

    def _mailto(self, body: str) -> str:
        subject = self.say("reply_subject", brand=clean_line(self.brand, limit=80), number=self.number)
        coded = percent(body.replace("\n", "\r\n"))
        return f"mailto:{percent(self.answer_to, safe='@')}?subject={percent(subject)}&body={coded}"

    @property
    def mailto(self) -> str:
        """The address that opens a mail to the client with the sheet's text in it; cut where mail programs would."""
        head = f"mailto:?subject={percent(self.subject)}&body="
        body = self.text.replace("\n", "\r\n")
        room = LONGEST_MAIL - len(head)
        coded = percent(body)
        while len(coded) > room:
            body = body[: max(len(body) * room // len(coded) - 2, 0)].rstrip()
            coded = percent(f"{body}…") if body else ""
        return head + coded

    @property
    def text(self) -> str:
        """The sheet as plain text, for mail and clipboard."""
        return "\n".join(_text(self)).strip() + "\n"


def body(text: str) -> str:
    """What a person wrote, fit to be shown: lines kept, nothing that acts."""
    cut = safe_body(text, limit=LONGEST + 1).strip()
    return cut if len(cut) <= LONGEST else f"{cut[:LONGEST].rstrip()}…"


def lasting(seconds: int, language: str) -> str:
    """A span as it is said: "3 days"."""
    from babel.units import format_unit

    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= size and seconds % size == 0:
            return str(format_unit(seconds // size, f"duration-{unit}", locale=language))
    return str(format_unit(max(seconds // 60, 1), "duration-minute", locale=language))


def clock(seconds: int) -> str:
    """A video's length: 0:32."""
    return f"{seconds // 60}:{seconds % 60:02}"


def picture_words(paper: Paper, picture: Shown) -> str:
    """What stands under a picture: its description, or that there is none."""
    alt = clean_line(picture.alt, limit=1500)
    if picture.video_s:
        name = f"{paper.say('video')} {clock(picture.video_s)}"
    else:
        name = paper.say("picture")
    if picture.gone:
        name = f"{name} ({paper.say('gone')})"
    return f"{name}: {alt}" if alt else f"{name} ({paper.say('no_alt')})"


def other_changes(paper: Paper, changed: Sequence[Change]) -> list[str]:
    """What changed besides words, by name."""
    names: Mapping[str, str] = {
        "media": "media_changed", "crops": "crops_changed", "poll": "poll_changed", "card": "card_changed",
        "comment": "comment_changed",
    }  # fmt: skip
    found = [paper.say(names.get(each.field, "other_changed")) for each in changed if not each.pieces]
    return list(dict.fromkeys(found))


def marked(pieces: Sequence[Piece]) -> str:
    """A difference in plain text: [-gone-] {+new+}, as everybody's tools write it."""
    marks = {"": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return "".join(marks[each.sign].format(each.text) for each in pieces)


def _text(paper: Paper) -> Iterator[str]:
    yield clean_line(paper.brand, limit=100)
    yield f"{paper.heading}: {clean_line(paper.title, limit=200)}" if paper.title else paper.heading
    yield ""
    if paper.message:
        yield body(paper.message)
        yield ""
    yield paper.say("nothing_goes")
    if paper.until:
        yield paper.until
    yield ""
    yield paper.say("how_title").upper()
    yield paper.how
    yield ""
    yield paper.template.rstrip()
    for block in paper.blocks:
        yield ""
        yield "-" * 60
        yield from _block_text(paper, block)
    yield ""
    yield "-" * 60
    yield paper.footer


def _block_text(paper: Paper, block: Block) -> Iterator[str]:
    for place, when in enumerate(block.whens):
        head = f"{block.number}." if not place else "  "
        yield f"{head} {paper.hour(when)} · {', '.join(clean_line(each, limit=120) for each in when.where)}"
    if block.campaign:
        yield f"   {paper.say('campaign')}: {clean_line(block.campaign, limit=120)}"
    if block.spoiler:
        yield f"   {paper.say('spoiler')}: {clean_line(block.spoiler, limit=500)}"
    several = len(block.versions) > 1
    for version in block.versions:
        yield ""
        if several:
            yield f"   {', '.join(name_of(each) for each in version.where)}:"
        for place, part in enumerate(version.parts, 1):
            if len(version.parts) > 1:
                yield f"   ({paper.say('part', number=place, count=len(version.parts))})"
            yield from _indented(part, paper)
        if version.comment is not None:
            yield f"   {paper.say('comment')}:"
            yield from _indented(version.comment, paper)
    yield from _extras_text(paper, block)
    yield ""
    yield f"   [ ] {paper.say('approve_box')}   [ ] {paper.say('change_box')} ______________________________"


def _extras_text(paper: Paper, block: Block) -> Iterator[str]:
    if block.poll:
        more = f", {paper.say('poll_multiple')}" if block.poll_multiple else ""
        yield f"   {paper.say('poll')} ({paper.say('poll_open', time=lasting(block.poll_s, paper.language))}{more}):"
        yield from (f"   ( ) {clean_line(each, limit=200)}" for each in block.poll)
    if block.card is not None:
        title, _description, url = block.card
        yield f"   {paper.say('card')}: {clean_line(title, limit=200)} {clean_line(url, limit=500)}"
    if block.wanted:
        yield f"   {paper.say('you_asked', text=clean_line(block.wanted, limit=600))}"
    if block.changed:
        yield f"   {paper.say('changed')}:"
        for each in block.changed:
            if each.pieces:
                yield from (f"   | {line}" for line in body(marked(each.pieces)).split("\n"))
        others = other_changes(paper, block.changed)
        if others:
            yield f"   | {', '.join(others)}"


def _indented(part: PostPart, paper: Paper) -> Iterator[str]:
    if part.text.strip():
        yield from (f"   > {line}" for line in body(part.text).split("\n"))
    yield from (f"   [{picture_words(paper, each)}]" for each in part.pictures)


def name_of(where: tuple[str, str]) -> str:
    """A network and an account as they are called."""
    network, handle = where
    handle = clean_line(handle, limit=100)
    name = clean_line(network, limit=40).title()
    return f"{name} @{handle.removeprefix('@')}" if handle else name

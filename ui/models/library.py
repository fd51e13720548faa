"""What the templates page shows and edits: folders, rows, drafts, previews, and files that come in and go out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cmdesk.desk import Desk
from cmdesk.model import Market, Template
from cmdesk.planning.voice import Tongue
from cmdesk.store import library, library_import, library_start, markets as market_store, voice
from cmdesk.store.library_import import ADD as ADD, CHANGE as CHANGE, SAME as SAME, Plan as Plan
from cmdesk.store.voice import Manner
from cmdesk.templates import Expanded, Problem as Problem, by_path, expand, values
from cmdesk.templates.files import Parsed, parse, read_file, to_csv, to_json
from cmdesk.templates.grammar import tokens
from cmdesk.templates.variables import key_of

NO_FOLDER = "\x00"
"""Stands for "in no folder" where '' means all."""

_ALWAYS = ("name", "full_name", "handle", "brand", "account")
"""Variables that nobody is ever asked for."""

Place = tuple[int, str]
"""A variant: market (0 for none) and language tag."""


@dataclass
class Draft:
    """A template while it is edited; `id` None is a new one."""

    brand_id: int | None = None
    id: int | None = None
    name: str = ""
    kind: str = "reply"
    category: str = ""
    texts: dict[Place, str] = field(default_factory=dict)
    prompts: dict[str, str] = field(default_factory=dict)

    def fields(self) -> dict[str, Any]:
        """The arguments of `commands.library.save_template`."""
        markets: dict[int, dict[str, str]] = {}
        for (market, tag), text in self.texts.items():
            markets.setdefault(market, {})[tag] = text
        asked = set(self.asked())
        return {
            "template_id": self.id,
            "brand_id": self.brand_id,
            "name": self.name,
            "kind": self.kind,
            "category": self.category,
            "texts": markets.pop(0, {}),
            "markets": markets,
            "prompts": {word: question for word, question in self.prompts.items() if word in asked},
        }

    def asked(self, place: Place | None = None) -> list[str]:
        """The blanks a person will have to fill, in one variant or over all, each once."""
        found: dict[str, str] = {}
        for text in self.texts.values() if place is None else (self.texts.get(place, ""),):
            for token in tokens(text):
                key = key_of(token.word)
                if token.word and key not in _ALWAYS and not (key and token.fallback is not None):
                    found.setdefault(token.word.casefold(), token.word)
        return list(found.values())

    def as_template(self) -> Template:
        """The draft as a template, with id 0 while it is new."""
        fields = self.fields()
        fields["id"] = fields.pop("template_id") or 0
        return Template(**fields)


def draft_of(template: Template) -> Draft:
    """A template to be edited."""
    texts = {(0, tag): text for tag, text in template.texts.items()}
    texts |= {(market, tag): text for market, mine in template.markets.items() for tag, text in mine.items()}
    return Draft(
        template.brand_id, template.id, template.name, template.kind, template.category, texts, dict(template.prompts)
    )


def rows(
    desk: Desk, brand_id: int | None, text: str, *, folder: str = "", languages: Sequence[str] = ()
) -> list[Template]:
    """The templates a brand sees (None: all) that match, in a folder and those inside it."""
    found = desk.page(library.find, brand_id, text, languages=languages, limit=5_000)
    if folder == NO_FOLDER:
        found = [each for each in found if not each.category]
    elif folder:
        found = [each for each in found if f"{each.category}/".startswith(f"{folder}/")]
    if not text.strip():
        found.sort(key=lambda each: (library.fold(each.category), library.fold(each.name), each.id))
    return found


def folders(desk: Desk, brand_id: int | None) -> list[tuple[str, int]]:
    """Folders in use with the number of templates in each by itself; '' is no folder."""
    return desk.page(library.folders, brand_id)


def one(desk: Desk, template_id: int) -> Template:
    """One template; raises Invalid when it is gone."""
    return desk.page(library.template, template_id)


def markets(desk: Desk, brand_id: int | None) -> list[Market]:
    """The markets of a brand; none for a shared template."""
    return [] if brand_id is None else desk.page(market_store.markets, brand_id)


def others(desk: Desk, brand_id: int | None) -> list[Template]:
    """What a template may take in."""
    return desk.page(library_import.to_export, brand_id)


def missing_starters(desk: Desk) -> int:
    """How many of the starting set are not there."""
    return len(desk.page(library_start.missing))


def offer_starters(desk: Desk) -> int:
    """How many starting templates to offer a profile that never had them; 0: none, or it was declined."""
    return 0 if desk.page(library_start.offered) else missing_starters(desk)


@dataclass(frozen=True, slots=True)
class Example:
    """The person of the preview, and what the desk would know."""

    name: str
    brand: str
    hours: str
    channels: str
    when: str
    link: str = "https://brand.example"
    tongue: Tongue = field(default_factory=Tongue)  # how the brand speaks in that language


def tongue(desk: Desk, brand_id: int | None, language: str) -> Tongue:
    """How a brand speaks in a language: its greeting, farewell, signature; nothing for every brand's templates."""
    return Tongue() if brand_id is None else desk.page(voice.manner, brand_id, language).tongue


def preview(draft: Draft, place: Place, example: Example, every: Iterable[Template]) -> Expanded:
    """One variant as the example person would get it."""
    market, tag = place
    template = draft.as_template()
    alone = Template(
        template.id, template.brand_id, template.name, template.kind, {tag: draft.texts.get(place, "")},
        template.category, prompts=template.prompts,
    )  # fmt: skip
    known = values(
        name=example.name, brand=example.brand, handle="ana.ruiz" if example.name else "", hours=example.hours,
        other_channels=example.channels, account=example.brand.replace(" ", "").lower(), case_number="27",
        promise_date=example.when, link=example.link,
    )  # fmt: skip
    known = Manner(False, example.tongue).told(known)
    rest = [each for each in every if each.id != template.id]
    formal = "@" in tag
    language = tag.partition("@")[0]
    return expand(
        alone, language=language, market_id=market, values=known, others=by_path([*rest, alone]), formal=formal
    )  # fmt: skip


# Files


def read_and_parse(path: Path) -> Parsed:
    """What a file holds; blocks, raises Invalid for the whole of it."""
    return parse(read_file(path))


async def plan_import(desk: Desk, parsed: Parsed, brand_id: int | None) -> Plan:
    """What taking it in would do."""
    return await desk.read(library_import.plan, parsed, brand_id=brand_id)


def exported(
    desk: Desk, brand_id: int | None, *, file_format: str, delimiter: str, template_ids: Iterable[int] = ()
) -> bytes:
    """Templates as a file; blocks for a moment."""
    found = desk.store.read(library_import.to_export, brand_id, template_ids=template_ids)
    names = desk.store.read(library_import.labels)
    return to_json(found, names) if file_format == "json" else to_csv(found, names, delimiter=delimiter)

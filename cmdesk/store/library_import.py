"""What taking in a file of templates would do, and doing it: nothing is lost, and twice is the same as once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cmdesk.model import Template
from cmdesk.store import brands, library, markets as market_store
from cmdesk.store.db import Reader, Transaction
from cmdesk.templates import Problem, by_path, expand
from cmdesk.templates.files import Entry, Fault, Labels, Parsed

ADD, CHANGE, SAME = "add", "change", "same"


@dataclass(frozen=True, slots=True)
class Planned:
    """One template of the file: what would become of it, and what is doubtful about its text."""

    line: int
    action: str  # add, change, same
    template: Template  # as it would be afterwards; a negative id when it is new
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a file in would do; `faults` are those of the file and of names the desk does not know."""

    planned: tuple[Planned, ...]
    faults: tuple[Fault, ...]

    def count(self, action: str) -> int:
        """How many templates this would happen to."""
        return sum(each.action == action for each in self.planned)

    @property
    def left_out(self) -> int:
        """How many lines are not taken."""
        return len({each.line for each in self.faults if each.left_out})


def plan(reader: Reader, parsed: Parsed, *, brand_id: int | None = None) -> Plan:
    """Say what taking a file in would do; rows without a brand go to `brand_id` (None: every brand).

    A template is known by its brand, folder and name. Texts of other languages, and questions the file does not name,
    stay as they are.
    """
    names = {each.name.casefold(): each.id for each in brands.list_brands(reader)}
    every = {each.id: each for each in library.templates(reader)}
    known = {(each.brand_id, each.category, each.name): each for each in reversed(every.values())}
    faults = list(parsed.faults)
    made: list[tuple[Entry, str, Template]] = []
    for number, entry in enumerate(parsed.entries, start=1):
        owner = names.get(entry.brand.casefold()) if entry.brand else brand_id
        if entry.brand and owner is None:
            faults.append(Fault(entry.line, "brand", entry.brand))
            continue
        markets = _markets(reader, entry, owner, faults)
        if not entry.texts and not markets:
            continue
        action, template = _merged(
            known.get((owner, entry.folder, entry.name)), entry, owner, markets, new_id=-number
        )  # fmt: skip
        made.append((entry, action, template))
    changed = {template.id: template for _entry, _action, template in made}
    others = by_path((every | changed).values())
    planned = [
        Planned(entry.line, action, template, _problems(template, others)) for entry, action, template in made
    ]  # fmt: skip
    return Plan(tuple(planned), tuple(sorted(faults, key=lambda each: each.line)))


def carry_out(tx: Transaction, wanted: Plan) -> tuple[list[int], list[Template]]:
    """Take in what was planned; returns the ids of new templates and the earlier state of changed ones."""
    added: list[int] = []
    before: list[Template] = []
    for each in wanted.planned:
        if each.action == SAME:
            continue
        new = each.action == ADD
        if not new:
            before.append(library.template(tx.conn, each.template.id))
        saved = library.save_template(
            tx,
            template_id=None if new else each.template.id,
            brand_id=each.template.brand_id,
            name=each.template.name,
            texts=each.template.texts,
            kind=each.template.kind,
            category=each.template.category,
            prompts=each.template.prompts,
            markets=each.template.markets,
        )
        if new:
            added.append(saved)
    return added, before


def labels(reader: Reader) -> Labels:
    """Return the names a file uses for brands and markets."""
    every = brands.list_brands(reader, archived=True)
    markets = {market.id: market.name for brand in every for market in market_store.markets(reader, brand.id)}
    return Labels({brand.id: brand.name for brand in every}, markets)


def to_export(reader: Reader, brand_id: int | None = None, *, template_ids: Iterable[int] = ()) -> list[Template]:
    """Return what a brand sees (None: all there are), or only some, in the order of folders and names."""
    wanted = set(template_ids)
    found = [each for each in library.templates(reader, brand_id) if not wanted or each.id in wanted]
    return sorted(found, key=lambda each: (library.fold(each.category), library.fold(each.name), each.id))


def _markets(reader: Reader, entry: Entry, owner: int | None, faults: list[Fault]) -> dict[int, Mapping[str, str]]:
    found: dict[int, Mapping[str, str]] = {}
    known = {each.name.casefold(): each.id for each in market_store.markets(reader, owner)} if owner is not None else {}
    for name, texts in entry.markets.items():
        market = known.get(name.casefold())
        if market is None:
            faults.append(Fault(entry.line, "market" if owner is not None else "market_of_all", name))
        else:
            found[market] = texts
    return found


def _merged(
    known: Template | None,
    entry: Entry,
    owner: int | None,
    markets: Mapping[int, Mapping[str, str]],
    *,
    new_id: int,
) -> tuple[str, Template]:
    fresh = Template(
        new_id, owner, entry.name, entry.kind, dict(entry.texts), entry.folder, prompts=dict(entry.prompts),
        markets=markets,
    )  # fmt: skip
    if known is None:
        return ADD, fresh
    merged = replace(
        known,
        kind=entry.kind,
        texts={**known.texts, **entry.texts},
        prompts={**known.prompts, **entry.prompts},
        markets={
            market: {**known.markets.get(market, {}), **markets.get(market, {})}
            for market in {**known.markets, **markets}
        },
    )
    return (SAME if merged == known else CHANGE), merged


def _problems(template: Template, others: Mapping[str, Template]) -> tuple[Problem, ...]:
    found: dict[Problem, None] = {}
    for tag in template.texts:
        alone = replace(template, texts={tag: template.texts[tag]}, markets={})
        for problem in expand(alone, language=tag, values={}, others=others).problems:
            found[problem] = None
    return tuple(found)

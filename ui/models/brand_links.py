"""The links and hashtag sets of the library: rows with what each link last answered, files in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cmdesk.commands.brand_links import Imported as Imported, plan_products
from cmdesk.desk import Desk
from cmdesk.planning.link_files import LinkTable as LinkTable, parse, to_csv
from cmdesk.store import accounts, brand_links, brands, links
from cmdesk.store.brand_links import HashtagSet as HashtagSet, ProductLink as ProductLink
from cmdesk.store.db import Reader
from cmdesk.store.links import LinkCheck
from cmdesk.sync.links import MOST, check_links
from cmdesk.templates.files import read_file


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link with what is known of it."""

    product: ProductLink
    check: LinkCheck | None
    instead: str  # the name of what replaces it

    @property
    def broken(self) -> bool:
        """Say whether it last led nowhere."""
        return self.check is not None and self.check.broken


def link_rows(desk: Desk, brand_id: int | None, text: str = "", *, archived: bool = False) -> list[LinkRow]:
    """The links of a brand (None: of all) that have every word of a text, by name; put away ones at the end."""
    return desk.page(_rows, brand_id, text, archived)


def _rows(reader: Reader, brand_id: int | None, text: str, archived: bool) -> list[LinkRow]:
    every = brand_links.products(reader, brand_id, archived=True)
    names = {each.id: each.name for each in every}
    found = brand_links.products(reader, brand_id, text=text, archived=archived)
    known = links.checks(reader, [each.url for each in found])
    rows = [
        LinkRow(each, known.get(each.url), names.get(each.instead_id, "") if each.instead_id is not None else "")
        for each in found
    ]
    return sorted(rows, key=lambda row: (row.product.archived_at is not None, row.product.name.casefold()))


def one(desk: Desk, product_id: int) -> ProductLink:
    """One link; raises Invalid when it is gone."""
    return desk.page(brand_links.product, product_id)


def others(desk: Desk, brand_id: int, product_id: int | None) -> list[ProductLink]:
    """What may replace a link."""
    return [each for each in desk.page(brand_links.products, brand_id) if each.id != product_id]


def set_rows(desk: Desk, brand_id: int | None, text: str = "") -> list[HashtagSet]:
    """The sets of a brand (None: of all) that have every word of a text, by name."""
    wanted = text.casefold().replace("#", " ").split()
    found = desk.page(brand_links.hashtag_sets, brand_id)
    found = [each for each in found if all(word in f"{each.name} {' '.join(each.tags)}".casefold() for word in wanted)]
    return sorted(found, key=lambda each: each.name.casefold())


async def try_links(desk: Desk, products: Sequence[ProductLink]) -> int:
    """Try the links of real brands now, a few at a time; returns how many answered in some way."""
    samples = {each.id for each in desk.page(brands.list_brands) if each.sample}
    urls = list(dict.fromkeys(each.url for each in products if each.brand_id not in samples))
    servers = {each.brand_id: each.server for each in desk.page(accounts.list_accounts)}
    server = servers.get(products[0].brand_id, "") if products else ""
    tried = 0
    for start in range(0, len(urls), MOST):
        tried += await check_links(desk, urls[start : start + MOST], again=True, account_server=server)
    return tried


def read_and_parse(path: Path) -> LinkTable:
    """What a file holds; blocks, raises Invalid for the whole of it."""
    return parse(read_file(path))


def plan_import(desk: Desk, brand_id: int, table: LinkTable) -> Imported:
    """What taking it in would do."""
    return desk.page(plan_products, brand_id, table.entries)


def exported(desk: Desk, brand_id: int | None, *, delimiter: str) -> bytes:
    """The links of a brand as a file; blocks for a moment."""
    return to_csv(desk.store.read(brand_links.products, brand_id, archived=False), delimiter=delimiter)

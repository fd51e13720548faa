"""What can be put into a post: people, products, hashtags, emoji lately used, and what its links answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from cmdesk.commands import brand_links as commands
from cmdesk.commands.settings import set_value
from cmdesk.desk import Desk
from cmdesk.model import Account, Identity
from cmdesk.store import brand_links, brands, links, mentions
from cmdesk.store.brand_links import HashtagSet as HashtagSet, ProductLink as ProductLink
from cmdesk.store.db import Done
from cmdesk.store.links import LinkCheck
from cmdesk.sync.link_pictures import card_picture
from cmdesk.sync.links import check_links
from cmdesk.text import links as links_of
from ui.bridge import spawn

PAUSE_MS = 1200
_RECENT = 18


class Inserts(QObject):
    """Everything of one brand; says `links_answered` when something new is known of the post's links."""

    links_answered = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._accounts: Sequence[Account] = ()
        self._urls: tuple[str, ...] = ()
        self.brand_id = 0
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._try_links)

    def about(self, brand_id: int, accounts: Sequence[Account]) -> None:
        """Say whose post it is and where it goes."""
        self.brand_id, self._accounts = brand_id, tuple(accounts)

    # People

    def people(self, typed: str, network: str = "") -> list[Identity]:
        """Whom the beginning of a name or handle may mean, on the networks of the post (or one of them)."""
        networks = [network] if network else list(dict.fromkeys(account.network for account in self._accounts))
        return self._desk.page(mentions.people, typed, brand_id=self.brand_id, networks=networks)

    # Products and hashtags

    def products(self, typed: str) -> list[ProductLink]:
        """The brand's links, those used last first."""
        return self._desk.page(brand_links.products, self.brand_id, text=typed)

    def product(self, product_id: int) -> ProductLink:
        """One link."""
        return self._desk.page(brand_links.product, product_id)

    def better(self, product: ProductLink) -> ProductLink:
        """What is linked instead of a product: what fits better now and is not put away (U14), else itself."""
        return self._desk.page(brand_links.better, product)

    async def save_product(self, **fields: object) -> Done[int]:
        """Keep a link; raises Invalid."""
        return await self._desk.run(commands.save_product, brand_id=self.brand_id, **fields)  # type: ignore[arg-type]

    def use_product(self, product_id: int) -> None:
        """Count a use."""
        spawn(self._desk.run(commands.use_product, product_id=product_id), self, name="count the use of a link")

    def hashtag_sets(self, typed: str = "") -> list[HashtagSet]:
        """The brand's sets, those used last first."""
        wanted = typed.casefold()
        found = self._desk.page(brand_links.hashtag_sets, self.brand_id)
        return [each for each in found if wanted in f"{each.name} {' '.join(each.tags)}".casefold()]

    async def save_hashtags(self, *, name: str, tags: str, set_id: int | None = None) -> Done[int]:
        """Keep a set; raises Invalid."""
        return await self._desk.run(commands.save_hashtags, brand_id=self.brand_id, name=name, tags=tags, set_id=set_id)

    def use_hashtags(self, set_id: int) -> None:
        """Remember a use."""
        spawn(self._desk.run(commands.use_hashtags, set_id=set_id), self, name="count the use of hashtags")

    # Emoji

    def emoji_lately(self) -> tuple[list[str], int]:
        """The emoji used last, the newest first, and the skin tone."""
        kept = self._kept_emoji()
        return list(kept.get("recent", [])), int(kept.get("tone", 0))

    def keep_emoji(self, char: str = "", *, tone: int | None = None) -> None:
        """Remember a use, and the skin tone."""
        kept = self._kept_emoji()
        if char:
            kept["recent"] = [char, *(each for each in kept.get("recent", []) if each != char)][:_RECENT]
        if tone is not None:
            kept["tone"] = tone
        spawn(
            self._desk.run(set_value, key="emoji", value=json.dumps(kept, ensure_ascii=False)),
            self,
            name="remember an emoji",
        )

    def _kept_emoji(self) -> dict[str, Any]:
        try:
            kept = json.loads(str(self._desk.setting("emoji")))
        except ValueError:
            return {}
        return kept if isinstance(kept, dict) else {}

    # Links

    def watch(self, text: str) -> None:
        """Try the links of a text after a pause, when a person allows it."""
        urls = tuple(dict.fromkeys(url for _start, _end, url in links_of(text)))
        if urls != self._urls:
            self._urls = urls
            if urls and self._desk.setting("check_links") and not self._sample():
                self._timer.start()

    def checks(self, text: str) -> dict[str, LinkCheck]:
        """What is known of the links of a text, by link."""
        return self._desk.page(links.checks, [url for _start, _end, url in links_of(text)])

    async def card_picture(self, image_url: str) -> int | None:
        """The picture a page names for itself, taken into the brand's; None when there is none to be had."""
        server = self._accounts[0].server if self._accounts else ""
        found = await card_picture(self._desk, image_url, brand_id=self.brand_id, account_server=server)
        return None if found is None else found.id

    def _sample(self) -> bool:
        """Whether the brand is an invented one, whose links lead nowhere."""
        return bool(self.brand_id) and self._desk.page(brands.brand, self.brand_id).sample

    def _try_links(self) -> None:
        if self._desk.page(links.stale, self._urls, now=self._desk.clock.now()):
            spawn(self._try(self._urls), self, name="try the links")

    async def _try(self, urls: Sequence[str]) -> None:
        server = self._accounts[0].server if self._accounts else ""
        if await check_links(self._desk, urls, account_server=server):
            self.links_answered.emit()

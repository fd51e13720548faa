"""A brand with three accounts that can all their networks can: two on Mastodon, one on Bluesky."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from cmdesk.model import Account
from cmdesk.networks.base import Author, Capabilities, Limits, Profile
from cmdesk.store import accounts, brands
from tests.ui.planned import Planned
from ui.composer.page import ComposerPage
from ui.widgets.page import Target

MASTODON = Capabilities(
    Limits(500, 23, poll_options=4), visibilities=("public", "unlisted", "private", "direct"), content_warning=True,
    schedule=True, polls=True, video=True, quote_policies=("public", "followers", "nobody"),
)  # fmt: skip
BLUESKY = Capabilities(
    Limits(300, None, 3000, image_bytes=2_000_000), cards=True, video=True,
    gates=("everybody", "followers", "following", "mentioned", "nobody"), quote_policies=("public", "nobody"),
)  # fmt: skip


class Shop:
    """The brand, its accounts in their order, and composers on it."""

    def __init__(self, planned: Planned) -> None:
        self.planned = planned
        self.desk = planned.desk
        self.brand = self.desk.run_now(
            brands.add_brand, name="Óptica Sol", zone="Europe/Madrid", language="es", color="#C2703D"
        )
        for network, handle, capabilities in (
            ("mastodon", "opticasol@plaza.example", MASTODON), ("mastodon", "ayuda@plaza.example", MASTODON),
            ("bluesky", "opticasol.bsky.example", BLUESKY),
        ):  # fmt: skip
            profile = Profile(Author(handle, handle, "Óptica Sol"), capabilities, "https://plaza.example")
            self.desk.run_now(
                accounts.add_account, brand_id=self.brand, profile=profile, network=network, secret_ref=handle
            )

    @property
    def accounts(self) -> list[Account]:
        """Mastodon, Mastodon's second, Bluesky."""
        return self.desk.page(accounts.list_accounts, brand_id=self.brand)

    def compose(self, qtbot: QtBot, post_id: int | None = None, *, wall: str = "2026-03-10T10:00") -> ComposerPage:
        """Open a composer on a new post, or on one that exists."""
        page = ComposerPage(self.planned.context)
        qtbot.addWidget(page)
        page.resize(1300, 900)
        target = Target("composer", "post", post_id) if post_id else Target("composer", "new", None, self.brand, wall)
        page.open(target)
        page.show()
        return page

"""What sends the post or puts it away: schedule, publish now, discard; asks where one must be sure (N10, N11)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from cmdesk.i18n import _
from cmdesk.planning.review import Level, errors
from cmdesk.safe_text import clean_line
from cmdesk.wording_review import finding_text
from ui import notices
from ui.bridge import spawn
from ui.composer.audience_asking import targeted, wider_sure
from ui.models import crisis
from ui.models.composer import Done
from ui.models.reviewing import asked
from ui.widgets.page import Target

if TYPE_CHECKING:
    from ui.composer.page import ComposerPage


class Sealing(QObject):
    """Serves a composer page."""

    def __init__(self, page: ComposerPage) -> None:
        super().__init__(page)
        self._page = page

    def schedule(self) -> None:
        """Seal it for the chosen hours."""
        self._seal(self._page.scheduling.schedule, _("Schedule a post"))

    def publish_now(self) -> None:
        """Seal it for this moment."""
        self._seal(self._page.model.publish_now, _("Publish a post"))

    def discard(self) -> None:
        """Put the post away; it can be taken back."""
        spawn(self._discard(), self, name="discard the post")

    async def _discard(self) -> None:
        page = self._page
        post_id = await page.model.save()
        done = await page.model.discard()
        if done is None:
            page.show_all()
            return
        page.context.undo(done, _("Discard a post"))
        page.context.navigate(Target("calendar"))
        notices.toast(
            _("The post was discarded"), undo=lambda: spawn(self._bring_back(done, post_id), self, name="bring it back")
        )

    async def _bring_back(self, done: Done[None], post_id: int | None) -> None:
        if done.undo is None or post_id is None:
            return
        again = await self._page.context.desk.run(done.undo.command, **done.undo.args)
        self._page.context.undo(again, _("Bring a discarded post back"))
        self._page.context.navigate(Target("composer", "post", post_id))

    def _seal(self, act: Callable[[], Awaitable[Done[Any]]], name: str) -> None:
        findings = self._page.review_now()
        if (
            errors(findings)
            or not self._page.model.draft.says_something
            or self._page.model.too_long()
            or not self._page.model.editable
        ):
            return

        async def work() -> None:
            page, model = self._page, self._page.model
            brand_id = model.draft.brand_id
            asks = asked(findings)
            if asks and not await self._sure(asks):
                return
            if not await targeted(page) or model.draft.brand_id != brand_id:
                return  # another post may have been taken up while a question stood
            wider = model.asking()
            if wider and not await wider_sure(page, wider):
                return
            if model.draft.brand_id != brand_id:
                return
            await model.keep_version(sure=bool(asks), wider=bool(wider))
            page.context.undo(await act(), name)
            if crisis.lasting(page.context.desk, brand_id):
                notices.tell(_("A crisis holds it: it does not go out until you decide about it"), tone="warning")
            page.context.navigate(Target("calendar", "post", model.post_id))

        spawn(work(), self, name=name)

    async def _sure(self, asks: list[Any]) -> bool:
        """Ask whether what the reviewer stumbled over is meant so."""
        page = self._page
        brand = page.brand
        told = [finding_text(each, page.model.accounts) for each in asks if each.level is Level.ASK]
        return await notices.confirm(
            _("Is this really a post of {brand}?").format(brand=clean_line(brand.name) if brand else ""),
            "\n".join(told),
            yes=_("Yes, send it so"),
        )

"""The same day at the real window: the engine reads and sends by itself, against real servers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from cmdesk.clock import SystemClock
from cmdesk.commands import accounts as connecting, settings
from cmdesk.model import Account, DeliveryState
from cmdesk.store import inbox
from tests.journeys.office import Office, at_work
from tests.servers.people import photo
from tests.servers.sides import Bluesky, Side
from ui.composer.page import ComposerPage

pytestmark = [pytest.mark.servers, pytest.mark.timeout(900)]

SLOWLY = 60.0
CTRL = Qt.KeyboardModifier.ControlModifier


async def connected(office: Office, side: Side) -> Account:
    """A brand with its account, read once."""
    brand_id = office.brand("Café Alba")
    if isinstance(side, Bluesky):
        account = await connecting.connect_password(
            office.desk, brand_id=brand_id, server=side.url, handle=side.handle, password=side.secret
        )
    else:
        account = await connecting.connect_token(office.desk, brand_id=brand_id, server=side.url, token=side.secret)
    await office.until(lambda: office.account(account.id).last_read_at, "the first reading", seconds=SLOWLY)
    return account


async def test_read_answer_and_publish(
    qapp: QApplication, profile: Path, tmp_path: Path, side: Side, figures: dict[str, str]
) -> None:
    # The office of the journeys, at a clock that goes by itself and without a network of ours.
    async with at_work(profile, cast(Any, SystemClock()), cast(Any, None)) as office:
        await office.desk.run(settings.set_value, key="undo_seconds", value="1")
        account = await connected(office, side)
        office.window.show_page("inbox")
        mention = await office.desk.work(side.mention, f"{side.called} ¿tenéis roscón, ventana?")
        office.engine.wake()

        def asked() -> int | None:
            found = [each.id for each in office.conversations() if "ventana" in each.preview]
            return found[0] if found else None

        conversation_id = await office.until(asked, "the mention", seconds=SLOWLY)

        def shown() -> bool:
            if office.inbox.list.pill.isVisible():
                office.click(office.inbox.list.pill)  # what is new waits there while somebody reads
            return any(row.conversation.id == conversation_id for row in rows(office))

        await office.until(shown, "its row", seconds=SLOWLY)
        place = next(at for at, row in enumerate(rows(office)) if row.conversation.id == conversation_id)
        index, table = office.inbox.model.index(place), office.inbox.list.table
        table.scrollTo(index)
        office.click(table.viewport(), table.visualRect(index).center())
        await office.until(lambda: (open_ := office.inbox.talk.shown()) and open_.conversation.id == conversation_id)
        reply = office.inbox.talk.reply
        assert side.handle in reply.who.text()
        office.click(reply.editor.viewport())
        office.type(reply.editor, "Sí, desde las ocho.")
        office.key(reply.editor, Qt.Key.Key_Return, CTRL)

        def answered() -> bool:
            states = [each.delivery_state for each in office.desk.page(inbox.thread, conversation_id)]
            return DeliveryState.PUBLISHED in states or DeliveryState.CONFIRMED in states

        await office.until(answered, "the answer", seconds=SLOWLY)
        (there,) = [each for each in await office.desk.work(side.there) if "Sí, desde las ocho." in each.text]
        assert there.parent_id == mention

        office.window.run_action("window.new_post")
        page = office.window.current_page()
        assert isinstance(page, ComposerPage)
        await office.until(page.isVisible)
        office.type(page.parts.editor().edit, "Roscón recién hecho, en la ventana")
        await page._add_paths([photo(tmp_path / "roscon.jpg")])
        (row,) = page.parts.strip()._rows.values()
        office.type(row.findChildren(QPlainTextEdit)[0], "Un roscón")
        office.click(page.bar._now)
        await office.until(lambda: page.model.post_id is not None, "the post")
        post_id = page.model.post_id
        assert post_id is not None
        out = {DeliveryState.PUBLISHED, DeliveryState.CONFIRMED}
        await office.until(
            lambda: office.states(post_id) and office.states(post_id) <= out, "the publication", seconds=SLOWLY
        )
        office.engine.wake()
        await office.until(
            lambda: office.states(post_id) == {DeliveryState.CONFIRMED}, "the verification", seconds=SLOWLY
        )
        (there,) = [each for each in await office.desk.work(side.there) if "en la ventana" in each.text]
        assert there.alts == ("Un roscón",)
        assert office.post(post_id).deliveries[-1].account_id == account.id
    figures[f"{side.name}: the window"] = "read, answered in its thread, published with a picture, verified"


def rows(office: Office) -> list[Any]:
    """What stands in the inbox list."""
    model = office.inbox.model
    return [row for at in range(model.rowCount()) if (row := model.row(at)) is not None]

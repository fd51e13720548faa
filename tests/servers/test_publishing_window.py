"""The real window and two real networks: a thread written once for both, planned by the bar, sent and verified."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit

from cmdesk.clock import SystemClock
from cmdesk.commands import accounts as connecting, planning as deciding
from cmdesk.model import Account, DeliveryState, PostStatus
from cmdesk.planning.status import current
from cmdesk.planning.zones import to_wall
from cmdesk.store import preflight_found
from tests.journeys.office import Office, at_work
from tests.servers.both import size_of
from tests.servers.days import copies
from tests.servers.people import photo
from tests.servers.sides import Bluesky, Snac
from ui.calendar.page import CalendarPage
from ui.composer.crop_dialog import CropDialog
from ui.composer.page import ComposerPage

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

SLOWLY = 60.0
ZONE = "Europe/Madrid"


class Nearly(SystemClock):
    """The machine's clock, put forward so that no test has to wait for a whole minute."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead

    def to_second(self, second: int) -> None:
        """Go forward, by less than a minute, to this second of one."""
        self.ahead += timedelta(seconds=(second - self.now().second) % 60)


async def connected(office: Office, bluesky: Bluesky, mastodon: Snac) -> dict[str, Account]:
    """A brand with an account on each network, both read once."""
    brand_id = office.brand("Café Alba", zone=ZONE)
    made = {
        "bluesky": await connecting.connect_password(
            office.desk, brand_id=brand_id, server=bluesky.url, handle=bluesky.handle, password=bluesky.secret
        ),
        "mastodon": await connecting.connect_token(
            office.desk, brand_id=brand_id, server=mastodon.url, token=mastodon.secret
        ),
    }
    for each in made.values():
        await office.until(lambda each=each: office.account(each.id).last_read_at, "the first reading", seconds=SLOWLY)
    return made


async def composer(office: Office) -> ComposerPage:
    """Open the composer as Ctrl+N does."""
    office.window.run_action("window.new_post")
    page = office.window.current_page()
    assert isinstance(page, ComposerPage)
    await office.until(page.isVisible)
    return page


async def test_a_thread_for_both_by_the_windows_own_ways(
    qapp: QApplication,
    profile: Path,
    tmp_path: Path,
    bluesky: dict[str, Any],
    mastodon: dict[str, Any],
    figures: dict[str, str],
) -> None:
    sides = Bluesky(bluesky), Snac(mastodon)
    clock = Nearly()
    async with at_work(profile, cast(Any, clock), cast(Any, None)) as office:
        accounts = await connected(office, *sides)
        page = await composer(office)
        run = office.window.run_action
        await office.until(lambda: len(page.model.draft.account_ids) == 2, "both accounts chosen")
        office.type(page.editor.edit, "Ventana doble: roscón de Reyes")
        await page._add_paths([photo(tmp_path / "roscon.jpg")])
        media_id = page.model.draft.media[0][0].id
        (row,) = page.parts.strip()._rows.values()
        office.type(row.findChildren(QPlainTextEdit)[0], "Un roscón")
        page.parts.strip().crop(media_id)
        dialog = page.parts.strip().dialog
        assert isinstance(dialog, CropDialog)
        dialog.shapes.row("1:1").click()
        dialog.accept()
        run("composer.add_part")
        office.type(page.editor.edit, "Ventana doble: con nata o sin ella")
        run("composer.first_comment")
        office.type(page.editor.edit, "Ventana doble: encargos en la tienda")
        page.parts.go(0)

        # Words of its own for Bluesky, by the button and its menu.
        tabs = page.writing.tabs
        tabs.offer()
        menu = await office.until(lambda: next(iter(tabs.findChildren(QMenu)), None), "the menu")
        chosen = [each for each in menu.actions() if "Bluesky" in each.text()]
        assert len(chosen) == 1, [each.text() for each in menu.actions()]
        chosen[0].trigger()
        menu.close()
        assert tabs.key == "bluesky"
        office.type(page.editor.edit, " en azul")
        seen = {each.network: each for each in page.model.seen()}
        assert {name: len(each.parts) for name, each in seen.items()} == {"bluesky": 3, "mastodon": 3}

        # What neither network can do is said where the hour is chosen.
        await office.until(lambda: "computer has to be on" in page.bar._sender.full_text().lower(), "who sends it")
        clock.to_second(48)
        wall, _fold = to_wall(clock.now() + timedelta(seconds=12), ZONE)
        page.bar.set_wall(wall)
        await office.until(page.bar._schedule.isEnabled, "nothing in its way")
        office.click(page.bar._schedule)
        await office.until(lambda: office.window.current_page() is office.window.page("calendar"), "the calendar")
        post_id = page.model.post_id
        assert post_id is not None
        due = {each.due_at for each in office.post(post_id).deliveries}
        assert len(due) == 1 and office.states(post_id) == {DeliveryState.QUEUED}
        if clock.now() < min(due) - timedelta(seconds=3):
            assert [await office.desk.work(copies, side, "Ventana doble") for side in sides] == [[], []]
        out = {DeliveryState.PUBLISHED, DeliveryState.CONFIRMED}
        await office.until(lambda: office.states(post_id) <= out, "the publication", seconds=SLOWLY)
        office.engine.wake()
        await office.until(
            lambda: office.states(post_id) == {DeliveryState.CONFIRMED}, "the verification", seconds=SLOWLY
        )

        # What the panel of the calendar says, and what is there.
        calendar = office.page("calendar")
        assert isinstance(calendar, CalendarPage)
        item = await office.until(lambda: calendar._model.item(post_id), "its chip")
        calendar._choose_many([item])
        await office.until(lambda: office.says("Published and verified", calendar._panel), "the panel")
        assert office.post(post_id).status is PostStatus.PUBLISHED
        for side in sides:
            mine = [
                each for each in current(office.post(post_id).deliveries) if each.account_id == accounts[side.name].id
            ]
            parts = sorted(mine, key=lambda each: each.part)
            ids = [each.remote_id for each in parts]
            assert [each.verified for each in parts] == ["ok"] * 3
            shown = {each.remote_id: each for each in await office.desk.work(side.thread, ids[0], 3)}
            assert [shown[each].parent_id for each in ids] == ["", ids[0], ids[0]]
            own = " en azul" if side.name == "bluesky" else ""
            assert [shown[each].text for each in ids] == [
                f"Ventana doble: roscón de Reyes{own}",
                "Ventana doble: con nata o sin ella",
                "Ventana doble: encargos en la tienda",
            ]
            assert shown[ids[0]].alts == ("Un roscón",)
            assert await office.desk.work(size_of, shown[ids[0]].pictures[0]) == (480, 480)
            assert all(each.created_at >= min(due) - clock.ahead - timedelta(minutes=1) for each in shown.values())

        # Somebody changes a part and deletes another behind our back: Verify names both, and the tick is gone.
        second = {
            side.name: next(
                each.remote_id
                for each in current(office.post(post_id).deliveries)
                if each.account_id == accounts[side.name].id and each.part == 1
            )
            for side in sides
        }
        await office.desk.work(partial(sides[0].rewrite, second["bluesky"], text="Ventana doble: sin nada"))
        await office.desk.work(sides[1].take_away, second["mastodon"])
        office.press("Verify", calendar._panel)
        await office.until(
            lambda: office.says("The text differs", calendar._panel), "the changed words", seconds=SLOWLY
        )
        await office.until(
            lambda: office.says("It is no longer there", calendar._panel), "the deleted part", seconds=SLOWLY
        )
        assert office.says("Part 2: Published, but not as it was written", calendar._panel)
        assert office.says("Part 1: Published and verified", calendar._panel)
        shown_chip = calendar._model.item(post_id)
        assert shown_chip is not None and shown_chip.differs

        # What somebody of the brand publishes with another program stands on the calendar, too.
        for side in sides:
            await office.desk.work(side.elsewhere, f"Ventana doble: desde el móvil en {side.name}")
        office.engine.wake()

        def outside() -> set[str]:
            return {each.text for each in calendar._model.items if each.post_id < 0}

        wanted = {f"Ventana doble: desde el móvil en {side.name}" for side in sides}
        await office.until(lambda: wanted <= outside(), "what was made elsewhere", seconds=SLOWLY)
        assert not [each for each in outside() if "roscón" in each or "encargos" in each], "ours stand there once"
    figures["both: the window"] = "a thread cut, planned and sent at its hour; own words for one; verified in the panel"


async def test_a_link_that_leads_nowhere_is_told_a_day_before(
    qapp: QApplication, profile: Path, bluesky: dict[str, Any], mastodon: dict[str, Any], figures: dict[str, str]
) -> None:
    with shop() as address:
        async with at_work(profile, cast(Any, SystemClock()), cast(Any, None)) as office:
            accounts = await connected(office, Bluesky(bluesky), Snac(mastodon))
            brand_id = accounts["bluesky"].brand_id
            wall, fold = to_wall(office.desk.clock.now() + timedelta(hours=3), ZONE)
            planned = {}
            for name in ("abierto", "agotado"):
                planned[name] = office.desk.run_now(
                    deciding.plan_post,
                    brand_id=brand_id, text=f"Encargos en {address}/{name}", wall=wall, zone=ZONE, fold=fold,
                    account_ids=[each.id for each in accounts.values()],
                )  # fmt: skip
            office.engine.wake()
            found = await office.until(lambda: office.desk.page(preflight_found.known), "the look", seconds=SLOWLY)
            bad = {each.id for each in office.post(planned["agotado"]).deliveries}
            assert len(bad) == 2
            assert found == {each: {"link_broken": f"{address}/agotado"} for each in bad}

            calendar = office.page("calendar")
            assert isinstance(calendar, CalendarPage)
            for name, told in (("agotado", True), ("abierto", False)):
                item = await office.until(lambda name=name: calendar._model.item(planned[name]), "its chip")
                assert ("link_broken" in item.checks) is told
                calendar._choose_many([item])
                await office.until(lambda name=name: office.says(f"/{name}", calendar._panel), "its panel")
                assert office.says("link", calendar._panel) is told, office.words(calendar._panel)
            office.page("problems")
            await office.until(lambda: office.says("A link of a planned post does not work"), "the problem")
            assert office.says(f"{address}/agotado")
    figures["both: a day before"] = "the link that answers 404 is told beside its post and among the problems"


@contextmanager
def shop() -> Iterator[str]:
    """A web shop of two pages: one is there, one is gone."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there = self.path == "/abierto"
            self.send_response(200 if there else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"<title>Encargos</title>" if there else b"<title>No</title>")

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        serving.join(5)

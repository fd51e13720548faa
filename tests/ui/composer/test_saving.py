"""Nothing written is ever lost: pauses, leaving, another post, discarding, versions; nothing stays on from the last."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cmdesk.clock import FixedClock
from cmdesk.commands import post_versions as commands
from cmdesk.desk import Desk
from cmdesk.model import Part, Poll
from cmdesk.store import planning as store
from tests.ui.composer.shop import Shop
from tests.ui.planned import Planned, Told, done
from ui import notices
from ui.composer.save_mark import SaveMark
from ui.composer.versions import VersionsDialog, words_changed
from ui.widgets.page import Target


async def test_taking_up_another_post_keeps_the_first(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot)
    page.editor.insert("La primera")
    page.do_add_part()
    page.editor.insert("con su parte")
    page.open(Target("composer", "new", None, shop.brand, "2026-03-11T10:00"))
    await done()
    (kept,) = shop.desk.page(store.posts, brand_id=shop.brand)
    assert kept.text == "La primera" and kept.parts[0].text == "con su parte"
    assert page.editor.text() == "" and page.model.draft.parts == ()


async def test_leaving_the_page_or_the_brand_keeps_it(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot)
    page.editor.insert("A medias")
    page.show_brand(planned.trail)
    page.hide()
    (kept,) = shop.desk.page(store.posts, brand_id=shop.brand)
    assert kept.text == "A medias" and kept.brand_id == shop.brand


async def test_nothing_stays_on_from_the_last_post(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot)
    page.editor.insert("Con todo")
    page.model.change(
        spoiler="aviso", visibility="private", poll=Poll(("a", "b")), comment=Part("eco"), aim="product",
        options={"bluesky": {"replies": "nobody"}}, note="ojo", parts=(Part("más"),),
    )  # fmt: skip
    page.shaping.give_own("bluesky")
    page.open(Target("composer", "new", None, shop.brand))
    await done()
    draft = page.model.draft
    assert (draft.spoiler, draft.visibility, draft.poll, draft.comment, draft.aim, draft.note) == (
        "", "public", None, None, "", "",
    )  # fmt: skip
    assert draft.options == {} and draft.parts == () and draft.variants == {} and draft.language == "es"
    assert set(draft.account_ids) == {each.id for each in shop.accounts}
    assert not page.writing.poll.isVisible() and page.parts.key == ""
    for fold in page.writing.options._folds.values():
        assert fold._spoiler.text() == "" and fold._visibility.currentIndex() <= 0 and fold._gate.currentIndex() <= 0


async def test_discarding_can_be_taken_back(planned: Planned, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    undo: list[object] = []
    monkeypatch.setattr(notices, "toast", lambda text, **more: undo.append(more["undo"]))
    shop = Shop(planned)
    page = shop.compose(qtbot)
    page.editor.insert("Mejor no")
    page.do_discard()
    await done()
    assert shop.desk.page(store.posts, brand_id=shop.brand) == []
    assert page.editor.text() == "" and planned.went[-1].page == "calendar"
    undo[0]()  # type: ignore[operator]
    await done()
    (back,) = shop.desk.page(store.posts, brand_id=shop.brand)
    assert back.text == "Mejor no" and planned.went[-1] == Target("composer", "post", back.id)


async def test_the_note_is_kept_and_never_sealed(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot)
    page.editor.insert("Texto público")
    page.writing.plan.note.setPlainText("SECRETO: preguntar a Marta")
    page.do_schedule()
    await done()
    assert page.model.post_id is not None
    post = shop.desk.page(store.post, page.model.post_id)
    assert post.note == "SECRETO: preguntar a Marta" and len(post.deliveries) == 3
    assert all("SECRETO" not in repr(delivery) for delivery in post.deliveries)
    assert all("SECRETO" not in repr(seen) for seen in page.model.seen())


async def test_market_circles_campaign_labels_and_aim_are_kept(planned: Planned, qtbot: QtBot) -> None:
    from cmdesk.model import Campaign
    from cmdesk.store import campaigns, circles, markets

    shop = Shop(planned)
    market = shop.desk.run_now(
        markets.save_market, brand_id=shop.brand, name="France", language="fr", country="FR", zone="Europe/Paris"
    )
    circle = shop.desk.run_now(circles.save_circle, brand_id=shop.brand, name="Fieles")
    campaign = shop.desk.run_now(campaigns.save_campaign, Campaign(0, shop.brand, "Verano"))
    page = shop.compose(qtbot)
    page.editor.insert("Bonjour")
    line, plan = page.writing.audience, page.writing.plan
    assert line.field.chips() == ["Public"] and line.lines() == []
    line.field.put.emit(("market", market))
    assert page.model.draft.language == "fr"  # a market speaks its language
    assert line.field.chips() == ["France"]
    assert any("knows nothing narrower" in told for told in line.lines())
    line.field.put.emit(("circle", circle))
    assert line.field.chips() == ["France", "Fieles"]
    plan.changed.emit({"campaign_id": campaign, "aim": "value"})
    plan.label_wanted.emit("consejo")
    await done()
    page.model.flush()
    assert page.model.post_id is not None
    kept = shop.desk.page(store.post, page.model.post_id)
    assert (kept.market_id, kept.circles, kept.campaign_id, kept.aim) == (market, (circle,), campaign, "value")
    assert len(kept.labels) == 1


async def test_the_networks_options_follow_what_the_accounts_can(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot)
    page.editor.insert("Hola")
    mastodon, bluesky = page.writing.options.fold("mastodon"), page.writing.options.fold("bluesky")
    assert mastodon is not None and bluesky is not None
    for fold in (mastodon, bluesky):
        fold.set_open(True)
    assert mastodon._visibility.isVisible() and not mastodon._gate.isVisible()  # type: ignore[attr-defined]
    assert bluesky._gate.isVisible() and not bluesky._spoiler.isVisible()  # type: ignore[attr-defined]
    gate = bluesky._gate  # type: ignore[attr-defined]
    gate.setCurrentIndex(gate.findData("nobody"))
    gate.activated.emit(gate.currentIndex())
    page.do_schedule()
    await done()
    assert page.model.post_id is not None
    sealed = shop.desk.page(store.post, page.model.post_id).deliveries
    networks = {each.id: each.network for each in shop.accounts}
    assert {networks[each.account_id]: dict(each.options) for each in sealed} == {
        "mastodon": {}, "bluesky": {"replies": "nobody"},
    }  # fmt: skip
    page._set(account_ids=(shop.accounts[0].id,))
    assert page.writing.options.fold("bluesky") is None


async def test_going_back_to_a_version(
    planned: Planned, qtbot: QtBot, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot)
    page.editor.insert("El pan de espelta")
    page.model.flush()
    await page.model.keep_version()
    clock.advance(60)
    page.editor.edit.setPlainText("Otra cosa")
    page.model.flush()
    shown: list[VersionsDialog] = []

    async def ask(dialog: VersionsDialog) -> bool:
        shown.append(dialog)
        return True

    monkeypatch.setattr(VersionsDialog, "ask", ask)
    page.do_versions()
    await done()
    assert "El pan de espelta" in shown[0].text.toPlainText()
    assert page.editor.text() == "El pan de espelta" and planned.undone
    planned.undo_last()
    await done()
    page.model.reread()
    assert page.editor.text() == "Otra cosa"


async def test_sealing_keeps_a_version_of_what_is_sealed(planned: Planned, qtbot: QtBot) -> None:
    page = Shop(planned).compose(qtbot)
    page.editor.insert("Sellado")
    page.do_schedule()
    await done()
    assert [each.post.text for each in page.model.versions()] == ["Sellado"]


def test_what_changed_is_said_word_by_word() -> None:
    assert words_changed("El pan de ayer", "El pan de hoy sí") == [
        ("El pan de ", "same"), ("ayer", "gone"), ("hoy sí", "new"),
    ]  # fmt: skip


def test_the_pill_says_how_long_ago_and_that_offline_is_safe(qtbot: QtBot, clock: FixedClock) -> None:
    mark = SaveMark()
    qtbot.addWidget(mark)
    mark.set_clock(clock)
    mark.show_state("saved")
    assert mark.text() == "Saved just now"
    clock.advance(3)
    mark._say()
    assert mark.text() == "Saved 3 s ago"
    clock.advance(120)
    mark._say()
    assert mark.text() == "Saved 2 min ago"
    mark.set_offline(True)
    assert mark.text() == "Offline, saved here"
    mark.show_state("failed")
    assert "Not saved" in mark.text()


async def test_a_disk_that_refuses_is_told_and_tried_again(
    planned: Planned, qtbot: QtBot, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Shop(planned).compose(qtbot)
    with monkeypatch.context() as broken:

        def refuse(*_args: object, **_more: object) -> None:
            raise OSError("no space left on device")

        broken.setattr(commands, "save", refuse)
        page.editor.insert("Sin sitio")
        page.model.flush()
        assert told.errors and "Not saved" in page.bar.mark.text()
    page.editor.insert(" ya")
    page.model.flush()
    assert page.model.post_id is not None


CHILD = """
import asyncio, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

app = QApplication([])
from ui import theme
theme.install(app)
loop = QEventLoop(app)
asyncio.set_event_loop(loop)

async def main():
    from cmdesk.desk import Desk
    from cmdesk.store import planning
    from ui.bridge import Bridge
    from ui.composer.page import ComposerPage
    from ui.widgets.page import PageContext, Target
    desk = Desk(Path(sys.argv[1]))
    context = PageContext(desk=desk, bridge=Bridge(desk), navigate=print, undo=lambda done, text: None, progress=print)
    page = ComposerPage(context)
    page.open(Target("composer", "new", None, int(sys.argv[2])))
    page.show()
    page.editor.insert("primera parte")
    page.do_add_part()
    page.editor.insert("segunda parte")
    page.shaping.give_own("bluesky")
    page.parts.editor(1).edit.setPlainText("segunda, azul")
    for _ in range(400):
        await asyncio.sleep(0.01)
        post = desk.page(planning.post, page.model.post_id) if page.model.post_id else None
        if post and post.parts and post.parts[0].variants.get("bluesky") == "segunda, azul":
            break
    page.editor.insert(" y algo que no llegó al disco")
    print("TYPED", flush=True)
    await asyncio.sleep(30)

loop.run_until_complete(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX word")
def test_a_thread_survives_kill_9(profile: Path, clock: FixedClock, qapp: object) -> None:
    planned = Planned(profile, clock)
    shop = Shop(planned)
    planned.bridge.close()
    planned.desk.close_now()
    root = Path(__file__).resolve().parents[3]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(profile), str(shop.brand)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None and child.stderr is not None
        line = child.stdout.readline()
        while line and line.strip() != "TYPED":
            line = child.stdout.readline()
        assert line.strip() == "TYPED", child.stderr.read() if child.poll() is not None else line
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=20)
    desk = Desk(profile, clock=clock)
    try:
        (kept,) = desk.page(store.posts, brand_id=shop.brand)
        assert kept.text == "primera parte" and kept.parts[0].text == "segunda parte"
        assert dict(kept.parts[0].variants)["bluesky"] == "segunda, azul"
    finally:
        desk.close_now()

"""A day of listening at the real window: searches, feeds, one key into the inbox, competitors (D1-D5, R4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from cmdesk.clock import FixedClock
from cmdesk.listening.values import Hit, HitState, SearchKind
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.store import inbox, listening, listening_find
from tests.journeys.office import Office, at_work
from tests.networks.wire_server import RawServer, answer, raw_server
from ui.listening.editor import SearchDialog
from ui.listening.forms import AccountForm, FeedForm, TagsForm, WordsForm
from ui.listening.page import ListeningPage

CTRL = Qt.KeyboardModifier.ControlModifier
EVA = "eva@plaza.example"
_FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Gastro</title>{items}</channel></rss>"""
_ITEM = "<item><title>{title}</title><link>https://gastro.example/{n}</link><description>{text}</description></item>"


def feed(*entries: str) -> bytes:
    """A feed of these entries, the newest first."""
    items = "".join(_ITEM.format(title=each, n=abs(hash(each)), text=f"Todo sobre {each}") for each in entries)
    return answer(_FEED.format(items=items).encode(), kind="application/rss+xml")


@pytest.fixture
def site() -> Iterator[RawServer]:
    """A site on this machine whose page names its feed."""
    with raw_server(feed("Los mejores hornos")) as server:
        yield server


def page_of(office: Office) -> ListeningPage:
    """The Listening page, shown."""
    page = office.page("listening")
    assert isinstance(page, ListeningPage)
    return page


def texts(page: ListeningPage) -> list[str]:
    """What the list of hits says, from its top."""
    rows = [page.model.hit(place) for place in range(page.model.rowCount())]
    return [each.words for each in rows if each is not None]


def hits(office: Office, state: HitState) -> list[Hit]:
    """What the store has in a state."""
    ids = office.desk.page(listening_find.found_ids, brand_id=None, state=state)
    return list(office.desk.page(listening.hits_by_id, ids).values())


async def new_search(office: Office, page: ListeningPage, kind: SearchKind) -> SearchDialog:
    """Press "New search" and choose a kind."""
    office.press("New search…", page.side)
    dialog = await office.dialog("New search")
    assert isinstance(dialog, SearchDialog)
    dialog.kinds.set_current(kind.value)
    dialog.kinds.changed.emit(kind.value)
    return dialog


async def listen(office: Office, dialog: SearchDialog) -> None:
    """Press "Listen" and wait for the dialog to go."""
    office.press("Listen", dialog)
    await office.until(lambda: not office.dialogs(), "the end of the dialog")
    office.window.activateWindow()
    await office.until(office.window.isActiveWindow, "the keyboard")
    await office.settled()


def focused(office: Office) -> QWidget:
    """Who has the keyboard."""
    found = QApplication.focusWidget()
    return found if found is not None else office.window


@pytest.mark.long_journey
async def test_words_and_a_hashtag_find_it_one_key_brings_it_to_the_inbox_and_it_is_answered(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    sandbox.world.add_person(EVA, name="Eva")
    sandbox.say(EVA, "post", text="El pan de masa madre de este barrio es el mejor, gracias", language="es")
    sandbox.say(EVA, "post", text="Mi receta de pan de siempre", language="es")
    sandbox.say("maria@plaza.example", "post", text="De obradores por Sevilla #obrador", language="es")
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        page = page_of(office)
        await office.until(lambda: page.proposals.isVisible(), "what could be listened to")

        office.press("A search of my own…", page.proposals)
        dialog = await office.dialog("New search")
        assert isinstance(dialog, SearchDialog)
        form = dialog._form(SearchKind.WORDS)
        assert isinstance(form, WordsForm)
        office.type(form.line, 'pan "masa madre" -receta')
        await office.until(lambda: office.says("1 hit", dialog), "what it would find now")
        assert office.says("pan de masa madre de este barrio", dialog) or dialog.preview.isVisible()
        await listen(office, dialog)
        await office.until(lambda: page.model.rowCount() == 1, "the first hit")

        dialog = await new_search(office, page, SearchKind.HASHTAG)
        tags = dialog._form(SearchKind.HASHTAG)
        assert isinstance(tags, TagsForm)
        office.type(tags.edit, "obrador")
        await office.until(lambda: office.says("1 hit", dialog), "what the tag would find now")
        await listen(office, dialog)
        page.choose_entry("all")
        await office.until(lambda: page.model.rowCount() == 2 or page.model.waiting, "the hit of the tag")
        page.do_show_new()
        await office.until(lambda: page.model.rowCount() == 2)
        assert not any("receta" in each for each in texts(page))

        # One key: it is in the inbox, the next one is chosen, one step takes it back.
        page.focus_main()
        wanted = next(each.id for each in hits(office, HitState.NEW) if "masa madre" in each.text)
        page.list.table.choose(wanted)
        office.key(focused(office), Qt.Key.Key_P)
        await office.until(lambda: hits(office, HitState.PROMOTED), "the hit in the inbox")
        await office.settled()
        assert page.detail.hit() is not None and page.detail.hit().id != wanted  # type: ignore[union-attr]
        (talk,) = office.conversations()
        office.key(focused(office), Qt.Key.Key_Z, CTRL)
        await office.until(lambda: not hits(office, HitState.PROMOTED), "the step back")
        assert not office.conversations()

        # R takes it there and goes along; the answer reaches the network under what was found.
        await office.settled()
        page.list.table.choose(wanted)
        page.focus_main()
        office.key(focused(office), Qt.Key.Key_R)
        await office.until(lambda: office.inbox.isVisible() and office.inbox.talk.shown(), "the conversation")
        await office.until(lambda: (shown := office.inbox.talk.shown()) and shown.conversation.author == "Eva")
        (talk,) = office.conversations()
        reply = office.inbox.talk.reply
        office.click(reply.editor.viewport())
        office.type(reply.editor, "¡Gracias, Eva!")
        office.key(reply.editor, Qt.Key.Key_Return, CTRL)
        await office.until(lambda: any("goes out in" in each for each in office.toasts()))
        await office.wait(11)
        await office.until(lambda: office.truth(), "the answer on the network")
        assert office.truth() == [f"@{EVA} ¡Gracias, Eva!"]
        (sent,) = [each for each in sandbox.world.truth()["alba"] if not each["deleted"]]
        assert sent["in_reply_to_id"]
        assert office.desk.page(inbox.conversation, talk.id).brand_id == talk.brand_id

        # What is not interesting goes with one key and comes back with one step.
        page = page_of(office)
        await office.settled()
        page.focus_main()
        page.do_next()
        office.key(focused(office), Qt.Key.Key_I)
        await office.until(lambda: hits(office, HitState.DISMISSED), "the dismissal")
        await office.settled()
        office.key(focused(office), Qt.Key.Key_Z, CTRL)
        await office.until(lambda: not hits(office, HitState.DISMISSED), "the step back")


async def test_a_feed_is_looked_for_on_its_page_read_again_and_says_when_it_breaks(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer, site: RawServer
) -> None:
    kind = "application/rss+xml"
    page_html = f"<html><head><link rel='alternate' type='{kind}' href='{site.url}/rss'></head></html>"
    async with at_work(profile, clock, sandbox) as office:
        office.brand("Panadería")
        await office.settled()
        page = page_of(office)
        dialog = await new_search(office, page, SearchKind.FEED)
        form = dialog._form(SearchKind.FEED)
        assert isinstance(form, FeedForm)
        with raw_server(answer(page_html.encode(), kind="text/html")) as front:
            office.type(form.url, front.url)
            office.press("Look for the feed on this page", dialog)
            await office.until(lambda: form.url.text() == f"{site.url}/rss", "the feed's address")
        await office.until(lambda: office.says("1 hit", dialog), "its entries")
        await listen(office, dialog)
        await office.until(lambda: page.model.rowCount() == 1, "the entry")
        assert "Los mejores hornos" in texts(page)[0]
        (search,) = page.searches()

        # Later there is one more: it waits behind the pill.
        site.plan = feed("La tahona del año", "Los mejores hornos")
        await office.wait(timedelta(hours=2).total_seconds())
        await office.until(lambda: page.list.pill.isVisible(), "one more")
        assert page.model.rowCount() == 1, "a row came in under the reader's eyes"
        office.click(page.list.pill)
        await office.until(lambda: page.model.rowCount() == 2)
        assert "La tahona del año" in texts(page)[0]

        # Then the site sends rubbish: the search says so and what to do; what was found stays.
        site.plan = answer(b"<rss version='2.0'><channel><item><title>&#x0; <<<", kind=kind)
        await office.wait(timedelta(hours=2).total_seconds())
        site.plan = answer(b"<html><body>Nada</body></html>", kind="text/html")
        await office.wait(timedelta(hours=8).total_seconds())
        await office.until(lambda: office.desk.page(listening.search, search.id).error_code, "the error")
        await office.until(lambda: (entry := page.side.entry(str(search.id))) and entry.why, "the mark")
        page.show_search(search.id)
        await office.until(lambda: page.list.trouble.isVisible(), "the line that says why")
        assert page.model.rowCount() == 2

        # It heals by itself, and the mark goes.
        site.plan = feed("La tahona del año", "Los mejores hornos")
        page.run_action("listening.look")
        await office.wait(1)
        await office.until(lambda: not office.desk.page(listening.search, search.id).error_code, "the healing")
        await office.until(lambda: not page.list.trouble.isVisible())


async def test_a_competitor_is_looked_up_compared_and_its_figures_are_a_file(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    rival = "tahona@plaza.example"
    person = sandbox.world.add_person(rival, name="La Tahona", followers=1200, following=80, statuses_before=400)
    sandbox.say(rival, "post", text="Hoy, bollos")
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        page = page_of(office)
        dialog = await new_search(office, page, SearchKind.COMPETITOR)
        form = dialog._form(SearchKind.COMPETITOR)
        assert isinstance(form, AccountForm)
        office.type(form.handle, "nobody@plaza.example")
        await office.until(lambda: office.says("no longer exists", dialog), "that there is none")
        form.handle.clear()
        office.type(form.handle, rival)
        await office.until(lambda: office.says("La Tahona", dialog) and office.says("1,200", dialog), "the account")
        await listen(office, dialog)
        await office.until(lambda: page.rivals.isVisible(), "the table")
        await office.until(lambda: any(each.followers == 1200 for each in page.rivals.rivals()), "its figures")
        own = [each for each in page.rivals.rivals() if each.own]
        assert [each.handle.partition("@")[0] for each in own] == ["alba"]

        # Ten days later it has grown; days on which nobody asked are not made up.
        person.followers = 1290
        await office.wait(timedelta(days=10).total_seconds())
        await office.until(lambda: any(each.followers == 1290 for each in page.rivals.rivals()), "the growth")
        (seen,) = [each for each in page.rivals.rivals() if not each.own]
        assert seen.known_days == 2
        assert seen.growth_30 is None, "nothing is known of thirty days ago"

        file = profile / "figures.csv"

        async def chosen(*_args: object, **_more: object) -> Path:
            return file

        monkeypatch.setattr("ui.listening.competitors.choose_save", chosen)
        office.press("Save as CSV…", page.rivals)
        await office.until(file.exists, "the file")
        await office.until(lambda: "followers,1290" in file.read_text(encoding="utf-8-sig").replace(";", ","))

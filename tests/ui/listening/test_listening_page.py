"""The Listening page: what it shows, its keys, and that every decision can be taken back (D1-D5, D14)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from cmdesk.clock import FixedClock
from cmdesk.commands import listening as commands, reviewing
from cmdesk.errors import StoreError
from cmdesk.listening.values import Hit, HitState, SearchKind
from cmdesk.store import conversations, listening as store, wishes
from tests.ui.listening.conftest import Listening, shown
from tests.ui.planned import Planned, Told, done
from ui.listening.muted import MutedDialog
from ui.listening.page import ListeningPage
from ui.listening.side import ALL, COMPETITORS, PLACES
from ui.widgets import Button
from ui.widgets.page import Target

pytestmark = pytest.mark.gui


def said(page: ListeningPage) -> str:
    """Everything the labels of the page say."""
    return "\n".join(
        str(getattr(each, "full_text", each.text)()) for each in page.findChildren(QLabel) if each.isVisible()
    )


async def settle(page: ListeningPage) -> None:
    """Let changes arrive and everything that follows from them."""
    for _round in range(3):
        await done()
        if page._counting.isActive():
            page._counting.stop()
            page._counting.timeout.emit()
    await done()


def order(page: ListeningPage) -> list[int]:
    """The hits of the list from its top."""
    return [each for place in range(page.model.rowCount()) if (each := page.model.id_at(place)) is not None]


# First use


async def test_a_first_use_proposes_searches_from_what_is_known(
    planned: Planned, listening: Listening, page: ListeningPage
) -> None:
    planned.desk.run_now(
        reviewing.set_words, brand_id=planned.bakery, kind="competitor", words=("@tahona@plaza.example", "Horno Viejo")
    )
    await shown(page)
    proposed = {(each.kind, each.brand_id, each.name) for each in page.proposals.ticked()}
    assert (SearchKind.WORDS, planned.bakery, "Panadería") in proposed
    assert (SearchKind.WORDS, planned.trail, "Northtrail") in proposed
    assert (SearchKind.COMPETITOR, planned.bakery, "@tahona@plaza.example") in proposed
    page.proposals.go.click()
    await settle(page)
    made = planned.desk.page(store.searches, None)
    assert {(each.kind, each.brand_id, each.name) for each in made} == proposed
    assert page.list.isVisible()
    for _each in made:
        planned.undo_last()
    await settle(page)
    assert page.proposals.isVisible()


async def test_nothing_is_listened_to_without_a_tick(planned: Planned, page: ListeningPage) -> None:
    await shown(page)
    for box, _each in page.proposals._boxes:
        box.setChecked(False)
    assert not page.proposals.go.isEnabled()


# Hits


async def test_p_takes_a_hit_into_the_inbox_and_the_next_one_follows(
    planned: Planned, listening: Listening, page: ListeningPage, told: Told
) -> None:
    search = listening.search("pan")
    older = listening.hear(search, "el pan de ayer", minutes=60)
    newer = listening.hear(search, "el pan de hoy", name="Luis Gil", minutes=5)
    await shown(page)
    page.do_next()
    assert page.detail.hit() == listening.hit(newer)
    page.run_action("listening.promote")
    await settle(page)
    taken = listening.hit(newer)
    assert taken.state is HitState.PROMOTED
    assert taken.conversation_id is not None
    assert planned.desk.page(conversations.conversation, taken.conversation_id).brand_id == planned.bakery
    assert order(page) == [older]
    assert page.detail.hit() == listening.hit(older)
    assert any("Luis Gil" in each for each in told.toasts)
    planned.undo_last()
    await settle(page)
    assert listening.hit(newer).state is HitState.NEW
    assert order(page) == [newer, older]


async def test_r_goes_to_the_conversation_it_became(
    planned: Planned, listening: Listening, page: ListeningPage
) -> None:
    hit = listening.hear(listening.search("pan"), "¿alguien recomienda un pan?")
    await shown(page)
    page.do_next()
    page.run_action("listening.answer")
    await settle(page)
    made = listening.hit(hit).conversation_id
    assert planned.went == [Target("inbox", "conversation", made, planned.bakery)]


async def test_a_hit_of_the_web_becomes_a_conversation_that_is_answered_on_its_page(
    planned: Planned, listening: Listening, page: ListeningPage
) -> None:
    feed = listening.search(kind=SearchKind.FEED, url="https://blog.example/feed")
    hit = listening.hear(feed, "Los mejores hornos de la ciudad", name="Blog", title="Hornos")
    await shown(page)
    page.do_next()
    page.run_action("listening.promote")
    await settle(page)
    made = listening.hit(hit).conversation_id
    assert made is not None
    assert planned.desk.page(conversations.conversation, made).brand_id == planned.bakery
    page.list.states.changed.emit(HitState.PROMOTED)
    await settle(page)
    page.do_next()
    page.run_action("listening.answer")
    await settle(page)
    assert planned.went[-1] == Target("inbox", "conversation", made, planned.bakery)


async def test_several_are_taken_into_the_inbox_each_with_its_way_back(
    planned: Planned, listening: Listening, page: ListeningPage, told: Told
) -> None:
    search = listening.search("pan")
    ids = [listening.hear(search, f"pan {number}", name=f"Persona {number}", minutes=number) for number in range(1, 4)]
    await shown(page)
    page.do_next()
    page.do_select_all()
    page.run_action("listening.promote")
    await settle(page)
    talks = {listening.hit(each).conversation_id for each in ids}
    assert len(talks) == 3 and None not in talks
    assert "3 are in the inbox" in told.toasts
    for _each in ids:
        planned.undo_last()
    assert {listening.hit(each).state for each in ids} == {HitState.NEW}


async def test_thanks_go_at_once_only_to_who_is_positive_for_sure(
    planned: Planned, listening: Listening, page: ListeningPage, told: Told
) -> None:
    search = listening.search("pan")
    hit = listening.hear(search, "¿A qué hora abre el horno? Busco pan", minutes=1)
    await shown(page)
    page.list.table.choose(hit)
    page.run_action("listening.thank")
    await settle(page)
    made = listening.hit(hit).conversation_id
    assert planned.went == [Target("inbox", "conversation", made, planned.bakery)]
    assert any("not praise for sure" in each for each in told.toasts)


@pytest.mark.parametrize(
    ("action", "state"),
    [("seen", HitState.SEEN), ("keep", HitState.USEFUL), ("dismiss", HitState.DISMISSED)],
)
async def test_a_decision_leaves_the_list_and_comes_back_where_it_stood(
    planned: Planned, listening: Listening, page: ListeningPage, action: str, state: HitState
) -> None:
    search = listening.search("pan")
    ids = [listening.hear(search, f"pan número {number}", minutes=number * 10) for number in range(1, 5)]
    await shown(page)
    assert set(order(page)) == set(ids)
    before = order(page)
    page.list.table.choose(before[1])
    page.run_action(f"listening.{action}")
    await settle(page)
    assert listening.hit(before[1]).state is state
    assert order(page) == [before[0], before[2], before[3]]
    assert page.list.table.current_id() == before[2]
    planned.undo_last()
    await settle(page)
    assert order(page) == before


async def test_what_was_decided_is_found_again_and_can_be_new_again(listening: Listening, page: ListeningPage) -> None:
    hit = listening.hear(listening.search("pan"), "el pan de hoy")
    await shown(page)
    page.do_next()
    page.do_dismiss()
    await settle(page)
    assert not order(page)
    page.list.states.changed.emit(HitState.DISMISSED)
    await settle(page)
    assert order(page) == [hit]
    page.do_next()
    assert "listening.again" in (page.enabled_actions() or set())
    assert "listening.dismiss" not in (page.enabled_actions() or set())
    page.do_again()
    await settle(page)
    assert listening.hit(hit).state is HitState.NEW


async def test_several_are_decided_at_once_and_taken_back_at_once(
    planned: Planned, listening: Listening, page: ListeningPage
) -> None:
    search = listening.search("pan")
    ids = [listening.hear(search, f"pan {number}", minutes=number) for number in range(1, 6)]
    await shown(page)
    page.do_next()
    page.do_select_all()
    assert page.list.bulk.isVisible()
    assert "5" in said(page)
    page.list.bulk.act.emit("dismiss")
    await settle(page)
    assert {listening.hit(each).state for each in ids} == {HitState.DISMISSED}
    assert len(planned.undone) == 1
    planned.undo_last()
    await settle(page)
    assert sorted(order(page)) == sorted(ids)


async def test_what_is_found_meanwhile_waits_and_the_list_does_not_move(
    listening: Listening, page: ListeningPage
) -> None:
    search = listening.search("pan")
    first = listening.hear(search, "el pan de hoy")
    await shown(page)
    page.do_next()
    later = listening.hear(search, "otro pan", minutes=0)
    await settle(page)
    assert order(page) == [first]
    assert page.list.pill.isVisible()
    page.list.pill.click()
    await settle(page)
    assert order(page) == [later, first]
    assert page.list.table.current_id() == first
    assert not page.list.pill.isVisible()


async def test_a_muted_author_is_asked_for_first_and_comes_back_by_undo(
    planned: Planned, listening: Listening, page: ListeningPage, told: Told
) -> None:
    search = listening.search("pan")
    one = listening.hear(search, "pan uno", name="Troll", minutes=3)
    two = listening.hear(search, "pan dos", name="Troll", minutes=2)
    other = listening.hear(search, "pan tres", minutes=1)
    await shown(page)
    page.list.table.choose(one)
    page.run_action("listening.mute")
    await settle(page)
    assert order(page) == [other]
    assert {listening.hit(each).state for each in (one, two)} == {HitState.DISMISSED}
    planned.undo_last()
    await settle(page)
    assert sorted(order(page)) == sorted([one, two, other])


async def test_who_is_muted_is_shown_and_can_be_listened_to_again(
    planned: Planned, listening: Listening, page: ListeningPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = listening.search("pan")
    hit = listening.hear(search, "pan uno", name="Troll")
    await shown(page)
    planned.desk.run_now(commands.mute_author, hit_id=hit)
    await settle(page)
    dialog = MutedDialog(planned.desk, page.directory, page, brand_id=None, again=page.deeds.unmute)
    (again,) = [each for each in dialog.findChildren(Button) if each.text() == "Listen again"]
    again.click()
    await settle(page)
    assert not planned.desk.page(store.muted, planned.bakery)
    assert not [each for each in dialog.findChildren(Button) if each.text() == "Listen again" and not each.isHidden()]
    planned.undo_last()
    (muted,) = planned.desk.page(store.muted, planned.bakery)
    assert muted.handle == "troll@plaza.example"
    dialog.deleteLater()


async def test_the_place_of_a_hit_is_remembered_and_counted_beside_the_list(
    planned: Planned, listening: Listening, page: ListeningPage
) -> None:
    hit = listening.hear(listening.search("pan"), "en este foro hablan de pan")
    await shown(page)
    page.do_next()
    page.run_action("listening.watch")
    await settle(page)
    (place,) = planned.desk.page(wishes.places, brand_id=planned.bakery)
    assert place.url == listening.hit(hit).url
    assert listening.hit(hit).state is HitState.USEFUL
    entry = page.side.entry(PLACES)
    assert entry is not None
    assert entry.count == 1
    entry.click()
    assert planned.went == [Target("cases", "places")]
    planned.undo_last()
    assert not planned.desk.page(wishes.places, brand_id=planned.bakery)
    assert listening.hit(hit).state is HitState.NEW


async def test_a_hit_says_why_it_was_found(listening: Listening, page: ListeningPage) -> None:
    words = listening.search('pan "masa madre"', name="Pan bueno")
    seek = listening.search("horno panadería", kind=SearchKind.HELP, name="Buscan pan", language="es")
    text = "¿Alguien sabe de una panadería con pan de masa madre?"
    hit = listening.hear(words, text)
    listening.hear_again(seek, hit)
    await shown(page)
    page.do_next()
    shown_text = said(page)
    assert "masa madre" in shown_text
    assert "Pan bueno" in shown_text or any(each.text() == "Pan bueno" for each in buttons(page))
    assert any(each.text() == "Buscan pan" for each in buttons(page))
    assert "Alguien sabe" in shown_text


def buttons(page: ListeningPage) -> list[Any]:
    """The buttons of the right pane that are on screen."""
    return [each for each in page.detail.findChildren(Button) if each.isVisible()]


async def test_hostile_text_is_shown_as_text(listening: Listening, page: ListeningPage) -> None:
    search = listening.search("pan")
    text = '<img src="file:///etc/passwd"> pan <b>fuerte</b>'
    listening.hear(search, text, name="<i>Ana</i>\u202e", title="<h1>pan</h1>")
    await shown(page)
    page.do_next()
    assert text in page.detail._text.toPlainText()
    assert "<i>Ana</i>" in page.detail._name.full_text()
    assert "\u202e" not in page.detail._name.full_text()


# Searches


async def test_a_search_shows_only_its_own_hits_and_counts(listening: Listening, page: ListeningPage) -> None:
    bread, oven = listening.search("pan"), listening.search("horno")
    one = listening.hear(bread, "pan de hoy")
    listening.hear(oven, "horno de leña")
    await shown(page)
    assert len(order(page)) == 2
    page.show_search(bread)
    await settle(page)
    assert order(page) == [one]
    entries = {key: entry.count for key in (ALL, str(bread), str(oven)) if (entry := page.side.entry(key)) is not None}
    assert entries == {ALL: 2, str(bread): 1, str(oven): 1}


async def test_a_failed_search_says_why_and_what_to_do(
    planned: Planned, listening: Listening, page: ListeningPage
) -> None:
    search = listening.search(kind=SearchKind.FEED, url="https://blog.example/feed")
    listening.keep(search, [], code="feed_none", detail="blog.example")
    await shown(page)
    entry = page.side.entry(str(search))
    assert entry is not None
    assert entry.why
    page.show_search(search)
    await settle(page)
    assert page.list.trouble.isVisible()
    assert entry.why.rstrip(".") in said(page)


async def test_a_search_rests_and_goes_on(planned: Planned, listening: Listening, page: ListeningPage) -> None:
    search = listening.search("pan")
    await shown(page)
    page.show_search(search)
    page.run_action("listening.pause")
    await settle(page)
    assert listening.searched(search).paused
    assert page.list.trouble.isVisible()
    planned.undo_last()
    await settle(page)
    assert not listening.searched(search).paused
    assert not page.list.trouble.isVisible()


async def test_a_deleted_search_takes_its_hits_along_and_undo_brings_them_back(
    planned: Planned, listening: Listening, page: ListeningPage, told: Told
) -> None:
    search = listening.search("pan")
    hit = listening.hear(search, "el pan de hoy")
    listening.search("horno")
    await shown(page)
    menu = page.search_menu(listening.searched(search))
    menu.actions()[-1].trigger()
    await settle(page)
    assert [each.name for each in page.searches()] == ["horno"]
    planned.undo_last()
    await settle(page)
    assert listening.hit(hit).state is HitState.NEW


async def test_no_connection_is_said_once_above_the_list(listening: Listening, page: ListeningPage) -> None:
    search = listening.search("pan")
    listening.hear(search, "el pan de hoy")
    listening.keep(search, [], code="offline")
    await shown(page)
    assert page.list.trouble.isVisible()
    assert order(page)


async def test_another_brand_remembers_its_own_search(
    planned: Planned, listening: Listening, page: ListeningPage
) -> None:
    bread = listening.search("pan")
    hit = listening.hear(bread, "pan de hoy")
    trail = listening.search("trail", brand_id=planned.trail)
    listening.hear(trail, "trail de hoy", account_id=planned.accounts(planned.trail)[0])
    await shown(page)
    page.show_brand(planned.bakery)
    await settle(page)
    page.show_search(bread)
    assert order(page) == [hit]
    page.show_brand(planned.trail)
    await settle(page)
    assert page.side.entry(str(bread)) is None
    page.show_brand(planned.bakery)
    await settle(page)
    assert page.side.current() == str(bread)
    again = ListeningPage(planned.context)
    again.restore_state(page.save_state())
    again.show_brand(planned.bakery)
    again.show()
    await settle(page)
    assert again.side.current() == str(bread)
    again.hide()
    again.ended()
    again.deleteLater()


async def test_coming_back_to_the_page_finds_it_as_it_was_left(listening: Listening, page: ListeningPage) -> None:
    bread, oven = listening.search("pan"), listening.search("horno")
    hit = listening.hear(bread, "pan de hoy")
    listening.hear(bread, "pan duro")
    listening.hear(oven, "horno de leña")
    await shown(page)
    page.save_state()
    page.show_search(bread)
    page.list.search.setText("de hoy")
    page.list.search.searched.emit("de hoy")
    assert order(page) == [hit]
    page.hide()
    listening.hear(oven, "horno de gas")
    await settle(page)
    page.show()
    await settle(page)
    assert page.side.current() == str(bread)
    assert order(page) == [hit]
    assert page.list.search.text() == "de hoy"


async def test_a_read_that_fails_says_so_and_tries_again(
    listening: Listening, page: ListeningPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening.hear(listening.search("pan"), "el pan de hoy")

    def broken(*_args: object, **_more: object) -> Any:
        raise StoreError("the store cannot be read")

    with monkeypatch.context() as patch:
        patch.setattr("ui.models.listening.find.found_ids", broken)
        await shown(page)
        assert not order(page)
        assert page.list.empty.isVisible()
    page.list._model.reload()
    assert len(order(page)) == 1


# Silent channels (D14)


async def test_a_silent_channel_is_said_calmly_with_what_to_do(
    planned: Planned, listening: Listening, page: ListeningPage, clock: FixedClock
) -> None:
    listening.search("pan")
    clock.advance(timedelta(days=20).total_seconds())
    await shown(page)
    silences = page.silence.silences()
    assert len(silences) == 4
    assert "has not published" in said(page)
    first = page.silence._directory.account(silences[0].account_id)
    assert first is not None
    page.silence.write.emit(first)
    assert planned.went[-1] == Target("composer", "new_post", first.id, first.brand_id)
    page.silence.menu(first).actions()[0].trigger()
    await settle(page)
    assert first.id not in {each.account_id for each in page.silence.silences()}
    planned.undo_last()
    await settle(page)
    assert first.id in {each.account_id for each in page.silence.silences()}


# Places to go to


async def test_other_pages_lead_to_a_hit_a_search_and_the_competitors(
    listening: Listening, page: ListeningPage
) -> None:
    search = listening.search("pan")
    hit = listening.hear(search, "el pan de hoy")
    listening.rival()
    await shown(page)
    page.open(Target("listening", "competitors"))
    assert page.side.current() == COMPETITORS
    assert page.rivals.isVisible()
    page.open(Target("listening", "hit", hit))
    await settle(page)
    assert page.detail.hit() == listening.hit(hit)
    page.open(Target("listening", "search", search))
    assert page.side.current() == str(search)


async def test_bare_keys_reach_the_page_from_its_list(listening: Listening, page: ListeningPage) -> None:
    hit = listening.hear(listening.search("pan"), "el pan de hoy")
    await shown(page)
    page.activateWindow()
    page.focus_main()
    assert page.keys_allowed()
    page.list.search.setFocus()
    assert not page.keys_allowed() or not page.list.search.hasFocus()
    page.focus_main()
    QTest.keyClick(page.list.table, Qt.Key.Key_Down)
    assert page.list.table.current_id() == hit
    assert isinstance(page.detail.hit(), Hit)

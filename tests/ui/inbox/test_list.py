"""The list: what stands in it, that it never moves by itself, and that it comes back by undo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from cmdesk.commands import inbox as commands
from cmdesk.networks.base import Kind
from cmdesk.store import accounts
from tests.ui.inbox.helpers import Talk, rows, shown
from tests.ui.planned import Planned, Told, done
from ui.inbox.page import InboxPage
from ui.models.inbox import InboxModel, Order, View


async def test_newest_first_with_brand_and_counts(page: InboxPage, talk: Talk, planned: Planned) -> None:
    talk.hear("Hola", name="Ana Ruiz", minutes=30)
    talk.hear("Hi", name="Bob", minutes=5, brand_id=planned.trail, kind=Kind.DIRECT)
    await shown(page)
    assert rows(page) == ["Bob", "Ana Ruiz"]
    assert page.views.count("open") == 2
    assert page.views.count("direct") == 1
    assert page.views.count("unread") == 2
    page.show_brand(planned.bakery)
    await done()
    assert rows(page) == ["Ana Ruiz"]
    assert page.list.delegate.show_brand is False


async def test_what_arrives_waits_behind_the_button(page: InboxPage, talk: Talk) -> None:
    first = talk.hear("Hola", name="Ana", minutes=30)
    await shown(page)
    page.list.table.choose(first)
    talk.hear("¿Abrís mañana?", name="Luis")
    await done()
    assert rows(page) == ["Ana"]
    assert page.list.pill.isVisible()
    assert page.list.pill.text() == "1 new"
    page.list.pill.click()
    await done()
    assert rows(page) == ["Luis", "Ana"]
    assert not page.list.pill.isVisible()
    assert page.list.table.current_id() == first, "the selection stays with its conversation"


async def test_a_person_who_writes_again_is_announced_and_updated_in_place(page: InboxPage, talk: Talk) -> None:
    talk.hear("Uno", name="Ana", minutes=30, remote_id="a1")
    talk.hear("Dos", name="Luis", minutes=20)
    await shown(page)
    assert rows(page) == ["Luis", "Ana"]
    talk.hear("Uno más", name="Ana", kind=Kind.REPLY, parent_id="a1")
    await done()
    assert rows(page) == ["Luis", "Ana"]
    row = page.model.row(1)
    assert row is not None and row.conversation.preview.startswith("Uno más")
    assert page.model.waiting == 1


async def test_empty_list_fills_at_once(page: InboxPage, talk: Talk) -> None:
    await shown(page)
    assert not page.list.showing_table()
    talk.hear("Hola", name="Ana")
    await done()
    assert rows(page) == ["Ana"]
    assert page.list.showing_table()


async def test_solved_leaves_and_undo_returns_it_to_its_place(
    page: InboxPage, talk: Talk, planned: Planned, told: Told
) -> None:
    ids = [talk.hear("Hola", name=name, minutes=minute) for name, minute in (("Ana", 1), ("Luis", 2), ("Eva", 3))]
    await shown(page)
    page.list.table.choose(ids[1])
    page.do_solve()
    await done()
    assert rows(page) == ["Ana", "Eva"]
    assert page.list.table.current_id() == ids[2], "the next one is shown"
    assert told.toasts and "Luis" in told.toasts[-1]
    planned.undo_last()
    await done()
    assert rows(page) == ["Ana", "Luis", "Eva"]
    assert page.model.waiting == 0


async def test_reading_one_keeps_it_in_the_unread_list(page: InboxPage, talk: Talk, planned: Planned) -> None:
    first = talk.hear("Hola", name="Ana")
    talk.hear("Hola", name="Luis", minutes=4)
    await shown(page)
    page.views.chosen.emit(View.UNREAD)
    await done()
    planned.desk.run_now(commands.mark_read, conversation_ids=[first])
    await done()
    assert rows(page) == ["Ana", "Luis"]
    page.model.reload()
    await done()
    assert rows(page) == ["Luis"]


async def test_hidden_it_only_notes_that_it_is_stale(page: InboxPage, talk: Talk, planned: Planned) -> None:
    talk.hear("Hola", name="Ana")
    await shown(page)
    page.hide()
    talk.hear("Hola", name="Luis")
    await done()
    assert rows(page) == ["Ana"]
    page.show()
    await done()
    assert set(rows(page)) == {"Ana", "Luis"}


async def test_coming_back_finds_the_same_list_and_conversation(page: InboxPage, talk: Talk) -> None:
    one = talk.hear("Hola", name="Ana", kind=Kind.DIRECT)
    talk.hear("Hola", name="Luis")
    await shown(page)
    page.views.chosen.emit(View.DIRECT)
    await done()
    page.list.table.choose(one)
    page.hide()
    talk.hear("Psst", name="Eva", kind=Kind.DIRECT)
    await done()
    page.show()
    await done()
    assert page.model.query.view is View.DIRECT
    assert rows(page) == ["Eva", "Ana"]
    assert page.list.table.current_id() == one


async def test_each_brand_remembers_its_list_over_a_restart(page: InboxPage, talk: Talk, planned: Planned) -> None:
    one = talk.hear("Hola", name="Ana", kind=Kind.DIRECT)
    await shown(page)
    page.show_brand(planned.bakery)
    await done()
    page.views.chosen.emit(View.DIRECT)
    page.list.table.choose(one)
    page.show_brand(planned.trail)
    await done()
    assert page.model.query.view is View.OPEN
    state = page.save_state()
    again = InboxPage(planned.context)
    again.restore_state(state)
    again.show_brand(planned.bakery)
    again.resize(1400, 900)
    again.show()
    await done()
    assert again.model.query.view is View.DIRECT
    assert again.list.table.current_id() == one
    again.pictures.close()


async def test_orders_and_search_and_filters(page: InboxPage, talk: Talk, planned: Planned) -> None:
    old = talk.hear("Una pregunta de harina", name="Ana", minutes=60)
    talk.hear("Gracias", name="Luis", minutes=10, kind=Kind.DIRECT)
    await shown(page)
    page.list._change(order=Order.OLDEST)
    await done()
    assert rows(page) == ["Ana", "Luis"]
    planned.desk.run_now(commands.set_priority, conversation_ids=[old], priority=1)
    page.list._change(order=Order.URGENT)
    await done()
    assert rows(page)[0] == "Ana"
    page.list._change(order=Order.NEWEST, kind="direct")
    await done()
    assert rows(page) == ["Luis"]
    page.list.clear_filters()
    planned.desk.run_now(commands.solve, conversation_ids=[old])
    page.list.search.setText("HARINA")
    page.list.search.searched.emit("HARINA")
    await done()
    assert rows(page) == ["Ana"], "a search finds what is solved too, whatever the case"
    page.list.search.searched.emit("zzzz \"' OR *")
    await done()
    assert not page.list.showing_table()
    assert "zzzz" in page.list.empty.title.text()


async def test_four_different_empty_texts(page: InboxPage, talk: Talk, planned: Planned) -> None:
    one = talk.hear("Hola", name="Ana")
    await shown(page)
    planned.desk.run_now(commands.snooze, conversation_ids=[one], until=planned.desk.clock.now() + timedelta(hours=20))
    await done()
    assert page.list.empty.title.text() == "All done"
    assert "2 brands" in page.list.empty.text.text()
    assert "tomorrow" in page.list.empty.text.text()
    page.list._change(unread=True)
    await done()
    assert page.list.empty.title.text() == "Nothing matches"
    page.views.chosen.emit(View.IGNORED)
    await done()
    assert page.list.empty.title.text() == "Nothing here"


async def test_bulk(page: InboxPage, talk: Talk) -> None:
    ids = [talk.hear("Hola", name=f"P{each}", minutes=each) for each in range(8)]
    await shown(page)
    page.list.table.choose(ids[0])
    page.do_select_all()
    assert page.list.bulk.isVisible()
    assert page.list.bulk.label.text() == "8 selected"
    page.run_action("inbox.solve")
    await done()
    assert rows(page) == []
    assert all(talk.conversation(each).state == "solved" for each in ids)


async def test_a_long_list_comes_whole_and_keeps_its_place(page: InboxPage, talk: Talk, planned: Planned) -> None:
    ids = [talk.hear(f"Hola {each}", name=f"P{each}", minutes=each) for each in range(150)]
    await shown(page)
    assert page.model.rowCount() == 150
    assert page.model.complete
    table = page.list.table
    table.choose(ids[100])
    top = table.indexAt(table.viewport().rect().topLeft()).row()
    planned.desk.run_now(commands.solve, conversation_ids=ids[:40])
    await done()
    assert page.model.rowCount() == 110
    assert table.current_id() == ids[100]
    assert table.indexAt(table.viewport().rect().topLeft()).row() == top - 40, "what one sees did not move"
    page.list._change(order=Order.OLDEST)
    await done()
    assert rows(page)[0] == "P149"
    assert page.model.rowCount() == 110


async def test_many_changes_are_compared_as_a_whole(
    page: InboxPage, talk: Talk, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.models.inbox._MANY", 0)
    ids = [talk.hear("Hola", name=name, minutes=minute) for name, minute in (("Ana", 1), ("Luis", 2), ("Eva", 3))]
    await shown(page)
    talk.hear("Hola", name="Sam")
    planned.desk.run_now(commands.solve, conversation_ids=ids[1:2])
    await done()
    assert rows(page) == ["Ana", "Eva"]
    assert page.model.waiting == 1
    page.do_show_new()
    await done()
    assert rows(page) == ["Sam", "Ana", "Eva"]


async def test_offline_says_when_it_last_read(page: InboxPage, talk: Talk, planned: Planned) -> None:
    talk.hear("Hola")
    await shown(page)
    assert not page.list.banner.isVisible()
    for account_id in planned.accounts(planned.bakery) + planned.accounts(planned.trail):
        planned.desk.run_now(accounts.note_read, account_id, planned.desk.clock.now() - timedelta(minutes=20))
        planned.desk.run_now(accounts.note_error, account_id, "offline", "")
    await done()
    assert page.list.banner.isVisible()
    assert "today 8:40" in page.list.banner.label.full_text()


async def test_labels_filter_and_undo(page: InboxPage, talk: Talk, planned: Planned) -> None:
    one = talk.hear("Hola", name="Ana")
    talk.hear("Hola", name="Luis", minutes=3)
    label_id = planned.desk.run_now(commands.add_label, brand_id=planned.bakery, name="Queja")
    await shown(page)
    page.deeds.set_label([one], "Ana", label_id, on=True)
    await done()
    row = page.model.row(0)
    assert row is not None and [label.name for label in row.labels] == ["Queja"]
    page.list._change(label_id=label_id)
    await done()
    assert rows(page) == ["Ana"]
    planned.undo_last()
    await done()
    assert rows(page) == []


async def test_a_row_is_one_sentence(page: InboxPage, talk: Talk) -> None:
    talk.hear("¿Tenéis pan sin gluten?", name="Ana Ruiz", minutes=12)
    await shown(page)
    said = page.model.data(page.model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert said == (
        "1 unread, Mention, Mastodon, Panadería, @panadería@mastodon.example, Ana Ruiz, 12 minutes ago: "
        "¿Tenéis pan sin gluten?"
    )


async def test_hostile_names_stay_in_their_line(page: InboxPage, talk: Talk) -> None:
    talk.hear("<b>x</b>\u202e gnp.exe", name="Eve\u202e\u2066 <img src=x> " + "a\u0301\u0301\u0301\u0301\u0301" * 40)
    await shown(page)
    page.do_next()
    await done()
    title = page.talk.title.full_text()
    assert "\u202e" not in title and title.startswith("\u2068")
    assert "<img" in title, "markup is shown as it is"


def test_ids_of_a_long_list_take_eight_bytes_each(planned: Planned) -> None:
    model = InboxModel(planned.desk)
    assert model._ids.itemsize == 8

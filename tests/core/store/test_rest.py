"""Brands, accounts, people, templates, figures and settings in the store."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cmdesk.clock import FixedClock
from cmdesk.commands.contacts import edit_contact
from cmdesk.errors import Invalid
from cmdesk.model import AccountState, Target
from cmdesk.networks.base import Author, Capabilities, Incoming, Kind, Limits, MetricPoint, Profile
from cmdesk.store import accounts, brands, circles, contacts, fts, library, markets, metrics, planning, settings
from cmdesk.store.db import Store, Transaction
from cmdesk.store.intake import upsert_items
from tests.core.store.conftest import Bench
from tests.core.store.people import everybody
from tests.upgrades.make import fill

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_brands_have_names_of_their_own(bench: Bench) -> None:
    for name in ("", "  ", "café sol", "x" * 101):
        with pytest.raises(Invalid):
            bench.do(brands.add_brand, name=name, zone="UTC", language="es", color="#000000")
    other = bench.do(brands.add_brand, name=" Otra  marca ", zone="UTC", language="es", color="#000000")
    assert bench.read(brands.brand_by_name, "otra MARCA").id == other
    with pytest.raises(Invalid):
        bench.do(brands.update_brand, other, name="Café Sol")
    bench.do(brands.update_brand, other, name="Otra Marca", formal=True, archived_at=START)
    assert [each.id for each in bench.read(brands.list_brands)] == [bench.brand_id]
    assert bench.read(brands.list_brands, archived=True)[1].formal
    for missing in (brands.brand, brands.delete_brand):
        with pytest.raises(Invalid):
            (bench.read if missing is brands.brand else bench.do)(missing, 99)
    with pytest.raises(Invalid):
        bench.read(brands.brand_by_name, "nobody")


def test_a_deleted_brand_leaves_nothing_and_the_others_whole(tmp_path: Path, clock: FixedClock) -> None:
    store = Store(tmp_path / "desk.db", clock=clock)
    bench = Bench(store)
    tables = [
        row[0]
        for row in bench.sql("SELECT name FROM sqlite_master WHERE type = 'table'")
        if "_fts" not in row[0] and not row[0].startswith(("sqlite_", "_"))
    ]

    def counts() -> dict[str, int]:
        return {name: bench.sql(f'SELECT count(*) FROM "{name}"')[0][0] for name in tables}

    before = counts()
    bench.do(fill)
    assert {name for name in tables if counts()[name] == 0} == set()
    added = bench.read(brands.brand_by_name, "Panadería Ñandú").id
    bench.do(brands.delete_brand, added)
    after = counts()
    # The sample data sets these for the whole profile.
    del after["setting"], before["setting"], after["meta"], before["meta"]
    assert after == before
    bench.do(fts.check)
    assert bench.sql("PRAGMA foreign_key_check") == []
    store.close()


def test_samples_go_together(bench: Bench) -> None:
    for name in ("Sample 1", "Sample 2"):
        bench.do(brands.add_brand, name=name, zone="UTC", language="es", color="#000000", sample=True)
    assert bench.do(brands.remove_sample) == 2
    assert [each.name for each in bench.read(brands.list_brands)] == ["Café Sol"]


def test_connecting_again_keeps_everything(bench: Bench) -> None:
    first = bench.account
    bench.do(accounts.save_cursor, first.id, "home", head="7")
    bench.do(accounts.set_account_state, first.id, AccountState.RECONNECT, code="auth_expired", detail="401")
    bench.do(accounts.note_error, first.id, "auth_expired", "401")
    profile = Profile(Author("me", "new-handle@x", "New"), Capabilities(Limits(700)), "https://example.social")
    again = bench.do(
        accounts.add_account, brand_id=bench.brand_id, profile=profile, network="mastodon", secret_ref="ref-2"
    )
    found = bench.read(accounts.account, again)
    assert (found.id, found.state, found.handle, found.secret_ref) == (
        first.id,
        AccountState.OK,
        "new-handle@x",
        "ref-2",
    )
    assert (found.error_code, found.error_count) == ("", 0)
    assert found.capabilities["limits"]["characters"] == 700  # type: ignore[index]
    assert bench.read(accounts.stream_cursor, again, "home").head == "7"


def test_errors_in_a_row_are_counted(bench: Bench) -> None:
    account_id = bench.account.id
    assert [bench.do(accounts.note_error, account_id, "offline", "") for _ in range(3)] == [1, 2, 3]
    assert bench.do(accounts.note_error, account_id, "unreadable", "") == 1
    bench.do(accounts.note_read, account_id, START)
    found = bench.read(accounts.account, account_id)
    assert (found.error_code, found.error_count, found.last_read_at) == ("", 0, START)


def test_cursors_move_by_themselves(bench: Bench) -> None:
    account_id = bench.account.id
    assert bench.read(accounts.stream_cursor, account_id, "home") == accounts.Cursor()
    bench.do(accounts.save_cursor, account_id, "home", head="5")
    bench.do(accounts.save_cursor, account_id, "home", back="2")
    bench.do(accounts.save_cursor, account_id, "home", head="6", back_done=True)
    assert bench.read(accounts.stream_cursor, account_id, "home") == accounts.Cursor("6", "2", True)
    bench.do(accounts.forget_cursors, account_id)
    assert bench.read(accounts.stream_cursor, account_id, "home") == accounts.Cursor()


def test_gaps_and_quarantine_are_noted_once(bench: Bench) -> None:
    account_id = bench.account.id
    for _ in range(2):
        bench.do(accounts.note_gap, account_id, "home", older="5", reason="dropped")
    [gap] = bench.read(accounts.gaps, brand_id=bench.brand_id)
    assert (gap.older, gap.reason) == ("5", "dropped")
    bench.do(accounts.close_gap, gap.id)
    assert bench.read(accounts.gaps) == []
    assert bench.do(accounts.quarantine, account_id, "home", [("a", "{}", "x"), ("b", "{}", "y")]) == 2
    assert bench.do(accounts.quarantine, account_id, "home", [("a", "{}", "x")]) == 0


def test_the_person_behind_a_conversation(bench: Bench) -> None:
    ana = Author("ana", "ana@x", "Ana")
    bench.do(
        upsert_items,
        bench.account,
        "home",
        [Incoming(f"m{each}", Kind.MENTION, ana, START + timedelta(days=each), text="x") for each in range(3)],
    )
    [person] = bench.read(everybody, brand_id=bench.brand_id)
    assert (person.first_seen_at, person.last_seen_at) == (START, START + timedelta(days=2))
    assert [each.handle for each in bench.read(contacts.identities, person.id)] == ["ana@x"]
    earlier = bench.read(contacts.earlier_conversations, person.id)
    assert [row.last_at for row in earlier] == [START + timedelta(days=each) for each in (2, 1, 0)]
    assert len(bench.read(contacts.earlier_conversations, person.id, without=earlier[0].id)) == 2
    with pytest.raises(Invalid):
        bench.do(edit_contact, contact_id=person.id, name=" ")
    bench.do(edit_contact, contact_id=person.id, advocate=True, likes="té", country="ES")
    assert bench.read(contacts.contact, person.id).advocate
    market = bench.do(
        markets.save_market, brand_id=bench.brand_id, name="España", language="es", country="ES", zone="Europe/Madrid"
    )
    circle = bench.do(circles.save_circle, brand_id=bench.brand_id, name="Fieles", market_id=market)
    bench.do(circles.set_hands, circle, [person.id], circles.IN)
    assert list(bench.read(circles.members, circle, bench.store.clock.now())) == [person.id]
    assert [each.name for each in bench.read(circles.circles_of, person.id)] == ["Fieles"]
    with pytest.raises(Invalid):
        bench.do(circles.save_circle, brand_id=bench.brand_id, name="Fieles")
    assert bench.do(circles.save_circle, circle_id=circle, brand_id=bench.brand_id, name="Fieles") == circle
    bench.do(markets.delete_market, market)
    assert bench.read(circles.circles, bench.brand_id)[0].market_id is None
    bench.do(circles.set_hands, circle, [person.id], None)
    assert list(bench.read(circles.members, circle, bench.store.clock.now())) == []


def test_templates_by_language(bench: Bench) -> None:
    with pytest.raises(Invalid):
        bench.do(library.save_template, brand_id=None, name="x", texts={"es": " "})
    mine = bench.do(library.save_template, brand_id=bench.brand_id, name="Mío", texts={"es": "a", "en": "b"})
    everyone = bench.do(library.save_template, brand_id=None, name="Común", texts={"": "c"})
    assert [each.id for each in bench.read(library.templates, bench.brand_id)] == [everyone, mine]
    assert [each.id for each in bench.read(library.templates, 99)] == [everyone]
    bench.do(library.save_template, template_id=mine, brand_id=bench.brand_id, name="Mío", texts={"fr": "d"})
    assert bench.read(library.template, mine).texts == {"fr": "d"}
    bench.do(library.delete_template, mine)
    bench.do(library.delete_template, mine)
    with pytest.raises(Invalid):
        bench.read(library.template, mine)


def test_figures_of_a_day_replace_each_other(bench: Bench) -> None:
    account_id = bench.account.id
    bench.do(upsert_items, bench.account, "home", [Incoming("p1", Kind.OWN, Author("me", "me"), START, text="x")])
    days = [date(2026, 3, day) for day in (1, 2, 3)]
    bench.do(metrics.add_points, account_id, [MetricPoint(day, "followers", 10 + day.day) for day in days])
    bench.do(
        metrics.add_points, account_id, [MetricPoint(days[1], "followers", 99), MetricPoint(days[1], "boosts", 4, "p1")]
    )
    assert [point.value for point in bench.read(metrics.series, account_id, "followers", days[0], days[2])] == [11, 99]
    assert bench.read(metrics.latest, account_id)["followers"].day == days[2]
    assert bench.read(metrics.last_day, account_id) == days[2]
    [post] = bench.read(planning.publications, brand_id=bench.brand_id, start=START, end=START + timedelta(days=1))
    assert post.boosts == 4
    assert bench.read(metrics.publication_metrics, post.id) == {"boosts": [(days[1], 4.0)]}
    with pytest.raises(Invalid):
        bench.do(metrics.add_points, 99, [])


def test_settings_of_the_program_and_of_a_brand(bench: Bench) -> None:
    bench.do(settings.put, "late_minutes", "10")
    bench.do(settings.put, "late_minutes", "20", bench.brand_id)
    assert bench.read(settings.get, "late_minutes") == "10"
    assert bench.read(settings.everything, bench.brand_id) == {"late_minutes": "20"}
    bench.do(settings.remove, "late_minutes")
    assert bench.read(settings.get, "late_minutes") is None


def test_no_row_is_left_without_its_index(bench: Bench) -> None:
    """Foreign keys that a deletion must look up have an index: else deleting one row reads a whole table."""
    big = {"message", "conversation", "event", "activity", "delivery", "post", "identity", "publication", "contact"}
    slow: list[str] = []

    def look(tx: Transaction) -> None:
        for table in sorted(big):
            for key in tx.conn.execute(f'PRAGMA foreign_key_list("{table}")').fetchall():
                plan = tx.conn.execute(
                    f'EXPLAIN QUERY PLAN SELECT 1 FROM "{table}" WHERE "{key[3]}" = 7'
                ).fetchall()  # fmt: skip
                if "SCAN" in plan[0][3]:
                    slow.append(f"{table}.{key[3]}")

    bench.do(look)
    # Parents of these are never deleted by themselves, or are few and their deletion is rare.
    assert sorted(slow) == ["contact.market_id", "post.market_id"]


def test_a_target_s_time_follows_its_zone(bench: Bench) -> None:
    target = Target(bench.account.id, "2026-10-25T02:30", "Europe/Madrid", fold=1)
    post_id = bench.do(planning.save_post, brand_id=bench.brand_id, text="x", targets=[target])
    [item] = bench.read(
        planning.calendar_items,
        brand_id=None,
        start=datetime(2026, 10, 1, tzinfo=UTC),
        end=datetime(2026, 11, 1, tzinfo=UTC),
    )
    assert (item.post_id, item.at) == (post_id, datetime(2026, 10, 25, 1, 30, tzinfo=UTC))

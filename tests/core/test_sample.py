"""The sample brands: filled through the normal ways, once, and removable without a trace of the person's own."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from cmdesk import sample
from cmdesk.care.values import CaseState
from cmdesk.clock import FixedClock
from cmdesk.commands import brands as deciding, voice
from cmdesk.desk import Desk
from cmdesk.errors import VaultMissing
from cmdesk.listening.values import HitState, SearchKind
from cmdesk.model import AccountState, ConversationState, PostStatus
from cmdesk.store import accounts, brands, cases, inbox, listening, metrics, planning, wishes

pytestmark = pytest.mark.timeout(120)


def test_a_sample_desk_looks_like_a_desk_in_use(profile: Path, clock: FixedClock) -> None:
    desk = Desk(profile, clock=clock)
    own = desk.run_now(deciding.add_brand, name="My own client")
    filled = sample.fill(desk)
    assert filled.brands == 3
    every = {brand.name: brand for brand in desk.page(brands.list_brands) if brand.sample}
    for brand in every.values():
        assert brand.logo_media_id
        said = desk.page(voice.book, brand.id)
        assert said.voice.persona and said.instead and any(each.goal for each in said.aims.values())
        counts = desk.page(inbox.view_counts, brand.id)
        assert counts["open"] and counts["solved"]
        statuses = {post.status for post in desk.page(planning.posts, brand_id=brand.id)}
        assert {PostStatus.SCHEDULED, PostStatus.DRAFT} <= statuses
        for post in desk.page(planning.posts, brand_id=brand.id):
            assert all(delivery.due_at > clock.now() for delivery in post.deliveries)
        for account in desk.page(accounts.list_accounts, brand_id=brand.id):
            assert account.state is AccountState.OK
            days = desk.page(
                metrics.series, account.id, "followers", clock.now().date().replace(year=2025), clock.now().date()
            )
            assert len(days) > 80
    for state in (ConversationState.IGNORED, ConversationState.WAITING, ConversationState.SNOOZED):
        assert desk.page(inbox.conversation_page, state=state)
    found = {state: desk.page(cases.cases, states=(state,)) for state in CaseState}
    assert len(found[CaseState.CLOSED]) == 4 and len(found[CaseState.OPEN]) == 3 and len(found[CaseState.CLIENT]) == 3
    for case in found[CaseState.CLOSED]:
        assert case.solved_at is not None and case.closed_at is not None
        assert case.opened_at < case.solved_at < case.closed_at < clock.now() and case.satisfaction
    assert desk.page(wishes.wishes, brand_id=min(every.values(), key=lambda brand: brand.id).id)
    for brand in every.values():
        searches = desk.page(listening.searches, brand.id)
        counts_of = desk.page(listening.counts, brand.id)
        for search in searches:
            assert search.error_code == "", (search.name, search.error_code)
            if search.kind is SearchKind.COMPETITOR:
                assert len(desk.page(listening.figures, search.id)) > 400
            else:
                assert counts_of.by_search.get(search.id), search.name
        assert desk.page(listening.hits, brand_id=brand.id, state=HitState.USEFUL)
    newest = desk.page(inbox.conversation_page, limit=1)[0]
    assert newest.last_at <= clock.now()

    again = sample.fill(desk)
    assert (again.brands, again.posts) == (filled.brands, filled.posts)

    # Samples need no keychain; a real account does.
    with pytest.raises(VaultMissing):
        desk.vault.store("mastodon-1", {"token": "t"})

    assert desk.run_now(deciding.remove_sample) == 3
    assert [brand.id for brand in desk.page(brands.list_brands)] == [own]
    assert not desk.setting("demo")
    assert desk.page(inbox.conversation_page) == []
    desk.close_now()


def test_a_sample_desk_reads_on_after_a_restart_even_on_another_port(profile: Path, clock: FixedClock) -> None:
    desk = Desk(profile, clock=clock)
    sample.fill_brands(desk)
    port = desk.start_sandbox().port
    desk.close_now()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        desk = Desk(profile, clock=clock)
        assert desk.start_sandbox().port != port
        results = asyncio.run(desk.engine.sync_once())
        desk.close_now()
    assert sum(each.new for each in results) > 50
    assert {each.error for each in results} <= {"", None}

"""What is out already is locked in the composer, said why, and only the rest is sealed again (rank 20)."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from cmdesk.commands import planning as commands, post_versions
from cmdesk.errors import Conflict
from cmdesk.model import DeliveryState, Part, Poll
from cmdesk.planning.content import COMMENT
from cmdesk.store import planning as store
from tests.ui.composer.shop import Shop
from tests.ui.planned import Planned, Told, done

REFUSED = "UPDATE delivery SET state = 'rejected', attempts = 1, reason_code = 'refused' WHERE id = ?"
OUT = "UPDATE delivery SET state = 'published', attempts = 1, remote_id = 'r' || id, published_at = 1 WHERE id = ?"


def thread(shop: Shop, *, out: dict[int, int], comment: bool = False, accounts: int = 1, poll: bool = False) -> int:
    """Four parts on the first accounts, of which so many are out by account (by place); the rest was refused."""
    ids = [each.id for each in shop.accounts][:accounts]
    post_id: int = shop.desk.run_now(
        commands.save_post, brand_id=shop.brand, text="uno", account_ids=ids,
        parts=[Part("dos"), Part("tres"), Part("cuatro")], comment=Part("enlace") if comment else None,
        poll=Poll(("a", "b")) if poll else None,
    )  # fmt: skip
    shop.desk.run_now(commands.schedule, post_id=post_id, wall="2026-03-10T09:30", zone="Europe/Madrid")
    for each in shop.desk.page(store.post, post_id).deliveries:
        state = OUT if each.part < out.get(ids.index(each.account_id), 0) else REFUSED
        shop.desk.run_now(_set, sql=state, delivery_id=each.id)
    return post_id


def _set(tx: object, *, sql: str, delivery_id: int) -> None:
    tx.conn.execute(sql, (delivery_id,))  # type: ignore[attr-defined]


async def test_parts_that_are_out_are_locked_and_say_why(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot, thread(shop, out={0: 2}))
    assert [each.edit.isReadOnly() for each in page.parts.editors()] == [True, True, False, False]
    assert "opticasol" in page.parts.editor(0).edit.accessibleDescription()
    box = page.parts._boxes[1]
    assert "@opticasol" in box._note.full_text() and box._note.isVisible() and not box._remove.isEnabled()
    assert page.parts.number == 2 and not box._remove.isVisible()  # one goes on where something is still to be said
    assert not page.parts._boxes[2]._up.isEnabled() and page.parts._boxes[2]._down.isEnabled()
    assert not page.parts._boxes[2]._note.isVisible() and page.parts._boxes[2]._remove.isEnabled()


async def test_no_key_or_tool_changes_what_is_out(planned: Planned, qtbot: QtBot, told: Told, tmp_path: Path) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot, thread(shop, out={0: 2}))
    photo = tmp_path / "gafas.png"
    Image.new("RGB", (64, 48), "#C2703D").save(photo)
    before = page.model.draft
    page.parts.go(1)
    for act in (page.do_remove_part, page.do_part_up, page.do_part_down, page.do_split, page.do_poll):
        act()
    page._add_files(1, [photo])
    page.model.set_text("", "otra cosa", 1)
    page.model.set_text("mastodon", "otra cosa", 0)
    await done()
    assert page.model.draft == before
    assert len(told.toasts) >= 6
    page.parts.go(2)
    page.do_part_up()
    assert page.model.draft == before
    page.parts.go(0)
    page.do_add_part()  # behind what is out, not between
    assert [part.text for part in page.model.draft.parts] == ["dos", "", "tres", "cuatro"]


async def test_only_the_rest_is_sealed_again_in_its_new_words(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    post_id = thread(shop, out={0: 2})
    page = shop.compose(qtbot, post_id)
    page.parts.go(2)
    page.editor.edit.setPlainText("tres, mejor")
    page.do_publish_now()
    await done()
    now = shop.desk.page(store.post, post_id).deliveries
    waiting = [each for each in now if each.state not in (DeliveryState.PUBLISHED, DeliveryState.CANCELLED)]
    assert [(each.part, each.text) for each in waiting] == [(2, "tres, mejor"), (3, "cuatro")]
    assert [each.text for each in now if each.state is DeliveryState.PUBLISHED] == ["uno", "dos"]


async def test_who_is_not_out_gets_words_of_its_own_by_one_click(planned: Planned, qtbot: QtBot) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot, thread(shop, out={0: 1}, accounts=3))
    box = page.parts._boxes[0]
    assert page.parts.editor(0).edit.isReadOnly() and box._other.isVisible()
    box._other.click()
    second = page.model.accounts[1]
    assert page.parts.key == f"#{second.id}"
    assert not page.parts.editor(0).edit.isReadOnly()
    page.parts.editor(0).edit.setPlainText("para la otra")
    assert page.model.text_for(second) == "para la otra"
    assert page.model.text_for(page.model.accounts[0]) == "uno"


async def test_the_thread_is_over_with_its_comment(planned: Planned, qtbot: QtBot, told: Told) -> None:
    shop = Shop(planned)
    page = shop.compose(qtbot, thread(shop, out={0: 5}, comment=True, accounts=2))
    assert page.parts.editor(COMMENT).edit.isReadOnly()
    before = page.model.draft
    page.do_add_part()
    page.parts.go(COMMENT)
    page.do_remove_part()
    assert page.model.draft == before and len(told.toasts) == 2


async def test_a_version_that_said_something_else_is_not_brought_back(planned: Planned) -> None:
    shop = Shop(planned)
    post_id = thread(shop, out={})
    old = shop.desk.run_now(post_versions.keep, post_id=post_id)
    post = shop.desk.page(store.post, post_id)
    shop.desk.run_now(
        commands.save_post, post_id=post_id, brand_id=shop.brand, text="uno nuevo", parts=post.parts,
        account_ids=[each.account_id for each in post.targets],
    )  # fmt: skip
    shop.desk.run_now(commands.schedule, post_id=post_id, wall="2026-03-10T09:30", zone="Europe/Madrid")
    first = min(
        (each for each in shop.desk.page(store.post, post_id).deliveries if each.state is DeliveryState.QUEUED),
        key=lambda each: each.part,
    )
    shop.desk.run_now(_set, sql=OUT, delivery_id=first.id)
    with pytest.raises(Conflict) as refused:
        shop.desk.run_now(post_versions.restore, post_id=post_id, version_id=old)
    assert refused.value.code == "part_out"


@pytest.mark.parametrize("accounts", [1, 3])
async def test_words_written_while_it_went_out_do_not_pass_for_what_is_out(
    planned: Planned, qtbot: QtBot, accounts: int
) -> None:
    shop = Shop(planned)
    ids = [each.id for each in shop.accounts][:accounts]
    post_id: int = shop.desk.run_now(
        commands.save_post, brand_id=shop.brand, text="uno", account_ids=ids, parts=[Part("dos")]
    )
    shop.desk.run_now(commands.schedule, post_id=post_id, wall="2026-03-10T09:30", zone="Europe/Madrid")
    page = shop.compose(qtbot, post_id)
    page.parts.go(0)
    page.editor.insert(" y algo")
    first = next(
        each for each in shop.desk.page(store.post, post_id).deliveries if each.part == 0 and each.account_id == ids[0]
    )
    shop.desk.run_now(_set, sql=OUT, delivery_id=first.id)
    page.model.flush()
    assert page.model.seen()[0].parts[0].text == "uno"
    assert all(each.parts[0].text == "uno y algo" for each in page.model.seen()[1:])
    page.model.flush()
    await done()
    kept = shop.desk.page(store.post, post_id)
    assert kept.text == ("uno" if accounts == 1 else "uno y algo")
    assert kept.variants == ({} if accounts == 1 else {f"#{ids[0]}": "uno"})

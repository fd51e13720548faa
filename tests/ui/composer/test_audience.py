"""For whom a post is, on the screen: tokens by keys, what each account does, the questions before it goes (K2-K7)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cmdesk.commands import aims, circles, contacts, markets
from cmdesk.model import Post, PostStatus, Readers
from cmdesk.networks.base import Author, Capabilities, Limits, Profile
from cmdesk.planning.aims import Aim
from cmdesk.store import accounts, planning as store
from tests.ui.composer.shop import MASTODON, Shop
from tests.ui.planned import Planned, Told, done
from ui import notices
from ui.composer.audience_asking import RulesDialog
from ui.composer.page import ComposerPage
from ui.composer.versions import written
from ui.models.drafting import Draft
from ui.models.rewriting import mark_link
from ui.widgets.page import Target


class Desk(Shop):
    """The shop, with a market, a circle and a person in it."""

    def __init__(self, planned: Planned) -> None:
        super().__init__(planned)
        run = self.desk.run_now
        self.market = run(
            markets.save_market, brand_id=self.brand, name="Francia", language="fr", country="FR", zone="Europe/Paris"
        )
        self.ana = run(
            contacts.add_person, brand_id=self.brand, name="Ana Ruiz", identities=[("mastodon", "ana@otra.example")]
        )
        self.circle = run(circles.save_circle, brand_id=self.brand, name="Clientes", contact_ids=[self.ana])

    def chatting(self) -> int:
        """Connect an account that has direct messages."""
        able = Capabilities(Limits(500, 23), direct=True, visibilities=MASTODON.visibilities)
        profile = Profile(Author("chat", "chat@plaza.example", "Óptica Sol"), able, "https://plaza.example")
        return self.desk.run_now(
            accounts.add_account, brand_id=self.brand, profile=profile, network="mastodon", secret_ref="chat"
        )

    def status(self, page: ComposerPage) -> PostStatus:
        assert page.model.post_id is not None
        return self.desk.page(store.post, page.model.post_id).status


def typed(page: ComposerPage, text: str, *keys: Qt.Key) -> None:
    edit = page.writing.audience.field.edit
    edit.setFocus()
    QTest.keyClicks(edit, text)
    for key in keys:
        QTest.keyClick(edit, key)


async def until(condition: Callable[[], object]) -> None:
    for _ in range(300):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


async def rest(page: ComposerPage) -> None:
    """Let what was begun end: the words are kept, and the people of the circles counted."""
    page.model.flush()
    await until(lambda: not page.writing.audience._ask_timer.isActive())
    await done()


async def test_tokens_come_and_go_by_keys(planned: Planned, qtbot: QtBot) -> None:
    shop = Desk(planned)
    page = shop.compose(qtbot)
    page.editor.insert("Bonjour")
    field = page.writing.audience.field
    typed(page, "fra")
    assert (field.offering, field.chips()) == (True, ["Public"])
    QTest.keyClick(field.edit, Qt.Key.Key_Return)
    assert (field.offering, field.chips(), field.edit.text()) == (False, ["Francia"], "")
    typed(page, "cli", Qt.Key.Key_Tab)
    assert field.chips() == ["Francia", "Clientes"]
    typed(page, "zzz")
    assert (field.offering, field.edit.text()) == (False, "zzz")
    field.edit.clear()
    QTest.keyClick(field.edit, Qt.Key.Key_Backspace)
    assert field.chips() == ["Francia"]
    QTest.keyClick(field.edit, Qt.Key.Key_Left)
    QTest.keyClick(field._chips[0], Qt.Key.Key_Delete)
    assert field.chips() == ["Public"]
    typed(page, "ana", Qt.Key.Key_Return)
    assert field.chips() == ["Ana Ruiz"] and page.model.draft.person_id == shop.ana
    typed(page, "", Qt.Key.Key_Down)
    assert (field.offering, field.edit.text()) == (True, "")
    QTest.keyClick(field.edit, Qt.Key.Key_Escape)
    assert (field.offering, field.edit.text()) == (False, "")
    await rest(page)


async def test_everybody_can_be_taken_out_where_something_narrower_is_known(planned: Planned, qtbot: QtBot) -> None:
    shop = Desk(planned)
    page = shop.compose(qtbot)
    field = page.writing.audience.field
    assert [each.removable for each in field._chips] == [True]
    QTest.keyClick(field.edit, Qt.Key.Key_Backspace)
    assert page.model.draft.visibility == "private" and field.chips() == ["Followers"]
    page.choose(visibility="public", account_ids=(shop.accounts[2].id,))
    assert [each.removable for each in field._chips] == [False]  # Bluesky knows nothing narrower
    await rest(page)


async def test_each_account_s_line_says_what_it_does(planned: Planned, qtbot: QtBot) -> None:
    shop = Desk(planned)
    page = shop.compose(qtbot)
    page.editor.insert("Hola")
    box = page.writing.audience
    page.choose(circles=(shop.circle,))
    assert len(box.lines()) == 2
    assert any("Everybody, not only those chosen" in each for each in box.lines())
    assert any("knows nothing narrower" in each for each in box.lines())
    assert not box.narrow.isHidden()
    box.narrow.click()
    assert page.model.draft.visibility == "private"
    assert any("All followers of this account, not only those chosen" in each for each in box.lines())
    await until(lambda: "1 person" in box._people.text())
    assert "1 known on Mastodon" in box._people.text() and "0 known on Bluesky" in box._people.text()
    await rest(page)


async def test_more_people_than_chosen_are_asked_about(
    planned: Planned, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Desk(planned)
    page = shop.compose(qtbot)
    page.editor.insert("Hola")
    page.choose(circles=(shop.circle,))
    asked: list[str] = []
    answers = iter((False, True))

    async def confirm(title: str, text: str = "", **_more: object) -> bool:
        asked.append(f"{title}\n{text}")
        return next(answers)

    monkeypatch.setattr(notices, "confirm", confirm)
    page.do_schedule()
    await done()
    assert len(asked) == 1 and "More people will see it than you chose" in asked[0]
    assert asked[0].count("\n") == 3 and "opticasol.bsky.example" in asked[0]
    assert page.model.post_id is None or shop.status(page) is PostStatus.DRAFT
    page.do_schedule()
    await done()
    assert len(asked) == 2 and shop.status(page) is PostStatus.SCHEDULED
    await rest(page)


async def test_a_network_that_would_show_it_to_more_can_be_left_out(
    planned: Planned, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Desk(planned)
    page = shop.compose(qtbot)
    page.editor.insert("Solo para quienes nos seguís")
    page.choose(visibility="private")
    keys = iter(("no", "leave"))

    async def ask(question: notices.Question) -> notices.Answer:
        assert "Everybody: this network knows nothing narrower" in question.text
        assert [each.key for each in question.choices] == ["yes", "leave", "no"]
        return notices.Answer(next(keys))

    monkeypatch.setattr(notices, "ask", ask)
    page.do_schedule()
    await done()
    assert len(page.model.chosen) == 3
    page.do_schedule()
    await done()
    assert page.model.post_id is not None
    post = shop.desk.page(store.post, page.model.post_id)
    assert {each.account_id for each in post.deliveries} == {each.id for each in shop.accounts[:2]}
    assert post.wider_sure == "" and post.status is PostStatus.SCHEDULED
    await rest(page)


async def test_a_circle_or_a_community_but_not_both(
    planned: Planned, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Desk(planned)
    shop.desk.run_now(aims.save_aim, account_id=shop.accounts[2].id, aim=Aim(community=True))
    page = shop.compose(qtbot)
    page.editor.insert("Hola")
    page.choose(circles=(shop.circle,))
    assert any(row.finding.code == "circles_and_communities" for row in (page.review_now(), page.reviewer)[1].rows)
    keys = iter(("no", "community"))

    async def ask(question: notices.Question) -> notices.Answer:
        assert [each.key for each in question.choices] == ["community", "circle", "no"]
        return notices.Answer(next(keys))

    async def confirm(*_words: object, **_more: object) -> bool:
        return True

    monkeypatch.setattr(notices, "ask", ask)
    monkeypatch.setattr(notices, "confirm", confirm)
    page.do_schedule()
    await done()
    assert len(page.model.chosen) == 3
    page.do_schedule()
    await done()
    assert [each.network for each in page.model.chosen] == ["mastodon", "mastodon"]
    assert shop.status(page) is PostStatus.SCHEDULED
    await rest(page)


async def test_a_community_s_rules_are_shown_and_ticked_once(
    planned: Planned, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Desk(planned)
    shop.desk.run_now(
        aims.save_aim, account_id=shop.accounts[2].id, aim=Aim(community=True, rules="<b>Sin</b> publicidad")
    )
    shown: list[RulesDialog] = []

    async def ask(dialog: RulesDialog) -> bool:
        shown.append(dialog)
        assert not dialog.go_on.isEnabled()
        dialog.tick.click()
        return dialog.go_on.isEnabled()

    monkeypatch.setattr(RulesDialog, "ask", ask)
    pages = [shop.compose(qtbot), shop.compose(qtbot)]
    for page in pages:
        page.editor.insert("Hola")
        page.do_schedule()
        await done()
        assert shop.status(page) is PostStatus.SCHEDULED
    assert [each.words.toPlainText() for each in shown] == ["<b>Sin</b> publicidad"]
    for page in pages:
        await rest(page)


async def test_one_person_and_the_accounts_that_do_not_reach_them(planned: Planned, qtbot: QtBot) -> None:
    shop = Desk(planned)
    chat = shop.chatting()
    page = shop.compose(qtbot)
    page.editor.insert("Tu pedido está listo")
    page.choose(person_id=shop.ana, visibility="direct")
    box = page.writing.audience
    assert any("A direct message: nobody else sees it" in each for each in box.lines())
    assert any("the person is not known" in each for each in box.lines())
    assert any("no direct messages there" in each for each in box.lines())
    assert not box.leave_out.isHidden()
    box.leave_out.click()
    assert page.model.draft.account_ids == (chat,) and box.leave_out.isHidden()
    page.do_schedule()
    await done()
    assert page.model.post_id is not None
    (sealed,) = shop.desk.page(store.post, page.model.post_id).deliveries
    assert (sealed.account_id, sealed.text) == (chat, "@ana@otra.example Tu pedido está listo")
    await rest(page)


async def test_who_is_named_is_told_as_one_writes(planned: Planned, qtbot: QtBot) -> None:
    shop = Desk(planned)
    chat = shop.chatting()
    page = shop.compose(qtbot)
    page.editor.insert("Hola")
    page.choose(person_id=shop.ana, visibility="direct", account_ids=(chat,))
    box = page.writing.audience
    assert ["A direct message: nobody else sees it" in each for each in box.lines()] == [True]
    page.editor.insert(", con @luis@otra.example")
    page.review_now()
    assert ["it names others, who would see it" in each for each in box.lines()] == [True]
    assert any("shows a direct message to everybody it names: @luis@otra.example" in row.accessibleName()
               for row in page.reviewer.rows)  # fmt: skip
    page.choose(person_id=None, visibility="private")
    assert any("and those mentioned in it" in each for each in box.lines())
    await rest(page)


async def test_it_says_that_what_waits_is_for_others(planned: Planned, qtbot: QtBot) -> None:
    shop = Desk(planned)
    page = shop.compose(qtbot)
    page.editor.insert("Hola")
    page.do_schedule()
    await done()
    waits_otherwise = [page.model.differs_from_schedule]
    again = shop.compose(qtbot, page.model.post_id)
    again.choose(circles=(shop.circle,))
    again.model.flush()
    waits_otherwise.append(again.model.differs_from_schedule)
    assert again.writing.banner.isVisibleTo(again)
    again.choose(circles=())
    assert [*waits_otherwise, again.model.differs_from_schedule] == [False, True, False]
    await rest(again)


async def test_a_page_of_people_begins_a_post_for_them(planned: Planned, qtbot: QtBot) -> None:
    shop = Desk(planned)
    chat = shop.chatting()
    page = shop.compose(qtbot)
    page.open(Target("composer", "circle", shop.circle, shop.brand))
    assert page.model.draft.circles == (shop.circle,) and len(page.model.chosen) == 4
    page.open(Target("composer", "market", shop.market, shop.brand))
    assert (page.model.draft.market_id, page.model.draft.language) == (shop.market, "fr")
    page.open(Target("composer", "person", shop.ana, shop.brand))
    assert page.model.draft.person_id == shop.ana and page.model.draft.account_ids == (chat,)
    assert page.writing.audience.field.chips() == ["Ana Ruiz"]
    await rest(page)


async def test_who_asked_to_be_left_alone_is_refused(planned: Planned, qtbot: QtBot, told: Told) -> None:
    shop = Desk(planned)
    shop.chatting()
    shop.desk.run_now(contacts.edit_contact, contact_id=shop.ana, opt_out=True)
    page = shop.compose(qtbot)
    page.editor.insert("Oferta")
    page.open(Target("composer", "person", shop.ana, shop.brand))
    page.editor.insert("Oferta")
    page.do_schedule()
    await done()
    assert any("asked not to be written to" in each for each in page.writing.audience.lines())
    assert page.model.post_id is None or shop.status(page) is PostStatus.DRAFT
    await rest(page)


async def test_words_by_market_have_their_tab_and_language(planned: Planned, qtbot: QtBot) -> None:
    shop = Desk(planned)
    french = shop.accounts[1].id
    shop.desk.run_now(aims.save_aim, account_id=french, aim=Aim(market_id=shop.market))
    page = shop.compose(qtbot)
    page.editor.insert("Pan del día")
    key = f"@{shop.market}"
    assert key in page.writing.tabs.candidates()
    page.shaping.give_own(key)
    assert page.writing.tabs._labels() == ["Common", "Francia · fr"]
    page.editor.edit.setPlainText("Pain du jour")
    page.do_schedule()
    await done()
    assert page.model.post_id is not None
    said = {each.account_id: (each.text, each.language) for each in shop.desk.page(
        store.post, page.model.post_id).deliveries}  # fmt: skip
    assert said[french] == ("Pain du jour", "fr") and said[shop.accounts[0].id] == ("Pan del día", "es")
    shop.desk.run_now(markets.delete_market, market_id=shop.market)
    again = shop.compose(qtbot, page.model.post_id)
    assert any("Pain du jour" in str(each) for each in again.model.draft.variants.values())
    await rest(again)


def test_a_link_is_marked_in_a_market_s_words_too() -> None:
    link, marked = (
        "https://sol.example/a",
        {"mastodon": "https://sol.example/a?m", "bluesky": "https://sol.example/a?b"},
    )
    france = Readers(7, "fr", own=True)
    draft = Draft(brand_id=1, text=f"Ve {link}", variants={"@7": f"Voir {link}"}, readers={2: france})
    one = mark_link(draft, 0, link, marked, {1: "mastodon", 2: "bluesky"})
    assert one.variants["@7"] == "Voir https://sol.example/a?b" and "#2" not in one.variants
    both = mark_link(replace(draft, readers={1: france, 2: france}), 0, link, marked, {1: "mastodon", 2: "bluesky"})
    assert both.variants["@7"] == f"Voir {link}"
    assert (both.variants["#1"], both.variants["#2"]) == (
        "Voir https://sol.example/a?m", "Voir https://sol.example/a?b",
    )  # fmt: skip


async def test_versions_call_words_by_whose_they_are(planned: Planned, qtbot: QtBot) -> None:
    shop = Desk(planned)
    page = shop.compose(qtbot)
    post = Post(1, shop.brand, "Pan", variants={f"@{shop.market}": "Pain", "@99": "Brot", "bluesky": "Pan azul"})
    assert written(post, page.writing.tabs.label).split("\n\n") == [
        "Pan", "Francia · fr: Pain", "Deleted market: Brot", "Bluesky: Pan azul",
    ]  # fmt: skip
    await rest(page)

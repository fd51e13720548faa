"""Welcome, Accounts, Problems and Settings: what they show is what is stored, what they do is a command."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QSpinBox, QWidget

from cmdesk.clock import FixedClock
from cmdesk.commands import accounts as account_commands
from cmdesk.desk import Desk
from cmdesk.errors import AuthExpired, Offline
from cmdesk.model import Account, AccountState, DeliveryState, Problem
from cmdesk.store import accounts as account_store, brands as brand_store, outbox_read
from cmdesk.store.db import Transaction
from cmdesk.store.outbox_state import move, row_of
from cmdesk.vault.memory import MemoryVault
from tests.ui.planned import Planned, Told, done
from ui import notices, theme
from ui.accounts.connect import ConnectDialog
from ui.accounts.page import AccountsPage
from ui.bridge import Bridge
from ui.models import accounts, logos
from ui.models.accounts import Ability
from ui.models.directory import Directory
from ui.problems import words
from ui.problems.page import ProblemsPage
from ui.settings.brands import BrandDialog
from ui.settings.page import SettingsPage
from ui.welcome.page import WelcomePage
from ui.widgets.page import Page, PageContext, Target


def press(widget: QWidget, text: str) -> None:
    """Press the button that says `text`."""
    found = [each for each in widget.findChildren(QPushButton) if each.text() == text and each.isVisibleTo(widget)]
    assert found, f"no button {text!r}"
    found[0].click()


def put(page: Page) -> Page:
    page.resize(1000, 700)
    page.show()
    return page


@pytest.fixture
def context(planned: Planned) -> PageContext:
    return planned.context


def held(planned: Planned, state: DeliveryState, *, code: str = "", detail: str = "", text: str = "Pan") -> int:
    """A delivery in a state, as the outbox would leave it."""
    post_id = planned.post(text, wall="2026-03-03T10:00", only=1)
    delivery = planned.desk.page(outbox_read.deliveries, post_id=post_id)[0]

    def leave(tx: Transaction) -> None:
        move(tx, row_of(tx.conn, delivery.id), state, code=code, detail=detail)

    planned.desk.run_now(leave)
    return delivery.id


def state_of(planned: Planned, delivery_id: int) -> DeliveryState:
    return planned.desk.page(outbox_read.delivery, delivery_id).state


# Welcome


async def test_the_first_brand_is_made_and_leads_to_its_first_account(
    qapp: QApplication, profile: Path, clock: FixedClock, told: Told
) -> None:
    theme.install(qapp)
    desk = Desk(profile, clock=clock)
    bridge = Bridge(desk)
    went: list[Target] = []
    page = WelcomePage(PageContext(desk, bridge, went.append, lambda *_: None, lambda _text: None))  # type: ignore[arg-type, return-value]
    put(page)
    page.show_form()
    form = page._first.form
    press(page, "Continue")
    await done()
    assert form._name.has_error() and went == []
    form.name.setText("Óptica Sol")
    form.zone.setCurrentText("Mars/Olympus")
    press(page, "Continue")
    await done()
    assert form._zone.has_error() and went == []
    form.zone.setCurrentText("Europe/Paris")
    form.color.set_color("#1F9D72")
    press(page, "Continue")
    await done()
    brand = desk.page(brand_store.list_brands)[0]
    assert (brand.name, brand.zone, brand.color) == ("Óptica Sol", "Europe/Paris", "#1f9d72")
    assert went == [Target("accounts", "connect", brand_id=brand.id)]
    page.hide()
    page.deleteLater()
    bridge.close()
    desk.close_now()


# Problems


@pytest.mark.parametrize("state", [
    DeliveryState.HELD_LATE, DeliveryState.HELD_CLOCK, DeliveryState.HELD_RESTORED, DeliveryState.REVIEW,
    DeliveryState.UNCERTAIN, DeliveryState.REJECTED, DeliveryState.BLOCKED_AUTH,
])  # fmt: skip
def test_every_state_has_its_three_sentences_and_buttons(planned: Planned, state: DeliveryState) -> None:
    held(planned, state, code="rejected" if state is DeliveryState.REJECTED else "")
    problem = planned.desk.page(outbox_read.problems)[0]
    kind = words.kind_of(problem)
    assert kind is not words._UNKNOWN
    what, why, todo = words.sentences(problem)
    assert what and why and todo and "{" not in what + why + todo
    assert kind.buttons and all(words.button_text(each) for each in kind.buttons)


def test_hostile_details_stay_one_plain_line() -> None:
    problem = Problem("delivery:1", 1, 1, "delivery", "rejected", "rejected", "<b>no</b>\n\u202eevil", "x", None, 1)  # type: ignore[arg-type]
    _what, why, _todo = words.sentences(problem)
    assert why == "It says: <b>no</b> evil"


async def test_a_late_post_is_published_only_after_a_yes(planned: Planned, context: PageContext) -> None:
    delivery = held(planned, DeliveryState.HELD_LATE)
    page = ProblemsPage(context)
    put(page)
    assert [card.problem.id for card in page._cards] == [f"delivery:{delivery}"]
    press(page._cards[0], "Publish now")
    await done()
    assert state_of(planned, delivery) is not DeliveryState.HELD_LATE
    assert page._cards == [] and page._empty.isVisible()
    page.hide()
    page.deleteLater()


async def test_a_doubtful_post_is_never_sent_again_without_being_asked(
    planned: Planned, context: PageContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = held(planned, DeliveryState.REVIEW)
    page = ProblemsPage(context)
    put(page)
    asked: list[str] = []

    async def no(title: str, text: str = "", **_more: Any) -> bool:
        asked.append(title)
        return False

    monkeypatch.setattr(notices, "confirm", no)
    press(page._cards[0], "It is not there: send it")
    await done()
    assert asked and state_of(planned, delivery) is DeliveryState.REVIEW
    press(page._cards[0], "It is there")
    await done()
    assert state_of(planned, delivery) in (DeliveryState.PUBLISHED, DeliveryState.CONFIRMED)
    page.hide()
    page.deleteLater()


async def test_problems_are_filtered_walked_and_led_to(planned: Planned, context: PageContext) -> None:
    held(planned, DeliveryState.REJECTED, code="rejected", detail="too long")
    late = held(planned, DeliveryState.HELD_LATE, text="Otro")
    account = planned.accounts(planned.trail)[0]
    planned.desk.run_now(account_store.set_account_state, account, AccountState.RECONNECT, code="auth_expired")
    page = ProblemsPage(context)
    put(page)
    assert len(page._cards) == 3
    page._filter.set_current("account")
    page._show()
    press(page._cards[0], "Reconnect")
    await done()
    assert planned.went[-1] == Target("accounts", "reconnect", account, planned.trail)
    page.open(Target("problems", "delivery", late))
    assert len(page._cards) == 3
    context.brand_id = planned.bakery
    page.show_brand(planned.bakery)
    assert len(page._cards) == 2
    page.hide()
    page.deleteLater()


# Accounts


def account_of(planned: Planned, **changes: Any) -> Account:
    account_id = planned.accounts(planned.bakery)[0]
    for name, value in changes.items():
        planned.desk.run_now(getattr(account_store, name), account_id, *value)
    return planned.desk.page(account_store.account, account_id)


def test_health_says_what_works_and_what_the_network_does_not_offer(planned: Planned) -> None:
    good = accounts.health(account_of(planned))
    assert good.read is good.publish is Ability.YES
    lost = accounts.health(account_of(planned, set_account_state=(AccountState.RECONNECT,)))
    assert lost.read is lost.publish is Ability.NO
    none = Account(1, 1, "mastodon", "https://x.example", "1", "@a@x.example", capabilities={"read": True})
    assert accounts.health(none).metrics is Ability.NOT_OFFERED
    assert accounts.health(Account(1, 1, "mastodon", "", "1", "a")).read is Ability.UNKNOWN


@pytest.mark.parametrize(
    ("network", "server", "handle", "address"),
    [
        ("mastodon", "https://plaza.example", "@ana@plaza.example", "https://plaza.example/@ana"),
        ("bluesky", "https://bsky.social", "ana.bsky.social", "https://bsky.app/profile/ana.bsky.social"),
        ("mastodon", "javascript:alert(1)", "@ana", ""),
    ],
)
def test_profile_addresses(network: str, server: str, handle: str, address: str) -> None:
    assert accounts.profile_url(Account(1, 1, network, server, "1", handle)) == address


async def test_accounts_are_listed_by_brand_and_probed(
    planned: Planned, context: PageContext, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    probed: list[int] = []

    async def probe(desk: Desk, *, account_id: int) -> Account:
        probed.append(account_id)
        if len(probed) == 2:
            raise Offline("gone", detail="plaza.example")
        return desk.page(account_store.account, account_id)

    monkeypatch.setattr(account_commands, "probe", probe)
    page = AccountsPage(context)
    put(page)
    assert len(page._cards) == 4
    card = next(iter(page._cards.values()))
    press(card, "Try now")
    await done()
    press(card, "Try now")
    await done()
    assert probed == [card.account.id] * 2
    assert any("works" in text for text in told.toasts) and len(told.errors) == 1
    context.brand_id = planned.trail
    page.show_brand(planned.trail)
    assert len(page._cards) == 2
    page.hide()
    page.deleteLater()


async def test_connecting_shows_its_error_and_keeps_what_was_typed(
    planned: Planned, context: PageContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[dict[str, Any]] = []

    async def connect(desk: Desk, **more: Any) -> Account:
        tried.append(more)
        if len(tried) == 1:
            raise AuthExpired("no", detail="401")
        return desk.page(account_store.account, 1)

    monkeypatch.setattr(account_commands, "connect_password", connect)
    window = QWidget()
    window.show()
    brand = Directory(planned.desk).brand(planned.bakery)
    assert brand is not None
    dialog = ConnectDialog(planned.desk, brand, window)
    asking = asyncio.ensure_future(dialog.ask())
    await asyncio.sleep(0)
    dialog._network.set_current("bluesky")
    dialog._show_network("bluesky")
    dialog.start()
    assert tried == [] and dialog._bluesky._handle.has_error()
    dialog._bluesky.handle.setText("ana.bsky.social")
    dialog._bluesky.password.setText("abcd-efgh-ijkl-mnop")
    dialog.start()
    await done()
    assert dialog._problem.isVisible() and dialog._bluesky.handle.text() == "ana.bsky.social"
    dialog.start()
    assert await asking is True
    assert dialog.account is not None and tried[1]["server"] == "https://bsky.social"
    window.deleteLater()


# Settings


async def test_every_visible_setting_can_be_changed_and_undone(planned: Planned, context: PageContext) -> None:
    page = SettingsPage(context)
    put(page)
    rows = {key: row for card in page._cards for key, row in card.rows.items()}
    from cmdesk.config import SETTINGS

    assert set(rows) == {key for key, row in SETTINGS.items() if not row.hidden}
    editor = rows["density"].editor
    assert isinstance(editor, QComboBox)
    editor.setCurrentIndex(editor.findData("compact"))
    await done()
    assert planned.desk.setting("density") == "compact"
    planned.undo_last()
    await done()
    assert editor.currentData() == "comfortable"
    seconds = rows["undo_seconds"].editor
    assert isinstance(seconds, QSpinBox)
    seconds.setValue(25)
    await done()
    assert planned.desk.setting("undo_seconds") == 25
    page.hide()
    page.deleteLater()


async def test_a_brand_is_edited_with_its_logo(planned: Planned, context: PageContext, tmp_path: Path) -> None:
    picture = tmp_path / "logo.png"
    Image.new("RGB", (64, 64), "#aa2233").save(picture)
    window = QWidget()
    window.show()
    brand = planned.desk.page(brand_store.brand, planned.bakery)
    dialog = BrandDialog(planned.desk, window, brand=brand)
    asking = asyncio.ensure_future(dialog.ask())
    await asyncio.sleep(0)
    dialog.form.name.setText("Northtrail")
    press(dialog, "Save")
    await done()
    assert dialog._problem.isVisible()  # the other brand is called that
    dialog.form.name.setText("Obrador")
    dialog._logo = picture
    dialog._grace.setValue(30)
    press(dialog, "Save")
    assert await asking is True
    after = planned.desk.page(brand_store.brand, planned.bakery)
    assert (after.name, after.late_grace_s) == ("Obrador", 1800)
    assert logos.pixmap(planned.desk, after) is not None
    window.deleteLater()


async def test_the_keychain_is_tested_for_real(
    qapp: QApplication, profile: Path, clock: FixedClock, told: Told
) -> None:
    theme.install(qapp)
    desk = Desk(profile, clock=clock, vault=MemoryVault(profile, install_id="test"))
    bridge = Bridge(desk)
    page = SettingsPage(PageContext(desk, bridge, lambda _t: None, lambda *_: None, lambda _text: None))  # type: ignore[arg-type, return-value]
    put(page)
    press(page._keychain, "Test it")
    await done()
    assert page._keychain._state.text() == "Works"
    page.hide()
    page.deleteLater()
    bridge.close()
    desk.close_now()

"""A circle built by its rule, words in French, what each network will do, the question, and what really came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from cmdesk.clock import FixedClock
from cmdesk.commands import accounts as connecting, aims, contacts as people, markets
from cmdesk.model import PostStatus
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.planning.aims import Aim
from cmdesk.store import circles, contacts
from tests.journeys.office import Office, at_work
from ui.audience.page import AudiencePage
from ui.circles.choice import ChoiceField
from ui.circles.dialog import CircleDialog
from ui.composer.page import ComposerPage
from ui.widgets.page import Target


def facts(office: Office, username: str) -> list[dict[str, Any]]:
    """What the network itself holds of an account, whoever may see it."""
    return [each for each in office.sandbox.world.truth()[username] if not each["deleted"]]


def sees(office: Office, viewer: str, author: str) -> list[str]:
    """The posts of an account that somebody else is shown."""
    world = office.sandbox.world
    who = world.person(viewer)
    return [each["text"] for each in facts(office, author) if world.visible(world.book.statuses[each["id"]], who)]


async def choose(office: Office, menu_of: Any, words: str) -> None:
    """Open a menu and take the entry that says this."""
    await office.outside(menu_of)
    await office.until(lambda: any(each.isVisible() for each in office.window.findChildren(QMenu)), "the menu")
    menu = next(each for each in office.window.findChildren(QMenu) if each.isVisible())
    entry = next(each for each in menu.actions() if words in each.text())
    menu.close()
    entry.trigger()
    await office.settled()


async def circle_by_rule(office: Office, page: AudiencePage) -> int:
    """Make the circle of those who speak French, in the dialog, by its rule."""
    office.press("New circle…", page)
    dialog = await office.dialog("New circle")
    assert isinstance(dialog, CircleDialog)
    office.type(dialog.name, "Clientes franceses")
    office.press("By a rule", dialog)
    assert dialog.editor is not None
    (row,) = dialog.editor.rows()
    row.field.setCurrentIndex(row.field.findData("language"))
    row.field.activated.emit(row.field.currentIndex())
    row.op.setCurrentIndex(row.op.findData("in"))
    row.op.activated.emit(row.op.currentIndex())
    value = row.value
    assert isinstance(value, ChoiceField)
    value.open()
    listed = next(each for each in value.children() if hasattr(each, "_rows"))._rows
    french = next(listed.item(at) for at in range(listed.count()) if listed.item(at).data(256) == "fr")
    french.setCheckState(Qt.CheckState.Checked)
    listed.window().close()
    await office.until(lambda: office.says("2 people", dialog), "whom the rule names")
    office.press("Make the circle", dialog)
    await office.until(lambda: not office.dialogs(), "the circle")
    await office.settled()
    (made,) = office.desk.page(circles.circles, page.context.brand_id or 0)
    return made.id


@pytest.mark.gui
@pytest.mark.long_journey
async def test_french_customers_get_their_words_and_nothing_is_promised_that_is_not_so(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        alba = await office.connected()
        brand_id, desk = alba.brand_id, office.desk
        bruno = await connecting.connect_token(
            desk, brand_id=brand_id, server=sandbox.url, token=sandbox.tokens["bruno"]
        )
        await office.settled()
        france = desk.run_now(
            markets.save_market, brand_id=brand_id, name="Francia", language="fr", country="FR", zone="Europe/Paris"
        )
        desk.run_now(aims.save_aim, account_id=bruno.id, aim=Aim(market_id=france))
        for name, handle, language in (
            ("Marie", "marie@plaza.example", "fr"), ("Luc", "luc@plaza.example", "fr"),
            ("Pepa", "pepa@plaza.example", "es"),
        ):  # fmt: skip
            desk.run_now(
                people.add_person, brand_id=brand_id, name=name, identities=[("mastodon", handle)], language=language
            )
        sandbox.say("marie@plaza.example", "follow", to="alba")
        office.window.show_brand(brand_id)
        page = office.page("audience")
        assert isinstance(page, AudiencePage)
        await office.settled()
        circle = await circle_by_rule(office, page)
        assert {each.name for each in desk.page(contacts.contacts_by_id, list(desk.page(
            circles.members, circle, clock.now()))).values()} == {"Marie", "Luc"}  # fmt: skip

        # From the circle to a post for it
        page.show_place("circle", circle)
        await office.until(lambda: page.side.list.current() is not None and page.side.list.current().id == circle)  # type: ignore[union-attr]
        place = page.side.list.current()
        assert place is not None
        page.deeds.write_for("circle", place)
        composer = office.window.page("composer")
        assert isinstance(composer, ComposerPage)
        await office.until(lambda: composer.model.draft.circles == (circle,), "a post for the circle")
        box = composer.writing.audience
        assert box.field.chips() == ["Clientes franceses"]
        composer.focus_main()
        office.type(composer.editor.edit, "Mañana hay pan de espelta")
        await office.settled()

        # Its words in French, on the account that speaks to France
        await choose(office, lambda: composer.writing.tabs.offer(), "Francia")
        assert composer.writing.tabs.key == f"@{france}"
        composer.editor.edit.clear()
        office.type(composer.editor.edit, "Demain, pain d'épeautre")
        await office.settled()

        # What each network will do
        await office.until(lambda: office.says("2 people", box), "how many are known")
        assert any("Everybody, not only those chosen" in each for each in box.lines()), box.lines()
        assert any("in français" in each for each in box.lines()), box.lines()
        office.click(box.narrow)
        await office.settled()
        assert box.field.chips() == ["Clientes franceses", "Followers"]
        assert all("All followers of this account, not only those chosen" in each for each in box.lines())

        # It is asked, and once said no nothing goes
        composer.do_publish_now()
        asked = await office.dialog("More people will see it than you chose")
        office.press("Cancel", asked)
        await office.until(lambda: not office.dialogs())
        await office.settled()
        assert office.truth("alba") == [] and office.truth("bruno") == []
        composer.do_publish_now()
        office.press("Yes, they may see it", await office.dialog("More people will see it than you chose"))
        await office.until(lambda: composer.model.post_id is not None and not office.dialogs(), "the yes")
        post_id = composer.model.post_id
        assert post_id is not None
        await office.published(post_id)

        # What came of it is what was promised
        assert [(each["text"], each["visibility"], each["language"]) for each in facts(office, "alba")] == [
            ("Mañana hay pan de espelta", "private", "es")
        ]
        assert [(each["text"], each["visibility"], each["language"]) for each in facts(office, "bruno")] == [
            ("Demain, pain d'épeautre", "private", "fr")
        ]
        assert sees(office, "marie@plaza.example", "alba") == ["Mañana hay pan de espelta"]  # she follows it
        assert sees(office, "carla", "alba") == []  # and she does not

        # One person alone: a direct message, never public
        marie = next(each for each in desk.page(circles.members, circle, clock.now()) if desk.page(
            contacts.contact, each).name == "Marie")  # fmt: skip
        office.window.navigate(Target("composer", "person", marie, brand_id))
        await office.until(lambda: composer.model.draft.person_id == marie, "a message for one")
        composer.focus_main()
        office.type(composer.editor.edit, "Te guardo una hogaza")
        await office.settled()
        assert any("A direct message: nobody else sees it" in each for each in box.lines()), box.lines()
        composer.choose(account_ids=(alba.id,))
        composer.do_publish_now()
        await office.until(lambda: len(facts(office, "alba")) == 2, "the message")
        (_first, message) = facts(office, "alba")
        assert (message["text"], message["visibility"]) == ("@marie@plaza.example Te guardo una hogaza", "direct")
        assert sees(office, "marie@plaza.example", "alba")[1:] == ["@marie@plaza.example Te guardo una hogaza"]
        assert sees(office, "carla", "alba") == [] and sees(office, "bruno", "alba") == []
        assert office.post(post_id).status is PostStatus.PUBLISHED

"""A post in its brand's voice: told and mended beside the text, the card shows how to speak to whom it is for (K11)."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from cmdesk.commands import aims, voice as commands
from cmdesk.markets import Guide
from cmdesk.planning.aims import Aim
from cmdesk.planning.voice import Voice
from cmdesk.store import markets
from tests.ui.planned import Planned, done
from ui.composer.page import ComposerPage
from ui.templating.voice_card import VoicePopover
from ui.widgets.page import Target

POPUPS = pytest.mark.qt_log_ignore("does not support grabbing", extend=True)


def opened(planned: Planned, qtbot: QtBot) -> ComposerPage:
    """A new post of a brand that says how it speaks."""
    desk = planned.desk
    desk.run_now(commands.save_voice, brand_id=planned.bakery, voice=Voice(persona="Alba", emoji="none"))
    desk.run_now(commands.set_instead, brand_id=planned.bakery, pairs={"cliente": "huésped"})
    desk.run_now(aims.save_aim, account_id=planned.accounts(planned.bakery)[0], aim=Aim(goal="Vender pan"))
    made = ComposerPage(planned.context)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.open(Target("composer", "new_post", brand_id=planned.bakery))
    made.show()
    made.grab()
    return made


async def test_a_word_and_emoji_are_told_and_mended(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot)
    await done()
    page.parts.editor().edit.setPlainText("Un cliente feliz 🙂")
    found = {each.code: each for each in page.review_now()}
    assert {"say_instead", "emoji_none"} <= set(found)
    page.reviewer.fix_wanted.emit([found["say_instead"], found["emoji_none"]])
    await done()
    assert page.model.draft.text == "Un huésped feliz"
    assert not {"say_instead", "emoji_none"} & {each.code for each in page.review_now()}


@POPUPS
async def test_the_card_speaks_of_the_accounts_and_the_market(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot)
    await done()
    page.do_voice()
    (card,) = page.findChildren(VoicePopover)
    assert {"Alba", "tú", "cliente → huésped", "Vender pan"} <= set(card.lines)
    card.close()


@POPUPS
async def test_a_formal_market_is_addressed_its_own_way(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot)
    market = planned.desk.run_now(
        markets.save_market,
        brand_id=planned.bakery,
        name="México",
        language="es",
        country="MX",
        zone="America/Mexico_City",
        guide=Guide(formal=True),
    )
    await done()
    page.model.change(market_id=market)
    page.do_voice()
    card = page.findChildren(VoicePopover)[-1]
    assert "usted" in card.lines and "tú" not in card.lines
    card.close()

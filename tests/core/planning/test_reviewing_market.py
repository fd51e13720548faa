"""The reviewer reads with the eyes of the market: its topics, its address, its hours, its mourning, its checklist."""

from __future__ import annotations

from typing import Any

from cmdesk.markets import Guide
from cmdesk.model import Market, Post, Readers
from cmdesk.planning.review import Finding, Level
from cmdesk.planning.reviewing import Facts
from cmdesk.planning.reviewing.answers import Asked, review_answer
from cmdesk.planning.reviewing.market import CHECKLIST, words_key
from tests.core.planning.reviewing_desk import PICTURE, account, facts, reviewed

FRANCE = Market(4, 1, "Francia", "fr", "FR", "Europe/Paris")
MEXICO = Market(5, 1, "México", "es", "MX", "America/Mexico_City")


def known(**guides: Guide) -> Facts:
    """The bakery with two markets; what it keeps about them by name."""
    ids = {"france": 4, "mexico": 5}
    return facts(markets={4: FRANCE, 5: MEXICO}, guides={ids[name]: guide for name, guide in guides.items()})


def said(code: str, text: str, **more: Any) -> list[Finding]:
    return [each for each in reviewed(text, **more) if each.code == code]


def test_a_topic_counts_only_where_its_market_reads() -> None:
    around = known(france=Guide(topics=("foie gras", "laïcit*")))
    (found,) = said("market_topic", "Hoy, Foie Gras de la casa", known=around, market_id=4)
    assert found.level is Level.WARNING and found.said == ("Foie Gras", "Francia")
    assert found.place is not None and (found.place.start, found.place.end) == (5, 14)
    assert said("market_topic", "La laïcité y el pan", known=around, market_id=4)
    assert not said("market_topic", "Hoy, foie gras", known=around, market_id=5)
    assert not said("market_topic", "Hoy, foie gras", known=around)


def test_what_an_account_of_a_market_says_is_read_by_that_market() -> None:
    around = known(france=Guide(topics=("bouchon",)), mexico=Guide(topics=("torta",)))
    more = {
        "known": around,
        "accounts": (account(1), account(2, "bluesky")),
        "market_id": 5,
        "readers": {2: Readers(market_id=4)},
    }
    variants = {"@4": "Un bouchon et une torta"}
    assert [each.said[0] for each in said("market_topic", "Una torta y un bouchon", variants=variants, **more)] == [
        "torta", "bouchon",
    ]  # fmt: skip


def test_the_address_of_the_market_wins_over_that_of_the_brand() -> None:
    formal = {"known": known(mexico=Guide(formal=True)), "market_id": 5}
    assert said("address_other", "Pásate por tu tienda, te esperamos", **formal)
    assert not said("address_other", "Pase por su tienda, le esperamos", **formal)
    assert not said("address_other", "Pásate por tu tienda, te esperamos", known=known(), market_id=5)


def test_its_own_hours_decide_who_sleeps_and_eats() -> None:
    late = known(mexico=Guide(wakes=11 * 60, sleeps=27 * 60, eats=17 * 60, eaten=18 * 60))
    at = "2026-11-24T17:30"  # 10:30 in Mexico
    (found,) = said("asleep", "Hola", known=late, market_id=5, at=at)
    assert found.said == ("México", "10:30")
    assert not said("asleep", "Hola", known=known(), market_id=5, at=at)
    night = "2026-11-24T09:30"  # 02:30 there: they are still up
    assert not said("asleep", "Hola", known=late, market_id=5, at=night)
    assert said("asleep", "Hola", known=known(), market_id=5, at=night)
    assert said("meal_time", "Hola", known=late, market_id=5, at="2026-11-25T00:30")


def test_a_day_of_mourning_weighs_more_on_a_promotion() -> None:
    around = known(mexico=Guide(quiet=("09-19 Sismos",)))
    at = "2026-09-20T01:00"  # still the 19th in Mexico
    (hint,) = said("quiet_day", "Estamos con vosotros", known=around, market_id=5, at=at)
    assert hint.level is Level.HINT and hint.said == ("Sismos", "México")
    (warning,) = said("quiet_day", "Dos por uno", known=around, market_id=5, at=at, aim="product")
    assert warning.level is Level.WARNING
    assert not said("quiet_day", "Dos por uno", known=around, market_id=5, at="2026-09-20T12:00")
    assert not said("quiet_day", "Dos por uno", known=around, market_id=4, at=at)


def test_the_checklist_is_asked_until_these_words_were_checked() -> None:
    guide = Guide(checklist=("Toubon?", "Prix?"))
    around = known(france=guide)
    (found,) = said(CHECKLIST, "Soldes", known=around, market_id=4)
    assert found.level is Level.HINT and found.said == ("Francia", "2") and found.detail == "4"
    assert not said(CHECKLIST, "Soldes", known=around, market_id=5)
    assert not said(CHECKLIST, "", known=around, market_id=4, media=())
    post = Post(7, 1, "Soldes", language="es", media=(PICTURE,), market_id=4)
    key = words_key(post, 4, guide.checklist)
    checked = {"known": facts(markets={4: FRANCE}, guides={4: guide}, checked={4: key}), "market_id": 4}
    assert not said(CHECKLIST, "Soldes", **checked)
    assert said(CHECKLIST, "Soldes !", **checked), "other words"
    assert said(CHECKLIST, "Soldes", variants={"@4": "Les soldes"}, **checked), "other words for the market"
    longer = facts(
        markets={4: FRANCE}, guides={4: Guide(checklist=(*guide.checklist, "Et les enfants?"))}, checked={4: key}
    )  # fmt: skip
    assert said(CHECKLIST, "Soldes", known=longer, market_id=4), "another question"


def test_every_market_that_reads_it_is_asked_for_once() -> None:
    guide = Guide(checklist=("?",))
    around = known(france=guide, mexico=guide)
    places = (account(1), account(2), account(3, "bluesky"))
    assert len(said(CHECKLIST, "Hola", known=around, market_id=5, accounts=places)) == 1


def test_an_answer_keeps_to_the_topics_and_the_address_of_the_persons_market() -> None:
    around = known(mexico=Guide(formal=True, topics=("torta",)))
    found = {each.code for each in review_answer("Te guardamos una torta", Asked("es", 5), around)}
    assert {"market_topic", "address_other"} <= found
    found = {each.code for each in review_answer("Te guardamos una torta", Asked("es", 4), around)}
    assert not found & {"market_topic", "address_other"}

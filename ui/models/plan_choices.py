"""What a post can be put into: the brand's markets, circles, campaigns and labels."""

from __future__ import annotations

from dataclasses import dataclass

from cmdesk.desk import Desk
from cmdesk.model import Campaign, Circle, Label, Market
from cmdesk.store import campaigns, circles as circle_store, inbox, markets as market_store
from cmdesk.store.db import Reader


@dataclass(frozen=True, slots=True)
class PlanChoices:
    """All that one brand has to choose from; equal values need no new widgets."""

    markets: tuple[Market, ...] = ()
    circles: tuple[Circle, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    labels: tuple[Label, ...] = ()


def plan_choices(desk: Desk, brand_id: int) -> PlanChoices:
    """Read them (four small queries)."""
    return desk.page(_read, brand_id=brand_id)


def _read(reader: Reader, *, brand_id: int) -> PlanChoices:
    return PlanChoices(
        tuple(market_store.markets(reader, brand_id)),
        tuple(circle_store.circles(reader, brand_id)),
        tuple(campaigns.campaigns(reader, brand_id)),
        tuple(inbox.labels(reader, brand_id)),
    )

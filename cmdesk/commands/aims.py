"""Decisions about what an account is for: its goal, its market, its material, the rules of a community (K4, K12)."""

from __future__ import annotations

from dataclasses import replace

from cmdesk.errors import Invalid
from cmdesk.planning.aims import Aim, checked
from cmdesk.store import accounts, aims, markets
from cmdesk.store.db import Transaction


def save_aim(tx: Transaction, *, account_id: int, aim: Aim) -> bool:
    """Keep what an account is for and return whether that changed anything. One undo.

    Raises Invalid: `account_unknown`, `market_unknown` (also another brand's), `aim_material`, `aim_long`, `aim_url`.
    """
    account = accounts.account(tx.conn, account_id)
    wanted = checked(aim)
    if wanted.market_id is not None and not _is_market(tx, wanted.market_id, account.brand_id):
        raise Invalid(f"no market {wanted.market_id} here", code="market_unknown", detail=str(wanted.market_id))
    before = aims.aim(tx.conn, account_id)
    if wanted == before:
        return False
    aims.save_aim(tx, account_id, wanted)
    tx.undoable("save_aim", _put_back, account_id=account_id, aim=before, detail=account.handle)
    return True


def _put_back(tx: Transaction, *, account_id: int, aim: Aim) -> None:
    """Take a change back; a market that is gone meanwhile stays away."""
    account = accounts.account(tx.conn, account_id)
    if aim.market_id is not None and not _is_market(tx, aim.market_id, account.brand_id):
        aim = replace(aim, market_id=None)
    save_aim(tx, account_id=account_id, aim=aim)


def _is_market(tx: Transaction, market_id: int, brand_id: int) -> bool:
    return market_id in {each.id for each in markets.markets(tx.conn, brand_id)}

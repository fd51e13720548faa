"""What each account is for, in the table `account_aim` (K4, K12)."""

from __future__ import annotations

from typing import Any

from cmdesk.planning.aims import Aim as Aim
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import fetch, fetch_one, scalar


def aim(reader: Reader, account_id: int) -> Aim:
    """Return what an account is for; an empty one where nothing was said."""
    row = fetch_one(reader, "SELECT * FROM account_aim WHERE account_id = ?", (account_id,))
    return Aim() if row is None else _aim(row)


def aims(reader: Reader, brand_id: int) -> dict[int, Aim]:
    """Return what a brand's accounts are for, by account; those of which nothing was said are missing."""
    rows = fetch(
        reader,
        "SELECT a.account_id, a.market_id, a.goal, a.people, a.material, a.community, a.rules, a.rules_url"
        " FROM account_aim a JOIN account c ON c.id = a.account_id WHERE c.brand_id = ? ORDER BY a.account_id",
        (brand_id,),
    )
    return {row["account_id"]: _aim(row) for row in rows}


def save_aim(tx: Transaction, account_id: int, aim: Aim) -> None:
    """Keep what an account is for; an empty aim removes what was said."""
    brand_id = int(scalar(tx.conn, "SELECT brand_id FROM account WHERE id = ?", (account_id,)))
    if not aim:
        tx.conn.execute("DELETE FROM account_aim WHERE account_id = ?", (account_id,))
    else:
        tx.conn.execute(
            "INSERT INTO account_aim (account_id, market_id, goal, people, material, community, rules, rules_url)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account_id) DO UPDATE SET market_id = excluded.market_id,"
            " goal = excluded.goal, people = excluded.people, material = excluded.material,"
            " community = excluded.community, rules = excluded.rules, rules_url = excluded.rules_url",
            (
                account_id, aim.market_id, aim.goal, aim.people, aim.material, int(aim.community), aim.rules,
                aim.rules_url,
            ),
        )  # fmt: skip
    tx.touch(Topic.CARE, brand_id)


def _aim(row: Any) -> Aim:
    return Aim(
        row["market_id"], row["goal"], row["people"], row["material"], bool(row["community"]), row["rules"],
        row["rules_url"],
    )  # fmt: skip

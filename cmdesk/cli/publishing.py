"""The verbs about what became of a post: trying again what failed, reading back what is out."""

from __future__ import annotations

import argparse

from cmdesk.cli.daily import failed, report, send
from cmdesk.cli.output import say
from cmdesk.commands import planning as deciding
from cmdesk.desk import Desk
from cmdesk.i18n import _
from cmdesk.store import accounts, outbox
from cmdesk.wording_outbox import differences, verified_word


def retry_post_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Try again only what of a post failed; a thread goes on at the part that failed (rank 21)."""
    desk.run_now(deciding.retry_failed, post_id=options.id)
    send(desk)
    # The parts behind it went out with it.
    tried = [each for each in desk.page(outbox.deliveries, post_id=options.id) if each.attempts or failed(each)]
    report(desk, tried, as_json=options.json)
    return 1 if any(failed(each) for each in tried) else 0


def verify_post_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Read back what is out of a post and say what differs from what was written; status 1 when something does (N4)."""
    ids = desk.run_now(deciding.verify, post_id=options.id)
    send(desk)
    found = [desk.page(outbox.delivery, each) for each in ids]
    if options.json:
        report(desk, found, as_json=True)
    else:
        for each in found:
            handle = desk.page(accounts.account, each.account_id).handle
            told = "; ".join(differences(each.verified)) or verified_word(each.verified)
            say(_("@{account}, part {part}: {result}").format(account=handle, part=each.part + 1, result=told))
    return 0 if all(each.verified in ("ok", "person") for each in found) else 1

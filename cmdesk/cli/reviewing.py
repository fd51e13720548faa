"""What the reviewer says of a post on the command line (N12)."""

from __future__ import annotations

import argparse
from dataclasses import replace

from cmdesk.cli.output import Row, iso, local, one_line, show
from cmdesk.desk import Desk
from cmdesk.i18n import _, language
from cmdesk.media import gone
from cmdesk.model import Post
from cmdesk.planning.review import Finding, errors
from cmdesk.planning.reviewing import Case, copies, review_post
from cmdesk.planning.reviewing.facts import with_holidays
from cmdesk.planning.reviewing.timing import hours
from cmdesk.store import accounts, planning, reviewing, targeting
from cmdesk.text import links, mentions
from cmdesk.wording_review import finding_text, level_word


def review_post_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Say everything worth saying about a post; status 1 when something must be mended."""
    post = desk.page(planning.post, options.id)
    found = findings(desk, post)
    places = desk.page(accounts.list_accounts, brand_id=post.brand_id, include_disconnected=True)
    rows: list[Row] = [
        {
            "level": each.level.value if options.json else level_word(each.level),
            "code": each.code,
            "text": one_line(finding_text(each, places, when=local), 300),
            "account": each.account_id or None,
            "detail": each.detail,
            "said": list(each.said),
            "part": each.place.part if each.place else None,
            "start": each.place.start if each.place else None,
            "end": each.place.end if each.place else None,
            "post": each.post_id or None,
            "at": iso(each.at),
        }
        for each in found
    ]
    show(
        rows,
        as_json=options.json,
        columns=(("level", _("Level")), ("text", _("What the reviewer says"))),
        empty=_("Ready: nothing stands in its way."),
    )
    return 1 if errors(found) else 0


def findings(desk: Desk, post: Post) -> list[Finding]:
    """Review a post as it is stored, with everything that is known around it."""
    case = case_of(desk, post)
    return review_post(post, case.accounts, case.facts)


def case_of(desk: Desk, post: Post) -> Case:
    """Return what a review of a post as it is stored looks at."""
    by_id = {
        each.id: each for each in desk.page(accounts.list_accounts, brand_id=post.brand_id, include_disconnected=True)
    }
    places = [by_id[each.account_id] for each in post.targets if each.account_id in by_id]
    at = min(hours(post.targets).values(), default=None)
    now = desk.clock.now()
    facts = desk.page(reviewing.facts, post.brand_id, now=now, at=at, post_id=post.id)
    facts = with_holidays(facts, [at or now], language=language())
    facts = replace(facts, missing=gone(post.all_media(), desk.media_folder))
    said = [handle for each in copies(post, places) for handle in mentions(each.text)]
    facts = replace(facts, outside=desk.page(targeting.outsiders, post, said, now))
    urls = [url for each in copies(post, places) for _start, _end, url in links(each.text)]
    return Case(post, tuple(places), facts.with_links(desk.page(reviewing.link_states, urls)))

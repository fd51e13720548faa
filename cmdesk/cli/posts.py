"""The verbs about posts."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cmdesk.cli.daily import delivery_row, failed, report, send
from cmdesk.cli.output import Row, iso, one_line, say, show
from cmdesk.cli.publishing import retry_post_verb, verify_post_verb
from cmdesk.cli.reviewing import review_post_verb
from cmdesk.cli.setup import account_of, brand_of
from cmdesk.cli.targeting import audience_of, reach_rows
from cmdesk.commands import planning as deciding, targeting
from cmdesk.desk import Desk
from cmdesk.errors import Invalid, MediaError
from cmdesk.i18n import _
from cmdesk.media import import_media
from cmdesk.model import Account, Brand, Media, Post
from cmdesk.planning import media_rules
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.planning.zones import to_wall
from cmdesk.store import accounts, brands, media, outbox_send, planning
from cmdesk.wording import post_word
from cmdesk.wording_media import problem_text


def post_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Plan, list or show posts."""
    if options.action == "add":
        return _add(desk, options)
    if options.action == "import":
        from cmdesk.cli.scheduling import import_verb

        return import_verb(desk, options)
    if options.action == "show":
        return _show(desk, options)
    if options.action == "review":
        return review_post_verb(desk, options)
    if options.action == "schedule":
        return _schedule(desk, options)
    if options.action == "done":
        from cmdesk.cli.pausing import done_verb

        return done_verb(desk, options)
    if options.action == "retry":
        return retry_post_verb(desk, options)
    if options.action == "verify":
        return verify_post_verb(desk, options)
    found = desk.page(planning.posts, brand_id=brand_of(desk, options.brand), limit=options.limit)
    rows = [post_row(desk, each) for each in found]
    if not options.json:
        rows = [
            {**row, "text": one_line(str(row["text"]), 200), "when": _when(each), "status": post_word(each.status)}
            for row, each in zip(rows, found, strict=True)
        ]
    show(
        rows,
        as_json=options.json,
        columns=(
            ("id", _("No.")),
            ("brand", _("Brand")),
            ("status", _("State")),
            ("when", _("When")),
            ("text", _("Text")),
        ),
        empty=_("No posts yet."),
    )
    return 0


def _add(desk: Desk, options: argparse.Namespace) -> int:
    brand = desk.page(brands.brand_by_name, options.brand)
    targets = [account_of(desk, brand, word) for word in options.account]
    account_ids = list(dict.fromkeys(each.id for each in targets))
    wall, zone, fold = _wall(desk, brand, options.at) if options.at else ("", brand.zone, 0)
    # Everything that can be wrong with the words and the hour is said before a picture is taken over.
    deciding.check_text(options.text, has_media=bool(options.media))
    pictures: list[tuple[int, str]] = []
    alts = [*options.alts, *[""] * (len(options.media or ()) - len(options.alts))]
    for path, alt in zip(options.media or (), alts, strict=True):
        pictures.append((_take(desk, brand, path).id, alt))
    _check_media(desk, pictures, targets)
    post_id = desk.run_now(
        deciding.plan_post,
        brand_id=brand.id,
        text=options.text,
        account_ids=account_ids,
        media=pictures,
        language=options.language or brand.language,
        visibility=options.visibility,
        wall=wall,
        zone=zone,
        fold=fold,
        now=options.now,
        sure=options.sure,
        wider=options.yes_wider,
        **audience_of(desk, brand, options.to),
    )
    if options.now and all(each.network == BY_HAND for each in targets):
        desk.run_now(outbox_send.advance)  # nobody is asked: it waits for the person (N26)
    elif options.now:
        send(desk)
    post = desk.page(planning.post, post_id)
    if options.json:
        show([post_row(desk, post)], as_json=True, columns=(), empty="")
    else:
        say(_("Post {id} of {brand}: {state}.").format(id=post.id, brand=brand.name, state=post_word(post.status)))
        report(desk, [each for each in post.deliveries if options.now], as_json=False)
    return 1 if any(failed(each) for each in post.deliveries) else 0


def _schedule(desk: Desk, options: argparse.Namespace) -> int:
    """Give a post that exists its hour, for those named if any are."""
    post = desk.page(planning.post, options.id)
    brand = desk.page(brands.brand, post.brand_id)
    wanted = audience_of(desk, brand, options.to)
    if wanted:
        desk.run_now(targeting.set_audience, post_id=post.id, **wanted)
    if options.now:
        desk.run_now(deciding.publish_now, post_id=post.id, sure=options.sure, wider=options.yes_wider)
        send(desk)
    else:
        wall, zone, fold = _wall(desk, brand, options.at)
        desk.run_now(
            deciding.schedule, post_id=post.id, wall=wall, zone=zone, fold=fold, sure=options.sure,
            wider=options.yes_wider,
        )  # fmt: skip
    post = desk.page(planning.post, post.id)
    if options.json:
        show([post_row(desk, post)], as_json=True, columns=(), empty="")
    else:
        say(_("Post {id} of {brand}: {state}.").format(id=post.id, brand=brand.name, state=post_word(post.status)))
        report(desk, [each for each in post.deliveries if options.now], as_json=False)
    return 1 if any(failed(each) for each in post.deliveries) else 0


def _take(desk: Desk, brand: Brand, path: Path) -> Media:
    """Take a picture or film over; a refusal names the file."""
    try:
        info = import_media(path, desk.media_folder)
    except MediaError as error:
        error.add_note(path.name)
        raise
    return desk.run_now(media.add_media, brand.id, info)


def _check_media(desk: Desk, pictures: Sequence[tuple[int, str]], targets: Sequence[Account]) -> None:
    """Raise Invalid for what one of the networks would refuse (rank 18)."""
    stored = desk.page(media.media_by_id, [media_id for media_id, _alt in pictures])
    shown = [(stored[media_id], alt) for media_id, alt in pictures]
    places = [media_rules.place(each.id, each.network, each.capabilities) for each in targets]
    handles = {each.id: f"@{each.handle}" for each in targets}
    for problem in media_rules.check(shown, places):
        if not problem.automatic:
            text = problem_text(problem, handles.get(problem.account_id, ""))
            raise Invalid(text, code="media_limits", detail=text)


def _wall(desk: Desk, brand: Brand, text: str) -> tuple[str, str, int]:
    """Return (wall time, zone, fold) in the brand's zone of an ISO time with or without an offset."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text!r} is not a time", code="time_unreadable", detail=text) from None
    if at.tzinfo is not None:
        wall, fold = to_wall(at, brand.zone)
        return wall, brand.zone, fold
    return at.isoformat(timespec="seconds"), brand.zone, 0


def _show(desk: Desk, options: argparse.Namespace) -> int:
    post = desk.page(planning.post, options.id)
    if options.json:
        show([post_row(desk, post)], as_json=True, columns=(), empty="")
        return 0
    brand = desk.page(brands.brand, post.brand_id)
    say(_("Post {id} of {brand}: {state}.").format(id=post.id, brand=brand.name, state=post_word(post.status)))
    say(one_line(post.text, 1000))
    for each in post.media:
        say(_("Picture {file}: {alt}").format(file=each.media.file[:12], alt=one_line(each.alt) or _("no description")))
    report(desk, post.deliveries, as_json=False)
    return 0


def post_row(desk: Desk, post: Post) -> Row:
    """Return a post as the command line shows it, with each delivery's state, remote id and address."""
    return {
        "id": post.id,
        "brand": desk.page(brands.brand, post.brand_id).name,
        "text": post.text,
        "status": post.status.value,
        "language": post.language,
        "visibility": post.visibility,
        "market": post.market_id,
        "circles": list(post.circles),
        "person": post.person_id,
        "reach": reach_rows(desk, post),
        "accounts": [desk.page(accounts.account, each.account_id).handle for each in post.targets],
        "media": [
            {
                "sha256": each.media.sha256,
                "mime": each.media.mime,
                "alt": each.alt,
                "width": each.media.width,
                "height": each.media.height,
            }
            for each in post.media
        ],
        "deliveries": [delivery_row(desk, each) for each in post.deliveries],
        "updated_at": iso(post.updated_at),
    }


def _when(post: Post) -> str:
    """Return the first hour of a post in its brand's zone, '' for one without."""
    walls = [each.wall for each in post.deliveries or post.targets if each.wall]
    return min(walls).replace("T", " ")[:16] if walls else ""

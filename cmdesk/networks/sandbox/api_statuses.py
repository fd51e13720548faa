"""Statuses: saying, changing, taking back, liking, boosting, and what belongs to one status."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cmdesk.networks.sandbox import markup, threads
from cmdesk.networks.sandbox.api_server import MAX_CHARACTERS, MAX_CHOICE, MAX_MEDIA
from cmdesk.networks.sandbox.entities import iso
from cmdesk.networks.sandbox.records import KeyRecord, Media, Scheduled, Status
from cmdesk.networks.sandbox.web import Answer, Call, Problem, not_found, page, route

KEY_LIFE = timedelta(hours=1)
SCHEDULE_AHEAD = timedelta(minutes=5)
SCHEDULED_TOTAL, SCHEDULED_DAILY = 300, 25
QUOTE_POLICIES = ("public", "followers", "nobody")
VISIBILITIES = ("public", "unlisted", "private", "direct")


def invalid(what: str) -> Problem:
    """Mastodon's answer to a record that does not validate."""
    return Problem(422, f"Validation failed: {what}")


def parse_time(text: str) -> datetime | None:
    """An ISO time as aware UTC; without zone it is UTC; None when it cannot be read."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


# -- saying ------------------------------------------------------------------------------------------------------


def _media(call: Call, already: Status | None = None) -> list[Media]:
    ids = call.request.many("media_ids")
    if len(ids) > MAX_MEDIA:
        raise invalid("Cannot attach more than 4 files")
    rows = []
    for media_id in ids:
        row = call.world.book.media.get(media_id)
        if row is None or row.owner != call.me.id or row.status not in (None, already.id if already else None):
            raise invalid(f"Media {media_id} not found or already attached to another post")
        if row.failed:
            raise invalid("Cannot attach files that failed to process")
        if row.ready_at > call.world.clock.now():
            raise invalid("Cannot attach files that have not finished processing. Try again in a moment!")
        rows.append(row)
    if len(rows) > 1 and any(row.kind in ("video", "audio") for row in rows):
        raise invalid("Cannot attach a video to a post that already contains images")
    return rows


def _words(call: Call, *, empty: bool) -> tuple[str, str]:
    """The checked text and spoiler."""
    text, spoiler = call.request.text("status"), call.request.text("spoiler_text")
    if not text.strip() and not spoiler.strip() and not empty:
        raise invalid("Text can't be blank")
    if markup.count(text, spoiler) > MAX_CHARACTERS:
        raise invalid(f"Text character limit of {MAX_CHARACTERS} exceeded")
    return text, spoiler


def _poll(call: Call) -> dict[str, Any] | None:
    poll = call.request.value("poll")
    if not isinstance(poll, dict):
        return None
    options = [str(o) for o in poll.get("options", []) if str(o).strip()]
    lasts = int(poll.get("expires_in") or 0)
    if not 2 <= len(options) <= 4:
        raise invalid("Options must be more than one item" if len(options) < 2 else "Options too many")
    if len(set(options)) < len(options):
        raise invalid("Options contains duplicate items")
    if any(len(option) > MAX_CHOICE for option in options):
        raise invalid(f"Options can't be longer than {MAX_CHOICE} characters each")
    if not 300 <= lasts <= 2_629_746:
        raise invalid("Expires at is too soon" if lasts < 300 else "Expires at is too far into the future")
    ends = iso(call.world.clock.now() + timedelta(seconds=lasts))
    many = str(poll.get("multiple", "")).lower() in ("true", "1")
    hidden = str(poll.get("hide_totals", "")).lower() in ("true", "1")
    return {"options": options, "expires_at": ends, "multiple": many, "hide_totals": hidden, "lasts_s": lasts}


def _repeated(call: Call, key: str) -> Answer | None:
    """The first answer of an Idempotency-Key, when it is known and still remembered."""
    if not key or "idempotency" in call.server.without or call.plan.mode("key_ignored"):
        return None
    now = call.world.clock.now()
    row = call.world.book.keys.get(f"{call.me.id}/{key}")
    if row is None or not row.since <= now < row.until:
        return None
    first = call.world.status(row.status)
    if first is None:
        return None
    if call.plan.mode("key_repeat_500"):
        raise Problem(500, "Internal Server Error")
    return Answer(call.show.status(first))


def _remember(call: Call, key: str, status: Status) -> None:
    if not key or "idempotency" in call.server.without or call.plan.mode("key_ignored"):
        return
    now = call.world.clock.now()
    late, early = call.plan.mode("key_late"), call.plan.mode("key_forgotten")
    since = now + timedelta(seconds=late.wait) if late else now
    until = now + (timedelta(seconds=early.wait) if early else KEY_LIFE)
    call.world.book.keys[f"{call.me.id}/{key}"] = KeyRecord(status.id, since, until)


def _app_name(call: Call) -> str:
    app = call.world.book.apps.get(call.token.app if call.token else "")
    return app.name if app else "Sandbox token"


@route("POST /api/v1/statuses", scope="write:statuses")
def say(call: Call) -> Answer:
    """Publish, or schedule when scheduled_at is given; an Idempotency-Key counts for one hour.

    As on the real server the key has no effect on scheduled statuses (mastodon#30039).
    """
    me, request, world = call.me, call.request, call.world
    key = request.headers.get("idempotency-key", "")
    scheduled_at = _scheduled_at(call)
    if scheduled_at is None and (repeated := _repeated(call, key)) is not None:
        return repeated
    media, poll = _media(call), _poll(call)
    if media and poll:
        raise invalid("Cannot attach more than 4 files")  # the real server's words for pictures beside a poll
    text, spoiler = _words(call, empty=bool(media))
    policy = request.text("quote_approval_policy") or "public"
    if policy not in QUOTE_POLICIES:
        raise invalid("Quote approval policy is not included in the list")
    visibility = request.text("visibility") or "public"
    if visibility not in VISIBILITIES:
        raise invalid("Visibility is not included in the list")
    parent = _referred(call, "in_reply_to_id", "The post you are trying to reply to does not appear to exist.")
    quoted = None
    if "quotes" not in call.server.without:
        quoted = _referred(call, "quoted_status_id", "The post you are trying to quote does not appear to exist.")
    if quoted is not None and quoted.visibility == "direct":
        raise invalid("Quoting this post is not allowed")
    language = request.text("language") or me.language
    if scheduled_at is not None:
        return _schedule(call, scheduled_at, media, key, {
            "text": text, "spoiler_text": spoiler, "visibility": visibility, "language": language, "poll": poll,
            "sensitive": request.flag("sensitive"), "in_reply_to_id": parent.id if parent else None,
            "quoted_status_id": quoted.id if quoted else None, "quote_approval_policy": policy,
        })  # fmt: skip
    status = world.publish(
        me,
        text,
        visibility=visibility,
        language=language,
        spoiler=spoiler,
        sensitive=request.flag("sensitive") or bool(spoiler and media),
        reply_to=parent.id if parent else None,
        quote_of=quoted.id if quoted else None,
        media=[row.id for row in media],
        poll=poll,
        key=key or None,
        app=_app_name(call),
        quote_policy=policy,
    )
    _remember(call, key, status)
    return Answer(call.show.status(status))


def _referred(call: Call, name: str, sorry: str) -> Status | None:
    wanted = call.request.text(name)
    if not wanted:
        return None
    found = call.world.status(wanted)
    if found is None or not call.world.visible(found, call.me):
        raise Problem(404, sorry)
    return found


def _scheduled_at(call: Call) -> datetime | None:
    text = call.request.text("scheduled_at")
    if not text or "scheduled" in call.server.without:
        return None
    at = parse_time(text)
    if at is None:
        raise invalid("Scheduled at is invalid")
    now = call.world.clock.now()
    if at <= now:
        return None  # as the real server: a time that has passed means now
    if at < now + SCHEDULE_AHEAD:
        raise invalid("Scheduled at The scheduled date must be in the future")
    return at


def _schedule(call: Call, at: datetime, media: list[Media], key: str, params: dict[str, Any]) -> Answer:
    mine = [row for row in call.world.book.scheduled.values() if row.owner == call.me.id]
    if len(mine) >= SCHEDULED_TOTAL:
        raise invalid(f"You have exceeded the limit of {SCHEDULED_TOTAL} scheduled posts")
    if sum(row.at.date() == at.date() for row in mine) >= SCHEDULED_DAILY:
        raise invalid(f"You have exceeded the limit of {SCHEDULED_DAILY} scheduled posts for that day")
    row = Scheduled(call.world.new_id(), call.me.id, at, params, [m.id for m in media], key or None, _app_name(call))
    call.world.book.scheduled[row.id] = row
    for one in media:
        one.status = f"scheduled {row.id}"
    call.world.changed.set()
    return Answer(call.show.scheduled(row))


# -- one status --------------------------------------------------------------------------------------------------


@route("GET /api/v1/statuses")
def several(call: Call) -> Answer:
    """Several statuses by id; the missing ones are left out."""
    rows = [call.world.status(i) for i in call.request.many("id")]
    show = call.show
    return Answer(
        [show.status(s) for s in rows if s is not None and call.world.visible(s, call.person) and not call.hidden(s)]
    )


@route("GET /api/v1/statuses/:id")
def one(call: Call) -> Answer:
    """A status."""
    return Answer(call.show.status(call.status()))


@route("PUT /api/v1/statuses/:id", scope="write:statuses")
def edit(call: Call) -> Answer:
    """Change an own status; media descriptions too, by media_attributes."""
    status = call.own_status()
    if status.boost_of:
        raise not_found()
    request = call.request
    media = _media(call, status) if request.value("media_ids") is not None else None
    kept = [m.id for m in media] if media is not None else list(status.media)
    text, spoiler = _words(call, empty=bool(kept or status.poll))
    for change in request.value("media_attributes") or []:
        row = call.world.book.media.get(str(change.get("id"))) if isinstance(change, dict) else None
        if row is not None and row.id in kept and "description" in change:
            row.description = str(change["description"])
    more: dict[str, Any] = {"spoiler": spoiler, "media": kept}
    if request.value("sensitive") is not None:
        more["sensitive"] = request.flag("sensitive")
    if request.text("language"):
        more["language"] = request.text("language")
    call.world.edit(status, text, **more)
    return Answer(call.show.status(status))


@route("DELETE /api/v1/statuses/:id", scope="write:statuses")
def delete(call: Call) -> Answer:
    """Take an own status back; the answer has its source, so that it can be drafted again."""
    status = call.own_status()
    shown = call.show.status(status) | {"text": status.text}
    call.world.delete(status)
    for media_id in status.media:
        call.world.book.media[media_id].status = None
    return Answer(shown)


@route("GET /api/v1/statuses/:id/source", scope="read:statuses")
def source(call: Call) -> Answer:
    """What was typed."""
    status = call.own_status()
    return Answer({"id": status.id, "text": status.text, "spoiler_text": status.spoiler})


@route("GET /api/v1/statuses/:id/history")
def history(call: Call) -> Answer:
    """All versions, oldest first."""
    return Answer(call.show.versions(call.status()))


@route("GET /api/v1/statuses/:id/context")
def context(call: Call) -> Answer:
    """The thread around a status; without a token only a part, as on a real server."""
    before, after = threads.around(call.world, call.status())
    top, bottom = (4096, 4096) if call.token else (40, 60)
    show = call.show

    def seen(rows: list[Status]) -> list[dict[str, Any]]:
        return [show.status(s) for s in rows if call.world.visible(s, call.person) and not call.hidden(s)]

    return Answer({"ancestors": seen(before)[-top:], "descendants": seen(after)[:bottom]})


def _people(call: Call, ids: list[str]) -> Answer:
    rows = [call.world.book.people[i] for i in ids]
    rows.sort(key=lambda p: int(p.id), reverse=True)
    show = call.show
    return page(call, rows, usual=40, most=80, key=lambda p: int(p.id), render=show.account)


@route("GET /api/v1/statuses/:id/favourited_by")
def favourited_by(call: Call) -> Answer:
    """Who likes it."""
    return _people(call, call.status().likes)


@route("GET /api/v1/statuses/:id/reblogged_by")
def reblogged_by(call: Call) -> Answer:
    """Who boosted it."""
    return _people(call, [b.author for b in call.world.boosts(call.status())])


@route("GET /api/v1/statuses/:id/quotes", scope="read:statuses")
def quotes(call: Call) -> Answer:
    """Who quoted it."""
    rows = [s for s in call.world.quotes(call.own_status()) if call.world.visible(s, call.person)]
    rows.sort(key=lambda s: int(s.id), reverse=True)
    show = call.show
    return page(call, rows, usual=20, most=40, key=lambda s: int(s.id), render=show.status)


@route("POST /api/v1/statuses/:id/quotes/:quoting_id/revoke", scope="write:statuses")
def revoke_quote(call: Call) -> Answer:
    """Detach somebody's quote of an own status."""
    quoted = call.own_status()
    quoting = call.status("quoting_id")
    if quoting.quote_of != quoted.id:
        raise not_found()
    quoting.quote_revoked = True
    return Answer(call.show.status(quoting))


# -- reactions ---------------------------------------------------------------------------------------------------


def _shown(call: Call, status: Status) -> Answer:
    call.world.changed.set()
    return Answer(call.show.status(status))


def _target(call: Call) -> Status:
    """The status meant: a boost stands for what it boosts."""
    status = call.status()
    boosted = call.world.status(status.boost_of) if status.boost_of else None
    return boosted or status


@route("POST /api/v1/statuses/:id/favourite", scope="write:favourites")
def favourite(call: Call) -> Answer:
    """Like."""
    status = _target(call)
    call.world.like(call.me, status)
    return _shown(call, status)


@route("POST /api/v1/statuses/:id/unfavourite", scope="write:favourites")
def unfavourite(call: Call) -> Answer:
    """Like no longer."""
    status = _target(call)
    call.world.unlike(call.me, status)
    return _shown(call, status)


@route("POST /api/v1/statuses/:id/reblog", scope="write:statuses")
def reblog(call: Call) -> Answer:
    """Boost; the answer is the boost, which holds the boosted status."""
    status, me = _target(call), call.me
    if status.visibility == "direct" or (status.visibility == "private" and status.author != me.id):
        raise Problem(403, "This action is not allowed")
    visibility = call.request.text("visibility") or "public"
    return _shown(call, call.world.boost(me, status, visibility=visibility))


@route("POST /api/v1/statuses/:id/unreblog", scope="write:statuses")
def unreblog(call: Call) -> Answer:
    """Boost no longer; the answer is the status itself."""
    status = _target(call)
    call.world.unboost(call.me, status)
    return _shown(call, status)


def _mark(call: Call, rows: list[str], entry: str, *, on: bool) -> Answer:
    if on and entry not in rows:
        rows.append(entry)
    if not on and entry in rows:
        rows.remove(entry)
    return _shown(call, call.status())


@route("POST /api/v1/statuses/:id/bookmark", scope="write:bookmarks")
def bookmark(call: Call) -> Answer:
    """Keep."""
    return _mark(call, call.status().bookmarks, call.me.id, on=True)


@route("POST /api/v1/statuses/:id/unbookmark", scope="write:bookmarks")
def unbookmark(call: Call) -> Answer:
    """Keep no longer."""
    return _mark(call, call.status().bookmarks, call.me.id, on=False)


@route("POST /api/v1/statuses/:id/mute", scope="write:mutes")
def mute(call: Call) -> Answer:
    """Hear no more of this thread."""
    return _mark(call, call.me.muted_threads, call.world.root(call.status()), on=True)


@route("POST /api/v1/statuses/:id/unmute", scope="write:mutes")
def unmute(call: Call) -> Answer:
    """Hear of this thread again."""
    return _mark(call, call.me.muted_threads, call.world.root(call.status()), on=False)


def _pin(call: Call, *, on: bool) -> Answer:
    status = call.own_status()
    status.pinned = on
    return _shown(call, status)


@route("POST /api/v1/statuses/:id/pin", scope="write:accounts")
def pin(call: Call) -> Answer:
    """Show at the top of the profile."""
    return _pin(call, on=True)


@route("POST /api/v1/statuses/:id/unpin", scope="write:accounts")
def unpin(call: Call) -> Answer:
    """Show in its place again."""
    return _pin(call, on=False)

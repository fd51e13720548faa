"""Reading: notifications, conversations, timelines, markers, scheduled statuses."""

from __future__ import annotations

from datetime import timedelta

from cmdesk.networks.sandbox import threads
from cmdesk.networks.sandbox.api_statuses import parse_time
from cmdesk.networks.sandbox.records import Notification, Scheduled, Status
from cmdesk.networks.sandbox.web import Answer, Call, Problem, not_found, page, route

# -- notifications -----------------------------------------------------------------------------------------------


def _mine(call: Call) -> list[Notification]:
    book, me = call.world.book, call.me
    rows = []
    for note in reversed(book.notifications):
        if note.to != me.id:
            continue
        if note.status is not None:
            status = book.statuses[note.status]
            if not call.world.visible(status, me) or call.hidden(status):
                continue
        rows.append(note)
    return rows


@route("GET /api/v1/notifications", scope="read:notifications")
def notifications(call: Call) -> Answer:
    """What happened to the account, newest first."""
    request = call.request
    kinds, but = set(request.many("types")), set(request.many("exclude_types"))
    author = request.text("account_id")
    rows = [n for n in _mine(call) if (not kinds or n.kind in kinds) and n.kind not in but]
    if author:
        rows = [n for n in rows if n.who == author]
    show = call.show
    return page(call, rows, usual=40, most=80, key=lambda n: int(n.id), render=show.notification)


@route("GET /api/v1/notifications/unread_count", scope="read:notifications")
def unread_count(call: Call) -> Answer:
    """How many notices are younger than the read marker."""
    read = int(call.me.markers.get("notifications", ("0", 0, call.world.clock.now()))[0] or 0)
    return Answer({"count": min(100, sum(1 for n in _mine(call) if int(n.id) > read))})


@route("POST /api/v1/notifications/clear", scope="write:notifications")
def clear_notifications(call: Call) -> Answer:
    """Forget all notices."""
    book, me = call.world.book, call.me
    book.notifications = [n for n in book.notifications if n.to != me.id]
    return Answer({})


@route("GET /api/v1/notifications/:id", scope="read:notifications")
def notification(call: Call) -> Answer:
    """One notice."""
    return Answer(call.show.notification(_one(call)))


@route("POST /api/v1/notifications/:id/dismiss", scope="write:notifications")
def dismiss(call: Call) -> Answer:
    """Forget one notice."""
    call.world.book.notifications.remove(_one(call))
    return Answer({})


def _one(call: Call) -> Notification:
    found = next((n for n in _mine(call) if n.id == call.args["id"]), None)
    if found is None:
        raise not_found()
    return found


# -- conversations -----------------------------------------------------------------------------------------------


@route("GET /api/v1/conversations", scope="read:statuses")
def conversations(call: Call) -> Answer:
    """Private conversations; paged by Link only, since the cursor is the last status and not the conversation."""
    me, show = call.me, call.show
    rows = [(root, [s for s in thread if not call.hidden(s)]) for root, thread in threads.private(call.world, me)]
    rows = [row for row in rows if row[1]]
    return page(
        call,
        rows,
        usual=20,
        most=40,
        key=lambda row: int(row[1][-1].id),
        render=lambda row: show.conversation(me, row[0], row[1]),
    )


def _thread(call: Call) -> tuple[str, list[Status]]:
    found = next((row for row in threads.private(call.world, call.me) if row[0] == call.args["id"]), None)
    if found is None:
        raise not_found()
    return found


@route("POST /api/v1/conversations/:id/read", scope="write:conversations")
def read_conversation(call: Call) -> Answer:
    """Mark a conversation as read."""
    root, statuses = _thread(call)
    call.me.conversations_read[root] = statuses[-1].id
    call.world.changed.set()
    return Answer(call.show.conversation(call.me, root, statuses))


@route("POST /api/v1/conversations/:id/unread", scope="write:conversations")
def unread_conversation(call: Call) -> Answer:
    """Mark a conversation as not read."""
    root, statuses = _thread(call)
    call.me.conversations_read.pop(root, None)
    return Answer(call.show.conversation(call.me, root, statuses))


@route("DELETE /api/v1/conversations/:id", scope="write:conversations")
def remove_conversation(call: Call) -> Answer:
    """Take a conversation off the list until something new is said in it."""
    root, statuses = _thread(call)
    call.me.conversations_gone[root] = statuses[-1].id
    return Answer({})


# -- timelines ---------------------------------------------------------------------------------------------------


def _timeline(call: Call, rows: list[Status]) -> Answer:
    rows = [s for s in rows if call.world.visible(s, call.person) and not call.hidden(s)]
    rows.sort(key=lambda s: int(s.id), reverse=True)
    show = call.show
    return page(call, rows, usual=20, most=40, key=lambda s: int(s.id), render=show.status)


@route("GET /api/v1/timelines/home", scope="read:statuses")
def home(call: Call) -> Answer:
    """What the account and those it follows said."""
    me = call.me
    authors = {me.id, *me.follows}
    return _timeline(
        call, [s for s in call.world.book.statuses.values() if s.author in authors and s.visibility != "direct"]
    )


@route("GET /api/v1/timelines/public")
def public(call: Call) -> Answer:
    """What everybody said in public."""
    local = call.request.flag("local")
    book = call.world.book
    rows = [s for s in book.statuses.values() if s.visibility == "public" and not s.boost_of and not s.reply_to]
    return _timeline(call, [s for s in rows if not local or not book.people[s.author].domain])


@route("GET /api/v1/timelines/tag/:tag")
def tag(call: Call) -> Answer:
    """What was said in public with a hashtag; all[], any[] and none[] as on a real server."""
    request = call.request
    named = {call.args["tag"].lower(), *(t.lower() for t in request.many("any"))}
    every, none = {t.lower() for t in request.many("all")}, {t.lower() for t in request.many("none")}
    rows = [
        s
        for s in call.world.book.statuses.values()
        if s.visibility == "public" and named & set(s.tags) and every <= set(s.tags) and not none & set(s.tags)
    ]
    return _timeline(call, rows)


@route("GET /api/v1/tags/:tag")
def one_tag(call: Call) -> Answer:
    """A hashtag."""
    return Answer(call.show.tag(call.args["tag"].lower()))


@route("GET /api/v1/favourites", scope="read:favourites")
def favourites(call: Call) -> Answer:
    """What the account likes."""
    me = call.me
    return _timeline(call, [s for s in call.world.book.statuses.values() if me.id in s.likes])


@route("GET /api/v1/bookmarks", scope="read:bookmarks")
def bookmarks(call: Call) -> Answer:
    """What the account keeps."""
    me = call.me
    return _timeline(call, [s for s in call.world.book.statuses.values() if me.id in s.bookmarks])


# -- markers -----------------------------------------------------------------------------------------------------


@route("GET /api/v1/markers", scope="read:statuses")
def markers(call: Call) -> Answer:
    """How far the account has read."""
    names = call.request.many("timeline")
    return Answer({name: _marker(call, name) for name in names if name in call.me.markers})


@route("POST /api/v1/markers", scope="write:statuses")
def set_markers(call: Call) -> Answer:
    """Move read positions."""
    answer = {}
    for name in ("home", "notifications"):
        value = call.request.value(name)
        last = value.get("last_read_id") if isinstance(value, dict) else None
        if last:
            version = call.me.markers.get(name, ("", 0, call.world.clock.now()))[1] + 1
            call.me.markers[name] = (str(last), version, call.world.clock.now())
            answer[name] = _marker(call, name)
    call.world.changed.set()
    return Answer(answer)


def _marker(call: Call, name: str) -> dict[str, object]:
    from cmdesk.networks.sandbox.entities import iso

    last, version, at = call.me.markers[name]
    return {"last_read_id": last, "version": version, "updated_at": iso(at)}


# -- scheduled statuses ------------------------------------------------------------------------------------------


def _own_scheduled(call: Call) -> Scheduled:
    row = call.world.book.scheduled.get(call.args["id"])
    if row is None or row.owner != call.me.id:
        raise not_found()
    return row


@route("GET /api/v1/scheduled_statuses", scope="read:statuses")
def scheduled_list(call: Call) -> Answer:
    """What this server will publish for the account."""
    rows = [row for row in call.world.book.scheduled.values() if row.owner == call.me.id]
    rows.sort(key=lambda row: int(row.id), reverse=True)
    show = call.show
    return page(call, rows, usual=20, most=40, key=lambda row: int(row.id), render=show.scheduled)


@route("GET /api/v1/scheduled_statuses/:id", scope="read:statuses")
def scheduled_one(call: Call) -> Answer:
    """One scheduled status."""
    return Answer(call.show.scheduled(_own_scheduled(call)))


@route("PUT /api/v1/scheduled_statuses/:id", scope="write:statuses")
def scheduled_move(call: Call) -> Answer:
    """Move a scheduled status to another time."""
    row = _own_scheduled(call)
    at = parse_time(call.request.text("scheduled_at"))
    if at is None or at < call.world.clock.now() + timedelta(minutes=5):
        raise Problem(422, "Validation failed: Scheduled at The scheduled date must be in the future")
    row.at = at
    call.world.changed.set()
    return Answer(call.show.scheduled(row))


@route("DELETE /api/v1/scheduled_statuses/:id", scope="write:statuses")
def scheduled_remove(call: Call) -> Answer:
    """Do not publish it."""
    row = _own_scheduled(call)
    del call.world.book.scheduled[row.id]
    call.world.changed.set()
    return Answer({})

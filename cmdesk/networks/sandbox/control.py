"""The doors for tests and the demo, over HTTP: faults, truth, other people's voices, the clock."""

from __future__ import annotations

from datetime import datetime

from cmdesk.networks.sandbox.entities import iso
from cmdesk.networks.sandbox.faults import fault_from_json
from cmdesk.networks.sandbox.web import Answer, Call, Problem, route


@route("GET /sandbox/faults")
def list_faults(call: Call) -> Answer:
    """The faults in force, with how often they were met (`seen`) and applied (`done`)."""
    return Answer([fault.as_json() for fault in call.server.faults.active()])


@route("POST /sandbox/faults")
def order_fault(call: Call) -> Answer:
    """Order a fault; the body is a Fault as JSON. `refuse` must say for how many seconds."""
    try:
        fault = fault_from_json(call.request.form)
    except (TypeError, ValueError) as error:
        raise Problem(422, str(error)) from error
    if fault.kind == "refuse" and not fault.wait:
        raise Problem(422, "refuse over HTTP needs seconds: nobody could take it back")
    return Answer(call.server.faults.add(fault, at_once=False).as_json())


@route("DELETE /sandbox/faults")
def clear_faults(call: Call) -> Answer:
    """Take all orders back."""
    call.server.faults.clear()
    return Answer([])


@route("DELETE /sandbox/faults/:id")
def remove_fault(call: Call) -> Answer:
    """Take one order back."""
    if not call.server.faults.remove(int(call.args["id"])):
        raise Problem(404, "no such fault")
    return Answer({})


@route("GET /sandbox/truth")
def truth(call: Call) -> Answer:
    """All statuses by author, the deleted ones too."""
    return Answer(call.world.truth())


@route("GET /sandbox/tokens")
def tokens(call: Call) -> Answer:
    """A token for each local account."""
    return Answer(call.server.tokens)


@route("GET /sandbox/requests")
def requests(call: Call) -> Answer:
    """The requests that arrived, oldest first."""
    return Answer(
        [
            {
                "at": iso(seen.at),
                "method": seen.method,
                "path": seen.path,
                "account": seen.account,
                "authorized": seen.authorized,
                "status": seen.status,
                "idempotency_key": seen.key,
            }
            for seen in list(call.server.requests)
        ]
    )


@route("POST /sandbox/say")
def say(call: Call) -> Answer:
    """Let somebody do something: see `Say.order`."""
    try:
        status = call.server.say.order(dict(call.request.form))
    except (LookupError, ValueError, TypeError) as error:
        raise Problem(422, str(error)) from error
    show = call.server.entities(None)
    return Answer({"status": show.status(status) if status is not None and status.deleted_at is None else None})


@route("GET /sandbox/clock")
def clock(call: Call) -> Answer:
    """The sandbox's time."""
    return Answer({"now": iso(call.world.clock.now())})


@route("POST /sandbox/clock")
def move_clock(call: Call) -> Answer:
    """Move the time: {"advance": seconds}, {"set": iso}, {"freeze": true} or {"run": true}."""
    form, time = call.request.form, call.world.clock
    try:
        if "set" in form:
            time.set(datetime.fromisoformat(str(form["set"])))
        if "advance" in form:
            time.advance(float(form["advance"]))
    except ValueError as error:
        raise Problem(422, str(error)) from error
    if form.get("freeze"):
        time.freeze()
    if form.get("run"):
        time.run()
    call.world.tick()
    return Answer({"now": iso(time.now())})


@route("POST /sandbox/tokens/revoke")
def revoke(call: Call) -> Answer:
    """Revoke or expire (`expires_in` seconds) the tokens of one account: {"account": handle}."""
    from datetime import timedelta

    form, world = call.request.form, call.world
    person = world.find_person(str(form.get("account", "")))
    if person is None:
        raise Problem(422, "nobody is called so")
    for row in world.book.tokens.values():
        if row.person == person.id:
            if "expires_in" in form:
                row.expires_at = world.clock.now() + timedelta(seconds=float(form["expires_in"]))
            else:
                row.revoked = True
    return Answer({})

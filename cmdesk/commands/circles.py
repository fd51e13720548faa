"""Decisions about circles (K1): making, changing, joining and deleting them, and who is in them by hand.

Each is taken back in one step, exactly: rule, people by hand, and the history as it was written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cmdesk.circles import Condition, Group, How, Rule, as_data, ids_of, parse
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Circle
from cmdesk.safe_text import safe_body
from cmdesk.store import circle_history as history, circle_rules, circles, markets, people
from cmdesk.store.changes import Topic
from cmdesk.store.circle_history import HAND, IMPORT, MERGE, Kept, Standing
from cmdesk.store.circle_posts import Named, put_names_back, rename_everywhere
from cmdesk.store.db import Transaction

LONGEST_NOTE = 2_000


def save_circle(
    tx: Transaction,
    *,
    brand_id: int,
    name: str,
    note: str = "",
    market_id: int | None = None,
    rule: Mapping[str, object] | None = None,
    circle_id: int | None = None,
    contact_ids: Iterable[int] = (),
) -> int:
    """Keep a circle and return its id; `rule` None leaves the one it has, {} makes it one by hand.

    `contact_ids` are put in by hand. Raises Invalid: `name_needed`, `name_taken`, `circle_unknown`, `market_unknown`,
    `wrong_brand`, what `circles.parse` raises, and a rule's faults (`circle_rules.faults`).
    """
    if market_id is not None:
        markets.market(tx.conn, market_id, brand_id=brand_id)
    before = None if circle_id is None else circles.circle(tx.conn, circle_id, brand_id=brand_id)
    said = safe_body(note, limit=LONGEST_NOTE + 1).strip()
    if len(said) > LONGEST_NOTE:
        raise Invalid("the note is too long", code="too_long", detail=str(len(said) - LONGEST_NOTE))
    stored = _stored(tx, brand_id, rule, circle_id, {} if before is None else before.rule)
    ids = _people(tx, brand_id, contact_ids)
    saved = circles.save_circle(
        tx, circle_id=circle_id, brand_id=brand_id, name=name, market_id=market_id, rule=stored, note=said
    )
    if before is None:
        history.note_circle(tx, saved)
        _put(tx, saved, ids, HAND)
        was = Kept(saved, None, Standing(saved, None))
    else:
        asked_anew = stored != before.rule
        stood = history.note_circle(tx, saved) if asked_anew else Standing(saved, ())
        if ids:
            stood = _joined(stood, _put(tx, saved, ids, HAND)[1])
        was = Kept(saved, before, stood)
    tx.undoable("save_circle", restore_circles, kept=(was,), detail=circles.circle(tx.conn, saved).name)
    return saved


def set_rule(tx: Transaction, *, circle_id: int, rule: Mapping[str, object]) -> None:
    """Give a circle another rule ({}: none, by hand); raises Invalid as `save_circle` does."""
    found = circles.circle(tx.conn, circle_id)
    save_circle(
        tx, brand_id=found.brand_id, name=found.name, note=found.note, market_id=found.market_id, rule=rule,
        circle_id=circle_id,
    )  # fmt: skip


def delete_circle(tx: Transaction, *, circle_id: int) -> None:
    """Delete a circle; its people stay. Rules that name it cannot be asked until it is back."""
    was = history.kept(tx.conn, circle_id)
    found = circles.circle(tx.conn, circle_id)
    circles.delete_circle(tx, circle_id)
    tx.undoable("delete_circle", restore_circles, kept=(was,), detail=found.name)


def put_in(tx: Transaction, *, circle_id: int, contact_ids: Iterable[int], why: str = HAND) -> int:
    """Put people into a circle by hand; returns how many were not in it. Whom its rule names is in without a hand.

    `why`: "hand" or "import". Raises Invalid (`circle_unknown`, `wrong_brand`, `contact_unknown`).
    """
    found = circles.circle(tx.conn, circle_id)
    ids = _people(tx, found.brand_id, contact_ids)
    came, was = _put(tx, circle_id, ids, IMPORT if why == IMPORT else HAND)
    if was.people:
        tx.undoable("put_in_circle", restore_circles, kept=(Kept(circle_id, found, was),), detail=found.name)
    return came


def take_out(tx: Transaction, *, circle_id: int, contact_ids: Iterable[int]) -> int:
    """Take people out of a circle by hand, out of its rule, too; returns how many were in it.

    Raises Invalid (`circle_unknown`, `wrong_brand`, `contact_unknown`).
    """
    found = circles.circle(tx.conn, circle_id)
    ids = list(circles.members(tx.conn, circle_id, tx.now, among=_people(tx, found.brand_id, contact_ids)))
    if not ids:
        return 0
    was = history.standing(tx.conn, circle_id, ids)
    circles.set_hands(tx, circle_id, ids, None)
    circles.set_hands(tx, circle_id, circles.members(tx.conn, circle_id, tx.now, among=ids), circles.OUT)
    history.note_circle(tx, circle_id, HAND, ids)
    _touch(tx, found, ids)
    tx.undoable("take_out_of_circle", restore_circles, kept=(Kept(circle_id, found, was),), detail=found.name)
    return len(ids)


def keep_members(tx: Transaction, *, circle_id: int) -> int:
    """Make a circle one by hand with whoever is in it now, and return how many; also of a broken one."""
    found = circles.circle(tx.conn, circle_id)
    was = history.kept(tx.conn, circle_id)
    inside = circles.members(tx.conn, circle_id, tx.now)
    circles.set_hands(tx, circle_id, circles.by_hand(tx.conn, circle_id, circles.OUT), None)
    circles.set_hands(tx, circle_id, inside, circles.IN)
    circles.save_circle(
        tx, circle_id=circle_id, brand_id=found.brand_id, name=found.name, market_id=found.market_id, note=found.note
    )
    history.note_circle(tx, circle_id, HAND)
    tx.undoable("keep_members", restore_circles, kept=(was,), detail=found.name)
    return len(inside)


def follow_rule(tx: Transaction, *, circle_id: int) -> int:
    """Forget who was put in or out by hand: the rule alone decides. Returns how many that were.

    Raises Invalid (`circle_unknown`), and Conflict (`circle_by_hand`) where there is no rule.
    """
    found = circles.circle(tx.conn, circle_id)
    if not found.rule:
        raise Conflict("the circle has no rule", code="circle_by_hand", detail=found.name)
    ids = [each for kind in (circles.IN, circles.OUT) for each in circles.by_hand(tx.conn, circle_id, kind)]
    if ids:
        was = history.standing(tx.conn, circle_id, ids)
        circles.set_hands(tx, circle_id, ids, None)
        history.note_circle(tx, circle_id, HAND, ids)
        _touch(tx, found, ids)
        tx.undoable("follow_rule", restore_circles, kept=(Kept(circle_id, found, was),), detail=found.name)
    return len(ids)


def merge_circles(tx: Transaction, *, into_id: int, from_ids: Iterable[int]) -> None:
    """Make one circle of several of a brand: rules count as alternatives, people by hand stay.

    Posts and rules that name the others name the one that stays. Raises Invalid: `circle_unknown`, `wrong_brand`,
    `rule_deep` (the rules together are too deep), and the faults of a broken one.
    """
    into = circles.circle(tx.conn, into_id)
    others = [circles.circle(tx.conn, each, brand_id=into.brand_id) for each in dict.fromkeys(from_ids)]
    others = [each for each in others if each.id != into_id]
    if not others:
        return
    every = [into, *others]
    for each in every:
        _not_broken(tx, each)
    was = tuple(history.kept(tx.conn, each.id) for each in every)
    inside = {one for each in every for one in circles.members(tx.conn, each.id, tx.now)}
    hands = {one for each in every for one in circles.by_hand(tx.conn, each.id)}
    out = {one for each in every for one in circles.by_hand(tx.conn, each.id, circles.OUT)}
    rule = _either([_without(parse(each.rule), {one.id for one in every}) for each in every if each.rule])
    renamed = rename_everywhere(tx, into.brand_id, {each.id: into_id for each in others})
    for each in others:
        circles.delete_circle(tx, each.id)
    circles.save_circle(
        tx, circle_id=into_id, brand_id=into.brand_id, name=into.name, market_id=into.market_id, note=into.note,
        rule={} if rule is None else as_data(parse(as_data(rule))),
    )  # fmt: skip
    circles.set_hands(tx, into_id, hands, circles.IN)
    now_in = set(circles.members(tx.conn, into_id, tx.now))
    circles.set_hands(tx, into_id, inside - now_in, circles.IN)
    circles.set_hands(tx, into_id, (now_in | out) - inside if rule is not None else (), circles.OUT)
    history.note_circle(tx, into_id, MERGE)
    tx.undoable("merge_circles", restore_circles, kept=was, named=renamed, detail=into.name)


def restore_circles(tx: Transaction, *, kept: tuple[Kept, ...], named: tuple[Named, ...] = ()) -> None:
    """Make circles, who was in them and what named them exactly what they were; undo does it again."""
    now = tuple(history.put_back(tx, each) for each in kept)
    names = put_names_back(tx, named)
    about = next((each.circle for each in (*kept, *now) if each.circle is not None), None)
    tx.undoable(
        "restore_circles", restore_circles, kept=now[::-1], named=names, detail="" if about is None else about.name
    )


# Inside


def _stored(
    tx: Transaction,
    brand_id: int,
    rule: Mapping[str, object] | None,
    circle_id: int | None,
    before: Mapping[str, object],
) -> Mapping[str, object]:
    """Return the rule as it is kept; raises Invalid for one that cannot be asked."""
    if rule is None or rule == before:
        return before
    if not rule:
        return {}
    read = parse(rule)
    wrong = circle_rules.faults(tx.conn, read, brand_id=brand_id, now=tx.now, circle_id=circle_id)
    if wrong:
        raise Invalid("the rule names what is not there", code=wrong[0].code, detail=wrong[0].detail)
    return as_data(read)


def _people(tx: Transaction, brand_id: int, contact_ids: Iterable[int]) -> list[int]:
    """Return people of the brand, each once; raises Invalid (`wrong_brand`, `contact_unknown`)."""
    return list(people.of_brand(tx.conn, contact_ids, brand_id))


def _put(tx: Transaction, circle_id: int, ids: list[int], why: str) -> tuple[int, Standing]:
    """Put people in; returns how many came, and how those who changed stood before."""
    if not ids:
        return 0, Standing(circle_id, ())
    before = set(circles.members(tx.conn, circle_id, tx.now, among=ids))
    missing = [each for each in ids if each not in before]
    was = history.standing(tx.conn, circle_id, missing)
    circles.set_hands(tx, circle_id, missing, None)
    by_rule = set(circles.members(tx.conn, circle_id, tx.now, among=missing))
    circles.set_hands(tx, circle_id, [each for each in missing if each not in by_rule], circles.IN)
    history.note_circle(tx, circle_id, why, missing)
    _touch(tx, circles.circle(tx.conn, circle_id), missing)
    return len(missing), was


def _joined(one: Standing, other: Standing) -> Standing:
    """Return both as one; of somebody in both, how they stood first."""
    known = set(one.people or ())
    return Standing(
        one.circle_id,
        (*(one.people or ()), *(each for each in other.people or () if each not in known)),
        (*one.hands, *(each for each in other.hands if each[0] not in known)),
        (*one.members, *(each for each in other.members if each[0] not in known)),
        (*one.events, *(each for each in other.events if each[1] not in known)),
    )


def _not_broken(tx: Transaction, circle: Circle) -> None:
    wrong = circle_rules.Book(tx.conn, circle.brand_id, tx.now).faults_of(circle.id)
    if wrong:
        raise Invalid(f"the rule of {circle.name!r} cannot be asked", code=wrong[0].code, detail=wrong[0].detail)


def _either(rules: list[Rule | None]) -> Rule | None:
    """Return the rule that names whoever one of these names."""
    found = list(dict.fromkeys(each for each in rules if each is not None))
    if len(found) < 2:
        return found[0] if found else None
    parts: list[Condition | Group] = []
    for each in found:
        alone = each.how is How.ANY or (len(each.parts) == 1 and each.how is How.ALL)
        parts += each.parts if alone else [each]
    return Group(How.ANY, tuple(dict.fromkeys(parts)))


def _without(rule: Rule, ids: set[int]) -> Rule | None:
    """Return a rule without the conditions that name one of the circles that become one; None when nothing is left."""
    parts: list[Condition | Group] = []
    for part in rule.parts:
        if isinstance(part, Group):
            inner = _without(part, ids)
            parts += [] if inner is None else [inner]
        elif part.field != "circle" or ids.isdisjoint(ids_of(part)):
            parts.append(part)
    return Group(rule.how, tuple(parts)) if parts else None


def _touch(tx: Transaction, circle: Circle, ids: list[int]) -> None:
    tx.touch(Topic.CONTACT, circle.brand_id, *(ids if len(ids) <= 500 else ()))

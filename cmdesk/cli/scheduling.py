"""The verbs about hours: the queue's slots, recurring posts, and a plan taken in from a file."""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path

from cmdesk.cli.output import Row, complain_usage, iso, one_line, say, show
from cmdesk.cli.setup import account_of, brand_of
from cmdesk.commands import plan_import as importing, series as recurring, slots as queueing
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.files import replace_private
from cmdesk.i18n import _, ngettext
from cmdesk.planning.importing import pictures
from cmdesk.planning.importing.rows import Entry, Plan, picture_paths, read_plan
from cmdesk.planning.importing.sheets import Sheet, read_sheet, rejects
from cmdesk.planning.recurrence import from_text
from cmdesk.planning.slots import Slot, SlotTime
from cmdesk.store import accounts, brands, plan_import, planning, series, slots
from cmdesk.templates.files import read_file
from cmdesk.wording_scheduling import fault_line, fault_words, rule_words, weekday_word

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def slot_verb(desk: Desk, options: argparse.Namespace) -> int:
    """List the queue, add hours to it or take them out."""
    if options.action == "remove":
        desk.run_now(queueing.remove, slot_ids=options.id)
        return 0
    if options.action == "add":
        brand = desk.page(brands.brand_by_name, options.brand)
        account = account_of(desk, brand, options.account)
        times = [SlotTime(DAYS.index(day), at) for day in options.day for at in options.at]
        desk.run_now(queueing.add, account_id=account.id, times=times)
        found = [each for each in desk.page(slots.slots_of, account_ids=[account.id]) if each.time in times]
    else:
        found = desk.page(slots.slots_of, brand_id=brand_of(desk, options.brand))
    rows = [_slot_row(desk, each, as_json=options.json) for each in found]
    show(
        rows,
        as_json=options.json,
        columns=(
            ("id", _("No.")), ("brand", _("Brand")), ("account", _("Account")), ("day", _("Day")), ("at", _("Hour")),
            ("zone", _("Zone")), ("next", _("Next free")),
        ),
        empty=_("The queue has no hours."),
    )  # fmt: skip
    return 0


def _slot_row(desk: Desk, slot: Slot, *, as_json: bool) -> Row:
    now = desk.clock.now()
    free = desk.page(slots.free_slots, account_ids=[slot.account_id], start=now, end=now + timedelta(days=15))
    following = next((each for each in free if each.slot_id == slot.id), None)
    told = following.wall.replace("T", " ") if following and not as_json else iso(following.at if following else None)
    return {
        "id": slot.id,
        "brand": desk.page(brands.brand, slot.brand_id).name,
        "account": desk.page(accounts.account, slot.account_id).handle,
        "network": slot.network,
        "day": DAYS[slot.weekday] if as_json else weekday_word(slot.weekday),
        "at": slot.at,
        "zone": slot.zone,
        "next": told,
    }


def series_verb(desk: Desk, options: argparse.Namespace) -> int:
    """List recurring posts, pause or end one."""
    if options.action == "list":
        found = desk.page(series.list_series, brand_of(desk, options.brand))
        show(
            [_series_row(desk, each) for each in found],
            as_json=options.json,
            columns=(
                ("id", _("No.")), ("brand", _("Brand")), ("state", _("State")), ("when", _("When")),
                ("text", _("Text")),
            ),
            empty=_("No recurring posts."),
        )  # fmt: skip
        return 0
    if options.action == "pause":
        count = desk.run_now(recurring.pause, series_id=options.id)
    elif options.action == "resume":
        count = desk.run_now(recurring.resume, series_id=options.id)
    else:
        count = desk.run_now(recurring.end, series_id=options.id)
    if options.json:
        show([_series_row(desk, desk.page(series.series, options.id))], as_json=True, columns=(), empty="")
    elif options.action == "resume":
        say(ngettext("{count} post was made.", "{count} posts were made.", count).format(count=count))
    else:
        say(ngettext("{count} waiting post was taken back.", "{count} waiting posts were taken back.", count)
            .format(count=count))  # fmt: skip
    return 0


def _series_row(desk: Desk, found: series.Series) -> Row:
    words = {series.ACTIVE: _("runs"), series.PAUSED: _("paused"), series.ENDED: _("ended")}
    return {
        "id": found.id,
        "brand": desk.page(brands.brand, found.brand_id).name,
        "state": words.get(found.state, found.state),
        "when": rule_words(from_text(found.rule), found.start),
        "rule": found.rule,
        "wall": found.wall,
        "zone": found.zone,
        "text": one_line(desk.page(planning.post, found.post_id).text, 200),
    }


def import_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Take a plan in, or only say what would happen; status 1 when rows were left out, and each is named."""
    sheet = read_sheet(read_file(options.file))
    folders = [options.file.resolve().parent, desk.media_folder]
    seen = pictures.look_at(picture_paths(sheet), folders)
    known = desk.page(
        plan_import.known,
        now=desk.clock.now(),
        brand_id=brand_of(desk, options.brand),
        days_first=None if options.dates is None else options.dates == "dmy",
        pictures=seen,
    )
    plan = read_plan(sheet, known)
    if options.rejects and plan.left_out:
        _write_rejects(options.rejects, sheet, plan)
    ids: tuple[int, ...] = ()
    if not options.dry_run and plan.entries:
        copies = pictures.take_over((path for each in plan.entries for path, _alt in each.media), folders,
                                    desk.media_folder)  # fmt: skip
        done = desk.run_now(importing.take, entries=plan.entries, pictures=copies, schedule=not options.drafts,
                            wider=options.yes_wider)  # fmt: skip
        ids = done.post_ids
    if options.json:
        show(_rows(desk, plan, ids), as_json=True, columns=(), empty="")
    else:
        _say(plan, dry_run=options.dry_run)
    return 1 if plan.left_out else 0


def _rows(desk: Desk, plan: Plan, ids: tuple[int, ...]) -> list[Row]:
    handles = {each.id: f"{each.network}:@{each.handle}" for each in desk.page(accounts.list_accounts)}
    names = {each.id: each.name for each in desk.page(brands.list_brands)}

    def row(place: int, entry: Entry) -> Row:
        return {
            "rows": list(entry.lines),
            "action": "taken" if ids else "would_take",
            "id": ids[place] if ids else None,
            "brand": names[entry.brand_id],
            "text": entry.text,
            "targets": [
                {"account": handles[each.account_id], "wall": each.wall, "zone": each.zone} for each in entry.targets
            ],
        }

    rows = [row(place, entry) for place, entry in enumerate(plan.entries)]
    for fault in plan.faults:
        what, todo = fault_words(fault)
        rows.append({
            "rows": [fault.line], "action": "left_out" if fault.left_out else "note", "column": fault.column,
            "code": fault.code, "detail": fault.detail, "what": what, "todo": todo,
        })  # fmt: skip
    return rows


def _say(plan: Plan, *, dry_run: bool) -> None:
    count = len(plan.entries)
    if dry_run:
        text = ngettext("Would take in {count} post; rows left out: {out}.",
                        "Would take in {count} posts; rows left out: {out}.", count)  # fmt: skip
    else:
        text = ngettext("Took in {count} post; rows left out: {out}.",
                        "Took in {count} posts; rows left out: {out}.", count)  # fmt: skip
    say(text.format(count=count, out=plan.left_out))
    for fault in plan.faults:
        complain_usage(_("row {number}: {what}").format(number=fault.line, what=fault_line(fault)))


def _write_rejects(place: Path, sheet: Sheet, plan: Plan) -> None:
    reasons: dict[int, str] = {}
    for fault in plan.faults:
        if fault.left_out:
            reasons[fault.line] = " ".join(filter(None, (reasons.get(fault.line, ""), fault_line(fault))))
    try:
        replace_private(place, rejects(sheet, reasons, title=_("reason")))
    except OSError as error:
        raise Invalid(f"{place} cannot be written", code="export_place", detail=str(place)) from error

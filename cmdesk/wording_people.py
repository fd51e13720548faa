"""What the table, the merging, the import and the forgetting of people say; and the certificate in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cmdesk.i18n import N_, _, language, ngettext
from cmdesk.people.certificate import Paper, Section, counted
from cmdesk.people.doubles import Reason, Why
from cmdesk.people.fields import FieldKind
from cmdesk.people.handles import EMAIL, PHONE

_CHOOSE = N_("Choose one of the list.")

BY_CODE = {
    "field_long": (N_("The text is too long: {detail}"), "", N_("Shorten it.")),
    "country_code": (N_("“{detail}” is not a country"), "", N_("Write a code like ES or FR.")),
    "handle_invalid": (N_("“{detail}” cannot be a profile there"), "", N_("Check how it is written.")),
    "handle_taken": (
        N_("This profile is {detail}'s already"),
        N_("A profile belongs to one person."),
        N_("If both are the same person, merge them."),
    ),
    "person_missing": (
        N_("Nobody is called “{detail}”"),
        "",
        N_("Write the number, the whole name, the handle or NETWORK:HANDLE."),
    ),
    "person_ambiguous": (
        N_("Several people are meant by {detail}"),
        "",
        N_("Write the number of one of them."),
    ),
    "person_output": (N_("One person is written into a folder or a zip"), "", N_("Name it with --output.")),
    "name_of_many": (N_("A name or a profile is one person's"), "", N_("Name one person.")),
    "nothing_to_change": (N_("Nothing was named to change"), "", N_("See: cmdesk contact edit --help")),
    "brand_for_circle": (N_("A market or a circle is one brand's"), "", N_("Name the brand with --brand.")),
    "people_title": (N_("The file has no column “{detail}”"), "", N_("Write it as in the file's first line.")),
    "identity_unknown": (N_("There is no such profile"), "", ""),
    "identity_heard": (
        N_("The profile {detail} has written to you"),
        N_("What it wrote would belong to nobody."),
        N_("Split it off: it becomes a person of its own."),
    ),
    "last_identity": (N_("{detail} is the only profile of this person"), "", ""),
    "person_same": (N_("Nobody is a part of themselves"), "", N_("Choose another person.")),
    "person_merged": (N_("{detail} was merged into somebody else"), "", N_("Take that back first.")),
    "person_not_merged": (N_("They are not merged any more"), "", ""),
    "field_unknown": (N_("There is no such field"), N_("It was deleted in the meantime."), ""),
    "field_value": (
        N_("This is no value of “{detail}”"),
        "",
        N_("See what the field takes: a number, a date, a choice."),
    ),
    "field_choices": (N_("A choice needs 1 to {detail} values"), "", ""),
    "field_kind": (
        N_("The kind of “{detail}” stays"),
        N_("People have values in it."),
        N_("Add another field, or delete this one first."),
    ),
    "field_many": (N_("A brand has at most {detail} own fields"), "", N_("Delete one that nobody needs.")),
    "people_large": (
        N_("The file is larger than 64 MB"),
        "",
        N_("Split it into several files."),
    ),
    "people_rows": (
        N_("The file has more than {detail} rows"),
        N_("So many people are taken in from several files."),
        N_("Split it; nothing was read or changed."),
    ),
    "people_empty": (N_("The file is empty"), "", N_("Nothing was changed.")),
    "people_titles": (N_("The first line is no line of titles"), "", N_("Put the names of the columns into it.")),
    "people_column": (N_("A column cannot be “{detail}”"), "", _CHOOSE),
    "people_column_twice": (N_("Two columns are “{detail}”"), "", N_("Choose one of them.")),
    "people_name": (
        N_("No column says who it is"),
        "",
        N_("Choose the column with the name, the e-mail or a profile."),
    ),
    "import_cancelled": (N_("The import was ended"), N_("Nothing was changed."), ""),
    "import_nothing": (N_("Nothing in the file is new"), "", ""),
    "row_twice": (N_("The same person as in line {detail}"), "", N_("Put both rows together.")),
    "two_people": (
        N_("The profiles belong to different people: {detail}"),
        "",
        N_("Merge them first, or take one profile out of the row."),
    ),
    "handle_several": (
        N_("Several people have the handle “{detail}”"),
        N_("It was taken over by somebody else."),
        N_("Name the person by the id of an export."),
    ),
    "forget_confirm": (N_("The name is not “{detail}”"), "", N_("Type the name exactly as it stands.")),
    "forget_in_flight": (
        N_("An answer to this person may be going out right now"),
        "",
        N_("Wait a minute and try again, or settle it in Problems."),
    ),
}

_WHY = {
    Why.EMAIL: N_("The same e-mail address: {what}"),
    Why.PHONE: N_("The same telephone number: …{what}"),
    Why.PAGE: N_("The same web page: {what}"),
    Why.LINK: N_("One names the other's profile: {what}"),
    Why.HANDLE: N_("The same handle on two networks: {what}"),
    Why.NAME: N_("The same name, which nobody else has: {what}"),
}
_KINDS = {
    FieldKind.TEXT: N_("Text"),
    FieldKind.NUMBER: N_("Number"),
    FieldKind.DATE: N_("Date"),
    FieldKind.CHOICE: N_("Choice"),
    FieldKind.YES: N_("Yes or no"),
}
FIELDS: Mapping[str, str] = {
    "name": N_("Name"),
    "language": N_("Language"),
    "country": N_("Country"),
    "market": N_("Market"),
    "market_id": N_("Market"),
    "notes": N_("Notes"),
    "came_from": N_("How they came"),
    "expects": N_("What they expect"),
    "likes": N_("What they like"),
    "bought": N_("What they bought or asked for"),
    "advocate": N_("Advocate"),
    "opt_out": N_("Do not contact"),
    "opt_out_at": N_("Do not contact since"),
    "opt_out_note": N_("How they said so"),
    "circles": N_("Circles"),
    "id": N_("Number in CM Desk"),
    "email": N_("E-mail"),
    "phone": N_("Telephone"),
    "web": N_("Web page"),
}


def reason_words(reason: Reason) -> str:
    """Return why two people may be one, in words."""
    return _(_WHY[reason.why]).format(what=reason.what)


def kind_words(kind: FieldKind) -> str:
    """Return what an own field holds, in words."""
    return _(_KINDS[kind])


def field_words(field: str) -> str:
    """Return the name of a field or of a column of a file, '' for an own field."""
    if field.startswith(("own:", "new:")):
        return ""
    return _(FIELDS[field]) if field in FIELDS else field.capitalize()


def deleted_person() -> str:
    """Return what stands where the name of somebody stood who asked to be deleted."""
    return _("Deleted person")


_GONE = {
    "cards": N_("Card of the person, with what was noted on it"),
    "messages": N_("Messages of the person, their words removed"),
    "answers": N_("Our answers to them alone, their words removed"),
    "conversations": N_("Conversations without their name"),
    "profiles": N_("Profiles"),
    "pictures": N_("Pictures"),
    "notes": N_("Notes and lines of history"),
    "drafts": N_("Drafts of answers"),
    "cases": N_("Cases: only figures are kept"),
    "wishes": N_("Wishes and ideas: kept without a name"),
    "hits": N_("Finds of the listening"),
    "evidence": N_("Frozen evidence: deleted, the chain shows the gap"),
}


def gone_rows(removed: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return what was or will be removed, in words with figures."""
    return counted(removed, {name: _(text) for name, text in _GONE.items()})


def stays_lines(removed: Mapping[str, int], *, networks: Sequence[str], backups: int) -> tuple[str, ...]:
    """Return what cannot be deleted from here, or is kept, and why."""
    lines = []
    networks = [each for each in networks if each not in (EMAIL, PHONE, "web")]  # no network stands behind these
    if networks:
        lines.append(
            _("What the person published on {networks} stays there: only they or the network can delete it.").format(
                networks=", ".join(each.capitalize() for each in networks)
            )
        )
    if backups:
        text = ngettext(
            "{count} earlier copy of this profile still has the person until it is replaced or deleted.",
            "{count} earlier copies of this profile still have the person until they are replaced or deleted.",
            backups,
        )
        lines.append(text.format(count=backups))
    else:
        lines.append(_("Backups that were saved elsewhere still have the person."))
    if kept := removed.get("evidence_kept", 0):
        text = ngettext(
            "{count} record of evidence is kept: it may be needed to bring or defend a legal claim.",
            "{count} records of evidence are kept: they may be needed to bring or defend a legal claim.",
            kept,
        )
        lines.append(text.format(count=kept))
    if named := removed.get("named", 0):
        text = ngettext(
            "{count} post or template of the brand names the person and was left as it is: look at it.",
            "{count} posts or templates of the brand name the person and were left as they are: look at them.",
            named,
        )
        lines.append(text.format(count=named))
    return tuple(lines)


def certificate(
    *, brand: str, number: int, at: datetime, removed: Mapping[str, int], networks: Sequence[str], backups: int
) -> Paper:
    """Return the certificate of one deletion in the language in force; `at` in the zone it shall show."""
    day = at.strftime("%Y-%m-%d %H:%M %Z").strip()
    return Paper(
        title=_("Certificate of deletion no. {number}").format(number=number),
        intro=(
            _("{brand} deleted the data of one person, at their request, on {day}.").format(brand=brand, day=day),
            _("This certificate names nobody. It says in figures what was removed."),
        ),
        sections=(
            Section(_("Removed"), rows=gone_rows(removed)),
            Section(_("What stays, and why"), stays_lines(removed, networks=networks, backups=backups)),
            Section(
                _("What holds from now on"),
                (
                    _("What the person wrote until this day does not come back when pages are read again."),
                    _("If they write to the brand anew, that is a new conversation with somebody new."),
                ),
            ),
        ),
        foot=_("Written by CM Desk."),
        language=language(),
        brand=brand,
        at=at,
    )

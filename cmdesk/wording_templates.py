"""Finished sentences about templates: what is doubtful about one, and what is wrong with a file of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmdesk.i18n import N_, _, pgettext
from cmdesk.safe_text import clean_line

if TYPE_CHECKING:
    from cmdesk.templates import Problem
    from cmdesk.templates.files import Fault

BY_CODE: dict[str, tuple[str, str, str]] = {
    "template_name_long": (N_("The name is longer than {detail} characters"), "", N_("Choose a shorter one.")),
    "template_folder_long": (
        N_("The folder's name is longer than {detail} characters"),
        "",
        N_("Choose a shorter one."),
    ),
    "template_kind": (N_("{detail} is no kind of template"), "", N_("Choose one of the list.")),
    "template_long": (N_("The text is longer than {detail} characters"), "", N_("Shorten it or split it in two.")),
    "import_missing": (N_("The file {detail} cannot be read"), "", N_("Check its name and that you may open it.")),
    "export_place": (N_("{detail} cannot be written"), "", N_("Check the folder and that you may write there.")),
    "import_large": (
        N_("The file is larger than 20 MB"),
        N_("Templates are short texts: this is probably another file."),
        N_("Choose the file with the templates, or split it."),
    ),
    "import_empty": (N_("The file holds no templates"), "", N_("Nothing was changed.")),
    "import_workbook": (
        N_("This is a workbook, not a CSV file"),
        "",
        N_("Open it in the spreadsheet and save it as CSV (UTF-8)."),
    ),
    "import_not_text": (
        N_("The file is not a text that can be read"),
        N_("Its encoding is unknown, or it is a picture or a program."),
        N_("Save it again as CSV (UTF-8)."),
    ),
    "import_columns": (
        N_("The file lacks the column “{detail}”"),
        N_("The first line names the columns: folder, name, kind, brand, language, market, text, prompts."),
        N_("Add that column; only name and text are needed."),
    ),
    "import_json": (
        N_("The file is not valid JSON (line and column {detail})"),
        "",
        N_("Correct it there and try again."),
    ),
    "import_json_list": (
        N_("The file has no list of templates"),
        "",
        N_("It needs a list, or an object with “templates”."),
    ),
}

# what is wrong, what to do
_FAULTS: dict[str, tuple[str, str]] = {
    "quote_open": (
        N_("a quotation mark is opened and never closed (up to line {detail})"),
        N_("Close it; a quotation mark inside a text is written twice."),
    ),
    "quote_inside": (
        N_("there is text behind a closing quotation mark"),
        N_("A quotation mark inside a text is written twice."),
    ),
    "too_many_columns": (
        N_("it has {detail} columns, more than the first line"),
        N_("Put texts with the separator inside between quotation marks."),
    ),
    "prompts": (
        N_("the questions cannot be read: {detail}"),
        N_("Write one line for each blank, like “order number: Which order is it?”."),
    ),
    "not_a_template": (N_("this is no template"), N_("It needs a name and texts by language, all of them words.")),
    "no_name": (N_("the name is missing"), N_("Give it a name.")),
    "name_long": (N_("the name or the folder is too long: {detail}"), N_("Up to 120 and 200 characters.")),
    "no_text": (N_("the text is missing"), N_("Write the text, or remove the line.")),
    "too_long": (N_("the text is too long"), N_("Up to 100,000 characters.")),
    "kind": (
        N_("there is no kind “{detail}”: taken as an ordinary reply"),
        N_("Change it afterwards if it is another."),
    ),
    "language": (N_("“{detail}” is no language"), N_("Use its code, like es, en or es@usted; empty is any language.")),
    "twice": (N_("{detail} stands there already with another text"), N_("The first one counts: keep one of the two.")),
    "brand": (N_("there is no brand called “{detail}”"), N_("Correct its name, or leave it empty for every brand.")),
    "market": (N_("the brand has no market called “{detail}”"), N_("Add the market first, or leave it empty.")),
    "market_of_all": (
        N_("the market “{detail}” needs a brand"),
        N_("A text for a market belongs to one brand: name it in that line."),
    ),
}

_PROBLEMS: dict[str, str] = {
    "typo": N_("“{detail}” is a blank to fill in. Did you mean “{suggestion}”?"),
    "include_missing": N_("There is no template “{detail}” to take in."),
    "loop": N_("These templates take each other in without end: {detail}"),
    "too_long": N_("The text becomes too long."),
    "brace_open": N_("A brace is opened and not closed: {detail}"),
    "brace_close": N_("A brace is closed that was not opened: {detail}"),
    "not_a_blank": N_("{detail} stays as it is: a blank begins with a letter and has up to 50 letters."),
    "double_brace": N_("{detail} stays as it is: a variable has one brace on each side."),
    "no_text": N_("It has no text yet."),
}

_KINDS: dict[str, str] = {
    "reply": N_("Any answer"),
    "thanks": N_("Thanks"),
    "interim": N_("On it (interim)"),
    "apology": N_("Apology"),
    "ask": N_("Asking for data"),
    "private": N_("First private message"),
    "out_of_hours": N_("Out of hours"),
    "follow_up": N_("Follow-up"),
    "closing": N_("Closing words"),
    "public_close": N_("Solution told in public"),
    "troll_note": N_("Why not answered"),
    "unfounded": N_("Not so this time, calmly"),
    "crisis": N_("Crisis"),
    "post": N_("Post"),
}


def kind_word(kind: str) -> str:
    """What a template is for, in a word or two of the language in force; the kind itself if unknown."""
    found = _KINDS.get(kind)
    return _(found) if found else kind


def fault_words(fault: Fault) -> tuple[str, str]:
    """What is wrong with a line of a file, and what to do about it."""
    what, todo = _FAULTS[fault.code]
    return _(what).replace("{detail}", clean_line(fault.detail, limit=120)), _(todo)


def fault_line(fault: Fault) -> str:
    """A fault as one line: its place, its reason and what to do."""
    what, todo = fault_words(fault)
    return f"{pgettext('of a file', 'line {number}').format(number=fault.line)}: {what}. {todo}"


def problem_words(problem: Problem) -> str:
    """What is doubtful about a template, in one sentence."""
    text = _(_PROBLEMS[problem.code])
    detail, suggestion = clean_line(problem.detail, limit=160), clean_line(problem.suggestion, limit=60)
    said = text.replace("{detail}", detail).replace("{suggestion}", suggestion)
    return f"{clean_line(problem.where, limit=60)}: {said}" if problem.where else said

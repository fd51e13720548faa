"""What is wrong with a link, a product, a set of hashtags or a taught word, in words."""

from __future__ import annotations

from cmdesk.i18n import N_, _
from cmdesk.safe_text import clean_line

BY_CODE = {
    "link_form": (
        N_("This is not a web address"),
        "",
        N_("Write it whole, beginning with https://."),
    ),
    "product_name": (N_("The link needs a name"), "", N_("Give it the name you would look for.")),
    "product_exists": (
        N_("There is already a link called {detail}"),
        "",
        N_("Choose another name, or change that one."),
    ),
    "product_unknown": (N_("That link is no longer kept"), "", ""),
    "product_instead": (
        N_("That cannot replace it"),
        "",
        N_("Choose another link of the same brand."),
    ),
    "hashtags_name": (N_("The set needs a name"), "", ""),
    "hashtags_exist": (
        N_("There is already a set called {detail}"),
        "",
        N_("Choose another name, or change that one."),
    ),
    "hashtags_empty": (N_("There is no hashtag in it"), "", N_("Write at least one.")),
    "hashtags_unknown": (N_("That set is no longer kept"), "", ""),
    "hashtag_form": (
        N_("No network takes “{detail}” as a hashtag"),
        N_("A hashtag is letters, digits and _, and not digits alone."),
        "",
    ),
    "word_empty": (N_("One word at a time"), "", ""),
    "links_columns": (
        N_("The columns of this file are not known"),
        N_("A list of links has a name and an address in each row."),
        N_("Call the columns name and address in the first line."),
    ),
}
# Why a row of a file is left out.
_ROWS = {
    "quote_open": N_("A quotation mark is never closed: everything behind it was read as one text."),
    "quote_inside": N_("A quotation mark stands in the middle of a cell."),
    "too_long": N_("A cell is too long."),
    "row_nul": N_("There are signs in it that no text has."),
    "product_name": N_("It has no name, or one of more than 200 characters."),
    "row_twice": N_("“{detail}” stands in the file twice; the first one counts."),
    "link_form": N_("“{detail}” is no web address."),
}
# Codes of a link's last answer (cmdesk.networks.web_page).
_BROKEN = {
    "gone": N_("Page gone"),
    "no_host": N_("No such site"),
    "tls": N_("Bad certificate"),
    "redirect": N_("Goes in circles"),
    "server": N_("No answer"),
}


def row_words(code: str, detail: str) -> str:
    """Return why a row of a file is left out, as a sentence."""
    return _(_ROWS.get(code, code)).format(detail=clean_line(detail, limit=80))


def answer_words(code: str) -> str:
    """Return what a link answered, in two or three words."""
    if code in _BROKEN:
        return _(_BROKEN[code])
    return _("Works") if not code else _("Cannot tell")

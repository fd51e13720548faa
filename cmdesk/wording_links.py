"""What is wrong with a link, a product, a set of hashtags or a taught word, in words."""

from __future__ import annotations

from cmdesk.i18n import N_

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
}

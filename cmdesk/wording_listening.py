"""What listening says: searches that cannot be, what a server's search lacks, feeds that cannot be read (D1-D3)."""

from __future__ import annotations

from cmdesk.i18n import N_, _, ngettext
from cmdesk.listening.silence import Silence
from cmdesk.listening.values import HitState, SearchKind

_TYPE = N_("Write at least one word, for example: bread “sour dough” -recipe")

BY_CODE = {
    # what is asked for
    "search_name": (N_("The search needs a name"), "", ""),
    "search_exists": (N_("There is already a search called {detail}"), "", N_("Choose another name.")),
    "search_unknown": (N_("That search is not there any more"), "", ""),
    "search_no_figures": (
        N_("“{detail}” is no competitor"), N_("Figures are kept of competitors only."), N_("Choose one of them."),
    ),
    "search_brand": (N_("Several brands may have a search called {detail}"), "", N_("Say which with --brand.")),
    "search_kind": (N_("There is no search of the kind {detail}"), "", ""),
    "query_empty": (N_("There is nothing to look for"), N_("Exclusions alone would find everything."), _TYPE),
    "query_long": (N_("The search is too long"), "", N_("Make two searches of it.")),
    "language_form": (N_("“{detail}” is no code of a language"), "", N_("Write it like: es, en, pt.")),
    "feed_url": (
        N_("This is not the address of a page or feed"), "", N_("Copy it from the browser: it begins with https://"),
    ),
    "handle_empty": (
        N_("This is not the name of an account"), "", N_("Write it like @name@server or name.bsky.social"),
    ),
    "listen_no_account": (
        N_("No account of this brand can listen there"),
        N_("A network is asked through an account of the brand, and none of that network is connected and well."),
        N_("Connect one, or reconnect the one that waits."),
    ),
    "listen_later": (
        N_("It waits its turn"),
        N_("The server asks for a pause, or something of yours goes out first."),
        N_("It is looked for by itself in a few minutes."),
    ),
    # what a server's search lacks
    "search_own": (
        N_("This server searches only your own posts: it is asked for hashtags as well"),
        N_("Searching everybody's words is the server's choice, and this one does not do it."),
        N_("Listen to hashtags there, or use an account on another server."),
    ),
    "search_none": (
        N_("This server has no search for words: it is asked for them as hashtags"),
        N_("Searching everybody's words is the server's choice, and this one does not do it."),
        N_("Listen to hashtags there, or use an account on another server."),
    ),
    "no_search": (
        N_("Nothing can be searched there"), N_("The server has neither a search nor hashtags."), "",
    ),
    "search_unsure": (
        N_("This server may not find all words: it is asked for hashtags as well"),
        N_("What was tried there was found in part only, or there was nothing to try it with."),
        N_("It is tried again by itself."),
    ),
    "search_scope": (
        N_("The access of this account does not allow searching"),
        N_("It was given without the right to search."),
        N_("Reconnect the account: it then asks for this right too."),
    ),
    "bug": (
        N_("Something went wrong inside the program"),
        N_("This is a fault of the program, not yours. Your data is safe."),
        N_("Copy the details and report them."),
    ),
    # feeds
    "feed_none": (
        N_("There is no feed at {detail}"),
        N_("It is an ordinary page, and names none."),
        N_("Its address may end in /feed or /rss; look for an orange sign on the page."),
    ),
    "feed_broken": (
        N_("The feed of {detail} is damaged"),
        N_("What came cannot be read as a feed."),
        N_("It is tried again by itself."),
    ),
    "feed_large": (N_("The feed is larger than 5 MB"), N_("No real feed is; it was not read to its end."), ""),
    "feed_redirect": (N_("The feed's address leads in a circle"), "", N_("Copy it again from its page.")),
    "feed_address": (
        N_("This address is not on the internet"),
        N_("It leads into this computer or a private network, which a feed has no business with: {detail}"),
        "",
    ),
    "feed_refused": (N_("The site does not give its feed to programs"), "", N_("Listen to it by a web alert instead.")),
    # hits
    "hit_unknown": (N_("That is not there any more"), N_("It was deleted, or nobody wanted it for 180 days."), ""),
    "hit_state": (N_("It cannot be put there"), "", ""),
    "hit_no_author": (N_("Nobody is named as its author"), "", N_("Put it aside instead.")),
    "hit_no_account": (
        N_("No account of that network is left to answer it"),
        "",
        N_("Connect one, or answer it on its own page."),
    ),
    "hit_gone": (N_("Its author deleted it"), "", ""),
}  # fmt: skip

_KINDS = {
    SearchKind.WORDS: N_("Words"),
    SearchKind.HASHTAG: N_("Hashtags"),
    SearchKind.HELP: N_("Help-seekers"),
    SearchKind.FEED: N_("Web and feeds"),
    SearchKind.COMPETITOR: N_("Competitors"),
}
_STATES = {
    HitState.NEW: N_("New"),
    HitState.USEFUL: N_("Kept for later"),
    HitState.SEEN: N_("Seen"),
    HitState.PROMOTED: N_("In the inbox"),
    HitState.DISMISSED: N_("Dismissed"),
}


def kind_word(kind: SearchKind) -> str:
    """Return what a search listens to, in a word or two."""
    return _(_KINDS[kind])


def state_word(state: HitState) -> str:
    """Return what was decided about a hit, in a word or two."""
    return _(_STATES[state])


def silence_words(silence: Silence, name: str) -> str:
    """Return what a channel (`name` as it is shown) does not do, in a sentence or two (D14)."""
    said = []
    days = silence.days_without_post
    if days is not None and silence.never:
        said.append(_("{name} has not published anything yet.").format(name=name))
    elif days is not None:
        text = ngettext("{name} has not published for {count} day.", "{name} has not published for {count} days.", days)
        said.append(text.format(name=name, count=days))
    share = silence.answered_share
    if silence.unanswered and share is not None:
        text = _("{name} answers {share} % of those who write: {left} of {of} have no answer.")
        said.append(text.format(name=name, share=share, left=silence.unanswered, of=silence.of))
    return " ".join(said)

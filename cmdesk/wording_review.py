"""What the reviewer's findings say: one sentence for each code, a name for what can be ignored, words of its errors.

Words of posts and brands come from outside and are shown as clean plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache

from cmdesk import wording_media, wording_targeting, wording_voice
from cmdesk.i18n import N_, _, language, ngettext, pgettext
from cmdesk.model import Account
from cmdesk.planning.review import Finding, Level
from cmdesk.planning.reviewing.market import CHECKLIST
from cmdesk.safe_text import clean_line
from cmdesk.wording_triage import language_word

Words = tuple[str, str, str]
_SHORT_FIX = 18  # characters of a word that fits on its button
_PLACE = re.compile(r"\{(\w+)\}")

BY_CODE: dict[str, Words] = {
    "names_other_brand": (
        N_("The text names another of your brands: {detail}"),
        N_("A text in the wrong name cannot be taken back from those who read it."),
        N_("Open it and say that it is meant so, or choose the right brand."),
    ),
    "note_in_text": (
        N_("The note for yourself stands in the text"),
        N_("That note is never published."),
        N_("Take it out of the text."),
    ),
    "word_kind": (N_("There is no such kind of words: {detail}"), "", ""),
    "word_unusable": (
        N_("This cannot be looked for: {detail}"),
        "",
        N_("Write a word, a name, an @handle or a domain like example.com."),
    ),
    "too_many_words": (N_("That is too long a list: at most {detail} entries"), "", ""),
}

# {account}: the handle, {detail}, {said}: the words that decided, {first} and {second} of them, {when}: the other post.
_SENTENCES: dict[str, str] = {
    "no_accounts": N_("Choose at least one account."),
    "empty_text": N_("There is nothing to publish yet: write a text or add a picture."),
    "too_long": N_("{detail} characters too many for {account}."),
    "too_many_bytes": N_("{detail} bytes too many for {account}: emoji take several."),
    "cannot_publish": N_("{account} may not publish: reconnect it with that permission."),
    "no_alt": N_("Pictures without a description for people who cannot see them: {detail}."),
    "blank_left": N_("A blank is still to be filled in: {detail}"),
    "no_picture": N_("Posts with a picture are seen more."),
    "visibility_becomes_public": N_("On {account} it will be public: that network knows nothing narrower."),
    "warning_not_shown": N_("{account} shows no content warning: the text appears at once."),
    "poll_nowhere": N_("None of the chosen accounts has polls."),
    "poll_left_out": N_("{account} has no polls: there it goes out without."),
    "poll_with_media": N_("{account} takes a poll or pictures, not both."),
    "poll_option_empty": N_("Choice {detail} of the poll is empty."),
    "poll_too_few": N_("A poll needs at least {detail} choices."),
    "poll_too_many": N_("{account} takes at most {detail} choices in a poll."),
    "poll_option_twice": N_("Two choices of the poll are the same."),
    "poll_option_too_long": N_("{account} takes choices of at most {detail} characters."),
    "poll_too_short": N_("The poll ends too soon for {account}."),
    "poll_too_long": N_("The poll lasts too long for {account}."),
    "names_other_brand": N_("Names {first} ({second}): is it really for this brand?"),
    "note_in_text": N_("Your note stands in the text: “{said}”. It must never be published."),
    "address_mixed": N_("Mixes two ways of address: {said}. This brand says {detail}."),
    "address_other": N_("This brand says {detail}, and the text: {said}."),
    "forbidden_word": N_("The client does not want to read “{said}”."),
    "sensitive_topic": N_("A topic to avoid ({detail}): “{said}”."),
    "promise_word": N_("Promises what may not be kept: “{said}”."),
    "other_language": N_("It reads as {second}, and the post is marked as {first}."),
    "double_spaces": N_("Two spaces in a row."),
    "all_caps": N_("All in capitals reads as shouting: “{said}”."),
    "competitor_link": N_("Sends your public to a competitor: {said}"),
    "competitor_named": N_("Names a competitor: {said}"),
    "third_party_link": N_("Leads to a page that is not the brand's: {said}"),
    "link_http": N_("This link is not encrypted: {said}"),
    "broken_link": N_("This link leads nowhere ({second}): {first}"),
    "many_hashtags": N_("{first} hashtags; {second} at most is usual here."),
    "same_text": N_("Almost the same as another post ({when}): “{said}”."),
    "same_hour": N_("{account} has another post within the hour ({when}): “{said}”."),
    "holiday": N_("Public holiday in {second} that day: {first}."),
    "closed_day": N_("The brand is closed that day: {said}."),
    "weekend_closed": N_("The brand does not open that day: nobody answers."),
    "market_topic": N_("A topic to avoid in {second}: “{first}”."),
    "quiet_day": N_("A day of mourning or remembrance in {second}: {first}. Think twice about promotions."),
    "asleep": N_("At {second} people in {first} are asleep."),
    "meal_time": N_("At {second} people in {first} are eating."),
    "product_streak": N_("{first} posts about products in a row: give before asking."),
    "aim_ratio": N_("{first} of the last {second} posts are about products: give before asking."),
    "many_contests": N_("{said} contests within a month: they wear out."),
    "promotion_on_care": N_("{account} is for customer care: promotions belong on another account."),
    "circles_and_communities": N_("Circles and a community ({said}) at once: choose one of them."),
    **wording_targeting.SENTENCES,
    **wording_voice.SENTENCES,
}

# What a brand may choose not to hear, as the list of ignored findings names it.
_NAMES: dict[str, str] = {
    "no_alt": N_("Pictures without a description"),
    "no_picture": N_("Posts without a picture"),
    "blank_left": N_("Blanks left in the text"),
    "visibility_becomes_public": N_("Narrower visibility that becomes public"),
    "warning_not_shown": N_("Content warnings that are not shown"),
    "poll_left_out": N_("Polls that are left out"),
    "names_other_brand": N_("Naming another brand"),
    "address_mixed": N_("Two ways of address mixed"),
    "address_other": N_("The other way of address"),
    "forbidden_word": N_("Forbidden word"),
    "sensitive_topic": N_("Topic to avoid"),
    "promise_word": N_("Promise"),
    "other_language": N_("Another language"),
    "double_spaces": N_("Two spaces in a row"),
    "all_caps": N_("Capitals"),
    "competitor_link": N_("Link to a competitor"),
    "competitor_named": N_("Competitor named"),
    "third_party_link": N_("Page that is not the brand's"),
    "link_http": N_("Link that is not encrypted"),
    "broken_link": N_("Broken link"),
    "many_hashtags": N_("Number of hashtags"),
    "same_text": N_("Repeated text"),
    "same_hour": N_("Two posts within the hour"),
    "holiday": N_("Public holiday"),
    "closed_day": N_("Day off of the brand"),
    "market_topic": N_("Topic to avoid in a market"),
    "quiet_day": N_("Day of mourning in a market"),
    "weekend_closed": N_("Weekend on which the brand is closed"),
    "asleep": N_("Hours of sleep"),
    "meal_time": N_("Meal times"),
    "product_streak": N_("Posts about products in a row"),
    "aim_ratio": N_("Share of posts about products"),
    "many_contests": N_("Number of contests"),
    "promotion_on_care": N_("Promotion on an account for care"),
    "circles_and_communities": N_("Circles and communities at once"),
    "mention_outside": N_("Mention of somebody outside the circle"),
    **wording_voice.NAMES,
}

_LEVELS: dict[Level, str] = {
    Level.ERROR: N_("Must be mended"),
    Level.ASK: N_("Are you sure?"),
    Level.WARNING: N_("Worth a look"),
    Level.HINT: N_("Hints"),
}
_TOPICS = {
    "politics": N_("politics"),
    "religion": N_("religion"),
    "tragedy": N_("tragedies"),
    "alcohol": N_("alcohol"),
}
_FIXES = {
    "address": N_("Change the address"),
    "spaces": N_("Take one out"),
    "https": N_("Write https"),
    "capitals": N_("Small letters"),
    "crop": N_("Crop it for that network"),
    "leave_out": N_("Leave it out there"),
    **wording_voice.FIXES,
}
# Codes of `store.links` for a link without a status.
_LINKS = {
    "gone": N_("it is gone"),
    "no_host": N_("no such site"),
    "tls": N_("its certificate is not valid"),
    "redirect": N_("it leads round in circles"),
    "server": N_("no answer"),
}


def finding_text(
    finding: Finding, accounts: Iterable[Account], *, when: Callable[[datetime], str] | None = None
) -> str:
    """Return one finding as a sentence, with the account it concerns; `when` says a moment as the screen does."""
    account = next((each for each in accounts if each.id == finding.account_id), None)
    if finding.code in wording_media.PROBLEMS:
        return wording_media.finding_text(finding, f"@{clean_line(account.handle)}" if account else "")
    if finding.code == CHECKLIST:
        name, count = clean_line(finding.said[0], limit=60), int(finding.said[1])
        text = ngettext(
            "{n} thing to check before it goes to {market}.", "{n} things to check before it goes to {market}.", count
        )
        return text.format(n=count, market=name)
    sentence = _SENTENCES.get(finding.code)
    if sentence is None:
        return f"{finding.code} {clean_line(finding.detail)}".strip()
    said = [clean_line(each, limit=120) for each in finding.said]
    if finding.code == "other_language":
        said = [language_word(each) for each in said]
    elif finding.code in ("asleep", "meal_time", "holiday", "quiet_day"):
        said = [country_word(each, language()) for each in said]
    elif finding.code in ("address_mixed", "address_other"):
        said = [_("“{word}”").format(word=each) for each in said]
    elif finding.code == "names_other_brand" and len(said) > 1 and said[0].casefold() == said[1].casefold():
        sentence = N_("Names {first}: is it really for this brand?")
    elif finding.code == "broken_link" and len(said) > 1:
        said[1] = _(_LINKS[said[1]]) if said[1] in _LINKS else said[1]
    elif finding.code == "same_text" and not finding.post_id:
        sentence = N_("Almost the same as what was published elsewhere ({when}): “{said}”.")
    elif finding.code == "greeting_missing" and any(said):
        sentence = wording_voice.SENTENCES["greeting_missing_own"]
    at = finding.at
    values = {
        "account": f"@{clean_line(account.handle)}" if account else _("the account"),
        "detail": detail_text(finding.code, finding.detail),
        "first": said[0] if said else "",
        "second": said[1] if len(said) > 1 else "",
        "third": said[2] if len(said) > 2 else "",
        "when": (when(at) if when else f"{at:%Y-%m-%d %H:%M} UTC") if at else "",
        "said": ", ".join(said),
    }
    # In one go: what a post says in braces is no place of ours.
    return _PLACE.sub(lambda match: values.get(match[1], match[0]), _(sentence))


def detail_text(code: str, detail: str) -> str:
    """Return a finding's detail as a person reads it: a topic by its name."""
    if code == "sensitive_topic" and detail in _TOPICS:
        return _(_TOPICS[detail])
    if code == "other_language":
        return language_word(detail)
    if code in ("person_other", "person_mixed"):
        return wording_voice.person_detail(detail)
    return clean_line(detail, limit=120)


def ignored_text(code: str, detail: str) -> str:
    """Return what a brand does not hear any more, in a few words."""
    name = _(_NAMES[code]) if code in _NAMES else code
    shown = (
        "" if code in ("address_mixed", "address_other", "person_mixed", "person_other") else detail_text(code, detail)
    )
    return f"{name}: {shown}" if shown else name


@lru_cache(maxsize=64)
def country_word(code: str, tongue: str) -> str:
    """Return the name of a country in a language; what is no country's code stays as it is."""
    if len(code) != 2 or not code.isupper():
        return code
    from babel import Locale

    return str(Locale.parse(tongue).territories.get(code, code))


def can_ignore(finding: Finding) -> bool:
    """Say whether a brand may choose not to hear this."""
    return finding.level is not Level.ERROR and finding.code in _NAMES


def level_word(level: Level) -> str:
    """Return the heading of a group of findings."""
    return _(_LEVELS[level])


def topic_word(topic: str) -> str:
    """Return the name of one of the usual topics, as a heading begins."""
    word = _(_TOPICS[topic])
    return word[:1].upper() + word[1:]


def fix_text(finding: Finding) -> str:
    """Return what mends a finding, in two or three words; the brand's own word by that word."""
    if finding.fix == "instead" and len(finding.said) > 1 and len(finding.said[1]) <= _SHORT_FIX:
        return _("Say “{word}”").format(word=clean_line(finding.said[1]))
    return fix_word(finding.fix)


def fix_word(fix: str) -> str:
    """Return what a fix does, in two or three words."""
    return _(_FIXES[fix]) if fix in _FIXES else pgettext("mend a finding", "Fix")

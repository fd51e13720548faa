"""The words of a verdict: sentiment, kind, urgency, language, and of what is wrong with a correction."""

from __future__ import annotations

from cmdesk.i18n import N_, _, pgettext

_LANGUAGES = {
    "es": N_("Spanish"),
    "en": N_("English"),
    "fr": N_("French"),
    "it": N_("Italian"),
    "pt": N_("Portuguese"),
    "de": N_("German"),
    "ca": N_("Catalan"),
    "gl": N_("Galician"),
    "eu": N_("Basque"),
    "nl": N_("Dutch"),
    "ja": N_("Japanese"),
    "ko": N_("Korean"),
    "zh": N_("Chinese"),
    "uk": N_("Ukrainian"),
    "ru": N_("Russian"),
    "ar": N_("Arabic"),
    "el": N_("Greek"),
    "he": N_("Hebrew"),
    "hi": N_("Hindi"),
    "th": N_("Thai"),
}

Words = tuple[str, str, str]

BY_CODE: dict[str, Words] = {
    "triage_label": (N_("There is no such sentiment or kind: {detail}"), "", ""),
    "triage_language": (
        N_("This is no code of a language: {detail}"),
        "",
        N_("Use its two or three letters, like es or gl."),
    ),
    "triage_file": (N_("The file cannot be read: {detail}"), "", N_("Name a file with one message a line.")),
}


def sentiment_word(sentiment: str) -> str:
    """Return a sentiment in the language in force, '' for none."""
    words = {
        "positive": pgettext("sentiment", "positive"),
        "neutral": pgettext("sentiment", "neutral"),
        "negative": pgettext("sentiment", "negative"),
    }
    return words.get(sentiment, "")


def kind_word(kind: str) -> str:
    """Return a kind of message in the language in force, '' for none (D8)."""
    words = {
        "support": pgettext("kind of message", "support sought"),
        "status": pgettext("kind of message", "status update"),
        "help": pgettext("kind of message", "help"),
        "opinion": pgettext("kind of message", "opinion"),
        "complaint": pgettext("kind of message", "complaint"),
        "troll": pgettext("kind of message", "troll"),
        "spam": pgettext("kind of message", "spam"),
    }
    return words.get(kind, "")


def urgency_word(urgency: int) -> str:
    """Return an urgency (0 to 3) in the language in force."""
    words = (
        pgettext("urgency", "low"),
        pgettext("urgency", "normal"),
        pgettext("urgency", "high"),
        pgettext("urgency", "now"),
    )
    return words[min(max(urgency, 0), 3)]


def language_word(code: str) -> str:
    """Return the name of a language, its code where it has none here, and a word for none."""
    if not code:
        return _("none to be seen")
    return _(_LANGUAGES[code]) if code in _LANGUAGES else code

"""The words of a verdict: sentiment, kind, urgency and language, in the language in force."""

from __future__ import annotations

from cmdesk.i18n import N_, _

_SENTIMENTS = {"positive": N_("positive"), "neutral": N_("neutral"), "negative": N_("negative")}
_KINDS = {
    "support": N_("support sought"),
    "status": N_("status update"),
    "help": N_("help"),
    "opinion": N_("opinion"),
    "complaint": N_("complaint"),
    "troll": N_("troll"),
    "spam": N_("spam"),
}
_KIND_HINTS = {
    "support": N_("Something of ours does not work for them: an order, an account, a product"),
    "status": N_("They tell what they do or share news"),
    "help": N_("They ask for information or advice"),
    "opinion": N_("They say what they think, good or bad"),
    "complaint": N_("They are unhappy with us and say why"),
    "troll": N_("They insult and bring nothing concrete"),
    "spam": N_("They sell, lure or deceive"),
}
_URGENCIES = (N_("low"), N_("normal"), N_("high"), N_("now"))
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


def sentiment_word(sentiment: str) -> str:
    """Return a sentiment in the language in force, '' for none."""
    return _(_SENTIMENTS[sentiment]) if sentiment in _SENTIMENTS else ""


def kind_word(kind: str) -> str:
    """Return a kind of message in the language in force, '' for none."""
    return _(_KINDS[kind]) if kind in _KINDS else ""


def kind_hint(kind: str) -> str:
    """Return what a kind means, in one sentence without a full stop, '' for none."""
    return _(_KIND_HINTS[kind]) if kind in _KIND_HINTS else ""


def urgency_word(urgency: int) -> str:
    """Return an urgency (0 to 3) in the language in force."""
    return _(_URGENCIES[min(max(urgency, 0), 3)])


def language_word(code: str) -> str:
    """Return the name of a language, its code where it has none here, and a word for none."""
    if not code:
        return _("none to be seen")
    return _(_LANGUAGES[code]) if code in _LANGUAGES else code

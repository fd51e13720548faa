"""What is said of a brand's voice: findings about it, names of its parts, what is wrong with one or with its file."""

from __future__ import annotations

from cmdesk.i18n import N_, _
from cmdesk.planning.aims import Material
from cmdesk.planning.voice import Emoji, Formality, Person, Voice
from cmdesk.safe_text import clean_line

BY_CODE: dict[str, tuple[str, str, str]] = {
    "voice_field": (N_("A voice has nothing called “{detail}”"), "", N_("Look at how it is written.")),
    "voice_value": (N_("“{detail}” of the voice cannot be read"), "", N_("Look at how it is written.")),
    "voice_long": (N_("This is too long: {detail}"), "", N_("Say it in fewer words.")),
    "voice_share": (
        N_("The shares of the subjects are more than a hundred percent"),
        "",
        N_("Lower some of them; what is left over is for anything else."),
    ),
    "voice_twice": (N_("“{detail}” is there twice"), "", N_("Keep one of them.")),
    "voice_instead": (
        N_("Nothing is said instead of “{detail}”"),
        "",
        N_("Write what the brand says, or put the word among the forbidden ones."),
    ),
    "voice_same": (N_("“{detail}” would be replaced by itself"), "", N_("Write another word for it.")),
    "voice_file": (
        N_("This is no file of a voice: {detail}"),
        N_("Nothing was changed."),
        N_("Choose a file that was saved here as the voice of a brand."),
    ),
    "voice_newer": (
        N_("The file was written by a newer version"),
        N_("Nothing was changed."),
        N_("Update the program, then take the file in."),
    ),
    "aim_material": (N_("There is no such kind of material: {detail}"), "", ""),
    "aim_long": (N_("That is too long: at most {detail} characters"), "", ""),
    "aim_url": (
        N_("This is not a web address: {detail}"),
        "",
        N_("Write it whole, beginning with https://."),
    ),
    "dictionary_none": (
        N_("There is no dictionary in it"),
        N_("A dictionary is a pair of files that end in .aff and .dic and are named by their language: it_IT.dic."),
        N_("Choose such files, or the extension of LibreOffice (.oxt) or Firefox (.xpi) that has them."),
    ),
    "dictionary_half": (
        N_("Half of the dictionary is missing: {detail}"),
        N_("Words and rules are two files; nothing was added."),
        N_("Choose both, or put them into one folder."),
    ),
    "dictionary_broken": (
        N_("{detail} cannot be used as a dictionary"),
        N_("Nothing was added."),
        N_("Download it again, or choose another one."),
    ),
    "names_unwanted": (
        N_("{detail} does not want to be addressed"),
        N_("That person asked this brand to leave them alone."),
        N_("Open it and take the name out, or say that it is meant so."),
    ),
    "names_unwanted_now": (
        N_("Somebody it names does not want to be addressed any more"),
        N_("That person asked this brand to leave them alone after it was scheduled."),
        N_("Take the name out, or let it go out as it is."),
    ),
    "opted_out": (
        N_("{detail} does not want to be addressed"),
        N_(
            "That person asked this brand to leave them alone. Answering what they write is fine; writing first is not."
        ),
        N_("Leave it, or say that it is meant so."),
    ),
}

SENTENCES: dict[str, str] = {
    "say_instead": N_("This brand does not say “{first}” but “{second}”."),
    "word_avoided": N_("This brand does not say “{first}”."),
    "emoji_none": N_("This brand uses no emoji: {said}"),
    "emoji_many": N_("{first} emoji; this brand uses {second} at most."),
    "person_other": N_("This brand says {detail}, and the text: {said}."),
    "person_mixed": N_("Mixes “I” and “we”: {said}. This brand says {detail}."),
    "greeting_missing": N_("It begins without a greeting."),
    "greeting_missing_own": N_("It begins without a greeting; this brand says “{said}”."),
    "off_subject": N_("{first} of the last {second} posts speak of none of the brand's subjects: {third}."),
    "subject_share": N_("“{first}” would be {second} % of what is posted; {third} % is meant."),
    "material_pictures": N_("{account} is for pictures: there is none."),
    "material_video": N_("{account} is for films: there is none."),
    "material_links": N_("{account} is for links: there is none."),
    "material_words": N_("{account} is for words alone: pictures are left out there."),
    "names_unwanted": N_("{said} does not want to be addressed."),
    "person_unwanted": N_("This person asked to be left alone. Answering what they write is fine."),
}
NAMES: dict[str, str] = {
    "say_instead": N_("Word the brand says otherwise"),
    "word_avoided": N_("Word the brand does not say"),
    "emoji_none": N_("Emoji where the brand uses none"),
    "emoji_many": N_("Number of emoji"),
    "person_other": N_("I instead of we, or the other way"),
    "person_mixed": N_("I and we mixed"),
    "greeting_missing": N_("Answer without a greeting"),
    "off_subject": N_("Posts that are off the brand's subjects"),
    "subject_share": N_("Share of a subject"),
    "material_pictures": N_("No picture on an account for pictures"),
    "material_video": N_("No film on an account for films"),
    "material_links": N_("No link on an account for links"),
    "material_words": N_("Pictures on an account for words"),
}
FIXES = {"instead": N_("Put the brand's word"), "emoji": N_("Take them out")}

_PERSONS = {Person.ANY: N_("Either"), Person.ONE: N_("“I”"), Person.SEVERAL: N_("“We”")}
_EMOJI = {
    Emoji.ANY: N_("As it comes"), Emoji.NONE: N_("None"), Emoji.FEW: N_("Few"), Emoji.MANY: N_("Many"),
}  # fmt: skip
_MATERIAL = {
    Material.ANY: N_("Anything"), Material.PICTURES: N_("Pictures"), Material.VIDEO: N_("Films"),
    Material.LINKS: N_("Links"), Material.WORDS: N_("Words alone"),
}  # fmt: skip
# The two ends of each axis, and the middle between them.
TONES: dict[str, tuple[str, str]] = {
    "playful": (N_("Serious"), N_("Playful")),
    "warm": (N_("Matter-of-fact"), N_("Warm")),
    "plain": (N_("Expert"), N_("Plain")),
    "lively": (N_("Calm"), N_("Lively")),
}
_STEPS = (N_("very {tone}"), N_("rather {tone}"))


def person_word(person: str) -> str:
    """Return whether a brand says I or we, as a choice."""
    return _(_PERSONS.get(Person(person), ""))


def emoji_word(emoji: str) -> str:
    """Return how many emoji a brand uses, as a choice."""
    return _(_EMOJI.get(Emoji(emoji), ""))


def material_word(material: str) -> str:
    """Return what an account is for, as a choice."""
    return _(_MATERIAL.get(Material(material), ""))


def person_detail(person: str) -> str:
    """Return what the brand says, inside a sentence."""
    return _("“I”") if person == Person.ONE else _("“we”")


def tone_words(voice: Voice) -> str:
    """Return the tone in words: "very warm, rather plain"; '' where nothing was said."""
    said = []
    for axis, (low, high) in TONES.items():
        value = voice.tone.get(axis, 0)
        if value:
            tone = _(high if value > 0 else low).lower()
            said.append(_(_STEPS[0] if abs(value) > 1 else _STEPS[1]).format(tone=tone))
    return ", ".join(said)


def formality_word(formality: str, names: tuple[str, str], *, brand_formal: bool) -> str:
    """Return tú or usted (`names`) as a choice; the brand's own way by its name."""
    if formality == Formality.BRAND:
        return _("As everywhere ({name})").format(name=names[brand_formal])
    return names[formality == Formality.FORMAL]


def greeting_shown(greeting: str) -> str:
    """Return a greeting as one line of plain text."""
    return clean_line(greeting, limit=80)

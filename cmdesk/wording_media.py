"""What pictures and films say: sentences for refusals, and for what a network takes, for screens and commands."""

from __future__ import annotations

from cmdesk.i18n import N_, _, language
from cmdesk.planning.media_rules import MediaProblem
from cmdesk.planning.review import Finding

Words = tuple[str, str, str]

_CONVERT = N_("Export it as MP4 (H.264) or WebM and add that file.")
_CHOOSE = N_("Choose another file.")

BY_CODE: dict[str, Words] = {
    "media_missing": (
        N_("The file is not there: {detail}"),
        N_("It was moved, renamed or deleted."),
        N_("Check its name; in a post, take it out and add it again."),
    ),
    "media_too_large": (
        N_("The picture is too large"),
        N_("At most {detail} MB are taken."),
        N_("Save it smaller, or as JPEG."),
    ),
    "media_too_many_pixels": (
        N_("The picture has too many pixels: {detail}"),
        N_("Up to 40 million are taken, of an ordinary JPEG photograph up to 220 million."),
        N_("Save it smaller, or as an ordinary JPEG (not a progressive one)."),
    ),
    "media_refused_type": (
        N_("This is not a picture or film that can be used"),
        N_("Pictures may be PNG, JPEG, WebP, GIF or AVIF; films MP4, MOV or WebM."),
        N_("Export it as one of these and add that file."),
    ),
    "media_wrong_name": (
        N_("The file's name is wrong: inside it is {detail}"),
        N_("Programs and networks go by the name and would stumble over it."),
        N_("Give it the right ending, or export it again."),
    ),
    "media_limits": ("{detail}", "", N_("Choose another file, or other accounts.")),
    "video_type": (N_("{detail} films are taken by no network"), "", _CONVERT),
    "video_unreadable": (N_("The film is damaged, or no film"), N_("Its beginning makes no sense."), _CHOOSE),
    "video_cut": (
        N_("The film ends too early"),
        N_("It was not copied whole, or its recording was cut off."),
        N_("Copy it again from the camera or telephone."),
    ),
    "video_no_picture": (N_("There is no picture in this film, only sound"), "", _CHOOSE),
    "video_too_large": (N_("The film is too large"), N_("At most {detail} MB are taken."), N_("Export it smaller.")),
}

PROBLEMS = {
    "media_missing": N_("The file is gone: take it out and add it again."),
    "no_videos": N_("{account} takes no films."),
    "too_many_videos": N_("Films on {account}: {limit} at most; there are {measured}."),
    "too_many_pictures": N_("{account} takes {limit} pictures at most; there are {measured}."),
    "media_mixed": N_("{account} takes pictures or a film, not both in one post."),
    "video_kind": N_("{account} does not take {measured} films, only {limit}."),
    "video_heavy": N_("{account} takes films of at most {limit}; this one has {measured}."),
    "video_long": N_("{account} takes films of at most {limit}; this one lasts {measured}."),
    "video_short": N_("{account} takes films of at least {limit}; this one lasts {measured}."),
    "video_large": N_("{account} takes films of at most {limit}; this one has {measured}."),
    "video_fast": N_("{account} takes at most {limit} pictures a second; this film has {measured}."),
    "picture_shape": N_("{account} takes shapes between {limit}; this one is {measured}."),
    "picture_converted": N_("For {account} it is converted from {measured}."),
    "picture_shrunk": N_("For {account} it is made smaller: {measured} are more than {limit}."),
    "picture_lightened": N_("For {account} it is reduced from {measured} to {limit}."),
    "alt_too_long": N_("{account} takes descriptions of {limit} characters at most; this one has {measured}."),
}
_BADGES = {
    "no_videos": N_("no films"),
    "too_many_videos": N_("too many films"),
    "too_many_pictures": N_("too many"),
    "media_mixed": N_("not together"),
    "video_kind": N_("kind not taken"),
    "video_heavy": N_("over {limit}"),
    "video_long": N_("over {limit}"),
    "video_short": N_("under {limit}"),
    "video_large": N_("over {limit}"),
    "video_fast": N_("over {limit}/s"),
    "picture_shape": N_("crop needed"),
    "picture_converted": N_("will be converted"),
    "picture_shrunk": N_("will be made smaller"),
    "picture_lightened": N_("will be reduced to {limit}"),
    "alt_too_long": N_("description too long"),
}


def problem_text(problem: MediaProblem, account: str) -> str:
    """Return one problem as a sentence; `account` is the handle or network as it is shown."""
    return _filled(_(PROBLEMS[problem.code]), problem, account)


def finding_text(finding: Finding, account: str) -> str:
    """Return a finding of the reviewer about media as a sentence."""
    measured, limit = (*finding.said[:2], "", "")[:2]
    return problem_text(MediaProblem(finding.code, finding.account_id, 0, measured, limit), account)


def badge_text(problem: MediaProblem) -> str:
    """Return one problem in two or three words, for the mark beside a network's sign."""
    return _filled(_(_BADGES[problem.code]), problem, "") if problem.code in _BADGES else ""


def megabytes(count: int) -> str:
    """Return a number of bytes in words: "2 MB", "640 KB"."""
    if count >= 950_000:
        millions = count / 1_000_000
        return _("{count} MB").format(count=_number(round(millions, 0 if millions >= 10 else 1)))
    return _("{count} KB").format(count=_number(max(1, round(count / 1000))))


def lasting(milliseconds: int) -> str:
    """Return how long a film lasts: "0:07", "12:30", "1:02:03"."""
    seconds = round(milliseconds / 1000)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def kind_word(mime: str) -> str:
    """Return the usual name of a kind of file."""
    name = mime.partition("/")[2]
    return {"quicktime": "MOV", "jpeg": "JPEG", "webm": "WebM", "webp": "WebP"}.get(name, name.upper())


def _number(value: float) -> str:
    """Return a number with the separators of the language in force; no decimals that say nothing."""
    text = f"{value:,}".removesuffix(".0")
    return text.translate(str.maketrans(",.", ".,")) if language() == "es" else text


def _filled(text: str, problem: MediaProblem, account: str) -> str:
    return (
        text.replace("{account}", account)
        .replace("{measured}", _shown(problem.code, problem.measured))
        .replace("{limit}", _shown(problem.code, problem.limit))
    )


def _shown(code: str, value: str) -> str:
    if code in ("video_heavy", "picture_lightened"):
        return megabytes(int(value))
    if code in ("video_long", "video_short"):
        return lasting(int(value))
    if code in ("video_kind", "picture_converted"):
        return ", ".join(dict.fromkeys(kind_word(each) for each in value.split(",")))
    if code in ("video_large", "picture_shrunk"):
        if "x" in value:
            width, height = value.split("x")
            return f"{_number(int(width))} × {_number(int(height))}"
        return _("{count} million pixels").format(count=_number(round(int(value) / 1_000_000, 1)))
    return value.replace("-", " – ") if code == "picture_shape" else value

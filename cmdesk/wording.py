"""Finished sentences for the core's codes: what happened, why, and what to do; for window and command line."""

from __future__ import annotations

from dataclasses import dataclass

from cmdesk import errors
from cmdesk.i18n import N_, _, pgettext
from cmdesk.model import AccountState, ConversationState, DeliveryState, PostStatus
from cmdesk.safe_text import clean_line
from cmdesk.wording_codes import BY_CODE, Words


@dataclass(frozen=True, slots=True)
class Explanation:
    """Three short sentences in the person's language; `why` and `todo` may be empty. Plain text, one line each."""

    what: str
    why: str = ""
    todo: str = ""


# An error's own code is looked up first (cmdesk.wording_codes), then its class and its bases.
_BY_CLASS: dict[type[BaseException], Words] = {
    errors.Offline: (
        N_("There is no connection to {detail}"),
        N_("The server did not answer, or this computer is offline."),
        N_("Nothing is lost: what waits goes out when the connection is back."),
    ),
    errors.NotSent: (N_("The request did not leave this computer"), "", N_("It is tried again by itself.")),
    errors.RateLimited: (
        N_("The network asks for a pause"),
        N_("It limits how much one account may read or send."),
        N_("The account goes on by itself when the pause is over."),
    ),
    errors.AuthExpired: (
        N_("The network no longer accepts this account's access"),
        N_("The permission was withdrawn, expired, or the password changed."),
        N_("Reconnect the account. Everything that waits is kept and goes out afterwards."),
    ),
    errors.Gone: (
        N_("It no longer exists on the network"),
        N_("It was deleted there, or the person blocked the account."),
        "",
    ),
    errors.Rejected: (
        N_("The network refused it: {detail}"),
        N_("This content does not meet a rule of the network."),
        N_("Change it and send it again."),
    ),
    errors.Uncertain: (
        N_("Nobody knows yet whether it went out"),
        N_("The connection broke between sending and the answer."),
        N_("It is being read back from the network and is not sent twice."),
    ),
    errors.Unreadable: (
        N_("The server's answer cannot be read"),
        N_("It is not the answer this network promises; the address may belong to something else."),
        N_("Check the server's address, or try again later."),
    ),
    errors.WrongAuthor: (
        N_("The network says that somebody else is logged in"),
        N_("The access given belongs to another profile than the one connected here."),
        N_("The account is stopped so that nothing goes out in a wrong name. Reconnect it as the right profile."),
    ),
    errors.NetworkError: (N_("The network could not be used"), "", N_("Try again in a moment.")),
    errors.VaultMissing: (
        N_("This computer has no keychain that can be used"),
        N_("Access keys are never stored unprotected."),
        N_("Install a keychain (for example GNOME Keyring) or choose a passphrase."),
    ),
    errors.VaultLocked: (
        N_("The keychain is locked"),
        N_("It was not opened, or the passphrase was wrong."),
        N_("Unlock it and try again."),
    ),
    errors.SecretMissing: (
        N_("The keychain no longer holds this account's access"),
        N_("It was removed, or the profile came from another computer."),
        N_("Reconnect the account; its history is kept."),
    ),
    errors.VaultError: (N_("The keychain cannot be used"), "", N_("Unlock it and try again.")),
    errors.DiskFull: (
        N_("The disk is full"),
        N_("The last change was not saved; everything before it is safe."),
        N_("Free some space and try again."),
    ),
    errors.ReadOnly: (
        N_("The profile's folder cannot be written"),
        N_("The folder or the disk is read-only: {detail}"),
        N_("Check the folder's permissions."),
    ),
    errors.Corrupt: (
        N_("The database is damaged"),
        N_("The file was left untouched."),
        N_("Restore the last verified backup."),
    ),
    errors.NewerSchema: (
        N_("This profile was made by a newer version of the program"),
        N_("An older version could damage it, so it was not opened."),
        N_("Install the newer version."),
    ),
    errors.ProfileInUse: (
        N_("This profile is already open"),
        N_("Another window or command of the program is using it."),
        N_("Use that window, or close it first."),
    ),
    errors.StoreError: (N_("The database could not be used"), "", N_("Try again.")),
    errors.MediaError: (
        N_("This picture cannot be used"),
        N_("It is damaged, too large, or of a kind that is not accepted."),
        N_("Choose another file (PNG, JPEG, WebP or GIF)."),
    ),
    errors.Conflict: (
        N_("That is no longer possible"),
        N_("It changed in the meantime."),
        N_("Look at its present state and decide again."),
    ),
    errors.Invalid: (N_("That cannot be taken as it is"), "", N_("Correct it and try again.")),
    errors.DeskError: (N_("That did not work"), "", N_("Try again.")),
}


def explain(error: BaseException) -> Explanation:
    """The sentences for an error; one of ours by code or class, anything else as a fault of the program."""
    if not isinstance(error, errors.DeskError):
        return Explanation(
            _("Something went wrong inside the program"),
            _("This is a fault of the program, not yours. Your data is safe."),
            _("Copy the details and report them."),
        )
    words = BY_CODE.get(error.code)
    if words is None:
        words = next(_BY_CLASS[kind] for kind in type(error).__mro__ if kind in _BY_CLASS)
    detail = _shown(error.code, error.detail or str(error))
    what, why, todo = (_(text).replace("{detail}", detail) if text else "" for text in words)
    return Explanation(what, why, todo)


_DELIVERY_WORDS = {
    DeliveryState.QUEUED: N_("Scheduled"),
    DeliveryState.PREPARING: N_("Uploading pictures"),
    DeliveryState.READY: N_("About to go out"),
    DeliveryState.SENDING: N_("Going out"),
    DeliveryState.UNCERTAIN: N_("Checking whether it went out"),
    DeliveryState.PUBLISHED: N_("Published"),
    DeliveryState.CONFIRMED: N_("Published and verified"),
    DeliveryState.BACKOFF: N_("Waits, then goes on by itself"),
    DeliveryState.BLOCKED_AUTH: N_("Waits for you to reconnect"),
    DeliveryState.HELD_LATE: N_("Held: its hour has passed"),
    DeliveryState.HELD_CLOCK: N_("Held: the clock jumped"),
    DeliveryState.HELD_RESTORED: N_("Held: from a restored backup"),
    DeliveryState.MANUAL: N_("To be published by hand"),
    DeliveryState.REVIEW: N_("Unknown: look at the profile"),
    DeliveryState.REJECTED: N_("Refused by the network"),
    DeliveryState.HANDED_OFF: N_("Handed to the network"),
    DeliveryState.CANCELLED: N_("Cancelled"),
}


def delivery_word(state: DeliveryState) -> str:
    """Return a delivery's state in a few words of the language in force."""
    return _(_DELIVERY_WORDS[state])


def explain_code(code: str, detail: str = "") -> str:
    """What happened, in one short sentence, for a code kept with an account or a delivery; the code if unknown."""
    words = _words_of(code)
    return _(words[0]).replace("{detail}", _shown(code, detail)).rstrip(" :") if words else code


def explain_reason(code: str, detail: str = "") -> Explanation:
    """The three sentences for a code kept with an account, a delivery or a problem."""
    words = _words_of(code)
    if words is None:
        return Explanation(code)
    shown = _shown(code, detail)
    what, why, todo = (_(text).replace("{detail}", shown).rstrip(" :") if text else "" for text in words)
    return Explanation(what, why, todo)


def _shown(code: str, detail: str) -> str:
    """Return a detail fit for a sentence: of a lost connection ("refused plaza.example") the place alone."""
    line = clean_line(detail, limit=200)
    return line.rsplit(" ", 1)[-1] if code in (errors.Offline.code, errors.NotSent.code) else line


def _words_of(code: str) -> Words | None:
    found = BY_CODE.get(code)
    return found or next((words for kind, words in _BY_CLASS.items() if getattr(kind, "code", "") == code), None)


def conversation_word(state: ConversationState) -> str:
    """Return a conversation's state in a word of the language in force."""
    match state:
        case ConversationState.OPEN:
            return pgettext("conversation state", "Open")
        case ConversationState.WAITING:
            return pgettext("conversation state", "Waiting")
        case ConversationState.SNOOZED:
            return pgettext("conversation state", "Snoozed")
        case ConversationState.SOLVED:
            return pgettext("conversation state", "Solved")
        case ConversationState.IGNORED:
            return pgettext("conversation state", "Ignored")


_POST_WORDS = {
    PostStatus.DRAFT: N_("Draft"),
    PostStatus.SCHEDULED: N_("Scheduled"),
    PostStatus.SENDING: N_("Going out"),
    PostStatus.PUBLISHED: N_("Published"),
    PostStatus.PARTIAL: N_("Partly published, needs you"),
    PostStatus.PROBLEM: N_("Needs you"),
    PostStatus.CANCELLED: N_("Discarded"),
}


def post_word(status: PostStatus) -> str:
    """Return a post's status in a few words of the language in force."""
    return _(_POST_WORDS[status])


_ACCOUNT_WORDS = {
    AccountState.OK: N_("Works"),
    AccountState.RECONNECT: N_("Waits for you to reconnect"),
    AccountState.STOPPED: N_("Stopped"),
    AccountState.PAUSED: N_("Paused"),
    AccountState.DISCONNECTED: N_("Disconnected"),
}


def account_word(state: AccountState) -> str:
    """Return an account's state in a few words of the language in force."""
    return _(_ACCOUNT_WORDS[state])

"""The one error tree of the desk; each class carries its policy.

    DeskError                    anything we can explain
    ├── NetworkError             something between us and a network
    │   ├── NotSent              nothing of the call left this machine: safe to repeat
    │   │   └── Offline          no name, no route, refused, no TLS: wait for the network
    │   ├── RateLimited          a definite "not now", until a time
    │   ├── AuthExpired          the network no longer accepts our credentials
    │   ├── Rejected             a definite no about this content
    │   │   └── Gone             the thing itself is no longer there (404, 410)
    │   ├── Uncertain            nobody knows whether it happened: read back, never resend blindly
    │   ├── Unreadable           an answer that is not what the network promises (reads only)
    │   └── WrongAuthor          the network says somebody else is logged in: stop that account
    ├── VaultError               the place of secrets
    │   ├── VaultMissing         this machine has no keychain
    │   ├── VaultLocked          there is one, and it is closed
    │   └── SecretMissing        it is open and holds nothing of that name
    ├── StoreError               the profile's database
    │   ├── DiskFull  ReadOnly   the system refuses to write
    │   ├── Corrupt              the file is damaged: keep it, offer the last good copy
    │   ├── NewerSchema          made by a newer program: never touched
    │   └── ProfileInUse         another copy of the program holds it
    ├── MediaError               a picture we will not or cannot read
    ├── Conflict                 the thing changed or left the state in which this is allowed
    └── Invalid                  the person's input cannot be taken as it is

A message is for people who read logs and command lines; screens word the `code`
and `detail` themselves (cmdesk.wording). Anything outside this tree is our bug.
"""

from __future__ import annotations

from datetime import datetime


class DeskError(Exception):
    """Base of everything the desk can explain.

    `code` names the reason for wording and for the store; `detail` is a short
    fact (a host, a status, a field), never a secret and never HTML.
    """

    code = "error"
    retryable = False

    def __init__(self, message: str = "", *, code: str | None = None, detail: str = "") -> None:
        super().__init__(message or self.code)
        if code is not None:
            self.code = code
        self.detail = detail


class NetworkError(DeskError):
    """Something went wrong between this machine and a network."""

    code = "network"


class NotSent(NetworkError):
    """Proven: no byte of the request reached the network's application."""

    code = "not_sent"
    retryable = True


class Offline(NotSent):
    """No route to the network: DNS, refused, connect time-out, TLS."""

    code = "offline"


class RateLimited(NetworkError):
    """A definite 'not now'; `until` (aware UTC) when the network said so."""

    code = "rate_limited"
    retryable = True

    def __init__(self, message: str = "", *, until: datetime | None = None, detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.until = until


class AuthExpired(NetworkError):
    """The credentials are refused; the account pauses, its queue is kept."""

    code = "auth_expired"


class Rejected(NetworkError):
    """The network refuses this content for good; `detail` is its reason as plain text."""

    code = "rejected"


class Gone(Rejected):
    """The remote thing does not exist (any more), by its own id."""

    code = "gone"


class Uncertain(NetworkError):
    """A change may or may not have happened."""

    code = "uncertain"


class Unreadable(NetworkError):
    """The answer is not what this network promises: HTML, cut, too large, wrong shape."""

    code = "unreadable"
    retryable = True


class WrongAuthor(NetworkError):
    """Something was answered in the name of another author than expected: emergency stop."""

    code = "wrong_author"


class VaultError(DeskError):
    """The place of secrets cannot be used; nothing was written in clear."""

    code = "vault"


class VaultMissing(VaultError):
    """This machine offers no acceptable keychain."""

    code = "vault_missing"


class VaultLocked(VaultError):
    """The keychain (or passphrase vault) is closed."""

    code = "vault_locked"


class SecretMissing(VaultError):
    """The vault is open and holds nothing under that reference."""

    code = "secret_missing"


class StoreError(DeskError):
    """The profile's database refuses."""

    code = "store"


class DiskFull(StoreError):
    """No space left; the transaction was rolled back and nothing changed."""

    code = "disk_full"
    retryable = True


class ReadOnly(StoreError):
    """The profile's folder or file cannot be written."""

    code = "read_only"


class Corrupt(StoreError):
    """The database file is damaged."""

    code = "corrupt"


class NewerSchema(StoreError):
    """The profile was written by a newer program; it was not touched."""

    code = "newer_schema"


class ProfileInUse(StoreError):
    """Another running copy of the program holds this profile."""

    code = "profile_in_use"


class MediaError(DeskError):
    """A media file that is unreadable, too large or of a refused kind."""

    code = "media"


class Conflict(DeskError):
    """The thing is no longer in a state that allows this decision."""

    code = "conflict"


class Invalid(DeskError):
    """Input that cannot be taken as it is; `detail` names the field."""

    code = "invalid"

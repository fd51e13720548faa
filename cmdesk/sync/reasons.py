"""What an error means for the queue and for the screens: a short code and fact instead of a class."""

from __future__ import annotations

from datetime import datetime

from cmdesk.errors import (
    AuthExpired,
    DeskError,
    NotSent,
    Offline,
    RateLimited,
    StoreError,
    VaultError,
    WrongAuthor,
)

# After these the rest of an account's round would only fail in the same way.
HOPELESS = (NotSent, RateLimited, AuthExpired, WrongAuthor, VaultError, StoreError)


def reason(error: BaseException) -> tuple[str, str]:
    """Return (code, detail) for the store; every way of having no network is 'offline', what is not ours is 'bug'."""
    if isinstance(error, Offline):
        fact = error.code if error.code != Offline.code else ""
        return Offline.code, f"{fact} {error.detail}".strip()
    if isinstance(error, DeskError):
        return error.code, error.detail
    return "bug", type(error).__name__


def told_until(error: BaseException) -> datetime | None:
    """Return until when the network asked to be left alone."""
    return error.until if isinstance(error, RateLimited) else None

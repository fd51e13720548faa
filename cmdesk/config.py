"""Every setting once, as data; and the folder of a profile.

A setting is a row of `SETTINGS`: key, type, default, limits, description. The store keeps the text
(`cmdesk.store.settings`), the settings page, the command line and the tests read this table.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cmdesk.errors import Invalid, ReadOnly
from cmdesk.files import private_folder
from cmdesk.i18n import N_

APP = "cmdesk"
ENV_PROFILE = "CMDESK_PROFILE"
ENV_PASSPHRASE = "CMDESK_PASSPHRASE"
SUBFOLDERS = ("logs", "vault", "media", "cache", "backups", "tmp")

Value = str | int | float | bool


class Kind(StrEnum):
    """The type of a setting's value."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    JSON = "json"  # a small object that a screen keeps for itself; its value is the JSON text


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: `low` and `high` bound numbers (inclusive), `choices` the allowed words."""

    key: str
    kind: Kind
    default: Value
    description: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    hidden: bool = False  # kept by the program for itself, not shown among the settings


def _table(*rows: Setting) -> Mapping[str, Setting]:
    return {row.key: row for row in rows}


SETTINGS: Mapping[str, Setting] = _table(
    Setting("language", Kind.CHOICE, "", N_("Language of the program; empty follows the system"), ("", "en", "es")),
    Setting("appearance", Kind.CHOICE, "system", N_("Light, dark, or as the system"), ("system", "light", "dark")),
    Setting("density", Kind.CHOICE, "comfortable", N_("Height of the rows in lists"), ("comfortable", "compact")),
    Setting("zoom", Kind.NUMBER, 1.0, N_("Size of everything in the window; 1 is normal"), low=0.8, high=2.0),
    Setting("week_start", Kind.CHOICE, "monday", N_("First day of the week"), ("monday", "sunday", "saturday")),
    Setting("undo_seconds", Kind.WHOLE, 10, N_("Seconds in which a reply can be taken back"), low=0, high=60),
    Setting("stay_after_reply", Kind.YES_NO, False, N_("Stay on a conversation after answering it")),
    Setting("remote_images", Kind.YES_NO, True, N_("Show pictures and avatars that networks send")),
    Setting("check_links", Kind.YES_NO, True, N_("Try the links of a post while it is written")),
    Setting("spelling", Kind.YES_NO, True, N_("Mark misspelt words while writing")),
    Setting("approval_reply_to", Kind.TEXT, "", N_("Mail address to which clients send their approval")),
    Setting("notifications", Kind.YES_NO, True, N_("Tell about new messages while the window is not in front")),
    Setting("sync_seconds", Kind.WHOLE, 60, N_("Seconds between two readings of an account"), low=15, high=3600),
    Setting("publishing_paused", Kind.YES_NO, False, N_("Publish nothing until this is switched off")),
    Setting(
        "late_minutes",
        Kind.WHOLE,
        15,
        N_("Minutes a post of a new brand may be late and still go out by itself"),
        low=0,
        high=1440,
    ),
    Setting(
        "cool_down_seconds",
        Kind.WHOLE,
        5,
        N_("Seconds an answer to somebody angry is shown once more before it leaves; 0 for none"),
        low=0,
        high=60,
    ),
    Setting(
        "late_reply_minutes",
        Kind.WHOLE,
        5,
        N_("Minutes a reply may be late and still go out by itself"),
        low=0,
        high=1440,
    ),
    Setting(
        "release_gap_seconds",
        Kind.WHOLE,
        60,
        N_("Seconds between late posts of one account, for new brands"),
        low=60,
        high=3600,
    ),
    Setting("backup_hours", Kind.WHOLE, 24, N_("Hours between two automatic backups"), low=1, high=168),
    Setting("backups_kept", Kind.WHOLE, 7, N_("How many automatic backups are kept"), low=1, high=60),
    Setting("log_level", Kind.CHOICE, "info", N_("How much the log tells"), ("debug", "info", "warning", "error")),
    Setting("window", Kind.JSON, "{}", N_("Size, panes and selections of the window"), hidden=True),
    Setting("emoji", Kind.JSON, "{}", N_("The emoji used last, and the skin tone"), hidden=True),
    Setting("round", Kind.JSON, "{}", N_("The round through the brands that is not finished"), hidden=True),
    # Of each brand, edited with what the reviewer watches.
    Setting("max_hashtags", Kind.WHOLE, 0, N_("Hashtags at most; 0: what is usual"), low=0, high=30, hidden=True),
    Setting("product_streak", Kind.WHOLE, 3, N_("Product posts in a row at most"), low=0, high=20, hidden=True),
    # Of each brand, for the alerts of silence (D14).
    Setting(
        "silence_days",
        Kind.WHOLE,
        14,
        N_("Days without a post after which an account counts as silent; 0: never"),
        low=0,
        high=365,
        hidden=True,
    ),
    Setting(
        "silence_share",
        Kind.WHOLE,
        50,
        N_("Per cent of those who write that must have an answer; 0: never ask"),
        low=0,
        high=100,
        hidden=True,
    ),
    Setting(
        "silence_snoozed", Kind.JSON, "{}", N_("Accounts whose silence is not spoken of, and until when"), hidden=True
    ),
    Setting("silence_told", Kind.JSON, "{}", N_("Accounts whose silence a notice has told of"), hidden=True),
    Setting("demo", Kind.YES_NO, False, N_("This profile holds the sample brands"), hidden=True),
)


def setting(key: str) -> Setting:
    """Return the row of `key`; raises Invalid for a name that is no setting."""
    try:
        return SETTINGS[key]
    except KeyError:
        raise Invalid(f"there is no setting {key!r}", code="setting_unknown", detail=key) from None


def parse(key: str, text: str) -> Value:
    """Return the value that `text` (stored or typed) means; raises Invalid with the key as detail."""
    row = setting(key)
    word = text.strip()
    match row.kind:
        case Kind.TEXT:
            if text.isprintable():
                return word
        case Kind.CHOICE:
            if word in row.choices:
                return word
        case Kind.YES_NO:
            if word.lower() in ("1", "yes", "true", "on"):
                return True
            if word.lower() in ("0", "no", "false", "off"):
                return False
        case Kind.WHOLE | Kind.NUMBER:
            number = _number(word, whole=row.kind is Kind.WHOLE)
            if number is not None and (row.low or 0) <= number <= (row.high if row.high is not None else number):
                return number
        case Kind.JSON:
            if len(text) <= 100_000 and _is_object(text):
                return text
    raise Invalid(f"{text[:40]!r} is not a value of {key}", code="setting_value", detail=key)


def to_text(key: str, value: Value) -> str:
    """Return `value` as the store keeps it; raises Invalid when `parse` would not give it back."""
    text = ("1" if value else "0") if isinstance(value, bool) else str(value)
    parse(key, text)
    return text


def value_or_default(key: str, text: str | None) -> Value:
    """Return the stored value, or the default when nothing or nothing readable is stored."""
    if text is None:
        return setting(key).default
    try:
        return parse(key, text)
    except Invalid:
        return setting(key).default


def default_profile() -> Path:
    """Return the folder named by CMDESK_PROFILE, else this system's place for a program's data."""
    named = os.environ.get(ENV_PROFILE, "")
    if named:
        return Path(named).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def take_passphrase() -> str | None:
    """Return CMDESK_PASSPHRASE and remove it, so that no child process inherits it."""
    return os.environ.pop(ENV_PASSPHRASE, None) or None


def prepare_profile(path: Path) -> Path:
    """Make `path` a folder that only this user can read, with its subfolders; returns it absolute.

    Sets the process's umask to 077. Raises Invalid (codes `profile_link`, `profile_foreign`,
    `profile_no_folder`, `profile_shared`) or ReadOnly; a refused folder is left as it was.
    """
    if os.name == "posix":
        os.umask(0o077)
    path = Path(os.path.abspath(path))
    try:
        _check_place(path)
        private_folder(path)
        for name in SUBFOLDERS:
            if (path / name).is_symlink():
                raise Invalid(f"{path / name} is a link", code="profile_link", detail=name)
            private_folder(path / name)
        if not os.access(path, os.W_OK):
            raise ReadOnly("the profile's folder cannot be written", detail=str(path))
    except FileExistsError:
        raise Invalid(f"{path} is not a folder", code="profile_no_folder", detail=str(path)) from None
    except OSError as error:
        raise ReadOnly(f"{path} cannot be used: {error.strerror}", detail=str(path)) from error
    return path


def clear_temporary(path: Path) -> None:
    """Remove what an interrupted run left in the profile's folder for temporary files."""
    for stale in (path / "tmp").iterdir():
        if stale.is_dir() and not stale.is_symlink():
            shutil.rmtree(stale, ignore_errors=True)  # a backup or a restore that was killed
        else:
            stale.unlink(missing_ok=True)


# What the folders of programs that copy files to other machines are called.
_SYNC_NAMES = (
    "dropbox", "onedrive", "nextcloud", "owncloud", "google drive", "googledrive", "my drive", "icloud",
    "mobile documents", "com~apple~clouddocs", "box sync", "pcloud", "megasync", "mega", "syncthing", "seafile", "sync",
)  # fmt: skip
_SYNC_MARKS = (
    ".dropbox",
    ".dropbox.cache",
    ".stfolder",
    ".sync",
    ".owncloudsync.log",
    ".nextcloudsync.log",
    ".seafile-data",
)


def sync_program(path: Path) -> str:
    """Name the program that copies `path` to other machines, '' when none is seen.

    Two computers sharing one database damage it and publish twice; the caller warns.
    """
    for folder in (path, *path.parents):
        name = folder.name.lower()
        for known in _SYNC_NAMES:
            if name == known or name.startswith((f"{known} ", f"{known}-", f"{known}(")):
                return folder.name
        for mark in _SYNC_MARKS:
            if (folder / mark).exists():
                return mark.lstrip(".").split(".")[0]
    return ""


def _check_place(path: Path) -> None:
    """Refuse links, other people's folders and places that are not ours to close to others."""
    if path.is_symlink():
        raise Invalid(f"{path} is a link; name the folder itself", code="profile_link", detail=str(path))
    if not path.exists():
        return
    if not path.is_dir():
        raise Invalid(f"{path} is not a folder", code="profile_no_folder", detail=str(path))
    if os.name != "posix":
        return
    facts = path.stat()
    if facts.st_uid != os.getuid():
        raise Invalid(f"{path} belongs to another user", code="profile_foreign", detail=str(path))
    home = Path.home()
    open_to_all = bool(facts.st_mode & (stat.S_ISVTX | stat.S_IWOTH))
    if path == home or path in home.parents or (open_to_all and any(path.iterdir())):
        raise Invalid(f"{path} holds other things; name a folder of its own", code="profile_shared", detail=str(path))


def _number(text: str, *, whole: bool) -> int | float | None:
    if len(text) > 20:
        return None
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False

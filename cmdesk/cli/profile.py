"""The verbs about a whole profile: sample brands, report, backup, restore, doctor."""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from cmdesk import __version__, config
from cmdesk.cli.output import Row, complain_usage, say, show
from cmdesk.desk import DATABASE, Desk
from cmdesk.errors import DeskError, Invalid, ReadOnly, VaultError
from cmdesk.i18n import _, ngettext
from cmdesk.model import AccountState
from cmdesk.store import accounts, brands, outbox
from cmdesk.wording import explain, explain_code

# Writes one brand's month as PDF: (desk, brand id, year, month, file, language).
Report = Callable[[Desk, int, int, int, Path, str], object]
LOW_SPACE = 200_000_000


def demo_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Fill the profile with the sample brands, read once from the sandbox; a second time only what is new."""
    from cmdesk import sample

    filled = sample.fill(desk, progress=_progress)
    _progress_done()
    say(
        _("{brands} sample brands, {conversations} conversations, {posts} posts.").format(
            brands=filled.brands, conversations=filled.conversations, posts=filled.posts
        )
    )
    return 0


def report_verb(desk: Desk, options: argparse.Namespace, write: Report | None) -> int:
    """Write a brand's monthly report."""
    brand = desk.page(brands.brand_by_name, options.brand)
    year, month = _month(options.month)
    if write is None:
        raise Invalid("reports need the window's part of the program", code="no_report", detail="report")
    if not options.out.absolute().parent.is_dir():
        raise Invalid(f"there is no folder {options.out.parent}", code="no_folder", detail=str(options.out.parent))
    try:
        write(desk, brand.id, year, month, options.out, options.language or brand.language)
    except OSError as error:
        raise ReadOnly(f"{options.out} cannot be written", detail=f"{options.out}: {error.strerror}") from error
    say(_("Report of {brand} for {month}: {file}").format(brand=brand.name, month=options.month, file=options.out))
    return 0


def _month(text: str) -> tuple[int, int]:
    year, _dash, month = text.partition("-")
    if len(year) != 4 or len(month) != 2 or not (year + month).isascii() or not (year + month).isdigit():
        raise Invalid(f"{text!r} is not a month like 2026-03", code="month_unreadable", detail=text)
    if not 1 <= int(month) <= 12 or int(year) < 1990:
        raise Invalid(f"{text!r} is not a month like 2026-03", code="month_unreadable", detail=text)
    return int(year), int(month)


def backup_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Write everything but secrets to one verified file."""
    from cmdesk.store import backup

    backup.backup(desk.store, options.file, progress=lambda done, total: _progress(_("Backup"), done, total))
    _progress_done()
    say(_("Backup written to {file} ({size} MB).").format(file=options.file, size=_mb(options.file.stat().st_size)))
    return 0


def restore_verb(profile: Path, options: argparse.Namespace) -> int:
    """Put a backup in the profile's place; what was there is kept beside it."""
    from cmdesk.store.restore import restore

    kept = restore(profile, options.file)
    say(
        _("Restored {file}. Nothing that was waiting to be sent goes out before it was compared.").format(
            file=options.file
        )
    )
    if kept is not None:
        say(_("What was there before is in {folder}.").format(folder=kept))
    return 0


def doctor_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Check profile and machine; status 1 when something must be mended."""
    rows = list(_checks(desk))
    show(
        rows,
        as_json=options.json,
        columns=(("result", _("Result")), ("check", _("Check")), ("detail", _("Detail"))),
        empty="",
    )
    bad = [row for row in rows if row["result"] == "bad"]
    if bad:
        text = ngettext("{count} thing must be mended", "{count} things must be mended", len(bad)).format(
            count=len(bad)
        )
        complain_usage(f"{text}: " + "; ".join(str(row["check"]) for row in bad))
    return 1 if bad else 0


def _checks(desk: Desk) -> Iterator[Row]:
    yield _row("program", "good", f"CM Desk {__version__}, Python {platform.python_version()}, {platform.system()}")
    yield _row("profile", "good", str(desk.profile))
    copied_by = config.sync_program(desk.profile)
    if copied_by:
        yield _row(
            "sync folder",
            "warn",
            _("{name} copies this folder to other computers; choose another one").format(name=copied_by),
        )
    free = shutil.disk_usage(desk.profile).free
    yield _row("disk", "good" if free > LOW_SPACE else "warn", _("{size} MB free").format(size=_mb(free)))
    yield _row("database", *_database(desk))
    yield _row("keychain", *_keychain(desk))
    yield _row("publishing", *_publishing(desk))
    for account in desk.page(accounts.list_accounts):
        good = account.state is AccountState.OK and not account.error_code
        why = explain_code(account.state_code or account.error_code, account.state_detail or account.error_detail)
        yield _row(f"@{account.handle}", "good" if good else "warn", _("works") if good else why)
    problems = desk.page(outbox.problem_count)
    waiting = ngettext("{count} thing waits for you", "{count} things wait for you", problems).format(count=problems)
    yield _row("problems", "warn" if problems else "good", waiting if problems else _("none"))


def _database(desk: Desk) -> tuple[str, str]:
    from cmdesk.store import backup

    try:
        backup.check(desk.store)
    except DeskError as error:
        return "bad", explain(error).what
    return "good", _("{size} MB, checked").format(size=_mb(_size(desk.profile)))


def _keychain(desk: Desk) -> tuple[str, str]:
    try:
        status = desk.vault.probe()
    except VaultError as error:
        return "warn", explain(error).what
    if status.ok:
        return "good", f"{status.kind} ({status.detail})"
    return "warn", explain_code(status.code, status.detail)


def _publishing(desk: Desk) -> tuple[str, str]:
    if not desk.may_publish:
        return "warn", explain_code("other_device", "")
    if desk.setting("publishing_paused"):
        return "warn", _("paused by you")
    return "good", _("on")


def _size(profile: Path) -> int:
    """Return the bytes of the database with what is not merged into it yet."""
    return sum(path.stat().st_size for path in profile.glob(f"{DATABASE}*") if path.suffix != ".db-shm")


def _row(check: str, result: str, detail: str) -> Row:
    return {"check": check, "result": result, "detail": detail}


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.1f}"


def _progress(name: str, done: int, total: int) -> None:
    """Show how far long work is, on a terminal only."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{name}: {done}/{total}" if total else f"\r\033[K{name}: {done}")
        sys.stderr.flush()


def _progress_done() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()

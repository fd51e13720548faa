"""The desk without a window: the same commands and queries, for people who automate and for tests.

Exit status 0 done, 1 failed, 2 wrong usage; an error is one clear line on standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cmdesk import config, i18n, log
from cmdesk.cli.output import complain, complain_usage
from cmdesk.cli.parser import UsageError, parse
from cmdesk.errors import Corrupt, DeskError, Invalid
from cmdesk.i18n import _

if TYPE_CHECKING:
    from cmdesk.cli.approval import ApprovalPdf
    from cmdesk.cli.cases import SheetPdf
    from cmdesk.cli.contacts_files import CertificatePdf
    from cmdesk.cli.plan import PlanPdf
    from cmdesk.cli.profile import Report
    from cmdesk.desk import Desk

_log = logging.getLogger(__name__)

DONE, FAILED, USAGE = 0, 1, 2
# Well asked, but the thing named is not there (or already is): the asking was no mistake of usage.
NOT_THERE = frozenset(
    {
        "account_elsewhere",
        "account_unknown",
        "approval_ambiguous",
        "approval_unknown",
        "series_unknown",
        "slot_unknown",
        "backup_damaged",
        "backup_missing",
        "backup_newer",
        "backup_place",
        "brand_exists",
        "brand_unknown",
        "case_unknown",
        "circle_unknown",
        "contact_unknown",
        "conversation_unknown",
        "delivery_unknown",
        "export_place",
        "import_missing",
        "not_this_network",
        "person_ambiguous",
        "person_missing",
        "post_unknown",
        "product_unknown",
        "hit_unknown",
        "search_unknown",
    }
)


@dataclass(frozen=True, slots=True)
class Papers:
    """What writes PDF files: the window's part of the program, where it is there."""

    report: Report | None = None
    case_sheet: SheetPdf | None = None
    approval_sheet: ApprovalPdf | None = None
    plan: PlanPdf | None = None
    certificate: CertificatePdf | None = None


def main(
    argv: Sequence[str],
    *,
    window: Callable[..., int],
    screenshots: Callable[[Path], int],
    self_test: Callable[[Path], int],
    report: Report | None = None,
    case_sheet: SheetPdf | None = None,
    approval_sheet: ApprovalPdf | None = None,
    plan: PlanPdf | None = None,
    certificate: CertificatePdf | None = None,
) -> int:
    """Do what the arguments ask for and return the exit status; the window's parts are handed in."""
    _no_core_dumps()
    i18n.set_language(None)
    # Until a profile's log is open, and where it cannot be, the person gets one line and no traceback.
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        options = parse(argv)
    except UsageError:
        return USAGE
    profile = options.profile or _usual_profile(options)
    try:
        if options.verb is None:
            return window(profile, demo=options.demo)
        if options.verb == "screenshots":
            return screenshots(options.folder)
        if options.verb == "doctor" and options.self_test:
            return self_test(profile)
        with _quiet_signals():
            if options.verb == "triage":
                from cmdesk.cli.triage import triage_verb

                return triage_verb(options)
            return _verb(profile, options, Papers(report, case_sheet, approval_sheet, plan, certificate))
    except DeskError as error:
        _log.warning("%s failed: %s %s", options.verb, error.code, error)
        complain(error, todo=_way_back(profile) if isinstance(error, Corrupt) else "")
        return USAGE if isinstance(error, Invalid) and error.code not in NOT_THERE else FAILED
    except KeyboardInterrupt:
        complain_usage(_("stopped; nothing is lost"))
        return FAILED
    except BrokenPipeError:
        # The reader of our output has gone; there is nobody left to tell.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")
        return FAILED
    except Exception as error:  # noqa: BLE001 - the outermost guard: one line for the person, the rest in the log
        _log.exception("%s failed", options.verb)
        complain(error, log_file=profile / "logs" / "cmdesk.log")
        return FAILED
    finally:
        log.shutdown()


def _verb(profile: Path, options: argparse.Namespace, papers: Papers) -> int:
    from cmdesk.desk import Desk

    passphrase = config.take_passphrase()
    if options.verb == "restore":
        from cmdesk.cli.profile import restore_verb

        log.setup(config.prepare_profile(profile))
        return restore_verb(profile, options)
    run = _runner(options.verb, papers)
    desk = Desk(profile, passphrase=passphrase)
    try:
        log.setup(desk.profile, str(desk.setting("log_level")))
        i18n.set_language(str(desk.setting("language")) or None)
        status = run(desk, options)
        sys.stdout.flush()
        return status
    finally:
        desk.close_now()


def _runner(verb: str, papers: Papers) -> Callable[[Desk, argparse.Namespace], int]:
    """Return what does a verb; only the part of the program that it needs is loaded."""
    if verb in ("brand", "account"):
        from cmdesk.cli import setup

        return setup.brand_verb if verb == "brand" else setup.account_verb
    if verb == "post":
        from cmdesk.cli.posts import post_verb

        return post_verb
    if verb == "plan":
        from cmdesk.cli.plan import plan_verb

        return lambda desk, options: plan_verb(desk, options, papers.plan)
    if verb in ("slot", "series"):
        from cmdesk.cli import scheduling

        return scheduling.slot_verb if verb == "slot" else scheduling.series_verb
    if verb in ("link", "hashtags"):
        from cmdesk.cli import links

        return links.link_verb if verb == "link" else links.hashtags_verb
    if verb == "case":
        from cmdesk.cli.cases import case_verb

        return lambda desk, options: case_verb(desk, options, papers.case_sheet)
    if verb == "approval":
        from cmdesk.cli.approval import approval_verb

        return lambda desk, options: approval_verb(desk, options, papers.approval_sheet)
    if verb == "crisis":
        from cmdesk.cli.crisis import crisis_verb

        return crisis_verb
    if verb == "hours":
        from cmdesk.cli.hours import hours_verb

        return hours_verb
    if verb == "market":
        from cmdesk.cli.markets import market_verb

        return market_verb
    if verb == "circle":
        from cmdesk.cli.circles import circle_verb

        return circle_verb
    if verb == "contact":
        from cmdesk.cli.contacts import contact_verb

        return lambda desk, options: contact_verb(desk, options, papers.certificate)
    if verb == "listen":
        from cmdesk.cli.listening import listen_verb

        return listen_verb
    if verb == "template":
        from cmdesk.cli.templates import template_verb

        return template_verb
    if verb in ("sync", "inbox", "reply", "publish"):
        from cmdesk.cli import daily

        return {
            "sync": daily.sync_verb,
            "inbox": daily.inbox_verb,
            "reply": daily.reply_verb,
            "publish": daily.publish_verb,
        }[verb]
    from cmdesk.cli import profile as whole

    if verb == "report":
        return lambda desk, options: whole.report_verb(desk, options, papers.report)
    return {"demo": whole.demo_verb, "backup": whole.backup_verb, "doctor": whole.doctor_verb}[verb]


def _way_back(profile: Path) -> str:
    """Say how a damaged database is replaced by its newest sound copy, '' when there is none."""
    from cmdesk.store.backup import last_good

    copy = last_good(profile)
    return "" if copy is None else _("Restore its last verified copy with: cmdesk restore {file}").format(file=copy)


def _no_core_dumps() -> None:
    """Keep what is in memory (tokens) out of files that a crash would leave."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _usual_profile(options: argparse.Namespace) -> Path:
    """Return the profile when none is named: the sample brands of `--demo` have a folder of their own."""
    if options.verb is None and options.demo and config.ENV_PROFILE not in os.environ:
        from cmdesk.sample import default_demo_profile

        return default_demo_profile()
    return config.default_profile()


@contextlib.contextmanager
def _quiet_signals() -> Iterator[None]:
    """End on SIGTERM as on Ctrl-C, so that the profile is closed."""

    def stop(*_args: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

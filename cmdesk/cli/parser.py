"""The verbs of the command line and their options; a mistake is one line and status 2."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from cmdesk import __version__
from cmdesk.care.values import CaseState
from cmdesk.cli import (
    circles_parser,
    contacts_parser,
    links_parser,
    listening_parser,
    markets_parser,
    pausing_parser,
    plan,
    scheduling_parser,
    targeting_parser,
)
from cmdesk.cli.output import complain_usage
from cmdesk.i18n import _
from cmdesk.model import ConversationState

_SHEET_LANGUAGES = ("es", "en", "ca", "fr", "pt", "it")


class UsageError(Exception):
    """The arguments cannot be understood; the line about it has been printed."""


class Parser(argparse.ArgumentParser):
    """An argument parser that says what is wrong in one line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("allow_abbrev", False)
        super().__init__(*args, **kwargs)

    def error(self, message: str) -> NoReturn:
        complain_usage(f"{message} ({self.prog} --help)")
        raise UsageError(message)


class AltAction(argparse.Action):
    """`--alt` describes the picture named by the `--media` before it."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        media: list[Path] = namespace.media or []
        alts: list[str] = namespace.alts
        if not media or len(alts) >= len(media):
            parser.error(_("--alt describes the --media before it"))
        namespace.alts = [*alts, *[""] * (len(media) - 1 - len(alts)), values]


def build() -> Parser:
    """Return the parser of every verb."""
    parser = Parser(
        prog="cmdesk",
        description=_("The community manager's desk. Without a verb it opens the window."),
        epilog=_("Times are in the brand's zone where they have none. Exit status: 0 done, 1 failed, 2 wrong usage."),
    )
    parser.add_argument("--version", action="version", version=f"cmdesk {__version__}")
    parser.add_argument("--profile", type=Path, metavar="DIR", help=_("folder that holds everything (before the verb)"))
    parser.add_argument("--demo", action="store_true", help=_("open the window with sample brands and the sandbox"))
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title=_("verbs"), parser_class=Parser)
    _brand(verbs)
    _account(verbs)
    _daily(verbs)
    _post(verbs)
    _case(verbs)
    _approval(verbs)
    _template(verbs)
    _crisis(verbs)
    _hours(verbs)
    _triage(verbs)
    scheduling_parser.add_verbs(verbs, Parser)
    plan.add_verb(verbs, Parser)
    links_parser.add_verbs(verbs, Parser)
    markets_parser.add_verb(verbs, Parser)
    contacts_parser.add_verb(verbs, Parser)
    circles_parser.add_verb(verbs, Parser)
    listening_parser.add_verb(verbs, Parser)
    _profile(verbs)
    return parser


def _brand(verbs: Any) -> None:
    brand = verbs.add_parser("brand", help=_("add or list brands")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    add = brand.add_parser("add", help=_("add a brand"))
    add.add_argument("name", metavar="NAME")
    add.add_argument("--zone", default="", help=_("time zone, like Europe/Madrid"))
    add.add_argument("--language", default="es", help=_("language of the brand, like es"))
    add.add_argument("--color", default="", help=_("colour, like #2f6fde"))
    _json(add)
    _json(brand.add_parser("list", help=_("list the brands")))
    pausing_parser.add_pauses(brand)


def _account(verbs: Any) -> None:
    account = verbs.add_parser("account", help=_("connect or list accounts")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    add = account.add_parser("add", help=_("connect an account; the secret is read from standard input"))
    add.add_argument("--brand", required=True)
    add.add_argument("--network", choices=("mastodon", "bluesky"))
    add.add_argument("--server", metavar="URL", help=_("the server's address (https)"))
    add.add_argument("--handle", default="", help=_("Bluesky: the account's handle"))
    add.add_argument("--purpose", default="both", choices=("both", "care", "promotion"))
    secret = add.add_mutually_exclusive_group(required=True)
    secret.add_argument("--by-hand", metavar="NAME", help=_("a place where you publish by hand; no secret"))
    pausing_parser.add_place(add)
    secret.add_argument("--token-stdin", action="store_true", help=_("Mastodon: read the access token"))
    secret.add_argument("--password-stdin", action="store_true", help=_("Bluesky: read the app password"))
    _json(add)
    listing = account.add_parser("list", help=_("list the accounts"))
    listing.add_argument("--brand")
    _json(listing)


def _daily(verbs: Any) -> None:
    sync = verbs.add_parser("sync", help=_("read everything new, one full round"))
    sync.add_argument("--brand")
    _json(sync)
    inbox = verbs.add_parser("inbox", help=_("list conversations, newest first"))
    inbox.add_argument("--brand")
    inbox.add_argument("--state", choices=[state.value for state in ConversationState])
    inbox.add_argument("--search", metavar="TEXT")
    inbox.add_argument("--limit", type=_count, default=50, metavar="N")
    _json(inbox)
    reply = verbs.add_parser("reply", help=_("answer a conversation"))
    reply.add_argument("conversation", type=int, metavar="CONVERSATION")
    reply.add_argument("--text", required=True)
    reply.add_argument("--now", action="store_true", help=_("send at once, without the seconds to take it back"))
    reply.add_argument("--sure", action="store_true", help=_("it is meant so, although it names another brand"))
    _json(reply)
    publish = verbs.add_parser("publish", help=_("send what is due and settle what is uncertain"))
    publish.add_argument(
        "--take-over", action="store_true", help=_("publish from this copy of the profile from now on")
    )
    publish.add_argument(
        "--wait",
        type=_seconds,
        default=240,
        metavar="SECONDS",
        help=_("how long to look for what is uncertain before leaving it for later (240)"),
    )
    _json(publish)


def _post(verbs: Any) -> None:
    post = verbs.add_parser("post", help=_("plan, list or show posts")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    add = post.add_parser("add", help=_("plan a post"))
    add.add_argument("--brand", required=True)
    add.add_argument("--account", required=True, nargs="+", action="extend", metavar="A", help=_("handle or number"))
    add.add_argument("--text", required=True)
    add.add_argument("--media", type=Path, action="append", metavar="F", help=_("a picture or film"))
    add.add_argument("--alt", action=AltAction, metavar="T", help=_("what the picture or film shows"))
    add.add_argument("--language", default="", help=_("language of the post; else the brand's"))
    add.add_argument("--visibility", default="public", choices=("public", "unlisted", "private"))
    targeting_parser.add_audience(add)
    when = add.add_mutually_exclusive_group(required=True)
    when.add_argument("--at", metavar="ISO", help=_("when, like 2026-03-02T10:00"))
    when.add_argument("--now", action="store_true")
    when.add_argument("--draft", action="store_true")
    add.set_defaults(alts=[])
    _json(add)
    add.add_argument("--sure", action="store_true", help=_("it is meant so, although it names another brand"))
    reviewed = post.add_parser(
        "review", help=_("say what stands in a post's way; status 1 when something must be mended")
    )
    reviewed.add_argument("id", type=int, metavar="POST")
    _json(reviewed)
    listing = post.add_parser("list", help=_("list posts"))
    listing.add_argument("--brand")
    listing.add_argument("--limit", type=_count, default=100, metavar="N")
    _json(listing)
    shown = post.add_parser("show", help=_("show one post with each delivery's state"))
    shown.add_argument("id", type=int, metavar="ID")
    _json(shown)
    retried = post.add_parser("retry", help=_("try again only what of a post failed"))
    retried.add_argument("id", type=_count, metavar="ID")
    _json(retried)
    verified = post.add_parser(
        "verify", help=_("read back what is out of a post; status 1 when it differs from what was written")
    )
    verified.add_argument("id", type=_count, metavar="ID")
    _json(verified)
    targeting_parser.add_schedule(post)
    pausing_parser.add_done(post)
    scheduling_parser.add_import(post)


def _template(verbs: Any) -> None:
    template = verbs.add_parser("template", help=_("list, import or export templates")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    listing = template.add_parser("list", help=_("list templates, the most used first"))
    listing.add_argument("--brand")
    listing.add_argument("--search", metavar="TEXT", help=_("words of the name, the folder or a text"))
    listing.add_argument("--limit", type=_count, default=1000, metavar="N")
    _json(listing)
    taking = template.add_parser("import", help=_("take in a CSV or JSON file; the same file again changes nothing"))
    taking.add_argument("file", type=Path, metavar="FILE", help=_("- for standard input"))
    taking.add_argument("--brand", help=_("whose those without a brand are; else every brand's"))
    taking.add_argument("--format", choices=("csv", "json"))
    taking.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))
    _json(taking)
    writing = template.add_parser("export", help=_("write templates to a CSV or JSON file"))
    writing.add_argument("file", type=Path, metavar="FILE", help=_("- for standard output"))
    writing.add_argument("--brand", help=_("what this brand sees; else all of them"))
    writing.add_argument("--format", choices=("csv", "json"))
    writing.add_argument("--delimiter", choices=(",", ";"), default=",", help=_("between CSV columns"))
    _json(writing)


def _crisis(verbs: Any) -> None:
    crisis = verbs.add_parser("crisis", help=_("hold everything planned at once, or end that")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    start = crisis.add_parser("start", help=_("hold everything planned of a brand, or of all (the default)"))
    start.add_argument("--reason", default="", metavar="TEXT", help=_("what happened, for the log"))
    stop = crisis.add_parser("stop", help=_("hold nothing new; what is held waits for a decision"))
    for each in (start, stop):
        whose = each.add_mutually_exclusive_group()
        whose.add_argument("--brand")
        whose.add_argument("--all", action="store_true", help=_("every brand"))
        _json(each)
    status = crisis.add_parser("status", help=_("tell which crises last and what they hold"))
    status.add_argument("--brand")
    status.add_argument("--history", action="store_true", help=_("closed ones too"))
    _json(status)


def _hours(verbs: Any) -> None:
    hours = verbs.add_parser("hours", help=_("tell or set service hours")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    listing = hours.add_parser("show", help=_("tell hours, whether it is open, and by when to answer"))
    listing.add_argument("--brand")
    _json(listing)
    setting = hours.add_parser("set", help=_("change what is named; the rest stays"))
    setting.add_argument("--brand", required=True)
    setting.add_argument("--market", default="", metavar="NAME", help=_("a market of the brand, with its own hours"))
    setting.add_argument(
        "--shift",
        action="append",
        metavar="LINE",
        help=_('all the hours, a line each, like "mon-fri 09:00-14:00 17:00-20:00" or "sat 10:00-14:00 @07-01..08-31"'),
    )
    setting.add_argument("--holidays", metavar="CODE", help=_('country and region, like ES-MD; "" for none'))
    setting.add_argument(
        "--first-answer", metavar="TIME", help=_("service time to the first answer, like 4h; 0m for none")
    )
    setting.add_argument("--solution", metavar="TIME", help=_("service time to the solution of a complaint"))
    setting.add_argument("--channels", metavar="TEXT", help=_("other ways to reach the brand"))
    _json(setting)


def _triage(verbs: Any) -> None:
    triage = verbs.add_parser("triage", help=_("judge a message, or a file of them; needs no profile"))
    what = triage.add_mutually_exclusive_group(required=True)
    what.add_argument("text", nargs="?", metavar="TEXT")
    what.add_argument("--file", metavar="F", help=_("one message a line, UTF-8; - for standard input"))
    triage.add_argument(
        "--likely",
        action="append",
        metavar="CODE",
        help=_("a language it may be in; several times, the likeliest first"),
    )
    triage.add_argument("--json", action="store_true", help=_("an object; with --file one a line"))


def _case(verbs: Any) -> None:
    case = verbs.add_parser("case", help=_("list, show or export complaint cases")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    listing = case.add_parser("list", help=_("list cases, last opened first"))
    listing.add_argument("--brand")
    listing.add_argument("--state", choices=[state.value for state in CaseState])
    listing.add_argument("--due", action="store_true", help=_("only cases of which something is due"))
    listing.add_argument("--search", metavar="TEXT")
    listing.add_argument("--limit", type=_count, default=100, metavar="N")
    _json(listing)
    shown = case.add_parser("show", help=_("show one case"))
    export = case.add_parser("export", help=_("write the case sheet for the client"))
    for each in (shown, export):
        each.add_argument("number", type=_count, metavar="N", help=_("the case's number in its brand"))
        each.add_argument("--brand", help=_("needed where several brands have a case of that number"))
    _json(shown)
    export.add_argument(
        "--format", choices=("text", "html", "json", "pdf"), help=_("else by the name of the file; text without one")
    )
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help=_("where to; else standard output"))
    export.add_argument("--language", choices=("es", "en"), help=_("language of the sheet; else the brand's"))


def _approval(verbs: Any) -> None:
    approval = verbs.add_parser("approval", help=_("ask clients for approval and note their answers")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=Parser
    )
    ask = approval.add_parser("ask", help=_("make a numbered sheet of planned posts"))
    ask.add_argument("post", type=_count, nargs="+", metavar="POST", help=_("numbers of the posts, in their order"))
    ask.add_argument("--days", type=_count, metavar="N", help=_("days for the answer; else before the first post"))
    ask.add_argument("--title", default="")
    ask.add_argument("--message", default="", help=_("a note to the client"))
    ask.add_argument("--to", default="", help=_("who is asked: a name or a mail address"))
    ask.add_argument("--language", choices=_SHEET_LANGUAGES, help=_("language of the sheet; else the brand's"))
    listing = approval.add_parser("list", help=_("list the open sheets, newest first"))
    listing.add_argument("--brand")
    listing.add_argument("--all", action="store_true", help=_("closed ones too"))
    shown = approval.add_parser("show", help=_("show one sheet with its answers"))
    answer = approval.add_parser("answer", help=_("note what the client answered; else from standard input"))
    answer.add_argument("--text", metavar="TEXT", help=_("like: 1 yes, 2 change: shorter"))
    answer.add_argument("--by", default="", metavar="NAME", help=_("who answered"))
    answer.add_argument("--partial", action="store_true", help=_("note what was understood although some was not"))
    export = approval.add_parser("export", help=_("write the sheet to send it"))
    export.add_argument(
        "--format", choices=("text", "html", "pdf", "eml"), help=_("else by the name of the file; text without one")
    )
    export.add_argument("--pdf", dest="format", action="store_const", const="pdf", help=_("the same as --format pdf"))
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help=_("where to; else standard output"))
    export.add_argument("--language", choices=_SHEET_LANGUAGES, help=_("language of the sheet; else the brand's"))
    withdraw = approval.add_parser("withdraw", help=_("take a question back"))
    withdraw.add_argument("--post", type=_count, action="append", metavar="N", help=_("only this number of the sheet"))
    for each in (shown, answer, export, withdraw):
        each.add_argument("number", type=_count, metavar="N", help=_("the sheet's number in its brand"))
        each.add_argument("--brand", help=_("needed where several brands have a sheet of that number"))
    for each in (ask, listing, shown, answer, withdraw):
        _json(each)


def _profile(verbs: Any) -> None:
    verbs.add_parser("demo", help=_("fill the profile with the sample brands"))
    report = verbs.add_parser("report", help=_("write a brand's monthly report as PDF"))
    report.add_argument("--brand", required=True)
    report.add_argument("--month", required=True, metavar="YYYY-MM")
    report.add_argument("--out", required=True, type=Path, metavar="FILE.pdf")
    report.add_argument("--language", choices=("es", "en"))
    verbs.add_parser("backup", help=_("write everything to one file, without secrets")).add_argument("file", type=Path)
    verbs.add_parser("restore", help=_("put a backup in the profile's place")).add_argument("file", type=Path)
    doctor = verbs.add_parser("doctor", help=_("check the profile and this machine"))
    doctor.add_argument("--self-test", action="store_true", help=_("check that the program itself is complete"))
    _json(doctor)
    verbs.add_parser("screenshots", help=_("write every screen as PNG")).add_argument(
        "folder", type=Path, metavar="DIR"
    )


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return the options; raises UsageError after the line about it, SystemExit for --help and --version."""
    return build().parse_args(list(argv))


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=_("an array of objects"))


def _seconds(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 3600:
        raise argparse.ArgumentTypeError(_("a number from 0 to 3600"))
    return number


def _count(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0
    if not 1 <= number <= 100_000:
        raise argparse.ArgumentTypeError(_("a number from 1 to 100000"))
    return number

"""The case sheet: what a client who has no account here needs to answer a question (Q13, N7), as text and as a page.

Pure. It is made in the language in force, with times in the brand's zone; what a network said is plain text in it.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote as percent
from zoneinfo import ZoneInfo

from cmdesk.care.case_words import compensation_word, money, outcome_word, state_word
from cmdesk.care.protocol import text_of
from cmdesk.care.values import Case, CaseFile, Promise, Referral, Step
from cmdesk.i18n import _, language, ngettext, pgettext
from cmdesk.safe_text import clean_line, safe_body

LONGEST_QUOTE = 2000
LONGEST_MAIL = 1800
"""Longer addresses are cut by some mail programs."""

_STYLE = (
    ":root{color-scheme:light}body{font:15px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;color:#1c2430;"
    "background:#fff;max-width:46em;margin:2em auto;padding:0 1.2em}header{border-bottom:3px solid #2f6fde;"
    "padding-bottom:.6em}header p{margin:0;color:#5a6472}h1{font-size:1.5em;margin:.1em 0}h2{font-size:1.05em;"
    "margin:1.6em 0 .4em}p{margin:.4em 0;overflow-wrap:anywhere}.asked{border:1px solid #c9d0da;border-radius:8px;"
    "padding:.2em 1.1em .8em;background:#f5f7fa}dl{display:grid;grid-template-columns:minmax(9em,max-content) 1fr;"
    "gap:.25em 1.2em;margin:.4em 0}dt{color:#5a6472}dd{margin:0;overflow-wrap:anywhere}blockquote{white-space:pre-wrap;"
    "border-left:3px solid #8b96a5;margin:.6em 0;padding:.1em 0 .1em 1em;overflow-wrap:anywhere}"
    "blockquote footer{color:#5a6472;font-size:.9em;white-space:normal}a{color:#1d4f9e}"
    "body>footer{margin-top:2.4em;border-top:1px solid #c9d0da;padding-top:.6em;color:#5a6472;font-size:.9em}"
    "@media print{body{margin:0;max-width:none}.asked{background:none}blockquote,section{break-inside:avoid}}"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said in the conversation, as the network has it."""

    author: str
    at: datetime
    text: str
    url: str = ""
    own: bool = False
    private: bool = False
    pictures: tuple[tuple[str, str], ...] = ()  # (description, address)


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """Everything a sheet is made of; `asked` is a question that is being written and not stored yet."""

    file: CaseFile
    zone: str
    made_at: datetime
    quotes: tuple[Quote, ...] = ()
    links: tuple[str, ...] = ()
    information: tuple[Step, ...] = ()
    asked: Referral | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the sheet: named facts, then paragraphs, then quotes (words, where from, address)."""

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    quotes: tuple[tuple[str, str, str], ...] = ()
    links: tuple[str, ...] = ()
    question: bool = False  # what the client is asked


@dataclass(frozen=True, slots=True)
class Sheet:
    """A case sheet in words; a page, a text and a PDF show the same sections."""

    language: str
    brand: str
    heading: str
    title: str
    sections: tuple[Section, ...]
    footer: str

    @property
    def subject(self) -> str:
        """The subject of a mail that carries it."""
        return clean_line(f"{self.brand} · {self.heading}" + (f": {self.title}" if self.title else ""), limit=160)

    @property
    def text(self) -> str:
        """The sheet as plain text, for mail and clipboard."""
        return "\n".join(_text_lines(self)).strip() + "\n"

    @property
    def html(self) -> str:
        """The sheet as a page of its own: no script, nothing loaded from elsewhere, ready to print."""
        return _page(self)

    @property
    def mailto(self) -> str:
        """The address that opens a mail with the sheet in it; cut at the end where mail programs would."""
        head = f"mailto:?subject={percent(self.subject)}&body="
        body = self.text.replace("\n", "\r\n")
        room = LONGEST_MAIL - len(head)
        coded = percent(body)
        while len(coded) > room:
            body = body[: max(len(body) * room // len(coded) - 2, 0)].rstrip()
            coded = percent(f"{body}…") if body else ""
        return head + coded


def make_sheet(facts: SheetFacts) -> Sheet:
    """Return the sheet of a case in the language in force."""
    case = facts.file.case
    sections = (
        _asked(facts),
        _person(facts),
        _said(facts),
        _known(facts),
        _done(facts),
    )
    made = _("Made on {date}. Times are those of {zone}.").format(date=_when(facts, facts.made_at), zone=facts.zone)
    return Sheet(
        language=language(),
        brand=clean_line(facts.file.brand, limit=100),
        heading=_("Case no. {number}").format(number=case.number),
        title=clean_line(case.title, limit=200),
        sections=tuple(each for each in sections if each is not None),
        footer=made,
    )


# Sections


def _asked(facts: SheetFacts) -> Section | None:
    waiting = [each for each in facts.file.referrals if each.answered_at is None]
    if facts.asked is not None:
        # A question being changed stands for itself; any other that waits stays asked.
        waiting = [facts.asked, *(each for each in waiting if each.id != facts.asked.id)]
    if not waiting:
        return None
    rows: list[tuple[str, str]] = []
    for each in waiting:
        rows.append((pgettext("case sheet", "For"), clean_line(each.who, limit=200)))
        rows.append((_("Question"), _body(each.asked)))
        if each.due_at is not None:
            rows.append((_("Answer by"), _when(facts, each.due_at)))
    return Section(_("What we need from you"), rows=tuple(rows), question=True)


def _person(facts: SheetFacts) -> Section:
    file = facts.file
    rows = [(_("Person"), clean_line(file.person, limit=200) or _("Unknown"))]
    if file.handle:
        rows.append((_("Profile"), clean_line(f"@{file.handle.removeprefix('@')} ({file.network.title()})", limit=200)))
    if file.earlier:
        count = len(file.earlier)
        numbers = ", ".join(str(each.number) for each in file.earlier[:10])
        text = ngettext("{count} earlier case (no. {numbers})", "{count} earlier cases (no. {numbers})", count)
        rows.append((_("Known to us"), text.format(count=count, numbers=numbers)))
    return Section(_("Who"), rows=tuple(rows))


def _said(facts: SheetFacts) -> Section | None:
    quotes = []
    for each in facts.quotes:
        words = _body(each.text)
        if each.pictures:
            shown = [f"[{_('Picture')}: {clean_line(alt or address, limit=300)}]" for alt, address in each.pictures]
            words = "\n".join([words, *shown]).strip()
        source = f"{clean_line(each.author, limit=120)}, {_when(facts, each.at)}"
        if each.private:
            source = _("{source}, in private").format(source=source)
        quotes.append((words, source, each.url))
    if not quotes and not facts.links:
        return None
    return Section(_("What was said"), quotes=tuple(quotes), links=facts.links)


def _known(facts: SheetFacts) -> Section | None:
    case = facts.file.case
    rows: list[tuple[str, str]] = []
    if case.cause:
        rows.append((_("Cause"), clean_line(case.cause, limit=200)))
    if case.valid is not None:
        rows.append((_("Complaint"), _("Justified") if case.valid else _("Not justified this time")))
    if case.solvable is False:
        rows.append((_("Can it be solved?"), _("No longer; the person wants to be heard")))
    names = {each.key: text_of(each.texts, language()) for each in facts.information}
    missing: list[str] = []
    for key, answer in case.info.items():
        if answer:
            rows.append((names.get(key, key), _body(answer)))
        else:
            missing.append(names.get(key, key))
    if missing:
        rows.append((_("Not known yet"), ", ".join(missing)))
    return Section(_("What is known"), rows=tuple(rows)) if rows else None


def _done(facts: SheetFacts) -> Section:
    file, case = facts.file, facts.file.case
    rows = [(_("State"), _state(case)), (_("Opened"), _when(facts, case.opened_at))]
    rows += [(_("Promised to the person"), _promise(facts, each)) for each in file.promises if not each.withdrawn_at]
    if case.private_at is not None:
        rows.append((_("Moved to private"), _when(facts, case.private_at)))
    for each in file.referrals:
        if each.answered_at is not None:
            answer = f"{clean_line(each.who, limit=120)}, {_when(facts, each.answered_at)}: {_body(each.answer)}"
            rows.append((_("Answered by the client"), answer))
    for given in file.compensations:
        words = compensation_word(given.kind) + (f": {_body(given.detail)}" if given.detail else "")
        if given.cost_cents:
            words += f" ({money(given.cost_cents, given.currency)})"
        rows.append((_("Given"), words))
    if case.solution:
        rows.append((_("Solution"), _body(case.solution)))
    if case.solve_due_at is not None and case.solved_at is None:
        rows.append((_("To be solved by"), _when(facts, case.solve_due_at)))
    if case.follow_up_at is not None and case.followed_up_at is None and case.closed_at is None:
        rows.append((_("We ask again on"), _when(facts, case.follow_up_at)))
    return Section(_("What was done"), rows=tuple(rows))


def _state(case: Case) -> str:
    end = outcome_word(case.outcome)
    return f"{state_word(case.state)}: {end}" if end else state_word(case.state)


def _promise(facts: SheetFacts, promise: Promise) -> str:
    words = _body(promise.text)
    if promise.kept_at is not None:
        return _("{text} (kept on {date})").format(text=words, date=_when(facts, promise.kept_at))
    return _("{text} (by {date})").format(text=words, date=_when(facts, promise.due_at))


def _when(facts: SheetFacts, at: datetime) -> str:
    from babel.dates import format_datetime

    local = at.astimezone(ZoneInfo(facts.zone))
    pattern = "EEE d MMM y, H:mm" if language() == "es" else "EEE d MMM y, HH:mm"
    return str(format_datetime(local, pattern, tzinfo=local.tzinfo, locale=language()))


def _body(text: str) -> str:
    cut = safe_body(text, limit=LONGEST_QUOTE + 1).strip()
    return cut if len(cut) <= LONGEST_QUOTE else f"{cut[:LONGEST_QUOTE].rstrip()}…"


# Plain text


def _text_lines(sheet: Sheet) -> Iterator[str]:
    yield sheet.brand
    yield f"{sheet.heading}: {sheet.title}" if sheet.title else sheet.heading
    for section in sheet.sections:
        yield ""
        yield section.title.upper()
        for name, value in section.rows:
            first, *rest = value.split("\n")
            yield f"{name}: {first}"
            yield from (f"  {line}" for line in rest)
        yield from section.paragraphs
        for words, source, url in section.quotes:
            yield from (f"> {line}" for line in words.split("\n"))
            yield f"  — {source}"
            if url:
                yield f"  {url}"
        yield from section.links
    yield ""
    yield sheet.footer


# A page


def _page(sheet: Sheet) -> str:
    title = html.escape(sheet.subject)
    parts = [
        f'<!doctype html>\n<html lang="{html.escape(sheet.language)}">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        f"<header><p>{html.escape(sheet.brand)}</p><h1>{html.escape(sheet.heading)}</h1>",
        f"<p>{html.escape(sheet.title)}</p></header>" if sheet.title else "</header>",
    ]
    for section in sheet.sections:
        parts.append('<section class="asked">' if section.question else "<section>")
        parts.append(f"<h2>{html.escape(section.title)}</h2>")
        if section.rows:
            parts.append(f"<dl>{''.join(_rows(section.rows))}</dl>")
        parts += [f"<p>{_lines(each)}</p>" for each in section.paragraphs]
        parts += [_quote(*each) for each in section.quotes]
        parts += [f"<p>{_link(each)}</p>" for each in section.links]
        parts.append("</section>")
    parts.append(f"<footer>{html.escape(sheet.footer)}</footer>\n</body>\n</html>\n")
    return "\n".join(parts)


def _rows(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in rows:
        yield f"<dt>{html.escape(name)}</dt><dd>{_lines(value)}</dd>"


def _quote(words: str, source: str, url: str) -> str:
    where = html.escape(source) + (f" · {_link(url)}" if url else "")
    return f"<blockquote>{html.escape(words)}<footer>{where}</footer></blockquote>"


def _link(url: str) -> str:
    shown = html.escape(url)
    if not url.lower().startswith(("https://", "http://")):
        return shown
    return f'<a href="{shown}" rel="noopener noreferrer">{shown}</a>'


def _lines(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")

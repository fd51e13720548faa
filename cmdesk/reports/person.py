"""Everything about one person as a folder or a zip that opens without this program, with a dated certificate (N21)."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from cmdesk.errors import Invalid
from cmdesk.i18n import _, language
from cmdesk.people.certificate import Paper, Section, as_html, as_text
from cmdesk.reports.bundle import write_bundle
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.store.people_all import Care, Everything
from cmdesk.tables import guard
from cmdesk.wording_people import field_words

_STYLE = (
    "body{font:15px/1.55 sans-serif;max-width:54em;margin:2.5em auto;padding:0 1em;color:#1c2430}h1{font-size:1.5em}"
    "h2{font-size:1.15em;margin:2em 0 .5em;border-bottom:1px solid #c9d0da;padding-bottom:.2em}"
    "dl{display:grid;grid-template-columns:13em 1fr;gap:.25em 1em}dt{color:#5a6472}dd{margin:0;white-space:pre-wrap;"
    "overflow-wrap:anywhere}article{border-left:3px solid #c9d0da;padding:.1em 0 .1em 1em;margin:.9em 0}"
    "article.out{border-color:#2f6fde}p.meta{color:#5a6472;font-size:.88em;margin:0}"
    "p.said{margin:.15em 0;white-space:pre-wrap;overflow-wrap:anywhere}"
)


def export_person(found: Everything, *, brand: str, target: Path, made_at: datetime, zone: tzinfo) -> list[str]:
    """Write all of a person to `target`, a zip when it ends so, else a new folder; returns the files.

    index.html to read, person.json for programs, messages.csv and, where there are any, cases.csv, compensations.csv,
    evidence.csv and wishes.csv, certificate.txt and .html, SHA256SUMS. Times are those of `zone`, in JSON and CSV UTC.
    Raises Invalid (`export_place`).
    """
    paper = _certificate(found, brand=brand, made_at=made_at.astimezone(zone))
    files = {
        "index.html": _page(found, brand=brand, made_at=made_at, zone=zone).encode(),
        "person.json": (json.dumps(as_dict(found, brand), ensure_ascii=False, indent=2) + "\n").encode(),
        "messages.csv": _messages(found),
        **_tables(found),
        "certificate.txt": as_text(paper).encode(),
        "certificate.html": as_html(paper).encode(),
    }
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    files["SHA256SUMS"] = sums.encode()
    try:
        write_bundle(target, files, made_at)
    except OSError as error:
        raise Invalid(f"{target} cannot be written", code="export_place", detail=str(target)) from error
    return sorted(files)


def as_dict(found: Everything, brand: str) -> dict[str, object]:
    """Return a person as JSON holds them."""
    person = found.contact
    return {
        "brand": brand,
        "name": person.name,
        "language": person.language,
        "country": person.country,
        "market": found.market,
        "came_from": person.came_from,
        "expects": person.expects,
        "likes": person.likes,
        "bought": person.bought,
        "notes": person.notes,
        "advocate": person.advocate,
        "opt_out": {"asked": person.opt_out, "at": _utc(person.opt_out_at), "note": person.opt_out_note},
        "origin": person.origin or "network",
        "first_seen_at": _utc(person.first_seen_at),
        "last_seen_at": _utc(person.last_seen_at),
        "profiles": [
            {
                "network": each.network, "handle": each.handle, "name": each.name, "number": each.remote_id,
                "address": each.profile_url, "picture": each.avatar_url, "followers": each.followers,
            }
            for each in found.identities
        ],
        "own_fields": {each.name: value for each, value in found.fields},
        "circles": list(found.circles),
        "messages": [
            {
                "at": _utc(each.at), "conversation": each.conversation_id, "network": each.network,
                "from": "brand" if each.direction == "out" else "person", "kind": each.kind, "text": each.text,
                "address": each.url, "pictures": list(each.pictures), "deleted_at": _utc(each.deleted_at),
            }
            for each in found.said
        ],
        "cases": [_care(each) for each in found.cases],
        "compensations": [_care(each) for each in found.compensations],
        "evidence": [_care(each) for each in found.evidence],
        "wishes": [{"at": _utc(at), "kind": kind, "text": text} for at, kind, text in found.wishes],
        "history": [{"at": _utc(at), "kind": kind, "text": text} for at, kind, text in found.notes],
    }  # fmt: skip


def _care(each: Care) -> dict[str, object]:
    return {"number": each.number, "at": _utc(each.at), **each.facts}


def _messages(found: Everything) -> bytes:
    return _csv(
        ("at", "conversation", "network", "from", "kind", "text", "address"),
        (
            (
                _utc(each.at) or "", str(each.conversation_id), each.network,
                "brand" if each.direction == "out" else "person", each.kind, each.text, each.url,
            )
            for each in found.said
        ),
    )  # fmt: skip


def _tables(found: Everything) -> dict[str, bytes]:
    """The lists that are short, each as a table of its own; what there is none of has no file."""
    files: dict[str, bytes] = {}
    for name, columns, every in (
        ("cases.csv", ("title", "state", "cause", "outcome", "solution"), found.cases),
        ("compensations.csv", ("kind", "detail", "cost"), found.compensations),
        ("evidence.csv", ("reason", "sha256"), found.evidence),
    ):
        if every:
            rows = (
                (str(each.number), _utc(each.at) or "", *(each.facts.get(column, "") for column in columns))
                for each in every
            )
            files[name] = _csv(("number", "at", *columns), rows)
    if found.wishes:
        files["wishes.csv"] = _csv(
            ("at", "kind", "text"), ((_utc(at) or "", kind, text) for at, kind, text in found.wishes)
        )
    return files


def _csv(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows([guard(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _page(found: Everything, *, brand: str, made_at: datetime, zone: tzinfo) -> str:
    title = _("Everything {brand} holds about {name}").format(
        brand=clean_line(brand, limit=200), name=clean_line(found.contact.name, limit=200)
    )
    person = found.contact

    def local(at: datetime | None) -> str:
        return "" if at is None else at.astimezone(zone).strftime("%Y-%m-%d %H:%M")

    rows = [
        *((field_words(name), str(getattr(person, name) or "")) for name in ("name", "language", "country")),
        (field_words("market"), found.market),
        *(
            (field_words(name), str(getattr(person, name)))
            for name in ("came_from", "expects", "likes", "bought", "notes")
        ),
        (field_words("advocate"), _("yes") if person.advocate else ""),
        (field_words("opt_out"), f"{local(person.opt_out_at)} {person.opt_out_note}".strip() if person.opt_out else ""),
        (_("First seen"), local(person.first_seen_at)),
        (_("Last seen"), local(person.last_seen_at)),
        (field_words("circles"), ", ".join(found.circles)),
        *((each.name, value) for each, value in found.fields),
        *((each.network.capitalize(), f"{each.handle} {each.profile_url}".strip()) for each in found.identities),
    ]
    said = "".join(
        f"<article class='{each.direction}'><p class='meta'>{html.escape(local(each.at))} · "
        f"{html.escape(each.network.capitalize())} · "
        f"{html.escape(brand if each.direction == 'out' else person.name)}</p>"
        f"<p class='said'>{html.escape(safe_body(each.text))}</p></article>"
        for each in found.said
    )
    lists = (
        (_("Cases"), [_facts(each, local(each.at)) for each in found.cases]),
        (_("Compensations"), [_facts(each, local(each.at)) for each in found.compensations]),
        (_("Evidence"), [_facts(each, local(each.at)) for each in found.evidence]),
        (_("Wishes"), [f"{local(at)} · {text}" for at, _kind, text in found.wishes]),
        (_("Notes and history"), [f"{local(at)} · {text}" for at, _kind, text in found.notes]),
    )
    parts = [
        f"<!doctype html><html lang='{html.escape(language())}'><head><meta charset='utf-8'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body><h1>{html.escape(title)}</h1>"
        f"<p class='meta'>{html.escape(_('Written on {day}').format(day=local(made_at)))}</p><dl>",
        *(
            f"<dt>{html.escape(clean_line(name, limit=80))}</dt><dd>{html.escape(safe_body(value))}</dd>"
            for name, value in rows
            if value
        ),
        "</dl>",
        *(f"<h2>{html.escape(name)}</h2><ul>{_items(lines)}</ul>" for name, lines in lists if lines),
        f"<h2>{html.escape(_('Messages'))}</h2>{said}" if said else "",
        "</body></html>\n",
    ]
    return "".join(parts)


def _facts(each: Care, day: str) -> str:
    return " · ".join([f"{each.number}", day, *each.facts.values()])


def _items(lines: Iterable[str]) -> str:
    return "".join(f"<li>{html.escape(clean_line(each, limit=2000))}</li>" for each in lines)


def _certificate(found: Everything, *, brand: str, made_at: datetime) -> Paper:
    counts: Sequence[tuple[str, int]] = (
        (_("Profiles"), len(found.identities)),
        (_("Messages"), len(found.said)),
        (_("Cases"), len(found.cases)),
        (_("Compensations"), len(found.compensations)),
        (_("Evidence"), len(found.evidence)),
        (_("Wishes"), len(found.wishes)),
        (_("Notes and history"), len(found.notes)),
    )
    return Paper(
        title=_("Certificate of disclosure"),
        intro=(
            _("On {day}, {brand} handed over everything it holds in CM Desk about {name}.").format(
                day=made_at.strftime("%Y-%m-%d %H:%M %Z").strip(), brand=brand, name=found.contact.name
            ),
        ),
        sections=(Section(_("Handed over"), rows=tuple(row for row in counts if row[1])),),
        foot=_("The file SHA256SUMS shows that nothing was changed since. Written by CM Desk."),
        language=language(),
    )


def _utc(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds").replace("+00:00", "Z")

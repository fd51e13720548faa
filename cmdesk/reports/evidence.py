"""The evidence vault for a lawyer: a folder or a zip that can be read and checked without this program (N22)."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from cmdesk.care.values import Evidence
from cmdesk.errors import Invalid
from cmdesk.i18n import _, language
from cmdesk.reports.bundle import write_bundle
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.wording_crisis import deed_word, why_word

_STYLE = (
    "body{font:15px/1.5 sans-serif;max-width:52em;margin:2em auto;padding:0 1em;color:#1c2430}"
    "article{border:1px solid #c9d0da;border-radius:8px;padding:1em 1.4em;margin:1.5em 0;break-inside:avoid}"
    "h2{font-size:1.1em;margin:0 0 .6em}dl{display:grid;grid-template-columns:12em 1fr;gap:.2em 1em;margin:.6em 0}"
    "dt{color:#5a6472}dd{margin:0;overflow-wrap:anywhere}blockquote{white-space:pre-wrap;border-left:3px solid #8b96a5;"
    "margin:.8em 0;padding:.2em 0 .2em 1em;overflow-wrap:anywhere}img{max-width:100%;max-height:30em}"
    "code{font-size:.85em;overflow-wrap:anywhere}"
)


def export(
    records: Sequence[Evidence], *, brand: str, media_folder: Path, target: Path, made_at: datetime,
    broken: Sequence[int] = (),
) -> list[str]:  # fmt: skip
    """Write records (oldest first is best) to `target`, a zip when it ends so, else a new folder; returns the files.

    evidence.json as stored, index.html in the language in force, pictures, SHA256SUMS. A picture that is no longer on
    disk is named in the page. A zip that exists is replaced. Raises Invalid (`evidence_place`) for a folder that
    exists, and when nothing can be written there.
    """
    files: dict[str, bytes] = {}
    for name in dict.fromkeys(name for each in records for name, _sha in each.files):
        path = media_folder / name
        if path.is_file():
            files[f"pictures/{name}"] = path.read_bytes()
    files["evidence.json"] = _json(records, brand=brand, made_at=made_at, broken=broken)
    files["index.html"] = _page(records, brand=brand, made_at=made_at, broken=broken, have=files).encode()
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    files["SHA256SUMS"] = sums.encode()
    try:
        write_bundle(target, files, made_at)
    except OSError as error:
        raise Invalid(f"{target} cannot be written", code="evidence_place", detail=error.strerror or "") from error
    return sorted(files)


def as_dict(each: Evidence) -> dict[str, object]:
    """Return a record as it is exported: everything its hash is taken of, the hash and the link."""
    return {
        "id": each.id,
        "brand": each.brand_id,
        "conversation": each.conversation_id,
        "message": each.message_id,
        "reason": each.reason,
        "note": each.note,
        "at": round(each.at.timestamp() * 1000),
        "content": dict(each.content),
        "files": [list(file) for file in each.files],
        "sha256": each.sha256,
        "chain": each.chain,
    }


def _json(records: Sequence[Evidence], *, brand: str, made_at: datetime, broken: Sequence[int]) -> bytes:
    whole = {
        "brand": brand,
        "made_at": made_at.isoformat(timespec="seconds"),
        "how_to_check": (
            "sha256 is the SHA-256 of the JSON object {at, brand, content, conversation, files, message, note, reason}"
            " written in UTF-8 with sorted keys, without blanks and without escaping letters. chain is the SHA-256 of"
            " the chain before it (64 zeros for a brand's first record), a line feed, and sha256."
        ),
        "not_as_frozen": list(broken),
        "records": [as_dict(each) for each in records],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _page(
    records: Sequence[Evidence], *, brand: str, made_at: datetime, broken: Sequence[int], have: Mapping[str, bytes]
) -> str:
    title = _("Evidence of {brand}").format(brand=clean_line(brand, limit=200))
    intro = _("{count} records, written on {date}.").format(
        count=len(records), date=made_at.isoformat(sep=" ", timespec="minutes")
    )
    state = (
        _("These records are not what was frozen: {numbers}").format(numbers=", ".join(str(each) for each in broken))
        if broken
        else _("Each record carries its hash, and each hash covers the record before it: none was changed.")
    )
    parts = [
        f"<!doctype html><html lang='{html.escape(language())}'><head><meta charset='utf-8'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; img-src 'self'; style-src"
        f" 'unsafe-inline'\"><title>{html.escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{html.escape(title)}</h1><p>{html.escape(intro)}</p><p>{html.escape(state)}</p>",
        *(_article(each, have) for each in records),
        "</body></html>\n",
    ]
    return "".join(parts)


def _article(each: Evidence, have: Mapping[str, bytes]) -> str:
    told = each.content
    author = told.get("author")
    person = author if isinstance(author, Mapping) else {}
    rows = [
        (_("Reason"), why_word(each.reason)),
        (_("What was done"), deed_word(str(told.get("deed", "")))),
        (_("Note"), each.note),
        (_("Author"), f"{person.get('name', '')} {person.get('handle', '')}".strip()),
        (_("Author's number"), str(person.get("remote_id") or "")),
        (_("Author's profile"), str(person.get("profile_url") or "")),
        (_("Network"), f"{told.get('network', '')} {told.get('server', '')}".strip()),
        (_("Received by"), str(told.get("account") or "")),
        (_("Address"), str(told.get("url") or "")),
        (_("Number on the network"), str(told.get("remote_id") or "")),
        (_("Written"), str(told.get("created_at") or "")),
        (_("Edited"), str(told.get("edited_at") or "")),
        (_("Frozen"), str(told.get("frozen_at") or "")),
    ]
    facts = "".join(
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(clean_line(value, limit=2000))}</dd>"
        for name, value in rows
        if value
    )
    body = "".join(
        f"<blockquote>{html.escape(safe_body(str(text)))}</blockquote>"
        for text in (told.get("spoiler"), told.get("text"))
        if text
    )
    return (
        f"<article><h2>{html.escape(_('Record {number}').format(number=each.id))}</h2>{body}<dl>{facts}</dl>"
        f"{_edits(told)}{_pictures(told, each.files, have)}"
        f"<p><code>SHA-256 {each.sha256}<br>{html.escape(_('Chain'))} {each.chain}</code></p></article>"
    )


def _edits(told: Mapping[str, object]) -> str:
    edits = told.get("edits")
    if not isinstance(edits, list) or not edits:
        return ""
    lines = "".join(
        f"<blockquote>{html.escape(str(each.get('at', '')))}\n"
        f"{html.escape(safe_body(str(each.get('text', ''))))}</blockquote>"
        for each in edits
        if isinstance(each, Mapping)
    )
    return f"<p>{html.escape(_('Earlier versions'))}</p>{lines}"


def _pictures(told: Mapping[str, object], files: Iterable[tuple[str, str]], have: Mapping[str, bytes]) -> str:
    parts = [
        f"<p><img src='pictures/{html.escape(name)}' alt=''></p>"
        if f"pictures/{name}" in have
        else f"<p>{html.escape(_('This picture is no longer on disk: {file}').format(file=name))}</p>"
        for name, _sha in files
    ]
    attachments = told.get("attachments")
    for each in attachments if isinstance(attachments, list) else ():
        if isinstance(each, Mapping) and not each.get("at_hand"):
            words = _("Not at hand when it was frozen: {url}").format(
                url=clean_line(str(each.get("url", "")), limit=2000)
            )
            parts.append(f"<p>{html.escape(words)}</p>")
    return "".join(parts)

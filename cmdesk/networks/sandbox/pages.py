"""The few pages for people: the list of accounts, a profile, a status as a browser opens it."""

from __future__ import annotations

import html

from cmdesk.networks.sandbox import threads
from cmdesk.networks.sandbox.records import Status
from cmdesk.networks.sandbox.web import Answer, Call, not_found, route

_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1.25rem}
h1{font-size:1.4rem}a{color:inherit}ul{padding-left:1.2rem}
article{border:1px solid #8884;border-radius:12px;padding:1rem 1.25rem;margin:1rem 0}
header{display:flex;gap:.75rem;align-items:center}header img{width:48px;height:48px;border-radius:12px}
article img{max-width:100%;border-radius:8px}small{opacity:.65}
button,select{font:inherit;padding:.5rem 1rem;border-radius:8px;border:1px solid #8886}
button{background:#4453d6;color:#fff;border:0}button.quiet{background:#8883;color:inherit}
.invisible{display:none}
"""


def document(title: str, body: str, *, status: int = 200) -> Answer:
    """A small HTML page without scripts."""
    page = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>{body}</body></html>'
    )
    headers = {"Content-Security-Policy": "default-src 'self'; style-src 'unsafe-inline'; form-action *"}
    return Answer(page.encode(), status, headers, "text/html; charset=utf-8")


def _article(call: Call, status: Status) -> str:
    shown = call.server.entities(None).status(status)
    account = shown["account"]
    pictures = "".join(
        f'<p><img src="{html.escape(m["preview_url"] or "")}" alt="{html.escape(m["description"] or "")}"></p>'
        for m in shown["media_attachments"]
    )
    return (
        f'<article><header><img src="{html.escape(account["avatar"])}" alt=""><div><b>'
        f"<bdi>{html.escape(account['display_name'])}</bdi></b><br><small>@{html.escape(account['acct'])}</small></div>"
        f"</header>{call.server.entities(None).html(status.text, call.world.book.people[status.author])}{pictures}"
        f'<small><a href="{html.escape(shown["url"] or "")}">{status.created_at:%Y-%m-%d %H:%M} UTC</a> · '
        f"♥ {shown['favourites_count']} · ⇄ {shown['reblogs_count']}</small></article>"
    )


@route("GET /")
def front(call: Call) -> Answer:
    """Who lives here."""
    rows = "".join(f'<li><a href="/@{html.escape(p.acct)}">{html.escape(p.name)}</a></li>' for p in call.world.locals())
    return document("CM Desk sandbox", f"<h1>CM Desk sandbox</h1><p>Everything here is invented.</p><ul>{rows}</ul>")


@route("GET /@:acct")
def profile(call: Call) -> Answer:
    """A person's public statuses."""
    person = call.world.find_person(call.args["acct"])
    if person is None:
        raise not_found()
    rows = [s for s in call.world.by_author(person) if not s.boost_of and call.world.visible(s, None)][:40]
    body = f"<h1>{html.escape(person.name)}</h1><p>{html.escape(person.note)}</p>"
    return document(person.name, body + "".join(_article(call, s) for s in rows))


@route("GET /@:acct/:id")
def one(call: Call) -> Answer:
    """A status with its thread; private ones are not shown to a browser."""
    status = call.world.status(call.args["id"])
    if status is None or not call.world.visible(status, None):
        return document("Not found", "<h1>Not found</h1><p>It is private, or it was deleted.</p>", status=404)
    before, after = threads.around(call.world, status)
    rows = [s for s in [*before, status, *after] if call.world.visible(s, None)]
    return document("Status", "".join(_article(call, s) for s in rows))

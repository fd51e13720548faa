"""The approval sheet as a page of its own: no script, nothing loaded from elsewhere, light and dark, ready to print."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Iterator

from cmdesk.reports.approval_sheet import (
    Block,
    Paper,
    PostPart,
    Shown,
    Version,
    body,
    lasting,
    name_of,
    other_changes,
    picture_words,
)
from cmdesk.safe_text import clean_line

Source = Callable[[bytes, str], str]
"""Gives the address of a picture's bytes: of a `data:` page, or of a mail's attached part."""

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_SHAPE = (
    "body{font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;max-width:46em;margin:0 auto;"
    "padding:1.5em 1.2em}p{margin:.4em 0}.w{overflow-wrap:anywhere}img{max-width:100%;height:auto}"
    ".head{border-bottom:4px solid BRAND;padding-bottom:.8em}.head img{max-height:64px;width:auto;margin-bottom:.4em}"
    ".head p{margin:0}h1{font-size:1.5em;line-height:1.25;margin:.15em 0}h2{font-size:1.05em;margin:0 0 .3em}"
    ".how{border:1px solid;border-radius:8px;padding:.9em 1.1em;margin:1.2em 0}"
    ".note{white-space:pre-wrap;border-left:4px solid BRAND;padding-left:.9em;margin:1.2em 0}"
    "pre{font:1em/1.7 ui-monospace,Consolas,monospace;border:1px solid;border-radius:6px;padding:.5em .8em;"
    "margin:.6em 0}.post{border:1px solid;border-radius:8px;padding:1em 1.1em;margin:1.6em 0}"
    ".no{font-size:1.5em;font-weight:700;margin-right:.45em}.when{font-weight:600}.soft{font-size:.92em}"
    ".said{border:1px solid;border-radius:8px;padding:.7em .9em;margin:.7em 0}.text{white-space:pre-wrap;margin:0}"
    ".said figure{margin:.7em 0 0}figcaption{font-size:.88em;margin-top:.2em}.said img{border-radius:6px;display:block}"
    ".step+.step{border-top:1px solid;margin-top:.7em;padding-top:.7em}ul{margin:.3em 0;padding-left:1.4em}"
    ".diff{white-space:pre-wrap;margin:.3em 0}ins{text-decoration:none;font-weight:600}"
    ".changed{border-left:4px solid;padding-left:.9em;margin:.8em 0}.line{display:inline-block;min-width:12em;"
    "border-bottom:1px solid}.boxes{border-top:1px solid;margin-top:1em;padding-top:.8em}"
    ".box{white-space:nowrap;margin-right:1.4em;font-weight:600}.links a{margin-right:1.2em;white-space:nowrap}"
    ".foot{font-size:.9em;border-top:1px solid;padding-top:.7em;margin-top:2em}"
)
_COLORS = (
    "body{{color:{ink};background:{paper}}}a{{color:{link}}}.head p,.soft,figcaption,.foot{{color:{soft}}}"
    ".how,.said{{background:{wash}}}pre{{background:{paper}}}"
    ".how,pre,.post,.said,.step+.step,.boxes,.foot{{border-color:{line}}}.line{{border-color:{ink}}}"
    "del{{color:{gone};background:{gone_bg}}}ins{{color:{new};background:{new_bg}}}.changed{{border-color:{new}}}"
)
_LIGHT = {
    "ink": "#1c2430", "soft": "#5a6472", "paper": "#ffffff", "wash": "#f5f7fa", "line": "#c9d0da", "link": "#1d4f9e",
    "gone": "#a3212e", "new": "#13653f", "gone_bg": "#fbe9ea", "new_bg": "#e3f4ea",
}  # fmt: skip
_DARK = {
    "ink": "#e8eaee", "soft": "#a5adb9", "paper": "#16181d", "wash": "#20242b", "line": "#3c434e", "link": "#9cc2ff",
    "gone": "#ff9aa2", "new": "#8fdcb0", "gone_bg": "#43232a", "new_bg": "#1d3a2b",
}  # fmt: skip
_PRINT = (
    "body{max-width:none;padding:0;font-size:11pt}.links,.bylink{display:none}"
    ".said,figure,.boxes{break-inside:avoid}.said img{max-height:9cm;width:auto}"
)


def _style(color: str) -> str:
    """Plain colours first: a mail program that knows neither dark nor print shows a light page."""
    dark, paper = _COLORS.format(**_DARK), _COLORS.format(**{**_LIGHT, "wash": "#ffffff"})
    return (
        f":root{{color-scheme:light dark}}{_SHAPE.replace('BRAND', color)}{_COLORS.format(**_LIGHT)}"
        f".post{{border-top:4px solid {color}}}@media (prefers-color-scheme:dark){{{dark}.post{{border-top-color:"
        f"{color}}}}}@media print{{:root{{color-scheme:light}}{paper}.post{{border-top-color:{color}}}{_PRINT}}}"
    )


def page(paper: Paper, *, source: Source | None = None) -> str:
    """Return the sheet as HTML; without `source` its pictures are inside the page."""
    return "\n".join(_page(paper, source or data_source)) + "\n"


def data_source(data: bytes, kind: str) -> str:
    """Return a picture as an address that carries it."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _page(paper: Paper, source: Source) -> Iterator[str]:
    color = paper.color if _COLOR.fullmatch(paper.color) else "#3b6fd4"
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data: cid:"
    yield f'<!doctype html>\n<html lang="{_e(paper.language)}">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield f"<title>{_e(paper.subject)}</title>\n<style>{_style(color)}</style>\n</head>\n<body>"
    yield '<div class="head">'
    if paper.logo:
        yield f'<img src="{_e(source(paper.logo, "image/jpeg"))}" alt="">'
    yield f'<p class="w">{_e(clean_line(paper.brand, limit=100))}</p><h1>{_e(paper.heading)}</h1>'
    if paper.title:
        yield f'<p class="w">{_e(clean_line(paper.title, limit=200))}</p>'
    yield "</div>"
    if paper.message:
        yield f'<div class="note w">{_e(body(paper.message))}</div>'
    yield from _how(paper)
    for block in paper.blocks:
        yield from _block(paper, block, source)
    yield f'<p class="foot w">{_e(paper.footer)}</p>\n</body>\n</html>'


def _how(paper: Paper) -> Iterator[str]:
    yield f'<div class="how"><h2>{_e(paper.say("how_title"))}</h2>'
    yield f"<p><strong>{_e(' '.join(part for part in (paper.until, paper.say('nothing_goes')) if part))}</strong></p>"
    yield f"<p>{_e(paper.how)}</p>"
    yield f"<pre>{_e(paper.template.rstrip())}</pre>"
    if paper.number:
        yield f'<p class="bylink">{_e(paper.say("or_links"))}</p>'
        yield f'<p class="links">{_a(paper.approve_all_link, paper.say("approve_all"))}'
        yield f"{_a(paper.list_link, paper.say('answer_list'))}</p>"
    yield "</div>"


def _block(paper: Paper, block: Block, source: Source) -> Iterator[str]:
    yield f'<div class="post" id="post-{block.number}">'
    for place, when in enumerate(block.whens):
        number = f'<span class="no">{block.number}</span>' if not place else ""
        names = ", ".join(clean_line(each, limit=120) for each in when.where)
        yield f'<p class="w">{number}<span class="when">{_e(paper.hour(when))}</span> '
        yield f'<span class="soft">{_e(names)}</span></p>'
    facts = []
    if block.campaign:
        facts.append(f"{paper.say('campaign')}: {clean_line(block.campaign, limit=120)}")
    if block.spoiler:
        facts.append(f"{paper.say('spoiler')}: {clean_line(block.spoiler, limit=500)}")
    for fact in facts:
        yield f'<p class="soft w">{_e(fact)}</p>'
    yield from _changed(paper, block)
    for version in block.versions:
        yield from _version(paper, version, source, named=len(block.versions) > 1)
    yield from _extras(paper, block)
    yield from _boxes(paper, block)
    yield "</div>"


def _changed(paper: Paper, block: Block) -> Iterator[str]:
    if not block.changed and not block.wanted:
        return
    yield '<div class="changed w">'
    if block.wanted:
        yield f"<p>{_e(paper.say('you_asked', text=clean_line(block.wanted, limit=600)))}</p>"
    if block.changed:
        yield f"<p><strong>{_e(paper.say('changed'))}</strong></p>"
    tags = {"": "{}", "-": "<del>{}</del>", "+": "<ins>{}</ins>"}
    for each in block.changed:
        if each.pieces:
            words = "".join(tags[piece.sign].format(_e(body_kept(piece.text))) for piece in each.pieces)
            yield f'<div class="diff">{words}</div>'
    others = other_changes(paper, block.changed)
    if others:
        yield f"<p>{_e(', '.join(others))}</p>"
    yield "</div>"


def _version(paper: Paper, version: Version, source: Source, *, named: bool) -> Iterator[str]:
    yield '<div class="said w">'
    if named:
        yield f'<p class="soft">{_e(", ".join(name_of(each) for each in version.where))}</p>'
    count = len(version.parts)
    for place, part in enumerate(version.parts, 1):
        yield '<div class="step">'
        if count > 1:
            yield f'<p class="soft">{_e(paper.say("part", number=place, count=count))}</p>'
        yield from _part(paper, part, source)
        yield "</div>"
    if version.comment is not None:
        yield f'<div class="step"><p class="soft">{_e(paper.say("comment"))}</p>'
        yield from _part(paper, version.comment, source)
        yield "</div>"
    yield "</div>"


def _part(paper: Paper, part: PostPart, source: Source) -> Iterator[str]:
    if part.text.strip():
        yield f'<p class="text">{_e(body(part.text))}</p>'
    for each in part.pictures:
        yield _figure(paper, each, source)


def _figure(paper: Paper, picture: Shown, source: Source) -> str:
    words = _e(picture_words(paper, picture))
    if not picture.jpeg:
        return f"<figure><figcaption>{words}</figcaption></figure>"
    address = _e(source(picture.jpeg, "image/jpeg"))
    return (
        f'<figure><img src="{address}" width="{picture.width}" height="{picture.height}"'
        f' alt="{_e(clean_line(picture.alt, limit=1500))}"><figcaption>{words}</figcaption></figure>'
    )


def _extras(paper: Paper, block: Block) -> Iterator[str]:
    if block.poll:
        span = paper.say("poll_open", time=lasting(block.poll_s, paper.language))
        more = f", {paper.say('poll_multiple')}" if block.poll_multiple else ""
        options = "".join(f"<li>{_e(clean_line(each, limit=200))}</li>" for each in block.poll)
        yield f'<div class="said w"><p class="soft">{_e(paper.say("poll"))} ({_e(span + more)})</p>'
        yield f"<ul>{options}</ul></div>"
    if block.card is not None:
        title, description, url = block.card
        yield f'<div class="said w"><p class="soft">{_e(paper.say("card"))}</p>'
        yield f"<p>{_e(clean_line(title, limit=200))}</p>"
        if description:
            yield f'<p class="soft">{_e(clean_line(description, limit=400))}</p>'
        yield f'<p class="soft">{_e(clean_line(url, limit=500))}</p></div>'


def _boxes(paper: Paper, block: Block) -> Iterator[str]:
    yield f'<div class="boxes"><p><span class="box">☐ {_e(paper.say("approve_box"))}</span>'
    yield f'<span class="box">☐ {_e(paper.say("change_box"))} <span class="line">&nbsp;</span></span></p>'
    if paper.number:
        approve = _a(paper.approve_link(block.number), paper.say("approve_link", number=block.number))
        change = _a(paper.change_link(block.number), paper.say("change_link", number=block.number))
        yield f'<p class="links">{approve}{change}</p>'
    yield "</div>"


def body_kept(text: str) -> str:
    """Some words of a difference: blanks at their ends belong to them."""
    lead, tail = len(text) - len(text.lstrip()), len(text.rstrip())
    return text[:lead] + body(text) + text[tail:] if text.strip() else text


def _a(address: str, text: str) -> str:
    return f'<a href="{_e(address)}">{_e(text)}</a>'


def _e(text: str) -> str:
    return html.escape(text, quote=True)

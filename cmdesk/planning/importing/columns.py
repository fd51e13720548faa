"""Which column of a plan file is what, by its title in English or Spanish, or as a person said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from cmdesk.errors import Invalid

KNOWN = (
    "post", "brand", "accounts", "date", "time", "zone", "text", "media", "alt", "link", "campaign", "labels",
    "first_comment", "parts", "aim", "language", "visibility", "spoiler", "note", "market",
)  # fmt: skip
"""The columns we take; `text_` with a network's name is its text alone, `text_market_` with a market's name that
market's, `part_2` the second part of a thread."""

IGNORED = "-"
OWN_TEXT = "text_"
MARKET_TEXT = "text_@"  # with the plain name of a market
PART = "part_"
NETWORKS = ("mastodon", "bluesky")

_TITLES = {
    "publicacion": "post", "id": "post", "id_post": "post", "post_id": "post", "marca": "brand", "cliente": "brand",
    "client": "brand",
    "cuenta": "accounts", "cuentas": "accounts", "account": "accounts", "perfil": "accounts", "perfiles": "accounts",
    "profile": "accounts", "profiles": "accounts", "red": "accounts", "redes": "accounts", "network": "accounts",
    "networks": "accounts", "channel": "accounts", "channels": "accounts", "canal": "accounts", "canales": "accounts",
    "fecha": "date", "dia": "date", "day": "date", "publish_date": "date", "fecha_publicacion": "date",
    "hora": "time", "hour": "time", "publish_time": "time", "zona": "zone", "zona_horaria": "zone", "timezone": "zone",
    "time_zone": "zone", "texto": "text", "message": "text", "mensaje": "text", "content": "text", "contenido": "text",
    "copy": "text", "caption": "text", "post_text": "text", "medios": "media", "imagen": "media", "imagenes": "media",
    "image": "media", "images": "media", "picture": "media", "pictures": "media", "archivo": "media",
    "archivos": "media", "foto": "media", "fotos": "media", "file": "media", "files": "media",
    "descripcion": "alt", "descripciones": "alt", "texto_alternativo": "alt", "alt_text": "alt", "description": "alt",
    "enlace": "link", "url": "link", "campana": "campaign", "etiqueta": "labels", "etiquetas": "labels",
    "label": "labels", "tags": "labels", "primer_comentario": "first_comment", "comment": "first_comment",
    "comentario": "first_comment", "partes": "parts", "hilo": "parts", "thread": "parts", "objetivo": "aim",
    "idioma": "language", "lang": "language", "visibilidad": "visibility", "aviso": "spoiler", "cw": "spoiler",
    "content_warning": "spoiler", "nota": "note", "notas": "note", "notes": "note", "mercado": "market",
    # written by an export, of no use here
    "estado": IGNORED, "state": IGNORED, "status": IGNORED, "motivo": IGNORED, "reason": IGNORED,
    "direccion": IGNORED, "address": IGNORED, "dia_de_la_semana": IGNORED, "weekday": IGNORED, "address_url": IGNORED,
}  # fmt: skip


_OF_EXPORT = frozenset({"state", "estado"})
_PART = re.compile(r"part[e]?_(\d{1,2})")


def columns_of(titles: Sequence[str], chosen: Mapping[int, str] | None = None) -> tuple[list[str], list[int]]:
    """Return our name of each column ('' for none), and which titles nobody knows.

    `chosen` says what a column is, whatever its title: one of ours, or `IGNORED`. Raises Invalid (`plan_columns`)
    for a file that has neither a text nor a picture, and where two columns are the same thing.
    """
    found: list[str] = []
    unknown: list[int] = []
    exported = any(plain(title) in _OF_EXPORT for title in titles)
    for place, title in enumerate(titles):
        name = (chosen or {}).get(place) or name_of(title)
        if exported and name == "link" and plain(title) == "url":
            name = IGNORED  # where it was published
        if not name and title:
            unknown.append(place)
        found.append("" if name == IGNORED else name)
    twice = next((name for name in found if name and found.count(name) > 1), "")
    if twice:
        raise Invalid(f"two columns are {twice!r}", code="plan_column_twice", detail=twice)
    if not any(name in ("text", "media") or name.startswith(OWN_TEXT) for name in found):
        raise Invalid("no column has the text", code="plan_columns", detail="text")
    return found, unknown


def name_of(title: str) -> str:
    """Return our name for a title, `IGNORED`, or '' for one that nobody knows."""
    word = plain(title)
    if word in KNOWN:
        return word
    if word in _TITLES:
        return _TITLES[word]
    if match := _PART.fullmatch(word):
        return f"{PART}{int(match[1])}"
    for prefix in ("text_market_", "texto_mercado_"):
        if word.startswith(prefix) and word != prefix:
            return MARKET_TEXT + word.removeprefix(prefix)
    for prefix in ("text_", "texto_", "copy_"):
        if word.startswith(prefix) and word.removeprefix(prefix) in NETWORKS:
            return OWN_TEXT + word.removeprefix(prefix)
    return ""


def plain(title: str) -> str:
    """Return a title in small letters without accents, its words joined by "_"."""
    letters = unicodedata.normalize("NFKD", title.strip().casefold())
    bare = "".join(each if each.isalnum() else " " for each in letters if not unicodedata.combining(each))
    return "_".join(bare.split())

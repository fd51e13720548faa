"""Which column of a file of people is what: by its title in English or Spanish, or as a person said."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from cmdesk.errors import Invalid
from cmdesk.people.fields import OwnField
from cmdesk.people.handles import EMAIL, NETWORKS, PHONE

IGNORED = "-"
NEW = "new"
"""A column of which an own field is made, named by its title."""

OWN = "own:"  # and a field's id
ID = "id"
FIELDS = (
    "name", "language", "country", "market", "notes", "came_from", "expects", "likes", "bought", "advocate", "opt_out",
    "opt_out_at", "opt_out_note", "circles", ID,
)  # fmt: skip
TARGETS = (*FIELDS, *NETWORKS)
"""What a column can be, besides own fields, `NEW` and `IGNORED`. Several columns may be the same network."""

_TITLES = {
    "nombre": "name", "nombre_y_apellidos": "name", "full_name": "name", "nombre_completo": "name", "contacto": "name",
    "contact": "name", "person": "name", "persona": "name", "cliente": "name", "customer": "name",
    "idioma": "language", "lengua": "language", "lang": "language", "pais": "country", "mercado": "market",
    "nota": "notes", "notas": "notes", "note": "notes", "comentarios": "notes", "comments": "notes",
    "como_llego": "came_from", "llego_por": "came_from", "source": "came_from", "origen": "came_from",
    "espera": "expects", "que_espera": "expects", "le_gusta": "likes", "gustos": "likes", "preferencias": "likes",
    "preferences": "likes", "compro": "bought", "compras": "bought", "purchases": "bought", "ha_comprado": "bought",
    "embajador": "advocate", "embajadora": "advocate", "no_contactar": "opt_out", "do_not_contact": "opt_out",
    "baja": "opt_out", "unsubscribed": "opt_out", "fecha_de_baja": "opt_out_at", "nota_de_baja": "opt_out_note",
    "circulo": "circles", "circulos": "circles", "circle": "circles", "grupos": "circles", "groups": "circles",
    "tags": "circles", "etiquetas": "circles", "cmdesk_id": ID,
    "correo": EMAIL, "e_mail": EMAIL, "mail": EMAIL, "correo_electronico": EMAIL, "email_address": EMAIL,
    "telefono": PHONE, "movil": PHONE, "telephone": PHONE, "mobile": PHONE, "tel": PHONE, "twitter": "x",
    "web_site": "web", "website": "web", "pagina_web": "web", "sitio_web": "web", "url": "web",
    # written by an export, of no use here
    "first_seen": IGNORED, "last_seen": IGNORED, "messages": IGNORED,
}  # fmt: skip


def guess(titles: Sequence[str], own: Sequence[OwnField]) -> dict[int, str]:
    """Return what each column seems to be; a title that nobody knows is left out."""
    named = {plain(each.name): f"{OWN}{each.id}" for each in own}
    found: dict[int, str] = {}
    for place, title in enumerate(titles):
        word = plain(title)
        target = named.get(plain(title.removeprefix("own:"))) if title.startswith("own:") else None
        if word == "id":
            target = IGNORED  # a number of somebody else's
        target = target or (word if word in TARGETS else _TITLES.get(word) or named.get(word, ""))
        if target and (target in NETWORKS or target == IGNORED or target not in found.values()):
            found[place] = target
    return found


def check(mapping: Mapping[int, str], titles: Sequence[str], own: Sequence[OwnField]) -> None:
    """Raise Invalid for a mapping that cannot be: `people_column` (none such), `people_column_twice`, `people_name`."""
    known = {f"{OWN}{each.id}" for each in own}
    seen: set[str] = set()
    for place, target in mapping.items():
        if not 0 <= place < len(titles) or (target not in (*TARGETS, IGNORED, NEW) and target not in known):
            raise Invalid(f"no column is {target!r}", code="people_column", detail=target)
        if target in seen and target not in (*NETWORKS, IGNORED, NEW):
            raise Invalid(f"two columns are {target!r}", code="people_column_twice", detail=target)
        seen.add(target)
    if not seen.intersection({"name", ID, *NETWORKS}):
        raise Invalid("no column says who it is", code="people_name", detail="name")


def plain(title: str) -> str:
    """Return a title as it is compared: small letters without accents, _ between words."""
    letters = unicodedata.normalize("NFKD", title.strip().casefold())
    bare = "".join(each if each.isalnum() else " " for each in letters if not unicodedata.combining(each))
    return "_".join(bare.split())

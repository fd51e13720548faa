"""What the command palette offers: brands, pages, accounts and every action that makes sense now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from cmdesk.i18n import N_, _
from cmdesk.safe_text import clean_line
from ui import icons
from ui.action_set import ActionSet
from ui.actions import ACTIONS
from ui.models.directory import Directory
from ui.models.finder import Found
from ui.widgets.key_help import shown_key
from ui.widgets.page import Target
from ui.widgets.palette import PaletteItem


def palette_items(
    directory: Directory,
    actions: ActionSet,
    *,
    run: Callable[[str], None],
    show_brand: Callable[[int | None], None],
    navigate: Callable[[Target], None],
    pause: Callable[[int | None], object],
) -> list[PaletteItem]:
    """Brands first, then what the shown page can do, then the rest."""
    items = [
        PaletteItem(
            clean_line(brand.name), partial(show_brand, brand.id), icon="store", group=_("Brand"),
            color=brand.color, weight=8, shortcut=shown_key(f"Ctrl+{place}") if place <= 9 else "",
        )
        for place, brand in enumerate(directory.brands(), start=1)
    ]  # fmt: skip
    for row in ACTIONS:
        if row.palette and actions.works(row) and row.id != "window.palette":
            items.append(
                PaletteItem(
                    row.label.rstrip("…"),
                    partial(run, row.id),
                    icon=row.icon or "command",
                    shortcut=shown_key(row.keys[0]) if row.keys else "",
                    weight=4 if row.scope != "window" else 0,
                )
            )
    for each in directory.brands():
        words = _("Go on publishing: {brand}") if each.publishing_paused else _("Pause publishing: {brand}")
        items.append(
            PaletteItem(
                words.format(brand=clean_line(each.name)),
                partial(pause, each.id),
                icon="play" if each.publishing_paused else "circle-pause",
                color=each.color,
            )
        )
    for account in directory.accounts():
        brand = directory.brand(account.brand_id)
        items.append(
            PaletteItem(
                clean_line(account.handle),
                partial(navigate, Target("accounts", "account", account.id, account.brand_id)),
                subtitle=clean_line(brand.name) if brand else "",
                icon=icons.glyph(account.network),
                group=_("Account"),
                color=brand.color if brand else "",
            )
        )
    return items


_FOUND = {
    "conversation": ("inbox", "message-circle", N_("Conversation")),
    "post": ("composer", "calendar-days", N_("Post")),
    "case": ("cases", "clipboard-list", N_("Case")),
    "template": ("library", "book-open", N_("Template")),
    "person": ("audience", "user", N_("Person")),
    "circle": ("audience", "users", N_("Circle")),
}
"""Page, icon and word of what a search finds."""


def found_items(
    found: Sequence[Found], directory: Directory, *, navigate: Callable[[Target], None]
) -> list[PaletteItem]:
    """Conversations, posts, cases, templates, people and circles that a search brought."""
    items = []
    for each in found:
        brand = directory.brand(each.brand_id)
        page, icon, word = _FOUND[each.kind]
        items.append(
            PaletteItem(
                clean_line(each.title, limit=160) or _("Without text"),
                partial(navigate, Target(page, each.kind, each.id, each.brand_id or None)),
                subtitle=clean_line(each.text.replace("/", " › ") if each.kind == "template" else each.text, limit=200),
                icon=icon,
                group=_(word),
                color=brand.color if brand else "",
            )
        )
    return items

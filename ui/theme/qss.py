"""The small style sheet laid over Fusion: only what QPalette cannot say."""

from __future__ import annotations

from pathlib import Path
from string import Template

from cmdesk.resources import resource
from ui.theme.tokens import CONTROL_HEIGHT, Palette, Radius


def style_sheet(palette: Palette, *, zoom: float, arrows: dict[str, Path]) -> str:
    """The application's style sheet; `arrows` are the image files QSS can only take by path."""
    roles = {name: str(getattr(palette, name)) for name in Palette.__dataclass_fields__}
    roles |= {
        "field": palette.surface_sunken if palette.dark else palette.surface,
        "handle": "#3A3A43" if palette.dark else "#CFCFD7",
        "handle_hover": "#50505B" if palette.dark else "#B4B4BF",
        "focus_on_accent": palette.text,
        "radius": str(Radius.CONTROL),
        "control": str(round((CONTROL_HEIGHT - 2) * zoom)),
        "small": str(round(12 * zoom)),
        "reading": str(round(14 * zoom)),
        **{f"icon_{name}": path.as_posix() for name, path in arrows.items()},
    }
    return Template(resource("themes", "base.qss").read_text("utf-8")).substitute(roles)

"""How a post will look on each network: painted as that network paints it, parts, poll, pictures, card and all."""

from __future__ import annotations

from ui.composer.preview.card import PreviewCard
from ui.composer.preview.column import PreviewColumn
from ui.composer.preview.pictures import PictureSource, thumbnail

__all__ = ["PictureSource", "PreviewCard", "PreviewColumn", "thumbnail"]

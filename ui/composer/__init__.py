"""The composer: one post for several accounts, with their own texts, limits, previews and hour."""

from __future__ import annotations

from ui.composer.page import make

__all__ = ["make"]

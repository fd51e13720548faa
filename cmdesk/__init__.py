"""The desk without a window: every fact and every decision. Nothing here knows Qt."""

from __future__ import annotations

__version__ = "0.4.0"

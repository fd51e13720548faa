"""Listening (D1-D3, D5, D14, R4): what is looked for, what counts as found and why. Pure: no store, no network."""

from __future__ import annotations

from cmdesk.listening.query import parse_query, query_line

__all__ = ["parse_query", "query_line"]

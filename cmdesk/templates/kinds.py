"""What a template is for; the same words in the store, in files and on the command line."""

from __future__ import annotations

from typing import Final

KINDS: Final = (
    "reply", "thanks", "interim", "apology", "ask", "private", "out_of_hours", "follow_up", "closing", "public_close",
    "troll_note", "crisis", "post",
)  # fmt: skip
"""All but "post" answer somebody; "reply" is any answer that is none of the others."""

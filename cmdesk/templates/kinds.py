"""What a template is for; the same words in the store, in files and on the command line."""

from __future__ import annotations

from typing import Final

KINDS: Final = (
    "reply", "thanks", "interim", "apology", "ask", "private", "out_of_hours", "follow_up", "closing", "public_close",
    "troll_note", "unfounded", "crisis", "post",
)  # fmt: skip
"""All but "post" answer somebody. "reply" is any answer; the others are what one key or a suggestion offers by itself
(thanks G, interim Y, private M, public_close B, follow_up, out_of_hours, troll_note, unfounded), so they fit anybody:
"private" is the first private message, "troll_note" the public note why nobody answers an insult."""

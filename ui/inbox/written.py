"""What was written in the reply box, and all that belongs to it on its way out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Written:
    """A text and whose it is; the conversation is that of the first key and never changes."""

    conversation_id: int
    text: str
    visibility: str = ""
    promise_at: datetime | None = None  # by when what it promises must be kept
    promised: str = ""  # the sentence that does
    closes_case: int = 0  # the case whose solution it shows in public
    goes_private: bool = False  # a private answer to what was said in public

"""Settings that hold more than a word."""

from __future__ import annotations

import json
from typing import Any

from cmdesk.desk import Desk


def stored_object(desk: Desk, key: str) -> dict[str, Any]:
    """A setting of kind JSON as an object; {} when it holds none."""
    found = json.loads(str(desk.setting(key)) or "{}")
    return found if isinstance(found, dict) else {}

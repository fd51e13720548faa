"""Settings that hold more than a word, and facts the profile keeps about itself."""

from __future__ import annotations

import json
from typing import Any

from cmdesk.desk import Desk
from cmdesk.store import settings as setting_store


def stored_object(desk: Desk, key: str) -> dict[str, Any]:
    """A setting of kind JSON as an object; {} when it holds none."""
    found = json.loads(str(desk.setting(key)) or "{}")
    return found if isinstance(found, dict) else {}


def fact(desk: Desk, key: str) -> str:
    """A fact the profile keeps about itself (time of the last backup), "" when unknown."""
    return desk.page(setting_store.meta, key)

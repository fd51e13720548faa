"""Places without an interface for programs (N26): the text is prepared here, and a person publishes it there.

Such a place is an account of the network `NETWORK`; its server is the address of the page where one publishes.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from cmdesk.errors import Invalid

NETWORK = "manual"
MOST_CHARACTERS = 100_000
_LONGEST_NAME = 60


def checked_name(name: str) -> str:
    """Return a place's name; raises Invalid (`place_name`)."""
    clean = " ".join(name.split())
    if not clean or len(clean) > _LONGEST_NAME:
        raise Invalid("the place needs a short name", code="place_name", detail="name")
    return clean


def checked_page(url: str) -> str:
    """Return the address where one publishes, '' for a place that has none; raises Invalid (`link_form`)."""
    url = url.strip()
    if not url:
        return ""
    if "://" not in url:
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or len(url) > 2000 or any(each.isspace() for each in url):
        raise Invalid("this is not a web address", code="link_form", detail=url[:200])
    return url


def capabilities(*, characters: int = 0, pictures: int = 10) -> dict[str, Any]:
    """Return what such a place takes as an account's capabilities; 0 characters is no limit that anybody knows."""
    most = min(max(characters, 0), MOST_CHARACTERS) or MOST_CHARACTERS
    return {
        "limits": {"characters": most, "images": max(0, min(pictures, 100)), "video_bytes": 0},
        "read": False,
        "publish": True,
        "reply": False,
        "like": False,
        "boost": False,
        "delete": False,
        "metrics": False,
        "video": True,
        "visibilities": ["public"],
        "repeat": "none",
    }

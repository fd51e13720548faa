"""What the server says of itself: nodeinfo, instance, limits, and the small lists that clients ask for at start."""

from __future__ import annotations

from typing import Any

from cmdesk.networks.sandbox.web import Answer, Call, not_found, route
from cmdesk.networks.sandbox.world import DOMAIN

IMAGE_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp"]
VIDEO_TYPES = ["video/mp4", "video/webm", "video/quicktime"]
MAX_CHARACTERS = 500
MAX_MEDIA = 4
MAX_CHOICE = 50
DESCRIPTION_LIMIT = 1_500
IMAGE_SIZE_LIMIT = 16_777_216
VIDEO_SIZE_LIMIT = 103_809_024
SUMMARY = "Una red de muestra que vive en este ordenador."


def configuration() -> dict[str, Any]:
    """The limits that clients must honour."""
    return {
        "urls": {"streaming": "", "status": None, "about": None, "privacy_policy": None, "terms_of_service": None},
        "vapid": {"public_key": ""},
        "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5, "max_profile_fields": 4},
        "statuses": {
            "max_characters": MAX_CHARACTERS,
            "max_media_attachments": MAX_MEDIA,
            "characters_reserved_per_url": 23,
        },
        "media_attachments": {
            "supported_mime_types": IMAGE_TYPES + VIDEO_TYPES,
            "description_limit": DESCRIPTION_LIMIT,
            "image_size_limit": IMAGE_SIZE_LIMIT,
            "image_matrix_limit": 33_177_600,
            "video_size_limit": VIDEO_SIZE_LIMIT,
            "video_frame_rate_limit": 120,
            "video_matrix_limit": 8_294_400,
        },
        "polls": {
            "max_options": 4,
            "max_characters_per_option": MAX_CHOICE,
            "min_expiration": 300,
            "max_expiration": 2_629_746,
        },
        "translation": {"enabled": False},
        "timelines_access": {
            "live_feeds": {"local": "public", "remote": "public"},
            "hashtag_feeds": {"local": "public", "remote": "public"},
        },
        "limited_federation": False,
    }


def _version(call: Call) -> str:
    name, version = call.server.software
    return version if name == "mastodon" else f"4.2.0 (compatible; {name.capitalize()} {version})"


@route("GET /.well-known/nodeinfo")
def nodeinfo_links(call: Call) -> Answer:
    """Where the nodeinfo document is."""
    rel = "http://nodeinfo.diaspora.software/ns/schema/2.0"
    return Answer({"links": [{"rel": rel, "href": f"{call.server.url}/nodeinfo/2.0"}]})


@route("GET /nodeinfo/2.0")
def nodeinfo(call: Call) -> Answer:
    """Which software this is."""
    name, version = call.server.software
    people = call.world.locals()
    posts = sum(len(call.world.by_author(person)) for person in people)
    return Answer(
        {
            "version": "2.0",
            "software": {"name": name, "version": version},
            "protocols": ["activitypub"],
            "services": {"outbound": [], "inbound": []},
            "usage": {
                "users": {"total": len(people), "activeMonth": len(people), "activeHalfyear": len(people)},
                "localPosts": posts,
            },
            "openRegistrations": False,
            "metadata": {"nodeName": "CM Desk sandbox", "nodeDescription": SUMMARY},
        }
    )


@route("GET /api/v2/instance")
def instance_v2(call: Call) -> Answer:
    """The instance document of Mastodon 4."""
    settings = configuration()
    versions = {"mastodon": 7} if call.server.software[0] == "mastodon" else {}
    return Answer(
        {
            "domain": DOMAIN,
            "title": "CM Desk sandbox",
            "version": _version(call),
            "source_url": "https://github.com/mastodon/mastodon",
            "description": SUMMARY,
            "usage": {"users": {"active_month": len(call.world.locals())}},
            "thumbnail": {"url": f"{call.server.url}/sandbox/pictures/headers/plain.png", "blurhash": None,
                          "versions": {}, "description": ""},
            "icon": [],
            "languages": ["es", "en"],
            "configuration": settings,
            "registrations": {"enabled": False, "approval_required": False, "reason_required": None,
                              "message": None, "min_age": None, "url": None},
            "api_versions": versions,
            "contact": {"email": "", "account": None},
            "rules": [{"id": "1", "text": "Todo es inventado.", "hint": "", "translations": {}}],
            "wrapstodon": None,
        }
    )  # fmt: skip


@route("GET /api/v1/instance")
def instance_v1(call: Call) -> Answer:
    """The older instance document."""
    people = call.world.locals()
    posts = sum(len(call.world.by_author(person)) for person in people)
    return Answer(
        {
            "uri": DOMAIN,
            "title": "CM Desk sandbox",
            "short_description": SUMMARY,
            "description": SUMMARY,
            "email": "",
            "version": _version(call),
            "urls": {"streaming_api": ""},
            "stats": {"user_count": len(people), "status_count": posts, "domain_count": 1},
            "thumbnail": f"{call.server.url}/sandbox/pictures/headers/plain.png",
            "languages": ["es", "en"],
            "registrations": False,
            "approval_required": False,
            "invites_enabled": False,
            "configuration": configuration(),
            "contact_account": None,
            "rules": [{"id": "1", "text": "Todo es inventado."}],
        }
    )


@route("GET /api/v1/custom_emojis")
@route("GET /api/v1/announcements")
@route("GET /api/v1/instance/rules")
@route("GET /api/v2/filters", scope="read:filters")
@route("GET /api/v1/lists", scope="read:lists")
@route("GET /api/v1/follow_requests", scope="read:follows")
@route("GET /api/v1/notifications/requests", scope="read:notifications")
def nothing(_: Call) -> Answer:
    """Lists that are empty in the sandbox."""
    return Answer([])


@route("GET /api/v2/notifications/policy", scope="read:notifications")
def policy(_: Call) -> Answer:
    """Nothing is filtered."""
    kinds = ("not_following", "not_followers", "new_accounts", "private_mentions", "limited_accounts")
    counts = {"pending_requests_count": 0, "pending_notifications_count": 0}
    return Answer({f"for_{kind}": "accept" for kind in kinds} | {"summary": counts})


@route("GET /api/v1/preferences", scope="read:accounts")
def preferences(call: Call) -> Answer:
    """The account's posting defaults."""
    return Answer(
        {
            "posting:default:visibility": "public",
            "posting:default:sensitive": False,
            "posting:default:language": call.me.language,
            "posting:default:quote_policy": "public",
            "reading:expand:media": "default",
            "reading:expand:spoilers": False,
            "reading:autoplay:gifs": False,
        }
    )


@route("GET /api/v1/polls/:id")
def poll(call: Call) -> Answer:
    """A poll, which has its status's id here."""
    status = call.status()
    if not status.poll:
        raise not_found()
    return Answer(call.show.status(status)["poll"])

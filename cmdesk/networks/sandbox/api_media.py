"""Media: uploading, describing, waiting until it is ready, and serving the files."""

from __future__ import annotations

import io
import mimetypes
from datetime import timedelta

from cmdesk.networks.sandbox.api_server import (
    DESCRIPTION_LIMIT,
    IMAGE_SIZE_LIMIT,
    IMAGE_TYPES,
    VIDEO_SIZE_LIMIT,
    VIDEO_TYPES,
)
from cmdesk.networks.sandbox.api_statuses import invalid
from cmdesk.networks.sandbox.records import Media
from cmdesk.networks.sandbox.sample import picture_file
from cmdesk.networks.sandbox.web import Answer, Call, Problem, not_found, route


def sniff(data: bytes) -> str:
    """The type of a file by its first bytes; empty when it is none that is taken."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "video/quicktime" if data[8:10] == b"qt" else "video/mp4"
    return "video/webm" if data.startswith(b"\x1a\x45\xdf\xa3") else ""


def _size(data: bytes) -> tuple[int, int]:
    """Width and height. Raises Problem 422 when it is no readable picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as image:
            image.verify()
            return image.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise invalid("File could not be read as an image") from error


def _focus(text: str) -> tuple[float, float]:
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        return (0.0, 0.0)
    return (max(-1.0, min(1.0, x)), max(-1.0, min(1.0, y)))


@route("POST /api/v1/media", scope="write:media")
@route("POST /api/v2/media", scope="write:media")
def upload(call: Call) -> Answer:
    """Take a file: 200 when it is ready, 202 while it is worked on."""
    file = call.request.files.get("file")
    if file is None or not file.data:
        raise invalid("File can't be blank")
    mime = sniff(file.data)
    if mime not in IMAGE_TYPES + VIDEO_TYPES:
        raise invalid("File content type is invalid, File is invalid")
    if len(file.data) > (IMAGE_SIZE_LIMIT if mime in IMAGE_TYPES else VIDEO_SIZE_LIMIT):
        raise invalid(f"File size must be less than {16 if mime in IMAGE_TYPES else 99} MB")
    width, height = _size(file.data) if mime in IMAGE_TYPES else (1280, 720)
    description = _description(call)
    slow = call.plan.mode("media_slow")
    delay = slow.wait if slow else call.server.media_delay
    if mime in VIDEO_TYPES and not delay:
        delay = 1.0
    media = call.world.add_media(
        call.me,
        mime=mime,
        data=file.data,
        description=description,
        focus=_focus(call.request.text("focus")),
        width=width,
        height=height,
        ready_at=call.world.clock.now() + timedelta(seconds=delay),
        failed=call.plan.mode("media_failed") is not None,
    )
    shown = call.show.media(media)
    return Answer(shown, 202 if shown["url"] is None else 200)


def _description(call: Call) -> str | None:
    text = call.request.value("description")
    if text is not None and len(str(text)) > DESCRIPTION_LIMIT:
        raise invalid(f"Description character limit of {DESCRIPTION_LIMIT} exceeded")
    return None if text is None else str(text)


def _own(call: Call) -> Media:
    media = call.world.book.media.get(call.args["id"])
    if media is None or media.owner != call.me.id:
        raise not_found()
    return media


@route("GET /api/v1/media/:id", scope="write:media")
def look(call: Call) -> Answer:
    """200 when ready, 206 while worked on, 422 when it failed."""
    media = _own(call)
    if media.failed:
        raise Problem(422, "Error processing thumbnail for uploaded media")
    shown = call.show.media(media)
    return Answer(shown, 206 if shown["url"] is None else 200)


@route("PUT /api/v1/media/:id", scope="write:media")
def describe(call: Call) -> Answer:
    """Change description or focus, as long as nothing is published with it."""
    media = _own(call)
    if media.status is not None:
        raise not_found()
    if call.request.value("description") is not None:
        media.description = _description(call)
    if call.request.text("focus"):
        media.focus = _focus(call.request.text("focus"))
    call.world.changed.set()
    return Answer(call.show.media(media))


@route("DELETE /api/v1/media/:id", scope="write:media")
def remove(call: Call) -> Answer:
    """Drop a file that nothing is published with."""
    media = _own(call)
    if media.status is not None:
        raise Problem(422, "Media attachment is currently used by a status")
    del call.world.book.media[media.id]
    return Answer({})


@route("GET /sandbox/media/:id/:size")
def serve(call: Call) -> Answer:
    """The file of an attachment, or a small copy of it."""
    media = call.world.book.media.get(call.args["id"])
    if media is None or media.ready_at > call.world.clock.now() or media.failed:
        raise not_found()
    data = media.data
    if not data:
        kept = call.world.folder / "media" / media.file if call.world.folder else None
        data = kept.read_bytes() if kept is not None and kept.exists() else picture_file(media.file).read_bytes()
    if call.args["size"] == "small" and media.kind == "image":
        return Answer(call.server.preview(media.id, data), mime="image/png")
    return Answer(data, mime=media.mime)


@route("GET /sandbox/pictures/:folder/:name")
def picture(call: Call) -> Answer:
    """An avatar, header or logo of the sample people."""
    try:
        path = picture_file(f"{call.args['folder']}/{call.args['name']}")
        data = path.read_bytes()
    except OSError as error:
        raise not_found() from error
    return Answer(data, mime=mimetypes.guess_type(path.name)[0] or "application/octet-stream")

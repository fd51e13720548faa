"""The pictures of a message, brought into the media folder for the evidence vault; blocks (W3, N22)."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from cmdesk import media
from cmdesk.care.evidence import ATTACHED, RENDERED, KeptFile
from cmdesk.errors import DeskError
from cmdesk.model import Attachment
from cmdesk.store import accounts, inbox
from cmdesk.store.threads import LOCAL_MEDIA
from cmdesk.sync.home import Home

log = logging.getLogger(__name__)

LARGEST_PX = 4096
MOST = 12


def gather(desk: Home, message_id: int, *, rendered: Path | None = None) -> list[KeptFile]:
    """Return clean copies of a message's pictures, and of the picture of how it was shown here (`rendered`, a PNG).

    A picture is asked of the network where the person shows remote pictures at all, else (or when it is gone) the
    small copy of the screen is taken; one that is nowhere is left out, and the record says so.
    """
    message = desk.page(inbox.message, message_id)
    if message is None:
        return []
    may_fetch = bool(desk.setting("remote_images"))
    server = desk.page(accounts.account, message.account_id).server
    found = [_kept(desk, each, may_fetch=may_fetch, server=server) for each in message.attachments[:MOST]]
    kept = [each for each in found if each is not None]
    if rendered is not None:
        info = media.import_media(rendered, desk.media_folder)
        kept.append(_file(info, role=RENDERED))
    return kept


def _kept(desk: Home, attachment: Attachment, *, may_fetch: bool, server: str) -> KeptFile | None:
    if attachment.url.startswith(LOCAL_MEDIA):
        return _clean(desk, desk.media_folder / attachment.url.removeprefix(LOCAL_MEDIA), attachment.url)
    if attachment.kind == "image" and may_fetch and attachment.url.startswith(("https://", "http://")):
        from cmdesk.networks.fetch import fetch_picture

        try:
            data = fetch_picture(attachment.url, account_server=server).content
            return _file(media.keep_remote(data, folder=desk.media_folder, px=LARGEST_PX), url=attachment.url)
        except (DeskError, OSError) as error:
            log.info("a picture for the evidence could not be fetched: %s", getattr(error, "code", error))
    for url in (attachment.url, attachment.preview_url):
        small = _on_screen(desk.profile / "cache" / "pictures", url)
        if small is not None:
            return _clean(desk, small, attachment.url)
    return None


def _on_screen(folder: Path, url: str) -> Path | None:
    """Return the largest copy of a picture that was shown (the names of `sync.pictures`), None when there is none."""
    if not url or not folder.is_dir():
        return None
    stem = hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:40]
    known = sorted(folder.glob(f"{stem}-*"), key=lambda path: path.stat().st_size)
    return known[-1] if known else None


def _clean(desk: Home, path: Path, url: str) -> KeptFile | None:
    try:
        return _file(media.import_media(path, desk.media_folder), url=url)
    except (DeskError, OSError) as error:
        log.info("a picture for the evidence could not be taken over: %s", getattr(error, "code", error))
        return None


def _file(info: media.MediaInfo, *, role: str = ATTACHED, url: str = "") -> KeptFile:
    return KeptFile(info.file_name, info.sha256, info.mime, info.width, info.height, info.byte_size, role, url)

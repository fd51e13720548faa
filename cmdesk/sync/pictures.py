"""Pictures that networks name by address (avatars, attachments): fetched off the painting thread, kept small on disk.

Nothing is fetched unless the caller asks for that very address, so the person's setting decides alone
(RELIABILITY 19): no token, no cookie, no referrer, only public addresses and pictures that pass the checks of
`cmdesk.media`. What failed is not asked for again for ten minutes.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from cmdesk.errors import DeskError
from cmdesk.files import private_folder

log = logging.getLogger(__name__)

WORKERS = 2
MAX_WAITING = 200
RETRY_AFTER_S = 600.0
MAX_FILES = 4000

Fetch = Callable[[str, str], bytes]
Told = Callable[[str, Path | None], None]


class RemotePictures:
    """A small cache in `folder`; `get` never blocks, the answer comes on a worker thread, newest wish first."""

    def __init__(self, folder: Path, *, fetch: Fetch | None = None) -> None:
        self._folder = folder
        self._fetch = fetch
        self._condition = threading.Condition()
        self._wishes: OrderedDict[tuple[str, int], tuple[str, bool, list[Told]]] = OrderedDict()
        self._failed: dict[tuple[str, int], float] = {}
        self._threads: list[threading.Thread] = []
        self._closed = False
        self._written = 0

    def get(self, url: str, *, px: int, server: str = "", may_fetch: bool = True, told: Told) -> None:
        """Give `told(url, path)` a still picture no side longer than `px`; None when there is none.

        `may_fetch` False answers from disk alone; `server` is the account's own, which decides what may be fetched.
        """
        key = (url, px)
        with self._condition:
            if self._closed:
                return
            failed = self._failed.get(key)
            if failed is not None and time.monotonic() - failed < RETRY_AFTER_S:
                return
            waiting = self._wishes.pop(key, None)
            tellers = waiting[2] if waiting else []
            tellers.append(told)
            self._wishes[key] = (server, may_fetch, tellers)
            while len(self._wishes) > MAX_WAITING:
                self._wishes.popitem(last=False)
            if len(self._threads) < WORKERS:
                thread = threading.Thread(target=self._work, name=f"pictures-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._condition.notify()

    def close(self) -> None:
        """Forget what waits; a fetch that is under way ends by its own time-out."""
        with self._condition:
            self._closed = True
            self._wishes.clear()
            self._condition.notify_all()

    def _work(self) -> None:
        while True:
            with self._condition:
                while not self._wishes and not self._closed:
                    self._condition.wait()
                if self._closed:
                    return
                (url, px), (server, may_fetch, tellers) = self._wishes.popitem(last=True)
            path = self._path(url, px, server=server, may_fetch=may_fetch)
            for told in tellers:
                try:
                    told(url, path)
                except Exception:
                    log.exception("the receiver of a picture failed")

    def _path(self, url: str, px: int, *, server: str, may_fetch: bool) -> Path | None:
        stem = f"{hashlib.sha256(url.encode('utf-8', 'replace')).hexdigest()[:40]}-{px}"
        for suffix in (".jpg", ".png"):
            known = self._folder / f"{stem}{suffix}"
            if known.exists():
                return known
        if not may_fetch or not url.startswith(("https://", "http://")):
            return None
        from cmdesk import media

        try:
            data = self._download(url, server=server)
            info = media.keep_remote(data, folder=self._folder, px=px)
        except (DeskError, OSError) as error:
            log.info("a picture was not shown: %s", getattr(error, "code", error))
            with self._condition:
                self._failed[url, px] = time.monotonic()
            return None
        made = self._folder / info.file_name
        target = self._folder / f"{stem}{made.suffix}"
        try:
            os.replace(made, target)
        except OSError:  # another worker moved the same picture a moment ago
            return target if target.exists() else None
        self._trim()
        return target

    def _download(self, url: str, *, server: str) -> bytes:
        if self._fetch is not None:
            return self._fetch(url, server)
        from cmdesk.networks.fetch import fetch_picture

        return fetch_picture(url, account_server=server).content

    def _trim(self) -> None:
        """Every few hundred pictures: let the oldest go."""
        self._written += 1
        if self._written % 200 != 1:
            return
        files = sorted(private_folder(self._folder).iterdir(), key=_age)
        for path in files[: max(0, len(files) - MAX_FILES)]:
            path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    """When a file was written; 0 for one that another worker has just put elsewhere."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0

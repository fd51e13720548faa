"""Pictures by address: fetched once, kept small, refused when they are no pictures, never when not allowed."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest
from PIL import Image

from cmdesk.errors import Gone
from cmdesk.sync.pictures import RemotePictures

URL = "https://plaza.example/ana.png"


def _png(size: tuple[int, int] = (400, 200)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#c2703d").save(out, "PNG")
    return out.getvalue()


class Server:
    """What a network would answer, and what it was asked."""

    def __init__(self, answer: bytes | Exception) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str]] = []

    def __call__(self, url: str, server: str) -> bytes:
        self.asked.append((url, server))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def _get(pictures: RemotePictures, url: str = URL, **more: object) -> Path | None:
    found: list[Path | None] = []
    told = threading.Event()

    def tell(_url: str, path: Path | None) -> None:
        found.append(path)
        told.set()

    pictures.get(url, px=96, told=tell, **more)  # type: ignore[arg-type]
    assert told.wait(5)
    return found[0]


def test_fetched_once_and_kept_small(tmp_path: Path) -> None:
    server = Server(_png())
    pictures = RemotePictures(tmp_path / "pictures", fetch=server)
    path = _get(pictures, server="https://plaza.example")
    assert path is not None
    with Image.open(path) as image:
        assert max(image.size) == 96
    assert _get(pictures) == path
    assert server.asked == [(URL, "https://plaza.example")]
    assert path.stat().st_mode & 0o077 == 0
    pictures.close()
    again = RemotePictures(tmp_path / "pictures", fetch=server)
    assert _get(again) == path, "after a restart it is still there"
    again.close()


def test_not_allowed_means_not_asked(tmp_path: Path) -> None:
    server = Server(_png())
    pictures = RemotePictures(tmp_path, fetch=server)
    assert _get(pictures, may_fetch=False) is None
    assert server.asked == []
    pictures.close()


@pytest.mark.parametrize("answer", [Gone("no"), b"<svg onload=alert(1)>", b"", _png()[:40]])
def test_what_is_no_picture_is_not_shown_nor_asked_again(tmp_path: Path, answer: bytes | Exception) -> None:
    server = Server(answer)
    pictures = RemotePictures(tmp_path, fetch=server)
    assert _get(pictures) is None
    pictures.get(URL, px=96, told=lambda url, path: None)
    assert len(server.asked) == 1
    assert [each for each in tmp_path.iterdir() if each.is_file()] == []
    pictures.close()


def test_only_web_addresses(tmp_path: Path) -> None:
    server = Server(_png())
    pictures = RemotePictures(tmp_path, fetch=server)
    for url in ("file:///etc/passwd", "data:image/png;base64,xx", "ftp://x/y.png"):
        assert _get(pictures, url) is None
    assert server.asked == []
    pictures.close()

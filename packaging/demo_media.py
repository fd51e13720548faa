"""Renders the sample artwork: resources/demo/art/*.svg (the originals) to resources/demo/media/*.png (shipped)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

DEMO = Path(__file__).resolve().parent.parent / "resources" / "demo"
COLOURS = 96  # flat drawings need few; more only makes the files larger


def render(source: Path, target: Path) -> int:
    """Draw one SVG at its own size as a palette PNG; returns the bytes written."""
    renderer = QSvgRenderer(str(source))
    if not renderer.isValid():
        raise ValueError(f"{source} is no readable SVG")
    image = QImage(renderer.defaultSize(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    straight = image.convertToFormat(QImage.Format.Format_RGBA8888)
    drawn = Image.frombytes("RGBA", (straight.width(), straight.height()), bytes(straight.constBits()))
    clear = drawn.getchannel("A").getextrema() != (255, 255)
    flat = drawn if clear else drawn.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    target.parent.mkdir(parents=True, exist_ok=True)
    flat.save(target, optimize=True)
    return target.stat().st_size


def main() -> int:
    """Render all that is newer than its picture, or everything with --all."""
    application = QGuiApplication(sys.argv[:1])
    total = 0
    for source in sorted((DEMO / "art").rglob("*.svg")):
        target = DEMO / "media" / source.relative_to(DEMO / "art").with_suffix(".png")
        if "--all" in sys.argv or not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            total += render(source, target)
            print(target.relative_to(DEMO))
    print(f"{total / 1024:.0f} KB drawn")
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())

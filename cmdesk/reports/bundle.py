"""Files for somebody without this program: a new folder, or a zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from cmdesk.files import replace_private


def write_bundle(target: Path, files: Mapping[str, bytes], made_at: datetime) -> None:
    """Write files, by their path inside, to a zip when `target` ends so, else to a new folder.

    A zip that exists is replaced. Raises OSError, FileExistsError for a folder that exists.
    """
    if target.suffix.lower() == ".zip":
        _zip(target, files, made_at)
    else:
        _folder(target, files)


def _folder(target: Path, files: Mapping[str, bytes]) -> None:
    target.mkdir(parents=True, mode=0o700)
    for name, data in files.items():
        path = target / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)


def _zip(target: Path, files: Mapping[str, bytes], made_at: datetime) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, made_at.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    replace_private(target, packed.getvalue())

"""The pictures a plan file names: found beside the file, looked at before, taken over once it is accepted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from cmdesk.errors import MediaError
from cmdesk.media import MediaInfo, import_media, read_header


def locate(name: str, folders: Sequence[Path]) -> Path | None:
    """Return the file a cell names: an absolute path, else beside the plan or in the profile's own folder."""
    try:
        path = Path(name).expanduser()
        places = [path] if path.is_absolute() else [folder / path for folder in folders]
        return next((each for each in places if each.is_file()), None)
    except (OSError, ValueError, RuntimeError):  # no path at all, or nobody's home
        return None


def look_at(names: Iterable[str], folders: Sequence[Path]) -> dict[str, str]:
    """Return what is wrong with each picture, '' for nothing: `media_missing`, or a code of `cmdesk.media.CODES`."""
    found: dict[str, str] = {}
    for name in names:
        path = locate(name, folders)
        if path is None:
            found[name] = "media_missing"
            continue
        try:
            read_header(path.read_bytes())
            found[name] = ""
        except MediaError as problem:
            found[name] = problem.code
        except OSError:
            found[name] = "media_unreadable"
    return found


def take_over(names: Iterable[str], folders: Sequence[Path], media_folder: Path) -> dict[str, MediaInfo]:
    """Make a clean copy of each picture in the profile's folder; raises MediaError for one that cannot be taken."""
    found: dict[str, MediaInfo] = {}
    for name in dict.fromkeys(names):
        path = locate(name, folders)
        if path is None:
            raise MediaError(f"{name} is not there", code="media_missing", detail=name[:120])
        found[name] = import_media(path, media_folder)
    return found

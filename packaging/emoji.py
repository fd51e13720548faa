"""Makes resources/emoji/emoji.json from the npm package emojibase-data: `python packaging/emoji.py <package folder>`.

Run when Unicode brings new emoji that the systems' typefaces draw by then (NEWEST).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "resources" / "emoji" / "emoji.json"
LANGUAGES = ("en", "es")
NEWEST = 15  # Debian 12's Noto Color Emoji; newer ones would show as boxes
COMPONENTS = 2  # the group of skin tones and hair styles, which stand for nothing alone


def main(package: Path) -> int:
    """Write [emoji, group, takes a tone, label and tags by language...] in Unicode's order."""
    sys.path.insert(0, str(TARGET.parents[2]))
    from cmdesk.emoji import TONES, toned

    data = {each: json.loads((package / each / "data.json").read_text(encoding="utf-8")) for each in LANGUAGES}
    names = {each: {item["hexcode"]: item for item in items} for each, items in data.items()}
    rows = []
    for item in sorted(data["en"], key=lambda item: item.get("order", 0)):
        group = item.get("group")
        if group is None or group == COMPONENTS or item["version"] > NEWEST:
            continue
        skins = {each["tone"]: each["emoji"] for each in item.get("skins", ()) if isinstance(each["tone"], int)}
        tones = bool(skins) and all(toned(item["emoji"], tone) == skins.get(tone) for tone in range(1, len(TONES)))
        words = [names[language].get(item["hexcode"], item) for language in LANGUAGES]
        named = [f"{each['label']}|{' '.join(each['tags'])}" for each in words]
        rows.append([item["emoji"], group, int(tones), *named])
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    TARGET.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    (TARGET.parent / "LICENSE").write_text((package / "LICENSE").read_text(encoding="utf-8"), encoding="utf-8")
    print(f"{len(rows)} emoji, {TARGET.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))

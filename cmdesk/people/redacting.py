"""What names a person, found in texts and taken out of them: handles, addresses, full names (N21)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cmdesk.people.handles import EMAIL, PHONE, own_name

_SHORTEST = 3


@dataclass(frozen=True, slots=False)
class Names:
    """Everything that names one person; `everywhere` is sure to mean them, `near` only where they were spoken with."""

    everywhere: tuple[str, ...]
    near: tuple[str, ...] = ()

    @cached_property
    def _sure(self) -> re.Pattern[str] | None:
        return _pattern(self.everywhere)

    @cached_property
    def _close(self) -> re.Pattern[str] | None:
        return _pattern((*self.everywhere, *self.near))

    def taken_out(self, text: str, label: str, *, near: bool) -> str:
        """Return a text with `label` instead of every name, handle and address of the person."""
        pattern = self._close if near else self._sure
        return text if pattern is None or not text else pattern.sub(label, text)

    def there(self, text: str) -> bool:
        """Say whether a text names the person for sure."""
        return self._sure is not None and self._sure.search(text) is not None


def names_of(name: str, profiles: Iterable[Mapping[str, str]], also: Iterable[str] = ()) -> Names:
    """Return what names a person: `profiles` with network, handle, remote_id, name, profile_url; `also` more names.

    A single word ("Ana") means them only where they were spoken with.
    """
    sure: list[str] = []
    near: list[str] = []
    for each in (name, *also):
        (sure if " " in each.strip() else near).append(each.strip())
    for profile in profiles:
        handle = profile["handle"].strip().lstrip("@")
        sure += [handle, profile["profile_url"]]
        if len(profile["remote_id"]) >= 8 and not profile["remote_id"].isdigit():
            sure.append(profile["remote_id"])
        (sure if " " in profile["name"].strip() else near).append(profile["name"].strip())
        if profile["network"] not in (EMAIL, PHONE):
            near.append(f"@{own_name(profile['network'], handle)}")
    return Names(_longest(sure), _longest(near))


def _longest(found: Iterable[str]) -> tuple[str, ...]:
    """Return the texts, the longest first, so that none is found inside another."""
    good = dict.fromkeys(each for each in found if len(each.strip("@")) >= _SHORTEST)
    return tuple(sorted(good, key=len, reverse=True))


def _pattern(found: Iterable[str]) -> re.Pattern[str] | None:
    parts = []
    for each in sorted(found, key=len, reverse=True):
        start = r"(?<![\w@])@?" if each[0].isalnum() else r"(?<!\w)" if each[0] == "@" else ""
        end = r"(?!\w)" if each[-1].isalnum() else ""
        parts.append(f"{start}{re.escape(each)}{end}")
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None

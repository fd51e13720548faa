"""Spelling of what is being written: by the text's language and the brand's own words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from cmdesk.commands import spelling as commands
from cmdesk.desk import Desk
from cmdesk.spelling.speller import Misspelt
from cmdesk.store import spelling as store
from cmdesk.store.changes import Changes, Topic
from cmdesk.store.db import Done
from ui.bridge import spawn


class Spelling(QObject):
    """Checks texts of one brand in one language; says `changed` when an answer may differ."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._brand_id = 0
        self._language = ""
        self._known: frozenset[str] | None = None

    def about(self, brand_id: int, language: str) -> None:
        """Say whose text it is and in what language (BCP 47)."""
        if (brand_id, language) != (self._brand_id, self._language):
            self._brand_id, self._language, self._known = brand_id, language, None
            if self.able and not self._desk.speller.ready(language):
                spawn(self._load(language), self, name="load a dictionary")
            else:
                self.changed.emit()

    async def _load(self, language: str) -> None:
        await asyncio.to_thread(self._desk.speller.load, language)
        self.changed.emit()

    def apply(self, changes: Changes) -> None:
        """Take over taught words and new names."""
        if changes.concerns(Topic.SETTING, Topic.BRAND, Topic.ACCOUNT, brand_id=self._brand_id):
            self._known = None
            if self.able and not self._desk.speller.ready(self._language):
                spawn(self._load(self._language), self, name="load a dictionary")
            self.changed.emit()

    @property
    def able(self) -> bool:
        """Say whether there is a dictionary and a person wants it."""
        return bool(self._desk.setting("spelling")) and self._desk.speller.can(self._language)

    def check(self, text: str) -> Sequence[Misspelt]:
        """Return the misspelt words of a text; none while the dictionary is being loaded (`changed` follows)."""
        if not self.able or not self._desk.speller.ready(self._language):
            return ()
        if self._known is None:
            self._known = self._desk.page(store.known_words, self._brand_id)
        return self._desk.speller.check(text, self._language, known=self._known)

    def suggest(self, word: str) -> Sequence[str]:
        """Return what may have been meant."""
        return self._desk.speller.suggest(word, self._language)

    async def learn(self, word: str) -> Done[None]:
        """Let a word be right for this brand."""
        done = await self._desk.run(commands.learn_word, brand_id=self._brand_id, word=word)
        self._known = None
        self.changed.emit()
        return done

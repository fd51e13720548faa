"""Why a message was judged as it was: the words that decided, as they stand in it, and a correction by a click (N5).

A verdict is a guess of the program until a person says otherwise: how sure it is stands beside it in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QSize, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from cmdesk.care.verdict import LANGUAGE_SURE, Reason, Verdict
from cmdesk.i18n import N_, _
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.wording_triage import language_word
from ui import theme
from ui.inbox import care_words
from ui.theme.tokens import Space
from ui.widgets import Button, Chip, FlowLayout, PlainLabel, Popover, paint, set_tip

_WIDTH = 460
_SHOWN = 480
"""Characters of a message that are shown; the words that decided are looked for in the whole."""

_MOST_LINES = 7
LANGUAGES = ("es", "en", "ca", "gl", "eu", "fr", "it", "pt", "de", "nl")
"""Offered for a correction."""

_TONES = {"positive": "positive", "negative": "negative", "neutral": "info", "urgent": "warning"}
_URGENT = N_("urgency")


class Highlighted(QWidget):
    """A message with the words that decided on a tinted ground; learned ones are underlined too."""

    def __init__(self, text: str, reasons: Iterable[Reason], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text, self.spans = excerpt(safe_body(text), list(reasons))
        self._layout = QTextLayout(self.text.replace("\n", "\u2028"))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._height = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.text)

    def fit(self, width: int) -> None:
        """Lay it out for a width in px."""
        self._layout.setFont(theme.font("reading"))
        self._layout.setFormats([self._format(*span) for span in self.spans])
        self._layout.beginLayout()
        height = 0.0
        for _line in range(_MOST_LINES):
            line = self._layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height))
            height += line.height() * 1.14
        self._layout.endLayout()
        self._height = height
        self.setFixedSize(QSize(width, round(height) + 2))

    def _format(self, start: int, end: int, reason: Reason) -> QTextLayout.FormatRange:
        made = QTextLayout.FormatRange()
        made.start = len(self.text[:start].encode("utf-16-le")) // 2
        made.length = len(self.text[start:end].encode("utf-16-le")) // 2
        fill, ink = paint.chip_colours(_TONES.get(reason.toward, "accent"))
        style = QTextCharFormat()
        style.setBackground(fill)
        style.setForeground(ink)
        style.setFontUnderline(reason.learned)
        made.format = style
        return made

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the text."""
        painter = QPainter(self)
        painter.setPen(theme.color("text"))
        self._layout.draw(painter, QPointF(0, 0))
        painter.end()


class VerdictPopover(Popover):
    """Shows a `Verdict` on a message; each correction closes it."""

    sentiment_wanted = Signal(str)
    kind_wanted = Signal(str)
    language_wanted = Signal(str)

    def __init__(self, parent: QWidget, verdict: Verdict, text: str) -> None:
        super().__init__(parent, padding=Space.L, width=_WIDTH)
        self.setAccessibleName(_("Why it was judged so"))
        by_person = verdict.source == "person"
        head = PlainLabel(_("Why it was judged so"), role="body_strong")
        self.body.addWidget(head)
        self.said = Highlighted(text, verdict.reasons)
        self.said.fit(_WIDTH - 2 * Space.L)
        self.body.addWidget(self.said)
        self.body.addWidget(PlainLabel(reason_line(verdict), role="small", color="text_muted", wrap=True))
        sure = _("said by you") if by_person else care_words.confidence_word(verdict.confidence, unsure=verdict.unsure)
        self.body.addLayout(self._row(_("Sentiment"), sure))
        self.body.addWidget(
            self._choices(
                [(key, f"{mark.letter}  {mark.label}", mark.icon, str(place), "") for place, (key, mark) in
                 enumerate(care_words.SENTIMENTS.items(), 1)],
                verdict.sentiment, self.sentiment_wanted,
            )
        )  # fmt: skip
        sure = care_words.confidence_word(verdict.kind_confidence, unsure=verdict.kind_unsure)
        self.body.addLayout(self._row(_("Kind"), _("said by you") if by_person else sure))
        self.body.addWidget(
            self._choices(
                [(key, _(each[0]), each[1], f"⇧{place}", _(each[2])) for place, (key, each) in
                 enumerate(care_words.INTENTS.items(), 1)],
                verdict.kind, self.kind_wanted,
            )
        )  # fmt: skip
        self.body.addLayout(self._last(verdict))

    def _row(self, title: str, sure: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, Space.XS, 0, 0)
        row.addWidget(PlainLabel(title, role="small_strong"))
        row.addWidget(PlainLabel(sure, role="small", color="text_muted"))
        row.addStretch(1)
        return row

    def _choices(self, rows: list[tuple[str, str, str, str, str]], current: str, signal: object) -> QWidget:
        whole = QWidget()
        flow = FlowLayout(whole, gap=4)
        flow.setContentsMargins(0, 0, 0, 0)
        for key, text, icon, shortcut, note in rows:
            tone = "accent" if key == current else "neutral"
            chip = Chip(f"{text}  {shortcut}", tone=tone, icon="check" if key == current else icon, clickable=True)
            chip.setAccessibleName(_("{name}, chosen").format(name=text) if key == current else text)
            set_tip(chip, note)
            chip.clicked.connect(lambda key=key: self._choose(signal, key))
            flow.addWidget(chip)
        return whole

    def _last(self, verdict: Verdict) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, Space.S, 0, 0)
        name = language_name(verdict.language) or _("unknown")
        if verdict.language and verdict.source != "person" and _language_unsure(verdict):
            name = f"{name} · {care_words.confidence_word(0, unsure=True)}"
        self.language = Button(_("Language: {name}").format(name=name), size="small", icon="languages")
        self.language.clicked.connect(self._choose_language)
        row.addWidget(self.language)
        row.addStretch(1)
        urgency = care_words.urgency_word(verdict.urgency)
        row.addWidget(PlainLabel(_("Urgency: {word}").format(word=urgency.lower()), role="small", color="text_muted"))
        return row

    def _choose_language(self) -> None:
        menu = QMenu(self)
        for code in LANGUAGES:
            made = QAction(language_name(code), menu)
            made.triggered.connect(lambda _on=False, code=code: self._choose(self.language_wanted, code))
            menu.addAction(made)
        menu.popup(self.language.mapToGlobal(self.language.rect().bottomLeft()))

    def _choose(self, signal: object, key: str) -> None:
        self.close()
        signal.emit(key)  # type: ignore[attr-defined]


def excerpt(text: str, reasons: list[Reason]) -> tuple[str, list[tuple[int, int, Reason]]]:
    """The part of a text in which most decided, and where the words stand in it: (start, end, reason), in order."""
    spans = _spans(text, reasons)
    if len(text) > _SHOWN:
        first = max(0, spans[0][0] - 80) if spans and spans[0][0] > _SHOWN - 80 else 0
        cut = text[first : first + _SHOWN]
        text = f"{'…' if first else ''}{cut}…" if first + _SHOWN < len(text) else f"…{cut}"
        spans = _spans(text, reasons)
    return text, spans


def _spans(text: str, reasons: list[Reason]) -> list[tuple[int, int, Reason]]:
    taken: list[tuple[int, int, Reason]] = []
    for reason in sorted(reasons, key=lambda each: (-abs(each.weight), -len(each.word))):
        if not reason.word.strip():
            continue
        edge = r"(?<!\w)" if reason.word[0].isalnum() else ""
        after = r"(?!\w)" if reason.word[-1].isalnum() else ""
        between = r"\W+".join(re.escape(part) for part in reason.word.split())
        for match in re.finditer(edge + between + after, text):
            if all(match.end() <= start or match.start() >= end for start, end, _reason in taken):
                taken.append((match.start(), match.end(), reason))
    return sorted(taken, key=lambda span: span[0])


def reason_line(verdict: Verdict) -> str:
    """The words that decided as one sentence, each once, learned ones marked."""
    if verdict.source == "person":
        return _("A person judged this one; the next ones learn from it.")
    parts: dict[str, list[str]] = {}
    for reason in verdict.reasons:
        word = clean_line(reason.word, limit=40)
        said = _("{word} (learned)").format(word=word) if reason.learned else word
        if any(said in told for told in parts.values()) and reason.toward == "urgent":
            continue
        told = parts.setdefault(_toward(reason.toward), [])
        if said not in told:
            told.append(said)
    if not parts:
        return _("No single word decided: its whole tone did.")
    return " · ".join(f"{toward}: {', '.join(told)}" for toward, told in parts.items())


def _toward(code: str) -> str:
    if code in care_words.SENTIMENTS:
        return care_words.SENTIMENTS[code].label.lower()
    return care_words.intent_word(code).lower() or _(_URGENT)


def language_name(code: str) -> str:
    """A language in words, capitalised; "" for none."""
    name = language_word(code) if code else ""
    return name[:1].upper() + name[1:]


def chips(verdict: Verdict | None) -> list[tuple[str, str, str]]:
    """Text, icon and tone of the marks in a conversation's head: sentiment, kind, language, each with its doubt."""
    if verdict is None or not (verdict.sentiment or verdict.kind):
        return []
    person = verdict.source == "person"
    mark = care_words.TROLL if verdict.kind == "troll" else care_words.SENTIMENTS.get(verdict.sentiment)
    made: list[tuple[str, str, str]] = []
    if mark is not None:
        troll = verdict.kind == "troll"
        unsure = (verdict.kind_unsure if troll else verdict.unsure) and not person
        worth = verdict.kind_confidence if troll else verdict.confidence
        sure = _("by you") if person else care_words.confidence_word(worth, unsure=unsure)
        made.append((f"{mark.letter}  {mark.label} · {sure}", mark.icon, "neutral" if unsure else mark.tone))
    if verdict.kind != "troll" and verdict.kind in care_words.INTENTS:
        word, icon, _note = care_words.INTENTS[verdict.kind]
        doubt = f" · {care_words.confidence_word(0, unsure=True)}" if verdict.kind_unsure and not person else ""
        made.append((f"{_(word)}{doubt}", icon, "neutral"))
    name = language_name(verdict.language)
    if name:
        doubt = f" · {care_words.confidence_word(0, unsure=True)}" if _language_unsure(verdict) and not person else ""
        made.append((f"{name}{doubt}", "languages", "neutral"))
    return made


def _language_unsure(verdict: Verdict) -> bool:
    return verdict.language_confidence < LANGUAGE_SURE

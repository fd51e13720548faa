"""The dialog of a search: words in one line and as fields, what it would find now, refusals beside their field."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from cmdesk.errors import Gone, Offline, Unreadable
from cmdesk.listening.query import parse_query
from cmdesk.listening.values import Found, Query, Reach, Search, SearchKind
from cmdesk.store import listening as store
from tests.ui.listening.conftest import Listening
from tests.ui.planned import Planned, done
from ui.listening.editor import SearchDialog
from ui.listening.forms import AccountForm, FeedForm, TagsForm, WordsForm
from ui.listening.marked import MarkedText, around, runs
from ui.models import listening_preview as previews
from ui.models.directory import Directory
from ui.models.listening_preview import Heard, Profile
from ui.models.pictures import Pictures

pytestmark = pytest.mark.gui


class Asked:
    """Opens the dialog on a desk, and answers what it asks the networks."""

    def __init__(self, planned: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
        self.planned = planned
        self.directory = Directory(planned.desk)
        self.pictures = Pictures(planned.desk, self.directory)
        self.asked: list[Search] = []
        self.answer: Any = Heard(())
        self.dialog: SearchDialog | None = None
        self.window = QWidget()  # a program whose last window goes would end
        self.window.show()
        for name in ("preview", "look_up"):
            monkeypatch.setattr(previews, name, self._answer)
        monkeypatch.setattr("ui.listening.editor._AFTER_MS", 0)

    async def _answer(self, _desk: object, asked: Search) -> Any:
        self.asked.append(asked)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def open(self, kind: SearchKind = SearchKind.WORDS, *, search: Search | None = None) -> SearchDialog:
        """The dialog on the screen."""
        self.dialog = SearchDialog(
            self.planned.desk, self.directory, self.pictures, self.window, search=search, kind=kind,
            brand_id=self.planned.bakery,
        )  # fmt: skip
        self.dialog.show()
        return self.dialog

    def type(self, edit: Any, text: str) -> None:
        """Type into a field."""
        edit.setText(text)
        edit.textEdited.emit(text)

    async def settled(self) -> None:
        """Let the preview be asked for and shown."""
        assert self.dialog is not None
        if self.dialog._wait.isActive():
            self.dialog._wait.stop()
            self.dialog._wait.timeout.emit()
        await done()

    def says(self) -> str:
        """Everything the dialog's labels say."""
        assert self.dialog is not None
        return "\n".join(
            str(getattr(each, "full_text", each.text)())
            for each in self.dialog.findChildren(QLabel)
            if each.isVisibleTo(self.dialog)
        )


@pytest.fixture
def asked(planned: Planned, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """A dialog that can be opened."""
    made = Asked(planned, monkeypatch)
    yield made
    if made.dialog is not None:
        made.dialog.reject()
        made.dialog.deleteLater()
    made.window.hide()
    made.window.deleteLater()
    made.pictures.close()


def words_form(dialog: SearchDialog) -> WordsForm:
    form = dialog._form(dialog.kind())
    assert isinstance(form, WordsForm)
    return form


def found(planned: Planned, text: str, number: int = 1) -> Found:
    return Found(
        "mastodon", str(number), text, planned.desk.clock.now() - timedelta(minutes=number), author_name="Ana",
        author_handle="ana@plaza.example",
    )  # fmt: skip


async def test_the_line_and_the_fields_say_the_same(planned: Planned, asked: Asked) -> None:
    form = words_form(asked.open())
    asked.type(form.line, 'pan "masa madre" -receta')
    assert {key: edit.text() for key, edit in form.edits.items()} == {
        "all": "pan", "any": "", "phrases": "masa madre", "none": "receta",
    }  # fmt: skip
    asked.type(form.edits["any"], "horno, pan de pueblo")
    query = form.values()["query"]
    assert isinstance(query, Query)
    assert set(query.any) == {"horno", "pan de pueblo"}
    assert query.all == ("pan",)
    assert query.none == ("receta",)
    assert parse_query(form.line.text()) == query


async def test_what_it_would_find_now_is_said_as_one_types(planned: Planned, asked: Asked) -> None:
    dialog = asked.open()
    assert "Type what to listen for" in asked.says()
    asked.answer = Heard(tuple(found(planned, f"el pan número {each}", each) for each in range(1, 16)), more=True)
    asked.type(words_form(dialog).line, "pan")
    assert dialog.preview.spinner.isVisible()
    await asked.settled()
    assert asked.asked[-1].query == Query(all=("pan",))
    assert "15 or more hits" in asked.says()
    assert "and 3 more hits" in asked.says()
    assert not dialog.preview.spinner.isVisible()
    asked.answer = Heard(())
    asked.type(words_form(dialog).line, "pan zzz")
    await asked.settled()
    assert "nothing" in asked.says()


async def test_an_old_answer_never_covers_a_newer_question(
    planned: Planned, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    gates: dict[str, asyncio.Event] = {}

    async def slow(_desk: object, search: Search) -> Heard:
        word = search.query.all[0]
        gates[word] = asyncio.Event()
        await gates[word].wait()
        return Heard((found(planned, f"sobre {word}"),))

    monkeypatch.setattr(previews, "preview", slow)
    dialog = asked.open()
    for word in ("pan", "horno"):
        asked.type(words_form(dialog).line, word)
        dialog._wait.stop()
        dialog._wait.timeout.emit()
        await asyncio.sleep(0)
    gates["horno"].set()
    await asyncio.sleep(0.02)
    gates["pan"].set()
    await done()
    shown = [each.toPlainText() for each in dialog.preview.findChildren(MarkedText)]
    assert shown == ["sobre horno"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Offline("no", detail="plaza.example"), "There is no connection to plaza.example"),
        (Unreadable("x", code="feed_none", detail="plaza.example"), "There is no feed"),
    ],
)
async def test_why_it_cannot_be_known_is_said_and_saving_is_possible(
    planned: Planned, asked: Asked, error: Exception, words: str
) -> None:
    dialog = asked.open()
    asked.answer = error
    asked.type(words_form(dialog).line, "pan")
    await asked.settled()
    assert words in asked.says()
    assert dialog.yes.isEnabled()


async def test_what_a_server_lacks_stands_above_what_it_found(planned: Planned, asked: Asked) -> None:
    account = planned.accounts(planned.bakery)[0]
    dialog = asked.open()
    asked.answer = Heard((found(planned, "pan"),), reaches=(Reach(account, "search_own"),))
    asked.type(words_form(dialog).line, "pan")
    await asked.settled()
    assert "searches only your own posts" in asked.says()


async def test_a_refusal_stands_beside_its_field(planned: Planned, asked: Asked, listening: Listening) -> None:
    listening.search("pan", name="Pan")
    dialog = asked.open()
    dialog.yes.click()
    await done()
    form = words_form(dialog)
    assert form.fields["query"].has_error()
    asked.type(form.line, "horno")
    assert not form.fields["query"].has_error()
    dialog.name.setText("Pan")
    dialog.yes.click()
    await done()
    assert dialog._fields["name"].has_error()
    assert len(planned.desk.page(store.searches, planned.bakery)) == 1
    dialog.name.setText("Hornos")
    dialog.yes.click()
    await done()
    assert dialog.saved is not None
    assert listening.searched(dialog.saved.value).name == "Hornos"


async def test_hashtags_are_taken_with_or_without_their_sign(asked: Asked, listening: Listening) -> None:
    dialog = asked.open(SearchKind.HASHTAG)
    form = dialog._form(SearchKind.HASHTAG)
    assert isinstance(form, TagsForm)
    asked.type(form.edit, "#panadería, obrador")
    dialog.yes.click()
    await done()
    assert dialog.saved is not None
    kept = listening.searched(dialog.saved.value)
    assert set(kept.query.any) == {"#panadería", "#obrador"}
    assert kept.name == "#panadería, #obrador"


async def test_the_feed_of_a_page_is_found_or_the_reason_said(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    feeds: Any = [("Blog", "https://blog.example/rss"), ("", "https://blog.example/atom")]

    async def find(_desk: object, _url: str) -> Any:
        if isinstance(feeds, Exception):
            raise feeds
        return feeds

    monkeypatch.setattr(previews, "find_feeds", find)
    dialog = asked.open(SearchKind.FEED)
    form = dialog._form(SearchKind.FEED)
    assert isinstance(form, FeedForm)
    form.look.click()
    await done()
    assert form.fields["url"].has_error()
    asked.type(form.url, "blog.example")
    form.look.click()
    await done()
    assert form.url.text() == "https://blog.example/rss"
    assert form.choice.count() == 2
    form.choice.activated.emit(1)
    assert form.url.text() == "https://blog.example/atom"
    feeds = Unreadable("none", code="feed_none", detail="blog.example")
    form.look.click()
    await done()
    assert form.fields["url"].has_error()
    assert "There is no feed" in asked.says()


async def test_a_competitor_is_shown_with_its_figures_before_it_is_kept(asked: Asked, listening: Listening) -> None:
    dialog = asked.open(SearchKind.COMPETITOR)
    form = dialog._form(SearchKind.COMPETITOR)
    assert isinstance(form, AccountForm)
    asked.answer = Profile("mastodon", "tahona@plaza.example", "La Tahona", followers=12_345, posts=10)
    asked.type(form.handle, "@tahona@plaza.example")
    await asked.settled()
    assert "La Tahona" in asked.says()
    assert "12,345" in asked.says()
    asked.answer = Gone("nobody")
    asked.type(form.handle, "@nadie@plaza.example")
    await asked.settled()
    assert "no longer exists" in asked.says()
    asked.answer = Profile("mastodon", "tahona@plaza.example")
    asked.type(form.handle, "https://plaza.example/@tahona")
    await asked.settled()
    assert asked.asked[-1].handle == "tahona@plaza.example"
    dialog.yes.click()
    await done()
    assert dialog.saved is not None
    kept = listening.searched(dialog.saved.value)
    assert (kept.kind, kept.handle) == (SearchKind.COMPETITOR, "tahona@plaza.example")


async def test_a_search_is_changed_and_keeps_what_was_not_touched(asked: Asked, listening: Listening) -> None:
    search_id = listening.search("pan -receta", name="Pan", language="es", every_s=3600)
    before = listening.searched(search_id)
    dialog = asked.open(search=before)
    assert not dialog.kinds.isVisible()
    asked.type(words_form(dialog).line, "pan -receta -sorteo")
    dialog.yes.click()
    await done()
    after = listening.searched(search_id)
    assert after.query.none == ("receta", "sorteo")
    assert (after.name, after.language, after.every_s) == ("Pan", "es", 3600)


async def test_networks_that_cannot_be_asked_say_why(planned: Planned, asked: Asked) -> None:
    from cmdesk.model import AccountState
    from cmdesk.store import accounts

    account = planned.accounts(planned.bakery)[0]
    planned.desk.run_now(accounts.set_account_state, account_id=account, state=AccountState.RECONNECT)
    dialog = asked.open()
    assert [dialog.where.itemData(place) for place in range(dialog.where.count())] == ["", "bluesky"]
    assert "Waits for you to reconnect" in dialog.reasons.text()


def test_a_found_word_far_behind_is_brought_into_sight() -> None:
    text = "palabra " * 30 + "pan de hoy"
    start = text.index("pan")
    shown, spans = around(text, [(start, start + 3)], fits=40)
    assert shown.startswith("… ")
    assert [shown[begin:end] for begin, end in spans] == ["pan"]
    assert spans[0][1] <= 40
    assert around("pan de hoy", [(0, 3)], fits=40) == ("pan de hoy", [(0, 3)])


def test_pieces_of_a_text_join_to_the_text_whatever_the_spans() -> None:
    text = "el pan 🥖 de masa madre"
    for spans in ([], [(0, 2)], [(3, 6), (5, 9)], [(0, 100)], [(9, 9)], [(50, 60)]):
        pieces = runs(text, spans)
        assert "".join(piece for piece, _found in pieces) == text

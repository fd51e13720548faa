"""The composer page: whose post, where to, what, how it will look, what stands in its way, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout, QWidget

from cmdesk.errors import DeskError
from cmdesk.i18n import LANGUAGES, _
from cmdesk.planning.review import errors
from cmdesk.planning.zones import read_wall
from cmdesk.safe_text import clean_line
from ui import notices
from ui.bridge import Changes, Topic, spawn
from ui.composer.accounts_row import AccountsRow
from ui.composer.editor import TextEditor
from ui.composer.media_strip import DropZone, MediaStrip
from ui.composer.preview import PreviewCard
from ui.composer.reviewer import Reviewer
from ui.composer.schedule_bar import ScheduleBar
from ui.models import crisis
from ui.models.composer import ComposerModel
from ui.models.directory import Directory
from ui.models.snippets import POSTS, Surroundings, for_post, whole_for_post
from ui.models.thumbnails import square
from ui.templating.control import Templating
from ui.theme.tokens import HEADER_HEIGHT, Space
from ui.widgets import Banner, BrandStripe, Button, Divider, Field, IconButton, PlainLabel
from ui.widgets.dialogs import choose_files
from ui.widgets.page import Page, PageContext, Target
from ui.widgets.panels import scroll_column

PICTURES = ["*.png", "*.jpg", "*.jpeg", "*.gif", "*.webp", "*.avif"]
LANGUAGE_CHOICES = ("es", "en", "ca", "gl", "eu", "fr", "pt", "it", "de")
LEAD_MINUTES = 60


class ComposerPage(Page):
    """Writes one post; everything typed is on disk a moment later."""

    scope = "composer"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._directory = Directory(context.desk, self)
        self._model = ComposerModel(context.desk, self._directory, self)
        self._cards: list[PreviewCard] = []
        self._filling = False
        self._stripe = BrandStripe(vertical=False)
        self._title = PlainLabel("", role="title", elide=True)
        self._brands = QComboBox(self)
        self._accounts = AccountsRow(self)
        self._editor = TextEditor(self)
        self._strip = MediaStrip(self._picture, self)
        self._reviewer = Reviewer(self)
        self._bar = ScheduleBar(self)
        self._banner = Banner(
            _("An earlier version is scheduled. Update the schedule to send this one."), tone="warning"
        )
        self._language = QComboBox(self)
        self._visibility = QComboBox(self)
        self._spoiler = QLineEdit(self)
        self._note = QLineEdit(self)
        for combo in (self._language, self._visibility, self._brands):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._add = Button(_("Add a picture"), self, icon="image-plus", size="small")
        self._insert = Button(_("Insert a template"), self, icon="book-open", size="small")
        self.templating = Templating(
            self._editor.edit, context.desk, self._around, more=self._around_whole, kinds=POSTS
        )
        self._close = IconButton("x", _("Close"), self, shortcut_text="Esc")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QWidget(self)
        head.setFixedHeight(HEADER_HEIGHT)
        row = QHBoxLayout(head)
        row.setContentsMargins(Space.L, 0, Space.S, 0)
        row.addWidget(self._title, 1)
        row.addWidget(self._brands)
        row.addWidget(self._close)
        self._brands.setAccessibleName(_("Brand"))
        left = DropZone(self)
        left.dropped.connect(self._add_files)
        outer = QVBoxLayout(left)
        outer.setContentsMargins(0, 0, 0, 0)
        area, column = scroll_column(margin=Space.L)
        outer.addWidget(area)
        column.addWidget(self._banner)
        column.addWidget(self._accounts)
        column.addWidget(self._editor, 1)
        column.addWidget(self._strip)
        more = QHBoxLayout()
        more.setSpacing(Space.S)
        more.addWidget(self._add)
        more.addWidget(self._insert)
        more.addStretch(1)
        column.addLayout(more)
        options = QHBoxLayout()
        options.setSpacing(Space.M)
        options.addWidget(Field(_("Language"), self._language))
        options.addWidget(Field(_("Who sees it"), self._visibility))
        options.addWidget(Field(_("Content warning"), self._spoiler), 1)
        column.addLayout(options)
        column.addWidget(Field(_("Note for yourself, never published"), self._note))
        self._spoiler.setPlaceholderText(_("Only where the network shows one"))
        right, previews = scroll_column(margin=Space.L)
        previews.addWidget(PlainLabel(_("Before it goes out"), role="small_strong", color="text_muted"))
        previews.addWidget(self._reviewer)
        previews.addSpacing(Space.S)
        previews.addWidget(PlainLabel(_("Preview"), role="small_strong", color="text_muted"))
        self._previews = QVBoxLayout()
        self._previews.setSpacing(Space.M)
        previews.addLayout(self._previews)
        previews.addStretch(1)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([550, 450])
        self._splitter = splitter
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self._stripe, head, Divider(self)):
            layout.addWidget(part)
        layout.addWidget(splitter, 1)
        layout.addWidget(Divider(self))
        layout.addWidget(self._bar)

    def _connect(self) -> None:
        model = self._model
        model.loaded.connect(self._show)
        model.edited.connect(self._show_live)
        model.save_state.connect(self._saved)
        self._accounts.changed.connect(lambda ids: self._and_show(model.change, account_ids=ids))
        self._editor.typed.connect(model.set_text)
        self._editor.shared.connect(lambda network: self._and_show(model.share_text, network))
        self._editor.pasted.connect(self._add_files)
        self._strip.described.connect(model.describe)
        self._strip.removed.connect(lambda media_id: self._and_show(model.remove_picture, media_id))
        self._strip.moved.connect(lambda media_id, step: self._and_show(model.move_picture, media_id, step))
        self._add.clicked.connect(self.do_add_media)
        self._insert.clicked.connect(self.do_templates)
        self._editor.edit.template_wanted.connect(lambda typed: self.templating.open(typed=typed))
        self._close.clicked.connect(self.do_close)
        self._brands.activated.connect(self._other_brand)
        self._language.activated.connect(lambda _i: self._option("language", self._language.currentData()))
        self._visibility.activated.connect(lambda _i: self._option("visibility", self._visibility.currentData()))
        self._spoiler.textEdited.connect(lambda text: self._option("spoiler", text))
        self._note.textEdited.connect(lambda text: self._option("note", text))
        self._bar.scheduled.connect(self.do_schedule)
        self._bar.sent_now.connect(self.do_publish_now)

    # The window asks

    def open(self, target: Target) -> None:
        """Edit a post, or begin one of the brand in view at the hour that was chosen."""
        self._model.flush()
        self._directory.reload()
        if target.kind == "post" and target.id is not None:
            self._model.load(target.id)
            self._hour_of_post()
            return
        brands = self._directory.brands()
        brand_id = target.brand_id or self.context.brand_id or (brands[0].id if brands else 0)
        self._model.begin(brand_id)
        self._bar.set_wall(target.text or self._soon())
        self._editor.edit.setFocus()

    def show_brand(self, brand_id: int | None) -> None:
        """Choosing another brand in the bar never re-targets what is being written."""

    def concerned(self, changes: Changes) -> bool:
        """Posts, their deliveries, accounts and brands."""
        return changes.concerns(Topic.POST, Topic.DELIVERY, Topic.ACCOUNT, Topic.BRAND)

    def refresh(self, changes: Changes | None) -> None:
        """Take over what changed elsewhere, never over unsaved words."""
        if changes is not None and changes.concerns(Topic.ACCOUNT, Topic.BRAND):
            self._directory.reload()
            self._show()
        if self._model.draft.brand_id == 0:
            self.open(Target("composer", "new_post"))
        else:
            self._model.reread()

    def leaving(self) -> None:
        """Keep the last words."""
        self._model.flush()

    def focus_main(self) -> None:
        """The text takes the keys."""
        self._editor.edit.setFocus()

    def save_state(self) -> dict[str, Any]:
        """The splitter."""
        return {"sizes": self._splitter.sizes()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        sizes = state.get("sizes")
        if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(size, int) for size in sizes):
            self._splitter.setSizes(sizes)

    # Showing

    def _picture(self, file: str, px: int) -> QPixmap:
        return square(self.context.desk.media_folder / file, px)

    def _hour_of_post(self) -> None:
        post = self._model.post
        target = next((each for each in post.targets if each.wall), None) if post else None
        instants = read_wall(target.wall, target.zone).instants if target else ()
        if target is not None and instants and instants[-1] > self.context.desk.clock.now():
            self._bar.set_wall(target.wall, target.fold)
        else:
            self._bar.set_wall(self._soon())

    def _soon(self) -> str:
        brand = self._directory.brand(self._model.draft.brand_id)
        zone = ZoneInfo(brand.zone if brand else "UTC")
        at = self.context.desk.clock.now().astimezone(zone) + timedelta(minutes=LEAD_MINUTES)
        return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0, tzinfo=None).isoformat(
            timespec="minutes"
        )

    def _show(self) -> None:
        model, draft = self._model, self._model.draft
        brand = self._directory.brand(draft.brand_id)
        fresh = model.post_id is None
        self._filling = True
        self._stripe.set_color(brand.color if brand else "")
        name = clean_line(brand.name) if brand else ""
        title = _("New post for {brand}") if fresh else _("Post of {brand}")
        self._title.setText(title.format(brand=name))
        self._fill_brands()
        editable = model.editable
        self._accounts.show_accounts(
            model.accounts, draft.account_ids, brand_color=brand.color if brand else "", editable=editable
        )
        self._editor.show_texts(draft.text, draft.variants, model.networks, editable=editable)
        alt = min((where.alt_characters for where in model.destinations()), default=1500)
        self._strip.show_media(draft.media, limit=alt, editable=editable)
        self._fill_options(editable)
        self._make_cards()
        self._filling = False
        self._show_live()

    def _show_live(self) -> None:
        """What changes with every key: counts, previews, findings."""
        model, draft = self._model, self._model.draft
        # Only an empty post may still change hands.
        self._brands.setVisible(model.post_id is None and draft.empty and self._brands.count() > 1)
        findings = model.findings()
        self._editor.show_counts(model.destinations(), draft.spoiler)
        self._reviewer.show_findings(findings, model.accounts)
        for card, account in zip(self._cards, model.chosen, strict=False):
            card.show_post(model.text_for(account), draft.spoiler, draft.media)
        scheduled = model.sealed and model.editable
        self._bar.show_brand(
            self._directory.brand(draft.brand_id),
            len(draft.account_ids),
            editable=model.editable,
            rescheduling=scheduled,
        )
        self._bar.set_can_hold(model.can_be_held)
        self._bar.set_errors(bool(errors(findings)))
        self._banner.setVisible(model.differs_from_schedule)

    def _and_show(self, change: Callable[..., None], *args: Any, **fields: Any) -> None:
        """A change that alters more than what is being typed."""
        change(*args, **fields)
        self._show()

    def _saved(self, state: str) -> None:
        self._bar.mark.show_state(state)
        if state == "saved":
            self._banner.setVisible(self._model.differs_from_schedule)

    def _make_cards(self) -> None:
        chosen = self._model.chosen
        if [card.account_id for card in self._cards] == [account.id for account in chosen]:
            return
        for card in self._cards:
            self._previews.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = [PreviewCard(account, self._picture, self) for account in chosen]
        for card in self._cards:
            self._previews.addWidget(card)

    def _fill_brands(self) -> None:
        brands = self._directory.brands()
        self._brands.clear()
        for brand in brands:
            self._brands.addItem(clean_line(brand.name), brand.id)
        self._brands.setCurrentIndex(self._brands.findData(self._model.draft.brand_id))

    def _other_brand(self, _index: int) -> None:
        wall, _zone, _fold = self._bar.wall()
        self._model.begin(self._brands.currentData())
        self._bar.set_wall(wall)

    def _fill_options(self, editable: bool) -> None:
        draft = self._model.draft
        self._language.clear()
        for code in dict.fromkeys((draft.language, *LANGUAGE_CHOICES)):
            if code:
                self._language.addItem(LANGUAGES.get(code) or _language_name(code), code)
        self._language.setCurrentIndex(self._language.findData(draft.language))
        self._visibility.clear()
        known = {name for where in self._model.destinations() for name in where.visibilities} | {
            "public",
            draft.visibility,
        }
        for name, text in _visibilities():
            if name in known:
                self._visibility.addItem(text, name)
        self._visibility.setCurrentIndex(self._visibility.findData(draft.visibility))
        for edit, text in ((self._spoiler, draft.spoiler), (self._note, draft.note)):
            if edit.text() != text:
                edit.setText(text)
        for part in (self._language, self._visibility, self._spoiler, self._note, self._add):
            part.setEnabled(editable)

    def _option(self, name: str, value: object) -> None:
        if not self._filling:
            self._model.change(**{name: value})

    # Actions of the table

    def do_templates(self) -> None:
        """Open the templates for the text."""
        self.templating.open()

    def _around(self) -> Surroundings | None:
        brand = self._directory.brand(self._model.draft.brand_id)
        if brand is None or not self._model.editable:
            return None
        return for_post(brand, self._model.draft.language)

    async def _around_whole(self) -> Surroundings | None:
        brand = self._directory.brand(self._model.draft.brand_id)
        desk = self.context.desk
        return None if brand is None else await whole_for_post(desk, brand, self._model.draft.language)

    def do_add_media(self) -> None:
        """Choose pictures of this computer."""
        spawn(self._choose_files(), self, name="add a picture")

    async def _choose_files(self) -> None:
        chosen = await choose_files(self, _("Add pictures"), patterns=[(_("Pictures"), PICTURES)], several=True)
        await self._add_paths(chosen)

    def _add_files(self, paths: list[Path]) -> None:
        spawn(self._add_paths(paths), self, name="add a picture")

    async def _add_paths(self, paths: list[Path]) -> None:
        """One bad picture does not keep the others out."""
        for path in paths:
            try:
                await self._model.add_pictures([path])
            except DeskError as error:
                notices.error(error, doing=path.name)
        self._show()

    def do_save_draft(self) -> None:
        """Save at once; it would have been a moment later."""
        spawn(self._model.save(), self, name="save the draft")

    def do_schedule(self) -> None:
        """Seal it for the chosen hour."""
        wall, zone, fold = self._bar.wall()
        self._seal(
            lambda: self._model.schedule(wall=wall, zone=zone, fold=fold, hand_off=self._bar.hand_off()),
            _("Schedule a post"),
        )

    def do_publish_now(self) -> None:
        """Seal it for this moment."""
        self._seal(self._model.publish_now, _("Publish a post"))

    def _seal(self, act: Callable[[], Any], name: str) -> None:
        if errors(self._model.findings()) or not self._model.editable:
            return

        async def work() -> None:
            self.context.undo(await act(), name)
            if crisis.lasting(self.context.desk, self._model.draft.brand_id):
                notices.tell(_("A crisis holds it: it does not go out until you decide about it"), tone="warning")
            self.context.navigate(Target("calendar", "post", self._model.post_id))

        spawn(work(), self, name=name)

    def do_close(self) -> None:
        """Back to the calendar; the draft is kept."""
        self._model.flush()
        self.context.navigate(Target("calendar", "post", self._model.post_id))


def _visibilities() -> list[tuple[str, str]]:
    return [
        ("public", _("Everybody")), ("unlisted", _("Everybody, not in timelines")),
        ("private", _("Followers only")), ("direct", _("Only those mentioned")),
    ]  # fmt: skip


def _language_name(code: str) -> str:
    return QLocale(code).nativeLanguageName() or code


def make(context: PageContext) -> Page:
    """Make the page (see ui.widgets.page)."""
    return ComposerPage(context)

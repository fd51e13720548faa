"""What the composer's keys and buttons do: the handlers of its rows in ui.actions, and where plug-ins find things."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.model import Brand
from cmdesk.planning.review import Finding
from ui import notices
from ui.bridge import spawn
from ui.composer import locks
from ui.composer.approving import Approving
from ui.composer.carding import Carding
from ui.composer.editor import TextEditor
from ui.composer.inserting import Inserting
from ui.composer.media_strip import KINDS
from ui.composer.panes import LookingPane, WritingPane
from ui.composer.parts import PartStack
from ui.composer.reviewer import Reviewer
from ui.composer.schedule_bar import ScheduleBar
from ui.composer.scheduling import SchedulingDeeds
from ui.composer.sealing import Sealing
from ui.composer.shaping import Shaping
from ui.composer.tools import ToolRow
from ui.models.composer import ComposerModel
from ui.models.directory import Directory
from ui.models.reviewing import safe
from ui.models.voice import voice_card
from ui.templating.control import Templating
from ui.templating.voice_card import VoicePopover
from ui.widgets.dialogs import choose_files
from ui.widgets.page import Page, Target


class ComposerDeeds(Page):
    """Everything but showing; `ComposerPage` makes the parts named here."""

    model: ComposerModel
    writing: WritingPane
    looking: LookingPane
    bar: ScheduleBar
    scheduling: SchedulingDeeds
    shaping: Shaping
    sealing: Sealing
    inserting: Inserting
    carding: Carding
    approving: Approving
    _directory: Directory
    _templating: dict[TextEditor, Templating]
    _own_tool: QWidget
    _reviewed = 0  # how many findings F7 went to

    def show_all(self) -> None:
        """Show the whole draft; fields whose words are the same keep their cursor."""

    def review_now(self) -> list[Finding]:
        """Ask the reviewer and show what it says."""
        return self.model.findings()

    # What plugs in

    @property
    def parts(self) -> PartStack:
        """The texts and pictures, part by part."""
        return self.writing.parts

    @property
    def tools(self) -> ToolRow:
        """The row of small buttons under the text."""
        return self.writing.tools

    @property
    def reviewer(self) -> Reviewer:
        """What the reviewer says."""
        return self.looking.reviewer

    @property
    def editor(self) -> TextEditor:
        """The text one writes in, or wrote in last."""
        return self.parts.current()

    @property
    def templating(self) -> Templating:
        """The templates of the text one writes in."""
        return self._templating[self.editor]

    @property
    def brand(self) -> Brand | None:
        """Whose post it is."""
        return self._directory.brand(self.model.draft.brand_id)

    def hours(self) -> dict[int, tuple[str, str, int]]:
        """The chosen hour of each account."""
        return {each.account_id: (each.wall, each.zone, each.fold) for each in self.bar.targets()}

    def _add_tools(self) -> None:
        self._voice_tool: QWidget = self.tools
        for icon, name, act, key in (
            ("image-plus", _("Add a picture or film"), self.do_add_media, "Ctrl+Shift+I"),
            ("smile-plus", _("Insert an emoji"), self.do_emoji, "Ctrl+."),
            ("hash", _("Insert hashtags"), self.do_hashtags, "Ctrl+Shift+T"),
            ("at-sign", _("Mention somebody"), self.do_mention, "Ctrl+Shift+M"),
            ("link", _("Insert a link of the brand"), self.do_link, "Ctrl+L"),
            ("book-open", _("Insert a template"), self.do_templates, "Ctrl+J"),
            ("quote", _("How this brand speaks"), self.do_voice, "F8"),
            ("", "", self.do_poll, ""),
            ("list-checks", _("Poll"), self.do_poll, "Ctrl+Shift+P"),
            ("list-plus", _("Add a part to the thread"), self.do_add_part, "Ctrl+Alt+Return"),
            ("split", _("Split the text into a thread"), self.do_split, "Ctrl+Shift+S"),
            ("message-square-plus", _("First comment"), self.do_first_comment, "Ctrl+Shift+C"),
            ("text-cursor-input", _("Give a network or account its own text"), self.do_own_text, "Ctrl+Shift+O"),
        ):
            if icon:
                self._own_tool = self.tools.add_tool(icon, name, act, key)
                self._voice_tool = self._own_tool if icon == "quote" else self._voice_tool
            else:
                self.tools.add_gap()

    def go_to(self, finding: Finding) -> None:
        """Show the place a finding speaks of."""
        place = finding.place
        if place is None or place.part not in self.model.draft.numbers():
            self.focus_main()
            return
        if place.key != self.writing.tabs.key:
            self.writing.tabs.choose(place.key)
        editor = self.parts.editor(place.part)
        editor.select(place.start, place.end)
        self.writing.reveal(editor)

    async def _choose_files(self) -> None:
        part = self.parts.number
        chosen = await choose_files(
            self, _("Add pictures or films"), patterns=[(_("Pictures and films"), KINDS)], several=True
        )
        await self._add_paths(chosen, part)

    def _add_files(self, part: int, paths: list[Path]) -> None:
        spawn(self._add_paths(paths, part), self, name="add a picture")

    async def _add_paths(self, paths: list[Path], part: int = 0) -> None:
        if paths and (why := locks.pictures_reason(self.model, part)):
            notices.tell(why, tone="warning")
            return
        await self.model.media.add(paths, part)

    # Actions of the table

    def do_templates(self) -> None:
        """Open the templates for the text."""
        self.templating.open()

    def do_voice(self) -> None:
        """Show how the brand speaks to whom this post is for, and what the chosen accounts are for."""
        draft = self.model.draft
        if not draft.brand_id:
            return
        card = voice_card(
            self.context.desk, draft.brand_id, draft.language, market_id=draft.market_id or 0,
            account_ids=draft.account_ids,
        )  # fmt: skip
        edit = partial(self.context.navigate, Target("settings", "voice", draft.brand_id))
        VoicePopover(self, card, edit=edit).show_over(self._voice_tool)

    def do_add_media(self) -> None:
        """Choose pictures of this computer."""
        spawn(self._choose_files(), self, name="add a picture")

    def do_emoji(self) -> None:
        """Choose an emoji."""
        self.inserting.emoji()

    def do_hashtags(self) -> None:
        """Choose a set of hashtags."""
        self.inserting.hashtags()

    def do_link(self) -> None:
        """Choose a link of the brand."""
        self.inserting.link()

    def do_utm(self) -> None:
        """Mark a link for statistics."""
        self.inserting.utm()

    def do_mention(self) -> None:
        """Begin a mention."""
        self.inserting.mention()

    def do_card(self) -> None:
        """Write the card of the link."""
        from ui.composer.card_dialog import write_card

        spawn(write_card(self), self, name="write the card of a link")

    def do_save_draft(self) -> None:
        """Save at once; it would have been a moment later."""
        spawn(self.model.save(), self, name="save the draft")

    def do_versions(self) -> None:
        """Show what the post was."""
        from ui.composer.versions import show_versions

        spawn(show_versions(self), self, name="show the versions")

    def do_schedule(self) -> None:
        """Seal it for the chosen hour."""
        self.sealing.schedule()

    def do_next_slot(self) -> None:
        """Each account takes its next free slot."""
        self.scheduling.next_slot()

    def do_repeat(self) -> None:
        """How it repeats."""
        self.scheduling.repeat()

    def do_publish_now(self) -> None:
        """Seal it for this moment."""
        self.sealing.publish_now()

    def do_ask_approval(self) -> None:
        """Keep it and ask the client."""
        self.approving.ask()

    def do_discard(self) -> None:
        """Put the post away."""
        self.sealing.discard()

    def do_close(self) -> None:
        """Back to the calendar; the draft is kept."""
        self.model.flush()
        self.context.navigate(Target("calendar", "post", self.model.post_id))

    def do_own_text(self) -> None:
        """Give a network or account words of its own."""
        tabs = self.writing.tabs
        if not tabs.candidates():
            notices.tell(_("With one network there is one text."))
        tabs.offer(tabs if tabs.isVisible() else self._own_tool)

    def do_common_text(self) -> None:
        """Back to the common words."""
        if self.parts.key:
            self.shaping.share(self.parts.key)

    def do_next_text(self) -> None:
        """The next tab."""
        self.writing.tabs.step()

    def do_add_part(self) -> None:
        """One more part behind this one."""
        self.shaping.add_part()

    def do_split(self) -> None:
        """Split this part into as many as it needs."""
        self.shaping.split(self.parts.number)

    def do_part_up(self) -> None:
        """Let this part go out earlier."""
        self.shaping.move_part(self.parts.number, -1)

    def do_part_down(self) -> None:
        """Let this part go out later."""
        self.shaping.move_part(self.parts.number, 1)

    def do_remove_part(self) -> None:
        """Take this part out."""
        self.shaping.remove_part(self.parts.number)

    def do_next_part(self) -> None:
        """Write in the next part."""
        self.parts.step(1)

    def do_previous_part(self) -> None:
        """Write in the part before."""
        self.parts.step(-1)

    def do_first_comment(self) -> None:
        """Write a first comment."""
        self.shaping.first_comment()

    def do_poll(self) -> None:
        """Add a poll, or write on it."""
        self.shaping.poll()

    def mend(self, findings: list[Finding]) -> None:
        """Let what these findings can mend be mended; one click takes it back."""
        before = self.model.become(self.model.reviewing.fixed_all(self.model.draft, findings))
        after = self.model.draft
        if after == before:
            return
        self._rewrite()
        self.show_all()

        def undo() -> None:
            if self.model.draft == after:
                self.model.become(before)
                self._rewrite()
                self.show_all()

        notices.toast(
            ngettext("{n} thing mended", "{n} things mended", len(findings)).format(n=len(findings)), undo=undo
        )

    def _rewrite(self) -> None:
        """Show other words as if somebody had written them: Ctrl+Z takes them back as well."""
        for editor in self.parts.editors():
            if editor.number in self.model.draft.numbers():
                editor.rewrite(self.model.text_at(self.parts.key, editor.number))

    def ignore(self, finding: Finding) -> None:
        """Let this brand hear this no more."""

        async def work() -> None:
            done = await self.model.reviewing.ignore(self.model.draft.brand_id, finding)
            self.context.undo(done, _("Ignore a remark"))
            self.model.reviewing.forget()
            self.review_now()

        spawn(work(), self, name="ignore a finding")

    def do_market_notes(self) -> None:
        """Show what is kept about the markets that read the post, and tick off their checklists."""
        spawn(self._market_notes(), self, name="notes about the markets")

    async def _market_notes(self) -> None:
        from ui.composer.market_notes import NotesDialog

        found = [each for each in self.model.noted(self.hours()) if each.worth]
        if not found:
            notices.toast(_("Nothing is kept about the markets of this post."))
            return
        dialog = NotesDialog(self.window(), found, self.context.desk.clock.now())
        dialog.edit_wanted.connect(
            lambda market: self.context.navigate(Target("settings", "market", market.id, market.brand_id, "writing"))
        )
        if await dialog.ask() and (ticked := dialog.ticked()):
            done = await self.model.check_off(ticked)
            if done is not None:
                self.context.undo(done, _("Checklist checked for this post"))
            self.model.reviewing.forget()
            self.review_now()

    def show_other(self, post_id: int) -> None:
        """Show the other post a finding speaks of."""
        self.context.navigate(Target("calendar", "post", post_id))

    def do_fix_all(self) -> None:
        """Mend what can be mended without a thought."""
        self.mend(safe(self.review_now()))

    def do_review(self) -> None:
        """Go to the next place the reviewer speaks of."""
        findings = [each for each in self.review_now() if each.place is not None]
        if findings:
            at = self._reviewed % len(findings)
            self._reviewed += 1
            self.go_to(findings[at])

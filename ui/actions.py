"""Every action once, as a table: menus, shortcuts, the command palette and the key overlay read the same rows.

A handler's name follows from the id: `inbox.solve` is `do_solve` of the inbox page, `window.palette` is `do_palette`
of the window. A key without modifier ("R", "Shift+1", "/") is *bare*: it works only where the page says that bare keys
are allowed, and never while somebody types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from cmdesk.i18n import N_, _

_MODIFIER = re.compile(r"\b(Ctrl|Alt|Meta)\+")
_FREE_KEYS = re.compile(r"^(F\d+|Del|Esc|Return|Enter)$")


@dataclass(frozen=True, slots=True)
class Action:
    """One row: `text` is untranslated (call `label`), `keys` are Qt portable names, the first is shown in menus."""

    id: str
    text: str
    icon: str = ""
    keys: tuple[str, ...] = ()
    menu: str = ""
    checkable: bool = False
    palette: bool = True

    @property
    def scope(self) -> str:
        """The page it belongs to; "window" works everywhere."""
        return self.id.partition(".")[0]

    @property
    def handler(self) -> str:
        """Name of the method that does it."""
        return f"do_{self.id.partition('.')[2]}"

    @property
    def label(self) -> str:
        """Its text in the person's language."""
        return _(self.text)

    @property
    def bare_keys(self) -> tuple[str, ...]:
        """Keys that must not act while somebody types."""
        return tuple(key for key in self.keys if is_bare(key))

    @property
    def chords(self) -> tuple[str, ...]:
        """Keys that act whatever has the focus."""
        return tuple(key for key in self.keys if not is_bare(key))


def is_bare(key: str) -> bool:
    """Whether a key would also type a character or move a cursor."""
    return not _MODIFIER.search(key) and not _FREE_KEYS.match(key)


MENUS: Final = {
    "desk": N_("Desk"),
    "edit": N_("Edit"),
    "go": N_("Go"),
    "view": N_("View"),
    "conversation": N_("Conversation"),
    "triage": N_("Triage"),
    "care": N_("Care"),
    "people": N_("People"),
    "listening": N_("Listening"),
    "post": N_("Post"),
    "help": N_("Help"),
}

_WINDOW: Final = (
    Action("window.new_post", N_("New post"), "square-pen", ("Ctrl+N",), "desk"),
    Action("window.sync_now", N_("Read all accounts now"), "refresh-cw", ("F5", "Ctrl+R"), "desk"),
    Action("window.pause", N_("Pause publishing"), "circle-pause", (), "desk", checkable=True),
    Action("window.pause_brand", N_("Pause publishing of this brand"), "circle-pause", (), "desk", checkable=True),
    Action("window.look_ahead", N_("Check what goes out within a day"), "radar", (), "desk"),
    Action("window.crisis", N_("Start or end a crisis hold…"), "siren", ("Ctrl+Shift+H",), "desk"),
    Action("window.backup", N_("Make a backup…"), "save", (), "desk"),
    Action("window.settings", N_("Settings"), "settings", ("Ctrl+,",), "desk"),
    Action("window.quit", N_("Quit"), "power", ("Ctrl+Q",), "desk"),
    Action("window.undo", N_("Undo"), "undo-2", ("Ctrl+Z",), "edit"),
    Action("window.redo", N_("Redo"), "redo-2", ("Ctrl+Shift+Z", "Ctrl+Y"), "edit"),
    Action("window.palette", N_("Search or run a command"), "search", ("Ctrl+K",), "go"),
    Action("window.go_inbox", N_("Inbox"), "inbox", ("Alt+2",), "go"),
    Action("window.go_calendar", N_("Calendar"), "calendar-days", ("Alt+3",), "go"),
    Action("window.go_cases", N_("Cases"), "clipboard-list", ("Alt+4",), "go"),
    Action("window.go_listening", N_("Listening"), "ear", ("Ctrl+Shift+E",), "go"),
    Action("window.go_audience", N_("People"), "users", ("Alt+5",), "go"),
    Action("window.go_approval", N_("Approval"), "hourglass", ("Ctrl+Shift+A",), "go"),
    Action("window.go_library", N_("Templates"), "book-open", ("Alt+6",), "go"),
    Action("window.go_crisis", N_("Crisis"), "siren", ("Alt+0",), "go"),
    Action("window.go_reports", N_("Reports"), "chart-column", ("Alt+7",), "go"),
    Action("window.go_problems", N_("Problems"), "triangle-alert", ("Alt+8",), "go"),
    Action("window.go_accounts", N_("Accounts"), "plug-zap", ("Alt+9",), "go"),
    Action("window.round", N_("Round through all brands"), "route", ("Ctrl+G",), "go"),
    Action("window.all_brands", N_("All brands"), "layers", ("Ctrl+0",), "go"),
    Action("window.next_brand", N_("Next brand"), "chevron-right", ("Ctrl+PgDown",), "go"),
    Action("window.previous_brand", N_("Previous brand"), "chevron-left", ("Ctrl+PgUp",), "go"),
    Action("window.add_brand", N_("Add a brand…"), "plus", (), "go"),
    Action("window.zoom_in", N_("Larger"), "zoom-in", ("Ctrl++", "Ctrl+="), "view"),
    Action("window.zoom_out", N_("Smaller"), "zoom-out", ("Ctrl+-",), "view"),
    Action("window.zoom_reset", N_("Normal size"), "a-large-small", (), "view"),
    Action("window.compact", N_("Compact rows"), "rows-4", (), "view", checkable=True),
    Action("window.dark", N_("Dark appearance"), "moon", (), "view", checkable=True),
    Action("window.fullscreen", N_("Full screen"), "maximize-2", ("F11",), "view", checkable=True),
    Action("window.help", N_("Help for this screen"), "circle-question-mark", ("F1",), "help"),
    Action("window.keys", N_("Keys of this screen"), "keyboard", ("?",), "help"),
    Action("window.about", N_("About CM Desk"), "info", (), "help"),
)

_INBOX: Final = (
    Action("inbox.next", N_("Next conversation"), "arrow-down", ("J",), "conversation", palette=False),
    Action("inbox.previous", N_("Previous conversation"), "arrow-up", ("K",), "conversation", palette=False),
    Action("inbox.reply", N_("Reply"), "reply", ("R",), "conversation"),
    Action("inbox.send", N_("Send reply"), "send", ("Ctrl+Return",), "conversation"),
    Action("inbox.send_and_solve", N_("Send and solve"), "check-check", ("Ctrl+Shift+Return",), "conversation"),
    Action("inbox.solve", N_("Solve and go to the next"), "check", ("E",), "conversation"),
    Action("inbox.reopen", N_("Open again"), "rotate-ccw", ("Shift+E",), "conversation"),
    Action("inbox.ignore", N_("Ignore with a reason…"), "ban", ("I",), "conversation"),
    Action("inbox.snooze", N_("Snooze…"), "alarm-clock", ("S",), "conversation"),
    Action("inbox.wait", N_("Waiting for somebody…"), "hourglass", ("W",), "conversation"),
    Action("inbox.note", N_("Write a note"), "sticky-note", ("N",), "conversation"),
    Action("inbox.label", N_("Label…"), "tag", ("L",), "conversation"),
    Action("inbox.priority", N_("Change priority"), "flag", ("P",), "conversation"),
    Action("inbox.templates", N_("Insert a template…"), "book-open", ("Ctrl+J",), "conversation"),
    Action("inbox.emoji", N_("Insert an emoji…"), "smile-plus", ("Ctrl+.",), "conversation"),
    Action("inbox.link", N_("Insert a link of the brand…"), "link", ("Ctrl+L",), "conversation"),
    Action("inbox.review", N_("Go through what the reviewer says"), "list-todo", ("F7",), "conversation"),
    Action("inbox.mend", N_("Mend what it says"), "wand-sparkles", ("Ctrl+F7",), "conversation"),
    Action("inbox.voice", N_("How this brand speaks"), "quote", ("F8",), "conversation"),
    Action("inbox.open_remote", N_("Open in the network"), "external-link", ("O",), "conversation"),
    Action("inbox.unread", N_("Mark as unread"), "mail", ("U",), "conversation"),
    Action("inbox.select", N_("Select or unselect"), "square-check", ("X",), "conversation", palette=False),
    Action("inbox.select_all", N_("Select all"), "list-checks", ("Ctrl+A",), "conversation", palette=False),
    Action("inbox.search", N_("Search the inbox"), "search", ("/",), "conversation"),
    Action("inbox.show_new", N_("Show the new ones"), "arrow-up", (".", "Home"), "conversation", palette=False),
    Action("inbox.back_to_list", N_("Back to the list"), "arrow-left", ("Esc",), "conversation", palette=False),
    Action("inbox.person", N_("Show or hide the person"), "panel-right", ("Ctrl+Shift+P",), "conversation"),
    Action("inbox.positive", N_("Positive"), "smile", ("1",), "triage"),
    Action("inbox.neutral", N_("Neutral"), "meh", ("2",), "triage"),
    Action("inbox.negative", N_("Negative"), "frown", ("3",), "triage"),
    Action("inbox.troll", N_("Troll"), "ghost", ("4",), "triage"),
    Action("inbox.kind_support", N_("Kind: support sought"), "life-buoy", ("Shift+1",), "triage"),
    Action("inbox.kind_status", N_("Kind: status update"), "megaphone", ("Shift+2",), "triage"),
    Action("inbox.kind_help", N_("Kind: help (a question)"), "hand-helping", ("Shift+3",), "triage"),
    Action("inbox.kind_opinion", N_("Kind: opinion"), "message-circle", ("Shift+4",), "triage"),
    Action("inbox.kind_complaint", N_("Kind: complaint"), "circle-alert", ("Shift+5",), "triage"),
    Action("inbox.kind_troll", N_("Kind: troll or abuse"), "ghost", ("Shift+6",), "triage"),
    # Shift+7 is "/" on a Spanish keyboard, which searches
    Action("inbox.kind_spam", N_("Kind: spam"), "bot", ("Shift+7", "Shift+8"), "triage"),
    Action("inbox.explain", N_("Why it was judged so"), "lightbulb", ("T",), "triage"),
    Action("inbox.interim", N_("Yes, we are on it (interim answer)"), "timer", ("Y",), "care"),
    Action("inbox.thank", N_("Thank"), "heart", ("G",), "care"),
    Action("inbox.private", N_("Move to private"), "lock", ("M",), "care"),
    Action("inbox.public_close", N_("Closing public comment"), "globe", ("B",), "care"),
    Action("inbox.case", N_("Open or show the case"), "briefcase", ("C",), "care"),
    Action("inbox.refer", N_("Refer to the client…"), "forward", ("D",), "care"),
    Action("inbox.call", N_("Log a call…"), "phone", ("F",), "care"),
    Action("inbox.wish", N_("Add to the wishes…"), "lightbulb", ("A",), "care"),
    Action("inbox.watch", N_("Watch this place…"), "eye", ("V",), "care"),
    Action("inbox.merge", N_("Merge with another conversation…"), "merge", ("Shift+M",), "care"),
    Action("inbox.hide", N_("Hide or report, with evidence…"), "shield-alert", ("H",), "care"),
)

_CALENDAR: Final = (
    Action("calendar.new", N_("New post at the chosen time"), "square-pen", ("N",), "post"),
    Action("calendar.today", N_("Today"), "calendar-check", ("T",), "post"),
    Action("calendar.month", N_("Month"), "calendar-days", ("M",), "post"),
    Action("calendar.week", N_("Week"), "columns-3", ("W",), "post"),
    Action("calendar.day", N_("Day"), "calendar", ("D",), "post"),
    Action("calendar.agenda", N_("Agenda"), "list", ("A",), "post"),
    Action("calendar.earlier", N_("Earlier"), "chevron-left", ("[",), "post"),
    Action("calendar.later", N_("Later"), "chevron-right", ("]",), "post"),
    Action("calendar.open_post", N_("Edit the post"), "pencil", ("Return",), "post"),
    Action("calendar.publish_now", N_("Publish now"), "send", ("Ctrl+Shift+Return",), "post"),
    Action("calendar.duplicate", N_("Duplicate"), "copy-plus", ("Ctrl+D",), "post"),
    Action("calendar.unschedule", N_("Take off the calendar"), "calendar-x", ("Backspace",), "post"),
    Action("calendar.delete", N_("Delete the post"), "trash-2", ("Del",), "post"),
    Action("calendar.cut", N_("Pick up to move"), "scissors", ("Ctrl+X",), "post"),
    Action("calendar.copy", N_("Copy the post"), "copy", ("Ctrl+C",), "post", palette=False),
    Action("calendar.paste", N_("Put down here"), "clipboard-paste", ("Ctrl+V",), "post", palette=False),
    Action("calendar.select_all", N_("Select all in view"), "list-checks", ("Ctrl+A",), "post", palette=False),
    Action("calendar.move", N_("Move to a date…"), "calendar-clock", ("Shift+M",), "post"),
    Action("calendar.label", N_("Label…"), "tag", ("L",), "post"),
    Action("calendar.campaign", N_("Put in a campaign…"), "flag", ("C",), "post"),
    Action("calendar.campaigns", N_("Campaigns…"), "megaphone", ("Shift+C",), "post"),
    Action("calendar.note", N_("Note on the day…"), "sticky-note", ("B",), "post"),
    Action("calendar.verify", N_("Verify what was published"), "check-check", ("V",), "post"),
    Action("calendar.retry", N_("Retry what failed"), "rotate-ccw", ("R",), "post"),
    Action("calendar.ask_approval", N_("Ask for approval…"), "hourglass", ("Ctrl+Alt+A",), "post"),
    Action("calendar.fill", N_("Fill free slots with drafts…"), "wand-sparkles", ("Ctrl+Shift+F",), "post"),
    Action("calendar.duplicate_week", N_("Duplicate the week…"), "copy-plus", ("Ctrl+Shift+D",), "post"),
    Action("calendar.coverage", N_("While I am away…"), "palmtree", (), "post"),
    Action("calendar.import", N_("Import a plan…"), "file-down", (), "post"),
    Action("calendar.schedule", N_("Schedule the plans"), "calendar-check", ("Ctrl+Return",), "post"),
    Action("calendar.export", N_("Export the plan…"), "download", ("Ctrl+E",), "post"),
    Action("calendar.filter", N_("Filter the calendar…"), "list-filter", ("F",), "post"),
    Action("calendar.clear_filters", N_("Clear the filters"), "x", ("Shift+F",), "post"),
    Action("calendar.search", N_("Search the calendar"), "search", ("/",), "post"),
    Action("calendar.zone", N_("Time zone…"), "globe", ("Z",), "post"),
    Action("calendar.pictures", N_("Show or hide pictures"), "image", ("P",), "post"),
)

_COMPOSER: Final = (
    Action("composer.schedule", N_("Schedule"), "calendar-clock", ("Ctrl+Return",), "post"),
    Action("composer.publish_now", N_("Publish now"), "send", ("Ctrl+Shift+Return",), "post"),
    Action("composer.next_slot", N_("Next free slot"), "calendar-plus", ("Ctrl+Shift+Q",), "post"),
    Action("composer.repeat", N_("Repeat…"), "repeat", ("Ctrl+Shift+R",), "post"),
    Action("composer.ask_approval", N_("Ask for approval…"), "file-check", ("Ctrl+Alt+A",), "post"),
    Action("composer.save_draft", N_("Save as draft"), "save", ("Ctrl+S",), "post"),
    Action("composer.versions", N_("Versions…"), "history", ("Ctrl+Alt+V",), "post"),
    Action("composer.discard", N_("Discard the post"), "trash-2", ("Ctrl+Shift+D",), "post"),
    Action("composer.add_media", N_("Add a picture…"), "image-plus", ("Ctrl+Shift+I",), "post"),
    Action("composer.emoji", N_("Insert an emoji…"), "smile-plus", ("Ctrl+.",), "post"),
    Action("composer.hashtags", N_("Insert hashtags…"), "hash", ("Ctrl+Shift+T",), "post"),
    Action("composer.mention", N_("Mention somebody…"), "at-sign", ("Ctrl+Shift+M",), "post"),
    Action("composer.link", N_("Insert a link of the brand…"), "link", ("Ctrl+L",), "post"),
    Action("composer.utm", N_("Mark the link for statistics…"), "chart-no-axes-column", ("Ctrl+Shift+L",), "post"),
    Action("composer.card", N_("Card of the link…"), "panel-bottom", ("Ctrl+Alt+L",), "post"),
    Action("composer.templates", N_("Insert a template…"), "book-open", ("Ctrl+J",), "post"),
    Action("composer.add_part", N_("Add a part to the thread"), "list-plus", ("Ctrl+Alt+Return",), "post"),
    Action("composer.split", N_("Split the text into a thread"), "split", ("Ctrl+Shift+S",), "post"),
    Action("composer.part_up", N_("Move the part up"), "arrow-up", ("Alt+Shift+Up",), "post", palette=False),
    Action("composer.part_down", N_("Move the part down"), "arrow-down", ("Alt+Shift+Down",), "post", palette=False),
    Action("composer.remove_part", N_("Remove the part"), "list-x", ("Ctrl+Shift+Backspace",), "post"),
    Action("composer.next_part", N_("Next part"), "chevron-down", ("Alt+Down",), "post", palette=False),
    Action("composer.previous_part", N_("Previous part"), "chevron-up", ("Alt+Up",), "post", palette=False),
    Action("composer.first_comment", N_("First comment"), "message-square-plus", ("Ctrl+Shift+C",), "post"),
    Action("composer.poll", N_("Poll"), "list-checks", ("Ctrl+Shift+P",), "post"),
    Action("composer.own_text", N_("Give it a text of its own…"), "text-cursor-input", ("Ctrl+Shift+O",), "post"),
    Action("composer.common_text", N_("Use the common text again"), "undo-2", ("Ctrl+Alt+O",), "post"),
    Action("composer.next_text", N_("Next text"), "chevron-right", ("Ctrl+Tab",), "post", palette=False),
    Action("composer.market_notes", N_("Notes and checklist of its markets…"), "globe", ("Ctrl+Alt+M",), "post"),
    Action("composer.review", N_("Go through what the reviewer says"), "list-todo", ("F7",), "post"),
    Action("composer.voice", N_("How this brand speaks"), "quote", ("F8",), "post"),
    Action("composer.fix_all", N_("Mend what can be mended"), "wand-sparkles", ("Ctrl+F7",), "post"),
    Action("composer.close", N_("Close the composer"), "x", ("Esc",), "post", palette=False),
)

_CASES: Final = (
    Action("cases.new", N_("New case…"), "plus", ("N",), "care"),
    Action("cases.next", N_("Next case"), "arrow-down", ("J",), "care", palette=False),
    Action("cases.previous", N_("Previous case"), "arrow-up", ("K",), "care", palette=False),
    Action("cases.open", N_("Go into the case"), "arrow-right", (), "care", palette=False),
    Action("cases.back", N_("Back to the list"), "arrow-left", ("Esc",), "care", palette=False),
    Action("cases.search", N_("Search cases"), "search", ("/",), "care"),
    Action("cases.go", N_("Go to the conversation"), "messages-square", ("O",), "care"),
    Action("cases.promise", N_("Promise…"), "handshake", ("P",), "care"),
    Action("cases.refer", N_("Refer to the client…"), "forward", ("D",), "care"),
    Action("cases.give", N_("Something more…"), "gift", (), "care"),
    Action("cases.solve", N_("Solve…"), "circle-check", ("E",), "care"),
    Action("cases.follow_up", N_("Follow up…"), "message-circle", ("U",), "care"),
    Action("cases.close", N_("Close…"), "archive", ("X",), "care"),
    Action("cases.call", N_("Log a call…"), "phone", ("F",), "care"),
    Action("cases.sheet", N_("Case sheet…"), "file-text", ("S",), "care"),
)

_LISTENING: Final = (
    Action("listening.new", N_("New search…"), "plus", ("N",), "listening"),
    Action("listening.next", N_("Next hit"), "arrow-down", ("J",), "listening", palette=False),
    Action("listening.previous", N_("Previous hit"), "arrow-up", ("K",), "listening", palette=False),
    Action("listening.promote", N_("Take into the inbox"), "inbox", ("P",), "listening"),
    Action("listening.answer", N_("Take into the inbox and answer"), "reply", ("R",), "listening"),
    Action("listening.thank", N_("Thank"), "heart", ("G",), "listening"),
    Action("listening.keep", N_("Keep for later"), "bookmark", ("B",), "listening"),
    Action("listening.seen", N_("Mark as seen"), "check", ("E",), "listening"),
    Action("listening.dismiss", N_("Not interesting"), "ban", ("I",), "listening"),
    Action("listening.again", N_("New again"), "rotate-ccw", ("U",), "listening"),
    Action("listening.mute", N_("Mute the author…"), "eye-off", ("M",), "listening"),
    Action("listening.muted", N_("Muted authors…"), "eye-off", ("Shift+M",), "listening"),
    Action("listening.watch", N_("Look at this place again"), "eye", ("V",), "listening"),
    Action("listening.open_remote", N_("Open in the browser"), "external-link", ("O",), "listening"),
    Action("listening.select", N_("Select or unselect"), "square-check", ("X",), "listening", palette=False),
    Action("listening.select_all", N_("Select all"), "list-checks", ("Ctrl+A",), "listening", palette=False),
    Action("listening.search", N_("Search what was found"), "search", ("/",), "listening"),
    Action("listening.show_new", N_("Show the new ones"), "arrow-up", (".", "Home"), "listening", palette=False),
    Action("listening.back_to_list", N_("Back to the list"), "arrow-left", ("Esc",), "listening", palette=False),
    Action("listening.edit", N_("Edit the search…"), "pencil", ("F2",), "listening"),
    Action("listening.pause", N_("Pause the search or go on"), "circle-pause", ("S",), "listening"),
    Action("listening.look", N_("Look now"), "refresh-cw", ("L",), "listening"),
    Action("listening.hits", N_("Show what was found"), "ear", ("H",), "listening"),
    Action("listening.competitors", N_("Show the competitors"), "chart-column", ("C",), "listening"),
    Action("listening.export", N_("Save the figures as CSV…"), "download", ("Ctrl+E",), "listening"),
)

_AUDIENCE: Final = (
    Action("audience.new", N_("New person…"), "user-plus", ("N",), "people"),
    Action("audience.new_circle", N_("New circle…"), "users", ("Shift+C",), "people"),
    Action("audience.next", N_("Next person"), "arrow-down", ("J",), "people", palette=False),
    Action("audience.previous", N_("Previous person"), "arrow-up", ("K",), "people", palette=False),
    Action("audience.open", N_("Into the person's card"), "arrow-right", (), "people", palette=False),
    Action("audience.back", N_("Back to the table"), "arrow-left", ("Esc",), "people", palette=False),
    Action("audience.search", N_("Search people"), "search", ("/",), "people"),
    Action("audience.filter", N_("Filter people…"), "list-filter", ("F",), "people"),
    Action("audience.clear", N_("Clear the filters"), "x", ("Shift+F",), "people"),
    Action("audience.select_all", N_("Select everybody listed"), "list-checks", ("Ctrl+A",), "people", palette=False),
    Action("audience.rename", N_("Change the name"), "pencil", ("R",), "people"),
    Action("audience.circle", N_("Put into a circle…"), "users", ("C",), "people"),
    Action("audience.out_of_circle", N_("Take out of a circle…"), "minus", ("X",), "people"),
    Action("audience.market", N_("Set the market…"), "map-pin", ("M",), "people"),
    Action("audience.fit_market", N_("Assign markets by language and country…"), "globe", ("Ctrl+M",), "people"),
    Action("audience.language", N_("Set the language…"), "languages", ("L",), "people"),
    Action("audience.country", N_("Set the country…"), "globe", ("Shift+L",), "people"),
    Action("audience.advocate", N_("Advocate, or no longer"), "megaphone", ("A",), "people"),
    Action("audience.quiet", N_("Do not contact, or again…"), "hand", ("Q",), "people"),
    Action("audience.post", N_("Post for this person alone"), "square-pen", ("P",), "people"),
    Action("audience.talk", N_("Go to the conversation"), "messages-square", ("O",), "people"),
    Action("audience.merge", N_("These are the same person…"), "merge", ("Shift+M",), "people"),
    Action("audience.doubles", N_("Probable doubles…"), "copy-check", ("D",), "people"),
    Action("audience.fields", N_("Own fields…"), "list-plus", (), "people"),
    Action("audience.import", N_("Import people…"), "file-down", ("I",), "people"),
    Action("audience.export", N_("Export people…"), "download", ("Ctrl+E",), "people"),
    Action("audience.export_person", N_("Everything about this person…"), "folder", (), "people"),
    Action("audience.forget", N_("Forget this person…"), "trash-2", ("Shift+Del",), "people"),
    Action("audience.wishes", N_("Wishes for the client"), "lightbulb", ("W",), "people"),
)

_LIBRARY: Final = (
    Action("library.new", N_("New template, link or set"), "plus", ("N",), "care"),
    Action("library.save", N_("Save the template"), "save", ("Ctrl+S",), "care"),
    Action("library.search", N_("Search the library"), "search", ("/",), "care"),
    Action("library.duplicate", N_("Duplicate the template"), "copy-plus", ("Ctrl+D",), "care"),
    Action("library.delete", N_("Delete it, or put the link away"), "trash-2", ("Backspace",), "care"),
    Action("library.rename_folder", N_("Rename the folder…"), "folder", ("F2",), "care"),
    Action("library.import", N_("Import templates or links…"), "file-down", (), "care"),
    Action("library.export", N_("Export templates or links…"), "download", (), "care"),
    Action("library.start_set", N_("Add the starting templates"), "sparkles", (), "care"),
    Action("library.templates", N_("Show the templates"), "book-open", ("T",), "care"),
    Action("library.links", N_("Show the links of the brands"), "link", ("L",), "care"),
    Action("library.hashtags", N_("Show the sets of hashtags"), "hash", ("H",), "care"),
    Action("library.check_links", N_("Try all links now"), "refresh-cw", (), "care"),
)

_APPROVAL: Final = (
    Action("approval.next", N_("Next sheet"), "arrow-down", ("J",), "post", palette=False),
    Action("approval.previous", N_("Previous sheet"), "arrow-up", ("K",), "post", palette=False),
    Action("approval.send", N_("Send the sheet…"), "mail", ("S",), "post"),
    Action("approval.answer", N_("Paste the client's answer"), "clipboard-paste", ("P",), "post"),
    Action("approval.remind", N_("Remind the client…"), "alarm-clock", ("R",), "post"),
    Action("approval.ask_again", N_("Ask again…"), "hourglass", ("A",), "post"),
    Action("approval.withdraw", N_("Take the question back…"), "undo-2", ("Del",), "post"),
)

_CRISIS: Final = (
    Action("crisis.next", N_("Next one"), "arrow-down", ("J",), "care", palette=False),
    Action("crisis.previous", N_("Previous one"), "arrow-up", ("K",), "care", palette=False),
    Action("crisis.release", N_("Release the held post"), "send", ("R",), "care"),
    Action("crisis.move", N_("Move the held post…"), "calendar-clock", ("M",), "care"),
    Action("crisis.drop", N_("Held post back to the drafts"), "trash-2", ("X",), "care"),
    Action("crisis.note", N_("Write into the crisis log"), "sticky-note", ("N",), "care"),
    Action("crisis.statement", N_("Publish the statement…"), "megaphone", (), "care"),
    Action("crisis.report", N_("Crisis report…"), "file-text", ("Ctrl+S",), "care"),
    Action("crisis.check", N_("Check the evidence"), "shield-check", (), "care"),
    Action("crisis.export", N_("Export the evidence…"), "download", (), "care"),
)

_REPORTS: Final = (
    Action("reports.export_pdf", N_("Save the report as PDF…"), "file-down", ("Ctrl+S",), "desk"),
    Action("reports.export_all", N_("Save the month's reports of all brands…"), "files", ("Ctrl+Shift+S",), "desk"),
    Action("reports.print", N_("Print the report…"), "printer", ("Ctrl+P",), "desk"),
)

_PROBLEMS: Final = (
    Action("problems.next", N_("Next problem"), "arrow-down", ("J",), "conversation", palette=False),
    Action("problems.previous", N_("Previous problem"), "arrow-up", ("K",), "conversation", palette=False),
)

ACTIONS: Final[tuple[Action, ...]] = (
    *_WINDOW, *_INBOX, *_CALENDAR, *_COMPOSER, *_CASES, *_AUDIENCE, *_LISTENING, *_LIBRARY, *_APPROVAL, *_CRISIS,
    *_REPORTS, *_PROBLEMS,
)  # fmt: skip
"""The whole table; ids are unique, keys are unique within a scope and do not clash with those of the window."""


def action(action_id: str) -> Action:
    """The row of an id; KeyError for an unknown one."""
    return _BY_ID[action_id]


def in_scope(scope: str) -> tuple[Action, ...]:
    """The rows of one page, or of the window."""
    return tuple(row for row in ACTIONS if row.scope == scope)


_BY_ID: Final = {row.id: row for row in ACTIONS}

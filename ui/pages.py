"""The pages of the window, as a table: module, icon, name, and what each screen is for."""

from __future__ import annotations

from cmdesk.i18n import N_

# key, module, icon, name, action on the rail, what the screen is for (F1)
PAGES = (
    ("inbox", "ui.inbox", "inbox", N_("Inbox"), "window.go_inbox",
     N_("Everything people write to your brands, in one list. Answer, solve, snooze or ignore with a reason.")),
    ("calendar", "ui.calendar", "calendar-days", N_("Calendar"), "window.go_calendar",
     N_("What will be published and what was. Drag posts to move them; times are shown in the brand's zone.")),
    ("cases", "ui.cases", "clipboard-list", N_("Cases"), "window.go_cases",
     N_("Every complaint until it is solved and followed up; wishes for the client; places to look at again.")),
    ("audience", "ui.audience", "users", N_("People"), "window.go_audience",
     N_("Everybody your brands know, their circles and markets. Drag people onto a circle; Enter opens their card.")),
    ("listening", "ui.listening", "ear", N_("Listening"), "window.go_listening",
     N_("What is said of you elsewhere: words, hashtags, people who seek help, feeds, and how competitors grow.")),
    ("approval", "ui.approval", "hourglass", N_("Approval"), "window.go_approval",
     N_("What clients were asked about, what they answered, and what waits for them. No account is needed.")),
    ("library", "ui.library", "book-open", N_("Templates"), "window.go_library",
     N_("What you answer with, in folders, by language and market. In an answer they wait behind :: and Ctrl+J.")),
    ("crisis", "ui.crisis", "siren", N_("Crisis"), "window.go_crisis",
     N_("What is held while it burns, whom to call, the log; before it the plan and alarms, and frozen evidence.")),
    ("reports", "ui.reports", "chart-column", N_("Reports"), "window.go_reports",
     N_("One document per brand and month, made from the figures stored on this computer.")),
    ("problems", "ui.problems", "triangle-alert", N_("Problems"), "window.go_problems",
     N_("Everything that failed, is unknown or waits for your yes. It never empties by itself.")),
    ("accounts", "ui.accounts", "plug-zap", N_("Accounts"), "window.go_accounts",
     N_("The profiles of your brands: what each can do, when it was last read, and how to reconnect it.")),
    ("settings", "ui.settings", "settings", N_("Settings"), "window.settings",
     N_("Appearance, language, brands, keychain, backups and where your data lives.")),
    ("composer", "ui.composer", "square-pen", N_("Composer"), "",
     N_("Write once, adapt the text to each network, and decide when it goes out.")),
    ("welcome", "ui.welcome", "sparkles", N_("Welcome"), "",
     N_("Try the sample brands or begin with your first one.")),
)  # fmt: skip
MODULES = {key: module for key, module, *_rest in PAGES}
ABOUT = {key: (name, text) for key, _module, _icon, name, _action, text in PAGES}
BOTTOM = ("accounts", "settings")

"""What a round is said in: its groups, what became of things, and what it came to."""

from __future__ import annotations

from cmdesk.care.round import Group, Step, Summary
from cmdesk.i18n import N_, _, ngettext

GROUPS: dict[Group, tuple[str, str, str]] = {
    Group.URGENT: (N_("Urgent"), "zap", "negative"),
    Group.WINDOW: (N_("Window closing"), "door-open", "warning"),
    Group.NEGATIVE: (N_("Negative"), "frown", "negative"),
    Group.REST: (N_("The rest"), "inbox", "neutral"),
}
"""Word, icon and tone of each group."""


def group_word(group: Group) -> str:
    """A group in words."""
    return _(GROUPS[group][0])


def summary_line(summary: Summary) -> str:
    """What it came to in one line: "6 brands, 41 conversations, 2 referred, 18 min"."""
    counts = {step: summary.steps.get(step, 0) for step in Step}
    parts = [
        ngettext("{count} brand", "{count} brands", summary.brands).format(count=summary.brands),
        ngettext("{count} conversation", "{count} conversations", summary.items).format(count=summary.items),
    ]
    for step in (Step.ANSWERED, Step.SOLVED, Step.REFERRED, Step.PUT_OFF, Step.IGNORED, Step.SKIPPED):
        count = counts[step]
        if count:
            parts.append(_step(step, count).format(count=count))
    parts.append(_("{count} min").format(count=summary.minutes))
    return ", ".join(parts)


def left_line(summary: Summary) -> str:
    """What still waits."""
    if not summary.left:
        return _("Nothing of it is left.")
    return ngettext("{count} is still waiting.", "{count} are still waiting.", summary.left).format(count=summary.left)


def _step(step: Step, count: int) -> str:
    match step:
        case Step.ANSWERED:
            return ngettext("{count} answered", "{count} answered", count)
        case Step.SOLVED:
            return ngettext("{count} solved", "{count} solved", count)
        case Step.REFERRED:
            return ngettext("{count} referred", "{count} referred", count)
        case Step.PUT_OFF:
            return ngettext("{count} put off", "{count} put off", count)
        case Step.IGNORED:
            return ngettext("{count} ignored", "{count} ignored", count)
    return ngettext("{count} skipped", "{count} skipped", count)

"""What is decided about a whole circle, after asking: deleting it, and taking another one into it (K1)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from cmdesk.commands import circles as deciding
from cmdesk.i18n import _, ngettext
from cmdesk.model import Circle
from cmdesk.safe_text import clean_line
from ui import notices
from ui.models import circles as reading
from ui.models.circles import Opened
from ui.notices import Choice, Question
from ui.widgets.page import PageContext


async def delete_circle(parent: QWidget, context: PageContext, circle: Circle) -> bool:
    """Delete a circle, after asking where posts or other rules name it; says whether it went."""
    opened = await reading.opened(context.desk, circle.brand_id, circle.id)
    used = _uses(opened)
    name = clean_line(circle.name, limit=60)
    if used:
        answer = await notices.ask(
            Question(
                _("Delete the circle “{name}”?").format(name=name),
                _("It is used elsewhere; its people stay. Undo brings it back as it was."),
                choices=[Choice("delete", _("Delete"), danger=True), Choice("", _("Keep it"))],
                details=used,
                icon="trash-2",
            )
        )
        if answer is None or answer.key != "delete":
            return False
    done = await context.desk.run(deciding.delete_circle, circle_id=circle.id)
    context.undo(done, _("Delete the circle “{name}”").format(name=name))
    return True


async def join_circle(context: PageContext, circle: Circle, others: Sequence[Circle]) -> bool:
    """Ask which other circle becomes part of this one, and make it so; says whether one did."""
    name = clean_line(circle.name, limit=60)
    answer = await notices.ask(
        Question(
            _("Which circle becomes part of “{name}”?").format(name=name),
            _("Its people and its rule go over, and so do the posts and rules that name it. Undo parts them again."),
            choices=[Choice(str(each.id), clean_line(each.name, limit=60)) for each in others],
            as_list=True,
            confirm=_("Join"),
            icon="merge",
        )
    )
    other = next((each for each in others if answer is not None and str(each.id) == answer.key), None)
    if other is None:
        return False
    done = await context.desk.run(deciding.merge_circles, into_id=circle.id, from_ids=[other.id])
    text = _("Make “{other}” part of “{name}”")
    context.undo(done, text.format(other=clean_line(other.name, limit=60), name=name))
    return True


def _uses(opened: Opened) -> list[str]:
    lines = []
    if opened.posts:
        text = ngettext("{n} post is for it.", "{n} posts are for it.", opened.posts)
        lines.append(text.format(n=opened.posts))
    lines += [
        _("The rule of “{name}” names it and cannot be asked without it.").format(name=clean_line(each, limit=60))
        for each in opened.named_by
    ]
    return lines

"""The approval sheet as a mail that is not sent yet: a draft file that mail programs open to be addressed and sent."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from cmdesk.reports.approval_html import page
from cmdesk.reports.approval_sheet import Paper


def draft_mail(paper: Paper, *, pdf: bytes = b"", to: str = "", sender: str = "", file_name: str = "sheet") -> bytes:
    """Return an .eml draft: text, HTML with its pictures, the PDF attached, `X-Unsent` so that it opens to be sent."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = paper.subject
    address = _address(to)
    if address:
        mail["To"] = address
    reply = _address(sender)
    if reply:
        mail["From"] = reply
        mail["Reply-To"] = reply
    mail["Date"] = format_datetime(paper.made_at)
    mail["X-Unsent"] = "1"
    mail.set_content(paper.text)
    pictures: dict[bytes, str] = {}

    def source(data: bytes, _kind: str) -> str:
        name = pictures.setdefault(data, f"picture{len(pictures) + 1}@approval.invalid")
        return f"cid:{name}"

    mail.add_alternative(page(paper, source=source), subtype="html")
    html_part = mail.get_payload()[1]  # type: ignore[index]
    for data, name in pictures.items():
        html_part.add_related(  # type: ignore[union-attr]
            data, "image", "jpeg", cid=f"<{name}>", disposition="inline", filename=f"{name.partition('@')[0]}.jpg"
        )
    if pdf:
        mail.add_attachment(pdf, "application", "pdf", filename=f"{file_name}.pdf")
    return mail.as_bytes()


def _address(text: str) -> str:
    """A mail address and nothing else: a name without one, or a line break, is left out."""
    found = text.strip()
    plain = found.isprintable() and found.isascii() and " " not in found
    return found if plain and found.count("@") == 1 and all(found.split("@")) else ""

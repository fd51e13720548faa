"""The certificate as PDF: one page, with and without a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from cmdesk.wording_people import certificate
from ui.people.certificate import CertificateDocument, certificate_pdf, write

PAPER = certificate(
    brand="Café Alba", number=3, at=datetime(2026, 11, 22, 15, tzinfo=UTC),
    removed={"messages": 12, "profiles": 2, "evidence_kept": 1}, networks=("mastodon", "phone"), backups=2,
)  # fmt: skip


def test_a_certificate_is_one_page(qapp: QApplication, tmp_path: Path) -> None:
    assert certificate_pdf(PAPER).startswith(b"%PDF")
    assert CertificateDocument(PAPER).page_count == 1
    write(PAPER, tmp_path / "paper.pdf")
    assert (tmp_path / "paper.pdf").read_bytes().rstrip().endswith(b"%%EOF")
    many = replace(PAPER, sections=(replace(PAPER.sections[0], rows=tuple((f"Row {n}", n) for n in range(60))),))
    assert CertificateDocument(many).page_count == 2

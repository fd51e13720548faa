"""Does this installation hold everything the program needs? `cmdesk doctor --self-test`, run in every built package.

Each check touches one thing that is missing silently when a package is built wrong: a data file, a codec, a plugin, a
library of the system. They need no network, no screen and no profile, and leave nothing behind.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cmdesk.i18n import N_, _, ngettext, using

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `detail` is a short fact, or the error when `ok` is false."""

    name: str
    ok: bool
    detail: str
    seconds: float


#: Letters that a typeface without Spanish would lack.
SAMPLE: Final = "CM Desk ñ ü ¿"
#: A check gets an empty folder, returns its detail, and raises whatever is wrong.
Check = Callable[[Path], str]


def window(folder: Path) -> str:
    """Draw a themed window with text and an icon, offscreen, and look whether anything was painted."""
    from PySide6.QtCore import qVersion
    from PySide6.QtWidgets import QVBoxLayout, QWidget

    from ui import icons, theme
    from ui.widgets import PlainLabel

    theme.install(_application())
    widget = QWidget()
    layout = QVBoxLayout(widget)
    layout.addWidget(PlainLabel(SAMPLE, widget))
    widget.resize(320, 120)
    image = widget.grab().toImage()
    widget.deleteLater()
    seen = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    _expect(len(seen) > 8, f"the window stayed empty ({len(seen)} colours)")
    _expect(not icons.app_icon().pixmap(64, 64).isNull(), "the program's icon is missing")
    _expect(not icons.icon("inbox").pixmap(16, 16).isNull(), "the icons are missing")
    return f"Qt {qVersion()}"


def fonts(folder: Path) -> str:
    """See that our own typeface is used: without it a bare system shows boxes."""
    from PySide6.QtGui import QFontDatabase, QFontInfo, QFontMetrics

    from ui import theme

    theme.install(_application())
    font = theme.font("body")
    family = QFontInfo(font).family()
    known = "Inter" in QFontDatabase.families()
    _expect(family.startswith("Inter"), f"the typeface is {family!r}, not Inter (registered: {known})")
    metrics = QFontMetrics(font)
    missing = [letter for letter in "ñáéíóúüçÀß€¿¡…–“”" if not metrics.inFontUcs4(ord(letter))]
    _expect(not missing, f"the typeface lacks {''.join(missing)}")
    return family


def database(folder: Path) -> str:
    """Make a profile's database, write and read it, and search with accents folded."""
    from cmdesk.store.db import SCHEMA_VERSION, Reader, Store, Transaction

    def write(tx: Transaction) -> None:
        tx.conn.execute("CREATE VIRTUAL TABLE selftest USING fts5(text, tokenize = 'unicode61 remove_diacritics 2')")
        tx.conn.execute("INSERT INTO selftest VALUES ('el envío llegó')")

    def version(reader: Reader) -> str:
        return str(reader.execute("SELECT sqlite_version()").fetchone()[0])

    def search(reader: Reader) -> int:
        return int(reader.execute("SELECT count(*) FROM selftest WHERE selftest MATCH 'envio'").fetchone()[0])

    store = Store(folder / "selftest.db")
    try:
        store.write(write).result(timeout=30)
        _expect(store.read(search) == 1, "the full-text search finds nothing")
        return f"SQLite {store.read(version)}, schema {SCHEMA_VERSION}"
    finally:
        store.close()


def keychain(folder: Path) -> str:
    """Probe the system's keychain with a canary; where there is none, the vault behind a passphrase must work."""
    from cmdesk.errors import VaultError
    from cmdesk.vault import open_vault

    try:
        status = open_vault(folder, install_id="selftest").probe()
        if status.ok:
            return status.detail or status.kind
        reason = status.code
    except VaultError as error:
        reason = error.code
    vault = open_vault(folder, install_id="selftest", passphrase="only for this moment")
    vault.store("selftest", {"token": "canary"})
    _expect(vault.load("selftest")["token"] == "canary", "the passphrase vault does not give back what it was given")
    vault.forget("selftest")
    return _("no system keychain here ({reason}); the vault behind a passphrase works").format(reason=reason)


def images(folder: Path) -> str:
    """Write and read a picture in every format the networks use, with Pillow and with Qt."""
    import io

    from PIL import Image, features
    from PySide6.QtGui import QImage, QImageReader

    missing = [name for name in ("jpg", "zlib", "webp", "avif") if not features.check(name)]
    _expect(not missing, f"Pillow lacks {', '.join(missing)}")
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "AVIF"):
        data = io.BytesIO()
        Image.new("RGB", (16, 16), (200, 30, 30)).save(data, kind)
        with Image.open(io.BytesIO(data.getvalue())) as image:
            image.load()
        if kind != "AVIF":  # Qt has no AVIF; media.py converts it on import
            _expect(not QImage.fromData(data.getvalue()).isNull(), f"Qt cannot read {kind}")
    readable = {bytes(name.data()).decode() for name in QImageReader.supportedImageFormats()}
    _expect("svg" in readable, "Qt cannot read SVG")
    return "PNG, JPEG, WebP, GIF, AVIF, SVG"


def pdf(folder: Path) -> str:
    """Write a page with text and a picture and look for the typeface in it."""
    from PySide6.QtCore import QRect, Qt
    from PySide6.QtGui import QColor, QPageSize, QPainter, QPdfWriter

    from ui import theme

    theme.install(_application())
    path = folder / "selftest.pdf"
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    painter = QPainter(writer)
    painter.setFont(theme.font("title"))
    painter.drawText(QRect(500, 500, 6000, 1000), Qt.AlignmentFlag.AlignLeft, "Informe de marzo")
    painter.fillRect(QRect(500, 2000, 500, 500), QColor("#336699"))
    painter.end()
    data = path.read_bytes()
    _expect(data.startswith(b"%PDF-") and b"/FontFile" in data, "the PDF has no text")
    return f"{len(data):,} B"


def translations(folder: Path) -> str:
    """See that Spanish is there, ours and that of Qt's own buttons."""
    from PySide6.QtCore import QLibraryInfo, QTranslator

    with using("es"):
        _expect(_("Settings") != "Settings", "the Spanish catalogue is missing")
        one, two = ngettext("{count} day", "{count} days", 1), ngettext("{count} day", "{count} days", 2)
        _expect(one != two and "día" in one, "the Spanish plurals are missing")
    translator = QTranslator()
    place = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    _expect(translator.load("qtbase_es", place), "Qt's own Spanish is missing")
    return "en, es"


def dates(folder: Path) -> str:
    """Write a date in words in both languages."""
    from datetime import date

    from babel.dates import format_date

    spanish, english = (format_date(date(2026, 3, 2), "full", locale=code) for code in ("es", "en"))
    _expect("marzo" in spanish and "March" in english, f"no locale data: {spanish}, {english}")
    return spanish


def time_zones(folder: Path) -> str:
    """Look up the zones of a few clients, with their summer time, without the system's own database."""
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo, available_timezones

    zones = available_timezones()
    _expect(len(zones) > 400, f"only {len(zones)} zones")
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    names = ("Europe/Madrid", "America/Mexico_City", "Atlantic/Canary")
    found = [summer.astimezone(ZoneInfo(name)).hour for name in names]
    _expect(found == [14, 6, 13], f"wrong hours: {found}")
    import importlib.resources

    _expect(importlib.resources.files("tzdata").joinpath("zones").is_file(), "the package tzdata is missing")
    return ngettext("{count} zone", "{count} zones", len(zones)).format(count=len(zones))


def holidays(folder: Path) -> str:
    """Look up a regional holiday by its name in both languages, and a country that is imported by name."""
    from datetime import date

    from cmdesk.care.holidays import countries, public_holidays

    day = date(2026, 1, 6)
    spanish, english = (public_holidays("ES", "MD", 2026, code).get(day, "") for code in ("es", "en"))
    _expect("Epifanía" in spanish and "Epiphany" in english, f"no names: {spanish!r}, {english!r}")
    _expect(date(2026, 2, 6) in public_holidays("NZ", "AUK", 2026), "New Zealand has no holidays")
    # Each country's own words come from a file of its own.
    for code, _name in countries("es"):
        public_holidays(code, "", 2026)
    known = len(countries("es"))
    return ngettext("{count} country", "{count} countries", known).format(count=known)


def text_rules(folder: Path) -> str:
    """Count letters as a person does, a family of four is one; and sort as a Spanish dictionary does."""
    import regex
    from PySide6.QtCore import QCollator, QLocale

    family = "👨\u200d👩\u200d👧\u200d👦"
    _expect(len(regex.findall(r"\X", f"añ{family}")) == 3, "letters are counted wrongly")
    collator = QCollator(QLocale("es_ES"))
    words = sorted(("oso", "ñu", "zeta", "Nube", "árbol", "nube"), key=collator.sortKey)
    _expect(words == ["árbol", "nube", "Nube", "ñu", "oso", "zeta"], f"sorted wrongly: {', '.join(words)}")
    return f"regex {regex.__version__}"


def tls(folder: Path) -> str:
    """See that a connection with a certificate nobody vouches for is refused, and that there are roots to vouch."""
    import socket
    import ssl
    import threading

    import certifi

    context = ssl.create_default_context(cafile=certifi.where())
    roots = len(context.get_ca_certs())
    _expect(roots > 50, f"only {roots} root certificates")
    _expect(context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname, "certificates are not checked")
    certificate = _self_signed(folder)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    near, far = socket.socketpair()
    near.settimeout(10)
    far.settimeout(10)

    def serve() -> None:
        try:
            server.wrap_socket(far, server_side=True).close()
        except OSError:
            far.close()  # the client turned away, as it must

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        context.wrap_socket(near, server_hostname="localhost").close()
    except ssl.SSLCertVerificationError:
        pass
    else:
        raise AssertionError("a self-signed certificate was accepted")
    finally:
        near.close()
        thread.join(timeout=10)
    return f"{' '.join(ssl.OPENSSL_VERSION.split()[:2])}, {roots}"


def spelling(folder: Path) -> str:
    """Find a wrong word in every language whose dictionary comes with the program."""
    from cmdesk.spelling.speller import Speller

    speller = Speller(cache=folder / "cache", own=folder / "own")
    known = {"es": "panadería", "en": "bakery", "fr": "boulangerie", "pt": "padaria", "ca": "forn"}
    for code, word in known.items():
        found = [each.word for each in speller.check(f"{word} {word}zqx", code)]
        _expect(found == [f"{word}zqx"], f"{code}: {found}")
    return ", ".join(known)


def workbooks(folder: Path) -> str:
    """Read a table as Excel writes it."""
    import io
    import zipfile

    from cmdesk.planning.importing.sheets import read_sheet

    kinds = "http://schemas.openxmlformats.org"
    office = f"{kinds}/officeDocument/2006/relationships"
    row = '<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{text}</t></is></c></row>'
    rows = row.format(n=1, text="text") + row.format(n=2, text="pan")
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{kinds}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{kinds}/spreadsheetml/2006/main" xmlns:r="{office}">'
        '<sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{kinds}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{kinds}/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)
    sheet = read_sheet(file.getvalue())
    _expect(sheet.titles == ("text",) and len(sheet.rows) == 1, f"wrong cells: {sheet}")
    return "XLSX"


def feeds(folder: Path) -> str:
    """Read a sound feed, and one with a mistake in its XML."""
    from cmdesk.listening.feeds import parse_feed

    sound = b"<rss version='2.0'><channel><title>Pan</title><item><title>Hogaza</title></item></channel></rss>"
    for raw in (sound, sound.replace(b"</item>", b"&nbsp;<b></item>")):
        titles = [each.title for each in parse_feed(raw, url="https://blog.example/feed").entries]
        _expect(titles == ["Hogaza"], f"wrong entries: {titles}")
    return "RSS"


CHECKS: Final[Sequence[tuple[str, Check]]] = (
    (N_("window"), window),
    (N_("typeface"), fonts),
    (N_("database"), database),
    (N_("keychain"), keychain),
    (N_("picture formats"), images),
    (N_("PDF"), pdf),
    (N_("translations"), translations),
    (N_("dates in words"), dates),
    (N_("time zones"), time_zones),
    (N_("public holidays"), holidays),
    (N_("text rules"), text_rules),
    (N_("spelling"), spelling),
    (N_("workbooks"), workbooks),
    (N_("feeds"), feeds),
    (N_("secure connections"), tls),
)


def findings() -> list[Finding]:
    """Run every check, whatever the others found."""
    found = []
    with tempfile.TemporaryDirectory(prefix="cmdesk-selftest-", ignore_cleanup_errors=True) as folder:
        for number, (name, check) in enumerate(CHECKS):
            place = Path(folder, str(number))
            place.mkdir(mode=0o700)
            started = time.monotonic()
            try:
                ok, detail = True, check(place)
            except Exception as error:  # noqa: BLE001 - any error is this check's finding
                ok, detail = False, f"{type(error).__name__}: {error}"
            found.append(Finding(_(name), ok, detail, time.monotonic() - started))
    return found


def run(profile: Path | None = None) -> int:
    """Run the checks, say what each found on standard output, and return 1 when one failed.

    No profile is touched; the argument is there because every part of the window is started with one.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    found = findings()
    failed = sum(not finding.ok for finding in found)
    lines = [
        f"{'ok  ' if finding.ok else 'FAIL'}  {finding.name:<22} {finding.detail}  ({finding.seconds:.2f} s)"
        for finding in found
    ]
    lines.append(
        ngettext("{count} check failed.", "{count} checks failed.", failed).format(count=failed)
        if failed
        else _("Everything is there.")
    )
    if sys.stdout is not None:  # a Windows program without a console has none
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
    return 1 if failed else 0


def _application() -> QApplication:
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(["cmdesk"])
    assert isinstance(application, QApplication)
    return application


def _expect(condition: bool, complaint: str) -> None:
    if not condition:
        raise AssertionError(complaint)


def _self_signed(folder: Path) -> Path:
    """Write a key and a certificate for localhost that only it itself vouches for."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path

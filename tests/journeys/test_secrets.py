"""A day with known tokens; then every byte that was left behind is searched for them (RELIABILITY 1, 5, 30-32)."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import stat
import subprocess
import sys
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

import main as program
from cmdesk import config
from cmdesk.cli import main
from cmdesk.desk import Desk
from cmdesk.networks.sandbox import NO_LIMITS, Fault, SandboxServer
from cmdesk.store import settings

ROOT = Path(__file__).parents[2]
PASSPHRASE = "sentinel passphrase of nobody"
posix = pytest.mark.skipif(os.name != "posix", reason="modes and processes as POSIX has them")


class Terminal:
    """Runs verbs in this process, with the log as talkative as it can be; keeps what they printed."""

    def __init__(self, profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.profile, self._capsys, self._monkeypatch = profile, capsys, monkeypatch
        self.printed = ""

    def __call__(self, *argv: str, stdin: str = "", status: int = 0) -> str:
        self._monkeypatch.setenv(config.ENV_PASSPHRASE, PASSPHRASE)
        self._monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        found = main(
            ["--profile", str(self.profile), *argv],
            window=program._window, screenshots=program._screenshots, self_test=program._self_test,
            report=program._report,
        )  # fmt: skip
        out, err = self._capsys.readouterr()
        self.printed += out + err
        assert found == status, (argv, err)
        return out


@pytest.fixture
def terminal(
    qapp: QApplication, profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Terminal:
    return Terminal(profile, capsys, monkeypatch)


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(limits=NO_LIMITS) as started:
        yield started


def forms(secret: str) -> set[bytes]:
    """The ways a secret could have been written."""
    raw = secret.encode()
    found = {raw, urllib.parse.quote(secret, safe="").encode(), raw.hex().encode(), raw[::-1]}
    for lead in range(3):
        coded = base64.b64encode(b"\0" * lead + raw)
        found.add(coded[4 if lead else 0 : len(coded) - 4])
    return found


def everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder: its name, its bytes, and what is packed inside."""
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        data = path.read_bytes()
        yield str(path), path.name.encode() + b"\n" + data
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                for name in packed.namelist():
                    yield f"{path}:{name}", packed.read(name)
        if data.startswith(b"%PDF"):
            for number, stream in enumerate(re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)):
                try:
                    yield f"{path}:{number}", zlib.decompress(stream.rstrip(b"\r\n"))
                except zlib.error:
                    yield f"{path}:{number}", stream


def a_day(terminal: Terminal, server: SandboxServer, folder: Path) -> None:
    """Connect, read, answer, publish, fail in several ways, report, back up, restore, look around."""
    run = terminal
    run("brand", "add", "Café Alba", "--zone", "Europe/Madrid")
    desk = Desk(terminal.profile)
    desk.run_now(settings.put, "log_level", "debug")
    desk.close_now()
    account = ("account", "add", "--brand", "Café Alba", "--network", "mastodon", "--server")
    run(*account, server.url, "--token-stdin", stdin="wrong-" + server.tokens["alba"], status=1)
    run(*account, server.url, "--token-stdin", stdin=server.tokens["alba"])
    server.say("maria@plaza.example", "mention", to="alba", text="¿Abrís el domingo?")
    server.say("sam@hills.example", "mention", to="alba", text="Busco una tarta de cumpleaños")
    run("sync")
    first, second = json.loads(run("inbox", "--json"))
    run("reply", str(first["id"]), "--text", "Sí, de nueve a dos", "--now")
    Image.new("RGB", (200, 120), "#c2572b").save(folder / "pan.png")
    run(
        "post", "add", "--brand", "Café Alba", "--account", "alba", "--text", "Pan recién hecho",
        "--media", str(folder / "pan.png"), "--alt", "Un pan", "--now",
    )  # fmt: skip
    for kind in ("garbage", "captive_portal", "redirect"):
        server.faults.add(Fault(kind=kind, match="GET *", times=2))
        run("sync", status=1)
    server.faults.add(Fault(kind="drop_after_commit", match="POST /api/v1/statuses", times=1))
    run("reply", str(second["id"]), "--text", "¿Para qué día?", "--now")
    run("publish", "--wait", "0")
    with server.offline():
        run("sync", status=1)
    run("report", "--brand", "Café Alba", "--month", "2026-11", "--out", str(folder / "mes.pdf"))
    run("backup", str(folder / "all.cmdesk"))
    run("doctor")
    run("restore", str(folder / "all.cmdesk"))
    run("doctor")


@pytest.mark.timeout(120)
def test_no_byte_left_behind_holds_a_secret(terminal: Terminal, server: SandboxServer, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    a_day(terminal, server, folder)
    wanted = {form: secret for secret in (server.tokens["alba"], PASSPHRASE) for form in forms(secret)}
    places = [*everything(tmp_path), *everything(Path.home()), ("printed", terminal.printed.encode())]
    names = {Path(name.split(":")[0]).name for name, _data in places}
    assert {"desk.db", "cmdesk.log", "mes.pdf", "all.cmdesk"} <= names, names
    found = [(name, wanted[form][:6]) for name, data in places for form in wanted if form in data]
    assert found == []
    log = (terminal.profile / "logs" / "cmdesk.log").read_text()
    assert log.count("\n") > 3, "a silent log would prove nothing"
    assert not list((terminal.profile / "tmp").iterdir())
    if os.name == "posix":
        for path in [terminal.profile, *terminal.profile.rglob("*"), folder / "all.cmdesk"]:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_search_for_secrets_can_fail(tmp_path: Path) -> None:
    secret = "s3cret-sentinel-token"
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inside", f"header {secret}")
    (tmp_path / "b.log").write_bytes(b"Basic " + base64.b64encode(f"me:{secret}".encode()))
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.4\nstream\n" + zlib.compress(secret.encode()) + b"\nendstream")
    hit = {name for name, data in everything(tmp_path) for form in forms(secret) if form in data}
    assert {Path(name.split(":")[0]).name for name in hit} == {"a.zip", "b.log", "c.pdf"}


@posix
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks into /proc")
def test_a_running_program_shows_no_secret_to_other_processes(profile: Path, server: SandboxServer) -> None:
    """RELIABILITY 5: not among its arguments, and not in the environment of the children it starts."""
    script = (
        "import subprocess, sys\n"
        "from cmdesk import cli\n"
        "real = cli._runner\n"
        "def runner(*args):\n"
        "    found = subprocess.run([sys.executable, '-c', 'import os; print(sorted(os.environ.items()))'],"
        " capture_output=True, text=True)\n"
        "    print(open('/proc/self/cmdline').read(), found.stdout, file=sys.stderr)\n"
        "    return real(*args)\n"
        "cli._runner = runner\n"
        "from main import main\n"
        "sys.exit(main())\n"
    )
    base = [sys.executable, "-c", script, "--profile", str(profile)]
    told = ""
    for argv, stdin in (
        (["brand", "add", "Sol"], ""),
        (
            ["account", "add", "--brand", "Sol", "--network", "mastodon", "--server", server.url, "--token-stdin"],
            server.tokens["alba"],
        ),
    ):
        done = subprocess.run(
            [*base, *argv], cwd=ROOT, input=stdin, capture_output=True, text=True, timeout=60,
            env={**os.environ, config.ENV_PASSPHRASE: PASSPHRASE},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told += done.stderr
    assert "PATH" in told and "--profile" in told
    assert PASSPHRASE not in told and config.ENV_PASSPHRASE not in told
    assert server.tokens["alba"] not in told

"""The command line inside this process: what each mistake says, on one line, with which status."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cmdesk import config
from cmdesk.cli import main
from cmdesk.cli.output import cut, table, width
from cmdesk.desk import DATABASE, Desk
from cmdesk.networks.sandbox import NO_LIMITS, SandboxServer
from cmdesk.store import db


class Cli:
    """Runs verbs on one profile and keeps what they printed."""

    def __init__(self, profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.profile, self.capsys, self.monkeypatch = profile, capsys, monkeypatch
        self.windows: list[tuple[Path, bool]] = []
        self.reports: list[tuple[Any, ...]] = []
        self.out = self.err = ""

    def __call__(self, *argv: str, stdin: str = "", passphrase: str = "open sesame") -> int:
        self.monkeypatch.setenv(config.ENV_PASSPHRASE, passphrase)
        self.monkeypatch.setattr("sys.stdin", io.StringIO(stdin))

        def window(profile: Path, *, demo: bool) -> int:
            self.windows.append((profile, demo))
            return 0

        status = main(
            ["--profile", str(self.profile), *argv],
            window=window,
            screenshots=lambda folder: 0,
            self_test=lambda profile: 0,
            report=lambda *args: self.reports.append(args[1:]),
        )
        self.out, self.err = self.capsys.readouterr()
        return status

    def json(self, *argv: str) -> list[dict[str, Any]]:
        assert self(*argv, "--json") == 0, self.err
        found = json.loads(self.out)
        assert isinstance(found, list)
        return found

    def says(self, status: int, *words: str) -> None:
        """Check that the last verb failed with one clear line and no traceback."""
        assert self.out == ""
        assert self.err.count("\n") == 1, self.err
        assert self.err.startswith("cmdesk: ")
        assert "Traceback" not in self.err
        for word in words:
            assert word in self.err, self.err
        assert status


@pytest.fixture
def cli(profile: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    return Cli(profile, capsys, monkeypatch)


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(limits=NO_LIMITS) as started:
        yield started


@pytest.fixture
def connected(cli: Cli, server: SandboxServer) -> Cli:
    """Return a command line whose profile has one brand with one account."""
    assert cli("brand", "add", "Café Alba", "--zone", "Europe/Madrid") == 0
    assert add_account(cli, server.url, server.tokens["alba"]) == 0, cli.err
    return cli


def add_account(cli: Cli, server: str, token: str) -> int:
    return cli(
        "account", "add", "--brand", "café alba", "--network", "mastodon", "--server", server, "--token-stdin",
        stdin=f"{token}\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    "argv",
    [
        ("frobnicate",), ("brand",), ("brand", "add"), ("inbox", "--limit", "0"), ("inbox", "--limit", "many"),
        ("inbox", "--state", "lost"), ("reply", "one", "--text", "x"), ("reply", "1"), ("post", "show", "x"),
        ("post", "add", "--brand", "B", "--account", "a", "--text", "t"),
        ("post", "add", "--brand", "B", "--account", "a", "--text", "t", "--now", "--draft"),
        ("post", "add", "--brand", "B", "--account", "a", "--text", "t", "--draft", "--alt", "nothing before"),
        ("account", "add", "--brand", "B", "--network", "myspace", "--server", "x", "--token-stdin"),
        ("account", "add", "--brand", "B", "--network", "mastodon", "--server", "x"),
        ("inbox", "--unknown"), ("report", "--brand", "B", "--month", "2026-01"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_line_and_status_2(cli: Cli, argv: tuple[str, ...]) -> None:
    assert cli(*argv) == 2
    cli.says(2)
    assert not cli.profile.exists()


@pytest.mark.parametrize(
    ("argv", "status", "word"),
    [
        (("inbox", "--brand", "Nope"), 1, "Nope"),
        (("post", "show", "99"), 1, "99"),
        (("reply", "99", "--text", "hola"), 1, "99"),
        (("reply", "99", "--text", ""), 2, "no text"),
        (("brand", "add", ""), 2, "name"),
        (("brand", "add", "X", "--zone", "Mars/Base"), 2, "Mars/Base"),
        (("brand", "add", "X", "--language", "klingonés"), 2, "klingonés"),
        (("report", "--brand", "Nope", "--month", "2026-01", "--out", "x.pdf"), 1, "Nope"),
        (("restore", "nothing.cmdesk"), 1, "nothing.cmdesk"),
    ],
)
def test_what_is_not_there_or_wrong_is_said(cli: Cli, argv: tuple[str, ...], status: int, word: str) -> None:
    assert cli(*argv) == status
    cli.says(status, word)


def test_brands_are_listed(cli: Cli) -> None:
    assert cli("brand", "add", "Café Alba", "--zone", "Europe/Madrid", "--language", "es") == 0
    assert cli("brand", "add", "café alba") == 1
    cli.says(1, "already")
    rows = cli.json("brand", "list")
    assert [(row["name"], row["zone"], row["language"]) for row in rows] == [("Café Alba", "Europe/Madrid", "es")]
    assert cli("brand", "list") == 0
    assert "Café Alba" in cli.out


def test_an_empty_desk_says_what_to_do(cli: Cli) -> None:
    for argv, word in ((("brand", "list"), "brand add"), (("account", "list"), "account add"), (("inbox",), "Nothing")):
        assert cli(*argv) == 0
        assert word in cli.out
    for argv in (("brand", "list"), ("account", "list"), ("inbox",), ("post", "list"), ("sync",), ("publish",)):
        assert cli.json(*argv) == []


def test_a_wrong_token_is_said_and_nothing_is_kept(cli: Cli, server: SandboxServer) -> None:
    cli("brand", "add", "Café Alba")
    assert add_account(cli, server.url, "wrong-token") == 1
    cli.says(1, "refuses this token")
    assert cli.json("account", "list") == []


@pytest.mark.parametrize(
    ("address", "status", "word"),
    [
        ("http://plaza.example", 2, "https"),
        ("ftp://plaza.example", 2, "https"),
        ("https://192.168.1.1", 2, "private"),
        ("https://no.such.server.example", 1, "no server called"),
        ("", 2, "address"),
        ("http://127.0.0.1:1", 1, "no connection to 127.0.0.1:1"),
    ],
)
def test_a_wrong_server_is_said(cli: Cli, address: str, status: int, word: str) -> None:
    cli("brand", "add", "Café Alba")
    assert add_account(cli, address, "token-token") == status
    cli.says(status, word)


def test_a_secret_is_read_from_standard_input_only(cli: Cli, server: SandboxServer) -> None:
    cli("brand", "add", "Café Alba")
    assert add_account(cli, server.url, "") == 2
    cli.says(2, "standard input")
    assert (
        cli("account", "add", "--brand", "Café Alba", "--network", "bluesky", "--server", server.url, "--token-stdin")
        == 2
    )
    cli.says(2, "--password-stdin")


def test_a_machine_without_a_keychain_says_so(cli: Cli, server: SandboxServer) -> None:
    cli("brand", "add", "Café Alba")
    status = cli(
        "account", "add", "--brand", "Café Alba", "--network", "mastodon", "--server", server.url, "--token-stdin",
        stdin=server.tokens["alba"], passphrase="",
    )  # fmt: skip
    assert status == 1
    cli.says(1, "keychain", "passphrase")
    assert not server.requests


def test_a_wrong_passphrase_is_said(connected: Cli) -> None:
    assert connected("sync", passphrase="wrong") == 1
    assert "passphrase is wrong" in connected.err


def test_reading_and_finding(connected: Cli, server: SandboxServer) -> None:
    server.say("maria@plaza.example", "mention", to="alba", text="¿Abrís el domingo?")
    assert connected.json("sync")[0]["new"] == 1
    (row,) = connected.json("inbox", "--search", "DOMINGO")
    assert row.keys() >= {"id", "brand", "account", "network", "author", "text", "state", "received_at"}
    assert (row["brand"], row["network"], row["author"], row["state"]) == ("Café Alba", "mastodon", "María", "open")
    assert "¿Abrís el domingo?" in row["text"]
    assert row["received_at"].endswith("Z")
    assert connected.json("inbox", "--search", '"nada* OR (') == []
    assert connected.json("inbox", "--state", "solved") == []
    assert connected("inbox") == 0
    assert "María" in connected.out


def test_a_failed_reading_is_status_1_and_named(connected: Cli, server: SandboxServer) -> None:
    with server.offline():
        assert connected("sync", "--json") == 1
        assert json.loads(connected.out)[0]["error"] == "offline"
        assert connected.err.count("\n") == 1
        assert connected("inbox") == 0


def test_an_unreadable_picture_leaves_no_post(connected: Cli, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nnot really")
    for path, word in ((broken, "damaged"), (tmp_path / "none.png", "none.png"), (Path(__file__), "not a picture")):
        status = connected(
            "post", "add", "--brand", "Café Alba", "--account", "alba", "--text", "x", "--media", str(path), "--draft"
        )
        assert status == 1
        connected.says(1, word)
    assert connected.json("post", "list") == []


def test_a_film_is_planned_and_a_wrong_one_named(connected: Cli, tmp_path: Path) -> None:
    """Complaint 18: what a network would refuse is said before anything is planned."""
    films = Path(__file__).parent / "films"
    lying, cut = tmp_path / "beach.mov", tmp_path / "cut.mp4"
    lying.write_bytes((films / "screen.webm").read_bytes())
    cut.write_bytes((films / "beach.mp4").read_bytes()[:3000])
    add = ("post", "add", "--brand", "Café Alba", "--account", "alba", "--text", "x", "--draft")
    for path, word in ((lying, "beach.mov: The file's name is wrong: inside it is WebM"), (cut, "ends too early")):
        assert connected(*add, "--media", str(path), "--alt", "la playa") == 1
        connected.says(1, word)
    picture = tmp_path / "a.png"
    Image.new("RGB", (30, 20), "red").save(picture)
    both = ("--media", str(picture), "--media", str(films / "beach.mp4"))
    assert connected(*add, *both) == 2
    connected.says(2, "not both in one post")
    assert connected.json("post", "list") == []
    (row,) = connected.json(*add, "--media", str(films / "beach.mp4"), "--alt", "la playa")
    assert [(each["mime"], each["alt"], each["width"]) for each in row["media"]] == [("video/mp4", "la playa", 160)]


@pytest.mark.parametrize(
    ("options", "status", "word"),
    [
        (("--text", " ", "--draft"), 2, "no text"),
        (("--text", "x" * 501, "--now"), 2, "1 characters too long"),
        (("--text", "x", "--at", "2020-01-01T10:00"), 2, "has passed"),
        (("--text", "x", "--at", "soon"), 2, "soon"),
        (("--text", "x", "--at", "2027-03-28T02:30"), 2, "does not exist"),
    ],
)
def test_a_post_that_cannot_be_is_said(connected: Cli, options: tuple[str, ...], status: int, word: str) -> None:
    assert connected("post", "add", "--brand", "Café Alba", "--account", "alba", *options) == status
    connected.says(status, word)
    assert connected.json("post", "list") == []


def test_accounts_are_named_in_several_ways(connected: Cli) -> None:
    for word in ("1", "alba", "@alba", "alba@sandbox.example", "MASTODON"):
        argv = ("post", "add", "--brand", "Café Alba", "--account", word, "--text", word, "--draft")
        assert connected(*argv) == 0, connected.err
    assert connected("post", "add", "--brand", "Café Alba", "--account", "bruno", "--text", "x", "--draft") == 1
    connected.says(1, "bruno")


def test_times_are_the_brands_unless_they_say_more(connected: Cli) -> None:
    post = ("post", "add", "--brand", "Café Alba", "--account", "alba", "--text", "x", "--at")
    due = [connected.json(*post, at)[0]["deliveries"][0]["due_at"] for at in ("2030-07-01T10:00", "2030-07-01T10:00Z")]
    assert due == ["2030-07-01T08:00:00Z", "2030-07-01T10:00:00Z"]


def test_a_second_copy_is_refused(cli: Cli) -> None:
    desk = Desk(cli.profile)
    try:
        assert cli("brand", "list") == 1
        cli.says(1, "already open")
    finally:
        desk.close_now()
    assert cli("brand", "list") == 0


def test_a_corrupt_database_is_said_and_left_as_it_is(cli: Cli) -> None:
    cli("brand", "add", "Café Alba")
    database = cli.profile / DATABASE
    damaged = b"this is no database" + database.read_bytes()[19:]
    database.write_bytes(damaged)
    for argv in (("brand", "list"), ("doctor",)):
        assert cli(*argv) == 1
        cli.says(1, "damaged", "backup")
    assert database.read_bytes() == damaged


def test_a_corrupt_database_is_replaced_by_its_last_copy(connected: Cli, server: SandboxServer) -> None:
    server.say("maria@plaza.example", "mention", to="alba", text="Guárdame")
    assert connected("sync") == 0
    assert connected("sync") == 0
    (connected.profile / DATABASE).write_bytes(b"\0" * 8192)
    assert connected("inbox") == 1
    connected.says(1, "damaged", "cmdesk restore ")
    copy = connected.err.rsplit("restore ", 1)[1].strip().rstrip(".")
    assert connected("restore", copy) == 0, connected.err
    assert [row["author"] for row in connected.json("inbox")] == ["María"]


def test_a_full_disk_is_said_and_nothing_is_lost(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlite3

    cli("brand", "add", "Café Alba")
    # Pages that the starting templates left free would be used up first.
    conn = sqlite3.connect(cli.profile / DATABASE)
    conn.execute("VACUUM")
    conn.close()
    configure = db.configure

    def full(conn: Any) -> None:
        configure(conn)
        pages = conn.execute("PRAGMA page_count").fetchone()[0]
        conn.execute(f"PRAGMA max_page_count = {pages}")

    with monkeypatch.context() as disk:
        disk.setattr(db, "configure", full)
        status = max(cli("brand", "add", f"Brand {number} {'x' * 80}") for number in range(80))
        assert status == 1
        cli.says(1, "disk is full")
    rows = cli.json("brand", "list")
    assert rows[0]["name"] == "Café Alba"
    assert cli("brand", "add", "There is room again") == 0


def test_a_newer_profile_is_not_touched(cli: Cli) -> None:
    import sqlite3

    cli("brand", "add", "Café Alba")
    conn = sqlite3.connect(cli.profile / DATABASE)
    conn.execute("PRAGMA user_version = 9999")
    conn.close()
    assert cli("brand", "list") == 1
    cli.says(1, "newer version")


def test_backup_and_restore(connected: Cli, server: SandboxServer, tmp_path: Path) -> None:
    file = tmp_path / "desk.cmdesk"
    assert connected("backup", str(file)) == 0, connected.err
    assert server.tokens["alba"].encode() not in file.read_bytes()
    connected("brand", "add", "After the backup")
    assert connected("restore", str(file)) == 0, connected.err
    assert [row["name"] for row in connected.json("brand", "list")] == ["Café Alba"]
    file.write_bytes(b"PK\x03\x04 nonsense")
    assert connected("restore", str(file)) == 1
    connected.says(1, "no backup")
    assert [row["name"] for row in connected.json("brand", "list")] == ["Café Alba"]


def test_the_doctor_looks_at_everything(connected: Cli) -> None:
    rows = {row["check"]: row["result"] for row in connected.json("doctor")}
    assert rows["database"] == rows["keychain"] == rows["@alba@sandbox.example"] == rows["publishing"] == "good"


def test_a_report_is_handed_over_checked(cli: Cli, tmp_path: Path) -> None:
    cli("brand", "add", "Café Alba", "--language", "es")
    out = tmp_path / "r.pdf"
    assert cli("report", "--brand", "Café Alba", "--month", "2026-02", "--out", str(out)) == 0
    assert cli("report", "--brand", "Café Alba", "--month", "2026-02", "--out", str(out), "--language", "en") == 0
    assert cli.reports == [(1, 2026, 2, out, "es"), (1, 2026, 2, out, "en")]
    for month in ("2026-13", "2026", "febrero", "26-02"):
        assert cli("report", "--brand", "Café Alba", "--month", month, "--out", str(out)) == 2
        cli.says(2, month)
    assert cli("report", "--brand", "Café Alba", "--month", "2026-02", "--out", str(tmp_path / "no" / "r.pdf")) == 2


def test_without_a_verb_the_window_opens(cli: Cli) -> None:
    assert cli() == 0
    assert cli("--demo") == 0
    assert cli.windows == [(cli.profile, False), (cli.profile, True)]


def test_the_demo_window_has_a_profile_of_its_own(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for argv in ([], ["--demo"]):
        main(
            argv,
            window=lambda profile, *, demo: cli.windows.append((profile, demo)) or 0,
            screenshots=lambda folder: 0,
            self_test=lambda profile: 0,
        )
    assert cli.windows[0][0] != cli.windows[1][0]


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"], window=lambda *a, **k: 0, screenshots=lambda f: 0, self_test=lambda p: 0)
    assert ended.value.code == 0
    out = capsys.readouterr().out
    for verb in (
        "brand",
        "account",
        "sync",
        "inbox",
        "reply",
        "post",
        "publish",
        "report",
        "backup",
        "restore",
        "doctor",
        "triage",
    ):
        assert verb in out


def test_our_own_faults_are_one_line_with_the_log_named(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_kwargs: object) -> int:
        raise ZeroDivisionError("a secret detail")

    cli("brand", "list")
    monkeypatch.setattr("cmdesk.cli.setup.brand_verb", broken)
    assert cli("brand", "list") == 1
    cli.says(1, "ZeroDivisionError", "cmdesk.log")
    assert "a secret detail" not in cli.err
    assert "a secret detail" in (cli.profile / "logs" / "cmdesk.log").read_text("utf-8")


def test_the_passphrase_does_not_stay_in_the_environment(cli: Cli) -> None:
    import os

    cli("brand", "list")
    assert config.ENV_PASSPHRASE not in os.environ


def test_tables_know_wide_letters(capsys: pytest.CaptureFixture[str]) -> None:
    assert width("a日本é") == 6
    assert cut("日本語テキスト", 7) == "日本語…"
    table([{"a": "日本", "b": "x"}, {"a": "ab", "b": "a\nb\x1b[31m"}], [("a", "A"), ("b", "B")])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "日本  x"
    assert "\x1b" not in "".join(lines)
    assert len(lines) == 3


def test_a_crash_leaves_no_memory_on_disk(cli: Cli) -> None:
    resource = pytest.importorskip("resource")
    cli("brand", "list")
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)

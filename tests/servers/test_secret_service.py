"""The vault on a real Secret Service, open, closed, and never set up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.servers.sides import Side, Snac

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

HERE = Path(__file__).parent
SENTINEL = "sentinel-41c07b-token"
PROGRAM = f"""
import pathlib, sys
from cmdesk.errors import DeskError
from cmdesk.vault import open_vault
profile = pathlib.Path(sys.argv[1])
def told(name, work):
    try:
        print(name, work())
    except DeskError as error:
        print(name, type(error).__name__, error.code)
def vault():
    return open_vault(profile, install_id="install-1")
long = {{"access": "{SENTINEL}" * 300, "name": "ñ"}}
told("probe", lambda: (vault().probe().ok, vault().probe().detail))
told("store", lambda: vault().store("account-1", {{"token": "{SENTINEL}"}}))
told("store long", lambda: vault().store("account-2", long))
told("load", lambda: dict(vault().load("account-1")) == {{"token": "{SENTINEL}"}})
told("load long", lambda: dict(vault().load("account-2")) == long)
told("device", lambda: len(vault().device_id()) == 32 and vault().device_id() == vault().device_id())
told("forget", lambda: (vault().forget("account-1"), vault().forget("account-2"), vault().forget("account-2")))
told("gone", lambda: vault().load("account-1"))
told("gone long", lambda: vault().load("account-2"))
"""


def run(state: str, profile: Path) -> list[str]:
    env = {name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"}
    done = subprocess.run(
        ["bash", str(HERE / "secret_service.sh"), state, sys.executable, "-X", "dev", "-c", PROGRAM, str(profile)],
        cwd=HERE.parents[1], env=env, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    kept = b"".join(path.read_bytes() for path in profile.rglob("*") if path.is_file())
    assert SENTINEL.encode() not in kept
    return done.stdout.splitlines()


def test_an_open_keychain_keeps_short_and_long_secrets(profile: Path) -> None:
    assert run("unlocked", profile) == [
        "probe (True, 'SecretService')",
        "store None",
        "store long None",
        "load True",
        "load long True",
        "device True",
        "forget (None, None, None)",
        "gone SecretMissing secret_missing",
        "gone long SecretMissing secret_missing",
    ]


@pytest.mark.parametrize("state", ["locked", "fresh"])
def test_a_closed_keychain_is_said_and_nothing_is_written(profile: Path, state: str) -> None:
    lines = run(state, profile)
    assert lines[0].startswith("probe (False")
    assert lines[1:] == [
        f"{name} VaultLocked vault_locked"
        for name in ("store", "store long", "load", "load long", "device", "forget", "gone", "gone long")
    ]
    assert not list(profile.rglob("*.sealed"))


# In the same session, beside the program: what the keychain holds, and closing it.
LOOK = """
import secretstorage, sys
from contextlib import closing
with closing(secretstorage.dbus_init()) as bus:
    held = [each.get_secret() for each in secretstorage.get_default_collection(bus).get_all_items()]
    print("kept", sum(sys.argv[1].encode() in each for each in held), "of", len(held))
"""
CLOSE = """
import secretstorage
from contextlib import closing
with closing(secretstorage.dbus_init()) as bus:
    secretstorage.get_default_collection(bus).lock()
"""


class Session:
    """A shell inside a session with a keychain, where `desk` is the program with a profile."""

    def __init__(self, profile: Path) -> None:
        self.profile = profile

    def run(self, state: str, day: str, *, secret: str = "") -> subprocess.CompletedProcess[str]:
        """Run shell lines; nothing they print or keep outside the keychain may hold `secret`."""
        env = {name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"}
        tools = f"set -e; python() {{ '{sys.executable}' \"$@\"; }}; "
        tools += f"desk() {{ python main.py --profile '{self.profile}' \"$@\"; }}"
        done = subprocess.run(
            ["bash", str(HERE / "secret_service.sh"), state, "bash", "-c", f"{tools}; {day}"],
            cwd=HERE.parents[1], env={**env, "SECRET": secret, "LOOK": LOOK, "CLOSE": CLOSE},
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        if secret:
            assert secret not in done.stdout + done.stderr
            kept = b"".join(path.read_bytes() for path in self.profile.rglob("*") if path.is_file())
            assert secret.encode() not in kept
        return done


def connecting(side: Side) -> str:
    """The shell line that connects the brand's account."""
    how = "--token-stdin" if side.name == "mastodon" else f"--handle {side.handle} --password-stdin"
    line = f"account add --brand B --network {side.name} --server {side.url} {how}"
    return f'printf %s "$SECRET" | desk {line}'


def test_an_account_lives_in_the_keychain(profile: Path, side: Side, figures: dict[str, str]) -> None:
    side.mention(f"{side.called} ¿dónde están las llaves de {side.name}?")
    day = f"""
    desk brand add B
    {connecting(side)}
    python -c "$LOOK" "$SECRET"
    desk sync && desk inbox --search llaves --json > '{profile}.json'
    desk doctor
    python -c "$CLOSE"
    desk sync && echo "sync went on" || echo "sync ended with $?"
    desk inbox --search llaves
    """
    done = Session(profile).run("unlocked", day, secret=side.secret)
    assert done.returncode == 0, done.stderr
    assert "kept 1" in done.stdout and "keychain (SecretService)" in done.stdout
    (found,) = json.loads(profile.with_name(f"{profile.name}.json").read_text())
    assert side.name in found["text"]
    # Closed under a running desk: said in one line, what was read stays readable.
    assert "sync ended with 1" in done.stdout
    assert done.stderr.count("\n") == 1 and "locked" in done.stderr
    assert f"las llaves de {side.name}" in done.stdout.rpartition("sync ended with 1")[2]
    figures[f"{side.name}: keychain"] = "secret in the Secret Service and nowhere else; closed: said, inbox readable"


@pytest.mark.parametrize("state", ["locked", "fresh"])
def test_a_closed_keychain_connects_nothing(profile: Path, mastodon: dict[str, Any], state: str) -> None:
    side = Snac(mastodon)
    session = Session(profile)
    day = f"desk brand add B; {connecting(side)} || status=$?; desk account list --json; exit $status"
    done = session.run(state, day, secret=side.secret)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "keychain is locked" in done.stderr
    assert done.stdout.endswith("[]\n")

"""The vault on a real Secret Service, open, closed, and never set up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cmdesk.networks.sandbox import NO_LIMITS, SandboxServer

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


def test_an_account_lives_in_the_keychain(profile: Path) -> None:
    with SandboxServer(limits=NO_LIMITS) as server:
        token = server.tokens["alba"]
        server.say("maria@plaza.example", "mention", to="alba", text="Hola")
        desk = f"'{sys.executable}' main.py --profile '{profile}'"
        day = (
            f"{desk} brand add B && printf %s {token} | {desk} account add --brand B --network mastodon"
            f" --server {server.url} --token-stdin && {desk} sync && {desk} reply 1 --text Hola --now && {desk} doctor"
        )
        env = {name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"}
        done = subprocess.run(
            ["bash", str(HERE / "secret_service.sh"), "unlocked", "bash", "-c", day],
            cwd=HERE.parents[1], env=env, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "keychain (SecretService)" in done.stdout
        assert len(server.world.truth()["alba"]) == 1
        kept = b"".join(path.read_bytes() for path in profile.rglob("*") if path.is_file())
        assert token.encode() not in kept
        assert token not in done.stdout + done.stderr


def test_a_closed_keychain_connects_nothing(profile: Path) -> None:
    with SandboxServer(limits=NO_LIMITS) as server:
        desk = f"'{sys.executable}' main.py --profile '{profile}'"
        day = (
            f"{desk} brand add B && printf %s {server.tokens['alba']} | {desk} account add --brand B --network mastodon"
            f" --server {server.url} --token-stdin"
        )
        env = {name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"}
        done = subprocess.run(
            ["bash", str(HERE / "secret_service.sh"), "locked", "bash", "-c", day],
            cwd=HERE.parents[1], env=env, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert "keychain is locked" in done.stderr

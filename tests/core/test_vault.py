"""The vault against keychains that are small, refused, locked, slow, vanishing or damaged."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import keyring.backends.SecretService
import keyring.errors
import pytest

from cmdesk.errors import Invalid, SecretMissing, VaultError, VaultLocked, VaultMissing
from cmdesk.vault import MemoryVault, Vault, has_passphrase_vault, open_vault
from cmdesk.vault.keychain import ENTRY_LIMIT, KeychainVault, find_backend
from cmdesk.vault.passphrase import PassphraseVault, vault_file

SENTINEL = "sentinel-3f9c81d2-token"
LONG = {"access": SENTINEL * 180, "dpop": "ñ" * 400}


class Keychain:
    """A keychain in memory with the size limit of Windows."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password) > 1280:
            raise keyring.errors.PasswordSetError("too long")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("nothing there")


class LockedKeychain(Keychain):
    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.InitError("no collection")


class SlowKeychain(Keychain):
    """Answers only when released, as one that waits for a person does."""

    def __init__(self) -> None:
        super().__init__()
        self.release = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.release.wait(30)
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.release.wait(30)
        super().set_password(service, username, password)


class VanishingKeychain(Keychain):
    """The service ends while the program runs."""

    gone = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.gone:
            raise ConnectionResetError(f"bus gone while reading {self.entries}")
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.gone:
            raise ConnectionResetError(f"bus gone while writing {password}")
        super().set_password(service, username, password)


class PlaintextKeyring(keyring.backend.KeyringBackend):
    """What keyrings.alt installs: a file in clear, with a high priority."""

    priority = 9  # type: ignore[assignment]

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("a secret was given to a backend that writes in clear")

    def delete_password(self, service: str, username: str) -> None:
        raise AssertionError


def everything_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def keychain_vault(profile: Path, backend: Keychain, *, install_id: str = "i1", limit_s: float = 5) -> KeychainVault:
    return KeychainVault(profile, install_id=install_id, backend=backend, call_limit_s=limit_s, probe_limit_s=limit_s)


@pytest.fixture(params=["keychain", "passphrase", "session"])
def vault(request: pytest.FixtureRequest, profile: Path) -> Vault:
    if request.param == "keychain":
        return keychain_vault(profile, Keychain())
    if request.param == "passphrase":
        return open_vault(profile, install_id="i1", passphrase="correct horse")
    return open_vault(profile, install_id="i1", session=True)


@pytest.mark.parametrize("secret", [{"token": SENTINEL}, LONG, {}, {"a": "x" * (ENTRY_LIMIT - 12)}])
def test_a_secret_comes_back_and_can_be_forgotten(vault: Vault, profile: Path, secret: dict[str, str]) -> None:
    vault.store("account-1", secret)
    vault.store("account-2", {"token": "other"})
    assert dict(vault.load("account-1")) == secret
    assert vault.probe().ok
    vault.store("account-1", {"token": "second"})
    assert dict(vault.load("account-1")) == {"token": "second"}
    vault.store("account-1", secret)
    vault.forget("account-1")
    vault.forget("account-1")
    with pytest.raises(SecretMissing):
        vault.load("account-1")
    assert dict(vault.load("account-2")) == {"token": "other"}
    assert not list(profile.rglob("*.sealed"))


def test_nothing_in_clear_reaches_the_disk_and_files_are_private(vault: Vault, profile: Path) -> None:
    vault.store("account-1", LONG)
    vault.store("account-2", {"token": SENTINEL})
    assert SENTINEL.encode() not in everything_under(profile) if profile.exists() else True
    for path in profile.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_references_are_checked(vault: Vault) -> None:
    for ref in ("", "ñ", "a\nb", "x" * 201):
        with pytest.raises(Invalid):
            vault.store(ref, {})


def test_one_short_entry_an_account_within_the_smallest_keychain(profile: Path) -> None:
    backend = Keychain()
    vault = keychain_vault(profile, backend)
    for number in range(3):
        vault.store(f"account-{number}", LONG)
        vault.store(f"account-{number}", LONG)
    assert len(backend.entries) == 3
    assert all(len(entry) <= ENTRY_LIMIT for entry in backend.entries.values())
    assert len(list(profile.rglob("*.sealed"))) == 3
    assert not any(SENTINEL in entry for entry in backend.entries.values())


def test_entries_of_two_installations_do_not_meet(profile: Path) -> None:
    backend = Keychain()
    keychain_vault(profile, backend).store("account-1", {"token": "one"})
    with pytest.raises(SecretMissing):
        keychain_vault(profile, backend, install_id="i2").load("account-1")


def test_swapped_ciphertexts_fail(profile: Path) -> None:
    backend = Keychain()
    vault = keychain_vault(profile, backend)
    vault.store("account-1", LONG)
    vault.store("account-2", LONG)
    one, two = sorted(profile.rglob("*.sealed"))
    a, b = one.read_bytes(), two.read_bytes()
    one.write_bytes(b)
    two.write_bytes(a)
    with pytest.raises(VaultError) as failed:
        vault.load("account-1")
    assert failed.value.code == "vault_damaged"


def test_an_entry_moved_to_another_account_fails(profile: Path) -> None:
    backend = Keychain()
    vault = keychain_vault(profile, backend)
    vault.store("account-1", LONG)
    service, _ = next(iter(backend.entries))
    backend.entries[service, "account-2"] = backend.entries[service, "account-1"]
    with pytest.raises(VaultError):
        vault.load("account-2")


@pytest.mark.parametrize("entry", ["", "nonsense", "p1:[1]", "p1:{", "k1:../../etc/passwd:AAAA", "k1:x", 'p1:{"a": 1}'])
def test_a_damaged_entry_is_an_error_not_a_secret(profile: Path, entry: str) -> None:
    backend = Keychain()
    vault = keychain_vault(profile, backend)
    vault.store("account-1", {"token": "x"})
    backend.entries[next(iter(backend.entries))] = entry
    with pytest.raises(VaultError):
        vault.load("account-1")


def test_a_failed_change_keeps_the_old_secret(profile: Path) -> None:
    class Full(Keychain):
        full = False

        def set_password(self, service: str, username: str, password: str) -> None:
            if self.full:
                raise keyring.errors.PasswordSetError(password)
            super().set_password(service, username, password)

    backend = Full()
    vault = keychain_vault(profile, backend)
    vault.store("account-1", LONG)
    backend.full = True
    with pytest.raises(VaultError) as failed:
        vault.store("account-1", {"access": "y" * 3000})
    assert "y" not in f"{failed.value} {failed.value.detail}".replace("keychain", "")
    assert dict(vault.load("account-1")) == LONG
    assert len(list(profile.rglob("*.sealed"))) == 1


@pytest.mark.parametrize(
    "backend",
    [keyring.backends.fail.Keyring(), keyring.backends.null.Keyring(), PlaintextKeyring()],
    ids=["fail", "null", "plaintext"],
)
def test_keychains_that_keep_nothing_safe_are_refused(
    profile: Path, monkeypatch: pytest.MonkeyPatch, backend: keyring.backend.KeyringBackend
) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    with pytest.raises(VaultMissing):
        open_vault(profile, install_id="i1")
    assert not profile.exists() or everything_under(profile) == b""


def test_a_look_alike_of_an_accepted_keychain_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Keyring(keyring.backends.SecretService.Keyring):
        priority = 9  # type: ignore[assignment]

    monkeypatch.setattr(keyring.core, "_keyring_backend", Keyring())
    with pytest.raises(VaultMissing) as refused:
        find_backend()
    assert refused.value.code == "vault_refused"


def test_a_chain_is_used_through_its_accepted_member_only(monkeypatch: pytest.MonkeyPatch) -> None:
    good = keyring.backends.SecretService.Keyring()
    chain = keyring.backends.chainer.ChainerBackend()
    monkeypatch.setattr(type(chain), "backends", [PlaintextKeyring(), good])
    monkeypatch.setattr(keyring.core, "_keyring_backend", chain)
    assert find_backend() is good
    monkeypatch.setattr(type(chain), "backends", [PlaintextKeyring()])
    with pytest.raises(VaultMissing):
        find_backend()


def test_a_locked_keychain_says_so_and_nothing_is_written(profile: Path) -> None:
    vault = keychain_vault(profile, LockedKeychain())
    for work in (lambda: vault.load("a"), lambda: vault.store("a", {"t": SENTINEL}), lambda: vault.store("a", LONG)):
        with pytest.raises(VaultLocked):
            work()
    assert vault.probe().code == "vault_locked"
    assert not list(profile.rglob("*.sealed"))


def test_a_slow_keychain_does_not_hold_us(profile: Path) -> None:
    backend = SlowKeychain()
    vault = keychain_vault(profile, backend, limit_s=0.05)
    with pytest.raises(VaultLocked) as slow:
        vault.load("account-1")
    assert slow.value.code == "vault_slow"
    assert vault.probe().code == "vault_slow"  # the first question still stands: no second one is asked
    assert [thread.name for thread in threading.enumerate()].count("keychain") == 1
    backend.release.set()
    for thread in threading.enumerate():
        if thread.name == "keychain":
            thread.join(10)
    assert vault.probe().ok


def test_a_vanishing_keychain_is_an_error_without_the_secret(profile: Path) -> None:
    backend = VanishingKeychain()
    vault = keychain_vault(profile, backend)
    vault.store("account-1", {"token": SENTINEL})
    backend.gone = True
    for work in (lambda: vault.load("account-1"), lambda: vault.store("account-1", {"t": SENTINEL})):
        with pytest.raises(VaultError) as failed:
            work()
        assert SENTINEL not in f"{failed.value!r} {failed.value.detail}"
        assert failed.value.__cause__ is None
    assert not vault.probe().ok
    backend.gone = False
    assert dict(vault.load("account-1")) == {"token": SENTINEL}


def test_a_passphrase_vault_stays_and_refuses_a_wrong_passphrase(profile: Path) -> None:
    first = open_vault(profile, install_id="i1", passphrase="correct horse")
    first.store("account-1", LONG)
    before = vault_file(profile).read_bytes()
    with pytest.raises(VaultLocked) as wrong:
        open_vault(profile, install_id="i1", passphrase="wrong")
    assert wrong.value.code == "passphrase_wrong"
    assert vault_file(profile).read_bytes() == before
    again = open_vault(profile, install_id="i1", passphrase="correct horse")
    assert again.kind == "passphrase"
    assert dict(again.load("account-1")) == LONG
    assert has_passphrase_vault(profile)
    with pytest.raises(VaultLocked) as needed:
        open_vault(profile, install_id="i1")
    assert needed.value.code == "passphrase_needed"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"n": 65536', b'"n": 16'),
        (b'"n": 65536', b'"n": 1073741824'),
        (b'"r": 8', b'"r": 1'),
        (b"cmdesk-vault-1", b"other"),
    ],
)
def test_a_planted_header_is_refused(profile: Path, old: bytes, new: bytes) -> None:
    open_vault(profile, install_id="i1", passphrase="p")
    path = vault_file(profile)
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(VaultError):
        open_vault(profile, install_id="i1", passphrase="p")


def test_a_damaged_vault_file_is_said_and_left_alone(profile: Path) -> None:
    open_vault(profile, install_id="i1", passphrase="p")
    path = vault_file(profile)
    path.write_bytes(b"\0\1\2" * 50)
    with pytest.raises(VaultError) as damaged:
        PassphraseVault(profile, install_id="i1", passphrase="p")
    assert damaged.value.code == "vault_damaged"
    assert path.read_bytes() == b"\0\1\2" * 50


def test_the_device_id_belongs_to_one_copy_in_one_place(profile: Path, tmp_path: Path) -> None:
    backend = Keychain()
    vault = keychain_vault(profile, backend)
    first = vault.device_id()
    assert first == vault.device_id() == keychain_vault(profile, backend).device_id()
    assert len(first) == 32
    assert keychain_vault(tmp_path / "copy", backend).device_id() != first
    assert keychain_vault(profile, Keychain()).device_id() != first  # another machine: another keychain


def test_a_session_vault_has_a_steady_device_id(profile: Path) -> None:
    assert MemoryVault(profile, install_id="i1").device_id() == MemoryVault(profile, install_id="i1").device_id()


def test_a_slow_keychain_does_not_hold_the_end_of_the_program(profile: Path) -> None:
    code = (
        "import sys, time, pathlib\n"
        "from cmdesk.vault.keychain import KeychainVault\n"
        "class Slow:\n"
        "    def get_password(self, s, u): time.sleep(300)\n"
        "v = KeychainVault(pathlib.Path(sys.argv[1]), install_id='i', backend=Slow(), call_limit_s=0.05)\n"
        "try: v.load('a')\n"
        "except Exception as e: print(type(e).__name__)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code, str(profile)], cwd=root, capture_output=True, text=True, timeout=20, check=True
    )
    assert done.stdout == "VaultLocked\n"


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX systems")
def test_only_the_keychain_module_knows_keyring(profile: Path) -> None:
    code = "import sys, cmdesk.vault; sys.exit('keyring' in sys.modules or 'cryptography' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], timeout=20, check=True)

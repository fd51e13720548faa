"""The system's keychain through keyring: one entry an account, nothing but known keychains.

An entry holds at most `ENTRY_LIMIT` characters, the same on every system. A longer secret is
encrypted with a random key; the key is the entry, the ciphertext a file of the profile bound to
the account. Every call to the keychain runs on a thread of its own with a time limit, because a
keychain may wait for a person, or for ever.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, TypeVar, cast

from cmdesk.errors import SecretMissing, VaultError, VaultLocked, VaultMissing
from cmdesk.files import create_private, private_folder
from cmdesk.vault.base import Vault, VaultStatus, checked_ref, decode, encode
from cmdesk.vault.envelope import KEY_BYTES, new_key, seal, unseal

_log = logging.getLogger(__name__)
T = TypeVar("T")

# Windows keeps 2,560 bytes of UTF-16, that is 1,280 characters; below it with room for the marks.
ENTRY_LIMIT = 1000
SERVICE = "CM Desk"
# A person may have to type the keychain's password; longer than this nobody waits.
CALL_LIMIT_S = 25.0
PROBE_LIMIT_S = 10.0

# By module and class: a name that merely looks alike, or a subclass that writes to a file, is not enough.
ACCEPTED = frozenset(
    {
        ("keyring.backends.SecretService", "Keyring"),
        ("keyring.backends.libsecret", "Keyring"),
        ("keyring.backends.kwallet", "DBusKeyring"),
        ("keyring.backends.kwallet", "DBusKeyringKWallet4"),
        ("keyring.backends.macOS", "Keyring"),
        ("keyring.backends.Windows", "WinVaultKeyring"),
    }
)
_CHAINER = ("keyring.backends.chainer", "ChainerBackend")
_LOCKED_NAMES = frozenset({"KeyringLocked", "InitError", "LockedException", "PromptDismissedException"})
_MISSING_NAMES = frozenset({"NoKeyringError", "SecretServiceNotAvailableException"})


class Backend(Protocol):
    """The three calls of a keyring backend that we use."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


class KeychainVault(Vault):
    """Secrets in the keychain of this system; entries are named by installation and account."""

    def __init__(
        self,
        profile: Path,
        *,
        install_id: str,
        backend: Backend | None = None,
        call_limit_s: float = CALL_LIMIT_S,
        probe_limit_s: float = PROBE_LIMIT_S,
    ) -> None:
        """Find the keychain (VaultMissing when there is none that we accept); `backend` skips the search in tests."""
        super().__init__(profile, install_id=install_id, kind="keychain")
        self._call_limit_s = call_limit_s
        self._probe_limit_s = probe_limit_s
        self._gate = threading.Lock()  # one call at a time: a stuck one makes the next fail early, not pile up
        self._service = f"{SERVICE} {install_id}"
        self._folder = profile / "vault"
        self._backend = backend if backend is not None else self._call(find_backend)

    def store(self, account_ref: str, secret: Mapping[str, str]) -> None:
        ref = checked_ref(account_ref)
        text = encode(secret)
        if len(text) + 3 <= ENTRY_LIMIT:
            self._set(ref, f"p1:{text}")
            self._remove_files(ref, keep=None)
            return
        # The new file first, then the entry that names it: a crash in between leaves the old pair valid.
        key = new_key()
        name = f"{_stem(ref)}-{secrets.token_hex(6)}.sealed"
        create_private(private_folder(self._folder) / name, seal(key, text.encode("ascii"), bound_to=self._owner(ref)))
        try:
            self._set(ref, f"k1:{name}:{base64.b64encode(key).decode()}")
        except VaultLocked as error:
            if error.code != "vault_slow":  # a slow keychain may still take the entry: then the file is needed
                (self._folder / name).unlink(missing_ok=True)
            raise
        except VaultError:
            (self._folder / name).unlink(missing_ok=True)
            raise
        self._remove_files(ref, keep=name)

    def load(self, account_ref: str) -> Mapping[str, str]:
        ref = checked_ref(account_ref)
        entry = self._call(lambda: self._backend.get_password(self._service, ref))
        if entry is None:
            raise SecretMissing("the keychain holds nothing for this account", detail=account_ref)
        mark, _, rest = entry.partition(":")
        if mark == "p1":
            return decode(rest)
        name, _, key_text = rest.partition(":")
        if mark != "k1" or not name.startswith(_stem(ref)) or Path(name).name != name:
            raise VaultError("the keychain's entry is not ours to read", code="vault_damaged")
        try:
            key = base64.b64decode(key_text, validate=True)
            sealed = (self._folder / name).read_bytes()
        except FileNotFoundError:
            raise SecretMissing("the encrypted part of this secret has gone", detail=account_ref) from None
        except ValueError:
            key, sealed = b"", b""
        if len(key) != KEY_BYTES:
            raise VaultError("the keychain's entry is damaged", code="vault_damaged")
        return decode(unseal(key, sealed, bound_to=self._owner(ref)).decode("ascii"))

    def forget(self, account_ref: str) -> None:
        ref = checked_ref(account_ref)
        if self._call(lambda: self._backend.get_password(self._service, ref)) is not None:
            self._call(lambda: self._backend.delete_password(self._service, ref))
        self._remove_files(ref, keep=None)

    def probe(self) -> VaultStatus:
        name = f"{type(self._backend).__module__.rpartition('.')[2]}"
        ref, value = f".canary-{secrets.token_hex(4)}", secrets.token_hex(8)

        def canary() -> bool:
            self._backend.set_password(self._service, ref, value)
            try:
                return self._backend.get_password(self._service, ref) == value
            finally:
                self._backend.delete_password(self._service, ref)

        try:
            same = self._call(canary, limit_s=self._probe_limit_s)
        except VaultError as error:
            return VaultStatus(kind=self.kind, ok=False, code=error.code, detail=error.detail or name)
        return VaultStatus(kind=self.kind, ok=same, code="" if same else "vault_damaged", detail=name)

    def _set(self, ref: str, entry: str) -> None:
        self._call(lambda: self._backend.set_password(self._service, ref, entry))

    def _owner(self, ref: str) -> str:
        return json.dumps(["cmdesk", self.install_id, ref])

    def _remove_files(self, ref: str, *, keep: str | None) -> None:
        for path in self._folder.glob(f"{_stem(ref)}-*.sealed"):
            if path.name != keep:
                path.unlink(missing_ok=True)

    def _call(self, work: Callable[[], T], *, limit_s: float | None = None) -> T:
        """Run `work` beside us for at most the limit; translate whatever a backend raises."""
        limit = self._call_limit_s if limit_s is None else limit_s
        if not self._gate.acquire(timeout=limit):
            raise VaultLocked("the keychain is still busy with the last question", code="vault_slow")
        outcome: list[tuple[bool, object]] = []

        def run() -> None:
            try:
                outcome.append((True, work()))
            except BaseException as error:  # noqa: BLE001 - handed to the caller below, whatever it is
                outcome.append((False, error))
            finally:
                self._gate.release()

        worker = threading.Thread(target=run, name="keychain", daemon=True)
        worker.start()
        worker.join(limit)
        if not outcome:
            raise VaultLocked("the keychain does not answer; it may be waiting for you", code="vault_slow")
        done, value = outcome[0]
        if done:
            return cast("T", value)
        raise _explain(cast("BaseException", value)) from None


def find_backend() -> Backend:
    """Return the keychain to use; raises VaultMissing when none of this machine's is acceptable."""
    import keyring

    chosen = keyring.get_keyring()
    if _identity(chosen) in ACCEPTED:
        return cast("Backend", chosen)
    if _identity(chosen) == _CHAINER:
        for member in getattr(chosen, "backends", ()):
            if _identity(member) in ACCEPTED:
                return cast("Backend", member)
    module = type(chosen).__module__
    refused = not module.endswith((".fail", ".chainer"))
    raise VaultMissing(
        "this machine has no keychain that keeps secrets safe",
        code="vault_refused" if refused else None,
        detail=module if refused else "",
    )


def _identity(backend: object) -> tuple[str, str]:
    return type(backend).__module__, type(backend).__qualname__


def _stem(ref: str) -> str:
    return hashlib.sha256(ref.encode()).hexdigest()[:24]


def _explain(error: BaseException) -> BaseException:
    """Return our error for a backend's; backends raise their own classes, known here by name."""
    if isinstance(error, VaultError):
        return error
    names = {cls.__name__ for cls in type(error).__mro__}
    detail = type(error).__name__  # never the text: some backends put the value into it
    if names & _LOCKED_NAMES:
        return VaultLocked("the keychain is locked", detail=detail)
    if names & _MISSING_NAMES:
        return VaultMissing("the keychain has gone", detail=detail)
    if isinstance(error, Exception):
        _log.warning("the keychain failed: %s", detail)
        return VaultError("the keychain failed", detail=detail)
    return error

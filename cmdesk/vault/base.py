"""What every vault promises, and the name of this machine's copy of a profile."""

from __future__ import annotations

import hashlib
import json
import secrets
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cmdesk.errors import Invalid, SecretMissing, VaultError

# Not an account's: the seed of `device_id`. Account references are the store's and never start with a dot.
DEVICE_REF = ".device"


@dataclass(frozen=True, slots=True)
class VaultStatus:
    """What a probe found: `code` is '' when all is well, else the error's code (see cmdesk.errors)."""

    kind: str
    ok: bool
    code: str = ""
    detail: str = ""  # the backend's name, or a short fact about what went wrong


class Vault(ABC):
    """Secrets of one installation's accounts, by reference; safe to use from several threads."""

    def __init__(self, profile: Path, *, install_id: str, kind: str) -> None:
        if not install_id or "/" in install_id:
            raise Invalid("an installation id is needed", detail="install_id")
        self.profile = profile
        self.install_id = install_id
        self.kind = kind  # keychain, passphrase, session, memory

    @abstractmethod
    def store(self, account_ref: str, secret: Mapping[str, str]) -> None:
        """Keep `secret` under `account_ref`, replacing the old one, which stays valid until the new is safe."""

    @abstractmethod
    def load(self, account_ref: str) -> Mapping[str, str]:
        """Return the secret of `account_ref`; raises SecretMissing, VaultLocked, VaultMissing or VaultError."""

    @abstractmethod
    def forget(self, account_ref: str) -> None:
        """Remove the secret of `account_ref`; nothing happens when there is none."""

    @abstractmethod
    def probe(self) -> VaultStatus:
        """Write, read and remove a canary; never raises for a vault that cannot be used."""

    def device_id(self) -> str:
        """Name this copy of the profile on this machine: 32 hexadecimal digits.

        It changes when the folder is copied to another machine or another place, so that a copied
        database starts with publishing off (RELIABILITY "One writer"). The seed is made at the first call.
        """
        try:
            seed = self.load(DEVICE_REF)["seed"]
        except SecretMissing:
            seed = secrets.token_hex(16)
            self.store(DEVICE_REF, {"seed": seed})
        return hashlib.sha256(f"{seed}\n{place_of(self.profile)}".encode()).hexdigest()[:32]


def place_of(profile: Path) -> str:
    """Name this machine and this folder, without any vault; on a machine without a name the folder alone counts."""
    place = f"{machine_mark()}\n{profile.resolve()}"
    return hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def checked_ref(ref: str) -> str:
    """Return `ref` when it can name an entry in every keychain; raises Invalid."""
    if not ref or len(ref) > 200 or not ref.isascii() or not ref.isprintable():
        raise Invalid("an account reference is 1 to 200 printable ASCII characters", detail="account_ref")
    return ref


def encode(secret: Mapping[str, str]) -> str:
    """Return `secret` as ASCII text: its length is what a keychain counts, in any encoding."""
    return json.dumps(dict(secret), ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def decode(text: str) -> Mapping[str, str]:
    """Return the mapping of `encode`; raises VaultError for anything else."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise VaultError("an entry of the vault is not ours to read", code="vault_damaged")
    return MappingProxyType({str(key): str(item) for key, item in value.items()})


def machine_mark() -> str:
    """Return what tells this machine from another, '' where the system says nothing."""
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        except OSError:
            return ""
    for name in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            return Path(name).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
    return ""

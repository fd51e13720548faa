"""A vault for machines without a keychain: one file, opened by a passphrase (scrypt, AES-256-GCM)."""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Mapping
from pathlib import Path

from cmdesk.errors import Invalid, SecretMissing, VaultError, VaultLocked
from cmdesk.files import private_folder, replace_private
from cmdesk.vault.base import Vault, VaultStatus, checked_ref, decode, encode
from cmdesk.vault.envelope import KEY_BYTES, seal, unseal

# 64 MB and about a fifth of a second for each guess.
SCRYPT_N = 2**16
SCRYPT_R = 8
SCRYPT_P = 1
# A planted header may neither weaken the derivation nor exhaust the memory.
SCRYPT_N_RANGE = (2**16, 2**20)
_FORMAT = "cmdesk-vault-1"


def vault_file(profile: Path) -> Path:
    """Return where the passphrase vault of `profile` is, whether it exists or not."""
    return profile / "vault" / "passphrase.vault"


class PassphraseVault(Vault):
    """All entries in one encrypted file (0600), rewritten whole at every change; the passphrase is not kept."""

    def __init__(self, profile: Path, *, install_id: str, passphrase: str) -> None:
        super().__init__(profile, install_id=install_id, kind="passphrase")
        if not passphrase:
            raise Invalid("an empty passphrase protects nothing", code="passphrase_empty", detail="passphrase")
        self._file = vault_file(profile)
        self._lock = threading.Lock()
        if self._file.exists():
            self._header, sealed = _split(self._file)
            self._key = _derive(passphrase, self._header)
            self._open(sealed)
        else:
            self._header = {
                "format": _FORMAT,
                "kdf": "scrypt",
                "n": SCRYPT_N,
                "r": SCRYPT_R,
                "p": SCRYPT_P,
                "salt": base64.b64encode(secrets.token_bytes(16)).decode(),
            }
            self._key = _derive(passphrase, self._header)
            private_folder(self._file.parent)
            self._write({})

    def store(self, account_ref: str, secret: Mapping[str, str]) -> None:
        with self._lock:
            entries = self._read()
            entries[self._name(account_ref)] = encode(secret)
            self._write(entries)

    def load(self, account_ref: str) -> Mapping[str, str]:
        with self._lock:
            entry = self._read().get(self._name(account_ref))
        if entry is None:
            raise SecretMissing("nothing is kept for this account", detail=account_ref)
        return decode(entry)

    def forget(self, account_ref: str) -> None:
        with self._lock:
            entries = self._read()
            if entries.pop(self._name(account_ref), None) is not None:
                self._write(entries)

    def probe(self) -> VaultStatus:
        canary = {"canary": secrets.token_hex(8)}
        try:
            self.store(".canary", canary)
            same = dict(self.load(".canary")) == canary
            self.forget(".canary")
        except VaultError as error:
            return VaultStatus(kind=self.kind, ok=False, code=error.code, detail=error.detail)
        except OSError as error:
            return VaultStatus(kind=self.kind, ok=False, code="vault", detail=error.strerror or type(error).__name__)
        return VaultStatus(kind=self.kind, ok=same, code="" if same else "vault_damaged", detail="scrypt, AES-256-GCM")

    def _name(self, account_ref: str) -> str:
        return f"{self.install_id}/{checked_ref(account_ref)}"

    def _bound_to(self) -> str:
        # The header is authenticated too: its numbers cannot be changed under the same passphrase.
        return json.dumps(self._header, sort_keys=True)

    def _read(self) -> dict[str, str]:
        try:
            header, sealed = _split(self._file)
        except FileNotFoundError:
            raise VaultError("the vault file has gone", code="vault_damaged") from None
        if header != self._header:
            raise VaultLocked("the vault was replaced; open it again", code="passphrase_needed")
        return self._open(sealed)

    def _open(self, sealed: bytes) -> dict[str, str]:
        try:
            plain = unseal(self._key, sealed, bound_to=self._bound_to())
        except VaultError:
            raise VaultLocked("the passphrase does not open this vault", code="passphrase_wrong") from None
        return dict(decode(plain.decode("ascii")))

    def _write(self, entries: Mapping[str, str]) -> None:
        sealed = seal(self._key, encode(entries).encode("ascii"), bound_to=self._bound_to())
        replace_private(self._file, json.dumps(self._header).encode() + b"\n" + base64.b64encode(sealed) + b"\n")


def _split(path: Path) -> tuple[dict[str, object], bytes]:
    """Return header and sealed body; raises VaultError for a file that is not a vault."""
    head, _, body = path.read_bytes().partition(b"\n")
    try:
        header = json.loads(head)
        sealed = base64.b64decode(body.strip(), validate=True)
    except ValueError:
        header, sealed = None, b""
    if not isinstance(header, dict) or header.get("format") != _FORMAT or not sealed:
        raise VaultError("the vault file is damaged", code="vault_damaged", detail=path.name)
    return header, sealed


def _derive(passphrase: str, header: Mapping[str, object]) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    n, r, p, salt = (header.get(name) for name in ("n", "r", "p", "salt"))
    low, high = SCRYPT_N_RANGE
    sound = isinstance(n, int) and low <= n <= high and n.bit_count() == 1 and r == SCRYPT_R and p == SCRYPT_P
    try:
        salt_bytes = base64.b64decode(str(salt), validate=True)
    except ValueError:
        salt_bytes = b""
    if not sound or not isinstance(n, int) or len(salt_bytes) < 16:
        raise VaultError("the vault file's header is not acceptable", code="vault_damaged")
    kdf = Scrypt(salt=salt_bytes, length=KEY_BYTES, n=n, r=SCRYPT_R, p=SCRYPT_P)
    return kdf.derive(passphrase.encode("utf-8", "surrogatepass"))

"""Secrets that live as long as the program: for one session without a keychain, and for tests."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

from cmdesk.errors import SecretMissing
from cmdesk.vault.base import DEVICE_REF, Vault, VaultStatus, checked_ref, decode, encode


class MemoryVault(Vault):
    """Nothing is written anywhere; the device id stays the same for one folder on one machine."""

    def __init__(self, profile: Path, *, install_id: str, kind: str = "memory") -> None:
        super().__init__(profile, install_id=install_id, kind=kind)
        self._lock = threading.Lock()
        self._entries: dict[str, str] = {DEVICE_REF: encode({"seed": install_id})}

    def store(self, account_ref: str, secret: Mapping[str, str]) -> None:
        with self._lock:
            self._entries[checked_ref(account_ref)] = encode(secret)

    def load(self, account_ref: str) -> Mapping[str, str]:
        with self._lock:
            entry = self._entries.get(checked_ref(account_ref))
        if entry is None:
            raise SecretMissing("nothing is kept for this account", detail=account_ref)
        return decode(entry)

    def forget(self, account_ref: str) -> None:
        with self._lock:
            self._entries.pop(checked_ref(account_ref), None)

    def probe(self) -> VaultStatus:
        return VaultStatus(kind=self.kind, ok=True, detail="memory")

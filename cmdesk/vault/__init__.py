"""The place of secrets: the system keychain, else a vault behind a passphrase, else this session's memory.

Nothing in here writes a secret in clear. Every method may block (a keychain may
ask the person something): callers run them in an executor, never on the UI thread.
The database holds references (`account_ref`), never secrets.
"""

from __future__ import annotations

from pathlib import Path

from cmdesk.errors import VaultLocked
from cmdesk.vault.base import Vault, VaultStatus, place_of
from cmdesk.vault.memory import MemoryVault

__all__ = ["MemoryVault", "Vault", "VaultStatus", "has_passphrase_vault", "open_vault", "place_of"]


def has_passphrase_vault(profile: Path) -> bool:
    """Say whether this profile keeps its secrets behind a passphrase."""
    from cmdesk.vault.passphrase import vault_file

    return vault_file(profile).exists()


def open_vault(profile: Path, *, install_id: str, passphrase: str | None = None, session: bool = False) -> Vault:
    """Open the vault of `profile`; `install_id` keeps the entries of two installations apart.

    A passphrase opens (or makes) the passphrase vault and wins over the keychain, because somebody
    asked for it by name. `session` keeps secrets in memory until the program ends. Raises VaultLocked
    (code `passphrase_needed`, `passphrase_wrong`), VaultMissing (no acceptable keychain on this
    machine) or VaultError (a damaged vault file).
    """
    if passphrase:
        from cmdesk.vault.passphrase import PassphraseVault

        return PassphraseVault(profile, install_id=install_id, passphrase=passphrase)
    if session:
        return MemoryVault(profile, install_id=install_id, kind="session")
    if has_passphrase_vault(profile):
        raise VaultLocked("this profile's vault needs its passphrase", code="passphrase_needed")
    from cmdesk.vault.keychain import KeychainVault

    return KeychainVault(profile, install_id=install_id)

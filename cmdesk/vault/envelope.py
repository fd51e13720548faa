"""Authenticated encryption of what lies in files: AES-256-GCM, always bound to whose it is."""

from __future__ import annotations

import secrets

from cmdesk.errors import VaultError

KEY_BYTES = 32
NONCE_BYTES = 12


def new_key() -> bytes:
    """Return a random key."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, plain: bytes, *, bound_to: str) -> bytes:
    """Encrypt `plain`; only `unseal` with the same key and the same `bound_to` gives it back."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def unseal(key: bytes, sealed: bytes, *, bound_to: str) -> bytes:
    """Decrypt; raises VaultError (code `vault_damaged`) for another key, another owner or changed bytes."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError):
        raise VaultError("the encrypted part does not belong to this entry", code="vault_damaged") from None

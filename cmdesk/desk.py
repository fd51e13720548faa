"""The composition root: one profile, opened, with its store, vault, clock and networks.

A screen or the command line holds a `Desk` and nothing else: `run` a command,
`read` a query, ask `page` for what fits into a frame. Everything slow is built
when first used, so that a window can open before the network code is imported.
"""

from __future__ import annotations

import asyncio
import json
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from cmdesk import config
from cmdesk.clock import Clock, SystemClock
from cmdesk.errors import Conflict, Corrupt, VaultError
from cmdesk.store import settings
from cmdesk.store.changes import ChangeFeed, Topic
from cmdesk.store.db import Done, Reader, Store, Transaction
from cmdesk.store.lock import ProfileLock
from cmdesk.vault import Vault, open_vault, place_of

if TYPE_CHECKING:
    from cmdesk.networks.sandbox import SandboxServer
    from cmdesk.spelling.speller import Speller
    from cmdesk.sync.engine import Engine

P = ParamSpec("P")
R = TypeVar("R")

DATABASE = "desk.db"
META_INSTALL = "install_id"
META_DEVICE = "device"  # JSON: the place, and the device id by the kind of vault
META_OTHER_DEVICE = "other_device"  # since when (ms) this copy of the profile may not publish


class Desk:
    """An open profile; closed once, by `close` or `close_now`."""

    def __init__(
        self,
        profile: Path,
        *,
        clock: Clock | None = None,
        vault: Vault | None = None,
        passphrase: str | None = None,
    ) -> None:
        """Open the profile folder; raises Invalid, ProfileInUse, NewerSchema, Corrupt, ReadOnly, DiskFull.

        `passphrase` opens (or makes) the passphrase vault when the vault is first needed.
        """
        self.profile = config.prepare_profile(profile)
        self.clock: Clock = clock or SystemClock()
        self.instance = uuid.uuid4().hex
        self._lock = ProfileLock(self.profile)
        self._lock.acquire()
        try:
            config.clear_temporary(self.profile)
            self.store = Store(self.profile / DATABASE, clock=self.clock)
        except BaseException:
            self._lock.release()
            raise
        self._vault = vault
        self._vault_lock = threading.RLock()
        self._passphrase = passphrase
        self._session_only = False
        self._engine: Engine | None = None
        self._sandbox: SandboxServer | None = None
        self._closed = False
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="desk-read")

    @property
    def changes(self) -> ChangeFeed:
        """Where every committed write is announced."""
        return self.store.feed

    @property
    def media_folder(self) -> Path:
        """Where clean pictures are kept."""
        return self.profile / "media"

    @cached_property
    def speller(self) -> Speller:
        """The dictionaries; each loads when a text of its language is first checked."""
        from cmdesk.spelling.speller import Speller

        return Speller(cache=self.profile / "cache" / "spelling", own=self.profile / "dictionaries")

    # Deciding and reading

    async def run(
        self, command: Callable[Concatenate[Transaction, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> Done[R]:
        """Run a person's decision in one transaction and return its value, changes and undo."""
        return await asyncio.wrap_future(self.store.write(command, *args, **kwargs))

    def run_now(self, command: Callable[Concatenate[Transaction, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a decision and wait: for the command line and tests, never on a thread that paints."""
        return self.store.write(command, *args, **kwargs).result().value

    async def read(self, query: Callable[Concatenate[Reader, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query that may take longer than a frame (search, reports) on a thread of its own.

        Everything it reads is of one moment, whatever is written meanwhile (RELIABILITY 3.15).
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: self.store.snapshot(query, *args, **kwargs))

    def page(self, query: Callable[Concatenate[Reader, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a short query (a page, a badge) on the calling thread."""
        return self.store.read(query, *args, **kwargs)

    async def work(self, task: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run something that blocks (the vault, connecting an account, a backup) on a thread of its own."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: task(*args, **kwargs))

    def setting(self, key: str, brand_id: int = 0) -> config.Value:
        """Return a setting's value, its default when nothing is stored (see cmdesk.config)."""
        return config.value_or_default(key, self.page(settings.get, key, brand_id))

    def back_up_if_due(self) -> Path | None:
        """Copy the database, verified, when the last copy is older than the setting says; blocks. None: not due.

        Once a week the whole database is checked. Raises Corrupt: what is damaged is only read from then on
        (RELIABILITY 3.14), so that nothing is sent by it.
        """
        from cmdesk.store.backup import automatic, check, check_due

        try:
            if check_due(self.store):
                check(self.store)
            return automatic(
                self.store,
                every=timedelta(hours=float(self.setting("backup_hours"))),
                keep=int(self.setting("backups_kept")),
            )
        except Corrupt as damage:
            self.store.stop_writing(damage)
            raise

    # Secrets

    @property
    def install_id(self) -> str:
        """Name this profile among the entries of a keychain; made once, kept in the database."""
        known = self.page(settings.meta, META_INSTALL)
        return known or self.run_now(_make_install_id)

    @property
    def vault(self) -> Vault:
        """Return the place of secrets, opened at the first use (may block: not on a thread that paints).

        Raises VaultMissing, VaultLocked (`passphrase_needed`, `passphrase_wrong`) or VaultError.
        """
        with self._vault_lock:
            if self._vault is None:
                self._vault = self._sample_vault() if self.setting("demo") else self._open_vault()
                self._note_device(self._vault)
            return self._vault

    def unlock(self, passphrase: str) -> None:
        """Open the passphrase vault, or make it; raises VaultLocked for a wrong passphrase."""
        with self._vault_lock:
            opened = open_vault(self.profile, install_id=self.install_id, passphrase=passphrase)
            self._passphrase, self._vault = passphrase, opened
        self._note_device(opened)

    def forget_vault(self) -> None:
        """Close the vault; the next use opens the one that is right then."""
        with self._vault_lock:
            self._vault = None

    def keep_for_session(self) -> None:
        """Keep secrets in memory until the program ends: the person chose it because there is no keychain."""
        with self._vault_lock:
            self._session_only, self._vault = True, None

    def _sample_vault(self) -> Vault:
        from cmdesk.sample import SampleVault

        return SampleVault(self, real=self._open_vault)

    def _open_vault(self) -> Vault:
        return open_vault(
            self.profile, install_id=self.install_id, passphrase=self._passphrase, session=self._session_only
        )

    # One publisher

    @property
    def may_publish(self) -> bool:
        """Say whether this copy of the profile is the one that publishes (RELIABILITY "One writer")."""
        return not self.page(settings.meta, META_OTHER_DEVICE)

    def check_publisher(self) -> None:
        """Open the vault and compare this machine with the one that publishes; blocks.

        Raises Conflict (code `other_device`) in a profile that was copied here, and the vault's errors.
        """
        vault = self.vault  # opening it compares
        if not self.may_publish:
            raise Conflict("this profile was copied from another computer", code=META_OTHER_DEVICE, detail=vault.kind)

    def take_over(self) -> None:
        """Make this copy the one that publishes, because a person said so; blocks."""
        vault = self.vault
        self.run_now(_publish_here, vault.kind, vault.device_id(), place_of(self.profile))

    def _note_device(self, vault: Vault) -> None:
        """Find out whether the profile was copied here from another machine or folder."""
        try:
            device = vault.device_id()
        except VaultError:
            return  # nothing can be published through a closed vault either
        self.run_now(_compare_device, vault.kind, device, place_of(self.profile))

    # Networks

    @property
    def engine(self) -> Engine:
        """Return the sync engine, built at the first use; it needs a running event loop only when started."""
        if self._engine is None:
            from cmdesk.log import register_secret
            from cmdesk.networks.http import on_secret
            from cmdesk.sync.engine import Engine

            on_secret(register_secret)
            self._engine = Engine(self)
        return self._engine

    def start_sandbox(self) -> SandboxServer:
        """Return the sample network of this profile, started at the first use; its world and port are kept."""
        with self._vault_lock:
            if self._sandbox is None:
                from cmdesk.sample import open_sandbox

                self._sandbox = open_sandbox(self)
            return self._sandbox

    async def close(self) -> None:
        """Stop what runs (within seconds), finish waiting writes and close everything."""
        if self._engine is not None and not self._closed:
            await self._engine.stop()
        await asyncio.get_running_loop().run_in_executor(None, self.close_now)

    def close_now(self) -> None:
        """Close the profile without an event loop; an engine that was started must be stopped before."""
        if self._closed:
            return
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._sandbox is not None:
            self._sandbox.stop()
        self.store.close()
        self._lock.release()


def _make_install_id(tx: Transaction) -> str:
    known = settings.meta(tx.conn, META_INSTALL)
    if not known:
        known = uuid.uuid4().hex[:16]
        settings.put_meta(tx, META_INSTALL, known)
    return known


def _compare_device(tx: Transaction, kind: str, device: str, place: str) -> None:
    known = _known_devices(tx)
    same = known.get("place", place) == place and known.get(kind, device) == device
    if same:
        # Another kind of vault in the same place is the same person's choice, not another computer.
        settings.put_meta(tx, META_DEVICE, json.dumps({**known, "place": place, kind: device}))
        settings.remove_meta(tx, META_OTHER_DEVICE)
    elif not settings.meta(tx.conn, META_OTHER_DEVICE):
        settings.put_meta(tx, META_OTHER_DEVICE, str(tx.now_ms))
        tx.touch(Topic.SETTING, 0)
        tx.touch(Topic.DELIVERY, 0)


def _publish_here(tx: Transaction, kind: str, device: str, place: str) -> None:
    settings.put_meta(tx, META_DEVICE, json.dumps({"place": place, kind: device}))
    settings.remove_meta(tx, META_OTHER_DEVICE)
    tx.touch(Topic.SETTING, 0)
    tx.touch(Topic.DELIVERY, 0)


def _known_devices(tx: Transaction) -> dict[str, str]:
    try:
        known = json.loads(settings.meta(tx.conn, META_DEVICE) or "{}")
    except ValueError:
        return {}
    return known if isinstance(known, dict) else {}

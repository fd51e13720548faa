"""The composition root: one profile, its vault, its one publisher, and a clean end."""

from __future__ import annotations

import os
import shutil
import stat
import threading
from concurrent.futures import Future
from pathlib import Path

import pytest

from cmdesk.clock import FixedClock
from cmdesk.commands import settings
from cmdesk.desk import Desk
from cmdesk.errors import Conflict, Corrupt, Invalid, ProfileInUse, VaultLocked, VaultMissing
from cmdesk.store import backup, brands
from cmdesk.store.db import Reader
from cmdesk.vault import MemoryVault


def test_a_profile_has_one_install_id_for_ever(profile: Path) -> None:
    desk = Desk(profile)
    first = desk.install_id
    desk.close_now()
    again = Desk(profile)
    assert again.install_id == first
    again.close_now()


def test_a_second_copy_is_refused_and_the_first_goes_on(profile: Path) -> None:
    desk = Desk(profile)
    with pytest.raises(ProfileInUse):
        Desk(profile)
    assert desk.install_id
    desk.close_now()
    Desk(profile).close_now()


def test_closing_twice_is_harmless_and_leaves_no_thread(profile: Path) -> None:
    before = set(threading.enumerate())  # those of tests before may end meanwhile
    desk = Desk(profile)
    desk.close_now()
    desk.close_now()
    assert set(threading.enumerate()) <= before


async def test_closing_inside_a_loop(profile: Path) -> None:
    desk = Desk(profile, vault=MemoryVault(profile, install_id="i"))
    desk.engine.start()
    await desk.close()
    Desk(profile).close_now()


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX systems")
def test_everything_of_a_profile_is_private(profile: Path) -> None:
    desk = Desk(profile, passphrase="open sesame")
    desk.vault.store("a", {"token": "t"})
    desk.run_now(settings.set_value, key="density", value="compact")
    for path in [profile, *profile.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    desk.close_now()


def test_no_keychain_is_said_and_a_passphrase_or_session_helps(profile: Path) -> None:
    desk = Desk(profile)
    with pytest.raises(VaultMissing):
        _ = desk.vault
    desk.keep_for_session()
    desk.vault.store("a", {"token": "t"})
    assert desk.vault.kind == "session"
    desk.unlock("open sesame")
    assert desk.vault.kind == "passphrase"
    desk.close_now()
    again = Desk(profile)
    with pytest.raises(VaultLocked) as needed:
        _ = again.vault
    assert needed.value.code == "passphrase_needed"
    with pytest.raises(VaultLocked):
        again.unlock("wrong")
    again.unlock("open sesame")
    again.close_now()


def test_a_copied_profile_publishes_nothing_until_somebody_says_so(profile: Path, tmp_path: Path) -> None:
    desk = Desk(profile, passphrase="open sesame")
    desk.check_publisher()
    desk.close_now()
    copy = tmp_path / "copy"
    shutil.copytree(profile, copy)
    copied = Desk(copy, passphrase="open sesame")
    with pytest.raises(Conflict) as refused:
        copied.check_publisher()
    assert refused.value.code == "other_device"
    assert not copied.may_publish
    copied.take_over()
    copied.check_publisher()
    copied.close_now()
    original = Desk(profile, passphrase="open sesame")
    original.check_publisher()
    original.close_now()


def test_settings_have_their_types(profile: Path) -> None:
    desk = Desk(profile)
    assert desk.setting("undo_seconds") == 10
    with pytest.raises(Invalid):
        desk.setting("none")
    desk.close_now()


async def test_blocking_work_runs_beside_the_loop(profile: Path) -> None:
    desk = Desk(profile)
    assert await desk.work(threading.current_thread) is not threading.current_thread()
    await desk.close()


def test_another_kind_of_vault_in_the_same_place_is_no_other_computer(profile: Path) -> None:
    desk = Desk(profile)
    desk.keep_for_session()
    desk.check_publisher()
    desk.unlock("open sesame")
    desk.check_publisher()
    desk.run_now(settings.set_value, key="demo", value=True)
    desk.forget_vault()
    desk.check_publisher()
    desk.run_now(settings.reset, key="demo")
    desk.forget_vault()
    desk.check_publisher()
    desk.close_now()


def test_a_copy_opened_with_another_kind_of_vault_is_seen(profile: Path, tmp_path: Path) -> None:
    desk = Desk(profile)
    desk.keep_for_session()
    desk.check_publisher()
    desk.close_now()
    shutil.copytree(profile, tmp_path / "copy")
    copied = Desk(tmp_path / "copy", passphrase="open sesame")
    with pytest.raises(Conflict):
        copied.check_publisher()
    copied.close_now()


async def test_a_long_query_sees_one_moment(profile: Path) -> None:
    """RELIABILITY 3.15: a report never mixes what was there before and after a write."""
    desk = Desk(profile)

    def twice(reader: Reader) -> tuple[int, int]:
        before = len(brands.list_brands(reader))
        done: Future[object] = desk.store.write(  # type: ignore[assignment]
            brands.add_brand, name="Meanwhile", zone="UTC", language="en", color="#000000"
        )
        done.result(5)
        return before, len(brands.list_brands(reader))

    assert await desk.read(twice) == (0, 0)
    assert len(desk.page(brands.list_brands)) == 1
    desk.close_now()


@pytest.mark.parametrize("found_by", ["check", "automatic"])
def test_what_is_damaged_is_read_and_never_written_again(
    profile: Path, monkeypatch: pytest.MonkeyPatch, found_by: str
) -> None:
    """RELIABILITY 3.14: nothing is sent by a database that is not sound; a restore opens it anew."""

    def damaged(*_args: object, **_more: object) -> None:
        raise Corrupt("row 7 missing from index", detail="row 7")

    desk = Desk(profile)
    desk.run_now(brands.add_brand, name="Sol", zone="UTC", language="en", color="#000000")
    monkeypatch.setattr(backup, found_by, damaged)
    with pytest.raises(Corrupt):
        desk.back_up_if_due()
    assert [brand.name for brand in desk.page(brands.list_brands)] == ["Sol"]
    with pytest.raises(Corrupt):
        desk.run_now(brands.add_brand, name="Luna", zone="UTC", language="en", color="#000000")
    desk.close_now()
    again = Desk(profile)
    again.run_now(brands.add_brand, name="Luna", zone="UTC", language="en", color="#000000")
    again.close_now()


def test_the_whole_database_is_checked_once_a_week(profile: Path, clock: FixedClock) -> None:
    desk = Desk(profile, clock=clock)
    assert backup.check_due(desk.store)
    desk.back_up_if_due()
    assert not backup.check_due(desk.store)
    clock.advance(8 * 86_400)
    assert backup.check_due(desk.store)
    desk.close_now()

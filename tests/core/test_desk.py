"""The composition root: one profile, its vault, its one publisher, and a clean end."""

from __future__ import annotations

import os
import shutil
import stat
import threading
from pathlib import Path

import pytest

from cmdesk.commands import settings
from cmdesk.desk import Desk
from cmdesk.errors import Conflict, Invalid, ProfileInUse, VaultLocked, VaultMissing
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
    before = threading.active_count()
    desk = Desk(profile)
    desk.close_now()
    desk.close_now()
    assert threading.active_count() == before


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

"""Settings as data, and the folder of a profile."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from cmdesk import config
from cmdesk.errors import Invalid, ReadOnly


@pytest.mark.parametrize("key", list(config.SETTINGS))
def test_every_default_is_a_value_of_its_setting(key: str) -> None:
    row = config.SETTINGS[key]
    assert row.key == key
    assert row.description
    assert config.parse(key, config.to_text(key, row.default)) == row.default
    assert config.value_or_default(key, None) == row.default
    assert config.value_or_default(key, "\0nonsense") == row.default


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("zoom", "9"), ("zoom", "nan"), ("zoom", "inf"), ("zoom", ""), ("undo_seconds", "-1"), ("undo_seconds", "1.5"),
        ("undo_seconds", "9" * 5000), ("language", "xx"), ("remote_images", "maybe"), ("window", "[]"),
        ("window", "[" * 90_000),
        ("sync_seconds", "5"), ("release_gap_seconds", "10"), ("no_such", "1"),
    ],
)  # fmt: skip
def test_values_outside_are_refused(key: str, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        config.parse(key, text)
    assert refused.value.detail == key


def test_values_are_read() -> None:
    assert config.parse("zoom", "1.25") == 1.25
    assert config.parse("undo_seconds", " 0 ") == 0
    assert config.parse("publishing_paused", "Yes") is True
    assert config.to_text("publishing_paused", True) == "1"


def test_the_environment_names_profile_and_passphrase(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(config.ENV_PROFILE, str(tmp_path / "here"))
    monkeypatch.setenv(config.ENV_PASSPHRASE, "open sesame")
    assert config.default_profile() == tmp_path / "here"
    assert config.take_passphrase() == "open sesame"
    assert config.ENV_PASSPHRASE not in os.environ
    assert config.take_passphrase() is None
    monkeypatch.delenv(config.ENV_PROFILE)
    assert config.default_profile().name == "cmdesk"


posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX systems")


@posix
def test_a_profile_is_private(profile: Path) -> None:
    assert config.prepare_profile(profile) == profile
    for folder in (profile, *(profile / name for name in config.SUBFOLDERS)):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (profile / "new").write_text("x")
    assert stat.S_IMODE((profile / "new").stat().st_mode) == 0o600


@posix
def test_an_open_profile_of_ours_is_closed(profile: Path) -> None:
    profile.mkdir()
    profile.chmod(0o755)
    (profile / "out.json").write_text("{}")
    config.prepare_profile(profile)
    assert stat.S_IMODE(profile.stat().st_mode) == 0o700


def test_temporary_files_of_the_last_run_are_removed(profile: Path) -> None:
    config.prepare_profile(profile)
    (profile / "tmp" / "half").write_text("x")
    (profile / "tmp" / "restore-1" / "media").mkdir(parents=True)
    (profile / "tmp" / "restore-1" / "desk.db").write_text("a whole database")
    (profile / "kept").mkdir()
    (profile / "tmp" / "link").symlink_to(profile / "kept")
    config.clear_temporary(profile)
    assert (profile / "kept").is_dir()
    assert not list((profile / "tmp").iterdir())


@posix
def test_a_link_is_refused(profile: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    profile.symlink_to(tmp_path / "real")
    with pytest.raises(Invalid) as refused:
        config.prepare_profile(profile)
    assert refused.value.code == "profile_link"


@posix
def test_a_planted_link_inside_is_refused(profile: Path, tmp_path: Path) -> None:
    profile.mkdir()
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (profile / "vault").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Invalid):
        config.prepare_profile(profile)
    assert not list((tmp_path / "elsewhere").iterdir())


@posix
def test_a_folder_of_somebody_else_is_refused(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profile.mkdir()
    monkeypatch.setattr(os, "getuid", lambda: profile.stat().st_uid + 1)
    with pytest.raises(Invalid) as refused:
        config.prepare_profile(profile)
    assert refused.value.code == "profile_foreign"


@posix
def test_places_of_others_are_left_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home" / "ana"
    home.mkdir(parents=True, mode=0o755)
    monkeypatch.setenv("HOME", str(home))
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    (shared / "x").write_text("")
    for place in (home, home.parent, shared):
        before = place.stat().st_mode
        with pytest.raises(Invalid) as refused:
            config.prepare_profile(place)
        assert refused.value.code == "profile_shared"
        assert place.stat().st_mode == before


def test_a_file_in_the_way_is_said(profile: Path) -> None:
    profile.write_text("x")
    with pytest.raises(Invalid) as refused:
        config.prepare_profile(profile)
    assert refused.value.code == "profile_no_folder"
    with pytest.raises((Invalid, ReadOnly)):
        config.prepare_profile(profile / "below")


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        (("Dropbox", "cmdesk"), "Dropbox"), (("OneDrive - Acme", "x"), "OneDrive - Acme"),
        (("Nextcloud", "a", "b"), "Nextcloud"),
        (("Library", "Mobile Documents", "x"), "Mobile Documents"), (("docs", "x"), ""), (("syncopated", "x"), ""),
    ],
)  # fmt: skip
def test_sync_folders_are_seen(tmp_path: Path, parts: tuple[str, ...], named: str) -> None:
    assert config.sync_program(tmp_path.joinpath(*parts)) == named


def test_a_marked_sync_folder_is_seen(tmp_path: Path) -> None:
    (tmp_path / ".stfolder").mkdir()
    assert config.sync_program(tmp_path / "a" / "b") == "stfolder"

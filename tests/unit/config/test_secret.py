"""The secret in the home folder."""

from __future__ import annotations

import fcntl
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tocsin.config import Settings, load_settings, secret_of
from tocsin.errors import SettingsError


def settings_at(home: Path) -> Settings:
    return load_settings({"TOCSIN_HOME": str(home)})


def test_the_secret_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    settings = settings_at(tmp_path / "var")

    secret = secret_of(settings)

    assert len(secret) == 64
    assert secret_of(settings) == secret
    assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600


def test_two_homes_have_two_secrets(tmp_path: Path) -> None:
    assert secret_of(settings_at(tmp_path / "a")) != secret_of(settings_at(tmp_path / "b"))


def test_all_who_start_together_get_the_same_secret(tmp_path: Path) -> None:
    settings = settings_at(tmp_path)

    with ThreadPoolExecutor(16) as pool:
        secrets = set(pool.map(lambda _: secret_of(settings), range(64)))

    assert len(secrets) == 1


def test_who_comes_while_the_secret_is_being_made_waits_for_it(tmp_path: Path) -> None:
    with (tmp_path / "secret").open("wb") as file, ThreadPoolExecutor(1) as pool:
        (tmp_path / "secret").chmod(0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        second = pool.submit(secret_of, settings_at(tmp_path))
        with pytest.raises(TimeoutError):
            second.result(timeout=0.2)
        file.write(b"s" * 64)
        file.flush()
        fcntl.flock(file, fcntl.LOCK_UN)

        assert second.result(timeout=30) == b"s" * 64


def test_a_file_left_empty_by_a_crash_is_filled(tmp_path: Path) -> None:
    (tmp_path / "secret").touch(mode=0o600)

    assert len(secret_of(settings_at(tmp_path))) == 64


def test_the_secret_of_the_environment_wins_and_leaves_no_file(tmp_path: Path) -> None:
    settings = load_settings({"TOCSIN_HOME": str(tmp_path), "TOCSIN_SECRET": "s" * 32})

    assert secret_of(settings) == b"s" * 32
    assert list(tmp_path.iterdir()) == []


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("s" * 64)
    path.chmod(0o644)

    with pytest.raises(SettingsError) as raised:
        secret_of(settings_at(tmp_path))

    assert str(raised.value) == f"{path}: can be read by others; run `chmod 600 {path}`"


def test_a_damaged_secret_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.touch(mode=0o600)
    path.write_text("short")

    with pytest.raises(SettingsError, match="shorter than 32 characters; delete the file"):
        secret_of(settings_at(tmp_path))


def test_a_home_that_cannot_be_made_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SettingsError, match="cannot be made or read"):
        secret_of(settings_at(tmp_path / "file" / "var"))

"""The secret that signs queue payloads and links: made once, kept in the home folder, the same for all processes.

Only `secret_of` belongs here; what is signed with it does not.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from pathlib import Path

from tocsin.config.settings import MIN_SECRET, Settings
from tocsin.errors import SettingsError

_MAX_SECRET = 4_096


def secret_of(settings: Settings) -> bytes:
    """Give the secret of the settings or, where they have none, that of ``home/secret``, made on first use (mode 0600).

    Processes that start together get the same one. Raises `SettingsError` where the file cannot be made, is damaged, or
    can be read by others.
    """
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    path = settings.home / "secret"
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _read_or_make(path)
    except OSError as error:
        message = f"{path}: cannot be made or read ({error.strerror}); make the folder writable, or set TOCSIN_SECRET"
        raise SettingsError(message) from error


def _read_or_make(path: Path) -> bytes:
    """Read the file or fill it, under a lock: whoever comes second finds it filled."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _refuse_open_to_others(path, descriptor)
        secret = os.read(descriptor, _MAX_SECRET).strip() or _fill(descriptor)
    finally:
        os.close(descriptor)
    if len(secret) < MIN_SECRET:
        raise SettingsError(f"{path}: shorter than {MIN_SECRET} characters; delete the file, a new one is made")
    return secret


def _refuse_open_to_others(path: Path, descriptor: int) -> None:
    if stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:
        raise SettingsError(f"{path}: can be read by others; run `chmod 600 {path}`")


def _fill(descriptor: int) -> bytes:
    secret = secrets.token_hex(32).encode()
    os.write(descriptor, secret + b"\n")
    os.fsync(descriptor)
    return secret

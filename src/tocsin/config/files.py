"""Reading the files of a watchlist: bounded, regular files only, and their text."""

from __future__ import annotations

import stat
from pathlib import Path


class FileFault(ValueError):  # noqa: N818 - a finding about one file, told as a fault
    """A file that cannot be read; the message says why, and what to do. ``is_missing`` tells that there is none."""

    def __init__(self, message: str, *, is_missing: bool = False) -> None:
        super().__init__(message)
        self.is_missing = is_missing


def bounded_bytes(path: Path, most: int) -> bytes | None:
    """Read the file, never more than ``most`` bytes, and nothing that is not a regular file: a pipe would wait forever.

    None for a file that holds more.

    Raises:
        FileFault: It is missing, no file, or must not be read.

    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise FileFault("this is no regular file; write the name of one")
        with path.open("rb") as file:
            content = file.read(most + 1)
    except FileNotFoundError as error:
        raise FileFault("no such file", is_missing=True) from error
    except (OSError, ValueError) as error:
        if isinstance(error, FileFault):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise FileFault(f"cannot be read ({reason}); check its name and permissions") from error
    return content if len(content) <= most else None

"""Every exception Tocsin raises on purpose; one root, the thing that failed as attributes.

The message is for the person who reads it: it names the thing, the place and the remedy. The cause goes along as
``__cause__``.
Failures that are expected in the run of things (a feed that does not answer) are values in `tocsin.models`, not
exceptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class TocsinError(Exception):
    """The root of all of Tocsin's exceptions."""

    exit_code = 1


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault in a file, at a line and column counted from 1; line 0 is the file as a whole.

    ``excerpt`` is the line it stands in and a line with a mark under it, where that helps; it is shown on terminals.
    """

    path: str
    line: int
    column: int
    message: str
    excerpt: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        return f"{place}: {self.message}"


class WatchlistError(TocsinError):
    """A watchlist that cannot be used; ``faults`` has all of them, in the order of the file.

    ``files`` are the other files that it names: a change of one of them may mend it.
    """

    exit_code = 2

    def __init__(self, faults: tuple[Fault, ...], files: tuple[Path, ...] = ()) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
        self.files = files


class EditError(TocsinError):
    """The watchlist's file cannot be changed by a command; the message says why and what to do by hand."""

    exit_code = 2


class SettingsError(TocsinError):
    """An environment variable, or a file it names, that cannot be used."""

    exit_code = 2


class StoreError(TocsinError):
    """The database cannot be reached, written, or is not at the version this program needs."""

    exit_code = 3


class LeaseLostError(StoreError):
    """A lease ran out before the work was recorded; somebody else may hold it now, so nothing was recorded."""


class QueueError(TocsinError):
    """Redis cannot be reached or was lost."""

    exit_code = 4


class MailSetupError(TocsinError):
    """The mail server's address, or the mail folder, cannot be used."""

    exit_code = 5


class PortTakenError(TocsinError):
    """The web address is used by another program."""

    exit_code = 6

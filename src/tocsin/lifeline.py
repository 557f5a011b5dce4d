"""A program that becomes another one which ends when its parent does, also when the parent is killed.

Run as a file by `tocsin.supervision`, with the parent's process id and a command. It knows nothing of Tocsin and
imports nothing of it, since it runs before each process. Between fork and exec of a parent with threads there would be
no safe place for this. Only Linux knows how; elsewhere the command just runs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1
_CANNOT_RUN = 2


def main(arguments: Sequence[str]) -> int:
    """Become the command, given after the parent's process id; returns only where that is impossible."""
    parent, *command = arguments
    _end_with_parent()
    if os.getppid() != int(parent):
        return 0  # it died before the kernel was asked
    try:
        os.execvp(command[0], command)  # noqa: S606 -- no shell, and the supervisor's own commands
    except OSError as error:
        sys.stderr.write(f"tocsin: cannot start {command[0]} ({error.strerror}); install Tocsin anew\n")
        return _CANNOT_RUN


def _end_with_parent() -> None:
    """Ask the kernel for SIGTERM when the thread that started us ends (prctl(2)); an exec does not change that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGTERM))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

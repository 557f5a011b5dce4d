"""The command line as its user sees it: arguments and variables in, exit code and two streams out."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from command_line import CommandLine

OURS = ("TOCSIN_", "DATABASE_URL", "REDIS_URL", "SMTP_URL")


@pytest.fixture
def tocsin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[CommandLine]:
    """Run commands in an empty folder whose settings are all the defaults."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    for name in os.environ:
        if name.startswith(OURS):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    yield CommandLine(tmp_path, monkeypatch, capfd)
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()

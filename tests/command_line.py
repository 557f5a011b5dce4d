"""Running `tocsin` in this process, by its own entry point: quick, and with real exit codes and streams."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tocsin.cli import main


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Runs commands in a folder."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    streams: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, **variables: str) -> Ran:
        self.streams.readouterr()
        with self.monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["tocsin", *arguments])
            for name, value in variables.items():
                patch.setenv(name, value)
            code = _exit_code()
        told = self.streams.readouterr()
        return Ran(code, told.out, told.err)

    def write(self, text: str, name: str = "watchlist.yaml") -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


def _exit_code() -> int:
    with pytest.raises(SystemExit) as ended:
        main()
    code = ended.value.code
    assert isinstance(code, int)
    return code

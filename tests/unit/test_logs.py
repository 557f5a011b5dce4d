from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from tocsin.logs import configure_logging

PASSWORD = "correct horse battery staple"  # noqa: S105 -- of nobody
FORGED = "Talks end\n2026-03-10T12:00:00Z [error    ] all is lost \x1b[31m\x9b0m\u2028\u202e\x00"


@pytest.fixture(autouse=True)
def _logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def configured(style: Literal["console", "json"], level: str = "INFO") -> structlog.stdlib.BoundLogger:
    configure_logging(style, level)
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("tocsin.test")
    return logger


def unprintable(text: str) -> set[str]:
    return {letter for letter in text if not letter.isprintable()} - {"\n"}


@pytest.mark.parametrize("style", ["console", "json"])
def test_a_headline_cannot_forge_a_line_or_change_the_terminal(
    style: Literal["console", "json"], capsys: pytest.CaptureFixture[str]
) -> None:
    log = configured(style)
    log.info("article stored", title=FORGED, word="\x1b[31m", several=[FORGED])
    log.info(FORGED)
    logging.getLogger("library").warning("no such host: %s", FORGED)
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 3
    assert unprintable(told) == set()


def test_json_has_one_object_a_line_with_the_value_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    log = configured("json")
    log.info("article stored", title=FORGED, other="دير الزور")
    logging.getLogger("library").warning("lost %d", 3)
    ours, foreign = capsys.readouterr().err.splitlines()
    assert "دير الزور" in ours
    told = [json.loads(line) for line in (ours, foreign)]
    for one in told:
        assert one.pop("timestamp").endswith("Z")
    assert told == [
        {
            "event": "article stored",
            "title": FORGED,
            "other": "دير الزور",
            "level": "info",
            "logger": "tocsin.test",
        },
        {"event": "lost 3", "level": "warning", "logger": "library"},
    ]


def fail(password: str) -> None:
    length = len(password)
    raise ValueError(f"{FORGED} {length}")


@pytest.mark.parametrize("style", ["console", "json"])
@pytest.mark.parametrize("foreign", [False, True])
def test_a_traceback_names_the_place_and_shows_no_secrets(
    style: Literal["console", "json"], foreign: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    log = configured(style)
    try:
        fail(PASSWORD)
    except ValueError:
        (logging.getLogger("library") if foreign else log).error("job failed", exc_info=True)
    told = capsys.readouterr().err
    assert "test_logs.py" in told
    assert "in fail" in told or '"name": "fail"' in told
    assert "staple" not in told
    assert "locals" not in told
    assert unprintable(told) == set()


def test_no_line_of_a_traceback_looks_like_a_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    log = configured("console")
    try:
        fail("")
    except ValueError:
        log.exception("job failed")
    first, *rest = capsys.readouterr().err.splitlines()
    assert "job failed" in first
    assert [line for line in rest if not line.startswith("  ")] == []


def test_less_than_the_level_is_not_written_and_chatty_libraries_only_from_warnings_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = configured("json", "INFO")
    log.debug("started")
    logging.getLogger("apscheduler.executors").info("job ran")
    logging.getLogger("apscheduler.executors").warning("job missed")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["job missed"]

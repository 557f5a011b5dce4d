"""Logs: one event a line on standard error, as words for a terminal or as JSON for a program.

All libraries' records go the same way. Everything is escaped, so that a headline with a line break cannot forge a line
nor change a terminal. Tracebacks show no local variables: passwords and the secret may be among them.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import Literal

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

# JSON leaves these as they are: C1 controls, bidi overrides, and separators that many readers take for a line's end.
_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")


def configure_logging(style: Literal["console", "json"], level: str) -> None:
    """Set up logging for this process; called once, where the process starts."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_last(style)))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("apscheduler", "alembic", "rq.worker", "uvicorn.access"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _last(style: Literal["console", "json"]) -> list[Processor]:
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if style == "json":
        tracebacks = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
        return [strip, tracebacks, structlog.processors.JSONRenderer(ensure_ascii=False), _printable_json]
    console = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(),
        repr_native_str=True,  # else a value without a blank is printed as it is, whatever stands in it
        exception_formatter=structlog.dev.plain_traceback,
    )
    return [strip, _printable_event, structlog.processors.format_exc_info, _printable_traceback, console]


def _printable_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Escape the event itself: libraries put into it what feeds and servers said."""
    event["event"] = _escaped(str(event["event"]))
    return event


def _printable_traceback(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Indent a traceback, so that none of its lines looks like one of the log's own, and escape the lines."""
    if "exception" in event:
        event["exception"] = "\n".join(f"  {_escaped(line)}" for line in event["exception"].split("\n"))
    return event


def _printable_json(_logger: WrappedLogger, _method: str, rendered: EventDict) -> str:
    """Escape what JSON itself lets pass; outside of its strings JSON has nothing of the kind.

    ``rendered`` is the text that the renderer made, whatever structlog calls it.
    """
    return _UNPRINTABLE.sub(lambda found: json.dumps(found[0])[1:-1], str(rendered))


def _escaped(text: str) -> str:
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)

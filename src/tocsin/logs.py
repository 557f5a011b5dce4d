"""Logs: one event a line on standard error, as words for a terminal or as JSON for a program.

All libraries' records go the same way. Values are escaped, so that a headline with a line break cannot forge a line.
"""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog
from structlog.typing import Processor


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
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_last(style)))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("apscheduler", "alembic", "aiohttp.access", "rq.worker", "uvicorn.access"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _last(style: Literal["console", "json"]) -> list[Processor]:
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if style == "json":
        return [strip, structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [strip, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]

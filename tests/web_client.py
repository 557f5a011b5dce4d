"""Ways to ask the web application: in this process without a socket, or over loopback by the server of production."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote

import redis
import uvicorn
from starlette.types import ASGIApp, Message

from records import NOW
from tocsin.errors import QueueError
from tocsin.rendering.locales import ENGLISH
from tocsin.rendering.templates import Templates
from tocsin.store.database import Database
from tocsin.throttle import Throttle
from tocsin_web.house import WebHouse
from tocsin_web.limits import SignupLimits
from web_samples import sample_watchlist

# Compiling the templates takes longer than most requests, and nothing in them changes.
_templates = Templates()
SECRET = b"a secret of tests, of thirty-two bytes or more"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; the names of its headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    text: str


def no_redis() -> redis.Redis:
    """Stand in for a Redis that is not there."""
    raise QueueError("Redis does not answer")


def house_on(database: Database, **changes: object) -> WebHouse:
    """Give a house with the sample watchlist in force at the samples' time; ``changes`` are fields of `WebHouse`."""
    fields: dict[str, object] = {
        "watchlist": sample_watchlist,
        "faults": tuple,
        "environment": _templates.environment(ENGLISH),
        "environments": _templates.environment,
        "base_url": "https://news.example.org",
        "now": lambda: NOW,
        "queue_probe": lambda: None,
        "queue_lengths": lambda: {"classify": 3, "deliver": 0},
        "secret": SECRET,
        # Counted in memory, anew for each house.
        "signup_limits": SignupLimits(Throttle(no_redis, "signup"), SECRET),
        "mail_domain": "news.example.org",
        "wake_mailer": lambda ids: None,  # noqa: ARG005 -- nobody to wake
        **changes,
    }
    return WebHouse(database=database, **fields)  # type: ignore[arg-type]  # fields are named by the test


def ask(
    app: ASGIApp,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    pieces: Sequence[bytes] = (b"",),
) -> Answer:
    """Send one request straight into the application, with a body that comes in pieces and then breaks off."""
    sent: list[Message] = []
    coming = iter(pieces)
    left = len(pieces)

    async def receive() -> Message:
        nonlocal left
        left -= 1
        if left < 0:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": next(coming), "more_body": left > 0}

    async def send(message: Message) -> None:
        sent.append(message)

    raw_path, _, query = path.partition("?")
    given = {"host": "testserver", **(headers or {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw_path),
        "raw_path": raw_path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in given.items()],
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 50000),
    }

    async def run() -> None:
        await app(scope, receive, send)

    asyncio.run(run())
    body = b"".join(message.get("body", b"") for message in sent[1:])
    found = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], found, body.decode())


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free port of loopback, and give its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", http="h11", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield _address(server, thread)
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def _address(server: uvicorn.Server, thread: threading.Thread) -> str:
    while not server.started:
        assert thread.is_alive(), "the server ended before it started"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    return f"http://127.0.0.1:{port}"

"""The web process: builds the house from the settings, serves the pages, and follows the watchlist meanwhile."""

from __future__ import annotations

import errno
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
import uvicorn

from tocsin.bootstrap import Heart, WatchlistDesk, connect_redis, domain_of_mail, open_store, verp_of
from tocsin.config import Settings, secret_of
from tocsin.errors import PortTakenError, QueueError, SettingsError, TocsinError
from tocsin.models.ids import DeliveryId
from tocsin.queueing import BATCHES, DELIVER, Wakeups
from tocsin.rendering.locales import ENGLISH
from tocsin.rendering.templates import Templates
from tocsin.store.database import Database
from tocsin.throttle import Throttle
from tocsin_web.app import build_app
from tocsin_web.house import WebHouse
from tocsin_web.limits import SignupLimits

FOLLOW_SECONDS = 2.0
BACKLOG = 128
_GRACE_SECONDS = 1
"""Answers under way get this long when the process is told to stop."""

_log = structlog.get_logger(__name__)


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        PortTakenError: Another program uses the port.
        TocsinError: Something that the process cannot do without is missing when it starts.

    """
    with listen(settings.web_host, settings.web_port) as listener:
        database = open_store(settings)
        desk = WatchlistDesk(settings, database)
        heart = Heart("web", database, desk)
        upkeep = Upkeep(desk.poll, heart.beat, lambda: heart.has_news)
        server = _server(web_house(settings, database, desk))
        with _ends_well(), upkeep.running():
            _log.info("web pages are served", at=settings.base_url, port=listener.getsockname()[1])
            server.run(sockets=[listener])
        database.close()


def web_house(settings: Settings, database: Database, desk: WatchlistDesk) -> WebHouse:
    """Put together what the pages need."""
    secret, templates = secret_of(settings), Templates()
    return WebHouse(
        database=database,
        watchlist=lambda: desk.watchlist,
        faults=lambda: desk.file.faults,
        environment=templates.environment(ENGLISH),
        environments=templates.environment,
        base_url=settings.base_url,
        now=lambda: datetime.now(UTC),
        queue_probe=lambda: connect_redis(settings).close(),
        queue_lengths=lambda: queue_lengths(settings),
        secret=secret,
        signup_limits=SignupLimits(Throttle(lambda: connect_redis(settings), "signup"), secret),
        mail_domain=domain_of_mail(settings),
        wake_mailer=lambda ids: wake_mailer(settings, ids),
        contact=settings.contact,
        trusted_proxies=settings.trusted_proxies,
        verp=verp_of(settings),
        bounce_token=settings.bounce_token.get_secret_value() if settings.bounce_token else None,
    )


def queue_lengths(settings: Settings) -> dict[str, int]:
    """Count the jobs that wait, by queue.

    Raises:
        QueueError: Redis does not answer.

    """
    with connect_redis(settings) as connection:
        wakeups = Wakeups(connection, secret_of(settings))
        return {name: wakeups.waiting(name) for name in BATCHES}


def wake_mailer(settings: Settings, ids: Sequence[DeliveryId]) -> None:
    """Hand messages to the queue, so that they go now; without Redis the scheduler finds them a little later."""
    try:
        with connect_redis(settings) as connection:
            Wakeups(connection, secret_of(settings)).send(DELIVER, ids, first=True)
    except QueueError as error:
        _log.warning("mailer not woken; the scheduler will", reason=str(error))


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket.

    Raises:
        PortTakenError: Another program uses the port.
        SettingsError: The host is not an address of this machine, or the port is not ours to use.

    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(
                f"port {port} is used by another program; set TOCSIN_WEB_PORT to a free one, or end that program"
            ) from error
        raise SettingsError(
            f"cannot listen at {host} port {port} ({error.strerror or error}); "
            "set TOCSIN_WEB_HOST to an address of this machine and TOCSIN_WEB_PORT to a port above 1023"
        ) from error


@dataclass(slots=True)
class Upkeep:
    """Follows the watchlist and tells that the process lives, beside the pages, in a thread of its own."""

    follow: Callable[[], object]
    beat: Callable[[], None]
    has_news: Callable[[], bool] = lambda: False
    every_seconds: float = FOLLOW_SECONDS
    beat_every: int = round(Heart.EVERY.total_seconds() / FOLLOW_SECONDS)
    _turns: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Turn for as long as the block lasts."""
        # A daemon, since a beat may wait for a locked database longer than the process may take to stop.
        thread = threading.Thread(target=self._run, name="upkeep", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._ended.set()
            thread.join(timeout=0.5)

    def turn(self) -> None:
        """Look at the watchlist, and tell that we live: at every fifth turn, the first among them, or if there is news.

        What fails is told and tried again at the next turn: pages can be read without it.
        """
        try:
            self.follow()
            if self._turns % self.beat_every == 0 or self.has_news():
                self.beat()
            self._turns += 1
        except TocsinError as error:
            _log.error("upkeep failed; the next turn tries again", reason=str(error))

    def _run(self) -> None:
        self._turn_whatever_happens()
        while not self._ended.wait(self.every_seconds):
            self._turn_whatever_happens()

    def _turn_whatever_happens(self) -> None:
        try:
            self.turn()
        except Exception:  # noqa: BLE001 -- see below
            # What nobody foresaw would end this thread alone: the pages would go on, with an old watchlist for ever.
            _log.exception("upkeep failed for a reason that nobody foresaw; the next turn tries again")


def _server(house: WebHouse) -> uvicorn.Server:
    config = uvicorn.Config(
        build_app(house),
        log_config=None,
        access_log=False,  # addresses of digests are secrets of their readers
        http="h11",
        ws="none",
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    return uvicorn.Server(config)


@contextmanager
def _ends_well() -> Iterator[None]:
    """Let a stop by signal end with exit code 0: uvicorn raises the signal once more after it has stopped."""
    signals = (signal.SIGTERM, signal.SIGINT) if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.signal(number, lambda *_: None) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

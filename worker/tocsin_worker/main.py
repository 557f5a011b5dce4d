"""The worker process: one queue, one job at a time, in this process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial

import structlog

from tocsin.bootstrap import (
    Heart,
    WatchlistDesk,
    channel_addresses,
    connect_redis,
    domain_of_mail,
    mail_opener,
    new_fetcher,
    open_store,
)
from tocsin.config import Settings, secret_of
from tocsin.delivery.feedback import feedback_links
from tocsin.errors import StoreError
from tocsin.feeds.pages.extractor import Extractor
from tocsin.queueing import CLASSIFY, DELIVER, READ, Handler, QueueWorker, Wakeups
from tocsin.rendering import environment
from tocsin.store.database import Database
from tocsin_worker.bells import Bells
from tocsin_worker.classify import Classifier
from tocsin_worker.deliver import Mailer
from tocsin_worker.messages import Composer
from tocsin_worker.posts import PostOffice
from tocsin_worker.read import Reader
from tocsin_worker.robots_shelf import RobotsShelf

_log = structlog.get_logger(__name__)


def run_worker(settings: Settings, function: str) -> None:
    """Work on one queue, `classify`, `deliver` or `read`, until SIGTERM or SIGINT.

    Raises:
        QueueError: Redis was lost; the process ends with an exit code that says so, and is started anew.
        TocsinError: Something else that the process cannot do without is missing when it starts.

    """
    database = open_store(settings)
    redis = connect_redis(settings, patiently=True)
    secret = secret_of(settings)
    desk = WatchlistDesk(settings, database)
    name = {CLASSIFY: "classifier", DELIVER: "mailer", READ: "reader"}[function]
    worker: QueueWorker
    with ExitStack() as stack:
        stack.callback(database.close)
        handlers = {
            CLASSIFY: partial(_classifier, settings, database, desk, Wakeups(redis, secret)),
            DELIVER: partial(_mailer, settings, database, desk, stack=stack, stops=lambda: worker.stops),
            READ: partial(
                _reader, settings, database, desk, Wakeups(redis, secret), stack=stack, stops=lambda: worker.stops
            ),
        }
        handler = handlers[function]()
        worker = QueueWorker(redis, secret, function, handler, _between_jobs(desk, Heart(name, database, desk)))
        _log.info("worker runs", queue=function)
        worker.run()


def _classifier(settings: Settings, database: Database, desk: WatchlistDesk, wakeups: Wakeups) -> Handler:
    desk.desk()  # compiled now, and the last days' stories read, so that the first article waits for neither
    classifier = Classifier(database, wakeups, desk.desk, Bells(domain_of_mail(settings)))
    classifier.shelf.prepare(database)
    return classifier.run


def _mailer(
    settings: Settings, database: Database, desk: WatchlistDesk, *, stack: ExitStack, stops: Callable[[], bool]
) -> Handler:
    domain_of_mail(settings)  # a sender that no mail can have is told now, instead of by every message
    composer = Composer(
        environment=environment(),
        watchlist=lambda: desk.watchlist,
        sender=settings.mail_from,
        contact=settings.contact,
        base_url=settings.base_url,
        links=partial(feedback_links, base_url=settings.base_url, secret=secret_of(settings)),
    )
    office = PostOffice(
        mail=mail_opener(settings),
        variables=channel_addresses(),
        watchlist=lambda: desk.watchlist,
        clock=lambda: datetime.now(UTC),
        contact=settings.contact,
    )
    mailer = Mailer(database, composer.compose, office.open, stops)
    stack.callback(mailer.close)
    return mailer.run


def _reader(
    settings: Settings,
    database: Database,
    desk: WatchlistDesk,
    wakeups: Wakeups,
    *,
    stack: ExitStack,
    stops: Callable[[], bool],
) -> Handler:
    fetcher, extractor = new_fetcher(settings), Extractor()
    reader = Reader(database, wakeups, fetcher, RobotsShelf(fetcher), extractor, stops=stops)
    # One event loop for all jobs: connections and the extractor's child live on between them.
    runner = stack.enter_context(asyncio.Runner())
    runner.run(fetcher.__aenter__())
    stack.callback(lambda: runner.run(fetcher.__aexit__(None, None, None)))
    stack.callback(lambda: runner.run(extractor.close()))

    def run(ids: list[int]) -> None:
        fetcher.subscribers = len(desk.watchlist.subscribers)
        runner.run(reader.run(ids))

    return run


def _between_jobs(desk: WatchlistDesk, heart: Heart) -> Callable[[], None]:
    beaten = float("-inf")

    def run() -> None:
        nonlocal beaten
        desk.poll()
        if heart.has_news or time.monotonic() - beaten >= heart.EVERY.total_seconds():
            try:
                heart.beat()
            except StoreError as error:
                # A full disk or a locked database is no reason to end: jobs wait, and the next beat tries again.
                _log.error("heartbeat failed; the next one tries again", reason=str(error))
            beaten = time.monotonic()

    return run

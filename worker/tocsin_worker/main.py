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
    letterhead_of,
    mail_opener,
    new_fetcher,
    open_store,
)
from tocsin.config import Settings, secret_of
from tocsin.delivery.feedback import feedback_links
from tocsin.errors import StoreError
from tocsin.feeds.pages.extractor import Extractor
from tocsin.models.watchlist import Watchlist
from tocsin.queueing import CLASSIFY, DELIVER, READ, Handler, QueueWorker, Wakeups
from tocsin.rendering.templates import Templates, Told, nobody
from tocsin.store.database import Database
from tocsin.throttle import Throttle
from tocsin_worker.bells import Bells
from tocsin_worker.classify import Classifier
from tocsin_worker.deliver import Crowded, Mailer
from tocsin_worker.mail_rate import MailRate
from tocsin_worker.messages import Composer
from tocsin_worker.posts import PostOffice
from tocsin_worker.read import Reader
from tocsin_worker.robots_shelf import RobotsShelf
from tocsin_worker.template_notices import TemplateNotices

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
    chores: list[Callable[[], None]] = []
    with ExitStack() as stack:
        stack.callback(database.close)
        handlers = {
            CLASSIFY: partial(_classifier, settings, database, desk, Wakeups(redis, secret)),
            DELIVER: partial(_mailer, settings, database, desk, chores, stack=stack, stops=lambda: worker.stops),
            READ: partial(
                _reader, settings, database, desk, Wakeups(redis, secret), stack=stack, stops=lambda: worker.stops
            ),
        }
        handler = handlers[function]()
        chores.append(_polls(desk, Heart(name, database, desk)))
        worker = QueueWorker(redis, secret, function, handler, partial(_do, chores))
        _log.info("worker runs", queue=function)
        worker.run()


def _classifier(settings: Settings, database: Database, desk: WatchlistDesk, wakeups: Wakeups) -> Handler:
    desk.desk()  # compiled now, and the last days' stories read, so that the first article waits for neither
    classifier = Classifier(database, wakeups, desk.desk, Bells(domain_of_mail(settings)))
    classifier.shelf.prepare(database)
    return classifier.run


def _mailer(
    settings: Settings,
    database: Database,
    desk: WatchlistDesk,
    chores: list[Callable[[], None]],
    *,
    stack: ExitStack,
    stops: Callable[[], bool],
) -> Handler:
    told = TemplateNotices(database, settings.templates) if settings.templates else nobody
    composer = new_composer(settings, lambda: desk.watchlist, told)
    office = PostOffice(
        mail=mail_opener(settings),
        variables=channel_addresses(),
        watchlist=lambda: desk.watchlist,
        clock=lambda: datetime.now(UTC),
        contact=settings.contact,
    )
    stack.callback(office.close)
    chores.append(office.tidy)
    mailer = Mailer(database, composer.compose, office.open, stops, _crowded(settings))
    stack.callback(mailer.close)
    return mailer.run


def new_composer(settings: Settings, watchlist: Callable[[], Watchlist], told: Told = nobody) -> Composer:
    """Build what writes messages; ``watchlist`` gives the one in force, ``told`` is told how the operator's own
    templates do.

    Raises:
        MailSetupError: The sender, or the key that mails are signed with, cannot be used.

    """
    return Composer(
        templates=Templates(settings.templates, told),
        watchlist=watchlist,
        letterhead=letterhead_of(settings),  # a sender or a key that no mail can have is told now, not by every message
        contact=settings.contact,
        base_url=settings.base_url,
        links=partial(feedback_links, base_url=settings.base_url, secret=secret_of(settings)),
        secret=secret_of(settings),
    )


def _crowded(settings: Settings) -> Crowded:
    """Give what counts mail by its domains; nothing does where there is no rate, or no mail server."""
    if settings.mail_rate is None or settings.smtp_url is None:
        return lambda _: None
    return MailRate(Throttle(lambda: connect_redis(settings), "mail"), settings.mail_rate).crowded


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


def _do(chores: list[Callable[[], None]]) -> None:
    for chore in chores:
        chore()


def _polls(desk: WatchlistDesk, heart: Heart) -> Callable[[], None]:
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

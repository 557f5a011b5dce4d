"""Building: the one place where settings become things. Processes and commands take from here what they need."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import redis
import sqlalchemy as sa
import structlog

from tocsin.config import Settings, WatchlistFile, parse_watchlist, secret_of
from tocsin.delivery import (
    FolderSender,
    Letterhead,
    MailSender,
    SmtpSender,
    Verp,
    load_signer,
    mail_domain,
    parse_smtp_url,
)
from tocsin.delivery.bounce_box import BounceBox, open_box
from tocsin.embedded_redis import check_socket, socket_of
from tocsin.errors import WatchlistError
from tocsin.feeds.fetch import Fetcher
from tocsin.feeds.websub import callback_root
from tocsin.matching import Matcher, compile_watchlist, query_check
from tocsin.models.watchlist import Watchlist
from tocsin.queueing import Wakeups, connect, connect_patiently
from tocsin.regions import Gazetteer, load_gazetteer
from tocsin.store.database import Database, database_now, open_database
from tocsin.store.migrate import require_current
from tocsin.store.processes import Heartbeat, beat
from tocsin.store.watchlists import accept_watchlist, last_good

_log = structlog.get_logger(__name__)


def open_store(settings: Settings) -> Database:
    """Open the database and make sure that it is at the version this program needs.

    Raises:
        StoreError: It cannot be opened, or `tocsin db upgrade` has to be run.

    """
    database = open_database(settings.database_url.get_secret_value())
    require_current(database)
    return database


def has_store(settings: Settings) -> bool:
    """Tell whether there is a database to open: opening a file that is not there would make it."""
    url = sa.make_url(settings.database_url.get_secret_value())
    return url.get_backend_name() != "sqlite" or (url.database is not None and Path(url.database).is_file())


def connect_redis(settings: Settings, *, patiently: bool = False) -> redis.Redis:
    """Connect to Redis; ``patiently`` gives a server that starts at the same time some seconds to appear.

    Raises:
        QueueError: It does not answer, with the remedy.

    """
    url = settings.redis_url.get_secret_value() if settings.redis_url else None
    if url is None:
        check_socket(settings.home)
    return (connect_patiently if patiently else connect)(url, socket_of(settings.home))


def open_wakeups(settings: Settings, *, patiently: bool = False) -> Wakeups:
    """Open the sending end of the queue.

    Raises:
        QueueError: Redis does not answer.
        SettingsError: The secret cannot be read or made.

    """
    return Wakeups(connect_redis(settings, patiently=patiently), secret_of(settings))


def new_fetcher(settings: Settings) -> Fetcher:
    """Build the fetcher of feeds; it opens its connections when it is entered."""
    return Fetcher(settings.contact, allowed=settings.allow_networks)


def hub_callbacks(settings: Settings) -> str | None:
    """Give what the addresses begin with at which WebSub hubs reach us; None where they cannot, or must not."""
    return callback_root(settings.base_url) if settings.websub else None


def mail_opener(settings: Settings) -> Callable[[], MailSender]:
    """Give what opens the way out for mail: a mail server, or, without one, the folder ``mail`` in the home.

    Raises:
        MailSetupError: SMTP_URL cannot be used.

    """
    if settings.smtp_url is None:
        return lambda: FolderSender(settings.home / "mail")
    address = parse_smtp_url(settings.smtp_url.get_secret_value())
    return lambda: SmtpSender(address)


def channel_addresses() -> Mapping[str, str]:
    """Give the variables in which channels' secret addresses stand: the watchlist names them, the environment has
    them.
    """
    return os.environ


def domain_of_mail(settings: Settings) -> str:
    """Give the domain that Message-IDs are made under.

    Raises:
        MailSetupError: TOCSIN_MAIL_FROM is not a mailbox.

    """
    return mail_domain(settings.mail_from)


def letterhead_of(settings: Settings) -> Letterhead:
    """Give what all mails have in common: sender, return addresses, signature.

    Raises:
        MailSetupError: TOCSIN_MAIL_FROM is not a mailbox, or mails cannot be signed with the key of DKIM.
        SettingsError: The secret cannot be read or made.

    """
    domain, signer = domain_of_mail(settings), None
    if settings.dkim_key_file and settings.dkim_selector:
        signer = load_signer(settings.dkim_key_file, settings.dkim_selector, domain)
    return Letterhead(
        settings.mail_from,
        settings.contact,
        verp=verp_of(settings),
        signer=signer,
        reads_replies=bool(settings.bounce_box or settings.bounce_token),
    )


def verp_of(settings: Settings) -> Verp | None:
    """Give what makes and reads the addresses that bounces come back to; None where TOCSIN_BOUNCES is not set.

    Raises:
        SettingsError: The secret cannot be read or made.

    """
    return Verp(settings.bounces, secret_of(settings)) if settings.bounces else None


def bounce_box_of(settings: Settings) -> Callable[[], AbstractContextManager[BounceBox]] | None:
    """Give what opens the mailbox that bounces come back to; None where TOCSIN_BOUNCE_BOX is not set."""
    if settings.bounce_box is None:
        return None
    return partial(open_box, settings.bounce_box.get_secret_value())


@dataclass(frozen=True, slots=True)
class Desk:
    """A watchlist in force, with its matcher."""

    watchlist: Watchlist
    matcher: Matcher


class _Compilation(threading.Thread):
    """Compiles a watchlist beside the work; ``desk`` is None until it is done.

    A daemon: a process that is told to end does not wait for it.
    """

    def __init__(self, watchlist: Watchlist, gazetteer: Gazetteer) -> None:
        super().__init__(name=f"compile-{watchlist.version}", daemon=True)
        self.watchlist = watchlist
        self.desk: Desk | None = None
        self._gazetteer = gazetteer

    def run(self) -> None:
        try:
            self.desk = Desk(self.watchlist, compile_watchlist(self.watchlist, self._gazetteer))
        except WatchlistError as error:
            _log.error("watchlist cannot be compiled; the one before stays in force", reason=str(error))
        else:
            _log.info("watchlist compiled", version=self.watchlist.version)


class WatchlistDesk:
    """Keeps the watchlist in force: the file's when it is well, else the last good one.

    A process that starts while the file is faulty goes on with the watchlist that was accepted last, from the database.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        self._database = database
        self._gazetteer = load_gazetteer()
        self._file = WatchlistFile(
            settings.watchlist,
            self._gazetteer.check,
            check_queries=query_check(self._gazetteer.check),
            last_good=_last_good(settings, database, self._gazetteer),
        )
        self._desk: Desk | None = None
        self._coming: _Compilation | None = None
        self.poll()
        if self._file.watchlist is None:
            raise WatchlistError(self._file.faults)

    @property
    def file(self) -> WatchlistFile:
        """The file, with its faults."""
        return self._file

    @property
    def watchlist(self) -> Watchlist:
        """The watchlist in force."""
        if self._file.watchlist is None:
            raise WatchlistError(self._file.faults)
        return self._file.watchlist

    def poll(self) -> bool:
        """Look whether the file was changed; True if a new good version is in force now."""
        faults = self._file.faults
        changed = self._file.poll()
        if self._file.watchlist and self._file.faults and self._file.faults != faults:
            _log.error("watchlist is faulty; the last good one stays in force", faults=[*map(str, self._file.faults)])
        if changed or (faults and not self._file.faults):
            _log.info("watchlist in force", version=self.watchlist.version, watches=len(self.watchlist.watches))
        return changed

    def desk(self) -> Desk:
        """Give a watchlist with its matcher, compiled once a version.

        The first is waited for. A changed one is compiled beside the work; until it is ready, the one before it stays
        on the desk.
        """
        watchlist = self.watchlist
        if self._desk is None:
            self._desk = Desk(watchlist, compile_watchlist(watchlist, self._gazetteer))
        elif self._desk.watchlist is not watchlist:
            self._desk = self._renewed(watchlist) or self._desk
        return self._desk

    def _renewed(self, watchlist: Watchlist) -> Desk | None:
        """Give the new desk once it is compiled; begin to compile it if nobody did."""
        if self._coming is not None and self._coming.watchlist is watchlist:
            return self._coming.desk
        self._coming = _Compilation(watchlist, self._gazetteer)
        self._coming.start()
        return None

    def accept(self) -> None:
        """Remember the watchlist in force as good, for processes that find the file faulty.

        Raises:
            StoreError: The database failed.

        """
        watchlist = self.watchlist
        with self._database.write() as connection:
            now = database_now(connection)
            accept_watchlist(connection, watchlist.version, watchlist.source, now, watchlist.files)


def _last_good(settings: Settings, database: Database, gazetteer: Gazetteer) -> Watchlist | None:
    with database.read() as connection:
        accepted = last_good(connection)
    if accepted is None:
        return None
    try:
        return parse_watchlist(
            accepted.source,
            settings.watchlist,
            check_region=gazetteer.check,
            check_queries=query_check(gazetteer.check),
            files=accepted.files,
            is_accepted=True,
        )
    except WatchlistError:
        # Accepted by another version of the program; of no use to this one.
        return None


class Heart:
    """Tells the database every few seconds that a process is alive, and what it complains of."""

    EVERY = timedelta(seconds=10)

    def __init__(self, name: str, database: Database, desk: WatchlistDesk) -> None:
        self._name = name
        self._database = database
        self._desk = desk
        self._told: tuple[str, str | None] | None = None

    @property
    def has_news(self) -> bool:
        """Whether another watchlist is in force, or is complained of, than at the last heartbeat."""
        return self._told != self._says()

    def beat(self) -> None:
        """Write one heartbeat.

        Raises:
            StoreError: The database failed.

        """
        version, note = self._says()
        with self._database.write() as connection:
            beat(connection, Heartbeat(self._name, database_now(connection), version, note))
        self._told = version, note

    def _says(self) -> tuple[str, str | None]:
        return self._desk.watchlist.version, "; ".join(map(str, self._desk.file.faults)) or None

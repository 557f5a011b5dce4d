"""What the commands about subscribers share: the database with the watchlist in force, and how somebody stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import typer

from tocsin.config import Settings, load_settings
from tocsin.errors import TocsinError
from tocsin.models.watchlist import Watchlist

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tocsin.models.subscribers import StoredSubscriber
    from tocsin.store.database import Database

Value = TypeVar("Value")


class NoSubscriberError(TocsinError):
    """Nobody subscribes under this address."""

    exit_code = 2


class SubscriberError(TocsinError):
    """What was asked for cannot be done to this subscriber; the message says why and what to do."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class SubscriberDesk:
    """The database, with the watchlist in force and the house's secret."""

    settings: Settings
    database: Database
    watchlist: Watchlist
    secret: bytes

    def names(self, email: str) -> bool:
        """Tell whether the watchlist names the address."""
        return any(one.email.lower() == email.lower() for one in self.watchlist.subscribers)

    def find(self, connection: sa.Connection, email: str) -> StoredSubscriber:
        """Find somebody by address, in whatever state.

        Raises:
            NoSubscriberError: Nobody has it; says why, where the reason is known.

        """
        from tocsin.store.subscribers import find_subscriber
        from tocsin.store.suppressions import is_suppressed

        stored = find_subscriber(connection, email)
        if stored is not None:
            return stored
        if is_suppressed(connection, email, secret=self.secret):
            raise NoSubscriberError(f"{email} had everything about them deleted; {self.way_back(email)}")
        if self.names(email):
            raise NoSubscriberError(
                f"{email} stands in {self.watchlist.path}, which the scheduler takes over; start it"
            )
        raise NoSubscriberError(f"nobody subscribes as {email}; see `tocsin subscribers list`")

    def words(self, connection: sa.Connection, stored: StoredSubscriber) -> str:
        """Say how a subscriber stands now, and when the next digest is due."""
        from tocsin.cli.output import short_time
        from tocsin.cli.subscribers import next_digest, state_words
        from tocsin.store.database import database_now
        from tocsin.store.subscribers import get_subscriber

        fresh = get_subscriber(connection, stored.id) or stored
        next_at = next_digest(fresh, database_now(connection))
        return state_words(fresh) + (f"; the next digest is due at {short_time(next_at)}" if next_at else "")

    def way_back(self, email: str) -> str:
        """Say how somebody comes back who ended it."""
        return (
            f"they can subscribe again at {self.settings.base_url}/subscribe, or, if they ask you to, "
            f"`tocsin subscribers resume {email} --yes`"
        )

    def sync(self, connection: sa.Connection, now: datetime) -> None:
        """Take over the subscribers of the watchlist, as the scheduler does."""
        from tocsin.store.subscriber_changes import sync_subscribers

        watchlist = self.watchlist
        sync_subscribers(
            connection, watchlist.subscribers, now, self_service=watchlist.self_service, secret=self.secret
        )


@contextmanager
def subscriber_desk() -> Iterator[SubscriberDesk]:
    """Open the desk and close it afterwards."""
    from tocsin.bootstrap import WatchlistDesk, open_store
    from tocsin.config import secret_of

    settings = load_settings()
    with closing(open_store(settings)) as database:
        watchlist = WatchlistDesk(settings, database).watchlist
        yield SubscriberDesk(settings, database, watchlist, secret_of(settings))


def checked(check: Callable[[str], Value], text: str) -> Value:
    """Check a value as the watchlist does.

    Raises:
        typer.BadParameter: It is not right.

    """
    from tocsin.config.wording import Suggestions, UnknownWord

    try:
        return check(text)
    except UnknownWord as error:
        raise typer.BadParameter(Suggestions().complete(error)) from error
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def make_sure(question: str, *, yes: bool) -> None:
    """Ask whether it is meant, unless that was said; where nobody can be asked, it must have been.

    Raises:
        typer.Exit: It is not meant.

    """
    import sys

    if yes:
        return
    if not sys.stdin.isatty():
        typer.echo(f"{question} Say so with --yes.", err=True)
        raise typer.Exit(2)
    if not typer.confirm(question):
        raise typer.Exit(1)

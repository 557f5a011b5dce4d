"""Warnings of `tocsin check` about entries that do not hold: subscribers who set it themselves, or who ended it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from tocsin.config import LocatedWatchlist, Settings, load_settings, secret_of
from tocsin.errors import Fault, SettingsError, StoreError
from tocsin.models.subscribers import Conflict
from tocsin.models.watchlist import Subscriber


def parted_subscribers(located: LocatedWatchlist) -> tuple[Fault, ...]:
    """Return a warning for each such entry, at its address; none where there is no database that can be read.

    A check of the watchlist is not the place to complain of settings or the database; `tocsin doctor` is.
    """
    watchlist = located.watchlist
    places = {one.email.lower(): index for index, one in enumerate(watchlist.subscribers)}
    try:
        found = _stored_conflicts(load_settings(), watchlist.subscribers) if places else []
    except (SettingsError, StoreError):
        return ()
    return tuple(
        Fault(str(watchlist.path), place.line, place.column, str(conflict))
        for conflict in found
        for place in (located.position("subscribers", places[conflict.email.lower()], "email"),)
    )


def _stored_conflicts(settings: Settings, named: Sequence[Subscriber]) -> list[Conflict]:
    from tocsin.bootstrap import has_store, open_store
    from tocsin.store.conflicts import conflicts

    if not has_store(settings):
        return []
    with closing(open_store(settings)) as database, database.read() as connection:
        return conflicts(connection, named, secret=_secret(settings))


def _secret(settings: Settings) -> bytes:
    """Give the house's secret; where there is none yet nothing was hashed with it, and a check must not make one."""
    has_one = settings.secret is not None or (settings.home / "secret").exists()
    return secret_of(settings) if has_one else b""

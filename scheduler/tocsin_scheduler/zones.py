"""Zones that subscribers chose and that this machine's zone data does not know (any more): the operator is told."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from tocsin.models.alerts import NoticeKind
from tocsin.models.zones import is_known_zone
from tocsin.store.database import Database, database_now
from tocsin.store.notices import close_notice, open_notice, open_notices
from tocsin.store.open_windows import OpenWindows

_log = structlog.get_logger(__name__)


def tell_of_lost_zones(database: Database, found: Sequence[OpenWindows]) -> None:
    """Open a notice about each unknown zone among these windows, which go on in UTC, and close those that are over.

    Raises:
        StoreError: The database failed; the next tick tries again.

    """
    lost: dict[str, int] = {}
    for windows in found:
        if not is_known_zone(windows.timezone):
            key = zone_key(windows.timezone)
            lost[key] = lost.get(key, 0) + windows.number
    with database.read() as connection:
        told = {notice.key for notice in open_notices(connection) if notice.kind is NoticeKind.ZONE_GONE}
    if lost.keys() == told:
        return
    with database.write() as connection:
        now = database_now(connection)
        for key in told - lost.keys():
            close_notice(connection, key, now)
        for key in lost.keys() - told:
            open_notice(connection, key, NoticeKind.ZONE_GONE, _words(key, lost[key]), now)
            _log.error("unknown time zone; its digests go on in UTC", zone=_name(key), subscribers=lost[key])


def zone_key(name: str) -> str:
    """Give the key of notices about a zone."""
    return f"zone:{name}"


def _name(key: str) -> str:
    return key.removeprefix("zone:")


def _words(key: str, subscribers: int) -> str:
    whose = "one subscriber has" if subscribers == 1 else f"{subscribers:,} subscribers have"
    return (
        f"The time zone {_name(key)}, which {whose}, is not in this machine's zone data (any more). Their digests go "
        "on at the same hours of UTC. Give them another zone, in the watchlist or on their settings page, or install "
        "newer zone data: pip install -U tzdata"
    )

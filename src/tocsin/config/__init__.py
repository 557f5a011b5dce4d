"""Settings from the environment and the watchlist from its file: the only readers of either.

The names listed here are what other rooms use. Nothing here knows of regions, the store or the network: whether a
region exists is asked of a function that the caller gives.
"""

from __future__ import annotations

from tocsin.config.own_regions import RegionCheck, RegionNames
from tocsin.config.queries import QueryCheck, QueryProblem
from tocsin.config.reload import WatchlistFile
from tocsin.config.secret import secret_of
from tocsin.config.settings import Settings, load_settings
from tocsin.config.watchlist import (
    LocatedWatchlist,
    parse_watchlist,
    parse_with_positions,
    read_watchlist,
    read_with_positions,
)

__all__ = [
    "LocatedWatchlist",
    "QueryCheck",
    "QueryProblem",
    "RegionCheck",
    "RegionNames",
    "Settings",
    "WatchlistFile",
    "load_settings",
    "parse_watchlist",
    "parse_with_positions",
    "read_watchlist",
    "read_with_positions",
    "secret_of",
]

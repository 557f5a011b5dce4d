"""Settings from the environment and the watchlist from its file: the only readers of either.

The names listed here are what other rooms use. Nothing here knows of regions, the store or the network: whether a
region exists is asked of a function that the caller gives.
"""

from __future__ import annotations

from tocsin.config.additions import with_feeds
from tocsin.config.feed_lists import beside, list_from
from tocsin.config.files import FileFault
from tocsin.config.opml import FeedList, ListedFeed
from tocsin.config.opml_survey import OpmlFault
from tocsin.config.opml_writer import opml_of
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
    watchlist_source,
)

__all__ = [
    "FeedList",
    "FileFault",
    "ListedFeed",
    "LocatedWatchlist",
    "OpmlFault",
    "QueryCheck",
    "QueryProblem",
    "RegionCheck",
    "RegionNames",
    "Settings",
    "WatchlistFile",
    "beside",
    "list_from",
    "load_settings",
    "opml_of",
    "parse_watchlist",
    "parse_with_positions",
    "read_watchlist",
    "read_with_positions",
    "secret_of",
    "watchlist_source",
    "with_feeds",
]

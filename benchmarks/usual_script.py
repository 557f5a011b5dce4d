"""The script that many would write: requests in twenty threads, feedparser, SQLite. A baseline for `bench_refresh`.

It is fair to its kind: conditional requests, gzip, one session a thread, one transaction a feed::

    python benchmarks/usual_script.py DATABASE < addresses
"""

from __future__ import annotations

import sqlite3
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import feedparser
import requests

THREADS = 20
_local = threading.local()


def _session() -> requests.Session:
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
    return _local.session  # type: ignore[no-any-return]  # what was put there


def _fetched(known: tuple[str, str | None, str | None]) -> tuple[str, requests.Response | None]:
    url, etag, modified = known
    headers = {"If-None-Match": etag, "If-Modified-Since": modified}
    try:
        return url, _session().get(url, headers={name: value for name, value in headers.items() if value}, timeout=30)
    except requests.RequestException:
        return url, None


def main() -> None:
    """Refresh all feeds once."""
    database = sqlite3.connect(sys.argv[1])
    database.executescript(
        "CREATE TABLE IF NOT EXISTS feeds (url TEXT PRIMARY KEY, etag TEXT, modified TEXT);"
        "CREATE TABLE IF NOT EXISTS entries (feed TEXT, id TEXT, link TEXT, title TEXT, text TEXT, published TEXT,"
        " PRIMARY KEY (feed, id));"
    )
    urls = sys.stdin.read().split()
    database.executemany("INSERT OR IGNORE INTO feeds (url) VALUES (?)", [(url,) for url in urls])
    known = database.execute("SELECT url, etag, modified FROM feeds").fetchall()
    with ThreadPoolExecutor(THREADS) as threads:
        for url, answer in threads.map(_fetched, known):
            if answer is not None and answer.status_code == requests.codes.ok:
                _store(database, url, answer)
    database.close()


def _store(database: sqlite3.Connection, url: str, answer: requests.Response) -> None:
    parsed = feedparser.parse(answer.content)
    with database:
        validators = answer.headers.get("ETag"), answer.headers.get("Last-Modified"), url
        database.execute("UPDATE feeds SET etag = ?, modified = ? WHERE url = ?", validators)
        database.executemany(
            "INSERT OR IGNORE INTO entries VALUES (?, ?, ?, ?, ?, ?)",
            [
                (url, e.get("id"), e.get("link"), e.get("title"), e.get("summary"), e.get("published"))
                for e in parsed.entries
            ],
        )


if __name__ == "__main__":
    main()

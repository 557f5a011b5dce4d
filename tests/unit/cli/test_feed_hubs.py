from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from command_line import CommandLine
from hub_records import add_hub_feed, leased
from tocsin.store.database import Database, open_database


@pytest.fixture
def house(tocsin: CommandLine) -> Iterator[Database]:
    """Two feeds that name a hub; one of them is delivered by it."""
    tocsin("db", "upgrade")
    database = open_database(f"sqlite:///{tocsin.folder / 'var' / 'tocsin.sqlite3'}")
    until = datetime.now(UTC) + timedelta(days=3)
    with database.write() as connection:
        delivered = add_hub_feed(connection)
        leased(connection, delivered, until)
        add_hub_feed(connection, url="https://port.example/rss")
    yield database
    database.close()


@pytest.mark.usefixtures("house")
def test_health_tells_what_hubs_deliver(tocsin: CommandLine) -> None:
    ran = tocsin("feeds", "health", TOCSIN_BASE_URL="https://news.example.org")
    assert "\nOf 2 feeds that name a hub, hubs deliver 1.\n" in ran.out
    told = tocsin("feeds", "health", "--all", "--json", TOCSIN_BASE_URL="https://news.example.org").json
    words = {feed["url"]: feed["hub"] for feed in told}
    assert words["https://wire.example/rss"].startswith("delivered by the hub https://hub.example/ until ")
    assert words["https://port.example/rss"].startswith("the hub https://hub.example/ could deliver this feed; it is")


@pytest.mark.parametrize(
    "setting",
    [{"TOCSIN_BASE_URL": "http://127.0.0.1:8080"}, {"TOCSIN_BASE_URL": "https://a.org", "TOCSIN_WEBSUB": "off"}],
    ids=["private", "off"],
)
@pytest.mark.usefixtures("house")
def test_health_tells_why_no_hub_is_asked(tocsin: CommandLine, setting: dict[str, str]) -> None:
    told = " ".join(tocsin("feeds", "health", **setting).out.split())
    assert "Of 2 feeds that name a hub, none is asked to deliver" in told
    assert "set TOCSIN_BASE_URL to a public address" in told

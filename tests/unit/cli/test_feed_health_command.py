from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from command_line import CommandLine
from records import NOW, add_articles, add_feed, claimed, entry, poll_ended, poll_failed
from tocsin.models.feeds import ProblemKind
from tocsin.store import tables
from tocsin.store.database import Database, open_database
from tocsin.store.feed_health import set_silent

WIRE, GAZETTE, BLOG = (f"https://{name}.example/rss" for name in ("wire", "gazette", "blog"))


@pytest.fixture
def house(tocsin: CommandLine) -> Iterator[Database]:
    """Three feeds: one that is well, one that fails, and one that fell silent."""
    tocsin("db", "upgrade")
    database = open_database(f"sqlite:///{tocsin.folder / 'var' / 'tocsin.sqlite3'}")
    with database.write() as connection:
        for url in (WIRE, GAZETTE, BLOG):
            add_feed(connection, url)
        wire, gazette, blog = sorted(claimed(connection), key=lambda feed: (WIRE, GAZETTE, BLOG).index(feed.url))
        read: dict[str, Any] = {"checked_at": NOW, "succeeded_at": NOW, "interval": timedelta(minutes=40)}
        poll_ended(connection, wire, **read, title="Example Wire")
        poll_ended(connection, blog, **read)
        poll_failed(connection, gazette, "HTTP 403; ask the [red]publisher\x1b[31m", problem_kind=ProblemKind.BLOCKED)
        set_silent(connection, {blog.id: NOW - timedelta(days=3)})
        add_articles(connection, wire.id, entry())
    yield database
    database.close()


@pytest.mark.usefixtures("house")
def test_feeds_in_trouble_are_told_the_worst_first_with_reason_and_exit_code(tocsin: CommandLine) -> None:
    ran = tocsin("feeds", "health")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.split("\n\n") == [
        "1 of 3 feeds well; 1 blocked, 1 silent",
        (
            "gazette.example: Blocked\n"
            "    HTTP 403; ask the [red]publisher[31m\n"
            "    never read; 0 articles in 7 days\n"
            "    https://gazette.example/rss"
        ),
        (
            "blog.example: Silent\n"
            "    It answers, but has brought nothing new for longer than its own rhythm explains; see on "
            "the publisher's site whether the feed was given up or moved\n"
            "    last read 2026-03-10 12:00Z, nothing new since 2026-03-07 12:00Z; 0 articles in 7 days; "
            "asked every 40 minutes\n"
            "    https://blog.example/rss\n"
        ),
    ]


@pytest.mark.usefixtures("house")
def test_feeds_that_are_well_are_told_when_asked_for(tocsin: CommandLine) -> None:
    told = tocsin("feeds", "health", "--all", "--json")
    assert [(feed["url"], feed["state"]) for feed in told.json] == [
        (GAZETTE, "blocked"),
        (BLOG, "silent"),
        (WIRE, "well"),
    ]
    assert (told.json[2]["rhythm"], told.json[2]["reason"]) == ("hardly any articles, asked every 40 minutes", "")
    assert told.json[1]["since"] == (NOW - timedelta(days=3)).isoformat()
    assert len(tocsin("feeds", "health", "--json").json) == 2


def test_a_house_that_is_well_says_so_in_a_line_and_without_feeds_where_they_come_from(
    tocsin: CommandLine, house: Database
) -> None:
    with house.write() as connection:
        connection.exec_driver_sql(f"UPDATE feeds SET active = 0 WHERE url <> '{WIRE}'")  # noqa: S608 -- a literal
    assert (tocsin("feeds", "health").code, tocsin("feeds", "health").out) == (0, "1 of 1 feed well\n")
    with house.write() as connection:
        connection.exec_driver_sql("UPDATE feeds SET active = 0")
    assert tocsin("feeds", "health").out.startswith("No feeds yet: they are taken from the watchlist")


def test_feeds_that_were_never_read_do_not_count_as_well(tocsin: CommandLine, house: Database) -> None:
    with house.write() as connection:
        add_feed(connection, "https://new.example/rss")
    assert tocsin("feeds", "health").out.splitlines()[0] == "1 of 4 feeds well; 1 blocked, 1 silent, 1 not read yet"


def test_a_feed_that_has_stopped_has_no_next_check_and_its_remedy_is_told_whole(
    tocsin: CommandLine, house: Database
) -> None:
    with house.write() as connection:
        change = sa.update(tables.feeds).values(stopped_at=NOW)
        connection.execute(change.where(tables.feeds.c.url == WIRE))
    [line] = [line for line in tocsin("feeds", "list").out.splitlines() if line.rstrip().endswith(WIRE)]
    assert line.split()[-2:] == ["-", WIRE]
    reason = next(line for line in tocsin("feeds", "health").out.splitlines() if "HTTP 410" in line)
    assert reason.endswith("`tocsin feeds discover` and the address of the site")


@pytest.mark.usefixtures("house")
def test_a_list_of_feeds_and_the_doctor_say_the_same(tocsin: CommandLine) -> None:
    listed = tocsin("feeds", "list").out
    assert "Silent: It answers, but has brought nothing new" in listed
    found = {finding["what"]: finding["words"] for finding in tocsin("doctor", "--json").json}
    assert found["feeds"] == "1 of 3 feeds well; 1 blocked, 1 silent"
    assert found["feed"].startswith("blog.example: Silent: It answers,")

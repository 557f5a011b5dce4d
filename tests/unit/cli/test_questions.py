from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa

from command_line import CommandLine
from records import NOW, SIEGE, add_articles, add_feed, claimed, entry, poll_failed, subscriber
from tocsin.bootstrap import Desk
from tocsin.config import read_watchlist
from tocsin.matching import compile_watchlist
from tocsin.models.ids import ArticleId, WatchId
from tocsin.regions import load_gazetteer
from tocsin.store import articles, tables
from tocsin.store.articles import MAX_ATTEMPTS
from tocsin.store.database import Database, database_now, open_database
from tocsin.store.matches import withdraw_matches
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin_worker.bells import Bells
from tocsin_worker.classify import classify, record
from tocsin_worker.newcomers import newcomer
from tocsin_worker.shelf import StoryShelf

SECRET = "s" * 32
RAIN = WatchId("rain")
WATCHLIST = """\
version: 1
feeds: [https://wire.example/rss]
watches:
  siege: {title: Sieges, keywords: [siege]}
  rain: {keywords: [rain]}
subscribers:
  - {email: zoe@example.org, timezone: Europe/Berlin, watches: all}
"""


@dataclass(frozen=True, slots=True)
class House:
    """A house with one article about a siege, owed to one subscriber."""

    database: Database
    article: ArticleId


@pytest.fixture
def house(tocsin: CommandLine) -> Iterator[House]:
    path = tocsin.write(WATCHLIST)
    assert tocsin("db", "upgrade").code == 0
    database = open_database(f"sqlite:///{tocsin.folder / 'var' / 'tocsin.sqlite3'}")
    gazetteer = load_gazetteer()
    watchlist = read_watchlist(path, check_region=gazetteer.check)
    desk = Desk(watchlist, compile_watchlist(watchlist, gazetteer))
    with database.write() as connection:
        now = database_now(connection)
        sync_subscribers(connection, [subscriber(watches=(SIEGE, RAIN))], now - timedelta(hours=9))
        feed = add_feed(connection)
        [article] = add_articles(connection, feed.id, entry())
        begun = articles.begin_classifying(connection, [article])
        found = [classify(one, desk.matcher) for one in begun]
        newcomers = {one.id: newcomer(one, one.language, feed.url) for one in begun}
        record(connection, found, newcomers, shelf=StoryShelf(), watchlist=watchlist, bells=Bells("news.example.org"))
    yield House(database, article)
    database.close()


def test_why_says_what_of_an_article_meets_a_watch(tocsin: CommandLine, house: House) -> None:
    ran = tocsin("why", str(house.article), "--watch", "siege")
    assert (ran.code, ran.err) == (0, "")
    title, place, source, blank, verdict, *lines = ran.out.splitlines()
    assert (title, source) == ("The siege is broken", "text: 23 characters, the feed's")
    assert (blank, verdict) == ("", "siege: matches")
    assert place.endswith("· https://wire.example/one")
    assert lines == ['  It has "siege" (twice).', '  keyword "siege": twice in the title and text']


def test_why_says_where_the_text_came_from_and_what_it_took_back(tocsin: CommandLine, house: House) -> None:
    values = {"page_state": "failed", "page_problem": "the site answers with HTTP 404 Not Found"}
    with house.database.write() as connection:
        connection.execute(sa.update(tables.articles).values(values))
        withdraw_matches(connection, [(house.article, [])], NOW, {(house.article, SIEGE): "with its changed text: no"})
    ran = tocsin("why", str(house.article), "--watch", "siege")
    assert "the article's own page is not read: the site answers with HTTP 404 Not Found" in ran.out
    assert "  matched before; withdrawn 2026-03-10 12:00Z: with its changed text: no" in ran.out
    read = {"page_state": "read", "page_text": "Lorries came in at noon.", "page_read_at": NOW}
    with house.database.write() as connection:
        connection.execute(sa.update(tables.articles).values(read))
    lines = tocsin("why", str(house.article), "--watch", "siege").out.splitlines()
    assert "text: the feed's, then 24 characters of the article's own page, read 2026-03-10 12:00Z" in lines
    record = json.loads(tocsin("why", str(house.article), "--watch", "siege", "--json").out)
    assert record["article"]["page"]["state"] == "read"
    assert [(one["watch"], one["because"]) for one in record["withdrawn"]] == [("siege", "with its changed text: no")]


def test_why_says_what_is_missing_where_an_article_does_not_meet_a_watch(tocsin: CommandLine, house: House) -> None:
    ran = tocsin("why", str(house.article), "--watch", "rain")
    assert (ran.code, ran.err) == (1, "")
    assert "rain: does not match\n  No keyword or name of the watch stands in it" in ran.out


def test_why_tells_of_a_region_that_is_missed_what_the_article_is_about_instead(
    tocsin: CommandLine, house: House
) -> None:
    tocsin.write(WATCHLIST.replace("watches:", "watches:\n  france: {regions: [France]}\n  iraq: {regions: [Iraq]}", 1))
    with house.database.write() as connection:
        text = "Homs in Syria is open again. The road to Iraq is not.\nPhoto: Example Agency\nRead more: Calm in France"
        connection.execute(sa.update(tables.articles).values(title="Calm in Homs, Syria", text=text))
    ran = tocsin("why", str(house.article))
    lines = ran.out.splitlines()
    france, iraq = lines.index("france: does not match"), lines.index("iraq: does not match")
    assert lines[france + 1] == (
        "  It is not about France: France is named in page furniture only; the article is about Syria."
    )
    assert lines[iraq + 1].startswith("  It is not about Iraq: Iraq 0.")
    assert "only mentioned, weaker than Syria 0." in lines[iraq + 1]
    [about] = {line for line in lines[france:] if line.startswith("  the article is about:")}
    assert about.startswith("  the article is about: Syria 0.")
    assert "; next would be Iraq 0." in about
    told = tocsin("why", str(house.article), "--watch", "iraq", "--json").json
    assert [(one["place"], one["met"]) for one in told["receipts"][0]["focus"]][:2] == [("SY", True), ("IQ", False)]


def test_why_without_a_watch_asks_all_of_them(tocsin: CommandLine, house: House) -> None:
    ran = tocsin("why", str(house.article))
    assert ran.code == 0
    assert [line for line in ran.out.splitlines() if line.endswith(("match", "matches"))] == [
        "siege: matches",
        "rain: does not match",
    ]


def test_why_gives_programs_the_article_and_the_receipts(tocsin: CommandLine, house: House) -> None:
    told = tocsin("why", str(house.article), "--json").json
    assert (told["article"]["title"], told["article"]["published_at"]) == ("The siege is broken", NOW.isoformat())
    assert [(one["watch"], one["matched"]) for one in told["receipts"]] == [("siege", True), ("rain", False)]
    assert told["receipts"][0]["hits"][0]["span"] == {"field": "title", "start": 4, "end": 9, "text": "siege"}


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([str(2**63 - 1)], "there is no article 9223372036854775807; the pages"),
        ([str(2**63)], "there is no article 9223372036854775808; the pages"),
        (["9" * 30], f"there is no article {'9' * 30}; the pages"),
        (["999"], "there is no article 999; the pages show each article's number"),
        (["1", "--watch", "sieg"], "there is no watch 'sieg' in watchlist.yaml; there are siege, rain"),
    ],
)
def test_why_tells_a_question_that_cannot_be_answered_from_a_no(
    tocsin: CommandLine, arguments: list[str], words: str
) -> None:
    ran = tocsin("why", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"tocsin: {words}")


def test_nothing_of_an_article_changes_the_terminal(tocsin: CommandLine, house: House) -> None:
    with house.database.write() as connection:
        forged = "The siege\n\x1b[31mis \u202ebroken [bold]"
        connection.execute(sa.update(tables.articles).values(title=forged, url="https://x.example/\x1b[2J"))
    ran = tocsin("why", str(house.article))
    assert [letter for letter in ran.out if not letter.isprintable() and letter != "\n"] == []
    assert "[bold]" in ran.out.splitlines()[0]


def test_articles_that_were_put_aside_are_released_to_be_tried_as_often_again(
    tocsin: CommandLine, house: House
) -> None:
    with house.database.write() as connection:
        connection.execute(
            sa.update(tables.articles).values(classified_at=None, attempts=MAX_ATTEMPTS, enqueued_at=NOW)
        )
        assert articles.quarantine_hopeless(connection, NOW) == [house.article]
    ran = tocsin("articles", "release")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "1 article released, to be classified within seconds while Tocsin runs.\n"
    with house.database.write() as connection:
        assert articles.quarantined(connection) == []
        assert articles.unclassified(connection, enqueued_before=NOW, limit=9) == [(house.article, 0)]
        assert [one.id for one in articles.begin_classifying(connection, [house.article])] == [house.article]
        assert articles.quarantine_hopeless(connection, NOW) == []
    again = tocsin("articles", "release")
    assert (again.code, again.out) == (0, "No article is put aside.\n")


@pytest.mark.usefixtures("house")
def test_feeds_are_listed_with_their_state(tocsin: CommandLine) -> None:
    feed_url = "https://wire.example/rss"
    ran = tocsin("feeds", "list")
    assert (ran.code, ran.err) == (0, "")
    head, line = ran.out.splitlines()
    assert head.split() == ["Feed", "State", "Last", "success", "Next", "check", "Address"]
    assert line.split() == f"{feed_url} Not read yet - 2026-03-10 12:00Z {feed_url}".split()
    [feed] = tocsin("feeds", "list", "--json").json
    assert (feed["url"], feed["failures"], feed["next_check_at"]) == (feed_url, 0, NOW.isoformat())


def test_a_feed_that_fails_is_told_with_its_reason_and_an_exit_code(tocsin: CommandLine, house: House) -> None:
    with house.database.write() as connection:
        [due] = claimed(connection)
        poll_failed(connection, due, "no such [red]host\x1b[31m")
    ran = tocsin("feeds", "list")
    assert ran.code == 1
    assert "Failed once: no such [red]host" in ran.out
    assert "\x1b" not in ran.out
    told = tocsin("feeds", "list", "--json")
    assert (told.code, told.json[0]["failures"]) == (1, 1)


def test_where_there_are_no_feeds_yet_it_is_said_where_they_come_from(tocsin: CommandLine) -> None:
    tocsin("db", "upgrade")
    ran = tocsin("feeds", "list")
    assert (ran.code, ran.out) == (
        0,
        "No feeds yet: they are taken from the watchlist when the scheduler runs.\n",
    )
    assert tocsin("feeds", "list", "--json").json == []


def test_a_database_is_brought_to_the_version_that_is_needed(tocsin: CommandLine, postgres: Database) -> None:
    url = postgres.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    for address in (url, f"sqlite:///{tocsin.folder / 'new.sqlite3'}"):
        ran = tocsin("db", "upgrade", DATABASE_URL=address)
        assert (ran.code, ran.out, ran.err) == (0, "The database is at version 0001.\n", "")
        assert tocsin("db", "upgrade", "--quiet", DATABASE_URL=address).out == ""
        assert tocsin("feeds", "list", DATABASE_URL=address).code == 0

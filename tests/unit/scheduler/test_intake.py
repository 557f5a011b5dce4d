from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa

from records import LEASE, MINUTE, NOW, add_feed, entry
from tocsin.models.articles import Article, ArticlePage, PageState
from tocsin.models.feeds import Entry, Fetched, ParsedFeed
from tocsin.models.ids import ArticleId
from tocsin.store import articles
from tocsin.store.database import Database
from tocsin.store.retention import prune_articles
from tocsin.store.tables import articles as articles_table
from tocsin.store.tables import feeds as feeds_table
from tocsin_scheduler.intake import Poll, Taken, take_in

FETCHED = Fetched("https://wire.example/rss", b"<rss/>", "text/xml", '"v1"', None)
DAY = timedelta(days=1)


def poll(
    database: Database,
    entries: Sequence[Entry],
    *,
    at: datetime = NOW,
    language: str | None = None,
    feed_language: str | None = None,
    **feed_says: object,
) -> Taken:
    """Take in what a poll of the one feed there is brought, and let the feed be read at that time."""
    with database.write() as connection:
        feed = replace(add_feed(connection), language=feed_language, **feed_says)  # type: ignore[arg-type]  # fields of Feed
        parsed = ParsedFeed("The Wire", language, tuple(entries))
        taken = take_in(connection, Poll(feed, LEASE), FETCHED, parsed, at)
        connection.execute(sa.update(feeds_table).values(succeeded_at=at))
    return taken


def classified(database: Database) -> None:
    with database.write() as connection:
        connection.execute(sa.update(articles_table).values(classified_at=NOW))


def article(database: Database, number: ArticleId) -> Article:
    with database.read() as connection:
        found = articles.get_article(connection, number)
    assert found is not None
    return found


def count(database: Database) -> int:
    with database.read() as connection:
        return articles.count_articles(connection, NOW - 999 * DAY)


def news(name: str, *, key: str = "", title: str = "", at: datetime | None = NOW) -> Entry:
    title, text = title or f"Title {name}", f"Text {name}"
    hashed = sha256(f"{title}\0{text}".encode()).hexdigest()
    return replace(
        entry(name),
        key=key or name,
        title=title,
        text=text,
        published_at=at,
        published_raw=None if at is None else at.isoformat(),
        content_hash=hashed,
    )


def test_new_entries_become_articles(database: Database) -> None:
    taken = poll(database, [entry("one"), entry("two", title="Rain")])
    one, two = taken.ids
    assert taken == Taken(ids=(one, two), new_dates=(NOW, NOW))
    assert article(database, one) == Article(
        id=one,
        feed_id=article(database, two).feed_id,
        feed_title="https://wire.example/rss",
        url="https://wire.example/one",
        title="The siege is broken",
        text="Troops broke the siege.",
        author=None,
        language="en",
        home=None,
        published_at=NOW,
        first_seen_at=NOW,
        revision=1,
        backlog=False,
        story_id=None,
        classified_at=None,
        updated_at=NOW,
    )
    assert article(database, two).title == "Rain"


def test_a_changed_entry_is_the_next_revision_of_its_article_and_an_unchanged_one_is_nothing(
    database: Database,
) -> None:
    one, _ = poll(database, [entry("one"), entry("two")]).ids
    again = poll(database, [entry("one", text="Troops broke it."), entry("two")], at=NOW + 30 * MINUTE)
    assert again == Taken(ids=(one,))
    changed = article(database, one)
    assert (changed.text, changed.revision, changed.first_seen_at) == ("Troops broke it.", 2, NOW)
    assert count(database) == 2


def test_a_poll_that_brings_the_same_entries_brings_nothing(database: Database) -> None:
    poll(database, [entry("one")])
    assert poll(database, [entry("one")], at=NOW + 30 * MINUTE) == Taken()


def test_entries_of_other_feeds_are_not_known_here(database: Database) -> None:
    poll(database, [entry("one")])
    with database.write() as connection:
        other = replace(add_feed(connection, "https://other.example/rss"), succeeded_at=NOW)
        taken = take_in(connection, Poll(other, LEASE), FETCHED, ParsedFeed("", None, (entry("one"),)), NOW)
    assert len(taken.ids) == 1


@pytest.mark.parametrize(("age", "backlog"), [(DAY, False), (DAY + MINUTE, True)])
def test_what_was_old_when_a_feed_was_first_read_is_backlog_and_no_sign_of_its_rhythm(
    database: Database, age: timedelta, backlog: bool
) -> None:
    taken = poll(database, [replace(entry("one"), published_at=NOW - age)], backlog=DAY)
    [one] = taken.ids
    assert article(database, one).backlog is backlog
    assert len(taken.new_dates) == (0 if backlog else 1)


def test_what_comes_late_in_a_feed_that_was_read_before_is_news(database: Database) -> None:
    poll(database, [])
    [late] = poll(database, [replace(entry("late"), published_at=NOW - 9 * DAY)], at=NOW + 30 * MINUTE).ids
    assert article(database, late).backlog is False


def test_an_archive_that_is_emptied_into_a_feed_is_stored_as_backlog_with_a_note(database: Database) -> None:
    poll(database, [news("now")])
    archive = [news(f"old {number}", at=NOW - 40 * DAY) for number in range(20)]
    taken = poll(database, archive, at=NOW + 30 * MINUTE)
    assert [article(database, one).backlog for one in taken.ids] == [True] * 20
    assert taken.new_dates == ()
    assert taken.note == "20 new entries at once dated before 09 March 2026: kept as backlog, without alerts"


def test_nothing_was_published_after_it_was_seen(database: Database) -> None:
    entries = [replace(entry("future"), published_at=NOW + 3 * DAY), replace(entry("never"), published_at=None)]
    future, never = poll(database, entries).ids
    assert [article(database, one).published_at for one in (future, never)] == [NOW, NOW]


def test_a_feed_that_comes_back_to_the_watchlist_still_knows_what_it_had(database: Database) -> None:
    poll(database, [entry("read")])
    back = NOW + 300 * DAY
    missed = replace(news("missed"), published_at=back - 200 * DAY)
    fresh = replace(news("fresh"), published_at=back + MINUTE)
    taken = poll(database, [entry("read"), missed, fresh], at=back + 2 * MINUTE, added_at=back)
    assert [article(database, one).backlog for one in taken.ids] == [True, False]


def test_a_feed_that_changes_all_its_ids_keeps_its_articles_and_brings_nothing(database: Database) -> None:
    before = [news(f"{number}") for number in range(30)]
    ids = poll(database, before).ids
    after = [replace(one, key=f"https://new.example/{one.key}", url=f"https://new.example/{one.key}") for one in before]
    assert poll(database, after, at=NOW + 30 * MINUTE) == Taken(
        note="30 entries with new ids but known words or links: taken as the same articles"
    )
    assert [article(database, one).url for one in ids] == [one.url for one in after]
    assert poll(database, after, at=NOW + 60 * MINUTE) == Taken()
    assert poll(database, before, at=NOW + 90 * MINUTE).ids == ()


def test_an_entry_with_a_new_id_and_new_words_is_the_next_revision_of_its_article(database: Database) -> None:
    ids = poll(database, [news("one"), news("two")]).ids
    assert poll(database, [news("one", key="new", title="Siege over"), news("two")], at=NOW + MINUTE).ids == ids[:1]
    changed = article(database, ids[0])
    assert (changed.title, changed.revision) == ("Siege over", 2)
    assert count(database) == 2


def test_ids_that_count_places_bring_the_new_article_and_move_the_others(database: Database) -> None:
    def shown(*numbers: int) -> list[Entry]:
        return [news(f"{one}", key=f"place {place}", at=NOW + one * MINUTE) for place, one in enumerate(numbers)]

    ids = poll(database, shown(4, 3, 2, 1)).ids
    for step in range(5, 9):
        [new] = poll(database, shown(step, step - 1, step - 2, step - 3), at=NOW + step * MINUTE).ids
        assert article(database, new).title == f"Title {step}"
    assert [article(database, one).revision for one in ids] == [1, 1, 1, 1]
    assert count(database) == 8


def test_an_edition_of_another_day_is_an_article_of_its_own_and_the_former_one_stays(database: Database) -> None:
    [first] = poll(database, [news("advice", title="Advice", at=NOW)]).ids
    [second] = poll(database, [news("advice", title="Advice, stricter", at=NOW + DAY)], at=NOW + DAY).ids
    assert [article(database, one).title for one in (first, second)] == ["Advice", "Advice, stricter"]
    assert poll(database, [news("advice", title="Advice, stricter", at=NOW + DAY)], at=NOW + 2 * DAY).ids == ()
    [third] = poll(database, [news("advice", title="Advice, laxer", at=NOW + 3 * DAY)], at=NOW + 3 * DAY).ids
    assert len({first, second, third}) == count(database) == 3


def test_what_changes_is_backlog_no_longer_unless_it_was_not_classified_or_changed_with_all(
    database: Database,
) -> None:
    old = [news(f"{number}", at=NOW - 9 * DAY) for number in range(10)]
    ids = poll(database, old).ids

    def changed(*numbers: int, to: str) -> list[bool]:
        edited = [replace(one, text=to, content_hash=sha256(to.encode()).hexdigest()) for one in old]
        poll(database, [edited[number] if number in numbers else old[number] for number in range(10)], at=NOW + MINUTE)
        return [article(database, ids[number]).backlog for number in numbers]

    assert changed(0, to="not classified") == [True]
    classified(database)
    assert changed(1, to="by itself") == [False]
    assert changed(*range(2, 10), to="with all") == [True] * 8


def test_a_feed_that_changes_all_its_titles_is_classified_again_but_quietly(database: Database) -> None:
    poll(database, [news(f"{number}") for number in range(10)])
    classified(database)
    edited = [news(f"{number}", title=f"Wire: title {number}") for number in range(10)]
    taken = poll(database, edited, at=NOW + 30 * MINUTE)
    assert taken.note == "10 of 10 known entries changed at once: taken as an edit, without new alerts"
    assert [article(database, one).quiet for one in taken.ids] == [True] * 10
    [one] = poll(database, [news("1", title="Siege over"), *edited[2:]], at=NOW + 60 * MINUTE).ids
    assert article(database, one).quiet is False


def test_news_that_no_one_has_classified_yet_stays_news_when_all_titles_change(database: Database) -> None:
    poll(database, [news(f"{number}") for number in range(10)])
    for prefix in ("Wire", "The Wire"):
        edited = [news(f"{number}", title=f"{prefix}: title {number}") for number in range(10)]
        taken = poll(database, edited, at=NOW + 30 * MINUTE)
        assert [article(database, one).quiet for one in taken.ids] == [False] * 10


def test_a_feed_that_is_empty_for_a_while_and_full_again_brings_nothing(database: Database) -> None:
    full = [news(f"{number}") for number in range(30)]
    poll(database, full)
    assert poll(database, [], at=NOW + 30 * MINUTE) == Taken()
    assert poll(database, full, at=NOW + 60 * MINUTE) == Taken()


def test_what_was_pruned_does_not_come_back_when_its_feed_shows_it_again(database: Database) -> None:
    old = [news(f"{number}") for number in range(12)]
    ids = poll(database, old).ids
    classified(database)
    with database.write() as connection:
        assert prune_articles(connection, ids) == 12
    later = NOW + 91 * DAY
    assert poll(database, old, at=later) == Taken()
    renamed = [replace(one, key=f"new-{one.key}") for one in old]
    assert poll(database, renamed, at=later + MINUTE).ids == ()
    [new] = poll(database, [news("today", at=later), *old], at=later + 2 * MINUTE).ids
    assert article(database, new).title == "Title today"
    assert count(database) == 1


def test_the_language_is_the_entrys_or_else_the_feeds(database: Database) -> None:
    own, none = poll(database, [entry("own"), replace(entry("none"), language=None)], language="fr").ids
    assert [article(database, one).language for one in (own, none)] == ["en", "fr"]


def test_the_watchlists_language_wins_over_the_entrys_when_it_is_new_and_when_it_changed(database: Database) -> None:
    languages = []
    for text in ("Der Ring ist gesprengt.", "Der Ring hielt nicht."):
        [found] = poll(database, [entry("one", text=text)], language="fr", feed_language="de").ids
        languages.append(article(database, found).language)
    assert languages == ["de", "de"]


def test_the_pages_of_news_are_wanted_where_the_feed_is_to_be_read_in_full(database: Database) -> None:
    entries = [news("new"), news("old", at=NOW - DAY), replace(news("no link"), url="")]
    ids = poll(database, entries, full_text=True).ids + poll(database, [news("other")], at=NOW + MINUTE).ids
    assert [article(database, one).page for one in ids] == [ArticlePage(PageState.WANTED), None, None, None]


def test_news_whose_page_is_not_read_yet_stays_news_when_all_titles_change(database: Database) -> None:
    poll(database, [news(f"{number}", at=NOW + number * MINUTE) for number in range(10)], full_text=True)
    classified(database)
    edited = [news(f"{number}", title=f"Wire: title {number}", at=NOW + number * MINUTE) for number in range(10)]
    taken = poll(database, edited, at=NOW + 30 * MINUTE, full_text=True)
    assert [article(database, one).quiet for one in taken.ids] == [False] * 10

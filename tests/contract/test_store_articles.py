from __future__ import annotations

from records import MINUTE, NOW, SIEGE, add_article, add_articles, add_feed, entry, receipt
from story_filling import place
from tocsin.models.articles import Article
from tocsin.models.ids import WatchId
from tocsin.models.matches import Match
from tocsin.store import articles, matches
from tocsin.store.articles import MAX_ATTEMPTS
from tocsin.store.database import Database
from tocsin.store.identity import known_hashes


def test_an_entry_becomes_an_article_as_the_feed_gave_it(database: Database) -> None:
    with database.write() as connection:
        feed = add_feed(connection)
        [article_id] = add_articles(connection, feed.id, entry())
        stored = articles.get_article(connection, article_id)
    expected = Article(
        id=article_id,
        feed_id=feed.id,
        feed_title=feed.title,
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
    assert stored == expected


def test_any_script_and_odd_characters_come_back_as_they_went_in(database: Database) -> None:
    text = "داعش — 京都 🇸🇾 e\u0301 'quoted' \\ %s {x} \u200b"
    with database.write() as connection:
        [article_id] = add_articles(connection, add_feed(connection).id, entry(text=text))
        stored = articles.get_article(connection, article_id)
    assert stored is not None
    assert stored.text == text


def test_a_changed_entry_is_a_new_revision_that_waits_to_be_classified(database: Database) -> None:
    with database.write() as connection:
        article = add_article(connection)
        place(connection, article, NOW)
        assert articles.begin_classifying(connection, [article.id]) == []
        changed = articles.update_article(connection, article.feed_id, entry(title="Siege over"), NOW + MINUTE)
        [again] = articles.begin_classifying(connection, [changed])
    assert (again.id, again.revision, again.title) == (article.id, 2, "Siege over")


def test_hashes_are_known_by_feed_and_key(database: Database) -> None:
    with database.write() as connection:
        first, second = add_feed(connection, "https://a.example/"), add_feed(connection, "https://b.example/")
        add_articles(connection, first.id, entry("one"), entry("two"))
        assert known_hashes(connection, first.id, ["one", "three"]) == {"one": entry("one").content_hash}
        assert known_hashes(connection, second.id, ["one"]) == {}


def test_only_the_revision_that_was_seen_is_locked(database: Database) -> None:
    with database.write() as connection:
        article = add_article(connection)
        assert articles.lock_unclassified(connection, [article]) == {article.id}
        articles.update_article(connection, article.feed_id, entry(title="Changed meanwhile"), NOW)
        assert articles.lock_unclassified(connection, [article]) == set()


def test_what_was_enqueued_long_ago_and_not_classified_is_found_again(database: Database) -> None:
    with database.write() as connection:
        article = add_article(connection)
        assert articles.unclassified(connection, enqueued_before=NOW, limit=9) == []
        assert articles.unclassified(connection, enqueued_before=NOW + MINUTE, limit=9) == [(article.id, 1)]
        articles.mark_enqueued(connection, [article.id], NOW + MINUTE)
        assert articles.unclassified(connection, enqueued_before=NOW + MINUTE, limit=9) == []


def test_an_article_that_is_begun_too_often_is_put_aside_and_shown(database: Database) -> None:
    with database.write() as connection:
        article = add_article(connection)
        for _ in range(MAX_ATTEMPTS - 1):
            assert articles.quarantine_hopeless(connection, NOW) == []
            articles.begin_classifying(connection, [article.id])
        assert articles.quarantine_hopeless(connection, NOW) == [article.id]
        assert articles.begin_classifying(connection, [article.id]) == []
        assert articles.quarantined(connection) == [article]


def test_a_match_comes_back_with_its_article_and_receipt(database: Database) -> None:
    with database.write() as connection:
        article = add_article(connection)
        [new] = matches.save_matches(connection, [(article.id, receipt())], NOW)
        stored = matches.get_match(connection, new.id)
    assert stored == Match(new.id, SIEGE, article, receipt(), NOW)


def test_a_match_is_new_only_once_and_keeps_its_time(database: Database) -> None:
    with database.write() as connection:
        article = add_article(connection)
        [new] = matches.save_matches(connection, [(article.id, receipt())], NOW)
        again = matches.save_matches(connection, [(article.id, receipt(text="Siege"))], NOW + MINUTE)
        stored = matches.get_match(connection, new.id)
    assert again == []
    assert stored == Match(new.id, SIEGE, article, receipt(text="Siege"), NOW)


def test_a_match_that_no_longer_holds_is_withdrawn_and_comes_back_when_it_does(database: Database) -> None:
    with database.write() as connection:
        article = add_article(connection)
        matches.save_matches(connection, [(article.id, receipt()), (article.id, receipt(WatchId("other")))], NOW)
        matches.withdraw_matches(connection, [(article.id, [WatchId("other")])], NOW + MINUTE)
        withdrawn = {match.watch: match.withdrawn_at for match in matches.matches_of_article(connection, article.id)}
        standing = matches.latest_matches(connection, SIEGE, limit=9)
        matches.save_matches(connection, [(article.id, receipt())], NOW + 2 * MINUTE)
        back = matches.latest_matches(connection, SIEGE, limit=9)
    assert withdrawn == {SIEGE: NOW + MINUTE, WatchId("other"): None}
    assert standing == []
    assert [match.matched_at for match in back] == [NOW]


def test_matches_are_counted_by_watch(database: Database) -> None:
    with database.write() as connection:
        article = add_article(connection)
        matches.save_matches(connection, [(article.id, receipt())], NOW)
        assert matches.count_matches(connection, NOW) == {SIEGE: 1}
        assert matches.count_matches(connection, NOW + MINUTE) == {}
        assert matches.last_matched(connection) == {SIEGE: NOW}

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime

import pytest
import redis
import sqlalchemy as sa
from redis.backoff import NoBackoff
from redis.retry import Retry

from records import NOW, SIEGE, add_articles, add_feed, entry, receipt, subscriber, watchlist
from tocsin.bootstrap import Desk
from tocsin.errors import StoreError
from tocsin.matching import compile_watchlist
from tocsin.models.articles import Article
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import ArticleId, WatchId
from tocsin.models.matches import Match
from tocsin.models.watchlist import AlertRule, Channel, ChannelKind, Watch, Watchlist
from tocsin.queueing import DELIVER, Wakeups
from tocsin.regions import load_gazetteer
from tocsin.store import articles, deliveries, matches, subscribers
from tocsin.store.database import Database
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin_worker.bells import Bells
from tocsin_worker.classify import Classifier, classify, record
from tocsin_worker.newcomers import newcomer
from tocsin_worker.shelf import StoryShelf

SECRET = b"s" * 32
DOMAIN = "news.example.org"
RAIN = WatchId("rain")
DESK = Channel("desk", ChannelKind.MAIL, "desk@example.org")
CHAT = Channel("chat", ChannelKind.APPRISE, "DESK_CHAT")
WATCHES = (
    Watch(SIEGE, "Siege", keywords=("siege",), alert=AlertRule(to=("desk", "chat"))),
    Watch(RAIN, "Rain", keywords=("rain",)),
)
ZOE = subscriber("zoe@example.org", (SIEGE, RAIN))
OMAR = subscriber("omar@example.org", (RAIN,))
THE_WATCHLIST = replace(watchlist(watches=WATCHES, subscribers=(ZOE, OMAR)), channels=(DESK, CHAT))


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(THE_WATCHLIST, compile_watchlist(THE_WATCHLIST, load_gazetteer()))


@pytest.fixture
def classifier(database: Database, valkey: redis.Redis, desk: Desk) -> Classifier:
    with database.write() as connection:
        sync_subscribers(connection, THE_WATCHLIST.subscribers, NOW)
    return Classifier(database, Wakeups(valkey, SECRET), lambda: desk, Bells(DOMAIN))


def store(database: Database, *titles: str, backlog: bool = False) -> list[ArticleId]:
    with database.write() as connection:
        entries = [replace(entry(f"{number}", title=title, text="It is so.")) for number, title in enumerate(titles)]
        return add_articles(connection, add_feed(connection).id, *entries, backlog=backlog)


def change(database: Database, article_id: ArticleId, title: str, *, is_quiet: bool = False) -> None:
    with database.write() as connection:
        [feed] = connection.execute(sa.text("SELECT id FROM feeds")).scalars()
        key = connection.execute(sa.text("SELECT entry_key FROM articles WHERE id = :id"), {"id": article_id})
        changed = entry(key.scalar_one(), title=title, text="It is so.")
        articles.update_article(connection, feed, changed, NOW, is_quiet=is_quiet)


def alerts(database: Database) -> list[tuple[str, str]]:
    """The keys of the alerts and whom they go to."""
    with database.read() as connection:
        return sorted((one.key, one.target) for one in deliveries.list_deliveries(connection, limit=999))


def owed(database: Database) -> dict[str, list[str]]:
    """The titles that each subscriber is owed."""
    with database.read() as connection:
        return {
            stored.subscriber.email: [one.article.title for one in matches.matches_owed(connection, stored.id)]
            for stored in subscribers.active_subscribers(connection)
        }


def found(database: Database, article_id: ArticleId) -> list[Match]:
    with database.read() as connection:
        return matches.matches_of_article(connection, article_id)


def get(database: Database, article_id: ArticleId) -> Article:
    with database.read() as connection:
        article = articles.get_article(connection, article_id)
    assert article is not None
    return article


def test_a_match_is_stored_with_its_receipt_alerted_and_owed(database: Database, classifier: Classifier) -> None:
    one, other = store(database, "The siege goes on", "A quiet day")
    classifier.run([one, other])
    [match] = found(database, one)
    assert (match.watch, match.receipt.matched, match.receipt.hits[0].span.text) == (SIEGE, True, "siege")
    assert found(database, other) == []
    development = get(database, one).development_id
    assert alerts(database) == [
        (f"alert:siege:{development}:chat", "DESK_CHAT"),
        (f"alert:siege:{development}:desk", "desk@example.org"),
    ]
    assert owed(database) == {"zoe@example.org": ["The siege goes on"], "omar@example.org": []}
    assert classifier.wakeups.waiting(DELIVER) == 1


def test_a_watch_without_channels_is_owed_and_not_alerted(database: Database, classifier: Classifier) -> None:
    classifier.run(list(store(database, "Rain comes")))
    assert alerts(database) == []
    assert owed(database) == {"zoe@example.org": ["Rain comes"], "omar@example.org": ["Rain comes"]}
    assert classifier.wakeups.waiting(DELIVER) == 0


def test_every_article_is_marked_as_classified_with_language_and_story(
    database: Database, classifier: Classifier
) -> None:
    ids = store(database, "Der Regen hört nicht auf, und die Straßen stehen unter Wasser", "The siege goes on")
    with database.write() as connection:
        connection.execute(sa.text("UPDATE articles SET language = NULL"))
    classifier.run(list(ids))
    known = [get(database, one) for one in ids]
    assert [article.language for article in known] == ["de", "en"]
    assert None not in [article.classified_at for article in known]
    assert len({article.story_id for article in known}) == 2


def test_backlog_is_matched_but_neither_alerted_nor_owed(database: Database, classifier: Classifier) -> None:
    [one] = store(database, "The siege goes on", backlog=True)
    classifier.run([one])
    assert [match.watch for match in found(database, one)] == [SIEGE]
    assert alerts(database) == []
    assert owed(database) == {"zoe@example.org": [], "omar@example.org": []}


def test_what_only_a_quiet_revision_matches_is_shown_but_neither_alerted_nor_owed(
    database: Database, classifier: Classifier
) -> None:
    one, two = store(database, "A quiet day", "The siege goes on")
    classifier.run([one, two])
    before, due = alerts(database), owed(database)
    change(database, one, "Siege: a quiet day", is_quiet=True)
    change(database, two, "Siege: the siege goes on", is_quiet=True)
    classifier.run([one, two])
    assert [match.watch for match in found(database, one)] == [SIEGE]
    assert alerts(database) == before
    titles = {"zoe@example.org": ["Siege: the siege goes on"], "omar@example.org": []}
    assert (due.keys(), owed(database)) == (titles.keys(), titles)


@pytest.mark.parametrize(("state", "again"), [("dropped", 2), ("sent", 0)])
def test_an_alert_dropped_unsent_is_taken_up_when_a_quiet_revision_restores_its_match(
    database: Database, classifier: Classifier, state: str, again: int
) -> None:
    [one] = store(database, "The siege goes on")
    classifier.run([one])
    change(database, one, "An error", is_quiet=True)
    classifier.run([one])
    with database.write() as connection:
        connection.execute(sa.text("UPDATE deliveries SET state = :state"), {"state": state})
    change(database, one, "The siege goes on", is_quiet=True)
    classifier.run([one])
    with database.read() as connection:
        assert deliveries.count_deliveries(connection)[DeliveryState.PENDING] == again


def test_news_that_was_not_classified_before_it_changed_quietly_is_told(
    database: Database, classifier: Classifier
) -> None:
    [one] = store(database, "The siege goes on")
    change(database, one, "Siege: the siege goes on", is_quiet=True)
    classifier.run([one])
    assert len(alerts(database)) > 0


def test_a_changed_article_that_still_matches_keeps_its_match_and_is_no_news_again(
    database: Database, classifier: Classifier
) -> None:
    [one] = store(database, "The siege goes on")
    classifier.run([one])
    before, told = found(database, one), alerts(database)
    change(database, one, "Day nine of the siege")
    classifier.run([one])
    [after] = found(database, one)
    assert (after.id, after.matched_at, after.withdrawn_at) == (before[0].id, before[0].matched_at, None)
    assert after.receipt.hits[0].span.start == len("Day nine of the ")
    assert alerts(database) == told


def test_a_changed_article_that_no_longer_matches_loses_its_match_and_gets_it_back_without_a_second_alert(
    database: Database, classifier: Classifier
) -> None:
    [one] = store(database, "The siege goes on")
    classifier.run([one])
    told = alerts(database)
    change(database, one, "Rain comes")
    classifier.run([one])
    rain, siege = found(database, one)
    assert (rain.watch, rain.withdrawn_at) == (RAIN, None)
    assert isinstance(siege.withdrawn_at, datetime)
    assert owed(database)["zoe@example.org"] == ["Rain comes"]
    change(database, one, "The siege goes on after all")
    classifier.run([one])
    assert [match.withdrawn_at is None for match in found(database, one)] == [False, True]
    assert alerts(database) == told


def test_a_match_that_is_withdrawn_has_the_reason_and_loses_it_when_it_is_back(
    database: Database, classifier: Classifier
) -> None:
    [one] = store(database, "The siege goes on")
    classifier.run([one])
    change(database, one, "Rain comes")
    classifier.run([one])
    siege = found(database, one)[1]
    assert siege.withdrawn_because == "with its changed text: No keyword or name of the watch stands in it."
    change(database, one, "The siege goes on after all")
    classifier.run([one])
    assert found(database, one)[1].withdrawn_because is None


def test_a_match_of_a_watch_that_was_removed_is_withdrawn_for_that(database: Database, classifier: Classifier) -> None:
    [one] = store(database, "The siege goes on")
    with database.write() as connection:
        matches.save_matches(connection, [(one, receipt(WatchId("gone")))], NOW)
    change(database, one, "Day nine of the siege")
    classifier.run([one])
    assert [match.withdrawn_because for match in found(database, one)] == [
        "the watch is no longer in the watchlist",
        None,
    ]


def test_a_text_that_changed_while_it_was_read_waits_for_its_own_turn(
    database: Database, classifier: Classifier, desk: Desk
) -> None:
    [one] = store(database, "The siege goes on")
    with database.write() as connection:
        seen = articles.begin_classifying(connection, [one])
    verdicts = [classify(article, desk.matcher) for article in seen]
    newcomers = {one.id: newcomer(one, "en", "https://wire.example/rss") for one in seen}
    change(database, one, "Rain comes")
    shelf = StoryShelf()
    shelf.prepare(database)
    with shelf.on_trial(), database.write() as connection:
        told = record(connection, verdicts, newcomers, shelf=shelf, watchlist=desk.watchlist, bells=Bells(DOMAIN))
    assert told == []
    assert (found(database, one), get(database, one).classified_at) == ([], None)
    classifier.run([one])
    assert [match.watch for match in found(database, one)] == [RAIN]


def test_two_workers_with_the_same_batch_store_and_alert_everything_once(
    database: Database, classifier: Classifier
) -> None:
    ids = store(database, *(f"Siege, day {number}" for number in range(20)))
    ready = threading.Barrier(3)

    def work() -> None:
        ready.wait()
        classifier.run(list(ids))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(found(database, one)) for one in ids] == [1] * 20
    with database.read() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM alerts")).scalar_one() == 40
        rung = connection.execute(sa.text("SELECT count(*) FROM alerts WHERE decision = 'ring'")).scalar_one()
    assert len(alerts(database)) == rung
    assert len(owed(database)["zoe@example.org"]) == 20


def test_what_is_classified_already_or_not_there_is_left_alone(database: Database, classifier: Classifier) -> None:
    [one] = store(database, "The siege goes on")
    classifier.run([one])
    at = get(database, one).classified_at
    classifier.run([one, 999])
    assert get(database, one).classified_at == at


def test_alerts_are_entered_although_redis_is_gone(database: Database, desk: Desk) -> None:
    dead = Wakeups(redis.Redis(unix_socket_path="/nowhere/redis.sock", retry=Retry(NoBackoff(), 0)), SECRET)
    Classifier(database, dead, lambda: desk, Bells(DOMAIN)).run(list(store(database, "The siege goes on")))
    assert len(alerts(database)) == 2


def test_the_watchlist_in_force_at_the_moment_decides(database: Database, valkey: redis.Redis, desk: Desk) -> None:
    other: Watchlist = replace(THE_WATCHLIST, watches=(Watch(RAIN, "Rain", keywords=("siege",)),))
    desks = iter([desk, Desk(other, compile_watchlist(other, load_gazetteer()))])
    classifier = Classifier(database, Wakeups(valkey, SECRET), lambda: next(desks), Bells(DOMAIN))
    one, two = store(database, "The siege goes on", "The siege ends")
    classifier.run([one])
    classifier.run([two])
    assert [match.watch for article in (one, two) for match in found(database, article)] == [SIEGE, RAIN]


def test_an_article_does_not_pay_for_a_database_that_fails(classifier: Classifier, database: Database) -> None:
    [article_id] = store(database, "The siege goes on")
    for _ in range(articles.MAX_ATTEMPTS + 1):
        with database.write() as connection:
            connection.execute(sa.text("ALTER TABLE matches RENAME TO elsewhere"))
        with pytest.raises(StoreError):
            classifier.run([article_id])
        with database.write() as connection:
            connection.execute(sa.text("ALTER TABLE elsewhere RENAME TO matches"))
            assert articles.quarantine_hopeless(connection, NOW) == []
    classifier.run([article_id])
    assert [match.watch for match in found(database, article_id)] == [SIEGE]


def test_a_match_that_was_withdrawn_before_it_was_told_is_told_when_it_is_back(
    classifier: Classifier, database: Database
) -> None:
    [article_id] = store(database, "Rain again")
    for title in ("Rain again", "Sun again", "Rain again"):
        change(database, article_id, title)
        classifier.run([article_id])
    assert owed(database) == {"zoe@example.org": ["Rain again"], "omar@example.org": ["Rain again"]}

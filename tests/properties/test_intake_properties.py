"""Any sequence of polls: nothing is told twice as news, and nothing new is lost."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from records import LEASE, NOW, add_feed
from tocsin.feeds.dedupe import Findings, compare, without_copies
from tocsin.feeds.kinship import Past
from tocsin.models.feeds import Entry, Feed, Fetched, ParsedFeed
from tocsin.models.identity import KnownArticle
from tocsin.models.ids import ArticleId
from tocsin.store.database import open_database
from tocsin.store.retention import find_overdue, prune_articles
from tocsin.store.tables import articles
from tocsin_scheduler.intake import Poll, take_in

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FETCHED = Fetched("https://wire.example/rss", b"", "text/xml", None, None)
WINDOW = 12


@dataclass(frozen=True)
class Published:
    """An article as its publisher knows it, whatever the feed makes of it."""

    number: int
    at: datetime


@dataclass(frozen=True)
class Guise:
    """How the feed shows all of its articles at the moment: which ids, hosts and titles it uses."""

    ids: int = 0
    host: int = 0
    titles: int = 0

    def entry(self, published: Published) -> Entry:
        title, text = f"v{self.titles} of title {published.number}", f"The text of number {published.number}."
        return Entry(
            key=f"{self.ids}-{published.number}",
            url=f"https://h{self.host}.example/{published.number}",
            title=title,
            text=text,
            author=None,
            language="en",
            published_at=published.at,
            published_raw=published.at.isoformat(),
            content_hash=sha256(f"{title}\0{text}".encode()).hexdigest(),
        )


class FeedOverTime(RuleBasedStateMachine):
    """A publisher, its feed, and us, over months. Titles and ids (or hosts) never change in the same hour: nobody could
    tell such a feed from a new one.
    """

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp(prefix="tocsin-intake-"))
        shutil.copy(self.template, self._folder / "db.sqlite3")
        self._database = open_database(f"sqlite:///{self._folder}/db.sqlite3")
        self._now = NOW
        self._published: list[Published] = []
        self._guise = Guise()
        self._shown: list[Published] = []
        self._told: list[int] = []
        self._last = 0
        self._feed: Feed

    def teardown(self) -> None:
        self._database.close()
        shutil.rmtree(self._folder)

    @initialize(count=st.integers(0, WINDOW))
    def first_contact(self, count: int) -> None:
        with self._database.write() as connection:
            self._feed = replace(add_feed(connection), backlog=300 * DAY)
        self._publish(count)
        self._poll(self._published)

    @rule(count=st.integers(1, 4), order=st.randoms(use_true_random=False))
    def something_happens(self, count: int, order: object) -> None:
        self._publish(count)
        window = self._published[-WINDOW:]
        order.shuffle(window)  # type: ignore[attr-defined]  # hypothesis' Random
        self._poll(window)

    @rule()
    def the_feed_is_empty(self) -> None:
        self._poll([])

    @rule(back=st.integers(1, 40))
    def old_articles_are_shown_again(self, back: int) -> None:
        self._poll(self._published[-WINDOW - back : -back])

    @rule(part=st.sampled_from(["ids", "host", "ids and host", "titles"]))
    def all_entries_change(self, part: str) -> None:
        self._now += HOUR
        changes = {name: getattr(self._guise, name) + 1 for name in part.split(" and ")}
        self._guise = replace(self._guise, **changes)
        # What only later polls show again must be known by something, too.
        self._poll(self._shown)
        self._published = self._shown[:]

    @rule(days=st.integers(1, 200))
    def time_passes_and_articles_are_pruned(self, days: int) -> None:
        self._now += days * DAY
        with self._database.write() as connection:
            found = find_overdue(connection, self._now, seen_before=self._now, after=None, look_at=999)
            prune_articles(connection, found.overdue)

    def _publish(self, count: int) -> None:
        for _ in range(count):
            self._now += HOUR
            self._last += 1
            self._published.append(Published(self._last, self._now))

    def _poll(self, window: Sequence[Published]) -> None:
        """Poll, classify, and hold that each article was told once, and each new one told at all."""
        self._now += HOUR
        self._shown = list(window) or self._shown
        entries = tuple(self._guise.entry(one) for one in window)
        with self._database.write() as connection:
            take_in(connection, Poll(self._feed, LEASE), FETCHED, ParsedFeed("", None, entries), self._now)
            self._feed = replace(self._feed, succeeded_at=self._now)
            fresh = sa.select(articles.c.url).where(articles.c.classified_at.is_(None), articles.c.revision == 1)
            told = [
                int(row.url.rsplit("/")[-1]) for row in connection.execute(fresh.where(sa.not_(articles.c.backlog)))
            ]
            connection.execute(sa.update(articles).values(classified_at=self._now))
        self._told += told
        assert len(set(self._told)) == len(self._told), "told twice"
        assert {one.number for one in window} <= set(self._told), "never told"


@pytest.fixture
def template(sqlite_template: Path) -> None:
    FeedOverTime.template = sqlite_template


@pytest.mark.usefixtures("template")
def test_whatever_a_feed_does_each_article_is_told_once() -> None:
    run_state_machine_as_test(
        FeedOverTime,
        settings=settings(
            max_examples=20,
            stateful_step_count=15,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )


ENTRIES = st.lists(
    st.builds(
        Entry,
        key=st.sampled_from("abcdefgh"),
        url=st.sampled_from(["", "https://w.example/", "https://w.example/1", "https://w.example/2"]),
        title=st.sampled_from(["", "Rain", "Snow"]),
        text=st.sampled_from(["", "It falls."]),
        author=st.none(),
        language=st.none(),
        published_at=st.sampled_from([None, NOW, NOW - DAY]),
        published_raw=st.sampled_from([None, "today"]),
        content_hash=st.sampled_from(["aa" * 32, "bb" * 32, "cc" * 32]),
    ),
    unique_by=lambda entry: entry.key,
)
KNOWN = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["aa" * 32, "bb" * 32]))


def articles_under(keys: str) -> st.SearchStrategy[list[KnownArticle]]:
    article = st.builds(
        KnownArticle,
        id=st.integers(),
        key=st.sampled_from(keys),
        url=st.sampled_from(["https://w.example/1", "https://w.example/2"]),
        title=st.sampled_from(["Rain", "Snow"]),
        content_hash=st.sampled_from(["aa" * 32, "bb" * 32]),
        published_at=st.sampled_from([NOW, NOW - DAY]),
        published_raw=st.sampled_from([None, "today"]),
        backlog=st.booleans(),
    )
    return st.lists(article, unique_by=lambda article: article.key)


SHOWN = articles_under("abcdefgh")
AKIN = articles_under("ijklmnop")


def past(shown: Sequence[KnownArticle], akin: Sequence[KnownArticle] = ()) -> Past:
    by_key = {article.key: article for article in shown}
    hashes = {article.key: article.content_hash for article in shown}
    return Past(hashes, oldest=NOW - 90 * DAY, read_at=NOW - HOUR, changed=by_key, akin=[*shown, *akin])


@given(ENTRIES, SHOWN, AKIN)
def test_each_entry_is_new_known_or_an_update_of_an_article_of_its_own(
    entries: list[Entry], shown: list[KnownArticle], akin: list[KnownArticle]
) -> None:
    found = compare(entries, past(shown, akin))
    updated = [update.entry.key for update in found.updates]
    assert {entry.key for entry in found.new}.isdisjoint(updated)
    assert len({update.article.key for update in found.updates}) == len(updated)


@given(ENTRIES, SHOWN, AKIN)
def test_no_two_articles_have_one_key_afterwards(
    entries: list[Entry], shown: list[KnownArticle], akin: list[KnownArticle]
) -> None:
    found = compare(entries, past(shown, akin))
    moved = {update.article.key: update.entry.key for update in found.updates}
    nowhere = {article.key for article in found.displaced} - moved.keys()
    stay = [moved.get(article.key, article.key) for article in (*shown, *akin) if article.key not in nowhere]
    keys = [*stay, *(entry.key for entry in found.new)]
    assert len(set(keys)) == len(keys)


def _article(entry: Entry, key: str) -> KnownArticle:
    return KnownArticle(
        id=ArticleId(1),
        key=key,
        url=entry.url,
        title=entry.title,
        content_hash=entry.content_hash,
        published_at=entry.published_at or NOW,
        published_raw=entry.published_raw,
    )


@given(ENTRIES, SHOWN, AKIN)
def test_what_was_stored_is_neither_new_nor_changed_again(
    entries: list[Entry], shown: list[KnownArticle], akin: list[KnownArticle]
) -> None:
    found = compare(entries, past(shown, akin))
    written = {entry.key: _article(entry, entry.key) for entry in (*found.new, *(one.entry for one in found.updates))}
    stored = {article.key: article for article in shown} | written
    assert compare(entries, past(list(stored.values()))) == Findings()


@given(ENTRIES, SHOWN, st.randoms(use_true_random=False))
def test_what_is_found_does_not_depend_on_the_order(
    entries: list[Entry], shown: list[KnownArticle], order: object
) -> None:
    shuffled = sorted(entries, key=lambda _: order.random())  # type: ignore[attr-defined]  # hypothesis' Random
    one, other = compare(entries, past(shown)), compare(shuffled, past(shown))
    assert (set(one.new), set(one.updates)) == (set(other.new), set(other.updates))


@given(ENTRIES, KNOWN)
def test_copies_go_once_and_what_is_known_stays(entries: list[Entry], known: dict[str, str]) -> None:
    left = without_copies(entries, known)
    assert without_copies(left, known) == left
    assert {entry.content_hash for entry in left} == {entry.content_hash for entry in entries}
    assert [entry for entry in left if entry.key in known] == [entry for entry in entries if entry.key in known]

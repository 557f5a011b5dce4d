"""The policy under any order of arrival, merging, splitting and muting: nothing told twice, nothing lost, no limit
broken, no peace disturbed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.alerts import Book, Candidate, Flood, Sent, Source, Told, Verdict, Waiting, decide, release
from tocsin.alerts.quiet import quiet_until
from tocsin.models.alerts import Decision, Rule
from tocsin.models.ids import AlertId, DevelopmentId, FeedId, StoryId, WatchId
from tocsin.models.stories import Join
from tocsin.models.watchlist import AlertRule, Channel, ChannelKind, QuietHours, Rate

# The evening before a night on which clocks in Berlin show an hour twice.
START = datetime(2026, 10, 24, 16, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TICK = 5 * MINUTE
WATCHES = (WatchId("syria"), WatchId("yemen"))
FEEDS, STORIES, DEVELOPMENTS = 3, 4, 3


@dataclass(frozen=True, slots=True)
class Article:
    """One that meets both watches; ``happening`` is its story's number and its development's."""

    happening: tuple[int, int]
    feed: int
    edited: bool
    backlog: bool


@dataclass(frozen=True, slots=True)
class Merge:
    """Two stories turn out to be one."""

    kept: int
    gone: int


@dataclass(frozen=True, slots=True)
class Split:
    """A development leaves its story for one of its own."""

    happening: tuple[int, int]


Event = Article | Merge | Split

happenings = st.tuples(st.integers(1, STORIES), st.integers(1, DEVELOPMENTS))
articles = st.builds(Article, happenings, st.integers(1, FEEDS), st.booleans(), st.booleans())
plain_articles = st.builds(Article, happenings, st.integers(1, FEEDS), st.just(value=False), st.just(value=False))
stories = st.integers(1, STORIES)
events = st.one_of(
    plain_articles,
    plain_articles,
    plain_articles,
    articles,
    st.builds(Merge, stories, stories),
    st.builds(Split, happenings),
)
steps = st.lists(st.tuples(st.integers(0, 90).map(lambda minutes: minutes * MINUTE), events), min_size=1, max_size=40)
rates = st.one_of(st.none(), st.builds(Rate, st.integers(1, 3), st.sampled_from((30 * MINUTE, HOUR, DAY))))
quiet = st.one_of(
    st.none(),
    st.sampled_from((QuietHours("22:00", "07:00"), QuietHours("02:30", "02:45"), QuietHours("21:00", "02:30"))),
)
channels = st.builds(
    Channel,
    st.just("desk"),
    st.just(ChannelKind.APPRISE),
    st.just("DESK_URL"),
    timezone=st.sampled_from(("Europe/Berlin", "UTC")),
    quiet_hours=quiet,
    at_most=rates,
)
rules = st.builds(AlertRule, st.just(("desk",)), at_most=rates, outlets=st.sampled_from((None, 1, 2)))


@dataclass(slots=True)
class House:
    """A ledger in memory: runs the policy over events, with a tick every few minutes in which bundles leave."""

    channel: Channel
    rule: AlertRule
    flood: Flood | None = None
    now: datetime = START
    moved: set[tuple[int, int]] = field(default_factory=set)
    story_of: dict[int, int] = field(default_factory=lambda: {story: story for story in range(1, 100)})
    opened: dict[tuple[int, int], datetime] = field(default_factory=dict)
    told: list[tuple[WatchId, tuple[int, int], Told]] = field(default_factory=list)
    outlets: dict[tuple[int, int], dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    waiting: list[Waiting] = field(default_factory=list)
    messages: list[tuple[datetime, frozenset[WatchId]]] = field(default_factory=list)
    left: set[AlertId] = field(default_factory=set)
    verdicts: list[tuple[Article, WatchId, Verdict]] = field(default_factory=list)
    ids: Iterable[int] = field(default_factory=lambda: count(1))

    def run(self, steps: Iterable[tuple[timedelta, Event]]) -> None:
        """Let everything happen, then time pass until nothing waits."""
        for wait, event in steps:
            self.pass_until(self.now + wait)
            match event:
                case Article():
                    self.take(event)
                case Merge(kept, gone):
                    target, merged = self.story_of[kept], self.story_of[gone]
                    self.story_of = {one: target if at == merged else at for one, at in self.story_of.items()}
                case Split(happening):
                    self.split(happening)
        self.flood = None
        self.pass_until(self.now + 3 * DAY)

    def split(self, happening: tuple[int, int]) -> None:
        """Give a development a story of its own: from now on it stands under another story, as the same happening."""
        self.story_of[50 + 10 * happening[0] + happening[1]] = 50 + 10 * happening[0] + happening[1]
        self.moved.add(happening)

    def story(self, happening: tuple[int, int]) -> StoryId:
        """Give the story in force of a happening."""
        own = 50 + 10 * happening[0] + happening[1]
        return StoryId(self.story_of[own if happening in self.moved else happening[0]])

    def pass_until(self, end: datetime) -> None:
        """Tick until then."""
        while self.waiting and self.now < end:
            self.now = min(end, self.now + TICK)
            self.tick()
        self.now = max(self.now, end)

    def tick(self) -> None:
        """Let a bundle leave, if one may."""
        watches = {watch: tuple(at for at, of in self.messages if watch in of) for watch in WATCHES}
        sent = Sent(tuple(at for at, _ in self.messages), watches)
        leaving = release(self.waiting, sent, self.channel, dict.fromkeys(WATCHES, self.rule), self.now)
        if leaving is not None:
            gone = {alert.id for alert in leaving.alerts}
            assert not gone & self.left
            self.left |= gone
            self.waiting = [alert for alert in self.waiting if alert.id not in gone]
            self.messages.append((self.now, frozenset(alert.watch for alert in leaving.alerts)))

    def take(self, article: Article) -> None:
        """Decide for an article and both watches in one batch."""
        happening = article.happening
        self.opened.setdefault(happening, self.now)
        if not article.backlog:
            self.outlets[happening].setdefault(f"outlet {article.feed}", self.now)
        book = self.book()
        for watch in WATCHES:
            candidate = self.candidate(article, watch)
            verdict = decide(candidate, self.rule, self.channel, book.past(candidate, "desk"), self.now)
            book.enter(candidate, "desk", verdict, self.now)
            self.enter(article, candidate, verdict)

    def candidate(self, article: Article, watch: WatchId) -> Candidate:
        """Give an article to the policy."""
        number = article.happening[0] * 10 + article.happening[1]
        known = self.now - 2 * DAY if article.edited else self.now
        return Candidate(
            watch=watch,
            feed_id=FeedId(article.feed),
            outlet=f"outlet {article.feed}",
            story=self.story(article.happening),
            development=DevelopmentId(number),
            number=article.happening[1],
            opened_at=self.opened[article.happening],
            join=Join.SAME_EVENT,
            published_at=known,
            first_seen_at=known,
            revision=2 if article.edited else 1,
            backlog=article.backlog,
        )

    def book(self) -> Book:
        """Give what is known now; stories as they are now."""
        book = Book()
        for watch, happening, told in self.told:
            book.told[self.story(happening), watch, "desk"].append(told)
        for happening, outlets in self.outlets.items():
            known = book.outlets[self.story(happening)]
            for outlet, at in outlets.items():
                known[outlet] = min(at, known.get(outlet, at))
        for at, watches in self.messages:
            book.channel_sent["desk"].append(at)
            for watch in watches:
                book.watch_sent[watch, "desk"].append(at)
        if self.waiting:
            book.waiting["desk"] = min(alert.due_at for alert in self.waiting)
        if self.flood is not None:
            book.floods[Source.FEED, FeedId(1)] = self.flood
        return book

    def enter(self, article: Article, candidate: Candidate, verdict: Verdict) -> None:
        """Keep a verdict, and what follows from it."""
        self.verdicts.append((article, candidate.watch, verdict))
        if verdict.decision is Decision.SUPPRESS:
            return
        told = Told(candidate.development, self.now, verdict.due_at)
        self.told.append((candidate.watch, article.happening, told))
        if verdict.decision is Decision.RING:
            self.messages.append((self.now, frozenset([candidate.watch])))
            return
        assert verdict.due_at is not None
        id_ = AlertId(next(iter(self.ids)))
        story, development = candidate.story, candidate.development
        self.waiting.append(Waiting(id_, candidate.watch, story, development, candidate.opened_at, verdict.due_at))


def most_within(times: Iterable[datetime], per: timedelta) -> int:
    """Give the most messages in any stretch of that length, open at its start."""
    ordered = list(times)
    return max((sum(at <= other < at + per for other in ordered) for at in ordered), default=0)


def house_after(
    channel: Channel, rule: AlertRule, happened: Sequence[tuple[timedelta, Event]], *, floods: bool
) -> House:
    """Run it all."""
    house = House(channel, rule, Flood(Source.FEED, "outlet 1", START, 300, 1.0, "") if floods else None)
    house.run(happened)
    return house


@settings(deadline=None, max_examples=60)
@given(channels, rules, steps, st.booleans())
def test_each_match_gets_one_verdict_with_a_reason_and_what_is_bundled_leaves(
    channel: Channel, rule: AlertRule, happened: Sequence[tuple[timedelta, Event]], floods: bool
) -> None:
    house = house_after(channel, rule, happened, floods=floods)
    matches = sum(isinstance(event, Article) for _, event in happened) * len(WATCHES)
    assert len(house.verdicts) == matches
    assert all(verdict.reason for _, _, verdict in house.verdicts)
    assert all(
        (verdict.due_at is not None) == (verdict.decision is Decision.BUNDLE) for _, _, verdict in house.verdicts
    )
    bundled = sum(verdict.decision is Decision.BUNDLE for _, _, verdict in house.verdicts)
    assert (house.waiting, len(house.left)) == ([], bundled)


@settings(deadline=None, max_examples=60)
@given(channels, rules, steps, st.booleans())
def test_no_limit_is_exceeded_and_quiet_hours_are_quiet(
    channel: Channel, rule: AlertRule, happened: Sequence[tuple[timedelta, Event]], floods: bool
) -> None:
    house = house_after(channel, rule, happened, floods=floods)
    if channel.at_most is not None:
        assert most_within((at for at, _ in house.messages), channel.at_most.per) <= channel.at_most.number
    if rule.at_most is not None:
        for watch in WATCHES:
            times = (at for at, watches in house.messages if watch in watches)
            assert most_within(times, rule.at_most.per) <= rule.at_most.number
    if channel.quiet_hours is not None:
        hours = channel.quiet_hours
        assert [at for at, _ in house.messages if quiet_until(hours, channel.timezone, at)] == []


@settings(deadline=None, max_examples=60)
@given(channels, rules, steps)
def test_a_development_is_told_once_however_stories_are_merged_and_split(
    channel: Channel, rule: AlertRule, happened: Sequence[tuple[timedelta, Event]]
) -> None:
    house = house_after(channel, replace(rule, outlets=None), happened, floods=False)
    told = [
        (watch, article.happening)
        for article, watch, verdict in house.verdicts
        if verdict.decision is not Decision.SUPPRESS
    ]
    assert len(told) == len(set(told))


@settings(deadline=None, max_examples=60)
@given(channels, rules, steps)
def test_the_first_article_of_a_story_that_is_news_is_told(
    channel: Channel, rule: AlertRule, happened: Sequence[tuple[timedelta, Event]]
) -> None:
    alone = [(wait, event) for wait, event in happened if isinstance(event, Article)]
    house = house_after(channel, rule, alone, floods=False)
    first: dict[tuple[WatchId, int], Verdict] = {}
    for article, watch, verdict in house.verdicts:
        if not article.backlog and not article.edited:
            first.setdefault((watch, article.happening[0]), verdict)
    assert all(verdict.decision is not Decision.SUPPRESS for verdict in first.values())


@settings(deadline=None, max_examples=40)
@given(channels, rules, steps)
def test_backlog_and_old_edits_are_never_told(
    channel: Channel, rule: AlertRule, happened: Sequence[tuple[timedelta, Event]]
) -> None:
    house = house_after(channel, rule, happened, floods=False)
    found = {verdict.rule for article, _, verdict in house.verdicts if article.backlog or article.edited}
    assert found <= {Rule.BACKLOG, Rule.EDITED}

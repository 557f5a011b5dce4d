"""A house in memory that runs the alert policy over a made-up week, as classifier and scheduler do over a database."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from alert_week import DAY, HOUR, MAD_STORIES, MINUTE, START, WEEK, Post, Week

from tocsin.alerts import (
    LOOK_BACK,
    Book,
    Candidate,
    Flow,
    Rhythms,
    Sent,
    Sighting,
    Source,
    Verdict,
    Waiting,
    decide,
    judge,
    learn_rhythms,
    measure,
    release,
    step,
)
from tocsin.alerts.rhythm import WatchHour
from tocsin.models.alerts import Decision
from tocsin.models.ids import AlertId, DevelopmentId, FeedId, StoryId, WatchId
from tocsin.models.watchlist import AlertWhen, Channel


@dataclass(slots=True)
class Outcome:
    """What came of a week: a verdict for each post, watch and channel; what left, and when bursts and floods began."""

    verdicts: list[tuple[Post, WatchId, str, Verdict]] = field(default_factory=list)
    messages: list[tuple[datetime, str, int]] = field(default_factory=list)
    still_waiting: int = 0
    bursts: list[tuple[WatchId, datetime]] = field(default_factory=list)
    floods: list[str] = field(default_factory=list)


@dataclass(slots=True)
class House:
    """Keeps what the ledger would; ``book`` is it, for all stories at once."""

    week: Week
    book: Book = field(default_factory=Book)
    outcome: Outcome = field(default_factory=Outcome)
    stories: dict[int, int] = field(default_factory=dict)
    opened: dict[tuple[int, int], datetime] = field(default_factory=dict)
    waiting: dict[str, list[Waiting]] = field(default_factory=lambda: defaultdict(list))
    seen: dict[WatchId, deque[Sighting]] = field(default_factory=lambda: defaultdict(deque))
    known: set[tuple[WatchId, int]] = field(default_factory=set)
    rhythms: dict[WatchId, tuple[datetime, Rhythms]] = field(default_factory=dict)
    hours: dict[WatchId, dict[datetime, WatchHour]] = field(default_factory=dict)
    paces: dict[tuple[Source, FeedId | WatchId], deque[datetime]] = field(default_factory=lambda: defaultdict(deque))

    usual: dict[tuple[Source, FeedId | WatchId], float] = field(default_factory=dict)

    def run(self) -> Outcome:
        """Let the week pass, a minute at a time, and the days after it in which what waits leaves."""
        batches = {at: list(posts) for at, posts in groupby(self.week.posts, key=lambda post: post.found_at)}
        self.hours = {watch: {hour.hour_at: hour for hour in hours} for watch, hours in self.week.history.items()}
        self.usual = usual_paces(self.week)
        merges, mutes = deque(self.week.merges), deque(self.week.mutes)
        now = START
        while now < START + WEEK + 2 * DAY:
            while merges and merges[0][0] <= now:
                self._merge(*merges.popleft()[1:])
            while mutes and mutes[0][0] <= now:
                at, story, channel = mutes.popleft()
                self.book.mutes[StoryId(self._story(story)), channel] = at
            self._tick(now)
            if now.minute == 0:
                self._feel(set(self.book.bursts), now)
            if now in batches:
                self._take(batches[now], now)
            now += MINUTE
        self.outcome.still_waiting = sum(len(alerts) for alerts in self.waiting.values())
        return self.outcome

    def _story(self, story: int) -> int:
        while story in self.stories:
            story = self.stories[story]
        return story

    def _merge(self, kept: int, gone: int) -> None:
        kept, gone = self._story(kept), self._story(gone)
        if kept == gone:
            return
        self.stories[gone] = kept
        for story, watch, channel in [key for key in self.book.told if key[0] == gone]:
            told = self.book.told[StoryId(kept), watch, channel] + self.book.told.pop((story, watch, channel))
            self.book.told[StoryId(kept), watch, channel] = sorted(told, key=lambda one: one.at)
        for outlet, at in self.book.outlets.pop(StoryId(gone), {}).items():
            known = self.book.outlets[StoryId(kept)]
            known[outlet] = min(at, known.get(outlet, at))

    def _tick(self, now: datetime) -> None:
        for channel in self.week.channels:
            alerts = self.waiting[channel.name]
            if alerts and self.book.waiting[channel.name] <= now:
                self._release(channel, alerts, now)

    def _release(self, channel: Channel, alerts: list[Waiting], now: datetime) -> None:
        rules = {watch.id: watch.alert for watch in self.week.watches}
        sent = {watch: tuple(times) for (watch, name), times in self.book.watch_sent.items() if name == channel.name}
        leaving = release(alerts, Sent(tuple(self.book.channel_sent[channel.name]), sent), channel, rules, now)
        if leaving is None:
            return
        gone = {alert.id for alert in leaving.alerts}
        self.waiting[channel.name] = [alert for alert in alerts if alert.id not in gone]
        self.book.waiting.pop(channel.name)
        if self.waiting[channel.name]:
            self.book.waiting[channel.name] = min(alert.due_at for alert in self.waiting[channel.name])
        self._sent(channel.name, {alert.watch for alert in leaving.alerts}, len(gone), now)

    def _sent(self, channel: str, watches: set[WatchId], alerts: int, now: datetime) -> None:
        self.outcome.messages.append((now, channel, alerts))
        self.book.channel_sent[channel] = [at for at in self.book.channel_sent[channel] if at > now - DAY] + [now]
        for watch in watches:
            times = self.book.watch_sent[watch, channel]
            self.book.watch_sent[watch, channel] = [at for at in times if at > now - DAY] + [now]

    def _take(self, posts: Sequence[Post], now: datetime) -> None:
        candidates = [(post, self._candidate(post, watch, now)) for post in posts for watch in post.watches]
        self._look_for_floods(candidates, now)
        self._feel({candidate.watch for _, candidate in candidates}, now)
        rules = {watch.id: watch.alert for watch in self.week.watches}
        channels = {channel.name: channel for channel in self.week.channels}
        for post, candidate in candidates:
            for name in rules[candidate.watch].to:
                past = self.book.past(candidate, name)
                verdict = decide(candidate, rules[candidate.watch], channels[name], past, now)
                self._enter(candidate, name, verdict, now)
                self.outcome.verdicts.append((post, candidate.watch, name, verdict))

    def _candidate(self, post: Post, watch: WatchId, now: datetime) -> Candidate:
        story = self._story(post.happening[0])
        known = post.published_at if post.revision > 1 else now
        self.opened.setdefault(post.happening, now)
        self.book.outlets[StoryId(story)].setdefault(str(post.feed), now)
        if not post.backlog:
            self._count(post, watch, story, now)
        return Candidate(
            watch=watch,
            feed_id=FeedId(post.feed),
            outlet=str(post.feed),
            story=StoryId(story),
            development=DevelopmentId(post.happening[0] * 10 + post.happening[1]),
            number=post.happening[1],
            opened_at=self.opened[post.happening],
            join=post.join,
            published_at=post.published_at,
            first_seen_at=known,
            revision=post.revision,
            backlog=post.backlog,
        )

    def _count(self, post: Post, watch: WatchId, story: int, now: datetime) -> None:
        is_new = (watch, story) not in self.known
        self.known.add((watch, story))
        self.seen[watch].append(Sighting(post.published_at, StoryId(story), str(post.feed), is_new))
        hour = now.replace(minute=0)
        before = self.hours.setdefault(watch, {}).get(hour, WatchHour(hour, 0, 0))
        self.hours[watch][hour] = WatchHour(hour, before.stories + is_new, before.articles + 1)
        if post.revision == 1:
            self.paces[Source.FEED, FeedId(post.feed)].append(now)
        self.paces[Source.WATCH, watch].append(now)

    def _feel(self, watches: set[WatchId], now: datetime) -> None:
        for_bursts = {watch.id for watch in self.week.watches if watch.alert.when is AlertWhen.BURST}
        for watch in sorted(watches & for_bursts):
            seen = self.seen[watch]
            while seen and seen[0].at <= now - LOOK_BACK - HOUR:
                seen.popleft()
            learned = self.rhythms.get(watch)
            if learned is None or now - learned[0] > HOUR:
                hours = list(self.hours.get(watch, {}).values())
                learned = self.rhythms[watch] = now, learn_rhythms(hours, START - 8 * WEEK, now)
            pulse = measure(learned[1], seen, now)
            before = self.book.bursts.pop(watch, None)
            burst = step(before, pulse, now)
            self.book.pulses[watch] = pulse
            if burst is not None:
                self.book.bursts[watch] = burst
                if before is None:
                    self.outcome.bursts.append((watch, now))

    def _look_for_floods(self, candidates: Sequence[tuple[Post, Candidate]], now: datetime) -> None:
        feeds = {(Source.FEED, candidate.feed_id) for _, candidate in candidates}
        watches = {(Source.WATCH, candidate.watch) for _, candidate in candidates}
        for key in sorted(feeds | watches, key=str):
            times = self.paces[key]
            while times and times[0] <= now - HOUR:
                times.popleft()
            ten_minutes = sum(at > now - 10 * MINUTE for at in times)
            flow = Flow(key[0], str(key[1]), ten_minutes, len(times), self.usual.get(key, 0.0))
            before = self.book.floods.pop(key, None)
            flood = judge(flow, before, now)
            if flood is not None:
                self.book.floods[key] = flood
                if before is None:
                    self.outcome.floods.append(f"{key[0]} {key[1]}")

    def _enter(self, candidate: Candidate, channel: str, verdict: Verdict, now: datetime) -> None:
        self.book.enter(candidate, channel, verdict, now)
        if verdict.decision is Decision.RING:
            self.outcome.messages.append((now, channel, 1))
        elif verdict.due_at is not None:
            id_ = AlertId(len(self.outcome.verdicts))
            story, development = candidate.story, candidate.development
            alert = Waiting(id_, candidate.watch, story, development, candidate.opened_at, verdict.due_at)
            self.waiting[channel].append(alert)


def usual_paces(week: Week) -> dict[tuple[Source, FeedId | WatchId], float]:
    """Give how many matches an hour feeds and watches bring, on the mean of the week."""
    counts: Counter[tuple[Source, FeedId | WatchId]] = Counter()
    for post in week.posts:
        if not post.backlog and post.happening[0] // MAD_STORIES != 1:
            counts.update((Source.WATCH, watch) for watch in post.watches)
            counts[Source.FEED, FeedId(post.feed)] += len(post.watches)
    return {key: count / (WEEK / HOUR) for key, count in counts.items()}

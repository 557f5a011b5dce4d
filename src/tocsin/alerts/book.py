"""What the ledger knows for a batch of candidates, and what their verdicts add, so that each sees those before it.

The caller fills a `Book` from the ledger with few queries a batch; nothing here reads or writes one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.alerts.records import Burst, Candidate, Flood, Past, Pulse, Source, Told, Verdict
from tocsin.models.alerts import Decision
from tocsin.models.ids import FeedId, StoryId, WatchId


@dataclass(slots=True)
class Book:
    """The past of a batch: the fields of `Past`, by what they belong to. Channels are names, stories resolved.

    - ``told``: by story, watch and channel;
    - ``outlets``: by story, the names of the outlets with the ``first_seen_at`` of each's first article in it; the
      candidates of the batch included;
    - ``watch_sent``, ``channel_sent``: by watch and channel, by channel;
    - ``waiting``: by channel the earliest ``due_at``;
    - ``mutes``: by story and channel (that is, the channel's target);
    - ``floods``: by source and feed or watch;
    - ``bursts``, ``pulses``: by watch; ``bursts_told``: by watch and channel.
    """

    told: dict[tuple[StoryId, WatchId, str], list[Told]] = field(default_factory=lambda: defaultdict(list))
    outlets: dict[StoryId, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    watch_sent: dict[tuple[WatchId, str], list[datetime]] = field(default_factory=lambda: defaultdict(list))
    channel_sent: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    waiting: dict[str, datetime] = field(default_factory=dict)
    mutes: dict[tuple[StoryId, str], datetime] = field(default_factory=dict)
    floods: dict[tuple[Source, FeedId | WatchId], Flood] = field(default_factory=dict)
    bursts: dict[WatchId, Burst] = field(default_factory=dict)
    pulses: dict[WatchId, Pulse] = field(default_factory=dict)
    bursts_told: dict[tuple[WatchId, str], datetime] = field(default_factory=dict)

    def past(self, candidate: Candidate, channel: str) -> Past:
        """Give what bears on one candidate and one channel."""
        story, watch = candidate.story, candidate.watch
        flood = self.floods.get((Source.FEED, candidate.feed_id)) or self.floods.get((Source.WATCH, watch))
        return Past(
            told=tuple(self.told.get((story, watch, channel), ())),
            outlets_at=tuple(sorted(self.outlets.get(story, {}).values())),
            watch_sent=tuple(self.watch_sent.get((watch, channel), ())),
            channel_sent=tuple(self.channel_sent.get(channel, ())),
            waiting_from=self.waiting.get(channel),
            muted_at=self.mutes.get((story, channel)),
            flood=flood,
            burst=self.bursts.get(watch),
            pulse=self.pulses.get(watch),
            burst_told_at=self.bursts_told.get((watch, channel)),
        )

    def enter(self, candidate: Candidate, channel: str, verdict: Verdict, now: datetime) -> None:
        """Take a verdict in, for those that come after it."""
        if verdict.decision is Decision.SUPPRESS:
            return
        watch = candidate.watch
        self.told[candidate.story, watch, channel].append(Told(candidate.development, now, verdict.due_at))
        if watch in self.bursts:
            self.bursts_told[watch, channel] = now
        if verdict.due_at is not None:
            self.waiting[channel] = min(verdict.due_at, self.waiting.get(channel, verdict.due_at))
        else:
            self.watch_sent[watch, channel].append(now)
            self.channel_sent[channel].append(now)

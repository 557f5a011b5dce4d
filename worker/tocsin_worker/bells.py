"""Alerts of new matches: what the ledger knows is gathered, the policy decides, and the decisions are entered.

All in the classifier's transaction; see `tocsin.alerts` for the decisions themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from tocsin.alerts import Book, Candidate, Told, Verdict, decide
from tocsin.delivery import new_message_id
from tocsin.models.alerts import Decision, Rule
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import ArticleId, DeliveryId, MatchId, StoryId
from tocsin.models.watchlist import AlertRule, AlertWhen, Channel, Watchlist
from tocsin.store.alerts import (
    NewAlert,
    enter_alerts,
    last_told,
    may_be_decided_anew,
    told_stories,
)
from tocsin.store.bundles import due_alerts
from tocsin.store.bursts import count_matches_by_hour
from tocsin.store.candidates import PlacedMatch, outlets_first_seen, placed_matches
from tocsin.store.deliveries import NewDelivery, enter_deliveries, ids_by_key, messages_since
from tocsin.store.matches import NewMatch
from tocsin.store.mutes import mute_target, muted_stories
from tocsin.vigil import Pulses, look_for_floods


class _Asked(NamedTuple):
    """A match and a channel of its watch: what a decision is wanted for."""

    match: MatchId
    candidate: Candidate
    rule: AlertRule
    channel: Channel


@dataclass(frozen=True, slots=True)
class Bells:
    """Decides and enters the alerts of new matches. ``pulses`` remembers rhythms between batches."""

    mail_domain: str
    pulses: Pulses = field(default_factory=Pulses)

    def ring(
        self,
        connection: sa.Connection,
        new: Sequence[NewMatch],
        watchlist: Watchlist,
        now: datetime,
        *,
        unread: Collection[ArticleId] = (),
    ) -> list[DeliveryId]:
        """Decide for new matches, and for withdrawn ones that are back, and enter the decisions.

        Their articles are placed already, under the lock of `tocsin.store.placements.lock_stories`: one process at a
        time decides what is told, since each must see what those before it told. ``unread`` are those that were never
        classified before: whatever their revision, it is no edit. Gives the messages to be sent at once.
        """
        ids = [match.id for match in new]
        count_matches_by_hour(connection, ids, now)
        placed = placed_matches(connection, ids)
        asked = _asked(connection, placed, watchlist, unread)
        if not asked:
            return []
        book = _book(connection, asked, now)
        _add_floods(connection, book, placed, watchlist, now)
        self._add_bursts(connection, book, asked, now)
        return _enter(connection, _decide(asked, book, now), self.mail_domain, now)

    def _add_bursts(self, connection: sa.Connection, book: Book, asked: Sequence[_Asked], now: datetime) -> None:
        watches = {one.candidate.watch for one in asked if one.rule.when is AlertWhen.BURST}
        felt = self.pulses.feel(connection, watches, now)
        book.pulses = {watch: pulse for watch, (pulse, _) in felt.items()}
        book.bursts = {watch: burst for watch, (_, burst) in felt.items() if burst is not None}
        book.bursts_told = last_told(connection, book.bursts.keys(), {one.match for one in asked})


def _asked(
    connection: sa.Connection, placed: Iterable[PlacedMatch], watchlist: Watchlist, unread: Collection[ArticleId]
) -> list[_Asked]:
    """Pair matches with the channels of their watches; those that were told, or were not for good reasons, are out."""
    channels = {channel.name: channel for channel in watchlist.channels}
    rules = {watch.id: watch.alert for watch in watchlist.watches if watch.alert.to}
    placed = [match for match in placed if match.watch in rules]
    before = may_be_decided_anew(connection, [match.id for match in placed])
    placed = [replace(match, revision=1) if match.article_id in unread else match for match in placed]
    return [
        _Asked(match.id, _candidate(match, is_owed=(match.id, name) in before), rules[match.watch], channels[name])
        for match in placed
        for name in rules[match.watch].to
        if before.get((match.id, name), True)
    ]


def _candidate(match: PlacedMatch, *, is_owed: bool) -> Candidate:
    """Give a match to the policy. What an edit took back before it was told, and another one restored (``is_owed``),
    was news, and is, whatever revision restored it.
    """
    candidate = Candidate(
        watch=match.watch,
        feed_id=match.feed_id,
        outlet=match.outlet,
        story=match.story_id,
        development=match.development_id,
        number=match.number,
        opened_at=match.opened_at,
        join=match.join,
        published_at=match.published_at,
        first_seen_at=match.first_seen_at,
        revision=match.revision,
        backlog=match.backlog,
        quiet=match.quiet,
        news=match.news,
    )
    return replace(candidate, revision=1, backlog=False, quiet=False) if is_owed else candidate


def _book(connection: sa.Connection, asked: Sequence[_Asked], now: datetime) -> Book:
    """Gather what the ledger knows of these stories, watches and channels."""
    book = Book()
    stories = {one.candidate.story for one in asked}
    undecided = {one.match for one in asked}
    for told in told_stories(connection, stories, undecided):
        known = Told(told.development_id, told.decided_at, told.due_at)
        book.told[told.story_id, told.watch, told.channel].append(known)
    for story, outlets in outlets_first_seen(connection, stories).items():
        book.outlets[story] = outlets
    _add_messages(connection, book, asked, now)
    for alert in due_alerts(connection, now, {one.channel.name for one in asked}, undecided):
        book.waiting[alert.channel] = min(alert.due_at, book.waiting.get(alert.channel, alert.due_at))
    _add_mutes(connection, book, {one.channel.name: one.channel for one in asked}.values(), stories)
    return book


def _add_messages(connection: sa.Connection, book: Book, asked: Sequence[_Asked], now: datetime) -> None:
    rates = [rate for one in asked for rate in (one.rule.at_most, one.channel.at_most) if rate is not None]
    if rates:
        for message in messages_since(
            connection, {one.channel.name for one in asked}, now - max(rate.per for rate in rates)
        ):
            book.channel_sent[message.channel].append(message.entered_at)
            for watch in message.watches:
                book.watch_sent[watch, message.channel].append(message.entered_at)


def _add_mutes(
    connection: sa.Connection, book: Book, channels: Iterable[Channel], stories: Collection[StoryId]
) -> None:
    muted = muted_stories(connection, stories)
    for channel in channels if muted else ():
        target = mute_target(channel.target)
        book.mutes |= {(story, channel.name): at for (who, story), at in muted.items() if who == target}


def _add_floods(
    connection: sa.Connection, book: Book, placed: Iterable[PlacedMatch], watchlist: Watchlist, now: datetime
) -> None:
    names = {watch.id: watch.title for watch in watchlist.watches}
    feeds = {match.feed_id: match.feed_title for match in placed}
    watches = {match.watch: names.get(match.watch, match.watch) for match in placed}
    book.floods = look_for_floods(connection, feeds, watches, now)


def _decide(asked: Sequence[_Asked], book: Book, now: datetime) -> list[tuple[_Asked, Verdict]]:
    decided = []
    for one in asked:
        name = one.channel.name
        verdict = decide(one.candidate, one.rule, one.channel, book.past(one.candidate, name), now)
        book.enter(one.candidate, name, verdict, now)
        decided.append((one, verdict))
    return decided


def _enter(
    connection: sa.Connection, decided: Sequence[tuple[_Asked, Verdict]], mail_domain: str, now: datetime
) -> list[DeliveryId]:
    """Enter decisions, and the messages of those that ring; gives the messages that were not there before."""
    keys = {number: _key(one, verdict) for number, (one, verdict) in enumerate(decided) if _rings(verdict)}
    messages = [_message(decided[number][0].channel, key, mail_domain) for number, key in keys.items()]
    entered = enter_deliveries(connection, messages, now)
    ids, new = ids_by_key(connection, keys.values()), set(entered)
    alerts = []
    for number, (one, verdict) in enumerate(decided):
        delivery_id = ids[keys[number]] if number in keys else None
        alerts.append(_alert(one, verdict, delivery_id, is_new=delivery_id in new))
    enter_alerts(connection, alerts, now)
    return entered


def _rings(verdict: Verdict) -> bool:
    return verdict.decision is Decision.RING


def _key(one: _Asked, verdict: Verdict) -> str:
    """Name what is told, so that it is told once whoever asks: a development; a burst; further outlets, by the match
    that told of them.
    """
    candidate, name = one.candidate, one.channel.name
    match verdict.rule:
        case Rule.BURST:
            return f"burst:{candidate.watch}:{one.match}:{name}"
        case Rule.OUTLETS:
            return f"alert:{candidate.watch}:{candidate.development}:{name}:{one.match}"
        case _:
            return f"alert:{candidate.watch}:{candidate.development}:{name}"


def _message(channel: Channel, key: str, mail_domain: str) -> NewDelivery:
    return NewDelivery(
        key=key,
        kind=DeliveryKind.ALERT,
        channel=channel.kind,
        target=channel.target,
        message_id=new_message_id(mail_domain),
        name=channel.name,
    )


def _alert(one: _Asked, verdict: Verdict, delivery_id: DeliveryId | None, *, is_new: bool) -> NewAlert:
    candidate = one.candidate
    alert = NewAlert(
        match_id=one.match,
        watch=candidate.watch,
        channel=one.channel.name,
        story_id=candidate.story,
        development_id=candidate.development,
        decision=verdict.decision,
        rule=verdict.rule,
        reason=verdict.reason,
        due_at=verdict.due_at,
        delivery_id=delivery_id,
    )
    if delivery_id is None or is_new:
        return alert
    # The development was told while it belonged to another story, from which it was split since.
    told = "told before, as part of another story"
    return replace(alert, decision=Decision.SUPPRESS, rule=Rule.TOLD, reason=told, delivery_id=None)

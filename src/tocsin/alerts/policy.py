"""What becomes of a new match on one channel of its watch. Pure: the clock is a parameter, the past is given.

Two questions, each with its rules in a fixed order, the first that answers wins:

1. *Is it to be told?* Backlog and quiet revisions, old articles that were edited, muted stories and articles that are
   known already are not. With ``when: burst`` a burst is told once, and again each time it has grown to a multiple.
   With ``when: story`` a story is told, then each development that is new since the last alert, then, if asked for,
   each time so many further outlets have it.
2. *When?* A flood, the limit of the watch, that of the channel and its quiet hours each hold it back, and it leaves
   with the others that wait, in one message. What would be told while an earlier bundle is about to leave goes with it.

What is to be told is told at once or bundled; nothing else is suppressed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from tocsin.alerts.limits import opens_at
from tocsin.alerts.quiet import quiet_until
from tocsin.alerts.records import Burst, Candidate, Past, Pulse, Told, Verdict
from tocsin.alerts.wording import at_most_words, clock, counted, span_words, when
from tocsin.models.alerts import Decision, Rule
from tocsin.models.stories import Join
from tocsin.models.watchlist import AlertRule, AlertWhen, Channel, Rate

EDITED_AFTER = timedelta(days=1)
"""How long an article must have been known for its edits to be no news."""

_HOUR = timedelta(hours=1)


class _News(NamedTuple):
    """Why a candidate is to be told."""

    rule: Rule
    reason: str


class _Hold(NamedTuple):
    """What holds an alert back, until when, and in words."""

    until: datetime
    rule: Rule
    reason: str


def decide(candidate: Candidate, rule: AlertRule, channel: Channel, past: Past, now: datetime) -> Verdict:
    """Decide for one new match of a watch with this rule, and one of the channels that the rule names."""
    unheard = _unheard(candidate, past, now)
    if unheard is not None:
        return unheard
    found = _burst_news(past, now) if rule.when is AlertWhen.BURST else _story_news(candidate, rule, past, now)
    if isinstance(found, Verdict):
        return found
    hold = _hold(rule, channel, past, now)
    if hold is not None:
        return Verdict(Decision.BUNDLE, hold.rule, f"{found.reason}; {hold.reason}", hold.until)
    if past.waiting_from is not None and past.waiting_from <= now:
        # What waits and is due leaves first: rings in between would take its turn again and again.
        return Verdict(Decision.BUNDLE, found.rule, f"{found.reason}; with the others that leave now", now)
    return Verdict(Decision.RING, found.rule, found.reason)


def _suppress(rule: Rule, reason: str) -> Verdict:
    return Verdict(Decision.SUPPRESS, rule, reason)


def _unheard(candidate: Candidate, past: Past, now: datetime) -> Verdict | None:
    """Sort out what is never told, whatever the watch asks for."""
    published = f"published {when(candidate.published_at, now)}"
    if candidate.backlog:
        return _suppress(Rule.BACKLOG, f"{published}, older than news when its feed was first read")
    if candidate.quiet:
        return _suppress(Rule.BACKLOG, "the feed changed most of its entries at once; what that adds is not told")
    if candidate.revision > 1 and now - candidate.first_seen_at > EDITED_AFTER:
        known = clock(candidate.first_seen_at, now)
        return _suppress(Rule.EDITED, f"an edit of an old article: {published}, known since {known}")
    if past.muted_at is not None:
        return _suppress(Rule.MUTED, f"the story was muted {when(past.muted_at, now)}")
    if candidate.join is Join.SAME_ARTICLE and (past.told or now - candidate.published_at > EDITED_AFTER):
        return _suppress(
            Rule.SAME_ARTICLE, f"an article that is known already, published again (this copy {published})"
        )
    return None


def _story_news(candidate: Candidate, rule: AlertRule, past: Past, now: datetime) -> _News | Verdict:
    if not past.told:
        return _News(Rule.NEW_STORY, "a story new to this watch")
    last = max(past.told, key=lambda told: told.at)
    told_at = min(last.at, now)  # a clock that was ahead and was set right must silence nothing
    known = candidate.development in {told.development for told in past.told}
    if not known and candidate.opened_at >= told_at:
        brings = f" ({'; '.join(candidate.news)})" if candidate.news else ""
        return _News(
            Rule.DEVELOPMENT, f"development {candidate.number} of the story{brings}; the last was {_told(last, now)}"
        )
    further = sum(at > told_at for at in past.outlets_at)
    if rule.outlets is not None and further >= rule.outlets:
        return _News(Rule.OUTLETS, f"{counted(further, 'further outlet')} {_since_told(last, now)}")
    return _suppress(Rule.TOLD, f"{_told(last, now)}, {_nothing_new(candidate, rule, further, known=known)}")


def _told(last: Told, now: datetime) -> str:
    if last.due_at is not None:
        return f"waiting in a bundle since {clock(last.at, now)}"
    return f"told {when(last.at, now)}"


def _since_told(last: Told, now: datetime) -> str:
    if last.due_at is not None:
        return f"while the story waits in a bundle, since {clock(last.at, now)}"
    return f"since the story was {_told(last, now)}"


def _nothing_new(candidate: Candidate, rule: AlertRule, further: int, *, known: bool) -> str:
    new = "no new development since" if known else f"development {candidate.number} is older than that"
    return new if rule.outlets is None else f"{new}, {further} of {counted(rule.outlets, 'further outlet')}"


def _burst_news(past: Past, now: datetime) -> _News | Verdict:
    burst, told_at = past.burst, past.burst_told_at
    if burst is None:
        return _suppress(Rule.NO_BURST, _no_burst(past.pulse))
    if told_at is not None and told_at >= burst.called_at:
        then = f"the burst was told {when(told_at, now)}, with {_figures(burst)}"
        return _suppress(Rule.TOLD, f"{then}; it has not grown to a multiple since")
    return _News(Rule.BURST, f"a burst: {_figures(burst)}, by {counted(burst.outlets, 'outlet')}")


def _no_burst(pulse: Pulse | None) -> str:
    return "no burst" if pulse is None else f"no burst: {_figures(pulse)}, by {counted(pulse.outlets, 'outlet')}"


def _figures(measured: Burst | Pulse) -> str:
    return f"{measured.found} {measured.measure} in {span_words(measured.window)}, {measured.usual:.1f} usual"


def _hold(rule: AlertRule, channel: Channel, past: Past, now: datetime) -> _Hold | None:
    """Give what holds an alert back the longest; quiet hours last, since the others may end within them."""
    holds = [
        *_flood_hold(past, now),
        *_limit_hold(Rule.AT_MOST, "of this watch", rule.at_most, past.watch_sent, now),
        *_limit_hold(Rule.CHANNEL_LIMIT, f"to {channel.name}", channel.at_most, past.channel_sent, now),
    ]
    held = max(holds, key=lambda hold: hold.until, default=None)
    return _quiet_hold(channel, held.until if held else now) or held


def _flood_hold(past: Past, now: datetime) -> list[_Hold]:
    if past.flood is None:
        return []
    flood = past.flood
    until = now.replace(minute=0, second=0, microsecond=0) + _HOUR
    since = f"the {flood.source} {flood.name} has been flooding since {clock(flood.began_at, now)}"
    return [_Hold(until, Rule.FLOOD, f"{since}, bundled until {clock(until, now)}")]


def _limit_hold(rule: Rule, whose: str, rate: Rate | None, sent: tuple[datetime, ...], now: datetime) -> list[_Hold]:
    until = opens_at(sent, rate, now)
    if rate is None or until <= now:
        return []
    said = f"at most {at_most_words(rate)} {whose}: that many since {clock(until - rate.per, now)}"
    return [_Hold(until, rule, f"{said}, bundled until {clock(until, now)}")]


def _quiet_hold(channel: Channel, leaves_at: datetime) -> _Hold | None:
    hours = channel.quiet_hours
    until = quiet_until(hours, channel.timezone, leaves_at) if hours else None
    if hours is None or until is None:
        return None
    return _Hold(
        until, Rule.QUIET_HOURS, f"quiet hours of {channel.name}: {hours.start}-{hours.end} {channel.timezone}"
    )

"""WebSub, the subscriber's side, decided: what a hub is asked, what its answers mean, whether what it sends is its own.

Pure; the sections named are those of the W3C Recommendation (https://www.w3.org/TR/2018/REC-websub-20180123/). Asking
is the scheduler's work, listening the web process's.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from tocsin.feeds.addresses import literal_address, may_be_reached
from tocsin.feeds.next_check import check_after_hold, interval_of, out_of_skipped
from tocsin.feeds.rhythm import observe
from tocsin.models.feeds import Feed, ParsedFeed
from tocsin.models.websub import HubMode, HubSubscription

CALLBACK_PATH: Final = "/websub/"

LEASE: Final = timedelta(days=10)
"""What is asked for; the hub may give less or more."""

LONGEST_LEASE: Final = timedelta(days=30)
RENEWED_AFTER: Final = 0.8
"""The part of a lease after which it is renewed: of ten days that leaves two for a hub that does not answer."""

SOONEST: Final = timedelta(minutes=10)
"""No hub is asked about the same feed more often, however short its leases."""

FIRST_RETRY: Final = timedelta(hours=1)
"""A hub may take its time to verify, but one that took so long has most likely lost the request."""

LAST_RETRY: Final = timedelta(days=7)
LATE: Final = timedelta(hours=1)
"""News this old that a poll finds first are news that the hub did not bring."""

PROBATION: Final = timedelta(days=7)
"""A hub that did not bring news is not relied on for so long; what it sends counts all the same."""

FAREWELLS: Final = 3
"""So often a hub is asked to end a subscription; after that the lease ends it."""

LONGEST_CHALLENGE: Final = 4096
_REASON_LIMIT: Final = 200

# Names that no resolver of the outside world answers for: RFC 6761, RFC 6762, RFC 7686, RFC 8375, and .internal, which
# ICANN reserved in 2024; .lan is nobody's, but many routers'.
_INSIDE: Final = re.compile(
    r"(?:^|\.)(?:localhost|local|internal|intranet|lan|test|example|invalid|onion|home\.arpa)$", re.ASCII
)
# Many hubs, Google's among them, sign with SHA-1 alone. What is broken in it are collisions, and to forge an HMAC they
# are of no use (RFC 6194, section 3.3): the signature still tells the hub from anybody else.
_SIGNATURE: Final = re.compile(r"\s*(sha1|sha256|sha384|sha512)=([0-9a-fA-F]{40,128})\s*", re.ASCII)


def callback_root(base_url: str) -> str | None:
    """Give what callbacks begin with, None where hubs cannot reach the pages: at a loopback or private address, or
    under a name of the inside.

    >>> callback_root("https://news.tocsin.org/watch")
    'https://news.tocsin.org/watch/websub/'
    >>> callback_root("http://127.0.0.1:8080")
    """
    host = (urlsplit(base_url).hostname or "").rstrip(".")
    address = literal_address(host)
    reachable = may_be_reached(address) if address else "." in host and not _INSIDE.search(host)
    return f"{base_url.rstrip('/')}{CALLBACK_PATH}" if reachable else None


def request_form(subscription: HubSubscription) -> dict[str, str]:
    """Give the fields of a request to a hub (section 5.1).

    The secret goes to hubs without TLS too, although the Recommendation advises against it: who reads that connection
    reads the callback as well, and what is unsigned would be believed from anybody who learns it.
    """
    fields = {
        "hub.callback": subscription.callback,
        "hub.mode": subscription.mode.value,
        "hub.topic": subscription.topic,
    }
    if subscription.mode is HubMode.SUBSCRIBE:
        fields |= {"hub.lease_seconds": str(round(LEASE.total_seconds())), "hub.secret": subscription.secret}
    return fields


def next_request_at(now: datetime, failures: int) -> datetime:
    """Give when a hub is asked again that led to nothing ``failures`` times, the one that goes out now not counted.

    The wait doubles, from an hour up to a week; meanwhile the hub may still verify.
    """
    return now + min(FIRST_RETRY * (1 << min(failures, 16)), LAST_RETRY)


def has_ended(subscription: HubSubscription, now: datetime) -> bool:
    """Tell whether a subscription that is not wanted can be forgotten: it has no lease, or its hub does not listen."""
    if subscription.mode is HubMode.SUBSCRIBE:
        return False
    holds = subscription.leased_until is not None and subscription.leased_until > now
    return not holds or subscription.failures >= FAREWELLS


def check_after_push(feed: Feed, now: datetime, shortest: timedelta) -> datetime:
    """Say when a feed is asked that a hub delivers no longer: as soon as its own rhythm would have it.

    Many leases may end together, so what is overdue comes back spread over a quarter of its interval; nothing comes
    sooner than the publisher wants, or later than it was due.
    """
    if feed.failures:
        return feed.next_check_at
    interval = interval_of(replace(feed, pushed_until=None), now, shortest=shortest)
    spread = check_after_hold(feed.id, now, interval)
    due = max(spread, (feed.checked_at or feed.added_at) + interval, feed.polling.not_before or now)
    return min(feed.next_check_at, out_of_skipped(due, feed.polling.hints, spread - now))


def judge_hub(feed: Feed, times: Sequence[datetime], now: datetime) -> Feed:
    """Give a feed's state after a poll whose news are of these ``times``: its hub should have brought them before.

    Many publishers name a hub and never tell it anything; who relied on that would get all news a day late. News
    without dates bear the time of the poll: one may have come this minute, several hardly.
    """
    if feed.pushed_until is None or feed.pushed_until <= now:
        return feed
    undated = sum(at == now for at in times)
    if undated <= 1 and not any(now - at > LATE for at in times):
        return feed
    return replace(feed, pushed_until=None, polling=replace(feed.polling, push_from=now + PROBATION))


def after_ping(
    feed: Feed, subscription: HubSubscription, parsed: ParsedFeed, times: Sequence[datetime], now: datetime
) -> Feed:
    """Give a feed's state after a ping whose news are of these ``times``.

    A hub is relied on, until its lease ends, from the first ping on that could be read. The feed's rhythm learns from
    it as from a poll. Validators, hash and next poll stay: they are between the feed's own server and us. So does its
    hub, which a ping with nothing but new entries need not name.
    """
    on_probation = feed.polling.push_from is not None and feed.polling.push_from > now
    if subscription.mode is HubMode.SUBSCRIBE and subscription.leased_until and not on_probation:
        feed = replace(feed, pushed_until=subscription.leased_until)
    rhythm = feed.polling.rhythm
    if rhythm is not None:
        seen = observe(rhythm, times, parsed, now)
        rhythm = replace(seen, window=rhythm.window, entries=rhythm.entries)
    changed_at = now if times else feed.changed_at
    return replace(feed, changed_at=changed_at, polling=replace(feed.polling, rhythm=rhythm))


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The hub may go on: echo the challenge. For a subscription, the lease and when to renew it."""

    leased_until: datetime | None = None
    renew_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Denied:
    """The hub does not want to deliver; ``problem`` says so in words."""

    problem: str
    retry_at: datetime


def answer_to(subscription: HubSubscription, query: Mapping[str, str], now: datetime) -> Confirmed | Denied | None:
    """Decide what a hub's GET to a callback means (sections 5.2 and 5.3); None is for anything that was not asked.

    An intent is confirmed only while it is pending: the same mode, the same topic, and not verified before.
    """
    if query.get("hub.topic") != subscription.topic:
        return None
    if query.get("hub.mode") == "denied":
        return Denied(_denial(subscription.hub, query.get("hub.reason", "")), now + LAST_RETRY)
    challenge = query.get("hub.challenge", "")
    pending = subscription.awaiting and query.get("hub.mode") == subscription.mode
    if not pending or not 0 < len(challenge) <= LONGEST_CHALLENGE:
        return None
    if subscription.mode is HubMode.UNSUBSCRIBE:
        return Confirmed()
    lease = _lease(query.get("hub.lease_seconds"))
    return Confirmed(now + lease, now + max(lease * RENEWED_AFTER, SOONEST))


def _lease(given: str | None) -> timedelta:
    """Read a lease; a hub that says none, as those older than the Recommendation, took what it was asked for."""
    if given is None or not re.fullmatch("[1-9][0-9]{0,17}", given, re.ASCII):
        return LEASE
    return min(timedelta(seconds=min(int(given), 10**9)), LONGEST_LEASE)


def _denial(hub: str, reason: str) -> str:
    said = "".join(char if char.isprintable() else " " for char in reason).strip()[:_REASON_LIMIT]
    told = f", saying “{said}”" if said else " without a reason"
    return f"the hub {hub} refuses to deliver this feed{told}; it is polled instead, and the hub asked again in a week"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that is being checked: feed the body to ``digest``, then ask `holds`."""

    digest: hmac.HMAC
    claimed: str

    def holds(self) -> bool:
        """Tell whether what was fed is what was signed; takes the same time whatever is wrong."""
        return hmac.compare_digest(self.digest.hexdigest(), self.claimed)


def signature(header: str | None, secret: str) -> Signature | None:
    """Read an ``X-Hub-Signature`` header (section 7.1); None where it is missing or of a method that is not listed."""
    found = _SIGNATURE.fullmatch(header or "")
    if found is None:
        return None
    return Signature(hmac.new(secret.encode(), digestmod=found[1]), found[2].lower())

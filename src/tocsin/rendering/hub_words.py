"""What is said of a feed's hub and its subscription, in pages and on the command line."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tocsin.feeds.websub import callback_root
from tocsin.models.feeds import Feed
from tocsin.models.websub import HubSubscription

_REMEDY: Final = "set TOCSIN_BASE_URL to a public address at which the web process is reached"


def hub_words(feed: Feed, subscription: HubSubscription | None, base_url: str, now: datetime) -> str:
    """Say how the hub does that a feed names; "" where it names none."""
    if feed.polling.hub is None:
        return ""
    if subscription is not None:
        return words(feed, subscription, now)
    hub = feed.polling.hub.hub
    if callback_root(base_url) is None:
        return f"the hub {hub} could deliver this feed, but not to {base_url}, so the feed is polled; {_REMEDY}"
    return f"the hub {hub} could deliver this feed; it is asked within a minute, unless TOCSIN_WEBSUB is off"


def summary(named: int, delivered: int, root: str | None) -> str:
    """Say in a line what hubs do for us; "" where no feed names one.

    >>> summary(3, 2, "https://news.example.org/websub/")
    'Of 3 feeds that name a hub, hubs deliver 2.'
    """
    if not named:
        return ""
    feeds = "1 feed that names" if named == 1 else f"{named:,} feeds that name"
    if root is not None:
        return f"Of {feeds} a hub, hubs deliver {delivered:,}."
    return f"Of {feeds} a hub, none is asked to deliver: TOCSIN_WEBSUB is off, or hubs cannot call back; {_REMEDY}."


def words(feed: Feed, subscription: HubSubscription, now: datetime) -> str:
    """Say how a feed's subscription stands.

    "delivered by the hub https://hub.example/ until 20 March", or why it is not.
    """
    if subscription.leased_until is not None and subscription.leased_until > now:
        return _words_of_lease(feed, subscription.hub, now)
    if subscription.problem:
        return subscription.problem
    if subscription.asked_at is None:
        return f"the hub {subscription.hub} is to be asked to deliver this feed"
    if subscription.failures:
        return (
            f"the hub {subscription.hub} was asked to deliver this feed, but did not call back; "
            "let it reach TOCSIN_BASE_URL from outside, at the path /websub/, without a login"
        )
    return f"the hub {subscription.hub} was asked to deliver this feed and has not called back yet"


def _words_of_lease(feed: Feed, hub: str, now: datetime) -> str:
    if feed.pushed_until is not None and feed.pushed_until > now:
        return f"delivered by the hub {hub} until {feed.pushed_until:%-d %B}"
    if feed.polling.push_from is not None and feed.polling.push_from > now:
        until = f"{feed.polling.push_from:%-d %B}"
        return (
            f"the hub {hub} did not bring news that a poll found, so the feed is polled as if it had none until {until}"
        )
    return f"the hub {hub} agreed to deliver this feed and has sent nothing yet; the feed is polled until it does"

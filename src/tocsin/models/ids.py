"""Identifiers; each a type of its own, so that mypy tells a feed's from an article's."""

from __future__ import annotations

from typing import NewType

FeedId = NewType("FeedId", int)
ArticleId = NewType("ArticleId", int)
StoryId = NewType("StoryId", int)
DevelopmentId = NewType("DevelopmentId", int)
MatchId = NewType("MatchId", int)
SubscriberId = NewType("SubscriberId", int)
SignupId = NewType("SignupId", int)
DigestId = NewType("DigestId", int)
DeliveryId = NewType("DeliveryId", int)
AlertId = NewType("AlertId", int)
NoticeId = NewType("NoticeId", int)
HubSubscriptionId = NewType("HubSubscriptionId", int)
PingId = NewType("PingId", int)

WatchId = NewType("WatchId", str)
"""The key of a watch in the watchlist, such as ``islamic-state``."""

PlaceId = NewType("PlaceId", str)
"""A country as ISO 3166-1 alpha-2 (``SY``), a province as ISO 3166-2 (``SY-DY``), a city as ``geonames:170794``, an
area by its slug (``sahel``).
"""

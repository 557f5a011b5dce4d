"""How a good feed client is served by hubs: manner 44, WebSub, against a publisher with a hub on loopback."""

from __future__ import annotations

from datetime import timedelta

import redis

from pushed_house import pushed_house
from tocsin.queueing import Wakeups
from tocsin.store.database import Database
from websub_hub import hub_running, rss

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_44_a_hub_is_subscribed_to_with_a_secret_polls_relax_its_lease_is_renewed_and_no_news_told_twice(
    sqlite: Database, valkey: redis.Redis
) -> None:
    with hub_running() as hub, pushed_house(sqlite, Wakeups(valkey, b"s" * 32), hub) as house:
        house.poll()
        assert house.ask_hubs() == 1
        [form] = hub.requests
        assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", hub.topic)
        assert len(form["hub.secret"]) >= 32

        assert hub.ask_back(topic="https://other.example/")[0] == 404
        assert hub.ask_back(challenge="one") == (200, "one")
        hub.document = rss("Siege broken", "Siege begins", links=hub.links)
        assert hub.deliver(hub.document, secret="guessed") == 202
        assert house.take_in() == []
        assert hub.deliver(hub.document) == 202
        assert len(house.take_in()) == 1
        house.poll()
        assert house.titles == ["Siege begins", "Siege broken"]
        feed = house.feed
        assert feed.checked_at is not None
        assert feed.next_check_at - feed.checked_at > 20 * HOUR

        house.later = 8 * DAY + MINUTE
        assert house.ask_hubs() == 1
        assert hub.requests[-1] == form

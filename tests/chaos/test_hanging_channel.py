"""A real mailer with a channel that hangs: the others go on, and it ends when it is told to."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from chaos_house import ChaosHouse
from eventually import eventually
from tocsin.models.alerts import NoticeKind
from tocsin.models.deliveries import DeliveryKind, DeliveryState
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import ChannelKind
from tocsin.queueing import DELIVER
from tocsin.store.database import Database, database_now
from tocsin.store.deliveries import NewDelivery, enter_deliveries, list_deliveries
from tocsin.store.notices import open_notice
from tocsin.supervision import STOP_SECONDS
from webhook_receiver import SECRET, hangs, receiving

WATCHLIST = """\
feeds: [https://wire.example/rss]
watches: {siege: {keywords: siege}}
channels:
  hook: {webhook: env:HOOK, secret: env:KEY}
  desk: {mail: desk@example.org}
operator: [desk, hook]
"""


def enter(database: Database, number: int) -> list[DeliveryId]:
    """Enter a word to the operator for both channels."""
    with database.write() as connection:
        now = database_now(connection)
        notice = open_notice(connection, f"feed:{number}", NoticeKind.FLOODING_FEED, "A feed has gone mad.", now)
        new = [
            NewDelivery(
                f"notice:{number}:{name}", DeliveryKind.NOTICE, kind, target, f"<{number}-{name}@x>", name, None, notice
            )
            for name, kind, target in (("hook", ChannelKind.WEBHOOK, "HOOK"), ("desk", ChannelKind.MAIL, "desk@x.org"))
        ]
        return enter_deliveries(connection, new, now)


def sent(database: Database) -> set[str]:
    with database.read() as connection:
        return {one.key for one in list_deliveries(connection, DeliveryState.SENT, limit=99)}


@pytest.mark.timeout(120)
def test_a_mailer_with_a_channel_that_hangs_serves_the_others_and_ends_in_time(tmp_path: Path) -> None:
    with receiving(hangs) as receiver:
        variables = {"HOOK": receiver.url, "KEY": SECRET}
        with ChaosHouse(tmp_path, watchlist=WATCHLIST, variables=variables) as house:
            house.start(DELIVER)
            for number in range(5):
                house.wakeups().send(DELIVER, enter(house.database, number))
                eventually(lambda: len(sent(house.database)) == number + 1)  # noqa: B023 -- asked within its round
            assert len(receiver.taken) == 1
            begun_at = time.monotonic()
            assert house.stop(DELIVER) == 0
            assert time.monotonic() - begun_at < STOP_SECONDS
            assert sent(house.database) == {f"notice:{number}:desk" for number in range(5)}
            assert len(house.mailbox.accepted) == 5

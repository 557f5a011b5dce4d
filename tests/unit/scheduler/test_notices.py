from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from alerting_house import DESK, DOMAIN, HOUR, MINUTE, WATCH, AlertHouse, alerting
from records import NOW
from tocsin.models.alerts import NoticeKind
from tocsin.models.watchlist import AlertRule, AlertWhen, Channel, ChannelKind, QuietHours
from tocsin.store.bursts import open_bursts
from tocsin.store.database import Database, database_now
from tocsin.store.notices import channel_key, close_notice, open_notice, open_notices
from tocsin_scheduler.notices import Calm, send_notices

CHAT = Channel("chat", ChannelKind.APPRISE, "DESK_CHAT")
OPERATED = alerting(DESK, CHAT, operator=("desk", "chat"))


def fails(database: Database, name: str = "somewhere") -> None:
    with database.write() as connection:
        open_notice(connection, channel_key(name), NoticeKind.CHANNEL_FAILS, "It fails.", database_now(connection))


def test_a_notice_is_sent_once_to_each_of_the_operators_channels(sqlite: Database) -> None:
    house = AlertHouse(sqlite)
    fails(sqlite)
    assert [len(send_notices(sqlite, OPERATED, DOMAIN)) for _ in range(2)] == [2, 0]
    assert [(one.key, one.kind.value, one.name) for one in house.messages()] == [
        ("notice:1:desk", "notice", "desk"),
        ("notice:1:chat", "notice", "chat"),
    ]


def test_a_channel_is_not_told_that_it_fails_itself(sqlite: Database) -> None:
    fails(sqlite, "chat")
    send_notices(sqlite, OPERATED, DOMAIN)
    assert [one.name for one in AlertHouse(sqlite).messages()] == ["desk"]


def test_without_an_operator_and_after_it_is_over_nobody_is_told(sqlite: Database) -> None:
    fails(sqlite)
    assert send_notices(sqlite, alerting(), DOMAIN) == []
    with sqlite.write() as connection:
        assert close_notice(connection, channel_key("somewhere"), NOW)
        assert not close_notice(connection, channel_key("somewhere"), NOW)
    assert send_notices(sqlite, OPERATED, DOMAIN) == []


def test_what_fails_again_is_told_again(sqlite: Database) -> None:
    for _ in range(2):
        fails(sqlite)
        send_notices(sqlite, OPERATED, DOMAIN)
        with sqlite.write() as connection:
            close_notice(connection, channel_key("somewhere"), NOW)
    assert len(AlertHouse(sqlite).messages()) == 4


def test_notices_wait_for_the_end_of_quiet_hours(sqlite: Database) -> None:
    now = datetime.now(UTC)
    around = QuietHours(f"{now - 2 * HOUR:%H:%M}", f"{now + 2 * HOUR:%H:%M}")
    fails(sqlite)
    quiet = replace(OPERATED, channels=(replace(DESK, quiet_hours=around), CHAT))
    send_notices(sqlite, quiet, DOMAIN)
    assert [one.name for one in AlertHouse(sqlite).messages()] == ["chat"]


def test_a_flood_and_a_burst_that_are_over_end_without_a_new_match(sqlite: Database) -> None:
    house = AlertHouse(sqlite)
    house.watchlist = alerting(watches=(replace(WATCH, alert=AlertRule(to=("desk",), when=AlertWhen.BURST)),))
    for number in range(5):
        house.publish_all(NOW + number * MINUTE, 20, outlet=f"outlet{number}")
    with sqlite.read() as connection:
        kinds = {notice.kind for notice in open_notices(connection)}
        assert (kinds, len(open_bursts(connection))) == ({NoticeKind.FLOODING_WATCH}, 1)
    Calm(sqlite).tick()  # months later
    with sqlite.read() as connection:
        assert (open_notices(connection), open_bursts(connection)) == ([], [])

from __future__ import annotations

from collections.abc import Callable

import pytest

from alerting_house import AlertHouse, ruled_once_an_hour
from page_reader import rows, shown, texts
from records import MINUTE, NOW
from tocsin.models.alerts import NoticeKind
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.watchlist import ChannelKind
from tocsin.store import deliveries
from tocsin.store.database import Database
from tocsin.store.deliveries import NewDelivery
from tocsin.store.notices import open_notice
from tocsin_web.addresses import without_addresses
from tocsin_web.app import build_app
from web_client import Answer, ask, house_on

Get = Callable[..., Answer]

REMEDY = "Check the address in the watchlist and the mail server of SMTP_URL; tocsin doctor tries it."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("zoe@example.org", "z…@example.org"),
        ("550 <zoe.b+news@example.org>: no", "550 <z…@example.org>: no"),
        ("RCPT TO:<zoe@example.org> a@b.example,c@d.example", "RCPT TO:<z…@example.org> a…@b.example,c…@d.example"),
        ("“زوي@example.org”", "“…@example.org”"),
        ("x@y", "x…@y"),
        ("at 12 @ noon", "at 12 @ noon"),
    ],
)
def test_every_address_in_a_text_is_shortened(text: str, expected: str) -> None:
    assert without_addresses(text) == expected


def test_the_ledger_is_counted_by_state(get: Get) -> None:
    assert texts(get("/deliveries").text, ".boxes li") == ["1 failed", "2 waiting", "1 sent"]


def test_what_failed_comes_first_with_problem_and_remedy(get: Get) -> None:
    html = get("/deliveries").text
    assert texts(html, "h2") == ["Failed: these are not tried again", "Waiting", "Sent"]
    assert rows(html) == [
        [
            "Alert 2 Relief column reaches Deir el-Zour",
            "d…@example.org",
            "Tue 10 Mar, 11:00",
            "never",
            "1",
            f"550 5.1.1 <d…@example.org>: no such <b>user</b> {REMEDY}",
        ],
        [
            "Alert 4 Relief column reaches Deir el-Zour",
            "DESK_CHAT",
            "Tue 10 Mar, 11:00",
            "Tue 10 Mar, 11:00 60 minutes ago",
            "1",
            "none",
        ],
        [
            "Alert 3 Relief column reaches Deir el-Zour",
            "n…@example.org",
            "Tue 10 Mar, 11:00",
            "Tue 10 Mar, 13:00 in 60 minutes",
            "1",
            f"451 try again later, n…@example.org {REMEDY}",
        ],
        ["Digest 1", "z…@example.org", "Tue 10 Mar, 11:00", "Tue 10 Mar, 12:00", "1"],
    ]


def test_an_alert_says_what_it_tells_and_leads_to_its_story(sqlite: Database) -> None:
    house = AlertHouse(sqlite)
    told = house.publish(NOW, title="The <b>siege</b> is broken")
    html = ask(build_app(house_on(sqlite)), "/deliveries").text
    assert texts(html, "tbody th") == ["Alert 1 The <b>siege</b> is broken"]
    assert f'href="/stories/{told.placed.story_id}"' in html


def test_what_was_dropped_stands_apart_with_its_reason_and_no_remedy(sqlite: Database) -> None:
    with sqlite.write() as connection:
        new = NewDelivery("a", DeliveryKind.ALERT, ChannelKind.MAIL, "desk@x.org", "<1@x.org>", name="desk")
        [entered] = deliveries.enter_deliveries(connection, [new], NOW)
        claimed = deliveries.claim_delivery(connection, entered, NOW, lease="a lease", lease_for=MINUTE)
        assert claimed is not None
        deliveries.settle_dropped(connection, claimed, "the article no longer meets the watch")
    html = ask(build_app(house_on(sqlite)), "/deliveries").text
    assert texts(html, ".boxes li") == ["0 failed", "0 waiting", "0 sent", "1 dropped"]
    assert texts(html, "h2") == ["Dropped: nothing was left to tell"]
    assert [row[-2:] for row in rows(html)] == [["1", "the article no longer meets the watch"]]


def test_no_address_is_told_in_full(get: Get) -> None:
    html = get("/deliveries").text
    assert [name for name in ("zoe@", "desk@", "night@") if name in html] == []


def test_without_deliveries_the_page_says_what_will_stand_there(sqlite: Database) -> None:
    assert "Nothing to deliver yet." in shown(ask(build_app(house_on(sqlite)), "/deliveries").text)


def test_what_waits_what_was_not_told_and_what_needs_a_hand_stands_there(sqlite: Database) -> None:
    house = AlertHouse(sqlite, ruled_once_an_hour())
    first = house.publish(NOW)
    house.publish(NOW, of=first, outlet="gazette")
    house.publish(NOW)
    with sqlite.write() as connection:
        open_notice(connection, "x", NoticeKind.CHANNEL_FAILS, "desk@example.org fails. <b>Mend</b> it.", NOW)
    html = ask(build_app(house_on(sqlite)), "/deliveries").text
    assert texts(html, "h2") == [
        "Notices: these need a hand",
        "Held: these leave in bundles",
        "Waiting",
        "Not told in the last day, by rule",
    ]
    assert texts(html, "section li") == [
        "Channel fails since Tue 10 Mar, 12:00: d…@example.org fails. <b>Mend</b> it.",
        "1 alert for desk, from Tue 10 Mar, 13:00 on in 60 minutes",
        "1 story told",
    ]

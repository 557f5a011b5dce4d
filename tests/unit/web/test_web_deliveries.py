from __future__ import annotations

from collections.abc import Callable

import pytest

from page_reader import rows, shown, texts
from tocsin.store.database import Database
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
            "Alert 2",
            "d…@example.org",
            "Tue 10 Mar, 11:00",
            "never",
            "1",
            f"550 5.1.1 <d…@example.org>: no such <b>user</b> {REMEDY}",
        ],
        ["Alert 4", "DESK_CHAT", "Tue 10 Mar, 11:00", "Tue 10 Mar, 11:00 60 minutes ago", "1", "none"],
        [
            "Alert 3",
            "n…@example.org",
            "Tue 10 Mar, 11:00",
            "Tue 10 Mar, 13:00 in 60 minutes",
            "1",
            f"451 try again later, n…@example.org {REMEDY}",
        ],
        ["Digest 1", "z…@example.org", "Tue 10 Mar, 11:00", "Tue 10 Mar, 12:00", "1"],
    ]


def test_no_address_is_told_in_full(get: Get) -> None:
    html = get("/deliveries").text
    assert [name for name in ("zoe@", "desk@", "night@") if name in html] == []


def test_without_deliveries_the_page_says_what_will_stand_there(sqlite: Database) -> None:
    assert "Nothing to deliver yet." in shown(ask(build_app(house_on(sqlite)), "/deliveries").text)

from __future__ import annotations

from collections.abc import Callable

import pytest

from page_reader import every, links, rows, shown, texts
from tocsin.store.database import Database
from tocsin_web.app import build_app
from web_client import Answer, ask, house_on
from web_filling import Filled
from web_samples import TOKEN

Get = Callable[..., Answer]


def test_the_list_tells_dates_and_sizes_and_nothing_that_is_private(get: Get) -> None:
    answer = get("/digests")
    assert rows(answer.text) == [
        ["o…@example.org", "Mon 9 Mar, 12:00", "Tue 10 Mar, 12:00", "0", "no mail: nothing matched"],
        ["z…@example.org", "Mon 9 Mar, 12:00", "Tue 10 Mar, 12:00", "10", "mailed"],
    ]
    for private in (TOKEN, "omars-unguessable-name", "zoe@example.org", "omar@example.org"):
        assert private not in answer.text


def test_a_digest_is_shown_as_it_was_mailed(get: Get) -> None:
    html = get(f"/digests/{TOKEN}").text
    assert texts(html, "h1") == ["9 stories on 5 watches"]
    assert "Relief column reaches Deir el-Zour" in texts(html, "h3")
    assert every(html, "style") == []


def test_a_digest_in_the_browser_does_not_say_whose_it_is_since_it_may_be_passed_on(get: Get) -> None:
    html = get(f"/digests/{TOKEN}").text
    assert "zoe" not in html.replace(TOKEN, "").lower()
    assert not any("/subscription/" in link or "/unsubscribe/" in link for link in links(html))


def test_a_digest_in_the_browser_leads_to_articles_by_the_base_url(filled: Filled, get: Get) -> None:
    found = links(get(f"/digests/{TOKEN}", base_url="https://news.example.org/tocsin").text)
    assert f"https://news.example.org/tocsin/articles/{filled.articles['relief']}" in found


def test_a_digest_names_the_operator_where_one_is_set(get: Get) -> None:
    assert "mailto:desk@example.org" in links(get(f"/digests/{TOKEN}", contact="desk@example.org").text)


def test_a_digest_is_shown_while_there_is_no_watchlist(get: Get) -> None:
    assert get(f"/digests/{TOKEN}", watchlist=lambda: None).status == 200


@pytest.mark.parametrize(
    "token", [TOKEN[:-1], TOKEN + "x", "x", "%2e%2e", TOKEN.upper(), "a" * 10_000, "%00" * 20, "' OR 1"]
)
def test_an_unknown_token_is_not_found(get: Get, token: str) -> None:
    answer = get(f"/digests/{token}")
    assert answer.status == 404
    assert "There is no digest at this address." in shown(answer.text)


def test_without_digests_the_page_says_when_the_first_comes(sqlite: Database) -> None:
    assert "No digest yet. The first one comes when the first window of a subscriber closes." in shown(
        ask(build_app(house_on(sqlite)), "/digests").text
    )

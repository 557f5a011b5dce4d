from __future__ import annotations

import pytest

from tocsin.feeds.hosts import host_key, is_private_key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://news.example.co.uk/rss", "example.co.uk"),
        ("https://a.tumblr.com/rss", "tumblr.com"),
        ("https://B.Tumblr.com:8443/rss", "tumblr.com"),
        ("https://someone.github.io/feed", "github.io"),
        ("https://news.example.com./rss", "example.com"),
        ("https://8.8.8.8/rss", "8.8.8.8"),
        ("https://[2606:4700::1111]/rss", "2606:4700::1111"),
    ],
)
def test_feeds_of_one_publisher_share_a_key(url: str, key: str) -> None:
    assert host_key(url) == key
    assert not is_private_key(key)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/feed",
        "http://127.1/feed",
        "http://0x7f000001/feed",
        "http://[::1]/feed",
        "http://10.0.0.7/rss",
        "http://rsshub/feed",
        "http://localhost/feed",
        "http://wire.internal/feed",
        "http://[::1/feed",
        "",
    ],
)
def test_a_feed_on_a_host_of_ones_own_counts_by_itself(url: str) -> None:
    assert host_key(url) == url


def test_the_key_of_a_private_host_is_told_from_a_public_one() -> None:
    assert is_private_key("http://127.0.0.1/feed")
    assert not is_private_key("2606:4700::1111")

"""Channels, alerts and the operator in a watchlist: what they become, and what is said of faulty ones."""

# ruff: noqa: E501 - a message is compared in one piece, as it is printed

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tocsin.config import parse_watchlist
from tocsin.errors import WatchlistError
from tocsin.models.watchlist import AlertRule, AlertWhen, Channel, ChannelKind, QuietHours, Rate, Watchlist

FEEDS = "feeds: [https://example.org/feed]\n"
RIGHT = FEEDS + "watches: {siege: {keywords: siege}}\n"
DESK = "channels: {desk: {mail: desk@b.org}}\n"


def parse(source: str) -> Watchlist:
    return parse_watchlist(source, Path("w.yaml"), check_region=lambda _: None)


def channel(keys: str, more: str = "") -> Channel:
    return parse(f"{RIGHT}channels: {{one: {{{keys}}}}}\n{more}").channels[0]


def rule(keys: str) -> AlertRule:
    return parse(FEEDS + f"watches: {{siege: {{keywords: siege, alert: {{{keys}}}}}}}\n" + DESK).watches[0].alert


def faults(source: str) -> list[str]:
    with pytest.raises(WatchlistError) as raised:
        parse(source)
    return [str(fault) for fault in raised.value.faults]


def test_an_alert_rings_for_stories_without_bounds_unless_it_says_more() -> None:
    assert rule("to: desk") == AlertRule(("desk",), AlertWhen.STORY, None, None)
    assert rule("to: [desk], when: burst, at_most: 3/hour, outlets: 5") == AlertRule(
        ("desk",), AlertWhen.BURST, Rate(3, timedelta(hours=1)), 5
    )


def test_a_channel_is_a_mailbox_a_service_or_a_webhook_with_a_secret() -> None:
    assert channel("mail: a@b.org") == Channel("one", ChannelKind.MAIL, "a@b.org")
    assert channel("apprise: env:URL") == Channel("one", ChannelKind.APPRISE, "URL")
    assert channel("webhook: env:HOOK, secret: env:KEY") == Channel("one", ChannelKind.WEBHOOK, "HOOK", secret="KEY")


def test_a_channel_has_quiet_hours_and_a_rate_of_its_own() -> None:
    assert channel("mail: a@b.org, quiet_hours: 22:00-07:00, at_most: 20/hour") == Channel(
        "one",
        ChannelKind.MAIL,
        "a@b.org",
        quiet_hours=QuietHours("22:00", "07:00"),
        at_most=Rate(20, timedelta(hours=1)),
    )


@pytest.mark.parametrize(
    ("keys", "zone"),
    [
        ("mail: Zoe@b.org, timezone: Asia/Tokyo", "Asia/Tokyo"),
        ("mail: Zoe@b.org", "Asia/Beirut"),
        ("mail: desk@b.org", "Europe/Berlin"),
        ("apprise: env:ZOE", "Europe/Berlin"),
    ],
)
def test_a_channels_zone_is_its_own_then_that_of_its_reader_then_the_defaults(keys: str, zone: str) -> None:
    others = (
        "subscribers:\n  - {email: omar@b.org, watches: all, timezone: Asia/Karachi}\n"
        "  - {email: zoe@b.org, watches: all, timezone: Asia/Beirut}\ndefaults: {timezone: Europe/Berlin}\n"
    )

    assert channel(keys, others).timezone == zone


def test_a_reader_without_a_zone_has_that_of_the_defaults_as_channel_too() -> None:
    others = "subscribers: [{email: zoe@b.org, watches: all}]\ndefaults: {timezone: Europe/Berlin}\n"

    assert channel("mail: zoe@b.org", others).timezone == "Europe/Berlin"


def test_the_operator_is_a_channel_or_several() -> None:
    assert parse(RIGHT).operator == ()
    assert parse(RIGHT + DESK + "operator: desk").operator == ("desk",)
    both = RIGHT + "channels: {a: {mail: a@b.org}, b: {mail: b@b.org}}\noperator: [b, a, b]"
    assert parse(both).operator == ("b", "a")


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ("to: desk, at_most: 3", "'3' is no rate; write what it counts in too: 3/minute, 3/hour, 3/day"),
        ("to: desk, at_most: 3/huor", "unknown period 'huor'; did you mean 'hour'?"),
        ("to: desk, at_most: [3/hour]", "a rate is missing here; write one such as 3/hour"),
        ("to: desk, when: brust", "unknown choice 'brust'; did you mean 'burst'?"),
        ("to: desk, when: daily", "unknown choice 'daily'; write 'story' (each story once) or 'burst' (more than usual)"),
        ("to: desk, outlets: some", "'some' is no number of outlets; write one from 1 to 1000, or remove the key"),
    ],
)  # fmt: skip
def test_a_faulty_alert_is_told_at_its_place(keys: str, fault: str) -> None:
    source = FEEDS + f"watches: {{siege: {{keywords: siege, alert: {{{keys}}}}}}}\n" + DESK
    column = len("watches: {siege: {keywords: siege, alert: {") + keys.rindex(": ") + len(": ") + 1

    assert faults(source) == [f"w.yaml:2:{column}: {fault}"]


def test_an_alert_without_channels_is_told_what_is_missing() -> None:
    source = FEEDS + "watches: {siege: {keywords: siege, alert: {at_most: 3/hour}}}\n"

    assert faults(source) == ["w.yaml:2:43: 'to' is missing; add it, such as 'to: [desk]'"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("channels: {d: {webhook: env:X}}", "12: the webhook 'd' has no key to sign its messages with; add 'secret: env:NAME'"),
        ("channels: {d: {secret: env:X}}", "12: the channel 'd' needs one of 'mail: ADDRESS', 'apprise: env:NAME' and 'webhook: env:NAME'"),
        ("channels: {d: {mail: a@b.org, secret: env:X}}", "31: 'secret' signs what is sent to a webhook, and this channel is none; remove it"),
        ("channels: {d: {mail: a@b.org, webhook: env:X, secret: env:X}}", "12: the channel 'd' needs one of 'mail: ADDRESS', 'apprise: env:NAME' and 'webhook: env:NAME'"),
        ("channels: {d: {webhok: env:X, secret: env:X}}", "16: unknown key 'webhok'; did you mean 'webhook'?"),
        ("channels: {d: {webhook: https://a.org/key, secret: env:X}}", "25: an address with its key does not belong in this file; put it in a variable, write env:NAME"),
        ("channels: {d: {webhook: env:X, secret: word}}", "40: a secret does not belong in this file; put it in a variable, write env:NAME"),
        ("channels: {d: {webhook: env:X, secret: env:MY-KEY}}", "40: 'MY-KEY' is no name of an environment variable; write one such as env:DESK_SECRET"),
        ("channels: {d: {apprise: env:TOCSIN_DESK}}", "25: 'TOCSIN_DESK' would be a setting of Tocsin's own; choose another name, such as DESK_URL"),
        ("channels: {d: {mail: a@b.org, timezone: Asia/Beyrut}}", "41: unknown time zone 'Asia/Beyrut'; did you mean 'Asia/Beirut'?"),
        ("channels: {d: {mail: a@b.org, quiet_hours: 22-7}}", "44: '22-7' are no quiet hours; write '22:00-07:00'"),
        ("channels: {d: {mail: a@b.org, quiet: 22-7}}", "31: unknown key 'quiet'; did you mean 'quiet_hours'?"),
        ("channels: {d: {mail: a@b.org, at_most: }}", "39: a rate is missing here; write one such as 3/hour"),
        ("channels: {d: mail}", "15: 'd': expected a mapping of keys, such as 'key: value', found 'mail'"),
        ("operator: desc\nchannels: {desk: {mail: a@b.org}}", "11: unknown channel 'desc'; did you mean 'desk'?"),
        ("operator: [desk]", "12: unknown channel 'desk'; define it under 'channels:', such as 'desk: {mail: desk@example.org}'"),
        ("operator: []", "11: 'operator' is empty; put something in it or remove the key"),
        ("operater: desk", "1: unknown key 'operater'; did you mean 'operator'?"),
    ],
)  # fmt: skip
def test_faulty_channels_and_operators_are_told_at_their_place(line: str, fault: str) -> None:
    assert faults(RIGHT + line) == [f"w.yaml:3:{fault}"]

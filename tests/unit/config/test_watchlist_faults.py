"""What a faulty watchlist says: every fault at its place, with a remedy, all at once."""

# ruff: noqa: E501 - a message is compared in one piece, as it is printed

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.config import parse_watchlist, read_watchlist
from tocsin.errors import WatchlistError

FEEDS = "feeds: [https://example.org/feed]\n"
WATCH = "watches: {siege: {keywords: siege}}\n"
RIGHT = FEEDS + WATCH


def known_regions(name: str) -> str | None:
    return None if name in {"Syria", "NO"} else f"unknown region '{name}'; did you mean 'Syria'?"


def faults(source: str) -> list[str]:
    with pytest.raises(WatchlistError) as raised:
        parse_watchlist(source, Path("w.yaml"), check_region=known_regions)
    return [str(fault) for fault in raised.value.faults]


def subscriber(keys: str) -> str:
    return f"{RIGHT}subscribers:\n  - {{email: zoe@example.org, watches: all, {keys}}}\n"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (RIGHT + "subscriber: []", "3:1: unknown key 'subscriber'; did you mean 'subscribers'?"),
        (FEEDS + "watches: {a: {keyword: x}}", "2:15: unknown key 'keyword'; did you mean 'keywords'?"),
        (RIGHT + "defaults: {zzz: 1}", "3:12: unknown key 'zzz'; the keys here are timezone, mail_language, languages, backlog, retention"),
        ("feeds: [{url: https://a.org, fulltext: true}]\n" + WATCH, "1:30: unknown key 'fulltext'; did you mean 'full_text'?"),
        ("feeds: [{url: https://a.org, full_text: yes}]\n" + WATCH, "1:41: 'full_text': expected true or false, found 'yes'"),
        ("feeds: [{url: https://a.org, every: 30}]\n" + WATCH, "1:37: '30' is no span of time; write the unit too: 30m (minutes), 30h (hours), 30d (days) or 30w (weeks)"),
        ("feeds: [{url: https://a.org, every: 1.5h}]\n" + WATCH, "1:37: '1.5h' is no span of time; write '90m'"),
        ("feeds: [{url: https://a.org, every: 31d}]\n" + WATCH, "1:37: 31d is out of range; write a span from 1m to 30d"),
        ("feeds: [{url: https://a.org, every: }]\n" + WATCH, "1:36: a span of time is missing here; write one such as 30m"),
        ("feeds: [{url: https://a.org, backlog: often}]\n" + WATCH, "1:39: 'often' is no span of time; write a number with m, h, d or w, such as 24h"),
        ("feeds: [{url: https://a.org, backlog: 400d}]\n" + WATCH, "1:39: 400d is out of range; write a span from 0 to 365d"),
        ("feeds: [{url: https://a.org, retention: 12h}]\n" + WATCH, "1:41: 12h is out of range; write a span from 1d to 3650d"),
        (RIGHT + "defaults: {retention: 3 months}", "3:23: '3 months' is no span of time; write '90d'"),
        (RIGHT + "defaults: {backlog: [24h]}", "3:21: a span of time is missing here; write one such as 24h"),
        (RIGHT + "defaults: {retentoin: 90d}", "3:12: unknown key 'retentoin'; did you mean 'retention'?"),
        ("feeds: [{title: A}]\n" + WATCH, "1:9: 'url' is missing; add it, such as 'url: https://feeds.bbci.co.uk/news/world/rss.xml', or 'opml: FILE'"),
        ("feeds: [{urll: https://a.org}]\n" + WATCH, "1:10: unknown key 'urll'; did you mean 'url'?"),
        ("feeds: [{opml: https://a.org/b.opml}]\n" + WATCH, "1:16: 'https://a.org/b.opml' is an address; save the list beside the watchlist and write its name"),
        ("feeds: [{opml: ' '}]\n" + WATCH, "1:16: the file's name is empty; write one such as feeds/news.opml"),
        (FEEDS + "watches: {a: {regions: Syrai}}", "2:24: unknown region 'Syrai'; did you mean 'Syria'?"),
        ("feeds: [{url: https://a.org, home: Syrai}]\n" + WATCH, "1:36: unknown region 'Syrai'; did you mean 'Syria'?"),
        (subscriber("timezone: Asia/Beyrut"), "4:54: unknown time zone 'Asia/Beyrut'; did you mean 'Asia/Beirut'?"),
        (subscriber("timezone: ../etc"), "4:54: unknown time zone '../etc'; write an IANA name such as 'Europe/Berlin'"),
        (subscriber("digest: {days: [mon, Thusday]}"), "4:65: unknown day 'Thusday'; did you mean 'thu'?"),
        (subscriber("digest: {days: weekday}"), "4:59: unknown day 'weekday'; did you mean 'weekdays'?"),
        (subscriber("digest: {quiet: shrot}"), "4:60: unknown choice 'shrot'; did you mean 'short'?"),
        (subscriber("timezone: US/Pacific-New"), "4:54: the time zone 'US/Pacific-New' is no more; write 'America/Los_Angeles'"),
        (subscriber("language: de-AT"), "4:54: mails do not come in 'de-AT'; write 'de'"),
        (subscriber("language: es"), "4:54: mails do not come in 'es'; write en, de, fr or ar"),
        (subscriber("lang: de"), "4:44: unknown key 'lang'; did you mean 'language'?"),
        (RIGHT + "defaults: {mail_language: english}", "3:27: mails do not come in 'english'; write en, de, fr or ar"),
        (subscriber("digest: {cron: '0 7 * * *', at: '07:30'}"), "4:53: 'cron' beside 'at', which it stands in place of; remove one of them"),
        (subscriber("digest: {cron: '0 7 * *'}"), "4:59: '0 7 * *' is no cron expression; write five fields (minute, hour, day-of-month, month, day-of-week), such as '30 7 * * 1-5'"),
        (subscriber("digest: {cron: '0 7 31 2 *'}"), "4:59: '0 7 31 2 *' is no cron expression: the day-of-month '31' cannot be; write one such as '30 7 * * 1-5'"),
        (subscriber("digest: {quiet: weekyl}"), "4:60: unknown choice 'weekyl'; did you mean 'weekly'?"),
        (subscriber("digest: {quiet: xxx}"), "4:60: unknown choice 'xxx'; write 'skip' (no mail), 'short' (a short mail) or 'weekly' (a short mail after a week without any)"),
        (RIGHT + "self_service: {open: no}", "3:22: 'open': expected true or false, found 'no'"),
        (RIGHT + "self_service: {opens: true}", "3:16: unknown key 'opens'; did you mean 'open'?"),
        (RIGHT + "self_service: {domains: ['@example.org']}", "3:26: '@example.org' is more than a domain; write 'example.org', each domain by itself"),
        (RIGHT + "self_service: {domains: ['*.example.org']}", "3:26: '*.example.org' is more than a domain; write 'example.org', each domain by itself"),
        (RIGHT + "self_service: {domains: localhost}", "3:25: 'localhost' is no domain of mail addresses; write one such as example.org"),
        (RIGHT + "self_service: {domains: []}", "3:25: 'domains' is empty; put something in it or remove the key"),
        (RIGHT + "self_service: {watches: [seige]}", "3:26: unknown watch 'seige'; did you mean 'siege'?"),
        (RIGHT + "self_service: {watches: [all, siege]}", "3:26: 'all' stands for every watch; write 'watches: all', or list ids"),
        (subscriber("digest: {at: 7:30}"), "4:57: '7:30' is no time of day; write '07:30'"),
        (subscriber("digest: {at: ['24:00']}"), "4:58: '24:00' is no time of day; write hours and minutes such as '07:30'"),
        (RIGHT + "subscribers: [{email: a@b.org, watches: [seige]}]", "3:42: unknown watch 'seige'; did you mean 'siege'?"),
        (RIGHT + "subscribers: [{email: a@b.org, watches: []}]", "3:41: 'watches' is empty; write something in it, such as 'watches: all'"),
        (RIGHT + "subscribers: [{email: a@b.org, watches: [all, siege]}]", "3:42: 'all' stands for every watch; write 'watches: all', or list ids"),
        (RIGHT + "subscribers: [{email: a@b.org}]", "3:15: 'watches' is missing; add it, such as 'watches: all'"),
        (RIGHT + "subscribers: [{watches: all}]", "3:15: 'email' is missing; add it, such as 'email: zoe@example.org'"),
        (RIGHT + "subscribers: [{email: a@b@c.org, watches: all}]", "3:23: 'a@b@c.org' is no mail address; write one such as zoe@example.org"),
        (FEEDS + "watches: {a: {keywords: x, alert: {to: desc}}}\nchannels: {desk: {mail: a@b.org}}", "2:40: unknown channel 'desc'; did you mean 'desk'?"),
        (FEEDS + "watches: {a: {keywords: x, alert: }}", "2:34: 'alert' has no value; write a mapping of keys, such as 'key: value', or remove it"),
        (FEEDS + "watches: {a: {title: Nothing}}", "2:11: the watch 'a' looks for nothing; give it 'keywords', 'names', 'query' or 'regions'"),
        (FEEDS + "watches: {a: {keywords: []}}", "2:25: 'keywords' is empty; put something in it or remove the key"),
        (FEEDS + "watches: {a: {keywords: '?!'}}", "2:25: '?!' has no letter or digit to look for; write a word"),
        (FEEDS + "watches: {a: {keywords: [true]}}", '2:26: YAML does not take true for a word; put it in quotes: "true"'),
        (FEEDS + "watches: {a: {keywords: null}}", "2:25: 'keywords' has no value; write a list, or remove it"),
        (FEEDS + "watches: {a: {keywords: [null]}}", '2:26: YAML does not take null for a word; put it in quotes: "null"'),
        (FEEDS + "watches: {a: {keywords: }}", "2:24: 'keywords' has no value; write a list, or remove it"),
        (FEEDS + "watches: {a: {keywords: [x, {b: c}]}}", "2:29: 'keywords': expected text, found a mapping; text that holds ': ' needs quotes"),
        (FEEDS + 'watches: {a: {keywords: "a\\nb"}}', "2:25: the text holds a line break or the invisible character U+000A; delete it"),
        (FEEDS + 'watches: {a: {title: "a\\u202eb", keywords: x}}', "2:22: the text holds a line break or the invisible character U+202E; delete it"),
        (FEEDS + "watches: {Islamic State: {keywords: IS}}", "2:11: the id 'Islamic State' may only hold a-z, 0-9 and single hyphens; write 'islamic-state'"),
        (FEEDS + "watches: {all: {keywords: IS}}", "2:11: the id 'all' stands for every watch; choose another one"),
        (FEEDS + "watches: []", "2:10: 'watches': expected a mapping of names, such as 'name: ...', found a list"),
        (FEEDS + "watches: {}", "2:10: 'watches' is empty; write something in it, such as 'watches: {islamic-state: {keywords: [Islamic State, ISIS]}}'"),
        (FEEDS, "1:1: 'watches' is missing; add it, such as 'watches: {islamic-state: {keywords: [Islamic State, ISIS]}}'"),
        (WATCH, "1:1: 'feeds' is missing; add it, such as 'feeds: [https://feeds.bbci.co.uk/news/world/rss.xml]'"),
        ("feeds: []\n" + WATCH, "1:8: 'feeds' is empty; write something in it, such as 'feeds: [https://feeds.bbci.co.uk/news/world/rss.xml]'"),
        ("feeds:\n\n" + WATCH, "1:1: 'feeds' has no value; write a list"),
        ("feeds:\n  - url: https://a.org/f\n    every:\n" + WATCH, "3:5: a span of time is missing here; write one such as 30m"),
        ("feeds: [ftp://a.org/f]\n" + WATCH, "1:9: 'ftp://a.org/f' is no web address; write one that begins with https://"),
        ("feeds: ['https://']\n" + WATCH, "1:9: 'https://' is no web address; write one that begins with https://"),
        ("feeds: ['http://a.org:99999/']\n" + WATCH, "1:9: 'http://a.org:99999/' is no web address; write one that begins with https://"),
        ("feeds: ['https://me:word@a.org']\n" + WATCH, "1:9: an address with a user name or password in it is refused; this file is no place for secrets"),
        ("feeds: ['https://a.org/a b']\n" + WATCH, "1:9: the address holds blanks or control characters, or is too long; copy it again"),
        ("feeds: ['https://a..org/f']\n" + WATCH, "1:9: 'https://a..org/f' names a host that cannot be; copy the address again"),
        ("feeds: [{url: http://.a.org}]\n" + WATCH, "1:15: 'http://.a.org' names a host that cannot be; copy the address again"),
        (f"feeds: [http://{'a' * 64}.org]\n" + WATCH, f"1:9: 'http://{'a' * 52}…' names a host that cannot be; copy the address again"),
        (f"feeds: [http://{'ä' * 63}.org]\n" + WATCH, f"1:9: 'http://{'ä' * 52}…' names a host that cannot be; copy the address again"),
        ("feeds: [https://a.org/f, {url: 'HTTPS://A.ORG:443/f#x'}]\n" + WATCH, "1:32: duplicate feed: 'HTTPS://A.ORG:443/f#x' already stands in line 1; remove one"),
        (RIGHT + "subscribers:\n  - {email: zoe@b.org, watches: all}\n  - {email: ZOE@B.org, watches: all}", "5:13: duplicate subscriber: 'ZOE@B.org' already stands in line 4; remove one"),
        (RIGHT + "channels: {desk: {}}", "3:12: the channel 'desk' needs one of 'mail: ADDRESS', 'apprise: env:NAME' and 'webhook: env:NAME'"),
        (RIGHT + "channels: {desk: {mail: a@b.org, apprise: env:X}}", "3:12: the channel 'desk' needs one of 'mail: ADDRESS', 'apprise: env:NAME' and 'webhook: env:NAME'"),
        (RIGHT + "channels: {desk: {apprise: json://key@a.org}}", "3:28: an address with its key does not belong in this file; put it in a variable, write env:NAME"),
        (RIGHT + "channels: {desk: {apprise: 'env:MY-URL'}}", "3:28: 'MY-URL' is no name of an environment variable; write one such as env:DESK_URL"),
        (RIGHT + "defaults: {languages: [en-GB]}", "3:24: 'en-GB' is no language code; write 'en'"),
        (RIGHT + "defaults: {languages: english}", "3:23: 'english' is no language code; write two letters such as 'en' or 'ar'"),
        ("version: 2\n" + RIGHT, "1:10: version '2' is not known to this Tocsin; write 'version: 1'"),
    ],
)  # fmt: skip
def test_a_fault_names_its_place_and_the_remedy(source: str, fault: str) -> None:
    assert faults(source) == [f"w.yaml:{fault}"]


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    source = (
        "feeds:\n  - ftp://a.org\n  - https://b.org\n  - https://b.org\nwatches:\n  a:\n    keyword: x\n"
        "    regions: [Syrai, NO]\nsubscribers:\n  - email: nobody\n    watches: [b]\n    digest: {days: funday}\n"
    )

    assert faults(source) == [
        "w.yaml:2:5: 'ftp://a.org' is no web address; write one that begins with https://",
        "w.yaml:4:5: duplicate feed: 'https://b.org' already stands in line 3; remove one",
        "w.yaml:7:5: unknown key 'keyword'; did you mean 'keywords'?",
        "w.yaml:8:15: unknown region 'Syrai'; did you mean 'Syria'?",
        "w.yaml:10:12: 'nobody' is no mail address; write one such as zoe@example.org",
        "w.yaml:11:15: unknown watch 'b'; define it under 'watches:'",
        "w.yaml:12:20: unknown day 'funday'; write daily, weekdays, weekends or a list of mon to sun",
    ]


def test_a_missing_file_sends_the_reader_to_init(tmp_path: Path) -> None:
    path = tmp_path / "watchlist.yaml"

    with pytest.raises(WatchlistError) as raised:
        read_watchlist(path, check_region=known_regions)

    assert str(raised.value) == f"{path}: no such file; run `tocsin init`, or set TOCSIN_WATCHLIST"


def test_a_folder_in_place_of_the_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(WatchlistError) as raised:
        read_watchlist(tmp_path, check_region=known_regions)

    assert str(raised.value) == f"{tmp_path}: this is no regular file; write the name of one"


@pytest.mark.parametrize("name", ["a" * 5000, "nul\x00"])
def test_an_impossible_file_name_is_a_fault(name: str) -> None:
    with pytest.raises(WatchlistError, match="cannot be read"):
        read_watchlist(Path(name), check_region=known_regions)

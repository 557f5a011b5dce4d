"""What a right watchlist becomes."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from tocsin.config import parse_watchlist, parse_with_positions, read_watchlist
from tocsin.config.starter import starter_watchlist
from tocsin.config.tree import Position
from tocsin.errors import WatchlistError
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import (
    About,
    AlertRule,
    AlertWhen,
    Channel,
    ChannelKind,
    DigestSchedule,
    FeedSource,
    OwnRegion,
    QuietHours,
    QuietPolicy,
    Rate,
    SelfService,
    Subscriber,
    Watch,
    Watchlist,
    WatchTests,
)

PATH = Path("watchlist.yaml")
EXAMPLE = Path(__file__).parents[3] / "examples" / "watchlist.yaml"
RIGHT = "feeds: [https://example.org/feed]\nwatches: {a: {keywords: x}}\n"
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


def every_region(name: str) -> str | None:
    del name
    return None


def parse(source: str) -> Watchlist:
    return parse_watchlist(source, PATH, check_region=every_region)


def watch(lines: str) -> Watch:
    indented = "\n".join(f"    {line}" for line in lines.splitlines())
    return parse(f"feeds: [https://example.org/feed]\nwatches:\n  one:\n{indented}\n").watches[0]


def schedule(digest: str) -> DigestSchedule:
    source = (
        "feeds: [https://example.org/feed]\nwatches: {one: {keywords: siege}}\n"
        f"subscribers:\n  - email: zoe@example.org\n    watches: all\n    digest: {digest}\n"
    )
    return parse(source).subscribers[0].digest


def test_the_smallest_watchlist_is_feeds_and_one_watch() -> None:
    source = "feeds:\n  - https://example.org/feed\nwatches:\n  deir-ez-zor:\n    keywords: siege\n"

    assert parse(source) == Watchlist(
        path=PATH,
        source=source,
        version=hashlib.sha256(source.encode()).hexdigest()[:12],
        languages=(),
        feeds=(FeedSource("https://example.org/feed"),),
        watches=(Watch(WatchId("deir-ez-zor"), "Deir ez zor", keywords=("siege",)),),
        channels=(),
        subscribers=(),
        self_service=SelfService(watches=(WatchId("deir-ez-zor"),)),
    )


def test_the_full_example_says_everything_a_watchlist_can_say() -> None:
    watchlist = read_watchlist(EXAMPLE, check_region=every_region)

    assert watchlist.languages == ("en", "de", "fr", "ar")
    day = timedelta(days=1)
    assert watchlist.feeds[1:] == (
        FeedSource("https://feeds.bbci.co.uk/news/world/rss.xml", backlog=day),
        FeedSource(
            "https://example.org/ar/rss.xml",
            "Example in Arabic",
            language="ar",
            home="Syria",
            tags=("local",),
            full_text=True,
            backlog=day,
            retention=30 * day,
        ),
        FeedSource("https://example.org/alerts.xml", every=timedelta(minutes=15)),
        FeedSource(
            "https://levant-wire.example/rss.xml",
            "Levant Wire",
            "en",
            None,
            ("region", "Levant", "agency"),
            backlog=day,
        ),
        FeedSource(
            "https://euphrates-observer.example/feed/",
            "The Euphrates Observer",
            "en",
            None,
            ("region", "Levant"),
            backlog=day,
        ),
        FeedSource(
            "https://aden-harbour.example/atom.xml", "Aden Harbour News", "en", None, ("region", "Gulf"), backlog=day
        ),
    )
    assert watchlist.retention == 90 * day
    assert watchlist.watches[0] == Watch(
        WatchId("islamic-state"),
        "Islamic State",
        keywords=("Islamic State", "IS", "ISIL", "ISIS", "داعش"),
        names=("Daesh",),
        none=("Isis Pharmaceuticals", "river Isis"),
        alert=AlertRule(to=("desk",), at_most=Rate(3, timedelta(hours=1))),
        tests=WatchTests(
            match=("IS continues to control large parts of the province.",),
            ignore=("The ceasefire is holding.", "WHAT IS NEXT FOR THE EURO?"),
        ),
    )
    assert watchlist.regions == (
        OwnRegion("middle-euphrates", ("Deir ez-Zor", "Raqqa", "Al Bukamal", "Mayadin")),
        OwnRegion("aden-coast", box=(42.5, 10.0, 51.5, 15.5)),
    )
    assert watchlist.watches[-1] == Watch(
        WatchId("red-sea-shipping"),
        "Red sea shipping",
        keywords=("tanker", "freighter", "container ship"),
        regions=("aden-coast", "Djibouti"),
        about=About.MENTION,
        alert=AlertRule(to=("newsroom",), when=AlertWhen.BURST),
    )
    assert watchlist.watches[2].alert == AlertRule(to=("desk", "night-shift"), outlets=5)
    assert watchlist.channels == (
        Channel("desk", ChannelKind.APPRISE, "DESK_URL", "Europe/Berlin"),
        Channel(
            "night-shift",
            ChannelKind.MAIL,
            "night@example.org",
            "Europe/Berlin",
            quiet_hours=QuietHours("07:00", "22:00"),
            at_most=Rate(20, timedelta(hours=1)),
        ),
        Channel("newsroom", ChannelKind.WEBHOOK, "NEWSROOM_HOOK", "Europe/Berlin", secret="NEWSROOM_SECRET"),
    )
    assert watchlist.operator == ("night-shift",)
    assert watchlist.subscribers == (
        Subscriber(
            "zoe@example.org",
            "Europe/Berlin",
            (WatchId("islamic-state"), WatchId("syria")),
            DigestSchedule((1, 2, 3, 4, 5), ("07:30",), QuietPolicy.SKIP),
            language="de",
        ),
        Subscriber(
            "omar@example.org",
            "Asia/Beirut",
            tuple(watch.id for watch in watchlist.watches),
            DigestSchedule(EVERY_DAY, ("06:00", "18:00"), QuietPolicy.SHORT),
            language="ar",
        ),
        Subscriber(
            "desk@example.org",
            "Europe/Berlin",
            (WatchId("red-sea-shipping"),),
            DigestSchedule((), (), QuietPolicy.WEEKLY, cron="0 7 1 * *"),
            language="en",
        ),
    )
    assert watchlist.self_service == SelfService(
        domains=("example.org", "newsroom.example.org"), watches=(WatchId("islamic-state"), WatchId("syria"))
    )
    assert (watchlist.timezone, watchlist.mail_language) == ("Europe/Berlin", "en")


def test_the_starter_watchlist_is_right() -> None:
    watchlist = parse(starter_watchlist())

    assert [one.id for one in watchlist.watches] == ["islamic-state", "syria"]


def test_norway_on_and_numbers_stay_as_they_are_written() -> None:
    found = watch("keywords: [on, no, 1e3, 0o17, 2024, 1_000, 12:30:00, 2024-01-01, .5]\nregions: [NO]")

    expected = ("on", "no", "1e3", "0o17", "2024", "1_000", "12:30:00", "2024-01-01", ".5")
    assert found.keywords == expected
    assert found.regions == ("NO",)


def test_a_single_word_may_stand_where_a_list_is_meant() -> None:
    assert watch("names: Daesh") == Watch(WatchId("one"), "One", names=("Daesh",))


def test_a_keyword_listed_twice_is_one_keyword() -> None:
    assert watch("keywords: [siege, blockade, siege]").keywords == ("siege", "blockade")


def test_a_title_is_kept_and_an_absent_one_made_from_the_id() -> None:
    assert watch("title: The siege\nkeywords: siege").title == "The siege"
    assert watch("keywords: siege").title == "One"


def test_a_digest_is_daily_at_half_past_seven_and_short_when_quiet() -> None:
    assert schedule("{}") == DigestSchedule(EVERY_DAY, ("07:30",), QuietPolicy.SHORT)


def test_a_bare_time_stays_a_time_and_times_are_sorted() -> None:
    assert schedule("{at: 18:05}").at == ("18:05",)
    assert schedule('{at: ["18:00", 06:00]}').at == ("06:00", "18:00")


def test_days_are_a_word_a_day_or_a_list_of_days() -> None:
    assert schedule("{days: weekends}").days == (6, 7)
    assert schedule("{days: mon}").days == (1,)
    assert schedule("{days: [sun, tue]}").days == (2, 7)


def test_a_cron_expression_stands_in_place_of_days_and_times() -> None:
    found = schedule('{cron: "30  7 * * mon-fri", quiet: weekly}')

    assert found == DigestSchedule((), (), QuietPolicy.WEEKLY, cron="30 7 * * mon-fri")


def test_a_subscriber_without_language_has_that_of_the_defaults_or_english() -> None:
    source = RIGHT + "subscribers: [{email: a@b.org, watches: a}, {email: b@b.org, watches: a, language: AR}]\n"

    assert [one.language for one in parse(source).subscribers] == ["en", "ar"]
    in_french = parse(source + "defaults: {mail_language: fr}")
    assert ([one.language for one in in_french.subscribers], in_french.mail_language) == (["fr", "ar"], "fr")


def test_self_service_is_open_to_anybody_for_every_watch_unless_it_says_otherwise() -> None:
    source = RIGHT.replace("watches: {", "watches: {b: {keywords: y}, ")

    assert parse(source).self_service == SelfService(is_open=True, domains=(), watches=(WatchId("b"), WatchId("a")))
    assert parse(source + "self_service:\n").self_service == parse(source).self_service
    assert not parse(source + "self_service: {open: false}").self_service.is_open
    restricted = parse(source + "self_service: {domains: Bücher.Example, watches: a}").self_service
    assert restricted == SelfService(domains=("xn--bcher-kva.example",), watches=(WatchId("a"),))


def test_a_zone_that_was_dropped_spoils_a_new_watchlist_but_not_one_that_was_accepted_before() -> None:
    source = RIGHT + "subscribers: [{email: a@b.org, watches: a, timezone: US/Pacific-New}]\n"

    accepted = parse_watchlist(source, PATH, check_region=every_region, is_accepted=True)

    assert accepted.subscribers[0].timezone == "US/Pacific-New"
    with pytest.raises(WatchlistError, match="write 'America/Los_Angeles'"):
        parse(source)


def test_a_subscriber_without_time_zone_has_that_of_the_defaults_or_utc() -> None:
    source = RIGHT + "subscribers: [{email: a@b.org, watches: a}]\n"

    assert parse(source).subscribers[0].timezone == "UTC"
    assert parse(source + "defaults: {timezone: Asia/Beirut}").subscribers[0].timezone == "Asia/Beirut"


def test_watches_of_a_subscriber_are_in_the_order_of_the_watchlist() -> None:
    source = (
        "feeds: [https://example.org/feed]\nwatches: {b: {keywords: x}, a: {keywords: y}}\n"
        "subscribers: [{email: a@b.org, watches: [a, b]}]\n"
    )

    assert parse(source).subscribers[0].watches == ("b", "a")


def test_optional_parts_may_be_left_with_nothing_in_them() -> None:
    source = RIGHT + "defaults:\nchannels:\nsubscribers:\n  # none yet\n"

    assert (parse(source).channels, parse(source).subscribers) == ((), ())


def test_an_international_domain_is_kept_in_ascii() -> None:
    source = (
        "feeds: [https://example.org/feed]\nwatches: {a: {keywords: x}}\n"
        "subscribers: [{email: zoe@bücher.example, watches: all}]\n"
    )

    assert parse(source).subscribers[0].email == "zoe@xn--bcher-kva.example"


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "watchlist.yaml"
    path.write_bytes(b"\xef\xbb\xbffeeds: [https://example.org/feed]\r\nwatches:\r\n  a: {keywords: x}\r\n")

    watchlist = read_watchlist(path, check_region=every_region)

    assert watchlist.source.startswith("feeds:")
    assert watchlist.watches == (Watch(WatchId("a"), "A", keywords=("x",)),)


def test_regions_are_asked_for_once_each() -> None:
    asked: list[str] = []
    source = (
        "feeds: [{url: https://example.org/feed, home: Syria}]\n"
        "watches: {a: {regions: [Syria, Iraq]}, b: {regions: Iraq}}\n"
    )

    parse_watchlist(source, PATH, check_region=asked.append)

    assert sorted(asked) == ["Iraq", "Syria"]


def test_the_place_of_a_test_sentence_is_known() -> None:
    source = (
        "feeds: [https://example.org/feed]\nwatches:\n  a:\n    keywords: x\n"
        '    tests:\n      match:\n        - One x.\n        - "Two x."\n      ignore: None.\n'
    )
    located = parse_with_positions(source, PATH, check_region=every_region)

    assert located.position("watches", "a", "tests", "match", 1) == Position(8, 11)
    assert located.position("watches", "a", "tests", "ignore", 0) == Position(9, 15)

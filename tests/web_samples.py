"""News for tests of pages: kind texts and hostile ones in many scripts, the watches that they meet, and their feeds."""

from __future__ import annotations

from dataclasses import dataclass

from records import watchlist
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import DigestSchedule, FeedSource, QuietPolicy, Subscriber, Watch, Watchlist

GROUP = Watch(WatchId("islamic-state"), "Islamic State", keywords=("Islamic State", "IS", "داعش"), names=("Daesh",))
SYRIA = Watch(WatchId("syria"), "Syria", regions=("Syria",))
PORTS = Watch(WatchId("ports"), "Ports <script>alert('watch')</script>", keywords=("港口", "alert", "harbour"))
EURO = Watch(WatchId("euro"), "The euro", keywords=("interest rate", "inflation"))
BERLIN = Watch(WatchId("berlin"), "Berlin", regions=("Berlin",))
REMOVED = Watch(WatchId("floods"), "Floods", keywords=("flood",))

TOKEN = "zoes-unguessable-name-of-2026-03-10"  # noqa: S105 -- of a digest that does not exist

WIRE = "https://wire.example/rss"
EVIL = "https://evil.example/rss"
PORT = "https://port.example/atom"
ARABIC = "https://arabic.example/rss"

SCRIPT_TITLE = "Harbour closed</h3><script>alert('title')</script>"
BIDI_TITLE = "Harbour \u202eexe.gnp\u2066 opens\u0007 again"
LONG_TITLE = "Harbour" + "x" * 493
ARABIC_TITLE = "سكان دير الزور يعودون بعد انسحاب داعش"
CHINESE_TITLE = "港口本周重新开放，货轮排队入港"


@dataclass(frozen=True, slots=True)
class Sample:
    """An article to be: ``hours`` is its age, ``watches`` those it meets."""

    key: str
    outlet: str
    title: str
    text: str
    language: str
    hours: float
    watches: tuple[Watch, ...]
    url: str = ""


SAMPLES = (
    Sample(
        "relief",
        WIRE,
        "Relief column reaches Deir el-Zour",
        "The ring that Islamic State had drawn around Deir el-Zour opened on Tuesday, and trucks with flour came in "
        "before dark. A spokesman for the governor said IS had left the hills above the airfield without a fight.\n"
        "For three years the town lived on what aircraft dropped. “We have counted every sack,” said a baker, who is "
        "opening again tomorrow.\nIn Idlib, two hundred kilometres to the west, the day passed quietly.",
        "en",
        2,
        (GROUP, SYRIA),
        "https://wire.example/relief?from=feed&lang=en",
    ),
    Sample(
        "arabic",
        ARABIC,
        ARABIC_TITLE,
        "عاد مئات من سكان دير الزور إلى بيوتهم اليوم، وقال شهود إن مقاتلي داعش غادروا الحي قبل الفجر دون قتال.",
        "ar",
        3,
        (GROUP, SYRIA),
        "https://arabic.example/1",
    ),
    Sample("chinese", PORT, CHINESE_TITLE, "港口当局表示，" * 30, "zh", 4, (PORTS,), "https://port.example/1"),
    Sample(
        "script",
        EVIL,
        SCRIPT_TITLE,
        "<img src=x onerror=alert('text')> The harbour is <b>closed</b>. <!-- --> {{ 7 * 7 }}",
        "en",
        5,
        (PORTS,),
        "javascript:alert('link')",
    ),
    Sample("bidi", EVIL, BIDI_TITLE, "A harbour\u202e desrever.", "en", 6, (PORTS,), 'https://evil.example/"><script>'),
    Sample("long", EVIL, LONG_TITLE, "harbour " * 3 + "y" * 2_000, "en", 7, (PORTS,), "https://evil.example/long"),
    Sample("bare", EVIL, "", "", "en", 8, (PORTS,)),
    Sample(
        "rates",
        WIRE,
        "Interest rate left alone",
        "The interest rate stays, the bank said.",
        "en",
        80,
        (EURO,),
        "https://wire.example/rates",
    ),
    Sample("flood", WIRE, "Flood recedes", "The flood recedes.", "en", 30, (REMOVED,), "https://wire.example/flood"),
    Sample("missed", WIRE, "Chess club wins", "The club won again.", "en", 9, (), "https://wire.example/chess"),
)

SOURCES = (
    FeedSource(WIRE, title="Example Wire", language="en"),
    FeedSource(ARABIC, title="صحيفة المثال", language="ar"),
    FeedSource(PORT, title="港口日报", language="zh"),
    FeedSource(EVIL, title="<script>alert('feed')</script> & Co"),
    FeedSource("https://gazette.example/feed.xml", title="Example Gazette"),
    FeedSource("https://new.example/a/rather/long/address/of/a/feed/that/nobody/has/read/yet.xml"),
)


def sample_watchlist() -> Watchlist:
    return watchlist(watches=(GROUP, SYRIA, PORTS, EURO, BERLIN), subscribers=sample_subscribers())


def sample_subscribers() -> tuple[Subscriber, ...]:
    schedule = DigestSchedule(days=(1, 2, 3, 4, 5), at=("13:00",), quiet=QuietPolicy.SHORT)
    return (
        Subscriber("zoe@example.org", "Europe/Berlin", (GROUP.id, SYRIA.id, PORTS.id, BERLIN.id), schedule),
        Subscriber("omar@example.org", "Asia/Beirut", (SYRIA.id,), schedule),
    )

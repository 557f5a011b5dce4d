"""Which lane reads a document, and that both say the same of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tocsin.feeds.entries import parsed_feed
from tocsin.feeds.judge import judge
from tocsin.feeds.parse import Doubt, examine, parse_fast, parse_feed
from tocsin.models.feeds import Hints, Hub, ParsedFeed

URL = "https://wire.example/feeds/main.xml"
RSS = """<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
 xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Wire</title><link>https://wire.example/</link>
<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="https://wire.example/self"/>
<language>de-CH</language><ttl>90</ttl><sy:updatePeriod>daily</sy:updatePeriod>
<sy:updateFrequency>4</sy:updateFrequency><skipHours><hour>0</hour><hour>24</hour><hour>5</hour></skipHours>
<skipDays><day>Sunday</day></skipDays><image><title>no title</title><link>https://wire.example/no</link></image>
%s</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://blog.example/a/">
<title>Blog</title><id>urn:blog</id><link rel="hub" href="/hub"/><link rel="self" href="feed"/>%s</feed>"""

ITEMS = [
    "<item><title>One &amp;amp; two</title><link>/1</link><guid isPermaLink='false'>g1</guid></item>",
    "<item><title/><title>Second counts</title><link>/1</link></item>",
    "<item><media:title>A picture's</media:title><title>Its own</title><link>/1</link></item>",
    "<item><title>Own</title><media:group><media:title>x</media:title></media:group><link>/1</link></item>",
    "<item><dc:title>Dublin</dc:title><guid>https://wire.example/g</guid></item>",
    "<item><title>t</title><guid>no address</guid></item>",
    "<item><title>t</title><link>/1?a=1&amp;amp;b=2</link></item>",
    "<item><title>t</title><atom:link href='/x' rel='related'/><atom:link href='/y'/></item>",
    "<item><title>t</title><atom:link href='/x' type='audio/ogg'/></item>",
    "<item><title>t</title><description>Short</description><content:encoded>&lt;p>Longer</content:encoded></item>",
    "<item><title>t</title><description>One</description><description>Two</description></item>",
    "<item><title>t</title><description>Kept <b>bold</b> &amp; <p>more</p></description></item>",
    "<item><title>t</title><description>a<div>&lt;p&gt;b&lt;/p&gt;</div></description></item>",
    "<item><title>t</title><media:group><media:description>Words</media:description></media:group></item>",
    "<item><title>t</title><pubDate>Tue, 05 Sep 2017 14:00:00 +0200</pubDate><dc:date>2018-01-01</dc:date></item>",
    "<item><title>t</title><dc:date>2018-01-01T10:00:00Z</dc:date></item>",
    "<item><title>t</title><dc:creator>Ada</dc:creator><dc:language>fr</dc:language></item>",
    "<item><title>t</title><author>ada@wire.example (Ada)</author></item>",
    "<item><TITLE>Loud</TITLE><Link>/1</Link></item>",
    "<item><title>Caf\u00c3\u00a9</title><link>/1</link></item>",
    "<item><title>\u0093Quoted\u0094</title><link>/1</link></item>",
    "<item><title>t</title><source url='/s'>Other</source><enclosure url='/e'/></item>",
    "<item><title><![CDATA[<b>Bold</b>]]> and plain</title><link><![CDATA[ /1 ]]></link></item>",
]
ENTRIES = [
    "<entry><id>e1</id><title type='html'>&lt;b>A&lt;/b> &amp;amp; B</title><link href='x.html'/></entry>",
    "<entry><id>e1</id><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A <i>B</i></div></title></entry>",
    "<entry><id>e1</id><title>5 &lt; 6</title><content type='text'>1 &lt; 2\n\n3</content></entry>",
    "<entry><id>e1</id><title>t</title><content type='xhtml'><div><p>a</p><p>b &lt; c</p></div></content></entry>",
    "<entry><id>e1</id><title>t</title><content type='image/png'>aGVsbG8=</content><summary>s</summary></entry>",
    "<entry><id>e1</id><title>t</title><author><name>Zo\u00e9</name><email>z@blog.example</email></author></entry>",
    "<entry xml:lang='pt-BR'><id>e1</id><title>t</title><updated>2017-09-05T12:00:00+02:00</updated></entry>",
    "<entry xml:base='/b/'><id>e1</id><title>t</title><link href='c'/></entry>",
    "<entry><id>e1</id><title>t</title><source><id>s</id><title>Other</title></source></entry>",
    "<entry><id>e1</id><title>t</title><summary>Short</summary><content type='html'>Short and long</content></entry>",
]


@pytest.mark.parametrize(
    "document",
    [*(RSS % item for item in ITEMS), *(ATOM % entry for entry in ENTRIES)],
    ids=[*(f"rss-{number}" for number in range(len(ITEMS))), *(f"atom-{number}" for number in range(len(ENTRIES)))],
)
def test_the_fast_lane_reads_what_the_judge_reads(document: str) -> None:
    fast = parse_fast(document.encode(), "", URL)
    assert isinstance(fast, ParsedFeed)
    assert len(fast.entries) == 1
    assert fast == parsed_feed(judge(document.encode(), URL), URL, [])


def test_an_rss_feed_says_how_often_it_changes_and_where_its_hub_is() -> None:
    found = parse_fast((RSS % ITEMS[0]).encode(), "", URL)
    assert isinstance(found, ParsedFeed)
    assert found.hints == Hints(timedelta(minutes=90), timedelta(hours=6), (0, 5), (7,))
    assert found.hub == Hub("https://hub.example/", "https://wire.example/self")
    assert (found.format, found.document_id, found.language) == ("RSS 2.0", "https://wire.example/", "de")


def test_an_atom_feed_has_an_id_and_links_under_its_base() -> None:
    found = parse_fast((ATOM % ENTRIES[0]).encode(), "", URL)
    assert isinstance(found, ParsedFeed)
    assert (found.format, found.document_id) == ("Atom 1.0", "urn:blog")
    assert found.hub == Hub("https://blog.example/hub", "https://blog.example/a/feed")


def test_a_hub_without_a_topic_knows_the_feed_by_its_address() -> None:
    document = RSS.replace('<atom:link rel="self" href="https://wire.example/self"/>', "") % ITEMS[0]
    found = parse_fast(document.encode(), "", URL)
    assert isinstance(found, ParsedFeed)
    assert found.hub == Hub("https://hub.example/", URL)


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("<rss><channel/></rss>", "RSS"),
        ("<rss version='0.91'><channel/></rss>", "RSS 0.91"),
        ("<rss version='2.0 '><channel/></rss>", "RSS 2.0"),
        ("<rss version='&lt;b>'><channel/></rss>", "RSS"),
        ("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>", "RSS 1.0"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'/>", "Atom 1.0"),
        ("<feed version='0.3' xmlns='http://purl.org/atom/ns#'/>", "Atom 0.3"),
    ],
)
def test_formats_have_names(document: str, name: str) -> None:
    found = parse_feed(document.encode(), "", URL)
    assert isinstance(found, ParsedFeed)
    assert found.format == name


@pytest.mark.parametrize(
    "inside",
    [
        "<item><title type='text/plain' mode='base64'>aGVsbG8=</title></item>",
        "<item><title type='application/octet-stream'>aGVsbG8=</title></item>",
        "<item><category>nothing else</category></item>",
        "<item><guid>a<b/>c</guid></item>",
        "<item><title>a & b</tilte></item>",
        "<itunes:author>unbound</itunes:author>",
    ],
    ids=["base64-mode", "base64-type", "says-nothing", "markup-in-id", "ill-formed", "unbound-prefix"],
)
def test_what_trips_the_fast_lane_is_handed_to_the_judge(inside: str) -> None:
    document = (RSS % inside).encode()
    assert parse_fast(document, "", URL) is None
    found = examine(document, "", URL)
    assert isinstance(found, Doubt)
    assert found.is_complete


@pytest.mark.parametrize(
    ("document", "note"),
    [
        (RSS % "<item><title>AT&T &nbsp;caf&eacute;</title></item>", None),
        (RSS % "<item><title>a\x0bb</title></item>", None),
        (RSS % ITEMS[0] + "<!-- x --><p>a server's chatter</p>", "junk after document element"),
        ((RSS % (ITEMS[0] + ITEMS[9])).rpartition("<item>")[0], "the document is cut off"),
    ],
    ids=["entities", "controls", "junk", "cut-off"],
)
def test_what_can_be_repaired_stays_in_the_fast_lane(document: str, note: str | None) -> None:
    assert parse_fast(document.encode(), "", URL) is None
    found = examine(document.encode(), "", URL)
    assert isinstance(found, ParsedFeed)
    assert len(found.entries) == 1
    assert (note or "") in (found.note or "")
    assert bool(note) == bool(found.note)

from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pytest

from tocsin.feeds.keys import content_hash
from tocsin.feeds.parse import parse_feed
from tocsin.models.feeds import Entry, ParsedFeed, Problem, ProblemKind

URL = "https://wire.example/feeds/main.xml"
RSS = """<?xml version="1.0" encoding="utf-8"?>
<!-- a comment with <item> in it --><?xml-stylesheet href="x.xsl"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The &quot;Wire&quot;</title><link>https://wire.example/</link><language>EN-gb</language>
<item><title>Bridge &amp;amp; tunnel closed</title><link>/news/1</link><guid isPermaLink="false">n1</guid>
<description>&lt;p&gt;A short summary.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>The bridge is closed.</p><p>So is the tunnel &amp; more.</p>]]></content:encoded>
<dc:creator>Ada Writer</dc:creator><pubDate>Tue, 05 Sep 2017 14:00:00 +0200</pubDate></item>
<item><title>Rain</title><guid>https://wire.example/news/2</guid><description>Rain &amp; wind.</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://blog.example/a/" xml:lang="fr">
<title>Le fil</title>
<entry><id>urn:x:1</id><title type="html">&lt;b>Un&lt;/b> titre</title><link href="un.html"/>
<summary>Un titre, rien</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Un</p><p>deux</p>
</div></content><author><name>Zoé</name></author><updated>2017-09-05T12:00:00Z</updated></entry>
<entry xml:lang="de"><id>urn:x:2</id>
<title>5 &lt; 6 &amp; so on</title><link rel="alternate" type="text/plain" href="/b"/>
<content type="image/png">iVBORw0KGgo=</content><published>2017-09-06</published></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="https://wire.example/"><title>RDF</title></channel>
<item rdf:about="https://wire.example/3"><title>Third</title><link>https://wire.example/3</link></item></rdf:RDF>"""


def parsed(body: bytes | str, content_type: str = "application/rss+xml") -> ParsedFeed:
    outcome = parse_feed(body.encode() if isinstance(body, str) else body, content_type, URL)
    assert isinstance(outcome, ParsedFeed)
    return outcome


def problem(body: bytes | str, content_type: str = "application/rss+xml") -> Problem:
    outcome = parse_feed(body.encode() if isinstance(body, str) else body, content_type, URL)
    assert isinstance(outcome, Problem)
    return outcome


def item(inside: str) -> Entry:
    [entry] = parsed(f"<rss version='2.0'><channel><item>{inside}</item></channel></rss>").entries
    return entry


def test_rss_is_read_into_clean_records() -> None:
    text = "A short summary.\nThe bridge is closed.\nSo is the tunnel & more."
    assert parsed(RSS) == ParsedFeed(
        title='The "Wire"',
        language="en",
        entries=(
            Entry(
                key="n1",
                url="https://wire.example/news/1",
                title="Bridge & tunnel closed",
                text=text,
                author="Ada Writer",
                language="en",
                published_at=datetime(2017, 9, 5, 12, 0, tzinfo=UTC),
                published_raw="Tue, 05 Sep 2017 14:00:00 +0200",
                content_hash=content_hash("Bridge & tunnel closed", text),
            ),
            Entry(
                key="https://wire.example/news/2",
                url="https://wire.example/news/2",
                title="Rain",
                text="Rain & wind.",
                author=None,
                language="en",
                published_at=None,
                published_raw=None,
                content_hash=content_hash("Rain", "Rain & wind."),
            ),
        ),
        format="RSS 2.0",
        document_id="https://wire.example/",
    )


def test_atom_is_read_with_its_bases_languages_and_text_constructs() -> None:
    first, second = parsed(ATOM, "application/atom+xml").entries
    assert (first.key, first.url, first.title, first.author) == (
        "urn:x:1",
        "https://blog.example/a/un.html",
        "Un titre",
        "Zoé",
    )
    assert (first.text, first.language) == ("Un titre, rien\nUn\ndeux", "fr")
    assert first.published_at == datetime(2017, 9, 5, 12, 0, tzinfo=UTC)
    assert (second.url, second.title, second.text) == ("https://blog.example/b", "5 < 6 & so on", "")
    assert (second.language, second.published_raw) == ("de", "2017-09-06")


def test_rdf_is_read() -> None:
    outcome = parsed(RDF)
    assert outcome.title == "RDF"
    assert [(entry.key, entry.title) for entry in outcome.entries] == [("https://wire.example/3", "Third")]


def test_the_outcome_travels_between_processes() -> None:
    assert pickle.loads(pickle.dumps(parsed(RSS))) == parsed(RSS)  # noqa: S301 - our own bytes
    assert pickle.loads(pickle.dumps(parse_feed)) is parse_feed  # noqa: S301 - our own bytes


@pytest.mark.parametrize("ending", ["…", "...", " [&#8230;]", ""])
def test_a_summary_that_the_content_begins_with_is_not_repeated(ending: str) -> None:
    content = (
        "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>One two three.</content:encoded>"
    )
    assert item(f"<description>One two{ending}</description>{content}").text == "One two three."


def test_an_entry_without_id_is_known_by_its_link_and_one_without_both_by_its_words() -> None:
    assert item("<title>t</title><link>/x</link>").key == "https://wire.example/x"
    assert item("<title>t</title>").key == f"sha256:{content_hash('t', '')}"


def test_categories_and_unused_elements_cost_nothing_and_say_nothing() -> None:
    assert (
        item("<title>t</title>" + "<category>c</category>" * 3000 + "<media:keywords>a,b</media:keywords>").title == "t"
    )


def test_stray_ampersands_and_html_entities_are_read_as_meant() -> None:
    entry = item("<title>AT&T&nbsp;caf&eacute; &nosuch; &#0;&#xD800;</title><link>/x?a=1&b=2</link>")
    assert entry.title == "AT&T café &nosuch; \ufffd\ufffd"
    assert entry.url == "https://wire.example/x?a=1&b=2"
    assert parsed(RSS.replace("wind", "&wind")).note is None


def test_characters_that_xml_forbids_do_no_harm() -> None:
    outcome = parsed("<rss><channel><item><title>a\x0bb\x01c \uffff</title></item></channel></rss>")
    assert outcome.entries[0].title == "abc"
    assert outcome.note is None


def test_a_doctype_with_entities_is_not_used() -> None:
    subset = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/hostname">]>'
    [entry] = parsed(subset + "<rss><channel><item><title>x &a;&b;</title></item></channel></rss>").entries
    assert entry.title == "x &a;&b;"


@pytest.mark.parametrize(
    ("charset", "declared", "header", "title"),
    [
        ("utf-8", "utf-8", "", "Zürich"),
        ("iso-8859-1", "iso-8859-1", "", "Zürich"),
        ("iso-8859-1", "iso-8859-1", "; charset=utf-8", "Zürich"),
        ("windows-1252", "iso-8859-1", "", "“Zürich”"),
        ("iso-8859-1", None, "", "Zürich"),
        ("iso-8859-1", None, "; charset=ISO-8859-1", "Zürich"),
        ("utf-8", "iso-8859-1", "; charset=iso-8859-1", "Zürich"),
        ("utf-8", "us-ascii", "", "Zürich"),
        ("windows-1251", "windows-1251", "", "Москва"),
        ("windows-1251", None, "", "Москва и её окрестности, последние новости"),
        ("koi8-r", "koi8-r", "; charset=koi8-r", "Москва"),
        ("koi8-r", None, "; charset=koi8-r", "Москва"),
        ("gb18030", "gb2312", "", "中国新闻"),
        ("shift_jis", "Shift_JIS", "", "日本の新聞"),
        ("utf-16", "utf-16", "", "دمشق"),
        ("utf-16-le", "utf-16", "", "دمشق"),
        ("utf-16-be", None, "", "دمشق"),
        ("utf-32", None, "", "😀"),
        ("utf-8-sig", "utf-8", "", "Zürich"),
        ("utf-8", "no-such-charset", "", "Zürich"),
        ("utf-8", "utf-7", "", "+ADw-Zürich"),
        ("utf-8", "utf-7", "", "+ADw-script+AD4-"),
        ("utf-8", "Shift_JIS", "", "Москва–Zürich"),
    ],
)
def test_every_charset_is_read(charset: str, declared: str | None, header: str, title: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    document = f"{declaration}<rss><channel><item><title>{title}</title></item></channel></rss>"
    [entry] = parsed(document.encode(charset), f"text/xml{header}").entries
    assert entry.title == title


def test_bytes_that_fit_no_charset_are_replaced_and_noted() -> None:
    body = b"<?xml version='1.0' encoding='utf-8'?><rss><channel><item><title>a\xff\xc0b</title></item></channel></rss>"
    outcome = parsed(body)
    assert outcome.entries[0].title == "a\ufffd\ufffdb"
    assert outcome.note == "some bytes are not valid utf-8 and were replaced"


@pytest.mark.parametrize("end", ["<item><title>Third, cut o", "<item><titl", "<item><description><![CDATA[x", ""])
def test_a_cut_off_document_keeps_its_complete_entries(end: str) -> None:
    outcome = parsed(RSS[: RSS.index("</channel>")] + end)
    assert outcome.entries == parsed(RSS).entries
    assert outcome.note == "the document is cut off: only its first 2 entries are complete"
    assert not outcome.is_complete


def test_a_document_cut_off_before_its_first_entry_is_a_problem() -> None:
    found = problem(RSS[: RSS.index("</item>")])
    assert found.kind is ProblemKind.MALFORMED
    assert "ends before its first complete entry" in found.message


def test_ill_formed_xml_is_read_as_far_as_it_makes_sense() -> None:
    outcome = parsed(RSS.replace("<title>Rain</title>", "<title>Rain</titel>"))
    assert outcome.entries[0].title == "Bridge & tunnel closed"
    assert outcome.note is not None
    assert outcome.note.startswith("not well-formed XML (mismatched tag, line ")


def test_chatter_before_the_feed_is_passed_over() -> None:
    assert parsed("<br />\n<b>Warning</b>: Undefined variable<br />\n" + RSS).entries == parsed(RSS).entries


def many(order: range) -> str:
    items = "".join(f"<item><guid>{i}</guid><pubDate>2017-01-{i % 28 + 1:02}</pubDate></item>" for i in order)
    return f"<rss><channel><title>t</title>{items}<link>https://wire.example/</link></channel></rss>"


def test_of_too_many_entries_the_newest_are_kept() -> None:
    newest_first = parsed(many(range(559, 0, -1)))
    assert [newest_first.entries[0].key, newest_first.entries[-1].key] == ["559", "60"]
    assert newest_first.note == "only the newest 500 of 559 entries are read"
    oldest_first = parsed(many(range(559)))
    assert [oldest_first.entries[0].key, oldest_first.entries[-1].key] == ["59", "558"]


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parsed("<rss><channel><title>t</title></channel></rss>") == ParsedFeed("t", None, (), format="RSS")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<html><body>hello</body></html>", "is a web page, not a feed; look for"),
        ("<!doctype html><title>x</title>", "is a web page, not a feed; look for"),
        (
            "<html><link rel=alternate type=application/rss+xml href=/rss></html>",
            "the page names https://wire.example/rss: put that into the watchlist",
        ),
        ('{"version": "https://jsonfeed.org/version/1.1"}', "is a JSON Feed without a list of items"),
        ('{"version": "https://jsonfeed.org/version/1.1"', "is a JSON Feed that is not valid JSON"),
        ("[1]", "sent JSON, not a feed"),
        ('{"items": []}', "sent JSON, not a feed"),
        ("<opml/>", "is a list of feeds (OPML), not a feed"),
        ("<urlset/>", "is a sitemap without news, not a feed"),
        ("<sitemapindex/>", "is a list of sitemaps, not a feed"),
        ("<note/>", "is XML, but neither RSS nor Atom (its root is <note>)"),
        ("just words", "is neither XML nor a feed"),
    ],
)
def test_what_is_no_feed_is_named(body: str, words: str) -> None:
    found = problem(body)
    assert found.kind is ProblemKind.NOT_A_FEED
    assert found.message.startswith(URL)
    assert words in found.message


def test_a_feed_under_an_html_doctype_is_a_feed() -> None:
    assert parsed("<!DOCTYPE html>" + RDF).title == "RDF"


@pytest.mark.parametrize("body", ["<!DOCTYPE rss [ <!ENTITY", "<!-- never ends <rss>", "<?xml never ends"])
def test_a_head_that_never_ends_is_a_problem(body: str) -> None:
    assert problem(body).kind is ProblemKind.MALFORMED

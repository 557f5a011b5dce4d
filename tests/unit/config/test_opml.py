"""Lists of feeds that other programs wrote: what is read of them, and what is refused."""

# ruff: noqa: E501 - a message is compared in one piece, as it is printed

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tocsin.config.opml import FeedList, ListedFeed, decoded_list, read_list
from tocsin.config.opml_survey import MAX_DEPTH, OpmlFault
from tocsin.config.opml_writer import opml_of
from tocsin.models.watchlist import FeedSource

HOSTILE = Path(__file__).parent / "hostile"
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def opml(*body: str, head: str = "<head><title>Mine</title></head>") -> str:
    return "\n".join(('<opml version="2.0">', head, "<body>", *body, "</body>", "</opml>"))


def outline(url: str, text: str = "", more: str = "") -> str:
    return f'<outline text="{text}" type="rss" xmlUrl="{url}" {more}/>'


def fault(text: str) -> tuple[int, str]:
    with pytest.raises(OpmlFault) as raised:
        read_list(text)
    return raised.value.line, str(raised.value)


def test_feeds_are_read_in_order_with_titles_lines_and_the_folders_as_tags() -> None:
    listed = read_list(
        opml(
            outline("https://a.example/rss", "A &amp; B"),
            '<outline text="Levant"><outline title="agency">',
            outline("https://b.example/rss", "ب"),
            "</outline></outline>",
        )
    )
    assert listed == FeedList(
        (
            ListedFeed("https://a.example/rss", "A & B", (), 4),
            ListedFeed("https://b.example/rss", "ب", ("Levant", "agency"), 6),
        )
    )


def test_a_feed_in_two_folders_is_one_with_the_tags_of_both() -> None:
    folders = [f'<outline text="{tag}">{outline("https://a.example/rss", tag)}</outline>' for tag in ("news", "war")]
    assert read_list(opml(*folders)).feeds == (ListedFeed("https://a.example/rss", "news", ("news", "war"), 4),)


def test_two_spellings_of_one_address_are_one_feed() -> None:
    listed = read_list(opml(outline("https://a.example/rss"), outline("HTTPS://A.example:443/rss", "A")))
    assert listed.feeds == (ListedFeed("https://a.example/rss", "A", (), 4),)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("feed://a.example/rss", "http://a.example/rss"),
        ("feed:https://a.example/rss", "https://a.example/rss"),
        ("Feed:HTTP://a.example/rss", "HTTP://a.example/rss"),
    ],
)
def test_an_address_for_feed_readers_is_one_for_everybody(written: str, url: str) -> None:
    assert read_list(opml("<!-- -->", outline(written))).feeds == (ListedFeed(url, "", (), 5),)


def test_categories_are_tags_too() -> None:
    listed = read_list(opml(outline("https://a.example/rss", "A", 'category="/world/asia,war"')))
    assert listed.feeds[0].tags == ("world", "asia", "war")


@pytest.mark.parametrize(("said", "language"), [("en-GB", "en"), ("AR", "ar"), ("unknown", ""), ("", "")])
def test_the_language_that_an_outline_says_is_read_where_it_is_a_code(said: str, language: str) -> None:
    listed = read_list(opml(outline("https://a.example/rss", "A", f'language="{said}"')))
    assert listed.feeds[0].language == language


def test_an_address_in_place_of_a_title_is_no_title() -> None:
    assert read_list(opml(outline("https://a.example/rss", "https://a.example/rss"))).feeds[0].title == ""


def test_attributes_are_read_in_any_case() -> None:
    assert read_list('<OPML><body><outline TEXT="A" XMLURL="https://a.example/"/></body></OPML>').feeds == (
        ListedFeed("https://a.example/", "A", (), 1),
    )


def test_a_title_that_no_watchlist_may_hold_is_cut_and_cleaned() -> None:
    [feed] = read_list(opml(outline("https://a.example/rss", f"A&#10;\u202eB{'x' * 300}"))).feeds
    assert feed.title == f"A B{'x' * 197}"


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        (outline("feed:a", "A"), "left out: 'feed:a' is no web address; write one that begins with https://"),
        (outline("file:///etc/passwd"), "left out: 'file:///etc/passwd' is no web address; write one that begins with https://"),
        (outline("https://me:word@a.example/"), "left out: an address with a user name or password in it is refused; this file is no place for secrets"),
        ('<outline text="A" htmlUrl="https://a.example/"/>', "left out: 'https://a.example/' is a page; find its feed with `tocsin feeds discover`"),
        ('<outline text="A" type="include" url="https://a.example/b.opml"/>', "left out: 'https://a.example/b.opml' is another list; name its file in the watchlist"),
    ],
)  # fmt: skip
def test_an_outline_that_cannot_be_used_does_not_take_the_others_along(body: str, warning: str) -> None:
    listed = read_list(opml(outline("https://good.example/rss"), body, outline("https://also.example/rss")))
    assert [feed.url for feed in listed.feeds] == ["https://good.example/rss", "https://also.example/rss"]
    assert listed.warnings == ((5, warning),)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "this list is empty or ends too early; export it again"),
        ("<opml>\n<body>", 2, "this list is empty or ends too early; export it again"),
        ("nothing like it", 1, "this is not readable as XML (syntax error); export the list again"),
        (opml('<outline text="A & B"/>'), 4, "this is not readable as XML; write & as &amp; and < as &lt; in titles and addresses"),
        (opml('<outline text="A &nbsp; B"/>'), 4, "XML knows no such entity; write the character itself"),
        (opml("<outline>"), 5, "this is not readable as XML (mismatched tag); export the list again"),
        ("<!-- x -->\n<html><body/></html>", 2, "this is no list of feeds: it begins with <html>, not <opml>; export the list as OPML"),
        ("<rss><channel/></rss>", 1, "this is no list of feeds: it begins with <rss>, not <opml>; this is a feed itself: write it with 'url:'"),
        (opml(), 1, "this list names no feed that can be polled; give an <outline> an xmlUrl with https://"),
        (opml(outline("ftp://a.example/")), 1, "this list names no feed that can be polled; give an <outline> an xmlUrl with https://"),
        (opml("<outline text='a'>" * (MAX_DEPTH - 1)), 4, "nested more than 50 deep; flatten the folders"),
        ("<!DOCTYPE opml>\n" + opml(outline("https://a.example/")), 1, "a DOCTYPE is refused, since it may name other files; delete the <!DOCTYPE ...>"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_its_line_and_a_remedy(text: str, line: int, words: str) -> None:
    assert fault(text) == (line, words)


@pytest.mark.parametrize(
    "body",
    [outline("https://a.example/") * 1_001, outline("https://a.example/", "", f'category="{"a," * 1_000}"')],
    ids=["outlines", "categories"],
)
def test_a_feed_in_more_folders_than_anybody_needs_is_refused(body: str) -> None:
    assert fault(opml(body)) == (4, "'https://a.example/' stands in more than 1,000 folders; list it once")


def test_an_external_entity_is_refused_and_never_read() -> None:
    text = decoded_list((HOSTILE / "opml_xxe.opml").read_bytes())
    line, words = fault(text)
    assert (line, words) == (1, "a DOCTYPE is refused, since it may name other files; delete the <!DOCTYPE ...>")


def test_an_entity_bomb_is_refused_before_anything_is_expanded() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(12))
    line, _ = fault(f"<!DOCTYPE opml [{entities}]>{opml(outline('https://a.example/', '&e11;'))}")
    assert line == 1


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<opml>é</opml>".encode(), "<opml>é</opml>"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><opml>é</opml>'.encode("latin-1"), "é"),
        ("\ufeff<opml>é</opml>".encode("utf-16-le"), "<opml>é</opml>"),
        ("\ufeff<opml>é</opml>".encode(), "<opml>é</opml>"),
    ],
    ids=["utf-8", "declared", "utf-16", "marked"],
)
def test_the_text_is_decoded_by_mark_or_declaration(content: bytes, text: str) -> None:
    assert text in decoded_list(content)


def test_letters_of_any_script_survive_whatever_the_declaration_says() -> None:
    text = decoded_list(
        ('<?xml version="1.0" encoding="windows-1251"?>' + opml(outline("https://a.example/", "Новости"))).encode(
            "cp1251"
        )
    )
    assert read_list(text).feeds[0].title == "Новости"


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"<opml>\n\xff", 2, "this is not UTF-8 as it says; save the file as UTF-8"),
        (
            b'<?xml version="1.0" encoding="klingon"?><opml/>',
            1,
            "the encoding 'klingon' is unknown; save the file as UTF-8",
        ),
    ],
)
def test_what_cannot_be_decoded_is_refused(content: bytes, line: int, words: str) -> None:
    with pytest.raises(OpmlFault) as raised:
        decoded_list(content)
    assert (raised.value.line, str(raised.value)) == (line, words)


def test_feeds_are_written_with_their_tags_as_folders() -> None:
    feeds = [
        FeedSource("https://a.example/?x=1&y=2", 'The "A"', "en", tags=("Levant", "agency")),
        FeedSource("https://b.example/", tags=("Levant",)),
        FeedSource("https://c.example/", "C\ufffe"),
    ]
    body = opml_of(feeds, NOW).partition("<body>\n")[2].partition("  </body>")[0]
    assert body == (
        '    <outline type="rss" text="C" xmlUrl="https://c.example/"/>\n'
        '    <outline text="Levant">\n'
        '      <outline type="rss" text="https://b.example/" xmlUrl="https://b.example/"/>\n'
        '      <outline text="agency">\n'
        '        <outline type="rss" text=\'The "A"\' xmlUrl="https://a.example/?x=1&amp;y=2" language="en"/>\n'
        "      </outline>\n"
        "    </outline>\n"
    )

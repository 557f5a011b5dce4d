"""`tocsin feeds discover|add|test|import|export`, with a publisher on loopback and real files."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from command_line import CommandLine, Ran

LOOPBACK = {"TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8"}
WATCHLIST = """\
# The desk's own.
feeds:
  - https://wire.example/rss   # the wire

watches:
  siege: {keywords: [siege]}
"""


def rss(title: str, link: str) -> bytes:
    item = f"<item><title>{title} 1</title><link>{link}</link><pubDate>Tue, 10 Mar 2026 11:00:00 GMT</pubDate></item>"
    return f"<rss version='2.0'><channel><title>{title}</title>{item}</channel></rss>".encode()


def page(*paths: str) -> bytes:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{path}">' for path in paths)
    return f"<!doctype html><html><head>{links}</head></html>".encode()


@dataclass(slots=True)
class Site:
    """A site by paths; 304 for whoever has its one validator."""

    url: str = ""
    pages: dict[str, bytes] = field(
        default_factory=lambda: {
            "/": page("/a.xml", "/comments/feed"),
            "/two": page("/a.xml", "/b.xml"),
            "/a.xml": rss("The Gazette", "https://g.example/1"),
            "/b.xml": rss("The Courier", "https://c.example/1"),
            "/comments/feed": rss("Comments", "https://g.example/1#c"),
        }
    )


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.pages.get(self.path, b"")
            unchanged = self.headers.get("If-None-Match") == '"1"'
            self.send_response(304 if unchanged else 200 if body else 404)
            if body and not unchanged:
                self.send_header("ETag", '"1"')
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if unchanged else body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def path(tocsin: CommandLine) -> Path:
    return tocsin.write(WATCHLIST)


def feeds(tocsin: CommandLine, *arguments: str) -> Ran:
    return tocsin("feeds", *arguments, **LOOPBACK)


def test_the_feeds_of_a_page_are_listed_with_what_they_are(tocsin: CommandLine, site: Site) -> None:
    ran = feeds(tocsin, "discover", site.url)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"{site.url}/a.xml\n  The Gazette\n  RSS 2.0, 1 entry, newest 2026-03-10 11:00Z, named by the page\n"
        f"{site.url}/comments/feed\n  Comments (comments)\n"
        "  RSS 2.0, 1 entry, newest 2026-03-10 11:00Z, named by the page\n"
    )
    told = feeds(tocsin, "discover", site.url, "--json").json
    assert [(feed["title"], feed["of_comments"]) for feed in told["feeds"]] == [
        ("The Gazette", False),
        ("Comments", True),
    ]


def test_a_page_that_cannot_be_read_ends_with_one(tocsin: CommandLine, site: Site) -> None:
    ran = feeds(tocsin, "discover", f"{site.url}/none")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"tocsin: {site.url}/none answers HTTP 404; check the address in a browser\n"


@pytest.mark.parametrize("command", ["discover", "add", "test"])
@pytest.mark.usefixtures("path")
def test_of_an_address_without_a_scheme_it_is_told_that_https_was_tried(
    tocsin: CommandLine, site: Site, command: str
) -> None:
    ran = feeds(tocsin, command, site.url.removeprefix("http://"))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"tocsin: {site.url.replace('http', 'https')} cannot be reached: ")
    assert ran.err.endswith("; if it is served over http only, write http:// before it\n")


@pytest.mark.parametrize("command", ["discover", "add", "test"])
def test_what_is_no_address_is_refused(tocsin: CommandLine, path: Path, command: str) -> None:
    ran = feeds(tocsin, command, "ftp://a.example/")
    assert (ran.code, ran.out, path.read_text()) == (2, "", WATCHLIST)
    assert "is no web address" in ran.err


@pytest.mark.parametrize("start", ["/", "/a.xml"])
def test_the_only_feed_of_a_page_is_added_and_the_rest_of_the_file_stays(
    tocsin: CommandLine, path: Path, site: Site, start: str
) -> None:
    options = ["--title", "Gazette: all", "--language", "en", "--tag", "local", "--tag", "x", "--full-text"]
    ran = feeds(tocsin, "add", site.url + start, *options)
    assert (ran.code, ran.out, ran.err) == (0, f"Added {site.url}/a.xml to watchlist.yaml.\n", "")
    added = (
        f'  - url: {site.url}/a.xml\n    title: "Gazette: all"\n    language: en\n    tags: [local, x]\n'
        "    full_text: true\n"
    )
    assert path.read_text() == WATCHLIST.replace("# the wire\n", f"# the wire\n{added}")
    assert tocsin("check").code == 0


def test_a_byte_order_mark_stays(tocsin: CommandLine, path: Path, site: Site) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + WATCHLIST.encode())
    assert feeds(tocsin, "add", f"{site.url}/a.xml").code == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbf# The desk's own.\n")


def test_an_option_that_the_watchlist_refuses_is_told_before_anybody_is_asked(tocsin: CommandLine, path: Path) -> None:
    ran = feeds(tocsin, "add", "http://127.0.0.1:9/", "--language", "ar-SY")
    assert (ran.code, ran.out, path.read_text()) == (2, "", WATCHLIST)
    assert ran.err == (
        "tocsin: watchlist.yaml: not changed, since it would have a fault: 'ar-SY' is no language code; write 'ar'\n"
    )


def test_a_feed_that_is_broken_is_told_with_its_fault(tocsin: CommandLine, path: Path, site: Site) -> None:
    site.pages["/half.xml"] = b"<rss><channel><title>Half</title><item><title>Cut"
    ran = feeds(tocsin, "add", f"{site.url}/half.xml")
    assert (ran.code, ran.out, path.read_text()) == (1, "", WATCHLIST)
    assert f"{site.url}/half.xml ends before its first complete entry" in ran.err


def test_of_a_feed_without_entries_no_rate_is_told(tocsin: CommandLine, site: Site) -> None:
    site.pages["/none.xml"] = b"<rss version='2.0'><channel><title>None yet</title></channel></rss>"
    ran = feeds(tocsin, "test", f"{site.url}/none.xml")
    assert ran.code == 0
    assert "rhythm      would be asked every 60 minutes" in ran.out
    assert feeds(tocsin, "test", f"{site.url}/none.xml", "--json").json["per_day"] is None


def test_of_several_feeds_none_is_added_and_all_are_listed(tocsin: CommandLine, path: Path, site: Site) -> None:
    ran = feeds(tocsin, "add", f"{site.url}/two")
    assert (ran.code, path.read_text()) == (1, WATCHLIST)
    assert ran.out.count("  RSS 2.0") == 2
    assert ran.err == "2 feeds: choose one, and run `tocsin feeds add` with its address\n"


def test_a_program_is_told_of_several_feeds_as_json(tocsin: CommandLine, path: Path, site: Site) -> None:
    ran = feeds(tocsin, "add", f"{site.url}/two", "--json")
    assert (ran.code, path.read_text()) == (1, WATCHLIST)
    assert [feed["url"] for feed in ran.json["feeds"]] == [f"{site.url}/a.xml", f"{site.url}/b.xml"]


def test_a_feed_is_not_added_twice(tocsin: CommandLine, path: Path, site: Site) -> None:
    feeds(tocsin, "add", f"{site.url}/a.xml")
    before = path.read_text()
    ran = feeds(tocsin, "add", site.url)
    assert (ran.code, ran.out, path.read_text()) == (1, "", before)
    assert ran.err == f"{site.url}/a.xml is on the watchlist already\n"


@pytest.mark.parametrize(
    ("option", "words"), [(["--language", "english"], "is no language code"), (["--home", "Syrai"], "unknown region")]
)
def test_nothing_is_written_that_check_would_refuse(
    tocsin: CommandLine, path: Path, site: Site, option: list[str], words: str
) -> None:
    ran = feeds(tocsin, "add", f"{site.url}/a.xml", *option)
    assert (ran.code, ran.out, path.read_text()) == (2, "", WATCHLIST)
    assert words in ran.err


def test_a_faulty_watchlist_is_told_and_left_alone(tocsin: CommandLine, site: Site) -> None:
    path = tocsin.write(WATCHLIST.replace("keywords", "keyword"))
    before = path.read_text()
    ran = feeds(tocsin, "add", f"{site.url}/a.xml")
    assert (ran.code, ran.out, path.read_text()) == (2, "", before)
    assert ran.err == "watchlist.yaml:6:11: unknown key 'keyword'; did you mean 'keywords'?\n"


def test_a_linked_watchlist_is_changed_where_it_is_and_keeps_its_mode(
    tocsin: CommandLine, path: Path, site: Site
) -> None:
    real = path.rename(path.with_name("real.yaml"))
    real.chmod(0o640)
    path.symlink_to(real)
    assert feeds(tocsin, "add", f"{site.url}/a.xml").code == 0
    assert path.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert f"{site.url}/a.xml" in real.read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_watchlist_changed_by_root_still_belongs_to_its_owner(tocsin: CommandLine, path: Path, site: Site) -> None:
    os.chown(path, 1234, 4321)
    path.chmod(0o600)
    assert feeds(tocsin, "add", f"{site.url}/a.xml").code == 0
    status = path.stat()
    assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (1234, 4321, 0o600)


def test_a_feed_is_tried_and_what_is_seen_is_told(tocsin: CommandLine, site: Site) -> None:
    ran = feeds(tocsin, "test", f"{site.url}/a.xml")
    assert (ran.code, ran.err) == (0, "")
    told = [line[:12].strip() for line in ran.out.splitlines()]
    assert told == ["address", "format", "title", "language", "entries", "rhythm", "caching", "look", "look", "entry"]
    assert "caching     ETag; an unchanged feed costs a 304\n" in ran.out
    assert "entry       2026-03-10 11:00Z  The Gazette 1\n" in ran.out
    seen = feeds(tocsin, "test", f"{site.url}/a.xml", "--json").json
    assert (seen["format"], seen["answers_304"], seen["entries"]) == ("RSS 2.0", True, 1)
    assert seen["newest_at"] == "2026-03-10T11:00:00+00:00"


def test_a_feed_that_cannot_be_read_ends_with_one(tocsin: CommandLine, site: Site) -> None:
    ran = feeds(tocsin, "test", site.url)
    assert (ran.code, ran.out) == (1, "")
    assert "is a web page, not a feed" in ran.err
    told = feeds(tocsin, "test", site.url, "--json")
    assert (told.code, told.json["kind"]) == (1, "not-a-feed")


OPML = """\
<opml version="2.0"><body>
<outline text="The wire" xmlUrl="https://wire.example/rss"/>
<outline text="Levant"><outline text="agency">
<outline text="Harbour &amp; Wire" xmlUrl="https://harbour.example/rss"/>
<outline text="odd" xmlUrl="feed:x"/>
</outline></outline></body></opml>
"""


def test_a_list_is_imported_without_what_is_known_or_cannot_be_used(tocsin: CommandLine, path: Path) -> None:
    tocsin.write(OPML, "mine.opml")
    dry = feeds(tocsin, "import", "mine.opml", "--tag", "mine", "--dry-run")
    assert (dry.code, path.read_text()) == (0, WATCHLIST)
    assert dry.out == (
        "https://harbour.example/rss  Harbour & Wire  [mine, Levant, agency]\n"
        "1 would be added to watchlist.yaml, 1 there before.\n"
    )
    assert dry.err == (
        "mine.opml:5:1: warning: left out: 'feed:x' is no web address; write one that begins with https://\n"
    )
    ran = feeds(tocsin, "import", "mine.opml", "--tag", "mine", "--json")
    assert ran.json["written"] is True
    added = "  - url: https://harbour.example/rss\n    title: Harbour & Wire\n    tags: [mine, Levant, agency]\n"
    assert path.read_text() == WATCHLIST.replace("# the wire\n", f"# the wire\n{added}")
    again = feeds(tocsin, "import", "mine.opml")
    assert again.out == "0 added to watchlist.yaml, 2 there before.\n"


def test_a_list_too_long_for_the_watchlist_is_better_named_there(tocsin: CommandLine, path: Path) -> None:
    long = "x" * 1_900
    outlines = "".join(f'<outline xmlUrl="https://a.example/{long}/{number}"/>' for number in range(550))
    tocsin.write(f"<opml><body>{outlines}</body></opml>", "long.opml")
    ran = feeds(tocsin, "import", "long.opml")
    assert (ran.code, ran.out, path.read_text()) == (2, "", WATCHLIST)
    assert ran.err == (
        "tocsin: watchlist.yaml: with 550 more feeds it would be larger than 1,000,000 bytes; keep them in a list and "
        "name it there: '- opml: FILE'\n"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "mine.opml: no such file"),
        ("<rss/>", "mine.opml:1:1: this is no list of feeds"),
        ("<!DOCTYPE x><opml/>", "mine.opml:1:12: a DOCTYPE is refused"),
    ],
)
def test_what_is_no_list_is_refused(tocsin: CommandLine, path: Path, content: str | None, words: str) -> None:
    if content is not None:
        tocsin.write(content, "mine.opml")
    ran = feeds(tocsin, "import", "mine.opml")
    assert (ran.code, ran.out, path.read_text()) == (2, "", WATCHLIST)
    assert ran.err.startswith(words)


def test_what_is_exported_can_be_imported_elsewhere(tocsin: CommandLine, path: Path) -> None:
    tocsin.write(OPML, "mine.opml")
    path.write_text(WATCHLIST.replace("# the wire\n", "# the wire\n  - opml: mine.opml\n"))
    assert feeds(tocsin, "export", "all.opml").out == "Wrote 2 feeds to all.opml.\n"
    assert feeds(tocsin, "export").out.splitlines()[5:] == (path.parent / "all.opml").read_text().splitlines()[5:]
    other = tocsin.write(WATCHLIST.replace("wire.example", "other.example"), "other.yaml")
    ran = tocsin("feeds", "import", "all.opml", "--json", TOCSIN_WATCHLIST=str(other))
    assert {(feed["url"], *feed["tags"]) for feed in ran.json["added"]} == {
        ("https://wire.example/rss",),
        ("https://harbour.example/rss", "Levant", "agency"),
    }


@pytest.mark.parametrize("name", ["watchlist.yaml", "lists/../list.opml"])
def test_an_export_never_writes_over_what_the_watchlist_is_made_of(tocsin: CommandLine, path: Path, name: str) -> None:
    listed = '<opml version="2.0"><body><outline xmlUrl="https://list.example/rss"/></body></opml>'
    (path.parent / "list.opml").write_text(listed)
    (path.parent / "lists").mkdir()
    path.write_text(WATCHLIST.replace("\n\nwatches", "\n  - opml: list.opml\n\nwatches"))
    ran = tocsin("feeds", "export", name)
    assert (ran.code, ran.err) == (2, f"{name}: the watchlist is made of this file; choose another name\n")
    assert (path.parent / "list.opml").read_text() == listed


def test_a_list_that_cannot_be_written_is_told(tocsin: CommandLine, path: Path) -> None:
    ran = feeds(tocsin, "export", str(path.parent / "nowhere" / "all.opml"))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("cannot be written (No such file or directory); check the folder and its permissions\n")


def test_check_warns_of_eager_intervals_and_of_outlines_left_out(tocsin: CommandLine, path: Path) -> None:
    tocsin.write(OPML, "mine.opml")
    path.write_text(WATCHLIST.replace("# the wire\n", "# the wire\n  - {opml: mine.opml, every: 5m}\n"))
    ran = tocsin("check")
    assert ran.code == 0
    odd, eager = ran.err.splitlines()
    assert odd.endswith(
        "mine.opml:5:1: warning: left out: 'feed:x' is no web address; write one that begins with https://"
    )
    assert eager == (
        "watchlist.yaml:4:30: warning: every 5m: many publishers block readers that ask this often; 10m is safe"
    )

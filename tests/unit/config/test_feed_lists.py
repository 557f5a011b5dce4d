"""Lists of feeds that a watchlist names: joined with its own feeds, part of its version, faulty with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tocsin.config import WatchlistFile, parse_watchlist, parse_with_positions, read_watchlist
from tocsin.errors import Fault, WatchlistError
from tocsin.models.watchlist import FeedSource, Watchlist

WATCHES = "watches: {siege: {keywords: siege}}\n"
WATCHLIST = "feeds:\n  - opml: a.opml\n" + WATCHES
A, B, C = (f"https://{name}.example/rss" for name in "abc")


def any_region(name: str) -> str | None:
    del name
    return None


def opml(*feeds: str, folder: str = "") -> str:
    outlines = "\n".join(f'<outline text="" xmlUrl="{url}"/>' for url in feeds)
    inner = f'<outline text="{folder}">\n{outlines}\n</outline>' if folder else outlines
    return f"<opml><body>\n{inner}\n</body></opml>"


def parse(source: str, **files: str) -> Watchlist:
    texts = {f"{name}.opml": text for name, text in files.items()}
    return parse_watchlist(source, Path("w.yaml"), check_region=any_region, files=texts)


def faults(path: Path) -> list[str]:
    with pytest.raises(WatchlistError) as raised:
        read_watchlist(path, check_region=any_region)
    return [str(fault).removeprefix(f"{path.parent}/") for fault in raised.value.faults]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "w.yaml"
    path.write_text(WATCHLIST)
    return path


def write(path: Path, text: str) -> None:
    """Change a file as editors do: a new one takes its place."""
    beside = path.with_suffix(".new")
    beside.write_text(text)
    beside.replace(path)


def test_the_keys_of_the_item_hold_for_every_feed_of_the_list() -> None:
    keys = "language: ar, home: Syria, tags: region, every: 20m, full_text: true, backlog: 2h, retention: 2w"
    watchlist = parse(f"feeds: [{{opml: a.opml, {keys}}}]\n" + WATCHES, a=opml(A, folder="Levant"))
    assert watchlist.feeds == (
        FeedSource(
            A,
            language="ar",
            home="Syria",
            tags=("region", "Levant"),
            every=timedelta(minutes=20),
            full_text=True,
            backlog=timedelta(hours=2),
            retention=timedelta(weeks=2),
        ),
    )


def test_what_the_list_says_of_a_language_holds_where_the_item_says_nothing() -> None:
    text = opml(A).replace('text=""', 'text="" language="ar"')
    watchlist = parse(WATCHLIST, a=text)
    assert watchlist.feeds == (FeedSource(A, language="ar"),)
    assert parse(WATCHLIST.replace("a.opml", "a.opml\n    language: fr"), a=text).feeds[0].language == "fr"


def test_the_watchlists_own_entry_wins_and_all_tags_are_joined() -> None:
    source = (
        "feeds:\n  - {opml: a.opml, tags: [one], language: en}\n  - {opml: b.opml, tags: [two], language: fr}\n"
        f"  - {{url: {B.replace('https', 'HTTPS')}, title: B, tags: [own]}}\n"
    )
    watchlist = parse(source + WATCHES, a=opml(A, B, folder="x"), b=opml(B, A, C))
    assert watchlist.feeds == (
        FeedSource(B.replace("https", "HTTPS"), "B", tags=("own", "one", "x", "two")),
        FeedSource(A, language="en", tags=("one", "x", "two")),
        FeedSource(C, language="fr", tags=("two",)),
    )


def test_the_version_covers_the_lists_and_without_one_the_file_alone() -> None:
    versions = {parse(WATCHLIST, a=opml(A)).version, parse(WATCHLIST, a=opml(B)).version}
    versions |= {parse(WATCHLIST.replace("a.opml", "b.opml"), b=opml(A)).version}
    assert len(versions) == 3
    assert parse(WATCHLIST, a=opml(A)).files == (("a.opml", opml(A)),)


def test_a_list_is_looked_for_beside_the_watchlist(path: Path) -> None:
    (path.parent / "a.opml").write_text(opml(A))
    assert read_watchlist(path, check_region=any_region).feeds == (FeedSource(A),)


def test_a_missing_list_is_a_fault_where_it_is_named(path: Path) -> None:
    told = f"w.yaml:2:11: the list {path.parent}/a.opml cannot be used: no such file; "
    assert faults(path) == [told + "write its name relative to the watchlist's folder"]
    (path.parent / "aa.opml").touch()
    assert faults(path) == [told + "did you mean 'aa.opml'?"]


def test_a_folder_in_place_of_a_list_is_a_fault(path: Path) -> None:
    (path.parent / "a.opml").mkdir()
    assert faults(path) == [
        f"w.yaml:2:11: the list {path.parent}/a.opml cannot be used: this is no regular file; write the name of one"
    ]


def test_a_fault_of_a_list_names_its_file_and_line_beside_those_of_the_watchlist(path: Path) -> None:
    path.write_text(WATCHLIST.replace("keywords", "keyword"))
    (path.parent / "a.opml").write_text("<opml>\n<body>\n<outline text='A & B'/></body></opml>")
    told = faults(path)
    assert told[0] == "w.yaml:3:19: unknown key 'keyword'; did you mean 'keywords'?"
    assert told[1].startswith("a.opml:3:19: this is not readable as XML; write & as &amp;")


def test_what_is_left_out_of_a_list_is_a_warning(path: Path) -> None:
    list_ = path.parent / "a.opml"
    list_.write_text(opml(A, "gopher://b"))
    located = parse_with_positions(WATCHLIST, path, check_region=any_region)
    assert located.watchlist.feeds == (FeedSource(A),)
    words = "left out: 'gopher://b' is no web address; write one that begins with https://"
    assert located.warnings == (Fault(str(list_), 3, 1, words),)


def test_a_change_of_the_list_is_a_new_version(path: Path) -> None:
    list_ = path.parent / "a.opml"
    list_.write_text(opml(A))
    file = WatchlistFile(path, any_region)
    assert [file.poll() for _ in range(3)] == [True, False, False]

    write(list_, opml(A, B))

    assert (file.poll(), file.poll()) == (True, False)
    assert file.watchlist is not None
    assert [feed.url for feed in file.watchlist.feeds] == [A, B]


def test_a_list_that_comes_late_or_is_mended_mends_the_watchlist(path: Path) -> None:
    list_ = path.parent / "a.opml"
    file = WatchlistFile(path, any_region)
    assert (file.poll(), len(file.faults)) == (False, 1)

    write(list_, "<opml>")
    assert (file.poll(), len(file.faults), file.watchlist) == (False, 1, None)

    write(list_, opml(A))
    assert (file.poll(), file.faults) == (True, ())


def test_a_list_that_is_named_later_is_watched_too(path: Path) -> None:
    list_ = path.parent / "a.opml"
    list_.write_text(opml(A))
    write(path, f"feeds: [{C}]\n{WATCHES}")
    file = WatchlistFile(path, any_region)
    file.poll()

    write(path, WATCHLIST)
    assert [file.poll(), file.poll()] == [True, False]

    write(list_, opml(B))
    assert [file.poll(), file.poll()] == [True, False]


def test_a_list_that_was_emptied_leaves_the_last_good_feeds_in_force(path: Path) -> None:
    list_ = path.parent / "a.opml"
    list_.write_text(opml(A))
    file = WatchlistFile(path, any_region)
    file.poll()
    known = file.watchlist

    write(list_, "")

    assert (file.poll(), file.watchlist, len(file.faults)) == (False, known, 1)

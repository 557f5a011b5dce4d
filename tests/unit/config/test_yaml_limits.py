"""Text that is no YAML, no text, or a bomb: refused quickly, at its place, in plain words."""

# ruff: noqa: E501 - a message is compared in one piece, as it is printed

from __future__ import annotations

import tracemalloc
from itertools import pairwise
from pathlib import Path

import pytest

from tocsin.config import parse_watchlist, read_watchlist
from tocsin.config.yaml_reader import MAX_BYTES, MAX_NODES
from tocsin.errors import WatchlistError

RIGHT = "feeds: [https://example.org/feed]\nwatches: {siege: {keywords: siege}}\n"
MEGABYTE = 1_000_000


def every_region(name: str) -> str | None:
    del name
    return None


def faults(source: str) -> list[str]:
    with pytest.raises(WatchlistError) as raised:
        parse_watchlist(source, Path("w.yaml"), check_region=every_region)
    return [str(fault) for fault in raised.value.faults]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("", "1:1: the watchlist is empty; write 'feeds:' and 'watches:', or run `tocsin init --force`"),
        ("# nothing yet\n", "1:1: the watchlist is empty; write 'feeds:' and 'watches:', or run `tocsin init --force`"),
        ("just words", "1:1: a watchlist is made of keys such as 'feeds:' and 'watches:'; run `tocsin init` for an example"),
        ("- a\n- b\n", "1:1: a watchlist is made of keys such as 'feeds:' and 'watches:'; run `tocsin init` for an example"),
        ("feeds:\n\t- x", "2:1: a tab cannot indent here; use spaces"),
        ("feeds: [a\n", "1:8: this [ is not closed, or a comma is missing after it; add ] or ,"),
        ("feeds: {a: b\n", "1:8: this { is not closed, or a comma is missing after it; add } or ,"),
        ("feeds: 'a\nwatches: b\n", "1:8: this quote is opened and never closed; add the closing quote"),
        ("title: a: b", "1:9: a colon stands where none may; put text that holds ': ' in quotes"),
        ("feeds:\n  - x\n - y\n", "3:2: the indentation fits none of the lines above; align it with its neighbours"),
        ("feeds: @x", "1:8: text cannot begin with @; put it in quotes"),
        ("feeds: `x", "1:8: text cannot begin with `; put it in quotes"),
        ("feeds: %x", "1:8: text cannot begin with %; put it in quotes"),
        ('feeds: "a\\z"', "1:11: a backslash in double quotes begins an escape; use single quotes instead"),
        ("feeds: x\n---\nfeeds: y\n", "2:1: a second document begins here; delete the line of three dashes"),
        ("%YAML 1.1\n---\nfeeds: NO\n", "1:1: this is read as YAML 1.2; delete the line beginning %YAML"),
        ("%TAG ! tag:x\n---\nfeeds: y\n", "1:1: tags are refused; delete the line beginning %TAG"),
        ("a: b\x00c", "1:5: the invisible character U+0000; delete it"),
        ("a:\n  - \x1b[31m", "2:5: the invisible character U+001B; delete it"),
        ("a: \ud800", "1:4: the invisible character U+D800; delete it"),
        (RIGHT + "version: &one 1", "3:10: anchors such as &one are refused; delete it, or put the text in quotes"),
        (RIGHT.replace("[https", "[*a, https"), "1:9: aliases such as *a are refused; write the value out, or put it in quotes"),
        (RIGHT + "version: !!int 1", "3:10: tags such as !!int are refused; delete it, or put the text in quotes"),
        (RIGHT + "version: ! 1", "3:10: tags such as ! are refused; delete it, or put the text in quotes"),
        (RIGHT + "<<: {a: b}", "3:1: merge keys (<<) are refused; write the keys out"),
        (RIGHT + "version: 1\nversion: 1", "4:1: duplicate key 'version', which already stands in line 3; keep one of the two"),
        (RIGHT + "? [a]\n: b", "3:3: a list or mapping cannot be a key; put text that begins with [ or { in quotes"),
        (RIGHT.replace(": siege", ': "\\ud800x"'), "2:29: an escape from ud800 to udfff is half a character; write the character itself"),
    ],
)  # fmt: skip
def test_what_yaml_must_not_hold_is_refused_in_plain_words(source: str, fault: str) -> None:
    assert faults(source) == [f"w.yaml:{fault}"]


def test_an_escape_beyond_unicode_is_a_fault() -> None:
    fault = "this escape is beyond Unicode; write the character itself, or use single quotes"

    assert faults('a: b\nc: "\\U0001F514 \\UFFFFFFFF"') == [f"w.yaml:2:16: {fault}"]
    assert faults('a: "\\U00110000"') == [f"w.yaml:1:5: {fault}"]


def test_every_duplicate_key_is_told_with_both_lines() -> None:
    source = RIGHT + "channels:\n  desk: {mail: a@b.org}\n  desk: {mail: c@d.org}\nfeeds: []\n"

    assert faults(source) == [
        "w.yaml:5:3: duplicate key 'desk', which already stands in line 4; keep one of the two",
        "w.yaml:6:1: duplicate key 'feeds', which already stands in line 1; keep one of the two",
    ]


def test_a_python_tag_is_refused_with_its_line_and_runs_nothing(tmp_path: Path) -> None:
    target = tmp_path / "made"

    found = faults(f"{RIGHT}version: !!python/object/apply:os.system ['touch {target}']\n")

    assert found[0] == "w.yaml:3:10: tags such as !!python/object/apply:os.system are refused; delete it, or put the text in quotes"  # fmt: skip
    assert not target.exists()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("[" * MEGABYTE, id="brackets"),
        pytest.param("{" * MEGABYTE, id="braces"),
        pytest.param("- " * (MEGABYTE // 2), id="dashes"),
        pytest.param("? " * (MEGABYTE // 2), id="question marks"),
        pytest.param("\n".join(" " * depth + "a:" for depth in range(1000)), id="indentation"),
    ],
)
def test_depth_is_refused_before_anything_is_built(source: str) -> None:
    tracemalloc.start()
    try:
        found = faults(source)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert [fault.split(": ", 1)[1] for fault in found] == [
        "nested more than 20 deep; a watchlist needs six levels at most"
    ]
    assert peak < 50 * MEGABYTE


def test_an_alias_bomb_stays_as_small_as_its_text() -> None:
    levels = "abcdefghi"
    bomb = "a: &a [x, x]\n" + "".join(
        f"{key}: &{key} [{', '.join([f'*{before}'] * 9)}]\n" for before, key in pairwise(levels)
    )

    found = faults(bomb)

    assert "w.yaml:2:8: aliases such as *a are refused; write the value out, or put it in quotes" in found
    assert sum("aliases such as" in fault for fault in found) == 9 * 8


def test_a_file_of_very_many_values_is_refused() -> None:
    found = faults("feeds: [" + "x," * (MAX_NODES + 1) + "]")

    assert [fault.split(": ", 1)[1] for fault in found] == ["more than 100,000 values; split the watchlist"]


def test_a_thousand_misspelt_names_are_all_told() -> None:
    names = "".join(
        f"  - {{email: a{number}@b.org, watches: siege, timezone: Europe/Berlim}}\n" for number in range(1000)
    )

    found = faults(f"{RIGHT}subscribers:\n{names}")

    assert len(found) == 1000
    assert found[0].endswith("unknown time zone 'Europe/Berlim'; did you mean 'Europe/Berlin'?")
    assert found[-1].endswith("unknown time zone 'Europe/Berlim'; write an IANA name such as 'Europe/Berlin'")


def test_a_text_too_big_is_refused_unread() -> None:
    assert faults("#" * (MAX_BYTES + 1)) == ["w.yaml:1:1: larger than 1,000,000 bytes; split the watchlist"]


def test_a_file_too_big_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "watchlist.yaml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))

    with pytest.raises(WatchlistError, match="larger than 1,000,000 bytes"):
        read_watchlist(path, check_region=every_region)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"feeds: x\nwatches: \xc3\xa4\xff\n", "2:11: the byte 0xFF is not UTF-8; save the file as UTF-8"),
        ("feeds: x".encode("utf-16"), "1:1: this is UTF-16; save the file as UTF-8"),
        (b"\xef\xbb\xbffeeds:\n\t- x\n", "2:1: a tab cannot indent here; use spaces"),
        (b"feeds: x\r\nwatches:\r\n\t- x\r\n", "3:1: a tab cannot indent here; use spaces"),
    ],
)
def test_bytes_are_refused_at_their_line_and_column(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "watchlist.yaml"
    path.write_bytes(content)

    with pytest.raises(WatchlistError) as raised:
        read_watchlist(path, check_region=every_region)

    assert str(raised.value) == f"{path}:{fault}"

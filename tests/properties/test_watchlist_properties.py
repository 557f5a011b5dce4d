"""Whatever the file holds: a watchlist or a `WatchlistError`, and faults at lines that the file has."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import NamedTemporaryFile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.config import parse_watchlist, read_watchlist
from tocsin.config.json_schema import watchlist_schema
from tocsin.config.starter import starter_watchlist
from tocsin.errors import Fault, WatchlistError

PATH = Path("w.yaml")
STARTER = starter_watchlist()


def _keys() -> list[str]:
    schema = watchlist_schema()
    parts = (schema, *schema["$defs"].values())
    return sorted({key for part in parts for key in part["properties"]} | {"query", "opml", "<<", "all", "siege"})


CHARACTERS = "abN07 \t\n\r:-,?!&*#|>@`%'\"[]{}~=<.\\é\u2028\u0085\x00\ud800\ufeff"
WORDS = (
    "\n  ",
    ": ",
    "- ",
    "--- ",
    "%YAML 1.1\n",
    "!!str ",
    "&a ",
    "*a",
    "<<: ",
    '"\\U',
    "\\x",
    "null",
    "feeds: ",
    "watches: ",
)
YAML_PIECES = st.sampled_from([*CHARACTERS, *WORDS])
YAML_LIKE = st.lists(YAML_PIECES, max_size=60).map("".join)
KEYS = st.sampled_from(_keys()) | st.text(max_size=8)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(
    ["https://example.org/feed", "zoe@example.org", "all", "siege", "07:30", "daily", "Europe/Berlin", "env:X", "en"]
)  # fmt: skip
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=12
)


# A busy machine is no fault of what is tested.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def some_regions(name: str) -> str | None:
    return None if len(name) % 2 else f"unknown region '{name}'; write another"


def faults_of(source: str) -> tuple[Fault, ...]:
    try:
        parse_watchlist(source, PATH, check_region=some_regions)
    except WatchlistError as error:
        return error.faults
    return ()


def lines_of(source: str) -> int:
    return len(re.findall(r"\r\n|\r|\n", source)) + 1


def as_yaml(tree: object) -> str:
    """Write the tree in YAML's flow style, every text in double quotes."""
    match tree:
        case dict():
            return "{" + ", ".join(f"{as_yaml(key)}: {as_yaml(value)}" for key, value in tree.items()) + "}"
        case list():
            return "[" + ", ".join(map(as_yaml, tree)) + "]"
        case str():
            return (
                '"'
                + "".join(char if char.isalnum() and char.isascii() else f"\\U{ord(char):08x}" for char in tree)
                + '"'
            )
        case None:
            return "null"
        case _:
            return str(tree).lower()


@patient
@given(st.text() | YAML_LIKE)
def test_any_text_is_a_watchlist_or_has_faults_at_its_lines(source: str) -> None:
    for fault in faults_of(source):
        assert 1 <= fault.line <= lines_of(source)
        assert fault.column >= 1


@patient
@given(st.data())
def test_a_right_watchlist_with_a_piece_of_rubbish_in_it_raises_nothing_else(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(STARTER)))
    end = data.draw(st.integers(start, min(len(STARTER), start + 30)))
    source = STARTER[:start] + data.draw(YAML_LIKE) + STARTER[end:]

    assert all(1 <= fault.line <= lines_of(source) for fault in faults_of(source))


@patient
@given(TREES)
def test_any_tree_is_a_watchlist_or_has_faults_at_its_lines(tree: object) -> None:
    source = as_yaml(tree)

    assert all(fault.line == 1 and 1 <= fault.column <= len(source) for fault in faults_of(source))


@patient
@given(st.dictionaries(st.sampled_from(["version", "feeds", "watches", "channels", "subscribers", "defaults"]), TREES))
def test_any_tree_under_the_right_keys_is_a_watchlist_or_has_faults(tree: dict[str, object]) -> None:
    source = as_yaml(tree)

    assert all(fault.line == 1 and 1 <= fault.column <= len(source) for fault in faults_of(source))


@patient
@given(st.binary(max_size=200) | YAML_LIKE.map(lambda text: text.encode(errors="surrogatepass")))
def test_any_bytes_are_a_watchlist_or_have_faults(content: bytes) -> None:
    found: tuple[Fault, ...] = ()
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            read_watchlist(Path(file.name), check_region=some_regions)
        except WatchlistError as error:
            found = error.faults

    assert all(fault.line >= 1 for fault in found)


@patient
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)))
def test_words_in_single_quotes_come_back_as_they_were_written(words: list[str]) -> None:
    words = [word for word in words if any(char.isalnum() for char in word)]
    quoted = ", ".join("'" + word.replace("'", "''") + "'" for word in [*words, "siege"])

    watchlist = parse_watchlist(
        f"feeds: [https://example.org/feed]\nwatches: {{siege: {{keywords: [{quoted}]}}}}\n",
        PATH,
        check_region=some_regions,
    )

    assert watchlist.watches[0].keywords == tuple(dict.fromkeys([*words, "siege"]))


REGIONS = st.dictionaries(
    st.sampled_from("abcde"), st.lists(st.sampled_from("abcdexyz"), min_size=1, max_size=4), min_size=1
)


def reached(regions: dict[str, list[str]], start: str) -> set[str]:
    """All own regions that one leads to, itself only if it does so in a circle."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        inner = set(regions[waiting.pop()]) & regions.keys()
        waiting += inner - found
        found |= inner
    return found


@patient
@given(REGIONS)
def test_own_regions_are_refused_exactly_where_one_contains_itself(regions: dict[str, list[str]]) -> None:
    source = f"feeds: [https://a.org]\nwatches: {{w: {{keywords: x}}}}\nregions: {as_yaml(dict(regions))}\n"
    faults = faults_of(source)
    assert bool(faults) == any(region in reached(regions, region) for region in regions)
    assert all("contains itself" in fault.message for fault in faults)

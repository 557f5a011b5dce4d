"""Reading a watchlist: the file, its faults all at once, and the records made of it.

Joins the steps (bytes, tree, shape, references, records); each step lives in a module of its own.
"""

from __future__ import annotations

import codecs
import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from tocsin.config import complaints, own_regions, records, references
from tocsin.config.feed_lists import named_files, read_feed_lists
from tocsin.config.files import FileFault, bounded_bytes
from tocsin.config.kinds import Surroundings
from tocsin.config.own_regions import RegionCheck, RegionNames
from tocsin.config.queries import Pointed, QueryCheck, query_faults
from tocsin.config.shape import FileShape
from tocsin.config.tree import MapNode, Node, Position, Scalar, find, key_position, plain, position_of
from tocsin.config.wording import Suggestions
from tocsin.config.yaml_reader import MAX_BYTES, position_at, read_tree
from tocsin.errors import Fault, WatchlistError
from tocsin.models.watchlist import Watchlist

Finding = tuple[Position, str]

NOWHERE = Position(0, 0)
"""The place of a fault in a file that could not be read at all."""

START = Position(1, 1)
TOO_BIG = f"larger than {MAX_BYTES:,} bytes; split the watchlist"


def unchecked(
    queries: Mapping[str, str],  # noqa: ARG001 - the shape of a check
    watches: Collection[str],  # noqa: ARG001 - the shape of a check
    regions: Collection[str],  # noqa: ARG001 - the shape of a check
) -> tuple[()]:
    """Take every query as it is."""
    return ()


@dataclass(frozen=True, slots=True)
class LocatedWatchlist:
    """A watchlist with the tree it was made from, for messages about what stands where.

    ``warnings`` tell of what was left out of the lists that it names.
    """

    watchlist: Watchlist
    root: Node
    warnings: tuple[Fault, ...] = ()

    def position(self, *steps: str | int) -> Position:
        """Find where the value under keys and indexes stands: ``position("watches", "syria", "tests", "match", 0)``."""
        return position_of(self.root, steps)

    def plain(self, *steps: str | int) -> object:
        """Give what is written under keys and indexes as dicts, lists, strings, booleans and None."""
        node = find(self.root, *steps)
        return None if node is None else plain(node)

    def key_position(self, *steps: str | int) -> Position:
        """Find where the last of several keys itself stands."""
        return key_position(self.root, steps)


def read_watchlist(path: Path, *, check_region: RegionCheck, check_queries: QueryCheck = unchecked) -> Watchlist:
    """Read and check the file; raise `WatchlistError` with all its faults in the order of the file.

    Queries that are not checked here are found faulty when the watchlist is compiled, without their place in the file.
    """
    return read_with_positions(path, check_region=check_region, check_queries=check_queries).watchlist


def read_with_positions(
    path: Path, *, check_region: RegionCheck, check_queries: QueryCheck = unchecked
) -> LocatedWatchlist:
    """Read as `read_watchlist` does, and keep where everything stands."""
    return parse_with_positions(watchlist_source(path), path, check_region=check_region, check_queries=check_queries)


def watchlist_source(path: Path) -> str:
    """Give the text of a watchlist's file, byte for byte but for a byte order mark.

    Raises:
        WatchlistError: It cannot be read.

    """
    return _decoded(_bytes_of(path), path)


def parse_watchlist(
    source: str,
    path: Path,
    *,
    check_region: RegionCheck,
    check_queries: QueryCheck = unchecked,
    files: Mapping[str, str] | None = None,
    is_accepted: bool = False,
) -> Watchlist:
    """Check the text of a watchlist; ``path`` is what faults and the record name as its file.

    ``files`` are the texts of the lists that it names, by name; those that are not given are read from disk. One that
    ``is_accepted`` was good before: a time zone that the machine's zone data has dropped since does not spoil it.
    """
    return parse_with_positions(
        source, path, check_region=check_region, check_queries=check_queries, files=files, is_accepted=is_accepted
    ).watchlist


def parse_with_positions(
    source: str,
    path: Path,
    *,
    check_region: RegionCheck,
    check_queries: QueryCheck = unchecked,
    files: Mapping[str, str] | None = None,
    is_accepted: bool = False,
) -> LocatedWatchlist:
    """Check as `parse_watchlist` does, and keep where everything stands."""
    source = source.removeprefix("\ufeff")
    if len(source.encode(errors="surrogatepass")) > MAX_BYTES:
        raise _error(path, [(START, TOO_BIG)])
    tree = read_tree(source)
    if tree.root is None or not isinstance(tree.root, MapNode):
        raise _error(path, tree.findings or [_no_mapping(tree.root)])
    checked, found = _check(tree.root, check_region, is_accepted=is_accepted)
    pointed = [*query_faults(tree.root, source, check_queries)]
    lists = read_feed_lists(tree.root, path, files)
    found += lists.findings
    if tree.findings or found or pointed or lists.faults or checked is None:
        refused = {position for position, _ in tree.findings}
        found = [*tree.findings, *(finding for finding in found if finding[0] not in refused)]
        raise _error(path, found, pointed, lists.faults, named_files(tree.root, path))
    watchlist = records.watchlist_of(checked, source, path, lists)
    return LocatedWatchlist(watchlist, tree.root, tuple(lists.warnings))


def _check(root: Node, check_region: RegionCheck, *, is_accepted: bool) -> tuple[FileShape | None, list[Finding]]:
    """Hold the tree against the shape, and its places against each other."""
    suggestions = Suggestions()
    names = RegionNames(own_regions.ids(root), functools.cache(check_region), suggestions)
    between = [*references.findings(root, suggestions), *own_regions.findings(root)]
    try:
        return FileShape.model_validate(plain(root), context=Surroundings(names, is_accepted)), between
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        return None, [*complaints.findings(errors, root, suggestions), *between]


def _no_mapping(root: Node | None) -> Finding:
    if root is None or (isinstance(root, Scalar) and root.value is None):
        return START, "the watchlist is empty; write 'feeds:' and 'watches:', or run `tocsin init --force`"
    return (
        root.position,
        "a watchlist is made of keys such as 'feeds:' and 'watches:'; run `tocsin init` for an example",
    )


def _bytes_of(path: Path) -> bytes:
    try:
        content = bounded_bytes(path, MAX_BYTES)
    except FileFault as error:
        remedy = "; run `tocsin init`, or set TOCSIN_WATCHLIST" if error.is_missing else ""
        raise _error(path, [(NOWHERE, f"{error}{remedy}")]) from error
    if content is None:
        raise _error(path, [(START, TOO_BIG)])
    return content


def _decoded(content: bytes, path: Path) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _error(path, [(START, "this is UTF-16; save the file as UTF-8")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Decoding the good part and counting gives the column in characters, as editors show it.
        before = content[: error.start].decode("utf-8-sig", errors="ignore")
        byte = f"0x{content[error.start]:02X}"
        message = f"the byte {byte} is not UTF-8; save the file as UTF-8"
        raise _error(path, [(position_at(before, len(before)), message)]) from error


def _error(
    path: Path,
    found: list[Finding],
    pointed: Sequence[Pointed] = (),
    of_lists: Sequence[Fault] = (),
    files: tuple[Path, ...] = (),
) -> WatchlistError:
    faults = {Fault(str(path), position.line, position.column, message) for position, message in found}
    faults |= {Fault(str(path), one.position.line, one.position.column, one.message, one.excerpt) for one in pointed}
    return WatchlistError((*sorted(faults), *of_lists), files)

"""The OPML files that a watchlist names: their texts, the feeds in them, and what is wrong with them.

The texts come from disk, or from where an accepted watchlist is kept: then no file has to be there any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tocsin.config.files import FileFault, bounded_bytes
from tocsin.config.opml import MAX_BYTES, FeedList, decoded_list, read_list
from tocsin.config.opml_survey import OpmlFault
from tocsin.config.tree import ListNode, Node, Position, Scalar, find
from tocsin.config.values import file_name
from tocsin.config.wording import nearest, quoted
from tocsin.errors import Fault

_ENDINGS = frozenset({".opml", ".xml"})
_MOST_NEIGHBOURS = 1_000


@dataclass(slots=True)
class FeedLists:
    """What was read: texts and feeds by the name that the watchlist uses, faults, and warnings.

    ``faults`` are those of the files; ``findings`` stand in the watchlist, where a file is named that cannot be read.
    """

    texts: dict[str, str] = field(default_factory=dict)
    feeds: dict[str, FeedList] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    findings: list[tuple[Position, str]] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)


def beside(watchlist: Path, name: str) -> Path:
    """Give the path of a file that the watchlist names: relative to the watchlist's folder."""
    return watchlist.parent / Path(name).expanduser() if name.startswith("~/") else watchlist.parent / name


def list_from(file: Path) -> FeedList:
    """Read a list from disk.

    Raises:
        FileFault: The file cannot be read.
        OpmlFault: It is no list that can be used.

    """
    return read_list(text_of(file))


def read_feed_lists(root: Node, path: Path, texts: Mapping[str, str] | None) -> FeedLists:
    """Read every list that the watchlist at ``path`` names, from ``texts`` where these are given, else from disk."""
    found = FeedLists()
    for name, position in _named(root):
        if name not in found.texts:
            _read(found, name, position, path, texts)
    return found


def named_files(root: Node, path: Path) -> tuple[Path, ...]:
    """Give the paths of all lists that the watchlist names, whether they can be read or not."""
    return tuple(dict.fromkeys(beside(path, name) for name, _ in _named(root)))


def _named(root: Node) -> Iterator[tuple[str, Position]]:
    items = find(root, "feeds")
    for item in items.items if isinstance(items, ListNode) else []:
        named = find(item, "opml")
        if isinstance(named, Scalar) and isinstance(named.value, str):
            try:
                yield file_name(named.value), named.position
            except ValueError:
                continue  # told where the shape is checked


def _read(found: FeedLists, name: str, position: Position, path: Path, texts: Mapping[str, str] | None) -> None:
    file = beside(path, name)
    try:
        text = texts[name] if texts is not None and name in texts else text_of(file)
        found.texts[name] = text
        found.feeds[name] = read_list(text)
    except FileFault as error:
        found.findings.append((position, f"the list {file} cannot be used: {error}{_remedy(error, file)}"))
    except OpmlFault as error:
        found.faults.append(Fault(str(file), error.line, error.column, str(error)))
    else:
        found.warnings.extend(Fault(str(file), line, 1, words) for line, words in found.feeds[name].warnings)


def text_of(file: Path) -> str:
    """Read the text of a list from disk; raises as `list_from` does."""
    content = bounded_bytes(file, MAX_BYTES)
    if content is None:
        raise OpmlFault(f"larger than {MAX_BYTES:,} bytes; split the list")
    return decoded_list(content)


def _remedy(error: FileFault, file: Path) -> str:
    if not error.is_missing:
        return ""
    near = nearest(file.name, _neighbours(file))
    return f"; did you mean {quoted(near)}?" if near else "; write its name relative to the watchlist's folder"


def _neighbours(file: Path) -> list[str]:
    """Name the lists that stand where a missing one was looked for."""
    try:
        return [one.name for one in islice(file.parent.iterdir(), _MOST_NEIGHBOURS) if one.suffix in _ENDINGS]
    except OSError:
        return []

"""Archives of news as JSON lines: reading them, with each bad line named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tocsin.cli.samples import InputError, check_strings, id_of, language_of, value_of_line
from tocsin.models.stories import Item

_NEEDED = ("id", "outlet", "published", "title")
_TEXTS = ("outlet", "published", "title", "lang", "summary", "link")


@dataclass(frozen=True, slots=True)
class Archive:
    """What was read: items, their ids as given, by key, and what was wrong, a line each."""

    items: tuple[Item, ...]
    ids: dict[int, str | int]
    faults: tuple[str, ...]


def read_archive(lines: Iterable[bytes], name: str) -> Archive:
    """Read an archive, a JSON object a line; empty lines are passed over. ``name`` stands in what is said of faults."""
    items: list[Item] = []
    ids: dict[int, str | int] = {}
    faults: list[str] = []
    lines_by_id: dict[str | int, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            one, item = _read(line, number, f"{name}:{number}", lines_by_id)
        except InputError as error:
            faults.append(str(error))
            continue
        lines_by_id[one] = number
        ids[number] = one
        items.append(item)
    return Archive(tuple(items), ids, tuple(faults))


def _read(line: bytes, number: int, place: str, known: Mapping[str | int, int]) -> tuple[str | int, Item]:
    record = value_of_line(line, place, is_first=number == 1)
    if not isinstance(record, dict):
        raise InputError(f"{place}: not an object; write {{...}} with {', '.join(_NEEDED)}")
    check_strings(record, _TEXTS, place, needed=_NEEDED)
    one = id_of(record, place)
    told = {"id": one, **record, "title": record.get("title") or record.get("summary")}
    missing = [f'"{key}"' for key in _NEEDED if told.get(key) in {None, ""}]
    if one is None or missing:
        raise InputError(f"{place}: {' and '.join(missing)} missing; needed are {', '.join(_NEEDED)}")
    if one in known:
        raise InputError(f"{place}: the id {one!r} stands in line {known[one]} too; give each its own")
    return one, _item(record, number, place)


def _item(record: Mapping[str, Any], number: int, place: str) -> Item:
    return Item(
        key=number,
        outlet=record["outlet"],
        language=language_of(record, place),
        published_at=_time(record["published"], place),
        title=record.get("title") or "",
        text=record.get("summary") or "",
        url=record.get("link") or "",
    )


def _time(written: str, place: str) -> datetime:
    remedy = "write date, time and zone, such as 2017-09-04T04:00:00Z"
    try:
        at = datetime.fromisoformat(written)
    except ValueError as error:
        raise InputError(f'{place}: "published" is {written!r}, no time; {remedy}') from error
    if at.tzinfo is None:
        raise InputError(f'{place}: "published" is {written!r}, without a zone; {remedy}')
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise InputError(f'{place}: "published" is {written!r}, out of all time; {remedy}') from error

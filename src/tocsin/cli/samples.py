"""Texts to try watches on: from the command line, a file, or the lines of an archive. Reading only."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from tocsin.models.articles import Document
from tocsin.text.language import detect_language, primary_subtag

_TEXTS = ("title", "text", "lang", "home", "url", "source", "published")
RegionCheck = Callable[[str], str | None]
"""Says what is wrong with the name of a region, None where nothing is."""

EXAMPLE = '{"id": "1", "title": "", "text": ""}'


class InputError(Exception):
    """Input that cannot be read; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A text to try the watches on; ``id`` names it in the output, with its address and date where it has any.

    ``remark`` is something about it that the reader should know, and no fault.
    """

    id: str | int
    document: Document
    published: str = ""
    remark: str = ""


def sample_of_text(text: str) -> Sample:
    """Return a text as a sample without a title."""
    return Sample("text", Document("", text, detect_language("", text)))


def sample_of_file(path: Path) -> Sample:
    """Return a text file as a sample; its first line is the title. Raises `InputError`."""
    title, _, body = _read(path).partition("\n")
    return Sample(path.name, Document(title.strip(), body.strip(), detect_language(title, body)))


def samples_of_lines(path: Path, check_region: RegionCheck) -> Iterator[Sample | InputError]:
    """Yield a sample for each line of JSON, or what is wrong with the line; ``-`` is standard input.

    A line without an id is named by its place, ``archive.jsonl:3``, which no other line has. A home that is no region
    is remarked once and left out.

    Raises `InputError` where the file itself cannot be read.
    """
    if str(path) == "-":
        yield from _of_lines(sys.stdin.buffer, path, check_region)
        return
    try:
        with path.open("rb") as file:
            yield from _of_lines(file, path, check_region)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; check the name and the permissions") from error


def _of_lines(file: BinaryIO, path: Path, check_region: RegionCheck) -> Iterator[Sample | InputError]:
    lines_by_id: dict[str, int] = {}
    homes: dict[str, str | None] = {}
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            record = _record(line, place, is_first=number == 1)
            given = id_of(record, place)
            sample = Sample(
                given if given is not None else f"{path.name}:{number}",
                _document(record, place),
                record.get("published") or "",
            )
        except InputError as error:
            yield error
            continue
        remarks = []
        first = lines_by_id.setdefault(str(sample.id), number)
        if first != number:
            remarks.append(f"{place}: the id {sample.id!r} stands in line {first} too; give each its own")
        home = sample.document.home
        if home:
            is_new = home not in homes
            problem = homes.setdefault(home, check_region(home) if is_new else None)
            if problem:
                sample = replace(sample, document=replace(sample.document, home=None))
                remarks += [f'{place}: "home": {problem}; read as if it had none'] if is_new else []
        yield replace(sample, remark="; ".join(remarks)) if remarks else sample


def value_of_line(line: bytes, place: str, *, is_first: bool) -> Any:
    """Read the JSON value on a line; the first of a file may have a byte order mark. Raises `InputError`."""
    try:
        return json.loads(line.decode("utf-8-sig" if is_first else "utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(f"{place}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: not a JSON object on one line ({error})") from error


def check_strings(record: Mapping[str, Any], keys: Iterable[str], place: str, *, needed: Iterable[str] = ()) -> None:
    """Check that what stands under these keys, if it does, is a string; what is ``needed`` cannot be left out.

    Raises `InputError`.
    """
    wrong = [f'"{key}"' for key in keys if not isinstance(record.get(key), str | None)]
    if wrong:
        remedy = (
            "put it in quotes" if any(f'"{key}"' in wrong for key in needed) else "put it in quotes or leave it out"
        )
        raise InputError(f"{place}: {' and '.join(wrong)} must be a string; {remedy}")


def _record(line: bytes, place: str, *, is_first: bool) -> dict[str, Any]:
    record = value_of_line(line, place, is_first=is_first)
    if not isinstance(record, dict) or not (record.get("title") or isinstance(record.get("text"), str)):
        raise InputError(f'{place}: needs an object with a "title" or a "text", such as {EXAMPLE}')
    check_strings(record, _TEXTS, place)
    return record


def id_of(record: Mapping[str, Any], place: str) -> str | int | None:
    """Return the id of a line as it was given, so that it can be found again in the archive."""
    given = record.get("id")
    if isinstance(given, bool) or not isinstance(given, str | int | None):
        raise InputError(f'{place}: "id" must be a string or a whole number; put it in quotes or leave it out')
    return None if given == "" else given


def _document(record: Mapping[str, Any], place: str) -> Document:
    tags = record.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise InputError(f'{place}: "tags" must be a list of strings, such as ["local"]')
    title, text = record.get("title") or "", record.get("text") or ""
    return Document(
        title=title,
        text=text,
        language=language_of(record, place) or detect_language(title, text),
        home=record.get("home") or None,
        url=record.get("url") or "",
        source=record.get("source") or "",
        tags=tuple(tags),
    )


def language_of(record: Mapping[str, Any], place: str) -> str | None:
    """Return the language of a line as watches ask for it: ``en`` of ``en-GB``."""
    given = record.get("lang")
    language = primary_subtag(given)
    if given and language is None:
        raise InputError(f'{place}: {given!r} is no language code; write "lang": "en", or leave it out')
    return language


def _read(path: Path) -> str:
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; check the name and the permissions") from error

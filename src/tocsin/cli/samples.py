"""Texts to try watches on: from the command line, a file, or the lines of an archive. Reading only."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from tocsin.models.articles import Document
from tocsin.text.language import detect_language

_TEXTS = ("title", "lang", "home", "url", "source", "published")
EXAMPLE = '{"id": "1", "title": "", "text": ""}'


class InputError(Exception):
    """Input that cannot be read; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A text to try the watches on; ``id`` names it in the output, with its address and date where it has any."""

    id: str
    document: Document
    published: str = ""


def sample_of_text(text: str) -> Sample:
    """Return a text as a sample without a title."""
    return Sample("text", Document("", text, detect_language("", text)))


def sample_of_file(path: Path) -> Sample:
    """Return a text file as a sample; its first line is the title. Raises `InputError`."""
    title, _, body = _read(path).partition("\n")
    return Sample(path.name, Document(title.strip(), body.strip(), detect_language(title, body)))


def samples_of_lines(path: Path) -> Iterator[Sample | InputError]:
    """Yield a sample for each line of JSON, or what is wrong with the line; ``-`` is standard input.

    Raises `InputError` where the file itself cannot be read.
    """
    if str(path) == "-":
        yield from _of_lines(sys.stdin.buffer, path)
        return
    try:
        with path.open("rb") as file:
            yield from _of_lines(file, path)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; check the name and the permissions") from error


def _of_lines(file: BinaryIO, path: Path) -> Iterator[Sample | InputError]:
    for number, line in enumerate(file, start=1):
        if line.strip():
            try:
                yield _sample(line, f"{path}:{number}", number)
            except InputError as error:
                yield error


def _sample(line: bytes, place: str, number: int) -> Sample:
    try:
        record = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(f"{place}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: not a JSON object on one line ({error})") from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise InputError(f'{place}: needs an object with a "text", such as {EXAMPLE}')
    return Sample(str(record.get("id", number)), _document(record, place), record.get("published") or "")


def _document(record: Mapping[str, Any], place: str) -> Document:
    wrong = [f'"{key}"' for key in _TEXTS if not isinstance(record.get(key), str | None)]
    if wrong:
        raise InputError(f"{place}: {' and '.join(wrong)} must be a string; put it in quotes or leave it out")
    tags = record.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise InputError(f'{place}: "tags" must be a list of strings, such as ["local"]')
    title, text = record.get("title") or "", record["text"]
    return Document(
        title=title,
        text=text,
        language=record.get("lang") or detect_language(title, text),
        home=record.get("home"),
        url=record.get("url") or "",
        source=record.get("source") or "",
        tags=tuple(tags),
    )


def _read(path: Path) -> str:
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; check the name and the permissions") from error

"""The word files of the gazetteer: what a slip of the pen in them would break."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

_FOLDER = Path(__file__).parents[3] / "scripts/gazetteer"
_CODE = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?|[a-z][a-z0-9-]+")
_LANGUAGE = re.compile(r"\*|[a-z]{2,3}")
_EAST_ASIAN = {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "FULLWIDTH", "HANGUL", "LATIN"}


def _lines(file: str) -> list[list[str]]:
    lines = (_FOLDER / file).read_text("utf-8").splitlines()
    return [[field.strip() for field in line.split("|")] for line in lines if line and not line.startswith("#")]


def _entries(field: str) -> list[str]:
    return [entry.strip() for entry in field.split(";")]


@pytest.mark.parametrize(("file", "fields"), [("demonyms.txt", 3), ("institutions.txt", 3), ("areas.txt", 5)])
def test_every_line_has_its_fields(file: str, fields: int) -> None:
    assert [line for line in _lines(file) if len(line) != fields or not _CODE.fullmatch(line[0])] == []


@pytest.mark.parametrize("file", ["demonyms.txt", "institutions.txt"])
def test_languages_are_subtags(file: str) -> None:
    languages = {language for _, field, _ in _lines(file) for language in re.split(r"[ ,]+", field)}

    assert {language for language in languages if not _LANGUAGE.fullmatch(language)} == set()


@pytest.mark.parametrize(("file", "at"), [("demonyms.txt", 2), ("institutions.txt", 2), ("areas.txt", 4)])
def test_no_entry_is_empty(file: str, at: int) -> None:
    assert [line[0] for line in _lines(file) if line[at] and not all(_entries(line[at]))] == []


@pytest.mark.parametrize(("file", "at"), [("demonyms.txt", 2), ("institutions.txt", 2), ("areas.txt", 4)])
def test_no_word_mixes_scripts(file: str, at: int) -> None:
    """A Latin a within a Cyrillic word looks right and is never found."""
    words = {word for line in _lines(file) for entry in _entries(line[at]) for word in re.split(r"[\s'’.:-]+", entry)}

    assert {word for word in words if len(scripts := _scripts(word)) > 1 and not scripts <= _EAST_ASIAN} == set()


def _scripts(word: str) -> set[str]:
    return {unicodedata.name(letter).split()[0] for letter in word if letter.isalpha()}


def test_an_area_is_listed_once_as_a_place() -> None:
    slugs = Counter(line[0] for line in _lines("areas.txt") if line[0][0].islower())

    assert [slug for slug, count in slugs.items() if count > 1] == []


def test_members_that_are_areas_are_areas_of_the_file() -> None:
    lines = _lines("areas.txt")
    slugs = {line[0] for line in lines}
    members = {member.strip() for line in lines for member in line[3].split(",")}

    assert {member for member in members if member[:1].islower()} - slugs == set()


def test_no_area_lies_within_itself() -> None:
    inside = {
        line[0]: {member.strip() for member in line[3].split(",") if member.strip()} for line in _lines("areas.txt")
    }
    assert {slug for slug, members in inside.items() if slug in _reached(members, inside)} == set()


def _reached(members: set[str], inside: dict[str, set[str]]) -> set[str]:
    reached, ahead = set[str](), set(members)
    while ahead:
        one = ahead.pop()
        if one not in reached:
            reached.add(one)
            ahead |= inside.get(one, set())
    return reached


def test_a_country_with_a_demonym_has_one_in_english() -> None:
    english = {code for code, language, _ in _lines("demonyms.txt") if language == "en"}
    unknown = {code for code, *_ in _lines("demonyms.txt") if re.fullmatch("[A-Z]{2}", code)} - english

    assert unknown == set()
    assert len([code for code in english if len(code) == 2]) > 200

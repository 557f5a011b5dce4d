"""The catalogs say everything that code and templates say, and nothing else."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message

from tocsin.models.watchlist import LANGUAGES

ROOT = Path(__file__).resolve().parents[3]
TRANSLATED = [code for code in LANGUAGES if code != "en"]
FORMS = {"de": 2, "fr": 2, "ar": 6}
# In these the number is said by the word itself ("مقالان"), or there is none.
SAID_BY_THE_WORD = {"de": {0}, "fr": set(), "ar": {0, 1, 2}}

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TAG = re.compile(r"<[^>]*>")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_catalogs", ROOT / "scripts" / "build_catalogs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_catalogs"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def said(script: ModuleType) -> Catalog:
    catalog: Catalog = script.extracted()
    return catalog


def messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def pairs(code: str, script: ModuleType) -> Iterator[tuple[tuple[str, ...], int, str]]:
    """Give each message with the number and the words of each of its forms."""
    for message in messages(script.known(code)):
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        yield from ((ids, number, form) for number, form in enumerate(forms))


def test_messages_are_found_in_code_tables_and_templates(said: Catalog) -> None:
    found = {message.id for message in messages(said)}
    assert ("%(num)s story", "%(num)s stories") in found  # a table
    assert "Untitled, from %(outlet)s" in found  # code
    assert "Why this?" in found  # a template


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_is_translated_in_all_of_its_forms_and_no_other_is(
    code: str, script: ModuleType, said: Catalog
) -> None:
    known = script.known(code)
    assert {message.id for message in messages(known)} == {message.id for message in messages(said)}, (
        "run scripts/build_catalogs.py"
    )
    assert known.num_plurals == FORMS[code]
    assert [one.id for one in messages(known) if not script.is_translated(one, known.num_plurals)] == []
    assert [one.id for one in messages(known) if one.fuzzy] == []
    assert not known.obsolete


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_message(code: str, script: ModuleType) -> None:
    wrong = []
    for ids, number, form in pairs(code, script):
        wanted = {name for one in ids for name in PLACEHOLDER.findall(one)}
        found = set(PLACEHOLDER.findall(form))
        may_lack = {"num"} if len(ids) > 1 and number in SAID_BY_THE_WORD[code] else set()
        if not wanted - may_lack <= found <= wanted or "%" in PLACEHOLDER.sub("", form).replace("%%", ""):
            wrong.append((ids[0], form))
    assert wrong == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_the_markup_of_its_message_and_no_other(code: str, script: ModuleType) -> None:
    wrong = [
        (ids[0], form)
        for ids, _, form in pairs(code, script)
        if TAG.findall(form) != TAG.findall(ids[0]) or set(TAG.sub("", form)) & set('<>&"')
    ]
    assert wrong == []


def test_arabic_is_written_in_arabic_and_german_and_french_with_their_own_quotes(script: ModuleType) -> None:
    latin = re.compile(r"[A-Za-z]{2,}")
    names = {"Tocsin", "JSON", "UTC", "cron", "zoe", "example", "org"}
    left = {
        word for _, _, form in pairs("ar", script) for word in latin.findall(TAG.sub("", PLACEHOLDER.sub("", form)))
    }
    assert left <= names
    english = [form for code in ("de", "fr") for _, _, form in pairs(code, script) if "”" in form]
    assert english == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_what_is_written_is_what_the_script_would_write(code: str, script: ModuleType, said: Catalog) -> None:
    file = ROOT / "src" / "tocsin" / "rendering" / "locales" / f"{code}.po"
    assert script.written(script.brought_up_to_date(code, said)) == file.read_bytes(), "run scripts/build_catalogs.py"


def test_what_says_messages_has_no_other_name_by_which_they_would_not_be_found(script: ModuleType) -> None:
    files = (file for folder in script.SAYING for file in (ROOT / folder).rglob("*.py"))
    renamed = re.compile(r"\blocale\.(?:text|counted)\b(?!\()")
    assert [file.name for file in files if renamed.search(file.read_text())] == []

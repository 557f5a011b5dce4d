from __future__ import annotations

import pytest

from tocsin.regions import load_gazetteer
from tocsin.regions.transliteration import spellings
from tocsin.text.fold import fold_term


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Syria", "SY"), ("SY", "SY"), ("Syrien", "SY"), ("Syrie", "SY"), ("سوريا", "SY"), ("Сирия", "SY"),
        ("叙利亚", "SY"), ("NO", "NO"), ("Norway", "NO"), ("Georgia", "GE"), ("USA", "US"), ("U.S.", "US"),
        ("Großbritannien", "GB"), ("Berlin", "geonames:2950159"), ("  berlin ", "geonames:2950159"),
    ],
)  # fmt: skip
def test_a_region_is_known_by_code_and_by_its_names(name: str, place: str) -> None:
    gazetteer = load_gazetteer()
    resolved = gazetteer.resolve(name)
    assert resolved is not None
    assert (resolved.id, gazetteer.check(name)) == (place, None)


@pytest.mark.parametrize(
    "name",
    [
        "Deir ez-Zor",
        "Deir el-Zour",
        "Deir Ezzor",
        "Deir al-Sur",
        "Dayr az-Zawr",
        "Deir al-Zor",
        "دير الزور",
        "Дейр-эз-Зор",
    ],
)
def test_all_spellings_of_a_city_are_one_place(name: str) -> None:
    resolved = load_gazetteer().resolve(name)
    assert resolved is not None
    assert resolved.id == "geonames:170794"


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("Syira", "unknown region 'Syira'; did you mean 'Syria'?"),
        ("sy", "unknown region 'sy'; did you mean 'Syria'?"),
        ("SY-DY", "'SY-DY' is the code of a province, and provinces are not supported yet; name the country or a city"),
        ("Xyzzyxy", "unknown region 'Xyzzyxy'; name a country (Syria, SY) or a city of 100,000 inhabitants or more"),
        ("", "unknown region ''; name a country (Syria, SY) or a city of 100,000 inhabitants or more"),
    ],
)
def test_an_unknown_region_is_told_with_the_remedy(name: str, complaint: str) -> None:
    assert load_gazetteer().check(name) == complaint


def test_every_name_is_stored_as_a_text_is_folded() -> None:
    # The file is built beforehand: a change of the folding needs a new file.
    assert [name.folded for name in load_gazetteer().names() if fold_term(name.folded) != name.folded] == []


def test_words_and_persons_are_not_names_of_places() -> None:
    names = {name.folded for name in load_gazetteer().names()}
    assert names & {"hamas", "stalin", "valley", "state", "name", "der", "is", "who", "soul"} == set()


def test_the_gazetteer_is_read_once() -> None:
    assert load_gazetteer() is load_gazetteer()


def test_the_article_of_an_arab_name_is_written_in_many_ways() -> None:
    written = set(spellings("deir ez zor"))
    assert {"deir ez zor", "deir el zour", "deir al zour", "deir ezzor", "deir azzour", "deir al sur"} <= written
    assert set(spellings("ar raqqah")) >= {"al raqqa", "er rakka", "ar raqqa", "arraqqah"}


def test_the_spellings_of_a_name_are_bounded() -> None:
    assert len(list(spellings("el qour el qour el qour el qour"))) <= 120

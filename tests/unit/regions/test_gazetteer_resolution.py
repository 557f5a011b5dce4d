from __future__ import annotations

import pytest

from tocsin.regions import load_gazetteer


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("Syria", "SY"), ("SY", "SY"), ("Syrien", "SY"), ("Сирия", "SY"), ("叙利亚", "SY"), ("NO", "NO"),
        ("Norway", "NO"), ("USA", "US"), ("U.S.", "US"), ("Großbritannien", "GB"), ("SY-DY", "SY-DY"),
        ("sahel", "sahel"), ("Sahel", "sahel"), ("Paris", "geonames:2988507"),
        ("geonames:170794", "geonames:170794"), ("Tripoli, Lebanon", "geonames:266826"),
        ("Paris, Texas", "geonames:4717560"), ("Georgia, US", "US-GA"), ("  munich ", "geonames:2867714"),
    ],
)  # fmt: skip
def test_a_region_is_known_by_code_slug_id_and_name(written: str, place: str) -> None:
    gazetteer = load_gazetteer()
    resolved = gazetteer.resolve(written)
    assert resolved is not None
    assert (resolved.id, gazetteer.check(written)) == (place, None)


@pytest.mark.parametrize(
    ("written", "province", "city"),
    [
        ("Deir ez-Zor", "SY-DY", "geonames:170794"), ("Deir el-Zour", "SY-DY", "geonames:170794"),
        ("Homs", "SY-HI", "geonames:169577"), ("Berlin", "DE-BE", "geonames:2950159"),
    ],
)  # fmt: skip
def test_a_province_and_its_city_of_one_name_are_the_province_which_contains_both(
    written: str, province: str, city: str
) -> None:
    gazetteer = load_gazetteer()
    outer, inner = gazetteer.find(written)[:2]
    assert (outer.id, inner.id) == (province, city)
    assert gazetteer.contains(outer, inner)
    assert gazetteer.question(written) is None


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("Georgia", "Georgia: GE (Georgia) or US-GA (Georgia, United States)?"),
        (
            "Washington",
            (
                "Washington: geonames:4140963 (Washington, Washington DC, United States) or "
                "US-WA (Washington, United States)?"
            ),
        ),
    ],
)
def test_a_name_of_places_of_one_standing_is_a_question_about_the_likeliest(written: str, question: str) -> None:
    gazetteer = load_gazetteer()
    resolved = gazetteer.resolve(written)
    assert resolved is not None
    assert gazetteer.question(written) == question
    assert question.startswith(f"{written}: {resolved.id} ")


@pytest.mark.parametrize(
    "written",
    ["Paris", "London", "Barcelona", "Mexico", "Luxembourg", "New York", "Syria", "Gaza", "GE", "Xyzzyxy", ""],
)
def test_a_name_that_one_place_dwarfs_is_no_question(written: str) -> None:
    assert load_gazetteer().question(written) is None


REMEDY = "name a country (Syria, SY), a province (SY-DY), a city of 15,000 inhabitants or more, or an area (sahel)"


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("Syira", "unknown region 'Syira'; did you mean 'Syria'?"),
        ("sy", "unknown region 'sy'; did you mean 'Syria'?"),
        ("Manbji", "unknown region 'Manbji'; did you mean 'Manbij'?"),
        ("SY-XX", f"unknown region 'SY-XX'; {REMEDY}"),
        ("Xyzzyxy", f"unknown region 'Xyzzyxy'; {REMEDY}"),
        ("", f"unknown region ''; {REMEDY}"),
    ],
)
def test_an_unknown_region_is_told_with_the_remedy(written: str, complaint: str) -> None:
    gazetteer = load_gazetteer()
    assert (gazetteer.resolve(written), gazetteer.check(written)) == (None, complaint)


def test_a_people_is_no_region() -> None:
    assert load_gazetteer().find("Syrian") == ()


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("Gaza", "gaza-strip"), ("غزة", "gaza-strip"), ("Gazastreifen", "gaza-strip"), ("PS-GZA", "PS-GZA"),
        ("Gulf", "gulf"), ("Kashmir, India", "kashmir"), ("Київ", "UA-30"), ("キーウ", "UA-30"), ("Kiew", "UA-30"),
        ("Kyiv", "UA-30"), ("St Petersburg", "RU-SPE"), ("Kobani", "geonames:172256"), ("Ras al-Ayn", "ras-al-ayn"),
        ("Great Lakes", "great-lakes"),
    ],
)  # fmt: skip
def test_one_region_is_meant_whatever_the_letters_and_the_language(written: str, place: str) -> None:
    resolved = load_gazetteer().resolve(written)
    assert resolved is not None
    assert (resolved.id, load_gazetteer().question(written)) == (place, None)


@pytest.mark.parametrize("written", ["Beni", "Bethlehem", "Limburg", "Rafah", "Valencia"])
def test_a_place_that_may_be_the_better_known_one_is_asked_for(written: str) -> None:
    assert load_gazetteer().question(written) is not None


@pytest.mark.parametrize("city", ["281133", "281129", "281102", "281124", "281141"])
def test_the_cities_of_gaza_lie_in_the_strip(city: str) -> None:
    gazetteer = load_gazetteer()
    strip, place = gazetteer.place("gaza-strip"), gazetteer.place(f"geonames:{city}")
    assert strip is not None
    assert place is not None
    assert gazetteer.contains(strip, place)

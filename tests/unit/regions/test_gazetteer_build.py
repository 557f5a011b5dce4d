"""The pure parts of scripts/build_gazetteer.py: which names stay, and which are weak."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tocsin.models.ids import PlaceId
from tocsin.regions import Name, Place, PlaceKind, Role, packed
from tocsin.text.fold import fold_term

sys.path.append(str(Path(__file__).resolve().parents[3] / "scripts"))

from gazetteer import cities, divisions, hygiene, respell, words  # type: ignore[import-not-found]
from gazetteer.collection import Collection  # type: ignore[import-not-found]

WORDS = hygiene.Words(
    small={"en": {"reading": 5.1, "economy": 5.0}, "cs": {"loni": 4.9}, "tr": {"man": 4.0}},
    common={"ar": frozenset({"الباب"})},
    persons={"wilson": 0.3, "george": 0.9, "manning": 0.05},
    spoken={"GB": frozenset({"en"}), "IN": frozenset({"hi", "en"})},
)


def collection() -> Collection:
    to = Collection(WORDS, lambda name: {name, name.replace("輔", "辅")})
    for code, name in (("GB", "United Kingdom"), ("IM", "Isle of Man"), ("SY", "Syria"), ("US", "United States")):
        to.add_place(Place(PlaceId(code), name, code, PlaceKind.COUNTRY, 10_000_000))
        to.claim(name, code, main=True)
    return to


def city(number: int, name: str, population: int, *others: str, country: str = "GB") -> dict[str, Any]:
    return {
        "geonameid": number, "name": name, "countrycode": country, "population": population, "latitude": 1.0,
        "longitude": 2.0, "alternatenames": list(others),
    }  # fmt: skip


def add(to: Collection, *rows: dict[str, Any], **translations: tuple[str, ...]) -> None:
    for row in rows:
        cities.add_city(to, row, "", translations, capital=False)


def named(to: Collection, folded: str) -> Name | None:
    return next((name for name in to.names() if name.folded == folded), None)


def ids(to: Collection, folded: str) -> list[str]:
    name = named(to, folded)
    return [bearer.place.id for bearer in name.bearers] if name else []


def test_codes_transcripts_and_persons_are_no_alternate_names() -> None:
    to = collection()
    add(to, city(1, "Wanning", 600_000, "WNN", "wan ning", "Manning", "Van Ning", "Wanning/Hainan", "万宁"))
    assert [name.folded for name in to.names() if name.bearers[0].place.id == "geonames:1"] == [
        "van ning",
        "wanning",
        "万宁",
    ]


def test_an_alternate_name_never_takes_the_usual_name_of_another_place() -> None:
    to = collection()
    add(to, city(1, "Harare", 1_500_000, "Salisbury", "Harari"), city(2, "Salisbury", 40_000))
    assert (ids(to, "salisbury"), ids(to, "harari")) == (["geonames:2"], ["geonames:1"])


def test_a_name_that_english_uses_goes_to_the_larger_place_as_well() -> None:
    to = collection()
    add(to, city(2, "Odessa", 110_000))
    add(to, city(1, "Odesa", 1_000_000), Odessa=("de", "en"))
    assert ids(to, "odessa") == ["geonames:1", "geonames:2"]


def test_a_name_that_is_a_word_counts_in_its_own_language_alone() -> None:
    to = collection()
    to.claim("Man", "IM", languages=("tr",))
    to.claim("Mannsey", "IM", languages=("tr",))
    man, other = named(to, "man"), named(to, "mannsey")
    assert man is not None
    assert other is not None
    assert (man.bearers[0].languages, other.bearers[0].languages) == (frozenset({"tr"}), frozenset())


def test_a_name_without_language_that_is_a_word_is_dropped() -> None:
    to = collection()
    to.claim("Reading", "IM")
    assert named(to, "reading") is None


def test_small_places_named_like_words_go_and_larger_ones_are_weak_there() -> None:
    to = collection()
    add(to, city(1, "Economy", 9_000), city(2, "Reading", 318_000))
    reading = named(to, "reading")
    assert named(to, "economy") is None
    assert reading is not None
    assert [reading.is_weak(language) for language in ("en", "de")] == [True, False]


def test_a_place_hardly_known_abroad_is_no_place_in_a_language_in_which_its_name_is_a_word() -> None:
    to = collection()
    add(to, city(1, "Loni", 500_000, country="IN"))
    loni = named(to, "loni")
    assert loni is not None
    assert "cs" not in loni.bearers[0].languages
    assert {"en", "de", "hi"} <= loni.bearers[0].languages


@pytest.mark.parametrize(
    ("folded", "usual", "population", "weak"),
    [
        ("wilson", "wilson", 50_000, True), ("wilson", "wilson", 5_000_000, False), ("джордж", "george", 190_000, True),
        ("st peter", "st peter", 12_000, True), ("ale", "aley", 50_000, True), ("homs", "homs", 775_404, False),
    ],
)  # fmt: skip
def test_names_of_people_saints_and_very_short_ones_are_weak(
    folded: str, usual: str, population: int, weak: bool
) -> None:
    assert hygiene.weakness(folded, usual, population, WORDS)[0] == weak


def test_hand_written_names_stay_whatever_they_mean() -> None:
    to = collection()
    to.claim("Reading", "SY", trusted=True)
    to.claim("syrisch", "SY", role=Role.DEMONYM, languages=("de", "nl"), trusted=True)
    syrisch = named(to, "syrisch")
    assert ids(to, "reading") == ["SY"]
    assert syrisch is not None
    assert [(bearer.role, bearer.languages) for bearer in syrisch.bearers] == [(Role.DEMONYM, frozenset({"de", "nl"}))]


def test_a_chinese_name_is_entered_in_both_forms() -> None:
    to = collection()
    to.claim("基輔", "SY")
    assert ids(to, "基輔") == ids(to, "基辅") == ["SY"]


def test_a_country_in_brackets_does_not_name_the_place_before_them() -> None:
    to = Collection(WORDS, lambda name: {name})
    rows = {
        code: {"name": name, "population": 1} for code, name in (("VG", "British Virgin Islands"), ("GB", "Britain"))
    }
    cldr = [("ru", "GB", "Великобритания"), ("ru", "VG", "Виргинские о-ва (Великобритания)")]
    divisions.add_countries(to, rows, cldr)
    assert (ids(to, "великобритания"), ids(to, "виргинские о ва")) == (["GB"], ["VG"])


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Tartus Governorate", "Tartus"), ("Gouvernorat d'Idleb", "Idleb"), ("State of Mexico", "Mexico"),
        ("Provincia di Milano", "Milano"), ("Bavaria", "Bavaria"), ("Donetsk Oblast", "Donetsk"),
    ],
)  # fmt: skip
def test_a_province_is_also_named_without_the_word_for_province(name: str, bare: str) -> None:
    assert divisions.bare(name) == bare


def test_spellings_are_made_for_the_arab_world_and_for_cyrillic_alone() -> None:
    assert {"deir el zour", "deir ezzor", "deir al sur"} <= set(respell.spellings("deir ez zor", "SY", 271_800))
    assert "kharkov" in set(respell.spellings("kharkiv", "UA", 1_400_000))
    assert list(respell.spellings("frankfurt", "DE", 650_000)) == []


def test_small_places_have_fewer_spellings() -> None:
    large, small = (list(respell.spellings("al hudaydah", "YE", people)) for people in (734_000, 20_000))
    assert len(large) > 3 * len(small) > 0
    assert set(small) <= set(large)


def test_word_files_are_read_without_comments(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("# head\n\nSY | de | Syrer ; syrisch-  # note\nUS | * | C# x\n", encoding="utf-8")
    lines = list(words.lines_of(path))
    assert lines == [["SY", "de", "Syrer ; syrisch-"], ["US", "*", "C# x"]]
    assert words.entries_of(lines[0][2]) == ["Syrer", "syrisch-"]


def test_an_unknown_code_in_a_word_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "demonyms.txt"
    path.write_text("SX-99 | en | Nobody\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"demonyms\.txt: no place has the code 'SX-99'"):
        words.add_forms(collection(), path, Role.DEMONYM, {})


def test_the_same_records_in_another_order_give_the_same_bytes() -> None:
    rows = [city(1, "Wanning", 600_000, "万宁", "Van Ning"), city(2, "Reading", 318_000), city(3, "Reading", 90_000)]

    def built(order: list[dict[str, Any]]) -> bytes:
        to = collection()
        add(to, *order)
        names = to.names()
        return packed.dump(packed.packed_from(to.used_places(names), names))

    assert built(rows) == built(rows[::-1])


@pytest.mark.parametrize(
    ("population", "spoken", "known", "is_word"),
    [
        (100_000, False, False, True), (50_000_000, False, False, False), (100_000, True, False, True),
        (100_000, True, True, False),
    ],
)  # fmt: skip
def test_a_word_is_told_from_a_name_by_how_large_its_place_is(
    population: int, spoken: bool, known: bool, is_word: bool
) -> None:
    words_of_texts = hygiene.Words({}, {}, {}, {}, {"ar": {"سنة": 4.9}})
    place = Place(PlaceId("geonames:1"), "Sanandaj", "IR", PlaceKind.CITY, population)
    ((overuse, _),) = words_of_texts.overuse(fold_term("سنة"), place).values()
    assert hygiene.is_rather_a_word(overuse, spoken=spoken, known=known) == is_word


def test_an_arab_name_is_also_written_without_its_article() -> None:
    to = collection()
    add(to, city(1, "Al Qāmishlī", 184_231, country="SY"), city(2, "El Cerrito", 20_000, country="US"))
    cities.add_spellings(to)
    assert (ids(to, "qamishli"), ids(to, "cerrito")) == (["geonames:1"], [])


def test_a_city_lies_in_the_province_whose_seat_is_nearest() -> None:
    seats = divisions.Seats(
        [divisions.Subdivision(code, name, "", (), {}) for code, name in (("GB-A", "Aton"), ("GB-B", "Beton"))],
        [{**city(1, "Aton", 9), "latitude": 50.0}, {**city(2, "Beton", 5), "latitude": 51.0}],
    )
    near, far = ({**city(3, "Ceton", 1), "latitude": latitude} for latitude in (50.8, 60.0))
    assert (seats.nearest(near, ""), seats.nearest(far, "")) == ("GB-B", "")

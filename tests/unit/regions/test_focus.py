from __future__ import annotations

import pytest

from tocsin.models.ids import PlaceId
from tocsin.models.receipts import Mention, Span, TextField
from tocsin.regions import Focus, Located, Place, PlaceKind, judge, load_gazetteer, locator_of
from tocsin.regions.features import FEATURES, SIGNS
from tocsin.regions.focus import Scored
from tocsin.regions.learned import FOCUS
from tocsin.text.fold import fold


def located(title: str, text: str, language: str = "en", home: str | None = None) -> Located:
    return locator_of(load_gazetteer()).locate(fold(title), fold(text), language=language, home=home)


def about(title: str, text: str, language: str = "en", home: str | None = None) -> set[str]:
    return set(located(title, text, language, home).focus.focused)


def test_a_learned_weight_never_goes_against_what_its_feature_means() -> None:
    assert tuple(FOCUS) == FEATURES
    assert not [name for name, weight in FOCUS.items() if weight * {"+": -1, "-": 1, "": 0}[SIGNS[name]] > 0]


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        (
            "Bridge over the Vistula closes for repairs",
            "The bridge in Warsaw closes on Monday. Engineers from Germany will help, Poland's road office said.",
            {"PL"},
        ),
        (
            "Norwegian climbers rescued in Bolivia",
            "Three climbers from Norway were found alive in Bolivia. They were flown to La Paz, police said.",
            {"BO"},
        ),
        (
            "Chile and Peru agree on fishing zone",
            "Chile and Peru signed an agreement on fishing. Santiago and Lima will share patrols.",
            {"CL", "PE"},
        ),
        ("A recipe for bread", "Mix flour and water and wait. Bake it until it is brown.", set()),
        ("", "", set()),
        ("Kenya", "", {"KE"}),
    ],
)
def test_an_article_is_about_the_place_where_it_happens(title: str, text: str, expected: set[str]) -> None:
    assert about(title, text) == expected


def test_a_dateline_is_not_what_an_article_is_about() -> None:
    text = "NAIROBI, May 4 (Agency) - Parliament in Somalia passed a law on ports. Somali traders had asked for it."
    assert about("Somalia passes law on ports", text) == {"SO"}


def test_each_item_of_a_round_up_is_its_subject() -> None:
    text = (
        "Luanda. A school opens.\nLima. The trams are on strike.\nOslo. The opera is sold out.\nHanoi. A bridge opens."
    )
    assert about("In brief", text) == {"AO", "PE", "NO", "VN"}


def test_a_report_on_a_company_is_about_the_country_of_its_legal_form() -> None:
    text = "Acme Bearings plc said it will close a plant. The company put the cost at 12 mln stg."
    assert about("ACME BEARINGS PLC TO CLOSE PLANT", text) == {"GB"}


def test_the_feeds_home_counts_only_where_no_place_is_named() -> None:
    nowhere = "The bakery on the main street has reopened."
    assert about("", nowhere, home="Syria") == {"SY"}
    assert located("", nowhere, home="Syria").focus.from_home
    assert about("", f"{nowhere} It is in Hamburg, in Germany.", home="Syria") == {"DE"}


def test_a_city_in_focus_brings_its_province() -> None:
    focus = located("Market reopens in Deir el-Zour", "The market in Deir el-Zour, Syria, reopened on Monday.").focus
    assert "SY-DY" in [one.place for one in focus.provinces if one.met]


SYRIA = Place(PlaceId("SY"), "Syria", "SY", PlaceKind.COUNTRY, 17_000_000)
FRANCE = Place(PlaceId("FR"), "France", "FR", PlaceKind.COUNTRY, 67_000_000)
HOMS = Place(PlaceId("geonames:1"), "Homs", "SY", PlaceKind.CITY, 775_000)
LEVANT = Place(PlaceId("levant"), "Levant", "", PlaceKind.AREA, 0, members=("SY", "LB", "JO"))
IN_HOMS = Mention(HOMS.id, "Homs", "SY", Span(TextField.TITLE, 3, 7, "Homs"))
FOCUS_ON_HOMS = Focus(
    countries=(Scored(SYRIA.id, 0.9, (IN_HOMS,), met=True, known=SYRIA), Scored(FRANCE.id, 0.1, (), known=FRANCE)),
    cities=(Scored(HOMS.id, 1.0, (IN_HOMS,), met=True, known=HOMS),),
)


def test_the_evidence_says_where_a_region_is_named_and_what_comes_next() -> None:
    met, evidence = judge("Syrien", SYRIA, FOCUS_ON_HOMS)
    assert (met, evidence.score, evidence.share, evidence.mentions) == (True, 0.9, 1.0, (IN_HOMS,))
    assert evidence.reason.startswith("Syria 0.90, title; strongest")


def test_an_area_is_in_focus_where_a_place_inside_it_is() -> None:
    met, evidence = judge("Levant", LEVANT, FOCUS_ON_HOMS)
    assert (met, evidence.mentions) == (True, (IN_HOMS,))
    assert not judge("Levant", LEVANT, Focus(countries=FOCUS_ON_HOMS.countries[1:]))[0]


def test_a_region_that_is_not_named_is_told_with_what_the_article_is_about() -> None:
    chad = Place(PlaceId("TD"), "Chad", "TD", PlaceKind.COUNTRY, 1)
    assert judge("Chad", chad, FOCUS_ON_HOMS)[1].reason == "Chad is not mentioned; the article is about Syria"


def test_a_sea_that_is_named_once_is_not_what_a_story_of_a_country_is_about() -> None:
    text = (
        "Syria's army entered Homs on Monday. In the centre of Homs, shops opened again, and Syrian state television "
        "showed the market. Ships in the Mediterranean had fired at the hills near Aleppo before."
    )
    focus = located("Army enters Homs", text).focus
    assert set(focus.focused) == {"SY"}
    assert [(one.place, one.met) for one in focus.areas] == [("mediterranean", False)]


@pytest.mark.parametrize(
    ("city", "country"),
    [("Berlin", "DE"), ("London", "GB"), ("Sydney", "AU"), ("Sofia", "BG"), ("Milan", "IT"), ("Kingston", "JM"),
     ("Charlotte", "US"), ("Oran", "DZ")],
)  # fmt: skip
def test_a_large_city_that_is_also_a_given_name_is_a_place_without_other_places(city: str, country: str) -> None:
    text = (
        f"The council of {city} agreed on a budget on Monday. Schools get the largest rise, and bridges are repaired.\n"
        f"{city} will spend more on its pools than before. A vote is due in May."
    )
    assert about(f"{city} agrees on a budget for its pools", text) == {country}


def test_a_given_name_is_no_city_because_a_city_bears_it() -> None:
    text = "Charlotte Wood won the prize for her novel on Monday. Wood thanked her sister. Austin Reed came second."
    assert about("Charlotte Wood wins prize", text) == set()


def test_where_a_union_meets_is_only_named() -> None:
    focus = located("ASEAN ministers meet in Vientiane", "Ministers of ASEAN met in Vientiane on Monday.").focus
    assert focus.focused == ()
    assert [(one.place, one.met) for one in focus.areas] == [("asean", True)]
    assert about("NATO jets strike near Tripoli", "NATO jets struck near Tripoli in Libya.") == {"LY"}


@pytest.mark.parametrize(
    ("title", "text", "language", "expected"),
    [
        ("Türk doktorlar Mogadişu'da çocuk hastanesi açtı", "Somali hastaneyi bekliyordu.", "tr", {"SO"}),
        ("中国医疗队在内罗毕开设诊所", "肯尼亚议会正在讨论。", "zh", {"KE"}),
        ("日本の考古学者、ペルーで墓を発見", "ペルー文化省が発表した。", "ja", {"PE"}),
    ],
)
def test_who_does_something_elsewhere_is_not_where_it_happens(
    title: str, text: str, language: str, expected: set[str]
) -> None:
    assert about(title, text, language) == expected


def test_clubs_tell_nothing_of_a_country_and_companies_do() -> None:
    assert about("Leeds United beat Bayern Munich", "Leeds United won on Saturday.") == set()
    assert about("Air France cuts flights", "Air France said it will cut flights.") == {"FR"}

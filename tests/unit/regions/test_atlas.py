from __future__ import annotations

import pytest

from matching_setup import gazetteer_of
from tocsin.models.ids import PlaceId
from tocsin.models.watchlist import OwnRegion
from tocsin.regions import Atlas, Bearer, Name, Place, PlaceKind, UnknownPlaceError
from tocsin.regions.atlas import is_in_box

SYRIA = Place(PlaceId("SY"), "Syria", "SY", PlaceKind.COUNTRY, 17_000_000)
DEIR = Place(PlaceId("SY-DY"), "Deir ez-Zor", "SY", PlaceKind.PROVINCE, 450_000, latitude=35.1, longitude=40.37)
MAYADIN = Place(PlaceId("geonames:173480"), "Mayadin", "SY", PlaceKind.CITY, 54_534, "SY-DY", (), 35.02, 40.45)
FIJI = Place(PlaceId("FJ"), "Fiji", "FJ", PlaceKind.COUNTRY, 900_000)
SUVA = Place(PlaceId("geonames:2198148"), "Suva", "FJ", PlaceKind.CITY, 77_366, "", (), -18.14, 178.44)
LEVANT = Place(PlaceId("levant"), "Levant", "", PlaceKind.AREA, 0, members=("SY",))
PLACES = (SYRIA, DEIR, MAYADIN, FIJI, SUVA, LEVANT)
GAZETTEER = gazetteer_of(PLACES, [Name(place.name.lower().replace("-", " "), (Bearer(place),)) for place in PLACES])

VALLEY = OwnRegion("valley", ("Mayadin",))
PACIFIC = OwnRegion("pacific", box=(170.0, -25.0, -170.0, 0.0))


def place(atlas: Atlas, name: str) -> Place:
    found = atlas.resolve(name)
    assert found is not None
    return found


def test_an_own_region_is_an_area_of_the_places_in_it_and_in_the_regions_in_it() -> None:
    atlas = Atlas(GAZETTEER, [OwnRegion("both", ("valley", "pacific", "Fiji", "FJ")), VALLEY, PACIFIC])
    assert atlas.resolve("both") == Place(
        PlaceId("both"),
        "both",
        "",
        PlaceKind.AREA,
        0,
        members=("FJ", "geonames:173480"),
        boxes=((170.0, -25.0, -170.0, 0.0),),
    )


@pytest.mark.parametrize(
    ("region", "inside"),
    [
        (VALLEY, {"geonames:173480"}),
        (OwnRegion("r", ("Deir ez-Zor",)), {"SY-DY", "geonames:173480"}),
        (OwnRegion("r", ("levant",)), {"SY", "SY-DY", "geonames:173480", "levant"}),
        (PACIFIC, {"geonames:2198148"}),
        (OwnRegion("r", box=(40.4, 35.0, 41.0, 35.5)), {"geonames:173480"}),
        (OwnRegion("r", box=(40.0, 35.0, 41.0, 35.5)), {"SY-DY", "geonames:173480"}),
        (OwnRegion("r", box=(-170.0, -25.0, 170.0, 90.0)), {"SY-DY", "geonames:173480"}),
    ],
)
def test_a_region_contains_what_lies_in_its_members_or_its_box(region: OwnRegion, inside: set[str]) -> None:
    atlas = Atlas(GAZETTEER, [region])
    assert {one.id for one in PLACES if atlas.contains(place(atlas, region.id), one)} == inside


def test_an_area_lies_in_another_that_holds_all_its_members_or_lists_it() -> None:
    near_east = OwnRegion("near-east", ("Syria", "Fiji"))
    atlas = Atlas(GAZETTEER, [near_east, OwnRegion("half", ("SY-DY",)), OwnRegion("listed", ("levant",))])
    inside = [name for name in ("near-east", "half", "listed") if atlas.contains(place(atlas, name), LEVANT)]
    assert inside == ["near-east", "listed"]
    assert not atlas.contains(LEVANT, place(atlas, "near-east"))


def test_the_borders_belong_to_a_box_and_what_has_no_coordinates_lies_in_none() -> None:
    assert is_in_box(SUVA, (178.44, -18.14, 179.0, -18.0))
    assert not is_in_box(SUVA, (178.45, -18.14, 179.0, -18.0))
    assert not is_in_box(FIJI, (-180.0, -90.0, 180.0, 90.0))


def test_an_own_region_wins_over_a_name_of_the_gazetteer() -> None:
    atlas = Atlas(GAZETTEER, [OwnRegion("levant", ("Fiji",))])
    assert place(atlas, "levant").members == ("FJ",)
    assert place(atlas, "Levant") == LEVANT
    assert atlas.find("levant") == (place(atlas, "levant"), LEVANT)
    assert (atlas.check("levant"), atlas.question("levant")) == (None, None)


def test_a_place_lies_in_what_contains_it_and_an_own_area_hides_the_one_of_its_id() -> None:
    atlas = Atlas(GAZETTEER, [VALLEY, OwnRegion("levant", ("Fiji",))])
    assert [one.id for one in atlas.around(MAYADIN)] == ["SY-DY", "SY", "valley"]
    assert [one.id for one in atlas.around(FIJI)] == ["levant"]


def test_the_members_of_a_country_are_its_provinces() -> None:
    atlas = Atlas(GAZETTEER, [VALLEY])
    assert [one.id for one in atlas.members(SYRIA)] == ["SY-DY"]
    assert [one.id for one in atlas.members(place(atlas, "valley"))] == ["geonames:173480"]


@pytest.mark.parametrize(
    ("regions", "words"),
    [
        ([OwnRegion("a", ("Nowhereland",))], "the region 'a' names 'Nowhereland', which there is none of"),
        ([OwnRegion("a", ("b",)), OwnRegion("b", ("a",))], "the region 'a' contains itself"),
        ([OwnRegion("a", ("a",))], "the region 'a' contains itself"),
    ],
)
def test_a_region_of_what_is_not_there_or_of_itself_is_refused(regions: list[OwnRegion], words: str) -> None:
    with pytest.raises(UnknownPlaceError, match=words):
        Atlas(GAZETTEER, regions)


def test_ten_thousand_regions_within_each_other_are_resolved() -> None:
    chain = [OwnRegion(f"r{number}", (f"r{number + 1}",)) for number in range(10_000)]
    atlas = Atlas(GAZETTEER, [*chain, OwnRegion("r10000", ("Suva",))])
    assert place(atlas, "r0").members == ("geonames:2198148",)


def test_what_a_region_is_made_of_tells_when_it_has_changed() -> None:
    one, other = (Atlas(GAZETTEER, [OwnRegion("a", places)]) for places in (("Fiji",), ("Fiji", "Suva")))
    assert one.definition("a") != other.definition("a")
    assert one.definition("Fiji") == ()

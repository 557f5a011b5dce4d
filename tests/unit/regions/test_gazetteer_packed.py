from __future__ import annotations

from tocsin.models.ids import PlaceId
from tocsin.regions import Bearer, Name, Place, PlaceKind, Role, packed
from tocsin.regions.gazetteer import Gazetteer

SYRIA = Place(PlaceId("SY"), "Syria", "SY", PlaceKind.COUNTRY, 17_000_000)
PROVINCE = Place(PlaceId("SY-DY"), "Deir ez-Zor", "SY", PlaceKind.PROVINCE, 500_000, latitude=35.1, longitude=40.2)
CITY = Place(PlaceId("geonames:1"), "Deir ez-Zor", "SY", PlaceKind.CITY, 271_800, "SY-DY", (), 35.34, 40.14)
LEVANT = Place(PlaceId("levant"), "Levant", "", PlaceKind.AREA, 0, members=("SY", "LB"))
PLACES = [CITY, LEVANT, SYRIA, PROVINCE]
NAMES = [
    Name("syria", (Bearer(SYRIA),)),
    Name("syrisch", (Bearer(SYRIA, Role.DEMONYM, frozenset({"de", "nl"})),), weak_in=frozenset({"de"})),
    Name("deir ez zor", (Bearer(CITY), Bearer(PROVINCE)), weak=True),
    Name("دير الزور", (Bearer(CITY, Role.NAME, frozenset({"ar"})),)),
]


def test_what_is_packed_is_read_as_it_was() -> None:
    gazetteer = Gazetteer(packed.load(packed.dump(packed.packed_from(PLACES, NAMES, {"SY-99": "SY-DY"}))))
    assert [gazetteer.place(place.id) for place in PLACES] == PLACES
    assert list(gazetteer.names()) == sorted(NAMES, key=lambda name: name.folded)
    assert gazetteer.place("SY-99") == PROVINCE
    assert gazetteer.place("SY-98") is None


def test_the_order_of_what_is_packed_changes_no_byte() -> None:
    there = packed.dump(packed.packed_from(PLACES, NAMES))
    back = packed.dump(packed.packed_from(PLACES[::-1], NAMES[::-1]))
    assert there == back

from __future__ import annotations

import pytest

from tocsin.models.ids import PlaceId
from tocsin.models.receipts import Mention, RegionEvidence, Span, TextField
from tocsin.regions import Place, PlaceKind, find_focus, judge

SYRIA = Place(PlaceId("SY"), "Syria", "SY", PlaceKind.COUNTRY, 17_000_000)
HOMS = Place(PlaceId("geonames:1"), "Homs", "SY", PlaceKind.CITY, 775_000)
HAMA = Place(PlaceId("geonames:2"), "Hama", "SY", PlaceKind.CITY, 460_000)
FRANCE = Place(PlaceId("FR"), "France", "FR", PlaceKind.COUNTRY, 67_000_000)


def mention(place: Place, at: int, field: TextField = TextField.TEXT) -> Mention:
    return Mention(place.id, place.name, place.country, Span(field, at, at + len(place.name), place.name))


def title(place: Place) -> Mention:
    return mention(place, 0, TextField.TITLE)


def test_title_and_lead_weigh_more_and_a_city_counts_for_its_country() -> None:
    focus = find_focus([title(HOMS), mention(SYRIA, 10), mention(HAMA, 400), mention(FRANCE, 500)])
    assert [(one.place, one.score) for one in focus.countries] == [("SY", 6.0), ("FR", 1.0)]
    assert [(one.place, one.score) for one in focus.cities] == [("geonames:1", 3.0), ("geonames:2", 1.0)]


def test_a_place_named_in_each_sentence_counts_only_so_often() -> None:
    focus = find_focus([mention(FRANCE, at) for at in range(300, 400)] + [mention(SYRIA, at) for at in range(400, 404)])
    assert [(one.place, one.score, len(one.mentions)) for one in focus.countries] == [("FR", 6.0, 100), ("SY", 4.0, 4)]


@pytest.mark.parametrize(
    ("mentions", "met", "reason"),
    [
        ([title(SYRIA), mention(HOMS, 0)], True, "Syria 5.0 of 5.0, title and lead; strongest"),
        ([title(SYRIA), title(FRANCE), title(FRANCE)], True, "Syria 3.0 of 6.0, title; in focus"),
        (
            [mention(HOMS, 0)] + [title(FRANCE)] * 2,
            False,
            "Syria 2.0 of 6.0, lead; only mentioned, less than half of the strongest country, France",
        ),
        ([mention(HOMS, 900)], False, "Syria 1.0 of 1.0, text; only mentioned, less than 2.0"),
        ([title(FRANCE)], False, "Syria is not mentioned"),
        ([], False, "Syria is not mentioned"),
    ],
)
def test_a_country_is_in_focus_with_half_of_the_strongests_score(
    mentions: list[Mention], met: bool, reason: str
) -> None:
    verdict, evidence = judge("Syria", SYRIA, find_focus(mentions))
    assert (verdict, evidence.reason) == (met, reason)


def test_a_city_is_in_focus_in_the_lead_or_with_half_of_the_strongest_citys_score() -> None:
    in_the_lead = find_focus([title(HAMA)] * 5 + [mention(HOMS, 0)])
    in_passing = find_focus([title(HAMA)] * 5 + [mention(HOMS, 900)] * 2)
    alone = find_focus([mention(HOMS, 900)] * 2)
    assert [judge("Homs", HOMS, focus)[0] for focus in (in_the_lead, in_passing, alone)] == [True, False, True]


def test_the_evidence_has_the_mentions_inside_the_region() -> None:
    mentions = (title(HOMS), mention(SYRIA, 0))
    assert judge("Syrien", SYRIA, find_focus([*mentions, mention(FRANCE, 900)])) == (
        True,
        RegionEvidence("Syrien", SYRIA.id, 5.0, 1.0, mentions, "Syria 5.0 of 5.0, title and lead; strongest"),
    )


def test_the_feeds_home_counts_only_where_no_place_is_named() -> None:
    assert judge("Syria", SYRIA, find_focus([], home=HOMS)) == (
        True,
        RegionEvidence("Syria", SYRIA.id, 2.0, 1.0, (), "the article names no place, and its feed's home is Syria"),
    )
    assert judge("Homs", HOMS, find_focus([], home=HOMS))[0]
    assert not judge("Syria", SYRIA, find_focus([title(FRANCE)], home=SYRIA))[0]

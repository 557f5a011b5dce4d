"""Watches by region: own regions, boxes, areas; about them or naming them; and what receipts tell of places."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matching_setup import matcher_of, watchlist_of
from tocsin.errors import WatchlistError
from tocsin.matching import Matcher, compile_watchlist, query_check, receipt_lines
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.receipts import Receipt
from tocsin.models.watchlist import About, OwnRegion, Watch
from tocsin.regions import load_gazetteer

W = WatchId("w")
VALLEY = OwnRegion("valley", ("Deir ez-Zor", "Raqqa"))
ADEN = OwnRegion("aden-coast", box=(42.5, 10.0, 51.5, 15.5))
EVERYTHING = OwnRegion("everything", ("valley", "aden-coast"))
OWN = (VALLEY, ADEN, EVERYTHING)

DEIR = Document(
    "Army ends siege of Deir el-Zour",
    "Deir el-Zour in eastern Syria is open again. Lorries reached the city on Tuesday.\n"
    "They had come from Iraq by the desert road, a driver said.\n"
    "Photo: Example Agency/Paris\n",
    "en",
)
PORT = Document("Harbour of Aden closed", "Ships wait off Aden. Yemen has closed the harbour of Aden.", "en")


def with_own(*watches: Watch, own: tuple[OwnRegion, ...] = OWN) -> Matcher:
    return compile_watchlist(replace(watchlist_of(*watches), regions=own), load_gazetteer())


def explained(document: Document, watch: Watch, own: tuple[OwnRegion, ...] = OWN) -> Receipt:
    """Explain one watch, and see to it that the quick verdict is the same."""
    matcher = with_own(watch, own=own)
    receipt = matcher.explain(document, W)
    assert matcher.decide(document) == ((W,) if receipt.matched else ())
    return receipt


def verdict(
    document: Document,
    *,
    regions: tuple[str, ...] = (),
    about: About = About.FOCUS,
    keywords: tuple[str, ...] = (),
    query: str = "",
) -> Receipt:
    return explained(document, Watch(W, "W", keywords=keywords, regions=regions, about=about, query=query))


@pytest.mark.parametrize(
    ("region", "met"),
    [
        ("valley", (True, False)),
        ("aden-coast", (False, True)),
        ("everything", (True, True)),
        ("SY-DY", (True, False)),
        ("سوريا", (True, False)),
        ("NO", (False, False)),
    ],
)
def test_an_article_meets_a_region_that_holds_what_it_is_about(region: str, met: tuple[bool, bool]) -> None:
    assert tuple(verdict(document, regions=(region,)).matched for document in (DEIR, PORT)) == met
    assert tuple(verdict(document, query=f'about:"{region}"').matched for document in (DEIR, PORT)) == met


def test_a_region_that_is_only_named_meets_a_watch_for_which_a_mention_is_enough() -> None:
    assert not verdict(DEIR, regions=("Iraq",)).matched
    named = verdict(DEIR, regions=("Iraq",), about=About.MENTION)
    assert (named.matched, named.reason) == (True, "It mentions Iraq.")
    assert [mention.span.text for mention in named.regions[0].mentions] == ["Iraq"]


def test_what_page_furniture_names_is_no_mention() -> None:
    receipt = verdict(DEIR, regions=("France",), about=About.MENTION)
    assert (receipt.matched, receipt.reason) == (
        False,
        "It does not mention France: France is not mentioned; the article is about Syria.",
    )


def test_a_mention_of_a_place_inside_an_own_region_is_one_of_the_region() -> None:
    passing = replace(PORT, text=PORT.text + " A ship had carried flour for Raqqa.")
    assert not verdict(passing, regions=("valley",)).matched
    receipt = verdict(passing, regions=("valley",), about=About.MENTION)
    assert receipt.matched
    assert [mention.span.text for mention in receipt.regions[0].mentions] == ["Raqqa"]
    assert verdict(passing, query="harbour AND region:valley").matched


def test_a_region_goes_with_terms() -> None:
    assert verdict(DEIR, keywords=("siege",), regions=("valley",)).reason == 'It has "siege" and is about valley.'
    elsewhere = verdict(PORT, keywords=("harbour",), regions=("valley",))
    assert elsewhere.reason == (
        'It has "harbour" (twice), but is not about valley: valley is not mentioned; the article is about Yemen.'
    )


def test_receipts_tell_what_the_article_is_about_and_what_would_be_next() -> None:
    for receipt in (verdict(DEIR, regions=("valley",)), verdict(DEIR, regions=("Yemen",))):
        countries = [(one.place, one.met) for one in receipt.focus if one.kind == "country"]
        assert countries == [("SY", True), ("IQ", False)]
        assert receipt.focus[0].score > receipt.focus[1].score
        assert ("SY-DY", "Deir ez-Zor", True) in {(one.place, one.name, one.met) for one in receipt.focus}
        [line] = [line for line in receipt_lines(receipt) if line.startswith("the article is about: Syria")]
        assert "; next would be Iraq 0." in line


def test_the_focus_is_told_of_watches_by_term_too_where_any_watch_asks_for_places() -> None:
    siege = Watch(WatchId("siege"), "", keywords=("siege",))
    (with_places,) = matcher_of(siege, Watch(W, "", regions=("Yemen",))).match(DEIR)
    (without,) = matcher_of(siege).match(DEIR)
    assert [one.place for one in with_places.focus][:1] == ["SY"]
    assert without.focus == ()


def test_the_version_of_a_watch_changes_with_the_regions_it_names_and_with_nothing_else() -> None:
    changed = (OwnRegion("valley", ("Deir ez-Zor",)), ADEN, EVERYTHING)

    watches = [
        Watch(W, "", regions=("valley",)),
        Watch(W, "", query="siege AND region:everything"),
        Watch(W, "", regions=("aden-coast",)),
        Watch(W, "", regions=("Syria",)),
        Watch(W, "", keywords=("siege",)),
    ]
    before, after = ([explained(DEIR, watch, own).watch_version for watch in watches] for own in (OWN, changed))
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, False, True, True, True]
    focus, mention = (verdict(DEIR, regions=("Syria",), about=about).watch_version for about in About)
    assert focus != mention


def test_a_region_that_is_not_there_is_an_error_when_the_watchlist_is_compiled() -> None:
    with pytest.raises(WatchlistError, match="the region 'a' names 'Nowhereland'"):
        with_own(Watch(W, "", regions=("a",)), own=(OwnRegion("a", ("Nowhereland",)),))


def test_queries_are_checked_for_regions_with_the_own_ones_beside() -> None:
    check = query_check(load_gazetteer().check)
    queries = {"a": "about:valley AND region:valey", "b": "region:Syrai"}
    told = [(one.watch, one.offset, one.message) for one in check(queries, queries.keys(), ["valley"])]
    assert told == [
        ("a", 24, "unknown region 'valey'; did you mean 'valley'?"),
        ("b", 7, "unknown region 'Syrai'; did you mean 'Syria'?"),
    ]

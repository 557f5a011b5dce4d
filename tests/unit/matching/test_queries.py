"""Queries held against articles: what matches, what the receipt says, and what is refused when they are compiled."""

from __future__ import annotations

import pytest

from matching_setup import matcher_of
from tocsin.errors import WatchlistError
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.receipts import Clause, Receipt, Span, TermHit, TextField
from tocsin.models.watchlist import Watch

W = WatchId("w")
ARTICLE = Document(
    title="Army breaks siege of Homs",
    text="President Assad met leader Putin in Moscow. Refugees left Homs. IS denied it. The siege was long.",
    language="en",
    url="https://www.wire.example/syria/123",
    source="The Harbour Wire",
    tags=("Local", "war"),
)


def receipt_of(query: str, document: Document = ARTICLE, *others: Watch) -> Receipt:
    return matcher_of(Watch(W, "", query=query), *others).explain(document, W)


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("siege AND Homs", True),
        ("siege AND Aleppo", False),
        ("Aleppo OR Homs", True),
        ("siege AND NOT Homs", False),
        ("siege AND NOT Aleppo", True),
        ("siege -Aleppo -Raqqa", True),
        ("siege AND NOT Homs AND NOT Aleppo", False),
        ("siege AND NOT (Raqqa OR Aleppo) AND (Homs OR Palmyra)", True),
        ("siege AND NOT (Aleppo OR Putin)", False),
        ("(Aleppo AND siege) OR (Homs AND Assad)", True),
        ("siege AND NOT (Aleppo AND Putin)", True),
        ("siege AND (NOT Homs OR Putin)", True),
        ("siege AND (NOT Homs OR Aleppo)", False),
        ("siege AND (NOT Aleppo OR Raqqa)", True),
        ("siege AND NOT (NOT Homs OR Aleppo)", True),
        ("siege AND NOT (NOT Aleppo OR Raqqa)", False),
        ("siege AND title:(NOT Putin)", True),
        ("siege AND title:(NOT Homs)", False),
        ("siege AND (NOT watch:putin OR watch:football)", False),
        ("siege AND (NOT about:Syria OR region:Russia)", True),
        ("siege AND (NOT lang:en OR NOT re:/Homs/)", False),
        ("siege AND (Raqqa OR (Homs AND (NOT Aleppo OR zz)))", True),
        ("siege AND NOT (Homs AND (NOT Aleppo OR zz))", False),
        ("siege –Homs", False),
        ("siege AND\u200b Homs", True),
        ("title:siege AND title:Homs", True),
        ("title:Assad", False),
        ("body:Assad", True),
        ("title:(Assad OR siege)", True),
        ("body:Army", False),
        ("siege AND NOT title:siege", False),
        ("Putin AND NOT title:Putin", True),
        ("Assad NEAR/2 Putin", True),
        ("Assad NEAR/1 Putin", False),
        ("Assad ONEAR/2 Putin", True),
        ("Putin ONEAR/2 Assad", False),
        ('"Putin Assad"~2', True),
        ('"Moscow Refugees"~0', True),
        ("Army NEAR/9 President", False),
        ("siege NEAR/3 (Aleppo OR Homs)", True),
        ("title:(siege NEAR/1 Homs)", True),
        ("body:(siege NEAR/1 Homs)", False),
        ("refug*", True),
        ("leader Put*", True),
        ("title:refug*", False),
        ("*dent", True),
        ("*iden", False),
        ("IS", True),
        ("IS AND Aleppo", False),
        ("re:/H[oe]ms/", True),
        ("title:re:/Moscow/", False),
        ("siege AND re:/[0-9]/", False),
        ("url:wire.example", True),
        ("url:wire.exam", False),
        ("url:syria AND siege", True),
        ('source:"harbour wire"', True),
        ("source:lantern OR siege", True),
        ("tag:local AND siege", True),
        ("tag:sport", False),
        ("lang:EN AND siege", True),
        ("lang:(de OR fr)", False),
        ("siege AND NOT lang:de", True),
        ("region:Syria AND siege", True),
        ("region:Russia", True),
        ("region:France", False),
        ("about:Syria", True),
        ("about:Russia AND siege", False),
        ("about:(France OR Homs)", True),
        ("siege AND NOT about:Syria", False),
        ("Aleppo OR about:Syria", True),
        ("watch:putin AND siege", True),
        ("watch:football", False),
        ("siege AND NOT watch:football", True),
        ("watch:russians", True),
    ],
)
def test_a_query_matches_what_it_says(query: str, matches: bool) -> None:
    others = (
        Watch(WatchId("putin"), "", keywords=("Putin",)),
        Watch(WatchId("football"), "", keywords=("football",)),
        Watch(WatchId("russians"), "", query="watch:putin OR watch:football"),
    )
    matcher = matcher_of(Watch(W, "", query=query), *others)
    receipt = matcher.explain(ARTICLE, W)
    assert receipt.matched is matches, receipt.reason
    assert (W in matcher.decide(ARTICLE)) is matches
    assert (receipt in matcher.match(ARTICLE)) is matches


def test_a_receipt_has_each_term_with_its_variant_and_span() -> None:
    receipt = receipt_of('(refug* OR Aleppo) AND "siege of Homs" AND NOT football')
    assert receipt == Receipt(
        watch=W,
        watch_version=receipt.watch_version,
        matched=True,
        reason='It has "refug*" and "siege of Homs".',
        hits=(
            TermHit(Clause.QUERY, "refug*", Span(TextField.TEXT, 44, 52, "Refugees"), "refugees"),
            TermHit(Clause.QUERY, "siege of Homs", Span(TextField.TITLE, 12, 25, "siege of Homs"), "siege of homs"),
        ),
    )


def test_only_the_terms_that_are_near_are_hits_of_a_near() -> None:
    text = "Assad spoke. Much later, after long talks that led nowhere, Putin met Assad."
    hits = receipt_of("Assad NEAR/1 Putin", Document("", text, "en")).hits
    assert [(hit.span.text, hit.span.start) for hit in hits] == [("Assad", 70), ("Putin", 60)]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("siege AND Aleppo", "Of the query, Aleppo is not met: nothing of it stands in the article."),
        (
            "siege AND (Aleppo OR policy)",
            "Of the query, (Aleppo OR policy) is not met: nothing of it stands in the article.",
        ),
        (
            '"siege of Aleppo"',
            'Of the query, "siege of Aleppo" is not met: of "siege of Aleppo" only "siege" stands in it.',
        ),
        ("siege AND NOT Putin", 'It says "Putin", which the query excludes: NOT Putin.'),
        ("siege AND NOT (Putin OR chess)", 'It says "Putin", which the query excludes: NOT (Putin OR chess).'),
        (
            "title:(Putin OR Moscow)",
            'Of the query, title:(Putin OR Moscow) is not met: "Putin" stands in the text only.',
        ),
        (
            "(Army OR Putin) NEAR/1 (Assad)",
            "Of the query, (Army OR Putin) NEAR/1 (Assad) is not met: at their nearest, 2 words lie between.",
        ),
        ("title:Putin OR zz", 'Of the query, title:Putin OR zz is not met: "Putin" stands in the text only.'),
        ("zz OR title:Putin", 'Of the query, zz OR title:Putin is not met: "Putin" stands in the text only.'),
        (
            "(siege AND title:Putin) OR zz",
            'Of the query, (siege AND title:Putin) OR zz is not met: "Putin" stands in the text only.',
        ),
        (
            "siege AND (NOT Homs OR Raqqa)",
            'Of the query, (NOT Homs OR Raqqa) is not met: it says "Homs".',
        ),
        ("siege -Putin", 'It says "Putin", which the query excludes: -Putin.'),
        ("Assad NEAR/1 Putin", "Of the query, Assad NEAR/1 Putin is not met: at their nearest, 2 words lie between."),
        ("Putin ONEAR/3 Assad", "Of the query, Putin ONEAR/3 Assad is not met: they stand in the other order."),
        ("Assad NEAR/3 Obama", "Of the query, Assad NEAR/3 Obama is not met: Obama does not stand in it."),
        ("title:Putin", 'Of the query, title:Putin is not met: "Putin" stands in the text only.'),
        ("IT", "Of the query, IT is not met: nearest is \"it\": written 'it', and IT counts in capitals only."),
        ("siege AND lang:de", 'Of the query, lang:de is not met: the article is in "en".'),
        ("siege AND tag:sport", "Of the query, tag:sport is not met: its feed has the tags Local and war."),
        ("source:lantern", 'Of the query, source:lantern is not met: its source is "The Harbour Wire".'),
        ("url:b.example", "Of the query, url:b.example is not met: its address is https://www.wire.example/syria/123."),
        (
            "region:France",
            "Of the query, region:France is not met: France is not mentioned; the article is about Syria.",
        ),
        (
            "siege AND about:France",
            "Of the query, about:France is not met: France is not mentioned; the article is about Syria.",
        ),
        ("watch:x AND siege", "Of the query, watch:x is not met: the article does not meet the watch x."),
    ],
)
def test_a_miss_says_which_clause_failed_and_what_came_nearest(query: str, reason: str) -> None:
    other = Watch(WatchId("x"), "", keywords=("football",))
    assert receipt_of(query, ARTICLE, other).reason == reason


def test_values_and_regions_are_told_apart_in_the_reason() -> None:
    query = "siege AND region:Russia AND about:Syria AND tag:war AND lang:en"
    receipt = receipt_of(query)
    assert receipt.reason == ('It has "siege" (twice) and meets region:Russia, tag:war and lang:en and is about Syria.')
    assert [evidence.region for evidence in receipt.regions] == ["Russia", "Syria"]


def test_a_query_goes_with_regions_and_exclusions_of_the_watch() -> None:
    watch = Watch(W, "", query="siege OR blockade", regions=("Syria",), none=("football",))
    matcher = matcher_of(watch)
    assert matcher.explain(ARTICLE, W).reason == 'It has "siege" (twice) and is about Syria.'
    elsewhere = Document("", "A siege in Paris, France.", "en")
    assert (
        matcher.explain(elsewhere, W).reason
        == 'It has "siege", but is not about Syria: Syria is not mentioned; the article is about France.'
    )
    excluded = Document("", "A siege in Homs, Syria, and football.", "en")
    assert matcher.explain(excluded, W).reason == 'It says "football", which the watch excludes.'
    assert [matcher.decide(one) for one in (ARTICLE, elsewhere, excluded)] == [(W,), (), ()]


def test_a_version_changes_with_the_query_and_with_the_watches_it_asks_for() -> None:
    def version(query: str, other: str = "football") -> str:
        return receipt_of(query, ARTICLE, Watch(WatchId("x"), "", keywords=(other,))).watch_version

    assert version("siege") == version("siege", "ball")
    assert len({version("siege"), version("siege OR Homs"), version("watch:x"), version("watch:x", "ball")}) == 4


@pytest.mark.parametrize(
    ("watches", "words"),
    [
        ([Watch(W, "", query="Syria AND")], "watch 'w': query, column 7: AND needs a term after it"),
        ([Watch(W, "", query="about:Syrai")], "watch 'w': unknown region 'Syrai'; did you mean 'Syria'"),
        ([Watch(W, "", query="watch:x")], "watch 'w': its query asks for the watch 'x', which there is not"),
        ([Watch(W, "", query="a AND watch:w")], "its query asks for its own verdict: w asks for w"),
        (
            [Watch(W, "", query="watch:x"), Watch(WatchId("x"), "", query="a -watch:w")],
            "its query asks for its own verdict: w asks for x asks for w",
        ),
    ],
)
def test_what_cannot_be_compiled_is_named(watches: list[Watch], words: str) -> None:
    with pytest.raises(WatchlistError, match=words):
        matcher_of(*watches)


def test_lone_surrogates_and_empty_texts_are_read_by_expressions_too() -> None:
    receipt = receipt_of("re:/b.d/", Document("", "\ud800 bad"))
    assert [hit.span for hit in receipt.hits] == [Span(TextField.TEXT, 2, 5, "bad")]
    assert not receipt_of("re:/b.d/", Document("", "")).matched

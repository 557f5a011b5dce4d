from __future__ import annotations

from dataclasses import replace

import pytest

from matching_setup import matcher_of, watchlist_of
from tocsin.errors import WatchlistError
from tocsin.matching import UnknownWatchError, compile_watchlist
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.receipts import Clause, Receipt, Rejection, Span, TermHit, TextField
from tocsin.models.watchlist import AlertRule, Watch
from tocsin.regions import load_gazetteer

ISLAMIC_STATE = Watch(
    WatchId("islamic-state"),
    "Islamic State",
    keywords=("Islamic State", "IS", "ISIL", "ISIS", "داعش"),
    names=("Daesh",),
    none=("river Isis",),
)
SYRIA = Watch(WatchId("syria"), "Syria", regions=("Syria",))
DEIR_EZ_ZOR = Watch(WatchId("deir"), "Deir ez-Zor", regions=("Deir ez-Zor",))
BERLIN = Watch(WatchId("berlin"), "Berlin", regions=("Berlin",))
IRAQ = Watch(WatchId("iraq"), "Iraq", regions=("Iraq",))
FRANCE = Watch(WatchId("france"), "France", regions=("France",))
BERLIN_IN_GERMANY = Watch(WatchId("both"), "Berlin", keywords=("Berlin",), regions=("Germany",))

# A page with its furniture: menu, credits, a gallery that names other capitals.
PAGE = Document(
    title="Bridge to Deir el-Zour opens after IS retreat",
    text="""Engineers laid a bridge to Deir el-Zour on Monday, four days after the "Islamic State" (IS) left.
Advertisement
Lorries with flour from Homs were the first to cross. IS' last positions in Syria lie further down the river.
The group, also known as ISIS or DAESH, is said to have mined the fields. "It is over," said a baker.
Image: Example Agency/J. Doe
Read more: How attacks changed the nights in Berlin, Brussels and Paris
4 images | 1 of 4
""",
    language="en",
)


def ids(receipts: tuple[Receipt, ...]) -> list[str]:
    return [receipt.watch for receipt in receipts]


def test_a_page_meets_the_watches_it_is_about_and_not_those_its_furniture_names() -> None:
    matcher = matcher_of(BERLIN, ISLAMIC_STATE, FRANCE, SYRIA, BERLIN_IN_GERMANY, DEIR_EZ_ZOR)
    assert ids(matcher.match(PAGE)) == ["islamic-state", "syria", "deir"]


def test_every_hit_of_a_matched_watch_is_in_its_receipt_with_its_span() -> None:
    (receipt,) = matcher_of(ISLAMIC_STATE).match(PAGE)
    hits = [(hit.clause, hit.term, hit.span.field, hit.span.text) for hit in receipt.hits]
    assert hits == [
        (Clause.KEYWORDS, "Islamic State", TextField.TEXT, "Islamic State"),
        (Clause.KEYWORDS, "IS", TextField.TITLE, "IS"),
        (Clause.KEYWORDS, "IS", TextField.TEXT, "IS"),
        (Clause.KEYWORDS, "IS", TextField.TEXT, "IS"),
        (Clause.KEYWORDS, "ISIS", TextField.TEXT, "ISIS"),
        (Clause.NAMES, "Daesh", TextField.TEXT, "DAESH"),
    ]
    assert receipt.reason == 'It has "Islamic State", "IS" (3 times), "ISIS" and "Daesh".'


def test_a_receipt_is_complete() -> None:
    watch = Watch(WatchId("siege"), "Siege", keywords=("siege",))
    matcher = matcher_of(watch)
    (receipt,) = matcher.match(Document("The sieges end", "No siege."))
    assert receipt == Receipt(
        watch=WatchId("siege"),
        watch_version=receipt.watch_version,
        matched=True,
        reason='It has "siege" (twice).',
        hits=(
            TermHit(Clause.KEYWORDS, "siege", Span(TextField.TITLE, 4, 10, "sieges"), "sieges"),
            TermHit(Clause.KEYWORDS, "siege", Span(TextField.TEXT, 3, 8, "siege"), "siege"),
        ),
    )


def test_a_headline_in_capitals_is_no_evidence_for_an_acronym() -> None:
    receipt = matcher_of(ISLAMIC_STATE).explain(Document("WHAT IS NEXT FOR THE EURO?", ""), ISLAMIC_STATE.id)
    reason = "in words of capitals only, which tell no acronym from a word"
    assert (receipt.matched, receipt.rejections) == (
        False,
        (Rejection(Clause.KEYWORDS, "IS", Span(TextField.TITLE, 5, 7, "IS"), reason),),
    )
    assert receipt.reason == f'No keyword or name of the watch stands in it; nearest is "IS": {reason}.'


def test_the_verb_is_no_acronym_and_a_miss_says_so() -> None:
    receipt = matcher_of(ISLAMIC_STATE).explain(Document("The ceasefire is holding.", ""), ISLAMIC_STATE.id)
    assert (receipt.matched, receipt.reason) == (
        False,
        (
            "No keyword or name of the watch stands in it; "
            "nearest is \"is\": written 'is', and IS counts in capitals only."
        ),
    )


def test_what_a_watch_excludes_wins_over_what_it_wants() -> None:
    document = Document("IS flags", "They hung over the River Isis.")
    receipt = matcher_of(ISLAMIC_STATE).explain(document, ISLAMIC_STATE.id)
    assert matcher_of(ISLAMIC_STATE).match(document) == ()
    assert (receipt.reason, [(hit.clause, hit.span.text) for hit in receipt.hits]) == (
        'It says "River Isis", which the watch excludes.',
        [(Clause.NONE, "River Isis")],
    )


def test_terms_and_regions_must_both_be_met() -> None:
    watch = Watch(WatchId("w"), "", keywords=("bridge",), regions=("Iraq", "Syria"))
    matcher = matcher_of(watch)
    assert ids(matcher.match(PAGE)) == ["w"]
    elsewhere = Document("Bridge opens in Hamburg", "The bridge in Hamburg, Germany, opens.")
    assert matcher.match(elsewhere) == ()
    assert matcher.explain(elsewhere, watch.id).reason == (
        'It has "bridge" (twice), but is not about Iraq or Syria: Iraq is not mentioned; the article is about Germany.'
    )


def test_a_region_that_is_only_named_in_passing_is_explained() -> None:
    passing = replace(PAGE, text=PAGE.text.replace("further down the river", "further down the river, towards Iraq"))
    receipt = matcher_of(IRAQ).explain(passing, IRAQ.id)
    assert receipt.reason.startswith("It is not about Iraq: Iraq 0.")
    assert "only mentioned, weaker than Syria" in receipt.reason


def test_a_region_that_only_page_furniture_names_is_told_as_such() -> None:
    receipt = matcher_of(BERLIN).explain(PAGE, BERLIN.id)
    assert receipt.reason == (
        "It is not about Berlin: Berlin is named in page furniture only; the article is about Syria."
    )


@pytest.mark.parametrize(
    ("keyword", "text", "near"),
    [
        ("Islamic State", "An Islamic scholar", 'of "Islamic State" only "islamic" stands in it'),
        ("policy", "the policymakers", '"policy" stands only inside the word "policymakers"'),
    ],
)
def test_a_miss_tells_what_came_nearest(keyword: str, text: str, near: str) -> None:
    receipt = matcher_of(Watch(WatchId("w"), "", keywords=(keyword,))).explain(Document("", text), WatchId("w"))
    assert receipt.reason == f"No keyword or name of the watch stands in it; {near}."


def test_an_article_in_a_language_that_is_not_asked_for_is_no_match() -> None:
    watch = Watch(WatchId("w"), "", keywords=("siege",))
    matcher = matcher_of(watch, languages=("en", "ar"))
    languages = ("en", "de", None)
    assert [bool(matcher.match(Document("", "siege", language))) for language in languages] == [True, False, True]
    assert matcher.explain(Document("", "siege", "de"), watch.id).reason == (
        "The article is in language 'de', and the watchlist asks for ar or en."
    )


def test_a_feeds_home_counts_where_the_article_names_no_place() -> None:
    matcher = matcher_of(SYRIA)
    text = "The bakery on the main street has reopened."
    (receipt,) = matcher.match(Document("", text, home="Syria"))
    assert receipt.regions[0].reason == "the article names no place, and its feed's home is Syria"
    assert matcher.match(Document("", text)) == ()
    assert matcher.match(Document("", f"{text} It is in Hamburg, in Germany.", home="Syria")) == ()


def test_a_phrase_does_not_go_from_the_title_into_the_text() -> None:
    assert matcher_of(ISLAMIC_STATE).match(Document("An Islamic", "State of mind")) == ()


def test_a_word_in_the_text_thousands_of_times_is_kept_a_hundred_times() -> None:
    (receipt,) = matcher_of(Watch(WatchId("w"), "", keywords=("siege",))).match(Document("", "siege " * 5000))
    assert len(receipt.hits) == 100


def test_a_version_changes_with_what_decides_and_with_nothing_else() -> None:
    def version(watch: Watch) -> str:
        return matcher_of(watch).explain(PAGE, watch.id).watch_version

    plain = Watch(WatchId("w"), "One", keywords=("siege",))
    retitled = Watch(WatchId("w"), "Two", keywords=("siege",), alert=AlertRule(to=("desk",)))
    widened = Watch(WatchId("w"), "One", keywords=("siege", "blockade"))
    assert version(plain) == version(retitled)
    assert version(plain) != version(widened)


def test_whatever_can_change_a_verdict_changes_the_version() -> None:
    def version(watch: Watch, asked: Watch = SYRIA, languages: tuple[str, ...] = ()) -> str:
        return matcher_of(watch, asked, languages=languages).explain(PAGE, watch.id).watch_version

    plain = Watch(WatchId("w"), "", keywords=("siege",))
    query = Watch(WatchId("q"), "", query="siege AND watch:syria")
    versions = [
        version(plain),
        version(replace(plain, keywords=("Siege",))),
        version(replace(plain, keywords=(), names=("siege",))),
        version(replace(plain, none=("football",))),
        version(replace(plain, regions=("Syria",))),
        version(replace(plain, regions=("Iraq",))),
        version(plain, languages=("en",)),
        version(plain, languages=("de", "en")),
        version(query),
        version(replace(query, query="siege AND about:Syria")),
        version(replace(query, query="siege AND about:Iraq")),
        version(replace(query, query="siege AND region:Syria")),
        version(replace(query, none=("football",))),
        version(replace(query, regions=("Syria",))),
        version(query, replace(SYRIA, regions=("Syria", "Iraq"))),
        version(query, replace(SYRIA, regions=(), query="siege")),
    ]
    assert len(set(versions)) == len(versions)
    assert version(plain, languages=("en", "de")) == version(plain, languages=("de", "en"))


def test_an_unknown_watch_or_region_is_named() -> None:
    with pytest.raises(UnknownWatchError) as unknown:
        matcher_of(SYRIA).explain(PAGE, WatchId("nope"))
    assert unknown.value.watch == "nope"
    with pytest.raises(WatchlistError, match=r"watch 'x': unknown region 'Syira'; did you mean 'Syria'\?"):
        compile_watchlist(watchlist_of(Watch(WatchId("x"), "", regions=("Syira",))), load_gazetteer())


def test_the_matcher_has_the_watchlists_version() -> None:
    assert matcher_of(SYRIA).version == "0123456789ab"

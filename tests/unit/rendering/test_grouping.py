from __future__ import annotations

from dataclasses import replace

from dossier_records import placed
from match_records import ISLAMIC_STATE, SYRIA, a_match, about_deir, an_article
from tocsin.models.articles import Article
from tocsin.models.ids import ArticleId, DevelopmentId, MatchId
from tocsin.models.receipts import Clause
from tocsin.models.stories import Join
from tocsin.rendering.grouping import (
    by_outlet,
    by_story,
    in_headline,
    lead_article,
    lead_development,
    main_language,
    newest_versions,
    outlet_key,
)

LONG = "ISIS withdrew towards the east. " * 30


def numbers(articles: object) -> list[int]:
    return [article.id for article in articles]  # type: ignore[attr-defined]  # any series of articles


def test_articles_of_a_story_come_together_and_one_in_none_is_a_story_by_itself() -> None:
    articles = [an_article(1, story=7), an_article(2), an_article(3, story=7, hours_ago=5), an_article(4)]
    groups = by_story([a_match(article, ISLAMIC_STATE) for article in articles])
    assert [(group.story_id, numbers(group.articles)) for group in groups] == [(7, [3, 1]), (None, [2]), (None, [4])]


def test_an_article_that_meets_two_watches_is_one_article() -> None:
    [group] = by_story([a_match(an_article(1, story=7), watch) for watch in (ISLAMIC_STATE, SYRIA)])
    assert (numbers(group.articles), len(group.matches)) == ([1], 2)


def test_an_article_that_is_published_again_stands_once_in_its_newest_version() -> None:
    articles = [an_article(1, hours_ago=9), an_article(2, hours_ago=5), an_article(3, hours_ago=1)]
    again = {ArticleId(2): placed(Join.SAME_ARTICLE, 1), ArticleId(3): placed(Join.SAME_ARTICLE, 2)}
    kept = newest_versions([a_match(article, ISLAMIC_STATE) for article in articles], again)
    assert [match.article.id for match in kept] == [3]


def test_two_versions_of_an_article_that_is_not_at_hand_are_one() -> None:
    articles = [an_article(2, hours_ago=5), an_article(3, hours_ago=1)]
    again = {ArticleId(2): placed(Join.SAME_ARTICLE, 1), ArticleId(3): placed(Join.SAME_ARTICLE, 1)}
    kept = newest_versions([a_match(article, ISLAMIC_STATE) for article in articles], again)
    assert [match.article.id for match in kept] == [3]


def test_versions_that_name_each_other_are_one_all_the_same() -> None:
    articles = [an_article(1, hours_ago=5), an_article(2, hours_ago=1)]
    again = {ArticleId(1): placed(Join.SAME_ARTICLE, 2), ArticleId(2): placed(Join.SAME_ARTICLE, 1)}
    assert len(newest_versions([a_match(article, ISLAMIC_STATE) for article in articles], again)) == 1


def test_an_older_version_stays_for_a_watch_that_no_newer_one_meets() -> None:
    old, new = an_article(1, hours_ago=9), an_article(2, hours_ago=1)
    again = {ArticleId(2): placed(Join.SAME_ARTICLE, 1)}
    matches = [a_match(old, ISLAMIC_STATE), a_match(old, SYRIA), a_match(new, ISLAMIC_STATE)]
    kept = newest_versions(matches, again)
    assert [(match.article.id, match.watch) for match in kept] == [(1, "syria"), (2, "islamic-state")]


def test_copies_and_articles_on_the_same_event_are_items_of_their_own() -> None:
    articles = [an_article(1), an_article(2)]
    matches = [a_match(article, ISLAMIC_STATE) for article in articles]
    assert newest_versions(matches, {ArticleId(2): placed(Join.NEAR_COPY, 1)}) == matches


def test_evidence_in_the_headline_is_counted_each_place_once_and_without_what_rules_out() -> None:
    article = an_article(1, "ISIS leaves Deir el-Zour, and ISIS leaves Idlib", "ISIS")
    match = a_match(article, ISLAMIC_STATE)
    assert (in_headline(match.receipt), in_headline(a_match(article, SYRIA).receipt)) == (2, 2)
    twice = replace(match.receipt, hits=match.receipt.hits * 2)
    assert in_headline(twice) == 2
    ruled_out = replace(match.receipt, hits=tuple(replace(hit, clause=Clause.NONE) for hit in match.receipt.hits))
    assert in_headline(ruled_out) == 0
    assert in_headline(about_deir(match).receipt) == 2


def lead(articles: list[Article], headline: dict[int, int] | None = None, language: str | None = "en") -> int:
    counts = {ArticleId(number): many for number, many in (headline or {}).items()}
    return lead_article(articles, counts, language).id


def test_an_article_in_the_language_of_most_leads_and_where_there_is_none_any_other() -> None:
    articles = [an_article(1, text=LONG, hours_ago=9, language="de"), an_article(2, text=LONG)]
    assert lead(articles, {1: 3}) == 2
    assert lead(articles, {1: 3}, "ar") == lead(articles, language=None) == 1
    languages = [
        an_article(number, language=language) for number, language in enumerate(["fr", "de", None, "de", "fr"])
    ]
    assert (main_language(languages), main_language(languages[2:3])) == ("de", None)


def test_most_evidence_in_the_headline_leads() -> None:
    articles = [an_article(1, text=LONG, hours_ago=9), an_article(2, text=LONG, hours_ago=2)]
    assert lead(articles, {1: 1, 2: 2}) == 2


def test_of_equal_evidence_the_earliest_full_report_leads_and_not_the_flash_before_it() -> None:
    flash, report, later = (
        an_article(1, text="ISIS withdrew.", hours_ago=9),
        an_article(2, text=LONG, hours_ago=8),
        an_article(3, text=LONG * 9, hours_ago=7),
    )
    assert lead([later, flash, report]) == 2


def test_where_feeds_carry_teasers_only_a_teaser_as_long_as_the_others_leads() -> None:
    articles = [an_article(1, text="x" * 40, hours_ago=9), an_article(2, text="x" * 190, hours_ago=8)]
    assert lead([*articles, an_article(3, text="x" * 200, hours_ago=7)]) == 2
    assert lead([an_article(1, text="", hours_ago=9), an_article(2, text="", hours_ago=8)]) == 1


def developed(number: int, development: int, outlet: str = "Example Wire", hours_ago: float = 2) -> Article:
    return an_article(number, outlet=outlet, hours_ago=hours_ago, story=7, development=development)


def test_the_development_in_most_outlets_leads() -> None:
    articles = [
        developed(1, 70),
        developed(2, 70, "Other Post", 3),
        developed(3, 71),
        developed(4, 71),
        developed(5, 71),
    ]
    assert numbers(lead_development(articles)) == [2, 1]


def test_a_development_that_the_reader_does_not_know_leads_whatever_more_there_is_on_the_other() -> None:
    articles = [developed(1, 70), developed(2, 70, "Other Post"), developed(3, 71)]
    assert numbers(lead_development(articles, frozenset({DevelopmentId(70)}))) == [3]


def test_of_developments_in_as_many_outlets_the_later_one_leads() -> None:
    assert numbers(lead_development([developed(1, 70, hours_ago=5), developed(2, 71, hours_ago=1)])) == [2]
    assert numbers(lead_development([developed(1, 70, hours_ago=1), developed(2, 71, hours_ago=5)])) == [1]


def test_articles_of_one_outlet_are_put_together_and_outlets_come_by_their_first() -> None:
    articles = [
        an_article(1, outlet="Other Post", hours_ago=3),
        an_article(2, outlet="Example Wire", hours_ago=4),
        an_article(3, outlet="Example Wire", hours_ago=1),
    ]
    assert [numbers(of_one) for of_one in by_outlet(articles)] == [[2, 3], [1]]


def test_feeds_of_one_house_are_one_outlet() -> None:
    world, sport = an_article(1, outlet="Wire World"), an_article(2, outlet="Wire Sport")
    assert outlet_key(world) != outlet_key(sport)
    assert outlet_key(replace(world, outlet="wire.example")) == outlet_key(replace(sport, outlet="wire.example"))


def test_a_match_is_kept_as_it_is() -> None:
    match = replace(a_match(an_article(1), ISLAMIC_STATE), id=MatchId(42))
    assert newest_versions([match]) == [match]

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from match_records import END, ISLAMIC_STATE, SYRIA, YEMEN, a_match, an_article
from tocsin.digests.ranking import News, Standing, home_watch, rank
from tocsin.models.ids import ArticleId, WatchId

PLAIN = Standing(headline=0, outlets=1, news=News.NEW, evidence=1, latest_at=END, article=ArticleId(1))
ORDER = (ISLAMIC_STATE.id, SYRIA.id, YEMEN.id)


def first(one: Standing, other: Standing) -> Standing:
    return min((one, other), key=rank)


def test_evidence_in_the_headline_comes_before_everything_else() -> None:
    named = replace(PLAIN, headline=1, news=News.GOES_ON, latest_at=END - timedelta(days=1))
    assert first(replace(PLAIN, outlets=40, evidence=30), named) == named


def test_how_often_the_headline_says_it_does_not_matter() -> None:
    wide = replace(PLAIN, headline=1, outlets=4)
    assert first(replace(PLAIN, headline=3), wide) == wide


def test_then_more_outlets_by_doublings() -> None:
    wide = replace(PLAIN, outlets=2, news=News.GOES_ON)
    assert first(replace(PLAIN, evidence=9), wide) == wide
    fresh = replace(PLAIN, outlets=4)
    assert first(replace(PLAIN, outlets=7, latest_at=END - timedelta(hours=1)), fresh) == fresh


def test_then_what_is_newer_to_the_reader() -> None:
    kinds = [News.AGAIN, News.NEW, News.GOES_ON, News.DEVELOPMENT]
    ranked = sorted((replace(PLAIN, news=kind) for kind in kinds), key=rank)
    assert [one.news for one in ranked] == [News.NEW, News.DEVELOPMENT, News.GOES_ON, News.AGAIN]


def test_then_more_evidence_but_from_ten_pieces_on_it_is_all_the_same() -> None:
    much = replace(PLAIN, evidence=10, latest_at=END - timedelta(hours=9))
    assert first(replace(PLAIN, evidence=9), much) == much
    assert first(replace(much, evidence=50), replace(PLAIN, evidence=10)) == replace(PLAIN, evidence=10)


def test_then_the_later_and_at_last_the_one_that_was_stored_first() -> None:
    earlier = replace(PLAIN, latest_at=END - timedelta(minutes=1), article=ArticleId(0))
    assert first(earlier, PLAIN) == PLAIN
    assert first(replace(PLAIN, article=ArticleId(2)), PLAIN) == PLAIN


def home(*met: tuple[int, WatchId]) -> WatchId:
    watches = {watch.id: watch for watch in (ISLAMIC_STATE, SYRIA, YEMEN)}
    return home_watch([a_match(an_article(number, story=7), watches[watch]) for number, watch in met], ORDER)


def test_a_story_is_told_in_the_first_watch_that_half_of_its_articles_meet() -> None:
    assert home((1, ISLAMIC_STATE.id), (1, SYRIA.id)) == ISLAMIC_STATE.id
    assert home((1, ISLAMIC_STATE.id), (1, SYRIA.id), (2, SYRIA.id)) == ISLAMIC_STATE.id


def test_one_stray_article_does_not_draw_a_story_into_another_watch() -> None:
    assert home((1, ISLAMIC_STATE.id), *((number, SYRIA.id) for number in (1, 2, 3))) == SYRIA.id


def test_where_no_watch_has_half_of_the_articles_the_one_with_most_has_the_story() -> None:
    met = [
        (number, watch)
        for number, watch in enumerate([ORDER[0], ORDER[2], ORDER[1], ORDER[2], ORDER[0], ORDER[1], ORDER[2]])
    ]
    assert home(*met) == YEMEN.id

"""The invented outlets are complete, many enough, and hold the cases that the demo is there to show."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tocsin.demo.outlets import BodyStyle, FeedFormat, Outlet, SampleArticle, load_outlets

OUTLETS = load_outlets()
ARTICLES = [article for outlet in OUTLETS for article in outlet.articles]
BY_SLUG = {article.slug: article for article in ARTICLES}
SIEGE = BY_SLUG["army-breaks-siege-of-deir-el-zour"]


def words_of(article: SampleArticle) -> list[str]:
    return " ".join(article.plain_paragraphs).split()


def shared_trigrams(left: SampleArticle, right: SampleArticle) -> float:
    """The share of the smaller article's word trigrams that the other has too."""
    one, other = (set(zip(words, words[1:], words[2:], strict=False)) for words in (words_of(left), words_of(right)))
    return len(one & other) / min(len(one), len(other))


def test_there_are_enough_outlets_articles_and_languages() -> None:
    languages = Counter({outlet.language: 0 for outlet in OUTLETS})
    for outlet in OUTLETS:
        languages[outlet.language] += len(outlet.articles)
    assert len(OUTLETS) >= 7
    assert len(ARTICLES) >= 66
    assert set(languages) == {"en", "de", "fr", "ar"}
    assert min(languages.values()) >= 10


def test_every_dialect_and_the_old_encodings_are_there() -> None:
    assert {outlet.format for outlet in OUTLETS} == set(FeedFormat)
    assert {outlet.body for outlet in OUTLETS} == set(BodyStyle)
    assert {outlet.encoding for outlet in OUTLETS} == {"utf-8", "iso-8859-1", "windows-1256"}


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.slug)
def test_an_outlet_lives_on_a_domain_that_cannot_exist(outlet: Outlet) -> None:
    assert outlet.site.endswith(".example")
    assert outlet.title.strip()
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", outlet.slug)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)
def test_an_article_is_complete(article: SampleArticle) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", article.slug)
    assert article.title == article.title.strip() != ""
    assert all(paragraph.strip() for paragraph in article.paragraphs)
    assert len(article.paragraphs) >= 3
    assert 40 <= len(words_of(article)) <= (700 if article is SIEGE else 250)
    assert 0 < article.minutes_ago < 24 * 60
    assert article.omit <= {"guid", "date"}


def test_slugs_are_unique_across_outlets() -> None:
    assert len(BY_SLUG) == len(ARTICLES)


def test_articles_are_newest_first() -> None:
    for outlet in OUTLETS:
        ages = [article.minutes_ago for article in outlet.articles]
        assert ages == sorted(ages)


def test_an_article_appears_its_minutes_before_now() -> None:
    article = replace(SIEGE, minutes_ago=90)
    assert article.published_at(datetime(2017, 9, 5, 1, 0, 30, 999, UTC)) == datetime(2017, 9, 4, 23, 30, 30, 0, UTC)


def test_the_siege_article_has_the_furniture_of_a_news_page() -> None:
    text = "\n".join(SIEGE.plain_paragraphs)
    captions = [
        one for one in SIEGE.plain_paragraphs if {"Berlin", "Brussels", "Paris"} <= set(re.findall(r"\w+", one))
    ]
    assert len(re.findall(r"\bIS\b", text)) >= 12
    assert len(re.findall(r"\bis\b", text)) >= 5
    assert {"Advertisement", "04:35", "3 images 1 | 3"} <= set(SIEGE.plain_paragraphs)
    assert sum(one.startswith("Image: ") for one in SIEGE.plain_paragraphs) == 3
    assert sum(one.endswith("?") for one in SIEGE.plain_paragraphs) == 3
    assert len(captions) == 1
    assert SIEGE.plain_paragraphs[-1].startswith("Read also:")


def test_the_follow_up_comes_hours_later_from_the_same_outlet() -> None:
    follow_up = BY_SLUG["deir-el-zour-after-the-siege"]
    meridian = next(outlet for outlet in OUTLETS if outlet.slug == "meridian-post")
    assert {SIEGE, follow_up} <= set(meridian.articles)
    assert SIEGE.minutes_ago - follow_up.minutes_ago > 120


@pytest.mark.parametrize(
    ("original", "copy"),
    [
        ("troops-reach-deir-el-zour-enclave", "relief-for-deir-el-zour"),
        ("troops-reach-deir-el-zour-enclave", "agency-troops-in-deir-el-zour"),
        ("kasr-hisar-dayr-al-zawr", "al-jaysh-yadkhul-dayr-al-zawr"),
    ],
)
def test_near_copies_share_most_of_their_words_but_not_the_title(original: str, copy: str) -> None:
    assert shared_trigrams(BY_SLUG[original], BY_SLUG[copy]) > 0.6
    assert BY_SLUG[original].title != BY_SLUG[copy].title


def test_other_articles_are_no_copies_of_each_other() -> None:
    assert shared_trigrams(SIEGE, BY_SLUG["troops-reach-deir-el-zour-enclave"]) < 0.1
    assert shared_trigrams(BY_SLUG["mosul-university-library"], BY_SLUG["mosul-bridges"]) < 0.1


def test_markup_is_gone_from_plain_paragraphs_and_kept_in_html() -> None:
    article = replace(SIEGE, markup=True, paragraphs=("The Islamic <b>State</b>&rsquo;s men &amp; guns",))
    assert article.plain_paragraphs == ("The Islamic State’s men & guns",)
    assert article.html_paragraphs == article.paragraphs


def test_text_without_markup_is_escaped_in_html() -> None:
    article = replace(SIEGE, paragraphs=("Salt & <syrup>",))
    assert article.html_paragraphs == ("Salt &amp; &lt;syrup&gt;",)
    assert article.plain_paragraphs == article.paragraphs

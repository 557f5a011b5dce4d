"""Subjects and preheaders: what a reader sees before the mail is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from digest_samples import a_digest_of, mail_of
from dossier_records import a_dossier, a_story
from match_records import BASE_URL, ISLAMIC_STATE, WEEKDAYS, a_digest, a_match, an_article
from tocsin.digests.background import Background
from tocsin.digests.content import build_digest
from tocsin.digests.coverage import Coverage
from tocsin.digests.render import PREHEADER_LIMIT, SUBJECT_LIMIT, preheader, subject
from tocsin.digests.view import DigestView
from tocsin.models.articles import Article
from tocsin.models.dossiers import NOTHING_KNOWN, Dossier
from tocsin.models.watchlist import LANGUAGES, DigestSchedule, QuietPolicy

TWICE_A_DAY = replace(WEEKDAYS, at=("07:30", "18:00"))


def view_of(
    articles: Sequence[Article],
    *,
    schedule: DigestSchedule = WEEKDAYS,
    days_later: float = 0,
    dossier: Dossier = NOTHING_KNOWN,
) -> DigestView:
    digest = a_digest()
    later = timedelta(days=days_later)
    window = replace(digest.window, start_at=digest.window.start_at + later, end_at=digest.window.end_at + later)
    return build_digest(
        replace(digest, window=window),
        [a_match(article, ISLAMIC_STATE) for article in articles],
        (ISLAMIC_STATE,),
        Coverage(2, 2),
        schedule=schedule,
        base_url=BASE_URL,
        background=Background(dossier, looked_through=90),
    )


def test_the_same_story_on_the_next_day_has_another_subject() -> None:
    today, tomorrow = (subject(view_of([an_article(1)], days_later=days)) for days in (0, 1))
    assert (today, tomorrow) == (
        "Relief column reaches Deir el-Zour · Wed 6 Sep",
        "Relief column reaches Deir el-Zour · Thu 7 Sep",
    )


def test_where_a_day_has_several_digests_the_subject_has_the_time() -> None:
    at_noon = view_of([an_article(1)], schedule=TWICE_A_DAY, days_later=0.25)
    assert subject(at_noon) == "Relief column reaches Deir el-Zour · Wed 6 Sep, 13:30"


def test_a_digest_that_was_asked_for_between_two_has_the_time_too() -> None:
    at_noon = view_of([an_article(1)], schedule=replace(WEEKDAYS, at=("12:00",)))
    assert subject(at_noon).endswith(" · Wed 6 Sep, 07:30")


def test_quiet_days_have_subjects_of_their_own() -> None:
    assert [subject(view_of([], days_later=days)) for days in (0, 1)] == [
        "Nothing matched until Wed 6 Sep, 07:30",
        "Nothing matched until Thu 7 Sep, 07:30",
    ]


def test_the_outlets_of_the_top_story_are_counted_where_there_is_room() -> None:
    articles = [an_article(number, outlet=f"Outlet {number}", story=7, development=70) for number in (1, 2, 3)]
    dossier = a_dossier(a_story(7, articles=3, outlets=3), articles)
    assert subject(view_of(articles, dossier=dossier)) == "Relief column reaches Deir el-Zour (3 outlets) · Wed 6 Sep"
    long = [replace(article, title=article.title + " after a night of fighting") for article in articles]
    assert subject(view_of(long, dossier=dossier)) == "Relief column reaches Deir el-Zour after a night of… · Wed 6 Sep"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stories", [0, 1, 60])
def test_subject_and_preheader_are_short_in_every_language(language: str, stories: int) -> None:
    rendered = mail_of(a_digest_of(stories, language, weight=3))
    assert len(rendered.subject) <= SUBJECT_LIMIT
    assert 0 < len(rendered.preheader) <= PREHEADER_LIMIT


def test_the_preheader_of_a_single_story_is_how_it_goes_on() -> None:
    assert preheader(view_of([an_article(1)])).startswith("The ring that Islamic State held around Deir el-Zour")


def test_the_preheader_of_a_quiet_day_says_what_was_looked_through() -> None:
    assert preheader(view_of([])) == "Tocsin looked through 90 articles from 2 feeds."


def test_a_weekly_sign_of_life_says_that_it_is_one() -> None:
    weekly = replace(WEEKDAYS, quiet=QuietPolicy.WEEKLY)
    assert view_of([], schedule=weekly).quiet_words == (
        "Tocsin looked through 90 articles from 2 feeds. While nothing matches, you get this mail once a week, so that "
        "you know that Tocsin is at work."
    )

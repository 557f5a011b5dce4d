from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from match_records import END, ISLAMIC_STATE, START, WEEKDAYS, a_digest, a_match, an_article
from tocsin.digests.notices import notices
from tocsin.models.digests import Absence, Digest
from tocsin.models.matches import Match
from tocsin.models.subscribers import SubscriberState
from tocsin.rendering.locales import ENGLISH

EARLY = [a_match(an_article(number, hours_ago=30), ISLAMIC_STATE) for number in (1, 2)]


def told(digest: Digest, matches: list[Match] | None = None, *, undelivered: bool = False) -> tuple[str, ...]:
    return notices(digest, matches or [], WEEKDAYS, undelivered=undelivered, locale=ENGLISH)


def test_a_digest_after_a_pause_says_from_when_to_when() -> None:
    absence = Absence(SubscriberState.PAUSED, START - timedelta(days=6), START)
    assert told(replace(a_digest(START - timedelta(days=6)), absence=absence), EARLY, undelivered=True) == (
        "You had paused your digests from Wed 30 Aug, 07:30 to Tue 5 Sep, 07:30. This one covers that time, too.",
    )


def test_a_digest_after_a_refused_address_says_so() -> None:
    absence = Absence(SubscriberState.SUPPRESSED, START - timedelta(days=2), START)
    [words] = told(replace(a_digest(), absence=absence))
    assert words == (
        "From Sun 3 Sep, 07:30 to Tue 5 Sep, 07:30 nothing was sent to you, because your mail server had refused your "
        "address. This digest covers that time, too."
    )


def test_after_a_refused_address_the_articles_of_the_digest_that_came_back_are_told_too() -> None:
    absence = Absence(SubscriberState.SUPPRESSED, START, START + timedelta(hours=1))
    one = a_match(an_article(3), ISLAMIC_STATE)
    words = told(replace(a_digest(), absence=absence), [*EARLY, one], undelivered=True)
    assert words[1:] == ("2 articles are from before: the digest that they were in could not be delivered.",)


def test_articles_of_a_digest_that_could_not_be_delivered_are_counted() -> None:
    one = a_match(an_article(3), ISLAMIC_STATE)
    assert told(a_digest(), [*EARLY, one], undelivered=True) == (
        "2 articles are from before: the digest that they were in could not be delivered.",
    )
    assert told(a_digest(), [EARLY[0]], undelivered=True) == (
        "1 article is from before: the digest that it was in could not be delivered.",
    )


def test_an_article_that_was_classified_late_needs_no_excuse() -> None:
    assert told(a_digest(), EARLY) == ()


def test_a_failed_digest_long_ago_is_no_longer_told_of() -> None:
    assert told(a_digest(), [a_match(an_article(3), ISLAMIC_STATE)], undelivered=True) == ()


def test_a_digest_that_was_not_delivered_says_on_the_web_what_became_of_it() -> None:
    assert told(replace(a_digest(), given_back=4)) == (
        "This digest was not delivered: what it had came, or comes, with a later one.",
    )


def test_one_missed_digest_is_one() -> None:
    assert told(a_digest(END - timedelta(hours=40)))[0].startswith("This digest covers 40 hours: 1 more was due in")

"""What becomes of a match on a channel: each rule, with the reason that a reader sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.alerts import Burst, Candidate, Flood, Measure, Past, Pulse, Source, Told, Verdict, decide
from tocsin.models.alerts import Decision, Rule
from tocsin.models.ids import DevelopmentId, FeedId, StoryId, WatchId
from tocsin.models.stories import Join
from tocsin.models.watchlist import AlertRule, AlertWhen, Channel, ChannelKind, QuietHours, Rate

NOW = datetime(2017, 9, 6, 14, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FIRST, SECOND = DevelopmentId(11), DevelopmentId(12)
ARTICLE = Candidate(
    watch=WatchId("syria"),
    feed_id=FeedId(1),
    outlet="DW",
    story=StoryId(1),
    development=FIRST,
    number=1,
    opened_at=NOW - 2 * HOUR,
    join=Join.SAME_EVENT,
    published_at=NOW - 20 * MINUTE,
    first_seen_at=NOW - 5 * MINUTE,
)
LATER = replace(
    ARTICLE, development=SECOND, number=2, opened_at=NOW, join=Join.DEVELOPMENT, news=("new place: Palmyra",)
)
RULE = AlertRule(to=("desk",))
DESK = Channel("desk", ChannelKind.APPRISE, "DESK_URL", timezone="Europe/Berlin")
TOLD = Past(told=(Told(FIRST, NOW - 28 * MINUTE),))
BURST = Burst(NOW - HOUR, NOW - HOUR, Measure.REPORTS, 3 * HOUR, 12, 1.5, 5)


def test_the_first_match_of_a_story_rings() -> None:
    verdict = decide(ARTICLE, RULE, DESK, Past(), NOW)
    assert verdict == Verdict(Decision.RING, Rule.NEW_STORY, "a story new to this watch")


def test_a_story_that_was_told_does_not_ring_again_without_a_new_development() -> None:
    verdict = decide(ARTICLE, RULE, DESK, TOLD, NOW)
    assert verdict == Verdict(Decision.SUPPRESS, Rule.TOLD, "told at 14:02 UTC, no new development since")


def test_a_story_that_waits_in_a_bundle_counts_as_told() -> None:
    waiting = Past(told=(Told(FIRST, NOW - 28 * MINUTE, NOW + HOUR),))
    verdict = decide(ARTICLE, RULE, DESK, waiting, NOW)
    assert verdict == Verdict(
        Decision.SUPPRESS, Rule.TOLD, "waiting in a bundle since 14:02 UTC, no new development since"
    )
    wider = decide(ARTICLE, replace(RULE, outlets=1), DESK, replace(waiting, outlets_at=(NOW,)), NOW)
    assert wider.reason == "1 further outlet while the story waits in a bundle, since 14:02 UTC"


def test_a_clock_that_was_ahead_and_was_set_right_silences_no_development() -> None:
    ahead = Past(told=(Told(FIRST, NOW + 365 * DAY),))
    assert decide(LATER, RULE, DESK, ahead, NOW).rule is Rule.DEVELOPMENT


def test_a_development_that_is_new_since_the_last_alert_rings_and_says_what_is_new() -> None:
    verdict = decide(LATER, RULE, DESK, TOLD, NOW)
    assert verdict == Verdict(
        Decision.RING,
        Rule.DEVELOPMENT,
        "development 2 of the story (new place: Palmyra); the last was told at 14:02 UTC",
    )


def test_a_development_is_told_once() -> None:
    past = Past(told=(*TOLD.told, Told(SECOND, NOW - MINUTE)))
    verdict = decide(replace(LATER, opened_at=NOW - 2 * MINUTE), RULE, DESK, past, NOW)
    assert (verdict.decision, verdict.rule) == (Decision.SUPPRESS, Rule.TOLD)


def test_a_development_older_than_what_was_told_is_no_news() -> None:
    verdict = decide(replace(LATER, opened_at=NOW - DAY), RULE, DESK, TOLD, NOW)
    assert verdict == Verdict(Decision.SUPPRESS, Rule.TOLD, "told at 14:02 UTC, development 2 is older than that")


def test_further_outlets_ring_once_more_where_the_watch_asks_for_it() -> None:
    rule = replace(RULE, outlets=3)
    before = [NOW - 40 * MINUTE, NOW - 29 * MINUTE]
    two = replace(TOLD, outlets_at=(*before, NOW - 10 * MINUTE, NOW))
    three = replace(TOLD, outlets_at=(*before, NOW - 10 * MINUTE, NOW - MINUTE, NOW))
    assert decide(ARTICLE, rule, DESK, two, NOW) == Verdict(
        Decision.SUPPRESS,
        Rule.TOLD,
        "told at 14:02 UTC, no new development since, 2 of 3 further outlets",
    )
    assert decide(ARTICLE, rule, DESK, three, NOW) == Verdict(
        Decision.RING, Rule.OUTLETS, "3 further outlets since the story was told at 14:02 UTC"
    )
    assert decide(ARTICLE, RULE, DESK, three, NOW).decision is Decision.SUPPRESS


@pytest.mark.parametrize(
    ("candidate", "rule", "reason"),
    [
        pytest.param(
            replace(ARTICLE, backlog=True, published_at=NOW - DAY),
            Rule.BACKLOG,
            "published on Tue 5 Sep, 14:30 UTC, older than news when its feed was first read",
            id="backlog",
        ),
        pytest.param(
            replace(ARTICLE, quiet=True, revision=2),
            Rule.BACKLOG,
            "the feed changed most of its entries at once; what that adds is not told",
            id="quiet-revision",
        ),
        pytest.param(
            replace(ARTICLE, revision=2, published_at=NOW - 3 * DAY, first_seen_at=NOW - 2 * DAY),
            Rule.EDITED,
            "an edit of an old article: published on Sun 3 Sep, 14:30 UTC, known since Mon 4 Sep, 14:30 UTC",
            id="edited",
        ),
        pytest.param(
            replace(ARTICLE, join=Join.SAME_ARTICLE, published_at=NOW - 3 * DAY),
            Rule.SAME_ARTICLE,
            "an article that is known already, published again (this copy published on Sun 3 Sep, 14:30 UTC)",
            id="same-article-old",
        ),
    ],
)
def test_what_is_no_news_never_rings_though_the_story_is_new_to_the_watch(
    candidate: Candidate, rule: Rule, reason: str
) -> None:
    assert decide(candidate, RULE, DESK, Past(), NOW) == Verdict(Decision.SUPPRESS, rule, reason)


def test_the_edit_of_an_article_of_today_is_news() -> None:
    assert decide(replace(ARTICLE, revision=2), RULE, DESK, Past(), NOW).decision is Decision.RING


def test_an_old_article_that_is_seen_first_today_is_news() -> None:
    late = replace(ARTICLE, published_at=NOW - 3 * DAY)
    assert decide(late, RULE, DESK, Past(), NOW).decision is Decision.RING


def test_the_same_article_again_does_not_ring_where_the_story_was_told() -> None:
    again = replace(ARTICLE, join=Join.SAME_ARTICLE)
    verdict = decide(again, replace(RULE, outlets=1), DESK, replace(TOLD, outlets_at=(NOW,)), NOW)
    assert verdict == Verdict(
        Decision.SUPPRESS,
        Rule.SAME_ARTICLE,
        "an article that is known already, published again (this copy published at 14:10 UTC)",
    )


def test_the_same_article_again_rings_where_only_its_new_words_meet_the_watch() -> None:
    again = replace(ARTICLE, join=Join.SAME_ARTICLE)
    assert decide(again, RULE, DESK, Past(), NOW).decision is Decision.RING


def test_a_muted_story_does_not_ring_for_a_development_either() -> None:
    verdict = decide(LATER, RULE, DESK, replace(TOLD, muted_at=NOW - MINUTE), NOW)
    assert verdict == Verdict(Decision.SUPPRESS, Rule.MUTED, "the story was muted at 14:29 UTC")


def test_beyond_the_limit_of_a_watch_an_alert_waits_until_one_more_message_fits() -> None:
    rule = replace(RULE, at_most=Rate(3, HOUR))
    past = Past(watch_sent=(NOW - 50 * MINUTE, NOW - 20 * MINUTE, NOW - 5 * MINUTE, NOW - 3 * HOUR))
    assert decide(ARTICLE, rule, DESK, past, NOW) == Verdict(
        Decision.BUNDLE,
        Rule.AT_MOST,
        "a story new to this watch; at most 3 messages an hour of this watch: that many since 13:40 UTC, "
        "bundled until 14:40 UTC",
        NOW + 10 * MINUTE,
    )
    assert decide(ARTICLE, rule, DESK, replace(past, watch_sent=past.watch_sent[:2]), NOW).decision is Decision.RING


def test_a_message_counts_for_the_limit_no_longer_than_its_period() -> None:
    rule = replace(RULE, at_most=Rate(1, HOUR))
    assert decide(ARTICLE, rule, DESK, Past(watch_sent=(NOW - HOUR,)), NOW).decision is Decision.RING
    almost = NOW - HOUR + timedelta(microseconds=1)
    assert decide(ARTICLE, rule, DESK, Past(watch_sent=(almost,)), NOW).decision is Decision.BUNDLE


def test_the_limit_of_a_channel_counts_all_its_messages() -> None:
    channel = replace(DESK, at_most=Rate(1, 30 * MINUTE))
    verdict = decide(ARTICLE, RULE, channel, Past(channel_sent=(NOW - 10 * MINUTE,)), NOW)
    assert verdict == Verdict(
        Decision.BUNDLE,
        Rule.CHANNEL_LIMIT,
        "a story new to this watch; at most 1 message in 30 minutes to desk: that many since 14:20 UTC, "
        "bundled until 14:50 UTC",
        NOW + 20 * MINUTE,
    )


def test_quiet_hours_hold_until_they_end_in_the_zone_of_the_channel() -> None:
    channel = replace(DESK, quiet_hours=QuietHours("16:00", "18:30"))
    assert decide(ARTICLE, RULE, channel, Past(), NOW) == Verdict(
        Decision.BUNDLE,
        Rule.QUIET_HOURS,
        "a story new to this watch; quiet hours of desk: 16:00-18:30 Europe/Berlin",
        NOW + 2 * HOUR,
    )


def test_a_limit_that_ends_within_quiet_hours_waits_for_their_end() -> None:
    channel = replace(DESK, quiet_hours=QuietHours("16:35", "18:30"), at_most=Rate(1, HOUR))
    verdict = decide(ARTICLE, RULE, channel, Past(channel_sent=(NOW - 50 * MINUTE,)), NOW)
    assert (verdict.rule, verdict.due_at) == (Rule.QUIET_HOURS, NOW + 2 * HOUR)


def test_of_several_limits_the_last_to_open_holds() -> None:
    rule, channel = replace(RULE, at_most=Rate(1, HOUR)), replace(DESK, at_most=Rate(1, HOUR))
    past = Past(watch_sent=(NOW - 40 * MINUTE,), channel_sent=(NOW - 40 * MINUTE, NOW - 30 * MINUTE))
    verdict = decide(ARTICLE, rule, channel, past, NOW)
    assert (verdict.rule, verdict.due_at) == (Rule.CHANNEL_LIMIT, NOW + 30 * MINUTE)


def test_in_a_flood_alerts_are_bundled_by_the_hour() -> None:
    flood = Flood(Source.FEED, "Agency", NOW - 10 * MINUTE, 300, 2.0, "")
    assert decide(ARTICLE, RULE, DESK, Past(flood=flood), NOW) == Verdict(
        Decision.BUNDLE,
        Rule.FLOOD,
        "a story new to this watch; the feed Agency has been flooding since 14:20 UTC, bundled until 15:00 UTC",
        NOW + 30 * MINUTE,
    )


def test_what_comes_while_a_bundle_is_about_to_leave_goes_with_it() -> None:
    verdict = decide(ARTICLE, RULE, DESK, Past(waiting_from=NOW - MINUTE), NOW)
    assert verdict == Verdict(
        Decision.BUNDLE, Rule.NEW_STORY, "a story new to this watch; with the others that leave now", NOW
    )
    assert decide(ARTICLE, RULE, DESK, Past(waiting_from=NOW + MINUTE), NOW).decision is Decision.RING


BURSTS = replace(RULE, when=AlertWhen.BURST)


def test_a_watch_for_bursts_is_silent_outside_one_and_says_the_figures() -> None:
    pulse = Pulse(Measure.STORIES, 6 * HOUR, 3, 2.14, 2, 0.4)
    assert decide(ARTICLE, BURSTS, DESK, Past(pulse=pulse), NOW) == Verdict(
        Decision.SUPPRESS, Rule.NO_BURST, "no burst: 3 stories in 6 hours, 2.1 usual, by 2 outlets"
    )


def test_a_burst_rings_with_its_figures_though_its_story_was_told() -> None:
    assert decide(ARTICLE, BURSTS, DESK, replace(TOLD, burst=BURST), NOW) == Verdict(
        Decision.RING, Rule.BURST, "a burst: 12 reports in 3 hours, 1.5 usual, by 5 outlets"
    )


def test_a_burst_is_told_once_and_again_when_it_was_called_again() -> None:
    told = Past(burst=BURST, burst_told_at=BURST.called_at)
    assert decide(ARTICLE, BURSTS, DESK, told, NOW) == Verdict(
        Decision.SUPPRESS,
        Rule.TOLD,
        "the burst was told at 13:30 UTC, with 12 reports in 3 hours, 1.5 usual; it has not grown to a multiple since",
    )
    grown = replace(told, burst=replace(BURST, called_at=NOW, found=40))
    assert decide(ARTICLE, BURSTS, DESK, grown, NOW).decision is Decision.RING


def test_a_burst_waits_for_the_end_of_quiet_hours_too() -> None:
    channel = replace(DESK, quiet_hours=QuietHours("16:00", "18:30"))
    verdict = decide(ARTICLE, BURSTS, channel, Past(burst=BURST), NOW)
    assert (verdict.decision, verdict.rule) == (Decision.BUNDLE, Rule.QUIET_HOURS)

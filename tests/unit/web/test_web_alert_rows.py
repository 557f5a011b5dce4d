from __future__ import annotations

from datetime import timedelta

import pytest

from records import NOW
from tocsin.models.alerts import Alert, Decision, Rule
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import AlertId, ArticleId, DeliveryId, DevelopmentId, MatchId, StoryId, WatchId
from tocsin.store.alert_log import LoggedAlert
from tocsin_web.alert_rows import alert_row

DUE, SENT = NOW + timedelta(hours=9), NOW + timedelta(minutes=1)


def logged(decision: Decision, state: DeliveryState | None = None) -> LoggedAlert:
    delivery = DeliveryId(9) if state else None
    where = (MatchId(2), WatchId("euro"), "desk", StoryId(3), DevelopmentId(4))
    due_at = DUE if decision is Decision.BUNDLE else None
    alert = Alert(AlertId(1), *where, decision, Rule.NEW_STORY, "why", NOW, due_at, delivery)
    sent_at = SENT if state is DeliveryState.SENT else None
    return LoggedAlert(alert, ArticleId(5), state, sent_at)


@pytest.mark.parametrize(
    ("found", "outcome", "state", "at"),
    [
        (logged(Decision.RING, DeliveryState.PENDING), "on its way", "waiting", NOW),
        (logged(Decision.RING, DeliveryState.SENT), "told", "well", SENT),
        (logged(Decision.RING, DeliveryState.FAILED), "could not be delivered", "failing", NOW),
        (logged(Decision.RING, DeliveryState.DROPPED), "not sent, since nothing was left to tell", "", NOW),
        (logged(Decision.BUNDLE), "waits to be told with others", "waiting", DUE),
        (logged(Decision.BUNDLE, DeliveryState.PENDING), "on its way", "waiting", NOW),
        (logged(Decision.BUNDLE, DeliveryState.SENT), "told with others", "well", SENT),
        (logged(Decision.SUPPRESS), "not told", "", NOW),
    ],
    ids=["pending", "sent", "failed", "dropped", "waits", "bundle pending", "bundle sent", "suppressed"],
)
def test_what_became_of_an_alert_is_said_with_the_time_that_matters(
    found: LoggedAlert, outcome: str, state: str, at: object
) -> None:
    row = alert_row(found, {WatchId("euro"): "The euro"})
    assert (row.watch, row.channel, row.outcome, row.state, row.at, row.reason) == (
        "The euro",
        "desk",
        outcome,
        state,
        at,
        "why",
    )
    assert row.is_told is (outcome != "not told")


def test_a_watch_that_is_gone_goes_by_its_id() -> None:
    assert alert_row(logged(Decision.RING), {}).watch == "euro"

"""Decisions on alerts as pages show them: what became of each, and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tocsin.models.alerts import Decision
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import ArticleId, WatchId
from tocsin.rendering.clean import one_line
from tocsin.store.alert_log import LoggedAlert
from tocsin_web.addresses import without_addresses

_REASON_LIMIT = 300
_NAME_LIMIT = 80

_OUTCOMES = {
    DeliveryState.PENDING: ("on its way", "waiting"),
    DeliveryState.SENT: ("told", "well"),
    DeliveryState.FAILED: ("could not be delivered", "failing"),
    DeliveryState.DROPPED: ("not sent, since nothing was left to tell", ""),
}


@dataclass(frozen=True, slots=True)
class AlertRow:
    """What one channel was told of one match. ``outcome`` says it in words, ``state`` is its class in the style sheet.

    ``at`` is when it was told, else when it may be at the earliest, else when it was decided. ``is_told`` is False for
    what was suppressed.
    """

    article: ArticleId
    watch: str
    channel: str
    outcome: str
    state: str
    at: datetime
    reason: str
    is_told: bool


def alert_row(logged: LoggedAlert, titles: Mapping[WatchId, str]) -> AlertRow:
    """Turn a decision into a row; a watch that was removed since goes by its id."""
    alert = logged.alert
    outcome, state = _outcome(logged)
    return AlertRow(
        article=logged.article_id,
        watch=titles.get(alert.watch) or one_line(alert.watch, _NAME_LIMIT),
        channel=one_line(without_addresses(alert.channel), _NAME_LIMIT),
        outcome=outcome,
        state=state,
        at=_at(logged),
        reason=one_line(alert.reason, _REASON_LIMIT),
        is_told=alert.decision is not Decision.SUPPRESS,
    )


def _outcome(logged: LoggedAlert) -> tuple[str, str]:
    if logged.alert.decision is Decision.SUPPRESS:
        return "not told", ""
    if logged.state is None:
        return "waits to be told with others", "waiting"
    words, state = _OUTCOMES[logged.state]
    in_bundle = logged.alert.decision is Decision.BUNDLE and logged.state is DeliveryState.SENT
    return (f"{words} with others" if in_bundle else words), state


def _at(logged: LoggedAlert) -> datetime:
    alert = logged.alert
    waits_until = alert.due_at if logged.state is None and alert.decision is Decision.BUNDLE else None
    return logged.sent_at or waits_until or alert.decided_at

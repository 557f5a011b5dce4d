"""The page ``/deliveries``: how the messages of the ledger stand, and what became of those that did not get through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from tocsin.models.alerts import Notice
from tocsin.models.deliveries import Delivery, DeliveryState
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import ChannelKind
from tocsin.rendering.clean import one_line
from tocsin.rendering.story import TITLE_LIMIT
from tocsin.store.alert_log import ToldHeadline, headlines_of_deliveries
from tocsin.store.alerts import count_suppressed
from tocsin.store.bundles import waiting_bundles
from tocsin.store.deliveries import count_deliveries, list_deliveries
from tocsin.store.notices import open_notices
from tocsin.text.language import is_right_to_left
from tocsin_web.addresses import recipient, without_addresses
from tocsin_web.answers import Site

LISTED = 50
SUPPRESSED_SINCE = timedelta(days=1)
"""What was not told is counted since so long ago."""

_PROBLEM_LIMIT = 400
_RECIPIENT_LIMIT = 120

_REMEDIES = {
    ChannelKind.MAIL: "Check the address in the watchlist and the mail server of SMTP_URL; `tocsin doctor` tries it.",
    ChannelKind.APPRISE: "Check the channel's address in the environment variable that the watchlist names.",
    ChannelKind.WEBHOOK: (
        "Check the channel's address and secret in the environment variables that the watchlist names, and the server "
        "there; `tocsin channels test` tries it."
    ),
}


@dataclass(frozen=True, slots=True)
class ToldRow:
    """What an alert message tells: its first headline, the path of its story, and how many alerts it tells besides."""

    title: str
    path: str
    direction: str
    more: int


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A message in a table; ``to`` is shortened, ``told`` None for what is no alert, ``next_at`` None where nothing
    more will be tried.
    """

    id: DeliveryId
    kind: str
    to: str
    told: ToldRow | None
    created_at: datetime
    attempts: int
    problem: str
    remedy: str
    next_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice that is open."""

    what: str
    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class DeliveryPages:
    """The endpoint of the page."""

    site: Site

    def deliveries(self, request: Request) -> Response:  # noqa: ARG002 -- Starlette's signature
        """Show the ledger: counts a state, what the operator should know, then what failed, waits, was sent and was
        dropped last; and what was not told at all, by rule.
        """
        with self.site.house.database.read() as connection:
            counts = count_deliveries(connection)
            found = {state: list_deliveries(connection, state, limit=LISTED) for state in DeliveryState}
            told = headlines_of_deliveries(connection, [one.id for listed in found.values() for one in listed])
            notices, bundles = open_notices(connection), waiting_bundles(connection)
            suppressed = count_suppressed(connection, self.site.house.now() - SUPPRESSED_SINCE)
        return self.site.page(
            "web/deliveries.html",
            counts={state.value: number for state, number in counts.items()},
            rows={
                state.value: tuple(delivery_row(one, told.get(one.id), self.site.house.root) for one in listed)
                for state, listed in found.items()
            },
            limit=LISTED,
            notices=tuple(map(notice_row, notices)),
            bundles=bundles,
            suppressed=tuple((rule.value, number) for rule, number in suppressed.items()),
        )


def delivery_row(delivery: Delivery, told: ToldHeadline | None, root: str) -> DeliveryRow:
    """Turn a row of the ledger into a row of a page; nothing in it tells an address in full."""
    pending, dropped = (delivery.state is state for state in (DeliveryState.PENDING, DeliveryState.DROPPED))
    return DeliveryRow(
        id=delivery.id,
        kind=delivery.kind.value.capitalize(),
        to=one_line(recipient(delivery), _RECIPIENT_LIMIT),
        told=None if told is None else _told_row(told, root),
        created_at=delivery.created_at,
        attempts=delivery.attempts,
        problem=one_line(without_addresses(delivery.problem or ""), _PROBLEM_LIMIT),
        remedy=_REMEDIES[delivery.channel] if delivery.problem and not dropped else "",
        next_at=delivery.next_attempt_at if pending else None,
        sent_at=delivery.sent_at,
    )


def _told_row(told: ToldHeadline, root: str) -> ToldRow:
    title = one_line(told.title, TITLE_LIMIT) or "an article without a headline"
    direction = "rtl" if is_right_to_left(title) else "ltr"
    return ToldRow(title, f"{root}/stories/{told.story_id}", direction, told.alerts - 1)


def notice_row(notice: Notice) -> NoticeRow:
    """Turn a notice into a row of a page; no address in it is told in full."""
    text = one_line(without_addresses(notice.text), _PROBLEM_LIMIT)
    return NoticeRow(notice.kind.value.capitalize(), text, notice.opened_at)

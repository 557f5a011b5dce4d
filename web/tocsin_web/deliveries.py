"""The page ``/deliveries``: how the messages of the ledger stand, and what became of those that did not get through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from tocsin.models.deliveries import Delivery, DeliveryState
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import ChannelKind
from tocsin.rendering.clean import one_line
from tocsin.store.deliveries import count_deliveries, list_deliveries
from tocsin_web.addresses import recipient, without_addresses
from tocsin_web.answers import Site

LISTED = 50
_PROBLEM_LIMIT = 400
_RECIPIENT_LIMIT = 120

_REMEDIES = {
    ChannelKind.MAIL: "Check the address in the watchlist and the mail server of SMTP_URL; `tocsin doctor` tries it.",
    ChannelKind.APPRISE: "Check the channel's address in the environment variable that the watchlist names.",
}


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A message in a table; ``to`` is shortened, ``next_at`` None where nothing more will be tried."""

    id: DeliveryId
    kind: str
    to: str
    created_at: datetime
    attempts: int
    problem: str
    remedy: str
    next_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryPages:
    """The endpoint of the page."""

    site: Site

    def deliveries(self, request: Request) -> Response:  # noqa: ARG002 -- Starlette's signature
        """Show the ledger: counts a state, then what failed, waits, was sent and was dropped last."""
        with self.site.house.database.read() as connection:
            counts = count_deliveries(connection)
            found = {state: list_deliveries(connection, state, limit=LISTED) for state in DeliveryState}
        rows = {state.value: tuple(map(delivery_row, listed)) for state, listed in found.items()}
        counted = {state.value: number for state, number in counts.items()}
        return self.site.page("web/deliveries.html", counts=counted, rows=rows, limit=LISTED)


def delivery_row(delivery: Delivery) -> DeliveryRow:
    """Turn a row of the ledger into a row of a page; nothing in it tells an address in full."""
    pending, dropped = (delivery.state is state for state in (DeliveryState.PENDING, DeliveryState.DROPPED))
    return DeliveryRow(
        id=delivery.id,
        kind=delivery.kind.value.capitalize(),
        to=one_line(recipient(delivery), _RECIPIENT_LIMIT),
        created_at=delivery.created_at,
        attempts=delivery.attempts,
        problem=one_line(without_addresses(delivery.problem or ""), _PROBLEM_LIMIT),
        remedy=_REMEDIES[delivery.channel] if delivery.problem and not dropped else "",
        next_at=delivery.next_attempt_at if pending else None,
        sent_at=delivery.sent_at,
    )

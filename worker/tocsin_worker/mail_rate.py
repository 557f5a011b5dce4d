"""How many messages a domain gets: counted for all mailers together, so that no provider takes the house for a spammer.

All mail counts; digests alone wait. Alerts and confirmations are few, and somebody waits for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tocsin.models.deliveries import Delivery
from tocsin.models.watchlist import ChannelKind, Rate
from tocsin.store.lanes import domain_of
from tocsin.throttle import Allowance, Throttle

SHARE = 10
"""A domain that had its share waits for a tenth of the rate's time at least, so that many messages and not one go at
its end: all that wait are put off together.
"""


@dataclass(frozen=True, slots=True)
class MailRate:
    """Counts messages by the domain of their addressee."""

    throttle: Throttle
    rate: Rate

    def crowded(self, delivery: Delivery) -> timedelta | None:
        """Count a message; None where it may go, else how long its domain should get nothing that can wait."""
        if delivery.channel is not ChannelKind.MAIL:
            return None
        wait = self.throttle.take([Allowance(self.rate, domain_of(delivery.target))])
        return None if wait is None else max(wait, self.rate.per / SHARE)

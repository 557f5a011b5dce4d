"""How often mail may be asked for by those whom nobody knows: sign-ups, and fresh links to a subscription."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tocsin.models.watchlist import Rate
from tocsin.throttle import Allowance, Throttle

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

OF_ADDRESS = (Rate(1, _DAY),)
OF_MAILBOX = (Rate(3, _DAY),)
"""For all spellings of an address that reach one mailbox."""
OF_CLIENT = (Rate(20, _HOUR), Rate(60, _DAY))
OF_ALL = (Rate(600, _HOUR),)

_DOTLESS = {"gmail.com", "googlemail.com"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """No mail now. ``is_of_address`` says that one went to the address not long ago: whoever it belongs to has it, so
    that the answer may be the same as to one that is granted; else too many were asked for from one place, or by all.
    """

    wait: timedelta
    is_of_address: bool


@dataclass(frozen=True, slots=True)
class SignupLimits:
    """Counts in Redis under keyed hashes: no address of anybody stands there."""

    throttle: Throttle
    secret: bytes = field(repr=False)

    def ask(self, email: str, client: str) -> Refusal | None:
        """Take one mail to ``email``, asked for from the network ``client``; None if it is granted.

        The answer hangs on what was asked before, never on whether the address subscribes.
        """
        wait = self._take((OF_CLIENT, f"client:{client}"), (OF_ALL, "all"))
        if wait is not None:
            return Refusal(wait, is_of_address=False)
        wait = self._take(*_of_address(email))
        return None if wait is None else Refusal(wait, is_of_address=True)

    def forget(self, email: str) -> None:
        """Forget what was granted to ``email``, since no mail came of it; who asked for it counts as before."""
        self.throttle.forget(self._allowances(*_of_address(email)))

    def _take(self, *whose: tuple[Sequence[Rate], str]) -> timedelta | None:
        return self.throttle.take(self._allowances(*whose))

    def _allowances(self, *whose: tuple[Sequence[Rate], str]) -> list[Allowance]:
        return [Allowance(rate, self._hidden(key)) for rates, key in whose for rate in rates]

    def _hidden(self, key: str) -> str:
        return hmac.new(self.secret, f"signup limits:{key}".encode(errors="replace"), hashlib.sha256).hexdigest()


def _of_address(email: str) -> tuple[tuple[Sequence[Rate], str], ...]:
    address = email.lower()
    return (OF_ADDRESS, f"address:{address}"), (OF_MAILBOX, f"mailbox:{mailbox_of(address)}")


def mailbox_of(email: str) -> str:
    """Give one spelling for all addresses that most likely reach one mailbox.

    >>> mailbox_of("Zo.e+news@googlemail.com"), mailbox_of("zo.e+x@example.org")
    ('zoe@gmail.com', 'zo.e@example.org')
    """
    local, _, domain = email.lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in _DOTLESS:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"

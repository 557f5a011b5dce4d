"""The robots.txt of the sites that pages are read from, asked for once a day and kept in this process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tocsin.feeds.limits import Limits
from tocsin.feeds.pages.robots import Robots, origin_of, read_robots
from tocsin_worker.gets import Gets

DAY: Final = 24 * 3600.0
"""The standard wants no older copy to be used (RFC 9309 2.4)."""

SOON: Final = 5 * 60.0
"""So long a site whose rules cannot be read is believed to be still so."""

ORIGINS: Final = 1000
_LIMITS: Final = Limits(seconds=20.0, wire=1_000_000, inflated=1_000_000)


@dataclass(slots=True)
class RobotsShelf:
    """Keeps the rules of the last ``ORIGINS`` sites; ``clock`` counts seconds."""

    fetcher: Gets
    clock: Callable[[], float] = time.monotonic
    _kept: OrderedDict[str, tuple[Robots | str, float]] = field(default_factory=OrderedDict)

    async def rules(self, url: str) -> Robots | str:
        """Give the rules that hold for an address; words where they cannot be read for now."""
        origin = origin_of(url)
        rules, until = self._kept.get(origin, ("", float("-inf")))
        if self.clock() < until:
            self._kept.move_to_end(origin)
            return rules
        answer = await self.fetcher.get(f"{origin}/robots.txt", accept="text/plain, */*;q=0.1", limits=_LIMITS)
        rules = read_robots(answer)
        self._keep(origin, rules)
        return rules

    def _keep(self, origin: str, rules: Robots | str) -> None:
        self._kept[origin] = rules, self.clock() + (SOON if isinstance(rules, str) else DAY)
        self._kept.move_to_end(origin)
        if len(self._kept) > ORIGINS:
            self._kept.popitem(last=False)

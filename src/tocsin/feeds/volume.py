"""How much a feed publishes, and whether it has become so little that chance cannot be the reason. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma, log, log1p
from statistics import fmean, pvariance

from tocsin.models.health import Volume

_LEAST_EARLIER = 14
_CHANCE = 1e-4


def usual_per_day(volume: Volume) -> float | None:
    """Give how many articles a day are usual, by the weeks before the last; None where those are less than two."""
    return fmean(volume.earlier) if len(volume.earlier) >= _LEAST_EARLIER else None


def has_fallen(volume: Volume) -> bool:
    """Tell whether the last week brought less than half of what is usual, and so little that it cannot be chance.

    Given the sum of both, the share of the last week is binomial if nothing changed (the exact conditional test of two
    Poisson rates: Przyborowski and Wilenski, Biometrika 31, 1940). Articles come in bursts, so counts are first divided
    by how much more the days vary than a Poisson variable would, weekday by weekday.
    """
    usual = usual_per_day(volume)
    if usual is None or volume.week >= usual * 7 / 2:
        return False
    burst = _dispersion(volume.earlier)
    last, before = round(volume.week / burst), round(sum(volume.earlier) / burst)
    return _binomial_below(last, last + before, 7 / len(volume.days)) < _CHANCE


def _dispersion(days: Sequence[int]) -> float:
    """Give variance over mean of the days, each compared with its own weekday; at least 1, which is Poisson's."""
    weekdays = [days[start::7] for start in range(7)]
    mean = fmean(days)
    if mean == 0:
        return 1.0
    # Of a few values the variance about their own mean is too small by (n - 1) / n.
    within = sum(pvariance(same) * len(same) for same in weekdays)
    freedom = sum(len(same) - 1 for same in weekdays)
    return max(1.0, within / freedom / mean)


def _binomial_below(most: int, trials: int, share: float) -> float:
    """Give the probability of at most ``most`` successes."""
    # In logarithms: of a few thousand articles the ways to choose are more than a float can hold.
    ways = lgamma(trials + 1)
    return sum(
        exp(ways - lgamma(hits + 1) - lgamma(trials - hits + 1) + hits * log(share) + (trials - hits) * log1p(-share))
        for hits in range(most + 1)
    )

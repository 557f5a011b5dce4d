"""Probabilities of counts that vary more than a Poisson variable. Pure."""

from __future__ import annotations

from math import exp, lgamma, log, log1p

_NEGLIGIBLE = 1e-12
_TOO_SMALL = -700.0  # logarithms of what a float cannot hold


def chance_of(found: int, mean: float, variance: float) -> float:
    """Give the probability of at least ``found`` where the mean is expected, with this variance.

    Negative binomial with these two moments; Poisson where the variance is no larger than the mean.

    >>> round(chance_of(2, 1.0, 1.0), 4), chance_of(0, 1.0, 3.0)
    (0.2642, 1.0)
    """
    if found <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    log_term, step = _poisson(found, mean) if variance <= mean * (1 + 1e-9) else _negative(found, mean, variance)
    if log_term < _TOO_SMALL:
        return 1.0 if found < mean else 0.0
    return min(1.0, _tail(log_term, step, found, mean))


def _poisson(found: int, mean: float) -> tuple[float, tuple[float, float]]:
    return found * log(mean) - mean - lgamma(found + 1), (mean, 0.0)


def _negative(found: int, mean: float, variance: float) -> tuple[float, tuple[float, float]]:
    size = mean * mean / (variance - mean)
    share = mean / (mean + size)
    ways = lgamma(found + size) - lgamma(size) - lgamma(found + 1)
    return ways + size * log1p(-share) + found * log(share), (share * size, share)


def _tail(log_term: float, step: tuple[float, float], found: int, mean: float) -> float:
    """Sum the terms from ``found`` on: each is the last times (constant + slope * number) / (number + 1)."""
    constant, slope = step
    term = total = exp(log_term)
    number = found
    while term > _NEGLIGIBLE * total or number < mean:
        term *= (constant + slope * number) / (number + 1)
        total += term
        number += 1
    return total

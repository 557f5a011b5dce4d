"""Every number that decides what an article is about, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resolution:
    """How a name finds its place among those that bear it.

    ``population`` is the exponent of the inhabitants in the prior of a bearer; countries and provinces count as having
    ten to the power of ``smallest_country`` and ``smallest_province`` at least. A country with more votes of other
    names pulls with the power ``coherence``; ``apart`` is what one without any has. ``home`` is the feed's vote in
    names, ``province`` the factor of a city whose province is named, ``support`` the votes that make a weak name a
    place; one of a place with ``large`` population needs none, or
    with ``famous`` population if it is also a given name, or ``compound`` if it has several words.
    A small city is far-fetched where no other name points, while ``elsewhere`` votes go to another country.
    A province is taken for its city of the same name if that has ``share_of_province`` of its people.
    """

    population: float = 0.7
    smallest_country: float = 7.0
    smallest_province: float = 5.5
    coherence: float = 2.0
    apart: float = 0.2
    home: float = 1.5
    province: float = 20.0
    support: float = 0.9
    large: int = 500_000
    famous: int = 1_000_000
    compound: int = 100_000
    elsewhere: float = 7.0
    share_of_province: float = 0.1


RESOLUTION = Resolution()


@dataclass(frozen=True, slots=True)
class Inner:
    """What a mention of a province, city or area weighs, and when the article is about it.

    ``lead`` holds for the first ``lead_length`` characters of the text. Of one place only the ``repeats`` heaviest
    mentions count. ``located`` is the factor of "in Homs", ``aside`` that of a dateline or of "Paris-based". A place
    stands out with the weight ``least`` or more that is at least ``share`` of the strongest of its kind, and, for an
    area, of the strongest country.
    """

    title: float = 3.0
    lead: float = 2.0
    body: float = 1.0
    lead_length: int = 300
    repeats: int = 6
    located: float = 1.5
    aside: float = 0.2
    least: float = 1.5
    share: float = 0.6


INNER = Inner()

"""A name found in an article: first at a range of a scan text, then with what stands around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tocsin.models.receipts import Span
from tocsin.regions.cues import Cue
from tocsin.regions.places import Bearer, Name, Role


class Sighting(NamedTuple):
    """A name of the gazetteer at a range of a field's scan text."""

    name: Name
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name in a language: those of its bearers that the language allows, and whether it is weak there.

    ``word``: it is a common word of that language. ``capital``: it counts only with a capital, where capitals mean
    anything; ``abbreviated``: it must stand in capitals or, as a code does, behind a comma. ``priors`` tell for each
    bearer how often the name means it, as weights; ``by_country`` has the largest of them by country.
    """

    name: Name
    bearers: tuple[Bearer, ...]
    weak: bool
    word: bool
    capital: bool
    abbreviated: bool
    priors: tuple[float, ...]
    by_country: Mapping[str, float]


@dataclass(slots=True)
class Sight:
    """A name that is written as one, with those of its bearers that the language allows and what stands around it.

    ``weak`` names need support; ``organisation`` tells that it names a company, a club or a paper.
    """

    candidate: Candidate
    span: Span
    before: Sequence[str]
    after: Sequence[str]
    cue: Cue
    paragraph: int
    weak: bool
    organisation: bool = False

    @property
    def name(self) -> Name:
        """The name."""
        return self.candidate.name

    @property
    def bearers(self) -> tuple[Bearer, ...]:
        """Those that it may mean."""
        return self.candidate.bearers

    @property
    def role(self) -> Role:
        """What the name is to its most likely bearer."""
        return self.bearers[0].role

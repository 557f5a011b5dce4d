"""The regions that a watchlist defines: their ids, what may be named beside them, and circles among them.

Works on the tree, so that these faults are found even where others stand beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tocsin.config.tree import Node, Position, Scalar, find, members, scalars_in
from tocsin.config.wording import Suggestions, quoted

RegionCheck: TypeAlias = Callable[[str], str | None]
"""Says None of a region that is known, else the fault with its remedy."""

Finding = tuple[Position, str]

_SHOWN = 6
"""Regions of a circle that are named."""


@dataclass(frozen=True, slots=True)
class RegionNames:
    """The regions that a file may name: its own, which come first, and those that ``check`` knows."""

    own: Collection[str]
    check: RegionCheck
    suggestions: Suggestions = field(default_factory=Suggestions)

    def is_own(self, name: str) -> bool:
        """Tell whether the file itself defines a region."""
        return name in self.own

    def problem(self, name: str) -> str | None:
        """Say what is wrong with the name of a region, None for nothing."""
        problem = None if self.is_own(name) else self.check(name)
        near = self.suggestions.alike(name, self.own) if problem and self.own else None
        return f"unknown region {quoted(name)}; did you mean {quoted(near)}?" if near else problem


def ids(root: Node) -> Collection[str]:
    """Give the ids of the file's own regions."""
    return dict(members(find(root, "regions"))).keys()


def findings(root: Node) -> Iterator[Finding]:
    """Find own regions that contain themselves, each circle once, at the name that closes it."""
    inner = _inner(root)
    seen: set[str] = set()
    for first in inner:
        path: dict[str, None] = {}
        region = first
        while region in inner and region not in seen:
            seen.add(region)
            path[region] = None
            following = inner[region]
            region = following.text.strip()
            if region in path:
                yield following.position, _circle([*path], region)


def _circle(path: list[str], region: str) -> str:
    circle = [*path[path.index(region) :], region]
    if len(circle) == 2:  # noqa: PLR2004 - the region and itself
        return f"the region {quoted(region)} contains itself; leave it out"
    shown = circle if len(circle) <= _SHOWN else [*circle[: _SHOWN - 2], "...", region]
    return f"the region {quoted(region)} contains itself: {' contains '.join(shown)}; leave one out"


def _inner(root: Node) -> Mapping[str, Scalar]:
    """Give of each region on a circle, or that leads to one, an own region that it names and that is such a one too."""
    own = ids(root)
    named = {region: _own_names(node, own) for region, node in members(find(root, "regions"))}
    outer: dict[str, list[str]] = {}
    for region, names in named.items():
        for name in names:
            outer.setdefault(name, []).append(region)
    left = {region: len(names) for region, names in named.items()}
    ends = [region for region, count in left.items() if not count]
    for end in ends:
        for region in outer.get(end, ()):
            left[region] -= 1
            if not left[region]:
                ends.append(region)
    return {
        region: next(scalar for name, scalar in names.items() if left[name])
        for region, names in named.items()
        if left[region]
    }


def _own_names(node: Node, own: Collection[str]) -> dict[str, Scalar]:
    return {name: scalar for scalar in scalars_in(node) if (name := scalar.text.strip()) in own}

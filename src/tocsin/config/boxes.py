"""Boxes on the map, as a watchlist writes them: four numbers in degrees.

Each check takes a value as written and gives it checked, or raises ValueError with the fault as the user reads it.
"""

from __future__ import annotations

import re

from tocsin.config.wording import quoted

NUMBER = re.compile(r"[-+]?[0-9]{1,3}(\.[0-9]{1,10})?")
FARTHEST_EAST, FARTHEST_NORTH = 180.0, 90.0
SIDES = ("west", "south", "east", "north")


def four_sides(numbers: object) -> object:
    """Check that a box has as many numbers as sides."""
    if not isinstance(numbers, list) or len(numbers) != len(SIDES):
        raise ValueError(f"a box is four numbers in degrees: {', '.join(SIDES)}; write one such as [42.5, 10, 51, 15]")
    return numbers


def longitude(text: object) -> float:
    """Check the west or east of a box, in degrees."""
    return _degrees(text, "longitude", FARTHEST_EAST, "east of Greenwich, minus for west")


def latitude(text: object) -> float:
    """Check the south or north of a box, in degrees."""
    return _degrees(text, "latitude", FARTHEST_NORTH, "north of the equator, minus for south")


def _degrees(text: object, kind: str, most: float, sense: str) -> float:
    if isinstance(text, str) and NUMBER.fullmatch(text) and -most <= float(text) <= most:
        return float(text)
    raise ValueError(f"{quoted(str(text))} is no {kind}; write degrees from {-most:.0f} to {most:.0f}, {sense}")


def box(sides: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Check that a box has an inside; west greater than east is one across the antimeridian."""
    west, south, east, north = sides
    if south >= north:
        raise ValueError(f"its south, {south:g}, is not below its north, {north:g}; the order is {', '.join(SIDES)}")
    if west == east:
        raise ValueError(f"its west and its east are both {west:g}; the order is {', '.join(SIDES)}")
    return sides

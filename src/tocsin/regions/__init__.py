"""Places: the gazetteer, which of its names in a text are places, and which of these the article is about.

Knows nothing of watches.
"""

from __future__ import annotations

from tocsin.regions.evidence import judge
from tocsin.regions.focus import Focus, Scored, find_focus
from tocsin.regions.gazetteer import Gazetteer, load_gazetteer
from tocsin.regions.locate import Located, Locator, locator_of
from tocsin.regions.mentions import Sighting, recognise
from tocsin.regions.places import Name, Place, PlaceKind

__all__ = [
    "Focus",
    "Gazetteer",
    "Located",
    "Locator",
    "Name",
    "Place",
    "PlaceKind",
    "Scored",
    "Sighting",
    "find_focus",
    "judge",
    "load_gazetteer",
    "locator_of",
    "recognise",
]

"""Places: the gazetteer, which of its names in a text are places, and which of these the article is about.

Of watchlists it knows only the regions that they define.
"""

from __future__ import annotations

from tocsin.regions.atlas import Atlas, UnknownPlaceError
from tocsin.regions.evidence import judge
from tocsin.regions.focus import Focus, Scored, find_focus
from tocsin.regions.gazetteer import Gazetteer, load_gazetteer
from tocsin.regions.locate import Located, Locator, locator_of
from tocsin.regions.mentions import recognise
from tocsin.regions.places import Bearer, Name, Place, PlaceKind, Role
from tocsin.regions.sight import Sighting

__all__ = [
    "Atlas",
    "Bearer",
    "Focus",
    "Gazetteer",
    "Located",
    "Locator",
    "Name",
    "Place",
    "PlaceKind",
    "Role",
    "Scored",
    "Sighting",
    "UnknownPlaceError",
    "find_focus",
    "judge",
    "load_gazetteer",
    "locator_of",
    "recognise",
]

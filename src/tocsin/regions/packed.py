"""The packed form of a gazetteer: places and names as columns, so that 300,000 names are read without 300,000 objects.

The file is an LZMA stream of one line of JSON, which tells the length in bytes of each section that follows, and the
sections: texts of lines parted by line feeds, and arrays of little-endian numbers.
"""

from __future__ import annotations

import json
import lzma
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from tocsin.models.ids import PlaceId
from tocsin.regions.places import Bearer, Name, Place, PlaceKind, Role

_KINDS = tuple(PlaceKind)
_ROLES = tuple(Role)
_NOWHERE = 32_767
"""Stands for a coordinate that is not known; the others are hundredths of a degree, about a kilometre."""

_TEXTS = ("ids", "usual", "folded")
_ARRAYS = {
    "countries": "H", "provinces": "H", "populations": "I", "latitudes": "h", "longitudes": "h", "bearers": "I",
    "manners": "H", "weak": "H",
}  # fmt: skip


@dataclass(frozen=True)
class Packed:
    """The columns. A name of index ``i`` has the bearers ``starts[i]`` to ``starts[i + 1]``.

    ``former`` has the present codes of provinces by those that they had before. ``languages`` has each set of languages
    once; ``manners`` has for a bearer the index of its set times four plus the index of its role; ``weak`` has for a
    name the index of the set of languages in which it is weak, where the first set, the empty one, says "in none" and
    the second, of ``*`` alone, "everywhere".
    """

    ids: Sequence[str]
    usual: Sequence[str]
    kinds: bytes
    countries: array[int]
    provinces: array[int]
    populations: array[int]
    latitudes: array[int]
    longitudes: array[int]
    members: Mapping[str, Sequence[str]]
    former: Mapping[str, str]
    folded: Sequence[str]
    starts: array[int]
    bearers: array[int]
    manners: array[int]
    weak: array[int]
    languages: tuple[frozenset[str], ...]

    def place(self, index: int) -> Place:
        """Return the place of an index; countries and provinces stand before all that lie in them."""
        place_id = PlaceId(self.ids[index])
        return Place(
            place_id,
            self.usual[index],
            self._id(self.countries[index]),
            _KINDS[self.kinds[index]],
            self.populations[index],
            self._id(self.provinces[index]),
            tuple(self.members.get(place_id, ())),
            _degrees(self.latitudes[index]),
            _degrees(self.longitudes[index]),
        )

    def _id(self, one_based: int) -> str:
        return self.ids[one_based - 1] if one_based else ""

    def manner(self, bearer: int) -> tuple[Role, frozenset[str]]:
        """Return the role and the languages of a bearer."""
        languages, role = divmod(self.manners[bearer], 4)
        return _ROLES[role], self.languages[languages]

    def weakness(self, name: int) -> tuple[bool, frozenset[str]]:
        """Return whether a name is weak everywhere, and the languages in which alone it is."""
        number = self.weak[name]
        return (True, frozenset()) if number == 1 else (False, self.languages[number])


def _degrees(hundredths: int) -> float | None:
    return None if hundredths == _NOWHERE else hundredths / 100


def packed_from(places: Sequence[Place], names: Iterable[Name], former: Mapping[str, str] | None = None) -> Packed:
    """Return the columns of places and names; the place of a bearer is one of ``places``, known by its id."""
    order = {kind: at for at, kind in enumerate(_KINDS)}
    ranked = sorted(places, key=lambda place: (order[place.kind], bool(place.province), -place.population, place.id))
    at = {place.id: index for index, place in enumerate(ranked)}
    ordered = sorted(names, key=lambda name: name.folded)
    sets = _Sets()
    return Packed(
        ids=[place.id for place in ranked],
        usual=[place.name for place in ranked],
        kinds=bytes(order[place.kind] for place in ranked),
        countries=array("H", (_one_based(at, place.country) for place in ranked)),
        provinces=array("H", (_one_based(at, place.province) for place in ranked)),
        populations=array("I", (place.population for place in ranked)),
        latitudes=array("h", (_hundredths(place.latitude) for place in ranked)),
        longitudes=array("h", (_hundredths(place.longitude) for place in ranked)),
        members={place.id: list(place.members) for place in ranked if place.members},
        former={old: new for old, new in sorted((former or {}).items()) if new in at},
        folded=[name.folded for name in ordered],
        starts=array("I", accumulate((len(name.bearers) for name in ordered), initial=0)),
        bearers=array("I", (at[bearer.place.id] for name in ordered for bearer in name.bearers)),
        manners=array("H", (sets.manner(bearer) for name in ordered for bearer in name.bearers)),
        weak=array("H", (sets.weak(name) for name in ordered)),
        languages=tuple(sets.known),
    )


def _one_based(at: Mapping[PlaceId, int], outer: str) -> int:
    return at[PlaceId(outer)] + 1 if outer else 0


def _hundredths(degrees: float | None) -> int:
    return _NOWHERE if degrees is None else round(degrees * 100)


class _Sets:
    """Gives each set of languages its number, in the order in which they are first met."""

    def __init__(self) -> None:
        self.known: dict[frozenset[str], int] = {frozenset(): 0, frozenset("*"): 1}

    def manner(self, bearer: Bearer) -> int:
        return self._number(bearer.languages) * 4 + _ROLES.index(bearer.role)

    def weak(self, name: Name) -> int:
        return 1 if name.weak else self._number(name.weak_in)

    def _number(self, languages: frozenset[str]) -> int:
        return self.known.setdefault(languages, len(self.known))


def dump(packed: Packed) -> bytes:
    """Return the file of columns: the same columns give the same bytes."""
    sections = {
        **{name: "\n".join(getattr(packed, name)).encode() for name in _TEXTS},
        **{name: _swapped(getattr(packed, name)).tobytes() for name in _ARRAYS},
        "kinds": packed.kinds,
        "counts": bytes(end - start for start, end in pairwise(packed.starts)),
    }
    header = {
        "sections": {name: len(content) for name, content in sections.items()},
        "members": packed.members,
        "former": packed.former,
        "languages": [" ".join(sorted(languages)) for languages in packed.languages],
    }
    line = json.dumps(header, separators=(",", ":")).encode() + b"\n"
    return lzma.compress(line + b"".join(sections.values()), check=lzma.CHECK_CRC32, preset=9 | lzma.PRESET_EXTREME)


def load(content: bytes) -> Packed:
    """Return the columns of a file."""
    line, _, rest = lzma.decompress(content).partition(b"\n")
    header = json.loads(line)
    sections = {}
    at = 0
    for name, length in header["sections"].items():
        sections[name] = rest[at : at + length]
        at += length
    texts: dict[str, Any] = {name: sections[name].decode().split("\n") for name in _TEXTS}
    arrays: dict[str, Any] = {name: _swapped(array(code, sections[name])) for name, code in _ARRAYS.items()}
    return Packed(
        **texts,
        **arrays,
        kinds=sections["kinds"],
        starts=array("I", accumulate(sections["counts"], initial=0)),
        members=header["members"],
        former=header["former"],
        languages=tuple(frozenset(languages.split()) for languages in header["languages"]),
    )


def _swapped(numbers: array[int]) -> array[int]:
    """Return numbers from or to the byte order of the file."""
    if sys.byteorder == "little":
        return numbers
    copy = array(numbers.typecode, numbers)
    copy.byteswap()
    return copy

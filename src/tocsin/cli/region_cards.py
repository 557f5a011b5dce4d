"""A region as a record for programs and as lines for people: what `tocsin regions show` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tocsin.regions import Atlas, Name, Place, Role

_MOST_NAMES = 20
_MOST_MEMBERS = 40
_ANY = "any language"
_ROLES = {Role.NAME: "names", Role.DEMONYM: "demonyms", Role.INSTITUTION: "institutions"}

Card = dict[str, Any]


def card_of(written: str, atlas: Atlas) -> Card:
    """Return all that is known of the region that a name means, and the others of that name.

    The name is one that the atlas resolves.
    """
    found = atlas.find(written)
    place = found[0]
    return {
        "written": written,
        "question": atlas.question(written),
        "own": place.id in atlas.own,
        **_brief(place),
        "country": place.country or None,
        "province": place.province or None,
        "population": place.population or None,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "boxes": [list(box) for box in place.boxes],
        "lies_in": [_brief(one) for one in atlas.around(place)],
        "members": [_brief(one) for one in atlas.members(place)],
        **_names(place, atlas),
        "others": [_brief(one) for one in found[1:]],
    }


def _brief(place: Place) -> Card:
    return {"place": place.id, "name": place.name, "kind": place.kind.value}


def _names(place: Place, atlas: Atlas) -> Card:
    """Return the names by their role and language, as they are found: without case and marks."""
    found: dict[Role, dict[str, dict[str, None]]] = {role: {} for role in _ROLES}
    for name in atlas.names_of(place):
        for role, language in _manners(name, place):
            found[role].setdefault(language, {})[name.folded] = None
    return {
        _ROLES[role]: {language: [*names] for language, names in sorted(by_language.items())}
        for role, by_language in found.items()
    }


def _manners(name: Name, place: Place) -> Iterator[tuple[Role, str]]:
    for bearer in name.bearers:
        if bearer.place.id == place.id:
            yield from ((bearer.role, language) for language in sorted(bearer.languages) or ("*",))


def card_lines(card: Card) -> Iterator[str]:
    """Yield the lines of a card."""
    yield f"{card['name']} ({card['place']}), {_kind(card)}"
    if card["question"]:
        yield f"ambiguous: {card['question']}"
    if card["population"]:
        yield f"inhabitants: {card['population']:,}"
    if card["latitude"] is not None:
        yield f"coordinates: {_degrees(card['latitude'], 'NS')}, {_degrees(card['longitude'], 'EW')}"
    for west, south, east, north in card["boxes"]:
        yield (
            f"box: {_degrees(west, 'EW')} to {_degrees(east, 'EW')}, {_degrees(south, 'NS')} to {_degrees(north, 'NS')}"
        )
    yield from _listed("lies in", card["lies_in"])
    yield from _listed("contains", card["members"])
    for role in _ROLES.values():
        for language, names in card[role].items():
            yield _names_line(role, language, names)
    yield from _listed("others of this name", card["others"])


def _kind(card: Card) -> str:
    return "a region of the watchlist" if card["own"] else card["kind"]


def _degrees(value: float, sides: str) -> str:
    return f"{abs(value):g}° {sides[value < 0]}"


def _listed(title: str, places: Sequence[Card]) -> Iterator[str]:
    if places:
        shown = [f"{one['name']} ({one['place']})" for one in places[:_MOST_MEMBERS]]
        yield f"{title}: {', '.join(shown)}{_more(len(places) - len(shown))}"


def _names_line(role: str, language: str, names: Sequence[str]) -> str:
    shown = names[:_MOST_NAMES]
    return f"{role}, {_ANY if language == '*' else language}: {', '.join(shown)}{_more(len(names) - len(shown))}"


def _more(number: int) -> str:
    return f" and {number:,} more" if number > 0 else ""

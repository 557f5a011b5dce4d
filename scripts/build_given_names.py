"""Writes the given names of src/tocsin/regions/data/given_names.txt from the Faker package (MIT).

A name before a place's name makes it a surname: "Paula Hessen". Run in an environment that has the packages of
the dependency group ``data``::

    python scripts/build_given_names.py
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from faker.providers import person

from tocsin.text.fold import fold_term

_TARGET = Path(__file__).parents[1] / "src" / "tocsin" / "regions" / "data" / "given_names.txt"
_SHORTEST = 3


def main() -> None:
    """Write the names, folded, one a line, sorted."""
    names = {folded for locale in pkgutil.iter_modules(person.__path__) for folded in _names_of(locale.name)}
    _TARGET.write_text("".join(f"{name}\n" for name in sorted(names)), encoding="utf-8")
    print(f"{len(names)} names")


def _names_of(locale: str) -> Iterator[str]:
    provider = importlib.import_module(f"{person.__name__}.{locale}").Provider
    for attribute in dir(provider):
        if attribute.startswith("first_names") and not callable(value := getattr(provider, attribute)):
            for name in _strings(value):
                folded = fold_term(name)
                if len(folded) >= _SHORTEST and " " not in folded:
                    yield folded


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | tuple | list):
        for one in value:
            yield from _strings(one)


if __name__ == "__main__":
    main()

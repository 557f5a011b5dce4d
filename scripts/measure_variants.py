"""Measures false alarms: lists what matching finds in news texts that plain matching would not, and draws a sample.

Plain matching is the term as written between word boundaries, in any case and over line breaks. Terms are drawn by a
fixed seed: names of one word and of several (people and groups) and acronyms from the texts by their capitals, places
from what the texts are annotated with and from the gazetteer, nouns after an English article, and common words of other
languages. Acronyms and nouns stand under ``keywords``, all else under ``names``; with ``--keywords`` all are keywords.
The sample has no way of writing a term twice, or is of hits with ``--hits``, and is to be judged by a reader::

    python scripts/measure_variants.py CORPUS.jsonl.gz ... --sample 200 > sample.jsonl

A line of a corpus has id, title, text, and may have lang, ``entities`` ([form, lemma, LOC, id]) and ``toponyms``
({"name": ...}).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

from tocsin.matching import compile_watchlist
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.receipts import TermHit, TextField
from tocsin.models.watchlist import Watch, Watchlist
from tocsin.regions import load_gazetteer
from tocsin.text.language import detect_language

_SHARES = {"name": 200, "single name": 150, "acronym": 150, "place": 100, "gazetteer": 100, "noun": 200, "foreign": 100}
"""Terms of each kind among a thousand."""

_NAME = re.compile(
    r"(?<=[a-zа-я,] )[A-ZÀ-ÞА-Я][a-zß-ÿа-я]+(?:[ -](?:[ae]l-)?[A-ZÀ-ÞА-Я][a-zß-ÿа-я]+){0,2}(?![\w’'-])"  # noqa: RUF001
)
_ACRONYM = re.compile(r"(?<=[a-z,] )[A-Z]{2,6}(?= [a-z])")
_NOUN = re.compile(
    r"\b(?:the|a|an) ((?:[a-z]{3,} )?[a-z]{4,})(?=[.,;]| (?:of|in|on|at|and|to|for|by|is|are|was|were|said|has|with)\b)"
)
_FOREIGN = ("de", "es", "fr", "it", "nl", "pt")
_OFTEN = 3
"""Articles that a name must stand in."""

_KEYWORDS = frozenset(("acronym", "noun", "foreign"))
_SHORT = 4
_CONTEXT = 70
_LARGE_CITY = 300_000


@dataclass(frozen=True, slots=True)
class NewHit:
    """A hit that plain matching would not have; ``context`` has it between ⟦ and ⟧, ``times`` is how often it came."""

    kind: str
    term: str
    written: str
    variant: str
    article: str
    language: str | None
    context: str
    times: int = 1


def articles(paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Yield the articles of corpora, gzipped or not."""
    for path in paths:
        read = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        yield from map(json.loads, read.splitlines())


def by_capitals(text: str) -> Iterator[tuple[str, str]]:
    """Yield kind and name of what looks like a name in a text."""
    for name in set(_NAME.findall(text)):
        yield ("name" if " " in name else "single name"), name
    yield from (("acronym", name) for name in set(_ACRONYM.findall(text)))
    yield from (("noun", noun) for noun in set(_NOUN.findall(text)))


def foreign_words() -> set[str]:
    """Return common words of languages that keywords are inflected in, without the shortest and English ones."""
    packed = resources.files("tocsin.matching.names").joinpath("data/words.json.gz").read_bytes()
    words: dict[str, str] = json.loads(gzip.decompress(packed))
    english = set(words["en"].split())
    return {word for language in _FOREIGN for word in words[language].split() if len(word) > _SHORT} - english


def annotated(article: dict[str, Any]) -> set[str]:
    """Return the places that an article is annotated with, in the form of the dictionary."""
    lemmas = (lemma or form for form, lemma, sort, _ in article.get("entities", ()) if sort == "LOC")
    toponyms = (toponym.get("name") for toponym in article.get("toponyms", ()) if isinstance(toponym, dict))
    return {" ".join(name.split()) for name in (*lemmas, *toponyms) if name and name[:1].isupper()}


def terms(paths: Sequence[Path], count: int, seed: int) -> dict[str, str]:
    """Return names with their kinds, drawn by the seed; a name stands once, under the first kind it is drawn for."""
    met: Counter[tuple[str, str]] = Counter()
    for article in articles(paths):
        met.update(by_capitals(article["text"]))
        met.update({("place", name): _OFTEN for name in annotated(article)})
    known: dict[str, set[str]] = {kind: set() for kind in _SHARES}
    for (kind, name), times in met.items():
        if times >= _OFTEN:
            known[kind].add(name)
    for place in {place.id: place for name in load_gazetteer().names() for place in name.places}.values():
        if place.population >= _LARGE_CITY:
            known["gazetteer"].add(place.name)
    known["foreign"] = foreign_words()
    rng = random.Random(seed)
    drawn: dict[str, str] = {}
    for kind, share in _SHARES.items():
        some = sorted(known[kind] - drawn.keys())
        drawn |= dict.fromkeys(rng.sample(some, min(len(some), share * count // 1000)), kind)
    return drawn


def watchlist_of(drawn: dict[str, str], *, keywords: bool) -> Watchlist:
    """Return a watchlist with one watch for all terms."""
    named = () if keywords else tuple(name for name, kind in drawn.items() if kind not in _KEYWORDS)
    watch = Watch(WatchId("all"), "", keywords=tuple(name for name in drawn if name not in set(named)), names=named)
    return Watchlist(Path("measure"), "", "measure", (), (), (watch,), (), ())


def is_plain(hit: TermHit, text: str) -> bool:
    """Whether plain matching would have the hit, or a part of it."""
    around = text[max(0, hit.span.start - len(hit.term)) : hit.span.end + len(hit.term)]
    pattern = r"\s+".join(map(re.escape, hit.term.split()))
    return re.search(rf"\b{pattern}\b", around, re.IGNORECASE) is not None


def new_hit(kind: str, hit: TermHit, article: dict[str, Any], text: str, language: str | None) -> NewHit:
    """Return a hit with its context."""
    start, end = hit.span.start, hit.span.end
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    context = " ".join(f"{before}⟦{hit.span.text}⟧{after}".split())
    return NewHit(kind, hit.term, hit.span.text, hit.variant, str(article["id"]), language, context)


def measure(paths: Sequence[Path], drawn: dict[str, str], *, keywords: bool) -> tuple[list[NewHit], int]:
    """Return the new hits in all articles, and how many hits there are in all."""
    matcher = compile_watchlist(watchlist_of(drawn, keywords=keywords), load_gazetteer())
    found: list[NewHit] = []
    total = 0
    for article in articles(paths):
        title, text = article.get("title") or "", article["text"]
        language = detect_language(title, text, article.get("lang"))
        for receipt in matcher.match(Document(title, text, language)):
            total += len(receipt.hits)
            for hit in receipt.hits:
                stored = title if hit.span.field is TextField.TITLE else text
                if not is_plain(hit, stored):
                    found.append(new_hit(drawn[hit.term], hit, article, stored, language))
    return found, total


def main() -> None:
    """Print the sample as JSON lines, and the counts to standard error."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--terms", type=int, default=1_000)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--keywords", action="store_true", help="all terms as keywords")
    parser.add_argument("--hits", action="store_true", help="draw from all hits, not from the ways of writing")
    options = parser.parse_args()
    drawn = terms(options.corpora, options.terms, options.seed)
    found, total = measure(options.corpora, drawn, keywords=options.keywords)
    kinds = dict(Counter(hit.kind for hit in found))
    rng = random.Random(options.seed)
    rng.shuffle(found)
    once = list({(hit.term, hit.variant): hit for hit in found}.values())
    print(f"{len(drawn)} terms, {total} hits, {len(found)} of them new: {kinds}", file=sys.stderr)
    print(f"{len(once)} ways of writing: {dict(Counter(hit.kind for hit in once))}", file=sys.stderr)
    times = Counter((hit.term, hit.variant) for hit in found)
    drawn_from = found if options.hits else once
    for hit in rng.sample(drawn_from, min(options.sample, len(drawn_from))):
        print(json.dumps(asdict(replace(hit, times=times[hit.term, hit.variant])), ensure_ascii=False))


if __name__ == "__main__":
    main()

from __future__ import annotations

import pytest

from matching_setup import matcher_of
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch


def hits(keyword: str, text: str, language: str) -> list[str]:
    matcher = matcher_of(Watch(WatchId("w"), "", keywords=(keyword,)))
    return [hit.span.text for hit in matcher.explain(Document("", text, language), WatchId("w")).hits]


@pytest.mark.parametrize(
    ("keyword", "text", "language", "found"),
    [
        ("Saíd", "Edward Said, he said, is Saíd. Said one", "en", ["Said", "Saíd"]),
        ("marché", "il marche au marché, march&eacute; noir", "fr", ["marché", "march&eacute;"]),
        ("marché", "the word marche here", "en", ["marche"]),
        ("Saíd", "MINISTERS SAID SO", "en", []),
        ("Price", "zaslišane priče, Mr Price, the price", "sl", ["Price", "price"]),
        ("Boč", "a BoC, a Boc", "pl", ["Boc"]),
        ("St", "ES št. 396, v St Petersburg", "sl", ["St"]),
        ("été", "il a ete; cet été", "fr", ["été"]),
    ],
)
def test_another_word_without_the_accents_is_not_the_term(
    keyword: str, text: str, language: str, found: list[str]
) -> None:
    assert hits(keyword, text, language) == found


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("Erdoğan", "erdogan ERDOGAN Erdogan"),
        ("resume", "résumé resume"),
        ("Straße", "strasse STRASSE"),
        ("São Paulo", "sao paulo"),
        ("Fès", "fès FÈS"),
        ("gas", "Gas GAS"),
    ],
)
def test_elsewhere_accents_and_case_make_no_difference(keyword: str, text: str) -> None:
    assert len(hits(keyword, text, "en")) == len(text.split()) // len(keyword.split())

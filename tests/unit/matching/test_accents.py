from __future__ import annotations

import pytest

from matching_setup import matcher_of
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch


def hits(keyword: str, text: str, language: str | None) -> list[str]:
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
        ("sale", "na račun šale, the sale", "sl", ["sale"]),
        ("post", "domovů nebo pošt", "cs", []),
        ("Post", "domovů nebo póst", "cs", []),
        ("El", "E.L. International and El", "en", ["El"]),
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
        ("radio", "Rádio radio"),
        ("cafe", "Café"),
    ],
)
def test_elsewhere_accents_and_case_make_no_difference(keyword: str, text: str) -> None:
    assert len(hits(keyword, text, "en")) == len(text.split()) // len(keyword.split())


@pytest.mark.parametrize(
    ("keyword", "text", "language"),
    [
        ("Erdogan", "Erdoğan Ankara'da konuştu", "tr"),
        ("Orban", "Orbán beszélt", "hu"),
        ("Garcia", "García habló", "es"),
        ("Chavez", "Chávez habló", "es"),
        ("Mexico", "México gana", "es"),
        ("Etat", "État dit", "fr"),
        ("Maria", "María habla", "es"),
        ("Babis", "Babiš mluvil", "cs"),
        ("Francois", "François parle", "fr"),
        ("Zoe", "Zoë said", "en"),
        ("Turkiye", "Türkiye kazandı", "tr"),
    ],
)
def test_a_capital_that_begins_a_sentence_hides_no_name_with_accents(keyword: str, text: str, language: str) -> None:
    assert hits(keyword, text, language) == [text.split(maxsplit=1)[0]]


@pytest.mark.parametrize(
    ("keyword", "text", "language"),
    [
        ("sécurité", "la securite", "fr"),
        ("président", "le president", "fr"),
        ("grève", "la greve", "fr"),
        ("élection", "une election", "fr"),
        ("elección", "la eleccion", "es"),
        ("corrupción", "la corrupcion", "es"),
        ("España", "gana Espana", "es"),
        ("sécurité", "word securite", None),
        ("œuvre", "une oeuvre", "fr"),
        ("sœur", "sa soeur", "fr"),
        ("coeur", "le cœur", "fr"),
    ],
)
def test_what_is_only_written_without_its_accents_is_the_term(keyword: str, text: str, language: str | None) -> None:
    assert hits(keyword, text, language) == [text.split()[1]]


@pytest.mark.parametrize(
    ("keyword", "text", "language"),
    [("papá", "el papa", "es"), ("marché", "il marche", "fr"), ("Sale", "Šale so", "sl")],
)
def test_what_is_a_word_without_its_accents_is_not_the_term(keyword: str, text: str, language: str) -> None:
    assert hits(keyword, text, language) == []

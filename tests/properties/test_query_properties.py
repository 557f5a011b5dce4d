from __future__ import annotations

from functools import lru_cache

import luqum.tree as lucene
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from luqum.parser import parser as lucene_parser
from pydantic import TypeAdapter

from matching_setup import gazetteer_of, watchlist_of
from query_trees import WATCHES, texts_of_pieces, trees
from tocsin.matching import Matcher, compile_watchlist
from tocsin.matching.flatten import Flat
from tocsin.matching.leaves import Leaf
from tocsin.matching.query import And, Field, FieldIs, Node, Not, Or, Phrase, QueryError, parse_query, unparse
from tocsin.matching.quick import QuickReader
from tocsin.models.articles import Document
from tocsin.models.ids import PlaceId, WatchId
from tocsin.models.receipts import Receipt, TextField
from tocsin.models.watchlist import Watch
from tocsin.regions import Bearer, Name, Place, PlaceKind
from tocsin.text.fold import fold_term

# ruff: noqa: PT017 - a text may be a query or not, and both are looked at

patient = settings(deadline=None)
W = WatchId("w")
OTHERS = (Watch(WatchId("b"), "", keywords=("siege",)), Watch(WatchId("c"), "", query="Homs -football"))
PLACES = (
    Place(PlaceId("SY"), "Syria", "SY", PlaceKind.COUNTRY, 10**7),
    Place(PlaceId("geonames:1"), "Homs", "SY", PlaceKind.CITY, 10**6),
    Place(PlaceId("FR"), "France", "FR", PlaceKind.COUNTRY, 10**7),
    Place(PlaceId("geonames:2"), "Paris", "FR", PlaceKind.CITY, 10**6),
)
SMALL = gazetteer_of(PLACES, [Name(fold_term(place.name), (Bearer(place),)) for place in PLACES])
RECEIPTS = TypeAdapter(Receipt)

words = st.lists(
    st.sampled_from(
        ("siege", "Homs", "Islamic State", "Islamic", "IS", "is", "refugees", "U.S.", "Daesh", "football", "C++", ".",
         "京都", "the", "FALLS", "Syria", "Paris", "\n\n", "a", "not")
    ),
    max_size=20,
).map(" ".join)  # fmt: skip
documents = st.builds(
    Document,
    title=words,
    text=words,
    language=st.sampled_from([None, "en", "de"]),
    url=st.sampled_from(["", "https://wire.example/a"]),
    source=st.sampled_from(["", "The Wire"]),
    tags=st.sampled_from([(), ("Local",)]),
)


@lru_cache(maxsize=64)
def matcher(query: str) -> Matcher:
    return compile_watchlist(watchlist_of(Watch(W, "", query=query), *OTHERS), SMALL)


@patient
@given(trees())
def test_a_tree_is_read_back_from_its_words(tree: Node) -> None:
    assert parse_query(unparse(tree)) == tree


@patient
@given(texts_of_pieces)
def test_any_text_is_a_query_or_has_a_fault_with_a_place(text: str) -> None:
    try:
        tree = parse_query(text)
    except QueryError as error:
        assert 0 <= error.offset <= len(text)
        assert error.message
        assert error.remedy
    else:
        assert parse_query(unparse(tree)) == tree


@patient
@given(trees(), documents)
def test_deciding_matching_and_explaining_never_disagree(tree: Node, document: Document) -> None:
    asked = matcher(unparse(tree))
    receipt = asked.explain(document, W)
    assert receipt.matched is (W in asked.decide(document))
    assert receipt.matched is (receipt in asked.match(document))
    assert receipt.reason.endswith(".")


@patient
@given(trees(), documents)
def test_a_receipt_is_replayed_on_the_stored_text(tree: Node, document: Document) -> None:
    """A stored receipt names the watch's version; the same watch gives the same receipt again, span by span."""
    asked = matcher(unparse(tree))
    stored = RECEIPTS.dump_json(asked.explain(document, W))
    receipt = RECEIPTS.validate_json(stored)
    assert asked.explain(document, W) == receipt
    fields = {TextField.TITLE: document.title, TextField.TEXT: document.text}
    for hit in receipt.hits:
        assert fields[hit.span.field][hit.span.start : hit.span.end] == hit.span.text
        assert fold_term(hit.span.text) == hit.variant


@patient
@given(trees(), documents, st.sampled_from(["The baker opened his shop early.", "Nothing else happened that day."]))
def test_an_unrelated_paragraph_never_removes_a_hit(tree: Node, document: Document, more: str) -> None:
    """Exclusions and regions aside: a paragraph may bring what is excluded, or turn an article to another place."""
    asked = matcher(unparse(_without_exclusions(tree)))
    longer = Document(document.title, f"{document.text}\n\n{more}", document.language, document.home, document.url,
                      document.source, document.tags)  # fmt: skip
    before, after = asked.explain(document, W), asked.explain(longer, W)
    assert before.matched <= after.matched
    assert set(before.hits) <= set(after.hits)


def _without_exclusions(node: Node) -> Node:
    match node:
        case And():
            return _one_or_more(And, [_without_exclusions(part) for part in node.parts if not isinstance(part, Not)])
        case Or():
            return _one_or_more(Or, [_without_exclusions(part) for part in node.parts])
        case FieldIs(name=Field.REGION | Field.ABOUT):
            return Phrase("siege")
        case FieldIs(name=Field.WATCH):
            return FieldIs(Field.WATCH, Phrase(WATCHES[0]))
        case FieldIs():
            return FieldIs(node.name, _without_exclusions(node.part))
        case _:
            return node


def _one_or_more(kind: type[And | Or], parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


simple_words = st.sampled_from(("siege", "homs", "rebels", '"river isis"', '"aid convoy"', "title:homs"))


@st.composite
def shared_queries(draw: st.DrawFn, depth: int = 2) -> str:
    """Queries of the subset that Lucene's syntax reads as we do: every operator written, bare words single."""
    if depth == 0 or draw(st.booleans()):
        return draw(simple_words)
    operators = st.sampled_from([" AND ", " OR ", " AND NOT ", " && ", " || "])
    parts = [draw(shared_queries(depth=depth - 1)) for _ in range(draw(st.integers(1, 3)))]
    query = parts[0]
    for part in parts[1:]:
        query += draw(operators) + (f"({part})" if " " in part and '"' not in part else part)
    return f"({query})" if draw(st.booleans()) else query


@patient
@given(shared_queries())
def test_what_lucene_reads_as_well_is_read_alike(query: str) -> None:
    try:
        ours = parse_query(query)
    except QueryError:
        return  # we refuse a branch of exclusions alone
    if "&&" in query or "||" in query:
        query = query.replace("&&", "AND").replace("||", "OR")  # luqum takes these for words
    assert _plain(ours) == _plain(_from_lucene(lucene_parser.parse(query)))


def _from_lucene(item: lucene.Item) -> Node:  # noqa: PLR0911 - one a kind of node
    match item:
        case lucene.AndOperation():
            return And(tuple(map(_from_lucene, item.operands)))
        case lucene.OrOperation():
            return Or(tuple(map(_from_lucene, item.operands)))
        case lucene.Not() | lucene.Prohibit():
            return Not(_from_lucene(item.a))
        case lucene.Group() | lucene.FieldGroup():
            return _from_lucene(item.expr)
        case lucene.SearchField():
            return FieldIs(Field(item.name), _from_lucene(item.expr))
        case lucene.Phrase():
            return Phrase(item.value.strip('"'))
        case lucene.Word():
            return Phrase(item.value)
        case _:
            raise AssertionError(item)


def _plain(node: Node) -> Node:
    """Return a tree with nested ANDs and ORs made one: ``(a AND b) AND c`` is ``a AND b AND c``."""
    match node:
        case And() | Or():
            parts = [_plain(part) for part in node.parts]
            kind = type(node)
            flat = [inner for part in parts for inner in (part.parts if isinstance(part, kind) else (part,))]
            return kind(tuple(flat))
        case Not():
            return Not(_plain(node.part))
        case _:
            return node


@patient
@given(shared_queries(), texts_of_pieces, st.booleans())
def test_quick_reading_gives_what_the_tree_gives(shared: str, pieces: str, is_shared: bool) -> None:
    query = shared if is_shared else pieces
    leaves: dict[Leaf, int] = {}

    def index(leaf: Leaf) -> int:
        return leaves.setdefault(leaf, len(leaves))

    quick = QuickReader(index).read(query)
    if quick is None:
        return
    flat = Flat(index, len, lambda _: ())
    flat.require(parse_query(query))
    assert (flat.clauses, tuple(flat.unwanted), flat.is_plain, flat.close) == (quick.clauses, quick.unwanted, True, [])


HEAVY = "a NEAR/3 b OR (IS AND x) OR a* AND -q OR re:/a.*z/ OR title:(b NEAR/1 a) OR *xxx OR a ONEAR/2 (b OR is)"


@pytest.mark.parametrize(
    "text",
    ["a b " * 25_000, "b is " * 20_000, "IS " * 30_000, "a" * 100_000, "x. " * 30_000, "a\n\n" * 25_000, "京" * 90_000],
)
def test_a_huge_text_is_decided_and_explained(text: str) -> None:
    asked = matcher(HEAVY.replace("a*", "abc*"))
    document = Document(text[:1000], text, "en")
    assert asked.explain(document, W).matched is (W in asked.decide(document))


@pytest.mark.parametrize(
    "text",
    ["(" * 9_999, '"' * 9_999, "a AND " * 3_300, "NOT " * 4_000, "a b " * 4_900, "-" * 9_999, "a NEAR/3 " * 2_000,
     "title:" * 3_000, "re:/" * 4_000, "“" * 9_999, "a OR " * 3_999 + "a", "a" * 20_000],
)  # fmt: skip
def test_a_huge_query_is_read_or_refused(text: str) -> None:
    try:
        parse_query(text)
    except QueryError as error:
        assert 0 <= error.offset <= len(text)

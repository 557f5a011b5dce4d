"""Strategies for queries: trees that make sense, and texts made of a query's pieces."""

from __future__ import annotations

from hypothesis import strategies as st

from tocsin.matching.query import And, Field, FieldIs, Near, Node, Not, Or, Phrase, Prefix, Suffix

WORDS = (
    "siege",
    "Homs",
    "Islamic State",
    "IS",
    "refugee",
    "U.S.",
    "Daesh",
    "football",
    "not",
    "AND",
    "京都",
    "a",
    "C++",
)
WATCHES = ("b", "c")

phrases: st.SearchStrategy[Node] = st.sampled_from(WORDS).map(Phrase)
terms: st.SearchStrategy[Node] = st.one_of(
    phrases, phrases, st.sampled_from([Prefix("refug"), Prefix("Islamic Sta"), Suffix("gees")])
)
values: st.SearchStrategy[Node] = st.sampled_from(
    [
        FieldIs(Field.LANG, Phrase("en")),
        FieldIs(Field.TAG, Or((Phrase("local"), Phrase("war")))),
        FieldIs(Field.SOURCE, Phrase("wire")),
        FieldIs(Field.URL, Phrase("https://wire.example/a")),
        FieldIs(Field.REGION, Phrase("Syria")),
        FieldIs(Field.ABOUT, Phrase("Syria")),
        FieldIs(Field.WATCH, Phrase("b")),
    ]
)
operands: st.SearchStrategy[Node] = st.one_of(
    terms, st.lists(terms, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts)))
)
nears: st.SearchStrategy[Node] = st.builds(
    Near, st.integers(0, 9), st.booleans(), st.lists(operands, min_size=2, max_size=3).map(tuple)
)


@st.composite
def trees(draw: st.DrawFn, depth: int = 3, *, in_field: bool = False) -> Node:
    """Draw a tree that makes sense: no OR within an OR, no exclusion alone, no field within a field."""
    kind = draw(st.sampled_from(["leaf"] if depth == 0 else ["leaf", "or", "and", "and", "field"]))
    smaller = trees(depth=depth - 1, in_field=in_field)
    if kind == "or":
        parts = [draw(smaller) for _ in range(draw(st.integers(2, 3)))]
        return Or(tuple(draw(terms) if isinstance(part, Or) else part for part in parts))
    if kind == "and":
        wanted = [draw(smaller) for _ in range(draw(st.integers(1, 2)))]
        unwanted: list[Node] = [Not(draw(smaller)) for _ in range(draw(st.integers(1, 2)))]
        if draw(st.booleans()):  # an exclusion that another term lifts
            unwanted.append(Or((Not(draw(smaller)), draw(terms))))
        return And(tuple(draw(terms) if isinstance(part, And) else part for part in wanted) + tuple(unwanted))
    if kind == "field" and not in_field:
        field = draw(st.sampled_from([Field.TITLE, Field.BODY]))
        return FieldIs(field, draw(trees(depth=depth - 1, in_field=True)))
    return draw(st.one_of(terms, nears) if in_field else st.one_of(terms, terms, values, nears))


pieces = st.lists(
    st.sampled_from(
        (*WORDS, "AND", "OR", "NOT", "and", "-", "!", "(", ")", '"', "“", "”", "NEAR/3", "ONEAR/2", "near/2", "title:",
         "lang:en", "url:", "about:Syria", "watch:b", "ab*", "abc*", "*abc", "~3", "&&", "||", "re:/a+/", "re:/", "\n",
         "?", "+", ":", "/", "–", "—a", "\u200b", "\xad", "&", "[", "NEAR5", "NEAR/x", "W/5", "ADJ", "lang:jp")
    ),
    max_size=14,
)  # fmt: skip
texts_of_pieces = st.one_of(pieces.map(" ".join), pieces.map("".join), st.text(max_size=40))

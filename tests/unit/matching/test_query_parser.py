from __future__ import annotations

import pytest

from tocsin.matching.query import (
    And,
    Field,
    FieldIs,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    QueryError,
    Regex,
    Suffix,
    parse_query,
    unparse,
)
from tocsin.matching.query.nodes import children

A, B, C, D = (Phrase(letter) for letter in "abcd")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("Deir el-Zour", Phrase("Deir el-Zour")),
        ('"Islamic State"', Phrase("Islamic State")),
        ("“Islamic State”", Phrase("Islamic State")),
        ("„Islamischer Staat“ OR «État islamique»", Or((Phrase("Islamischer Staat"), Phrase("État islamique")))),
        ("a AND b OR c", Or((And((A, B)), C))),
        ("a OR b AND c", Or((A, And((B, C))))),
        ("(a OR b) AND c", And((Or((A, B)), C))),
        ("a && b || c", Or((And((A, B)), C))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a NOT b", And((A, Not(B)))),
        ("a -b", And((A, Not(B)))),
        ("a !b -c", And((A, Not(B), Not(C)))),
        ("a AND -(b OR c)", And((A, Not(Or((B, C)))))),
        ("a AND NOT b AND c", And((A, Not(B), C))),
        ("a NEAR/3 b", Near(3, False, (A, B))),
        ("a ONEAR/3 b", Near(3, True, (A, B))),
        ("a NEAR/3 (b OR c)", Near(3, False, (A, Or((B, C))))),
        ("a NEAR/3 b NEAR/3 c", Near(3, False, (A, B, C))),
        ('"a b"~5', Near(5, False, (A, B))),
        ("a NEAR/3 b AND c", And((Near(3, False, (A, B)), C))),
        ("c AND NOT a NEAR/3 b", And((C, Not(Near(3, False, (A, B)))))),
        ("title:a AND b", And((FieldIs(Field.TITLE, A), B))),
        ("text: a", FieldIs(Field.BODY, A)),
        ("TITLE:(a OR b -c)", FieldIs(Field.TITLE, Or((A, And((B, Not(C))))))),
        ("url:https://a.example/b?c=1&d AND a", And((FieldIs(Field.URL, Phrase("https://a.example/b?c=1&d")), A))),
        ("about:Deir ez-Zor AND a", And((FieldIs(Field.ABOUT, Phrase("Deir ez-Zor")), A))),
        ("lang:(en OR de) AND a", And((FieldIs(Field.LANG, Or((Phrase("en"), Phrase("de")))), A))),
        ("refug*", Prefix("refug")),
        ("asylum seek*", Prefix("asylum seek")),
        ("*gate", Suffix("gate")),
        (r"re:/a\/b (c|d)/ AND a", And((Regex(r"a\/b (c|d)"), A))),
        ("Near East", Phrase("Near East")),
        ('"not"', Phrase("not")),
        ("Syria –football", And((Phrase("Syria"), Not(Phrase("football"))))),
        ("Syria −football —(a OR b)", And((Phrase("Syria"), Not(Phrase("football")), Not(Or((A, B)))))),
        ("—football AND x", And((Not(Phrase("football")), Phrase("x")))),
        ('Syria ‑"river Isis"', And((Phrase("Syria"), Not(Phrase("river Isis"))))),
        ("Damascus–Aleppo el‑Zour", Phrase("Damascus–Aleppo el‑Zour")),
        ("Syria AND\u200b Iraq", And((Phrase("Syria"), Phrase("Iraq")))),
        ("\ufeffSyria\u2060 OR\u00ad\u200eIraq\u200f", Or((Phrase("Syria"), Phrase("Iraq")))),
        ("Deir\u200b el-Zour", Phrase("Deir\u200b el-Zour")),
        ("می\u200cخواهد OR foot\u00adball", Or((Phrase("می\u200cخواهد"), Phrase("foot\u00adball")))),
        ('"a\u200bb" AND re:/a\u200bb/', And((Phrase("a\u200bb"), Regex("a\u200bb")))),
        ("a AND (NOT b OR c)", And((A, Or((Not(B), C))))),
        ("a AND title:(NOT b)", And((A, FieldIs(Field.TITLE, Not(B))))),
        ("a AND NOT (NOT b OR c)", And((A, Not(Or((Not(B), C)))))),
        ("24/7 AND AND/OR", And((Phrase("24/7"), Phrase("AND/OR")))),
        ("ADJ OR ANDIraq", Or((Phrase("ADJ"), Phrase("ANDIraq")))),
        ("C++ OR R&D", Or((Phrase("C++"), Phrase("R&D")))),
        ("lang:zh AND lang:ceb", And((FieldIs(Field.LANG, Phrase("zh")), FieldIs(Field.LANG, Phrase("ceb"))))),
        ('"to be or not to be"', Phrase("to be or not to be")),
        ("AT&T OR C++", Or((Phrase("AT&T"), Phrase("C++")))),
        ("Q&A 07:30", Phrase("Q&A 07:30")),
        ("ANDROID ORDER", Phrase("ANDROID ORDER")),
    ],
)
def test_a_query_is_read_as_its_tree(query: str, tree: Node) -> None:
    assert parse_query(query) == tree
    assert parse_query(unparse(tree)) == tree


def test_each_node_knows_its_place() -> None:
    query = "title:(siege OR Homs) AND NOT “river Isis”"
    tree = parse_query(query)
    assert isinstance(tree, And)
    field, exclusion = tree.parts
    assert [query[node.start : node.end] for node in (tree, exclusion)] == [query, "NOT “river Isis”"]
    assert isinstance(field, FieldIs)
    assert isinstance(field.part, Or)
    assert [query[node.start : node.end] for node in (field, field.part)] == [
        "title:(siege OR Homs)",
        "(siege OR Homs)",
    ]
    assert [query[node.start : node.end] for node in field.part.parts] == ["siege", "Homs"]


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("(IS OR ISIS) NEAR/5 (Raqqa) OR x", ["(IS OR ISIS) NEAR/5 (Raqqa)", "x"]),
        ("x AND NOT (a OR (b AND c))", ["x", "NOT (a OR (b AND c))"]),
        ("(a) AND ((b OR c))", ["a", "((b OR c))"]),
        ("title:(a OR b) AND -(c OR d)", ["title:(a OR b)", "-(c OR d)"]),
        ("a AND (b OR c) OR d", ["a AND (b OR c)", "d"]),
    ],
)
def test_a_part_has_the_parentheses_that_it_begins_or_ends_with(query: str, parts: list[str]) -> None:
    assert [query[part.start : part.end] for part in children(parse_query(query))] == parts


@pytest.mark.parametrize(
    ("query", "at_fault", "words"),
    [
        ("", "", "the query is empty; write a term"),
        ("Syria AND", "AND", "AND needs a term after it"),
        ("Syria OR AND Iraq", "OR", "OR needs a term after it"),
        ("AND Syria", "AND", "AND needs a term before it"),
        ("NOT football", "NOT football", "this says only what an article must not have"),
        ("a OR NOT b", "NOT b", "this says only what an article must not have"),
        ("a OR (b AND c) OR (NOT b OR c)", "NOT b", "this says only what an article must not have"),
        ("–football", "–football", "this says only what an article must not have"),
        ("a – b", "–", "a – stands alone; write - directly before what is not wanted, or put the phrase in quotes"),
        ("Assad NEAR/x Putin", "NEAR/x", "NEAR needs the number of words that may lie between; write NEAR/5"),
        ("Assad NEAR/-1 Putin", "NEAR/-1", "NEAR needs the number"),
        ("Assad ONEAR/5Iraq", "ONEAR/5Iraq", "ONEAR needs the number of words that may lie between; write ONEAR/5"),
        ("Assad NEAR5 Putin", "NEAR5", "NEAR needs the number"),
        ("Assad NEAR/1000 Putin", "NEAR/1000", "NEAR needs the number"),
        ("Assad NEAR/ Putin", "NEAR/", "NEAR needs the number"),
        ("Assad W/5 Putin", "W/5", "'W/5' is no operator here; write a NEAR/5 b"),
        ("Assad w/s Putin", "w/s", "'w/s' is no operator here"),
        ("Assad /5 Putin", "/5", "'/5' is no operator here"),
        ("Assad ADJ Putin", "ADJ", "'ADJ' is no operator here; write a ONEAR/0 b"),
        ("[a TO b]", "[", "a [ has no meaning here; write ( ) around a group"),
        ("{a}", "{", "a { has no meaning here"),
        ("（a OR b）", "（", "a （ of full width has no meaning here; write ( ) around a group"),
        ("title :Syria", "title :", "'title :' is no field with a gap before the colon"),
        ("Homs AND title : Syria", "title :", "write the colon directly behind the field"),
        ("Homs :Syria", ":", "a : before a word has no meaning here"),
        (r"a\b", "\\", "a \\ has no meaning here; leave it out"),
        ("and", "and", "write AND in capitals, or put the phrase in quotes"),
        ("or Syria", "or", "write OR in capitals"),
        ("Syria & Iraq", "&", "a & alone has no meaning here; write AND, or put the phrase in quotes"),
        ("Syria + Iraq", "+", "write AND between terms that must all be there"),
        ("refug?", "?", "a ? stands for no letter here"),
        ("lang:xx", "xx", "write a code of ISO 639-1, such as lang:en"),
        ("a AND lang:(en OR jp)", "jp", "'jp' is no language code; did you mean lang:ja?"),
        ("lang:eng", "eng", "did you mean lang:en?"),
        ("title:(NOT b)", "NOT b", "this says only what an article must not have"),
        ("a AND NOT NOT b", "NOT", "NOT before NOT; leave both out"),
        ("(a OR (b AND c)", "(", "this ( is never closed; add a )"),
        ("a OR b)", ")", "no ( opens what this ) closes"),
        ("a AND ()", "()", "an empty group"),
        ('a AND "b', '"', "this quote is never closed"),
        ("a AND “b", "“", "this quote is never closed"),
        ('a AND " "', '" "', "nothing stands between the quotes"),
        ("Trinidad and Tobago", "and", "write AND in capitals, or put the phrase in quotes"),
        ("Syria Or Iraq", "Or", "write OR in capitals, or put the phrase in quotes"),
        ("not football", "not", "write NOT in capitals, or put the phrase in quotes"),
        ("Assad near/3 Putin", "near/3", "write NEAR/3 in capitals, or put the phrase in quotes"),
        ("a NEAR b", "NEAR", "write NEAR/5"),
        ("a NEAR/3 NOT b", "NOT b", "NEAR/3 takes terms, or groups of terms with OR between them"),
        ("a NEAR/3 (b AND c)", "(b AND c)", "NEAR/3 takes terms"),
        ("title:a NEAR/3 b", "title:a", "write title:(a NEAR/3 b)"),
        ("a NEAR/3 b NEAR/4 c", "NEAR/4", "NEAR/3 and NEAR/4 in one row"),
        ('a "b"', '"b"', "two terms stand side by side"),
        ("a (b OR c)", "(", "two terms stand side by side"),
        ("titel:a", "titel:", "unknown field 'titel:'; did you mean 'title:'?"),
        ("Ukraine: war", "Ukraine:", "put a phrase with a colon in quotes"),
        ("title: AND a", "title:", "nothing stands behind title:"),
        ("title:(lang:en)", "lang:en", "a field within a field"),
        ("lang:english", "english", "write two or three letters such as lang:en"),
        ("watch:My Watch", "My Watch", "write the id as it stands under 'watches:'"),
        ("tag:loc*", "loc*", "tag: takes plain words"),
        ("re*", "*", "write at least 3 letters beside it"),
        ("a*b*", "*", "a * may stand only at the end"),
        ("organi?ation", "?", "write the spellings with OR between them"),
        ("Syria~2", "~", "~ behind a word has no meaning here"),
        ("Syria^2", "^", "^ behind a word has no meaning here"),
        ("+Syria", "+", "write AND between terms that must all be there"),
        ('"Syria"~3', "~3", "~ behind a single word has no meaning"),
        ('"a b"~', "~", '"..."~5'),
        ("a - b", "-", "write it directly before what is not wanted"),
        ("a | b", "|", "write OR"),
        ("url:- AND a", "-", "there is no letter or digit to look for"),
        ("...", "...", "there is no letter or digit to look for"),
        (r"re:/(?=a)/", r"re:/(?=a)/", "RE2 refuses the expression"),
        (r"re:/a*/", r"re:/a*/", "met by nothing at all"),
        (r"re:/abc", "re:/", "this expression is never closed"),
    ],
)
def test_an_error_points_at_its_place_and_names_the_remedy(query: str, at_fault: str, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(query)
    error = caught.value
    assert words in str(error)
    assert query[error.offset : error.offset + error.length] == at_fault


@pytest.mark.parametrize("query", ["(" * 60 + "a" + ")" * 60, "a AND " + "-(b AND " * 60 + "c" + ")" * 60])
def test_depth_is_bounded(query: str) -> None:
    with pytest.raises(QueryError, match="nested more than 50 deep"):
        parse_query(query)


def test_length_is_bounded() -> None:
    with pytest.raises(QueryError, match="longer than 20,000 characters"):
        parse_query("a " * 20_000)

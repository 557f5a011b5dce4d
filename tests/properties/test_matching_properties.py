from __future__ import annotations

from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching_setup import matcher_of
from tocsin.matching import Matcher, receipt_lines
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.receipts import Receipt, Span, TextField
from tocsin.models.watchlist import Watch
from tocsin.text.fold import fold_term

# Speed is the business of the benchmarks; the first example also builds tables and automata.
patient = settings(deadline=None)

WATCHES = (
    Watch(WatchId("group"), "", keywords=("Islamic State", "IS", "U.S.-led", "داعش", "イスラム国"), names=("Daesh",)),
    Watch(WatchId("aid"), "", keywords=("refugee", "aid convoy", "3.5%"), none=("football",)),
    Watch(WatchId("syria"), "", regions=("Syria",)),
    Watch(WatchId("both"), "", keywords=("siege", "Côte d'Ivoire"), regions=("Deir ez-Zor", "France")),
    Watch(WatchId("near"), "", query='title:(IS OR "Islamic State") OR ((IS OR "Islamic State") NEAR/2 situation)'),
    Watch(WatchId("not"), "", query='siege AND NOT title:(IS OR "Islamic State") AND NOT (IS NEAR/2 situation)'),
)

WORDS = (
    "Islamic", "State", "Islamic State", "IS", "is", "Is", "ISIS", "THE", "SITUATION", "U.S.", "-led",
    "US-led", "Daesh’s", "داعش", "وداعش", "過激派組織イスラム国が", "refugees", "aid\nconvoy", "3.5", "%", "football",
    "Syria", "Syrien", "سوريا", "Deir el-Zour", "Homs", "Paris", "Nice", "nice", "siege", "Cote d’Ivoire", ".",
    ",", "!", "\n\n", "\xad", "\u200b", "'", "&amp;", "https://a.example/IS", "\ud800", "\u0301", "ﷺ",
    "#IslamicState", "IS THE SITUATION", "SIEGE", "London", "Georgia", "Jordan Peele",
)  # fmt: skip

texts = st.lists(st.sampled_from(WORDS), max_size=25).flatmap(
    lambda words: st.sampled_from([" ".join(words), "".join(words)])
)
any_text = st.one_of(texts, st.text(st.characters(exclude_categories=()), max_size=80))
documents = st.builds(
    Document,
    title=any_text,
    text=any_text,
    language=st.sampled_from([None, "en", "de"]),
    home=st.sampled_from([None, "Syria", "Homs", "no such place"]),
)


@lru_cache(maxsize=1)
def matcher() -> Matcher:
    return matcher_of(*WATCHES)


def spans(receipt: Receipt) -> list[Span]:
    places = [mention.span for evidence in receipt.regions for mention in evidence.mentions]
    return [*(hit.span for hit in receipt.hits), *(one.span for one in receipt.rejections), *places]


@patient
@given(documents)
def test_every_span_of_a_receipt_stands_in_the_text(document: Document) -> None:
    fields = {TextField.TITLE: document.title, TextField.TEXT: document.text}
    for watch in WATCHES:
        for span in spans(matcher().explain(document, watch.id)):
            assert 0 <= span.start < span.end <= len(fields[span.field])
            assert fields[span.field][span.start : span.end] == span.text


@patient
@given(documents)
def test_what_stands_at_a_hit_is_the_term(document: Document) -> None:
    for receipt in matcher().match(document):
        for hit in receipt.hits:
            written, term = (fold_term(text).replace(" ", "") for text in (hit.span.text, hit.term))
            # All but the last letter: one may be in the plural.
            assert written.startswith(term[:-1])
            assert len(written) <= len(term) + 1


@patient
@given(documents)
def test_match_and_explain_never_disagree(document: Document) -> None:
    receipts = {receipt.watch: receipt for receipt in matcher().match(document)}
    for watch in WATCHES:
        explained = matcher().explain(document, watch.id)
        assert explained.matched is (watch.id in receipts)
        assert receipts.get(watch.id, explained) == explained
        assert explained.reason.endswith(".")
        assert receipt_lines(explained)[0] == explained.reason


@patient
@given(texts)
def test_an_unrelated_sentence_after_it_never_removes_a_hit(text: str) -> None:
    watch = WATCHES[0]
    before = matcher().explain(Document("", text), watch.id).hits
    after = matcher().explain(Document("", f"{text}\n\nThe baker opened his shop early."), watch.id).hits
    assert set(before) <= set(after)


@pytest.mark.parametrize(
    "text",
    ["IS " * 30_000, "Deir el-Zour " * 8_000, "is." * 30_000, "\u0301" * 100_000, "x" * 100_000, "Syria\n" * 15_000],
)
def test_a_huge_text_is_read_to_its_end(text: str) -> None:
    assert len(matcher().match(Document(text, text))) <= len(WATCHES)

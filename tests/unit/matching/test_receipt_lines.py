from __future__ import annotations

import re

from matching_setup import matcher_of
from tocsin.matching import receipt_lines
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch

WATCH = Watch(WatchId("w"), "W", keywords=("refugee", "US"), names=("Daesh",), regions=("Syria", "Iraq"))


def test_a_receipt_is_told_in_plain_lines() -> None:
    text = "Refugees reached Homs. A refugee from Raqqa spoke of DAESH. Few of us know Syria."
    (receipt,) = matcher_of(WATCH).match(Document("US ARMY IN TOWN", text))
    # What scores are exactly, and which provinces stand out, is a matter of learned weights.
    told = [re.sub(r"\d\.\d\d", "#", line) for line in receipt_lines(receipt)]
    assert [re.sub("(about: Syria #), .*", r"\1 ...", line) for line in told] == [
        'It has "refugee" (twice), "US" and "Daesh" and is about Syria.',
        'keyword "refugee": twice in the text, written "Refugees"',
        (
            'keyword "US": once in the title; '
            'among words in capitals only, where it counts because "refugee" stands in the article too'
        ),
        'name "Daesh": once in the text, written "DAESH"',
        'region "Syria": Syria #, lead; strongest (named: Homs, Raqqa, Syria)',
        "the article is about: Syria # ...",
    ]


def test_a_receipt_tells_which_occurrences_another_term_stands_up_for() -> None:
    watch = Watch(WatchId("w"), "W", keywords=("IS", "Islamic State"))
    (receipt,) = matcher_of(watch).match(Document("IS LOSES LAST TOWN", "Islamic State said it. IS is gone."))
    assert receipt_lines(receipt)[1] == (
        'keyword "IS": twice in the title and text; '
        'once among words in capitals only, where it counts because "Islamic State" stands in the article too'
    )


def test_a_miss_is_told_with_the_near_misses() -> None:
    receipt = matcher_of(WATCH).explain(Document("", "Tell us more."), WATCH.id)
    assert receipt_lines(receipt) == [
        (
            "No keyword or name of the watch stands in it; "
            "nearest is \"us\": written 'us', and US counts in capitals only."
        ),
        'region "Syria": Syria is not mentioned',
        'region "Iraq": Iraq is not mentioned',
        'not counted for "US": "us", written \'us\', and US counts in capitals only',
    ]


def test_a_count_that_was_cut_off_is_told_as_the_least() -> None:
    watch = Watch(WatchId("w"), "W", keywords=("war",))
    many, few = (matcher_of(watch).explain(Document("", "war " * count), watch.id) for count in (150, 99))
    assert receipt_lines(many) == [
        'It has "war" (at least 100 times).',
        'keyword "war": at least 100 times in the text',
    ]
    assert receipt_lines(few) == ['It has "war" (99 times).', 'keyword "war": 99 times in the text']


def test_long_receipts_are_cut() -> None:
    watch = Watch(WatchId("w"), "W", keywords=tuple(f"word{number}" for number in range(9)))
    (receipt,) = matcher_of(watch).match(Document("", " ".join(watch.keywords)))
    assert receipt_lines(receipt, most=2) == [
        'It has "word0", "word1", "word2" and 6 more terms.',
        'keyword "word0": once in the text',
        'keyword "word1": once in the text',
        "and 7 more",
    ]

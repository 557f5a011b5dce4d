from __future__ import annotations

import pytest

from matching_setup import matcher_of
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.receipts import Receipt
from tocsin.models.watchlist import Watch

BODY = (
    "The ferry between the two islands sank on Monday night, the harbour office said.\n"
    "All forty passengers were brought ashore by fishermen from Harlow before midnight.\n"
)
FURNITURE = (
    "Photo: Ann Smith/Reuters\n"
    "Read more: Berlin opens its oldest lock\n"
    "Advertisement\n"
    "Sign up for our newsletter from Brussels\n"
)
PAGE = f"{BODY}{FURNITURE}The wreck lies at ninety metres and will not be raised, the owner said.\n"


def judged(watch: Watch, text: str) -> Receipt:
    return matcher_of(watch).explain(Document("Ferry sinks", text, "en"), watch.id)


@pytest.mark.parametrize(
    ("term", "kind"), [("Berlin", "link to another story"), ("Brussels", "invitation to subscribe")]
)
def test_a_term_in_page_furniture_does_not_count_and_the_receipt_says_why(term: str, kind: str) -> None:
    receipt = judged(Watch(WatchId("w"), "", keywords=(term,)), PAGE)
    assert not receipt.matched
    assert receipt.reason == (
        f'No keyword or name of the watch stands in it; nearest is "{term}": in page furniture ({kind}).'
    )


def test_a_term_of_the_story_counts_beside_furniture_that_has_it_too() -> None:
    receipt = judged(Watch(WatchId("w"), "", keywords=("Harlow",)), f"{PAGE}Read more: Harlow in winter\n")
    assert [(hit.span.text, hit.span.start) for hit in receipt.hits] == [("Harlow", PAGE.index("Harlow"))]


def test_an_exclusion_in_furniture_excludes_nothing() -> None:
    watch = Watch(WatchId("w"), "", keywords=("ferry",), none=("Berlin",))
    assert judged(watch, PAGE).matched
    assert not judged(watch, f"{PAGE}A team from Berlin will look at the wreck, the owner said on Tuesday.\n").matched


@pytest.mark.parametrize(
    "watch",
    [
        Watch(WatchId("w"), "", query="title:ferry AND Berlin"),
        Watch(WatchId("w"), "", query="opens NEAR/3 lock"),
        Watch(WatchId("w"), "", query="re:/Ber[a-z]+/"),
        Watch(WatchId("w"), "", names=("Berlin",)),
        Watch(WatchId("w"), "", query="Brus*"),
    ],
    ids=["and", "near", "expression", "name", "prefix"],
)
def test_no_kind_of_term_counts_in_furniture(watch: Watch) -> None:
    assert not judged(watch, PAGE).matched
    assert judged(watch, PAGE.replace("Read more: ", "").replace("Sign up for our newsletter", "A boat came")).matched


@pytest.mark.parametrize("term", ["ferry", "Harlow", "wreck", "Berlin", "Brussels", "newsletter", "winter"])
def test_furniture_taken_away_or_added_changes_no_verdict(term: str) -> None:
    watch = Watch(WatchId("w"), "", keywords=(term,))
    bare = PAGE.replace(FURNITURE, "")
    verdicts = [judged(watch, text).matched for text in (bare, PAGE, PAGE + FURNITURE, bare + FURNITURE)]
    assert len(set(verdicts)) == 1

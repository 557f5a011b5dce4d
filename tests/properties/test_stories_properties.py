from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from story_items import NOON, an_item
from tocsin.models.ids import DevelopmentId, StoryId
from tocsin.models.stories import Item
from tocsin.stories import Shelf, Signature, cluster, explain, signature_of
from tocsin.stories.numerals import numbers_of
from tocsin.stories.sketches import resemblance, sketch_of
from tocsin.stories.tokens import tokens_of

WORDS = st.sampled_from(
    ("Lusaka", "market", "fire", "kills", "12", "people", "minister", "Banda", "resigns", "after", "vote", "storm",
     "Malawi", "bridge", "strike", "pilots", "2-1", "Monday", "Tuesday;", ",", ".", "on", "in", "the", "300", "school")
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=60)


@st.composite
def items(draw: st.DrawFn, key: int = 1) -> Item:
    return an_item(
        key,
        draw(TEXTS),
        draw(TEXTS),
        outlet=draw(st.sampled_from(("one", "two", "three"))),
        language=draw(st.sampled_from(("en", "de", "ar", "ja", None, "xx"))),
        published_at=NOON + timedelta(hours=draw(st.integers(-200, 200))),
        url=draw(st.sampled_from(("", "https://a.test/1", "https://b.test/2?x=1")) | st.text(max_size=20)),
    )


LISTS = st.lists(items(), max_size=8).map(
    lambda made: [Item(key, one.outlet, one.language, one.published_at, one.title, one.text, one.url)
                  for key, one in enumerate(made, 1)]
)  # fmt: skip


def put_all(shelf: Shelf, signatures: list[Signature]) -> None:
    for signature in signatures:
        placement = shelf.place(signature)
        shelf.put(
            signature,
            placement.story or StoryId(signature.key),
            placement.development or DevelopmentId(signature.key),
        )


@settings(max_examples=40, deadline=None)
@given(item=items())
def test_any_article_has_a_signature_that_packs(item: Item) -> None:
    signature = signature_of(item)
    assert Signature.unpack(signature.pack()) == signature


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=200), language=st.sampled_from(("en", "de", "fr", "es", "ru", "ar", "it", "pt", "zh")))
def test_numbers_stand_in_the_tokens_in_order(text: str, language: str) -> None:
    tokens = list(tokens_of(text))
    ranges = [(number.start, number.end) for number in numbers_of(tokens, language)]
    assert all(0 <= start < end <= len(tokens) for start, end in ranges)
    assert all(end <= start for (_, end), (start, _) in pairwise(ranges))


@settings(max_examples=25, deadline=None)
@given(made=LISTS)
def test_an_archive_is_placed_whole_and_in_one_way(made: list[Item]) -> None:
    found = list(cluster(made))
    assert sorted(one.item.key for one in found) == [item.key for item in made]
    assert list(cluster(reversed(made))) == found


@settings(max_examples=25, deadline=None)
@given(made=LISTS, more=items(99))
def test_what_is_put_and_removed_leaves_no_trace(made: list[Item], more: Item) -> None:
    signatures = [signature_of(item) for item in made]
    shelf, other = Shelf(window=timedelta(days=90)), Shelf(window=timedelta(days=90))
    put_all(shelf, signatures)
    put_all(other, signatures)
    extra = signature_of(Item(98, "four", "en", NOON, "Fire kills 12 people in Lusaka market", "", ""))
    other.put(extra, StoryId(98), DevelopmentId(98))
    other.remove(98)
    asked = signature_of(more)
    assert other.place(asked) == shelf.place(asked)
    for signature in signatures:
        other.remove(signature.key)
    assert len(other) == 0


@settings(max_examples=25, deadline=None)
@given(made=LISTS)
def test_putting_twice_is_putting_once(made: list[Item]) -> None:
    shelf = Shelf(window=timedelta(days=90))
    signatures = [signature_of(item) for item in made]
    put_all(shelf, signatures)
    size = len(shelf)
    for signature in signatures:
        shelf.put(signature, StoryId(1), DevelopmentId(1))
    assert len(shelf) == size == len(made)


@settings(max_examples=25, deadline=None)
@given(one=items(1), other=items(2))
def test_any_two_articles_explain_themselves(one: Item, other: Item) -> None:
    score, evidence = explain(signature_of(one), signature_of(other))
    assert 0 <= score <= 1
    assert evidence


@given(
    words=st.lists(st.sampled_from("abcdefgh"), max_size=60), more=st.lists(st.sampled_from("abcdefgh"), max_size=60)
)
def test_texts_resemble_themselves_most_and_others_alike(words: list[str], more: list[str]) -> None:
    one, other = sketch_of(words), sketch_of(more)
    assert resemblance(one, other) == resemblance(other, one)
    assert resemblance(one, one) == (1.0 if one else 0.0)

from __future__ import annotations

import pytest

from matching_setup import matcher_of
from tocsin.matching.breadth import TOO_BROAD, asks_for_language_only, guessed_share, measured_shares
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch

W = WatchId("w")


@pytest.mark.parametrize(
    ("watch", "is_broad"),
    [
        (Watch(W, "", keywords=("siege", "the")), True),
        (Watch(W, "", keywords=("siege", "war")), False),
        (Watch(W, "", keywords=("IS", "IT", "WHO")), False),
        (Watch(W, "", keywords=("The",), regions=("Syria",)), False),
        (Watch(W, "", keywords=("that",), none=("football",)), True),
        (Watch(W, "", query="lang:en"), True),
        (Watch(W, "", query="lang:en AND siege"), False),
        (Watch(W, "", query="siege OR (lang:en AND the)"), True),
        (Watch(W, "", query="title:the"), False),
        (Watch(W, "", query="und"), True),
        (Watch(W, "", query="re:/./"), True),
        (Watch(W, "", query="siege OR re:/[a-z]+/"), True),
        (Watch(W, "", query="title:re:/[a-z]+/"), True),
        (Watch(W, "", query="title:re:/the/"), False),
        (Watch(W, "", query="re:/Hom[sz]/"), False),
        (Watch(W, "", query="siege AND re:/[0-9]/"), False),
        (Watch(W, "", query="url:http"), True),
        (Watch(W, "", query="url:https://"), True),
        (Watch(W, "", query="url:example.com"), False),
        (Watch(W, "", query="watch:broad"), True),
        (Watch(W, "", query="watch:broader AND NOT siege"), True),
        (Watch(W, "", query="watch:broad AND siege"), False),
        (Watch(W, "", query="watch:narrow OR watch:circle"), False),
        (Watch(W, "", query="siege AND (NOT the OR that)"), False),
    ],
)
def test_a_watch_is_broad_by_terms_that_stand_everywhere(watch: Watch, is_broad: bool) -> None:
    queries = {"broad": "re:/./", "broader": "watch:broad", "narrow": "siege", "circle": "watch:circle OR siege"}
    others = {WatchId(one): Watch(WatchId(one), "", query=query) for one, query in queries.items()}
    assert (guessed_share(watch, others) >= TOO_BROAD) is is_broad


@pytest.mark.parametrize(
    ("watch", "is_all"),
    [
        (Watch(W, "", query="lang:en"), True),
        (Watch(W, "", query="lang:en AND NOT football"), True),
        (Watch(W, "", query="siege OR (lang:(en OR de) AND NOT (football OR chess))"), True),
        (Watch(W, "", query="lang:en AND (NOT football OR siege)"), True),
        (Watch(W, "", query="lang:en AND siege"), False),
        (Watch(W, "", query="lang:en", regions=("Syria",)), False),
        (Watch(W, "", keywords=("siege",)), False),
    ],
)
def test_a_watch_by_language_alone_is_known(watch: Watch, is_all: bool) -> None:
    assert asks_for_language_only(watch) is is_all


def test_shares_are_measured_on_articles() -> None:
    matcher = matcher_of(Watch(W, "", keywords=("siege",)), Watch(WatchId("x"), "", keywords=("football",)))
    documents = [Document("", "A siege.", "en"), Document("", "Nothing.", "en")]
    assert measured_shares(matcher, documents) == {W: 0.5}

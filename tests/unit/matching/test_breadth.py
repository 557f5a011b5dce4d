from __future__ import annotations

import pytest

from matching_setup import matcher_of
from tocsin.matching.breadth import TOO_BROAD, guessed_share, measured_shares
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
    ],
)
def test_a_watch_is_broad_by_terms_that_stand_everywhere(watch: Watch, is_broad: bool) -> None:
    assert (guessed_share(watch) >= TOO_BROAD) is is_broad


def test_shares_are_measured_on_articles() -> None:
    matcher = matcher_of(Watch(W, "", keywords=("siege",)), Watch(WatchId("x"), "", keywords=("football",)))
    documents = [Document("", "A siege.", "en"), Document("", "Nothing.", "en")]
    assert measured_shares(matcher, documents) == {W: 0.5}

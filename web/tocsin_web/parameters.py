"""What a request may say: ids in paths and queries, checked before any page uses them."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request

from tocsin.models.health import HealthState
from tocsin.models.ids import ArticleId, FeedId, MatchId, StoryId, WatchId

_NUMBER = re.compile(r"[1-9][0-9]{0,18}", re.ASCII)
_LARGEST = 2**63 - 1
"""What the database can count to; SQLite's driver fails on more."""
_LAST_PAGE = 10**9


def article_id(request: Request) -> ArticleId:
    """Give the article's id from the path.

    Raises:
        HTTPException: 404, since no article can have such an id.

    """
    number = _number(request.path_params["id"])
    if number is None:
        raise HTTPException(404)
    return ArticleId(number)


def feed_id(request: Request) -> FeedId:
    """Give the feed's id from the path.

    Raises:
        HTTPException: 404, since no feed can have such an id.

    """
    number = _number(request.path_params["id"])
    if number is None:
        raise HTTPException(404)
    return FeedId(number)


def story_id(request: Request) -> StoryId:
    """Give the story's id from the path.

    Raises:
        HTTPException: 404, since no story can have such an id.

    """
    number = _number(request.path_params["id"])
    if number is None:
        raise HTTPException(404)
    return StoryId(number)


def watch_id(request: Request) -> WatchId:
    """Give the watch's id from the path.

    Raises:
        HTTPException: 404, since no watch can have such an id; PostgreSQL fails on U+0000.

    """
    name: str = request.path_params["id"]
    if not name.isprintable():
        raise HTTPException(404)
    return WatchId(name)


def before(request: Request) -> MatchId | None:
    """Give the match from the query after which a list goes on, None where it starts at the newest.

    Raises:
        HTTPException: 400, with what is wrong and what would be right.

    """
    given = request.query_params.getlist("before")
    if not given:
        return None
    number = _number(given[0]) if len(given) == 1 else None
    if number is None:
        raise HTTPException(
            400, "The parameter “before” must be given once and be the number of a match, as in ?before=120."
        )
    return MatchId(number)


def health_state(request: Request) -> HealthState | None:
    """Give the state from the query that feeds are to be in, None for any.

    Raises:
        HTTPException: 400, with the states that there are.

    """
    given = request.query_params.getlist("state")
    if not given:
        return None
    if len(given) > 1 or given[0] not in set(HealthState):
        raise HTTPException(400, f"The parameter “state” must be given once and be one of {', '.join(HealthState)}.")
    return HealthState(given[0])


def page_number(request: Request) -> int:
    """Give the number of the page from the query; 1 where none is asked for.

    Raises:
        HTTPException: 400, with what would be right.

    """
    given = request.query_params.getlist("page")
    if not given:
        return 1
    number = _number(given[0]) if len(given) == 1 else None
    if number is None or number > _LAST_PAGE:
        raise HTTPException(400, "The parameter “page” must be given once and be a number from 1, as in ?page=2.")
    return number


def _number(text: str) -> int | None:
    if not _NUMBER.fullmatch(text):
        return None
    number = int(text)
    return number if number <= _LARGEST else None

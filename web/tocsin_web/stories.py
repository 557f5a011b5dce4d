"""The pages ``/stories`` (those that run) and ``/stories/{id}`` (one of them, from its first report on)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tocsin.store.alert_log import alerts_of_story
from tocsin.store.dossiers import began_at
from tocsin.store.stories import articles_of_story, get_story, merged_stories, running_stories
from tocsin_web.alert_rows import alert_row
from tocsin_web.answers import Site
from tocsin_web.parameters import page_number, story_id
from tocsin_web.story_views import story_page_view, story_row
from tocsin_web.times import Clock
from tocsin_web.watches import watch_titles

LISTED = 50
LEAST_ARTICLES = 2
"""A story that one article tells is that article, which the list of matches has."""

RUNNING = timedelta(hours=24)
ARTICLES_SHOWN = 300
ALERTS_SHOWN = 200
"""Of those that were told, and of those that were not."""


@dataclass(frozen=True, slots=True)
class StoryPages:
    """The endpoints of both pages."""

    site: Site

    def stories(self, request: Request) -> Response:
        """List the stories of the last day, those that most outlets tell first, fifty a page."""
        house, clock, page = self.site.house, Clock(self.site.house.now()), page_number(request)
        offset = (page - 1) * LISTED
        with house.database.read() as connection:
            found = running_stories(
                connection, clock.now - RUNNING, limit=LISTED + 1, offset=offset, least_articles=LEAST_ARTICLES
            )
            began = began_at(connection, [story.id for story in found])
        rows = tuple(story_row(story, began.get(story.id, story.opened_at)) for story in found[:LISTED])
        return self.site.page("web/stories.html", clock=clock, rows=rows, page=page, has_more=len(found) > LISTED)

    def story(self, request: Request) -> Response:
        """Show a story; the address of one that was merged leads to the one that it is part of, for ever."""
        house, wanted = self.site.house, story_id(request)
        with house.database.read() as connection:
            story = get_story(connection, wanted)
            if story is None:
                raise HTTPException(
                    404, f"There is no story {wanted}. It may have been removed with the last of its articles."
                )
            if story.merged_into is not None:
                return RedirectResponse(f"{house.root}/stories/{story.merged_into}", status_code=308)
            articles = articles_of_story(connection, wanted, limit=ARTICLES_SHOWN)
            gone = merged_stories(connection, wanted)
            told = alerts_of_story(connection, wanted, told=True, limit=ALERTS_SHOWN)
            untold = alerts_of_story(connection, wanted, told=False, limit=ALERTS_SHOWN)
        titles = watch_titles(house.watchlist())
        alerts = [alert_row(one, titles) for one in (*told, *untold)]
        view = story_page_view(story, articles, alerts, gone, root=house.root)
        return self.site.page("web/story.html", view=view, limit=ALERTS_SHOWN)

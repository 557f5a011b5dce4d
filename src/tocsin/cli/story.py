"""`tocsin story list|show`: running stories, and why their articles are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.config import load_settings
from tocsin.errors import TocsinError
from tocsin.models.ids import StoryId
from tocsin.models.stories import MergedStory, Story, StoryArticle

if TYPE_CHECKING:
    import sqlalchemy as sa
    from rich.console import Console

story_app = typer.Typer(help="Look at stories: articles that tell of one thing, and why.", no_args_is_help=True)

LAST_NUMBER = 2**63 - 1
"""No database has numbers beyond, nor takes them in a question."""


class NoStoryError(TocsinError):
    """A story or an article that the command was asked about is not there, or not where it is said to be."""

    exit_code = 2


@story_app.command("list")
def list_stories(
    hours: Annotated[
        int, typer.Option(min=1, max=24 * 366, help="Those with an article of the last so many hours.")
    ] = 24,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="So many at most.")] = 20,
    singles: Annotated[bool, typer.Option("--singles", help="Those of one article, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """List the running stories, those that most outlets tell now first.

    Example: tocsin story list --hours 72 --limit 50
    """
    from tocsin.bootstrap import open_store
    from tocsin.cli.output import print_json
    from tocsin.store.database import database_now
    from tocsin.store.stories import running_stories

    database = open_store(load_settings())
    with database.read() as connection:
        since = database_now(connection) - timedelta(hours=hours)
        least = 1 if singles else 2
        found = running_stories(connection, since, limit=limit, least_articles=least)
    database.close()
    if as_json:
        print_json([asdict(story) for story in found])
    elif found:
        _print_list(found)
    else:
        typer.echo(
            f"No running stories in the last {hours} hours; --hours looks further back, --singles at single articles."
        )


@story_app.command()
def show(
    story: Annotated[int, typer.Argument(help="The story's number, as pages and mails show it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Show a story: its developments, their articles by time, and for each why it is in.

    The number of a story that was merged into another one shows that one. Exit code 2 when there is no such story.

    Example: tocsin story show 17
    """
    from tocsin.bootstrap import open_store
    from tocsin.cli.output import print_json
    from tocsin.store.stories import articles_of_story, merged_stories

    database = open_store(load_settings())
    with database.read() as connection:
        found = standing_story(connection, story)
        told, gone = articles_of_story(connection, found.id), merged_stories(connection, found.id)
    database.close()
    if as_json:
        print_json(_record(found, told, gone))
    else:
        _print_story(found, told, gone, asked_for=story)


def standing_story(connection: sa.Connection, number: int) -> Story:
    """Give the story that a number leads to now.

    Raises:
        NoStoryError: There is none.

    """
    from tocsin.store.stories import get_story, story_of

    leads_to = story_of(connection, StoryId(number)) if 0 < number <= LAST_NUMBER else None
    found = None if leads_to is None else get_story(connection, leads_to)
    if found is None:
        raise NoStoryError(f"there is no story {number}; `tocsin story list` shows the numbers of those that run")
    return found


def _print_list(found: Sequence[Story]) -> None:
    from rich.text import Text

    from tocsin.cli.output import console, short_time

    out = console()
    for story in found:
        out.print(Text.assemble((f"{story.id}  ", "dim"), (_headline(story.title, 110), "bold")))
        out.print(Text(f"    {_size(story)}, latest {short_time(story.latest_at)}"))


def _headline(title: str, limit: int = 200) -> str:
    from tocsin.rendering.clean import one_line

    return one_line(title, limit) or "(untitled)"


def _size(story: Story) -> str:
    from tocsin.rendering.words import count

    parts = (("article", story.articles), ("outlet", story.outlets), ("development", len(story.developments)))
    return ", ".join(count(noun, number) for noun, number in parts)


def _record(story: Story, told: Sequence[StoryArticle], gone: Sequence[MergedStory]) -> dict[str, Any]:
    from tocsin.rendering.placement_words import merged_openers, placement_words

    merged = merged_openers(told)
    articles = [
        {
            "id": one.article.id,
            "development": one.article.development_id,
            "outlet": one.article.outlet,
            "language": one.article.language,
            "published_at": one.article.published_at,
            "title": one.article.title,
            "url": one.article.url,
            "join": one.placement.join,
            "nearest": one.placement.nearest,
            "score": one.placement.score,
            "evidence": [asdict(piece) for piece in one.placement.evidence],
            "why": placement_words(one.placement, merged=one.article.id in merged),
        }
        for one in told
    ]
    counted = {"count": story.articles, "merged": [asdict(one) for one in gone]}
    return asdict(story) | counted | {"articles": articles}


def _print_story(story: Story, told: Sequence[StoryArticle], gone: Sequence[MergedStory], *, asked_for: int) -> None:
    from rich.text import Text

    from tocsin.cli.output import console, short_time
    from tocsin.rendering.clean import one_line
    from tocsin.rendering.placement_words import merged_openers

    out, merged = console(), merged_openers(told)
    if asked_for != story.id:
        out.print(Text(f"Story {asked_for} is part of story {story.id} now.", style="yellow"))
    out.print(Text.assemble((f"Story {story.id}: ", "dim"), (_headline(story.title), "bold")))
    first = told[0].article.published_at if told else story.opened_at
    span = f"first report {short_time(first)}, latest {short_time(story.latest_at)}"
    out.print(Text(f"{_size(story)}; {span}", style="dim"))
    for other in gone:
        out.print(Text(f"Story {other.id} was merged into this one: {one_line(other.because)}", style="dim"))
    for development in story.developments:
        here = [one for one in told if one.article.development_id == development.id]
        news = f" ({one_line('; '.join(development.news), 200)})" if development.news else ""
        out.print()
        out.print(Text(f"Development {development.number}: {_headline(development.title)}{news}", style="bold"))
        for one in here:
            _print_article(out, one, merged=one.article.id in merged)


def _print_article(out: Console, one: StoryArticle, *, merged: bool) -> None:
    from rich.text import Text

    from tocsin.cli.output import short_time
    from tocsin.rendering.clean import one_line
    from tocsin.rendering.placement_words import placement_words

    article, placement = one.article, one.placement
    outlet = one_line(article.outlet or article.feed_title, 60)
    language = f" [{article.language}]" if article.language else ""
    out.print(Text(f"  {short_time(article.published_at)}  {outlet}{language}: {_headline(article.title)}"))
    like = f", like article {placement.nearest}" if placement.nearest else ""
    out.print(Text(f"      article {article.id}{like}: {placement_words(placement, merged=merged)}", style="dim"))

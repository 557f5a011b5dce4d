"""`tocsin story merge|split|compare`: what the operator knows better than the machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.story import LAST_NUMBER, NoStoryError, standing_story
from tocsin.config import load_settings
from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.models.stories import Story

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tocsin.stories import Signature


def merge(
    stories: Annotated[list[int], typer.Argument(help="The numbers of the stories, two or more.", metavar="STORY...")],
    same_event: Annotated[
        bool, typer.Option("--same-event", help="They tell of one happening: one development, not several.")
    ] = False,
) -> None:
    """Make stories one: the oldest stays, and the numbers of the others lead there.

    Articles, developments, alerts and mutes go along; what was told is not told again. Exit code 2 when there is no
    such story.

    Example: tocsin story merge 17 23
    """
    from tocsin.bootstrap import open_store
    from tocsin.store.placements import lock_stories
    from tocsin.store.story_changes import merge_developments, merge_stories

    database = open_store(load_settings())
    with database.write() as connection:
        lock_stories(connection)
        found = {one.id: one for one in (standing_story(connection, number) for number in stories)}
        if same_event:
            _refuse_several(found.values())
        survivor = merge_stories(connection, found) if len(found) > 1 else None
        if survivor is not None and same_event:
            merge_developments(connection, [one.developments[0].id for one in found.values() if one.developments])
    database.close()
    if survivor is None:
        typer.echo("Nothing to do: that is one story.")
        return
    gone = [str(one) for one in found if one != survivor]
    typer.echo(f"Merged into story {survivor}: {', '.join(gone)}. `tocsin story split` undoes what was wrong.")


def split(
    story: Annotated[int, typer.Argument(help="The story's number.")],
    articles: Annotated[
        list[int], typer.Argument(help="The numbers of the articles to leave it.", metavar="ARTICLE...")
    ],
) -> None:
    """Move articles out of a story into a new one of their own; later articles do not glue the two again.

    Where the story was told, both count as told; where it is muted, both are. Exit code 2 when an article is not in
    the story, or none would stay.

    Example: tocsin story split 17 301 305
    """
    from tocsin.bootstrap import open_store
    from tocsin.rendering.words import count
    from tocsin.store.placements import lock_stories
    from tocsin.store.story_changes import split_story

    database = open_store(load_settings())
    with database.write() as connection:
        lock_stories(connection)
        found = standing_story(connection, story)
        ids = {_article_in(connection, found, number) for number in articles}
        if len(ids) == found.articles:
            raise NoStoryError(f"these are all articles of story {found.id}: leave one there at least")
        new = split_story(connection, found.id, ids)
    database.close()
    typer.echo(f"Story {new}: {count('article', len(ids))} from story {found.id}.")


def compare(
    one: Annotated[int, typer.Argument(help="The number of an article.")],
    other: Annotated[int, typer.Argument(help="The number of another one.")],
) -> None:
    """Say what speaks for and against two articles telling of one event, and what would be decided.

    They are compared alone, without the others of their stories. Exit code 0 when they would be one story, 1 when not,
    2 when there is no such article, or both are the same.

    Example: tocsin story compare 301 305
    """
    from tocsin.bootstrap import open_store
    from tocsin.rendering.placement_words import evidence_words, join_words
    from tocsin.stories import Shelf, explain

    if one == other:
        raise NoStoryError(f"article {one} is named twice; name two articles")
    database = open_store(load_settings())
    with database.read() as connection:
        first, second = sorted(
            (_signature(connection, one), _signature(connection, other)), key=lambda it: (it.at, it.key)
        )
    database.close()
    shelf = Shelf()
    shelf.put(first, StoryId(1), DevelopmentId(1))
    decided = shelf.place(second)
    likely, evidence = explain(second, first)
    is_one = decided.story is not None
    typer.echo(f"article {second.key} {join_words(decided.join) if is_one else 'opens a story of its own'}")
    typer.echo(f"  one event: {likely:.0%}; {evidence_words(evidence)}")
    if not is_one:
        raise typer.Exit(1)


def _refuse_several(found: Iterable[Story]) -> None:
    for one in found:
        if len(one.developments) > 1:
            several = f"story {one.id} has {len(one.developments)} developments, and which is the same is not said"
            raise NoStoryError(f"{several}; merge without --same-event")


def _article_in(connection: sa.Connection, story: Story, number: int) -> ArticleId:
    """Check that an article is in a story."""
    from tocsin.store.stories import story_article

    found = story_article(connection, ArticleId(number)) if 0 < number <= LAST_NUMBER else None
    if found is None:
        raise NoStoryError(f"there is no article {number} in any story; `tocsin story show {story.id}` lists its own")
    if found.article.story_id != story.id:
        home = found.article.story_id
        raise NoStoryError(
            f"article {number} is in story {home}; `tocsin story show {story.id}` lists those of {story.id}"
        )
    return found.article.id


def _signature(connection: sa.Connection, number: int) -> Signature:
    """Read what classifiers remember of an article."""
    from tocsin.store.placements import standing_placements
    from tocsin.stories import Signature, UnknownSignatureError

    found = standing_placements(connection, [ArticleId(number)]) if 0 < number <= LAST_NUMBER else {}
    if not found:
        raise NoStoryError(f"there is no article {number} in any story; the pages show each article's number")
    try:
        return Signature.unpack(found[ArticleId(number)].remembered.signature)
    except UnknownSignatureError as error:
        raise NoStoryError(
            f"article {number} was placed by another version of Tocsin, and cannot be compared"
        ) from error

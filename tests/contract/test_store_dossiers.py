from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from records import MINUTE, NOW, add_article, receipt, subscriber
from tocsin.models.articles import Article
from tocsin.models.digests import Digest, Window
from tocsin.models.dossiers import Dossier
from tocsin.models.ids import ArticleId, DevelopmentId, SubscriberId
from tocsin.models.stories import Evidence, EvidenceKind, Join, Placement
from tocsin.store import digests, matches, subscribers, tables
from tocsin.store.articles import get_article
from tocsin.store.database import Database
from tocsin.store.dossiers import dossier_of
from tocsin.store.owed import owe
from tocsin.store.subscriber_changes import sync_subscribers

EVIDENCE = Evidence(EvidenceKind.NAMES, ("Deir el-Zour",), 1.5)


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.write() as writing:
        yield writing


def window(number: int) -> Window:
    start = NOW + 60 * number * MINUTE
    return Window(start, start + 60 * MINUTE, date(2026, 3, 10), f"{13 + number}:00")


def open_story(connection: sa.Connection, *news: list[str]) -> tuple[int, list[int]]:
    """Enter a story with a development for each of the news."""
    opened = {"title": "Siege", "opened_at": NOW}
    story = sa.insert(tables.stories).values(**opened, latest_at=NOW).returning(tables.stories.c.id)
    story_id = connection.execute(story).scalar_one()
    developments = [
        connection.execute(
            sa.insert(tables.developments)
            .values(**opened, story_id=story_id, number=number, news=words)
            .returning(tables.developments.c.id)
        ).scalar_one()
        for number, words in enumerate(news, start=1)
    ]
    return story_id, developments


def put(connection: sa.Connection, key: str, story: int, development: int, hours_ago: int = 0) -> Article:
    """Store an article in a story, as one that joined by its names."""
    article = add_article(connection, key)
    where = {"story_id": story, "development_id": development, "published_at": NOW - 60 * hours_ago * MINUTE}
    connection.execute(
        sa.update(tables.articles).where(tables.articles.c.id == article.id).values(**where, outlet=f"{key}.example")
    )
    connection.execute(
        sa.insert(tables.placements).values(
            article_id=article.id,
            join_kind=Join.SAME_EVENT.value,
            nearest_id=1,
            score=0.75,
            evidence=[[EVIDENCE.kind.value, list(EVIDENCE.words), EVIDENCE.weight]],
            signature=b"s",
            placed_at=NOW,
        )
    )
    found = get_article(connection, article.id)
    assert found is not None
    return found


def close(connection: sa.Connection, number: int, articles: list[Article], state: str | None = "sent") -> Digest:
    """Close a window over these articles; ``state`` is that of its mail, None for none."""
    [stored] = subscribers.active_subscribers(connection)
    new = matches.save_matches(connection, [(article.id, receipt()) for article in articles], window(number).start_at)
    owe(connection, [match.id for match in new])
    token = f"token {number}"
    digest_id = digests.close_window(connection, stored, window(number), token=token, coverage=None, now=NOW)
    if state is not None:
        mail = {"kind": "digest", "channel": "mail", "target": "zoe@example.org", "digest_id": digest_id}
        connection.execute(
            sa.insert(tables.deliveries).values(
                **mail, key=token, message_id=token, state=state, attempts=0, created_at=NOW, next_attempt_at=NOW
            )
        )
    found = digests.find_digest(connection, token)
    assert found is not None
    return found


def join(connection: sa.Connection) -> SubscriberId:
    sync_subscribers(connection, [subscriber()], NOW)
    [stored] = subscribers.active_subscribers(connection)
    return stored.id


def test_a_dossier_has_the_story_with_its_developments_its_beginning_and_how_the_articles_came(
    connection: sa.Connection,
) -> None:
    story, [first, second] = open_story(connection, [], ["new place: Homs"])
    put(connection, "one", story, first, hours_ago=30)
    article = put(connection, "two", story, second)
    dossier = dossier_of(connection, [article])
    known = dossier.stories[article.story_id]  # type: ignore[index]  # it is in one
    assert [(one.id, one.number, one.news) for one in known.developments] == [
        (first, 1, ()),
        (second, 2, ("new place: Homs",)),
    ]
    assert (known.articles, known.outlets) == (2, 2)
    assert dossier.began_at == {story: NOW - 30 * 60 * MINUTE}
    assert dossier.placements == {
        article.id: Placement(Join.SAME_EVENT, nearest=ArticleId(1), score=0.75, evidence=(EVIDENCE,))
    }
    assert dossier.told == {}


def test_of_articles_in_no_story_nothing_is_known(connection: sa.Connection) -> None:
    assert dossier_of(connection, [add_article(connection)]) == Dossier()
    assert dossier_of(connection, []) == Dossier()


def test_what_earlier_digests_told_of_a_story_is_known_with_when_the_first_did(connection: sa.Connection) -> None:
    join(connection)
    story, [first, second] = open_story(connection, [], [])
    one = close(connection, 0, [put(connection, "one", story, first)])
    two = close(connection, 1, [put(connection, "two", story, second)])
    last = put(connection, "three", story, second)
    three = close(connection, 2, [last])
    told = {digest.token: dossier_of(connection, [last], digest).told for digest in (one, two, three)}
    telling = frozenset({DevelopmentId(first)})
    both = frozenset({DevelopmentId(first), DevelopmentId(second)})
    assert told == {"token 0": {}, "token 1": {story: telling}, "token 2": {story: both}}


@pytest.mark.parametrize(("state", "is_told"), [("sent", True), ("pending", True), ("failed", False), (None, False)])
def test_a_digest_that_could_not_be_mailed_told_nothing(
    connection: sa.Connection, state: str | None, is_told: bool
) -> None:
    join(connection)
    story, [first] = open_story(connection, [])
    close(connection, 0, [put(connection, "one", story, first)], state)
    article = put(connection, "two", story, first)
    assert bool(dossier_of(connection, [article], close(connection, 1, [article])).told) == is_told


def test_what_another_reader_was_told_is_not_known(connection: sa.Connection) -> None:
    join(connection)
    story, [first] = open_story(connection, [])
    close(connection, 0, [put(connection, "one", story, first)])
    article = put(connection, "two", story, first)
    digest = close(connection, 1, [article])
    earlier = tables.digests.c.id != digest.id
    connection.execute(sa.update(tables.digests).where(earlier).values(subscriber_id=another_reader(connection)))
    assert dossier_of(connection, [article], digest).told == {}


def another_reader(connection: sa.Connection) -> int:
    sync_subscribers(connection, [subscriber(), subscriber("omar@example.org")], NOW)
    return max(stored.id for stored in subscribers.active_subscribers(connection))


def test_hundreds_of_stories_are_read_in_parts(connection: sa.Connection) -> None:
    rows = [{"title": "Siege", "opened_at": NOW, "latest_at": NOW} for _ in range(501)]
    connection.execute(sa.insert(tables.stories), rows)
    ids = connection.execute(sa.select(tables.stories.c.id)).scalars().all()
    article = add_article(connection)
    of = [in_story(article, number, story) for number, story in enumerate(ids)]
    assert set(dossier_of(connection, of).stories) == set(ids)


def in_story(article: Article, number: int, story: int) -> Article:
    return replace(article, id=ArticleId(number), story_id=story)  # type: ignore[arg-type]  # ids as the database gives them

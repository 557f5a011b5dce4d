from __future__ import annotations

from datetime import timedelta

from records import NOW
from running_story import add_running_story
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import DigestId, WatchId
from tocsin.store.database import Database
from tocsin.store.overview import (
    DigestFigures,
    digest_figures,
    next_check_at,
    watch_is_known,
)
from tocsin_web.app import build_app
from web_client import ask, house_on
from web_filling import fill
from web_samples import EURO, TOKEN


def test_a_watch_is_known_by_what_it_matched(database: Database) -> None:
    fill(database)
    with database.read() as connection:
        known = [watch_is_known(connection, WatchId(name)) for name in ("floods", EURO.id, "berlin", "nobody")]
    assert known == [True, True, False, False]


def test_the_next_check_is_the_earliest_of_all_active_feeds(database: Database) -> None:
    with database.read() as connection:
        assert next_check_at(connection) is None
    fill(database)
    with database.read() as connection:
        assert next_check_at(connection) == NOW + timedelta(minutes=20)


def test_the_figures_of_digests_leave_withdrawn_matches_out(database: Database) -> None:
    filled = fill(database)
    other = DigestId(filled.digest + 1)
    with database.read() as connection:
        assert digest_figures(connection, [filled.digest, other]) == {
            filled.digest: DigestFigures(10, DeliveryState.SENT),
            other: DigestFigures(0, None),
        }
        assert digest_figures(connection, []) == {}


PATHS = (
    "/",
    "/watches/ports",
    "/watches/islamic-state",
    "/stories",
    "/stories/{story}",
    "/articles/{article}",
    "/feeds",
    "/digests",
    f"/digests/{TOKEN}",
    "/deliveries",
)


def test_the_pages_are_the_same_on_every_database(sqlite: Database, postgres: Database) -> None:
    pages: list[list[tuple[int, list[str]]]] = []
    for database in (sqlite, postgres):
        fill(database)
        with database.write() as connection:
            story = add_running_story(connection)
        app = build_app(house_on(database))
        paths = [path.format(story=story.id, article=story.articles["pontoon"]) for path in PATHS]
        # Databases sort titles by different rules of languages.
        pages.append([(answer.status, sorted(answer.text)) for answer in (ask(app, path) for path in paths)])
    assert {status for status, _ in pages[0]} == {200}
    assert [path for path, *both in zip(PATHS, *pages, strict=True) if both[0] != both[1]] == []

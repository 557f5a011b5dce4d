from __future__ import annotations

from datetime import timedelta

import pytest

from records import NOW
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import DigestId, WatchId
from tocsin.store.database import Database
from tocsin.store.matches import get_match, latest_matches
from tocsin.store.overview import (
    DigestFigures,
    digest_figures,
    next_check_at,
    watch_is_known,
)
from tocsin_web.app import build_app
from web_client import ask, house_on
from web_filling import fill
from web_samples import EURO, PORTS, TOKEN


def test_the_matches_before_one_are_the_rest_of_the_list(database: Database) -> None:
    fill(database)
    with database.read() as connection:
        found = latest_matches(connection, PORTS.id, limit=100)
        rest = latest_matches(connection, PORTS.id, before=found[1], limit=2)
        after_last = latest_matches(connection, PORTS.id, before=found[-1], limit=2)
    assert len(found) == 5
    assert rest == found[2:4]
    assert after_last == []


def test_a_withdrawn_match_is_not_before_any(database: Database) -> None:
    filled = fill(database)
    with database.read() as connection:
        newest = get_match(connection, filled.matches["relief", WatchId("syria")])
        assert newest is not None
        assert latest_matches(connection, WatchId("syria"), before=newest, limit=10) == []


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


@pytest.mark.parametrize("path", ["/", "/watches/ports", "/feeds", "/digests", f"/digests/{TOKEN}", "/deliveries"])
def test_a_page_is_the_same_on_every_database(sqlite: Database, postgres: Database, path: str) -> None:
    fill(sqlite)
    fill(postgres)
    pages = [ask(build_app(house_on(database)), path) for database in (sqlite, postgres)]
    assert pages[0].status == 200
    # Databases sort titles by different rules of languages.
    assert sorted(pages[0].text) == sorted(pages[1].text)

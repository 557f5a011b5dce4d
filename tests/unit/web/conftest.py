"""The application on a filled house, asked without a socket."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tocsin.store.database import Database
from tocsin_web.app import build_app
from web_client import Answer, ask, house_on
from web_filling import Filled, fill

Get = Callable[..., Answer]


@pytest.fixture
def filled(sqlite: Database) -> Filled:
    return fill(sqlite)


@pytest.fixture
def get(filled: Filled, sqlite: Database) -> Get:  # noqa: ARG001 -- the pages are of a filled database
    """Ask for a path; further arguments are fields of the house."""

    def asked(path: str, *, method: str = "GET", headers: dict[str, str] | None = None, **house: object) -> Answer:
        return ask(build_app(house_on(sqlite, **house)), path, method=method, headers=headers)

    return asked

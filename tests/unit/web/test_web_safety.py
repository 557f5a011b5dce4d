from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterable

import pytest

from page_reader import every, links
from tocsin.errors import StoreError
from tocsin.rendering.links import safe_link
from tocsin.store.database import Database
from tocsin_web.app import build_app
from tocsin_web.security import POLICY
from web_client import ask, house_on, served
from web_filling import Filled, fill
from web_samples import TOKEN

PAGES = (
    "/",
    "/watches/ports",
    "/watches/islamic-state",
    "/stories",
    "/stories/1",
    "/feeds",
    "/digests",
    "/deliveries",
    f"/digests/{TOKEN}",
)
ANSWERS = (*PAGES, "/healthz", "/readyz", "/favicon.ico", "/nothing-here", "/watches/ports?before=x", "/articles/1")


def all_pages(filled: Filled) -> list[str]:
    stories = (f"/stories/{number}" for number in range(1, len(filled.articles) + 1))
    return [*PAGES, *stories, *(f"/articles/{article}" for article in filled.articles.values()), "/nothing<script>here"]


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_carries_the_security_headers(sqlite: Database, path: str) -> None:
    fill(sqlite)
    headers = ask(build_app(house_on(sqlite)), path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert "cache-control" in headers


def test_the_policy_allows_no_script_no_form_and_no_frame() -> None:
    assert POLICY == (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    )


def test_what_is_private_is_never_stored_and_what_is_hashed_is_kept_for_ever(sqlite: Database) -> None:
    fill(sqlite)
    app = build_app(house_on(sqlite))
    sheet = next(node.attributes["href"] for node in every(ask(app, "/").text, "link[rel=stylesheet]"))
    kept = {
        path: ask(app, path).headers["cache-control"] for path in (f"/digests/{TOKEN}", "/digests", "/", str(sheet))
    }
    assert kept == {
        f"/digests/{TOKEN}": "no-store",
        "/digests": "no-store",
        "/": "private, no-cache",
        str(sheet): "public, max-age=31536000, immutable",
    }


def test_nothing_from_a_feed_becomes_an_element(filled: Filled, sqlite: Database) -> None:
    app = build_app(house_on(sqlite))
    for path in all_pages(filled):
        html = ask(app, path).text
        assert every(html, "script, iframe, object, embed, form, base, img, meta[http-equiv]") == [], path
        assert [name for node in every(html, "*") for name in node.attributes if name.startswith("on")] == [], path


def test_every_link_leads_inside_or_to_http_and_tells_nobody_where_it_was(filled: Filled, sqlite: Database) -> None:
    app = build_app(house_on(sqlite))
    for path in all_pages(filled):
        html = ask(app, path).text
        outward = [link for link in links(html) if not link.startswith(("/", "#"))]
        assert [link for link in outward if not safe_link(link)] == [], path
        assert every(html, "[target]") == [], path
        if not path.endswith(TOKEN):  # the mail's own body; the header no-referrer covers it
            rels = {node.attributes.get("rel") for node in every(html, 'a[href^="http"]')}
            assert rels <= {"noopener noreferrer nofollow"}, path


def test_characters_that_reorder_or_end_a_line_are_not_shown(filled: Filled, sqlite: Database) -> None:
    app = build_app(house_on(sqlite))
    for path in all_pages(filled):
        assert not set(ask(app, path).text) & set("\x00\u202e\u2066\u202d"), path


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/feeds", "/digests/x", "/healthz", "/articles/1"])
def test_a_page_can_only_be_read(sqlite: Database, path: str, method: str) -> None:
    answer = ask(build_app(house_on(sqlite)), path, method=method)
    assert answer.status == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert answer.headers["content-security-policy"] == POLICY


def test_no_link_is_built_from_the_host_header(filled: Filled, sqlite: Database) -> None:
    app = build_app(house_on(sqlite))
    asked = {"host": "evil.test", "x-forwarded-host": "evil.test", "forwarded": "host=evil.test"}
    for path in all_pages(filled):
        answer = ask(app, path, headers=asked)
        assert "evil.test" not in answer.text + str(answer.headers), path


def test_links_start_with_the_path_of_the_base_url(filled: Filled, sqlite: Database) -> None:
    app = build_app(house_on(sqlite, base_url="https://example.org/tocsin/"))
    for path in ("/", f"/articles/{filled.articles['relief']}", "/watches/ports", "/feeds"):
        inside = [link for link in links(ask(app, path).text) if link.startswith("/")]
        assert inside
        assert [link for link in inside if not link.startswith("/tocsin/")] == []


def test_a_fault_of_ours_is_a_page_without_its_cause_and_with_all_headers(sqlite: Database) -> None:
    def broken() -> None:
        raise ZeroDivisionError("secret cause")

    house = house_on(sqlite, watchlist=broken)
    with served(build_app(house)) as address:
        status, headers, text = _fetch(f"{address}/")
    assert status == 500
    assert headers["content-security-policy"] == POLICY
    assert "This page could not be made" in text
    assert "secret cause" not in text


def test_a_database_that_fails_is_told_with_the_remedy(sqlite: Database) -> None:
    with sqlite.write() as connection:
        connection.exec_driver_sql("DROP TABLE processes")
    answer = ask(build_app(house_on(sqlite)), "/")
    assert answer.status == 503
    assert "run <code>tocsin db upgrade</code>" in answer.text
    assert answer.headers["retry-after"] == "30"
    with pytest.raises(StoreError), sqlite.read() as connection:
        connection.exec_driver_sql("SELECT * FROM processes")


def _small(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def _fetch(address: str) -> tuple[int, dict[str, str], str]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 -- our own server
            return answer.status, _small(answer.headers.items()), answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, _small(error.headers.items()), error.read().decode()

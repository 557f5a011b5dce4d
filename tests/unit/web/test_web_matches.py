from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from page_reader import every, links, shown, texts
from records import NOW
from tocsin.errors import Fault
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch
from tocsin.store.database import Database
from tocsin_web.app import build_app
from web_client import Answer, ask, house_on
from web_filling import Filled, add_matches, fill
from web_samples import ARABIC_TITLE, EURO, SCRIPT_TITLE, sample_watchlist

Get = Callable[..., Answer]

FAULT = Fault("/etc/tocsin/watchlist.yaml", 12, 5, "unknown key 'keyword'; did you mean 'keywords'?")


def test_watches_stand_in_the_order_of_the_watchlist(get: Get) -> None:
    assert texts(get("/").text, "section h2") == [
        "Islamic State",
        "Syria",
        "Ports <script>alert('watch')</script>",
        "The euro",
        "Berlin",
    ]


def test_matches_of_a_watch_come_newest_first_and_link_to_their_sources(get: Get) -> None:
    section = every(get("/").text, "main section")[0].html or ""
    assert texts(section, "h3") == ["Relief column reaches Deir el-Zour", ARABIC_TITLE]
    assert links(section)[1:3] == ["https://wire.example/relief?from=feed&lang=en", "/articles/1"]
    assert texts(section, "mark")[:2] == ["Islamic State", "IS"]
    assert texts(section, ".chip.term")[:2] == ["Islamic State", "IS"]


def test_a_title_without_a_safe_address_is_no_link(get: Get) -> None:
    headlines = {" ".join(node.text().split()): links(node.html or "") for node in every(get("/").text, "h3")}
    assert headlines[SCRIPT_TITLE] == []


def test_a_withdrawn_match_is_not_listed(get: Get) -> None:
    assert texts(every(get("/").text, "main section")[1].html or "", "h3") == ["Relief column reaches Deir el-Zour"]


def test_a_quiet_watch_says_when_it_last_matched(get: Get) -> None:
    notes = texts(get("/").text, ".head p")
    assert notes[3] == (
        "interest rate, inflation — no matches in the last 24 hours; the last one Sat 7 Mar, 04:00 (3 days ago)"
    )
    assert notes[4] == "any article about Berlin — no matches in the last 24 hours; nothing has matched yet"


def test_foreign_text_has_its_language_and_direction(get: Get) -> None:
    story = every(get("/").text, "article.story")[1]
    assert (story.attributes["lang"], story.attributes["dir"]) == ("ar", "rtl")


def test_without_matches_the_page_says_when_feeds_are_read(sqlite: Database) -> None:
    fill(sqlite)
    with sqlite.write() as connection:
        for table in ("digest_items", "alerts", "deliveries", "digests", "matches"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 -- five names that stand here
    text = shown(ask(build_app(house_on(sqlite)), "/").text)
    assert (
        "No matches yet. Each feed is read as often as its own rhythm asks for; "
        "the next one at Tue 10 Mar, 12:20 (in 20 minutes)."
    ) in text


def test_without_a_watchlist_the_page_names_the_command_that_writes_one(get: Get) -> None:
    text = shown(get("/", watchlist=lambda: None).text)
    assert text.startswith("No watchlist yet. Nothing is watched. tocsin init writes a small watchlist to begin with.")


def test_a_faulty_watchlist_is_told_on_every_page(get: Get) -> None:
    for path in ("/", "/feeds", "/articles/1", "/nothing"):
        text = shown(get(path, faults=lambda: (FAULT,)).text)
        assert (
            "The watchlist has 1 fault. The last good version of watchlist.yaml (0123456789ab) stays in force." in text
        )
        assert "watchlist.yaml:12:5: unknown key 'keyword'; did you mean 'keywords'?" in text
        assert "/etc/tocsin" not in text


def test_of_many_faults_the_first_ten_are_told(get: Get) -> None:
    html = get("/", faults=lambda: (FAULT,) * 25).text
    assert texts(html, ".notice li")[9:] == [
        "watchlist.yaml:12:5: unknown key 'keyword'; did you mean 'keywords'?",
        "and 15 more; tocsin check lists them all",
    ]


def test_a_scheduler_unseen_for_more_than_a_minute_is_told(get: Get) -> None:
    assert "The scheduler has not been seen" not in shown(get("/", now=lambda: NOW + timedelta(seconds=55)).text)
    text = shown(get("/", now=lambda: NOW + timedelta(seconds=56)).text)
    assert "Nothing new is read. The scheduler has not been seen since Tue 10 Mar, 11:59 (1 minute ago)." in text


def test_the_first_page_stays_small_however_many_watches_there_are(sqlite: Database) -> None:
    fill(sqlite)
    with sqlite.write() as connection:
        add_matches(connection, 12)
    watches = tuple(replace(EURO, id=EURO.id, title=f"Euro {i}") for i in range(25))
    answer = ask(build_app(house_on(sqlite, watchlist=lambda: replace(sample_watchlist(), watches=watches))), "/")
    assert [len(every(node.html or "", "article")) for node in every(answer.text, "main section")] == [10] * 20 + [
        0
    ] * 5


def test_the_matches_of_a_watch_are_paged_by_a_hundred_without_gap_or_repeat(sqlite: Database) -> None:
    fill(sqlite)
    with sqlite.write() as connection:
        add_matches(connection, 250)
    app = build_app(house_on(sqlite))
    path, pages = "/watches/euro", []
    while path:
        html = ask(app, path).text
        pages.append(texts(html, "h3"))
        path = next((link for link in links(html) if "?before=" in link), "")
    reports = [f"Inflation report {number}" for number in reversed(range(250))]
    assert [len(page) for page in pages] == [100, 100, 51]
    assert [title for page in pages for title in page] == [*reports, "Interest rate left alone"]


def test_matches_of_the_same_moment_are_paged_by_their_number(sqlite: Database) -> None:
    fill(sqlite)
    with sqlite.write() as connection:
        add_matches(connection, 120)
        connection.exec_driver_sql("UPDATE matches SET matched_at = (SELECT min(matched_at) FROM matches)")
    app = build_app(house_on(sqlite))
    first = ask(app, "/watches/euro").text
    second = ask(app, next(link for link in links(first) if "?before=" in link)).text
    assert len({*texts(first, "h3"), *texts(second, "h3")}) == 121


def test_a_removed_watch_keeps_its_page(get: Get) -> None:
    answer = get("/watches/floods")
    assert answer.status == 200
    assert "This watch is no longer in the watchlist." in shown(answer.text)
    assert texts(answer.text, "h3") == ["Flood recedes"]


def test_a_watch_that_never_matched_has_a_page_that_helps(get: Get) -> None:
    assert "Nothing has matched yet. To see whether the watch catches a sentence: tocsin watch test --watch berlin" in (
        shown(get("/watches/berlin").text)
    )


def test_an_unknown_watch_is_not_found(get: Get) -> None:
    answer = get("/watches/<b>nobody")
    assert answer.status == 404
    assert "No watch of that name is in the watchlist" in shown(answer.text)


def test_a_name_that_no_watch_can_have_is_not_asked_for_in_the_database(get: Get) -> None:
    answer = get("/watches/euro%00")
    assert answer.status == 404
    assert "There is nothing at this address." in shown(answer.text)


def test_a_faulty_parameter_is_refused_with_what_would_be_right(get: Get) -> None:
    for query in (
        "before=x",
        "before=",
        "before=-1",
        "before=0",
        "before=9" + "9" * 18,
        "before=1&before=2",
        "before=٣",
    ):
        answer = get(f"/watches/euro?{query}")
        assert answer.status == 400, query
        assert "must be given once and be the number of a match, as in ?before=120." in shown(answer.text)


def test_a_parameter_that_names_a_match_of_another_watch_is_refused(filled: Filled, get: Get) -> None:
    other = filled.matches["relief", WatchId("syria")]
    for number in (other, 999_999):
        answer = get(f"/watches/euro?before={number}")
        assert answer.status == 400
        assert f"The parameter “before” names {number}, which is no match of this watch." in shown(answer.text)


def test_an_id_of_a_watch_is_quoted_in_links(sqlite: Database) -> None:
    odd = Watch(WatchId("ü&?b"), "Odd", keywords=("odd",))
    house = house_on(sqlite, watchlist=lambda: replace(sample_watchlist(), watches=(odd,)))
    assert "/watches/%C3%BC%26%3Fb" in links(ask(build_app(house), "/").text)

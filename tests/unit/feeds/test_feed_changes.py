from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from tocsin.feeds.backlog import GRACE
from tocsin.feeds.dedupe import Findings, Update, compare, without_copies
from tocsin.feeds.keys import content_hash, key_of, with_unique_keys
from tocsin.feeds.kinship import EDITION, MASS, Past
from tocsin.models.feeds import Entry
from tocsin.models.identity import KnownArticle, PrunedEntry, short_content_hash, short_hash
from tocsin.models.ids import ArticleId

ENTRY = Entry(
    key="1",
    url="https://wire.example/1",
    title="The siege is broken",
    text="",
    author=None,
    language=None,
    published_at=None,
    published_raw=None,
    content_hash="a",
)
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
OLDEST = NOW - 90 * DAY
READ_AT = NOW - timedelta(hours=1)
OLD = OLDEST - DAY


def told(
    name: str, *, key: str = "", url: str = "", words: str = "", title: str = "", at: datetime | None = NOW - DAY
) -> Entry:
    """An entry, the whole of which comes from its name; a parameter changes one part."""
    title = title or f"Title {words or name}"
    text = f"Text {words or name}"
    return Entry(
        key=key or name,
        url=url or f"https://wire.example/{name}",
        title=title,
        text=text,
        author=None,
        language=None,
        published_at=at,
        published_raw=None if at is None else at.isoformat(),
        content_hash=sha256(f"{title}\0{text}".encode()).hexdigest(),
    )


def stored(entry: Entry) -> KnownArticle:
    return KnownArticle(
        id=ArticleId(1),
        key=entry.key,
        url=entry.url,
        title=entry.title,
        content_hash=entry.content_hash,
        published_at=entry.published_at or NOW - DAY,
        published_raw=entry.published_raw,
    )


def pruned(entry: Entry) -> PrunedEntry:
    return PrunedEntry(short_hash(entry.key), short_hash(entry.url), short_content_hash(entry.content_hash))


def past(*before: Entry, gone: tuple[Entry, ...] = ()) -> Past:
    """A feed that was read an hour ago, when it had these entries."""
    return Past(
        hashes={},
        oldest=OLDEST,
        read_at=READ_AT,
        akin=[stored(entry) for entry in before],
        pruned=[pruned(entry) for entry in gone],
    )


def known(*before: Entry, **changes: object) -> Past:
    """The same feed, of which the document shows all under their ids; ``changes`` are of the articles."""
    articles = {entry.key: replace(stored(entry), **changes) for entry in before}  # type: ignore[arg-type]  # fields of KnownArticle
    return Past({entry.key: entry.content_hash for entry in before}, OLDEST, READ_AT, changed=articles)


def many(count: int, **changes: str) -> list[Entry]:
    """Entries 0, 1, 2 ...; in each change ``{}`` stands for the number."""
    return [told(str(number), **{k: v.format(number) for k, v in changes.items()}) for number in range(count)]  # type: ignore[arg-type]  # all of them are text


def test_an_entry_is_known_by_its_id_else_its_link_else_its_words() -> None:
    assert key_of(" id ", "https://a.example", "h") == "id"
    assert key_of("", "https://a.example", "h") == "https://a.example"
    assert key_of("", "", "h") == "sha256:h"


def test_a_long_key_is_hashed() -> None:
    assert key_of("x" * 251, "", "").startswith("sha256:")
    assert len(key_of("x" * 10_000, "", "")) < 80


def test_title_and_text_are_kept_apart_in_the_hash() -> None:
    assert content_hash("ab", "c") != content_hash("a", "bc")


def test_a_copy_within_the_document_collapses() -> None:
    assert with_unique_keys([ENTRY, ENTRY, replace(ENTRY, key="2")]) == (ENTRY, replace(ENTRY, key="2"))


def test_entries_under_one_id_with_different_links_are_all_kept() -> None:
    other = replace(ENTRY, url="https://wire.example/2")
    assert [entry.key for entry in with_unique_keys([ENTRY, other, ENTRY])] == [
        "1\nhttps://wire.example/1",
        "1\nhttps://wire.example/2",
    ]


def test_entries_under_one_id_and_link_with_different_titles_are_all_kept() -> None:
    other = replace(ENTRY, title="Another story")
    assert [entry.key for entry in with_unique_keys([ENTRY, other])] == ["1\nThe siege is broken", "1\nAnother story"]


def test_new_and_changed_entries_are_told_from_known_ones() -> None:
    first, second, third = told("1"), told("2"), told("3")
    changed = told("2", words="other")
    assert compare([first, changed, third], known(first, second)) == Findings(
        new=(third,), updates=(Update(stored(second), changed, is_revised=True),)
    )


def test_an_entry_that_left_the_feed_is_no_change() -> None:
    assert compare([], known(told("1"))) == Findings()


def test_entries_that_differ_in_their_ids_alone_are_one_and_the_known_one_stays() -> None:
    one, copy = told("1"), told("1", key="copy")
    assert without_copies([one, copy], {}) == (one,)
    assert without_copies([one, copy], {"copy": "hash"}) == (copy,)
    assert without_copies([one, copy], {"1": "hash", "copy": "hash"}) == (one, copy)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(told("1", key="2", at=NOW), id="another date"),
        pytest.param(told("1", key="2", url="https://wire.example/2"), id="another link"),
        pytest.param(told("1", key="2", words="other"), id="other words"),
    ],
)
def test_entries_that_differ_in_more_than_their_ids_are_two(other: Entry) -> None:
    assert without_copies([told("1"), other], {}) == (told("1"), other)


@pytest.mark.parametrize(
    ("now", "is_revised"),
    [
        pytest.param(told("1", key="new"), False, id="same link and words"),
        pytest.param(told("1", key="new", at=NOW), False, id="same link and words, another date"),
        pytest.param(told("1", key="new", url="https://new.example/1"), False, id="same words and date"),
        pytest.param(told("1", key="new", words="other"), True, id="same link and date"),
        pytest.param(
            told("1", key="new", words="x", title="Title 1", at=READ_AT - DAY), True, id="same link and title"
        ),
        pytest.param(told("1", key="new", url="https://new.example/1", at=None), False, id="same words, no date"),
    ],
)
def test_an_entry_with_a_new_id_is_the_article_that_it_was(now: Entry, is_revised: bool) -> None:
    found = compare([now], past(told("1")))
    assert found == Findings(updates=(Update(stored(told("1")), now, is_revised=is_revised),))


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(told("1", key="new", url="https://wire.example/2", at=NOW), id="the same words of another day"),
        pytest.param(told("1", key="new", words="other", at=NOW), id="a link that gets another text each day"),
    ],
)
def test_an_entry_that_shares_something_with_an_article_may_be_another_one(now: Entry) -> None:
    assert compare([now], past(told("1"))) == Findings(new=(now,))


@pytest.mark.parametrize("url", ["https://wire.example/", "https://wire.example"])
def test_the_link_of_a_front_page_identifies_nothing(url: str) -> None:
    now = told("2", url=url, title="Weather")
    assert compare([now], past(told("1", url=url, title="Weather"))) == Findings(new=(now,))


def test_a_link_of_several_articles_identifies_none_of_them() -> None:
    blog = "https://wire.example/live"
    posts = [told(name, url=blog, title="Live") for name in ("1", "2")]
    now = told("3", url=blog, title="Live")
    assert compare([now], past(*posts)) == Findings(new=(now,))


def test_the_same_words_under_a_link_of_several_articles_are_told_again_on_another_day() -> None:
    page = "https://alerts.example/live"
    before = [told(name, url=page) for name in ("north", "south")]
    now = told("3", url=page, words="north", at=NOW)
    assert compare([now], past(*before)).new == (now,)


def test_an_article_that_is_shown_under_its_own_id_is_no_other_entry() -> None:
    one, now = told("1"), told("1", key="new", words="other")
    both = Past({"1": one.content_hash}, OLDEST, READ_AT, akin=[stored(one)])
    assert compare([one, now], both).new == (now,)


def test_an_article_becomes_one_entry_at_most() -> None:
    entries = [told("1", key=key, url=f"https://new.example/{key}", at=None) for key in ("a", "b")]
    found = compare(entries, past(told("1")))
    assert [update.entry.key for update in found.updates] == ["a"]
    assert found.new == (entries[1],)


def test_a_feed_that_changes_all_its_ids_at_once_brings_nothing_new() -> None:
    before, after = many(30), many(30, key="new-{}")
    assert compare(after, past(*before)) == Findings(
        updates=tuple(Update(stored(was), entry, is_revised=False) for was, entry in zip(before, after, strict=True)),
        note="30 entries with new ids but known words or links: taken as the same articles",
    )


@pytest.mark.parametrize(
    "moved",
    [
        pytest.param({"key": "new-{}", "url": "https://new.example/{}"}, id="ids and links"),
        pytest.param({"key": "new-{}", "title": "New title {}"}, id="ids and titles"),
    ],
)
def test_a_move_of_the_whole_feed_is_seen_even_where_all_dates_are_others(moved: dict[str, str]) -> None:
    at = READ_AT - GRACE
    after = [replace(entry, published_at=at, published_raw="then") for entry in many(20, **moved)]
    found = compare(after, past(*many(20)))
    assert (found.new, len(found.updates)) == ((), 20)


@pytest.mark.parametrize("at", [pytest.param(NOW, id="now"), pytest.param(READ_AT - MINUTE, id="late")])
def test_the_same_warnings_of_the_next_day_are_not_taken_for_a_move(at: datetime) -> None:
    before = [replace(entry, published_at=at - DAY, published_raw="yesterday") for entry in many(8)]
    moved = many(8, key="new-{}", url="https://new.example/{}")
    after = [replace(entry, published_at=at, published_raw="today") for entry in moved]
    assert compare(after, past(*before)).new == tuple(after)
    assert compare(after, past(gone=tuple(before))).new == tuple(after)


def test_a_few_entries_that_moved_with_other_dates_are_new() -> None:
    moved = many(MASS - 1, key="new-{}", url="https://new.example/{}")
    after = [replace(entry, published_at=NOW, published_raw="now") for entry in moved]
    assert compare(after, past(*many(MASS - 1))).new == tuple(after)


def test_a_series_under_one_title_and_text_is_not_taken_for_a_move() -> None:
    before = [told(f"b{day}", words="bulletin", at=NOW - day * DAY) for day in range(1, 9)]
    after = [told(f"a{hour}", words="bulletin", at=NOW - hour * timedelta(minutes=1)) for hour in range(8)]
    assert compare(after, past(*before)).new == tuple(after)


def test_a_feed_that_changes_all_its_titles_at_once_is_revised_quietly() -> None:
    before, after = many(10), many(10, title="New title {}")
    found = compare(after, known(*before))
    assert found == Findings(
        updates=tuple(
            Update(stored(was), entry, is_revised=True, is_quiet=True) for was, entry in zip(before, after, strict=True)
        ),
        note="10 of 10 known entries changed at once: taken as an edit, without new alerts",
    )


def test_an_entry_dated_since_the_last_poll_is_no_quiet_revision() -> None:
    before, after = many(10), many(10, title="New title {}")
    after[3] = replace(after[3], published_at=READ_AT - 20 * 60 * MINUTE, published_raw="now")
    loud = [update.entry.key for update in compare(after, known(*before)).updates if not update.is_quiet]
    assert loud == ["3"]


@pytest.mark.parametrize(("changed", "of"), [(MASS - 1, MASS - 1), (MASS, 2 * MASS)])
def test_a_few_revisions_are_news(changed: int, of: int) -> None:
    entries = many(changed, title="New title {}") + many(of)[changed:]
    found = compare(entries, known(*many(of)))
    assert [update.is_quiet for update in found.updates] == [False] * changed
    assert found.note is None


def test_a_document_of_changes_alone_is_no_mass_edit() -> None:
    found = compare(many(10, title="New title {}"), known(*many(10)), is_delta=True)
    assert not any(update.is_quiet for update in found.updates)


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(told("1", url="https://wire.example/2", words="other", at=NOW), id="dated"),
        pytest.param(told("1", url="https://wire.example/2", words="other", at=None), id="undated"),
        pytest.param(told("1", url="", words="other", at=NOW), id="without a link"),
    ],
)
def test_an_id_that_comes_with_another_link_title_and_date_was_given_to_another_article(now: Entry) -> None:
    assert compare([now], known(told("1"))) == Findings(new=(now,), displaced=(stored(told("1")),))


def test_the_link_of_a_front_page_does_not_hold_an_id_to_its_article() -> None:
    before, now = (
        told("1", url="https://wire.example/", words=words, at=at) for words, at in (("a", READ_AT), ("b", NOW))
    )
    assert compare([now], known(before)).new == (now,)


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(told("1", words="other", at=READ_AT - DAY), id="the same link"),
        pytest.param(
            told("1", url="https://wire.example/2", words="x", title="Title 1", at=READ_AT - DAY), id="the same title"
        ),
        pytest.param(told("1", url="https://wire.example/2", words="other"), id="the same date"),
    ],
)
def test_an_entry_that_keeps_one_of_link_title_and_date_is_the_next_revision(now: Entry) -> None:
    assert compare([now], known(told("1"))).updates == (Update(stored(told("1")), now, is_revised=True),)


def test_ids_that_count_places_move_on_to_the_next_article_and_only_the_new_one_is_new() -> None:
    articles = [told(name, at=NOW - age * MINUTE) for age, name in enumerate(("new", "a", "b", "c"))]
    now = [replace(entry, key=str(place)) for place, entry in enumerate(articles[:3])]
    before = [replace(entry, key=str(place)) for place, entry in enumerate(articles[1:])]
    shifted = replace(known(*before), akin=[stored(entry) for entry in before])
    found = compare(now, shifted)
    assert found.new == (now[0],)
    assert found.updates == (
        Update(stored(before[0]), now[1], is_revised=False),
        Update(stored(before[1]), now[2], is_revised=False),
    )
    assert found.displaced == tuple(stored(entry) for entry in before)


def test_changed_words_that_are_dated_a_day_later_are_another_edition() -> None:
    later = [told("1", words="other", title="Title 1", at=NOW - DAY + age) for age in (EDITION, EDITION - MINUTE)]
    assert compare(later[:1], known(told("1"))) == Findings(new=(later[0],), displaced=(stored(told("1")),))
    assert compare(later[1:], known(told("1"))).new == ()


def test_changed_words_of_backlog_that_are_dated_anew_are_news() -> None:
    now = told("1", words="other", title="Title 1", at=READ_AT - 22 * 60 * MINUTE)
    assert compare([now], known(told("1"), backlog=True)).new == (now,)
    assert compare([now], known(told("1"))).new == ()


def test_warnings_that_are_all_issued_anew_under_their_ids_are_all_told() -> None:
    after = [replace(entry, published_at=NOW, published_raw="now") for entry in many(10, title="New title {}")]
    found = compare(after, known(*many(10)))
    assert (found.new, found.note) == (tuple(after), None)


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(told("1", at=OLD), id="as it was"),
        pytest.param(told("1", at=None), id="without its date"),
        pytest.param(told("1", at=NOW), id="with a new date"),
        pytest.param(told("1", key="new", at=NOW), id="with a new id and date"),
        pytest.param(told("1", key="new", url="https://new.example/1", at=OLD), id="with a new id and link"),
        pytest.param(told("1", words="other", at=OLD), id="with new words"),
        pytest.param(told("1", key="new", words="other", at=OLD), id="with a new id and new words"),
    ],
)
def test_what_was_pruned_does_not_come_back(shown: Entry) -> None:
    gone = told("1", at=OLD)
    looks_different = (shown.key, shown.url, shown.content_hash) != (gone.key, gone.url, gone.content_hash)
    over = ((pruned(gone), shown),) if looks_different else ()
    assert compare([shown], past(gone=(gone,))) == Findings(over=over)


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(told("1", words="other", at=NOW), id="an old id with a new text of today"),
        pytest.param(told("1", words="other", at=None), id="an old id with a new text without a date"),
        pytest.param(told("2", words="1", at=NOW), id="the same words of another day"),
        pytest.param(told("2", url="https://wire.example/1", at=NOW), id="an old link with a new text of today"),
    ],
)
def test_what_is_new_is_not_taken_for_what_was_pruned(shown: Entry) -> None:
    assert compare([shown], past(gone=(told("1", at=OLD),))).new == (shown,)


def test_pruned_entries_that_moved_all_at_once_stay_away_even_with_other_dates() -> None:
    moved = many(8, key="new-{}", url="https://new.example/{}")
    after = [replace(entry, published_at=READ_AT - GRACE) for entry in moved]
    assert compare(after, past(gone=tuple(many(8)))).new == ()


def test_a_programme_that_comes_every_day_is_not_taken_for_its_pruned_editions() -> None:
    def edition(day: int) -> list[Entry]:
        return [told(f"{day}-{show}", words=f"show {show}", at=NOW - day * DAY) for show in range(8)]

    assert compare(edition(0), past(gone=(*edition(100), *edition(101)))).new == tuple(edition(0))
    assert compare(edition(0), past(*edition(1), gone=tuple(edition(100)))).new == tuple(edition(0))


def test_entries_that_were_pruned_count_among_the_known_ones_of_which_most_may_change() -> None:
    changed, kept, over = (
        many(MASS, title="New title {}"),
        told("kept"),
        [told(f"over {n}", at=OLD) for n in range(MASS)],
    )
    before = known(*many(MASS), kept)
    found = compare([*changed, kept, *over], replace(before, pruned=[pruned(entry) for entry in over]))
    assert [update.is_quiet for update in found.updates] == [False] * MASS


def test_undated_pruned_entries_that_were_all_edited_at_once_stay_away() -> None:
    after = [replace(entry, published_at=None, published_raw=None) for entry in many(8, words="other {}")]
    found = compare(after, past(gone=tuple(many(8))))
    assert (found.new, found.updates) == ((), ())

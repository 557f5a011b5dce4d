"""A watchlist that changes while Tocsin runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tocsin.config import WatchlistFile, parse_watchlist
from tocsin.errors import Fault
from tocsin.models.watchlist import Watchlist

SIEGE = "feeds: [https://example.org/feed]\nwatches: {siege: {regions: Syria}}\n"
FAMINE = SIEGE.replace("siege", "famine")
FAULTY = SIEGE.replace("regions", "region")


@dataclass(slots=True)
class Regions:
    """Knows every region, and remembers how often it was asked."""

    asked: list[str] = field(default_factory=list)

    def check(self, name: str) -> str | None:
        self.asked.append(name)
        return None


def ids(watchlist: Watchlist | None) -> list[str]:
    return [watch.id for watch in watchlist.watches] if watchlist else []


def replace(path: Path, source: str) -> None:
    """Change the file as editors do: a new one takes its place."""
    beside = path.with_suffix(".new")
    beside.write_text(source)
    beside.replace(path)


def test_the_first_poll_takes_the_watchlist(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(SIEGE)
    file = WatchlistFile(path, Regions().check)

    assert (file.watchlist, file.poll(), ids(file.watchlist), file.faults) == (None, True, ["siege"], ())


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    path, regions = tmp_path / "w.yaml", Regions()
    path.write_text(SIEGE)
    file = WatchlistFile(path, regions.check)

    assert [file.poll() for _ in range(3)] == [True, False, False]
    assert regions.asked == ["Syria"]


def test_a_changed_file_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(SIEGE)
    file = WatchlistFile(path, Regions().check)
    file.poll()

    replace(path, FAMINE)

    assert (file.poll(), ids(file.watchlist)) == (True, ["famine"])


def test_a_file_saved_without_a_change_is_no_new_version(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(SIEGE)
    file = WatchlistFile(path, Regions().check)
    file.poll()

    replace(path, SIEGE)

    assert (file.poll(), ids(file.watchlist)) == (False, ["siege"])


def test_a_faulty_change_keeps_the_last_good_one_until_it_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(SIEGE)
    file = WatchlistFile(path, Regions().check)
    file.poll()

    replace(path, FAULTY)

    assert (file.poll(), ids(file.watchlist)) == (False, ["siege"])
    assert list(file.faults) == [Fault(str(path), 2, 19, "unknown key 'region'; did you mean 'regions'?")]

    replace(path, FAMINE)

    assert (file.poll(), ids(file.watchlist), file.faults) == (True, ["famine"], ())


def test_a_fault_taken_back_is_no_new_version_but_clears_the_faults(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(SIEGE)
    file = WatchlistFile(path, Regions().check)
    file.poll()
    replace(path, FAULTY)
    file.poll()

    replace(path, SIEGE)

    assert (file.poll(), ids(file.watchlist), file.faults) == (False, ["siege"], ())


def test_a_file_gone_for_a_moment_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(SIEGE)
    file = WatchlistFile(path, Regions().check)
    file.poll()

    path.unlink()

    assert (file.poll(), ids(file.watchlist)) == (False, ["siege"])
    assert [fault.message for fault in file.faults] == ["no such file; run `tocsin init`, or set TOCSIN_WATCHLIST"]

    path.write_text(FAMINE)

    assert (file.poll(), ids(file.watchlist), file.faults) == (True, ["famine"], ())


def test_a_file_missing_from_the_start_is_taken_when_it_comes(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    file = WatchlistFile(path, Regions().check)

    assert (file.poll(), file.watchlist, len(file.faults)) == (False, None, 1)

    path.write_text(SIEGE)

    assert (file.poll(), ids(file.watchlist), file.faults) == (True, ["siege"], ())


def test_a_faulty_file_at_the_start_leaves_what_was_good_before(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(FAULTY)
    last_good = parse_watchlist(SIEGE, path, check_region=Regions().check)
    file = WatchlistFile(path, Regions().check, last_good=last_good)

    assert (file.poll(), file.watchlist, len(file.faults)) == (False, last_good, 1)


def test_the_same_file_as_was_good_before_is_no_new_version(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(SIEGE)
    last_good = parse_watchlist(SIEGE, path, check_region=Regions().check)
    file = WatchlistFile(path, Regions().check, last_good=last_good)

    assert (file.poll(), file.watchlist) == (False, last_good)

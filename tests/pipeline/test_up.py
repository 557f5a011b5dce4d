"""The service as its operator runs it: real processes, killed, misconfigured and stopped."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from eventually import eventually
from running_house import PROCESSES, RunningHouse, alive, environment, free_port, running
from tocsin.demo.run import running_demo
from tocsin.errors import PortTakenError, QueueError

ROOT = Path(__file__).parents[2]
UP = (sys.executable, "-m", "tocsin", "up")
START_SECONDS = 60.0
WORKERS = ("classifier", "mailer", "reader", "scheduler", "web")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHouse]:
    with running(tmp_path_factory.mktemp("up"), *UP) as running_house:
        yield running_house


@pytest.fixture
def house(shared: RunningHouse) -> RunningHouse:
    """A house that is up and has read its feeds; a test must leave it so."""
    eventually(shared.ready, seconds=START_SECONDS)
    eventually(shared.all_done, seconds=START_SECONDS)
    eventually(lambda: len(shared.children()) == len(PROCESSES), seconds=START_SECONDS)
    return shared


def letter_in(box: Path) -> Path:
    """Make a Maildir with an unread letter in it."""
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    letter = box / "new" / "1"
    letter.write_bytes(b"From: zoe@example.org\r\nTo: bounces@news.example.org\r\n\r\nWho are you?")
    return letter


def kill(house: RunningHouse, *names: str) -> None:
    """Kill -9 processes and wait until others are in their places."""
    before = house.children()
    for name in names:
        os.kill(before[name], signal.SIGKILL)

    def replaced() -> bool:
        now = house.children()
        return all(now.get(name, before[name]) != before[name] for name in names)

    eventually(replaced, seconds=START_SECONDS)


def test_all_processes_come_up_and_stop_cleanly_within_ten_seconds(tmp_path: Path) -> None:
    letter = letter_in(tmp_path / "box")
    bounces = {"TOCSIN_BOUNCES": "bounces@news.example.org", "TOCSIN_BOUNCE_BOX": f"maildir://{tmp_path / 'box'}"}
    with running(tmp_path / "home", *UP, more=bounces) as house:
        eventually(house.ready, seconds=START_SECONDS)
        eventually(lambda: house.heartbeats().keys() == set(WORKERS), seconds=START_SECONDS)
        eventually(lambda: not letter.exists(), seconds=START_SECONDS)  # read by the scheduler
        children = house.children()
        assert children.keys() == set(PROCESSES.values())
        assert house.stop() == 0
        assert [name for name, pid in children.items() if alive(pid)] == []
        assert house.logged("error") == []
        assert "Traceback" not in house.log()


@pytest.mark.timeout(180)
def test_processes_that_are_killed_come_back_and_do_their_work(house: RunningHouse) -> None:
    before = house.heartbeats()
    kill(house, *WORKERS)
    eventually(
        lambda: all(beat.seen_at > before[name].seen_at for name, beat in house.heartbeats().items()),
        seconds=START_SECONDS,
    )
    eventually(house.ready, seconds=START_SECONDS)


@pytest.mark.timeout(180)
def test_a_killed_redis_comes_back_and_nothing_is_lost(house: RunningHouse) -> None:
    before = house.progress()
    with house.database.write() as connection:
        connection.execute(sa.text("UPDATE articles SET classified_at = NULL, enqueued_at = NULL"))
    kill(house, "redis")
    eventually(house.all_done, seconds=START_SECONDS)
    eventually(house.ready, seconds=START_SECONDS)
    assert house.progress() == before


@pytest.mark.timeout(180)
def test_a_changed_watchlist_is_in_force_everywhere_and_a_faulty_one_nowhere(house: RunningHouse) -> None:
    original = house.watchlist.read_text("utf-8")
    first = {beat.watchlist_version for beat in house.heartbeats().values()}

    def versions() -> set[str]:
        return {house.heartbeats()[name].watchlist_version for name in WORKERS}

    def notes() -> set[str | None]:
        return {house.heartbeats()[name].note for name in WORKERS}

    house.rewrite(original.replace("title: Islamic State", "title: The group of that name"))
    eventually(lambda: len(versions()) == 1 and versions() != first, seconds=10)
    eventually(lambda: "The group of that name" in house.get("/")[1], seconds=10)
    second = versions()

    house.rewrite(original.replace("title: Islamic State", "titel: Islamic State"))
    eventually(lambda: None not in notes(), seconds=10)
    [note] = notes()
    assert "unknown key 'titel'; did you mean 'title'?" in str(note)
    assert versions() == second
    page = eventually(lambda: (found := house.get("/")[1]) * ("The watchlist has 1 fault" in found), seconds=10)
    assert "The group of that name" in page
    assert house.ready()

    house.rewrite(original)
    eventually(lambda: versions() == first and notes() == {None}, seconds=10)
    eventually(lambda: "The watchlist has" not in house.get("/")[1], seconds=10)


@pytest.mark.timeout(180)
def test_the_procfile_starts_everything_and_stops_it_cleanly(tmp_path: Path) -> None:
    honcho = (sys.executable, "-m", "honcho", "-f", str(ROOT / "Procfile"), "start")
    with running(tmp_path / "home", *honcho) as house:
        eventually(house.ready, seconds=START_SECONDS)
        eventually(lambda: house.heartbeats().keys() == set(WORKERS), seconds=START_SECONDS)
        assert house.stop() == 128 + signal.SIGTERM  # honcho's own way to end
        log = house.log()
    assert "SIGKILL" not in log
    ends = dict(re.findall(r"(\w+)\.1 stopped \(rc=(-?\d+)\)", log))
    # Honcho stops all at once, so a worker may lose Redis first, and says so by its own exit code.
    lost = str(QueueError.exit_code)
    assert {name: "0" if name in WORKERS and code == lost else code for name, code in ends.items()} == dict.fromkeys(
        PROCESSES.values(), "0"
    )


@pytest.mark.timeout(180)
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
def test_a_killed_service_leaves_no_process_behind(tmp_path: Path) -> None:
    with running(tmp_path / "home", *UP) as house:
        eventually(house.ready, seconds=START_SECONDS)
        eventually(lambda: house.heartbeats().keys() == set(WORKERS), seconds=START_SECONDS)
        children = house.children()
        assert children.keys() == set(PROCESSES.values())
        house.process.kill()
        house.process.wait()
        eventually(lambda: [name for name, pid in children.items() if alive(pid)] == [], seconds=15)


@pytest.mark.timeout(180)
def test_a_closed_terminal_stops_the_whole_service(tmp_path: Path) -> None:
    with running(tmp_path / "home", *UP) as house:
        eventually(house.ready, seconds=START_SECONDS)
        children = house.children()
        house.process.send_signal(signal.SIGHUP)
        assert house.process.wait(10) == 0
        assert [name for name, pid in children.items() if alive(pid)] == []


@pytest.mark.timeout(180)
def test_a_demo_whose_port_is_taken_meanwhile_begins_anew_at_another(tmp_path: Path) -> None:
    async def address(ports: list[int]) -> str:
        async with running_demo(tmp_path / "demo", ports) as demo:
            return demo.settings.base_url

    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = [taken.getsockname()[1], free_port()]
        assert asyncio.run(address(ports)) == f"http://127.0.0.1:{ports[1]}"


def test_the_demo_takes_the_port_that_is_asked_for_and_no_other(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        variables = environment(tmp_path, taken.getsockname()[1])
        command = [sys.executable, "-m", "tocsin", "demo", "--once", "--home", str(tmp_path / "demo")]
        ran = subprocess.run(command, env=variables, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr.decode().splitlines()[-1]) == (
        PortTakenError.exit_code,
        f"tocsin: port {variables['TOCSIN_WEB_PORT']} is used by another program; set TOCSIN_WEB_PORT to a free one",
    )


def test_the_demo_shows_everything_and_ends(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    variables = environment(tmp_path, free_port())
    command = [sys.executable, "-m", "tocsin", "demo", "--once", "--home", str(home)]
    ran = subprocess.run(command, env=variables, cwd=tmp_path, capture_output=True, text=True, timeout=110, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    told = [line for line in ran.stdout.splitlines() if line]
    assert [line for line in told if "mailed to desk@example.org at once" in line]
    assert "The digest of zoe@example.org, as text" in told
    assert told.index("Where to look") > told.index("The digest of zoe@example.org, as text")
    assert (home / "digest.html").read_text("utf-8").lstrip().lower().startswith("<!doctype html>")
    assert len(list((home / "mail").glob("*.eml"))) > 2
    assert "\x1b" not in ran.stdout

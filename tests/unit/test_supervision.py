from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from eventually import eventually
from tocsin import lifeline
from tocsin.supervision import (
    FIRST_WAIT_SECONDS,
    HOPELESS_SECONDS,
    LONGEST_WAIT_SECONDS,
    STEADY_SECONDS,
    Supervisor,
    is_hopeless,
    next_wait,
    stop_signals,
)

SLEEP = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "


def python(program: str) -> list[str]:
    return [sys.executable, "-S", "-c", program]


def noting(folder: Path, then: str = SLEEP) -> list[str]:
    """A program that leaves a file named by its process id in the folder, and goes on."""
    return python(f"import os, pathlib; pathlib.Path({str(folder)!r}, str(os.getpid())).touch(); {then}")


def started(folder: Path) -> list[int]:
    """The processes that left their note, in the order of their start."""
    notes = sorted(folder.iterdir(), key=lambda note: note.stat().st_mtime_ns)
    return [int(note.name) for note in notes]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_waits_double_up_to_the_longest_and_begin_anew_after_a_steady_life() -> None:
    waits = [0.0]
    for _ in range(8):
        waits.append(next_wait(waits[-1], lived_seconds=1.0))
    assert waits[1:] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, LONGEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS]
    assert next_wait(LONGEST_WAIT_SECONDS, lived_seconds=STEADY_SECONDS) == FIRST_WAIT_SECONDS


def test_a_process_that_ends_is_started_again_after_longer_and_longer_waits(tmp_path: Path) -> None:
    supervisor = Supervisor([("quick", noting(tmp_path, "raise SystemExit(0)"))])
    began = time.monotonic()
    assert supervisor.run(until=lambda: len(started(tmp_path)) >= 3) == 0
    assert time.monotonic() - began >= FIRST_WAIT_SECONDS * 3


def test_a_process_that_was_killed_is_replaced_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    killed: list[int] = []

    def replaced() -> bool:
        if not killed and started(tmp_path / "one") and started(tmp_path / "two"):
            killed.append(started(tmp_path / "one")[0])
            os.kill(killed[0], signal.SIGKILL)
        return len(started(tmp_path / "one")) == 2

    commands = [("one", noting(tmp_path / "one")), ("two", noting(tmp_path / "two"))]
    assert Supervisor(commands).run(until=replaced) == 0
    assert len(started(tmp_path / "two")) == 1


def test_a_process_that_cannot_run_ends_the_whole_and_stops_the_others(tmp_path: Path) -> None:
    supervisor = Supervisor([("well", noting(tmp_path)), ("hopeless", python("raise SystemExit(2)"))])
    assert supervisor.run() == 2
    assert [pid for pid in started(tmp_path) if alive(pid)] == []


def test_exit_code_2_is_hopeless_only_as_soon_as_a_process_is_first_started() -> None:
    assert is_hopeless(2, starts=1, lived_seconds=HOPELESS_SECONDS - 1)
    assert not is_hopeless(2, starts=1, lived_seconds=HOPELESS_SECONDS)
    assert not is_hopeless(2, starts=2, lived_seconds=1)
    assert not is_hopeless(1, starts=1, lived_seconds=1)


def test_a_process_that_ran_before_is_started_again_whatever_it_ends_with(tmp_path: Path) -> None:
    (tmp_path / "lives").mkdir()
    # Its first life ends with 1, the others with 2, as when a name does not resolve for a while.
    flaky = f"raise SystemExit(min(len(os.listdir({str(tmp_path / 'lives')!r})), 2))"
    supervisor = Supervisor([("flaky", noting(tmp_path / "lives", flaky))])
    assert supervisor.run(until=lambda: len(started(tmp_path / "lives")) == 3) == 0


def test_the_code_that_a_process_last_ended_with_is_known(tmp_path: Path) -> None:
    supervisor = Supervisor([("well", noting(tmp_path)), ("taken", python("raise SystemExit(6)"))])
    told: list[int | None] = []

    def ended() -> bool:
        told[:] = [supervisor.exit_code("well"), supervisor.exit_code("taken")]
        return told[1] is not None

    assert supervisor.run(until=ended) == 0
    assert told == [None, 6]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
def test_a_supervisor_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    commands = [("one", noting(notes)), ("two", noting(notes))]
    program = f"from tocsin.supervision import Supervisor; Supervisor({commands!r}).run()"
    with subprocess.Popen([sys.executable, "-c", program]) as supervisor:
        eventually(lambda: len(started(notes)) == 2)
        supervisor.kill()
    eventually(lambda: not [pid for pid in started(notes) if alive(pid)], seconds=10)


def test_a_process_whose_parent_died_before_it_ran_does_not_begin(tmp_path: Path) -> None:
    command = [sys.executable, lifeline.__file__, "1", *noting(tmp_path)]
    assert subprocess.run(command, check=False, timeout=10).returncode == 0
    assert started(tmp_path) == []


def test_a_closed_terminal_stops_nothing_that_was_told_to_outlive_it() -> None:
    usual = stop_signals()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as `nohup` does
    try:
        assert (usual, stop_signals()) == (
            (signal.SIGTERM, signal.SIGINT, signal.SIGHUP),
            (signal.SIGTERM, signal.SIGINT),
        )
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_all_in_good_order(number: signal.Signals, tmp_path: Path) -> None:
    told: list[int] = []

    def tell() -> bool:
        if not told and len(started(tmp_path)) == 2:
            told.append(number)
            signal.raise_signal(number)
        return False

    before = signal.getsignal(number)
    assert Supervisor([("one", noting(tmp_path)), ("two", noting(tmp_path))]).run(until=tell) == 0
    assert [pid for pid in started(tmp_path) if alive(pid)] == []
    assert signal.getsignal(number) is before


def test_a_process_that_does_not_listen_is_killed_in_the_end(tmp_path: Path) -> None:
    deaf = python(f"{DEAF} import pathlib; pathlib.Path({str(tmp_path / 'deaf')!r}).touch(); time.sleep(60)")
    began: list[float] = []

    def deafened() -> bool:
        began[:] = [time.monotonic()]
        return (tmp_path / "deaf").exists()

    supervisor = Supervisor([("deaf", deaf), ("well", noting(tmp_path))], stop_seconds=0.3)
    assert supervisor.run(until=deafened) == 0
    assert 0.3 <= time.monotonic() - began[0] < 5


def test_the_first_process_is_stopped_when_the_others_have_ended(tmp_path: Path) -> None:
    def parting(name: str, seconds: float) -> list[str]:
        """A program that takes its time to end, and leaves a note when it does."""
        return python(
            "import pathlib, signal, sys, time\n"
            f"folder = pathlib.Path({str(tmp_path)!r})\n"
            f"def end(*_): time.sleep({seconds}); (folder / 'ended {name}').touch(); sys.exit()\n"
            "signal.signal(signal.SIGTERM, end)\n"
            f"(folder / 'runs {name}').touch()\n"
            "time.sleep(60)\n"
        )

    supervisor = Supervisor([("redis", parting("redis", 0)), ("worker", parting("worker", 0.3))])
    assert supervisor.run(until=lambda: len(list(tmp_path.iterdir())) == 2) == 0
    ended = {name: (tmp_path / f"ended {name}").stat().st_mtime_ns for name in ("redis", "worker")}
    assert ended["worker"] < ended["redis"]


def test_ctrl_c_at_the_terminal_reaches_the_supervisor_alone(tmp_path: Path) -> None:
    supervisor = Supervisor([("one", noting(tmp_path))])
    supervisor.start()
    try:
        eventually(lambda: started(tmp_path))
        assert os.getsid(started(tmp_path)[0]) != os.getsid(0)
    finally:
        supervisor.stop()


def test_processes_get_the_environment_and_the_output_they_are_given(tmp_path: Path) -> None:
    talk = python("import os; print(sorted(os.environ)[0], flush=True); raise SystemExit(2)")
    with (tmp_path / "log").open("wb") as log:
        assert Supervisor([("talker", talk)], environment={"AAA": "1"}, output=log).run() == 2
    assert (tmp_path / "log").read_text() == "AAA\n"


def test_a_program_that_is_not_there_stops_what_was_started(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        commands = [("well", python(SLEEP)), ("absent", [str(tmp_path / "absent")])]
        assert Supervisor(commands, output=log).run() == 2
    told = (tmp_path / "log").read_text()
    assert told == f"tocsin: cannot start {tmp_path / 'absent'} (No such file or directory); install Tocsin anew\n"

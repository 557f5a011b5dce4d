from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from eventually import eventually
from tocsin.supervision import FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, STEADY_SECONDS, Supervisor, next_wait

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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
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
    supervisor = Supervisor([("well", noting(tmp_path)), ("absent", [str(tmp_path / "absent")])])
    with pytest.raises(FileNotFoundError):
        supervisor.run()
    assert [pid for pid in started(tmp_path) if alive(pid)] == []

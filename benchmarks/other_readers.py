"""Other feed readers as baselines for benchmarks: each refreshes the same feeds as a whole process.

``reader`` and the usual script run in a virtual environment of their own, made at the first use (`reader` pins what we
do not); newsboat, rss2email and sfeed are taken from the system, and left out where they are not installed.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = ("reader", "sgmllib3k", "requests", "feedparser")

_READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
if sys.argv[2] == "add":
    for url in sys.stdin.read().split():
        reader.add_feed(url)
else:
    list(reader.update_feeds_iter(scheduled=sys.argv[2] == "scheduled", workers=10))
"""


@dataclass(frozen=True, slots=True)
class Other:
    """A reader that was told which feeds to follow.

    ``refresh`` is the command that asks for all of them, ``stdin`` what it reads; ``when_due`` the one that leaves it
    to the reader which are due, where it can.
    """

    name: str
    refresh: Sequence[str]
    stdin: str = ""
    feeds: int = 0
    when_due: Sequence[str] = ()

    def cpu_seconds(self) -> float:
        """Refresh once and give the CPU time of all its processes, start included."""
        before = _children()
        self._run(self.refresh)
        return _children() - before

    def run_when_due(self, prefix: Sequence[str]) -> None:
        """Run it as its users do, by a timer; ``prefix`` stands before the command."""
        self._run([*prefix, *(self.when_due or self.refresh)])

    def _run(self, command: Sequence[str]) -> None:
        subprocess.run(
            command, input=self.stdin, text=True, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def others(folder: Path, urls: Sequence[str], environment: Path, *, slow_ones: int = 1_000_000) -> list[Other]:
    """Set up every reader that there is, each in a folder of its own; ``environment`` is kept between runs.

    rss2email, which asks for one feed after the other, gets the first ``slow_ones`` only.
    """
    python = _python(environment)
    makers: list[Callable[[Path, Sequence[str]], Other | None]] = [
        lambda place, feeds: _script(python, place, feeds),
        lambda place, feeds: _reader(python, place, feeds),
        _newsboat,
        lambda place, feeds: _rss2email(place, feeds[:slow_ones]),
        _sfeed,
    ]
    found = []
    for number, make in enumerate(makers):
        place = folder / f"other-{number}"
        place.mkdir()
        other = make(place, urls)
        if other is not None:
            found.append(other)
    return found


def _python(environment: Path) -> str:
    python = environment / "bin" / "python"
    if not python.exists():
        venv.create(environment, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return str(python)


def _script(python: str, place: Path, urls: Sequence[str]) -> Other:
    command = [python, str(HERE / "usual_script.py"), str(place / "db.sqlite3")]
    return Other("requests + feedparser", command, "\n".join(urls), len(urls))


def _reader(python: str, place: Path, urls: Sequence[str]) -> Other:
    command = [python, "-c", _READER, str(place / "db.sqlite3")]
    subprocess.run([*command, "add"], input="\n".join(urls), text=True, check=True)
    return Other("reader", [*command, "update"], "", len(urls), [*command, "scheduled"])


def _newsboat(place: Path, urls: Sequence[str]) -> Other | None:
    program = shutil.which("newsboat")
    if program is None:
        _leave_out("newsboat")
        return None
    (place / "urls").write_text("\n".join(urls) + "\n")
    (place / "config").write_text("reload-threads 4\n")
    files = [f"-C{place / 'config'}", f"-u{place / 'urls'}", f"-c{place / 'cache.db'}"]
    return Other("newsboat", [program, *files, "-x", "reload"], "", len(urls))


def _rss2email(place: Path, urls: Sequence[str]) -> Other | None:
    program = shutil.which("r2e")
    if program is None:
        _leave_out("rss2email")
        return None
    outlines = "".join(f'<outline type="rss" text="f{number}" xmlUrl="{url}"/>' for number, url in enumerate(urls))
    (place / "feeds.opml").write_text(f'<?xml version="1.0"?><opml version="2.0"><body>{outlines}</body></opml>')
    command = [program, "-c", str(place / "cfg"), "-d", str(place / "data.json")]
    for order in (["new", "nobody@example.org"], ["opmlimport", str(place / "feeds.opml")]):
        subprocess.run([*command, *order], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return Other("rss2email", [*command, "run", "--no-send"], "", len(urls))


def _sfeed(place: Path, urls: Sequence[str]) -> Other | None:
    program = shutil.which("sfeed_update")
    if program is None:
        _leave_out("sfeed")
        return None
    feeds = "\n".join(f'feed "f{number}" "{url}"' for number, url in enumerate(urls))
    (place / "sfeedrc").write_text(f'sfeedpath="{place}/feeds"\nfeeds() {{\n{feeds}\n}}\n')
    return Other("sfeed", [program, str(place / "sfeedrc")], "", len(urls))


def _leave_out(name: str) -> None:
    print(f"{name}: not installed, so left out; apt-get install {name}", file=sys.stderr)

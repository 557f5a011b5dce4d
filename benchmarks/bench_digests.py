"""Claim: 10,000 digests of 15 stories leave within 10 minutes on two cores, by one mailer of at most 300 MB, and a
mailer that is killed 30 times meanwhile loses none and sends none twice but for those between the server's yes and our
commit.

    python benchmarks/bench_digests.py [--subscribers 200] [--kills 3]

Made-up news that real watches match; readers of some 100 domains, of which one has two in five; the real mailer as a
process, a real Valkey, SQLite, and a mail server on loopback in a process of its own. The rate a domain is off, since
it would hold the run back on purpose. First all is sent without a kill, then, to as many other readers, with kills,
half of them while another process holds the database, so that mailers die between the yes and the commit. What
composing, sending and committing cost apart is measured in this process on a part of the digests. The baseline sends
the same number of mails, composed before, over one connection by smtplib alone.
"""

from __future__ import annotations

import argparse
import smtplib
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from digest_house import DOMAINS
from mailing_house import Accounts, MailingHouse
from tocsin.delivery import Mail

APART = 200
"""So many digests are taken apart."""


@dataclass(slots=True)
class Stage:
    """CPU and wall seconds of a part of the work."""

    cpu: float = 0.0
    wall: float = 0.0

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Add what the block takes."""
        cpu, wall = time.thread_time(), time.perf_counter()
        try:
            yield
        finally:
            self.cpu += time.thread_time() - cpu
            self.wall += time.perf_counter() - wall


def apart(house: MailingHouse, number: int) -> list[Mail]:
    """Deliver digests by one thread of this process, and print what each part of it takes; gives the mails."""
    stages = {name: Stage() for name in ("compose", "send", "commit")}
    mails = house.deliver_apart(number, *(stage.timed for stage in stages.values()))
    for name, stage in stages.items():
        print(f"  {name:8} {stage.cpu / number * 1000:6.1f} ms CPU {stage.wall / number * 1000:6.1f} ms in all, each")
    return mails


def baseline(port: int, mails: list[Mail], number: int) -> None:
    """Send as many mails, ready as bytes, over one connection."""
    started = time.perf_counter(), time.process_time()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for turn in range(number):
            mail = mails[turn % len(mails)]
            server.sendmail(mail.sender, [mail.recipient], mail.content)
    print(f"baseline: {number} ready mails over one connection: {_took(*started)}")


def measured(house: MailingHouse, number: int, kills: int) -> Accounts:
    """Send so many digests by a mailer that is killed so often; print how it went."""
    ids = house.filling.close_windows(number)
    started = time.perf_counter()
    house.send(ids, kills=kills)
    seconds = time.perf_counter() - started
    accounts = house.accounts(ids)
    cpu, memory = house.used
    print(
        f"{number} digests, {kills} kills: {seconds:.1f} s ({number / seconds:.0f} a second); mailer: {cpu:.1f} s CPU, "
        f"at most {memory} MB; {accounts.connections} connections; {accounts.kilobytes / number:.0f} kB a mail"
    )
    print(f"  {accounts}")
    return accounts


def main() -> None:
    """Send, kill, and say how it went."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subscribers", type=int, default=200)
    parser.add_argument("--kills", type=int, default=3)
    arguments = parser.parse_args()
    number, kills = arguments.subscribers, arguments.kills
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder, MailingHouse(Path(folder)) as house:
        print(f"readers of up to {DOMAINS} domains; no rate a domain")
        mails = apart(house, min(APART, number))
        baseline(house.sink.port, mails, number)
        accounts = [measured(house, number, turn) for turn in sorted({0, kills})]
    if any(not one.is_kept for one in accounts):
        raise SystemExit("the promise is broken")


def _took(wall: float, cpu: float) -> str:
    return f"{time.perf_counter() - wall:.1f} s, {time.process_time() - cpu:.1f} s CPU"


if __name__ == "__main__":
    main()

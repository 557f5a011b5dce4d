"""Claim: workers killed in the middle of their work, and an emptied Redis, lose nothing and send hardly anything twice.

1,000 articles are classified and 200 messages delivered by real processes through a real Valkey to a real mail server;
the classifier and the mailer are killed -9 ten times each while they work, and Redis is emptied twice. Lost: messages
in the ledger that the mail server never accepted, or articles never classified; target 0. Twice: messages accepted more
than once, always with the same Message-ID; target at most one a kill of the mailer. Leases and jobs are made old at
once instead of waited for; what waiting costs is printed by --wait, which takes many minutes::

    python benchmarks/bench_kills.py [--wait]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from chaos_house import ChaosHouse
from tocsin.queueing import CLASSIFY, DELIVER

ARTICLES, MATCHING, KILLS = 1_000, 200, 10


def main() -> None:
    """Kill and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--wait", action="store_true", help="wait for leases and jobs to run out")
    time_passes = not parser.parse_args().wait
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder, ChaosHouse(Path(folder)) as house:
        house.publish(ARTICLES, matching=MATCHING)
        house.start(CLASSIFY)
        for _ in range(KILLS):
            house.kill(CLASSIFY, time_passes=time_passes)
        house.flush_redis()
        house.start(DELIVER)
        for _ in range(KILLS):
            house.kill(DELIVER, time_passes=time_passes)
        house.flush_redis()
        house.work_off(time_passes=time_passes)
        audit = house.audit()
        kills = dict(house.kills)
    print(f"{time.monotonic() - started:.0f} s; kills: {kills}; Redis emptied twice")
    print(audit)
    print(f"lost: {audit.lost + audit.unclassified} (target 0)")
    print(f"sent twice, same Message-ID: {audit.duplicates} (target at most {kills[DELIVER]})")
    if audit.lost or audit.unclassified or audit.messages != MATCHING or audit.duplicates > kills[DELIVER]:
        raise SystemExit("the promise is broken")


if __name__ == "__main__":
    main()

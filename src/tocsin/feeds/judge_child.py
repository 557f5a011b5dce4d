"""The child's side of the judge: ``python -m tocsin.feeds.judge_child SECONDS MEMORY``, documents in, records out.

A message is its length and its pickle. The child ends with its input, at SECONDS of CPU time over one document, and
where MEMORY bytes of address space do not suffice.
"""

from __future__ import annotations

import pickle
import resource
import sys

from tocsin.feeds import judge
from tocsin.feeds.judge_process import HEADER, read_frame
from tocsin.feeds.parse import judged


def main() -> None:
    """Read documents until there are no more."""
    seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _send(judge.__name__.encode())
    while (request := read_frame(sys.stdin.buffer)) is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        _send(pickle.dumps(judged(pickle.loads(request))))  # noqa: S301 - our own parent's


def _send(message: bytes) -> None:
    sys.stdout.buffer.write(HEADER.pack(len(message)) + message)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()

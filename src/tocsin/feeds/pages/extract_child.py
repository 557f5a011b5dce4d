"""The program that reads pages for `extractor`: page after page from its standard input, text to its standard output.

It lets the system cap what it may take, and ends with its input; whoever started it starts it anew when it dies.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
from typing import BinaryIO, Final

CPU_SECONDS: Final = 10
LENGTH: Final = 4
"""Bytes of the length, in network order, that stands before each part of a message."""


def main() -> None:
    """Answer each page, a JSON object with content_type and title followed by its bytes, with its text.

    The argument is the memory that the program may take, in bytes.
    """
    memory = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    from tocsin.feeds.pages.extract import page_text  # not above: whoever starts this program reads this file, too

    logging.disable()  # what a page does to a parser is told by its outcome
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while (about := _part(requests)) is not None and (body := _part(requests)) is not None:
        _cap_cpu()
        text = page_text(body, **json.loads(about)).encode("utf-8", "replace")
        answers.write(len(text).to_bytes(LENGTH) + text)
        answers.flush()


def _part(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH)
    if len(head) < LENGTH:
        return None
    return stream.read(int.from_bytes(head))


def _cap_cpu() -> None:
    """Let the next page take no more CPU than its share: the system's signal at the soft limit ends the program."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS, hard))


if __name__ == "__main__":
    main()

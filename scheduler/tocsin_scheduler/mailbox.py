"""Reading the mailbox that bounces come back to, beside the other ticks: a mail server that hangs holds up none."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import structlog

from tocsin.delivery.bounce_box import BounceBox
from tocsin.delivery.returned_mail import take_report
from tocsin.delivery.verp import Verp
from tocsin.errors import TocsinError
from tocsin.models.mail_reports import MailReport, Unused
from tocsin.store.database import Database

EVERY = timedelta(minutes=1)

_log = structlog.get_logger(__name__)


class Mailbox:
    """Takes what came back; ``open_box`` opens the box, and is asked anew each time."""

    def __init__(
        self, database: Database, verp: Verp, open_box: Callable[[], AbstractContextManager[BounceBox]]
    ) -> None:
        self._database = database
        self._verp = verp
        self._open_box = open_box
        self._reading: threading.Thread | None = None

    def read(self) -> Counter[str]:
        """Take all unread mails, each in a transaction of its own, and mark each when it is committed.

        Gives their number by what they are. What was not marked is read again by the next tick, and what was carried
        out before changes nothing then.

        Raises:
            MailSetupError: The box cannot be used.
            StoreError: The database failed.

        """
        taken: Counter[str] = Counter()
        with self._open_box() as box:
            for name, content in box.unread():
                report = take_report(self._database, content, self._verp)
                box.mark_read(name, star=isinstance(report, Unused) and report.is_unclear)
                taken[_kind(report)] += 1
        return taken

    async def tick(self) -> None:
        """Read in a thread of its own, unless the last reading has not ended yet.

        A daemon: the process does not wait for a server that hangs when it is told to end.
        """
        if self._reading is None or not self._reading.is_alive():
            self._reading = threading.Thread(target=self._read_and_tell, name="mailbox", daemon=True)
            self._reading.start()

    def _read_and_tell(self) -> None:
        try:
            taken = self.read()
        except TocsinError as error:
            _log.error("mailbox cannot be read", reason=str(error))
        else:
            if taken:
                _log.info("mailbox read", **taken)


def _kind(report: MailReport) -> str:
    return "forged" if isinstance(report, Unused) and report.is_forged else type(report).__name__.lower()

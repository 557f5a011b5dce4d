"""Taking a mail that came back: read, carried out, told in the log; by whichever way it reached us."""

from __future__ import annotations

import structlog

from tocsin.delivery.bounces import read_report
from tocsin.delivery.verp import Verp
from tocsin.models.mail_reports import MailReport, Unused
from tocsin.store.bounces import apply_report
from tocsin.store.database import Database, database_now

_log = structlog.get_logger(__name__)


def take_report(database: Database, content: bytes, verp: Verp) -> MailReport:
    """Read a mail and do what it asks for, in one transaction; gives what it says.

    Raises:
        StoreError: The database failed, and nothing was done; the mail is to be taken again.

    """
    report = read_report(content, verp)
    if isinstance(report, Unused):
        told = _log.warning if report.is_forged else _log.info
        told("mail that came back is not used", reason=report.reason)
        return report
    with database.write() as connection:
        done = apply_report(connection, report, database_now(connection))
    kind = type(report).__name__.lower()
    if done is None:
        _log.info("mail that came back changes nothing", report=kind)
    else:
        _log.warning("mail came back", report=kind, about=done.about, result=done.words)
    return report

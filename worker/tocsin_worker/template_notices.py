"""Tells the operator, once, that a template of the operator's own fails, and that it is over."""

from __future__ import annotations

import threading
from pathlib import Path

import structlog

from tocsin.errors import StoreError
from tocsin.models.alerts import NoticeKind
from tocsin.rendering.template_faults import TemplateFault, fingerprint
from tocsin.store.database import Database, database_now
from tocsin.store.notices import close_notice, open_notice

REMEDY = "put it right, or take the file out of the folder; tocsin doctor finds most such faults beforehand"

_State = tuple[tuple[str, int], ...]

_log = structlog.get_logger(__name__)


def template_key(kind: str) -> str:
    """Give the key of notices about the templates of a kind of mail.

    >>> template_key("digest")
    'template:digest'
    """
    return f"template:{kind}"


class TemplateNotices:
    """Is told of each mail made with the templates in ``folder``; mailers have several threads.

    A mail that succeeds ends a notice only when the templates were changed since, as another mail would fail again.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._failed: dict[str, _State] = {}
        self._well: dict[str, _State] = {}
        self._lock = threading.Lock()

    def __call__(self, kind: str, fault: TemplateFault | None) -> None:
        """Note how a mail of a kind went."""
        state = fingerprint(self._folder)
        with self._lock:
            if self._failed.get(kind) == state or (fault is None and self._well.get(kind) == state):
                return
            try:
                self._note(kind, fault)
            except StoreError as error:
                _log.error("cannot tell of a template; the next mail tries again", reason=str(error))
                return
            (self._well if fault is None else self._failed)[kind] = state

    def _note(self, kind: str, fault: TemplateFault | None) -> None:
        with self._database.write() as connection:
            now = database_now(connection)
            if fault is None:
                close_notice(connection, template_key(kind), now)
                return
            text = (
                f"The template {fault.words}. "
                f"Mails of the kind {kind} are made with the templates that come with Tocsin; {REMEDY}."
            )
            open_notice(connection, template_key(kind), NoticeKind.TEMPLATE_FAILS, text, now)
        _log.error("a template fails; mails are made without it", kind=kind, template=fault.words, remedy=REMEDY)
